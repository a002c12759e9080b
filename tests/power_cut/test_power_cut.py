"""The short form of `make power-cut`: a disk is recorded on and loses its power a few times."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.timeout(600)

# With segments of 20 s, what is never forced is older than the grace soon; a busy machine needs that.
SHORT = ["--seed", "5", "--cuts", "4", "--seconds", "10", "--segment", "20", "--durability", "1", "--grace", "9"]


def test_a_power_cut_takes_what_was_not_forced_yet_and_nothing_else():
    done = subprocess.run(
        [sys.executable, "-m", "tests.power_cut", *SHORT],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "4 cuts" in done.stdout and "0 mistakes" in done.stdout
