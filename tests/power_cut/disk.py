"""The process behind the disk: `python -m tests.power_cut.disk IMAGE LOG MOUNTED_AT LATENCY_S`; ends when unmounted."""

import sys
from pathlib import Path

from tests.power_cut.fuse import mount, serve
from tests.power_cut.write_log import LoggedDisk


def main() -> None:
    image, log, at = map(Path, sys.argv[1:4])
    disk = LoggedDisk(image, log, float(sys.argv[4]))
    fd = mount(at)
    print("mounted", flush=True)
    serve(fd, disk)
    disk.close()


if __name__ == "__main__":
    main()
