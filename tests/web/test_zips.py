"""The ZIP of several cameras: opened by Python and by Info-ZIP, taken up in the middle, with what isn't in it."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import index_path
from pynvr.model.cause import Cause
from pynvr.model.stamp import stamp_of
from pynvr.playback.zip_places import ZipPlaces
from pynvr.store.store import Store
from pynvr.web.app import build
from tests.playback.watching import decode_all
from tests.web.archive_maker import MINUTE_US, MadeCamera, make_archive
from tests.web.client import Client
from tests.web.making import SetClock, serve

GATE = MadeCamera("gate", 'Gate: "north"', width=160, height=96, gaps=((2, 3, Cause.UNREACHABLE),))
YARD = MadeCamera("yard", "Höf/Yard", width=160, height=96)
BARN = MadeCamera("barn", width=160, height=96, gaps=((0, 4, Cause.DISK_FULL),))


class Place:
    def __init__(self, folder):
        self.archive = make_archive(folder, [GATE, YARD, BARN], 4, skip=("pictures",))
        self.settings = self.archive.settings
        self.store = Store.open(self.settings.system.database)
        self.made = serve(self.store, self.settings, SetClock(self.archive.end_us + 5_000_000))
        self.client = self.made.as_viewer()

    def url(self, begin_s, end_s, cameras="gate,yard", more=""):
        start_s = self.archive.start_us // 1_000_000
        return f"/api/1/range.zip?camera_ids={cameras}&from={start_s + begin_s}&to={start_s + end_s}{more}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = Place(tmp_path_factory.mktemp("zips"))
    made.store.tags.add(
        "gate",
        made.archive.start_us + 70_000_000,
        made.archive.start_us + 70_000_000,
        label="parcel / left",
        made_by="viewer",
        now_us=made.archive.end_us,
    )
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def whole(place):
    """Both cameras from second 61 on, over the gate's hole."""
    answer = place.client.get(place.url(61, 200))
    assert answer.status == 200
    return answer


def test_it_holds_the_same_files_as_the_ranges_alone(place, whole):
    assert whole.header("Content-Type") == "application/zip"
    assert int(whole.header("Content-Length")) == len(whole.body)
    with zipfile.ZipFile(io.BytesIO(whole.body)) as opened:
        assert opened.testzip() is None
        gate, yard, text = opened.namelist()
        assert gate.startswith("Gate north 20") and gate.endswith(" parcel left.mp4")
        assert yard.startswith("Höf Yard 20") and text == "contents.txt"
        start_s = place.archive.start_us // 1_000_000
        for name, camera_id in ((gate, "gate"), (yard, "yard")):
            alone = place.client.get(f"/api/1/camera/{camera_id}.range.{start_s + 61}.to.{start_s + 200}.mp4")
            assert opened.read(name) == alone.body
            assert opened.getinfo(name).compress_type == zipfile.ZIP_STORED


def test_its_text_tells_times_what_is_missing_and_checksums(place, whole, tmp_path):
    with zipfile.ZipFile(io.BytesIO(whole.body)) as opened:
        opened.extractall(tmp_path)
        text = opened.read("contents.txt").decode()
        for name in opened.namelist()[:-1]:
            assert f"{hashlib.sha256(opened.read(name)).hexdigest()}  {name}" in text
    assert "(60.000 s): unreachable, no answer from 192.0.2.7" in text
    assert ": parcel / left" in text
    checked = subprocess.run(
        ["sha256sum", "-c", "contents.txt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": OK") == 2
    assert [decode_all(path) for path in tmp_path.glob("*.mp4")] == ["", ""]


@pytest.mark.skipif(shutil.which("unzip") is None, reason="Info-ZIP isn't installed")
def test_info_zip_finds_no_mistake_in_it(whole, tmp_path):
    path = tmp_path / "range.zip"
    path.write_bytes(whole.body)
    tested = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "No errors detected" in tested.stdout


def test_any_part_of_it_is_as_in_the_whole(place, whole):
    tag, size = whole.header("ETag"), len(whole.body)
    # Another server, which hasn't counted anything yet, and the same one again.
    another = Client(build(place.made.site), token=place.made.tokens["viewer"])
    for client in (another, place.client):
        for start, end in ((size - 40, size), (size // 2, size // 2 + 1000), (10, 90), (size // 3, size)):
            sent = {"Range": f"bytes={start}-{end - 1}", "If-Range": tag}
            part = client.get(place.url(61, 200), sent)
            assert part.status == 206
            assert part.body == whole.body[start:end]
    again = place.client.get(place.url(61, 200), {"If-None-Match": tag})
    assert again.status == 304
    assert int(place.client.head(place.url(61, 200)).header("Content-Length")) == size


def test_the_plan_says_what_it_would_be(place, whole):
    plan = place.client.get(place.url(61, 200, "gate,yard,barn", "&plan=1")).payload
    assert [file["camera_id"] for file in plan["files"]] == ["gate", "yard"]
    (missing,) = plan["files"][0]["missing"]
    assert missing[1] - missing[0] == pytest.approx(60, abs=1)
    (left,) = plan["left_out"]
    assert (left["camera_id"], left["cause"]) == ("barn", "disk full")
    assert plan["bytes"] > len(whole.body), "the text has the lines of the third camera too"


def test_cameras_without_anything_are_told_of_in_the_text(place):
    body = place.client.get(place.url(61, 90, "yard,barn")).body
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        assert "nothing is recorded: disk full" in opened.read("contents.txt").decode()
        assert len(opened.namelist()) == 2


def test_nothing_at_all_is_404_with_the_causes(place):
    answer = place.client.get(place.url(61, 90, "barn"))
    assert (answer.status, answer.error) == (404, "not_recorded")
    assert "disk full" in answer.json["error"]["message"]
    later = place.client.get(place.url(9000, 9060, "gate"))
    assert "has yet to come" in later.json["error"]["message"]
    assert place.client.get(place.url(61, 90, "cellar")).status == 404


def test_more_than_memory_is_meant_for_is_refused(place):
    answer = place.client.get(place.url(0, 101 * 86_400))
    assert answer.status == 400
    assert "fewer cameras" in answer.json["error"]["message"]


def test_tags_of_one_camera_take_no_other_ones_place_and_those_left_out_are_told_of(place, monkeypatch):
    monkeypatch.setattr("pynvr.playback.zip_plan.MOST_TAGS", 3)
    monkeypatch.setattr("pynvr.playback.zip_text.MOST_TAGS", 3)
    at_us = place.archive.start_us + 210_000_000
    made = [("gate", at_us, f"moved {number}") for number in range(5)] + [("yard", at_us + 5_000_000, "thief")]
    for camera_id, start_us, label in made:
        place.store.tags.add(camera_id, start_us, start_us, label=label, made_by="viewer", now_us=at_us)
    with zipfile.ZipFile(io.BytesIO(place.client.get(place.url(205, 230)).body)) as opened:
        text = opened.read("contents.txt").decode()
        assert opened.namelist()[1].endswith(" thief.mp4")
    assert ": thief\n" in text
    assert text.count(": moved ") == 3 and "and more tags" in text


def test_so_many_at_a_time_are_sent_and_each_gives_its_place_back(place, monkeypatch):
    places = ZipPlaces(zips=1)
    monkeypatch.setattr("pynvr.web.api.zips.ZipPlaces", lambda: places)
    another = Client(build(place.made.site), token=place.made.tokens["viewer"])
    places.take(1)
    busy = another.get(place.url(61, 90))
    assert (busy.status, busy.error) == (503, "busy") and busy.header("Retry-After")
    assert another.get(place.url(61, 90, more="&plan=1")).status == 200
    places.leave(1)
    for _ in range(3):
        assert another.get(place.url(61, 90)).status == 200
        assert another.head(place.url(61, 90)).status == 200
        assert another.get(place.url(61, 90), {"Range": "bytes=9999999999-"}).status == 416


def test_its_name_can_be_chosen(place):
    named = place.client.head(place.url(61, 90, "yard", "&name=For%20the%20police"))
    assert named.header("Content-Disposition") == 'attachment; filename="For the police.zip"'


def test_a_camera_whose_format_changes_gives_a_file_for_each(tmp_path):
    place = Place(tmp_path)
    camera = place.settings.camera("yard")
    assert camera is not None
    stamp = stamp_of(place.archive.start_us + 2 * MINUTE_US, place.settings.system.timezone)
    index = index_path(camera.dst, "yard", stamp[:8])
    record = next(one for one in read_records(index) if one.stamp == stamp)
    wider = replace(record.video, track=replace(record.video.track, width=320))
    append_record(index, replace(record, tracks=(wider,)))
    with zipfile.ZipFile(io.BytesIO(place.client.get(place.url(61, 200, "yard")).body)) as opened:
        assert opened.testzip() is None
        assert len(opened.namelist()) == 4, "before, in and after the minute that is wider, and the text"
    place.store.close()
