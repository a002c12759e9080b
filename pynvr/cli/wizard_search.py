"""The wizard's part about cameras that are found on the network: what there is, and which of it to record."""

from dataclasses import dataclass

import click

from pynvr.cli.discover import search, stream_words
from pynvr.cli.onvif import Device, Login, Stream
from pynvr.cli.output import write_columns
from pynvr.cli.wizard_answers import Asker
from pynvr.cli.wizard_draft import Draft
from pynvr.cli.wizard_login import without_login
from pynvr.config.kinds import Kind, NotOfKindError

SEARCH_S = 4.0


@dataclass(frozen=True, slots=True)
class Found:
    """A stream that the search found, numbered for the person."""

    device: Device
    stream: Stream
    is_first: bool  # of its device: the one to record
    is_known: bool  # a camera of the draft has it; logins don't count


def find_streams(login: Login, draft: Draft) -> list[Found]:
    """Every stream found; devices without are named with their problem."""
    known = {without_login(str(camera.get("url", ""))) for camera in draft.cameras}
    streams = []
    for device in search([], SEARCH_S, login):
        if device.problem:
            click.echo(f"  {device.host} {device.name}: {device.problem}")
        best = max(device.streams, key=lambda stream: stream.width * stream.height, default=None)
        streams += [
            Found(device, stream, stream is best, without_login(stream.url) in known) for stream in device.streams
        ]
    return streams


def choose_streams(asker: Asker, found: list[Found]) -> list[Found]:
    """Those that the person wants recorded."""
    write_columns(
        [
            (f"{number:>3}", each.device.host, each.device.name, each.stream.name, stream_words(each.stream))
            + (("known",) if each.is_known else ("",))
            for number, each in enumerate(found, 1)
        ],
        indent="  ",
    )
    new = ",".join(str(n) for n, each in enumerate(found, 1) if each.is_first and not each.is_known)
    chosen: list[Found] = asker.value("  Which to record, as 1,3 (- for none)", _numbers(found), None, new or "-")
    return chosen


def _numbers(found: list[Found]) -> Kind[list[Found]]:
    def read(value: object) -> list[Found]:
        words = [] if str(value).strip() in ("-", "") else str(value).replace(",", " ").split()
        if not all(word.isdecimal() and 1 <= int(word) <= len(found) for word in words):
            raise NotOfKindError
        return [found[int(word) - 1] for word in dict.fromkeys(words)]

    return Kind(f"numbers from 1 to {len(found)} with commas between them", read)
