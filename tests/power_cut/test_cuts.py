"""Which writes a cut leaves: all that were forced; of the others what the disk happened to do, in whole sectors."""

import io
import random

from tests.power_cut.cuts import Cut, Fate, apply_forced, apply_unforced, choose
from tests.power_cut.write_log import Entry, LoggedDisk, read_log

BLOCK = 8192
FLUSH = Entry(0, 0, None)


def write(number):
    return Entry(0, number * BLOCK, bytes([number + 1]) * BLOCK)


LOG = [write(0), FLUSH, write(1), write(2), write(3), FLUSH, write(4)]


def left(cut):
    image = io.BytesIO(bytes(5 * BLOCK))
    apply_forced(LOG[: cut.flushed], image)
    apply_unforced(LOG, cut, image)
    return image.getvalue()


def block(content, number):
    return content[number * BLOCK : (number + 1) * BLOCK]


def test_what_was_forced_is_there_and_what_came_later_is_not():
    for fate in Fate:
        for seed in range(20):
            content = left(Cut(1, 4, fate, seed))
            assert block(content, 0) == LOG[0].data
            assert not any(content[3 * BLOCK :])


def test_of_the_unforced_writes_none_all_or_some_survive():
    assert not any(left(Cut(1, 4, Fate.NONE, 0))[BLOCK:])
    assert block(left(Cut(1, 4, Fate.ALL, 0)), 2) == LOG[3].data
    seen = {tuple(any(block(left(Cut(1, 4, Fate.SOME, seed)), number)) for number in (1, 2)) for seed in range(40)}
    assert seen == {(False, False), (False, True), (True, False), (True, True)}


def test_a_torn_write_is_torn_between_sectors():
    torn = 0
    for seed in range(40):
        content = block(left(Cut(1, 4, Fate.TORN, seed)), 1)
        sectors = [content[at : at + 512] for at in range(0, BLOCK, 512)]
        assert all(len(set(sector)) == 1 for sector in sectors)
        torn += len(set(sectors)) == 2
    assert torn


def test_cuts_lie_between_a_flush_and_the_next_and_are_of_every_fate():
    cuts = choose(LOG * 20, 40, 0, random.Random(1))
    assert cuts == choose(LOG * 20, 40, 0, random.Random(1))
    assert {cut.fate for cut in cuts} == set(Fate)
    for cut in cuts:
        entries = LOG * 20
        assert entries[cut.flushed].is_flush
        assert not any(entry.is_flush for entry in entries[cut.flushed + 1 : cut.at])


def test_the_log_gives_back_what_was_done(tmp_path):
    image, log = tmp_path / "image", tmp_path / "log"
    image.write_bytes(bytes(BLOCK))
    disk = LoggedDisk(image, log)
    disk.write(512, b"one")
    disk.flush()
    disk.write(0, b"two")
    assert disk.read(512, 3) == b"one"
    disk.close()
    assert [(entry.offset, entry.data) for entry in read_log(log) if not entry.is_flush] == [(512, b"one"), (0, b"two")]
    assert [entry.is_flush for entry in read_log(log)] == [False, True, False]
