"""The wall clock is set, and the clocks change. For a stage with a clock of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.torture.act import Act, Scene, Story
from tests.torture.stage import LONG_S, SEGMENT_S, Eye, Stage, now_us
from tests.torture.truth import sent_span
from tests.waiting import wait_until

_AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
_SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)


def _go_on(stage: Stage, enough: Callable[[list[str]], bool]) -> dict[str, list[str]]:
    """Until of each camera those segments are enough that begin from now on, by their stamps, which are given."""
    from_us = now_us()

    def new(eye: Eye) -> list[str]:
        pieces = eye.shelf.pieces()
        stage.hear(eye)
        begun = [(span[0], piece.path) for piece in pieces if (span := sent_span(eye, piece)) and span[0] > from_us]
        return [path.name.split(".", 1)[1] for _, path in sorted(begun)]

    def all_new() -> dict[str, list[str]]:
        found = {name: new(eye) for name, eye in stage.eyes.items()}
        return found if all(enough(stamps) for stamps in found.values()) else {}

    return wait_until(
        all_new, LONG_S, lambda: f"new segments; there are { {name: new(eye) for name, eye in stage.eyes.items()} }"
    )


def step(seconds: int) -> Callable[[Scene], Story]:
    def story(scene: Scene) -> Story:
        stage = scene.stage
        assert stage.clock is not None
        stage.clock.set_ahead(stage.clock.settings[-1][1] // 1_000_000 + seconds)
        yield f"the clock is set {'forward' if seconds > 0 else 'back'} by {abs(seconds)} s"
        _go_on(stage, bool)

    return story


def through(change: datetime, words: str, behind: str, never: str) -> Callable[[Scene], Story]:
    """`behind`: what a stamp after the change holds; `never`: what none does."""

    def story(scene: Scene) -> Story:
        stage = scene.stage
        assert stage.clock is not None
        stage.clock.set_to(change - timedelta(seconds=SEGMENT_S + 4))
        yield f"the clocks change in {words}"
        for name, stamps in _go_on(stage, lambda stamps: any(behind in stamp for stamp in stamps)).items():
            if never and any(never in stamp for stamp in stamps):
                stage.complain(f"{name}: a name that there is not in {words}: {stamps}")

    return story


ACTS = (
    *(Act(f"the clock is set by {seconds} s", "clock", step(seconds)) for seconds in (3600, -3600, -25, 90)),
    Act("the clocks change in autumn", "clock", through(_AUTUMN, "autumn", "b.mp4", "")),
    Act("the clocks change in spring", "clock", through(_SPRING, "spring", "20260329.03", "20260329.02")),
)
