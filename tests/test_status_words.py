"""docs/status.md and the system page explain every word that a status may hold."""

import re
from dataclasses import fields
from pathlib import Path

from pynvr.model.cause import Cause
from pynvr.model.status import CameraStatus, DiskStatus, Problem, ProcessStatus, ProgramStatus, is_trouble
from pynvr.supervisor.roster import TARGETS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/status.md").read_text()
GUIDE = (ROOT / "docs/operations.md").read_text()
WORDS = (ROOT / "pynvr/web/static/system/words.js").read_text()
PROBLEM = re.compile(r"(?:problems\.set|self\._try)\(\s*\"([^\"]+)\"")
STATE = re.compile(
    r"return \"(starting|running|stopping|killed|backing off|can't start)\"|\"(backing off|can't start)\""
)


def explained(title: str) -> dict[str, list[str]]:
    """The rows of a section's table, by their first cell."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def test_every_cause_is_explained_and_trouble_has_advice():
    rows = explained("Why a camera isn't recorded")
    assert set(rows) == set(Cause)
    troubles = [cause for cause in Cause if is_trouble(cause) and cause is not Cause.RECORDED]
    assert [cause for cause in troubles if len(rows[cause]) < 3 or len(rows[cause][2]) < 5] == []


def test_every_problem_that_the_master_tells_is_explained_here_and_on_the_page():
    told = {name for path in (ROOT / "pynvr/supervisor").glob("*.py") for name in PROBLEM.findall(path.read_text())}
    assert told
    assert told - set(explained("Problems")) == set()
    assert [name for name in told if f"{name}:" not in WORDS and f'"{name}":' not in WORDS] == []


def test_every_state_of_a_process_is_explained():
    told = {
        one or other
        for path in (ROOT / "pynvr/supervisor").glob("*.py")
        for one, other in STATE.findall(path.read_text())
    }
    assert told
    assert told - set(explained("States of a process")) == set()


def test_every_kind_of_process_is_told_on_the_page_and_in_the_guide():
    kinds = {*TARGETS, "master", "forkserver"}
    assert set(re.findall(r"^  (\w+): \"", WORDS.split("DUTIES = {")[1].split("}")[0], re.MULTILINE)) == kinds
    named = {"capturer": "capture ID", "recorder": "recorder ID", "live": "live ID"}
    assert [kind for kind in kinds if f"| `pynvr: {named.get(kind, kind)}` |" not in GUIDE] == []


def test_every_key_of_status_json_is_explained():
    section = PAGE.split("### status.json\n")[1]
    told = {
        f"{place}.{name}"
        for place, rest in re.findall(r"^\| `(\w+)(?:\[\])?\.(.*?) \|", section, re.MULTILINE)
        for name in re.findall(r"\w+", rest)
    }
    kinds = (ProgramStatus, "program"), (ProcessStatus, "processes"), (CameraStatus, "cameras"), (DiskStatus, "disks")
    written = {f"{place}.{one.name}" for kind, place in (*kinds, (Problem, "problems")) for one in fields(kind)}
    assert told == written
