import dataclasses

import pytest

from pynvr.base.errors import ConfigError
from pynvr.model.notify import Service, Target
from pynvr.notifier.push import PushChannel
from pynvr.posting.errors import UndeliveredError
from tests.notifier.samples import ALERT, LOST, PICTURE, SENDER
from tests.ports import free_port


def channel(url):
    return PushChannel(Target("mail", Service(url)), url, SENDER)


def test_an_alert_is_a_mail_with_its_picture_and_link(mail_server):
    one = channel(mail_server.url)
    one.send(ALERT, PICTURE)
    one.send(LOST, None)
    alert, lost = mail_server.mails
    assert (alert["Subject"], alert["To"], alert["From"]) == (
        "PyNVR: face at Gate",
        "me@example.org",
        "nvr@example.org",
    )
    assert (alert["X-PyNVR-Id"], lost["X-PyNVR-Id"]) == ("alert-7-1", "k1")
    text = alert.get_body(("plain",)).get_content()
    assert "Gate saw face." in text and "https://nvr.lan/scrub?cams=gate" in text
    (picture,) = alert.iter_attachments()
    assert (picture.get_content_type(), picture.get_content()) == ("image/jpeg", PICTURE)
    assert "Gäte isn't recorded." in lost.get_body(("plain",)).get_content()
    assert list(lost.iter_attachments()) == []


def test_words_of_a_message_are_no_markup_and_their_lines_stay_lines(mail_server):
    said = dataclasses.replace(LOST, text="Gate isn't recorded: 404 <b>gone</b> & away.\nYard isn't recorded.")
    channel(mail_server.url).send(said, None)
    channel(mail_server.url + "&format=html").send(said, None)
    plain, html = mail_server.mails
    assert [part.get_content_type() for part in plain.walk()] == ["text/plain"]
    assert plain.get_content().splitlines()[:2] == said.text.splitlines()
    words = html.get_body(("html",)).get_content()
    assert "&lt;b&gt;gone&lt;/b&gt; &amp;" in words.replace("&nbsp;", " ") and "<br" in words


def test_a_refused_mail_says_why_without_secrets(mail_server):
    mail_server.refusals = 99
    with pytest.raises(UndeliveredError) as caught:
        channel(mail_server.url).send(LOST, None)
    assert "come back later" in str(caught.value)
    url = f"mailto://anna:s3cretpass@127.0.0.1:{free_port()}?from=nvr@example.org&to=me@example.org"
    with pytest.raises(UndeliveredError) as caught:
        channel(url).send(LOST, None)
    assert "Connection refused" in str(caught.value)
    assert "s3cretpass" not in str(caught.value) and "@example.org" not in str(caught.value)


def test_a_redirect_is_never_followed_whatever_the_url_says(receiver, receivers):
    other = receivers()
    receiver.always = (307, {"Location": other.url})
    url = receiver.url.replace("http://", "json://") + "?redirect=yes"
    with pytest.raises(UndeliveredError):
        channel(url).send(LOST, None)
    assert receiver.requests and other.requests == []


@pytest.mark.parametrize("url", ["nonsense://abc", "mailto://", "gotify://"])
def test_what_apprise_doesnt_know_is_a_mistake_of_the_configuration(url):
    with pytest.raises(ConfigError, match="Apprise can't use") as caught:
        channel(url)
    assert url not in str(caught.value)
