"""What a torture that was killed leaves: processes, mounts, loop devices. The next one clears it away.

All that a stage makes lies below a folder that is named after the process that plays on it (`folder_in`).
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.mounting import as_root

_OWNER = re.compile(r"/torture-(\d+)(?=/|$)")


def folder_in(folder: Path) -> Path:
    """Of this process, below that folder."""
    return folder / f"torture-{os.getpid()}"


def clear_remains() -> list[str]:
    """End, unmount and detach what belongs to tortures whose own process is gone; in words, what that was."""
    done = []
    for pid, name in _processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            done.append(f"process {pid} in {name}")
    for name in _mounts():
        as_root("umount", "--lazy", name)
        done.append(f"mount {name}")
    for device, name in _loop_devices():
        as_root("losetup", "-d", device)
        done.append(f"{device} of {name}")
    return done


def is_left(name: str) -> bool:
    """Whether the path lies in the folder of a torture that doesn't run any more."""
    found = _OWNER.search(name)
    # If another process has that id by now, the remains wait for the next time.
    return found is not None and not Path(f"/proc/{found[1]}").exists()


def _processes() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                name = os.readlink(entry / "cwd")
                if is_left(name):
                    yield int(entry.name), name


def _mounts() -> Iterator[str]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        name = line.split()[4].replace("\\040", " ")
        if is_left(name):
            yield name


def _loop_devices() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"], capture_output=True, text=True, check=False
    )
    for line in listed.stdout.splitlines():
        device, _, name = line.partition(" ")
        if is_left(name.strip()):
            yield device, name.strip()
