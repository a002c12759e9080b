"""File systems on the logged disk, and on what is left of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MAKE = {"ext4": ("mkfs.ext4", "-q", "-F"), "xfs": ("mkfs.xfs", "-q", "-f")}
# Nothing is written out because it is a good moment to: what PyNVR doesn't force stays in memory for long.
_OPTIONS = {"ext4": "noauto_da_alloc,commit=300", "xfs": "defaults"}
_REPAIR = {"ext4": ("e2fsck", "-fy"), "xfs": ("xfs_repair",)}


@dataclass(frozen=True)
class FileSystem:
    """`kind` ext4 or xfs; `options`: of mount, besides those that keep the kernel from forcing by itself."""

    kind: str = "ext4"
    size_mb: int = 256
    options: str = ""

    def make(self, image: Path) -> None:
        with image.open("wb") as file:
            file.truncate(self.size_mb << 20)
        _run(*_MAKE[self.kind], image)

    @contextmanager
    def mounted(self, source: Path, at: Path) -> Iterator[bool]:
        """At `at`, through a loop device; gives whether it had to be repaired before."""
        options = ",".join(filter(None, ("loop", _OPTIONS[self.kind], self.options)))
        command = ("mount", "-t", self.kind, "-o", options, source, at)
        was_repaired = False
        try:
            _run(*command)
        except subprocess.CalledProcessError:
            subprocess.run([*_REPAIR[self.kind], source], check=False, capture_output=True)
            was_repaired = True
            _run(*command)
        try:
            yield was_repaired
        finally:
            _run("umount", at)


@contextmanager
def logged_disk(image: Path, log: Path, at: Path, latency_s: float = 0) -> Iterator[None]:
    """The file `at` is a disk whose writes and flushes go into the log; its content is the image."""
    at.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.power_cut.disk", image, log, at, str(latency_s)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "mounted\n":
            raise OSError("the logged disk could not be mounted")
        yield
    finally:
        subprocess.run(["umount", at], check=False, capture_output=True)
        process.wait()
        process.stdout.close()


def copy_sparse(source: Path, target: Path) -> None:
    """A copy in which what was never written takes no room."""
    with source.open("rb") as reading, target.open("wb") as writing:
        size = os.fstat(reading.fileno()).st_size
        writing.truncate(size)
        at = 0
        while at < size:
            try:
                begin = os.lseek(reading.fileno(), at, os.SEEK_DATA)
            except OSError:
                return
            at = os.lseek(reading.fileno(), begin, os.SEEK_HOLE)
            while begin < at:
                writing.seek(begin)
                begin += os.sendfile(writing.fileno(), reading.fileno(), begin, at - begin)


def _run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
