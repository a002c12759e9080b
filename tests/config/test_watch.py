import os
import resource
import select
import time
from pathlib import Path

import pytest

from pynvr.config import watch as watch_module
from pynvr.config.watch import ConfigWatch
from tests.starved import without_threads
from tests.waiting import wait_until

SEEN_WITHIN_S = 2


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "nvr.json"
    path.write_text("{}")
    return path


@pytest.fixture
def watch(path):
    watch = ConfigWatch(path)
    watch.start()
    yield watch
    watch.stop()


def readable(watch: ConfigWatch) -> bool:
    """Whether a select loop would wake, without any call that looks at the file."""
    ready, _, _ = select.select([watch], [], [], 0)
    return bool(ready)


def rename_over(path: Path) -> None:
    other = path.with_name(".nvr.json.swp")
    other.write_text('{"system": {}}')
    other.rename(path)


def write_in_place(path: Path) -> None:
    path.write_text('{"system": {"name": "b"}}')


def write_with_a_backup(path: Path) -> None:
    path.rename(path.with_name("nvr.json~"))
    path.write_text('{"cameras": []}')


def delete(path: Path) -> None:
    path.unlink()
    # The kernel's word about a deletion isn't asked for; the loop's own look finds it.


@pytest.mark.parametrize("change", [rename_over, write_in_place, write_with_a_backup])
def test_a_change_wakes_the_loop_within_two_seconds_and_once(watch, path, change):
    assert not watch.take()
    change(path)
    wait_until(lambda: readable(watch), SEEN_WITHIN_S, "the change to be seen")
    assert watch.take()
    assert not watch.take()
    assert not readable(watch)


def test_a_link_turned_to_another_file_is_a_change(tmp_path):
    (tmp_path / "one.json").write_text("{}")
    (tmp_path / "two.json").write_text("{} ")
    link = tmp_path / "nvr.json"
    link.symlink_to("one.json")
    watch = ConfigWatch(link)
    watch.start()
    try:
        new = tmp_path / "new"
        new.symlink_to("two.json")
        new.rename(link)
        wait_until(lambda: readable(watch), SEEN_WITHIN_S, "the turned link to be seen")
    finally:
        watch.stop()


def test_a_change_behind_a_link_is_seen(tmp_path):
    (tmp_path / "etc").mkdir()
    target = tmp_path / "real.json"
    target.write_text("{}")
    link = tmp_path / "etc/nvr.json"
    link.symlink_to(target)
    watch = ConfigWatch(link)
    watch.start()
    try:
        rename_over(target)
        wait_until(lambda: readable(watch), SEEN_WITHIN_S, "the change behind the link to be seen")
    finally:
        watch.stop()


def test_a_change_that_the_kernel_does_not_report_is_found_by_looking(path):
    watch = ConfigWatch(path)  # not started: no inotify
    try:
        write_in_place(path)
        wait_until(watch.take, SEEN_WITHIN_S, "the change to be found")
    finally:
        watch.stop()


def test_a_deleted_file_is_a_change_and_so_is_its_return(watch, path):
    delete(path)
    wait_until(watch.take, SEEN_WITHIN_S, "the deletion to be found")
    write_in_place(path)
    wait_until(watch.take, SEEN_WITHIN_S, "the new file to be found")


def test_a_file_still_being_written_is_waited_for(watch, path):
    with path.open("w") as file:
        deadline = time.monotonic() + 3 * watch_module.SETTLED_S
        while time.monotonic() < deadline:
            written_s = time.monotonic()
            file.write(" ")
            file.flush()
            taken = watch.take()
            assert not taken or time.monotonic() - written_s > watch_module.SETTLED_S
        file.write("{}")
    wait_until(lambda: readable(watch), SEEN_WITHIN_S, "the whole file to be seen")


def test_other_files_in_the_folder_wake_nobody(watch, path):
    for number in range(200):
        (path.parent / f"other{number}").write_text("x")
    path.read_text()
    changed = path.with_name("mark")
    changed.touch()
    assert not watch.take()
    assert not readable(watch)


def test_reading_and_writing_beside_it_costs_nothing(watch, path):
    log = (path.parent / "log").open("w")
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(20_000):
        os.write(log.fileno(), b"line\n")
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before.ru_nvcsw
    assert spent < 1000  # each event that reached Python would be a switch to the watching thread and back
    log.close()


def test_a_change_is_seen_once_the_machine_can_start_threads_again(watch, path, monkeypatch):
    with without_threads(monkeypatch):
        rename_over(path)
        assert not watch.take()
    wait_until(watch.take, 20, "the change to be seen")
