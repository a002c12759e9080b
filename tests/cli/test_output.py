"""What commands print while something takes long."""

from pynvr.cli import output
from tests.waiting import wait_until


def test_what_takes_long_says_so_also_where_lines_cannot_be_replaced(monkeypatch, capfd):
    monkeypatch.setattr(output, "_TICK_S", 0.001)
    with output.waiting("Drawing"):
        said = wait_until(lambda: capfd.readouterr().err)
    assert said.startswith("Drawing … ")


def test_what_is_done_soon_says_nothing(capfd):
    with output.waiting("Drawing"):
        pass
    assert capfd.readouterr().err == ""
