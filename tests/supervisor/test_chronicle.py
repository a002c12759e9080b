"""What the master leaves behind on disk."""

from pynvr.supervisor.chronicle import Chronicle, Problems


def test_the_end_of_a_master_that_was_killed_is_dated_to_the_second(tmp_path):
    chronicle = Chronicle(tmp_path, Problems())
    for second in range(4):
        chronicle.mark_alive(("gate",), second * 1_000_000, float(second))
    mark = Chronicle(tmp_path, Problems()).left_by_the_last()
    assert mark is not None and mark.at_us == 3_000_000
