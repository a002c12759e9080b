"""The wizard's part about cameras: typed, found on the network, changed, tested one by one."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import click

from pynvr.base.errors import UsageError
from pynvr.base.redaction import redact
from pynvr.cli.check import Finding, probe_one, seen_words
from pynvr.cli.discover import search, stream_words
from pynvr.cli.onvif import Device, Login, Stream, require_library
from pynvr.cli.output import passed, passing, write_columns
from pynvr.cli.wizard_answers import Asker
from pynvr.cli.wizard_draft import Draft, Values, plain_number
from pynvr.cli.wizard_picture import terminal_picture
from pynvr.config.camera_url import CAMERA_URL
from pynvr.config.kinds import IDENTIFIER, Kind, NotOfKindError, folder, number, text

WATCH_S = 5.0
SEARCH_S = 4.0
# Others carry their login in ways of their own.
_WITH_LOGIN = ("rtsp", "rtsps", "http", "https")
# What `SourceError` begins with when it is the user or the password; 404 and others leave them as they are.
_LOGIN_REFUSED = ("401", "403")
_KEEP_REFUSED = "  Keep the password that was refused?"
_TIMEOUT = number(0.1, 3600, "seconds")
_HOW_MANY = "  How many cameras? A number, or s to search the network"
_WHAT_NEXT = "  Next"
_WHAT_NEXT_HINT = "A number adds so many, s searches the network, a short name changes that camera, -name removes it."


@dataclass(frozen=True, slots=True)
class Found:
    """A stream that the search found, numbered for the person."""

    device: Device
    stream: Stream
    is_first: bool  # of its device: the one to record


class CameraDialogue:
    """Asks for cameras until there are no more; each is tested before it is taken."""

    def __init__(self, asker: Asker, draft: Draft, with_test: bool) -> None:
        self._asker = asker
        self._draft = draft
        self._with_test = with_test
        self._login = Login()
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
        self._login = login
        found = [each for each in self._search() if each.is_first and not self._known(each)]
        for each in found:
            camera = self._camera_of(each)
            self._draft.cameras.append(camera)
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
        if answer.isdecimal() and self._draft.camera(answer) is None:
            for _ in range(int(answer)):
                self._add(self._empty())
        elif answer == "s":
            self._choose_found()
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
        url = self._ask_url(str(camera.get("url", "")), is_refused=camera_id in self._refused)
        others = {key: value for key, value in camera.items() if key not in ("id", "name", "url")}
        camera.clear()
        camera.update({"id": camera_id, "name": name, "url": url} | others)
        now = Draft(self._draft.path, {**self._draft.document, "cameras": [camera]}).settings().cameras[0]
        dst = ask.value("  Folder of its recordings", folder(self._draft.path.parent), None, now.dst)
        if dst != now.dst:
            camera["dst"] = str(dst)
        for key, question, seconds in (
            ("initial_timeout", "  Seconds to wait for the first video", now.initial_timeout_s),
            ("frame_timeout", "  Longest gap in the video, in seconds", now.frame_timeout_s),
        ):
            answer = ask.value(question, _TIMEOUT, None, f"{seconds:g}")
            if answer != seconds:
                camera[key] = plain_number(answer)

    def _new_id(self) -> Kind[str]:
        """An id that no camera has."""

        def read(value: object) -> str:
            camera_id = IDENTIFIER.read(value)
            if self._draft.camera(camera_id):
                raise NotOfKindError("a short name that no other camera has")
            return camera_id

        return Kind(IDENTIFIER.expected, read)

    def _ask_url(self, now: str, is_refused: bool) -> str:
        """The URL, with a login asked for if it has none, or one that was refused. The present password is never shown.

        Enter keeps a URL with its login, unless that was refused.
        """
        shown = redact(now)
        if not now and len(self._draft.cameras) == 0:
            self._asker.hint(
                "As rtsp://192.168.1.20/stream; the camera's manual has it. User and password are asked for next."
            )
        url = self._asker.value("  URL", CAMERA_URL, None, shown or None)
        if url == shown:
            if not is_refused or not _takes_login(now):
                return now
            url = _without_login(now)
        if urlsplit(url).username is not None or not _takes_login(url):
            return url
        login = self._ask_login(_login_in(now) if is_refused else Login())
        if login.user:
            self._login = login
        return login.in_url(url)

    def _ask_login(self, refused: Login) -> Login:
        """User and password; the refused one is proposed as far as it is no secret."""
        before = self._login
        user = self._asker.value("  User, - for none", text(100), None, refused.user or before.user or "-")
        if user in ("", "-"):
            return Login()
        if user == refused.user:
            password = self._asker.old_password("  Password")
            if not password and refused.password and self._asker.yes(_KEEP_REFUSED, None, False):
                return refused
            return Login(user, password)
        is_before = user == before.user and before.password
        password = self._asker.old_password(f"  Password{' (Enter: as for the camera before)' if is_before else ''}")
        return Login(user, password or (before.password if is_before else ""))

    def _choose_found(self) -> None:
        try:
            require_library()
        except UsageError as err:
            click.echo(f"  {err}")
            return
        user = self._asker.value("  User of the cameras, - for none", text(100), None, self._login.user or "-")
        self._login = Login(user, self._asker.old_password("  Password")) if user not in ("", "-") else Login()
        try:
            found = self._search()
        except UsageError as err:
            click.echo(f"  {err}")
            return
        if not found:
            click.echo("  No camera answered with a stream. Type the URLs instead; its manual has them.")
            return
        for each in self._choice_of(found):
            self._add(self._camera_of(each))

    def _search(self) -> list[Found]:
        """Every stream found; devices without are named with their problem."""
        streams = []
        for device in search([], SEARCH_S, self._login):
            if device.problem:
                click.echo(f"  {device.host} {device.name}: {device.problem}")
            best = max(device.streams, key=lambda stream: stream.width * stream.height, default=None)
            streams += [Found(device, stream, stream is best) for stream in device.streams]
        return streams

    def _choice_of(self, found: list[Found]) -> list[Found]:
        write_columns(
            [
                (f"{number:>3}", each.device.host, each.device.name, each.stream.name, stream_words(each.stream))
                + (("known",) if self._known(each) else ("",))
                for number, each in enumerate(found, 1)
            ],
            indent="  ",
        )
        new = ",".join(str(n) for n, each in enumerate(found, 1) if each.is_first and not self._known(each))
        chosen: list[Found] = self._asker.value(
            "  Which to record, as 1,3 (- for none)", _numbers(found), None, new or "-"
        )
        return chosen

    def _camera_of(self, found: Found) -> Values:
        name = found.device.name or f"Camera {found.device.host}"
        url = self._login.in_url(found.stream.url)
        return {"id": self._draft.free_id(name), "name": name, "url": url}

    def _known(self, found: Found) -> bool:
        """Whether a camera with this stream is in the draft; logins don't count."""
        wanted = _without_login(found.stream.url)
        return any(_without_login(str(camera.get("url", ""))) == wanted for camera in self._draft.cameras)


def _numbers(found: list[Found]) -> Kind[list[Found]]:
    def read(value: object) -> list[Found]:
        words = [] if str(value).strip() in ("-", "") else str(value).replace(",", " ").split()
        if not all(word.isdecimal() and 1 <= int(word) <= len(found) for word in words):
            raise NotOfKindError
        return [found[int(word) - 1] for word in dict.fromkeys(words)]

    return Kind(f"numbers from 1 to {len(found)} with commas between them", read)


def _without_login(url: str) -> str:
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def _takes_login(url: str) -> bool:
    return url.partition(":")[0].lower() in _WITH_LOGIN


def _login_in(url: str) -> Login:
    parts = urlsplit(url)
    return Login(unquote(parts.username or ""), unquote(parts.password or ""))


def _show(finding: Finding) -> None:
    if finding.seen is None:
        click.echo(f"  {click.style('✗', fg='red')} {redact(finding.problem)}")
        return
    seen = finding.seen
    for line in terminal_picture(seen.picture_jpeg):
        click.echo(f"  {line}")
    click.echo(f"  {click.style('✓', fg='green')} {seen_words(seen)}")
