"""The fixture that serves GStreamer's streams does what the tests that use it rely on."""

import av
import pytest

from tests.gst_server import GstServer
from tests.simulator.watching import take, watching
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize(
    ("settings", "codecs"),
    [
        ({}, {"h264"}),
        ({"codec": "hevc", "audio": "pcma"}, {"hevc", "pcm_alaw"}),
        ({"audio": "aac", "transport": "udp"}, {"h264", "aac"}),
    ],
)
def test_it_serves_what_was_ordered(settings, codecs):
    with GstServer(**settings) as server, watching(server.url, settings.get("transport", "tcp")) as container:
        assert {stream.codec_context.name for stream in container.streams} == codecs
        assert take(container, 5)[0].is_keyframe


def test_it_asks_for_the_password_and_comes_back_on_its_port():
    with GstServer(user="admin", password="p@ss:/w") as server:
        with watching(server.url) as container:
            assert take(container, 1)
        with pytest.raises(av.HTTPUnauthorizedError):
            av.open(server.url.replace("admin", "guest"), timeout=PATIENCE_S)
        url = server.url
        server.restart()
        assert server.url == url
        with watching(server.url) as container:
            assert take(container, 1)
