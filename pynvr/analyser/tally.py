"""What the analyser did, in numbers."""

from dataclasses import dataclass, field

# Of the mean times, so much is the latest.
_LATEST = 0.1


@dataclass(slots=True)
class Tally:
    """Since the process began. `missed`: pictures that were wanted and left out, for it was too late for them."""

    pictures: int = 0
    missed: int = 0
    frames: int = 0
    undecodable: int = 0
    decode_ms: float = 0.0
    look_ms: dict[str, float] = field(default_factory=dict)

    def decoded(self, frames: int, took_s: float) -> None:
        """For one picture."""
        self.frames += frames
        self.decode_ms = _mean(self.decode_ms, took_s)

    def looked(self, kind: str, took_s: float) -> None:
        self.look_ms[kind] = _mean(self.look_ms.get(kind, 0.0), took_s)

    def figures(self) -> dict[str, float]:
        """By name, for the status."""
        figures: dict[str, float] = {
            "pictures": self.pictures,
            "missed": self.missed,
            "frames": self.frames,
            "undecodable": self.undecodable,
            "decode_ms": round(self.decode_ms, 1),
        }
        return figures | {f"{kind}_ms": round(mean_ms, 1) for kind, mean_ms in self.look_ms.items()}


def _mean(mean_ms: float, took_s: float) -> float:
    return 1000 * took_s if mean_ms == 0 else mean_ms + _LATEST * (1000 * took_s - mean_ms)
