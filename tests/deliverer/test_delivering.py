"""Deliveries with a real database and real receivers in bad states; a hand moves the clock."""

import dataclasses
import threading
import time
from itertools import pairwise

import pytest

from pynvr.base.errors import StoreError
from pynvr.deliverer.delivering import TROUBLE_AFTER_S, Deliveries
from pynvr.deliverer.ledger import NO_ADDRESS, Ledger
from pynvr.deliverer.upload import Upload, limits_of
from pynvr.model.cause import Cause
from pynvr.model.incident import Clip, Incident, IncidentStatus, MissingSpan, clip_path, clips_dir
from pynvr.model.settings import Delivery
from pynvr.posting.delay import JITTER, LONGEST_S
from pynvr.posting.errors import BodyError
from pynvr.posting.post import post
from pynvr.store.audit import Wanted
from pynvr.store.store import Store
from tests.deliverer.receiver import ClipReceiver
from tests.finisher.running import settings_of
from tests.ports import free_port
from tests.waiting import wait_until

LONGEST_DELAY_S = LONGEST_S * (1 + JITTER) + 1
MOMENT_US = 1_795_256_567_267_071


class HandClock:
    def __init__(self):
        self.ahead_s = 0.0

    def now_us(self):
        return time.time_ns() // 1000 + int(self.ahead_s * 1e6)

    def monotonic_s(self):
        return time.monotonic() + self.ahead_s


class Place:
    """A database with incidents, and the deliveries of a process."""

    def __init__(self, folder, urls):
        self.clock = HandClock()
        self.settings = settings_of(folder, *urls)
        for camera_id, url in urls.items():
            self.configure(camera_id, Delivery(url, f"{camera_id}-t0ken"))
        self.store = Store.open(self.settings.system.database)
        clips_dir(self.settings.system).mkdir(parents=True)
        self.restart()

    def configure(self, camera_id, delivery):
        cameras = tuple(
            dataclasses.replace(camera, delivery=delivery) if camera.id == camera_id else camera
            for camera in self.settings.cameras
        )
        self.settings = dataclasses.replace(self.settings, cameras=cameras)

    def restart(self):
        """As after a SIGKILL: nothing is left but the database and the files."""
        self.deliveries = Deliveries(lambda: self.settings, self.clock, lambda: None)

    def add(self, camera_id, clip=b"clip", **keys):
        number = len(self.all()) + 1
        incident = self.store.incidents.add(
            Incident(
                camera_id, MOMENT_US, 5_000_000, 4_500_000, f"key-{number}", self.clock.now_us(), deliver=True, **keys
            )
        )
        path = clip_path(self.settings.system, incident)
        path.write_bytes(clip)
        lacks = (MissingSpan(MOMENT_US, MOMENT_US + 1, Cause.STALLED, "no frames"),)
        made = Clip(MOMENT_US - 5_000_000, MOMENT_US + 4_000_000, len(clip), lacks)
        self.store.incidents.write(incident.extracted(made, self.clock.now_us()))
        return incident.id

    def all(self):
        return [one for n in range(1, 300) if (one := self.store.incidents.get(n)) is not None]

    def get(self, number):
        return self.store.incidents.get(number)

    def turn(self):
        self.deliveries.look_soon()
        self.deliveries.turn(Ledger(self.store))

    def turn_until(self, condition, what):
        def turned():
            self.turn()
            return condition()

        wait_until(turned, what=what)

    def status(self, number):
        one = self.get(number)
        return None if one is None else one.status.value

    def until(self, number, status):
        self.turn_until(lambda: self.status(number) == status, f"incident {number} to be {status}")


@pytest.fixture
def receiver():
    made = []

    def make(port=0):
        made.append(ClipReceiver(port))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def place(tmp_path):
    made = []

    def make(**urls):
        made.append(Place(tmp_path, urls))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


def test_a_clip_arrives_with_all_that_is_known_of_it(receiver, place):
    target = receiver()
    here = place(gate=target.url)
    number = here.add("gate", b"\x00\xffbytes" * 1000, note="who?\r\n--x", created_by="anna")
    here.until(number, "uploaded")
    (one,) = target.taken
    assert (one.key, one.size, one.path) == ("key-1", 7000, "/clips")
    assert one.headers["Authorization"] == "Bearer gate-t0ken"
    assert one.file_name.startswith("gate.20") and one.file_name.endswith(".mp4")
    fields = one.fields
    assert fields["id"] == str(number) and fields["attempt"] == "1" and fields["note"] == "who?\r\n--x"
    assert fields["incident_time"] == "1795256567.267071" and fields["iso_time"] == "2026-11-21T10:22:47.267071Z"
    assert (fields["pre_seconds"], fields["post_seconds"]) == ("5", "4.5")
    assert '"cause": "stalled"' in fields["missing"]
    here.turn()
    assert target.begun == 1
    assert [filed.entry.action for filed in here.store.audit.page(Wanted(), 10)] == ["incident.delivered"]


def test_the_oldest_goes_first_and_nothing_overtakes_whatever_happens_on_the_way(receiver, place):
    target = receiver()
    here = place(gate=target.url, yard=target.url + "/yard")
    numbers = [here.add(("gate", "yard")[number % 2]) for number in range(12)]
    target.answers = [201, 500, "die", 201, (503, {"Retry-After": "120"}), 429, 408, "lost", 201]

    def all_there():
        here.clock.ahead_s += LONGEST_DELAY_S  # no pause is longer
        return len(target.taken) == 12

    here.turn_until(all_there, "all to arrive")
    assert [int(one.fields["id"]) for one in target.taken] == numbers
    here.turn_until(lambda: here.store.incidents.to_deliver_count() == 0, "all to be written down")
    assert target.begun == 12 + 6


def test_a_dead_target_and_one_that_stalls_hold_up_no_other(receiver, place):
    stalled, well = receiver(), receiver()
    stalled.always = "stall"
    here = place(dead=f"http://127.0.0.1:{free_port()}/", slow=stalled.url, well=well.url)
    dead, slow = here.add("dead"), here.add("slow")
    for _ in range(5):
        here.add("well")
    here.turn_until(lambda: len(well.taken) == 5, "the others to arrive")
    here.until(dead, "waiting")
    assert here.status(slow) == "uploading"
    assert here.get(dead).last_error == "no connection: Connection refused"
    assert here.get(dead).next_try_us > here.clock.now_us()


def test_delays_grow_while_a_target_is_down_and_a_retry_is_tried_at_once(place):
    here = place(gate=f"http://127.0.0.1:{free_port()}/")
    number = here.add("gate")
    delays = []
    for attempt in range(1, 5):
        here.turn_until(lambda n=attempt: here.get(number).attempts == n, "an attempt")
        here.until(number, "waiting")
        delays.append((here.get(number).next_try_us - here.clock.now_us()) / 1e6)
        here.clock.ahead_s += delays[-1] + 1
    assert all(later > 1.2 * sooner for sooner, later in pairwise(delays)), delays
    here.until(number, "waiting")
    attempts = here.get(number).attempts
    here.turn()
    assert here.get(number).attempts == attempts
    here.store.incidents.write(here.get(number).retried(deliver=True))
    here.turn_until(lambda: here.get(number).attempts > attempts, "the retry")


def test_what_will_never_be_taken_fails_and_holds_up_nothing(receiver, place):
    target = receiver()
    target.answers = [422]
    here = place(gate=target.url)
    first, second = here.add("gate"), here.add("gate")
    here.until(second, "uploaded")
    assert here.status(first) == "failed"
    assert here.get(first).last_error == "it answers 422 Unprocessable Entity"
    here.store.incidents.write(here.get(first).retried(deliver=True))
    here.until(first, "uploaded")


def test_a_wrong_path_of_one_camera_holds_up_no_other_of_the_same_host(receiver, place):
    target = receiver()
    target.answers = [404]
    here = place(gate=target.url, yard=target.url + "/yard")
    first, second = here.add("gate"), here.add("yard")
    here.until(second, "uploaded")
    assert here.status(first) == "waiting"
    here.configure("gate", Delivery(target.url + "/right"))
    here.until(first, "uploaded")
    assert [one.path for one in target.taken] == ["/clips/yard", "/clips/right"]


def test_redirects_to_another_host_get_neither_clip_nor_token(receiver, place):
    target, other = receiver(), receiver()
    target.always = (307, {"Location": other.url.replace("127.0.0.1", "localhost")})
    here = place(gate=target.url)
    number = here.add("gate")
    here.until(number, "waiting")
    assert "redirects to another place" in here.get(number).last_error
    assert other.begun == 0
    target.always = 201
    target.answers = [(307, {"Location": "/moved"})]
    here.restart()
    here.until(number, "uploaded")
    assert [one.path for one in target.taken] == ["/moved"]


def test_a_process_that_was_killed_in_the_middle_leaves_nothing_undelivered(receiver, place):
    target = receiver()
    target.answers = ["stall"]
    here = place(gate=target.url)
    first, second = here.add("gate"), here.add("gate")
    here.until(first, "uploading")
    here.restart()
    here.until(second, "uploaded")
    assert [(one.fields["id"], one.fields["attempt"]) for one in target.taken] == [
        (str(first), "2"),
        (str(second), "1"),
    ]


def test_what_an_orphaned_process_still_hears_changes_nothing_that_its_successor_did(receiver, place):
    target = receiver()
    target.answers = ["stall"]
    here = place(gate=target.url)
    number = here.add("gate")
    here.until(number, "uploading")
    orphan = here.deliveries
    here.restart()
    here.until(number, "uploaded")
    target.over.set()
    wait_until(lambda: orphan.close(0.0), what="the orphan's attempt to end")
    orphan.settle(Ledger(here.store))
    assert (here.status(number), here.get(number).last_error) == ("uploaded", "")


def test_a_clip_that_arrived_unheard_comes_again_with_the_same_key(receiver, place):
    target = receiver()
    target.answers = ["lost"]
    here = place(gate=target.url)
    number = here.add("gate")
    here.until(number, "waiting")
    here.restart()
    here.until(number, "uploaded")
    assert [(one.key, one.fields["attempt"]) for one in target.deliveries] == [("key-1", "1"), ("key-1", "2")]


def test_a_camera_without_an_address_any_more_keeps_its_clip_and_a_retry_delivers_it(receiver, place):
    target = receiver()
    target.always = 500
    here = place(gate=target.url)
    number = here.add("gate")
    here.until(number, "waiting")
    here.configure("gate", Delivery())
    here.until(number, "extracted")
    assert not here.get(number).deliver and here.get(number).last_error == NO_ADDRESS
    here.turn()
    target.always = 201
    here.configure("gate", Delivery(target.url))
    here.turn()
    assert here.status(number) == "extracted"
    here.store.incidents.write(here.get(number).retried(deliver=True))
    here.until(number, "uploaded")


def test_a_clip_that_is_gone_is_cut_again(receiver, place):
    target = receiver()
    here = place(gate=target.url)
    number, second = here.add("gate"), here.add("gate")
    clip_path(here.settings.system, here.get(number)).unlink()
    here.until(second, "uploaded")
    assert here.status(number) == "pending"


def test_a_clip_that_cannot_be_read_is_cut_again_with_growing_pauses(receiver, place, monkeypatch):
    here = place(gate=receiver().url)
    number = here.add("gate")

    def unreadable(*_):
        raise BodyError("key-1.mp4 can't be read: Input/output error")

    monkeypatch.setattr("pynvr.deliverer.upload.post", unreadable)
    pauses = []
    for _ in range(4):
        here.until(number, "pending")
        found, now_us = here.get(number), here.clock.now_us()
        assert here.store.incidents.to_cut(now_us) == []
        pauses.append(found.next_try_us - now_us)
        here.clock.ahead_s += LONGEST_DELAY_S
        (due,) = here.store.incidents.to_cut(here.clock.now_us())
        here.store.incidents.write(due.extracted(Clip(MOMENT_US, MOMENT_US + 1, 4), here.clock.now_us()))
    assert all(later > sooner > 0 for sooner, later in pairwise(pauses)), pauses


def test_an_incident_that_is_deleted_on_its_way_is_forgotten(receiver, place):
    target = receiver()
    target.answers = ["stall"]
    here = place(gate=target.url)
    first, second = here.add("gate"), here.add("gate")
    here.until(first, "uploading")
    here.store.incidents.remove(first)
    target.over.set()

    def is_there():
        here.clock.ahead_s += LONGEST_DELAY_S
        return here.status(second) == "uploaded"

    here.turn_until(is_there, "the second to arrive")
    assert here.get(first) is None


def test_what_was_heard_while_the_database_was_away_is_written_down_before_anything_else_begins(receiver, place):
    target = receiver()
    here = place(gate=target.url)
    first, second = here.add("gate"), here.add("gate")
    here.turn()

    class Away(Ledger):
        def settle(self, *_):
            raise StoreError("locked")

    away = Away(here.store)

    def is_heard():
        with pytest.raises(StoreError):
            here.deliveries.turn(away)
        return True

    wait_until(lambda: target.taken, what="it to arrive")
    wait_until(lambda: here.deliveries._ended or here.deliveries.hear(), what="the report")
    is_heard()
    assert (here.status(first), target.begun) == ("uploading", 1)
    here.until(second, "uploaded")
    assert here.status(first) == "uploaded" and here.get(first).attempts == 1


def test_a_target_that_is_down_for_long_is_trouble_also_after_a_restart(receiver, place):
    target = receiver()
    target.always = 500
    here = place(gate=target.url)
    number = here.add("gate")
    here.until(number, "waiting")
    assert here.deliveries.troubles() == []
    here.clock.ahead_s += TROUBLE_AFTER_S + 1
    here.restart()
    here.turn_until(here.deliveries.troubles, "trouble to be told")
    port = target.port
    told = here.deliveries.troubles()
    assert told == [f"http://127.0.0.1:{port} takes no clips of incidents: it answers 500 Internal Server Error"]
    target.always = 201
    here.clock.ahead_s += LONGEST_DELAY_S
    here.until(number, "uploaded")
    assert here.deliveries.troubles() == []


def test_an_attempt_without_an_end_is_left_to_itself_and_others_go_on(receiver, place, monkeypatch):
    here = place(gate=receiver().url)
    number = here.add("gate")
    leave = threading.Event()

    def endless(*_):
        leave.wait()

    monkeypatch.setattr("pynvr.deliverer.upload.post", endless)
    here.until(number, "uploading")
    monkeypatch.setattr(Upload, "hangs", True)
    here.until(number, "waiting")
    assert here.get(number).last_error == "the attempt has no end"
    monkeypatch.setattr("pynvr.deliverer.upload.post", post)
    monkeypatch.setattr(Upload, "hangs", False)
    here.clock.ahead_s += LONGEST_DELAY_S
    here.until(number, "uploaded")
    leave.set()


def test_no_token_is_in_what_is_kept_of_a_failure(receiver, place):
    target = receiver()
    here = place(gate=target.url)
    number = here.add("gate")
    here.configure("gate", Delivery("https://anna:hush-hush@h.invalid/x", "gate-t0ken"))
    here.until(number, "waiting")
    kept = str(here.get(number)) + str(here.store.audit.page(Wanted(), 10)) + str(here.deliveries.troubles())
    assert "hush-hush" not in kept and "t0ken" not in kept and IncidentStatus.WAITING in kept


def test_a_large_clip_gets_time_and_a_small_one_not_for_ever():
    small, large = limits_of(1_000_000), limits_of(1_000_000_000)
    assert small.whole_s < 200 and large.whole_s > 36_000
