"""`python -m pynvr.simulator`: cameras for a demo, until Ctrl-C; prints a URL a line."""

import signal
import sys
from pathlib import Path
from typing import cast

import click

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import AudioCodec, Codec, Look, SimulatedCamera
from pynvr.simulator.left_out import EACH_S, LeftOut
from pynvr.simulator.server import SimulatorServer

_NAMES = ("gate", "yard", "street", "drive")
_LOOKS: tuple[Look, ...] = ("day", "dusk", "overcast", "night")


def _name(number: int) -> str:
    """gate, yard, street, drive, gate2, yard2, …"""
    turn = number // len(_NAMES)
    return _NAMES[number % len(_NAMES)] + (str(turn + 1) if turn else "")


@click.command()
@click.option("--cameras", default=4, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8554, show_default=True, help="Of the first camera; the others follow. 0: any free.")
@click.option("--codec", default="h264", show_default=True, type=click.Choice(["h264", "hevc"]))
@click.option("--size", default="1280x720", show_default=True, help="Width x height in pixels.")
@click.option("--fps", default=15.0, show_default=True, type=click.FloatRange(1, 120))
@click.option(
    "--gop", default=2.0, show_default=True, type=click.FloatRange(0.1, 60), help="Seconds between keyframes."
)
@click.option("--bitrate", default=1500, show_default=True, type=click.IntRange(50, 50_000), help="kbit/s.")
@click.option("--audio", default="aac", show_default=True, type=click.Choice(["none", "aac", "pcmu", "pcma"]))
@click.option("--user", default="", help="Ask for this user (digest authentication).")
@click.option("--password", default="", help="And for this password; it shows in the process list.")
@click.option("--clip", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Loop this file's video.")
@click.option(
    "--loop", is_flag=True, help="Encode 8 s once and loop it: far cheaper, but the clock isn't the true one."
)
def main(
    *,
    cameras: int,
    host: str,
    port: int,
    codec: str,
    size: str,
    fps: float,
    gop: float,
    bitrate: int,
    audio: str,
    user: str,
    password: str,
    clip: Path | None,
    loop: bool,
) -> None:
    """RTSP cameras made of software."""
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise click.BadParameter(f"{size!r} isn't a width x height like 1280x720", param_hint="--size")
    try:
        made = [
            SimulatedCamera(
                _name(number),
                codec=cast("Codec", codec),
                width=int(width),
                height=int(height),
                fps=fps,
                gop_s=gop,
                bitrate_kbps=bitrate,
                audio=cast("AudioCodec", "" if audio == "none" else audio),
                user=user,
                password=password,
                clip=clip,
                live=clip is None and not loop,
                look=_LOOKS[number % len(_LOOKS)],
            )
            for number in range(cameras)
        ]
        if clip is None:
            click.echo("Drawing and encoding what they show …", err=True)
        # Nobody asks this program what was sent.
        with SimulatorServer(made, host, port, keep_sent=False) as server:
            for camera in made:
                click.echo(server.url(camera.name))
            sys.stdout.flush()
            left_out = LeftOut(server.left_out)
            while signal.sigtimedwait({signal.SIGINT, signal.SIGTERM}, EACH_S) is None:
                if news := left_out.news():
                    click.echo(news, err=True)
    except SimulatorError as err:
        raise click.ClickException(str(err)) from err


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
