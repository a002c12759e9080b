"""Incidents in the database: each keeps what it is, nobody overwrites a newer one, what is open is found."""

from dataclasses import replace

import pytest

from pynvr.base.errors import StoreError
from pynvr.model.cause import Cause
from pynvr.model.incident import Clip, Incident, IncidentStatus, MissingSpan
from pynvr.store.incidents import IncidentFilter
from tests.store.samples import T0, S

CLIP = Clip(T0 - 5 * S, T0 + 4 * S, 1234, (MissingSpan(T0 + 4 * S, T0 + 5 * S, Cause.STALLED, "no video for 5 s"),))


def incident(key="a", camera_id="gate", at_us=T0, **more):
    return Incident(camera_id, at_us, 5 * S, 5 * S, key, created_us=at_us + 9, **more)


def test_an_incident_keeps_all_that_is_known_of_it(store):
    made = store.incidents.add(
        incident(exact=True, codec="h264", deliver=True, note="the gate är open", created_by="jo")
    )
    assert made.id > 0
    assert store.incidents.get(made.id) == made
    cut = store.incidents.write(made.extracted(CLIP, T0 + 6 * S))
    assert store.incidents.get(made.id) == cut
    assert (cut.missing, cut.clip_bytes, cut.deliver, cut.exact) == (CLIP.missing, 1234, True, True)
    assert store.incidents.of_key("a") == cut
    assert store.incidents.remove(made.id)
    assert store.incidents.get(made.id) is None
    assert not store.incidents.remove(made.id)


def test_the_same_key_twice_is_one_incident(store):
    first = store.incidents.add(incident("once"))
    again = store.incidents.add(incident("once", note="told again"))
    assert again == first
    assert store.incidents.page(IncidentFilter(), limit=10) == ([first], 1)


def test_the_id_of_a_deleted_incident_is_never_anothers(store):
    first = store.incidents.add(incident("a"))
    store.incidents.remove(first.id)
    assert store.incidents.add(incident("b")).id > first.id


def test_who_read_an_older_state_overwrites_nothing(store):
    made = store.incidents.add(incident())
    assert store.incidents.write(made.extracted(CLIP, T0)) is not None
    assert store.incidents.write(made.unrecorded("nothing", (), T0)) is None
    assert store.incidents.get(made.id).status == IncidentStatus.EXTRACTED
    store.incidents.remove(made.id)
    assert store.incidents.write(replace(made, revision=2)) is None


def test_what_cannot_be_an_incident_is_refused(store):
    for bad in ({"pre_us": -1}, {"pre_us": 0, "post_us": 0}, {"codec": "mpeg4"}, {"camera_id": "../x"}, {"key": "a/b"}):
        with pytest.raises(StoreError):
            store.incidents.add(replace(incident("bad"), **bad))


def test_lists_hold_the_newest_first_and_only_what_is_wanted(store):
    for number in range(4):
        store.incidents.add(incident(f"k{number}", "gate" if number % 2 else "yard", T0 + number * S))
    newest, total = store.incidents.page(IncidentFilter(), limit=2, offset=1)
    assert ([one.key for one in newest], total) == (["k2", "k1"], 4)
    of_gate, total = store.incidents.page(IncidentFilter(["gate"], [IncidentStatus.PENDING], T0, T0 + 2 * S), limit=9)
    assert ([one.key for one in of_gate], total) == (["k1"], 1)
    assert store.incidents.page(IncidentFilter(statuses=[IncidentStatus.FAILED]), limit=9) == ([], 0)
    assert [one.key for one in store.incidents.between(["yard"], T0, T0 + 3 * S)] == ["k0", "k2"]


def test_open_incidents_hold_their_video_and_ended_ones_do_not(store):
    waits = store.incidents.add(incident("waits", deliver=True))
    alone = store.incidents.add(incident("alone", "yard"))
    shields = [(one.camera_id, one.start_us, one.end_us) for one in store.incidents.shields()]
    assert shields == [("gate", T0 - 5 * S, T0 + 5 * S), ("yard", T0 - 5 * S, T0 + 5 * S)]
    waits = store.incidents.write(waits.extracted(CLIP, T0))
    alone = store.incidents.write(alone.extracted(CLIP, T0))
    assert [one.camera_id for one in store.incidents.shields()] == ["gate"]  # nobody is to get the other one
    assert store.incidents.first_to_deliver() == [waits]
    waits = store.incidents.write(waits.uploading())
    assert (waits.attempts, store.incidents.open_count()) == (1, 1)
    done = store.incidents.write(waits.uploaded(T0 + 50 * S))
    assert store.incidents.shields() == []
    assert store.incidents.first_to_deliver() == []
    assert store.incidents.delivered_with_clip(T0 + 50 * S, 9) == []
    assert store.incidents.delivered_with_clip(T0 + 51 * S, 9) == [done]
    assert [one.key for one in store.incidents.ended_before(T0 + S, 9)] == ["alone"]
    assert [one.key for one in store.incidents.ended_before(T0 + 51 * S, 9)] == ["alone", "waits"]


def test_what_is_to_be_cut_comes_by_its_last_second_once_it_is_due(store):
    late = store.incidents.add(incident("late", at_us=T0 + 60 * S))
    soon = store.incidents.add(incident("soon"))
    store.incidents.write(store.incidents.add(incident("full")).postponed("the disk is full", T0 + 30 * S))
    assert store.incidents.to_cut(T0) == [soon, late]
    assert [one.key for one in store.incidents.to_cut(T0 + 30 * S)] == ["soon", "full", "late"]


def test_what_is_asked_each_second_looks_at_no_incident_that_is_over(store):
    made = incident()
    over = store.incidents.write(store.incidents.add(made).extracted(CLIP, T0).uploading())
    assert over is not None
    keeping_none = store.incidents.write(store.incidents.write(over.uploaded(T0)).without_clip())
    assert keeping_none is not None
    columns = "camera_id, incident_us, pre_us, post_us, created_us, created_by, exact, codec, note, attempts, "
    columns += "last_error, extracted_us, missing, revision"
    with store._database.writing() as connection:
        connection.exec_driver_sql(
            f"with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) "
            f"insert into incidents (key, status, deliver, uploaded_us, clip_bytes, {columns}) "
            f"select 'x' || i, iif(i % 2, 'uploaded', 'extracted'), i % 2, iif(i % 2, {T0}, null), "
            f"iif(i % 2, null, 7), {columns} from incidents, n"
        )
    wanted = store.incidents.add(incident("wanted", deliver=True))
    asked = {
        "open": lambda: store.incidents.open_count() == 1,
        "cut": lambda: store.incidents.to_cut(T0 + 60 * S) == [wanted],
        "deliver": lambda: store.incidents.first_to_deliver() == [] and store.incidents.to_deliver_count() == 0,
        "shields": lambda: len(store.incidents.shields()) == 1,
        "clips": lambda: store.incidents.delivered_with_clip(T0 + S, 1) == [],
        "old": lambda: store.incidents.ended_before(T0 - S, 1) == [],
    }
    for name, ask in asked.items():
        steps: list[int] = []
        with store._database.reading() as connection:
            raw = connection.connection.driver_connection
        raw.set_progress_handler(lambda found=steps: found.append(1), 100)
        assert ask(), name
        raw.set_progress_handler(None, 0)
        assert len(steps) < 30, (name, len(steps))
