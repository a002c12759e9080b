"""What goes into a ZIP: names that differ, and why something is missing."""

from typing import Any

from pynvr.model.cause import Cause
from pynvr.playback.zip_plan import _Accounts, _unlike
from pynvr.store.coverage import Account

SECOND = 1_000_000


class Counting(tuple[Account, ...]):
    """Accounts; counts how many were looked at."""

    looked_at = 0

    def __getitem__(self, place):
        type(self).looked_at += 1
        return super().__getitem__(place)

    def __iter__(self):
        for place in range(len(self)):
            yield self[place]


def accounts_of(known):
    no_database: Any = None
    made = _Accounts(no_database, ["gate"], 0, known[-1].end_us, known[-1].end_us)
    made._known = {"gate": known}
    return made


def test_a_hole_has_the_cause_of_most_of_it():
    known = (
        Account(0, 10 * SECOND, Cause.RECORDED, ""),
        Account(10 * SECOND, 12 * SECOND, Cause.STALLED, "no video"),
        Account(12 * SECOND, 20 * SECOND, Cause.UNREACHABLE, "no answer"),
        Account(20 * SECOND, 30 * SECOND, Cause.RECORDED, ""),
    )
    accounts = accounts_of(known)
    assert accounts.of("gate", 10 * SECOND, 20 * SECOND).detail == "no answer"
    assert accounts.of("gate", 10 * SECOND, 13 * SECOND).detail == "no video"
    assert accounts.of("gate", 21 * SECOND, 22 * SECOND).cause is Cause.UNKNOWN


def test_holes_by_the_thousand_dont_take_the_square_of_it():
    """A camera of mode motion has as many holes as somebody passes by."""
    known = Counting(
        Account(at_s * SECOND, (at_s + 1) * SECOND, Cause.STALLED if at_s % 2 else Cause.RECORDED, str(at_s))
        for at_s in range(4000)
    )
    accounts = accounts_of(known)
    for at_s in range(1, 4000, 2):
        assert accounts.of("gate", at_s * SECOND, (at_s + 1) * SECOND).detail == str(at_s)
    assert known.looked_at < 2000 * 40


def test_names_differ_and_are_short_enough():
    taken: set[str] = set()
    long = "门" * 80
    names = [_unlike(taken, long, "c" * 64) for _ in range(12)]
    assert len({name.casefold() for name in names}) == 12
    assert all(len(f"{name}.mp4".encode()) <= 255 for name in names)
    assert _unlike(taken, "Gate", "a") == "Gate" and _unlike(taken, "gate", "b") == "gate b"
