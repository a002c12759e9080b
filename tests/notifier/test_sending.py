"""Outbox, delays and couriers: oldest first, tried again, given up; a target that is dead holds up no other."""

import queue
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.base.errors import MissingLibraryError
from pynvr.model.notify import Target, Webhook
from pynvr.notifier import courier as courier_module
from pynvr.notifier import outbox as outbox_module
from pynvr.notifier.courier import Courier, Fate, Report
from pynvr.notifier.outbox import GIVE_UP_S, Outbox, Parcel
from pynvr.notifier.webhook import WebhookChannel
from pynvr.posting.delay import FIRST_S, LONGEST_S, delay_s
from tests.notifier.samples import ALERT, LOST, PICTURE, SENDER
from tests.ports import free_port
from tests.waiting import wait_until


def parcel(key, age_s=0.0):
    return Parcel(replace(LOST, key=key), time.monotonic() - age_s)


def keys_in(box):
    keys = []
    while (one := box.oldest(0)) is not None:
        keys.append(one.message.key)
        box.done(one)
    return keys


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats(0, 5000))
def test_delays_grow_to_a_bound_and_never_fall_below_what_was_asked_for(failures, chance, asked_s):
    found = delay_s(failures, chance, asked_s)
    assert 0.8 * FIRST_S <= found <= max(1.2 * LONGEST_S, asked_s or 0)
    assert found >= (asked_s or 0)
    assert delay_s(failures + 1, chance) >= delay_s(failures, chance)


def test_an_outbox_gives_the_oldest_until_it_is_done():
    box = Outbox()
    first, second = parcel("1"), parcel("2")
    assert box.put(first) == box.put(second) == []
    assert (box.oldest(0), box.oldest(0)) == (first, first)
    assert box.done(first) and not box.done(first)
    assert (box.oldest(0), len(box)) == (second, 1)
    box.close()
    assert box.oldest(9) is None


def test_of_too_many_the_oldest_go(monkeypatch):
    monkeypatch.setattr(outbox_module, "MOST_WAITING", 3)
    box = Outbox()
    parcels = [parcel(str(n)) for n in range(5)]
    assert [box.put(one) for one in parcels] == [[], [], [], [parcels[0]], [parcels[1]]]
    assert keys_in(box) == ["2", "3", "4"]


def test_what_waited_before_comes_first_and_once():
    box = Outbox()
    box.put(parcel("2"))
    box.put_in_front([parcel("0"), parcel("1"), parcel("2")])
    assert keys_in(box) == ["0", "1", "2"]


@pytest.fixture
def sending(monkeypatch):
    """Makes couriers to URLs, whose delays are short; gives outbox, reports and the courier."""
    monkeypatch.setattr(courier_module, "delay_s", lambda failures, chance, asked_s=None: 0.02)
    made = []

    def make(url, make_channel=None, name="hook", read_picture=lambda message: None, **keys):
        webhook = Webhook(url, **keys)
        target = Target(name, webhook)
        box = Outbox()
        reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        open_channel = make_channel or (lambda: WebhookChannel(webhook, SENDER))
        one = Courier(target, box, reports, open_channel, read_picture)
        made.append((one, box))
        return box, reports, one

    yield make
    for one, box in made:
        one.leave()
        box.close()


def all_of(reports, count):
    return [reports.get(timeout=60) for _ in range(count)]


def test_messages_arrive_in_order_whatever_fails_in_between(sending, receiver):
    receiver.answers = [500, 204, (302, {"Location": "https://example.org"}), 503, 204]
    box, reports, _ = sending(receiver.url)
    for key in "abc":
        box.put(parcel(key))
    fates = [(one.fate, one.message.key) for one in all_of(reports, 6)]
    assert [key for fate, key in fates if fate is Fate.SENT] == ["a", "b", "c"]
    assert [body["id"] for body in receiver.bodies] == ["a", "a", "b", "b", "b", "c"]
    # Each repeat has the same key.
    assert all(headers["Idempotency-Key"] == body["id"] for _, headers, body in receiver.requests)
    assert len(box) == 0


def test_a_target_that_was_away_gets_everything_when_it_is_back(sending, receivers):
    port = free_port()
    box, reports, one = sending(f"http://127.0.0.1:{port}/hook")
    for key in "ab":
        box.put(parcel(key))
    failed = all_of(reports, 3)
    assert {report.fate for report in failed} == {Fate.FAILED}
    assert {report.reason for report in failed} == {"no connection: Connection refused"}
    assert len(box) == 2 and one.failures >= 3
    receiver = receivers(port=port)
    wait_until(lambda: len(box) == 0, what="both to be taken")
    assert [body["id"] for body in receiver.bodies] == ["a", "b"]
    assert one.failures == 0


def test_what_nobody_took_for_a_day_is_given_up(sending, receiver):
    receiver.always = 500
    box, reports, _ = sending(receiver.url)
    box.put(parcel("old", age_s=GIVE_UP_S + 1))
    box.put(parcel("new"))
    first, second = all_of(reports, 2)
    assert (first.fate, first.message.key) == (Fate.GIVEN_UP, "old") and "24 h" in first.reason
    assert (second.fate, second.message.key) == (Fate.FAILED, "new")


def test_what_is_unacceptable_is_given_up_and_the_next_is_sent(sending, receiver):
    receiver.answers = [422]
    box, reports, _ = sending(receiver.url)
    box.put(parcel("bad"))
    box.put(parcel("good"))
    assert [(one.fate, one.message.key) for one in all_of(reports, 2)] == [
        (Fate.GIVEN_UP, "bad"), (Fate.SENT, "good"),
    ]  # fmt: skip


def test_a_target_that_never_answers_holds_up_no_other(sending, receivers):
    dead, alive = receivers(), receivers()
    dead.always = "stall"
    (stuck, _, courier), (box, reports, _) = sending(dead.url, name="dead"), sending(alive.url, name="alive")
    stuck.put(parcel("x"))
    wait_until(lambda: courier.busy_since_s is not None and dead.requests, what="the attempt to hang")
    for key in "abc":
        box.put(parcel(key))
    assert {one.fate for one in all_of(reports, 3)} == {Fate.SENT}
    assert courier.busy_since_s is not None and len(stuck) == 1


def test_the_picture_is_read_when_it_is_sent(sending, receiver):
    box, reports, _ = sending(receiver.url, read_picture=lambda message: PICTURE if message.seen else None)
    box.put(Parcel(ALERT, time.monotonic()))
    box.put(parcel("b"))
    all_of(reports, 2)
    assert [body["picture"] is not None for body in receiver.bodies] == [True, False]


def test_a_reason_holds_no_secret(sending):
    def broken():
        raise MissingLibraryError("can't reach https://x/T0k3nT0k3n with t0psecret")

    _, reports, _ = sending("https://x/T0k3nT0k3n", make_channel=broken, token="t0psecret")
    report = reports.get(timeout=60)
    assert (report.fate, report.message) == (Fate.FAILED, None)
    assert "T0k3n" not in report.reason and "t0psecret" not in report.reason and "can't reach" in report.reason


def test_a_channel_that_breaks_in_an_unforeseen_way_is_a_failure_like_others(sending):
    class Broken:
        def send(self, message, picture):
            raise ZeroDivisionError("oh")

        def close(self):
            pass

    box, reports, _ = sending("https://x/", make_channel=Broken)
    box.put(parcel("a"))
    assert [one.fate for one in all_of(reports, 2)] == [Fate.FAILED] * 2


def test_a_courier_that_is_left_sends_nothing_more_but_what_came_through_is_done(sending):
    go, sent = threading.Event(), []

    class Slow:
        def send(self, message, picture):
            go.wait()
            sent.append(message.key)

        def close(self):
            pass

    box, reports, one = sending("https://x/", make_channel=Slow)
    box.put(parcel("a"))
    box.put(parcel("b"))
    wait_until(lambda: one.busy_since_s is not None, what="the attempt to begin")
    one.leave()
    go.set()
    assert reports.get(timeout=60).fate is Fate.SENT
    wait_until(lambda: not one.is_alive, what="it to end")
    assert (sent, len(box)) == (["a"], 1)


class HeldChannel:
    """Its attempts last until they are let go; `closed`: how often it was."""

    def __init__(self):
        self.sending, self.let_go = threading.Event(), threading.Event()
        self.closed = 0

    def send(self, _message, _picture):
        self.sending.set()
        self.let_go.wait()

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "sending"])
def test_a_courier_that_ends_ends_its_connection(sending, is_busy):
    channel = HeldChannel()
    box, _, courier = sending("", make_channel=lambda: channel)
    wait_until(lambda: courier.channel is channel, what="the channel")
    if is_busy:
        box.put(parcel("1"))
        assert channel.sending.wait(60)
    courier.leave()
    box.close()
    channel.let_go.set()
    wait_until(lambda: channel.closed, what="the end of the connection")
    wait_until(lambda: not courier.is_alive, what="the courier's end")
    assert channel.closed == 1


def test_a_courier_that_hangs_loses_its_connection_at_once_so_that_the_next_one_may_have_its_name(sending):
    channel = HeldChannel()
    box, _, courier = sending("", make_channel=lambda: channel)
    box.put(parcel("1"))
    assert channel.sending.wait(60)
    courier.abandon()
    wait_until(lambda: channel.closed, what="the end of the connection")
    assert courier.is_alive
    channel.let_go.set()
    wait_until(lambda: not courier.is_alive, what="the courier's end")
    assert channel.closed == 1
