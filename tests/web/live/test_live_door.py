"""Live view in a server of the test's own, whose clock, logins and chunks the test has in its hands."""

import json
import threading
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pynvr.archive.paths import chunk_path
from pynvr.archive.writer import ChunkWriter
from pynvr.model.stamp import stamp_of
from pynvr.store.detections import Detection
from pynvr.web.live import door
from pynvr.web.live.messages import read_command
from pynvr.web.live.seats import Seats
from pynvr.web.tls import Certificate
from tests.archive.clips import ANCHOR_PTS, make_clip
from tests.playback.live_camera import payloads
from tests.waiting import PATIENCE_S, wait_until
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


@pytest.fixture
def crowded(tmp_path, monkeypatch):
    """A site with seats for so many."""

    def make(watching, listening):
        monkeypatch.setattr(door, "Seats", lambda: Seats(watching, listening))
        return make_site(tmp_path)

    return make


def subscribe(viewer, camera_id="gate"):
    viewer.send(json.dumps({"type": "subscribe", "camera": camera_id}))
    assert next(texts(viewer, "system_status"))["camera"] == camera_id


def comes_in(made, site, path):
    """Waits until there is a seat."""
    opened = []

    def tried():
        try:
            opened.append(watch(site.port, path, "", **token_of(made)).__enter__())
        except InvalidStatus:
            return False
        return True

    wait_until(tried, what="a seat")
    return opened[0]


@pytest.mark.parametrize("path", ["/ws/live", "/ws/stream/?camera=gate"])
def test_no_more_sockets_than_the_server_has_threads_for(crowded, path):
    made = crowded(1, 1)
    with serving(made.app) as site, watch(site.port, path, "", **token_of(made)) as only:
        with pytest.raises(InvalidStatus) as caught:
            watch(site.port, path, "", **token_of(made))
        assert caught.value.response.status_code == 503
        assert caught.value.response.headers["Retry-After"] == "10"
        only.close()
        comes_in(made, site, path).close()


def test_who_watches_and_who_only_hears_of_alerts_take_no_seat_from_each_other(crowded):
    made = crowded(1, 2)
    with (
        serving(made.app) as site,
        watch(site.port, "/ws/live", "", **token_of(made)) as page,
        watch(site.port, "/ws/live", "", **token_of(made)) as other,
        watch(site.port, "/ws/stream/?camera=gate", "", **token_of(made)) as viewer,
    ):
        other.send('{"type": "alerts"}')
        assert next(texts(other, "alerts"))["unviewed"] == 0
        # A page that wants to watch is one that watches: there is no such seat just now.
        page.send('{"type": "subscribe", "camera": "gate"}')
        with pytest.raises(ConnectionClosed) as caught:
            page.recv(PATIENCE_S)
        assert caught.value.rcvd is not None and caught.value.rcvd.code == 1013
        viewer.close()
        wait_until(lambda: can_watch(made, site), what="the seat of who watched")


def can_watch(made, site):
    with comes_in(made, site, "/ws/live") as page:
        try:
            subscribe(page)
        except ConnectionClosed:
            return False
        return True


def test_a_page_that_stops_watching_gives_its_seat_to_others(crowded):
    made = crowded(1, 3)
    with serving(made.app) as site, watch(site.port, "/ws/live", "", **token_of(made)) as page:
        subscribe(page)
        # In another form: still the same seat.
        subscribe(page)
        with pytest.raises(InvalidStatus):
            watch(site.port, "/ws/stream/?camera=gate", "", **token_of(made))
        page.send('{"type": "unsubscribe", "camera": "gate"}')
        comes_in(made, site, "/ws/stream/?camera=gate").close()


def test_a_handshake_is_a_get(made):
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}
    wrong = made.token_viewer().get("/ws/live", headers=asked)
    assert (wrong.status, wrong.error) == (400, "bad_handshake")
    assert made.token_viewer().post("/ws/live", headers=asked).status == 405


def test_by_a_url_nobody_learns_whether_a_guess_at_its_login_is_right(tmp_path):
    camera = {"id": "gate", "url": "rtsp://admin:right%40one@192.0.2.7:554/a?password=right&x=1"}
    made = make_site(tmp_path, cameras=[camera])
    asked = {
        "rtsp://192.0.2.7:554/a?password={}&x=1": 101,
        "rtsp://admin:{}@192.0.2.7:554/a?password=any&x=1": 101,
        "rtsp://{}@192.0.2.7:554/a?password=any&x=1": 101,
        "rtsp://192.0.2.8:554/a?password={}&x=1": 404,
        "rtsp://admin:{}@192.0.2.7:554/b?password=right&x=1": 404,
    }
    with serving(made.app) as site:
        for url, status in asked.items():
            for guess in ("right", "right%40one", "wrong"):
                wanted = quote(url.format(guess), safe="")
                try:
                    with watch(site.port, f"/ws/stream/?url={wanted}", "", **token_of(made)):
                        found = 101
                except InvalidStatus as err:
                    found = err.response.status_code
                assert (url, found) == (url, status)


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
