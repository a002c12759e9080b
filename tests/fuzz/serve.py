"""`python -m tests.fuzz.serve CONFIG PORT`: the web process alone, which doesn't wait for a master that isn't there."""

from functools import partialmethod

from pynvr.base.wishes import Wishes
from pynvr.web.api import best_frames, find_change
from tests.web.serve import main

if __name__ == "__main__":
    best_frames.PATIENCE_S = 0.0  # type: ignore[attr-defined]
    find_change.PATIENCE_S = 0.0  # type: ignore[attr-defined]
    Wishes.ask = partialmethod(Wishes.ask, within_s=0.01)  # type: ignore[assignment, method-assign]
    main()
