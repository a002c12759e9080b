"""Children that play a part: the path of the camera's URL says which."""

import json
import logging
import os
import signal
import time
from urllib.parse import urlsplit

from pynvr.base.errors import ConfigError, WishError
from pynvr.base.heart import Beat, Heart
from pynvr.model.settings import Settings
from pynvr.recorder.order import RecorderOrder
from pynvr.supervisor.prepare import PrepareOrder
from pynvr.web.order import WebOrder

EVERY_S = 0.1


def recorder(heart: Heart, order: RecorderOrder) -> None:
    part = urlsplit(order.camera.url).path.strip("/")
    keyframes = 0
    while not heart.stopping or part == "deaf":
        keyframes += 1
        figures = {"keyframes": float(keyframes), "frames": keyframes * 25.0, "last_frame_us": time.time_ns() // 1000}
        match part:
            case "crash":
                raise RuntimeError(f"no way to read {order.camera.url}")
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "misconfigured":
                raise ConfigError([f"{order.camera.url} is of no use"])
            case "hang":
                heart.beat(Beat("recording", 0.5, figures=figures))
                signal.pause()
            case "hang-hard":
                # Like a library that doesn't come back: the signal's handler never runs.
                heart.beat(Beat("recording", 600, figures=figures))
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
                while True:
                    time.sleep(1000)
            case "refused":
                heart.beat(Beat("waiting", 10, "refused", f"401: wrong user or password at {order.camera.url}"))
            case _:
                heart.beat(Beat("recording", 10, figures=figures, facts={"codec": "h264", "size": "1920x1080"}))
        time.sleep(EVERY_S)


def live(heart: Heart, order: RecorderOrder) -> None:
    """Leaves a file, as one that is killed does."""
    left = order.camera.dst / "20260101" / "x.chunk"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text(order.camera.url)
    recorder(heart, order)


def finisher(heart: Heart, settings: Settings) -> None:
    assert all(camera.url == "" for camera in settings.cameras)
    while not heart.stopping:
        heart.beat(Beat("waiting", 10))
        time.sleep(EVERY_S)
    logging.getLogger(__name__).info("finished the rest")


def reaper(heart: Heart, settings: Settings) -> None:
    while not heart.stopping:
        heart.beat(Beat("waiting", 10))
        time.sleep(EVERY_S)


def web(heart: Heart, order: WebOrder) -> None:
    """Asks the master for what stands in wish.json, and writes what it says; wants what stands in wants.json."""
    folder, wishes = order.settings.system.data_dir, heart.wishes()
    while not heart.stopping:
        wants = folder / "wants.json"
        heart.beat(Beat("serving", 10, wants=tuple(json.loads(wants.read_text())) if wants.exists() else ()))
        if (folder / "wish.json").exists():
            wish = json.loads((folder / "wish.json").read_text())
            try:
                answer = dict(wishes.ask(**wish))
            except WishError as err:
                answer = {"refused": err.reason, "message": str(err)}
            (folder / "wish.json").unlink()
            (folder / "answer.new").write_text(json.dumps(answer))
            (folder / "answer.new").replace(folder / "answer.json")
        time.sleep(EVERY_S)


def preparation(heart: Heart, order: PrepareOrder) -> None:
    """One folder is on a disk that doesn't answer, one can't be written."""
    for folder in order.folders:
        facts = {"folder": str(folder)}
        if "hung" in folder.name:
            heart.beat(Beat("preparing", 0.5, facts=facts))
            signal.pause()
        if "readonly" in folder.name:
            heart.beat(Beat("preparing", 5, facts={**facts, "cause": "disk missing", "problem": "is read-only"}))
        else:
            heart.beat(Beat("preparing", 5, facts={**facts, "marker": "00" * 16}))
    heart.beat(Beat("preparing", 5, facts={"database": "it is locked"}))
