"""The audit log's table."""

from contextlib import contextmanager
from itertools import pairwise

import pytest

from pynvr.base.errors import StoreError
from pynvr.model.audit import Entry, Level, Source
from pynvr.store.audit import Wanted
from pynvr.store.database import Database
from tests.store.samples import T0, S


def entry(at_s=0, action="camera.change", **values):
    given = {"level": Level.INFO, "source": Source.WEB, "text": "anna changed the camera gate", **values}
    return Entry(T0 + at_s * S, action=action, **given)


def actions(filed):
    return [one.entry.action for one in filed]


def test_the_newest_entry_comes_first_and_a_page_goes_on_where_the_last_ended(store):
    store.audit.add(*(entry(number // 2, f"a{number}") for number in range(7)))
    first = store.audit.page(Wanted(), 3)
    last = first[-1]
    rest = store.audit.page(Wanted(), 10, before=(last.entry.at_us, last.id))
    assert actions(first) + actions(rest) == [f"a{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_an_entry_comes_back_as_it_was_given(store):
    told = entry(
        level=Level.WARNING,
        source=Source.DELIVERER,
        actor="anna",
        address="192.0.2.7",
        camera_id="gate",
        subject="12",
        detail={"attempts": 3, "parts": ["a", None]},
    )
    store.audit.add(told)
    assert [one.entry for one in store.audit.page(Wanted(), 10)] == [told]


def test_no_password_of_an_address_gets_into_the_log(store):
    url = "rtsp://admin:hunter2@192.0.2.9/live?password=hunter3\\"
    store.audit.add(entry(text=f"tried {url}", subject=url, detail={"urls": [{"url": url}]}))
    for file in store.path.parent.iterdir():
        assert b"hunter" not in file.read_bytes()
    (told,) = store.audit.page(Wanted(), 1)
    assert told.entry.detail["urls"][0]["url"].startswith("rtsp://admin:***@192.0.2.9/")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(since_us=T0 + S), ["login", "deletion"]),
        (Wanted(until_us=T0 + S), ["camera.change"]),
        (Wanted(sources=("reaper", "camera")), ["deletion"]),
        (Wanted(levels=("warning",)), ["login"]),
        (Wanted(actor="anna"), ["login"]),
        (Wanted(camera_ids=("gate",)), ["camera.change"]),
        (Wanted(camera_ids=()), []),
        (Wanted(words="50%"), ["deletion"]),
        (Wanted(words="LOG"), ["login"]),
        (Wanted(words="_"), []),
    ],
)
def test_entries_are_found_by_what_they_are(store, wanted, found):
    store.audit.add(
        entry(0, camera_id="gate"),
        entry(1, "login", actor="anna", level=Level.WARNING, text="anna came in"),
        entry(2, "deletion", source=Source.REAPER, text="freed 50% of it"),
    )
    assert sorted(actions(store.audit.page(wanted, 10))) == sorted(found)


def test_what_is_too_long_is_cut_and_nothing_is_refused_for_it(store):
    store.audit.add(entry(text="x" * 9_000, subject="y" * 9_000, actor="z" * 9_000, detail={"a": ["b" * 90_000] * 8}))
    (told,) = store.audit.page(Wanted(), 1)
    assert (len(told.entry.text), len(told.entry.subject), told.entry.detail) == (2_000, 500, {})


def test_no_entry_is_refused_for_what_is_in_it(store):
    half = "gat\ud800e"
    detail = {half: [half, float("nan"), float("-inf"), 0.5, True, None]}
    store.audit.add(Entry(-5, Level.ERROR, Source.MASTER, "What's this?", half, half, half, "../x", half, detail))
    (told,) = store.audit.page(Wanted(), 1)
    assert (told.entry.at_us, told.entry.action, told.entry.camera_id) == (1, "what-s-this-", "")
    assert {told.entry.text, told.entry.actor, told.entry.address, told.entry.subject} == {"gat?e"}
    assert told.entry.detail == {"gat?e": ["gat?e", "nan", "-inf", 0.5, True, None]}


def test_old_entries_are_deleted_and_the_oldest_of_too_many(store):
    store.audit.add(*(entry(number, f"a{number}") for number in range(10)))
    assert store.audit.prune(T0 + 4 * S) == 4
    assert store.audit.prune(T0 + 4 * S) == 0
    assert store.audit.prune(T0, most=2) == 4
    assert actions(store.audit.page(Wanted(), 10)) == ["a9", "a8"]


def test_an_entry_is_filed_with_the_change_it_tells_or_not_at_all(store):
    with pytest.raises(StoreError), store.transaction():
        store.audit.add(entry())
        store.keeps.add("gate", T0, T0, reason="", made_by="", now_us=T0)
    assert store.audit.page(Wanted(), 10) == []


def test_all_who_did_something_are_known_by_name(store):
    store.audit.add(entry(actor="bert"), entry(actor="anna"), entry(), entry(actor="anna"))
    assert store.audit.actors() == ["anna", "bert"]


@pytest.mark.parametrize("levels", [("error",), ("warning", "error")])
def test_what_somebody_should_know_of_is_found_without_looking_at_the_rest(store, levels):
    store.audit.add(entry(0, "death", level=Level.ERROR), *(entry(1) for _ in range(5000)))
    steps: list[int] = []
    with store._database.reading() as connection:
        raw = connection.connection.driver_connection
    raw.set_progress_handler(lambda: steps.append(1), 100)
    found = store.audit.page(Wanted(levels=levels), 100)
    raw.set_progress_handler(None, 0)
    assert actions(found) == ["death"]
    assert len(steps) < 30


def test_a_flood_is_deleted_a_little_at_a_time(store, monkeypatch):
    monkeypatch.setattr("pynvr.store.audit._DELETED_AT_ONCE", 3)
    store.audit.add(*(entry(number, f"a{number}") for number in range(20)))
    began = Database.writing
    left = []

    @contextmanager
    def counting(database, **how):
        with began(database, **how) as connection:
            yield connection
            left.append(connection.exec_driver_sql("select count(*) from audit").scalar_one())

    monkeypatch.setattr(Database, "writing", counting)
    assert store.audit.prune(T0 + 5 * S, most=2) == 18
    assert max(before - after for before, after in pairwise([20, *left])) == 3
    assert actions(store.audit.page(Wanted(), 10)) == ["a19", "a18"]
