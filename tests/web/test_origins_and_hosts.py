"""Which names are ours, and which pages."""

from ipaddress import ip_network

import pytest

from pynvr.web.hosts import is_host_right
from pynvr.web.same_origin import is_foreign
from tests.web.making import make_site

PROXY = (ip_network("127.0.0.1/32"),)


@pytest.mark.parametrize(
    ("listening", "called", "right"),
    [
        ("localhost", "localhost:8080", True),
        ("localhost", "127.0.0.1:8080", True),
        ("localhost", "127.1.2.3", True),
        ("localhost", "[::1]:8080", True),
        ("localhost", "LOCALHOST", True),
        ("localhost", "pynvr.localhost:8080", True),
        ("127.0.0.1", "evil.example:8080", False),
        ("localhost", "evil.example", False),
        ("localhost", "localhost.evil.example", False),
        ("localhost", "192.0.2.1", False),
        ("::1", "evil.example", False),
        ("0.0.0.0", "nvr.home:8080", True),
        ("192.0.2.1", "nvr.home", True),
        ("0.0.0.0", "a b", False),
        ("0.0.0.0", "evil.example/path", False),
        ("0.0.0.0", "x\r\ny", False),
    ],
)
def test_a_server_for_this_machine_answers_to_local_names(listening, called, right):
    assert is_host_right({"HTTP_HOST": called, "REMOTE_ADDR": "127.0.0.1"}, listening, ()) == right


def test_a_trusted_proxys_name_is_right():
    environ = {"HTTP_HOST": "nvr.example", "REMOTE_ADDR": "127.0.0.1"}
    assert is_host_right(environ, "localhost", PROXY)
    assert is_host_right({**environ, "REMOTE_ADDR": "::ffff:127.0.0.1"}, "localhost", PROXY)
    assert not is_host_right({**environ, "REMOTE_ADDR": "127.0.0.9"}, "localhost", PROXY)


def test_a_foreign_name_is_told_what_to_do(tmp_path):
    answer = make_site(tmp_path).as_admin().get("/api/me", {"Host": "evil.example"})
    assert answer.status == 400
    assert (answer.error, "trusted_proxies" in answer.json["error"]["message"]) == ("unknown_host", True)
    assert answer.header("Content-Length") == str(len(answer.body))


OURS = "http://nvr.home:8080"


@pytest.mark.parametrize(
    ("origin", "site", "foreign"),
    [
        (None, None, False),
        (OURS, None, False),
        (OURS.upper(), None, False),
        (OURS, "same-origin", False),
        (None, "same-origin", False),
        (None, "none", False),
        ("https://nvr.home:8080", "same-origin", False),
        ("https://nvr.home:8080", None, True),
        ("http://nvr.home", None, True),
        ("http://nvr.home:80801", None, True),
        ("http://evil.example", None, True),
        ("http://evil.example", "same-origin", True),
        ("null", None, True),
        ("null", "same-origin", True),
        ("", None, True),
        ("http://[::1", "same-origin", True),
        ("http://[::1", None, True),
        (None, "same-site", True),
        (None, "cross-site", True),
        (None, "anything else", True),
        (OURS, "cross-site", True),
    ],
)
def test_a_page_is_foreign_unless_the_browser_says_that_it_is_ours(origin, site, foreign):
    given = {"HTTP_ORIGIN": origin, "HTTP_SEC_FETCH_SITE": site}
    environ = {name: value for name, value in given.items() if value is not None}
    assert is_foreign(environ, OURS) == foreign


def test_nothing_is_ours_if_the_request_does_not_say_whom_it_called():
    assert is_foreign({"HTTP_ORIGIN": ""}, "")
    assert is_foreign({"HTTP_ORIGIN": "null"}, "")
    assert is_foreign({"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}, "")
