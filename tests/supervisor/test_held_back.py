"""What the kernel says of processes that had to wait for a CPU."""

import os
import subprocess
import sys

import pytest

from pynvr.supervisor.held_back import scheduled
from tests.waiting import wait_until

BUSY = "import os; os.sched_setaffinity(0, {cpu})\nwhile True: pass"


def test_of_two_that_share_a_cpu_each_is_held_back():
    busy = BUSY.replace("cpu", str(min(os.sched_getaffinity(0))))
    both = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(2)]
    try:
        wait_until(lambda: min(min(scheduled(one.pid)) for one in both) > 0.05, what="both to have run and waited")
    finally:
        for one in both:
            one.kill()
            one.wait()


@pytest.mark.parametrize("content", ["", "12", "1 x 3", None])
def test_where_nobody_knows_it_is_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / "7").mkdir()
        (tmp_path / "7" / "schedstat").write_text(content)
    assert scheduled(7, tmp_path) == (0.0, 0.0)
