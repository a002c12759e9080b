"""Alerts on a time axis: one to a place, of every camera, however many there are."""

import random
import sqlite3
from itertools import pairwise

from pynvr.store import alert_marks
from pynvr.store.alert_marks import AlertMark, one_a_bucket
from pynvr.store.detections import Detection

S = 1_000_000
NOW = 1_800_000_000 * S


def alert(store, camera_id="gate", at_s=0.0, kind="motion", viewed=False):
    detection = store.detections.add(Detection(0, camera_id, NOW + round(at_s * S), kind, 0.9))
    made = store.alerts.follow(detection, 0)
    if viewed:
        store.alerts.mark(made.id, True)
    return AlertMark(made.id, camera_id, detection.at_us, kind, viewed)


def many(store, number, seed=1):
    chance = random.Random(seed)
    with store.transaction():
        return [
            alert(store, chance.choice("abc"), chance.randrange(1000), chance.choice(["motion", "face"]), viewed)
            for viewed in (chance.random() < 0.7 for _ in range(number))
        ]


def ids(marks):
    return [mark.id for mark in marks]


def test_leaps_find_what_looking_at_each_alert_finds(store):
    made = many(store, 300)
    for from_s, to_s in ((0, 1000), (3, 777), (250, 251), (2000, 3000)):
        wanted = [one for one in made if one.camera_id in "ab" and from_s <= (one.at_us - NOW) / S < to_s]
        for bucket_s in (1, 7, 60, 600, 5000):
            found = store.alert_marks.between(["a", "b"], NOW + from_s * S, NOW + to_s * S, bucket_s * S, 10_000)
            expected = one_a_bucket(wanted, bucket_s * S)
            assert [one[1:] for one in found] == [one[1:] for one in expected], (from_s, to_s, bucket_s)


def test_one_that_nobody_viewed_stands_for_its_bucket(store):
    alert(store, at_s=1, viewed=True)
    new = alert(store, at_s=3)
    alert(store, at_s=5)
    later = alert(store, at_s=13, viewed=True)
    assert store.alert_marks.between(["gate"], NOW, NOW + 60 * S, 10 * S, 100) == [new, later]


def test_a_busy_camera_takes_no_place_from_a_quiet_one(store):
    quiet = [alert(store, "quiet", 5), alert(store, "quiet", 9_000)]
    with store.transaction():
        for n in range(400):
            alert(store, "busy", 25 * n)
    found = store.alert_marks.between(["busy", "quiet"], NOW, NOW + 10_000 * S, S, 100)
    assert [one for one in found if one.camera_id == "quiet"] == quiet
    busy = [(one.at_us - NOW) / S for one in found if one.camera_id == "busy"]
    # Not the newest alone: all over the time.
    assert len(found) <= 100 and len(busy) >= 15
    assert busy[0] == 0 and busy[-1] >= 9_000
    assert max(b - a for a, b in pairwise(busy)) <= 1_000


def test_so_many_kinds_that_there_is_no_place_for_one_each_do_no_harm(store):
    with store.transaction():
        for n in range(60):
            alert(store, kind=f"kind{n}", at_s=n)
    assert 0 < len(store.alert_marks.between(["gate"], NOW, NOW + 60 * S, S, 20)) <= 20


def test_of_what_nobody_sees_nothing_is_read(store):
    """Each leap is one search of an index that holds all that is asked."""
    connection = sqlite3.connect(store.path)
    values = {"camera_ids": "[]", "from_us": 0, "to_us": 1, "bucket_us": 1, "most": 1}
    plan = [row[3] for row in connection.execute(f"explain query plan {alert_marks._MARKS.text}", values)]
    connection.close()
    reads = [line for line in plan if line.startswith(("SEARCH", "SCAN")) and " a " in f"{line} "]
    assert len(reads) == 4
    assert all(line.startswith("SEARCH a USING COVERING INDEX alerts_by") for line in reads)
    assert not [line for line in plan if line.startswith("SCAN alerts")]
