"""The soak can tell right from wrong: what it counts, what it fits, and a short one of its own."""

import json
import random
import signal

import pytest
from click.testing import CliRunner

from tests.soak.__main__ import main
from tests.soak.frames import CameraAccount
from tests.soak.report import of_resources, verdicts
from tests.soak.run import ACCOUNT_NAME, SAMPLES_NAME
from tests.soak.slope import fit
from tests.soak.watched_log import WatchedLog

LOOP = [f"{number:02d}" for number in range(10)]


def account_of(*sent, client="one"):
    account = CameraAccount()
    account.add_sent(client, [(digest, number) for number, digest in enumerate(sent)])
    return account


def test_segments_that_go_on_where_the_last_ended_are_right_whatever_repeats():
    account = account_of(*LOOP, *LOOP, *LOOP)
    account.add_segment("a", LOOP[:7])
    account.add_segment("b", LOOP[7:] + LOOP[:5])
    assert (account.missing, account.foreign, account.problems) == (0, 0, [])
    assert (account.sent, account.found, account.waiting) == (30, 15, 15)
    assert account.sent_before(20) == 5


def test_a_frame_that_is_missing_between_two_segments_is_counted_and_named():
    account = account_of(*LOOP, *LOOP)
    account.add_segment("a", LOOP[:7])
    account.add_segment("b", LOOP[8:])
    assert (account.missing, account.foreign) == (1, 0)
    assert account.problems == ["1 frames are missing before b"]


def test_a_whole_turn_that_is_missing_shows_in_what_waits():
    account = account_of(*LOOP, *LOOP, *LOOP)
    account.add_segment("a", LOOP)
    account.add_segment("c", LOOP)
    assert (account.missing, account.waiting, account.sent_before(30)) == (0, 10, 10)


@pytest.mark.parametrize(
    "digests", [["00", "02", "01"], ["00", "00", "01"], ["00", "never sent"]], ids=["order", "twice", "other"]
)
def test_a_segment_that_isnt_an_unbroken_run_of_what_was_sent_is_wrong(digests):
    account = account_of(*LOOP)
    account.add_segment("a", digests)
    assert (account.foreign, account.found) == (len(digests), 0)
    assert account.problems


def test_what_a_broken_connection_left_out_is_missing_before_the_next_ones_first_segment():
    account = account_of(*LOOP)
    account.add_segment("a", LOOP[:6])
    account.add_sent("one", [], "the client left")
    account.add_sent("another", [(digest, 0) for digest in LOOP[:8]])
    account.add_segment("b", LOOP[:4])
    assert (account.missing, account.connections, account.waiting) == (4, 2, 4)


def test_a_slope_is_found_through_noise_and_chance_is_no_growth():
    dice = random.Random(7)
    hours = [number / 240 for number in range(240)]
    grows = fit(hours, [500 + 30 * hour + dice.gauss(0, 5) for hour in hours])
    flat = fit(hours, [500 + dice.gauss(0, 5) for hour in hours])
    assert grows.per_hour == pytest.approx(30, abs=5)
    assert grows.grows(0.01)
    assert not grows.grows(0.1)
    assert not flat.grows(0.01)


def test_samples_that_resemble_each_other_make_the_slope_less_sure():
    dice = random.Random(7)
    hours = [number / 240 for number in range(240)]
    walk = [0.0]
    for _ in hours[1:]:
        walk.append(0.95 * walk[-1] + dice.gauss(0, 1))
    jumping = dice.sample(walk, len(walk))
    assert fit(hours, walk).error > 3 * fit(hours, jumping).error


@pytest.mark.parametrize(("grows", "right"), [("own", True), ("held", False)])
def test_memory_that_is_copied_from_the_parent_is_no_growth_and_memory_that_is_added_is(grows, right):
    dice = random.Random(7)
    lines = []
    for number in range(240):
        more = round(12e6 * number / 240)
        own, held = 7e6 + more + dice.gauss(0, 1e4), 19e6 + (more if grows == "held" else 0) + dice.gauss(0, 1e4)
        lines.append(
            {
                "at": 15.0 * number,
                "program": {f"recorder {camera}": [round(own), 14, 3, 0.1, round(own), round(held)] for camera in "ab"},
                "simulator": {"simulator": [10**8, 20, 2, 0.1, 10**8, 10**8]},
            }
        )
    found = {one.what: one for one in of_resources(lines, 0.0)}
    assert found["memory, whole program"].right is right
    assert found["memory that processes have alone"].right is None


def test_what_is_held_for_a_moment_is_no_growth():
    lines = []
    for number in range(240):
        # Late samples meet the peaks, early ones don't.
        is_peak = number % 8 == 3 and number > 160
        lines.append(
            {
                "at": 15.0 * number,
                "program": {"finisher": [36 * 10**6, 19, 2, 0.1, 36 * 10**6, 44 * 10**6 + is_peak * 19 * 10**6]},
                "simulator": {"simulator": [10**8, 20, 2, 0.1, 10**8, 10**8]},
            }
        )
    found = {one.what: one for one in of_resources(lines, 0.0)}
    assert found["memory, whole program"].right is True
    assert found["memory, finisher"].found.startswith("44.0 MB, +0.00")


@pytest.mark.parametrize(("filled", "is_flat"), [(None, False), (1500.0, True)])
def test_a_store_that_is_still_being_filled_is_no_growth(filled, is_flat):
    lines = []
    for number in range(240):
        held = 50 * 10**6 + round(min(number / 100, 1) * 40e6)
        web = {"web": [held, 19, 2, 0.1, held, held]}
        lines.append({"at": 15.0 * number, "program": web, "simulator": {"simulator": [10**8, 20, 2, 0.1, 0, 0]}})
    found = {one.what: one for one in of_resources(lines, 0.0, filled)}
    assert ("+0.00 ± 0.00" in found["memory, whole program"].found) is is_flat


def test_warnings_are_counted_through_a_rotation_of_the_log(tmp_path):
    path = tmp_path / "pynvr.log"
    log = WatchedLog(path)
    log.look()
    path.write_text("2026-01-01T00:00:00.000Z WARNING master: camera 1\n2026-01-01T00:00:00.000Z INFO master: hm\n")
    log.look()
    with path.open("a") as file:
        file.write("2026-01-01T00:00:01.000Z WARNING master: camera 2\n")
    path.rename(tmp_path / "pynvr.log.1")
    path.write_text("2026-01-01T00:00:02.000Z ERROR web: oh\n")
    log.look()
    assert log.kinds == {"WARNING master: camera #": 2, "ERROR web: oh": 1}


@pytest.mark.timeout(600)
def test_a_short_soak_accounts_for_every_frame_and_tells_when_one_is_missing(tmp_path):
    heard = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    # What a loaded machine makes slow (a warning, a clip's delay) isn't asked for here.
    CliRunner().invoke(
        main,
        [*["--small", "--cameras", "2", "--minutes", "0.2", "--gigabytes", "0.5", "--dir"], str(tmp_path)],
        catch_exceptions=False,
    )
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == heard
    found = {one.what: one for one in verdicts(tmp_path)}
    assert found["frames lost"].right, found["frames lost"]
    assert found["frames elsewhere than sent, twice, or damaged"].right
    assert found["verify, stopped"].right, found["verify, stopped"]
    account = json.loads((tmp_path / ACCOUNT_NAME).read_text())
    assert account["frames"]["found"] > 100
    assert account["segments"] >= 4
    assert len((tmp_path / SAMPLES_NAME).read_text().splitlines()) >= 2
    account["frames"]["missing"] += 1
    (tmp_path / ACCOUNT_NAME).write_text(json.dumps(account))
    assert {one.what: one for one in verdicts(tmp_path)}["frames lost"].right is False
