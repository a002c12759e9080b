"""The ZIP's bytes: above 4 GiB, taken up where it broke off, held while it is read, in little memory."""

import io
import shutil
import subprocess
import tracemalloc
import zipfile
from zoneinfo import ZoneInfo

import pytest

from pynvr.base.errors import FootageGoneError
from pynvr.playback.ranges import Ranges
from pynvr.playback.zip_format import ZipEntry, descriptor, directory, local_header
from pynvr.playback.zip_source import ZipMember, ZipSource
from pynvr.playback.zip_tally import Tallies
from tests.archive.clips import ANCHOR_US, make_clip
from tests.playback.recording import Recording
from tests.web.making import SetClock

UTC = ZoneInfo("UTC")
SECOND = 1_000_000
GIB = 1 << 30
PIECE = bytes(range(256)) * 4096


class NoLease:
    def reached(self, start_us):
        pass

    def done(self):
        pass


class Bytes:
    """So many bytes that follow from their place; counts how many were asked for."""

    media_type, filename = "video/mp4", "x"

    def __init__(self, length):
        self.length, self.etag, self.given = length, f"bytes {length}", 0

    def read(self, start, end):
        while start < end:
            data = PIECE[start % len(PIECE) :][: end - start]
            self.given += len(data)
            yield data
            start += len(data)

    def close(self):
        pass


def text(sums):
    return "".join(f"{one}  number {number}\n" for number, one in enumerate(sums)).encode()


def zip_of(sources, tallies=None, **more):
    members = [ZipMember(f"Höf {number}.mp4", one, NoLease(), ANCHOR_US) for number, one in enumerate(sources)]
    return ZipSource(
        members,
        text_name="contents.txt",
        text=text,
        filename="x.zip",
        zone=UTC,
        tallies=tallies or Tallies(),
        clock=SetClock(),
        **more,
    )


def test_nothing_in_it_is_a_zip_too():
    made = directory([], [], [], 0, UTC)
    assert zipfile.ZipFile(io.BytesIO(made)).namelist() == []


def test_times_are_local_and_exact():
    entry = ZipEntry("a", 3, ANCHOR_US)
    zone = ZoneInfo("Asia/Tokyo")
    body = local_header(entry, zone) + b"abc" + descriptor(entry, 0x352441C2)
    made = body + directory([entry], [0x352441C2], [0], len(body), zone)
    (info,) = zipfile.ZipFile(io.BytesIO(made)).infolist()
    assert zipfile.ZipFile(io.BytesIO(made)).read("a") == b"abc"
    hours = (info.date_time[3] - ANCHOR_US // (3600 * SECOND)) % 24
    assert hours == 9


def test_a_file_above_4_gib_and_one_that_begins_behind_it(tmp_path):
    """Its content is a hole of the disk's: only what stands around it is written."""
    large = 4 * GIB + 5
    entries = [ZipEntry("large.mp4", large, ANCHOR_US), ZipEntry("small.mp4", 3, ANCHOR_US)]
    path = tmp_path / "large.zip"
    # CRC-32 of so many zeros.
    crcs = [_crc_of_zeros(large), 0x352441C2]
    with path.open("wb") as target:
        begins = [0]
        target.write(local_header(entries[0], UTC))
        target.seek(large, 1)
        target.write(descriptor(entries[0], crcs[0]))
        begins.append(target.tell())
        target.write(local_header(entries[1], UTC) + b"abc" + descriptor(entries[1], crcs[1]))
        target.write(directory(entries, crcs, begins, target.tell(), UTC))
    with zipfile.ZipFile(path) as opened:
        assert [info.file_size for info in opened.infolist()] == [large, 3]
        assert [info.CRC for info in opened.infolist()] == crcs
        assert opened.read("small.mp4") == b"abc"
    if shutil.which("unzip"):
        seen = subprocess.run(["unzip", "-t", path, "small.mp4"], capture_output=True, text=True, check=False)
        assert seen.returncode == 0, seen.stdout + seen.stderr


def _crc_of_zeros(count):
    """By squaring the step of a zero byte, as zlib's crc32_combine does it."""
    rows = [0xEDB88320] + [1 << bit for bit in range(31)]
    for _ in range(3):
        rows = _squared(rows)
    crc = 0xFFFFFFFF
    while count:
        if count & 1:
            crc = _times(rows, crc)
        rows = _squared(rows)
        count >>= 1
    return crc ^ 0xFFFFFFFF


def _times(rows, value):
    result = 0
    for bit, row in enumerate(rows):
        if value >> bit & 1:
            result ^= row
    return result


def _squared(rows):
    return [_times(rows, row) for row in rows]


def test_what_broke_off_is_taken_up_without_reading_all_of_it_again():
    tallies = Tallies()
    sources = [Bytes(9_000_000), Bytes(200_000_000), Bytes(3)]
    whole = zip_of(sources, tallies)
    broken = whole.read(0, whole.length)
    got = 0
    while got < 150_000_000:
        got += len(next(broken))
    broken.close()
    again = [Bytes(source.length) for source in sources]
    rest = zip_of(again, tallies)
    assert rest.etag == whole.etag
    tail = b"".join(rest.read(got, rest.length))
    assert len(tail) == whole.length - got
    assert again[0].given == 0, "what was counted isn't read again"
    assert again[1].given < 200_000_000 - got + 65 * (1 << 20)
    assert tail == b"".join(zip_of([Bytes(one.length) for one in sources]).read(got, whole.length))


def test_it_takes_little_memory_however_long_it_is():
    made = zip_of([Bytes(300_000_000)])
    tracemalloc.start()
    try:
        assert sum(len(data) for data in made.read(0, made.length)) == made.length
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 << 20


def test_a_file_that_ends_too_early_is_no_zip():
    class Short(Bytes):
        def read(self, start, end):
            raise FootageGoneError("deleted")

    with pytest.raises(FootageGoneError):
        list(zip_of([Bytes(10), Short(10)]).read(0, 10_000))


def test_closed_it_ends():
    made = zip_of([Bytes(10_000_000)])
    reading = made.read(0, made.length)
    next(reading), next(reading)
    made.close()
    with pytest.raises(FootageGoneError):
        list(reading)


def test_it_is_let_go_once_when_it_is_closed():
    closed = []
    made = zip_of([Bytes(10)], let_go=lambda: closed.append(1))
    made.close()
    made.close()
    assert closed == [1]


def test_nothing_more_is_counted_for_who_has_left():
    """Its end depends on all of it, so it takes long until something is sent by which a hang-up would be noticed."""

    def gone():
        raise FootageGoneError("hung up")

    source = Bytes(50_000_000)
    made = zip_of([source], go_on=gone)
    with pytest.raises(FootageGoneError):
        list(made.read(made.length - 10, made.length))
    assert source.given < 2_000_000
    # From the beginning something is sent all the time.
    assert sum(map(len, made.read(0, 50_000_000))) == 50_000_000


def test_what_is_still_to_come_is_held_from_the_beginning(tmp_path):
    recording = Recording(tmp_path)
    clip = make_clip(count=96)
    for camera_id in ("gate", "yard"):
        recording.add(clip, camera_id=camera_id)
    clock = SetClock(ANCHOR_US + 3600 * SECOND)
    ranges = Ranges(recording.footage, recording.store, clock)
    members = []
    for camera_id in ("gate", "yard"):
        plan = ranges.plan(camera_id, ANCHOR_US, ANCHOR_US + 60 * SECOND)
        members.append(ZipMember(f"{camera_id}.mp4", *ranges.leased(plan, "x"), plan.start_us))
    made = ZipSource(members, text_name="c", text=text, filename="x.zip", zone=UTC, tallies=Tallies(), clock=clock)

    def held():
        return sorted(one.camera_id for one in recording.store.leases.held(clock.now_us()))

    reading = made.read(0, made.length)
    next(reading), next(reading)
    assert held() == ["gate", "yard"]
    for _ in range(5):
        clock.move(31)
        next(reading)
        assert "yard" in held()
        if "gate" not in held():
            break
    for _ in reading:
        pass
    assert held() == []
