"""`python -m tests.web.dev_site`: the site on made-up recordings, for looking at pages. Users: admin, viewer.

`--cameras 4 --hours 6 --port 8080 --dir /tmp/dev-site`; recordings that are there already are used again. The
passwords are the names with `-password` behind.
"""

import argparse
import dataclasses
import signal
import sys
import time
from pathlib import Path

from pynvr.model.cause import Cause
from tests.searcher.running import RunningSearcher
from tests.web.archive_maker import MadeCamera, make_archive
from tests.web.running import RunningSite, add_users

CAMERAS = (
    MadeCamera("front", "Front door", width=1280, height=720, audio=True, gaps=((200, 207, Cause.UNREACHABLE),)),
    MadeCamera("gate", "Gate", look="overcast", gaps=((30, 34, Cause.UNREACHABLE), (120, 121, Cause.STALLED))),
    MadeCamera("garage", "Garage", codec="hevc", look="night", gop_s=4),
    MadeCamera("yard", "Back yard", look="dusk", fps=12, gaps=((60, 95, Cause.NOT_RUNNING),)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--hours", type=float, default=4)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--dir", type=Path, default=Path("/tmp/dev-site"))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    config = options.dir / "nvr.json"
    if not config.exists():
        made = [
            dataclasses.replace(CAMERAS[n % 4], id=f"{CAMERAS[n % 4].id}{n // 4 or ''}") for n in range(options.cameras)
        ]
        print("making recordings …")
        make_archive(options.dir, made, round(options.hours * 60))
        add_users(config)
    with RunningSearcher(config), RunningSite(config, options.port) as site:
        print(f"{site.url}  users admin, viewer (password: the name and -password)")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
