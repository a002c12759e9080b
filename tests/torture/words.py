"""What PyNVR tells people of a fault, where they read it: status, log, coverage, an incident. Each waits for it."""

from typing import Any
from urllib.parse import urlencode

from pynvr.model.cause import Cause
from tests.torture.proof import US
from tests.torture.stage import LONG_S, Stage
from tests.torture.truth import is_plain
from tests.waiting import wait_until

# Of who was killed; nobody knows by what when the forkserver died before, whose children go on without it.
KILLED = ("was killed by SIGKILL", "died")
# An entry of the log may be dated by the last thing that was heard before.
_BEFORE_US = 15 * US


def of_status(stage: Stage, name: str, causes: tuple[Cause, ...], words: str) -> str:
    """The status names one of the causes for the camera, in these words."""

    def said() -> str:
        camera = stage.program.camera(name)
        is_it = camera.get("cause") in causes and words.lower() in camera["detail"].lower()
        return f"{name} is {camera['cause']}: {camera['detail']}" if is_it else ""

    return _plain(
        stage,
        wait_until(
            said, LONG_S, lambda: f"{name} to be {' or '.join(causes)}: {words!r}; it is {stage.program.camera(name)}"
        ),
    )


def of_log(stage: Stage, from_us: int, *words: str, **query: str) -> str:
    """An entry of the page *Log* since then that holds one of these texts. `query`: as `/api/logs` takes it."""
    found: list[str] = []

    def said() -> str:
        asked = urlencode({"since": f"{(from_us - _BEFORE_US) / US:.3f}", "limit": "500", **query})
        status, answer = stage.ask("GET", f"/api/logs?{asked}")
        found[:] = [entry["text"] for entry in answer["logs"]] if status == 200 else []
        return next((text for text in found if _holds(text, words)), "")

    return _plain(stage, wait_until(said, LONG_S, lambda: f"an entry of the log: {words}; there are {found[:8]}"))


def of_coverage(stage: Stage, name: str, from_us: int, causes: tuple[Cause, ...], *words: str) -> str:
    """Coverage since then has a gap of the camera with one of these causes, whose detail holds one of these texts."""
    accounts: list[Any] = []

    def said() -> str:
        since, until = (from_us - _BEFORE_US) / US, from_us / US + 3600
        status, answer = stage.ask("GET", f"/api/1/coverage?camera_ids={name}&from={since:.3f}&to={until:.3f}")
        accounts[:] = answer["payload"]["cameras"][name]["accounts"] if status == 200 else []
        gaps = [(b - a, cause, detail) for a, b, cause, detail in accounts if b > from_us / US and cause in causes]
        return next((f"{s:.1f} s {c}: {d}" for s, c, d in gaps if _holds(d, words)), "")

    return _plain(
        stage,
        wait_until(
            said, LONG_S, lambda: f"a gap of {name} by {' or '.join(causes)}: {words}; coverage is {accounts[-8:]}"
        ),
    )


def of_process(stage: Stage, from_us: int, name: str, *words: str) -> str:
    """The log tells how the process ended, and that another takes its place. No `words`: it was killed."""
    return of_log(stage, from_us, *(words or KILLED), source="master", q=f"{name} (process")


def of_tail(stage: Stage, words: str, from_us: int) -> str:
    """A line of PyNVR's own log since then, as the page *System* shows it."""
    lines: list[str] = []

    def said() -> str:
        status, answer = stage.ask("GET", "/api/system/log?lines=1000")
        found = answer["lines"] if status == 200 else []
        lines[:] = [line["text"] for line in found if line["time"] >= from_us / US - 1]
        return next((line for line in reversed(lines) if words.lower() in line.lower()), "")

    return _plain(stage, wait_until(said, LONG_S, lambda: f"a line {words!r} in the log; it ends {lines[-5:]}"))


def of_incidents(stage: Stage, words: str) -> str:
    """The incident that is the target's next tells why it isn't delivered yet; the others wait behind it.

    It may be an older one that a backup of the database brought back.
    """
    found: dict[str, str] = {}

    def said() -> str:
        found.clear()
        found.update({str(one["id"]): str(one["last_error"]) for one in stage.open_incidents()})
        return next((error for error in found.values() if _holds(error, (words,))), "")

    return _plain(stage, wait_until(said, LONG_S, lambda: f"an incident's word {words!r}; they are {found}"))


def of_answer(stage: Stage, path: str) -> str:
    """What the site answers to who asks for what may be damaged: it, or that it isn't there, with a message."""
    status, answer = wait_until(
        lambda: (found := stage.ask("GET", path))[0] not in (0, 503) and found, LONG_S, lambda: f"an answer to {path}"
    ) or (0, b"")
    if status == 200:
        return f"{len(answer)} bytes"
    assert status in (404, 410), f"{path} answers {status}: {str(answer)[:300]}"
    message = answer.get("error", {}).get("message", "") if isinstance(answer, dict) else ""
    assert message, f"{path} answers {status} without a message: {str(answer)[:300]}"
    return _plain(stage, f"{status}: {message}")


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return any(one.lower() in text.lower() for one in words or ("",))


def _plain(stage: Stage, text: str) -> str:
    if not is_plain(text):
        stage.complain(f"not for people: {text!r}")
    return text
