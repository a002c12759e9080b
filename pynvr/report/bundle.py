"""The report: a text for each question, and all of them as one ZIP."""

import dataclasses
import json
import os
import pwd
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import IO, TypeVar

from pynvr import __version__
from pynvr.base.errors import PyNVRError
from pynvr.catalog.settled import settled_s
from pynvr.model.settings import Settings
from pynvr.model.status import STATUS_NAME, Status
from pynvr.report.configuration import Configuration, hosts_in, users_in
from pynvr.report.disguise import Disguise
from pynvr.report.logs import log_end, log_files
from pynvr.report.machine import machine
from pynvr.report.processes import processes
from pynvr.report.recordings import coverage, disks, verified
from pynvr.store.database import database_path
from pynvr.store.inspection import Inspection, account_names, inspect
from pynvr.store.store import Store

Answer = TypeVar("Answer")
# A disk that doesn't answer must not keep the rest from being told.
PATIENCE_S = 20.0
# For all that don't answer together; then each gets but a moment more.
_PATIENCE_IN_ALL_S = 60.0
_MOMENT_S = 1.0
_time_s = time.monotonic
# Accounts of people begin here; those below are services.
_FIRST_PERSON = 1000
_LEAD = """\
A report for whoever looks into trouble with PyNVR {version}, made {moment}.

Not in it: video, pictures, passwords, keys. Names of users are called user-1, user-2, …{addresses}
Names of one or two letters, and those that are words of PyNVR (as admin and demo), stay.
In it: ids and names of cameras, paths of folders, names of those who are told of alerts; as they are, but for
names and addresses within them that are called otherwise in all of the report, as said above.
{names}
"""
_ADDRESSES = "; addresses\nand names of machines are called address-1, host-1, …"
_NAMES_UNKNOWN = "The database can't be read: names of users that nobody else knows may stand in the logs.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the report. `about`: a few words; `problem`: why it says nothing, empty if it does; `hangs`:
    because no answer came."""

    name: str
    about: str
    text: str
    problem: str = ""
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """`ask` gives the answer: text, or what becomes JSON."""

    name: str
    about: str
    ask: Callable[[], object]
    patience_s: float = PATIENCE_S


def entries(
    configuration: Configuration, now_us: int, *, keep_addresses: bool = False, verify_s: float = 60.0
) -> Iterator[Entry]:
    """All files of the report, one after the other as each is made; the last is README.txt, which lists the others.

    `verify_s`: how long the segments of today and yesterday may be looked at, 0 = not at all.
    """
    settings = configuration.settings
    names, names_known = _names(settings)
    left_s = _PATIENCE_IN_ALL_S
    disguise = Disguise(configuration.secrets, names, hosts_in(settings), keep_addresses=keep_addresses)
    made = []
    for question in _questions(configuration, now_us, verify_s):
        begun_s = _time_s()
        entry = _answered(question, disguise, max(_MOMENT_S, min(question.patience_s, left_s)))
        if entry.hangs:
            left_s -= _time_s() - begun_s
        made.append(Entry(entry.name, entry.about, "", entry.problem))
        yield entry
    addresses = "." if keep_addresses else f"{_ADDRESSES}."
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now_us / 1e6))
    lead = _LEAD.format(
        version=__version__, moment=moment, addresses=addresses, names="" if names_known else _NAMES_UNKNOWN
    )
    listed = "".join(f"{entry.name:28} {entry.about}{_said(entry)}\n" for entry in made)
    yield Entry("README.txt", "what is in it", lead + listed)


def write_zip(file: IO[bytes], parts: Iterable[Entry]) -> Iterator[Entry]:
    """Write the ZIP; each entry is passed on, without its text, when it has been written."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in parts:
            packed.writestr(entry.name, entry.text)
            yield dataclasses.replace(entry, text="")


def file_name(now_us: int) -> str:
    return time.strftime("pynvr-report-%Y%m%dT%H%M%SZ.zip", time.gmtime(now_us / 1e6))


def _said(entry: Entry) -> str:
    return f" ({entry.problem})" if entry.problem else ""


def _questions(configuration: Configuration, now_us: int, verify_s: float) -> Iterator[_Question]:
    settings, database = configuration.settings, _Database(configuration.settings.system.database)
    yield _Question("machine.json", "what it runs on, and in which versions", machine)
    yield _Question("nvr.json", "the configuration without secrets, and its mistakes", lambda: _told(configuration))
    yield _Question("status.json", "how the program stands", lambda: _status_document(settings))
    yield _Question("processes.json", "processes, memory, descriptors", lambda: processes(_status(settings)))
    yield _Question("database.json", "schema, rows, damage", lambda: dataclasses.asdict(database.found))
    yield _Question("disks.json", "folders, room, file systems", lambda: _disks(settings, database))
    yield _Question(
        "coverage.json",
        "what was recorded, and why not",
        lambda: database.ask(lambda store: coverage(settings, store, now_us)),
    )
    if verify_s > 0:
        yield _Question(
            "verify.json",
            "segments of today and yesterday against catalog and index",
            lambda: database.ask(lambda store: verified(settings, store, now_us, settled_s(settings), verify_s)),
            verify_s + PATIENCE_S,
        )
    for name, path, most_bytes in log_files(settings):
        yield _Question(name, "the end of the log", partial(log_end, path, most_bytes))


def _answered(question: _Question, disguise: Disguise, patience_s: float) -> Entry:
    found, failed = _asked(question.ask, patience_s, f"report {question.name}")
    if found:
        return Entry(question.name, question.about, _text(found[0], disguise))
    reason = failed[0] if failed else f"no answer within {patience_s:.0f} s: does a disk hang?"
    told = _writable(disguise.text(reason))
    return Entry(question.name, question.about, f"{told}\n", told.strip().splitlines()[-1], hangs=not failed)


def _asked(ask: Callable[[], Answer], patience_s: float, name: str) -> tuple[list[Answer], list[str]]:
    """The answer, or why there is none; neither if it takes longer."""
    found: list[Answer] = []
    failed: list[str] = []

    def run() -> None:
        try:
            found.append(ask())
        except PyNVRError as err:
            failed.append(str(err))
        except OSError as err:
            failed.append(f"{err.filename}: {err.strerror}" if err.filename else str(err))
        except Exception:
            # A report is made where something is broken: what of PyNVR breaks too belongs into it.
            failed.append(traceback.format_exc())

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    thread.join(patience_s)
    return found, failed


def _text(answer: object, disguise: Disguise) -> str:
    if isinstance(answer, str):
        return _writable(disguise.text(answer))
    return _writable(json.dumps(disguise.value(answer), indent=1, ensure_ascii=False, default=str) + "\n")


def _writable(text: str) -> str:
    """Names of files, and texts of nvr.json, may hold what UTF-8 has no place for."""
    return text.encode("utf-8", "backslashreplace").decode()


def _told(configuration: Configuration) -> object:
    return {
        "file": str(configuration.settings.path),
        "mistakes": list(configuration.mistakes),
        "content": configuration.shown,
    }


def _status(settings: Settings) -> Status | None:
    try:
        return Status.from_json((settings.system.run_dir / STATUS_NAME).read_bytes())
    except (OSError, ValueError):
        return None


def _status_document(settings: Settings) -> object:
    return json.loads((settings.system.run_dir / STATUS_NAME).read_bytes())


class _Database:
    """The database as it is: a report brings no schema up to date and repairs nothing."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def found(self) -> Inspection:
        return inspect(database_path(self._url))

    def ask(self, question: Callable[[Store], object]) -> object:
        """Raises PyNVRError where it can't be asked."""
        if self.found.problem:
            raise PyNVRError("the database can't be used: see database.json")
        with Store.open(self._url, create=False) as store:
            return question(store)


def _disks(settings: Settings, database: _Database) -> object:
    return disks(settings, None) if database.found.problem else database.ask(partial(disks, settings))


def _names(settings: Settings) -> tuple[set[str], bool]:
    """Names of people, and whether all that matter are known."""
    known, _ = _asked(
        lambda: account_names(database_path(settings.system.database)), PATIENCE_S, "report names of users"
    )
    owners, _ = _asked(lambda: list(_accounts(settings)), PATIENCE_S, "report accounts")
    names = {name for answer in (*known, *owners) for name in answer}
    return names | users_in(settings), any(known)


def _accounts(settings: Settings) -> Iterator[str]:
    """Accounts of people on this machine who have to do with PyNVR."""
    ids = {os.getuid()}
    if settings.system.data_dir.exists():
        ids.add(settings.system.data_dir.stat().st_uid)
    for number in ids:
        try:
            if number >= _FIRST_PERSON:
                yield pwd.getpwuid(number).pw_name
        except KeyError:  # an id without a name
            continue
    if "SUDO_USER" in os.environ:
        yield os.environ["SUDO_USER"]
