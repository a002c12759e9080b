"""A small disk: ext4 on a loop device, which can be filled, made read-only by an error, pulled out and put back."""

import errno
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from tests.mounting import as_root
from tests.waiting import wait_until


class LoopDisk:
    """Mounted at `folder`, which is made; what lies there while it is unmounted lies on another disk."""

    def __init__(self, image: Path, folder: Path, size_mb: int) -> None:
        self.folder = folder
        folder.mkdir()
        with image.open("wb") as file:
            file.truncate(size_mb << 20)
        as_root("mkfs.ext4", "-q", "-F", "-m", "0", image)
        self._image = image
        self._device = _device_of(image)
        self.mount()
        as_root("chmod", "0777", folder)

    @property
    def _name(self) -> str:
        return Path(self._device).name

    def mount(self) -> None:
        # An error makes it read-only, as distributions have it for their disks.
        as_root("mount", "-o", "errors=remount-ro", self._device, self.folder)

    def pull_out(self) -> None:
        """Whoever has a file open keeps that, as when a cable is pulled; nobody finds the disk any more."""
        as_root("umount", "--lazy", self.folder)

    def is_in(self) -> bool:
        return os.path.ismount(self.folder)

    def fail(self) -> None:
        """What the kernel does after an error of the disk: from now on it is read-only."""
        as_root("sh", "-c", f"echo torture > /sys/fs/ext4/{self._name}/trigger_fs_error")

    def put_right(self) -> None:
        """After `fail`: unmounted, checked, mounted again. Waits until nobody has a file open on it.

        Who made a mount namespace meanwhile took a copy of the mount along, and with it the failed file system; so it
        is a copy of the disk that is checked and put in.
        """
        as_root("umount", "--lazy", self.folder)
        wait_until(
            lambda: not self._open_files(), what=lambda: f"all files of the failed disk closed: {self._open_files()}"
        )
        as_root("blockdev", "--flushbufs", self._device)
        copy = self._image.with_name(f"{self._image.stem}-mended{self._image.suffix}")
        subprocess.run(["cp", "--sparse=always", self._image, copy], check=True)
        as_root("losetup", "-d", self._device)
        copy.replace(self._image)
        self._device = _device_of(self._image)
        # 1: it was put right; that is what it is for.
        done = subprocess.run(["e2fsck", "-fy", self._device], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        self.mount()

    def _open_files(self) -> list[str]:
        """Process and file, of whatever any process has open on it."""
        number = os.stat(self._device).st_rdev
        found = []
        for process in psutil.process_iter():
            with suppress(OSError, psutil.Error):
                folder = Path(f"/proc/{process.pid}")
                words = " ".join(process.cmdline())[:60]
                for link in (*(folder / "fd").iterdir(), folder / "cwd"):
                    with suppress(OSError):
                        if link.stat().st_dev == number:
                            found.append(f"{process.pid} {words}: {os.readlink(link)}")
        return found

    def fill(self) -> Path:
        """To the last byte, with a file that is returned."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            with suppress(OSError):
                usage = os.statvfs(self.folder)
                os.posix_fallocate(file.fileno(), 0, max(1, (usage.f_bavail - 64) * usage.f_frsize))
            file.seek(0, os.SEEK_END)
            for size in (65_536, 4096, 512):
                while _written(file.fileno(), size):
                    pass
        return ballast

    def close(self) -> None:
        with suppress(BaseException):
            while self.is_in():
                as_root("umount", "--lazy", self.folder)
        subprocess.run(["losetup", "-d", self._device], capture_output=True, check=False)


def _device_of(image: Path) -> str:
    found = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    assert found.returncode == 0, f"a loop device is needed: {found.stderr}"
    return found.stdout.strip()


def _written(fd: int, size: int) -> bool:
    try:
        return os.write(fd, b"\0" * size) > 0
    except OSError as err:
        if err.errno != errno.ENOSPC:
            raise
        return False
