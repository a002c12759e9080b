"""The picture of any moment of a script."""

import math
from functools import cached_property

import av
import numpy as np

from benchmarks.change.footage import loop_of
from benchmarks.change.plane import NEUTRAL, Image, Plane
from benchmarks.change.script import Box, Passer, Script, Stay
from benchmarks.change.things import passing_car, steps, thing
from benchmarks.change.view import View, make_view

_NOISES = 12
_WALK_CYCLE_S = 1.1


class Drawing:
    """One per recording: what doesn't move is put together once."""

    def __init__(self, script: Script, width: int, height: int) -> None:
        self._script, self._size = script, (width, height)
        self._stood: tuple[object, Image] | None = None
        self._chance = np.random.default_rng(script.seed + 1000)
        down, across = np.mgrid[0:height, 0:width].astype(np.float32)
        self._down, self._across = down / height, across / width

    def frame(self, at_s: float) -> av.VideoFrame:
        image = self.image(at_s)
        frame = av.VideoFrame(*self._size, "yuv420p")
        for plane, values in zip(frame.planes, (image.luma, image.blue, image.red), strict=True):
            rows = np.clip(values, 0, 255).astype(np.uint8)
            plane.update(np.pad(rows, ((0, 0), (0, plane.line_size - plane.width))).tobytes())
        return frame

    def image(self, at_s: float) -> Image:
        weather = self._script.weather
        night = weather.is_infrared(at_s)
        picture = self._still(at_s, night)
        for box, points in weather.sways:
            self._sway(picture, box, points)
        for stay in self._script.stays:
            self._drive(picture, stay, at_s)
        for passer in self._script.passers:
            self._pass(picture, passer, at_s)
        self._light(picture, at_s, night)
        if night:
            picture.blue[:], picture.red[:] = NEUTRAL, NEUTRAL
        if _within(at_s, weather.rains_s):
            self._rain(picture)
        picture = self._shaken(picture, at_s)
        noise = weather.night_noise if night else weather.noise
        if noise:
            picture.luma[:] += noise * self._noise()
        return picture

    def _still(self, at_s: float, night: bool) -> Image:
        """View and things that stand; a copy that may be drawn upon."""
        standing = tuple(stay for stay in self._script.stays if stay.from_s <= at_s < stay.to_s)
        real = loop_of(self._script.footage, *self._size) if self._script.footage else None
        number = 0 if real is None else real.number(at_s)
        key = standing, night, number
        if self._stood is None or self._stood[0] != key:
            back = real.image(number) if real is not None else self._view.infrared if night else self._view.day
            picture = back.copy()
            for stay in standing:
                self._put(picture, stay, 0)
            self._stood = key, picture
        return self._stood[1].copy()

    @cached_property
    def _view(self) -> View:
        return make_view(self._script.place, *self._size, self._script.seed)

    def _sway(self, picture: Image, box: Box, points: float) -> None:
        width, height = self._size
        far = round(self._chance.uniform(-points, points) * width / 640)
        rows = slice(round(box[1] * height), round((box[1] + box[3]) * height))
        columns = slice(round(box[0] * width), round((box[0] + box[2]) * width))
        picture.luma[rows, columns] = np.roll(picture.luma[rows, columns], far, axis=1)

    def _put(self, picture: Image, stay: Stay, shift: int) -> None:
        width, height = self._size
        x, y, wide, high = stay.box
        size = max(4, round(wide * width)) // 2 * 2, max(4, round(high * height)) // 2 * 2
        sprite = thing(stay.kind, *size, stay.seed)
        if stay.contrast < 1:
            sprite = type(sprite)(sprite.image, sprite.cover * stay.contrast, sprite.half_cover * stay.contrast)
        sprite.put(picture, round(x * width) + shift, round(y * height))

    def _drive(self, picture: Image, stay: Stay, at_s: float) -> None:
        """A thing on its way to its place, or away from it."""
        if not stay.drives_s or stay.from_s <= at_s < stay.to_s:
            return
        if stay.from_s - stay.drives_s <= at_s < stay.from_s:
            left = (stay.from_s - at_s) / stay.drives_s
        elif stay.to_s <= at_s < stay.to_s + stay.drives_s:
            left = (at_s - stay.to_s) / stay.drives_s
        else:
            return
        self._put(picture, stay, -round(left * (stay.box[0] + stay.box[2]) * self._size[0]))

    def _pass(self, picture: Image, passer: Passer, at_s: float) -> None:
        if not passer.from_s <= at_s < passer.to_s:
            return
        width, height = self._size
        part, left = way_of(passer, at_s)
        tall = max(6, round(passer.height * height))
        if passer.kind == "person":
            walking = steps(tall, passer.seed)
            sprite = walking[int(at_s / _WALK_CYCLE_S * len(walking)) % len(walking)]
        else:
            sprite = passing_car(tall, passer.seed, left, self._script.weather.is_infrared(at_s))
        wide = sprite.image.size[0]
        sprite.put(picture, round(part * (width + wide)) - wide, round(passer.y * height) - tall)

    def _light(self, picture: Image, at_s: float, night: bool) -> None:
        weather = self._script.weather
        level = math.prod((ramp.at(at_s) for ramp in weather.light), start=1.0) if not night else 1.0
        depth, period_s = weather.clouds
        if depth and not night:
            level *= 1 - depth * (0.5 + 0.5 * math.sin(at_s / period_s * 6.283) * math.sin(at_s / period_s * 2.1 + 1))
        for from_s, to_s, factor in weather.steps:
            level *= factor if from_s <= at_s < to_s else 1.0
        light: Plane | float = level
        if not night:
            for shadow in weather.shadows:
                edge = shadow.start + (shadow.end - shadow.start) * (at_s - shadow.from_s) / (
                    shadow.to_s - shadow.from_s
                )
                if shadow.from_s <= at_s < shadow.to_s:
                    soft = np.clip((self._across + 0.3 * self._down - edge) * 60, 0, 1)
                    light = light * (1 - shadow.depth * (1 - soft))
        for lamp in weather.lamps:
            if _within(at_s, lamp.times_s):
                light = light + lamp.strength * self._round(lamp.at, lamp.radius)
        if isinstance(light, float) and light == 1.0:
            return
        picture.luma[:] = np.minimum(16 + (picture.luma - 16) * light, 235)
        fade = min(1.0, level)
        for plane in (picture.blue, picture.red):
            plane[:] = NEUTRAL + (plane - NEUTRAL) * fade

    def _round(self, at: tuple[float, float], radius: float) -> Plane:
        away = (self._across - at[0]) ** 2 + ((self._down - at[1]) * 0.6) ** 2
        return np.asarray(np.exp(-away / radius**2), np.float32)

    def _rain(self, picture: Image) -> None:
        width, height = self._size
        tall = height // 24
        for _ in range(self._script.weather.rain):
            x, y = self._chance.integers(0, width), self._chance.integers(0, height - tall)
            picture.luma[y : y + int(self._chance.integers(tall // 3, tall)), x] += 60

    def _shaken(self, picture: Image, at_s: float) -> Image:
        weather, unit = self._script.weather, self._size[0] / 640
        right = weather.drift * math.sin(at_s / 3000)
        lower = weather.drift * math.sin(at_s / 4100 + 2)
        if weather.shake and (not weather.shakes_s or _within(at_s, weather.shakes_s)):
            right += self._chance.uniform(-weather.shake, weather.shake)
            lower += self._chance.uniform(-weather.shake, weather.shake)
        if weather.bump is not None and at_s >= weather.bump[0]:
            right, lower = right + weather.bump[1], lower + weather.bump[2]
        x, y = round(right * unit), round(lower * unit)
        if not x and not y:
            return picture
        return Image(
            _moved(picture.luma, x, y), _moved(picture.blue, x // 2, y // 2), _moved(picture.red, x // 2, y // 2)
        )

    @cached_property
    def _noises(self) -> list[Plane]:
        width, height = self._size
        shape = height + 64, width + 64
        return [self._chance.standard_normal(shape, np.float32) for _ in range(_NOISES if width < 1000 else 4)]

    def _noise(self) -> Plane:
        width, height = self._size
        whole = self._noises[int(self._chance.integers(len(self._noises)))]
        x, y = self._chance.integers(0, 64, 2)
        return whole[y : y + height, x : x + width]


def way_of(passer: Passer, at_s: float) -> tuple[float, bool]:
    """How much of the way from left to right is done, 0 to 1, and whether it goes to the left."""
    if passer.stands is None:
        part = (at_s - passer.from_s) / (passer.to_s - passer.from_s)
        return (1 - part if passer.to_left else part), passer.to_left
    middle, arrives_s, leaves_s = passer.stands
    start = 1.0 if passer.to_left else 0.0
    if at_s < arrives_s:
        done = (at_s - passer.from_s) / (arrives_s - passer.from_s)
    elif at_s < leaves_s:
        done = 1.0
    else:
        done = 1 - (at_s - leaves_s) / (passer.to_s - leaves_s)
    return start + (middle - start) * done, passer.to_left is (at_s < leaves_s)


def _within(at_s: float, times_s: tuple[tuple[float, float], ...]) -> bool:
    return any(start <= at_s < end for start, end in times_s)


def _moved(plane: Plane, right: int, lower: int) -> Plane:
    """Shifted; at the border what is there goes on."""
    reach = max(abs(right), abs(lower))
    wide = np.pad(plane, reach, mode="edge")
    height, width = plane.shape
    return wide[reach - lower : reach - lower + height, reach - right : reach - right + width].copy()
