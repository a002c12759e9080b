"""File systems of their own for tests that fill, write-protect or pull out a disk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def as_root(*command: str | Path) -> None:
    """Run a command that needs root. A test that can't do what it is for fails: skipped, it would prove nothing."""
    words = [str(word) for word in command]
    if os.geteuid():
        words = ["sudo", "-n", *words]
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        failure = done.stderr.strip() if done.returncode else ""
    except FileNotFoundError as err:
        failure = str(err)
    if failure:
        pytest.fail(
            f"`{' '.join(words)}`: {failure}\nThis test mounts a file system of its own: run it as root (a container "
            "must be privileged), or let sudo work without a password."
        )


@contextmanager
def small_file_system(folder: Path, size: str) -> Iterator[Path]:
    """A real file system (tmpfs) of this size (`16m`), mounted at the folder, which is made; ours to write to."""
    folder.mkdir()
    owner = f"uid={os.geteuid()},gid={os.getegid()}"
    as_root("mount", "-t", "tmpfs", "-o", f"size={size},mode=0750,{owner}", "tmpfs", folder)
    try:
        yield folder
    finally:
        as_root("umount", "-l", folder)
