"""Views of 96 x 54 cells whose truth is known; benchmarks/motion.py has whole pictures."""

import random

from pynvr.vision.background import Background, touching, without_streaks

COLUMNS, ROWS = 96, 54


def view(seed=1):
    chance = random.Random(seed)
    blocks = [[chance.randrange(40, 190) for _ in range(12)] for _ in range(9)]
    return [blocks[row // 6][column // 8] + chance.randrange(-8, 9) for row in range(ROWS) for column in range(COLUMNS)]


def picture(base, chance, noise=1.0, change=lambda cell, value: value):
    values = (change(cell, value) + chance.gauss(0, noise) for cell, value in enumerate(base))
    return bytes(max(0, min(255, round(value))) for value in values)


def standing_at(left, top, width, height):
    def change(cell, value):
        column, row = cell % COLUMNS, cell // COLUMNS
        return 20 if left <= column < left + width and top <= row < top + height else value

    return change


def settled(base, chance, seconds=20, **how):
    background = Background(COLUMNS, ROWS)
    for _ in range(seconds):
        background.look(picture(base, chance, **how), 1.0)
    return background


def test_a_quiet_view_has_no_motion_however_noisy_it_is():
    chance, base = random.Random(2), view()
    background = Background(COLUMNS, ROWS)
    assert [background.look(picture(base, chance, noise=2.5), 1.0) for _ in range(60)] == [[]] * 60


def test_what_walks_through_is_followed_to_its_place():
    chance, base = random.Random(3), view()
    background = settled(base, chance)
    found = [background.look(picture(base, chance, change=standing_at(10 + 5 * n, 30, 4, 9)), 1.0) for n in range(12)]
    for n, blobs in enumerate(found):
        assert blobs, f"nothing was seen in picture {n}"
        assert abs(blobs[0].left - (10 + 5 * n)) <= 1
        assert abs(blobs[0].bottom - 39) <= 1


def test_what_stays_where_it_stopped_is_motion_no_longer_nor_when_it_is_taken_up():
    chance, base = random.Random(4), view()
    background = settled(base, chance)
    there = standing_at(40, 20, 12, 8)
    found = [bool(background.look(picture(base, chance, change=there), 1.0)) for _ in range(60)]
    assert found[0]
    assert not any(found[1:])


def test_light_that_is_switched_is_no_motion_and_what_moves_in_the_new_light_is():
    chance, base = random.Random(5), view()
    background = settled(base, chance)
    dark = [value * 0.5 for value in base]
    settling = []
    for _ in range(10):
        assert background.look(picture(dark, chance), 1.0) == []
        settling.append(background.is_settling)
    # Of the first two pictures nothing is known: who switched it on may have come in with the light.
    assert settling == [True, True, *[False] * 8]
    assert background.look(picture(dark, chance, change=standing_at(30, 20, 6, 10)), 1.0)


def test_a_lamp_over_a_third_of_the_view_is_no_motion():
    chance, base = random.Random(6), view()
    background = settled(base, chance)
    lit = [value * 1.3 if cell % COLUMNS > 64 else value for cell, value in enumerate(base)]
    assert [background.look(picture(lit, chance), 1.0) for _ in range(5)] == [[]] * 5


def test_exposure_that_drifts_is_no_motion():
    chance, base = random.Random(7), view()
    background = settled(base, chance)
    found = [background.look(picture([value + 2 * n for value in base], chance), 1.0) for n in range(20)]
    assert found == [[]] * 20


def test_leaves_that_move_all_the_time_become_usual():
    chance, base = random.Random(8), view()

    def leaves(cell, value):
        return value + chance.uniform(-25, 25) if cell % COLUMNS < 20 and cell // COLUMNS < 20 else value

    background = settled(base, chance, 40, change=leaves)
    assert sum(bool(background.look(picture(base, chance, change=leaves), 1.0)) for _ in range(40)) <= 2


def test_streaks_of_rain_and_single_points_are_no_bodies():
    line = {row * COLUMNS + 7 for row in range(5, 12)}
    body = {row * COLUMNS + column for row in range(20, 24) for column in range(30, 34)}
    assert without_streaks(line | body | {3 * COLUMNS + 60}, COLUMNS) == body


def test_streaks_at_both_edges_do_not_touch_around_them():
    edges = {row * COLUMNS + column for row in range(10, 30) for column in (0, COLUMNS - 1)}
    assert without_streaks(edges, COLUMNS) == set()
    corner = {row * COLUMNS + column for row in range(3) for column in range(COLUMNS - 3, COLUMNS)}
    assert without_streaks(corner, COLUMNS) == corner


def test_groups_touch_at_corners_but_not_around_the_edge():
    groups = touching({0, COLUMNS + 1, COLUMNS - 1, 2 * COLUMNS}, COLUMNS)
    assert sorted(map(sorted, groups)) == [[0, COLUMNS + 1, 2 * COLUMNS], [COLUMNS - 1]]
