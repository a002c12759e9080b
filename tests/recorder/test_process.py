"""Recorders in processes of their own, on simulated cameras that misbehave and on GStreamer's server."""

import contextlib
import hashlib
import os
import signal
import time
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from pynvr.archive.lock import try_lock
from pynvr.model.cause import Cause
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.model.settings import Record, Retry
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import (
    Drop,
    Garbage,
    NoAnswer,
    PacketLoss,
    ResolutionChange,
    StandingTimestamps,
    TimestampJump,
    WrongPassword,
)
from pynvr.simulator.sent import hash_sample
from pynvr.simulator.server import SimulatorServer
from tests import troubles
from tests.gst_server import GstServer
from tests.recorder.making import chunks_of, make_order, recording, samples_of
from tests.waiting import PATIENCE_S, wait_until

PASSWORD = "se cret/pass@word"
SMALL: dict[str, Any] = {"width": 128, "height": 96, "fps": 20, "gop_s": 0.5, "loop_s": 4, "bitrate_kbps": 100}


@pytest.fixture(scope="module")
def cameras():
    """One server for all tests; each takes the camera that it breaks."""
    made = [
        SimulatedCamera(name="plain", **SMALL),
        SimulatedCamera(name="hevc", codec="hevc", audio="aac", **SMALL),
        SimulatedCamera(name="voice", audio="pcmu", **SMALL),
        SimulatedCamera(name="locked", user="admin", password=PASSWORD, **SMALL),
        SimulatedCamera(name="sdp", parameter_sets="sdp", b_frames=2, **SMALL),
        SimulatedCamera(name="faulty", user="admin", password=PASSWORD, **SMALL),
        SimulatedCamera(name="udp", transports=("udp",), **SMALL),
    ]
    with SimulatorServer(made) as server:
        yield server


def sent_and_recorded(server, name, order, codec="h264"):
    """What the camera sent in all sessions, and what was recorded, as hashes of the frames."""
    sent = [unit for session in server.sent(name) for unit in session.track("video")]
    return [unit.core_sha256 for unit in sent], [hash_sample(sample, codec) for sample in samples_of(order)]


def place_in(part, whole):
    """Where the run `part` stands in `whole`."""
    places = [n for n in range(len(whole) - len(part) + 1) if whole[n : n + len(part)] == part]
    assert places, "what was recorded isn't a run of what was sent"
    return places[-1]


@pytest.mark.parametrize(("name", "codec"), [("plain", "h264"), ("hevc", "hevc"), ("sdp", "h264"), ("locked", "h264")])
def test_every_frame_is_recorded_once_and_unchanged(cameras, tmp_path, name, codec):
    order = make_order(tmp_path, cameras.url(name))
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 30)
        assert recorder.stop() == 0
    sent, recorded = sent_and_recorded(cameras, name, order, codec)
    assert len(recorded) >= 30
    # The last frames may still have been on their way, for two seconds on a busy machine.
    assert len(sent) - len(recorded) - place_in(recorded, sent) <= 2 * SMALL["fps"]
    assert chunks_of(order)[0][1].frames[0].is_key


def test_the_state_is_told_in_words(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("hevc"))
    with recording(order) as recorder:
        first = wait_until(recorder.listen, what="a first beat")[0]
        assert (first.state, first.cause) == ("connecting", Cause.STARTING)
        beat = recorder.wait_for(lambda beat: 14 < beat.figures.get("fps", 0) < 26)
    assert (beat.state, beat.cause, beat.detail) == ("recording", "", "")
    assert beat.facts["codec"] == "hevc"
    assert beat.facts["size"] == "128x96"
    assert beat.facts["audio"] == "aac"
    assert beat.facts["transport"] == "tcp"
    assert abs(beat.figures["last_frame_us"] / 1e6 - time.time()) < 30


def test_no_password_is_ever_told(cameras, tmp_path):
    cameras.fault("faulty", WrongPassword())
    order = make_order(tmp_path, cameras.url("faulty"))
    try:
        with recording(order) as recorder:
            beat = recorder.wait_for(lambda beat: beat.state == "waiting")
            assert beat.cause == Cause.REFUSED
            assert beat.detail == "401: wrong user or password"
            command = Path(f"/proc/{recorder.process.pid}/cmdline").read_bytes()
            cameras.clear("faulty")
            recorder.wait_for_state("recording")
            cameras.fault("faulty", Drop())
            recorder.wait_for(lambda beat: beat.cause == Cause.STALLED)
    finally:
        cameras.clear("faulty")
    for secret in (b"se cret", b"se%20cret", b"word@127"):
        assert secret not in recorder.raw
        assert secret not in command


@pytest.mark.parametrize(
    "trouble", [troubles.NOT_FOUND, troubles.REFUSES, troubles.NEVER_ANSWERS, troubles.STALLS], ids=lambda one: one.name
)
def test_a_camera_that_never_sends_is_tried_until_it_does(cameras, tmp_path, trouble):
    cameras.fault("faulty", trouble.fault)
    order = make_order(tmp_path, cameras.url("faulty"), initial_timeout_s=2.0)
    try:
        with recording(order) as recorder:
            beat = recorder.wait_for(lambda beat: beat.state == "waiting")
            assert (beat.cause, trouble.words in beat.detail) == (trouble.cause, True), beat.detail
            assert "no video" not in beat.detail or "connected, but no video for 2 s" in beat.detail
            recorder.wait_for(lambda beat: beat.state == "connecting" and beat.cause == trouble.cause)
            cameras.clear("faulty")
            assert recorder.wait_for_state("recording").cause == ""
    finally:
        cameras.clear("faulty")


@pytest.mark.parametrize("trouble", [troubles.STALLS, troubles.CLOSES, troubles.RESETS], ids=lambda one: one.name)
def test_a_stream_that_breaks_is_taken_up_again_and_nothing_is_lost(cameras, tmp_path, trouble):
    order = make_order(tmp_path, cameras.url("faulty"), frame_timeout_s=3.0)
    earlier = len(cameras.sent("faulty"))
    try:
        with recording(order) as recorder:
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 5)
            cameras.fault("faulty", trouble.fault)
            beat = recorder.wait_for(lambda beat: beat.state == "waiting")
            assert (beat.cause, trouble.words in beat.detail) == (trouble.cause, True), beat.detail
            assert "no video" not in beat.detail or "no video for 3 s" in beat.detail
            before = beat.figures["frames"]
            cameras.clear("faulty")
            recorder.wait_for(lambda beat: beat.state == "recording" and beat.figures["frames"] > before + 10)
    finally:
        cameras.clear("faulty")
    session = cameras.sent("faulty")[earlier]
    chunks = chunks_of(order)
    assert len(chunks) >= 2
    recorded = [hash_sample(sample, "h264") for sample in samples_of(order)]
    first = [unit for unit in session.track("video") if unit.whole]
    assert recorded[: int(before)] == [unit.core_sha256 for unit in first[: int(before)]]
    # All that came before the break, but for the frame that libav needs the next one to end. A reset also takes
    # what the kernel has and the recorder hasn't asked for yet, on a busy machine.
    lost = [
        unit
        for unit in first[int(before) :]
        if trouble is not troubles.RESETS or unit.wall_us < session.ended_us - 2_000_000
    ]
    assert len(lost) <= 3


def test_a_changed_resolution_starts_a_new_chunk_in_the_same_connection(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("faulty"))
    try:
        with recording(order) as recorder:
            recorder.wait_for_state("recording")
            cameras.fault("faulty", ResolutionChange(192, 128))
            recorder.wait_for(lambda beat: beat.facts.get("size") == "192x128")
            assert recorder.last().figures["reconnects"] == 0
    finally:
        cameras.clear("faulty")
    sizes = [(contents.tracks[0].width, contents.tracks[0].height) for _, contents in chunks_of(order)]
    # The clock may have cut either size into several chunks.
    assert [size for size, _ in groupby(sizes)] == [(128, 96), (192, 128)]


@pytest.mark.parametrize("fault", [TimestampJump(3600), TimestampJump(-3600), StandingTimestamps()])
def test_stamps_that_jump_or_stand_dont_move_the_frames(cameras, tmp_path, fault):
    order = make_order(tmp_path, cameras.url("faulty"), segment_s=3600)
    try:
        with recording(order) as recorder:
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 10)
            cameras.fault("faulty", fault)
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 50)
    finally:
        cameras.clear("faulty")
    times = [frame.time_us for _, contents in chunks_of(order) for frame in contents.frames]
    steps = [later - earlier for earlier, later in pairwise(times)]
    # Where the stamps can't be used, frames are dated by when they came, which may be late on a busy machine.
    assert all(0 < step < 3_000_000 for step in steps)
    assert sum(steps) / len(steps) == pytest.approx(50_000, rel=0.5)


@pytest.mark.parametrize("fault", [Garbage(), Garbage(framing=True)])
def test_garbage_in_the_stream_is_survived(cameras, tmp_path, fault):
    order = make_order(tmp_path, cameras.url("faulty"), frame_timeout_s=1.0)
    try:
        with recording(order) as recorder:
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 10)
            cameras.fault("faulty", fault)
            recorder.wait_for(lambda beat: beat.state == "recording" and beat.figures["frames"] >= 40, 30)
    finally:
        cameras.clear("faulty")
    assert all(not contents.dropped_bytes for _, contents in chunks_of(order))


def test_udp_is_recorded_and_auto_finds_it(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("udp"), transport="auto")
    with recording(order) as recorder:
        beat = recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 20)
        assert beat.facts["transport"] == "udp"
    assert len(samples_of(order)) >= 20


def test_lost_packets_lose_frames_and_not_the_stream(cameras, tmp_path):
    cameras.fault("udp", PacketLoss(0.02))
    order = make_order(tmp_path, cameras.url("udp"), transport="udp")
    try:
        with recording(order) as recorder:
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 30)
            assert recorder.last().figures["reconnects"] == 0
    finally:
        cameras.clear("udp")


def test_g711_becomes_aac_that_sounds_the_same_length(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("voice"), segment_s=3600)
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 40)
    chunks = [contents for _, contents in chunks_of(order)]
    assert all(contents.tracks[AUDIO_TRACK].codec == "aac" for contents in chunks)
    frames = [frame for contents in chunks for frame in contents.frames]
    sound = [frame for frame in frames if frame.track == AUDIO_TRACK]
    video = [frame for frame in frames if frame.track == VIDEO_TRACK]
    seconds = (video[-1].time_us - video[0].time_us) / 1e6
    assert (sound[-1].time_us - sound[0].time_us) / 1e6 == pytest.approx(seconds, abs=1)
    # Each clock is put beside the wall clock by the frames that came first, which a busy machine may have held up.
    assert abs(sound[0].time_us - video[0].time_us) < 2_000_000
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = b"\x15\x88"  # AAC-LC, 8 kHz, mono
    decoded = [frame for sample in samples_of(order, AUDIO_TRACK) for frame in decoder.decode(av.Packet(sample))]
    assert sum(frame.samples for frame in decoded) == 1024 * len(sound)
    assert decoded[0].sample_rate == 8000
    loudness = max(max(memoryview(frame.planes[0]).cast("f")) for frame in decoded[5:])
    assert loudness > 0.01


def test_aac_is_copied_bit_for_bit(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("hevc"))
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 20)
    sent = [unit.sha256 for unit in cameras.sent("hevc")[-1].track("audio")]
    recorded = [hashlib.sha256(sample).hexdigest() for sample in samples_of(order, AUDIO_TRACK)]
    prefixed = [
        hashlib.sha256(len(sample).to_bytes(4, "big") + sample).hexdigest() for sample in samples_of(order, AUDIO_TRACK)
    ]
    assert recorded
    assert place_in(recorded if recorded[0] in sent else prefixed, sent) >= 0


def test_sound_that_is_off_is_not_recorded(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("voice"), audio="off")
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 10)
    assert all(len(contents.tracks) == 1 for _, contents in chunks_of(order))


def test_gstreamers_server_is_recorded_too(tmp_path):
    with GstServer(codec="h264", audio="pcmu", user="admin", password="secret") as server:
        order = make_order(tmp_path, server.url)
        with recording(order) as recorder:
            recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 40)
    contents = chunks_of(order)[0][1]
    assert [track.codec for track in contents.tracks] == ["h264", "aac"]
    assert b"secret" not in recorder.raw


@pytest.mark.parametrize("codec", ["h264", "hevc", "mpeg4"])
def test_transcoding_gives_codec_size_and_rate_asked_for(cameras, tmp_path, codec):
    record = Record(codec=codec, width=96, fps=Fraction(5), bitrate_kbps=60)
    order = make_order(tmp_path, cameras.url("voice"), record=record)
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 25, 30)
    chunks = [contents for _, contents in chunks_of(order)]
    assert {(one.tracks[0].codec, one.tracks[0].width, one.tracks[0].height) for one in chunks} == {(codec, 96, 72)}
    video = [frame for contents in chunks for frame in contents.frames if frame.track == VIDEO_TRACK]
    assert {later.pts - earlier.pts for earlier, later in pairwise(video)} == {18_000}
    keys = [frame.pts for _, some in chunks_of(order) for frame in some.frames if frame.is_key and not frame.track]
    assert max(later - earlier for earlier, later in pairwise(keys)) <= 2 * 90_000
    assert any(frame.track == AUDIO_TRACK for contents in chunks for frame in contents.frames)


def test_a_transcoded_camera_is_cut_at_the_boundary_itself(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("plain"), record=Record(codec="h264", bitrate_kbps=100))

    def cut_at_the_boundary():
        """A chunk may also begin where a clock that a busy machine put wrong at first is put right."""
        starts_us = [contents.frames[0].time_us for _, contents in chunks_of(order)[1:]]
        # The first frame taken at the boundary or later, and not the source's next keyframe.
        return [start_us for start_us in starts_us if start_us % 10_000_000 < 300_000]

    with recording(order):
        wait_until(cut_at_the_boundary, what="a chunk that begins at the boundary")


def test_a_full_disk_stops_recording_and_room_starts_it_again(cameras, small_disk, tmp_path):
    order = make_order(tmp_path, cameras.url("plain"), dst=small_disk)
    with recording(order) as recorder:
        recorder.wait_for_state("recording")
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        beat = recorder.wait_for(lambda beat: beat.cause == Cause.DISK_FULL, 30)
        assert beat.state == "waiting"
        full_for = len(recorder.beats)
        ballast.unlink()
        wait_until(lambda: any(beat.state == "recording" for beat in recorder.listen()[full_for:]), what="recording")
    assert {beat.state for beat in recorder.beats[full_for:]} <= {"waiting", "recording"}, "it left the camera"
    assert all(not contents.dropped_bytes for _, contents in chunks_of(order))
    sent = {unit.core_sha256 for session in cameras.sent("plain") for unit in session.track("video")}
    assert {hash_sample(sample, "h264") for sample in samples_of(order)} <= sent


def test_a_disk_that_is_pulled_out_is_waited_for(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("plain"), segment_s=3600, durability_s=0.5)
    dst = order.camera.dst
    with recording(order) as recorder:
        recorder.wait_for_state("recording")
        dst.rename(tmp_path / "unplugged")
        # The first word may be that of whoever was just forcing the chunk to disk.
        recorder.wait_for(lambda beat: beat.cause == Cause.DISK_MISSING and "mounted" in beat.detail)
        assert not dst.exists()
        missing_for = len(recorder.beats)
        (tmp_path / "unplugged").rename(dst)
        wait_until(lambda: any(beat.state == "recording" for beat in recorder.listen()[missing_for:]), what="recording")


def test_a_camera_that_is_never_recorded_is_left_alone(cameras, tmp_path):
    sessions = len(cameras.sent("plain"))
    order = make_order(tmp_path, cameras.url("plain"), record=Record(mode="never"))
    with recording(order) as recorder:
        assert recorder.wait_for_state("idle").cause == Cause.DISABLED
    assert len(cameras.sent("plain")) == sessions


def test_two_recorders_of_one_camera_take_turns(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("plain"))
    with recording(order) as first:
        first.wait_for_state("recording")
        with recording(order) as second:
            beat = second.wait_for_state("waiting")
            assert beat.cause == Cause.STARTING
            first.stop()
            second.wait_for_state("recording")


def test_a_recorder_ends_at_once_while_it_connects(cameras, tmp_path):
    cameras.fault("faulty", NoAnswer())
    order = make_order(tmp_path, cameras.url("faulty"), initial_timeout_s=120.0)
    try:
        with recording(order) as recorder:
            recorder.wait_for_state("connecting")
            began_s = time.monotonic()
            assert recorder.stop() == -signal.SIGTERM
            assert time.monotonic() - began_s < 60  # half of what it waits for the camera's answer
    finally:
        cameras.clear("faulty")


def test_a_killed_recorder_leaves_whole_frames_and_no_lock(cameras, tmp_path):
    order = make_order(tmp_path, cameras.url("plain"))
    with recording(order) as recorder:
        recorder.wait_for(lambda beat: beat.figures.get("frames", 0) >= 10)
        os.kill(recorder.process.pid, signal.SIGKILL)
        recorder.process.join(PATIENCE_S)
    assert sum(len(contents.frames) for _, contents in chunks_of(order)) >= 10
    path, contents = chunks_of(order)[-1]
    assert contents.dropped_bytes == 0
    fd = os.open(path, os.O_RDWR)
    assert try_lock(fd)
    os.close(fd)


@pytest.mark.parametrize(("codec", "b_frames"), [("copy", 0), ("h264", 0), ("h264", 2)])
def test_a_file_is_recorded_to_its_end(tmp_path, codec, b_frames):
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 25, options={"preset": "fast", "g": "10", "bf": str(b_frames)})
        stream.width, stream.height = 128, 96
        for number in range(30):
            frame = av.VideoFrame(128, 96, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 8]) * plane.buffer_size)
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    order = make_order(tmp_path, str(path), record=Record(codec=codec), retry=Retry(first_s=600, longest_s=600))
    with recording(order) as recorder:
        beat = recorder.wait_for_state("waiting")
        assert beat.detail == "the camera ended the stream"
    assert sum(len(contents.frames) for _, contents in chunks_of(order)) == 30
