"""The wizard's part about cameras: typed, found on the network, changed, tested one by one."""

from pathlib import Path

import click

from pynvr.base.errors import UsageError
from pynvr.base.redaction import redact
from pynvr.cli.check import Finding, probe_one, seen_words
from pynvr.cli.onvif import Login, require_library
from pynvr.cli.output import passed, passing, write_columns
from pynvr.cli.wizard_answers import Asker
from pynvr.cli.wizard_draft import Draft, Values, plain_number
from pynvr.cli.wizard_folders import usable_folder
from pynvr.cli.wizard_login import LoginDialogue
from pynvr.cli.wizard_picture import terminal_picture
from pynvr.cli.wizard_search import Found, choose_streams, find_streams
from pynvr.config.kinds import IDENTIFIER, Kind, NotOfKindError, number, text

WATCH_S = 5.0
# What `SourceError` begins with when it is the user or the password; 404 and others leave them as they are.
_LOGIN_REFUSED = ("401", "403")
_TIMEOUT = number(0.1, 3600, "seconds")
_HOW_MANY = "  How many cameras? A number, or s to search the network"
# Who types more means something else; each is asked for, and only Ctrl-C would end that.
_MOST_AT_ONCE = 100
_WHAT_NEXT = "  Next"
_WHAT_NEXT_HINT = "A number adds so many, s searches the network, a short name changes that camera, -name removes it."


class CameraDialogue:
    """Asks for cameras until there are no more; each is tested before it is taken."""

    def __init__(self, asker: Asker, draft: Draft, with_test: bool) -> None:
        self._asker = asker
        self._draft = draft
        self._base = draft.path.parent
        self._with_test = with_test
        self._logins = LoginDialogue(asker)
        self._refused: set[str] = set()  # ids of the cameras that refused their login at the last test

    def run(self) -> None:
        """The whole dialogue, with a person."""
        while True:
            self._list()
            answer = str(click.prompt(self._question(), default="", show_default=False)).strip()
            if not answer:
                return
            self._do(answer)

    def add_found(self, login: Login) -> int:
        """Add the best stream of each device found that isn't known yet, without questions; their number."""
        self._logins.last = login
        found = [each for each in find_streams(login, self._draft) if each.is_first and not each.is_known]
        for each in found:
            self._draft.cameras.append(self._camera_of(each))
        return len(found)

    def show_test(self, camera_id: str) -> bool:
        """Watch the camera and show what it sends; whether it sends video."""
        camera = self._draft.settings().camera(camera_id)
        assert camera is not None
        passing(f"  watching {camera_id} for {WATCH_S:g} s …")
        finding = probe_one(camera, WATCH_S)
        passed()
        _show(finding)
        if finding.problem.startswith(_LOGIN_REFUSED):
            self._refused.add(camera_id)
        else:
            self._refused.discard(camera_id)
        return finding.seen is not None

    def _do(self, answer: str) -> None:
        camera = self._draft.camera(answer.removeprefix("-"))
        if answer.isdecimal() and camera is None:
            if len(answer) > len(str(_MOST_AT_ONCE)) or not 1 <= int(answer) <= _MOST_AT_ONCE:
                click.echo(
                    f"  Expected 1 to {_MOST_AT_ONCE} at once; more of them are quicker given as --cameras FILE."
                )
                return
            for _ in range(int(answer)):
                self._add(self._empty())
        elif answer == "s":
            self._choose_found()
        elif camera is None and not self._draft.cameras:
            click.echo(
                f"  Expected a number from 1 to {_MOST_AT_ONCE}, s to search the network, or Enter for none yet."
            )
        elif camera is None:
            click.echo(f'  There is no camera "{answer.removeprefix("-")}".')
        elif answer.startswith("-"):
            self._draft.cameras.remove(camera)
            click.echo(f'  "{answer[1:]}" is removed; its recordings stay.')
        else:
            self._change(camera)

    def _list(self) -> None:
        if self._draft.cameras:
            click.echo()
            write_columns(
                [
                    (str(camera["id"]), str(camera.get("name", "")), redact(str(camera.get("url", ""))))
                    for camera in self._draft.cameras
                ],
                indent="  ",
            )

    def _question(self) -> str:
        if not self._draft.cameras:
            return f"{_HOW_MANY} (Enter: none yet)"
        self._asker.hint(_WHAT_NEXT_HINT)
        return f"{_WHAT_NEXT} (Enter: no more)"

    def _empty(self) -> Values:
        return {"name": f"Camera {len(self._draft.cameras) + 1}"}

    def _add(self, camera: Values) -> None:
        click.echo("\n" + click.style(f"Camera {len(self._draft.cameras) + 1}", bold=True))
        self._ask(camera)
        self._draft.cameras.append(camera)
        self._test_until_settled(camera)

    def _change(self, camera: Values) -> None:
        click.echo("\n" + click.style(str(camera["id"]), bold=True))
        self._ask(camera)
        self._test_until_settled(camera)

    def _test_until_settled(self, camera: Values) -> None:
        """Test; if it fails, the person changes it, keeps it or drops it."""
        while self._with_test and not self.show_test(str(camera["id"])):
            wish = self._asker.choice("  e to edit it, k to keep it as it is, d to drop it", "ekd", "e")
            if wish == "d":
                self._draft.cameras.remove(camera)
            if wish != "e":
                return
            self._ask(camera)

    def _ask(self, camera: Values) -> None:
        ask = self._asker
        name = ask.value("  Name", text(200, empty=False), None, camera.get("name") or camera.get("id"))
        camera_id = camera.get("id")
        if camera_id is None:
            free = self._draft.free_id(name)
            camera_id = ask.value("  Short name, for files and URLs", self._new_id(), None, free)
        url = self._logins.ask_url(
            str(camera.get("url", "")), is_refused=camera_id in self._refused, is_first=not self._draft.cameras
        )
        others = {key: value for key, value in camera.items() if key not in ("id", "name", "url")}
        camera.clear()
        camera.update({"id": camera_id, "name": name, "url": url} | others)
        now = Draft(self._draft.path, {**self._draft.document, "cameras": [camera]}).settings().cameras[0]
        self._ask_folder(camera, now.dst, "  Folder of its recordings", usable_folder(self._base, now.dst))
        for key, question, seconds in (
            ("initial_timeout", "  Seconds to wait for the first video", now.initial_timeout_s),
            ("frame_timeout", "  Longest gap in the video, in seconds", now.frame_timeout_s),
        ):
            answer = ask.value(question, _TIMEOUT, None, f"{seconds:g}")
            if answer != seconds:
                camera[key] = plain_number(answer)

    def ask_folder_again(self, camera_id: str) -> None:
        """Because it can't be made."""
        camera, now = self._draft.camera(camera_id), self._draft.settings().camera(camera_id)
        assert camera is not None and now is not None
        self._ask_folder(camera, now.dst, f"  Folder of the recordings of {camera_id}", usable_folder(self._base, None))

    def _ask_folder(self, camera: Values, now: Path, question: str, kind: Kind[Path]) -> None:
        dst = self._asker.value(question, kind, None, now)
        if dst != now:
            camera["dst"] = str(dst)

    def _new_id(self) -> Kind[str]:
        """An id that no camera has."""

        def read(value: object) -> str:
            camera_id = IDENTIFIER.read(value)
            if self._draft.camera(camera_id):
                raise NotOfKindError("a short name that no other camera has")
            return camera_id

        return Kind(IDENTIFIER.expected, read)

    def _choose_found(self) -> None:
        try:
            require_library()
        except UsageError as err:
            click.echo(f"  {err}")
            return
        login = self._logins.ask_for_all()
        try:
            found = find_streams(login, self._draft)
        except UsageError as err:
            click.echo(f"  {err}")
            return
        if not found:
            click.echo("  No camera answered with a stream. Type the URLs instead; its manual has them.")
            return
        for each in choose_streams(self._asker, found):
            self._add(self._camera_of(each))

    def _camera_of(self, found: Found) -> Values:
        name = found.device.name or f"Camera {found.device.host}"
        url = self._logins.last.in_url(found.stream.url)
        return {"id": self._draft.free_id(name), "name": name, "url": url}


def _show(finding: Finding) -> None:
    if finding.seen is None:
        click.echo(f"  {click.style('✗', fg='red')} {redact(finding.problem)}")
        return
    seen = finding.seen
    for line in terminal_picture(seen.picture_jpeg):
        click.echo(f"  {line}")
    click.echo(f"  {click.style('✓', fg='green')} {seen_words(seen)}")
