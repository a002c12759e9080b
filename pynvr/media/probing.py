"""A probe in a process of its own (`python -m pynvr.media.probing`), for whoever can't afford that libav hangs.

In: a pickled `Order` on stdin (never on the command line, for the URL holds a password). Out: JSON on stdout, the
picture in base64. The process ends itself when its time is over, whatever libav is doing.
"""

import base64
import json
import pickle
import signal
import sys
from dataclasses import asdict, dataclass

from pynvr.base.conceal import Conceal, secrets_of
from pynvr.base.errors import SourceError
from pynvr.model.settings import Camera

# Over this the picture is made smaller; a page shows it a hand wide.
PICTURE_WIDTH = 1280


@dataclass(frozen=True, slots=True)
class Order:
    """Watch `camera` for `watch_s` seconds from its first packet, and be done within `limit_s`."""

    camera: Camera
    watch_s: float
    limit_s: float


def main() -> None:
    order = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
    assert isinstance(order, Order)
    # The default action ends the process also deep inside libav.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, order.limit_s)
    sys.stdout.write(json.dumps(_probed(order)))
    sys.stdout.flush()


def _probed(order: Order) -> dict[str, object]:
    from pynvr.media.probe import probe

    conceal = Conceal(secrets_of([order.camera.url]))
    try:
        seen = probe(order.camera, order.watch_s)
    except SourceError as err:
        return {"ok": False, "problem": conceal(str(err)), "cause": err.cause}
    found = asdict(seen)
    found["picture_jpeg"] = base64.b64encode(_smaller(seen.picture_jpeg)).decode()
    return {"ok": True, **found}


def _smaller(jpeg: bytes) -> bytes:
    from pynvr.base.errors import MediaError
    from pynvr.media.jpeg import to_jpeg
    from pynvr.media.still import decode_still

    if not jpeg:
        return b""
    try:
        return to_jpeg(decode_still("mjpeg", b"", [jpeg]), PICTURE_WIDTH)
    except MediaError:
        return jpeg


if __name__ == "__main__":
    # Under its own name, so that the order's class is the one its sender pickled.
    from pynvr.media.probing import main as run

    run()
