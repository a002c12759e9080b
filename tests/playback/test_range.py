"""A range's MP4 against its source segments, as players read both: every payload, every time."""

import hashlib
import random
from array import array
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import index_path
from pynvr.archive.record import rebuild_record
from pynvr.archive.seal import SEAL_BYTES
from pynvr.base.errors import FootageGoneError, FormatChangesError, NothingRecordedError
from pynvr.catalog.entry import entry_of
from pynvr.finisher.finish import finish_chunk
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.runs import from_big_endian, to_big_endian
from pynvr.playback.byte_source import PIECE_BYTES
from pynvr.playback.range_planner import plan_range
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Now, Recording, in_segments
from tests.playback.watching import decode_all, gstreamer, probe, samples, shown

SECOND = 1_000_000
FRAME_US = 40_000
COUNT = 96  # 3.84 s, a keyframe each 0.48 s

KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "with sound": {"audio_from_us": 0},
    "sound that starts late": {"audio_from_us": 700_000},
    "sound that starts early": {"audio_from_us": -15_000},
    "b-frames": {"b_frames": 2},
    "variable frame rate": {"variable": True},
    "variable with b-frames and sound": {"variable": True, "b_frames": 2, "audio_from_us": 0},
    "h265": {"codec": "libx265"},
    "h265 with b-frames": {"codec": "libx265", "b_frames": 2},
}
_CLIPS: dict[str, Any] = {}


def clip_of(kind):
    if kind not in _CLIPS:
        _CLIPS[kind] = make_clip(count=COUNT, **KINDS[kind])
    return _CLIPS[kind]


def recorded(folder, clip, every=2, **how):
    made = Recording(folder)
    for frames in in_segments(clip, every):
        made.add(clip, frames=frames, **how)
    return made


@pytest.fixture(params=KINDS)
def clip(request):
    return clip_of(request.param)


@pytest.fixture
def plain(tmp_path):
    return recorded(tmp_path, clip_of("plain"))


def pictures(clip):
    """(when it is shown, from the clip's first picture on; payload), in decode order."""
    first = clip.of(0)[0].pts
    return [(Fraction(frame.pts - first, 90_000), b"".join(frame.payload)) for frame in clip.of(0)]


def last_end_s(clip):
    """When the picture shown last ends, as the finisher tells it."""
    return max(time for time, _ in pictures(clip)) + Fraction(1, 25)


def seconds(at_us):
    return Fraction(at_us, SECOND)


def near(found, expected, by=Fraction(1, 45_000)):
    return len(found) == len(expected) and all(abs(a - b) <= by for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("reserve_bytes", [16_384, 0], ids=["finished in place", "remuxed"])
def test_the_whole_recording_is_the_source_sample_by_sample(tmp_path, clip, reserve_bytes):
    made = recorded(tmp_path, clip, reserve_bytes=reserve_bytes)
    path = made.write(ANCHOR_US - 10 * SECOND, ANCHOR_US + 60 * SECOND)
    assert [one.payload for one in samples(path, "video")] == [payload for _, payload in pictures(clip)]
    assert [one.is_key for one in samples(path, "video")] == [frame.is_key for frame in clip.of(0)]
    assert near(shown(path), sorted(time for time, _ in pictures(clip)))
    assert decode_all(path) == ""
    found = probe(path)
    assert found["streams"][0]["nb_read_packets"] == str(COUNT)
    assert found["streams"][0]["nb_read_frames"] == str(COUNT)


@pytest.mark.parametrize("kind", ["with sound", "sound that starts late", "variable with b-frames and sound"])
def test_sound_keeps_its_distance_from_the_picture_over_all_borders(tmp_path, kind):
    clip = clip_of(kind)
    path = recorded(tmp_path, clip, every=1).write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    heard = samples(path, "audio")
    source = [frame for frame in clip.of(1) if frame.time_us < ANCHOR_US + last_end_s(clip) * SECOND]
    assert [one.payload for one in heard] == [b"".join(frame.payload) for frame in source]
    edits = {table.track.kind: table.start_offset_us for table in read_segment(path).tables}
    # Where a sample lies on the movie's clock: by its table, and the one edit that moves the whole track.
    begin = seconds(edits["audio"]) - heard[0].shown_s
    for one, frame in zip(heard, source, strict=True):
        assert abs(begin + one.shown_s - seconds(frame.time_us - ANCHOR_US)) < Fraction(1, 20_000)


@pytest.mark.parametrize("seed", range(4))
def test_any_part_shows_exactly_its_pictures(tmp_path, clip, seed):
    made = recorded(tmp_path, clip)
    chance = random.Random(seed)
    end_us = int(last_end_s(clip) * SECOND)
    from_us, to_us = sorted(chance.sample(range(0, end_us), 2))
    path = made.write(ANCHOR_US + from_us, ANCHOR_US + to_us)
    times = sorted(time for time, _ in pictures(clip))
    standing = max(time for time in times if time <= seconds(from_us))
    expected = [max(time - seconds(from_us), Fraction(0)) for time in times if standing <= time < seconds(to_us)]
    assert near(shown(path), expected)
    assert decode_all(path) == ""
    assert abs(Fraction(probe(path)["format"]["duration"]) - seconds(to_us - from_us)) <= Fraction(1, 1000)


def test_what_is_shown_begins_and_ends_where_it_was_asked_to(plain):
    path = plain.write(ANCHOR_US + 970_003, ANCHOR_US + 2_500_000)
    (table,) = read_segment(path).tables
    shown_at = samples(path, "video")
    # The picture of 0.96 s stands at the start: it is a keyframe, and nothing lies before it.
    assert shown_at[0].is_key
    assert shown_at[0].payload == pictures(clip_of("plain"))[24][1]
    assert table.start_offset_us == pytest.approx(0, abs=12)
    assert Fraction(probe(path)["format"]["duration"]) == pytest.approx(1.529997, abs=0.0001)


def test_inside_a_gop_the_keyframe_before_is_there_but_not_shown(plain):
    path = plain.write(ANCHOR_US + 1_300_000, ANCHOR_US + 2_000_000)
    inside = samples(path, "video")
    assert [one.payload for one in inside] == [payload for _, payload in pictures(clip_of("plain"))[24:50]]
    assert inside[0].is_key
    assert shown(path)[:3] == [0, Fraction(20, 1000), Fraction(60, 1000)]
    assert len(shown(path)) == 18


def test_gstreamer_reads_the_same(tmp_path):
    clip = clip_of("with sound")
    made = recorded(tmp_path, clip)
    from_us, to_us = ANCHOR_US + 700_000, ANCHOR_US + 3_100_000
    path = made.write(from_us, to_us)
    tracks = gstreamer(path)
    ours = {kind: [one.payload for one in samples(path, kind)] for kind in ("video", "audio")}
    for kind, found in tracks.items():
        # qtdemux leaves out what an edit list hides at the end, and whole pictures before the keyframe it needs.
        assert len(found) > 50
        assert set(found) <= set(map(_md5, ours[kind])), kind
    assert set(tracks) == {"video", "audio"}
    whole = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    assert gstreamer(whole)["video"] == [_md5(payload) for _, payload in pictures(clip)]


def _md5(data):
    return hashlib.md5(data).hexdigest()


def test_gaps_are_left_out_or_take_their_time(tmp_path):
    clip = clip_of("with sound")
    made = Recording(tmp_path)
    made.add(clip)
    made.add(clip, at_us=ANCHOR_US + 30 * SECOND)
    lasts = last_end_s(clip)
    times = sorted(time for time, _ in pictures(clip))
    for gaps, second in (("close", lasts), ("keep", Fraction(30))):
        path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND, gaps)
        assert near(shown(path), times + [second + time for time in times])
        assert decode_all(path) == ""
        assert abs(Fraction(probe(path)["format"]["duration"]) - (second + lasts)) < Fraction(1, 100)
        heard = samples(path, "audio")
        half = len(heard) // 2
        # Sound goes on where the picture does.
        assert abs(heard[half].shown_s - heard[0].shown_s - second) < Fraction(22, 1000)
    plan = plan_range(made.footage, "gate", ANCHOR_US, ANCHOR_US + 60 * SECOND, "keep")
    end_us = ANCHOR_US + int(lasts * SECOND)
    assert plan.missing == ((end_us, ANCHOR_US + 30 * SECOND), (end_us + 30 * SECOND, ANCHOR_US + 60 * SECOND))
    assert plan.shown_us == 30 * SECOND + end_us - ANCHOR_US


def test_a_gap_in_front_is_waited_for_if_gaps_are_kept(plain):
    path = plain.write(ANCHOR_US - 7 * SECOND, ANCHOR_US + SECOND, "keep")
    assert shown(path)[0] == 7
    assert Fraction(probe(path)["format"]["duration"]) == 8
    assert shown(plain.write(ANCHOR_US - 7 * SECOND, ANCHOR_US + SECOND))[0] == 0


def test_a_clock_set_back_puts_the_later_recording_behind(tmp_path):
    clip = clip_of("with sound")
    made = Recording(tmp_path)
    made.add(clip)
    made.add(clip, at_us=ANCHOR_US + 2 * SECOND)
    path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    times = sorted(time for time, _ in pictures(clip))
    assert near(shown(path), times + [last_end_s(clip) + time for time in times])
    assert decode_all(path) == ""


@pytest.mark.parametrize(("begin", "end"), [(2.5, 3.0), (2.5, 60.0), (0.0, 2.5)])
def test_where_a_clock_was_set_back_nothing_waits_for_what_lies_outside_the_range(tmp_path, begin, end):
    clip = clip_of("with sound")
    made = Recording(tmp_path)
    made.add(clip)
    made.add(clip, at_us=ANCHOR_US + 2 * SECOND)
    source = made.source(ANCHOR_US + round(begin * SECOND), ANCHOR_US + round(end * SECOND))
    passes = [(0.0, last_end_s(clip)), (2.0, 2.0 + last_end_s(clip))]
    wanted_s = sum(max(0.0, min(until, end) - max(since, begin)) for since, until in passes)
    assert abs(source.plan.shown_us / SECOND - wanted_s) < 0.05
    assert source.plan.end_us == ANCHOR_US + round(min(end, 2.0 + last_end_s(clip)) * SECOND)
    times = shown(made.write(ANCHOR_US + round(begin * SECOND), ANCHOR_US + round(end * SECOND)))
    assert max(later - before for before, later in pairwise(times)) < 0.6, "no longer than to the next keyframe"


def test_sound_may_be_missing_in_a_part(tmp_path):
    clip, silent = clip_of("with sound"), clip_of("plain")
    made = Recording(tmp_path)
    for number, one in enumerate((silent, clip, silent, clip)):
        made.add(one, at_us=ANCHOR_US + number * 3_840_000)
    path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    assert decode_all(path) == ""
    heard = samples(path, "audio")
    count = len([frame for frame in clip.of(1) if frame.time_us < ANCHOR_US + 3_840_000])
    start_us = {table.track.kind: table.start_offset_us for table in read_segment(path).tables}["audio"]
    assert start_us == pytest.approx(3_840_000, abs=50)
    second = next(index for index in range(1, len(heard)) if heard[index].shown_s - heard[index - 1].shown_s > 1)
    assert second in (count, count + 1)
    assert abs(heard[second].shown_s - heard[0].shown_s - Fraction(768, 100)) < Fraction(1, 1000)


def test_other_clocks_are_translated(tmp_path):
    clip = clip_of("with sound")
    slow = replace(
        clip,
        tracks=(replace(clip.tracks[0], timescale=12_800), clip.tracks[1]),
        frames=[
            frame._replace(pts=frame.pts * 12_800 // 90_000, dts=frame.dts * 12_800 // 90_000, duration=512)
            if frame.track == 0
            else frame
            for frame in clip.frames
        ],
    )
    made = Recording(tmp_path)
    made.add(clip)
    made.add(slow, at_us=ANCHOR_US + 3_840_000)
    made.add(clip, at_us=ANCHOR_US + 7_680_000)
    path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    times = sorted(time for time, _ in pictures(clip))
    expected = [time + number * Fraction(384, 100) for number in range(3) for time in times]
    assert near(shown(path), expected, Fraction(1, 10_000))
    assert decode_all(path) == ""


def test_changed_parameter_sets_become_another_sample_description(tmp_path):
    clip = clip_of("plain")
    other = make_clip(count=24, b_frames=2)
    assert other.tracks[0].sample_entry != clip.tracks[0].sample_entry
    made = Recording(tmp_path)
    for number, one in enumerate((clip, other, clip)):
        made.add(one, at_us=ANCHOR_US + number * 3_840_000)
    path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND, "keep")
    assert path.read_bytes().count(b"avcC") == 2
    assert decode_all(path) == ""
    assert len(shown(path)) == COUNT + 24 + COUNT


@pytest.mark.parametrize("change", ["codec", "size", "sound"])
def test_what_one_mp4_cannot_show_is_told_with_its_parts(tmp_path, change):
    clip = clip_of("with sound")
    other = clip_of("h265") if change == "codec" else clip
    if change == "size":
        other = replace(clip, tracks=(replace(clip.tracks[0], width=320), clip.tracks[1]))
    elif change == "sound":
        other = replace(clip, tracks=(clip.tracks[0], replace(clip.tracks[1], channels=2)))
    made = Recording(tmp_path)
    made.add(clip)
    made.add(other, at_us=ANCHOR_US + 10 * SECOND)
    made.add(clip, at_us=ANCHOR_US + 20 * SECOND)
    with pytest.raises(FormatChangesError) as caught:
        made.source(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    assert caught.value.at_us == ANCHOR_US + 10 * SECOND
    edges = [ANCHOR_US + at * SECOND for at in (0, 10, 20, 60)]
    assert caught.value.parts == tuple(pairwise(edges))
    for begin_us, end_us in caught.value.parts:
        assert len(shown(made.write(begin_us, end_us))) == COUNT


def test_where_nothing_is_recorded_there_is_no_mp4(plain):
    for from_us, to_us in ((-20, -10), (10, 20)):
        with pytest.raises(NothingRecordedError):
            plain.source(ANCHOR_US + from_us * SECOND, ANCHOR_US + to_us * SECOND)
    with pytest.raises(NothingRecordedError):
        plain.source(ANCHOR_US, ANCHOR_US + SECOND, camera_id="yard")


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_without_an_index_the_same_bytes_come_from_the_files(tmp_path, damage):
    clip = clip_of("with sound")
    made = recorded(tmp_path, clip)
    source = made.source(ANCHOR_US + 300_000, ANCHOR_US + 3_500_000)
    whole = b"".join(source.read(0, source.length))
    index = index_path(made.settings.camera("gate").dst, "gate", made.paths[min(made.paths)].parent.name)
    data = index.read_bytes()
    index.unlink()
    if damage == "torn":
        index.write_bytes(data[: len(data) // 2])
    again = made.source(ANCHOR_US + 300_000, ANCHOR_US + 3_500_000)
    assert b"".join(again.read(0, again.length)) == whole
    assert again.etag == source.etag


def test_every_part_of_the_bytes_is_the_same_part_of_the_whole(tmp_path):
    made = recorded(tmp_path, clip_of("variable with b-frames and sound"), every=1)
    source = made.source(ANCHOR_US + 300_000, ANCHOR_US + 3_500_000)
    whole = b"".join(source.read(0, source.length))
    assert len(whole) == source.length
    chance = random.Random(1)
    header = source.plan.header.length
    spans = [tuple(sorted(chance.sample(range(source.length + 1), 2))) for _ in range(150)]
    spans += [tuple(sorted(chance.sample(range(header + 20), 2))) for _ in range(150)]
    for start, end in [*spans, (0, 1), (header - 1, header + 1), (source.length - 1, source.length)]:
        assert b"".join(source.read(start, end)) == whole[start:end]


def test_pieces_are_small(tmp_path):
    clip = clip_of("plain")
    made = Recording(tmp_path)
    frame = clip.frames[1]
    large = frame._replace(payload=((700_000).to_bytes(4, "big") + b"\x41" + bytes(699_999),), size=700_004)
    made.add(clip, frames=[clip.frames[0], large, *clip.frames[2:]])
    source = made.source(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    pieces = list(source.read(0, source.length))
    assert max(map(len, pieces)) <= PIECE_BYTES
    assert sum(map(len, pieces)) == source.length


def test_the_tag_is_that_of_the_bytes(tmp_path):
    made = recorded(tmp_path, clip_of("with sound"))
    asked = [(0, 3), (0, 2), (0.000001, 3), (1, 3)]
    sources = [made.source(ANCHOR_US + int(a * SECOND), ANCHOR_US + int(b * SECOND)) for a, b in asked]
    contents = [b"".join(source.read(0, source.length)) for source in sources]
    assert len({source.etag for source in sources}) == len(set(contents)) > 2
    again = made.source(ANCHOR_US, ANCHOR_US + 3 * SECOND)
    assert again.etag == sources[0].etag


def test_a_segment_deleted_meanwhile_ends_the_reading(tmp_path, caplog):
    made = recorded(tmp_path, clip_of("plain"))
    source = made.source(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    last = made.paths[max(made.paths)]
    reading = source.read(0, source.length)
    got = len(next(reading))
    last.unlink()
    with pytest.raises(FootageGoneError, match="deleted"):
        for piece in reading:
            got += len(piece)
    assert got == source.plan.header.length + source.plan.segments.content[-2]
    assert "ends early" in caplog.text


def test_a_segment_whose_file_is_gone_or_cut_already_is_left_out(tmp_path, caplog):
    made = recorded(tmp_path, clip_of("plain"))
    first, second, *_ = sorted(made.paths)
    made.paths[second].unlink()
    with made.paths[first].open("r+b") as file:
        file.truncate(made.paths[first].stat().st_size - 1)
    path = made.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    assert len(shown(path)) == COUNT - 48
    assert decode_all(path) == ""
    (line,) = [entry.getMessage() for entry in caplog.records if "goes without" in entry.getMessage()]
    assert " and 1 more of camera gate: " in line


def test_the_growing_minute_is_part_of_it_and_the_tag_outlives_its_end(tmp_path):
    clip = clip_of("with sound")
    made = Recording(tmp_path)
    made.footage._clock = made.footage._watches._clock = Now(ANCHOR_US + 10 * SECOND)
    parts = in_segments(clip, 4)
    made.add(clip, frames=parts[0])
    chunk = made.add(clip, frames=parts[1], finish=False)
    from_us, to_us = ANCHOR_US + 1_000_000, ANCHOR_US + 3_100_000
    source = made.source(from_us, to_us)
    assert source.plan.segments.growing
    path = made.write(from_us, to_us)
    assert decode_all(path) == ""
    times = [time - 1 for time, _ in pictures(clip) if 1 <= time < Fraction(31, 10)]
    assert near(shown(path), times)
    reading = source.read(0, source.length)
    first = next(reading)
    finish_chunk(chunk)
    assert not chunk.exists()
    assert first + b"".join(reading) == path.read_bytes(), "it is finished while it is read"
    assert b"".join(source.read(0, source.length)) == path.read_bytes()
    segment = rebuild_record(chunk.with_suffix(".mp4"))
    append_record(index_path(chunk.parents[1], "gate", chunk.parent.name), segment)
    made.store.segments.add(entry_of(chunk.parents[1], "gate", segment))
    again = made.source(from_us, to_us)
    assert not again.plan.segments.growing
    assert again.etag == source.etag
    assert b"".join(again.read(0, again.length)) == path.read_bytes()


def test_a_range_beyond_4_gib_has_wide_offsets_and_plays(tmp_path):
    clip = clip_of("with sound")
    made = Recording(tmp_path)
    made.add(clip)
    # A frame block whose data nobody needs, 5 GiB of hole, between two parts of a chunk's frames.
    hole = _with_hole(made, clip, ANCHOR_US + 3_840_000, 5 << 30)
    made.add(clip, at_us=ANCHOR_US + 7_680_000)
    source = made.source(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    assert source.length > 5 << 30
    assert source.plan.header.wide
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(source.length)
        for start, end in _written(source, hole):
            file.seek(start)
            for piece in source.read(start, end):
                file.write(piece)
    assert b"co64" in path.open("rb").read(source.plan.header.length)
    assert len(shown(path)) == 3 * COUNT
    assert decode_all(path) == ""
    assert [one.payload for one in samples(path, "video")] == 3 * [payload for _, payload in pictures(clip)]
    last = list(source.read(source.length - 10, source.length))
    assert b"".join(last) == made.paths[max(made.paths)].read_bytes()[:-SEAL_BYTES][-10:]


def _with_hole(made, clip, at_us, hole_bytes):
    """A segment with a hole behind its header; where the hole lies in its file."""
    path = made.add(clip, at_us=at_us)
    data = path.read_bytes()
    found = read_segment(path)
    begin = found.mdat_start
    path.write_bytes(data[:begin])
    with path.open("r+b") as file:
        file.truncate(begin + hole_bytes)
        file.seek(begin + hole_bytes)
        file.write(data[begin:])
    moved = _moved_record(made, path, hole_bytes)
    made.paths[moved.start_us] = path
    return begin, begin + hole_bytes


def _moved_record(made, path, by):
    dst = path.parent.parent
    index = index_path(dst, "gate", path.parent.name)
    stamp = path.name.removeprefix("gate.").removesuffix(".mp4")
    record = next(one for one in read_records(index) if one.stamp == stamp)
    tracks = tuple(
        replace(
            one,
            wide=True,
            offsets=to_big_endian(array("Q", [offset + by for offset in from_big_endian("I", one.offsets)])),
        )
        for one in record.tracks
    )
    moved = replace(record, tracks=tracks, file_bytes=path.stat().st_size)
    append_record(index, moved)
    made.store.segments.add(entry_of(dst, "gate", moved))
    return moved


def _written(source, hole):
    """What of the range isn't the hole."""
    segments, header = source.plan.segments, source.plan.header.length
    base = header + segments.content[1] - segments.begin[1]
    return (0, base + hole[0]), (base + hole[1], source.length)


def test_the_header_stands_in_front(plain):
    path = plain.write(ANCHOR_US, ANCHOR_US + 60 * SECOND)
    data = path.read_bytes()
    assert data[4:8] == b"ftyp"
    assert data.index(b"moov") < data.index(b"mdat")
