"""How many examples each test here tries: few and always the same, or as many as `python -m tests.fuzz` says."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

# How many times the usual number of examples; set by `python -m tests.fuzz`, which also says from which seed.
FACTOR = int(os.environ.get("PYNVR_FUZZ_FACTOR", "0"))


def tries(examples: int, shrink: bool = True) -> Callable[[Any], Any]:
    """A test with this many examples in a run of the suite. `shrink`: look for a smaller one of those that fail.

    Any: what Hypothesis decorates has no common type.
    """
    return settings(
        max_examples=examples * max(1, FACTOR),
        derandomize=not FACTOR,
        # Explaining a failure calls the test some hundred times more; the smallest example says enough.
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
