"""A camera that nobody here wrote: what GStreamer's RTSP server serves is recorded whole, and what others read."""

import json
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import pytest

from tests.end_to_end.program import Program, ffmpeg_complaints, frames_of
from tests.gst_server import GstServer
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

SEGMENT_S = 10
CLIP_S = 14
# A connection may begin with any of these, by when its first keyframe comes.
FIRST_SOUNDS = 5
GST_READ = Path(__file__).parent.parent / "isobmff" / "gst_read.py"
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-bf", "0")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=50:bframes=0:log-level=none")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000", "-c:a", "aac", "-b:a", "32k")
# Each camera's clip, how GStreamer serves it and how PyNVR asks for it.
CAMERAS: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "tcp": ((*SOUND, *H264), {"audio": "aac", "transport": "tcp"}, "tcp"),
    "udp": (HEVC, {"codec": "hevc", "transport": "udp"}, "udp"),
    "login": (H264, {"user": "admin", "password": "p@ss:/w"}, "auto"),
}


@dataclass(frozen=True)
class Take:
    program: Program
    clips: dict[str, Path]


def make_clip(path: Path, options: tuple[str, ...]) -> Path:
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25")
    command = ["ffmpeg", "-nostdin", "-v", "error", *picture, *options, "-t", str(CLIP_S), str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


def reconnects(program: Program, name: str) -> int:
    return int(program.camera(name).get("figures", {}).get("reconnects", 0))


@pytest.fixture(scope="module")
def take(tmp_path_factory):
    """Each clip was served to its end, and begun again: PyNVR comes back to a camera whose stream ended."""
    folder = tmp_path_factory.mktemp("gstreamer")
    clips = {name: make_clip(folder / f"{name}.mp4", options) for name, (options, _, _) in CAMERAS.items()}
    servers = {name: GstServer(clip=clips[name], **served) for name, (_, served, _) in CAMERAS.items()}  # type: ignore[arg-type]
    listed: list[dict[str, object]] = []
    program = None
    try:
        for name, server in servers.items():
            server.start()
            listed.append({"id": name, "url": server.url, "transport": CAMERAS[name][2], "retry": {"first": 0.2}})
        program = Program(folder / "program", listed, {"segment_seconds": SEGMENT_S})
        program.start()
        program.wait_recording(*CAMERAS)
        for name in CAMERAS:
            wait_until(
                lambda name=name: reconnects(program, name) > 0,  # type: ignore[misc]
                CLIP_S * 2,
                lambda: f"the clips to end; the program said:\n{program.said()}",
            )
        program.wait_recording(*CAMERAS)
        assert program.stop() == 0
        yield Take(program, clips)
    finally:
        if program is not None:
            program.end()
        for server in servers.values():
            server.stop()


def in_order(paths: list[Path]) -> list[Path]:
    """By their exact start, which names within a minute needn't follow."""
    return sorted(paths, key=lambda path: json.loads(probe(path))["format"]["tags"]["creation_time"])


def probe(path: Path) -> str:
    result = subprocess.run(
        ["ffprobe", "-v", "warning", "-show_format", "-of", "json", path], capture_output=True, text=True, check=True
    )
    assert result.stderr == "", f"{path.name}: {result.stderr}"
    return result.stdout


def packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux() if packet.size and packet.stream.type == kind]


@pytest.mark.parametrize("name", CAMERAS)
def test_every_frame_of_the_clip_is_recorded_once_and_in_order(take, name):
    clip = [frame.digest for frame in frames_of(take.clips[name])]
    assert len(set(clip)) == len(clip) == CLIP_S * 25
    paths = in_order(take.program.segments(name))
    recorded = [frame.digest for path in paths for frame in frames_of(path)]
    served = recorded.index(clip[0], 1)
    # libav ends a stream at the server's goodbye, which over UDP may overtake the last packet of the last frame.
    whole = len(clip) - (1 if name == "udp" else 0)
    assert whole <= served <= len(clip)
    assert recorded[:whole] == clip[:whole]
    again = recorded[served:]
    assert again == clip[: len(again)], "what came after the reconnect isn't the clip's beginning"
    assert len(paths) >= CLIP_S // SEGMENT_S + 2, "a border and the reconnect"


@pytest.mark.parametrize("name", CAMERAS)
def test_the_frames_keep_the_times_of_the_clip(take, name):
    clip = frames_of(take.clips[name])
    beginnings = 0
    for path in take.program.segments(name):
        frames = frames_of(path)
        times_ms = [round(frame.time_s * 1000) for frame in frames]
        steps_ms = [later - earlier for earlier, later in pairwise(times_ms)]
        if frames[0].digest == clip[0].digest:
            beginnings += 1
            del steps_ms[0]  # libav gives the first frame of a connection no time
        assert set(steps_ms) <= {40}, path.name
    assert beginnings == 2


def test_the_sound_of_the_clip_is_copied(take):
    clip = packets(take.clips["tcp"], "audio")
    paths = in_order(take.program.segments("tcp"))
    recorded = [packet for path in paths for packet in packets(path, "audio")]
    first = clip.index(recorded[0])
    assert first < FIRST_SOUNDS, "sound before the first keyframe may be missing, no more"
    # A busy machine may be stopped before the sound of the second time has come.
    seconds = (place for place, packet in enumerate(recorded[50:], 50) if packet in clip[:FIRST_SOUNDS])
    again = next(seconds, len(recorded))
    # The stream's end swallows up to two packets for any client of libav.
    assert len(clip) - 3 <= first + again
    assert recorded[:again] == clip[first : first + again]


@pytest.mark.parametrize("name", CAMERAS)
def test_ffprobe_and_ffmpeg_find_nothing_to_complain_about(take, name):
    for path in take.program.segments(name):
        probe(path)
        assert ffmpeg_complaints(path) == "", path.name


@pytest.mark.parametrize("name", CAMERAS)
def test_gstreamer_reads_what_was_recorded_from_it(take, name):
    for path in take.program.segments(name):
        result = subprocess.run(["/usr/bin/python3", GST_READ, path], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        tracks = json.loads(result.stdout)
        frames = frames_of(path)
        assert [sample[2] for sample in tracks["video"]] == [frame.is_key for frame in frames], path.name
        assert len(tracks.get("audio", [])) == len(packets(path, "audio")), path.name


def test_the_sound_is_there_and_only_where_it_was_sent(take):
    for name in CAMERAS:
        whole = max(take.program.segments(name), key=lambda path: path.stat().st_size)
        assert bool(packets(whole, "audio")) == (name == "tcp"), name


def test_verify_finds_nothing_wrong(take):
    completed = take.program.command("reindex")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    verified = take.program.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
