"""What is deleted by its number: nothing else ever gets it, so a request that comes twice takes nothing away."""

from itertools import count

import pytest

from pynvr.model.incident import Incident
from pynvr.store.backup import make_backup
from pynvr.store.detections import Detection
from pynvr.store.store import Store, open_or_repair
from tests.store.samples import T0, S

numbers = count()


def keep(store):
    return store.keeps.add("gate", T0, T0 + S, reason="", made_by="anna", now_us=T0).id


def tag(store):
    return store.tags.add("gate", T0, T0, label="cat", made_by="anna", now_us=T0).id


def detection(store):
    return store.detections.add(Detection(0, "gate", T0, "face", 0.9, None, "")).id


def alert(store):
    return store.alerts.follow(store.detections.get(detection(store)), 0).id


def incident(store):
    return store.incidents.add(Incident("gate", T0, S, S, f"key{next(numbers)}", T0)).id


def session(store):
    if not store.users.all():
        store.users.add("anna", "correct horse", "admin", T0)
    store.sessions.begin("anna", T0, address="", agent="")
    return max(one.id for one in store.sessions.of("anna", T0))


MAKE_AND_REMOVE = {
    "keep": (keep, lambda store, number: store.keeps.remove(number)),
    "tag": (tag, lambda store, number: store.tags.remove(number)),
    "detection": (detection, lambda store, number: store.detections.remove(number)),
    "alert": (alert, lambda store, number: store.alerts.remove(number)),
    "incident": (incident, lambda store, number: store.incidents.remove(number)),
    "session": (session, lambda store, number: store.sessions.end(number, "anna")),
}


@pytest.mark.parametrize("what", MAKE_AND_REMOVE)
def test_a_number_that_was_deleted_is_never_anothers(url, what):
    make, remove = MAKE_AND_REMOVE[what]
    with Store.open(url) as store:
        first, last = make(store), make(store)
        remove(store, last)
        assert make(store) > last > first
    make_backup(store.path, T0)
    with Store.open(url) as store:
        lost = make(store)
    store.path.unlink()
    with open_or_repair(url) as restored:
        assert make(restored) > 1000 > lost
