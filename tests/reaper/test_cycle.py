"""What a cycle deletes, and what it never does."""

import os
import shutil

import pytest

from pynvr.archive.paths import index_path
from pynvr.model.incident import Clip, Incident
from pynvr.model.room import GB
from pynvr.model.stamp import stamp_start_us
from pynvr.reaper import deletion
from pynvr.store.deletions import DeletedSpan
from tests.reaper.conftest import SIZE, UTC

M = 60_000_000


def alive(paths):
    return [path.exists() for path in paths]


def refuse(path):
    """What is there now can't be deleted as a file."""
    path.unlink()
    path.mkdir()


def test_nothing_is_deleted_without_a_reaper_or_retention(archive):
    archive.camera("gate", min_days=1)
    paths = archive.put_days("gate", 400, 1)
    archive.size(2 * SIZE)
    archive.disks.ballast = SIZE
    assert not archive.reaper().has_work
    assert archive.reaper().cycle().files == 0
    assert alive(paths) == [True, True]


def test_the_oldest_of_a_disk_go_until_the_share_is_kept(archive):
    archive.camera("gate")
    archive.camera("yard")
    archive.rule(percent=50)
    gate = archive.put_days("gate", 9, 7, 5, 3, 1)
    yard = archive.put_days("yard", 8, 6, 4, 2, 0.5)
    archive.size(12 * SIZE)
    tally = archive.reaper().cycle()
    # 10 of 12 are used; 4 and a bit of slack have to go.
    assert alive(gate) == [False, False, False, True, True]
    assert alive(yard) == [False, False, True, True, True]
    assert (tally.segments, tally.files, tally.freed_bytes) == (5, 15, 5 * SIZE)
    assert archive.reaper().full_disks() == []
    assert archive.reaper().cycle().files == 0


def test_pictures_rows_index_and_folders_go_with_the_segments(archive):
    dst = archive.camera("gate")
    archive.rule(max_days=2)
    old, young = archive.put_days("gate", 9, 1)
    archive.reaper().cycle()
    assert not old.parent.exists()
    assert not archive.jpg.joinpath(old.parent.name).exists()
    assert not archive.is_listed(old)
    assert archive.is_listed(young)
    assert index_path(dst, "gate", young.parent.name).exists()
    assert all(picture.exists() for picture in archive.pictures("gate", archive.stamp(1)))
    start_us = stamp_start_us(archive.stamp(9), UTC)
    assert archive.store.deletions.between(["gate"], 0, 1 << 60)["gate"] == [
        DeletedSpan("gate", start_us, start_us + M)
    ]


def test_a_day_that_another_camera_still_has_stays_with_its_index(archive):
    shared = archive.disk / "all"
    archive.camera("gate", dst=shared, max_days=2)
    archive.camera("yard", dst=shared)
    gone, stays = archive.put_days("gate", 9)[0], archive.put_days("yard", 9)[0]
    archive.reaper().cycle()
    assert alive([gone, stays]) == [False, True]
    assert index_path(shared, "yard", stays.parent.name).exists()


def test_a_camera_keeps_to_its_own_days_and_size(archive):
    archive.camera("gate", max_days=5)
    archive.camera("yard", max_gb=2 * SIZE / GB)
    archive.camera("hall")
    gate = archive.put_days("gate", 9, 5.1, 4.9)
    yard = archive.put_days("yard", 9, 4, 3, 2)
    hall = archive.put_days("hall", 99)
    archive.reaper().cycle()
    assert alive(gate) == [False, False, True]
    assert alive(yard) == [False, False, True, True]
    assert alive(hall) == [True]


def test_all_recordings_of_a_disk_keep_to_a_total(archive):
    archive.camera("gate")
    archive.camera("far", dst=archive.folder / "far")
    archive.rule(max_gb=3 * SIZE / GB)
    archive.size(10**6)
    gate = archive.put_days("gate", 5, 4, 3, 2)
    far = archive.put_days("far", 9, 8, 7, 6)
    archive.reaper().cycle()
    assert alive(gate) == [False, False, True, True]
    assert alive(far) == [True] * 4, "another disk isn't the rule's"


@pytest.mark.parametrize("limits", [{"percent": 10}, {"max_days": 1}, {"max_gb": 0.0}])
def test_what_is_kept_is_never_deleted(archive, limits):
    archive.camera("gate", max_days=1)
    archive.rule(**limits)
    paths = archive.put_days("gate", 9, 8, 7, 6)
    start_us = stamp_start_us(archive.stamp(8), UTC)
    # It touches the second by a microsecond, and the third from within.
    archive.store.keeps.add(
        "gate", start_us + M - 1, start_us + 86_400_000_000 + M // 2, reason="", made_by="", now_us=1
    )
    archive.store.keeps.add("yard", 1, 1 << 60, reason="another camera's", made_by="", now_us=1)
    archive.size(4 * SIZE)
    archive.reaper().cycle()
    assert alive(paths) == [False, True, True, False]


def test_what_an_incident_needs_stays_until_it_is_delivered(archive):
    archive.camera("gate", max_days=1)
    paths = archive.put_days("gate", 9, 8)
    at_us = stamp_start_us(archive.stamp(9), UTC) + 10 * 1_000_000
    new = Incident("gate", at_us, 1, 1, "k", archive.clock.at_us, deliver=True)
    incidents = archive.store.incidents
    cut = incidents.write(incidents.add(new).extracted(Clip(at_us, at_us + 1, 9), archive.clock.at_us))
    archive.reaper().cycle()
    assert alive(paths) == [True, False]
    incidents.write(incidents.write(cut.uploading()).uploaded(archive.clock.at_us))
    archive.reaper().cycle()
    assert alive(paths) == [False, False]


def test_a_clock_far_ahead_deletes_nothing_for_its_age_until_it_has_held(archive):
    archive.camera("gate", max_days=30)
    archive.camera("yard", min_days=30)
    archive.rule(max_days=60)
    old = archive.put_days("gate", 40)
    archive.put_days("gate", 4)
    paths = archive.put_days("gate", 20, 3, 0.1) + archive.put_days("yard", 70, 40, 0.1)
    real_us = archive.clock.at_us
    archive.clock.at_us += 4000 * 24 * 60 * M
    paths += archive.put_days("gate", 2, 0.1)
    archive.reaper().cycle()
    assert alive(old) == [False], "too old by what was recorded last"
    assert alive(paths) == [True] * 3 + [False] + [True] * 4
    (notice,) = archive.reaper().notices
    assert "nothing was recorded between 2026-02-01 and" in notice
    archive.clock.at_us += int(1.1 * 24 * 60 * M)
    archive.reaper().cycle()
    assert alive(paths) == [False] * 6 + [True] * 2
    assert archive.reaper().notices == []
    assert archive.clock.at_us > real_us


def test_when_only_kept_video_is_left_the_user_is_told(archive):
    archive.camera("gate")
    archive.rule(percent=10)
    archive.put_days("gate", 9)
    archive.store.keeps.add("gate", 1, 1 << 60, reason="", made_by="", now_us=1)
    archive.size(2 * SIZE)
    archive.reaper().cycle()
    assert "nothing is left that may be deleted" in archive.reaper().notices[0]


def test_other_cameras_give_way_before_min_days_is_broken(archive, caplog):
    archive.camera("gate", min_days=30)
    archive.camera("yard")
    archive.rule(percent=50)
    gate = archive.put_days("gate", 20, 19, 18, 17)
    yard = archive.put_days("yard", 2, 1)
    archive.size(8 * SIZE)
    archive.reaper().cycle()
    assert alive(gate) == [True] * 4
    assert alive(yard) == [False, False]
    assert archive.reaper().notices == []

    archive.disks.ballast = 2 * SIZE
    archive.clock.at_s += 60
    archive.reaper().cycle()
    assert alive(gate) == [False, False, True, True]
    assert "camera gate: no room for its retention.min_days" in archive.reaper().notices[0]
    assert [record for record in caplog.records if "min_days" in record.message]


def test_min_days_holds_against_the_rules_age(archive):
    archive.camera("gate", min_days=30)
    archive.camera("yard")
    archive.rule(max_days=10)
    gate = archive.put_days("gate", 40, 29, 11, 9)
    yard = archive.put_days("yard", 40, 29, 11, 9)
    archive.put_days("yard", 4)
    archive.reaper().cycle()
    assert alive(gate) == [False, True, True, True]
    assert alive(yard) == [False, False, False, True]


def test_a_file_that_is_gone_already_frees_nothing_and_loses_its_row(archive):
    archive.camera("gate", min_days=4)
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 8, 7, 3, 2)
    archive.size(6 * SIZE)
    paths[0].unlink()
    archive.reaper().cycle()
    assert not archive.is_listed(paths[0])
    # Four of six were used: one more has to go (and slack), none of the last four days.
    assert alive(paths[1:]) == [False, False, True, True]
    assert archive.reaper().notices == []


def test_growing_chunks_and_what_pynvr_does_not_know_are_never_touched(archive):
    dst = archive.camera("gate")
    archive.rule(percent=1, extensions=("mp4", "chunk", "txt", "bad"))
    (path,) = archive.put_days("gate", 9)
    others = [
        path.with_name(name)
        for name in ("gate.20260101.1200.chunk", "holiday.mp4", "notes.txt", "gate.20260101.1201.bad", "x.jpg")
    ]
    for other in others:
        other.write_bytes(bytes(SIZE))
    archive.size(10)
    archive.reaper().cycle()
    assert not path.exists()
    assert alive(others) == [True] * len(others)
    assert dst.exists()


def test_only_the_rules_extensions_are_deleted(archive):
    archive.camera("gate")
    archive.rule(max_days=5, extensions=("jpg",))
    old, young = archive.put_days("gate", 9, 1)
    long_ago = archive.clock.at_us / 1e6 - 9 * 86400
    for picture in archive.pictures("gate", archive.stamp(9)):
        os.utime(picture, (long_ago, long_ago))
    for picture in archive.pictures("gate", archive.stamp(1)):
        os.utime(picture, (archive.clock.at_us / 1e6 - 100,) * 2)
    archive.reaper().cycle()
    assert alive([old, young]) == [True, True]
    assert alive(archive.pictures("gate", archive.stamp(9))) == [False, False]
    assert alive(archive.pictures("gate", archive.stamp(1))) == [True, True]


def test_exports_are_reaped_in_their_turn(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 7, 5)
    for days_ago, minute in ((8, 1), (1, 2)):
        export = archive.exports / f"gate.range.20260101.0{minute}00.to.20260101.0{minute}10.mp4"
        export.write_bytes(bytes(SIZE))
        os.utime(export, (archive.clock.at_us / 1e6 - days_ago * 86400,) * 2)
        paths.append(export)
    other = archive.exports / "upload.mp4"
    other.write_bytes(b"")
    archive.size(6 * SIZE + SIZE // 2)
    archive.reaper().cycle()
    assert alive(paths) == [False, True, True, False, True]
    assert other.exists()


def test_what_the_catalog_lost_is_deleted_before_what_is_younger(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    lost = archive.put_days("gate", 9, 8, 7, listed=False)
    known = archive.put_days("gate", 3, 2, 1)
    archive.size(8 * SIZE)
    archive.reaper().cycle()
    assert alive(lost) == [False, False, False]
    assert alive(known) == [True] * 3
    assert not lost[0].parent.exists()


def test_an_empty_catalog_does_not_stop_a_full_disk_from_being_freed(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    lost = archive.put_days("gate", 9, 8, 7, 6, listed=False)
    start_us = stamp_start_us(archive.stamp(9), UTC)
    archive.store.keeps.add("gate", start_us, start_us + M, reason="", made_by="", now_us=1)
    archive.size(6 * SIZE)
    archive.reaper().cycle()
    assert alive(lost) == [True, False, False, True]


def test_a_backup_tried_beside_the_original_deletes_nothing_of_it(archive):
    """The copy of the database knows the original's folder by the marker that the restored one carries."""
    original = archive.camera("gate")
    theirs = archive.put_days("gate", 40, 30)
    restored = archive.disk / "restored"
    shutil.copytree(original, restored)
    archive.camera("gate", restored)
    mine = archive.put_days("gate", 40, 30)
    archive.rule(max_days=10)
    archive.reaper().cycle()
    assert alive(theirs) == [True, True]
    assert alive(mine)[0] is False


@pytest.mark.parametrize(
    ("marker", "told"),
    [("0123456789abcdef\n", "belongs to another disk"), (None, "has recordings, but no .pynvr-disk")],
    ids=["foreign", "missing"],
)
def test_a_disk_without_the_right_marker_is_left_alone_and_that_is_told(archive, marker, told):
    dst = archive.camera("gate", max_days=1)
    archive.rule(percent=1)
    listed, lost = archive.put_days("gate", 9)[0], archive.put_days("gate", 8, listed=False)[0]
    (dst / ".pynvr-disk").unlink()
    if marker:
        (dst / ".pynvr-disk").write_text(marker)
    archive.size(SIZE)
    archive.reaper().cycle()
    assert alive([listed, lost]) == [True, True]
    assert archive.is_listed(listed)
    assert archive.reaper().notices[0] == f"{dst} {told}: nothing is deleted there"


def test_an_unmounted_disk_keeps_its_rows(archive):
    dst = archive.camera("gate", max_days=1)
    (path,) = archive.put_days("gate", 9)
    shutil.move(dst, archive.folder / "elsewhere")
    archive.reaper().cycle()
    dst.mkdir()
    archive.reaper().cycle()
    assert archive.is_listed(path)
    assert archive.reaper().notices == [], "its recorder tells"


@pytest.mark.parametrize("listed", [True, False])
def test_a_day_folder_that_is_a_link_leads_to_no_deletion(archive, listed):
    dst = archive.camera("gate", max_days=1)
    archive.rule(percent=1)
    (path,) = archive.put_days("gate", 9, listed=listed)
    elsewhere = archive.folder / "elsewhere"
    path.parent.rename(elsewhere)
    path.parent.symlink_to(elsewhere)
    archive.size(10)
    archive.reaper().cycle()
    assert (elsewhere / path.name).exists()
    assert dst.joinpath(path.parent.name).is_symlink()
    if listed:
        assert "link" in " ".join(archive.reaper().notices)


def test_a_file_that_refuses_to_go_does_not_hold_up_the_others(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 8, 7)
    refuse(paths[0])
    archive.size(4 * SIZE)
    archive.disks.ballast = SIZE
    archive.reaper().cycle()
    assert alive(paths) == [True, False, False]
    assert str(paths[0]) in archive.reaper().notices[0]
    assert archive.is_listed(paths[0])


def test_as_much_that_refuses_to_go_as_is_to_be_freed_holds_up_nothing(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 8, 7, 6, 5, 4)
    for path in paths[:3]:
        refuse(path)
    archive.size(10 * SIZE)
    archive.disks.ballast = 3 * SIZE
    archive.reaper().cycle()
    assert alive(paths) == [True, True, True, False, False, True]


@pytest.mark.parametrize("limits", [{"percent": 10}, {"max_days": 1}])
def test_a_folder_that_refuses_everything_holds_up_no_other(archive, limits, monkeypatch):
    monkeypatch.setattr(deletion, "_MOST_OF_A_FOLDER", 3)
    archive.camera("gate")
    archive.camera("yard", dst=archive.folder / "far" / "yard")
    archive.camera("hall")
    archive.rule(**limits)
    archive.rule(archive.folder, **limits)
    gate = archive.put_days("gate", 9, 8, 7, 6, 5)
    for path in gate:
        refuse(path)
    others = archive.put_days("hall", 4, 3) + archive.put_days("yard", 3, 2)
    archive.size(3 * SIZE)
    archive.disks.sizes[archive.folder] = 5 * SIZE
    tally = archive.reaper().cycle()
    assert alive(others) == [False] * 4
    assert tally.refusals[archive.disk / "gate"].count == 3
    assert [notice for notice in archive.reaper().notices if "nor 2 more files there" in notice]


def test_a_day_folder_that_refuses_everything_is_passed_over(archive):
    dst = archive.camera("gate", max_days=1)
    day = archive.stamp(9)[:8]
    for minute in range(30):
        archive.put("gate", f"{day}.00{minute:02}")
    (dst / day).rename(archive.folder / "elsewhere")
    (dst / day).symlink_to(archive.folder / "elsewhere")
    (young,) = archive.put_days("gate", 8)
    tally = archive.reaper().cycle()
    assert not young.exists()
    assert tally.refusals[dst].count == 10


def test_files_that_refuse_to_go_hold_up_none_of_their_day(archive):
    """As those of an incident that somebody made immutable."""
    archive.camera("gate", max_days=1)
    day = archive.stamp(9)[:8]
    paths = [archive.put("gate", f"{day}.00{minute:02}") for minute in range(30)]
    for path in paths[5:20]:
        refuse(path)
    archive.reaper().cycle()
    assert alive(paths) == [False] * 5 + [True] * 15 + [False] * 10


def test_room_that_shows_late_is_not_freed_twice(archive):
    archive.camera("gate")
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 8, 7, 6, 5)
    archive.size(8 * SIZE)
    archive.disks.delayed_bytes = 0
    archive.reaper().cycle()
    assert alive(paths) == [False, False, True, True, True]
    # A viewer holds both files open: the disk is as full as before.
    archive.disks.delayed_bytes = 2 * SIZE
    archive.clock.at_s += 2
    assert archive.reaper().full_disks() == []
    archive.reaper().cycle(only_sizes=True)
    assert alive(paths) == [False, False, True, True, True]
    archive.clock.at_s += 20
    assert archive.reaper().full_disks() == archive.rules
    archive.reaper().cycle(only_sizes=True)
    assert alive(paths) == [False, False, False, False, True]


def test_a_rule_for_a_disk_that_is_gone_says_so_and_the_others_hold(archive):
    archive.camera("gate", max_days=3)
    archive.disks.usage = lambda path: os.statvfs(path / "gone")
    archive.rule(percent=50)
    paths = archive.put_days("gate", 9, 1)
    archive.reaper().cycle()
    assert alive(paths) == [False, True]
    assert "can't be asked" in archive.reaper().notices[0]


def test_it_stops_between_batches_when_told(archive):
    archive.camera("gate", max_days=1)
    day = archive.stamp(9)[:8]
    paths = [archive.put("gate", f"{day}.{n // 60:02}{n % 60:02}", size=1) for n in range(600)]
    reaper = archive.reaper()
    reaper._deleter._alive = lambda: False
    assert 0 < reaper.cycle().segments < 600
    assert [archive.is_listed(path) for path in paths] == alive(paths)
