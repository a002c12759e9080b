"""A chunk becomes an MP4: every sample, every time, in a file that every reader reads; or it is kept with a reason."""

import errno
import json
import os
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from pynvr.archive.chunk import Streams, frame_head, reserve_head, streams_block
from pynvr.archive.lock import try_lock
from pynvr.archive.paths import SegmentName, chunk_path, segment_path
from pynvr.archive.reader import read_chunk
from pynvr.archive.seal import SEAL_BYTES
from pynvr.base.errors import MediaError
from pynvr.finisher import finish
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.inplace import Step
from pynvr.finisher.outcome import Busy, Finished, Postponed, Removed, SetAside
from pynvr.finisher.set_aside import reason_of, set_aside
from pynvr.isobmff.header import segment_header
from pynvr.isobmff.reader import read_segment
from tests.finisher.clips import GENEROUS, STAMP, START_US, clip, plain_chunk, samples_of, write_chunk

KINDS = {
    "h264": {},
    "h264 with B-frames": {"bframes": 2},
    "h265": {"codec": "hevc"},
    "h265 with B-frames": {"codec": "hevc", "bframes": 2},
    "h264 and AAC": {"audio": True},
    "uneven times": {"uneven": True},
    "uneven times with B-frames and AAC": {"uneven": True, "bframes": 2, "audio": True},
}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def finished(path):
    outcome = finish_chunk(path)
    assert isinstance(outcome, Finished), outcome
    assert not path.exists()
    return outcome


@kinds
def test_every_sample_is_the_cameras_and_has_its_time(tmp_path, kind):
    source = clip(**kind)
    outcome = finished(write_chunk(tmp_path, source))
    assert outcome.path == segment_path(tmp_path, "gate", STAMP)
    for track in source.tracks:
        sent = [frame for frame in source.frames if frame.track == track.number]
        found = samples_of(outcome.path, track.kind)
        assert [data for _, _, data in found] == source.samples(track.number)
        expected = [Fraction(frame.pts - sent[0].pts, track.timescale) for frame in sent]
        assert [pts - found[0][0] for pts, _, _ in found] == expected


@kinds
def test_in_place_and_remuxed_hold_the_same_samples_and_times(tmp_path, kind):
    source = clip(**kind)
    in_place = finished(write_chunk(tmp_path / "a", source))
    chunk = write_chunk(tmp_path / "b", source, reserve=0)
    size = chunk.stat().st_size
    remuxed = finished(chunk)
    assert remuxed.path.stat().st_size != size, "it was finished in place"
    for track in source.tracks:
        assert samples_of(in_place.path, track.kind) == samples_of(remuxed.path, track.kind)
    assert (in_place.record.start_us, in_place.record.end_us) == (remuxed.record.start_us, remuxed.record.end_us)
    assert in_place.record.start_us == START_US
    one, other = read_segment(in_place.path), read_segment(remuxed.path)
    assert one.identity == other.identity
    assert one.identity is not None and one.identity.start_us == START_US
    assert [list(table.sizes) for table in one.tables] == [list(table.sizes) for table in other.tables]
    assert [list(table.keyframes) for table in one.tables] == [list(table.keyframes) for table in other.tables]
    assert one.creation_us == other.creation_us == START_US // 1_000_000 * 1_000_000


def test_a_reserve_that_is_too_small_is_no_reason_to_lose_anything(tmp_path):
    source = clip()
    outcome = finished(write_chunk(tmp_path, source, reserve=4096 if len(source.frames) > 400 else 512))
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()


def test_a_chunk_of_version_0_alone_describes_itself_by_its_keyframe(tmp_path):
    source = clip()
    outcome = finished(plain_chunk(tmp_path, source))
    found = samples_of(outcome.path)
    assert [data for _, _, data in found] == source.samples()
    expected = [Fraction(frame.pts - source.frames[0].pts, 90_000) for frame in source.frames]
    # Version 0 knows microseconds only.
    assert all(
        abs(pts - found[0][0] - wanted) <= Fraction(1, 45_000)
        for (pts, _, _), wanted in zip(found, expected, strict=True)
    )
    assert (outcome.record.video.track.width, outcome.record.video.track.height) == (320, 180)


@kinds
def test_the_header_is_in_front_and_nothing_is_copied(tmp_path, kind):
    path = write_chunk(tmp_path, clip(**kind))
    before, inode = path.read_bytes(), path.stat().st_ino
    target = finished(path).path
    after = target.read_bytes()
    assert target.stat().st_ino == inode
    assert after[4:8] == b"ftyp" and after.index(b"moov") < GENEROUS
    assert after[GENEROUS:] == before[GENEROUS:]


@kinds
def test_ffprobe_and_ffmpeg_read_it_without_a_word(tmp_path, kind):
    source = clip(**kind)
    target = finished(write_chunk(tmp_path, source)).path
    probe = subprocess.run(
        ["ffprobe", "-v", "warning", "-count_frames", "-show_streams", "-show_format", "-of", "json", target],
        capture_output=True,
        check=True,
    )
    assert probe.stderr == b""
    found = json.loads(probe.stdout)
    video = next(stream for stream in found["streams"] if stream["codec_type"] == "video")
    assert int(video["nb_read_frames"]) == len(source.samples())
    assert video["codec_tag_string"] == ("hvc1" if source.tracks[0].codec == "hevc" else "avc1")
    assert found["format"]["tags"]["creation_time"].startswith("2026-07-01T10:00:00")
    decode = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", target, "-enc_time_base", "1:90000", "-f", "null", "-"],
        capture_output=True,
        check=True,
    )
    assert decode.stderr == b""


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("frames", [26, 27, 28, 29])
def test_a_segment_that_ends_among_b_frames_shows_all_its_pictures(tmp_path, codec, frames):
    source = clip(codec=codec, bframes=2)
    cut = replace(source, frames=source.frames[:frames])
    outcome = finished(write_chunk(tmp_path, cut))
    times = [frame.pts for frame in cut.frames]
    probe = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "json",
            outcome.path,
        ],
        capture_output=True,
        check=True,
    )
    assert json.loads(probe.stdout)["streams"][0]["nb_read_frames"] == str(frames)
    shown_us = outcome.record.end_us - outcome.record.start_us
    assert shown_us == (max(times) - min(times) + 3600) * 1_000_000 // 90_000


@pytest.mark.skipif(shutil.which("gst-launch-1.0") is None, reason="GStreamer isn't installed")
@kinds
def test_gstreamer_reads_the_same_bytes(tmp_path, kind):
    source = clip(**kind)
    target = finished(write_chunk(tmp_path, source)).path
    sinks = []
    for track in source.tracks:
        sinks += [f"demux.{track.kind}_0", "!", "queue", "!", "filesink", f"location={tmp_path}/{track.number}"]
    subprocess.run(
        ["gst-launch-1.0", "-q", "filesrc", f"location={target}", "!", "qtdemux", "name=demux", *sinks],
        check=True,
        capture_output=True,
        timeout=30,
    )
    for track in source.tracks:
        assert (tmp_path / str(track.number)).read_bytes() == b"".join(source.samples(track.number))


@pytest.mark.parametrize("reserve", [GENEROUS, 0], ids=["in place", "remuxed"])
@pytest.mark.parametrize("cut", [1, 9, 17, 400, 100_000], ids=["1", "9", "17", "400", "its seal"])
def test_a_torn_tail_costs_the_torn_frame_only(tmp_path, reserve, cut):
    source = clip()
    path = write_chunk(tmp_path, source, reserve=reserve)
    last = len(source.samples()[-1]) + 17 + SEAL_BYTES
    whole = path.stat().st_size - last
    os.truncate(path, whole + min(cut, last - 1))
    outcome = finished(path)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()[:-1]
    assert outcome.dropped_bytes == min(cut, last - 1)


def test_zeros_that_a_power_cut_left_are_no_frames(tmp_path):
    source = clip()
    path = write_chunk(tmp_path, source)
    os.truncate(path, path.stat().st_size + 5000)
    outcome = finished(path)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()


def test_what_lies_behind_damage_is_kept_in_the_file(tmp_path):
    source = clip()
    path = write_chunk(tmp_path, source)
    frame = read_chunk(path).frames[30]
    data = bytearray(path.read_bytes())
    data[frame.offset - 17 : frame.offset] = b"\xff" * 17
    path.write_bytes(data)
    outcome = finished(path)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()[:30]
    assert outcome.path.read_bytes()[GENEROUS:] == bytes(data[GENEROUS:])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"this is not a chunk, but it is long enough to look like something", "not a chunk"),
        (os.urandom(100_000), ""),
    ],
    ids=["text", "noise"],
)
def test_what_is_no_chunk_is_set_aside_with_a_reason_and_never_deleted(tmp_path, content, word):
    path = tmp_path / "20260701" / f"gate.{STAMP}.chunk"
    path.parent.mkdir()
    path.write_bytes(content)
    outcome = finish_chunk(path)
    assert isinstance(outcome, SetAside)
    assert outcome.path.name == f"gate.{STAMP}.bad"
    assert outcome.path.read_bytes() == content
    assert outcome.reason == reason_of(outcome.path) and word in outcome.reason
    assert sorted(entry.name for entry in path.parent.iterdir()) == [f"gate.{STAMP}.bad", f"gate.{STAMP}.bad.txt"]


def test_a_second_bad_one_of_a_minute_gets_its_own_name(tmp_path):
    folder = tmp_path / "20260701"
    folder.mkdir()
    (folder / f"gate.{STAMP}.bad").write_bytes(b"the first")
    path = folder / f"gate.{STAMP}.chunk"
    path.write_bytes(b"the second, no chunk either")
    outcome = finish_chunk(path)
    assert isinstance(outcome, SetAside) and outcome.path.name == f"gate.{STAMP}00.bad"
    assert (folder / f"gate.{STAMP}.bad").read_bytes() == b"the first"


def test_an_mp4_of_that_name_is_never_overwritten(tmp_path):
    path = write_chunk(tmp_path, clip())
    other = segment_path(tmp_path, "gate", STAMP)
    other.write_bytes(b"somebody else's")
    outcome = finished(path)
    assert outcome.path == segment_path(tmp_path, "gate", STAMP + "00")
    assert (outcome.name.stamp, outcome.record.stamp) == (STAMP + "00", STAMP + "00")
    assert other.read_bytes() == b"somebody else's"


@pytest.mark.parametrize("reserve", [GENEROUS, 0])
def test_a_chunk_without_any_video_is_removed(tmp_path, reserve):
    path = write_chunk(tmp_path, clip(), frames=0, reserve=reserve)
    assert isinstance(finish_chunk(path), Removed)
    assert list(path.parent.iterdir()) == []


def test_a_file_without_a_byte_is_removed(tmp_path):
    path = tmp_path / "20260701" / f"gate.{STAMP}.chunk"
    path.parent.mkdir()
    path.touch()
    assert isinstance(finish_chunk(path), Removed)


@pytest.mark.parametrize("lacking", [1, SEAL_BYTES + 1, 1000])
def test_the_only_frame_torn_is_removed_for_there_is_nothing_to_show(tmp_path, lacking):
    path = write_chunk(tmp_path, clip(), frames=1)
    os.truncate(path, path.stat().st_size - lacking)
    assert isinstance(finish_chunk(path), Removed)


def test_a_chunk_whose_first_pages_were_never_written_is_finished_or_removed(tmp_path):
    """As a power cut may leave one that was just begun: of the pages that were on their way any may be missing."""
    source = clip()
    path = write_chunk(tmp_path, source)
    data = path.read_bytes()
    path.write_bytes(bytes(4096) + data[4096:])
    outcome = finished(path)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()
    path.write_bytes(bytes(GENEROUS + 2000) + data[GENEROUS + 2000 : GENEROUS + 6000])
    assert isinstance(finish_chunk(path), Removed)


def test_one_that_was_just_begun_is_removed_however_much_was_reserved(tmp_path):
    reserve = 3_400_000 // 4096 * 4096
    path = write_chunk(tmp_path, clip(), frames=20, reserve=reserve)
    data = path.read_bytes()
    assert len(data) > reserve + 2 * 4096
    path.write_bytes(bytes(reserve + 4096) + data[reserve + 4096 :])
    assert isinstance(finish_chunk(path), Removed)


def chunk_without_seals(dst, source):
    """As the version before seals wrote it."""
    path = chunk_path(dst, "gate", STAMP)
    path.parent.mkdir(parents=True)
    head = reserve_head(GENEROUS).ljust(GENEROUS, b"\0")
    streams = Streams(source.tracks, source.frames[0].pts, source.frames[0].time_us)
    frames = (frame_head(frame) + b"".join(frame.payload) for frame in source.frames)
    path.write_bytes(head + streams_block(streams) + b"".join(frames))
    return path


# Of the block's head: version, length, time, kind, CRC; then of its text.
PLACES = (0, 1, 5, 6, 8, 12, 17, 20, 22, 60, 300)


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize(
    "make", [chunk_without_seals, partial(write_chunk, frames=25)], ids=["without seals", "sealed"]
)
def test_video_whose_description_is_damaged_is_kept(tmp_path, make, at):
    """Of the sealed one there is one keyframe, and no word on what was forced."""
    path = make(tmp_path, clip())
    assert read_chunk(path).frames[0].is_key and not read_chunk(path).forced_bytes
    data = bytearray(path.read_bytes())
    for bit in (0, 6):
        data[GENEROUS + at] ^= 1 << bit
        path.write_bytes(data)
        outcome = finish_chunk(path)
        assert isinstance(outcome, SetAside), (bit, outcome)
        assert outcome.path.read_bytes() == data
        outcome.path.unlink()
        data[GENEROUS + at] ^= 1 << bit


@pytest.mark.parametrize("length", [0, 10, 22, 300], ids=["reserve only", "part of its head", "its head", "its half"])
def test_a_chunk_that_ends_in_its_description_is_removed(tmp_path, length):
    path = write_chunk(tmp_path, clip())
    os.truncate(path, GENEROUS + length)
    assert isinstance(finish_chunk(path), Removed)


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "torn"])
@pytest.mark.parametrize("torn", [0, 512])
def test_a_description_of_which_a_cut_left_zeros_is_kept_if_its_keyframe_is_whole(tmp_path, torn, is_whole):
    source = clip()
    long = replace(source.tracks[0], sample_entry=source.tracks[0].sample_entry + bytes(900))
    path = write_chunk(tmp_path, replace(source, tracks=(long,)), frames=3)
    frame = read_chunk(path).frames[0]
    assert frame.offset > GENEROUS + 1024 + 17
    with path.open("r+b") as file:
        file.seek(GENEROUS + torn)
        file.write(bytes(512))
        if not is_whole:
            file.seek(frame.offset + 100)
            file.write(bytes(512))
    assert isinstance(finish_chunk(path), SetAside if is_whole else Removed)


def test_what_an_older_version_kept_is_finished_under_its_old_name(tmp_path):
    """It knows no description of this kind, or it found the header of an MP4 that a newer one had begun."""
    for step in (None, Step.FIRST_PAGE_SYNCED):
        path = write_chunk(tmp_path, clip())

        def dies(now, step=step):
            if now is step:
                raise KeyboardInterrupt

        if step is not None:
            with pytest.raises(KeyboardInterrupt):
                finish_chunk(path, dies)
        kept = set_aside(path, SegmentName("gate", STAMP), "block at 65536 is of the unknown kind 5")
        outcome = finished(kept.path.rename(kept.path.with_suffix(".chunk")))
        assert [data for _, _, data in samples_of(outcome.path)] == clip().samples()
        outcome.path.unlink()


def test_a_recovery_that_is_interrupted_does_not_take_back_what_it_dropped(tmp_path):
    """The power goes again after the header was written: what wasn't the camera's then isn't now."""
    source = clip()
    path = write_chunk(tmp_path, source)
    frame = read_chunk(path).frames[40]
    with path.open("r+b") as file:
        file.seek(frame.offset + frame.size - 7)
        file.write(bytes(7))

    def dies(step):
        if step is Step.FIRST_PAGE_SYNCED:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        finish_chunk(path, dies)
    outcome = finished(path)
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()[:40]


def test_one_frame_makes_a_segment(tmp_path):
    source = clip()
    outcome = finished(write_chunk(tmp_path, source, frames=1))
    assert [data for _, _, data in samples_of(outcome.path)] == source.samples()[:1]


def test_a_chunk_that_is_being_written_is_left_alone(tmp_path):
    path, writer = write_chunk(tmp_path, clip(), close=False)
    before = path.read_bytes()
    assert finish_chunk(path) == Busy(path)
    assert path.read_bytes() == before
    writer.close()
    finished(path)


def test_a_chunk_that_is_gone_is_nothing_to_finish(tmp_path):
    path = tmp_path / "20260701" / f"gate.{STAMP}.chunk"
    assert finish_chunk(path) == Busy(path)


def test_a_chunk_whose_maker_died_before_naming_it_is_removed_or_finished(tmp_path):
    path = write_chunk(tmp_path, clip(), frames=0)
    new = path.rename(path.with_suffix(".chunk.new"))
    assert isinstance(finish_chunk(new), Removed)
    path = write_chunk(tmp_path, clip())
    new = path.rename(path.with_suffix(".chunk.new"))
    assert isinstance(finish_chunk(new), Finished)


def test_a_second_name_of_a_chunk_just_goes(tmp_path):
    source = clip()
    path = write_chunk(tmp_path, source)
    new = path.with_suffix(".chunk.new")
    os.link(path, new)
    assert finish_chunk(new) == Busy(new)
    assert not new.exists()
    assert [data for _, _, data in samples_of(finished(path).path)] == source.samples()


def test_an_mp4_under_a_chunks_name_that_no_chunk_became_is_set_aside_untouched(tmp_path):
    target = finished(write_chunk(tmp_path, clip(), reserve=0)).path
    data = target.read_bytes()
    path = target.rename(target.with_suffix(".chunk"))
    outcome = finish_chunk(path)
    assert isinstance(outcome, SetAside)
    assert outcome.path.read_bytes() == data


def test_a_product_that_fails_the_check_becomes_the_chunk_it_was(tmp_path, monkeypatch):
    path = write_chunk(tmp_path, clip())
    before = path.read_bytes()

    def refuse(*_args, **_kwargs):
        raise MediaError("libav finds 3 samples")

    monkeypatch.setattr(finish, "check_segment", refuse)
    outcome = finish_chunk(path)
    assert isinstance(outcome, SetAside) and "3 samples" in outcome.reason
    assert outcome.path.read_bytes()[:22] == before[:22]
    assert outcome.path.read_bytes()[GENEROUS:] == before[GENEROUS:]
    monkeypatch.undo()
    finished(outcome.path.rename(path))


@pytest.mark.parametrize("broken", [3, 40])
def test_a_sample_table_that_lies_is_noticed(tmp_path, monkeypatch, broken):
    path = write_chunk(tmp_path, clip())
    true_header = segment_header

    def lying(tables, *args):
        tables[0].offsets[broken] += 1
        try:
            return true_header(tables, *args)
        finally:
            tables[0].offsets[broken] -= 1

    monkeypatch.setattr(finish, "segment_header", lying)
    outcome = finish_chunk(path)
    assert isinstance(outcome, SetAside) and "elsewhere" in outcome.reason


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_postpones_and_changes_nothing(tmp_path, monkeypatch, number):
    path = write_chunk(tmp_path, clip())
    before = path.read_bytes()

    def fail(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(finish, "write_header", fail)
    outcome = finish_chunk(path)
    assert isinstance(outcome, Postponed) and os.strerror(number) in outcome.reason
    assert path.read_bytes() == before
    monkeypatch.undo()
    finished(path)


def test_no_room_for_a_remuxed_copy_leaves_the_chunk_and_no_copy(tmp_path, monkeypatch):
    path = write_chunk(tmp_path, clip(), reserve=0)
    before = path.read_bytes()

    def full(source, target, *_args):
        target.write_bytes(b"as far as it went")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(finish, "remux", full)
    assert isinstance(finish_chunk(path), Postponed)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_lock_is_held_until_the_name_is_there(tmp_path):
    path = write_chunk(tmp_path, clip())
    seen = []

    def witness(step):
        name = path if path.exists() else segment_path(tmp_path, "gate", STAMP)
        fd = os.open(name, os.O_RDONLY)
        seen.append((step, try_lock(fd)))
        os.close(fd)

    assert isinstance(finish_chunk(path, witness), Finished)
    assert [step for step, _ in seen][-1] is Step.FOLDER_SYNCED
    assert not any(taken for _, taken in seen)
