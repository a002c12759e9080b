"""MP4s as players see them: through libav with and without edit lists, through ffprobe, through GStreamer."""

import json
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av


@dataclass
class Sample:
    """A sample as it stands in the file. `shown_s`: presentation by the tables alone, the edit list left aside."""

    payload: bytes
    shown_s: Fraction
    is_key: bool


def samples(path: Path, kind: str) -> list[Sample]:
    """All samples of the first track of the kind, in the order of the file."""
    with av.open(str(path), container_options={"ignore_editlist": "1"}) as container:
        streams = getattr(container.streams, kind)
        if not streams:
            return []
        return [
            Sample(bytes(packet), packet.pts * packet.time_base, packet.is_keyframe)
            for packet in container.demux(streams[0])
            if packet.size
        ]


def shown(path: Path, kind: str = "video") -> list[Fraction]:
    """When each frame that a player shows is presented, from the movie's start on."""
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[0]
        return [frame.pts * frame.time_base for frame in container.decode(stream)]


def probe(path):
    """What ffprobe says of the file; it must say nothing on stderr."""
    words = ["ffprobe", "-v", "error", "-count_frames", "-count_packets", "-show_streams", "-show_format"]
    words += ["-of", "json"]
    done = subprocess.run([*words, str(path)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == "", done.stderr[:500]
    return json.loads(done.stdout)


def decode_all(path: Path) -> str:
    """What ffmpeg complains about when it decodes everything."""
    # Without these ffmpeg rounds times to a frame rate that it guesses, and complains of what comes out.
    exact = ["-fps_mode", "passthrough", "-enc_time_base", "1:90000"]
    words = ["ffmpeg", "-v", "error", "-i", str(path), *exact, "-f", "null", "-"]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stderr


def gstreamer(path: Path) -> dict[str, list[str]]:
    """MD5 of each sample that qtdemux hands on, by kind of track."""
    script = Path(__file__).parents[1] / "isobmff" / "gst_read.py"
    words = ["/usr/bin/python3", str(script), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    return {kind: [sample[3] for sample in found] for kind, found in json.loads(done.stdout).items()}
