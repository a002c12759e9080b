"""The wall clock is set, and the clocks change. For a stage with a clock of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.torture.act import Act, Scene, Story
from tests.torture.stage import LONG_S, SEGMENT_S
from tests.waiting import wait_until

_AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
_SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)


def _go_on(scene: Scene, segments: int) -> None:
    before = {name: len(eye.shelf.segments()) for name, eye in scene.stage.eyes.items()}
    wait_until(
        lambda: all(len(eye.shelf.segments()) >= before[name] + segments for name, eye in scene.stage.eyes.items()),
        LONG_S,
        "new segments of all cameras",
    )


def step(seconds: int) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        clock = scene.stage.clock
        assert clock is not None
        clock.set_ahead(clock.settings[-1][1] // 1_000_000 + seconds)
        yield f"the clock is set {'forward' if seconds > 0 else 'back'} by {abs(seconds)} s"
        _go_on(scene, 1)

    return story


def through(change: datetime, words: str) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        clock = scene.stage.clock
        assert clock is not None
        clock.set_to(change - timedelta(seconds=SEGMENT_S + 4))
        yield f"the clocks change in {words}"
        _go_on(scene, 3)

    return story


ACTS = (
    *(Act(f"the clock is set by {seconds} s", "clock", step(seconds)) for seconds in (3600, -3600, -25, 90)),
    Act("the clocks change in autumn", "clock", through(_AUTUMN, "autumn")),
    Act("the clocks change in spring", "clock", through(_SPRING, "spring")),
)
