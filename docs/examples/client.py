#!/usr/bin/env python3
"""Add a camera to PyNVR, report an incident, receive the clip. Needs `pip install requests`.

    client.py http://nvr:8080 gate rtsp://user:password@192.0.2.7/1 --listen 192.0.2.20:9000

The token of an admin (`pynvr token create client --role admin`) is read from the environment: PYNVR_TOKEN.
"""

import argparse
import email.parser
import email.policy
import hmac
import json
import os
import pathlib
import secrets
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

# PyNVR sends it with each clip, so that nobody else can leave files here.
POST_TOKEN = os.environ.get("POST_TOKEN") or secrets.token_urlsafe(24)


class PyNVR:
    """The calls that this client makes."""

    def __init__(self, address, token):
        self.address = address.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, document=None, **headers):
        answer = self.session.request(method, self.address + path, json=document, headers=headers, timeout=30)
        if not answer.ok:
            error = answer.json()["error"]
            raise SystemExit(f"{method} {path}: {answer.status_code} {error['message']}")
        return answer.json()

    def add_camera(self, camera_id, url, post_url):
        """Add it, or let clips of the one that is there go to `post_url`."""
        delivery = {"post_url": post_url, "post_token": POST_TOKEN}
        known = self.session.get(f"{self.address}/api/cameras/{camera_id}", timeout=30)
        if known.status_code == 404:
            return self.call("POST", "/api/cameras", {"id": camera_id, "rtsp_url": url, **delivery})
        return self.call("PATCH", f"/api/cameras/{camera_id}", delivery)

    def wait_for_recording(self, camera_id):
        while (status := self.call("GET", f"/api/cameras/{camera_id}")["status"]) != "recording":
            print(f"{camera_id}: {status}")
            time.sleep(1)

    def report(self, camera_id, moment, **more):
        """Report it once: whoever asks again with the same key gets the incident that there is."""
        incident = {"camera_id": camera_id, "incident_time": moment, **more}
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        for attempt in range(5):
            try:
                return self.call("POST", "/api/incidents", incident, **headers)
            except requests.ConnectionError:
                time.sleep(2**attempt)
        raise SystemExit("PyNVR can't be reached")

    def wait_for_delivery(self, incident_id):
        """PyNVR goes on by itself if nobody waits; this only tells how it stands."""
        shown = ""
        while True:
            incident = self.call("GET", f"/api/incidents/{incident_id}")
            status = incident["upload_status"]
            words = f"incident {incident_id}: {status} {incident['last_error']}".rstrip()
            if words != shown:
                print(words)
            shown = words
            if status in ("uploaded", "failed"):
                return incident
            time.sleep(0.5)


class Receiver(ThreadingHTTPServer):
    """Takes clips. A real one should limit their size, and write to disk while it reads."""

    def __init__(self, place, folder):
        host, _, port = place.rpartition(":")
        super().__init__((host, int(port)), Handler)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), POST_TOKEN.encode()):
            return self.answer(401)
        fields, clip = form_of(self.headers["Content-Type"], body)
        # Only a clip that is safely on disk may be answered with 2xx, for PyNVR deletes its own then. One that comes
        # again (our answer was lost) has the same key, so it becomes the same file.
        name = fields["camera_id"] + "." + "".join(letter for letter in fields["key"] if letter.isalnum())
        part, whole = self.server.folder / f"{name}.part", self.server.folder / f"{name}.mp4"
        with part.open("wb") as file:
            file.write(clip)
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
        whole.with_suffix(".json").write_text(json.dumps(fields, indent=2))
        print(f"received {whole}, {len(clip)} bytes, of {fields['iso_time']}, missing: {fields['missing']}")
        return self.answer(201)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def form_of(content_type, body):
    """Fields and file of multipart/form-data."""
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    parts = {part.get_param("name", header="Content-Disposition"): part for part in message.iter_parts()}
    clip = parts.pop("file").get_payload(decode=True)
    return {name: part.get_payload(decode=True).decode() for name, part in parts.items()}, clip


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("pynvr", help="address of its web site")
    words.add_argument("camera", help="id")
    words.add_argument("url", help="of its stream")
    words.add_argument("--listen", default="127.0.0.1:9000", help="where clips are taken, as PyNVR reaches it")
    words.add_argument("--folder", default="clips", help="for the clips")
    words.add_argument("--pre", type=float, default=5, help="seconds before the incident")
    words.add_argument("--post", type=float, default=5, help="seconds after it")
    given = words.parse_args()

    receiver = Receiver(given.listen, given.folder)
    pynvr = PyNVR(given.pynvr, os.environ["PYNVR_TOKEN"])
    pynvr.add_camera(given.camera, given.url, f"http://{given.listen}/clips")
    pynvr.wait_for_recording(given.camera)
    incident = pynvr.report(
        given.camera, time.time(), pre_seconds=given.pre, post_seconds=given.post, note="from the example"
    )
    incident = pynvr.wait_for_delivery(incident["id"])
    receiver.shutdown()
    return 0 if incident["upload_status"] == "uploaded" else 1


if __name__ == "__main__":
    sys.exit(main())
