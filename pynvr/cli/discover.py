"""`pynvr discover`: cameras in the network that speak ONVIF, with the URLs of their streams."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from pynvr.base.counted import counted
from pynvr.cli.onvif import Device, Login, Stream, devices_at, find_devices, require_library, with_streams
from pynvr.cli.output import ask_password, note, passed, passing, write_columns, write_json
from pynvr.cli.seconds import Seconds

NOTHING_FOUND_EXIT_CODE = 1


@click.command()
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--timeout", "timeout_s", type=Seconds(0.5, 600), default=4, show_default=True, help="Seconds to wait for answers."
)
@click.option("--user", default="", help="User of the cameras; the password is asked for.")
@click.option("--password-stdin", is_flag=True, help="Read the cameras' password from stdin instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def discover(
    ctx: click.Context, *, addresses: tuple[str, ...], timeout_s: float, user: str, password_stdin: bool, as_json: bool
) -> None:
    """Look for ONVIF cameras on the network and ask each for its streams.

    Every network of this machine is searched. ADDRESS asks a camera in another one directly. Exit code 1 if none is
    found.
    """
    require_library()
    login = Login(user, ask_password(password_stdin, f"Password of {user}")) if user else Login()
    devices = search(addresses, timeout_s, login)
    if as_json:
        write_json([asdict(device) for device in devices])
    else:
        for device in devices:
            _show(device)
    if not devices:
        note("No ONVIF camera answered. Is ONVIF switched on in the camera, and the camera in this network?")
        ctx.exit(NOTHING_FOUND_EXIT_CODE)


def search(addresses: Sequence[str], timeout_s: float, login: Login) -> list[Device]:
    """Search, with a word about how far it is."""
    passing(f"Searching for {timeout_s:g} s …")
    devices = devices_at(addresses, timeout_s) if addresses else find_devices(timeout_s)
    answers: list[Device] = []

    def answered(device: Device) -> None:
        answers.append(device)
        passing(f"Asking {counted(len(devices), 'camera')} for their streams: {len(answers)} answered")

    devices = with_streams(devices, login, answered)
    passed()
    return devices


def stream_words(stream: Stream) -> str:
    """What the device says of the stream, as `h264 1920x1080 25 fps`."""
    size = f"{stream.width}x{stream.height}" if stream.width else ""
    rate = f"{stream.fps:g} fps" if stream.fps else ""
    return " ".join(word for word in (stream.codec, size, rate) if word)


def _show(device: Device) -> None:
    click.echo(f"{device.host}  {' '.join(word for word in (device.name, device.hardware) if word)}".rstrip())
    if device.problem:
        click.echo(f"    {device.problem}")
    write_columns([(stream.name, stream_words(stream), stream.url) for stream in device.streams], indent="    ")
