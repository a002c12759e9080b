"""Playlists and their fragments: every frame once, where it belongs, on a clock that begins with the range."""

import array
import io
import os
import re
import subprocess
from dataclasses import replace
from itertools import pairwise

import av
import pytest

from pynvr.archive.index import append_record
from pynvr.archive.paths import index_path
from pynvr.archive.record import rebuild_record
from pynvr.base.errors import FootageGoneError
from pynvr.catalog.entry import entry_of
from pynvr.isobmff.runs import from_runs, to_runs
from pynvr.playback.hls import Playlists
from pynvr.playback.hls_fragment import Fragments, Wanted
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.player import fetch, play
from tests.playback.recording import in_segments

SECOND_US = 1_000_000


def record(recording, clip, every=4, shift_us=0):
    """The clip cut into segments of `every` groups of pictures; the end of the last one."""
    for part in in_segments(clip, every):
        recording.add(clip, ANCHOR_US + shift_us, part)
    pieces = recording.footage.pieces("gate", ANCHOR_US + shift_us, ANCHOR_US + shift_us + 3600 * SECOND_US)
    return max(piece.end_us for piece in pieces)


def payloads(clip, track=0):
    return [b"".join(frame.payload) for frame in clip.of(track)]


@pytest.mark.parametrize(
    "form",
    [
        {"count": 240},
        {"count": 240, "codec": "libx265"},
        {"count": 240, "b_frames": 2},
        {"count": 240, "variable": True},
        {"count": 240, "b_frames": 2, "variable": True, "audio_from_us": 0},
        {"count": 240, "audio_from_us": 0},
    ],
    ids=str,
)
def test_every_frame_is_in_one_fragment_at_its_time(recording, form):
    clip = make_clip(**form)
    end_us = record(recording, clip, 7)
    played = play(recording, ANCHOR_US, end_us)
    video = played.video()
    assert [sample.payload for sample in video] == payloads(clip)
    assert [sample.is_key for sample in video] == [frame.is_key for frame in clip.of(0)]
    for sample, frame in zip(video, clip.of(0), strict=True):
        assert abs(sample.shown * 100 / 9 - frame.time_us) < 12  # a tick of 90 kHz is 11 µs
    assert played.breaks == 0
    assert len(played.inits) == 1
    if clip.of(1):
        heard = [sample for sample in played.sound() if sample.payload in set(payloads(clip, 1))]
        assert [sample.payload for sample in heard] == payloads(clip, 1)[: len(heard)]
        assert len(heard) >= len(clip.of(1)) - 3  # what begins behind the last picture isn't heard
        for sample, frame in zip(heard, clip.of(1), strict=False):
            assert abs(sample.shown * SECOND_US / 48_000 - frame.time_us) < 22


@pytest.mark.parametrize("form", [{}, {"b_frames": 2}, {"variable": True}, {"audio_from_us": -30_000}], ids=str)
def test_fragments_follow_each_other_without_overlap_or_hole(recording, form):
    clip = make_clip(count=240, **form)
    # As the clock's correction leaves them: the second begins 60 ms too early, the third 80 ms too late.
    parts = in_segments(clip, 7)
    for part, correction_us in zip(parts, (0, -60_000, 80_000), strict=True):
        recording.add(clip, ANCHOR_US + correction_us, part)
    pieces = recording.footage.pieces("gate", 0, 1 << 60)
    played = play(recording, ANCHOR_US, pieces[-1].end_us)
    assert len(played.video()) == 240
    for track_id in (1, 2) if clip.of(1) else (1,):
        rows = [[s for s in fragment if s.track_id == track_id] for fragment in played.samples]
        for before, after in pairwise(rows):
            assert before[-1].decode + before[-1].duration == after[0].decode
        assert all(sample.duration > 0 for row in rows for sample in row)
    shown = sorted(sample.shown for sample in played.video())
    assert len(set(shown)) == len(shown)
    for (_, begin, _, _), samples in zip(played.entries, played.samples, strict=True):
        first = min(sample.shown for sample in samples if sample.track_id == 1)
        assert abs(first / 90_000 - ANCHOR_US / SECOND_US - begin) < 0.0001
    assert played.breaks == 0


def test_time_0_is_the_beginning_of_the_range_also_between_keyframes(recording):
    clip = make_clip(count=96)
    end_us = record(recording, clip)
    from_us = ANCHOR_US + 700_000
    played = play(recording, from_us, end_us)
    first = played.samples[0][0]
    assert abs(first.shown * 100 / 9 - from_us) < 12
    # The picture shown at that time comes some ticks later; those after it are where they were.
    current = next(frame for frame in reversed(clip.frames) if frame.time_us <= from_us)
    found = next(sample for sample in played.video() if sample.payload == b"".join(current.payload))
    assert 0 <= found.shown * 100 / 9 - from_us < 1000
    for sample, frame in zip(played.video()[-50:], clip.frames[-50:], strict=True):
        assert abs(sample.shown * 100 / 9 - frame.time_us) < 12


def test_a_range_ends_where_it_was_asked_to(recording):
    clip = make_clip(count=96)
    record(recording, clip)
    played = play(recording, ANCHOR_US, ANCHOR_US + 2_010_000)
    assert abs(played.entries[-1][2] - 2.01) < 0.00001
    assert len(played.video()) == 51
    last = played.video()[-1]
    assert abs((last.decode + last.duration) * 100 / 9 - ANCHOR_US - 2_010_000) < 12


def test_a_hole_is_a_gap_of_its_length_and_time_goes_on(recording):
    clip = make_clip(count=96)
    end_us = record(recording, clip)
    record(recording, clip, shift_us=60 * SECOND_US)
    played = play(recording, ANCHOR_US - 5 * SECOND_US, ANCHOR_US + 62 * SECOND_US)
    assert "#EXT-X-START:TIME-OFFSET=5.000000,PRECISE=YES" in played.text
    gaps = [(begin, end) for _, begin, end, is_gap in played.entries if is_gap]
    assert gaps[0] == (0.0, 5.0)
    assert abs(gaps[1][0] - (end_us - ANCHOR_US + 5 * SECOND_US) / SECOND_US) < 0.00001
    assert abs(gaps[1][1] - 65) < 0.00001
    assert played.breaks == 2
    behind = next(entry for entry in played.entries if entry[1] >= 65)
    assert f"#EXT-X-PROGRAM-DATE-TIME:2025-10-09T08:54:20.123457Z\n#EXTINF:{behind[2] - behind[1]:.6f}" in played.text


def test_what_the_playlist_says_is_well_formed(recording):
    clip = make_clip(count=240)
    end_us = record(recording, clip)
    text = Playlists(recording.footage).media("gate", ANCHOR_US, end_us)
    durations = [float(found) for found in re.findall(r"#EXTINF:([\d.]+),", text)]
    target = int(re.findall(r"#EXT-X-TARGETDURATION:(\d+)", text)[0])
    assert max(durations) <= target
    assert abs(sum(durations) - (end_us - ANCHOR_US) / SECOND_US) < 0.00001
    assert text.startswith("#EXTM3U\n#EXT-X-VERSION:7\n")
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert text.count("#EXT-X-MAP") == 1
    assert "#EXT-X-START" not in text


def test_groups_of_pictures_are_put_together_to_some_seconds(recording):
    clip = make_clip(count=480)  # 40 groups of 0.48 s
    end_us = record(recording, clip, 40)
    lengths = [end - begin for _, begin, end, _ in play(recording, ANCHOR_US, end_us).entries]
    assert all(1.9 < length < 3 for length in lengths)


def test_keyframes_far_apart_make_long_fragments(recording):
    clip = make_clip(count=240)
    rare = [frame._replace(is_key=number == 0) for number, frame in enumerate(clip.frames)]
    # As version 1 of the chunk's blocks, which says itself what a keyframe is.
    recording.add(clip, ANCHOR_US, [frame._replace(dts=frame.dts - 1) for frame in rare])
    piece = recording.footage.pieces("gate", 0, 1 << 60)[0]
    played = play(recording, ANCHOR_US, piece.end_us)
    assert len(played.entries) == 1
    assert len(played.video()) == 240


def test_a_change_of_codec_is_a_break_with_a_map_of_its_own(recording):
    first = make_clip(count=48)
    end_us = record(recording, first)
    second = make_clip("libx265", count=48)
    recording.add(second, end_us)
    third = make_clip(count=48, audio_from_us=0)
    recording.add(third, end_us + 1_920_000)
    played = play(recording, ANCHOR_US, end_us + 3_840_000, audio=False)
    assert (played.breaks, len(played.inits)) == (2, 3)
    assert played.inits[0] == played.inits[2]
    assert b"hvc1" in played.inits[1]
    assert len(played.video()) == 144
    assert not played.sound()


def test_a_segment_without_sound_beside_others_is_silent(recording):
    mute, loud = make_clip(count=48), make_clip(count=48, audio_from_us=0)
    recording.add(mute, ANCHOR_US)
    recording.add(loud, ANCHOR_US + 1_920_000)
    played = play(recording, ANCHOR_US, ANCHOR_US + 3_840_000)
    assert (played.breaks, len(played.inits)) == (0, 1)
    sound = played.sound()
    for before, after in pairwise(sound):
        assert before.decode + before.duration == after.decode
    assert abs(sound[0].shown / 48_000 - ANCHOR_US / SECOND_US) < 0.001
    silent = [sample for fragment in played.samples[:1] for sample in fragment if sample.track_id == 2]
    assert len({sample.payload for sample in silent}) == 1
    with av.open(io.BytesIO(played.inits[0] + b"".join(played.fragments)), "r") as container:
        first = next(container.decode(audio=0))
        assert max(map(abs, array.array("f", bytes(first.planes[0])))) < 0.001


def test_a_hole_in_the_sound_alone_is_filled_with_silence(recording):
    clip = make_clip(count=240, audio_from_us=0)
    broken = [f for f in clip.frames if f.track == 0 or not 1_000_000 < f.time_us - ANCHOR_US < 8_000_000]
    recording.add(clip, ANCHOR_US, broken, reserve_bytes=65_536)
    piece = recording.footage.pieces("gate", 0, 1 << 60)[0]
    played = play(recording, ANCHOR_US, piece.end_us)
    for before, after in pairwise(played.sound()):
        assert before.decode + before.duration == after.decode
        assert after.decode - before.decode <= 3 * 1024 + 1
    assert all(any(sample.track_id == 2 for sample in fragment) for fragment in played.samples)


def test_of_a_growing_chunk_the_whole_groups_are_played(recording):
    clip = make_clip(count=50)  # the last keyframe is frame 48
    recording.clock.at_us = ANCHOR_US + 2_100_000
    recording.footage._clock = recording.clock
    recording.add(clip, ANCHOR_US, finish=False)
    played = play(recording, ANCHOR_US - SECOND_US, ANCHOR_US + 3600 * SECOND_US)
    assert [sample.payload for sample in played.video()] == payloads(clip)[:48]
    assert abs(played.entries[-1][2] - 2.92) < 0.00001


def test_a_fragment_of_deleted_video_says_so(recording):
    clip = make_clip(count=96)
    end_us = record(recording, clip)
    text = Playlists(recording.footage).media("gate", ANCHOR_US, end_us)
    addresses = [line for line in text.splitlines() if not line.startswith("#")]
    for path in recording.paths.values():
        path.unlink()
    with pytest.raises(FootageGoneError, match="gate"):
        fetch(recording.footage, "gate", addresses[0])


def test_of_a_damaged_file_that_says_it_lasts_for_hours_no_silence_is_made(recording):
    path = recording.add(make_clip(count=48, audio_from_us=0), indexed=False)
    record = rebuild_record(path)
    ticks = from_runs("I", record.video.durations, 48)
    ticks[-1] = 3 * 3600 * record.video.track.timescale
    tracks = replace(record.tracks[0], durations=to_runs(ticks)), record.tracks[1]
    damaged = replace(record, tracks=tracks, end_us=record.end_us + 3 * 3600 * SECOND_US)
    dst = recording.settings.camera("gate").dst
    append_record(index_path(dst, "gate", record.stamp[:8]), damaged)
    recording.store.segments.add(entry_of(dst, "gate", damaged))
    (piece,) = recording.footage.pieces("gate", 0, 1 << 60)
    with pytest.raises(ValueError, match="no pictures"):
        Fragments(recording.footage).open(Wanted(piece, 0, 48))


def test_a_disk_that_fails_under_a_fragment_is_told_as_such(recording, monkeypatch):
    record(recording, make_clip(count=96))
    piece = recording.footage.pieces("gate", 0, 1 << 60)[0]
    stream = Fragments(recording.footage).open(Wanted(piece, 0, 48))

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pynvr.playback.sample_stream.os.pread", fail)
    with pytest.raises(FootageGoneError, match="Input/output error"):
        list(stream)


def test_a_fragment_that_is_dropped_half_way_leaves_no_file_open(recording):
    record(recording, make_clip(count=96, audio_from_us=0))
    piece = recording.footage.pieces("gate", 0, 1 << 60)[0]
    before = len(os.listdir("/proc/self/fd"))
    unread = Fragments(recording.footage).open(Wanted(piece, 0, 48))
    begun = Fragments(recording.footage).open(Wanted(piece, 0, 48))
    next(begun)
    assert len(os.listdir("/proc/self/fd")) == before + 2
    unread.close()
    begun.close()
    assert len(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ValueError, match="no pictures"):
        Fragments(recording.footage).open(Wanted(piece, 0, 4800))
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_ffmpeg_reads_it_clean_and_in_time(recording, tmp_path, codec):
    clip = make_clip(codec, count=240, audio_from_us=0)
    end_us = record(recording, clip, 7)
    played = play(recording, ANCHOR_US, end_us)
    path = tmp_path / "all.mp4"
    path.write_bytes(played.inits[0] + b"".join(played.fragments))
    run = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", path, "-f", "null", "-"], capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    with av.open(str(path), "r") as container:
        times = [frame.pts or 0 for frame in container.decode(video=0)]
    assert len(times) == 240
    assert all(abs(ticks * 100 / 9 - frame.time_us) < 12 for ticks, frame in zip(times, clip.of(0), strict=True))


def test_the_master_playlist_and_the_renditions_name_the_codecs(recording):
    end_us = record(recording, make_clip(count=48, audio_from_us=0))
    recording.add(make_clip("libx265", count=48), end_us + 10 * SECOND_US)
    playlists = Playlists(recording.footage)
    master = playlists.master("gate", ANCHOR_US, end_us, "from=1&to=2")
    assert re.search(
        r'CODECS="avc1\.64[0-9A-F]{4},mp4a\.40\.2",RESOLUTION=160x96\nplaylist\.m3u8\?from=1&to=2\n', master
    )
    found = playlists.renditions("gate", ANCHOR_US, end_us + 20 * SECOND_US)
    assert [one.codecs.split(".")[0] for one in found] == ["avc1", "hvc1"]
    assert playlists.master("gate", 1, 2, "") == playlists.media("gate", 1, 2) == ""


def test_of_two_passes_through_the_same_time_each_instant_shows_one(recording):
    clip = make_clip(count=240)
    recording.add(clip, ANCHOR_US)
    # The clock was set back by four seconds; what follows is recorded over the same time again.
    recording.add(replace(clip), ANCHOR_US + 5_600_000)
    pieces = recording.footage.pieces("gate", 0, 1 << 60)
    played = play(recording, ANCHOR_US, pieces[-1].end_us)
    shown = [sample.shown for sample in played.video()]
    assert shown == sorted(set(shown))
    assert played.breaks == 1
