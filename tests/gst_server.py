"""GStreamer's RTSP server as a camera that nobody here wrote, in a process of Debian's Python."""

import json
import select
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from tests.ports import free_port

_PYTHON = "/usr/bin/python3"
_SCRIPT = Path(__file__).with_name("gst_rtsp_server_main.py")
_PACKAGES = (
    "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good "
    "gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-x gstreamer1.0-libav"
)
_START_TIMEOUT_S = 120


class GstServer:
    """Serves a moving test picture encoded live, or an MP4 `clip`'s own frames, once, from its start.

    Use it as a context manager; `url` is known inside. `restart` takes the same port again, as a camera does that
    reboots. A missing Debian package fails the test with its name.
    """

    def __init__(
        self,
        *,
        codec: Literal["h264", "hevc"] = "h264",
        width: int = 320,
        height: int = 180,
        fps: Fraction | int = 25,
        gop_frames: int = 25,
        bitrate_kbps: int = 400,
        b_frames: int = 0,
        audio: Literal["", "aac", "pcmu", "pcma"] = "",
        user: str = "",
        password: str = "",
        transport: Literal["both", "tcp", "udp"] = "both",
        clip: Path | None = None,
        path: str = "camera",
    ) -> None:
        rate = Fraction(fps)
        video = _clip_video(codec, clip) if clip else _live_video(
            codec, f"width={width},height={height},framerate={rate.numerator}/{rate.denominator}",
            gop_frames, bitrate_kbps, b_frames,
        )  # fmt: skip
        self._order = {
            "host": "127.0.0.1",
            "port": free_port(),
            "path": path,
            "launch": f"( {video} {_audio(audio, clip)} )",
            "transport": transport,
            "user": user,
            "password": password,
        }
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        user, password = str(self._order["user"]), str(self._order["password"])
        login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        return f"rtsp://{login}127.0.0.1:{self._order['port']}/{self._order['path']}"

    def start(self) -> None:
        command: Sequence[str] = [_PYTHON, str(_SCRIPT)]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        except FileNotFoundError:
            raise AssertionError(f"{_PYTHON} is missing: apt-get install python3 {_PACKAGES}") from None
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._process.stdin.write(json.dumps(self._order) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], _START_TIMEOUT_S)
        line = self._process.stdout.readline() if ready else ""
        if not line.startswith("READY"):
            self._process.kill()
            raise AssertionError(
                f"GStreamer's RTSP server doesn't start; is all of it there? apt-get install {_PACKAGES}\n"
                + self._process.stderr.read()
            )
        self._order["port"] = int(line.split()[1])

    def stop(self) -> None:
        """The camera loses its power; idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def _live_video(codec: str, form: str, gop_frames: int, bitrate_kbps: int, b_frames: int) -> str:
    source = f"videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,{form} ! timeoverlay"
    if codec == "h264":
        encoder = (
            f"x264enc speed-preset=ultrafast bitrate={bitrate_kbps} key-int-max={gop_frames} bframes={b_frames} "
            f"threads=1 {'' if b_frames else 'tune=zerolatency '}! rtph264pay name=pay0 pt=96 config-interval=-1"
        )
    else:
        encoder = (
            f"x265enc speed-preset=ultrafast tune=zerolatency bitrate={bitrate_kbps} key-int-max={gop_frames} "
            "option-string=pools=none:frame-threads=1 ! rtph265pay name=pay0 pt=96 config-interval=-1"
        )
    return f"{source} ! {encoder}"


def _clip_video(codec: str, clip: Path) -> str:
    short = "h264" if codec == "h264" else "h265"
    demuxed = f"filesrc location={clip} ! qtdemux name=file file.video_0 ! queue"
    return f"{demuxed} ! {short}parse ! rtp{short}pay name=pay0 pt=96"


def _audio(audio: str, clip: Path | None) -> str:
    if not audio:
        return ""
    if clip is not None:
        return "file.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97"
    source = "audiotestsrc is-live=true wave=ticks ! audio/x-raw,channels=1"
    return {
        "aac": f"{source},rate=16000 ! avenc_aac ! aacparse ! rtpmp4gpay name=pay1 pt=97",
        "pcmu": f"{source},rate=8000 ! mulawenc ! rtppcmupay name=pay1 pt=0",
        "pcma": f"{source},rate=8000 ! alawenc ! rtppcmapay name=pay1 pt=8",
    }[audio]
