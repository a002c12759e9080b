"""Every fault as a client of libav meets it."""

import socket
import time
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import av
import pytest

from pynvr.simulator import faults
from pynvr.simulator.server import SimulatorServer
from tests.simulator.watching import STEP, cores, follow_each_other, raw_playing, read_to_end, small, take, watching
from tests.waiting import PATIENCE_S, wait_until


@pytest.fixture
def server(request):
    settings = getattr(request, "param", {})
    with SimulatorServer([small(**settings)], own_process=False) as running:
        yield running


def listed(*wrong: faults.Fault) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("server", [{"faults": wrong}], indirect=True)


def times(packets: list[Any]) -> list[int]:
    return [packet.pts for packet in packets if packet.pts is not None]


def test_a_stall_is_silence_on_an_open_connection_until_cleared(server):
    with watching(server.url("gate"), timeout_s=2) as container:
        take(container, 3)
        server.fault("gate", faults.Stall())
        before = len(server.sent("gate")[0].units)
        with pytest.raises(av.FFmpegError):
            take(container, 1000)
        assert len(server.sent("gate")[0].units) == before
        assert server.sent("gate")[0].ended_us == 0, "the camera must not have closed"


def test_after_a_stall_sending_goes_on_with_a_keyframe_at_the_true_time(server):
    with watching(server.url("gate")) as container:
        take(container, 3)
        server.fault("gate", faults.Stall())
        before = len(server.sent("gate")[0].units)
        stalled = time.monotonic()
        wait_until(lambda: time.monotonic() - stalled > 1, what="fifty frames that aren't sent")
        server.clear("gate")
        take(container, 20)
    units = server.sent("gate")[0].track("video")
    assert units[before].is_key
    elapsed = (units[-1].wall_us - units[0].wall_us) * 0.09
    # Within half of the stall; a busy machine sends a frame late now and then.
    assert units[-1].media_time == pytest.approx(elapsed, abs=45_000)


@listed(faults.Stall(after_s=0.1))
def test_a_listed_stall_comes_in_each_session_at_its_time(server):
    for number in range(2):
        # It comes while libav still looks at the stream, which ends that.
        with watching(server.url("gate"), timeout_s=2, open_within_s=2) as container, pytest.raises(av.FFmpegError):
            take(container, 1000)
        assert len(server.sent("gate")[number].track("video")) == 5


def test_a_drop_ends_the_stream_after_whole_frames(server):
    with watching(server.url("gate")) as container, raw_playing(server.url("gate")) as raw:
        take(container, 3)
        server.fault("gate", faults.Drop())
        assert len(take(container, 1000)) < 100
        assert read_to_end(raw) > 0
    for session in server.sent("gate"):
        assert session.end == "the camera closed"
        assert all(unit.whole for unit in session.units)


def test_a_reset_breaks_the_connection(server):
    with watching(server.url("gate")) as container, raw_playing(server.url("gate")) as raw:
        take(container, 3)
        server.fault("gate", faults.Reset())
        assert len(take(container, 1000)) < 100
        with pytest.raises(ConnectionResetError):
            read_to_end(raw)


@listed(faults.Reset(after_s=0.2))
def test_a_listed_reset_comes_at_its_time(server):
    with watching(server.url("gate")) as container:
        assert len(take(container, 1000)) <= 10
    assert len(server.sent("gate")[0].track("video")) == 10


def test_a_fault_can_be_set_for_later(server):
    with raw_playing(server.url("gate")) as raw:
        began = time.monotonic()
        server.fault("gate", faults.Reset(after_s=0.6))
        with pytest.raises(ConnectionResetError):
            read_to_end(raw)
        assert time.monotonic() - began >= 0.6


def test_refusing_closes_the_port_and_clearing_opens_the_same_one(server):
    with raw_playing(server.url("gate")) as raw:
        server.fault("gate", faults.Refuse())
        with pytest.raises(ConnectionResetError):
            read_to_end(raw)
    with pytest.raises(ConnectionRefusedError):
        av.open(server.url("gate"), timeout=PATIENCE_S)
    server.clear("gate")
    with watching(server.url("gate")) as container:
        assert take(container, 1)


@listed(faults.Refuse())
def test_a_camera_can_be_away_from_the_start(server):
    with pytest.raises(ConnectionRefusedError):
        av.open(server.url("gate"), timeout=PATIENCE_S)


@pytest.mark.parametrize("server", [{"user": "admin", "password": "secret"}, {}], indirect=True)
def test_a_wrong_password_is_401_whatever_is_given(server):
    server.fault("gate", faults.WrongPassword())
    with pytest.raises(av.HTTPUnauthorizedError):
        av.open(server.url("gate"), timeout=PATIENCE_S)
    server.clear("gate")
    with watching(server.url("gate")):
        pass


def test_not_found_is_404(server):
    server.fault("gate", faults.NotFound())
    with pytest.raises(av.HTTPNotFoundError):
        av.open(server.url("gate"), timeout=PATIENCE_S)


def test_no_answer_is_an_open_connection_and_nothing_else(server):
    server.fault("gate", faults.NoAnswer())
    with pytest.raises(av.FFmpegError) as failed:
        av.open(server.url("gate"), timeout=1)
    assert not isinstance(failed.value, ConnectionRefusedError)
    where = urlsplit(server.url("gate"))
    with socket.create_connection((where.hostname, where.port), timeout=0.5) as client:
        client.sendall(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)


@listed(faults.Garbage(after_s=0.2, size_bytes=3000))
def test_garbage_in_the_payloads_hurts_only_the_frames_it_hits(server):
    with watching(server.url("gate")) as container:
        received = cores(take(container, 40))
    units = server.sent("gate")[0].track("video")[:40]
    hurt = {unit.core_sha256 for unit in units if not unit.whole}
    assert hurt and units[10].whole is False and units[9].whole is True
    healthy = [unit.core_sha256 for unit in units if unit.whole]
    assert [digest for digest in received if digest in healthy][:9] == healthy[:9]
    assert not follow_each_other(received, units)


@listed(faults.Garbage(after_s=0.2, size_bytes=5000, framing=True))
def test_garbage_in_the_tcp_stream_itself_is_survived_or_seen(server):
    with watching(server.url("gate"), timeout_s=2) as container:
        try:
            received = cores(take(container, 40))
        except av.FFmpegError:
            return
    sent = [unit.core_sha256 for unit in server.sent("gate")[0].track("video")][:40]
    assert received != sent


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_timestamps_jump_and_frames_come_on(seconds):
    camera = small(faults=(faults.TimestampJump(seconds, after_s=0.2),))
    with SimulatorServer([camera], own_process=False) as server:
        with watching(server.url("gate")) as container:
            came = times(take(container, 20))
        units = server.sent("gate")[0].track("video")
    steps = [later - earlier for earlier, later in pairwise(came)]
    assert steps.count(STEP) == len(steps) - 1
    # libav takes some jumps back for 32 bits that ran over.
    assert (seconds * 90000 + STEP) % 2**32 in [step % 2**32 for step in steps]
    sent = [(later.rtp_time - earlier.rtp_time) % 2**32 for earlier, later in pairwise(units)]
    assert (seconds * 90000 + STEP) % 2**32 in sent


def test_timestamps_stand_still_and_go_on_at_the_true_time(server):
    with watching(server.url("gate")) as container:
        take(container, 3)
        server.fault("gate", faults.StandingTimestamps())
        take(container, 10)
        server.clear("gate")
        wait_until(lambda: len(server.sent("gate")[0].units) > 30, what="30 frames")
    units = server.sent("gate")[0].track("video")
    steps = [(later.rtp_time - earlier.rtp_time) % 2**32 for earlier, later in pairwise(units)]
    assert 0 in steps and max(steps) > STEP
    assert sum(steps) == units[-1].media_time - units[0].media_time


def test_a_lost_packet_is_missing_at_the_client_and_told_by_the_record(server):
    server.fault("gate", faults.PacketLoss(0.5))
    with watching(server.url("gate"), "udp") as container:
        received = cores(take(container, 30))
    units = server.sent("gate")[0].track("video")
    lost = [unit for unit in units if not unit.whole]
    assert 0 < len(lost) < len(units)
    assert not follow_each_other(received, units)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_the_resolution_changes_in_the_same_session(codec):
    camera = small(codec=codec, faults=(faults.ResolutionChange(320, 180, after_s=0.2),))
    with SimulatorServer([camera], own_process=False) as server:
        with watching(server.url("gate")) as container:
            frames = [frame for frame, _ in zip(container.decode(video=0), range(25), strict=False)]
        (session,) = server.sent("gate")
    sizes = [(frame.width, frame.height) for frame in frames]
    assert sizes[0] == (192, 108) and sizes[-1] == (320, 180)
    assert times(frames) == sorted(times(frames))
    assert session.track("video")[10].is_key


@pytest.mark.parametrize("live", [False, True])
def test_the_resolution_changes_on_order_and_back(live):
    with SimulatorServer([small(live=live)], own_process=False) as server, watching(server.url("gate")) as container:
        decoded = container.decode(video=0)
        assert next(decoded).width == 192
        server.fault("gate", faults.ResolutionChange(320, 180))
        assert any(frame.width == 320 for frame, _ in zip(decoded, range(200), strict=False))
        server.clear("gate")
        assert any(frame.width == 192 for frame, _ in zip(decoded, range(200), strict=False))


@pytest.mark.parametrize("live", [False, True])
def test_a_camera_set_to_another_codec_closes_and_comes_back_with_it(live):
    with SimulatorServer([small(live=live)], own_process=False) as server:
        with watching(server.url("gate")) as container:
            take(container, 2)
            server.fault("gate", faults.CodecChange("hevc"))
            assert len(take(container, 1000)) < 200
        with watching(server.url("gate")) as container:
            assert container.streams.video[0].codec_context.name == "hevc"
            assert take(container, 3)


@listed(faults.CodecChange("hevc", reconnect=False, after_s=0.2))
def test_another_codec_can_come_in_the_same_session(server):
    with watching(server.url("gate")) as container:
        try:
            take(container, 30)
        except av.FFmpegError:
            pass
    units = server.sent("gate")[0].track("video")
    assert len(units) > 12
    with watching(server.url("gate")) as container:
        assert container.streams.video[0].codec_context.name == "h264"


def test_a_client_that_does_not_read_is_closed_and_the_others_go_on():
    # 40 Mbit/s fill the 8 MB queue in seconds.
    camera = small(width=640, height=360, bitrate_kbps=40_000, fps=100, gop_s=0.1, loop_s=0.5)
    with (
        SimulatorServer([camera], own_process=False) as server,
        raw_playing(server.url("gate")),
        watching(server.url("gate")) as container,
    ):

        def thrown_out():
            take(container, 20)
            return any(one.end == "the client reads too slowly" for one in server.sent("gate"))

        wait_until(thrown_out, timeout_s=30, what="the lazy client to be closed")
        assert server.playing("gate") == 1


@pytest.mark.parametrize("server", [{"session_timeout_s": 1}], indirect=True)
def test_a_client_that_gives_no_sign_of_life_times_out(server):
    with raw_playing(server.url("gate")):
        wait_until(lambda: server.sent("gate") and server.sent("gate")[0].end, what="the session's end")
    assert server.sent("gate")[0].end == "the session timed out"
