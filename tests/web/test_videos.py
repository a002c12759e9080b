"""Segments and ranges over HTTP: through the application, and through the real server."""

import http.client
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import index_path
from pynvr.model.cause import Cause
from pynvr.model.stamp import stamp_of
from pynvr.store.store import Store
from tests.playback.watching import decode_all, shown
from tests.waiting import wait_until
from tests.web.archive_maker import MINUTE_US, MadeCamera, make_archive
from tests.web.making import SetClock, serve
from tests.web.serving import serving

GATE = MadeCamera("gate", width=160, height=96, audio=True, gaps=((2, 3, Cause.UNREACHABLE),))
HALL = MadeCamera("hall", width=160, height=96)


class Place:
    def __init__(self, folder):
        self.archive = make_archive(folder, [GATE, HALL], 5, skip=("pictures",))
        self.settings = self.archive.settings
        self.store = Store.open(self.settings.system.database)
        self.made = serve(self.store, self.settings, SetClock(self.archive.end_us + 5_000_000))
        self.client = self.made.as_viewer()
        self.zone = self.settings.system.timezone

    def stamp(self, minute, second=None):
        at_us = self.archive.start_us + minute * MINUTE_US + (second or 0) * 1_000_000
        return stamp_of(at_us, self.zone, seconds=second is not None)

    def segment(self, minute, camera_id="gate"):
        camera = self.settings.camera(camera_id)
        assert camera is not None
        return next(camera.dst.glob(f"*/{camera_id}.{self.stamp(minute)}.mp4"))

    def url(self, begin, end, more="", camera_id="gate"):
        """`begin`, `end`: (minute, second)."""
        return f"/api/1/camera/{camera_id}.range.{self.stamp(*begin)}.to.{self.stamp(*end)}.mp4{more}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = Place(tmp_path_factory.mktemp("videos"))
    yield made
    made.store.close()


def error(answer):
    return answer.json["error"]


@pytest.mark.parametrize("form", ["gate.{}.mp4", "gate.preview.{}.mp4"])
def test_a_segment_is_its_file(place, form):
    url = "/api/1/camera/" + form.format(place.stamp(1))
    content = place.segment(1).read_bytes()
    answer = place.client.get(url)
    assert (answer.status, answer.body) == (200, content)
    assert answer.header("Content-Type") == "video/mp4"
    assert answer.header("Content-Disposition") == f'inline; filename="gate.{place.stamp(1)}.mp4"'
    part = place.client.get(url, {"Range": "bytes=5-9", "If-Range": answer.header("ETag")})
    assert (part.status, part.body) == (206, content[5:10])


def test_a_segment_that_isn_t_there_is_404_with_the_cause(place):
    answer = place.client.get(f"/api/1/camera/gate.{place.stamp(2)}.mp4")
    assert answer.status == 404
    assert error(answer)["cause"] == "unreachable"
    assert "no answer from 192.0.2.7" in error(answer)["message"]
    assert place.client.get("/api/1/camera/gate.20261399.1200.mp4").status == 404
    assert "no camera 'garden'" in error(place.client.get(f"/api/1/camera/garden.{place.stamp(1)}.mp4"))["message"]


def test_a_segment_whose_file_is_gone_is_404(tmp_path):
    place = Place(tmp_path)
    place.segment(1).unlink()
    answer = place.client.get(f"/api/1/camera/gate.{place.stamp(1)}.mp4")
    assert (answer.status, answer.error) == (404, "gone")
    place.store.close()


def test_a_range_is_an_mp4_to_keep(place, tmp_path):
    answer = place.client.get(place.url((0, 10), (1, 20)))
    assert answer.status == 200
    name = answer.header("Content-Disposition")
    assert name.startswith('attachment; filename="gate 20')
    assert len(answer.body) == int(answer.header("Content-Length"))
    path = tmp_path / "range.mp4"
    path.write_bytes(answer.body)
    assert decode_all(path) == ""
    assert len(shown(path)) == 700


def test_a_range_is_named_by_its_tags_if_they_are_few(place):
    tags, url = place.store.tags, place.url((3, 10), (3, 20), "?plan=1")

    def name():
        return place.client.get(url).payload["name"]

    def tag(label, camera_id="gate", second=12):
        at_us = place.archive.start_us + 3 * MINUTE_US + second * 1_000_000
        return tags.add(camera_id, at_us, at_us, label=label, made_by="", now_us=at_us)

    plain = name().removesuffix(".mp4")
    made = [tag("another time", second=25), tag("another camera", "hall")]
    assert name() == f"{plain}.mp4"
    made += [tag("Tür: auf/zu?"), tag("fox", second=14)]
    assert name() == f"{plain} Tür auf zu, fox.mp4"
    assert f"{plain} T" in place.client.head(url.removesuffix("?plan=1")).header("Content-Disposition")
    assert place.client.get(f"{url}&name=mine").payload["name"] == "mine.mp4"
    made += [tag("third"), tag("fourth")]
    assert name() == f"{plain}.mp4"
    for one in made:
        tags.remove(one.id)


def test_its_head_and_its_plan_say_what_it_will_be(place):
    url = place.url((0, 10), (4, 0))
    head = place.client.head(url)
    whole = place.client.get(url)
    assert (head.status, head.body) == (200, b"")
    assert head.header("Content-Length") == str(len(whole.body))
    assert head.header("ETag") == whole.header("ETag")
    plan = place.client.get(url + "?plan=1").payload
    begin = place.archive.start_us / 1e6
    assert plan["bytes"] == len(whole.body)
    assert (plan["start"], plan["end"], plan["seconds"]) == (begin + 10, begin + 240, 170.0)
    assert plan["missing"] == [[begin + 120, begin + 180]]
    assert f'filename="{plan["name"]}"' in whole.header("Content-Disposition")
    kept = place.client.get(url + "?plan=1&gaps=keep").payload
    assert kept["seconds"] == 230.0


def test_what_is_taken_away_is_in_the_audit_log_and_its_plan_is_not(place):
    def told():
        found = place.made.token_admin().get("/api/logs?camera_ids=gate&limit=1000").json["logs"]
        return [one["text"] for one in found if one["action"] == "video.download"]

    url = place.url((0, 1), (0, 3), "?name=T%C3%BCr%20%225%22")
    before = told()
    place.client.get(f"{url}&plan=1")
    assert told() == before
    place.client.get(url)
    assert told() == ["downloads Tür _5_.mp4", *before]


def test_a_range_is_taken_up_again_where_it_broke(place):
    url = place.url((0, 10), (4, 0))
    whole = place.client.get(url)
    rest = place.client.get(url, {"Range": "bytes=100000-", "If-Range": whole.header("ETag")})
    assert (rest.status, rest.body) == (206, whole.body[100_000:])
    assert place.client.get(url, {"If-None-Match": whole.header("ETag")}).status == 304
    begin = len(whole.body)
    assert place.client.get(url, {"Range": f"bytes={begin}-"}).status == 416


def test_times_come_in_every_form(place):
    begin_us, end_us = place.archive.start_us + 10_000_000, place.archive.start_us + 80_000_000
    expected = place.client.head(place.url((0, 10), (1, 20))).header("ETag")
    for begin, end in (
        (begin_us // 1_000_000, f"{end_us // 1_000_000}.000000"),
        (f"{_iso(begin_us)}Z", f"{_iso(end_us)}%2B00:00"),
    ):
        answer = place.client.head(f"/api/1/camera/gate.range.{begin}.to.{end}.mp4")
        assert (answer.status, answer.header("ETag")) == (200, expected)


def _iso(at_us):
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def test_a_download_is_called_as_the_client_wants(place):
    answer = place.client.head(place.url((0, 0), (0, 5), '?name=../Gate%20"open"'))
    assert answer.header("Content-Disposition") == 'attachment; filename="_Gate _open_.mp4"'


@pytest.mark.parametrize(
    ("begin", "end", "more", "status", "code"),
    [((1, 0), (0, 0), "", 400, "bad_request"), ((1, 0), (1, 0), "", 400, "bad_request"),
     ((0, 0), (1, 0), "?gaps=maybe", 400, "bad_request"), ((2, 5), (2, 9), "", 404, "not_found"),
     ((9, 0), (10, 0), "", 404, "not_found")],
)  # fmt: skip
def test_what_can_t_be_is_said(place, begin, end, more, status, code):
    answer = place.client.get(place.url(begin, end, more))
    assert (answer.status, answer.error) == (status, code)


def test_nothing_recorded_is_told_with_its_cause(place):
    assert "unreachable, no answer" in error(place.client.get(place.url((2, 5), (2, 9))))["message"]
    assert "yet to come" in error(place.client.get(place.url((9, 0), (10, 0))))["message"]
    unknown = place.client.get(place.url((0, 0), (1, 0), camera_id="garden"))
    assert (unknown.status, error(unknown)["message"]) == (404, "there is no camera 'garden'")


def test_a_change_of_format_is_409_with_addresses_that_work(tmp_path):
    place = Place(tmp_path)
    path = place.segment(3, "hall")
    index = index_path(path.parent.parent, "hall", path.parent.name)
    record = next(one for one in read_records(index) if one.stamp == place.stamp(3))
    wider = replace(record.video, track=replace(record.video.track, width=320))
    append_record(index, replace(record, tracks=(wider,)))
    answer = place.client.get(place.url((1, 0), (5, 0), camera_id="hall"))
    assert (answer.status, answer.error) == (409, "format_changes")
    told = error(answer)
    begin = place.archive.start_us / 1e6
    assert told["at"] == begin + 180
    spans = [(part["from"] - begin, part["to"] - begin) for part in told["parts"]]
    assert spans == [(60, 180), (180, 240), (240, 300)]
    lengths = [place.client.get(part["url"] + "?plan=1").payload["seconds"] for part in told["parts"]]
    assert lengths == [120, 60, 60]
    place.store.close()


def test_a_client_that_goes_away_leaves_nothing_open(place):
    url = place.url((0, 0), (5, 0))
    token = place.made.tokens["viewer"]
    with serving(place.made.app) as server:
        before = _open_videos(place)
        for _ in range(5):
            with server.client() as client:
                client.request("GET", url, headers={"Authorization": f"Bearer {token}", "Host": "localhost:8080"})
                answer = client.getresponse()
                assert answer.status == 200
                answer.read(1000)
                # A response that is still being read keeps the socket open.
                answer.close()
        wait_until(lambda: _open_videos(place) == before, 10, what=lambda: f"files stay open: {_open_videos(place)}")


def _open_videos(place):
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            continue
        if str(place.archive.config.parent) in target and target.endswith((".mp4", ".index")):
            found.append(target)
    return found


def test_a_segment_deleted_while_it_is_sent_ends_short_of_its_length(tmp_path, caplog):
    place = Place(tmp_path)
    size = place.segment(4).stat().st_size
    token = place.made.tokens["viewer"]
    plan = place.client.get(place.url((0, 0), (5, 0), "?plan=1")).payload

    def deleting(environ, start_response):
        parts = iter(place.made.app(environ, start_response))
        first = next(parts)
        place.segment(4).unlink()
        return chain([first], parts)

    with serving(deleting) as server, server.client() as client:
        client.request(
            "GET",
            place.url((0, 0), (5, 0)),
            headers={"Authorization": f"Bearer {token}", "Host": "localhost:8080"},
        )
        with pytest.raises(http.client.IncompleteRead) as caught:
            client.getresponse().read()
    assert 0 < len(caught.value.partial) <= plan["bytes"] - size // 2
    wait_until(lambda: "bytes are missing" in caplog.text, 10, what="a word in the log")
    place.store.close()


def test_curl_takes_a_broken_download_up_again(place, tmp_path):
    """With `curl -C -`, which is what people have."""
    url, token = place.url((0, 0), (5, 0)), place.made.tokens["viewer"]
    path = tmp_path / "gate.mp4"
    with serving(place.made.app) as server:
        words = ["curl", "-s", "-S", "-H", f"Authorization: Bearer {token}", "-H", "Host: localhost:8080", "-o", path]
        address = f"http://127.0.0.1:{server.port}{url}"
        subprocess.run([*words, "--max-filesize", "50M", address], check=True, timeout=120)
        whole = path.read_bytes()
        path.write_bytes(whole[:123_456])
        subprocess.run([*words, "-C", "-", address], check=True, timeout=120)
    assert path.read_bytes() == whole
    assert decode_all(path) == ""
