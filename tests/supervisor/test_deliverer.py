"""The deliverer is there if a camera says where clips go, or while the web process wants it; it alone learns where."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pynvr.config.json_text import read_json
from pynvr.config.schema import settings_from
from pynvr.model.incident import DELIVERER
from pynvr.model.settings import Delivery
from pynvr.supervisor.roster import deliverer, keepers, searcher, wants_deliverer
from tests.supervisor.running import url
from tests.waiting import wait_until

SETTINGS = settings_from(
    read_json(
        b'{"cameras": [{"id": "gate", "url": "rtsp://u:cam-secret@h/", "post_url": "https://u:url-secret@h.org/in",'
        b' "post_headers": {"X-Key": "head-secret"}}], "reaper": [{"disk": "/", "percent": 90}]}'
    ),
    Path("/x/nvr.json"),
)


def test_it_is_wanted_if_a_camera_says_where_clips_go():
    assert wants_deliverer(SETTINGS)
    cameras = tuple(replace(camera, delivery=Delivery()) for camera in SETTINGS.cameras)
    assert not wants_deliverer(replace(SETTINGS, cameras=cameras))


def test_it_alone_learns_where_clips_go_and_no_cameras_password():
    wanted = deliverer(SETTINGS, False)
    order: Any = wanted.order
    assert order.cameras[0].delivery == SETTINGS.cameras[0].delivery
    assert order.cameras[0].url == ""
    assert wanted.low_priority and {"url-secret", "head-secret", "cam-secret"} <= set(wanted.log.secrets)
    others: list[Any] = [one.order for one in (*keepers(SETTINGS, False), searcher(SETTINGS, False))]
    for other in others:
        delivery = other.cameras[0].delivery
        assert "secret" not in delivery.url and not delivery.headers and not delivery.token


def test_it_comes_when_it_is_wanted_and_stays_while_a_camera_has_an_address(supervised):
    one = supervised({"gate": "good"})
    one.start()
    one.wait_running("web", "finisher", "recorder gate")
    assert one.pid(DELIVERER) == 0
    recorder = one.pid("recorder gate")
    one.want(DELIVERER)
    one.wait_running(DELIVERER)
    one.want()
    wait_until(lambda: one.process_of(DELIVERER) is None, what="the deliverer to go")
    one.write({"gate": {"url": url("good"), "post_url": "http://127.0.0.1:9/in"}})
    one.wait_running(DELIVERER)
    pid = one.pid(DELIVERER)
    one.write({"gate": {"url": url("good"), "post_url": "http://127.0.0.1:9/other"}})
    wait_until(lambda: "follows the changed" in one.said().rpartition("was changed")[2], what="the change to be read")
    assert (one.pid(DELIVERER), one.pid("recorder gate")) == (pid, recorder)
    assert one.stop() == 0
