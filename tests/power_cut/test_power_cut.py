"""The short form of `make power-cut`: a disk is recorded on and loses its power a few times."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.timeout(600)

# Segments of ten seconds, so that one is finished meanwhile. A busy machine forces video later than it should; what is
# never forced is older than this grace soon.
SHORT = ["--seed", "5", "--cuts", "6", "--seconds", "12", "--segment", "10", "--durability", "1", "--grace", "7"]


def test_a_power_cut_takes_what_was_not_forced_yet_and_nothing_else():
    done = subprocess.run(
        [sys.executable, "-m", "tests.power_cut", *SHORT],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "6 cuts" in done.stdout and "0 mistakes" in done.stdout
