"""The notifier is wanted when somebody is to be told, and it alone learns where messages go."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pynvr.config.json_text import read_json
from pynvr.config.schema import settings_from
from pynvr.supervisor.roster import keepers

SETTINGS = settings_from(
    read_json(
        b'{"cameras": [{"id": "gate", "url": "rtsp://u:cam-secret@h/"}], "reaper": [{"disk": "/", "percent": 90}],'
        b' "notify": [{"name": "hook", "kind": "webhook", "url": "https://h.org/hook-secret", "token": "tok-secret"}]}'
    ),
    Path("/x/nvr.json"),
)


def test_it_is_there_only_if_somebody_is_to_be_told():
    assert [one.name for one in keepers(SETTINGS, False)] == ["finisher", "reaper", "notifier"]
    assert [one.name for one in keepers(replace(SETTINGS, notify=()), False)] == ["finisher", "reaper"]


def test_only_it_learns_where_messages_go_and_no_cameras_password():
    *others, notifier = keepers(SETTINGS, False)
    orders: list[Any] = [one.order for one in others]
    order: Any = notifier.order
    assert order.notify == SETTINGS.notify
    assert order.cameras[0].url == ""
    assert all(one.notify == () for one in orders)
    assert notifier.low_priority and {"hook-secret", "tok-secret", "cam-secret"} <= set(notifier.log.secrets)


def test_all_secrets_are_masked_by_the_master_too():
    assert {"hook-secret", "tok-secret", "cam-secret"} <= set(SETTINGS.secrets)
