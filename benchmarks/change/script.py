"""What happens in front of a camera, as values: things that stay, whoever passes, light and weather.

Times are seconds from the beginning of the recording. Boxes are (x, y, width, height), places parts of the picture's
width and height, 0 to 1.
"""

from dataclasses import dataclass, field
from typing import Literal

from benchmarks.change.things import Kind
from benchmarks.change.view import Place

Box = tuple[float, float, float, float]
EVER = 1e12


@dataclass(frozen=True)
class Stay:
    """A thing that is there in `[from_s, to_s)`.

    `drives_s`: it drives in before and drives off afterwards, each as long. `contrast`: how much of it covers.
    """

    kind: Kind
    box: Box
    from_s: float = -EVER
    to_s: float = EVER
    drives_s: float = 0.0
    seed: int = 0
    contrast: float = 1.0


@dataclass(frozen=True)
class Passer:
    """Somebody crosses the picture from one side to the other, or comes, stands at `stands_at` and goes back.

    `y`: of the feet. `height`: part of the picture's. `stands_at`: place of the middle, and from when to when.
    """

    kind: Literal["person", "car"]
    from_s: float
    to_s: float
    y: float
    height: float
    to_left: bool = False
    stands: tuple[float, float, float] | None = None
    seed: int = 0


@dataclass(frozen=True)
class Lamp:
    """Brightens a round part of the view while it is on, over and over if there are several times."""

    at: tuple[float, float]
    radius: float
    strength: float
    times_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Shadow:
    """Of a house: everything left of a slanting edge is darker; the edge wanders from `start` to `end`."""

    start: float
    end: float
    from_s: float
    to_s: float
    depth: float = 0.45


@dataclass(frozen=True)
class Ramp:
    """A level that goes from `before` to `after` in `[from_s, to_s]`."""

    before: float
    after: float
    from_s: float
    to_s: float

    def at(self, time_s: float) -> float:
        if self.to_s <= self.from_s:
            return self.before if time_s < self.from_s else self.after
        part = min(1.0, max(0.0, (time_s - self.from_s) / (self.to_s - self.from_s)))
        return self.before + (self.after - self.before) * part


@dataclass(frozen=True)
class Weather:
    """`light`: levels that multiply. `infrared`: times in which the camera sees by its own lamps.

    `clouds`: depth and period in seconds of a light that comes and goes. `noise`: of the sensor, points of 255;
    `night_noise`: while it sees by its lamps. `shake`: points of 640 that the picture jumps to either side, in
    `shakes_s` or always; `drift`: the same, slowly, as a mast leans with the sun. `rain`: streaks a picture.
    `steps`: times at which the camera's exposure jumps, and by how much. `sways`: what of the picture the wind
    moves to and fro, by how many points of 640. `bump`: when somebody pushed the camera, and by how many points of
    640 it looks elsewhere since.
    """

    light: tuple[Ramp, ...] = ()
    infrared: tuple[tuple[float, float], ...] = ()
    clouds: tuple[float, float] = (0.0, 600.0)
    lamps: tuple[Lamp, ...] = ()
    shadows: tuple[Shadow, ...] = ()
    noise: float = 2.0
    night_noise: float = 7.0
    shake: float = 0.0
    shakes_s: tuple[tuple[float, float], ...] = ()
    drift: float = 0.0
    rain: int = 0
    rains_s: tuple[tuple[float, float], ...] = ()
    steps: tuple[tuple[float, float, float], ...] = ()
    sways: tuple[tuple[Box, float], ...] = ()
    bump: tuple[float, float, float] | None = None

    def is_infrared(self, time_s: float) -> bool:
        return any(start <= time_s < end for start, end in self.infrared)


@dataclass(frozen=True)
class Script:
    """All of it. `footage`: instead of a made-up view, real video of that name that repeats itself."""

    place: Place = "yard"
    seed: int = 1
    stays: tuple[Stay, ...] = ()
    passers: tuple[Passer, ...] = ()
    weather: Weather = field(default_factory=Weather)
    footage: str = ""
