"""An nvr.json with one camera, a few recordings of another recorder in its folder, and the command line."""

import json
from fractions import Fraction
from pathlib import Path

import av
from click.testing import CliRunner, Result

from pynvr.cli.main import cli


def write_clip(path: Path) -> None:
    """A second of video."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            picture = av.VideoFrame(64, 48, "yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 10)
            output.mux(stream.encode(picture))
        output.mux(stream.encode())


class Home:
    """A folder with everything in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.config = folder / "nvr.json"
        document = {
            "system": {"data_dir": str(folder / "data"), "timezone": "UTC"},
            "cameras": [{"id": "gate", "url": "rtsp://anna:secret@192.0.2.1/stream"}],
        }
        self.config.write_text(json.dumps(document))
        self.config.chmod(0o600)
        self.dst = folder / "data/cameras/gate"

    def put(self, stamp: str) -> Path:
        path = self.dst / stamp[:8] / f"gate.{stamp}.mp4"
        write_clip(path)
        return path

    def run(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["--config", str(self.config), *arguments], input=typed)
