"""A chunk of real video, finished in place: libav, ffmpeg and GStreamer read it, and find what libav's remux holds."""

import hashlib
import json
import subprocess
from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest

from pynvr.archive.index import append_record, read_records
from pynvr.archive.paths import segment_path
from pynvr.archive.reader import is_finished, read_chunk
from pynvr.archive.record import rebuild_record, record_of
from pynvr.archive.tables import SegmentTables, tables_of
from pynvr.archive.writer import ChunkWriter, reserve_for
from pynvr.isobmff.header import segment_header
from pynvr.isobmff.identity import identity_box
from pynvr.isobmff.reader import read_segment
from pynvr.isobmff.table import SegmentIdentity
from tests.archive.clips import ANCHOR_PTS, ANCHOR_US, Clip, make_clip

GST_READ = Path(__file__).parent.parent / "isobmff" / "gst_read.py"
STAMP = "20251009.0853"
CLIPS: dict[str, dict[str, Any]] = {
    "h264": {},
    "h264 with B-frames": {"b_frames": 2},
    "h264 at a variable rate": {"variable": True},
    "h264 with B-frames at a variable rate": {"b_frames": 3, "variable": True},
    "h264 with sound": {"audio_from_us": 0},
    "h264 with late sound": {"audio_from_us": 250_000, "variable": True},
    "h264 with early sound and B-frames": {"audio_from_us": -30_000, "b_frames": 2},
    "h265": {"codec": "libx265"},
    "h265 with B-frames and sound": {"codec": "libx265", "b_frames": 2, "audio_from_us": 21_000},
}


@pytest.fixture(scope="module", params=list(CLIPS.values()), ids=list(CLIPS))
def finished(request, tmp_path_factory) -> tuple[Clip, SegmentTables, Path]:
    """The clip, its tables, and the MP4 that its chunk became."""
    clip = make_clip(**request.param)
    dst = tmp_path_factory.mktemp("camera")
    return (clip, *finish(clip, segment_path(dst, "cam", STAMP)))


def finish(clip: Clip, target: Path) -> tuple[SegmentTables, Path]:
    path = target.with_suffix(".chunk")
    writer = ChunkWriter.create(path, clip.tracks, ANCHOR_PTS, ANCHOR_US, reserve_for(25, 47, 10))
    for frame in clip.frames:
        writer.append(frame)
    writer.close()
    contents = read_chunk(path)
    assert contents.reserve is not None
    tables = tables_of(contents)
    identity = SegmentIdentity("cam", tables.start_us, tables.end_us)
    header = segment_header(tables.tables, tables.start_us, contents.reserve[1], contents.whole_bytes, identity)
    assert len(header) == contents.reserve[1]
    with path.open("r+b") as file:
        file.write(header)
    assert is_finished(path)
    path.rename(target)
    return tables, target


def packets(path: Path) -> dict[int, list[tuple[Any, ...]]]:
    """Times, duration, keyframe flag and bytes of each sample of each track, as libav demuxes them."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.size:
                times = (packet.pts, packet.dts, packet.time_base, packet.duration)
                found.setdefault(packet.stream.index, []).append((*times, packet.is_keyframe, bytes(packet)))
    return found


def test_every_sample_is_what_libavs_remux_of_the_same_packets_holds(finished, tmp_path):
    clip, tables, path = finished
    clip.remux_by_libav(tmp_path / "reference.mp4")
    ours, reference = packets(path), packets(tmp_path / "reference.mp4")
    assert set(ours) == set(reference) == {track.number for track in clip.tracks}
    for number, samples in ours.items():
        assert [s[-1] for s in samples] == [b"".join(f.payload) for f in clip.of(number)]
        assert samples[:-1] == reference[number][:-1]
        # The end of the last one is nobody's knowledge; libav takes what the encoder said.
        last, other = samples[-1], reference[number][-1]
        assert (last[:3], last[4:]) == (other[:3], other[4:])
        assert last[3] == tables.tables[number].durations[-1]


def test_times_are_those_of_the_camera(finished):
    clip, tables, path = finished
    for number, samples in packets(path).items():
        frames = clip.of(number)
        scale = clip.tracks[number].timescale
        assert tables.start_us == clip.frames[0].time_us
        for (pts, dts, base, *_), frame in zip(samples, frames, strict=True):
            assert base.denominator == scale
            assert (pts - samples[0][0], dts - samples[0][1]) == (frame.pts - frames[0].pts, frame.dts - frames[0].dts)
            assert abs(float(pts * base) - (frame.time_us - tables.start_us) / 1e6) <= 1.5 / scale


def test_ffmpeg_decodes_it_without_a_word(finished):
    _, _, path = finished
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0", "-f", "null", "-"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_ffprobe_sees_streams_tags_and_creation_time(finished):
    clip, _, path = finished
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    found = json.loads(done.stdout)
    video = found["streams"][0]
    assert video["codec_tag_string"] == ("hvc1" if clip.tracks[0].codec == "hevc" else "avc1")
    assert (video["width"], video["height"], video["nb_frames"]) == (160, 96, str(len(clip.of(0))))
    assert found["format"]["tags"]["creation_time"] == "2025-10-09T08:53:20.000000Z"
    assert len(found["streams"]) == len(clip.tracks)


def test_gstreamer_reads_the_same_samples(finished):
    clip, _, path = finished
    done = subprocess.run(["/usr/bin/python3", GST_READ, path], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    tracks = json.loads(done.stdout)
    for track in clip.tracks:
        samples, frames = tracks[track.kind], clip.of(track.number)
        digests = [hashlib.md5(b"".join(f.payload)).hexdigest() for f in frames]
        keys = [f.is_key for f in frames]
        if track.kind == "audio" and len(samples) < len(frames):
            # It leaves out what an edit list skips.
            skipped = len(frames) - len(samples)
            assert frames[skipped].time_us > ANCHOR_US - 22_000
            digests, keys, frames = digests[skipped:], keys[skipped:], frames[skipped:]
        assert [s[3] for s in samples] == digests
        assert [s[2] for s in samples] == keys
        shift = samples[0][0] - frames[0].time_us * 1000
        for (pts, *_), frame in zip(samples, frames, strict=True):
            assert abs(pts - shift - frame.time_us * 1000) < 25_000


def test_our_reader_finds_the_tables_again(finished):
    clip, tables, path = finished
    found = read_segment(path)
    assert found.identity == SegmentIdentity("cam", tables.start_us, tables.end_us)
    assert found.creation_us == ANCHOR_US // 1_000_000 * 1_000_000
    assert (found.mdat_end, found.file_bytes) == (path.stat().st_size, path.stat().st_size)
    for ours, table in zip(found.tables, tables.tables, strict=True):
        assert replace(ours, track=table.track) == table
        assert replace(table.track, frame_rate=ours.track.frame_rate) == ours.track
    assert len(found.tables) == len(clip.tracks)


def test_our_reader_finds_the_same_in_libavs_file(finished, tmp_path):
    clip, tables, _ = finished
    path = tmp_path / "reference.mp4"
    clip.remux_by_libav(path)
    data = path.read_bytes()
    for ours, table in zip(read_segment(path).tables, tables.tables, strict=True):
        assert (ours.sizes, ours.composition, ours.keyframes) == (table.sizes, table.composition, table.keyframes)
        assert ours.durations[:-1] == table.durations[:-1]
        assert abs(ours.start_offset_us - table.start_offset_us) <= 1000  # libav's edits are in milliseconds
        samples = [data[at : at + size] for at, size in zip(ours.offsets, ours.sizes, strict=True)]
        assert samples == [b"".join(f.payload) for f in clip.of(table.track.number)]


def test_the_index_record_is_rebuilt_from_the_mp4(finished, tmp_path):
    _, tables, path = finished
    record = record_of(STAMP, tables, file_bytes=path.stat().st_size, mdat_start=read_segment(path).mdat_start)
    rebuilt = rebuild_record(path)
    unknown = replace(record.video.track, frame_rate=rebuilt.video.track.frame_rate)
    assert rebuilt == replace(record, tracks=(replace(record.video, track=unknown), *record.tracks[1:]))
    append_record(tmp_path / "cam.index", record)
    assert read_records(tmp_path / "cam.index") == [record]


def test_a_file_of_another_muxer_is_indexed_too(finished, tmp_path):
    clip, tables, _ = finished
    path = segment_path(tmp_path, "cam", STAMP)
    path.parent.mkdir()
    clip.remux_by_libav(path)
    anonymous = rebuild_record(path, start_us=123_000_000)
    assert anonymous.start_us - 123_000_000 in (0, *range(29_000, 31_100))  # sound may begin before the picture
    assert anonymous.video.start_offset_us == 0
    with path.open("ab") as file:
        file.write(identity_box(SegmentIdentity("cam", tables.start_us, tables.end_us)))
    named = rebuild_record(path, start_us=123_000_000)
    assert (named.start_us, named.end_us) == (tables.start_us, tables.end_us)
    assert len(packets(path)[0]) == len(clip.of(0))


def test_offsets_beyond_4_gib_are_read(tmp_path):
    clip = make_clip(count=3)
    tables, path = finish(clip, segment_path(tmp_path, "cam", STAMP))
    data = path.read_bytes()
    far = (1 << 32) + 4096
    table = tables.tables[0]
    shifted = replace(table, offsets=array("Q", [at + far for at in table.offsets]))
    start = read_segment(path).mdat_start
    identity = SegmentIdentity("cam", tables.start_us, tables.end_us)
    path.write_bytes(segment_header([shifted], tables.start_us, start, far + len(data), identity))
    with path.open("r+b") as file:
        file.seek(far + start)
        file.write(data[start:])
    assert [s[-1] for s in packets(path)[0]] == [f.payload[0] for f in clip.frames]
    assert read_segment(path).tables[0].offsets == shifted.offsets
    assert rebuild_record(path).video.wide
