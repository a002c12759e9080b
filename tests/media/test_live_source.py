"""Sources, probes and formers on a real RTSP camera."""

import io
from pathlib import Path

import av
import pytest

from pynvr.base.errors import SourceError
from pynvr.media.feed import open_feed
from pynvr.media.probe import probe
from pynvr.media.source import Source, transports
from pynvr.model.cause import Cause
from pynvr.model.frame import AUDIO_TRACK, VIDEO_TRACK
from pynvr.model.settings import Record
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.faults import NotFound
from pynvr.simulator.server import SimulatorServer
from tests.recorder.making import make_camera


@pytest.fixture(scope="module")
def server():
    cameras = [
        SimulatedCamera(name="cam", width=192, height=128, fps=20, gop_s=0.5, loop_s=2, bitrate_kbps=150, audio="pcmu"),
        SimulatedCamera(name="gone", width=128, height=96, fps=20, loop_s=2, faults=(NotFound(),)),
    ]
    with SimulatorServer(cameras) as server:
        yield server


def camera_at(server, name="cam", **changes):
    return make_camera(Path("/nowhere"), server.url(name), **changes)


def test_a_probe_says_what_the_camera_sends(server):
    found = probe(camera_at(server), seconds=2.5)
    assert (found.codec, found.width, found.height) == ("h264", 192, 128)
    assert found.frame_rate == pytest.approx(20, rel=0.1)
    assert found.keyframe_interval_s == pytest.approx(0.5, abs=0.2)  # pictures of a busy machine come late
    assert 20 < found.bitrate_kbps < 600
    assert (found.audio_codec, found.audio_sample_rate, found.recorded_audio) == ("pcm_mulaw", 8000, "aac")
    assert found.transport == "tcp"
    with av.open(io.BytesIO(found.picture_jpeg), "r") as picture:
        frame = next(picture.decode(video=0))
    assert (frame.width, frame.height) == (192, 128)


@pytest.mark.parametrize(("audio", "recorded"), [("off", ""), ("copy", ""), ("aac", "aac")])
def test_a_probe_says_how_sound_would_be_recorded(server, audio, recorded):
    assert probe(camera_at(server, audio=audio), seconds=0.3).recorded_audio == recorded


def test_a_probe_of_a_camera_that_isnt_there_says_why(server):
    with pytest.raises(SourceError, match="404") as caught:
        probe(camera_at(server, "gone"), seconds=1)
    assert caught.value.cause == Cause.REFUSED


def test_units_of_both_tracks_come_with_rising_stamps(server):
    source = Source.open(camera_at(server), "tcp")
    last = {VIDEO_TRACK: -1, AUDIO_TRACK: -1}
    seen = {VIDEO_TRACK: 0, AUDIO_TRACK: 0}
    for unit in source.units():
        assert unit.dts > last[unit.track] or not seen[unit.track]
        last[unit.track] = unit.dts
        seen[unit.track] += 1
        if min(seen.values()) >= 20:
            break
    source.close()
    source.close()


def test_sound_that_is_copied_but_cant_be_says_so(server):
    feed = open_feed(camera_at(server, audio="copy"), "tcp")
    former = feed.formers[AUDIO_TRACK]
    for unit in feed.units():
        if unit.track == AUDIO_TRACK:
            assert former.feed(unit) == []
            break
    feed.close()
    assert former.track is None
    assert "MP4 can't carry pcm_mulaw" in getattr(former, "failure", "")


def test_a_transcoding_feed_makes_a_keyframe_where_a_cut_is_wanted(server):
    feed = open_feed(camera_at(server, record=Record(codec="h264", height=64, bitrate_kbps=100)), "tcp")
    video = feed.formers[VIDEO_TRACK]
    samples = []
    wanted = None
    for unit in feed.units():
        if unit.track != VIDEO_TRACK:
            continue
        samples += video.feed(unit)
        if len(samples) >= 10 and wanted is None:
            wanted = unit.pts + 5 * 4500
            video.key_at(wanted)
        if wanted is not None and unit.pts > wanted + 5 * 4500:
            break
    feed.close()
    assert wanted is not None
    keys = [sample.pts for sample in samples if sample.is_key]
    assert next(pts for pts in keys if pts >= wanted) < wanted + 4500
    assert video.track is not None
    assert (video.track.width, video.track.height) == (96, 64)


def test_auto_tries_tcp_first_and_udp_every_second_time():
    camera = make_camera(Path("/nowhere"), transport="auto")
    assert [transports(camera, attempt) for attempt in range(4)] == ["tcp", "udp", "tcp", "udp"]
    assert transports(make_camera(Path("/nowhere"), transport="udp"), 0) == "udp"
