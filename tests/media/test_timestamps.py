"""Hand-written packet sequences: what each does to the clock."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pynvr.media.timestamps import Timestamps

SCALE = 90_000
STEP = 3000  # 30 frames a second


def run(stamps, packets):
    """Feed `(pts, dts, arrival_s)`; the repaired `(pts, dts)`."""
    return [tuple(stamps.repair(pts, dts, STEP, arrival_s)[:2]) for pts, dts, arrival_s in packets]


def steady(count, first_pts=0, first_s=100.0, step=STEP):
    return [(first_pts + n * step, first_pts + n * step, first_s + n * step / SCALE) for n in range(count)]


def pts_of(result):
    return [pts for pts, _ in result]


def differences(values):
    return [later - earlier for earlier, later in pairwise(values)]


def test_good_stamps_are_kept_as_they_are():
    stamps = Timestamps(SCALE)
    packets = steady(100, first_pts=12345)
    assert run(stamps, packets) == [(pts, dts) for pts, dts, _ in packets]
    assert stamps.repaired == 0


def test_a_variable_frame_rate_is_kept_to_the_tick():
    stamps = Timestamps(SCALE)
    times = [0, 3000, 6001, 12002, 12500, 40000, 43003, 100000] + [100000 + n * 2999 for n in range(1, 60)]
    packets = [(t, t, 50 + t / SCALE) for t in times]
    assert pts_of(run(stamps, packets)) == times


def test_arrivals_that_jitter_change_nothing():
    stamps = Timestamps(SCALE)
    packets = [(pts, dts, at + (n * 7919 % 100) / 200) for n, (pts, dts, at) in enumerate(steady(200))]
    assert pts_of(run(stamps, packets)) == [pts for pts, _, _ in packets]


def test_a_missing_first_stamp_is_one_step_before_the_second():
    stamps = Timestamps(SCALE)
    result = run(stamps, [(None, None, 10.0), (2999, 2999, 10.001), (5999, 5999, 10.034)])
    assert differences(pts_of(result)) == [STEP, 3000]
    assert stamps.repaired == 1


def test_a_missing_stamp_in_the_middle_takes_the_usual_step():
    stamps = Timestamps(SCALE)
    packets = steady(100)
    packets[50] = (None, None, packets[50][2])
    assert pts_of(run(stamps, packets)) == [n * STEP for n in range(100)]


def test_stamps_missing_now_and_then_all_take_the_usual_step():
    stamps = Timestamps(SCALE)
    packets = steady(400)
    for number in range(50, 400, 25):
        late_s = 0.03 * (number % 2)
        packets[number] = (None, None, packets[number][2] + late_s)
    assert pts_of(run(stamps, packets)) == [pts for pts, _, _ in steady(400)]


def test_a_missing_pts_is_taken_from_dts():
    stamps = Timestamps(SCALE)
    packets = [(None, dts, at) for _, dts, at in steady(50)]
    assert run(stamps, packets) == [(n * STEP, n * STEP) for n in range(50)]


def test_a_stream_without_any_stamps_is_timed_by_arrival():
    stamps = Timestamps(SCALE)
    # It says 30 frames a second and sends 10.
    result = pts_of(run(stamps, [(None, None, 5 + n / 10) for n in range(101)]))
    assert all(step > 0 for step in differences(result))
    assert abs(result[-1] - result[0] - 10 * SCALE) < SCALE


def test_standing_stamps_go_on_by_arrival_and_are_caught_up_with():
    stamps = Timestamps(SCALE)
    before = steady(60)
    standing = [(before[-1][0], before[-1][1], before[-1][2] + n * STEP / SCALE) for n in range(1, 91)]
    after = steady(60, first_pts=150 * STEP, first_s=100.0 + 150 * STEP / SCALE)
    result = pts_of(run(stamps, before + standing + after))
    assert all(step > 0 for step in differences(result))
    assert max(abs(pts - n * STEP) for n, pts in enumerate(result)) < STEP
    # The camera's own clock is right again, to the tick.
    assert result[-60:] == [pts for pts, _, _ in after]


def test_one_repeated_stamp_doesnt_move_the_frames_after_it():
    stamps = Timestamps(SCALE)
    packets = steady(100)
    packets[70] = (packets[69][0], packets[69][1], packets[70][2])
    result = pts_of(run(stamps, packets))
    assert all(step > 0 for step in differences(result))
    assert result[:70] + result[71:] == [n * STEP for n in range(100) if n != 70]


def test_a_jump_forward_is_bridged():
    stamps = Timestamps(SCALE)
    before = steady(60)
    after = steady(60, first_pts=60 * STEP + 3600 * SCALE, first_s=102.0)
    result = pts_of(run(stamps, before + after))
    assert result == [n * STEP for n in range(120)]
    assert stamps.jumps == 1


def test_a_jump_back_is_bridged():
    stamps = Timestamps(SCALE)
    before = steady(60, first_pts=3600 * SCALE)
    after = steady(60, first_pts=17, first_s=102.0)
    result = pts_of(run(stamps, before + after))
    assert result == [3600 * SCALE + n * STEP for n in range(120)]
    assert stamps.jumps == 1


def test_a_hole_in_the_stream_is_no_jump():
    stamps = Timestamps(SCALE)
    packets = steady(60) + steady(60, first_pts=60 * STEP + 20 * SCALE, first_s=122.0)
    assert pts_of(run(stamps, packets)) == [pts for pts, _, _ in packets]
    assert stamps.jumps == 0


def test_a_burst_after_a_stall_is_no_jump():
    stamps = Timestamps(SCALE)
    packets = [(pts, dts, at if n < 60 or n > 200 else 106.7) for n, (pts, dts, at) in enumerate(steady(300))]
    assert pts_of(run(stamps, packets)) == [n * STEP for n in range(300)]
    assert stamps.jumps == 0


def test_what_a_relay_has_in_store_at_the_start_is_no_jump():
    stamps = Timestamps(SCALE)
    packets = [(pts, dts, max(at, 104.0)) for pts, dts, at in steady(300)]
    assert pts_of(run(stamps, packets)) == [n * STEP for n in range(300)]
    assert stamps.jumps == 0


def test_frames_dropped_after_a_stall_leave_a_hole_and_no_jump():
    stamps = Timestamps(SCALE)
    packets = [*steady(60), (60 * STEP, 60 * STEP, 106.0), *steady(60, first_pts=180 * STEP, first_s=106.01)]
    assert pts_of(run(stamps, packets)) == [pts for pts, _, _ in packets]
    assert stamps.jumps == 0


def test_a_camera_of_one_frame_in_five_seconds_never_jumps():
    stamps = Timestamps(SCALE)
    packets = steady(50, step=5 * SCALE)
    assert pts_of(run(stamps, packets)) == [pts for pts, _, _ in packets]
    assert stamps.jumps == 0


def test_a_clock_of_32_bits_that_wraps_goes_on_to_the_tick():
    stamps = Timestamps(SCALE)
    start = (1 << 32) - 50 * STEP
    packets = [(pts % (1 << 32), dts % (1 << 32), at) for pts, dts, at in steady(100, first_pts=start)]
    assert pts_of(run(stamps, packets)) == [start + n * STEP for n in range(100)]
    assert stamps.repaired == 0


def test_a_clock_of_33_bits_that_wraps_goes_on_to_the_tick():
    stamps = Timestamps(SCALE)
    start = (1 << 33) - 50 * STEP
    packets = [(pts % (1 << 33), None, at) for pts, _, at in steady(100, first_pts=start)]
    assert pts_of(run(stamps, packets)) == [start + n * STEP for n in range(100)]


def b_frames(gops, with_dts):
    """I P B B of 3 frames' reordering, in decode order."""
    packets = []
    for n in range(gops):
        for place, shown in enumerate((0, 3, 1, 2)):
            decoded = (n * 4 + place) * STEP
            pts = (n * 4 + shown + 2) * STEP
            packets.append((pts, decoded if with_dts else None, 100 + decoded / SCALE))
    return packets


def test_b_frames_keep_both_stamps():
    stamps = Timestamps(SCALE)
    packets = b_frames(30, with_dts=True)
    assert run(stamps, packets) == [(pts, dts) for pts, dts, _ in packets]
    assert stamps.repaired == 0


def test_b_frames_without_dts_keep_their_pts_and_get_a_rising_dts():
    stamps = Timestamps(SCALE)
    packets = b_frames(30, with_dts=False)
    result = run(stamps, packets)
    assert pts_of(result) == [pts for pts, _, _ in packets]
    assert all(step > 0 for step in differences([dts for _, dts in result]))


def test_b_frames_whose_dts_is_the_pts_get_a_rising_dts():
    stamps = Timestamps(SCALE)
    packets = [(pts, pts, at) for pts, _, at in b_frames(30, with_dts=False)]
    result = run(stamps, packets)
    assert pts_of(result) == [pts for pts, _, _ in packets]
    assert all(step > 0 for step in differences([dts for _, dts in result]))


def test_b_frames_behind_a_first_frame_without_a_stamp_are_shown_after_it_however_soon_they_come():
    for apart_s in (STEP / SCALE, 0.001):
        stamps = Timestamps(SCALE)
        # As libav gives them: the first two or three know no dts.
        given = [(None, None), (3, None), (1, None), (2, 1), (6, 2), (4, 3), (5, 4), (7, 5)]
        packets = [
            (None if pts is None else pts * STEP, None if dts is None else dts * STEP, 100 + number * apart_s)
            for number, (pts, dts) in enumerate(given)
        ]
        assert [pts // STEP for pts in pts_of(run(stamps, packets))] == [0, 3, 1, 2, 6, 4, 5, 7]


def test_b_frames_survive_a_jump():
    stamps = Timestamps(SCALE)
    before = b_frames(30, with_dts=True)
    after = [(pts + 50 * SCALE, dts + 50 * SCALE, at + 4) for pts, dts, at in b_frames(30, with_dts=True)]
    result = run(stamps, before + after)
    assert all(step > 0 for step in differences([dts for _, dts in result]))
    assert len(set(pts_of(result))) == len(result)
    assert stamps.jumps == 1
    # Behind the jump the distances are the camera's again.
    assert differences(pts_of(result))[-100:] == differences([pts for pts, _, _ in after])[-100:]


def test_a_small_step_back_of_a_stream_without_b_frames_is_repaired():
    stamps = Timestamps(SCALE)
    packets = steady(100)
    packets[80] = (packets[80][0] - 2 * STEP - 7, packets[80][1] - 2 * STEP - 7, packets[80][2])
    result = run(stamps, packets)
    assert all(step > 0 for step in differences(pts_of(result)))
    assert [dts for _, dts in result] == pts_of(result)


def test_audio_is_never_reordered():
    stamps = Timestamps(8000, may_reorder=False)
    packets = [(n * 160, n * 160, 10 + n / 50) for n in range(20)]
    packets[10] = (packets[8][0] - 3, packets[8][0] - 3, packets[10][2])
    result = run(stamps, packets)
    assert all(step > 0 for step in differences(pts_of(result)))


stamp = st.one_of(st.none(), st.integers(-(1 << 40), 1 << 40))


@given(st.lists(st.tuples(stamp, stamp, st.floats(0, 20)), max_size=80), st.booleans())
def test_whatever_comes_dts_rises(packets, may_reorder):
    stamps = Timestamps(SCALE, may_reorder)
    at_s = 1000.0
    last = None
    for pts, dts, wait_s in packets:
        at_s += wait_s
        _, decode, _ = stamps.repair(pts, dts, 0, at_s)
        assert last is None or decode > last
        last = decode


@given(st.lists(st.tuples(stamp, st.floats(0, 20)), min_size=2, max_size=80))
def test_whatever_comes_a_plain_stream_is_in_order_of_its_frames(packets):
    stamps = Timestamps(SCALE, may_reorder=False)
    at_s = 1000.0
    placed = []
    for pts, wait_s in packets:
        at_s += wait_s
        placed.append(stamps.repair(pts, pts, STEP, at_s)[0])
    assert all(step > 0 for step in differences(placed))
