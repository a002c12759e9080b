"""The proof itself: it says what is wrong when something is."""

import random
from dataclasses import replace
from pathlib import Path

from pynvr.simulator.sent import SentUnit
from tests.torture.leaks import Meter, Sample, slope_of
from tests.torture.plan import ACTS, mixes, one_by_one
from tests.torture.proof import US, Excuse, Piece, account_for

FRAMES = 30
PATH = Path("gate.20260115.2000.mp4")


def unit(number, at_us):
    return SentUnit("video", number, "", f"frame {at_us}", 100, number % 5 == 0, 0, 0, at_us, at_us, True)


def session(begin_s):
    return [unit(number, begin_s * US + number * US // 10) for number in range(FRAMES)]


SENT = [session(100), session(200)]
DIGESTS = [[one.core_sha256 for one in units] for units in SENT]


def wrong(*pieces, excuses=(), witnessed=(), ended_us=0):
    made = [Piece(PATH.with_stem(f"{PATH.stem}{number}"), tuple(digests)) for number, digests in enumerate(pieces)]
    return account_for(SENT, made, excuses, witnessed, ended_us=ended_us)


def test_all_in_one_segment_each_is_right_and_the_end_of_a_connection_may_be_on_its_way():
    account = wrong(DIGESTS[0][:12], DIGESTS[0][12:28], DIGESTS[1][:20])
    assert account.wrong == [] and account.recorded == 48
    assert [(tail.frames, round(tail.seconds, 1)) for tail in account.tails] == [(2, 0.1)]
    assert [tail.frames for tail in wrong(DIGESTS[0], DIGESTS[1][:20], ended_us=300 * US).tails] == [10]


def test_a_frame_that_is_missing_between_others_is_told_unless_it_is_excused():
    found = (DIGESTS[0][:12], DIGESTS[0][13:], DIGESTS[1])
    assert "1 frames are missing" in wrong(*found).wrong[0]
    excuse = Excuse(101 * US, 102 * US, "disk full")
    account = wrong(*found, excuses=[excuse])
    assert account.wrong == [] and account.excused == {"disk full": 1}


def test_a_whole_connection_that_is_missing_between_others_is_a_tail_that_a_witness_contradicts():
    assert [tail.frames for tail in wrong(DIGESTS[1]).tails] == [FRAMES]
    assert "was in a chunk" in wrong(DIGESTS[1], witnessed=[DIGESTS[0][3]]).wrong[0]


def test_frames_that_are_twice_or_never_were_sent_or_can_not_be_decoded_are_told():
    assert "is in gate" in wrong(DIGESTS[0], DIGESTS[0][5:9], DIGESTS[1]).wrong[0]
    assert "another order" in wrong([*DIGESTS[0][:4], DIGESTS[0][5], DIGESTS[0][4], *DIGESTS[0][6:]]).wrong[0]
    other = ["other", *DIGESTS[1]]
    assert "1 frames that were never sent" in wrong(DIGESTS[0], other).wrong[0]
    assert wrong(DIGESTS[0], other, excuses=[Excuse(199 * US, 200 * US, "garbage", spoils=True)]).wrong == []
    torn = account_for(SENT, [Piece(PATH, tuple(DIGESTS[0]), 3)], (), ())
    assert "3 of 30 frames can be decoded" in torn.wrong[0]


def test_two_frames_that_are_the_same_bytes_are_where_their_neighbours_are():
    still = [replace(one, core_sha256="nothing moves") if one.number == 7 else one for one in [*SENT[0], *SENT[1]]]
    sessions = [still[:FRAMES], still[FRAMES:]]
    digests = [[one.core_sha256 for one in units] for units in sessions]

    def wrong_of(*pieces):
        made = [Piece(PATH.with_stem(f"{PATH.stem}{number}"), tuple(each)) for number, each in enumerate(pieces)]
        return account_for(sessions, made, (), ()).wrong

    assert wrong_of(digests[0], digests[1][:4], digests[1][4:]) == []
    assert "1 frames are missing" in wrong_of([*digests[0][:7], *digests[0][8:]], digests[1])[0]
    assert "is in gate" in wrong_of(digests[0], digests[0][5:9], digests[1])[0]


def test_a_slope_has_its_error_and_only_growth_that_noise_does_not_explain_is_told():
    dice = random.Random(1)
    straight = slope_of([(float(x), 3.0 * x + 1) for x in range(10)])
    assert (round(straight.per_s, 6), round(straight.error_per_s, 6)) == (3, 0)
    meter = Meter()
    for number in range(30):
        noise = dice.randrange(1_000_000)
        meter.lives.setdefault(("flat", 1), []).append(Sample(60.0 * number, 30_000_000 + noise, 20, 3))
        meter.lives.setdefault(("web", 2), []).append(Sample(60.0 * number, 30_000_000 + noise + number * 10**6, 20, 3))
        meter.lives.setdefault(("finisher", 3), []).append(Sample(60.0 * number, 30_000_000, 20 + number, 3))
    assert [words.split(" grew")[0] for words in meter.wrong()] == [
        "web (2): memory_bytes",
        "finisher (3): descriptors",
    ]
    short = Meter()
    for number in range(30):  # nothing is said of who is still warming up
        short.lives.setdefault(("web", 2), []).append(Sample(4.0 * number, 30_000_000 + number * 10**6, 20, 3))
    assert short.wrong() == []


def test_a_seed_gives_the_same_acts_again_and_each_comes_alone():
    def first(seed):
        dice = random.Random(seed)
        more = mixes(ACTS, dice)
        return [*one_by_one(ACTS, dice), *(next(more) for _ in range(50))]

    assert first(1) == first(1) != first(2)
    assert {act.name for (act,) in first(1)[: len(ACTS)]} == {act.name for act in ACTS}
    assert len({act.name for act in ACTS}) == len(ACTS)
    for batch in first(1):
        assert len(batch) == 1 or not any(act.alone for act in batch)
        places = [act.place for act in batch if act.place != "camera"]
        assert len(places) == len(set(places))
