import sqlite3
import threading

import pytest

from pynvr.base.errors import StoreError
from pynvr.model.box import Box
from pynvr.store.detections import Detection

S = 1_000_000
NOW = 1_800_000_000 * S
FACE = Detection(0, "gate", NOW, "face", 0.9, Box(0.1, 0.2, 0.3, 0.4), "20270115/gate.face.1.jpg")


def seen(store, **changes):
    values = {name: getattr(FACE, name) for name in FACE.__slots__}
    return store.detections.add(Detection(**{**values, **changes}))


def test_a_detection_comes_back_as_it_was_stored(store):
    stored = seen(store)
    assert store.detections.get(stored.id) == stored
    bare = seen(store, box=None, image_path="", made_by="script", kind="motion")
    assert store.detections.get(bare.id) == bare
    assert store.detections.get(999) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"camera_id": "a/b"},
        {"confidence": 1.2},
        {"confidence": -0.1},
        {"kind": ""},
        {"kind": "Face!"},
        {"at_us": 0},
        {"box": Box(0.1, 0.2, 1.3, 0.4)},
        {"image_path": "/etc/passwd"},
        {"image_path": "20270115/../x.jpg"},
    ],
)
def test_what_cannot_be_is_refused(store, wrong):
    with pytest.raises(StoreError):
        seen(store, **wrong)


def test_a_page_holds_what_was_asked_for_newest_first(store):
    ids = [seen(store, at_us=NOW + n * S, confidence=n / 10, camera_id="ab"[n % 2]).id for n in range(6)]
    other = seen(store, kind="motion", at_us=NOW + 9 * S).id
    rows, total = store.detections.page(None, NOW, NOW + 100 * S)
    assert [row.id for row in rows] == [other, *reversed(ids)]
    assert total == 7
    rows, total = store.detections.page(["a"], NOW, NOW + 100 * S, limit=1, offset=1)
    assert ([row.id for row in rows], total) == ([ids[2]], 3)
    assert store.detections.page(None, NOW, NOW + 100 * S, kind="motion")[1] == 1
    assert store.detections.page(None, NOW, NOW + 100 * S, least_confidence=0.4)[1] == 3
    assert store.detections.page(None, NOW + 2 * S, NOW + 4 * S)[1] == 2


def test_a_picture_is_free_when_the_last_detection_in_it_goes(store):
    first, second = seen(store), seen(store)
    assert store.detections.remove(first.id) == ""
    assert store.detections.remove(second.id) == FACE.image_path
    assert store.detections.remove(second.id) is None
    bare = [seen(store, image_path="") for _ in range(2)]
    assert store.detections.remove(bare[0].id) == ""


def test_an_alert_goes_with_its_detection_but_not_the_other_way(store):
    first, second = seen(store), seen(store, at_us=NOW + 60 * S)
    alerts = [store.alerts.follow(one, 30 * S) for one in (first, second)]
    assert store.alerts.remove(alerts[1].id)
    assert not store.alerts.remove(alerts[1].id)
    assert store.detections.get(second.id) is not None
    store.detections.remove(first.id)
    assert store.alerts.get(alerts[0].id) is None


def test_there_is_one_alert_per_cooldown_camera_and_kind(store):
    def alerted(at_s, **changes):
        return store.alerts.follow(seen(store, at_us=NOW + at_s * S, **changes), 30 * S) is not None

    assert alerted(0)
    assert not alerted(29.999)
    assert not alerted(-10)  # reported late, by a script
    assert alerted(5, camera_id="yard")
    assert alerted(6, kind="motion")
    assert alerted(30)


def test_two_that_report_at_once_make_one_alert(store):
    stored = [seen(store, at_us=NOW + n) for n in range(8)]
    made = []
    threads = [threading.Thread(target=lambda one=one: made.append(store.alerts.follow(one, 30 * S))) for one in stored]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(alert is not None for alert in made) == 1


def test_alerts_are_marked_and_listed_by_what_was_seen_of_them(store):
    alerts = [store.alerts.follow(seen(store, at_us=NOW + n * 60 * S), 30 * S) for n in range(3)]
    assert store.alerts.mark(alerts[1].id, True)
    assert not store.alerts.mark(999, True)
    rows, total = store.alerts.page(None, NOW, NOW + 1000 * S, viewed=False)
    assert ([row.id for row in rows], total) == ([alerts[2].id, alerts[0].id], 2)
    assert store.alerts.get(alerts[1].id).viewed
    assert rows[0].detection.box == FACE.box
    assert store.alerts.page(["yard"], NOW, NOW + 1000 * S) == ([], 0)


def test_the_oldest_are_deleted_in_portions(store):
    ids = [seen(store, at_us=NOW + n * S).id for n in range(5)]
    first = store.detections.oldest(NOW + 3 * S, 2)
    assert [row.id for row in first] == ids[:2]
    store.detections.remove_all([row.id for row in first])
    assert [row.id for row in store.detections.oldest(NOW + 3 * S, 10)] == ids[2:3]


def test_alerts_that_nobody_has_seen_are_counted_by_an_index_of_their_own(store):
    alerts = [store.alerts.follow(seen(store, at_us=NOW + n * S), 0) for n in range(5)]
    assert store.alerts.newest() == alerts[-1].id
    store.alerts.mark(alerts[1].id, True)
    assert (store.alerts.unviewed(100), store.alerts.unviewed(3)) == (4, 3)
    with sqlite3.connect(store.path) as connection:
        plan = connection.execute("explain query plan select id from alerts where viewed = 0 limit 9").fetchall()
    assert "alerts_unviewed" in str(plan)
