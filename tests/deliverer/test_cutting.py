"""Clips of incidents, as players see them: which frames, when, and what is told of those that aren't there."""

import errno
import os
from fractions import Fraction
from types import SimpleNamespace

import pytest

import pynvr.deliverer.clip
from pynvr.archive.marker import create_marker
from pynvr.archive.reader import is_finished
from pynvr.base.errors import FootageGoneError
from pynvr.deliverer.clip import make_clip as make_clip_file
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.inplace import Step
from pynvr.finisher.outcome import Finished
from pynvr.media.clip_encoder import encode_clip
from pynvr.model.cause import Cause, Transition
from pynvr.model.incident import IncidentStatus
from pynvr.store.audit import Wanted
from tests.archive.clips import ANCHOR_US, make_clip
from tests.deliverer.scene import S, Scene
from tests.playback.recording import in_segments
from tests.playback.watching import decode_all, probe, samples, shown

FRAME = Fraction(1, 25)
PLAIN = make_clip(count=96)  # 3.84 s, a keyframe each 0.48 s
SOUND = make_clip(count=96, b_frames=2, audio_from_us=0)
H265 = make_clip(count=96, codec="libx265")


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def record(scene, clip=PLAIN, at_us=None, every=2):
    for frames in in_segments(clip, every):
        scene.made.add(clip, at_us, frames=frames)


def near(found, expected, by=Fraction(1, 45_000)):
    return len(found) == len(expected) and all(abs(a - b) <= by for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("clip", [PLAIN, SOUND, H265], ids=["plain", "sound and b-frames", "h265"])
def test_a_clip_is_what_was_recorded_and_plays_from_the_very_frame(scene, clip):
    record(scene, clip)
    found, path = scene.cut(scene.report(1.0, 2.52))
    assert (found.status, found.missing) == (IncidentStatus.EXTRACTED, ())
    assert (found.clip_start_us, found.clip_end_us) == (ANCHOR_US + S, ANCHOR_US + round(2.52 * S))
    assert found.clip_bytes == path.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o640
    assert near(shown(path), [n * FRAME for n in range(38)])
    recorded = {b"".join(frame.payload) for frame in clip.of(0)}
    kept = samples(path, "video")
    assert {sample.payload for sample in kept} < recorded
    assert kept[0].is_key
    assert decode_all(path) == ""
    assert probe(path)["streams"][0]["codec_name"] == clip.tracks[0].codec
    assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")


@pytest.mark.parametrize("clip", [PLAIN, SOUND, H265], ids=["plain", "sound and b-frames", "h265"])
def test_an_exact_clip_holds_just_its_frames_and_nothing_before(scene, clip):
    record(scene, clip)
    found, path = scene.cut(scene.report(1.0, 2.52, exact=True))
    assert (found.status, found.last_error) == (IncidentStatus.EXTRACTED, "")
    assert near(shown(path), [n * FRAME for n in range(38)], Fraction(1, 2000))
    assert len(samples(path, "video")) == 38
    kinds = {stream["codec_type"]: stream for stream in probe(path)["streams"]}
    assert kinds["video"]["codec_name"] == "h264"
    assert abs(float(kinds["video"]["duration"]) - 1.52) < 0.003
    if clip is SOUND:
        assert kinds["audio"]["codec_name"] == "aac"
        assert abs(float(kinds["audio"]["duration"]) - 1.52) < 0.05
    assert decode_all(path) == ""
    assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_exact_clip_goes_on_over_a_gap_picture_and_sound(scene):
    record(scene, SOUND)
    record(scene, SOUND, ANCHOR_US + 60 * S)
    found, path = scene.cut(scene.report(3, 61, exact=True))
    assert found.has_clip
    assert len(shown(path)) == 46
    ends = {kind: shown(path, kind)[-1] for kind in ("video", "audio")}
    assert abs(ends["video"] - Fraction("1.8")) < Fraction(1, 10)
    assert abs(ends["audio"] - ends["video"]) < Fraction(1, 10)
    assert decode_all(path) == ""


@pytest.mark.parametrize("exact", [False, True])
def test_a_clip_of_one_frame_is_a_clip(scene, exact):
    record(scene)
    found, path = scene.cut(scene.report(1, 1.02, exact=exact))
    assert (found.has_clip, found.last_error) == (True, "")
    assert shown(path) == [0]
    assert decode_all(path) == ""


def test_h265_becomes_h264_on_wish_and_h264_stays_as_it_is(scene):
    record(scene, H265)
    record(scene, PLAIN, ANCHOR_US + 600 * S)
    _, encoded = scene.cut(scene.report(1, 2, codec="h264"))
    assert probe(encoded)["streams"][0]["codec_name"] == "h264"
    _, copied = scene.cut(scene.report(601, 602, codec="h264"))
    assert {sample.payload for sample in samples(copied, "video")} < {b"".join(f.payload) for f in PLAIN.of(0)}


def test_what_two_formats_show_is_one_clip(scene):
    record(scene, PLAIN)
    record(scene, H265, ANCHOR_US + 4 * S)
    found, path = scene.cut(scene.report(3, 6))
    assert found.status == IncidentStatus.EXTRACTED
    (missing,) = found.missing
    assert (missing.start_us, missing.end_us) == (ANCHOR_US + round(3.84 * S), ANCHOR_US + 4 * S)
    assert len(shown(path)) == 71
    assert decode_all(path) == ""


def test_a_gap_is_left_out_and_told_with_its_cause(scene):
    record(scene)
    record(scene, at_us=ANCHOR_US + 8 * S)
    since_us = ANCHOR_US + round(3.9 * S)
    scene.store.causes.ingest([Transition("gate", since_us, Cause.UNREACHABLE, "no route to host")], "j", 1)
    found, path = scene.cut(scene.report(2, 9))
    told = [(one.cause, one.detail) for one in found.missing]
    assert (Cause.UNREACHABLE, "no route to host") in told
    assert found.missing[0].start_us == ANCHOR_US + round(3.84 * S)
    assert found.missing[-1].end_us == ANCHOR_US + 8 * S
    assert len(shown(path)) == round((3.84 - 2 + 1) * 25)
    entry = scene.store.audit.page(Wanted(), 9)[0].entry
    assert "4.2 s that weren't recorded" in entry.text


def test_a_clip_for_now_waits_for_its_last_second_and_no_longer(scene):
    scene.clock.at_us = ANCHOR_US + 2 * S
    growing = scene.made.add(PLAIN, frames=[f for f in PLAIN.frames if f.time_us < ANCHOR_US + 2 * S], finish=False)
    incident = scene.report(1, 3)
    found, _ = scene.cut(incident)
    assert found.status == IncidentStatus.PENDING
    scene.clock.at_us = incident.end_us + S  # its time is over, but the camera's last second isn't there
    assert 0 < scene.cutter.turn() < 1
    assert scene.now(incident).status == IncidentStatus.PENDING
    growing.unlink()
    scene.made.add(PLAIN, finish=False)
    found, path = scene.cut(incident)
    assert (found.status, found.missing) == (IncidentStatus.EXTRACTED, ())
    assert near(shown(path), [n * FRAME for n in range(50)])


def test_pictures_that_come_behind_later_ones_are_waited_for(scene):
    end_us = ANCHOR_US + round(2.02 * S)
    arrived = [frame.time_us >= end_us and frame.track == 0 for frame in SOUND.frames].index(True) + 1
    expected = {f.time_us for f in SOUND.of(0) if ANCHOR_US + S <= f.time_us < end_us}
    there = {f.time_us for f in SOUND.frames[:arrived] if f.track == 0}
    assert expected - there, "the clip has no such pictures"
    growing = scene.made.add(SOUND, frames=SOUND.frames[:arrived], finish=False)
    incident = scene.report(1, 2.02)
    scene.clock.at_us = end_us + 300_000
    assert scene.cut(incident)[0].status == IncidentStatus.PENDING
    growing.unlink()
    scene.made.add(SOUND, finish=False)
    found, path = scene.cut(incident)
    assert found.has_clip
    assert len(shown(path)) == len(expected)


def test_a_camera_that_falls_silent_gets_its_time_then_what_there_is_is_taken(scene):
    record(scene)
    incident = scene.report(3, 8)
    scene.clock.at_us = incident.end_us + 9 * S  # frame_timeout is 5 s
    assert scene.cut(incident)[0].status == IncidentStatus.PENDING
    scene.clock.at_us = incident.end_us + 11 * S
    found, path = scene.cut(incident)
    assert found.status == IncidentStatus.EXTRACTED
    assert found.missing[-1].end_us == incident.end_us
    assert len(shown(path)) == 21


def test_where_nothing_was_recorded_it_fails_with_the_cause_once_that_is_certain(scene):
    scene.store.causes.ingest([Transition("yard", ANCHOR_US - S, Cause.REFUSED, "401 Unauthorized")], "j", 1)
    incident = scene.report(0, 5, camera_id="yard")
    scene.clock.at_us = incident.end_us + 20 * S
    assert scene.cut(incident)[0].status == IncidentStatus.PENDING
    scene.clock.at_us = incident.end_us + 40 * S
    found, path = scene.cut(incident)
    assert (found.status, found.has_clip) == (IncidentStatus.FAILED, False)
    assert found.last_error == "nothing was recorded (refused: 401 Unauthorized)"
    assert [one.cause for one in found.missing] == [Cause.REFUSED]
    assert not path.exists()
    entry = scene.store.audit.page(Wanted(), 9)[0].entry
    assert (entry.action, entry.subject) == ("incident.failed", str(incident.id))


def test_what_was_not_recorded_between_recordings_fails_at_once(scene):
    record(scene)
    record(scene, at_us=ANCHOR_US + 30 * S)
    incident = scene.report(10, 12)
    scene.clock.at_us = ANCHOR_US + 36 * S
    assert scene.cut(incident)[0].status == IncidentStatus.FAILED


def test_an_incident_that_lies_ahead_waits(scene):
    incident = scene.report(7200, 7205)
    assert scene.cut(incident)[0].status == IncidentStatus.PENDING


def test_what_ends_first_is_cut_first_and_one_in_a_turn(scene):
    record(scene)
    late, early = scene.report(1, 3), scene.report(0, 1)
    assert scene.cutter.turn() == 0.0
    assert (scene.now(early).has_clip, scene.now(late).has_clip) == (True, False)
    assert scene.cutter.turn() == 0.0
    assert scene.now(late).has_clip
    assert scene.cutter.turn() > 0


def test_what_is_only_copied_does_not_wait_for_what_is_encoded(scene, monkeypatch):
    record(scene)
    slow, quick = scene.report(0, 2, exact=True), scene.report(0, 3)
    scene.cutter.turn()
    assert (scene.now(slow).has_clip, scene.now(quick).has_clip) == (False, True)
    later = []

    def encode_while_another_comes(parts, target, created_us, go_on):
        later.append(scene.report(1, 3))
        scene.clock.at_us += S
        assert go_on()
        assert scene.now(later[0]).has_clip
        assert not scene.now(slow).has_clip
        later.append(scene.report(1, 2, exact=True))
        scene.clock.at_us += S
        assert go_on()
        assert not scene.now(later[1]).has_clip
        encode_clip(parts, target, created_us, go_on)

    monkeypatch.setattr(pynvr.deliverer.clip, "encode_clip", encode_while_another_comes)
    scene.cutter.turn()
    assert scene.now(slow).has_clip
    assert len(later) == 2


def test_a_full_disk_puts_it_off_and_leaves_nothing_half_made(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)
    write = pynvr.deliverer.clip._write_all

    def full(fd, data):
        write(fd, data[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pynvr.deliverer.clip, "_write_all", full)
    found, path = scene.cut(incident)
    assert found.status == IncidentStatus.PENDING
    assert found.last_error == "can't write the clip: No space left on device"
    assert list(path.parent.iterdir()) == []
    monkeypatch.undo()
    assert not scene.cut(incident)[0].has_clip
    scene.clock.at_us += 31 * S
    found, _ = scene.cut(incident)
    assert (found.has_clip, found.last_error) == (True, "")


def test_what_kills_the_encoder_is_tried_again_after_a_pause(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2, exact=True)

    def dies(*_):
        raise KeyboardInterrupt  # nothing of ours catches it, as nothing catches a crash of libav

    monkeypatch.setattr("pynvr.deliverer.clip.encode_clip", dies)
    with pytest.raises(KeyboardInterrupt):
        scene.cutter.turn()
    monkeypatch.undo()
    scene.cutter.begin()
    assert not scene.cut(incident)[0].has_clip
    scene.clock.at_us += 61 * S
    found, _ = scene.cut(incident)
    assert (found.has_clip, found.last_error) == (True, "")


def test_a_clip_leaves_room_for_the_recording(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)
    free = SimpleNamespace(free=20_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: free)
    assert "No space left" in scene.cut(incident)[0].last_error
    free.free = 1 << 30
    scene.clock.at_us += 31 * S
    assert scene.cut(incident)[0].has_clip


def test_video_on_a_disk_that_is_gone_is_waited_for(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)
    paths = [path.rename(path.with_suffix(".away")) for path in scene.made.paths.values()]
    found, _ = scene.cut(incident)
    assert found.status == IncidentStatus.PENDING
    assert found.last_error
    for path in paths:
        path.rename(path.with_suffix(".mp4"))
    scene.clock.at_us += 31 * S
    assert scene.cut(incident)[0].has_clip


def test_video_that_stays_away_is_gone_without_after_an_hour(scene):
    record(scene)
    incident = scene.report(0, 2)
    scene.made.paths[ANCHOR_US].unlink()
    assert not scene.cut(incident)[0].has_clip
    scene.clock.at_us += 3601 * S
    found, _ = scene.cut(incident)
    assert found.has_clip
    assert (found.missing[0].start_us, found.missing[0].end_us) == (ANCHOR_US, ANCHOR_US + round(0.96 * S))


def test_an_incident_deleted_while_it_is_cut_leaves_no_clip(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)
    make = make_clip_file

    def deleted_meanwhile(*given):
        scene.store.incidents.remove(incident.id)
        return make(*given)

    monkeypatch.setattr(pynvr.deliverer.cutting, "make_clip", deleted_meanwhile)
    scene.cutter.turn()
    assert not scene.path(incident).exists()


@pytest.mark.parametrize("exact", [False, True])
def test_who_stops_leaves_it_for_the_next_start(scene, exact):
    record(scene)
    incident = scene.report(0, 2, exact=exact)
    looked = scene.footage.pieces

    def stopped_meanwhile(*given):
        scene.cutter.stop()
        return looked(*given)

    scene.footage.pieces = stopped_meanwhile
    found, path = scene.cut(incident)
    assert (found.status, found.last_error, found.next_try_us) == (IncidentStatus.PENDING, "", None)
    assert list(path.parent.iterdir()) == []


def test_recordings_that_vanish_while_they_are_read_are_no_clip(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)

    opened = iter(scene.made.paths)

    def gone(piece):
        # They are there when they are looked for, and not when they are read.
        if next(opened, None) is None:
            raise FootageGoneError("deleted")
        return os.open(scene.made.paths[piece.start_us], os.O_RDONLY)

    monkeypatch.setattr(scene.footage, "open", gone)
    found, path = scene.cut(incident)
    assert (found.status, found.last_error) == (IncidentStatus.PENDING, "deleted")
    assert list(path.parent.iterdir()) == []


def test_a_moment_at_the_very_border_of_two_segments_is_whole(scene):
    record(scene, every=1)
    found, path = scene.cut(scene.report(0.48, 0.96))
    assert found.missing == ()
    assert near(shown(path), [n * FRAME for n in range(12)])


def test_what_a_power_cut_left_as_a_chunk_is_a_clip_however_late_the_next_start(scene):
    scene.made.add(PLAIN, finish=False)
    incident = scene.report(1, 2)
    scene.clock.at_us = ANCHOR_US + 3 * 86_400 * S
    found, path = scene.cut(incident)
    assert (found.status, found.missing) == (IncidentStatus.EXTRACTED, ())
    assert near(shown(path), [n * FRAME for n in range(25)])


def test_what_is_in_vain_for_long_is_tried_less_often(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=20_000))
    pauses = []
    for _ in range(40):
        found, _ = scene.cut(incident)
        pauses.append(found.next_try_us - scene.clock.at_us)
        scene.clock.at_us = found.next_try_us
    assert pauses[0] == 30 * S
    assert 30 * S < pauses[30] < pauses[-1]
    assert max(pauses) <= 600 * S


def test_a_retry_while_it_is_encoded_does_not_throw_the_work_away(scene, monkeypatch):
    record(scene)
    incident = scene.report(0, 2, exact=True)

    def encode_while_somebody_is_impatient(*given):
        scene.store.incidents.write(scene.now(incident).retried(deliver=True))
        encode_clip(*given)

    monkeypatch.setattr(pynvr.deliverer.clip, "encode_clip", encode_while_somebody_is_impatient)
    found, path = scene.cut(incident)
    assert (found.status, found.deliver, found.clip_bytes) == (IncidentStatus.EXTRACTED, True, path.stat().st_size)


def test_video_that_is_all_on_a_disk_that_is_away_is_waited_for_longer(scene):
    record(scene)
    incident = scene.report(0, 0.9)
    path = scene.made.paths[ANCHOR_US]
    path.rename(path.with_suffix(".away"))
    scene.clock.at_us += 20 * 3600 * S
    found, _ = scene.cut(incident)
    assert (found.status, "its disk is gone" in found.last_error) == (IncidentStatus.PENDING, True)
    path.with_suffix(".away").rename(path)
    scene.clock.at_us = found.next_try_us
    assert scene.cut(incident)[0].has_clip


def test_video_that_does_not_come_back_fails_at_last(scene):
    record(scene)
    incident = scene.report(0, 0.9)
    scene.made.paths[ANCHOR_US].unlink()
    scene.clock.at_us += 8 * 86_400 * S
    assert scene.cut(incident)[0].status == IncidentStatus.FAILED


def test_thousands_that_are_to_be_encoded_are_looked_at_one_by_one(scene):
    record(scene)
    looks, look = [], scene.footage.pieces

    def counted(*given):
        looks.append(given)
        return look(*given)

    scene.footage.pieces = counted
    for _ in range(20):
        scene.report(0, 2, exact=True)
    scene.cutter.turn()
    assert len(looks) < 5


class FinisherKilled(BaseException):
    """Between two steps."""


def die_at(step):
    def witness(now):
        if now is step:
            raise FinisherKilled

    return witness


def leave_half_finished(scene, **how):
    """A chunk whose finisher was killed when it had made it an MP4: what it lacks is the name."""
    path = scene.made.add(PLAIN, finish=False, **how)
    with pytest.raises(FinisherKilled):
        finish_chunk(path, die_at(Step.FIRST_PAGE_SYNCED))
    assert path.exists() and is_finished(path)
    return path


@pytest.mark.parametrize("wanted", [(1, 2), (3, 9)], ids=["all of it", "its beginning"])
def test_a_left_chunk_that_nobody_can_read_is_waited_for_though_the_camera_is_recorded_again(scene, wanted):
    path = leave_half_finished(scene)
    record(scene, at_us=ANCHOR_US + 8 * S)
    incident = scene.report(*wanted)
    found, _ = scene.cut(incident)
    assert (found.status, found.last_error) == (IncidentStatus.PENDING, "")
    scene.clock.at_us += 60 * S
    found, _ = scene.cut(incident)
    assert (found.status, path.name in found.last_error) == (IncidentStatus.PENDING, True)
    assert isinstance(finish_chunk(path), Finished)  # the next finisher; its row isn't there yet
    scene.clock.at_us = found.next_try_us
    found, clip = scene.cut(incident)
    assert found.has_clip
    assert found.clip_start_us == ANCHOR_US + wanted[0] * S
    assert len(shown(clip)) == (25 if wanted == (1, 2) else round((3.84 - 3 + 1) * 25))


def test_a_chunk_of_another_time_or_camera_is_not_waited_for(scene):
    leave_half_finished(scene, camera_id="yard")
    leave_half_finished(scene, at_us=ANCHOR_US + 300 * S)
    record(scene, at_us=ANCHOR_US + 30 * S)
    assert scene.cut(scene.report(10, 12))[0].status == IncidentStatus.FAILED


def test_a_left_chunk_that_can_be_read_and_ended_before_holds_nothing_up(scene):
    scene.made.add(PLAIN, finish=False)
    record(scene, at_us=ANCHOR_US + 100 * S)
    found, _ = scene.cut(scene.report(30, 32))
    assert (found.status, "chunk" in found.last_error) == (IncidentStatus.FAILED, False)


def test_what_stays_unread_is_gone_without_in_the_end(scene):
    leave_half_finished(scene)
    record(scene, at_us=ANCHOR_US + 8 * S)
    partly, nothing = scene.report(3, 9), scene.report(1, 2)
    scene.clock.at_us += 3700 * S
    scene.cut(partly)
    scene.cut(nothing)
    assert scene.now(partly).has_clip
    assert scene.now(nothing).status == IncidentStatus.PENDING
    scene.clock.at_us += 8 * 86_400 * S
    assert scene.cut(nothing)[0].status == IncidentStatus.FAILED


def test_what_was_recorded_on_a_disk_that_is_away_may_be_in_a_left_chunk(scene):
    dst = scene.made.settings.camera("gate").dst
    scene.store.disks.remember(dst, create_marker(dst))
    scene.made.add(PLAIN, finish=False)
    away_us = ANCHOR_US + round(3.9 * S)
    told = [Transition("gate", ANCHOR_US, Cause.RECORDED), Transition("gate", away_us, Cause.DISK_MISSING, "gone")]
    scene.store.causes.ingest(told, "j", 1)
    dst.rename(dst.with_name("away"))
    before, after = scene.report(1, 2), scene.report(20, 22)
    scene.clock.at_us += 60 * S
    scene.cut(before)
    scene.cut(after)
    assert scene.now(before).status == IncidentStatus.PENDING
    assert "is the disk mounted?" in scene.now(before).last_error
    assert (scene.now(after).status, "disk missing" in scene.now(after).last_error) == (IncidentStatus.FAILED, True)
    dst.with_name("away").rename(dst)
    scene.clock.at_us = scene.now(before).next_try_us
    assert scene.cut(before)[0].has_clip
