"""Live view in a server of the test's own, whose clock, logins and chunks the test has in its hands."""

import threading
import time
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.model.stamp import stamp_of
from pynvr.store.detections import Detection
from pynvr.web.live import door
from pynvr.web.live.messages import read_command
from pynvr.web.tls import Certificate
from tests.archive.clips import ANCHOR_PTS, make_clip
from tests.playback.live_camera import payloads
from tests.web.certificates import make_certificate, trusting
from tests.web.live.watching import pictures, texts, watch
from tests.web.making import NOW_US, make_site
from tests.web.serving import serving


@pytest.fixture(scope="module")
def clip():
    return make_clip(count=240)


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


@pytest.fixture
def writer(made, clip):
    camera = made.settings.cameras[0]
    camera.dst.mkdir(parents=True)
    path = chunk_path(camera.dst, camera.id, stamp_of(NOW_US, made.settings.system.timezone))
    with_reserve = ChunkWriter.create(path, clip.tracks, ANCHOR_PTS, NOW_US, 4096)
    yield with_reserve
    with_reserve.close()


def token_of(made):
    return {"headers": {"Authorization": f"Bearer {made.tokens['viewer']}"}, "origin": None}


@contextmanager
def recording(writer, frames, pause_s=0.004):
    """Appends them while the `with` lasts, one after the other."""
    stopping = threading.Event()

    def append():
        for frame in frames:
            if stopping.wait(pause_s):
                return
            writer.append(frame)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def test_a_viewer_over_tls_gets_every_byte_while_it_talks_itself(made, writer, clip, tmp_path):
    tls = make_certificate(tmp_path)
    writer.append(clip.frames[0])
    with serving(made.app, Certificate(tls)) as site:
        path = "/ws/stream/?camera=gate"
        more = token_of(made) | {"ssl": trusting(tls), "scheme": "wss"}
        with watch(site.port, path, "", **more) as viewer, recording(writer, clip.frames[1:]):
            got = []
            for frame in pictures(viewer):
                got.append(frame.payload)
                if len(got) % 8 == 0:
                    viewer.ping()
                    viewer.send('{"type": "nonsense"}')
                if len(got) == len(clip.frames):
                    break
            assert got == payloads(clip.frames)
            assert "subscribe" in next(texts(viewer, "error"))["message"]


def test_a_stop_of_the_server_closes_viewers_in_order(made, writer, clip):
    writer.append(clip.frames[0])
    with serving(made.app) as site, watch(site.port, "/ws/stream/?camera=gate", "", **token_of(made)) as viewer:
        assert next(pictures(viewer)).is_key
        stopping = threading.Thread(target=site.stop)
        stopping.start()
        with pytest.raises(ConnectionClosed):
            for _ in pictures(viewer):
                pass
        assert viewer.close_code == 1001
        stopping.join()
        assert not site.server.hangs


def test_a_login_that_ends_ends_its_viewers(made, writer, clip):
    writer.append(clip.frames[0])
    with serving(made.app) as site, watch(site.port, "/ws/live", "", **token_of(made)) as viewer:
        viewer.send('{"type": "subscribe", "camera": "gate"}')
        assert next(texts(viewer, "stream"))["camera"] == "gate"
        assert made.store.tokens.revoke("viewer program")
        made.clock.move(16)
        with pytest.raises(ConnectionClosed):
            while True:
                viewer.recv(20)
        assert viewer.close_code == 1008


def test_a_login_that_holds_goes_on(made, writer, clip):
    writer.append(clip.frames[0])
    with serving(made.app) as site, watch(site.port, "/ws/stream/?camera=gate", "", **token_of(made)) as viewer:
        assert next(pictures(viewer)).is_key
        for _ in range(3):
            made.clock.move(16)
            assert next(texts(viewer, "performance_stats"))["total_frames"] == 1


def test_detections_of_the_camera_are_counted(made, writer, clip):
    writer.append(clip.frames[0])
    for camera in ("gate", "gate", "yard"):
        made.store.detections.add(Detection(0, camera, NOW_US, "motion", 0.9))
    with serving(made.app) as site, watch(site.port, "/ws/stream/?camera=gate", "", **token_of(made)) as viewer:
        assert next(pictures(viewer)).is_key
        made.clock.move(3)
        assert next(texts(viewer, "performance_stats"))["total_detections"] == 2


def test_no_more_sockets_than_the_server_has_threads_for(made, monkeypatch):
    monkeypatch.setattr(door, "MOST_SOCKETS", 2)
    with (
        serving(made.app) as site,
        watch(site.port, "/ws/live", "", **token_of(made)),
        watch(site.port, "/ws/live", "", **token_of(made)) as second,
    ):
        with pytest.raises(InvalidStatus) as caught:
            watch(site.port, "/ws/live", "", **token_of(made))
        assert caught.value.response.status_code == 503
        assert caught.value.response.headers["Retry-After"] == "10"
        second.close()
        deadline = time.monotonic() + 20
        while True:
            try:
                watch(site.port, "/ws/live", "", **token_of(made)).__enter__().close()
                break
            except InvalidStatus:
                assert time.monotonic() < deadline


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"pause"',
        '{"type": 1}',
        '{"type": "subscribe", "camera": 7}',
        '{"type": "subscribe", "camera": "gate", "mode": "avi"}',
        '{"type": "subscribe", "camera": "gate", "sound": 1}',
        '{"type": "pause", "because": "x"}',
        '{"type": ["pause"]}',
        20_000 * "[",
    ],
)
def test_what_isnt_understood_is_said_to_be_so(text):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_command(text)


def test_commands_are_read_with_their_defaults():
    assert read_command(" pause\n").type == "pause"
    command = read_command('{"type": "subscribe", "camera": "gate"}')
    assert (command.camera, command.mode, command.sound) == ("gate", "mp4", False)
