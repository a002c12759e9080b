"""Captures over HTTP: who may, what is taken, what the page says. The master's processes are played."""

import errno
import io
import json
import re
import socket
import threading
from html import unescape
from urllib.parse import urlencode

import av
import pytest

from pynvr.archive.capture_folder import CaptureFolder, CaptureState, Shot
from pynvr.base.clock import SystemClock
from pynvr.base.errors import WishError
from pynvr.base.wishes import Answer, Wishes, wish_in
from pynvr.media.jpeg import to_jpeg
from pynvr.media.still import Picture
from pynvr.model.status import ProcessStatus, ProgramStatus, Status
from pynvr.supervisor.captures import Captures
from tests.capturer.making import grey_frame
from tests.web.making import NOW_US, make_site

URL = "rtsp://admin:camera-secret@192.0.2.10/1"
SHOWN_URL = "rtsp://admin:***@192.0.2.10/1"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}


class PlayedMaster:
    """The master's own bookkeeping of captures without processes: what is stopped has ended at once."""

    def __init__(self, settings):
        self.captures = Captures("none:none", SystemClock(), to_stderr=False)
        self.settings = settings
        self.asked: list[dict[str, object]] = []
        self.ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        theirs.setblocking(False)
        self.wishes = Wishes(theirs)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while data := self.ours.recv(65536):
            wish = wish_in(json.loads(data))
            assert wish is not None
            self.asked.append({"kind": wish.kind, **wish.about})
            try:
                if wish.kind == "capture.start":
                    result = self.captures.start(wish.about, self.settings)
                else:
                    result = self.captures.stop(wish.about)
                    write(self.settings, result["id"], ended_us=NOW_US + 3_000_000, state="ended", frames=30)
                answer = Answer(wish.number, result)
            except WishError as err:
                answer = Answer(wish.number, refused=err.reason, message=str(err))
            self.ours.send(answer.to_bytes())


def write(settings, capture_id, shots=(), **changes):
    folder = CaptureFolder(settings.system.data_dir / "captures" / str(capture_id))
    standing = {"url": "rtsp://h/x", "started_us": NOW_US, "width": 64, "height": 48, **changes}
    folder.write(CaptureState(**standing))
    for shot in shots:
        folder.add(shot, to_jpeg(Picture(grey_frame(round(16 + shot.score * 219)))))
    return folder


@pytest.fixture
def made(tmp_path):
    site = make_site(tmp_path)
    object.__setattr__(site.site, "wishes", PlayedMaster(site.settings).wishes)
    return site


def post(client, path, **fields):
    return client.request("POST", path, body=urlencode(fields).encode(), headers=FORM)


def ended(made, capture_id, count=12, **changes):
    """A capture with a picture each half second, the later the brighter."""
    shots = [Shot(NOW_US + number * 500_000, (number + 1) / 50) for number in range(count)]
    standing = {"state": "ended", "frames": 60, "ended_us": NOW_US + 6_000_000, **changes}
    return write(made.settings, capture_id, shots, **standing)


def ranks(page):
    return [int(rank) for rank in re.findall(r'<span class="rank">(\d+)</span>', page)]


def test_a_capture_is_started_with_a_form_and_told_without_its_password(made):
    answer = post(made.token_admin(), "/start", rtsp_url=URL)
    assert answer.status == 201
    told = answer.json
    assert (told["url"], told["runs"], told["state"], told["pictures"]) == (SHOWN_URL, True, "connecting", [])
    assert b"camera-secret" not in answer.body
    assert [one["id"] for one in made.token_admin().get("/api/captures").json["captures"]] == [told["id"]]


@pytest.mark.parametrize("field", ["rtsp_url=", "", "url=rtsp://h/x"])
def test_a_start_without_a_url_is_refused(made, field):
    answer = made.token_admin().request("POST", "/start", body=field.encode(), headers=FORM)
    assert (answer.status, answer.error) == (400, "bad_request")


def test_a_url_that_is_none_is_refused_as_a_cameras_would_be(made):
    answer = post(made.token_admin(), "/start", rtsp_url="no url at all")
    assert answer.status == 422
    assert "url" in answer.json["error"]["message"]


def test_the_same_url_again_is_a_conflict_that_says_so(made):
    client = made.token_admin()
    assert post(client, "/start", rtsp_url=URL).status == 201
    again = post(client, "/start", rtsp_url=URL.replace("camera-secret", "other-secret"))
    assert (again.status, again.error) == (409, "conflict")
    assert again.json["error"]["message"] == f"{SHOWN_URL} is being captured already"
    assert post(client, "/start", rtsp_url=URL.replace("/1", "/2")).status == 201


def test_the_mask_stands_for_the_password_of_the_camera_that_is_shown_so(made):
    client = made.token_admin()
    assert post(client, "/start", rtsp_url=SHOWN_URL).status == 201
    assert post(client, "/start", rtsp_url=URL).status == 409
    refused = post(client, "/start", rtsp_url=SHOWN_URL.replace("192.0.2.10", "evil.example"))
    assert (refused.status, refused.error) == (422, "invalid_url")


def test_forms_of_both_kinds_and_json_are_taken(made):
    client = made.token_admin()
    multipart = (
        '--x\r\nContent-Disposition: form-data; name="rtsp_url"\r\n\r\nrtsp://h/größe\r\n'
        '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nleft out\r\n--x--\r\n'
    ).encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "*/*"}
    answer = client.request("POST", "/start", body=multipart, headers=headers)
    assert (answer.status, answer.json["url"]) == (201, "rtsp://h/größe")
    answer = post(client, "/start", rtsp_url="rtsp://h/weiß")
    assert (answer.status, answer.json["url"]) == (201, "rtsp://h/weiß")
    assert client.post("/start", {"rtsp_url": "rtsp://h/plain"}).status == 201


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"rtsp_url=%ff", "application/x-www-form-urlencoded"),
        (b"a=1&" * 500, "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
    ],
)
def test_a_broken_form_is_a_bad_request(made, body, kind):
    headers = {"Content-Type": kind, "Accept": "*/*"}
    assert made.token_admin().request("POST", "/start", body=body, headers=headers).status == 400


def test_no_viewer_and_no_foreign_page_starts_anything(made):
    assert post(made.token_viewer(), "/start", rtsp_url=URL).status == 403
    body = urlencode({"rtsp_url": URL}).encode()
    browser = made.as_admin()
    refused = browser.request("POST", "/start", body=body, headers=FORM, ours=False)
    assert (refused.status, refused.error) == (403, "no_header")
    foreign = browser.request("POST", "/start", body=body, headers={**FORM, "Origin": "https://evil.example"})
    assert (foreign.status, foreign.error) == (403, "foreign_origin")
    assert made.token_admin().get("/api/captures").json["captures"] == []


def test_a_stop_answers_the_page_of_the_brightest(made):
    client = made.token_admin()
    capture_id = post(client, "/start", rtsp_url=URL).json["id"]
    answer = client.request("POST", "/stop", headers={"Accept": "*/*"})
    assert (answer.status, answer.header("Content-Type")) == (200, "text/html; charset=utf-8")
    assert "<h1>Top 9 Brightest Frames</h1>" in answer.body.decode()
    assert client.get(f"/api/captures/{capture_id}").json["runs"] is False
    assert client.get("/stop").body == answer.body


def test_the_page_has_nine_at_most_brightest_first_a_second_apart(made):
    ended(made, 1, count=40)
    page = made.token_admin().get("/stop").body.decode()
    times = [int(number) for number in re.findall(r'<a href="/api/captures/1/(\d+)\.jpg"', page)]
    assert times == [NOW_US + number * 500_000 for number in range(39, 22, -2)]
    assert ranks(page) == list(range(1, 10))
    assert 'width="64" height="48"' in page


def test_its_pictures_are_pictures(made):
    ended(made, 1)
    client = made.token_admin()
    address = client.get("/api/captures/1").json["pictures"][0]["url"]
    answer = client.get(address)
    assert answer.header("Content-Type") == "image/jpeg"
    with av.open(io.BytesIO(answer.body), "r") as image:
        frame = next(image.decode(video=0))
    assert (frame.width, frame.height) == (64, 48)
    assert client.get("/api/captures/1/5.jpg").status == 404
    assert client.get("/api/captures/2/5.jpg").status == 404
    assert made.token_viewer().get(address).status == 403


def test_fewer_are_shown_if_there_were_fewer(made):
    ended(made, 1, count=5)
    page = made.token_admin().get("/stop").body.decode()
    assert ranks(page) == [1, 2, 3]
    assert "Only 3 frames: the capture was too short" in page


def test_a_camera_that_never_answered_is_said(made):
    detail = "no answer from the host for 10 s"
    ended(made, 1, count=0, frames=0, detail=detail, width=0, height=0)
    page = unescape(made.token_admin().get("/stop").body.decode())
    assert f"No picture came: {detail}." in page
    assert ranks(page) == []


def test_the_last_one_is_shown_and_others_are_linked(made):
    ended(made, 1, url="rtsp://h/first")
    ended(made, 2, url="rtsp://h/second")
    client = made.token_admin()
    page = client.get("/stop").body.decode()
    assert '<h2 class="address">rtsp://h/second</h2>' in page
    assert '<a href="/stop?capture=1">rtsp://h/first</a>' in page
    assert '<h2 class="address">rtsp://h/first</h2>' in client.get("/stop?capture=1").body.decode()
    assert client.get("/stop?capture=..%2F1", headers={"Accept": "*/*"}).status == 404


def test_the_last_one_is_the_one_that_ended_last(made):
    ended(made, 1, url="rtsp://h/long", ended_us=NOW_US + 90_000_000)
    ended(made, 2, url="rtsp://h/short", ended_us=NOW_US + 80_000_000)
    assert '<h2 class="address">rtsp://h/long</h2>' in made.token_admin().get("/stop").body.decode()


def test_without_any_capture_the_page_says_what_to_do(made):
    client = made.token_admin()
    assert client.get("/stop", headers={"Accept": "*/*"}).error == "not_found"
    assert client.request("POST", "/stop", headers={"Accept": "*/*"}).error == "not_found"
    page = client.get("/captures").body.decode()
    assert "Nothing was captured yet" in page and 'name="rtsp_url"' in page
    assert f'<option value="{SHOWN_URL}">Gate</option>' in page and "camera-secret" not in page


def test_one_that_ended_by_itself_is_shown_by_a_stop_too(made):
    ended(made, 1, detail="the camera ended the stream")
    answer = made.token_admin().request("POST", "/stop", headers={"Accept": "*/*"})
    assert answer.status == 200 and "the camera ended the stream" in answer.body.decode()


def test_a_stop_may_name_the_capture_or_its_url(made):
    client = made.token_admin()
    ids = [post(client, "/start", rtsp_url=f"rtsp://h/{number}").json["id"] for number in range(3)]
    assert post(client, "/stop", capture=ids[0]).status == 200
    assert post(client, "/stop", rtsp_url="rtsp://h/1").status == 200
    running = [one["id"] for one in client.get("/api/captures").json["captures"] if one["runs"]]
    assert running == [ids[2]]
    assert post(client, "/stop", rtsp_url="rtsp://h/1").status == 404
    assert post(client, "/stop", capture="5").status == 404


def test_one_whose_process_was_lost_is_over(made):
    ended(made, 1, state="capturing", ended_us=0)
    made.status = Status(ProgramStatus("x", "1", "running", 1, 0, 0, "x"))
    client = made.token_admin()
    assert client.get("/api/captures/1").json["detail"] == "its process ended"
    running = ProcessStatus("capture 1", "capturer", 7, "running")
    made.status = Status(made.status.program, (running,))
    told = client.get("/api/captures/1").json
    assert (told["runs"], told["state"], told["detail"]) == (True, "capturing", "capturing")
    assert client.delete("/api/captures/1").status == 409


def test_a_capture_that_a_disk_does_not_let_go_of_is_said_to_be_there(made, monkeypatch):
    def refuse(*_args, **more):
        if not more.get("ignore_errors"):
            raise OSError(errno.EROFS, "Read-only file system")

    ended(made, "1")
    monkeypatch.setattr("pynvr.web.captures.shutil.rmtree", refuse)
    answer = made.as_admin().delete("/api/captures/1")
    assert (answer.status, answer.error) == (503, "not_writable")
    assert "Read-only file system" in answer.json["error"]["message"]


def test_a_capture_is_deleted_with_its_pictures(made):
    folder = ended(made, 1)
    client = made.token_admin()
    assert client.delete("/api/captures/2").status == 404
    assert client.delete("/api/captures/1").status == 204
    assert not folder.path.exists()


def test_what_a_stream_is_called_is_text_and_no_markup(made):
    ended(made, 1, url="rtsp://h/<script>alert(1)</script>", detail='"><img src=x>')
    page = made.token_admin().get("/stop").body.decode()
    assert "<script>alert" not in page and "<img src=x>" not in page


def test_without_a_master_it_is_said(tmp_path):
    answer = post(make_site(tmp_path).token_admin(), "/start", rtsp_url=URL)
    assert (answer.status, answer.error) == (503, "unheard")
