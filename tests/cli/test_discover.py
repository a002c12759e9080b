import json
import socket
import sys

import pytest
from click.testing import CliRunner

from pynvr.cli.main import cli
from pynvr.cli.onvif import Login, find_devices, local_addresses, with_streams
from tests.cli.fake_onvif import FakeOnvif

STREAMS = (
    ("main", "H264", 1920, 1080, 25, "rtsp://127.0.0.1:8554/main?a=1&amp;b=2"),
    ("sub", "JPEG", 640, 360, 5, "rtsp://192.0.2.77:8554/sub"),
)


def discover(*arguments: str, typed: str = ""):
    return CliRunner().invoke(cli, ["discover", "--timeout", "1", *arguments], input=typed)


def answer_of(device: FakeOnvif, *arguments: str, typed: str = "", exit_code: int = 0):
    result = discover("--json", *arguments, typed=typed)
    assert result.exit_code == exit_code, result.output
    (found,) = [entry for entry in json.loads(result.stdout) if entry["service"] == device.service]
    return found


def test_a_camera_is_found_with_its_streams():
    with FakeOnvif(STREAMS) as device:
        found = answer_of(device)
    assert (found["host"], found["name"], found["hardware"], found["problem"]) == (
        "127.0.0.1",
        "Gate Camera",
        "M-100",
        "",
    )
    assert [stream["name"] for stream in found["streams"]] == ["main", "sub"]
    main, sub = found["streams"]
    assert (main["codec"], main["width"], main["height"], main["fps"]) == ("h264", 1920, 1080, 25)
    assert main["url"] == "rtsp://127.0.0.1:8554/main?a=1&b=2"
    # What a device takes for its own address may be none that we can reach.
    assert sub["url"] == "rtsp://127.0.0.1:8554/sub"


def test_people_read_a_camera_and_its_streams_line_by_line():
    with FakeOnvif(STREAMS, discoverable=False) as device:
        result = discover(device.host)
    assert result.stdout.splitlines() == [
        device.host,
        "    main  h264 1920x1080 25 fps  rtsp://127.0.0.1:8554/main?a=1&b=2",
        "    sub   jpeg 640x360 5 fps     rtsp://127.0.0.1:8554/sub",
    ]


def test_a_camera_with_a_password_is_asked_with_its_digest_alone():
    with FakeOnvif(STREAMS, user="admin", password="s3cret") as device:
        without = answer_of(device)
        wrong = answer_of(device, "--user", "admin", "--password-stdin", typed="wrong\n")
        right = answer_of(device, "--user", "admin", "--password-stdin", typed="s3cret\n")
        prompted = discover("--user", "admin", device.host, typed="s3cret\n")
    assert (without["streams"], without["problem"]) == ([], "wants a user and a password (--user)")
    assert (wrong["streams"], wrong["problem"]) == ([], "refuses this user and password")
    assert len(right["streams"]) == 2
    assert "main" in prompted.stdout
    assert "s3cret" not in prompted.output + json.dumps(right)
    assert not any("s3cret" in body for body in device.bodies)


def test_a_device_that_asks_for_the_password_in_clear_gets_none():
    class Thief(FakeOnvif):
        def answer(self, request):
            return 401, ""

    with Thief(user="admin", password="s3cret", discoverable=False) as device:
        result = discover(device.host, "--user", "admin", "--password-stdin", typed="s3cret\n")
    assert "refuses this user and password" in result.stdout
    assert not any(word.startswith("Basic") for word in device.authorizations)


def test_a_device_that_talks_nonsense_is_a_line_and_no_more():
    class Broken(FakeOnvif):
        def answer(self, request):
            return 200, "<html>not soap"

    with Broken(discoverable=False) as broken, FakeOnvif(STREAMS, discoverable=False) as good:
        result = discover(broken.host, good.host, "--json")
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)
    assert first["problem"].startswith("can't be asked: ")
    assert len(second["streams"]) == 2


def test_an_address_where_nobody_listens_is_told():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = discover(f"127.0.0.1:{closed.getsockname()[1]}")
    assert "can't be asked: " in result.stdout


def test_no_camera_at_all_is_exit_code_one(monkeypatch):
    monkeypatch.setattr("pynvr.cli.onvif.local_addresses", lambda: [])
    result = discover("--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, [])
    assert "No ONVIF camera answered" in result.stderr


def test_every_network_of_this_machine_is_searched():
    assert "127.0.0.1" in local_addresses()


def test_two_answers_of_a_device_are_one(monkeypatch):
    monkeypatch.setattr("pynvr.cli.onvif.local_addresses", lambda: ["127.0.0.1", "127.0.0.1"])
    with FakeOnvif(STREAMS) as device:
        found = [entry for entry in find_devices(0.5) if entry.service == device.service]
        assert len(found) == 1
        (asked,) = with_streams(found, Login())
    assert len(asked.streams) == 2


def test_without_the_extra_the_way_to_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "onveef", None)
    result = discover()
    assert result.exit_code == 2
    assert result.stderr == (
        f"pynvr: the search for cameras needs the package onveef: {sys.executable} -m pip install 'onveef'\n"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtsp://cam/a", "rtsp://us%2Fer:p%40%3A%23@cam/a"),
        ("rtsp://old:pw@cam:554/a@b", "rtsp://us%2Fer:p%40%3A%23@cam:554/a@b"),
    ],
)
def test_a_login_goes_into_a_url_so_that_it_stays_one(url, expected):
    assert Login("us/er", "p@:#").in_url(url) == expected


def test_a_login_shows_no_password():
    assert "s3cret" not in repr(Login("admin", "s3cret"))
