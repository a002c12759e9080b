from pynvr.vision.zones import cells_inside, is_inside

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
ARROW = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.0, 1.0))


def test_without_zones_the_whole_picture_counts():
    assert is_inside(0.99, 0.01, ())
    assert cells_inside(4, 2, ()) == list(range(8))


def test_a_point_lies_in_any_of_the_zones_or_in_none():
    assert is_inside(0.3, 0.5, (LEFT,))
    assert not is_inside(0.7, 0.5, (LEFT,))
    assert is_inside(0.9, 0.9, (LEFT, ARROW))


def test_a_polygon_may_bend_inwards():
    assert is_inside(0.1, 0.8, (ARROW,))
    assert not is_inside(0.5, 0.8, (ARROW,))


def test_cells_count_by_their_centre():
    assert cells_inside(4, 2, (LEFT,)) == [0, 1, 4, 5]
