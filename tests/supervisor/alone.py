"""Lines of Python in a process of their own: who starts a forkserver has it for good."""

import os
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE_S


def run_alone(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What came of them; `folder` is where they run."""
    program = folder / "alone.py"
    program.write_text(lines)
    return subprocess.run(
        [sys.executable, program],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
