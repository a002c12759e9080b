"""A camera tried out over HTTP, against a real RTSP server and a host that never answers."""

import base64
import io
import json
import socket
import threading

import av
import pytest

from pynvr.web.api import camera_test
from pynvr.web.app import GROUPS
from pynvr.web.probes import Probes
from tests.gst_server import GstServer
from tests.web.client import Answer
from tests.web.making import make_site


@pytest.fixture(scope="module")
def server():
    with GstServer(codec="h264", audio="pcmu", user="admin", password="camera-secret", gop_frames=25) as served:
        yield served


def made_site(tmp_path, monkeypatch, url, probes):
    groups = tuple(
        (lambda site: camera_test.routes(site, probes=probes)) if group is camera_test.routes else group
        for group in GROUPS
    )
    monkeypatch.setattr("pynvr.web.app.GROUPS", groups)
    return make_site(tmp_path, cameras=[{"id": "gate", "url": url}]).follow_file()


@pytest.fixture
def made(tmp_path, monkeypatch, server):
    return made_site(tmp_path, monkeypatch, server.url, Probes(limit_s=20, watch_s=2.5))


@pytest.fixture
def silent():
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"rtsp://admin:camera-secret@127.0.0.1:{listener.getsockname()[1]}/x"


def test_what_a_camera_sends_is_told_with_a_picture_and_the_mask_is_its_password(made, server):
    answer = made.as_admin().post(
        "/api/cameras/test", {"id": "gate", "rtsp_url": server.url.replace("camera-secret", "***")}
    )
    seen = answer.json
    assert seen["ok"], seen
    assert (seen["codec"], seen["width"], seen["height"], seen["audio"]) == ("h264", 320, 180, "pcm_mulaw")
    assert 20 < seen["fps"] < 30
    assert 0.8 < seen["keyframe_interval"] < 1.3
    kind, _, data = seen["picture"].partition(",")
    assert kind == "data:image/jpeg;base64"
    with av.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert (picture.streams.video[0].width, picture.streams.video[0].height) == (320, 180)
    assert b"camera-secret" not in answer.body


def test_a_refused_password_is_said_in_words(made, server):
    answer = made.as_admin().post("/api/cameras/test", {"url": server.url.replace("camera-secret", "wrong-secret")})
    assert (answer.status, answer.json["ok"]) == (200, False)
    assert answer.json["detail"].startswith("401")
    assert b"wrong-secret" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost"])
def test_a_stored_password_is_not_sent_to_another_host(made, server, host):
    url = server.url.replace("camera-secret", "***").replace("127.0.0.1", host)
    answer = made.as_admin().post("/api/cameras/test", {"id": "gate", "url": url})
    assert (answer.status, answer.error) == (422, "invalid_camera")


def test_a_mask_without_a_stored_camera_is_a_mistake(made, server):
    for camera_id in ({}, {"id": "nobody"}):
        sent = {**camera_id, "url": server.url.replace("camera-secret", "***")}
        assert made.as_admin().post("/api/cameras/test", sent).status == 422


@pytest.mark.parametrize("sent", [{}, {"url": 5}, {"url": "nonsense"}, {"url": "rtsp://x/y", "transprt": "tcp"}])
def test_a_document_with_mistakes_opens_nothing(made, sent):
    answer = made.as_admin().post("/api/cameras/test", sent)
    assert (answer.status, answer.error) == (422, "invalid_camera")


def test_only_admins_may(made, server):
    assert made.as_viewer().post("/api/cameras/test", {"url": server.url}).status == 403


def test_a_camera_that_never_answers_is_given_up_in_time_and_only_so_many_wait(tmp_path, monkeypatch, silent):
    made = made_site(tmp_path, monkeypatch, silent, Probes(at_once=1, limit_s=3, watch_s=1))
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(made, silent))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tested, refused = sorted(answers, key=lambda answer: answer.status)
    assert (tested.status, tested.json["ok"]) == (200, False)
    assert (refused.status, refused.header("Retry-After")) == (429, "5")
    assert ask(made, silent).status == 200


def test_a_sub_stream_is_watched_with_the_camera(made, server, silent):
    sub = {"url": server.url.replace("camera-secret", "***")}
    answer = made.as_admin().post("/api/cameras/test", {"id": "gate", "url": sub["url"], "live": sub})
    seen = answer.json
    assert (seen["ok"], seen["sub_stream"]["ok"], seen["sub_stream"]["width"]) == (True, True, 320)
    assert b"camera-secret" not in answer.body
    lost = {"url": "rtsp://admin:camera-secret@127.0.0.1:1/x"}
    answer = made.as_admin().post("/api/cameras/test", {"id": "gate", "url": sub["url"], "live": lost})
    seen = answer.json
    assert (seen["ok"], seen["sub_stream"]["ok"], seen["sub_stream"]["cause"]) == (True, False, "unreachable")
    assert b"camera-secret" not in answer.body
    elsewhere = {"url": "rtsp://admin:***@192.0.2.66/x"}
    refused = made.as_admin().post("/api/cameras/test", {"id": "gate", "url": sub["url"], "live": elsewhere})
    assert (refused.status, refused.json["error"]["mistakes"][0]["key"]) == (422, "live.url")


def ask(made, url):
    return made.token_admin().post("/api/cameras/test", {"url": url})


def test_a_process_that_hangs_for_good_is_ended_and_its_place_is_free_again(monkeypatch, silent, tmp_path):
    # libav that neither answers nor hears a signal: the child doesn't even look at its order.
    hung = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\ntime.sleep(600)"
    (tmp_path / "hung.py").write_text(hung)
    monkeypatch.setattr("pynvr.web.probes._MODULE", "hung")
    monkeypatch.setattr("pynvr.web.probes._GRACE_S", 0.2)
    monkeypatch.setattr("pynvr.web.probes.pynvr.__file__", str(tmp_path / "pynvr" / "__init__.py"))
    probes = Probes(at_once=1, limit_s=0.5)
    settings = make_site(tmp_path, cameras=[{"id": "gate", "url": silent}]).settings
    for _ in range(2):
        (found,) = probes.run(settings.cameras[0])
        assert found["ok"] is False
        assert "camera-secret" not in json.dumps(found)
