"""The benchmarks still run: the cheapest one in its short form, and every short form is one."""

import subprocess
import sys
import time

import pytest

from benchmarks.questions import QUESTIONS
from benchmarks.results import Results
from benchmarks.table import Row


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_short_form_makes_constants_smaller_that_there_are(name):
    question = QUESTIONS[name]
    assert all(value < getattr(question.module, constant) for constant, value in question.short.items())


def test_the_cheapest_one_runs_and_all_targets_are_told_at_the_end(tmp_path):
    command = [sys.executable, "-m", "benchmarks", "timeline", "--short", "--results", str(tmp_path)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stderr
    last = completed.stdout.rpartition("## All targets: ")[2]
    assert "| time axis, 2 cameras × 2 days | " in last
    assert {path.name for path in tmp_path.rglob("*.json")} == {"timeline.json"}


def test_what_was_measured_is_found_again_at_this_commit_only(tmp_path, monkeypatch):
    rows = [Row("cost", "3 s", "≤ 4 s", True)]
    Results(tmp_path).keep("16", time.monotonic(), 0.5, rows)
    found = Results(tmp_path).find("16")
    assert found is not None
    assert found.rows == rows
    assert Results(tmp_path).find("64") is None
    monkeypatch.setattr("benchmarks.results.commit", lambda: "another")
    assert Results(tmp_path).find("16") is None
