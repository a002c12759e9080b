from pynvr.searcher.queue import MOST, MOST_BEGUN, MOST_OF_ASKER, Queue


def test_askers_take_turns_and_each_ones_tasks_come_one_after_the_other():
    queue: Queue[str] = Queue()
    for asker, task in (("anna", "a1"), ("anna", "a2"), ("ben", "b1"), ("cleo", "c1")):
        queue.add(asker, task)
    assert [queue.next() for _ in range(7)] == ["a1", "b1", "c1", "a1", "b1", "c1", "a1"]
    assert queue.waiting() == ["a2"]
    queue.remove("a1")
    assert [queue.next() for _ in range(3)] == ["b1", "c1", "a2"]
    assert queue.waiting() == []


def test_who_comes_later_is_served_soon():
    queue: Queue[int] = Queue()
    for number in range(MOST_OF_ASKER):
        queue.add("anna", number)
    for _ in range(100):
        queue.next()
    queue.add("ben", 99)
    assert 99 in [queue.next(), queue.next()]


def test_nobody_can_fill_the_queue_alone_and_it_has_an_end():
    queue: Queue[int] = Queue()
    for number in range(MOST_OF_ASKER):
        assert queue.has_room("anna")
        queue.add("anna", number)
    assert not queue.has_room("anna")
    assert queue.has_room("ben")
    for number in range(MOST - MOST_OF_ASKER):
        queue.add(f"asker {number}", 100 + number)
    assert not queue.has_room("ben")
    queue.remove(100)
    assert queue.has_room("ben")


def test_only_a_few_are_begun_and_the_next_one_is_when_one_of_them_is_done():
    """Each keeps pictures in memory, and anybody may ask."""
    queue: Queue[int] = Queue()
    for number in range(MOST_BEGUN + 2):
        queue.add(f"asker {number}", number)
    begun = [queue.next() for _ in range(10 * MOST_BEGUN)]
    assert set(begun) == set(range(MOST_BEGUN))
    assert queue.waiting() == [MOST_BEGUN, MOST_BEGUN + 1]
    queue.remove(1)
    assert MOST_BEGUN in [queue.next() for _ in range(MOST_BEGUN)]
    assert queue.waiting() == [MOST_BEGUN + 1]
    queue.remove(MOST_BEGUN + 1)
    assert queue.waiting() == []


def test_an_empty_queue_has_no_turn():
    queue: Queue[int] = Queue()
    assert queue.next() is None
    queue.add("anna", 1)
    queue.remove(1)
    queue.remove(1)
    assert queue.next() is None
    assert len(queue) == 0
