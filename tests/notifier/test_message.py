import base64
import json

import pytest

from pynvr.notifier.message import Message, document_of
from tests.notifier.samples import ALERT, LOST, NOW, PICTURE, SENDER


@pytest.mark.parametrize("message", [ALERT, LOST])
def test_a_message_comes_back_from_its_text_as_it_was(message):
    assert Message.from_text(message.to_text()) == message


@pytest.mark.parametrize(
    "text", ["{}", "[]", "no", '{"key": 1}', json.dumps({**json.loads(ALERT.to_text()), "new": 1})]
)
def test_what_is_no_message_is_refused(text):
    with pytest.raises(ValueError):
        Message.from_text(text)


def test_programs_get_plain_values():
    document = json.loads(json.dumps(document_of(ALERT, SENDER, PICTURE)))
    assert (document["id"], document["event"], document["time"]) == ("alert-7-1", "alert", NOW / 1e6)
    assert document["iso_time"] == "2027-01-15T09:00:00.000000+01:00"
    assert document["alert"]["box"] == {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
    assert base64.b64decode(document["picture"]["base64"]) == PICTURE
    lost = document_of(LOST, SENDER)
    assert lost["cameras"] == [
        {"id": "gate", "name": "Gate", "cause": "unreachable", "detail": "no route", "since": NOW / 1e6 - 5}
    ]
    assert (lost["alert"], lost["picture"], lost["link"]) == (None, None, None)
