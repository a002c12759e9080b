"""Where clips go: `post_url`, its secrets, `incident`; what is masked stays with the host that it is for."""

import json
from typing import Any

import pytest

from pynvr.base.conceal import Conceal
from pynvr.config.delivery_secrets import DeliveryMaskError, unmask_delivery
from pynvr.config.masked_url import masked
from pynvr.model.settings import Delivery, IncidentSettings
from tests.config.conftest import URL

KNOWN: dict[str, Any] = {
    "post_url": "https://joe:pa55word@h.example/in",
    "post_token": "t0psecret",
    "post_headers": {"X-Key": "k3yk3y"},
}


def shown() -> Any:
    return masked(KNOWN)


def test_where_clips_go_is_read(camera):
    one = camera(**KNOWN, incident={"pre_seconds": 2, "post_seconds": 0, "exact": True, "codec": "h264"})
    assert one.delivery == Delivery(KNOWN["post_url"], "t0psecret", (("X-Key", "k3yk3y"),))
    assert one.incident == IncidentSettings(2.0, 0.0, True, "h264")
    plain = camera()
    assert (plain.delivery, plain.incident) == (Delivery(), IncidentSettings(5.0, 5.0, False, "copy"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"post_url": "ftp://user:pa55word@h/x"},
        {"post_url": "pa55word"},
        {"post_url": "http://h/x#pa55word"},
        {"post_token": "pa55\nword"},
        {"post_headers": {"Content-Length": "pa55word"}},
        {"post_headers": ["pa55word"]},
        {"post_token": "pa55word", "post_headers": {"authorization": "pa55word"}, "post_url": "http://h/"},
        {"incident": {"pre_seconds": 0, "post_seconds": 0}},
        {"incident": {"pre_seconds": 3601}},
        {"incident": {"codec": "hevc"}},
    ],
)
def test_what_cannot_be_is_a_mistake_that_shows_no_secret(camera_mistakes, wrong):
    (line,) = camera_mistakes(**wrong)
    assert "pa55" not in line


def test_how_long_incidents_stay_is_read(loaded):
    document = {"system": {"incidents": {"keep_delivered_days": 2, "keep_days": 90}}, "cameras": []}
    keeping = loaded(document).system.incidents
    assert (keeping.keep_delivered_days, keeping.keep_days) == (2.0, 90.0)


def test_a_secret_of_the_defaults_does_not_go_to_another_address(loaded):
    document = {
        "defaults": KNOWN,
        "cameras": [{"id": "a", "url": URL}, {"id": "b", "url": URL, "post_url": "http://b/"}],
    }
    same, own = loaded(document).cameras
    assert (same.delivery.token, len(same.delivery.headers)) == ("t0psecret", 1)
    assert own.delivery == Delivery("http://b/")


@pytest.mark.parametrize("value", ["Bearer k3yk3y", "ApiKey k3yk3y"])
def test_a_key_behind_the_name_of_its_scheme_is_known_without_it_too(loaded, value):
    delivery = {"post_url": "https://h.example/in", "post_headers": {"Authorization": value}}
    settings = loaded({"cameras": [{"id": "a", "url": URL, **delivery}]})
    (camera,) = settings.cameras
    for secrets in (settings.secrets, camera.delivery.secrets):
        assert "k3yk3y" not in Conceal(secrets)('401: "k3yk3y" is unknown')


def test_no_secret_of_a_delivery_reaches_a_log_or_a_page(loaded):
    settings = loaded({"cameras": [{"id": "a", "url": URL, **KNOWN}]})
    for text in (repr(settings), Conceal(settings.secrets)("t0psecret k3yk3y pa55word"), json.dumps(shown())):
        assert not any(secret in text for secret in ("t0psecret", "k3yk3y", "pa55word"))
    assert shown()["post_token"] == "***"
    assert masked({"post_token": ""}) == {"post_token": ""}


def test_masks_that_come_back_stay_what_they_were():
    given = {**shown(), "post_headers": {"X-Key": "***", "X-New": "n"}}
    unmask_delivery(given, KNOWN, is_patch=False)
    assert given == {**KNOWN, "post_headers": {"X-Key": "k3yk3y", "X-New": "n"}}


@pytest.mark.parametrize("url", ["https://other.example/in", "http://h.example/in", "https://h.example:444/in"])
@pytest.mark.parametrize(
    ("given", "is_patch", "key"),
    [
        ({"post_token": "***"}, False, "post_token"),
        ({"post_headers": {"X-Key": "***"}}, False, "post_headers"),
        ({}, True, "post_token"),
        ({"post_token": "new"}, True, "post_headers"),
        ({"post_token": "new", "post_headers": {"X-Other": "o"}}, True, "post_headers"),
    ],
)
def test_a_stored_secret_never_goes_to_another_place(url, given, is_patch, key):
    with pytest.raises(DeliveryMaskError) as failure:
        unmask_delivery({"post_url": url, **given}, KNOWN, is_patch=is_patch)
    assert failure.value.key == key


def test_another_place_is_fine_with_secrets_of_its_own_or_none():
    for given in ({"post_token": "n", "post_headers": {"X-Key": "m"}}, {"post_token": None, "post_headers": None}):
        unmask_delivery({"post_url": "https://other.example/", **given}, KNOWN, is_patch=True)
    unmask_delivery({"post_url": None}, KNOWN, is_patch=True)
    unmask_delivery({"post_url": "https://H.example:443/other"}, KNOWN, is_patch=True)


def test_a_mask_without_anything_stored_is_refused():
    with pytest.raises(DeliveryMaskError):
        unmask_delivery({"post_url": "http://h/", "post_token": "***"}, {}, is_patch=False)
