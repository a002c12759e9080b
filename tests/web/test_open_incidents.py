"""Whoever reports an incident, the web process sees it and wants the deliverer; and nobody wants it for nothing."""

import dataclasses
import time

import pytest

from pynvr.base.wishes import Wishes
from pynvr.model.incident import DELIVERER, Clip, Incident
from pynvr.playback.footage import Footage
from pynvr.store.store import Store
from pynvr.web.open_incidents import OpenIncidents
from pynvr.web.site import Site
from tests.finisher.running import settings_of
from tests.waiting import wait_until

DAY_S = 86_400


class HandClock:
    ahead_s = 0.0

    def now_us(self):
        return time.time_ns() // 1000 + int(self.ahead_s * 1e6)

    def monotonic_s(self):
        return time.monotonic() + self.ahead_s


@pytest.fixture
def site(tmp_path):
    settings = settings_of(tmp_path, "gate")
    clock = HandClock()
    with Store.open(settings.system.database) as store:
        footage = Footage(store, lambda: settings)
        made = Site(lambda: settings, lambda: None, store, footage, clock, wishes=Wishes(None, clock.monotonic_s))
        yield made
        made.audit.close(1.0)
        footage.close()


def wants(site):
    OpenIncidents(site).look()
    return DELIVERER in site.wishes.wanted()


def test_it_is_wanted_while_there_is_something_to_do_and_for_what_has_been_kept_for_long_enough(site):
    now_us = site.clock.now_us()
    assert not wants(site)
    incident = site.store.incidents.add(Incident("gate", now_us, 1, 1, "k", now_us))
    assert wants(site)
    site.clock.ahead_s += 60
    assert wants(site)
    cut = site.store.incidents.write(incident.extracted(Clip(now_us, now_us + 1, 5), now_us))
    site.clock.ahead_s += 60
    assert not wants(site)
    waiting = site.store.incidents.write(dataclasses.replace(cut, deliver=True))
    assert wants(site)
    site.clock.ahead_s += 60
    delivered = site.store.incidents.write(waiting.uploading())
    site.store.incidents.write(delivered.uploaded(site.clock.now_us()).without_clip())
    assert not wants(site)
    site.clock.ahead_s += site.settings().system.incidents.keep_days * DAY_S
    assert wants(site)


def test_its_thread_looks_and_stops(site, monkeypatch):
    monkeypatch.setattr("pynvr.web.open_incidents.LOOK_EVERY_S", 0.01)
    now_us = site.clock.now_us()
    site.store.incidents.add(Incident("gate", now_us, 1, 1, "k", now_us))
    stop = OpenIncidents(site).start()
    wait_until(lambda: DELIVERER in site.wishes.wanted(), what="the wish")
    stop()
