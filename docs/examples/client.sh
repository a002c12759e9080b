#!/bin/sh
# Add a camera to PyNVR, report an incident, fetch the clip: with curl alone (and sed, to read JSON).
#
#     PYNVR_TOKEN=… client.sh http://nvr:8080 gate rtsp://user:password@192.0.2.7/1 clip.mp4
#
# The camera gets no post_url, so PyNVR keeps the clip until it is fetched.
set -eu
pynvr=$1 camera=$2 url=$3 clip=$4

# The token goes in by a file descriptor: words of a command are seen by everybody on the machine.
call() {
    method=$1 path=$2
    shift 2
    curl --silent --show-error --fail --max-time 30 --config - --request "$method" "$pynvr$path" "$@" <<END
header = "Authorization: Bearer $PYNVR_TOKEN"
END
}

field() { # of a flat JSON document
    sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

call POST /api/cameras --json "{\"id\": \"$camera\", \"rtsp_url\": \"$url\"}" > /dev/null ||
    echo "$camera wasn't added; perhaps it is there already" >&2

until [ "$(call GET "/api/cameras/$camera" | field status)" = recording ]; do sleep 1; done

# A key of our own: if the answer is lost, the same call may be made again and gives the same incident.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
incident=$(call POST /api/incidents --header "Idempotency-Key: $key" --retry 5 \
    --json "{\"camera_id\": \"$camera\", \"incident_time\": $(date +%s), \"pre_seconds\": 2, \"post_seconds\": 2}" | field id)

while :; do
    answer=$(call GET "/api/incidents/$incident")
    status=$(echo "$answer" | field upload_status)
    echo "incident $incident: $status $(echo "$answer" | field last_error)"
    case $status in
    pending) sleep 1 ;;
    failed) exit 1 ;;
    *) break ;;
    esac
done
call GET "/api/incidents/$incident/clip.mp4" --output "$clip"
