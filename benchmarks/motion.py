"""Motion detectors on made-up scenes whose truth is known: PyNVR's own beside OpenCV's MOG2."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks.table import Row
from pynvr.media.still import Picture
from pynvr.model.settings import DetectorSettings
from pynvr.vision.motion import MotionDetector

WIDTH, HEIGHT = 640, 360
PICTURES = 120
_WARM_UP = 10

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Shot:
    """A picture and where something moves in it: x, y, width, height in points, None = nowhere."""

    picture: Image
    truth: tuple[int, int, int, int] | None


def view(seed: int = 7) -> Image:
    """A still view with soft and hard edges, as a yard has."""
    chance = np.random.default_rng(seed)
    coarse = chance.uniform(40, 200, (9, 16)).repeat(40, 0).repeat(40, 1)
    fine = chance.uniform(-15, 15, (HEIGHT // 4, WIDTH // 4)).repeat(4, 0).repeat(4, 1)
    return (coarse + fine).astype(np.float32)


def noisy(picture: Image, chance: np.random.Generator, sigma: float) -> Image:
    return np.clip(picture + chance.normal(0, sigma, picture.shape), 0, 255).astype(np.float32)


def walker(number: int) -> tuple[int, int, int, int] | None:
    """Somebody the size of a person at 15 m crosses in pictures 40 to 69."""
    if not 40 <= number < 70:
        return None
    return 20 + (number - 40) * 19, 180 + round(10 * math.sin(number)), 22, 54


def drawn(picture: Image, box: tuple[int, int, int, int] | None) -> Image:
    picture = picture.copy()
    if box is not None:
        x, y, width, height = box
        picture[y : y + height, x : x + width] = picture[y : y + height, x : x + width] * 0.25 + 30
    return picture


def plain(sigma: float = 4.0) -> Iterator[Shot]:
    chance, back = np.random.default_rng(1), view()
    for number in range(PICTURES):
        yield Shot(noisy(drawn(back, walker(number)), chance, sigma), walker(number))


def noise() -> Iterator[Shot]:
    """A sensor at night."""
    return plain(14.0)


def rain() -> Iterator[Shot]:
    chance, back = np.random.default_rng(2), view()
    for number in range(PICTURES):
        picture = drawn(back, walker(number))
        for _ in range(250):
            x, y, length = chance.integers(0, WIDTH), chance.integers(0, HEIGHT - 30), chance.integers(8, 30)
            picture[y : y + length, x] += 70
        yield Shot(noisy(picture, chance, 5.0), walker(number))


def tree() -> Iterator[Shot]:
    """A tenth of the view sways all the time."""
    chance, back = np.random.default_rng(3), view()
    for number in range(PICTURES):
        picture = back.copy()
        picture[20:140, 420:600] = np.roll(back[20:140, 420:600], int(chance.integers(-4, 5)), axis=1)
        yield Shot(noisy(drawn(picture, walker(number)), chance, 4.0), walker(number))


def light() -> Iterator[Shot]:
    """Switched on and off again, for all of the view, and a lamp that lights a third of it."""
    chance, back = np.random.default_rng(4), view()
    for number in range(PICTURES):
        picture = drawn(back, walker(number))
        if 20 <= number < 30 or 80 <= number < 90:
            picture = picture * 0.55
        if 95 <= number < 105:
            picture[:, 420:] = picture[:, 420:] * 1.35 + 5
        yield Shot(noisy(picture, chance, 4.0), walker(number))


def clouds() -> Iterator[Shot]:
    """Exposure that drifts by a third and back."""
    chance, back = np.random.default_rng(5), view()
    for number in range(PICTURES):
        picture = drawn(back, walker(number)) * (0.85 + 0.17 * math.sin(number / 6))
        yield Shot(noisy(picture, chance, 4.0), walker(number))


def parked() -> Iterator[Shot]:
    """Somebody crosses, and a car comes, stands for long, and leaves."""
    chance, back = np.random.default_rng(6), view()
    for number in range(PICTURES):
        picture, moving = drawn(back, walker(number)), walker(number)
        if 75 <= number < 110:
            step = min(number - 75, 5, 109 - number)
            car = (-100 + 60 * step + 20, 250, 110, 60)
            visible = (max(0, car[0]), car[1], min(WIDTH, car[0] + car[2]) - max(0, car[0]), car[3])
            picture = drawn(picture, visible) if visible[2] > 0 else picture
            if visible[2] > 0 and (number - 75 <= 5 or 109 - number < 5):
                moving = visible
        yield Shot(noisy(picture, chance, 4.0), moving)


SCENES: dict[str, Callable[[], Iterator[Shot]]] = {
    "somebody crosses": plain,
    "noise of a sensor at night": noise,
    "rain": rain,
    "a tree sways": tree,
    "light switched on and off": light,
    "clouds": clouds,
    "a car parks and leaves": parked,
}


def as_picture(image: Image) -> Picture:
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    luma = (image * 219 / 255 + 16).astype(np.uint8)
    for number, plane in enumerate(frame.planes):
        rows = luma if number == 0 else np.full((plane.height, plane.width), 128, np.uint8)
        plane.update(np.pad(rows, ((0, 0), (0, plane.line_size - plane.width))).tobytes())
    return Picture(frame)


class Own:
    """PyNVR's, one picture a second."""

    def __init__(self) -> None:
        self._detector = MotionDetector()
        self._settings = DetectorSettings(enabled=True, threshold=0.002)
        self._at_us = 1_000_000

    def boxes(self, image: Image) -> list[tuple[int, int, int, int]]:
        self._at_us += 1_000_000
        found = self._detector.look(as_picture(image), self._at_us, self._settings)
        return [
            (round(one.box.x * WIDTH), round(one.box.y * HEIGHT), *_size(one.box.width, one.box.height))
            for one in found
        ]


class Mog2:
    """OpenCV's MOG2 with the clean-up that is usual around it, on a picture of half the size."""

    def __init__(self) -> None:
        import cv2

        cv2.setNumThreads(1)
        self._cv2 = cv2
        self._model = cv2.createBackgroundSubtractorMOG2(history=100, varThreshold=25, detectShadows=True)
        self._kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))

    def boxes(self, image: Image) -> list[tuple[int, int, int, int]]:
        cv2 = self._cv2
        small = np.frombuffer(as_picture(image).luma(320, 180), np.uint8).reshape(180, 320)
        mask = self._model.apply(cv2.GaussianBlur(small, (5, 5), 0))
        mask = cv2.morphologyEx((mask == 255).astype(np.uint8), cv2.MORPH_OPEN, self._kernel)
        mask = cv2.dilate(mask, self._kernel, iterations=2)
        if mask.mean() > 0.4:
            return []
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        rects = [cv2.boundingRect(one) for one in contours if cv2.contourArea(one) >= 0.002 * 320 * 180]
        if not rects:
            return []
        left, top = min(one[0] for one in rects), min(one[1] for one in rects)
        right, bottom = max(one[0] + one[2] for one in rects), max(one[1] + one[3] for one in rects)
        return [(2 * left, 2 * top, 2 * (right - left), 2 * (bottom - top))]


def _size(width: float, height: float) -> tuple[int, int]:
    return round(width * WIDTH), round(height * HEIGHT)


def judged(detector: Own | Mog2, scene: Callable[[], Iterator[Shot]]) -> tuple[int, int, int, int, float]:
    """Pictures with something moving in which it was found there, how many those are, false ones, all others, and the
    milliseconds of CPU a picture."""
    hits = moving = false = still = 0
    spent_s = 0.0
    for number, shot in enumerate(scene()):
        before_s = time.process_time()
        boxes = detector.boxes(shot.picture)
        spent_s += time.process_time() - before_s
        if number < _WARM_UP:
            continue
        if shot.truth is None:
            still += 1
            false += bool(boxes)
        else:
            moving += 1
            hits += any(overlap(box, shot.truth) >= 0.3 for box in boxes)
    return hits, moving, false, still, 1000 * spent_s / PICTURES


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0, width) * max(0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def rows() -> list[Row]:
    """Found and false of both, scene by scene."""
    table: list[Row] = []
    for name, scene in SCENES.items():
        for title, make in (("PyNVR", Own), ("MOG2", Mog2)):
            hits, moving, false, still, cost_ms = judged(make(), scene)
            found = f"found {hits} of {moving}, false {false} of {still}, {cost_ms:.1f} ms of CPU a picture"
            table.append(Row(f"{name}: {title}", found))
    return table
