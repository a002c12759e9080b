"""Messages that wait, what was told, and alerts whose numbers are used once."""

import sqlite3

import pytest

from pynvr.base.errors import StoreError
from pynvr.store.detections import Detection
from pynvr.store.migrate import known_migrations, migrate
from pynvr.store.notices import TargetRecord, Told, WaitingNotice
from pynvr.store.store import Store

S = 1_000_000
NOW = 1_800_000_000 * S


def test_what_waits_comes_back_oldest_first_and_goes_when_it_is_sent(store):
    rows = [WaitingNotice("mail", f"k{n}", NOW - n, '{"n": 1}') for n in range(3)]
    store.notices.add(rows)
    store.notices.add([rows[0], WaitingNotice("hook", "k0", NOW, "{}")])
    assert store.notices.waiting("mail") == rows
    store.notices.remove("mail", ["k0", "k2"])
    assert [row.key for row in store.notices.waiting("mail")] == ["k1"]
    assert len(store.notices.waiting("hook")) == 1
    with pytest.raises(StoreError):
        store.notices.add([WaitingNotice("mail", "k9", NOW, "no JSON")])


def test_a_target_keeps_how_it_goes_with_it(store):
    record = TargetRecord("mail", 7, 2, 1, NOW, NOW + 1, "no route")
    store.notices.write_target(record)
    store.notices.add([WaitingNotice("mail", "k", NOW, "{}")])
    assert store.notices.targets() == {"mail": TargetRecord("mail", 7, 2, 1, NOW, NOW + 1, "no route", waiting=1)}


def test_what_was_told_is_remembered_and_forgotten(store):
    store.notices.write_told("mail", {"camera gate": Told(True, NOW), "camera yard": Told(True, NOW)})
    store.notices.write_told("mail", {"camera gate": Told(False, NOW + 5), "camera yard": None})
    assert store.notices.told("mail") == {"camera gate": Told(False, NOW + 5)}
    assert store.notices.told("hook") == {}


def test_of_a_target_that_is_gone_nothing_stays(store):
    for name in ("mail", "hook"):
        store.notices.add([WaitingNotice(name, "k", NOW, "{}")])
        store.notices.write_target(TargetRecord(name))
        store.notices.write_told(name, {"camera gate": Told(True, NOW)})
    store.notices.forget_others(["hook"])
    assert store.notices.targets().keys() == {"hook"}
    assert (store.notices.waiting("mail"), store.notices.told("mail")) == ([], {})
    assert len(store.notices.waiting("hook")) == len(store.notices.told("hook")) == 1


def test_the_number_of_a_deleted_alert_is_never_given_to_another(store):
    def alert(at_us):
        return store.alerts.follow(store.detections.add(Detection(0, "gate", at_us, "face", 0.9)), 1)

    first, second = alert(NOW), alert(NOW + S)
    assert [one.id for one in store.alerts.after(0, 10)] == [first.id, second.id]
    assert store.notices.newest_alert() == second.id
    store.alerts.remove(second.id)
    third = alert(NOW + 2 * S)
    assert third.id > second.id
    assert [one.id for one in store.alerts.after(second.id, 10)] == [third.id]
    assert len(store.alerts.after(0, 1)) == 1


def test_alerts_of_an_older_database_are_kept(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma foreign_keys = on")
    steps = known_migrations()
    migrate(connection, steps[:4])
    for number in (1, 2):
        connection.execute(
            "insert into detections (id, camera_id, at_us, kind, confidence, image_path, made_by)"
            " values (?, 'gate', ?, 'face', 0.9, '', '')",
            (number, NOW + number),
        )
    connection.execute("insert into alerts values (5, 2, 'gate', ?, 'face', 1)", (NOW + 2,))
    connection.close()
    with Store.open(f"sqlite:///{path}") as store:
        (alert,) = store.alerts.after(0, 10)
        assert (alert.id, alert.detection.id, alert.viewed) == (5, 2, True)
        store.detections.remove(2)
        assert store.alerts.after(0, 10) == []  # it still goes with its detection
        newer = store.alerts.follow(store.detections.add(Detection(0, "gate", NOW, "face", 0.9)), 1)
        assert newer is not None and newer.id == 6
