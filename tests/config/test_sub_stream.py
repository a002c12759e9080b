"""`live` of a camera, and the folder in which sub-streams are taken in."""

import pytest

from pynvr.config.masked_url import MaskError
from pynvr.config.sub_stream_url import unmask_sub_stream


def test_its_address_is_read_as_the_camera_s(camera, camera_mistakes):
    assert camera(live={"url": "rtsp://user:pass@192.0.2.7/2"}).live.url == "rtsp://user:pass@192.0.2.7/2"
    assert camera(live={}).live.url == ""
    (line,) = camera_mistakes(live={"url": "rstp://user:pa55word@192.0.2.7/2"})
    assert line.startswith("live.url: ")
    assert "pa55word" not in line
    (line,) = camera_mistakes(live={"uri": "rtsp://192.0.2.7/2"})
    assert line == 'live.uri: found an unknown key, expected "url"'


def test_no_camera_records_where_sub_streams_are_deleted(camera, camera_mistakes):
    for folder in ("pynvr-data/run", "pynvr-data/run/live/gate"):
        (line,) = camera_mistakes(dst=folder)
        assert line.startswith("dst: found ")
        assert "where the running program deletes" in line
    assert camera(dst="pynvr-data/running").dst.name == "running"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"url": "rtsp://a:one@192.0.2.7/1"}, "rtsp://a:one@192.0.2.7/2"),
        ({"url": "rtsp://a:one@192.0.2.7/1", "live": {"url": "rtsp://a:two@192.0.2.7/1"}}, "rtsp://a:two@192.0.2.7/2"),
        ({"url": "rtsp://a:one@192.0.2.7/1", "live": {"url": "rtsp://a:two@192.0.2.8/1"}}, "rtsp://a:one@192.0.2.7/2"),
        ({"url": "rtsp://a:one@192.0.2.9/1"}, None),
        ({"url": None, "live": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_mask_stands_for_a_password_of_the_same_host(known, expected):
    camera = {"live": {"url": "rtsp://a:***@192.0.2.7/2"}}
    if expected is None:
        with pytest.raises(MaskError):
            unmask_sub_stream(camera, known)
        assert camera == {"live": {"url": "rtsp://a:***@192.0.2.7/2"}}
    else:
        unmask_sub_stream(camera, known)
        assert camera == {"live": {"url": expected}}


@pytest.mark.parametrize("live", [None, {}, {"url": None}, {"url": 5}, "rtsp://x/"])
def test_what_is_no_address_is_left_to_the_schema(live):
    camera = {"live": live}
    unmask_sub_stream(camera, {"url": "rtsp://a:b@c/"})
    assert camera == {"live": live}
