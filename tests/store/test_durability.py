"""What is acknowledged outlives a power cut (tests/power_cut shows it on a disk); what need not, waits for no disk."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from pynvr.store.database import Database
from pynvr.store.opening import prepare
from pynvr.store.store import Store

NORMAL, FULL = 1, 2
NOW = 1_760_000_000_000_000


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/pynvr.sqlite") as opened:
        yield opened


@pytest.fixture
def done(store):
    """How each transaction that was done since was forced to disk."""
    found = []

    def note(connection):
        found.append(connection.exec_driver_sql("pragma synchronous").scalar())

    event.listen(store._database._engine, "commit", note)
    return found


def test_every_connection_forces_each_transaction_to_disk(tmp_path):
    database = Database(prepare(f"sqlite:///{tmp_path}/pynvr.sqlite"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == FULL
    database.close()


def test_who_begins_to_read_waits_for_no_disk(store, done):
    lease = store.leases.take("gate", 10, 20, until_us=NOW + 1_000_000, now_us=NOW)
    store.leases.renew(lease, start_us=15, until_us=NOW + 2_000_000)
    store.leases.release(lease)
    assert done == [NORMAL] * 3


def test_what_comes_after_it_on_the_same_connection_is_forced_to_disk(store, done):
    store.leases.take("gate", 10, 20, until_us=NOW + 1_000_000, now_us=NOW)
    store.cameras.forget("gate")
    assert done == [NORMAL, FULL]


def test_what_is_to_last_takes_no_part_in_what_need_not(store):
    with pytest.raises(AssertionError), store._database.writing(durable=False):
        store.cameras.forget("gate")


def test_that_a_browser_was_seen_waits_for_no_disk(store, done):
    store.users.add("eve", "a long password", "viewer", NOW)
    key = store.sessions.begin("eve", NOW, address="", agent="")
    session = store.sessions.find(key, NOW)
    done.clear()
    assert store.sessions.touch(replace(session, seen_us=0), NOW) and done == [NORMAL]
