"""The simulator played by clients that nobody here wrote: libav (PyAV, ffprobe) and GStreamer."""

import subprocess
from fractions import Fraction
from itertools import pairwise

import av
import pytest

from pynvr.simulator.server import SimulatorServer
from tests.simulator.watching import STEP, cores, follow_each_other, small, take, watching
from tests.waiting import PATIENCE_S, wait_until

CAMERAS = [
    small("h264"),
    small("h264aac", audio="aac"),
    small("h264pcmu", audio="pcmu"),
    small("hevc", codec="hevc"),
    small("hevcaac", codec="hevc", audio="aac"),
    small("hevcpcma", codec="hevc", audio="pcma"),
    small("digest", user="admin", password="p@ss:/wört"),
    small("basic", user="admin", password="p@ss", authentication="basic"),
    small("bframes", b_frames=2),
    small("hevcbframes", codec="hevc", b_frames=2),
    small("slices", slices=3, packet_bytes=400, aggregate=False),
    small("sdp", parameter_sets="sdp"),
    small("once", parameter_sets="once"),
    small("band", parameter_sets="band"),
    small("hevcband", codec="hevc", parameter_sets="band"),
    small("midgop", start_mid_gop=True),
    small("tcponly", transports=("tcp",)),
]


@pytest.fixture(scope="module")
def server():
    with SimulatorServer(CAMERAS) as running:
        yield running


def run(command: str, last: str = "") -> "subprocess.CompletedProcess[str]":
    """The command, split at its spaces, with one more argument; its program comes with Debian's packages."""
    arguments = [*command.split(), *([last] if last else [])]
    packages = "ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav"
    try:
        return subprocess.run(arguments, check=False, capture_output=True, text=True, timeout=2 * PATIENCE_S)
    except FileNotFoundError:
        raise AssertionError(f"{arguments[0]} is missing: apt-get install {packages}") from None


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("name", ["h264", "h264aac", "h264pcmu", "hevc", "hevcaac", "hevcpcma"])
def test_pyav_plays_each_codec_and_sound_by_tcp_and_udp(server, name, transport):
    with watching(server.url(name), transport) as container:
        codecs = {stream.codec_context.name for stream in container.streams}
        sound = {"aac": "aac", "pcmu": "pcm_mulaw", "pcma": "pcm_alaw"}.get(name[4:])
        assert codecs == ({name[:4], sound} if sound else {name[:4]})
        # 30 frames are one and a half turns of the loop.
        packets = take(container, 30)
        assert container.streams.video[0].codec_context.decode(packets[0]) is not None
    (session,) = server.sent(name)[-1:]
    assert session.transport == transport
    assert follow_each_other(cores(packets, name[:4]), session.track("video"))


def test_sound_arrives_as_sent(server):
    with watching(server.url("h264aac")) as container:
        packets = take(container, 12, "audio")
    sent = [unit.size_bytes for unit in server.sent("h264aac")[-1].track("audio")]
    received = [packet.size for packet in packets]
    assert received == sent[: len(received)] and sum(received) > 0


@pytest.mark.parametrize("name", ["bframes", "hevcbframes"])
def test_b_frames_come_in_decode_order_with_their_presentation_times(server, name):
    with watching(server.url(name)) as container:
        packets = take(container, 30)
    times = [packet.pts for packet in packets if packet.pts is not None]
    assert times != sorted(times)
    assert sorted(times) == list(range(min(times), max(times) + 1, STEP))


@pytest.mark.parametrize("name", ["slices", "sdp", "once", "band", "hevcband"])
def test_every_way_of_sending_parameter_sets_decodes(server, name):
    with watching(server.url(name)) as container:
        frames = list(zip(container.decode(video=0), range(12), strict=False))
        assert (frames[-1][0].width, frames[-1][0].height) == (192, 108)


@pytest.mark.parametrize(
    ("name", "in_band"), [("h264", "always"), ("sdp", "never"), ("once", "once"), ("band", "always")]
)
def test_parameter_sets_are_in_band_as_ordered(server, name, in_band):
    with watching(server.url(name)) as container:
        take(container, 25)
    keys = [unit for unit in server.sent(name)[-1].track("video") if unit.is_key]
    # With parameter sets in front the whole isn't the core.
    with_sets = [unit.sha256 != unit.core_sha256 for unit in keys]
    assert len(with_sets) >= 2
    assert (
        with_sets
        == {
            "always": [True] * len(keys),
            "never": [False] * len(keys),
            "once": [True] + [False] * (len(keys) - 1),
        }[in_band]
    )


def test_rtp_times_run_on_over_the_border_of_the_loop(server):
    with watching(server.url("h264")) as container:
        times = [packet.pts for packet in take(container, 45)][1:]
    assert times == list(range(times[0], times[0] + 44 * STEP, STEP))


@pytest.mark.parametrize("name", ["digest", "basic"])
def test_the_right_password_is_let_in_and_a_wrong_one_refused(server, name):
    with watching(server.url(name)) as container:
        assert take(container, 2)
    for url in (server.url(name).replace("ss", "sS"), server.url(name, with_credentials=False)):
        with pytest.raises(av.HTTPUnauthorizedError):
            av.open(url, timeout=PATIENCE_S)


def test_another_path_is_not_found(server):
    with pytest.raises(av.HTTPNotFoundError):
        av.open(server.url("h264") + "x", timeout=PATIENCE_S)


def test_a_transport_that_the_camera_lacks_is_refused(server):
    with pytest.raises(av.FFmpegError), watching(server.url("tcponly"), "udp"):
        pass


def test_several_clients_get_the_same_frames(server):
    with watching(server.url("h264")) as one, watching(server.url("h264"), "udp") as other:
        assert server.playing("h264") == 2
        received = [cores(take(one, 20)), cores(take(other, 20))]
    sessions = server.sent("h264")[-2:]
    for hashes, session in zip(received, sessions, strict=True):
        assert follow_each_other(hashes, session.track("video"))
    wait_until(lambda: server.playing("h264") == 0, what="both clients to be gone")


def test_a_session_can_begin_in_the_middle_of_a_gop(server):
    def first_is_no_key():
        with watching(server.url("midgop")) as container:
            take(container, 1)
        return not server.sent("midgop")[-1].track("video")[0].is_key

    wait_until(first_is_no_key, what="a start between keyframes")


@pytest.mark.parametrize(("name", "transport"), [("h264aac", "tcp"), ("hevcpcma", "udp")])
def test_ffprobe_describes_the_stream(server, name, transport):
    entries = "-show_entries stream=codec_name,width,height,sample_rate -of compact=nk=1:p=0"
    done = run(f"ffprobe -v error -rtsp_transport {transport} {entries}", server.url(name))
    assert done.stderr == ""
    described = {"h264aac": ["h264|192|108", "aac|16000"], "hevcpcma": ["hevc|192|108", "pcm_alaw|8000"]}
    assert done.stdout.split() == described[name]


def ended_well(done: "subprocess.CompletedProcess[str]") -> bool:
    """Whether GStreamer saw no error while it played.

    When it ends, rtspsrc 1.22 now and then cancels the PAUSE that it is sending itself, and calls that an error.
    """
    errors = [line for line in done.stderr.splitlines() if "gstrtspsrc.c" in line or line.startswith("ERROR")]
    return not errors or "gst_rtspsrc_pause" in done.stderr


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("name", "decoding"),
    [
        ("h264", "rtph264depay ! h264parse ! avdec_h264"),
        ("hevc", "rtph265depay ! h265parse ! avdec_h265"),
        ("digest", "rtph264depay ! h264parse ! avdec_h264"),
    ],
)
def test_gstreamer_plays_and_decodes_it(server, name, decoding, transport):
    login = "user-id=admin user-pw=p@ss:/wört" if name == "digest" else ""
    location = f"location={server.url(name, with_credentials=False)}"
    count = "identity eos-after=21 silent=false ! fakesink sync=false"
    done = run(f"gst-launch-1.0 -v rtspsrc {location} protocols={transport} {login} ! {decoding} ! {count}")
    assert ended_well(done), done.stderr
    assert done.stdout.count("chain") >= 20
    assert "width=(int)192, height=(int)108" in done.stdout


def test_gstreamer_hears_the_aac(server):
    source = f"rtspsrc location={server.url('h264aac')} protocols=tcp name=camera camera."
    count = "identity eos-after=10 silent=false ! fakesink sync=false"
    done = run(f"gst-launch-1.0 -v {source} ! rtpmp4gdepay ! aacparse ! avdec_aac ! {count}")
    assert ended_well(done), done.stderr
    assert done.stdout.count("chain") >= 9
    assert "rate=(int)16000" in done.stdout


@pytest.mark.parametrize("fps", [12.5, 29.97])
def test_frame_times_keep_the_exact_rate(fps):
    with (
        SimulatorServer([small(fps=fps, gop_s=1)], own_process=False) as server,
        watching(server.url("gate")) as container,
    ):
        times = [packet.pts for packet in take(container, 16)][1:]
    rate = {12.5: Fraction(25, 2), 29.97: Fraction(30000, 1001)}[fps]
    assert times[-1] - times[0] == 14 * 90000 / rate


def test_a_variable_frame_rate_arrives_with_its_times():
    camera = small(variable_frame_rate=True, gop_s=0.5, loop_s=1)
    with SimulatorServer([camera], own_process=False) as server:
        with watching(server.url("gate")) as container:
            times = [packet.pts for packet in take(container, 30)][1:]
        sent = [unit.media_time for unit in server.sent("gate")[0].track("video")]
    assert times == sent[1:30]
    steps = {later - earlier for earlier, later in pairwise(times)}
    assert len(steps) > 4 and min(steps) < STEP * 1.3 and max(steps) > STEP * 1.7


def test_sound_can_begin_late():
    camera = small(audio="pcmu", audio_starts_after_s=1)
    with SimulatorServer([camera], own_process=False) as server, watching(server.url("gate")) as container:
        first = take(container, 1, "audio")[0]
        assert first.pts * first.time_base == pytest.approx(1, abs=0.001)


def test_a_gop_can_be_long():
    camera = small(gop_s=12, loop_s=12, fps=5)
    with SimulatorServer([camera], own_process=False) as server, watching(server.url("gate")) as container:
        keys = [packet.is_keyframe for packet in take(container, 8)]
        units = server.sent("gate")[0].track("video")
    assert keys == [True] + [False] * 7
    assert sum(unit.is_key for unit in units) == 1


def test_a_file_is_looped_as_it_is(tmp_path):
    path = tmp_path / "clip.mp4"
    inputs = "-f lavfi -i testsrc=size=320x240:rate=20:duration=1 -f lavfi -i sine=sample_rate=48000:duration=1"
    made = run(f"ffmpeg -v error {inputs} -c:v libx264 -bf 2 -g 10 -pix_fmt yuv420p -c:a aac", str(path))
    assert made.returncode == 0, made.stderr
    with av.open(str(path)) as original:
        bits = av.BitStreamFilterContext("h264_mp4toannexb", original.streams.video[0])
        expected = cores(
            [out for packet in original.demux(video=0) for out in bits.filter(packet if packet.size else None)]
        )
    camera = small(clip=path, audio="aac")
    with SimulatorServer([camera], own_process=False) as server, watching(server.url("gate")) as container:
        assert container.streams.audio[0].codec_context.sample_rate == 48000
        packets = take(container, 50)
    received = cores(packets)
    start = expected.index(received[0])
    assert received == (expected * 4)[start : start + 50]
    # The file's keyframes: each tenth frame.
    assert [index for index, packet in enumerate(packets) if packet.is_keyframe] == [0, 10, 20, 30, 40]
