"""What is left of a day whose segments are gone."""

import os

from pynvr.reaper.sweep import sweep_day
from pynvr.store.store import Store

DAY = "20260101"


def test_a_day_goes_with_what_killed_processes_left_half_written_but_not_with_what_is_anothers(tmp_path):
    dst, jpg = tmp_path / "gate", tmp_path / "jpg"
    ours = (
        dst / DAY / ".gate.20260101.1200.bad.txt.abcd_123.pynvr-new",
        jpg / DAY / ".gate.preview.20260101.1200.jpg.abcd_123.pynvr-new",
    )
    for path in ours:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        os.utime(path, (1000, 1000))
    with Store.open(f"sqlite:///{tmp_path}/db") as store:
        anothers = jpg / DAY / ".holiday.jpg.abcd_123.pynvr-new"
        anothers.write_bytes(b"x")
        os.utime(anothers, (1000, 1000))
        assert sweep_day(store, dst, DAY, jpg)
        assert not (dst / DAY).exists() and list((jpg / DAY).iterdir()) == [anothers]
        anothers.unlink()
        sweep_day(store, dst, DAY, jpg)
        assert not (jpg / DAY).exists()
