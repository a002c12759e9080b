"""Stored ranges over HTTP, made of real recordings."""

import threading
from types import SimpleNamespace
from typing import Any

import av
import pytest

from pynvr.base.errors import DiskError
from pynvr.base.files import sync_folder
from pynvr.playback.exports import Exports
from pynvr.playback.ranges import Ranges
from pynvr.web.api import exports
from pynvr.web.app import GROUPS
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Recording
from tests.waiting import wait_until
from tests.web.making import SetClock, serve

START_S = ANCHOR_US // 1_000_000
ID = "gate.range.20251009.085320.to.20251009.085325"


class Made:
    """A site on two clips, and what makes its stored ranges."""

    def __init__(self, folder, monkeypatch, spare_bytes=0):
        self.recording = Recording(folder)
        clip = make_clip(count=50)
        self.recording.add(clip, ANCHOR_US)
        self.recording.add(clip, ANCHOR_US + 2_000_000)
        self.folder = self.recording.settings.system.mp4_cache_dir
        self._spare_bytes = spare_bytes
        self.exports: Any = None
        self._monkeypatch = monkeypatch
        self.start()

    def start(self):
        recording, clock = self.recording, SetClock(ANCHOR_US + 3_600_000_000)

        def group(site):
            ranges = Ranges(site.footage, site.store, clock)
            self.exports = Exports(ranges, lambda: recording.settings, spare_bytes=self._spare_bytes)
            return exports.routes(site, self.exports)

        self._monkeypatch.setattr("pynvr.web.app.GROUPS", (group, *(g for g in GROUPS if g is not exports.routes)))
        for token in self.recording.store.tokens.all():
            self.recording.store.tokens.revoke(token.name)
        self.site = serve(self.recording.store, recording.settings, clock, users=())

    def order(self, **changes):
        sent = {"camera_id": "gate", "from": START_S, "to": START_S + 5, **changes}
        return self.site.token_admin().post("/api/1/exports", sent)

    def listed(self):
        return self.site.token_viewer().get("/api/1/exports").payload["exports"]

    def when(self, state):
        def reached():
            found = self.listed()
            return found[0] if found and found[0]["state"] == state else None

        return wait_until(reached, 20, what=lambda: f"{state}: {self.listed()}")

    def close(self):
        self.exports.close()
        self.recording.footage.close()
        self.recording.store.close()


@pytest.fixture
def made(tmp_path, monkeypatch):
    it = Made(tmp_path, monkeypatch)
    yield it
    it.close()


def test_a_range_is_stored_under_its_name_listed_and_fetched(made):
    ordered = made.order()
    assert (ordered.status, ordered.payload["id"], ordered.payload["url"]) == (202, ID, None)
    stored = made.when("ready")
    assert (stored["from"], stored["to"], stored["progress"]) == (START_S, START_S + 5, 1)
    path = made.folder / f"{ID}.mp4"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in made.folder.iterdir()] == [path.name]
    fetched = made.site.token_viewer().get(stored["url"])
    assert (fetched.status, len(fetched.body)) == (200, stored["bytes"])
    assert fetched.body == path.read_bytes()
    assert f'filename="{ID}.mp4"' in fetched.header("Content-Disposition")
    at_us = ANCHOR_US + 1_000_000
    made.recording.store.tags.add("gate", at_us, at_us, label="fox", made_by="", now_us=at_us)
    again = made.site.token_viewer().head(stored["url"])
    assert f'filename="{ID} fox.mp4"' in again.header("Content-Disposition")
    direct = made.site.token_viewer().get(f"/api/1/camera/gate.range.{START_S}.to.{START_S + 5}.mp4")
    assert fetched.body == direct.body
    part = made.site.token_viewer().get(stored["url"], {"Range": "bytes=0-9"})
    assert (part.status, part.body) == (206, fetched.body[:10])


def test_every_frame_of_the_stored_file_is_decoded(made):
    made.order()
    made.when("ready")
    with av.open(str(made.folder / f"{ID}.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 100


def test_whole_minutes_are_named_as_segments_are_and_fractions_are_widened(made):
    assert made.order(**{"from": "2025-10-09T08:53", "to": "20251009.0854"}).payload["id"] == (
        "gate.range.20251009.0853.to.20251009.0854"
    )
    assert made.order(**{"from": START_S + 0.4, "to": START_S + 3.2}).payload["id"] == (
        "gate.range.20251009.085320.to.20251009.085324"
    )


def test_a_stored_range_is_not_made_twice_but_again_after_it_was_deleted(made):
    made.order()
    made.when("ready")
    assert made.order().error == "conflict"
    path = f"/api/1/exports/{ID}"
    assert made.site.token_admin().delete(path).status == 204
    assert list(made.folder.iterdir()) == []
    assert made.site.token_admin().delete(path).status == 404
    assert made.site.token_viewer().get(f"{path}.mp4").status == 404
    assert made.order().status == 202


def test_stored_ranges_are_there_after_a_restart_and_half_made_ones_are_gone(made):
    made.order()
    stored = made.when("ready")
    (made.folder / ".gate.range.20251009.0853.to.20251009.0854.part").write_bytes(b"half")
    (made.folder / "notes.txt").write_text("somebody's own")
    made.exports.close()
    made.start()
    assert made.listed() == [stored]
    assert sorted(file.name for file in made.folder.iterdir()) == [f"{ID}.mp4", "notes.txt"]


@pytest.fixture
def held(monkeypatch):
    """What is being made stops before the first word of how far it is: when it gets there, and to let it go on."""
    reached, go_on = threading.Event(), threading.Event()
    tell = Exports._tell

    def told_later(self, work, **changes):
        if "progress" in changes:
            reached.set()
            go_on.wait(60)
        return tell(self, work, **changes)

    monkeypatch.setattr(Exports, "_tell", told_later)
    return reached, go_on


def test_one_that_is_being_made_can_be_given_up(made, held):
    reached, go_on = held
    made.order()
    assert reached.wait(60)
    assert made.listed()[0]["state"] == "making"
    assert made.order().error == "conflict"
    assert made.site.token_admin().delete(f"/api/1/exports/{ID}").status == 204
    go_on.set()
    made.exports.close()
    assert (made.listed(), list(made.folder.iterdir())) == ([], [])


def test_what_is_given_up_and_ordered_otherwise_meanwhile_is_made_as_it_was_ordered_last(made, held):
    reached, go_on = held
    made.order(gaps="close")
    assert reached.wait(60)
    assert made.site.token_admin().delete(f"/api/1/exports/{ID}").status == 204
    assert made.order(gaps="keep").status == 202
    go_on.set()
    made.when("ready")
    whole = START_S * 1_000_000, (START_S + 5) * 1_000_000
    source = made.exports._ranges.source(made.exports._ranges.plan("gate", *whole, "keep"), "")
    assert (made.folder / f"{ID}.mp4").read_bytes() == b"".join(source.read(0, source.length))


def test_what_waits_is_held_for_as_long_as_others_are_made_before_it(made):
    exports, clock = made.exports, made.exports._ranges._clock
    exports._start = lambda: None
    made.order(to=START_S + 1)
    made.order(**{"from": START_S + 2, "to": START_S + 4})
    first, second = exports._work

    def held():
        spans = {(one.start_us, one.end_us) for one in made.recording.store.leases.held(clock.at_us)}
        return (second.plan.start_us, second.plan.end_us) in spans

    assert held()
    clock.move(100)
    exports._making = exports._work.pop(0)
    assert exports._copy(SimpleNamespace(length=1, read=lambda *_: iter([b""])), -1, first)
    clock.move(100)
    assert held()
    exports.remove(second.name.id)
    assert not held()


def test_the_room_of_what_is_being_made_is_not_given_away(made, held, monkeypatch):
    reached, go_on = held
    first = made.exports.order("gate", ANCHOR_US, ANCHOR_US + 1_000_000, "close")
    assert reached.wait(60)
    free = made.exports._spare_bytes + first.file_bytes * 9 // 5
    monkeypatch.setattr("pynvr.playback.exports.shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(DiskError):
        made.exports.order("gate", ANCHOR_US + 1_000_000, ANCHOR_US + 2_000_000, "close")
    go_on.set()


def test_a_disk_that_fills_up_is_said_in_words_and_leaves_nothing(made, monkeypatch):
    def full(fd, data):
        raise OSError(28, "No space left on device")

    made.order()
    made.when("ready")
    made.site.token_admin().delete(f"/api/1/exports/{ID}")
    monkeypatch.setattr("pynvr.playback.exports.os.write", full)
    made.order()
    failed = made.when("failed")
    assert failed["detail"] == "the disk of stored ranges is full"
    assert list(made.folder.iterdir()) == []
    monkeypatch.undo()
    assert made.order().status == 202
    made.when("ready")


def test_what_is_deleted_and_ordered_again_in_the_moment_of_its_end_is_stored_again(made, monkeypatch):
    again: list[int] = []

    def meanwhile(folder):
        if not again:
            assert made.site.token_admin().delete(f"/api/1/exports/{ID}").status in (200, 204)
            again.append(made.order().status)
        sync_folder(folder)

    monkeypatch.setattr("pynvr.playback.exports.sync_folder", meanwhile)
    made.order()
    wait_until(lambda: again, what="the end of the first one")
    made.when("ready")
    assert again == [202]


def test_what_has_no_room_is_not_begun(tmp_path, monkeypatch):
    made = Made(tmp_path, monkeypatch, spare_bytes=10**18)
    answer = made.order()
    assert (answer.status, answer.error) == (503, "disk")
    assert "GB are free for it" in answer.json["error"]["message"]
    assert made.listed() == []
    with pytest.raises(DiskError):
        made.exports.order("gate", ANCHOR_US, ANCHOR_US + 1_000_000, "close")
    made.close()


def test_a_range_ordered_twice_at_the_same_moment_is_stored_once(made, monkeypatch):
    plan = made.exports._ranges.plan
    twins: list[object] = []

    def planned_meanwhile_ordered(*given):
        if not twins:
            twins.append(None)
            twins[0] = made.exports.order(*given)
        return plan(*given)

    monkeypatch.setattr(made.exports._ranges, "plan", planned_meanwhile_ordered)
    assert made.exports.order("gate", ANCHOR_US, ANCHOR_US + 1_000_000, "close") is None
    assert twins[0] is not None


def test_the_room_of_ranges_that_wait_is_not_given_away(made, monkeypatch):
    made.exports._start = lambda: None
    first = made.exports.order("gate", ANCHOR_US, ANCHOR_US + 1_000_000, "close")
    free = made.exports._spare_bytes + first.file_bytes * 9 // 5
    monkeypatch.setattr("pynvr.playback.exports.shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    following = "gate", ANCHOR_US + 1_000_000, ANCHOR_US + 2_000_000, "close"
    with pytest.raises(DiskError):
        made.exports.order(*following)
    made.exports.remove(first.name.id)
    assert made.exports.order(*following) is not None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"to": START_S}, 400),
        ({"from": "yesterday"}, 400),
        ({"camera_id": "nobody"}, 404),
        ({"camera_id": "../gate"}, 400),
        ({"gaps": "wide"}, 400),
        ({"from": START_S + 100, "to": START_S + 200}, 404),
        ({"to": START_S + 1e9}, 400),
        ({"quality": 1}, 400),
    ],
)
def test_what_cannot_be_stored_is_refused(made, changes, status):
    assert made.order(**changes).status == status


@pytest.mark.parametrize("name", ["gate.range.20251009.0853.to.x", "%2e%2e/nvr.json", "nvr", "..%2fnvr.json"])
def test_names_that_are_none_lead_nowhere(made, name):
    assert made.site.token_admin().get(f"/api/1/exports/{name}.mp4").status == 404
    assert made.site.token_admin().delete(f"/api/1/exports/{name}").status in (404, 405)


def test_a_link_in_the_folder_is_not_followed(made, tmp_path):
    (tmp_path / "secret").write_text("x")
    made.folder.mkdir(exist_ok=True)
    (made.folder / f"{ID}.mp4").symlink_to(tmp_path / "secret")
    assert made.listed() == []
    assert made.site.token_viewer().get(f"/api/1/exports/{ID}.mp4").status == 404


def test_viewers_fetch_and_admins_store(made):
    viewer = made.site.token_viewer()
    assert viewer.post("/api/1/exports", {"camera_id": "gate", "from": START_S, "to": START_S + 5}).status == 403
    assert viewer.delete(f"/api/1/exports/{ID}").status == 403
