"""Which acts come when, out of a seed: each one alone first, then mixes."""

import random
from collections.abc import Iterator, Sequence
from itertools import chain

from tests.torture import (
    acts_cameras,
    acts_clock,
    acts_database,
    acts_disks,
    acts_files,
    acts_processes,
    acts_site,
)
from tests.torture.act import Act

ACTS: tuple[Act, ...] = tuple(
    chain(
        acts_cameras.ACTS,
        acts_processes.ACTS,
        acts_disks.ACTS,
        acts_files.ACTS,
        acts_database.ACTS,
        acts_site.ACTS,
    )
)
CLOCK_ACTS = acts_clock.ACTS
_MOST_AT_ONCE = 5
# Of ten batches; kills are what there has to be a thousand of.
_OF_TEN_ALONE = 6
_TIMES_MANY = 10


def one_by_one(acts: Sequence[Act], dice: random.Random) -> list[list[Act]]:
    return [[act] for act in dice.sample(list(acts), len(acts))]


def mixes(acts: Sequence[Act], dice: random.Random) -> Iterator[list[Act]]:
    """Without end. Acts of one place never meet, but those of cameras."""
    frequent = [act for act in acts if not act.rare]
    alone = [act for act in frequent if act.alone]
    together = [act for act in frequent if not act.alone]
    kills = [act for act in alone if "killed" in act.name]
    kills += [act for act in kills if "again and again" in act.name] * _TIMES_MANY
    recorders = [act for act in together if act.place == "recorders"]
    while True:
        if alone and dice.random() * 10 < _OF_TEN_ALONE:
            yield [dice.choice(kills if kills and dice.random() < 0.7 else alone)]
            continue
        chosen: list[Act] = []
        for act in dice.sample(together, min(len(together), 3 * _MOST_AT_ONCE)):
            if act.place == "camera" or act.place not in {other.place for other in chosen}:
                chosen.append(act)
            if len(chosen) == _MOST_AT_ONCE:
                break
        # Last, for it takes all the cameras that are left.
        yield [*(act for act in chosen if act.place != "recorders"), *recorders]
