"""A request comes to its end whatever the receiver does, and says what that means."""

import email.parser
import email.policy
import ssl
import threading
import time
from typing import Any

import pytest

from pynvr.posting import post as module
from pynvr.posting.body import Form, Whole
from pynvr.posting.errors import BodyError, UnacceptableError, UndeliveredError, WrongAddressError
from pynvr.posting.post import Address, Limits, post
from tests.notifier.servers import Receiver
from tests.ports import free_port
from tests.posting.rude import HEAD, Rude, take_all, take_head
from tests.waiting import PATIENCE_S
from tests.web.certificates import make_certificate

# More than sockets hold between two processes that don't read.
LARGE = 32 << 20
QUICK = Limits(connect_s=5.0, stall_s=1.0, answer_s=1.0, whole_s=30.0)


@pytest.fixture
def rude():
    made = []

    def make(manner):
        made.append(Rude(manner))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 4096)
    return path


def send(url, body=None, limits=QUICK):
    post(Address(url), body or Whole(b"{}", "application/json"), {}, limits)


def refusal(url, body=None, kind=UndeliveredError, limits=QUICK):
    with pytest.raises(kind) as caught:
        send(url, body, limits)
    return str(caught.value)


def test_a_form_arrives_as_a_form_with_its_length(rude, clip):
    taken = []

    def manner(connection):
        taken.append(take_all(connection))
        connection.sendall(HEAD % b"201 Created")

    form = Form([("camera_id", "gate"), ("note", "Grüße\r\n--x")], clip, 'a "b".mp4', "video/mp4")
    send(rude(manner).url, form)
    head, _, body = taken[0].partition(b"\r\n\r\n")
    assert len(body) == form.size_bytes
    headers = head.split(b"\r\n", 1)[1]
    parser: Any = email.parser.BytesParser(policy=email.policy.HTTP)
    camera, note, file = parser.parsebytes(headers + b"\r\n\r\n" + body).iter_parts()
    assert camera.get_payload() == "gate"
    assert note.get_payload(decode=True).decode() == "Grüße\r\n--x"
    assert file.get_param("name", header="Content-Disposition") == "file"
    assert (file.get_filename(), file.get_content_type()) == ("a %22b%22.mp4", "video/mp4")
    assert file.get_payload(decode=True) == clip.read_bytes()


def test_a_receiver_that_reads_no_further_is_left(rude):
    def manner(connection):
        take_head(connection)
        one.over.wait()

    one = rude(manner)
    assert refusal(one.url, Whole(bytes(LARGE), "x/y")) == "it took nothing for 1 s"


def test_a_receiver_that_reads_ever_so_slowly_is_left_when_the_time_is_over(rude):
    def manner(connection):
        while not one.over.wait(0.05):
            connection.recv(16384)

    one = rude(manner)
    limits = Limits(stall_s=30.0, whole_s=1.5)
    assert refusal(one.url, Whole(bytes(LARGE), "x/y"), limits=limits) == "it didn't take all of it within 1.5 s"


def test_a_receiver_that_answers_letter_by_letter_is_left(rude):
    def manner(connection):
        take_all(connection)
        for letter in b"HTTP/1.1 200 " + b"O" * 10_000:
            connection.sendall(bytes([letter]))
            if one.over.wait(0.05):
                return

    one = rude(manner)
    begun_s = time.monotonic()
    assert refusal(one.url) == "no answer within 1 s"
    assert time.monotonic() - begun_s < 100  # and not the 500 s that it would go on


def test_a_refusal_that_comes_while_it_is_sent_is_heard(rude):
    def manner(connection):
        take_head(connection)
        connection.sendall(HEAD % b"413 Too Large" + b"at most\n1 MB")

    words = refusal(rude(manner).url, Whole(bytes(LARGE), "x/y"), UnacceptableError)
    assert words == "it answers 413 Too Large: at most 1 MB"


def test_a_refusal_is_heard_of_a_receiver_that_stops_reading_and_stays(rude):
    ended = threading.Event()

    def manner(connection):
        take_head(connection)
        connection.sendall(HEAD % b"413 Too Large")
        ended.wait(PATIENCE_S)

    said = refusal(rude(manner).url, Whole(bytes(LARGE), "x/y"), UnacceptableError)
    ended.set()
    assert "413" in said


def test_over_tls_too_a_receiver_that_says_nothing_and_reads_no_further_is_left_at_once(rude, tmp_path):
    """What TLS itself says (tickets) isn't its answer."""
    tls, ended = make_certificate(tmp_path), threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)

    def manner(connection):
        with context.wrap_socket(connection, server_side=True) as spoken:
            spoken.recv(4096)
            ended.wait(PATIENCE_S)

    url = rude(manner).url.replace("http://127.0.0.1", "https://localhost")
    limits = Limits(stall_s=0.5, answer_s=30.0, whole_s=PATIENCE_S)
    begun_s = time.monotonic()
    with pytest.raises(UndeliveredError, match=r"it took nothing for 0\.5 s"):
        post(Address(url, ca=tls.certificate), Whole(bytes(LARGE), "x/y"), {}, limits)
    assert time.monotonic() - begun_s < 30
    ended.set()


def test_who_says_yes_before_having_it_all_hasnt_taken_it(rude):
    def manner(connection):
        take_head(connection)
        connection.sendall(HEAD % b"200 OK")

    words = refusal(rude(manner).url, Whole(bytes(LARGE), "x/y"))
    assert words == "it answered 200 before it had all, and hung up"


def test_who_dies_in_the_middle_hasnt_taken_it(rude):
    assert "request failed" in refusal(rude(take_head).url, Whole(bytes(LARGE), "x/y"))
    assert refusal(rude(take_all).url) == "the request failed: it hung up without an answer"


def test_what_isnt_http_is_said_in_words(rude):
    one = rude(lambda connection: (take_all(connection), connection.sendall(b"220 mail.example.org ESMTP\r\n")))
    assert refusal(one.url) == "the request failed: its answer isn't HTTP (BadStatusLine)"
    assert refusal(f"http://127.0.0.1:{free_port()}/s3cret") == "no connection: Connection refused"
    assert refusal("gopher://127.0.0.1/") == "no connection: this is no address of HTTP"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, WrongAddressError), (404, WrongAddressError), (302, WrongAddressError), (422, UnacceptableError)]
    + [(status, UndeliveredError) for status in (408, 429, 500, 503)],
)
def test_an_answer_means_something_for_it_or_for_all(rude, status, kind):
    def manner(connection):
        take_all(connection)
        connection.sendall(HEAD % f"{status} Words".encode())

    with pytest.raises((UndeliveredError, UnacceptableError)) as caught:
        send(rude(manner).url)
    assert type(caught.value) is kind
    assert f"it answers {status} Words" in str(caught.value)


def test_pages_and_control_characters_of_an_answer_are_left_out(rude):
    page = (HEAD % b"500 Oh").replace(b"text/plain", b"text/html") + b"<h1>Oh</h1>"
    text = HEAD % b"500 Oh" + b"disk\x1b[31m full\r\nERROR forged" + b"x" * 1000
    heard = []
    for said in (page, text):
        one = rude(lambda connection, said=said: (take_all(connection), connection.sendall(said)))
        heard.append(refusal(one.url))
    assert heard[0] == "it answers 500 Oh"
    assert heard[1].startswith("it answers 500 Oh: disk [31m full ERROR forgedxxx")
    assert len(heard[1]) < 350


def test_a_clip_that_is_gone_or_shrinks_is_no_fault_of_the_receiver(rude, clip, monkeypatch):
    def manner(connection):
        take_all(connection)
        connection.sendall(HEAD % b"200 OK")

    form = Form([], clip, "a.mp4", "video/mp4")
    clip.write_bytes(b"short")
    assert refusal(rude(manner).url, form, BodyError) == "clip.mp4 became shorter while it was sent"
    clip.unlink()
    assert "can't be read" in refusal(rude(manner).url, form, BodyError)
    with pytest.raises(BodyError, match=r"clip\.mp4 can't be read: No such file"):
        Form([], clip, "a.mp4", "video/mp4")


def test_its_memory_doesnt_grow_with_the_file(rude, tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(LARGE)
    form = Form([], path, "a.mp4", "video/mp4")
    assert max(map(len, form.blocks())) <= 65_536
    assert sum(map(len, form.blocks())) == form.size_bytes


def test_a_certificate_must_come_from_an_authority_that_the_system_trusts(tmp_path, monkeypatch):
    tls = make_certificate(tmp_path)
    receiver = Receiver(tls=tls)
    try:
        assert "certificate can't be trusted" in refusal(receiver.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
        send(receiver.url)
        assert len(receiver.requests) == 1
    finally:
        receiver.end()


def test_the_address_is_written_as_http_wants_it(rude):
    taken = []

    def manner(connection):
        taken.append(take_all(connection))
        connection.sendall(HEAD % b"204 OK")

    url = rude(manner).url.replace("/clips", "/ü b?q=ä&x=%20#part")
    send(url)
    assert taken[0].startswith(b"POST /%C3%BC%20b?q=%C3%A4&x=%20 HTTP/1.1\r\n")


def test_headers_of_the_configuration_cant_change_what_is_ours(rude):
    taken = []

    def manner(connection):
        taken.append(take_all(connection))
        connection.sendall(HEAD % b"204 OK")

    given = (("content-length", "1"), ("X-A", "b"), ("idempotency-key", "mine"))
    address = Address(rude(manner).url, given, "t0ken")
    post(address, Whole(b"{}", "application/json"), {module.KEY_HEADER: "k1"}, QUICK)
    head = taken[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert "Content-Length: 2" in head and "X-A: b" in head and "Authorization: Bearer t0ken" in head
    assert "Idempotency-Key: k1" in head and not [line for line in head if line.endswith(("mine", ": 1"))]


def test_the_login_of_the_address_is_kept_where_it_redirects_to(rude):
    heads = []

    def manner(connection):
        heads.append(take_all(connection).partition(b"\r\n\r\n")[0])
        if len(heads) == 1:
            place = one.url.encode() + b"/moved"
            connection.sendall(b"HTTP/1.1 307 Moved\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n")
        else:
            connection.sendall(HEAD % b"201 Created")

    one = rude(manner)
    send(one.url.replace("http://", "http://anna:s3cret@"))
    assert [b"Authorization: Basic YW5uYTpzM2NyZXQ=" in head for head in heads] == [True, True]


def test_a_reason_without_end_is_told_in_short(rude):
    def manner(connection):
        take_all(connection)
        connection.sendall(HEAD % (b"500 " + b"\x1b[31m" + b"no " * 9000))

    text = refusal(rude(manner).url)
    assert text.startswith("it answers 500 [31mno no")
    assert len(text) < 150
