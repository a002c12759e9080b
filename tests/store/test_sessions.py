"""Logged-in browsers: who holds which session, for how long, and what ends it."""

import sqlite3

import pytest

from pynvr.base.errors import UsageError
from pynvr.store.sessions import LIFETIME_US
from tests.store.samples import MINUTE, T0, S

DAY = 1440 * MINUTE


@pytest.fixture
def users(store, monkeypatch):
    monkeypatch.setattr("pynvr.store.users.hash_password", lambda password: f"scrypt$of {password}")
    store.users.add("anna", "correct horse", "admin", T0)
    store.users.add("bert", "battery staple", "admin", T0)
    return store.users


def begin(store, name="anna", at_us=T0):
    return store.sessions.begin(name, at_us, address="192.0.2.1", agent="Browser 1")


def test_a_session_says_whose_it_is(store, users):
    session_id = begin(store, "ANNA")
    found = store.sessions.find(session_id, T0 + S)
    assert (found.name, found.role, found.address, found.agent) == ("anna", "admin", "192.0.2.1", "Browser 1")
    assert store.sessions.find(session_id[:-1] + "!", T0 + S) is None
    assert store.sessions.find("", T0 + S) is None


def test_the_id_itself_is_nowhere_in_the_database(store, users):
    session_id = begin(store)
    with sqlite3.connect(store.path) as connection:
        (row,) = connection.execute("select * from sessions").fetchall()
    assert len(session_id) == 43
    assert all(session_id not in str(value) for value in row)


def test_nobody_opens_a_session_for_a_user_that_is_not_there(store, users):
    with pytest.raises(UsageError, match="no user 'nobody'"):
        begin(store, "nobody")


def test_a_session_slides_on_with_its_use(store, users):
    session_id = begin(store)
    at_us = T0
    for _ in range(4):
        at_us += LIFETIME_US - S
        found = store.sessions.find(session_id, at_us)
        assert store.sessions.touch(found, at_us)
    assert store.sessions.find(session_id, at_us + LIFETIME_US - S) is not None
    assert store.sessions.find(session_id, at_us + LIFETIME_US) is None


def test_its_use_is_written_once_a_minute(store, users):
    session_id = begin(store)
    found = store.sessions.find(session_id, T0)
    assert not store.sessions.touch(found, T0 + 59 * S)
    assert store.sessions.touch(found, T0 + 60 * S)
    assert store.sessions.find(session_id, T0 + 61 * S).seen_us == T0 + 60 * S


def test_a_new_password_ends_all_sessions_of_its_user(store, users):
    annas, other, berts = begin(store), begin(store), begin(store, "bert")
    users.set_password("Anna", "another", T0 + S)
    assert store.sessions.find(annas, T0 + S) is None
    assert store.sessions.find(other, T0 + S) is None
    assert store.sessions.find(berts, T0 + S) is not None


def test_a_new_password_ends_sessions_that_seem_younger_because_the_clock_was_set_back(store, users):
    session_id = begin(store, at_us=T0 + DAY)
    users.set_password("anna", "another", T0)
    assert store.sessions.find(session_id, T0 + S) is None


def test_who_logs_in_after_the_clock_was_set_back_stays_in(store, users):
    users.set_password("anna", "another", T0 + DAY)
    session_id = begin(store, at_us=T0)
    assert store.sessions.find(session_id, T0 + S) is not None


def test_a_session_older_than_the_password_is_void_even_if_its_row_is_there(store, users):
    session_id = begin(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("update users set password_changed_us = ? where name = 'anna'", (T0 + 1,))
    assert store.sessions.find(session_id, T0 + S) is None


def test_a_changed_role_holds_at_once(store, users):
    session_id = begin(store)
    users.set_role("anna", "viewer")
    assert store.sessions.find(session_id, T0 + S).role == "viewer"


def test_a_removed_user_has_no_session(store, users):
    session_id = begin(store)
    users.remove("anna")
    assert store.sessions.find(session_id, T0 + S) is None


def test_a_user_sees_and_ends_only_their_own(store, users):
    first, second = begin(store, at_us=T0), begin(store, at_us=T0 + MINUTE)
    berts = begin(store, "bert")
    numbers = [session.id for session in store.sessions.of("anna", T0 + MINUTE)]
    assert numbers == [store.sessions.find(second, T0 + MINUTE).id, store.sessions.find(first, T0 + MINUTE).id]
    assert not store.sessions.end(store.sessions.find(berts, T0).id, "anna")
    assert store.sessions.end(numbers[0], "anna")
    assert store.sessions.find(second, T0 + MINUTE) is None
    assert store.sessions.find(first, T0 + MINUTE) is not None
    assert store.sessions.find(berts, T0) is not None


def test_what_nobody_uses_is_purged_with_the_next_login(store, users):
    begin(store, at_us=T0)
    begin(store, at_us=T0 + LIFETIME_US)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("select count(*) from sessions").fetchone() == (1,)


def test_a_user_has_at_most_fifty_the_ones_used_last(store, users):
    ids = [begin(store, at_us=T0 + n * MINUTE) for n in range(52)]
    assert [store.sessions.find(one, T0 + DAY) is not None for one in ids] == [False] * 2 + [True] * 50
