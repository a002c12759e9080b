"""ONVIF devices that answer whatever they like: each is listed, with streams or with a problem in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynvr.cli.onvif import Device, Login, _device, _each_once, with_streams
from tests.cli.fake_onvif import FakeOnvif
from tests.fuzz.effort import tries

pytest.importorskip("onveef")

NUMBERS = st.sampled_from(["1", "-1", "1e999", "nan", "x", "", "9" * 5000, "٣", "1.5"])
WORDS = st.sampled_from(["", "H264", "rtsp://127.0.0.1/x", "rtsp://[", "http://[::1", "&lt;", "\u009b31m", "a b", "é"])
STREAMS = st.lists(st.tuples(WORDS, WORDS, NUMBERS, NUMBERS, NUMBERS, WORDS), max_size=2)
ODD = ("", "<", "<a/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<a>" * 3000 + "</a>" * 3000, "\u009b", "{}")
# The answer to the first, second … question is this one instead.
INSTEAD = st.dictionaries(
    st.integers(0, 4), st.tuples(st.sampled_from([200, 204, 400, 401, 500, 999]), st.sampled_from(ODD)), max_size=2
)
SERVICES = st.lists(
    WORDS | st.text(max_size=12) | st.sampled_from(["http://" + "9" * 5000, "http://1.2.3.4:x/"]), max_size=3
)


class Liar(FakeOnvif):
    def __init__(self, streams, instead):
        super().__init__(streams, discoverable=False)
        self.instead = instead

    def answer(self, request):
        asked = len(self.bodies) - 1
        try:
            return self.instead[asked] if asked in self.instead else super().answer(request)
        except (AssertionError, StopIteration):  # a profile that it doesn't have
            return 500, ""


@tries(25)
@given(STREAMS, INSTEAD)
def test_a_device_is_listed_with_streams_or_with_a_problem(streams, instead):
    with Liar(streams, instead) as liar:
        (device,) = with_streams([Device(liar.host, liar.service)], Login("anna", "secret"))
    assert device.host == liar.host
    assert not (device.problem and device.streams)
    assert "secret" not in repr(device)
    assert "secret" not in str(liar.bodies)


class Answer:
    def __init__(self, services, address, name):
        self.xaddrs, self.address, self.name, self.hardware = services, address, name, name


@tries(60)
@given(st.lists(st.builds(Answer, SERVICES, WORDS, st.text(max_size=8)), max_size=4))
def test_whoever_answers_a_probe_stands_in_the_list_once(answers):
    devices = _each_once([_device(answer) for answer in answers])
    assert len({device.service for device in devices}) == len(devices)
    assert {device.service for device in devices} == {_device(answer).service for answer in answers}
