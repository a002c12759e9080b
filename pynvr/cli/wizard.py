"""`pynvr config`: asks for everything, tests the cameras, writes nvr.json; unattended if every answer is an option."""

import os
from pathlib import Path
from typing import Any

import click

from pynvr.base.counted import counted
from pynvr.base.errors import ConfigBusyError, ConfigError, ConfigUnreadableError, UsageError
from pynvr.cli.main import Context
from pynvr.cli.onvif import Login, require_library
from pynvr.cli.output import ask_password, note, write_columns
from pynvr.cli.wizard_answers import Asker
from pynvr.cli.wizard_cameras import CameraDialogue
from pynvr.cli.wizard_draft import Draft, Values, plain_number
from pynvr.cli.wizard_folders import FolderError, give_to_owner_of, make_folders
from pynvr.cli.wizard_options import Given, with_options
from pynvr.cli.wizard_system import SystemDialogue
from pynvr.cli.wizard_user import ask_user, set_user
from pynvr.config.camera_url import CAMERA_URL
from pynvr.config.kinds import IDENTIFIER, NotOfKindError, number
from pynvr.config.load import NAME, SYSTEM_PATH, find_config, load, read_document
from pynvr.config.write import sole_writer, write_settings_file
from pynvr.model.settings import Settings, System
from pynvr.web.address import site_address

_TIMEOUT = number(0.1, 3600, "seconds")


@click.command()
@with_options
@click.pass_context
def config(ctx: click.Context, /, **given: Any) -> None:  # click's own typing of options
    """Ask for everything and write nvr.json.

    An existing file is changed: its values are the defaults of the questions, and what isn't asked for stays as it is.
    Nothing is written before the end. Every answer can be an option; with --non-interactive or --yes nothing is asked.
    """
    wizard = _Wizard(ctx.ensure_object(Context), Given(**given))
    wizard.run()


class _Wizard:
    """One run: a recipe, then its steps."""

    def __init__(self, context: Context, given: Given) -> None:
        self._given = given
        self._ask = Asker(interactive=not (given.non_interactive or given.yes))
        self._path = self._choose_path(context)
        self._is_new = not _is_there(self._path)
        self._found = _content(self._path)
        self._draft = Draft(self._path, self._begin())
        self._with_test = self._ask.interactive if given.test is None else given.test
        self._system = SystemDialogue(self._ask, self._draft, given, self._is_new)
        self._cameras = CameraDialogue(self._ask, self._draft, self._with_test)

    def run(self) -> None:
        given = self._given
        if given.non_interactive and not given.yes and not self._is_new:
            raise UsageError(f"{self._path} exists; --yes changes it")
        if given.delete_at is not None and given.keep_all:
            raise UsageError("--delete-at and --keep-all exclude each other")
        # Read first, in the order in which --help promises them.
        password = ask_password(True, "") if given.password_stdin else ""
        login = self._scan_login()
        self._system.ask_folders()
        self._system.ask_server()
        self._ask_cameras(login)
        self._system.ask_deleting()
        user, password = ask_user(self._ask, given, self._draft.settings(), password)
        settings = self._draft.settings()
        self._show(settings, user)
        if self._ask.interactive and not click.confirm(self._last_question(), default=True):
            raise click.Abort
        self._write(user, password)

    def _choose_path(self, context: Context) -> Path:
        if context.config_path is not None:
            return context.config_path.absolute()
        try:
            return find_config(None)
        except ConfigError:
            usual = SYSTEM_PATH if os.geteuid() == 0 else Path(NAME).absolute()
            if not self._ask.interactive:
                return usual
        return Path(click.prompt("Write the configuration to", default=str(usual))).expanduser().absolute()

    def _begin(self) -> Values:
        """The document to change; an empty one if there is none, or the person gives the present one up."""
        if self._ask.interactive:
            click.echo(click.style("PyNVR configuration", bold=True) + f"  {self._path}")
            self._ask.hint(
                "Enter keeps the answer in brackets. Nothing is written before the end; Ctrl-C leaves all as it is."
            )
        if self._is_new:
            return {}
        try:
            load(self._path)
        except ConfigUnreadableError:
            raise
        except ConfigError as err:
            if not self._ask.interactive:
                raise
            for line in err.mistakes:
                note(f"  {line}")
            click.confirm("The file has mistakes. Begin with an empty one?", default=False, abort=True)
            return {}
        document = read_document(self._path)
        assert isinstance(document, dict), "it has just been loaded"
        return dict(document)

    def _ask_cameras(self, login: Login) -> None:
        given = self._given
        for key in ("initial_timeout", "frame_timeout"):
            value = getattr(given, key)
            if value is not None:
                option = "--" + key.replace("_", "-")
                self._draft.section("defaults")[key] = plain_number(self._ask.value(key, _TIMEOUT, value, None, option))
        self._ask.title("Cameras")
        known = {str(camera["id"]) for camera in self._draft.cameras}
        for camera in self._given_cameras():
            present = self._draft.camera(str(camera.get("id", "")))
            if present is None:
                self._draft.cameras.append(camera)
            else:
                present.update(camera)
        if given.scan:
            count = self._cameras.add_found(login)
            click.echo(f"The search found {counted(count, 'new camera')}.")
        self._draft.settings()  # a mistake in what was given ends it here
        new = [str(camera["id"]) for camera in self._draft.cameras if camera["id"] not in known]
        if self._with_test:
            for camera_id in new:
                click.echo(f"Camera {camera_id}")
                self._cameras.show_test(camera_id)
        if self._ask.interactive:
            self._cameras.run()

    def _given_cameras(self) -> list[Values]:
        cameras = [_camera_of_option(option) for option in self._given.camera]
        if self._given.cameras is not None:
            listed = read_document(self._given.cameras)
            if not isinstance(listed, list) or not all(isinstance(camera, dict) for camera in listed):
                raise UsageError(f"{self._given.cameras}: expected a list of cameras as in nvr.json")
            cameras += listed
        return cameras

    def _scan_login(self) -> Login:
        given = self._given
        if given.scan:
            require_library()
        if given.scan_user is None:
            return Login()
        if given.scan_password_stdin:
            return Login(given.scan_user, ask_password(True, ""))
        if not self._ask.interactive:
            raise UsageError("--scan-user needs --scan-password-stdin when nothing is asked")
        return Login(given.scan_user, self._ask.old_password(f"Password of {given.scan_user} in the cameras"))

    def _show(self, settings: Settings, user: str) -> None:
        self._ask.title("That makes")
        if not self._ask.interactive:
            return
        cameras = ", ".join(camera.id for camera in settings.cameras) or "none yet"
        rules = ", ".join(f"{rule.disk} at {rule.percent:g} %" for rule in settings.reaper if rule.percent is not None)
        data_dir, server = settings.system.data_dir, settings.system.server
        others = {camera.dst for camera in settings.cameras if not camera.dst.is_relative_to(data_dir)}
        write_columns(
            [
                ("Cameras", f"{len(settings.cameras)}: {cameras}" if settings.cameras else cameras),
                ("Recordings", ", ".join(map(str, [data_dir, *sorted(others)]))),
                ("Web site", site_address(server)),
                ("Old video", f"the oldest is deleted: {rules}" if settings.reaper else "is never deleted"),
                ("New user", user or "none"),
            ],
            indent="  ",
        )

    def _last_question(self) -> str:
        return f"\nWrite {self._path}?" if self._is_new else f"\nOverwrite {self._path} with it?"

    def _write(self, user: str, password: str) -> None:
        make_folders([self._path.parent])
        settings = self._make_folders()
        self._write_file()
        if self._is_new:
            give_to_owner_of(settings.system.data_dir, self._path)
        if user:
            set_user(settings, user, password)
        click.echo(f"{self._path} is written.")
        if self._ask.interactive:
            found_alone = self._path in (SYSTEM_PATH, Path(NAME).absolute())
            pynvr = "pynvr" if found_alone else f"pynvr --config {self._path}"
            click.echo(f"Next: `{pynvr} start` records in the background, `{pynvr} status` tells how it goes.")

    def _make_folders(self) -> Settings:
        """The settings whose folders are there now. One that can't be made is asked for again: no answer is lost."""
        while True:
            settings = self._draft.settings()
            try:
                make_folders([*_folders_of(settings.system), *(camera.dst for camera in settings.cameras)])
            except FolderError as err:
                if not self._ask.interactive:
                    raise
                note(f"  {err}")
                if err.folder in _folders_of(settings.system):
                    self._system.ask_folders(again=True)
                else:
                    self._cameras.ask_folder_again(next(one.id for one in settings.cameras if one.dst == err.folder))
            else:
                return settings

    def _write_file(self) -> None:
        """What somebody else wrote while the questions were answered isn't lost in silence."""
        while True:
            with sole_writer(self._path):
                now = _content(self._path)
                if now == self._found:
                    write_settings_file(self._path, self._draft.document)
                    return
            if not self._ask.interactive:
                raise ConfigBusyError([f"{self._path}: somebody else changed it meanwhile; run this again"])
            click.confirm(
                f"{self._path} was changed meanwhile, on the web site or by hand. Overwrite that?", abort=True
            )
            self._found = now


def _is_there(path: Path) -> bool:
    """Whether there is a file, be it one that may not be looked at."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
    return True


def _content(path: Path) -> bytes | None:
    """None if it isn't there, or can't be read: that is told with the reason where its values are needed."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _folders_of(system: System) -> list[Path]:
    return [system.data_dir, system.jpg_cache_dir, system.mp4_cache_dir, system.log_dir, system.camera_log_dir]


def _camera_of_option(option: str) -> Values:
    camera_id, equals, url = option.partition("=")
    try:
        camera: Values = {"id": IDENTIFIER.read(camera_id), "url": CAMERA_URL.read(url)}
    except NotOfKindError as err:
        raise UsageError("--camera: expected ID=URL, as gate=rtsp://192.168.1.20/stream") from err
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise UsageError(f"--camera {camera_id}: a password here shows in the list of processes; use --cameras FILE")
    assert equals
    return camera
