"""What the other tests are given to look at is like what a camera sends."""

import pytest

from tests.web.archive_maker import MadeCamera, minute_of


@pytest.mark.parametrize("bframes", [0, 2])
def test_pictures_stay_in_the_order_of_decoding_between_the_sound(bframes):
    _, frames = minute_of(MadeCamera("", "gate", width=160, height=96, audio=True, bframes=bframes))
    video = [frame for frame in frames if frame.track == 0]
    sound = [frame for frame in frames if frame.track == 1]
    assert len(video) == 600
    assert [frame.dts for frame in video] == sorted(frame.dts for frame in video)
    assert [frame.dts for frame in sound] == sorted(frame.dts for frame in sound)
    assert (video == sorted(video, key=lambda frame: frame.time_us)) == (bframes == 0)
    # Neither waits for the other by more than some pictures.
    last_us = 0
    for frame in frames:
        assert frame.time_us > last_us - 500_000
        last_us = max(last_us, frame.time_us)
