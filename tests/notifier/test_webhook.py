import base64

import pytest

from pynvr.base.errors import ConfigError
from pynvr.model.notify import Webhook
from pynvr.notifier import webhook as module
from pynvr.notifier.webhook import WebhookChannel
from pynvr.posting.errors import UnacceptableError, UndeliveredError
from pynvr.posting.post import Limits
from tests.notifier.samples import ALERT, LOST, PICTURE, SENDER
from tests.ports import free_port
from tests.web.certificates import make_certificate


@pytest.fixture
def channel():
    """Makes channels to a URL."""
    made = []

    def make(url, **keys):
        made.append(WebhookChannel(Webhook(url, **keys), SENDER))
        return made[-1]

    yield make
    for one in made:
        one.close()


def refusal(one, message=LOST):
    with pytest.raises(UndeliveredError) as caught:
        one.send(message, None)
    return caught.value


def test_a_message_arrives_with_its_key_token_headers_and_picture(receiver, channel):
    one = channel(receiver.url, headers=(("X-Key", "abc"),), token="t0ken")
    one.send(ALERT, PICTURE)
    one.send(LOST, None)
    (path, headers, body), (_, second, lost) = receiver.requests
    assert path == "/hook"
    assert headers["Idempotency-Key"] == "alert-7-1" == body["id"]
    assert (headers["Authorization"], headers["X-Key"]) == ("Bearer t0ken", "abc")
    assert headers["Content-Type"] == "application/json"
    assert base64.b64decode(body["picture"]["base64"]) == PICTURE
    assert (second["Idempotency-Key"], lost["picture"]) == ("k1", None)


def test_name_and_password_of_the_url_are_sent_as_such(receiver, channel):
    channel(receiver.url.replace("://", "://anna:s%40crets@")).send(LOST, None)
    authorization = receiver.requests[0][1]["Authorization"]
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"anna:s@crets"


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_what_isnt_taken_now_may_be_later(receiver, channel, status):
    receiver.always = status
    assert str(status) in str(refusal(channel(receiver.url)))


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_what_the_receiver_will_never_take_isnt_tried_again(receiver, channel, status):
    receiver.always = status
    with pytest.raises(UnacceptableError, match=str(status)):
        channel(receiver.url).send(LOST, None)


@pytest.mark.parametrize(("said", "least", "most"), [("7", 7, 7), ("999999", 3600, 3600), ("soon", None, None)])
def test_the_receiver_may_say_when_to_come_back(receiver, channel, said, least, most):
    receiver.always = (503, {"Retry-After": said})
    again_s = refusal(channel(receiver.url)).again_s
    assert (again_s is None) if least is None else least <= again_s <= most


def test_nobody_listens_is_said_in_plain_words(channel):
    words = str(refusal(channel(f"http://127.0.0.1:{free_port()}/s3cret-path")))
    assert words == "no connection: Connection refused"


def test_a_receiver_that_says_nothing_is_left(receiver, channel, monkeypatch):
    monkeypatch.setattr(module, "LIMITS", Limits(answer_s=1.0))
    receiver.always = "stall"
    assert str(refusal(channel(receiver.url))) == "no answer within 1 s"


def test_a_redirect_within_the_host_is_followed_with_method_and_body(receiver, channel):
    receiver.answers = [(307, {"Location": "/elsewhere"}), (308, {"Location": "/there"})]
    channel(receiver.url, token="t0ken").send(LOST, None)
    assert [(path, body["id"]) for path, _, body in receiver.requests] == [
        ("/hook", "k1"), ("/elsewhere", "k1"), ("/there", "k1"),
    ]  # fmt: skip


def test_a_redirect_to_another_place_is_refused_and_nothing_is_sent_there(receiver, receivers, channel):
    other = receivers()
    for location in (other.url, other.url.replace("127.0.0.1", "localhost"), "https://example.org/", "ftp://x/", ""):
        receiver.always = (307, {"Location": location})
        assert "redirects" in str(refusal(channel(receiver.url, token="t0ken")))
    assert other.requests == []


def test_a_redirect_that_loses_the_message_isnt_followed(receiver, channel):
    for status in (301, 302, 303):
        receiver.always = (status, {"Location": "/elsewhere"})
        assert "isn't followed" in str(refusal(channel(receiver.url)))
    assert {path for path, _, _ in receiver.requests} == {"/hook"}


def test_redirects_in_a_circle_end(receiver, channel):
    receiver.always = (307, {"Location": "/hook"})
    assert "more than 3 times" in str(refusal(channel(receiver.url)))


def test_a_certificate_is_checked(receivers, channel, tmp_path):
    tls = make_certificate(tmp_path)
    receiver = receivers(tls=tls)
    assert "certificate can't be trusted" in str(refusal(channel(receiver.url)))
    assert receiver.requests == []
    channel(receiver.url, ca=tls.certificate).send(LOST, None)
    assert [body["id"] for body in receiver.bodies] == ["k1"]


def test_a_missing_authority_is_a_mistake_of_the_configuration(channel, tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        channel("https://127.0.0.1/", ca=tmp_path / "none.pem")


def test_nothing_is_taken_from_the_environment(receiver, channel, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    channel(receiver.url).send(LOST, None)
    assert "Authorization" not in receiver.requests[0][1]
