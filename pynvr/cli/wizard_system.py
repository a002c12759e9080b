"""The wizard's part about the recorder itself: its folders, its name and address, and what may be deleted."""

from pathlib import Path

from pynvr.cli.output import note
from pynvr.cli.wizard_answers import Asker
from pynvr.cli.wizard_draft import Draft
from pynvr.cli.wizard_folders import usable_folder
from pynvr.cli.wizard_options import Given
from pynvr.config.kinds import LISTENING_HOST, Kind, folder, number, text, whole

DELETE_AT_PERCENT = 90.0
_FOLDERS = {
    "jpg_cache_dir": "  Pictures",
    "mp4_cache_dir": "  Stored ranges",
    "log_dir": "  Log",
    "camera_log_dir": "  Logs of the cameras",
}


class SystemDialogue:
    """Each question changes the draft; what is given as an option isn't asked."""

    def __init__(self, asker: Asker, draft: Draft, given: Given, is_new: bool) -> None:
        self._ask = asker
        self._draft = draft
        self._given = given
        self._is_new = is_new
        self._base = draft.path.parent

    def ask_folders(self, again: bool = False) -> None:
        """`again`: because one of them can't be made, so that what was given as an option is asked for too."""
        self._ask.title("Where recordings go")
        before = self._draft.settings().system
        data_dir = self._ask.value(
            "  Base folder",
            self._folder(None if self._is_new or again else before.data_dir),
            None if again else self._given.data_dir,
            before.data_dir,
            "--data-dir",
        )
        if data_dir != before.data_dir or "data_dir" not in self._draft.section("system"):
            self._draft.section("system")["data_dir"] = str(data_dir)
        if again:
            self._draft.move_rules(before.data_dir, data_dir)
        if not self._is_new and data_dir != before.data_dir:
            self._ask.hint(f"What is recorded in {before.data_dir} stays there.")
        given = {key: None if again else getattr(self._given, key) for key in _FOLDERS}
        own = any(key in self._draft.section("system") for key in _FOLDERS)
        if not any(given.values()) and not self._ask.yes("  Put pictures or logs elsewhere?", None, own):
            return
        plain = self._draft.settings().system
        for key, question in _FOLDERS.items():
            default = getattr(plain, key)
            option = "--" + key.replace("_", "-")
            self._draft.put(
                str(self._ask.value(question, self._folder(None if again else default), given[key], default, option)),
                str(default),
                "system",
                key,
            )

    def _folder(self, now: Path | None) -> Kind[Path]:
        """Tried while there is somebody to ask again; what can't be made unattended is told when it is made."""
        return usable_folder(self._base, now) if self._ask.interactive else folder(self._base)

    def ask_server(self) -> None:
        self._ask.title("Name and web site")
        given, system = self._given, self._draft.settings().system
        name = self._ask.value("  Name of this recorder", text(100, empty=False), given.name, system.name, "--name")
        self._draft.put(name, system.name, "system", "name")
        self._ask.hint("localhost: the site is for this machine alone; 0.0.0.0: for the whole network, behind a login.")
        host = self._ask.value("  Address to listen on", LISTENING_HOST, given.host, system.server.host, "--host")
        self._draft.put(host, system.server.host, "system", "server", "host")
        port = self._ask.value("  Port", whole(1, 65_535), given.port, system.server.port, "--port")
        self._draft.put(port, system.server.port, "system", "server", "port")

    def ask_deleting(self) -> None:
        """Also says on which disks nothing is deleted all the same."""
        self._ask_deleting()
        for full in self._draft.kept_for_ever():
            note(f'  No rule of "reaper" is for the disk of {full}: recording stops there when it gets full.')

    def _ask_deleting(self) -> None:
        self._ask.title("Old video")
        given = self._given
        has_rules = bool(self._draft.settings().reaper)
        if not has_rules:
            self._ask.hint("Without your word nothing is ever deleted; when a disk is full, recording stops.")
        answer = True if given.delete_at is not None else False if given.keep_all else None
        if not self._ask.yes("  May the oldest video be deleted when its disk gets full?", answer, has_rules):
            self._draft.forbid_deleting()
            return
        rules = self._draft.settings().reaper
        if rules and given.delete_at is None and not self._ask.interactive:
            return
        present = f"{next((rule.percent for rule in rules if rule.percent is not None), DELETE_AT_PERCENT):g}"
        share = number(0, 100, "percent of the disk", above=True)
        percent = self._ask.value(
            "  When the disk is so full, in percent", share, given.delete_at, present, "--delete-at"
        )
        # Enter leaves rules as they are: each disk may have another percentage, or limits of another kind.
        if not rules or given.delete_at is not None or percent != float(present):
            self._draft.let_delete(percent)
