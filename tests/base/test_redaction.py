import pytest

from pynvr.base.redaction import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rtsp://admin:secret@10.0.0.5/live", "rtsp://admin:***@10.0.0.5/live"),
        ("rtsp://admin:p@ss:w0rd@10.0.0.5:554/live", "rtsp://admin:***@10.0.0.5:554/live"),
        ("can't open rtsp://a:b@h/x: 401", "can't open rtsp://a:***@h/x: 401"),
        ("rtsp://:only@h/x", "rtsp://:***@h/x"),
        ("http://h/video?user=a&password=secret&x=1", "http://h/video?user=a&password=***&x=1"),
        ("http://h/video?token=secret", "http://h/video?token=***"),
        ("rtsp://h/user=admin_password=tlJwpbo6_channel=1.sdp?real", "rtsp://h/user=admin_password=***"),
        ("rtsp://h:554/user=admin&password=secret&channel=1.sdp", "rtsp://h:554/user=admin&password=***&channel=1.sdp"),
        ("two: rtsp://a:b@h/1 rtsp://c:d@h/2", "two: rtsp://a:***@h/1 rtsp://c:***@h/2"),
        ("rtsp://user@h/x at 12:30", "rtsp://user@h/x at 12:30"),
        ("nothing here", "nothing here"),
    ],
)
def test_passwords_are_masked_and_nothing_else(text, shown):
    assert redact(text) == shown


def test_a_long_text_without_breaks_is_done_in_one_pass():
    # In the square of its length it would take hours, far beyond the time that a test has.
    text = "a" * 4_000_000
    assert redact(text) == text
