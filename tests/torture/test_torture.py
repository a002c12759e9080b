"""The short form of `make torture`: a few acts of each kind, mixed, on one program."""

import random

import pytest

from tests.torture.plan import ACTS
from tests.torture.run import play, run_out
from tests.torture.stage import Setting, Stage

pytestmark = pytest.mark.timeout(1800)

# Another one each time would make a failure of the suite a matter of luck; `make torture` is for those.
SEED = 21

BATCHES = (
    ("a camera stalls", "a recorder is killed", "a disk is full", "the database is locked", "the target answers 500"),
    ("chunks are torn",),
    (
        "a camera changes its picture's size",
        "the finisher is killed",
        "the web is killed",
        "the forkserver is killed",
        "a disk fails and is read-only",
        "day indexes are damaged, running",
        "a second instance",
        "several recorders are killed",
    ),
)


def test_every_frame_is_in_one_segment_and_all_that_is_said_is_true(tmp_path):
    acts = {act.name: act for act in ACTS}
    print(f"seed {SEED}")
    with Stage(tmp_path, Setting(cameras=4, watchers=False), random.Random(SEED)) as stage:
        stage.start()
        for number, names in enumerate(BATCHES, start=1):
            play(stage, [acts[name] for name in names], number)
        run_out(stage)
        assert stage.known_wrong == set()
        sent, recorded = (
            sum(getattr(eye.account, what) for eye in stage.eyes.values()) for what in ("sent", "recorded")
        )
        assert sent / 2 < recorded < sent
        assert stage.kills.count > 12
