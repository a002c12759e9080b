"""What is acknowledged outlives a power cut (tests/power_cut shows it on a disk)."""

from pynvr.store.database import Database
from pynvr.store.opening import prepare

FULL = 2


def test_every_connection_forces_each_transaction_to_disk(tmp_path):
    database = Database(prepare(f"sqlite:///{tmp_path}/pynvr.sqlite"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == FULL
    database.close()
