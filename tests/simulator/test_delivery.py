"""The parcel: somebody brings it, it stays, somebody fetches it; and the search for a change tells when it came."""

from itertools import pairwise

import pytest

from pynvr.base.errors import SimulatorError
from pynvr.cli.demo import PARCEL, SCENES
from pynvr.model.box import Box
from pynvr.simulator.camera import Delivery
from pynvr.simulator.delivery import PLACE, REACH, carrier_at, lies_there
from pynvr.simulator.live import PERIOD_S, LiveEncoder
from pynvr.simulator.scene import Scene
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import Recording, in_segments
from tests.searcher.footage import clip_of
from tests.searcher.test_find_change import search
from tests.simulator.watching import small
from tests.waiting import wait_until

DELIVERY = Delivery(first_s=100, stays_s=300, every_s=900)
TIMES_S = [tenths / 10 for tenths in range(20_000)]


def test_it_lies_there_for_a_while_again_and_again():
    there = [lies_there(DELIVERY, at_s) for at_s in TIMES_S]
    changed_s = [at_s for at_s, (before, after) in zip(TIMES_S[1:], pairwise(there), strict=True) if before != after]
    assert changed_s == [100, 400, 1000, 1300, 1900]


def test_it_is_in_somebodys_hands_or_on_the_ground_but_never_jumps():
    """A person of the picture's width is in the picture from 0 to 1; the parcel lies at PLACE."""
    places = {}
    for at_s in TIMES_S:
        carrier = carrier_at(DELIVERY, at_s)
        if carrier is not None and carrier.lifted is not None:
            assert not lies_there(DELIVERY, at_s)
            places[at_s] = carrier.at + carrier.facing * REACH, carrier.lifted
        elif lies_there(DELIVERY, at_s):
            places[at_s] = PLACE, 0.0
    for (at_s, (x, lifted)), (next_s, (next_x, next_lifted)) in pairwise(places.items()):
        if next_s - at_s < 0.15:
            assert abs(next_x - x) < 0.02, at_s
            assert abs(next_lifted - lifted) < 0.3, at_s
        else:  # it was carried out of the picture, and another one comes from the left
            assert x < 0 and next_x < 0


def test_who_brings_it_walks_in_and_out():
    walked = [carrier_at(DELIVERY, 100 + tenths / 10) for tenths in range(-300, 300)]
    seen = [carrier.at for carrier in walked if carrier is not None]
    assert walked[0] is None and walked[-1] is None
    assert seen == sorted(seen)
    assert seen[0] < 0 and seen[-1] > 1


def test_a_parcel_that_never_leaves_is_refused():
    with pytest.raises(SimulatorError, match="taken away"):
        Delivery(first_s=0, stays_s=10, every_s=10)


def test_only_its_place_has_changed_afterwards():
    scene = Scene("gate", 320, 180, 10, "day", visits=(1000, 1), delivery=DELIVERY)
    before, after, away = (scene.picture(5, "", 0, since_s).luma for since_s in (50, 200, 500))
    assert before.tobytes() == away.tobytes() == scene.picture(5, "", 0).luma.tobytes()
    width, height = before.size
    x, y = zip(
        *(
            (number % width, number // width)
            for number, (one, other) in enumerate(zip(before.tobytes(), after.tobytes(), strict=True))
            if one != other
        ),
        strict=True,
    )
    assert PLACE - 0.06 < min(x) / width < max(x) / width < PLACE + 0.06
    assert min(y) / height > 0.8


def test_it_comes_so_long_after_somebody_first_watches_however_long_the_camera_has_run(monkeypatch):
    encoder = LiveEncoder(small(live=True, delivery=DELIVERY).encoding, lambda _unit, _captured_us: None)
    told = []
    draw = encoder._scene.picture

    def picture(at_s, clock, milliseconds, since_s):
        told.append(since_s)
        return draw(at_s, clock, milliseconds, since_s)

    monkeypatch.setattr(encoder._scene, "picture", picture)
    encoder.start()
    try:
        encoder.want_key()
        wait_until(lambda: told[-1] is not None and told[-1] > 0, what="a picture after the first watched one")
        encoder.want_key()
        seen = len(told)
        wait_until(lambda: len(told) > seen + 3, what="further pictures")
    finally:
        encoder.stop()
    watched = [since_s for since_s in told if since_s is not None]
    assert told[0] is None
    assert told[0] is None
    assert watched[0] == 0
    assert watched == sorted(watched)


def test_the_demos_parcel_is_found_to_the_second_soon_after_it_came(tmp_path):
    (gate,) = [scene for scene in SCENES if scene.delivery]
    scene = Scene(
        gate.name, 320, 180, PERIOD_S, gate.look, delivery=gate.delivery, time_code=gate.time_code, repeats=False
    )
    pictures = (scene.picture(at_s, "", 0, at_s).to_frame() for at_s in range(20, 280))
    clip = clip_of(pictures, keyframe_every=2, fps=1)
    recording = Recording(tmp_path)
    for part in in_segments(clip, 30):
        recording.add(clip, ANCHOR_US, part)
    to_us = ANCHOR_US + 260_000_000
    (found,) = search(recording, box=Box(PLACE - 0.06, 0.84, 0.12, 0.16), to_us=to_us, at_us=to_us - 2_000_000)[
        "changes"
    ]
    recording.footage.close()
    recording.store.close()
    assert found["kind"] == "appeared"
    assert abs((found["at_us"] - ANCHOR_US) / 1e6 + 20 - PARCEL.first_s) <= 1
