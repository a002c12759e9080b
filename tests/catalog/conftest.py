"""A real archive: MP4s that libav wrote, in day folders, with an open database beside it."""

import shutil
from fractions import Fraction
from pathlib import Path

import av
import pytest

from pynvr.archive.marker import create_marker
from pynvr.archive.paths import segment_path
from pynvr.store.store import Store


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """An MP4 of 2.5 s, 10 pictures a second, as another recorder might have made it."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10, options={"g": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(25):
            picture = av.VideoFrame(64, 48, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes([number * 9 % 256]) * plane.buffer_size)
            picture.pts, picture.time_base = number, Fraction(1, 10)
            output.mux(stream.encode(picture))
        output.mux(stream.encode())
    return path


@pytest.fixture
def archive(tmp_path, clip):
    """The folder of a camera `gate`; `put` copies the clip there under a stamp."""
    return Archive(tmp_path / "gate", clip)


class Archive:
    def __init__(self, dst: Path, clip: Path) -> None:
        self.dst = dst
        self._clip = clip
        self.marker = create_marker(dst)

    def put(self, stamp: str, camera_id: str = "gate") -> Path:
        path = segment_path(self.dst, camera_id, stamp)
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(self._clip, path)
        return path


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/pynvr.db") as opened:
        yield opened
