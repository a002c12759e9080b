"""Names and addresses in a report: gone, told apart, and nothing else touched."""

import pytest

from pynvr.report.disguise import Disguise


def test_the_same_one_is_called_the_same_everywhere():
    disguise = Disguise(users=["anna"], hosts=["cam.example.org"])
    text = disguise.text("anna asked 192.0.2.7 and 192.0.2.8; 192.0.2.7 said no to Anna at CAM.example.org:554")
    assert text == "user-1 asked address-1 and address-2; address-1 said no to user-1 at host-1:554"
    assert disguise.value({"who": ["anna", 3, None, {"192.0.2.8": True}]}) == {
        "who": ["user-1", 3, None, {"address-2": True}]
    }


@pytest.mark.parametrize(
    "given, told",
    [
        ("rtsp://op:hunter22@192.0.2.1:554/h264", "rtsp://user-1:***@address-1:554/h264"),
        ("rtsp://op@gate/h264", "rtsp://user-1@host-1/h264"),
        ("rtsp://gate.lan/h264", "rtsp://host-1/h264"),
        ("http://[2001:db8::1]:8080/", "http://address-1:8080/"),
        ("listens on http://localhost:8080 and 127.0.0.1", "listens on http://localhost:8080 and 127.0.0.1"),
        ("http://nvr.lan:8080/setup?code=abc_-123", "http://host-1:8080/setup?code=***"),
        ("fe80::1 and 00:1a:2b:3c:4d:5e", "address-1 and mac-1"),
        ("/home/anna/video, /srv/home", "/home/user-1/video, /srv/home"),
        ("told me@example.org", "told mail-1"),
        (
            "url=rtsp%3A%2F%2F192.0.2.1%2F, 192.0.2.2_gate, 192.0.2.3.mp4",
            "url=rtsp%3A%2F%2Faddress-1%2F, address-2_gate, address-3.mp4",
        ),
        ("sqlite:////var/lib/pynvr.sqlite", "sqlite:////var/lib/pynvr.sqlite"),
    ],
)
def test_what_tells_who_or_where_is_masked(given, told):
    assert Disguise().text(given) == told


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T11:00:01.500Z WARNING finisher: can't",
        "gate.20260310.1201.mp4 12:01:00 1.5.2 and 62.11.100",
        "libav 5.1.2.3.4, ratio 16:9",
        "the role admin",
    ],
)
def test_what_only_looks_alike_stays(text):
    assert Disguise(users=["admin", "x"]).text(text) == text


def test_a_name_is_found_behind_an_escape():
    disguise = Disguise(users=["anna"], hosts=["cam.example.org"])
    assert disguise.text(r"'a\nanna', %40cam.example.org, joanna") == r"'a\nuser-1', %40host-1, joanna"


def test_addresses_may_be_kept_but_never_names_and_passwords():
    disguise = Disguise(["hunter22"], ["anna"], ["cam.example.org"], keep_addresses=True)
    text = "rtsp://anna:hunter22@192.0.2.1/ cam.example.org: anna, hunter22"
    assert disguise.text(text) == "rtsp://user-1:***@192.0.2.1/ cam.example.org: user-1, ***"
