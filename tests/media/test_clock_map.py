import random
from itertools import pairwise

import pytest

from pynvr.media.clock_map import ClockMap
from pynvr.media.delays import Delays
from tests.media.hand_clock import HandClock

SCALE = 90_000
FPS = 25
NETWORK_S = 0.020


class Camera:
    """Sends frames of a clock that may run fast, over a network that delays them."""

    def __init__(self, clock, ppm=0.0, jitter_s=0.0):
        self.clock = clock
        self.delays = Delays()
        self.map = ClockMap(SCALE, self.delays, clock)
        self.taken_s = 0.0  # true seconds since the camera was switched on
        self.began_us = clock.now_us()
        self.factor = 1 + ppm / 1e6
        self.jitter_s = jitter_s
        self.extra_s = 0.0
        self.random = random.Random(1)
        self.pts = 0

    def send(self, seconds):
        """Frames of so many seconds; each is observed when it arrives."""
        for _ in range(round(seconds * FPS)):
            self.taken_s += 1 / FPS
            self.clock.pass_s(1 / FPS)
            self.pts = round(self.taken_s * self.factor * SCALE)
            delay_s = NETWORK_S + self.jitter_s * self.random.random() + self.extra_s
            arrival_s = self.clock.monotonic_s() + delay_s
            self.delays.note(arrival_s - self.pts / SCALE, arrival_s)
            self.map.look_at_wall()

    def error_us(self):
        """How wrong the map is about the last frame, besides the network's least delay."""
        true_us = self.clock.now_us() + NETWORK_S * 1e6
        return self.map.time_us(self.pts) - true_us


def test_the_least_delayed_frame_says_what_time_it_is():
    camera = Camera(HandClock(), jitter_s=0.3)
    camera.send(20)
    camera.map.steer()
    assert abs(camera.error_us()) < 5_000


def test_there_is_no_time_before_the_first_frame():
    clock = HandClock()
    clock_map = ClockMap(SCALE, Delays(), clock)
    assert not clock_map.is_observed
    with pytest.raises(ValueError, match="no frame"):
        clock_map.steer()
    with pytest.raises(ValueError, match="no anchor"):
        clock_map.time_us(0)


def test_the_map_stands_still_between_borders():
    camera = Camera(HandClock(), ppm=200, jitter_s=0.05)
    camera.send(10)
    camera.map.steer()
    before_us = camera.map.time_us(0)
    camera.send(60)
    assert camera.map.time_us(0) == before_us


@pytest.mark.parametrize("ppm", [-300, -50, 50, 300])
def test_a_drifting_camera_is_held_on_the_wall_clock(ppm):
    camera = Camera(HandClock(), ppm=ppm, jitter_s=0.02)
    camera.send(10)
    camera.map.steer()
    corrections = []
    for _ in range(20):
        camera.send(60)
        before_us = camera.map.time_us(camera.pts)
        camera.map.steer()
        corrections.append(camera.map.time_us(camera.pts) - before_us)
    # Twenty minutes of 300 ppm are 360 ms.
    assert abs(camera.error_us()) < 60_000
    assert max(map(abs, corrections)) <= 100_000
    assert not camera.map.is_off()


@pytest.mark.parametrize("ppm", [-300, 80])
def test_the_drift_is_told(ppm):
    camera = Camera(HandClock(), ppm=ppm, jitter_s=0.01)
    camera.send(600)
    assert camera.map.drift_ppm() == pytest.approx(ppm, abs=25)
    assert camera.map.drift_over_s() == pytest.approx(600, abs=61)


def test_no_drift_is_told_before_it_can_be():
    camera = Camera(HandClock(), ppm=300)
    camera.send(100)
    assert camera.map.drift_ppm() == camera.map.drift_over_s() == 0


@pytest.mark.parametrize("step_s", [3600, -3600])
def test_a_step_of_the_machines_clock_is_noticed_and_later_segments_are_dated_right(step_s):
    camera = Camera(HandClock(), jitter_s=0.05)
    camera.send(30)
    camera.map.steer()
    assert not camera.map.is_off()
    camera.clock.set_by_s(step_s)
    camera.send(2)
    assert camera.map.is_off()
    camera.map.steer()
    assert abs(camera.error_us()) < 60_000
    assert not camera.map.is_off()
    assert abs(camera.map.drift_ppm()) < 1000


def test_a_small_step_is_steered_away():
    camera = Camera(HandClock())
    camera.send(30)
    camera.map.steer()
    camera.clock.set_by_s(0.4)
    errors = []
    for _ in range(10):
        camera.send(60)
        assert not camera.map.is_off()
        camera.map.steer()
        errors.append(abs(camera.error_us()))
    assert all(later <= earlier + 1_000 for earlier, later in pairwise(errors))
    assert errors[-1] < 10_000


def test_a_stall_of_the_network_doesnt_move_the_map():
    camera = Camera(HandClock(), jitter_s=0.02)
    camera.send(30)
    camera.map.steer()
    camera.extra_s = 4.0
    camera.send(10)
    camera.extra_s = 0.0
    camera.send(10)
    assert abs(camera.map.error_us()) < 20_000


def test_a_delay_that_stays_is_taken_for_the_camera_being_later():
    camera = Camera(HandClock())
    camera.send(30)
    camera.map.steer()
    camera.extra_s = 4.0
    camera.send(70)
    assert camera.map.is_off()


def test_what_the_map_gives_can_be_turned_back_into_ticks():
    camera = Camera(HandClock())
    camera.send(10)
    camera.map.steer()
    anchor_us = camera.map.time_us(camera.pts)
    for pts in range(camera.pts, camera.pts + 10 * SCALE, 1237):
        ticks = (camera.map.time_us(pts) - anchor_us) * SCALE / 1e6
        assert round(ticks) == pts - camera.pts
