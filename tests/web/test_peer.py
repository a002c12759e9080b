from ipaddress import ip_network

import pytest

from pynvr.web.peer import client_address, is_secure, own_origin

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1"))


def environ(peer="10.0.0.1", scheme="http", **headers):
    return {"REMOTE_ADDR": peer, "wsgi.url_scheme": scheme, "HTTP_HOST": "nvr.local:8080"} | {
        f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()
    }


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("192.0.2.9", "203.0.113.5", "192.0.2.9"),  # a stranger's word about itself is worth nothing
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.5", "203.0.113.5"),  # what the client itself put in front is no hop
        ("10.0.0.1", "203.0.113.5, 10.2.2.2", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "10.2.2.2, 10.3.3.3", "10.2.2.2"),  # the client stands in the proxies' own network
        ("10.0.0.1", "203.0.113.5, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("fe80::1%eth0", "", "fe80::1"),
        ("", "203.0.113.5", ""),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(peer, chain, client):
    assert client_address(environ(peer, **{"for": chain}), PROXIES) == client


def test_without_trusted_proxies_nobodys_word_counts():
    said = environ("127.0.0.1", **{"for": "203.0.113.5", "proto": "https", "host": "evil.example"})
    assert client_address(said, ()) == "127.0.0.1"
    assert not is_secure(said, ())
    assert own_origin(said, ()) == "http://nvr.local:8080"


@pytest.mark.parametrize(
    ("peer", "scheme", "said", "secure"),
    [
        ("10.0.0.1", "http", "https", True),
        ("10.0.0.1", "http", "HTTPS", True),
        ("10.0.0.1", "http", "http, https", True),
        ("10.0.0.1", "https", "http", False),
        ("10.0.0.1", "http", "gopher", False),
        ("192.0.2.9", "http", "https", False),
        ("192.0.2.9", "https", "", True),
    ],
)
def test_a_connection_is_secure_by_its_own_or_its_trusted_proxys_encryption(peer, scheme, said, secure):
    assert is_secure(environ(peer, scheme, proto=said), PROXIES) is secure


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ({}, "http://nvr.local:8080"),
        ({"host": "Nvr.Example"}, "http://nvr.example"),
        ({"host": "nvr.example", "proto": "https"}, "https://nvr.example"),
        ({"host": "nvr.example:443", "proto": "https"}, "https://nvr.example"),
        ({"host": "nvr.example:443"}, "http://nvr.example:443"),
        ({"host": "[2001:db8::1]:8443", "proto": "https"}, "https://[2001:db8::1]:8443"),
        ({"host": "nvr.example/path"}, ""),
        ({"host": "a b"}, ""),
        ({"host": "user@nvr.example"}, ""),
    ],
)
def test_the_own_origin_is_what_the_client_called(said, origin):
    assert own_origin(environ(**said), PROXIES) == origin


def test_a_request_without_host_has_no_origin():
    assert own_origin({"REMOTE_ADDR": "192.0.2.9", "wsgi.url_scheme": "http"}, PROXIES) == ""
