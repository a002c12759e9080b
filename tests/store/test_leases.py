from dataclasses import replace

import pytest

from pynvr.base.errors import StoreError
from pynvr.store.store import Store

NOW = 1_760_000_000_000_000
SECOND = 1_000_000


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/pynvr.db") as opened:
        yield opened


def test_a_lease_holds_until_it_runs_out(store):
    lease = store.leases.take("gate", 10, 20, until_us=NOW + 120 * SECOND, now_us=NOW)
    assert store.leases.held(NOW) == [lease]
    assert store.leases.held(NOW + 120 * SECOND) == []


def test_renewed_it_holds_longer_for_less(store):
    lease = store.leases.take("gate", 10, 20, until_us=NOW + SECOND, now_us=NOW)
    assert store.leases.renew(lease, start_us=15, until_us=NOW + 9 * SECOND)
    assert store.leases.held(NOW + 8 * SECOND) == [replace(lease, start_us=15, until_us=NOW + 9 * SECOND)]
    assert not store.leases.renew(lease, start_us=20, until_us=NOW + 99 * SECOND), "nothing would be left of it"
    store.leases.release(lease)
    assert store.leases.held(NOW) == []
    assert not store.leases.renew(lease, start_us=15, until_us=NOW + 9 * SECOND)


def test_what_ran_out_is_removed_when_the_next_is_taken(store):
    old = store.leases.take("gate", 10, 20, until_us=NOW + SECOND, now_us=NOW)
    store.leases.take("yard", 10, 20, until_us=NOW + 9 * SECOND, now_us=NOW + 2 * SECOND)
    assert not store.leases.renew(old, start_us=10, until_us=NOW + 99 * SECOND)


def test_a_lease_of_a_clock_that_was_set_back_holds_nothing(store):
    store.leases.take("gate", 10, 20, until_us=NOW, now_us=NOW - SECOND)
    assert len(store.leases.held(NOW - SECOND)) == 1
    assert store.leases.held(NOW - 7200 * SECOND) == []


def test_an_empty_range_is_refused(store):
    with pytest.raises(StoreError):
        store.leases.take("gate", 20, 20, until_us=NOW + SECOND, now_us=NOW)
