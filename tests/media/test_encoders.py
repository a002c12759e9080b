from fractions import Fraction

import av
import pytest

from pynvr.base.errors import MediaError
from pynvr.media import encoders
from pynvr.media.encoders import Wanted, candidates, open_encoder


def test_hardware_is_tried_before_software():
    names = candidates("h264")
    assert names[-1] in ("libx264", "libopenh264")
    assert "h264_nvenc" in names


@pytest.mark.parametrize("codec", ["h264", "hevc", "mpeg4"])
def test_an_encoder_that_works_is_found(codec):
    encoder = open_encoder(Wanted(codec, 320, 180, Fraction(25), 500))
    frame = av.VideoFrame(320, 180, encoder.pixel_format)
    frame.pts = 0
    packets = encoder.context.encode(frame) + encoder.context.encode(None)
    assert sum(packet.size for packet in packets) > 0


def test_one_that_opens_and_then_gives_nothing_is_passed_over(monkeypatch):
    tried = []
    real = encoders._encode_test

    def broken_hardware(encoder):
        tried.append(encoder.name)
        if encoder.name == "libx264":
            raise ValueError("the chip isn't there")
        real(encoder)

    monkeypatch.setattr(encoders, "candidates", lambda _codec: ["libx264", "mpeg4"])
    monkeypatch.setattr(encoders, "_encode_test", broken_hardware)
    assert open_encoder(Wanted("h264", 320, 180, Fraction(25), 0)).name == "mpeg4"
    assert tried == ["libx264", "mpeg4"]


def test_without_any_the_user_is_told(monkeypatch):
    monkeypatch.setattr(encoders, "candidates", lambda _codec: ["h264_nvenc"])
    with pytest.raises(MediaError, match="no encoder for h264 works"):
        open_encoder(Wanted("h264", 320, 180, Fraction(25), 0))
