"""The wizard's options: every answer can be one, so that it runs unattended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Given:
    """The answers that options gave; None = not given."""

    data_dir: str | None
    jpg_cache_dir: str | None
    mp4_cache_dir: str | None
    log_dir: str | None
    camera_log_dir: str | None
    name: str | None
    host: str | None
    port: int | None
    initial_timeout: float | None
    frame_timeout: float | None
    camera: tuple[str, ...]
    cameras: Path | None
    scan: bool
    scan_user: str | None
    scan_password_stdin: bool
    test: bool | None
    delete_at: float | None
    keep_all: bool
    user: str | None
    password_stdin: bool
    no_user: bool
    non_interactive: bool
    yes: bool


_OPTIONS = (
    click.option("--data-dir", help="Folder that everything is stored under."),
    click.option("--jpg-cache-dir", help="Folder of the previews."),
    click.option("--mp4-cache-dir", help="Folder of stored ranges."),
    click.option("--log-dir", help="Folder of the log."),
    click.option("--camera-log-dir", help="Folder of the cameras' logs."),
    click.option("--name", help="Name of this recorder."),
    click.option("--host", help="Address that the web site listens on: localhost, 0.0.0.0 for all."),
    click.option("--port", type=int, help="Port of the web site."),
    click.option(
        "--camera", multiple=True, metavar="ID=URL", help="Add a camera; no password here, use --cameras for that."
    ),
    click.option(
        "--cameras",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Add the cameras of a JSON file: a list as in nvr.json.",
    ),
    click.option("--scan", is_flag=True, help="Add the cameras that ONVIF finds on the network."),
    click.option("--scan-user", help="User of the cameras for --scan."),
    click.option(
        "--scan-password-stdin", is_flag=True, help="Read their password from stdin (behind the user's, if both)."
    ),
    click.option("--initial-timeout", type=float, help="Seconds to wait for a camera's first video, for all cameras."),
    click.option("--frame-timeout", type=float, help="Longest gap in a camera's video in seconds, for all cameras."),
    click.option(
        "--test/--no-test", default=None, help="Watch each new camera; without questions the default is not to."
    ),
    click.option(
        "--delete-at", type=float, metavar="PERCENT", help="Delete the oldest video when a disk is that full."
    ),
    click.option("--keep-all", is_flag=True, help="Never delete video."),
    click.option("--user", help="Name of the first user, an admin."),
    click.option("--password-stdin", is_flag=True, help="Read the first user's password from stdin."),
    click.option("--no-user", is_flag=True, help="Make no user now."),
    click.option("--non-interactive", is_flag=True, help="Ask nothing; leave an existing file alone."),
    click.option("-y", "--yes", is_flag=True, help="Ask nothing, and change an existing file."),
)


def with_options(function: Function) -> Function:
    """The function with all of them, to be made a command; `Given(**options)` takes what it is called with."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
