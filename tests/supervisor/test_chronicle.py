"""What the master leaves behind on disk."""

from pynvr.supervisor.chronicle import Chronicle, Problems


def mark_each_second(chronicle, seconds, camera_ids=("gate",)):
    for second in seconds:
        chronicle.mark_alive(camera_ids, second * 1_000_000, float(second))


def test_the_end_of_a_master_that_was_killed_is_dated_to_the_second(tmp_path):
    chronicle = Chronicle(tmp_path, Problems())
    for last in range(100, 120):
        mark_each_second(chronicle, [last])
        mark = Chronicle(tmp_path, Problems()).left_by_the_last()
        assert mark is not None and mark.at_us == last * 1_000_000


def test_the_mark_is_written_every_five_seconds_and_when_the_cameras_are_others(tmp_path):
    chronicle = Chronicle(tmp_path, Problems())
    files = []
    for second in range(100, 120):
        mark_each_second(chronicle, [second])
        files.append((tmp_path / "alive").read_text())
    assert len(set(files)) == 4
    mark_each_second(chronicle, [120, 121])
    mark_each_second(chronicle, [122], ("gate", "yard"))
    mark = chronicle.left_by_the_last()
    assert mark is not None and (mark.at_us, mark.camera_ids) == (122_000_000, ("gate", "yard"))


def test_a_mark_that_somebody_deleted_is_there_again_a_second_later(tmp_path):
    problems = Problems()
    chronicle = Chronicle(tmp_path, problems)
    mark_each_second(chronicle, [100, 101])
    (tmp_path / "alive").unlink()
    mark_each_second(chronicle, [102, 103])
    assert (tmp_path / "alive").exists() and problems.all == ()
