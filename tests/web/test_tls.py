import shutil
import socket
import ssl

import pytest

from pynvr.web.tls import Certificate, TlsError, tls_context
from tests.web.certificates import make_certificate, trusting
from tests.web.serving import serving
from tests.web.test_server import received


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    return make_certificate(folder, "first"), make_certificate(folder, "second")


@pytest.fixture
def tls(tmp_path, pairs):
    """The first pair, in files that the test may change."""
    first, _ = pairs
    return type(first)(*(shutil.copy(path, tmp_path / path.name) for path in (first.certificate, first.key)))


def test_https_is_served_and_named_so(tls):
    with serving(certificate=Certificate(tls)) as site:
        assert site.get(context=trusting(tls)) == (200, b"https")
        with site.client(trusting(tls)) as client:
            for _ in range(3):
                client.request("GET", "/")
                assert client.getresponse().read() == b"https"


def test_handshakes_that_dont_go_on_hold_no_thread(tls):
    with serving(certificate=Certificate(tls), threads=2) as site:
        silent = [site.connect() for _ in range(40)]
        for client in silent:
            client.sendall(b"\x16\x03\x01")
        site.wait_figures(lambda figures: figures.connections >= 40)
        assert site.get(context=trusting(tls)) == (200, b"https")
        for client in silent:
            client.close()


def test_heads_that_drip_through_tls_hold_no_thread(tls):
    with serving(certificate=Certificate(tls), threads=2) as site:
        slow = [trusting(tls).wrap_socket(site.connect(), server_hostname="localhost") for _ in range(20)]
        for client in slow:
            client.sendall(b"GET / HT")
        assert site.get(context=trusting(tls)) == (200, b"https")
        for client in slow:
            client.sendall(b"TP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert received(client).endswith(b"https")


def test_a_stop_cuts_a_download_that_is_stuck_in_tls(tls):
    with serving(certificate=Certificate(tls)) as site:
        client = trusting(tls).wrap_socket(site.connect(), server_hostname="localhost")
        client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(10)
        site.stop()
        assert not site.server.hangs
        client.close()


def test_plain_http_is_told_to_speak_https(tls):
    with serving(certificate=Certificate(tls)) as site, site.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = received(client)
        assert answer.startswith(b"HTTP/1.1 400 ") and b"https://" in answer


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(tls):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    refused = pytest.raises((ssl.SSLError, ConnectionError))
    with serving(certificate=Certificate(tls)) as site, site.connect() as client, refused:
        old.wrap_socket(client, server_hostname="localhost")


def presented(site, trusted) -> None:
    with socket.create_connection(("127.0.0.1", site.port), 20) as client:
        trusting(trusted).wrap_socket(client, server_hostname="localhost").close()


def test_a_renewed_certificate_is_taken_up_and_a_wrong_one_isnt(tls, pairs):
    first, second = pairs
    certificate = Certificate(tls)
    with serving(certificate=certificate) as site:
        presented(site, first)
        assert not certificate.refresh() and certificate.problem == ""
        shutil.copy(second.certificate, tls.certificate)
        certificate.refresh()
        assert "belongs to another certificate" in certificate.problem and "stays in use" in certificate.problem
        presented(site, first)
        shutil.copy(second.key, tls.key)
        certificate.refresh()
        assert certificate.problem == ""
        presented(site, second)
        with pytest.raises(ssl.SSLCertVerificationError):
            presented(site, first)


def test_what_is_wrong_with_a_pair_is_said(tls, pairs, tmp_path):
    _, second = pairs
    kind = type(tls)
    with pytest.raises(TlsError, match=r"system\.server\.tls\.key: can't read /no/key: No such file"):
        tls_context(kind(tls.certificate, type(tls.key)("/no/key")))
    with pytest.raises(TlsError, match=r"belongs to another certificate than .*first\.pem"):
        tls_context(kind(tls.certificate, second.key))
    with pytest.raises(TlsError, match="no PEM file"):
        tls_context(kind(tls.key, tls.certificate))
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"\x00" * 100)
    with pytest.raises(TlsError, match="no PEM file"):
        tls_context(kind(nonsense, tls.key))
    with pytest.raises(TlsError, match="has a passphrase"):
        tls_context(make_certificate(tmp_path, "locked", "secret"))
