"""Live view as a program has it: simulated cameras, the whole of PyNVR, a WebSocket client that nobody here wrote."""

import http.client
import io
import json
import socket
import time
from contextlib import ExitStack
from itertools import islice, pairwise

import av
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pynvr.simulator.clip import VIDEO_CLOCK
from pynvr.simulator.faults import Refuse, Reset
from tests.waiting import wait_until
from tests.web.live.watching import FPS, MANY, is_init, pictures, texts, watch

pytestmark = pytest.mark.timeout(600)


def sent(simulator, name):
    """Digests of what the camera's present client was sent."""
    return [unit.core_sha256 for unit in simulator.sent(name)[-1].track("video")]


def follow(a, b):
    """Whether nothing is missing between the two: cameras' times come rounded to some ticks."""
    return abs(a.time + a.duration - b.time) <= 10


def test_the_first_picture_is_the_newest_keyframe(simulator, program, cookie):
    # A busy machine may be late with it now and then.
    wait_until(lambda: first_is_new(simulator, program, cookie), what="a first picture of the last three seconds")


def first_is_new(simulator, program, cookie):
    before = len(sent(simulator, "gate"))
    with watch(program.port, "/ws/stream/?camera=gate", cookie) as viewer:
        stream = json.loads(viewer.recv(MANY))
        init = viewer.recv(MANY)
        first = next(pictures(viewer))
    assert stream["type"] == "stream" and 'codecs="avc1.' in stream["mime"] and "mp4a.40.2" in stream["mime"]
    assert (stream["width"], stream["height"]) == (480, 270)
    assert isinstance(init, bytes) and is_init(init)
    assert first.is_key
    units = simulator.sent("gate")[-1].track("video")
    (found,) = [unit.number for unit in units if unit.core_sha256 == first.digest()]
    assert units[found].is_key
    return found > before - 3 * FPS


def test_every_frame_comes_as_sent_over_the_borders_of_chunks(simulator, program, cookie):
    chunks: set[str] = set()
    with watch(program.port, "/ws/stream/?camera=gate&sound=0", cookie) as viewer:
        got = []
        for frame in pictures(viewer):
            got.append(frame)
            if len(got) % FPS == 0:
                chunks.update(path.name for path in program.chunks("gate"))
            if len(chunks) >= 3 and len(got) > 11 * FPS:
                break
    digests = [frame.digest() for frame in got]
    units = simulator.sent("gate")[-1].track("video")
    (begin,) = [unit.number for unit in units if unit.core_sha256 == digests[0]]
    own = units[begin : begin + len(digests)]
    assert [unit.core_sha256 for unit in own] == digests
    # How much longer than in the camera, which leaves out pictures on a busy machine.
    steps, own_steps = (
        [b - a for a, b in pairwise(times)] for times in ([f.time for f in got], [u.media_time for u in own])
    )
    longer = [step - own_step for step, own_step in zip(steps, own_steps, strict=True)]
    # libav moves the pictures beside the sound once, when the camera first tells how its two clocks stand; and before
    # that the first frame of a connection has a guessed length.
    odd = [ticks for ticks in longer if abs(ticks) > 100]
    assert len(odd) <= 2 and all(abs(ticks) < VIDEO_CLOCK / 4 for ticks in odd), odd
    assert all(step > 0 for step in steps)


def test_what_is_received_is_one_file_that_others_read(program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate", cookie) as viewer:
        received = io.BytesIO()
        count = 0
        while count < 80:
            message = viewer.recv(MANY)
            if isinstance(message, bytes):
                received.write(message)
                count += 1
    received.seek(0)
    with av.open(received, "r") as container:
        kinds = {stream.type for stream in container.streams}
        decoded = len(list(container.decode(video=0)))
    assert kinds == {"video", "audio"}
    assert decoded > 20


def test_a_slow_client_jumps_to_a_keyframe(simulator, program, cookie):
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.connect(("127.0.0.1", program.port))
    with (
        watch(program.port, "/ws/stream/?camera=busy", cookie, sock=narrow, max_queue=4) as slow,
        watch(program.port, "/ws/stream/?camera=busy", cookie) as quick,
    ):
        first = next(pictures(slow))
        kept = list(islice(pictures(quick), 8 * FPS))
        read = pictures(slow)
        got = [first]
        frames_late = None
        while frames_late is None:
            frame = next(read)
            if len(got) > 1 and not follow(got[-1], frame):
                frames_late = round((frame.time - got[-1].time - got[-1].duration) / got[-1].duration)
                assert frame.is_key
            got.append(frame)
        # From there on it keeps up: the next ones follow each other, sooner or later on a busy machine.
        together = 1
        while together < FPS:
            frame = next(read)
            together = together + 1 if follow(got[-1], frame) else 1
            assert together > 1 or frame.is_key
            got.append(frame)
        figures = next(one for one in texts(slow, "performance_stats") if one["dropped_frames"])
    assert figures["dropped_frames"] >= frames_late > 0
    assert all(follow(a, b) for a, b in islice(pairwise(kept), 1, None)), "the other lost nothing"


def test_a_camera_that_was_reset_goes_on_by_itself(simulator, program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate&sound=0", cookie) as viewer:
        before = list(islice(pictures(viewer), FPS))
        sessions = len(simulator.sent("gate"))
        simulator.fault("gate", Reset())
        wait_until(lambda: len(simulator.sent("gate")) > sessions, 40, "the recorder to come back")
        wait_until(lambda: len(sent(simulator, "gate")) > FPS, 40, "frames")
        digests = sent(simulator, "gate")
        last, again = before[-1], None
        for frame in pictures(viewer):
            assert frame.time > last.time
            last = frame
            if frame.is_key and frame.digest() == digests[0]:
                again = frame
            if again is not None and frame.time > again.time + 90_000:
                break
        assert again is not None


def test_system_status_says_what_is_the_matter(simulator, program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate", cookie) as viewer:
        states = texts(viewer, "system_status")
        assert next(states)["state"] == "live"
        simulator.fault("gate", Reset())
        simulator.fault("gate", Refuse())
        try:
            away = next(one for one in states if one["state"] not in ("live", "recording"))
            assert away["state"] in ("unreachable", "stalled")
        finally:
            simulator.clear("gate")
        assert next(one for one in states if one["state"] == "live")["camera"] == "gate"


def test_jpegs_are_few_small_and_in_the_streams_aspect(program, cookie):
    # As many as the camera sends would take 3.2 s; those that a busy machine held up come together then.
    wait_until(lambda: seconds_of_jpegs(program, cookie) > 4, what="15 pictures to take a second")


def seconds_of_jpegs(program, cookie):
    """For 80 of them, once they are found to be as they should."""
    with watch(program.port, "/ws/stream/?camera=yard&mode=jpeg", cookie) as viewer:
        came: list[float] = []
        shots: list[bytes] = []
        while len(shots) < 80:
            message = viewer.recv(MANY)
            if isinstance(message, bytes):
                came.append(time.monotonic())
                shots.append(message)
        figures = next(texts(viewer, "performance_stats"))
    with av.open(io.BytesIO(shots[-1]), "r", format="jpeg_pipe") as container:
        picture = next(container.decode(video=0))
    assert (picture.width, picture.height) == (480, 360)
    assert len(set(shots)) > 20
    assert 0 < figures["current_fps"] < 20
    assert figures["avg_processing_time"] > 0
    return came[-1] - came[0]


def test_figures_are_true(program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate&sound=0", cookie) as viewer:
        counted = 0
        figures: list[dict[str, float]] = []
        while len(figures) < 3 or not 0.8 * FPS < figures[-1]["current_fps"] < 1.2 * FPS:
            message = viewer.recv(MANY)
            if isinstance(message, bytes):
                counted += not is_init(message)
            elif json.loads(message)["type"] == "performance_stats":
                figures.append(json.loads(message))
                assert figures[-1]["total_frames"] == counted
    assert figures[-1]["dropped_frames"] == figures[-1]["total_detections"] == figures[-1]["avg_detection_time"] == 0
    assert figures[-1]["uptime"] > figures[0]["uptime"]


def test_pause_resume_and_stop(program, cookie):
    with watch(program.port, "/ws/stream/?camera=gate&sound=0", cookie) as viewer:
        assert len(list(islice(pictures(viewer), 10))) == 10
        viewer.send("pause")
        figures = texts(viewer, "performance_stats")
        paused = next(one for one in figures if one["current_fps"] == 0)
        later = next(figures)
        assert later["total_frames"] == paused["total_frames"]
        viewer.send('{"type": "resume"}')
        assert next(texts(viewer, "stream"))["camera"] == "gate"
        assert next(pictures(viewer)).is_key
        viewer.send("what?")
        assert "JSON" in next(texts(viewer, "error"))["message"]
        viewer.send("stop_stream")
        with pytest.raises(ConnectionClosed):
            for _ in pictures(viewer):
                pass
        assert viewer.close_code == 1000


def test_a_page_has_all_its_cameras_on_one_socket(program, cookie):
    with watch(program.port, "/ws/live", cookie) as viewer:
        for camera, mode in (("gate", "mp4"), ("yard", "jpeg"), ("busy", "mp4")):
            viewer.send(json.dumps({"type": "subscribe", "camera": camera, "mode": mode}))
        seen: dict[str, set[int]] = {}
        wanted = {"gate": {1, 2, 3}, "yard": {5}, "busy": {1, 2, 3}}
        while seen != wanted:
            message = viewer.recv(MANY)
            if isinstance(message, bytes):
                name = message[2 : 2 + message[1]].decode()
                seen.setdefault(name, set()).add(message[0])
        viewer.send(json.dumps({"type": "unsubscribe", "camera": "busy"}))
        viewer.send(json.dumps({"type": "subscribe", "camera": "nobody"}))
        next(texts(viewer, "error"))
        after = {message[2 : 2 + message[1]] for message in islice(binaries(viewer), 60)}
        assert after == {b"gate", b"yard"}


def binaries(viewer):
    while True:
        message = viewer.recv(MANY)
        if isinstance(message, bytes):
            yield message


def refusal(port, path, cookie="", **more):
    with pytest.raises(InvalidStatus) as caught:
        watch(port, path, cookie, **more)
    return caught.value.response.status_code


def test_strangers_and_foreign_pages_are_refused_before_the_upgrade(program, cookie, token):
    port, stream = program.port, "/ws/stream/?camera=gate"
    assert refusal(port, stream) == 401
    assert refusal(port, "/ws/live") == 401
    assert refusal(port, stream, "pynvr_s=" + 43 * "x") == 401
    assert refusal(port, stream, headers={"Authorization": "Bearer pnv_wrong"}, origin=None) == 401
    assert refusal(port, stream, cookie, origin="http://evil.example") == 403
    assert refusal(port, "/ws/live", cookie, origin=f"http://127.0.0.1:{port + 1}") == 403
    assert refusal(port, stream, cookie, origin=None) == 403
    assert refusal(port, stream, headers={"Authorization": f"Bearer {token}"}, origin="http://evil.example") == 403
    with watch(port, stream, "", headers={"Authorization": f"Bearer {token}"}, origin=None) as viewer:
        assert next(pictures(viewer)).is_key


def test_what_isnt_a_camera_of_ours_is_refused(simulator, program, cookie):
    port = program.port
    assert refusal(port, "/ws/stream/?camera=nobody", cookie) == 404
    assert refusal(port, "/ws/stream/", cookie) == 400
    assert refusal(port, "/ws/stream/?camera=gate&mode=avi", cookie) == 400
    assert refusal(port, "/ws/stream/?url=rtsp://192.0.2.1/other", cookie) == 404
    with watch(port, f"/ws/stream/?url={simulator.url('gate')}", cookie) as viewer:
        assert next(pictures(viewer)).is_key


def test_plain_requests_are_told_what_this_is(program, cookie):
    client = http.client.HTTPConnection("127.0.0.1", program.port, timeout=MANY)
    client.request("GET", "/ws/stream/?camera=gate", headers={"Cookie": cookie, "Accept": "application/json"})
    answer = client.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (426, "upgrade_required")
    client.close()


def test_compression_is_not_agreed_to_and_long_messages_end_it(program, cookie):
    with watch(program.port, "/ws/live", cookie, compression="deflate") as viewer:
        assert viewer.protocol.extensions == []
        viewer.send(20_000 * "x")
        with pytest.raises(ConnectionClosed):
            viewer.recv(MANY)
        assert viewer.close_code == 1009


def test_viewers_of_a_camera_share_one_open_chunk_and_leave_none(program, cookie):
    web = psutil.Process(program.pid_of("web"))

    def followed():
        return [file.path for file in web.open_files() if "/gate." in file.path]

    wait_until(lambda: not followed(), 20, "viewers of other tests to be gone")
    with ExitStack() as opened:
        for _ in range(5):
            viewer = opened.enter_context(watch(program.port, "/ws/stream/?camera=gate", cookie))
            assert next(pictures(viewer)).is_key
        # Where one chunk ends and the next begins there are two.
        wait_until(lambda: len(followed()) == 1, what=lambda: str(followed()))
    wait_until(lambda: not followed(), 20, lambda: str(followed()))
