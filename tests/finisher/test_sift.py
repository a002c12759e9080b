"""Chunks of cameras that are recorded by motion: what is kept becomes segments, all the rest goes, and no death in
between loses a kept frame or doubles one."""

import errno
import os
import signal
from dataclasses import replace
from typing import Any

import pytest

from pynvr.archive.index import read_records
from pynvr.archive.omitted import omission_files, read_omissions
from pynvr.archive.paths import index_path, segment_path
from pynvr.archive.reader import read_chunk
from pynvr.archive.vigil import VigilWriter, Watched
from pynvr.base.errors import StoreError
from pynvr.finisher import cut, finish
from pynvr.finisher.backlog import Backlog
from pynvr.finisher.books import Books
from pynvr.finisher.complete import Completer
from pynvr.finisher.finish import finish_chunk
from pynvr.finisher.inplace import Step
from pynvr.finisher.mark import DecodingMark
from pynvr.finisher.outcome import Finished, Sifted, Undecided
from pynvr.finisher.sieve import ASKED_AGAIN_S, MOST_FAILURES, PATIENCE_S, READ_FOR_S, Sieve
from pynvr.finisher.work import Work
from pynvr.isobmff.reader import read_segment
from pynvr.model.incident import Incident
from pynvr.model.settings import Record
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from tests.finisher.clips import STAMP, START_US, clip, samples_of, write_chunk
from tests.finisher.running import settings_of

S = 1_000_000
BEFORE, BEHIND = START_US - 10 * S, START_US + 10 * S
# Ten seconds, 25 frames and a keyframe each.
KINDS: dict[str, dict[str, Any]] = {
    "video": {},
    "B-frames and sound": {"bframes": 2, "audio": True},
    "h265": {"codec": "hevc"},
}


class HandClock:
    now_s = 1000.0

    def now_us(self):
        return START_US + 60 * S

    def monotonic_s(self):
        return self.now_s


class Camera:
    """One that is recorded by motion, a second before it and two behind; its finisher's parts without the process."""

    def __init__(self, folder, kind=(), open_store=None):
        settings = settings_of(folder)
        record = Record(mode="motion", pre_s=1, post_s=2)
        self.settings = replace(settings, cameras=(replace(settings.cameras[0], record=record),))
        self.system = self.settings.system
        self.dst = folder / "gate"
        self.folder = self.dst / STAMP[:8]
        self.system.run_dir.mkdir(exist_ok=True)
        self.source = clip(frames=250, size=(160, 90), **dict(kind))
        self.clock = HandClock()
        self.open_store = open_store or (lambda: Store.open(self.system.database))
        self.begin()

    def begin(self):
        """As the process does."""
        self.books = Books(self.open_store)
        self.backlog = Backlog()
        self.sieve = Sieve(self.settings, self.books, self.clock)
        completer = Completer(
            self.system.jpg_cache_dir, self.system.timezone, DecodingMark(self.system.run_dir / "decoding")
        )
        self.work = Work(self.backlog, completer, self.books, self.clock, self.system.jpg_cache_dir, sieve=self.sieve)

    def record(self):
        self.path = write_chunk(self.dst, self.source)
        return self.path

    def watch(self, *moves, until_s=12.0):
        """In seconds of the chunk, from before it to behind it; something moves from … to …."""
        writer = VigilWriter(self.system.run_dir, "gate")
        at_s = -4.0
        edges = {0.0, 10.0, until_s, *(edge for move in moves for edge in move)}
        for edge in sorted(edge for edge in edges if edge <= until_s):
            while at_s < edge:
                to_s = min(at_s + 1, edge)
                chunk_us = BEFORE if to_s <= 0 else START_US if to_s <= 10 else BEHIND
                move = next((m for m in moves if m[0] <= to_s <= m[1]), None)
                first_s = None if move is None else max(move[0], at_s)
                at_us = [0 if s is None else START_US + round(s * S) for s in (first_s, None if move is None else to_s)]
                writer.append(Watched(chunk_us, START_US + round(at_s * S), START_US + round(to_s * S), *at_us))
                at_s = to_s

    def run(self):
        self.work.look(self.folder, complete=True)
        while (task := self.backlog.take(self.clock.now_s)) is not None:
            self.work.do(task)
        self.books.write(self.clock.now_s)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.endswith(".index"))

    def frames(self, track=0):
        """Of all segments together, in time."""
        found = []
        for path in sorted(self.folder.glob("*.mp4"), key=start_of):
            found += [data for _, _, data in samples_of(path, "audio" if track else "video")]
        return found

    def expect(self, *runs):
        """These seconds, to the frame."""
        assert self.frames() == [data for a, b in runs for data in self.source.samples()[round(a * 25) : round(b * 25)]]

    def omitted(self):
        spans = [span for path in omission_files(self.system.run_dir) for span in read_omissions(path)[0]]
        return [(round((s.start_us - START_US) / S, 2), round((s.end_us - START_US) / S, 2)) for s in spans]


def start_of(path):
    identity = read_segment(path).identity
    assert identity is not None
    return identity.start_us


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def camera(tmp_path, request):
    return Camera(tmp_path, request.param.items())


@pytest.fixture
def plain(tmp_path):
    return Camera(tmp_path)


def test_what_moved_and_what_lies_around_it_is_kept_to_the_frame(camera):
    camera.record()
    camera.watch((2.5, 3.0), (7.2, 7.2))
    camera.run()
    # From the keyframe before one second before, to two seconds behind.
    assert camera.names() == ["gate.20260701.1000.mp4", "gate.20260701.100006.mp4"]
    sent = [(b"".join(frame.payload), frame.time_us - START_US) for frame in camera.source.frames if frame.track == 0]
    shown = dict(sent)
    kept = camera.frames()
    assert len(set(kept)) == len(kept)
    wanted = {data for data, at_us in sent if 1 * S <= at_us < 5 * S or 6 * S <= at_us < 9.2 * S}
    # Of B-frames those come along which the last ones need: shown at most two frames later.
    assert wanted <= set(kept)
    assert all(5 * S <= shown[data] < 5.1 * S or 9.2 * S <= shown[data] < 9.3 * S for data in set(kept) - wanted)
    # In the order of the camera.
    assert [data for data, _ in sent if data in set(kept)] == kept
    with Store.open(camera.system.database) as store:
        rows = store.segments.in_range(["gate"], 0, 1 << 62)
        spans = store.omissions.between(["gate"], 0, 1 << 62)["gate"]
    assert [round((row.start_us - START_US) / S, 2) for row in rows] == [1, 6]
    assert len(read_records(index_path(camera.dst, "gate", STAMP[:8]))) == 2
    # Of the table's rows those are one that lie less than three seconds apart; the clips between them say "recorded".
    assert spans[0].start_us == START_US
    assert spans[-1].end_us == pytest.approx(START_US + 10 * S, abs=S // 10)
    omitted = camera.omitted()
    assert [begin for begin, _ in omitted] == [0, pytest.approx(5, abs=0.2), pytest.approx(9.2, abs=0.2)]
    assert omitted[-1][1] == pytest.approx(10, abs=0.1)


def test_sound_goes_with_its_pictures(tmp_path):
    camera = Camera(tmp_path, KINDS["B-frames and sound"].items())
    camera.record()
    camera.watch((2.5, 3.0), (7.2, 7.2))
    camera.run()
    for path, begin_s, end_s in zip(sorted(camera.folder.glob("*.mp4")), (1, 6), (5, 9.2), strict=True):
        _, sound = read_segment(path).tables
        assert sound.start_offset_us == pytest.approx(0, abs=150_000)
        data = [data for _, _, data in samples_of(path, "audio")]
        sent = camera.source.samples(1)
        first = sent.index(data[0])
        assert sent[first : first + len(data)] == data
        assert len(data) * 0.064 == pytest.approx(end_s - begin_s, abs=0.3)


def test_where_nothing_moved_nothing_is_left_and_it_is_accounted_for(camera):
    camera.record()
    camera.watch()
    camera.run()
    assert camera.names() == []
    ((begin_s, end_s),) = camera.omitted()
    assert (begin_s, end_s) == (0, pytest.approx(10, abs=0.1))


def test_what_is_wholly_kept_is_finished_in_place(plain):
    inode = os.stat(plain.record()).st_ino
    plain.watch((1, 9))
    plain.run()
    assert plain.names() == ["gate.20260701.1000.mp4"]
    assert os.stat(segment_path(plain.dst, "gate", STAMP)).st_ino == inode
    assert plain.omitted() == []


def test_what_moves_just_behind_the_border_keeps_the_end(plain):
    plain.record()
    plain.watch((10.6, 11))
    plain.run()
    plain.expect((9, 10))


def test_a_chunk_waits_for_the_word_on_what_follows_it(plain):
    plain.record()
    plain.watch(until_s=10.5)
    plain.run()
    assert plain.names() == ["gate.20260701.1000.chunk"]
    assert plain.backlog.put_off_count == 1
    writer = VigilWriter(plain.system.run_dir, "gate")
    writer.append(Watched(BEHIND, START_US + 10_500_000, START_US + 12 * S))
    plain.clock.now_s += 2
    plain.run()
    assert plain.names() == []


def test_nobody_waits_for_ever_and_what_nobody_watched_is_kept(plain, caplog):
    plain.record()
    plain.watch(until_s=6)
    plain.run()
    plain.clock.now_s += PATIENCE_S
    plain.run()
    assert plain.names() == ["gate.20260701.1000.chunk"]
    plain.clock.now_s += 1.5
    plain.run()
    # The keyframe before five seconds: one before the last one that was watched.
    plain.expect((5, 10))
    assert caplog.text.count("nobody watches what moves") == 1


def test_an_analyser_that_never_was_there_costs_nothing_but_room(plain):
    plain.record()
    plain.run()
    plain.clock.now_s += PATIENCE_S + 1.5
    plain.run()
    plain.expect((0, 10))


def test_what_a_person_keeps_is_kept_though_nothing_moved(plain):
    with Store.open(plain.system.database) as store:
        store.keeps.add("gate", START_US + 3 * S, START_US + 4 * S, reason="", made_by="me", now_us=START_US)
    plain.record()
    plain.watch()
    plain.run()
    plain.expect((3, 4))


def keep(store):
    store.keeps.add("gate", START_US + 3 * S, START_US + 4 * S, reason="", made_by="me", now_us=START_US)


def tag(store, begin_s=4.2, end_s=None):
    at_us = [START_US + round(s * S) for s in (begin_s, begin_s if end_s is None else end_s)]
    store.tags.add("gate", *at_us, label="van", made_by="me", now_us=START_US)


def face(store, at_s=4.2):
    store.detections.add(Detection(0, "gate", START_US + round(at_s * S), "face", 0.9))


def incident(store):
    store.incidents.add(Incident("gate", START_US + 4 * S, 1 * S, S // 2, key="one", created_us=START_US))


def read(store):
    now_us = HandClock().now_us()
    store.leases.take("gate", START_US, START_US + S, until_us=now_us + S, now_us=now_us)


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        (tag, (3, 6.2)),
        (lambda store: tag(store, 3.2, 4.0), (2, 6)),
        (face, (3, 6.2)),
        # Beside the chunk, but not further than the margins.
        (lambda store: face(store, 10.5), (9, 10)),
        (lambda store: tag(store, -1.5), (0, 0.52)),
        (incident, (3, 4.52)),
    ],
    ids=["tag", "tagged time", "detection", "detection just behind", "tag just before", "incident"],
)
def test_what_somebody_wants_is_kept_though_nothing_moved(plain, wish, kept):
    with Store.open(plain.system.database) as store:
        wish(store)
    plain.record()
    plain.watch()
    plain.run()
    plain.expect(kept)


def test_what_was_tagged_or_detected_elsewhere_keeps_nothing(plain):
    with Store.open(plain.system.database) as store:
        tag(store, -2.5)
        face(store, 11.5)
        store.tags.add("yard", START_US, START_US + S, label="van", made_by="me", now_us=START_US)
    plain.record()
    plain.watch()
    plain.run()
    assert plain.names() == []


@pytest.mark.parametrize("moves", [(), ((7.2, 7.2),)], ids=["nothing moved", "something else moved"])
@pytest.mark.parametrize(("wish", "kept"), [(keep, (3, 4)), (face, (3, 6.2)), (incident, (3, 4.52))])
def test_a_wish_that_comes_between_the_decision_and_the_deletion_is_heard(plain, moves, wish, kept):
    path = plain.record()
    plain.watch(*moves)
    with Store.open(plain.system.database) as store:
        outcome = finish_chunk(path, lambda step: wish(store) if step is Step.ACCOUNTED else None, plain.sieve)
    assert isinstance(outcome, Undecided)
    assert plain.names() == ["gate.20260701.1000.chunk"]
    plain.run()
    seconds = [n / 25 for n in range(250)]
    periods = [kept, *([(6, 9.2)] if moves else [])]
    wanted = [n for n, at_s in enumerate(seconds) if any(a <= at_s < b for a, b in periods)]
    assert plain.frames() == [plain.source.samples()[n] for n in wanted]


def test_somebody_who_begins_to_download_after_the_decision_is_waited_for(plain):
    path = plain.record()
    plain.watch()
    with Store.open(plain.system.database) as store:
        finish_chunk(path, lambda step: read(store) if step is Step.ACCOUNTED else None, plain.sieve)
    assert plain.names() == ["gate.20260701.1000.chunk"]


def test_no_wish_can_come_while_video_is_let_go(plain):
    path = plain.record()
    plain.watch()
    assert isinstance(plain.sieve.judge(path, "gate", read_chunk(path), (START_US, START_US + 10 * S)), list)
    refused = []

    def act():
        with Store.open(plain.system.database, busy_timeout_s=0.01) as store:
            for wish in (keep, tag, face, read):
                try:
                    wish(store)
                except StoreError as err:
                    refused.append(err)

    assert plain.sieve.let_go(path, act)
    assert len(refused) == 4


def test_what_somebody_downloads_waits_until_it_is_read(plain):
    now_us = plain.clock.now_us()
    with Store.open(plain.system.database) as store:
        lease = store.leases.take("gate", START_US + 9 * S, START_US + 99 * S, until_us=now_us + S, now_us=now_us)
        plain.record()
        plain.watch()
        plain.run()
        assert plain.names() == ["gate.20260701.1000.chunk"]
        store.leases.release(lease)
    plain.clock.now_s += ASKED_AGAIN_S + 0.5
    plain.run()
    assert plain.names() == []


def reads_noted(monkeypatch) -> list[int]:
    """The chunks that the finisher reads from now on, by their descriptors."""
    reads: list[int] = []

    def noted(fd, **how):
        reads.append(fd)
        return read_chunk(fd, **how)

    monkeypatch.setattr(finish, "read_chunk", noted)
    return reads


def test_what_somebody_downloads_is_not_read_each_second(plain, monkeypatch):
    now_us = plain.clock.now_us()
    with Store.open(plain.system.database) as store:
        store.leases.take("gate", START_US, START_US + S, until_us=now_us + S, now_us=now_us)
    plain.record()
    plain.watch()
    reads = reads_noted(monkeypatch)
    for _ in range(round(3 * ASKED_AGAIN_S)):
        plain.run()
        plain.clock.now_s += 1
    assert len(reads) == 3


def test_nobody_downloads_for_ever(plain):
    now_us = plain.clock.now_us()
    with Store.open(plain.system.database) as store:
        store.leases.take("gate", START_US, START_US + S, until_us=now_us + S, now_us=now_us)
    plain.record()
    plain.watch()
    plain.run()
    plain.clock.now_s += READ_FOR_S
    plain.run()
    assert plain.names() == []


def test_while_the_database_cannot_be_asked_nothing_is_deleted(tmp_path):
    def gone():
        raise StoreError("it is locked")

    camera = Camera(tmp_path, open_store=gone)
    camera.record()
    camera.watch()
    camera.run()
    assert camera.names() == ["gate.20260701.1000.chunk"]
    camera.clock.now_s += PATIENCE_S + 1.5
    camera.run()
    camera.expect((0, 10))


def test_a_detector_that_the_database_turned_away_is_given_time_to_come_again(tmp_path):
    is_locked = [True]
    settings = settings_of(tmp_path)

    def open_store():
        if is_locked:
            raise StoreError("it is locked")
        return Store.open(settings.system.database)

    camera = Camera(tmp_path, open_store=open_store)
    camera.record()
    camera.watch()
    camera.run()
    is_locked.clear()
    camera.clock.now_s += ASKED_AGAIN_S + 0.5
    camera.run()
    assert camera.names() == ["gate.20260701.1000.chunk"]
    with Store.open(camera.system.database) as store:
        face(store)
    camera.clock.now_s += ASKED_AGAIN_S + 0.5
    camera.run()
    camera.expect((3, 6.2))


def test_while_the_database_cannot_be_asked_a_chunk_is_not_read_each_second(tmp_path, monkeypatch):
    def gone():
        raise StoreError("it is locked")

    camera = Camera(tmp_path, open_store=gone)
    camera.record()
    camera.watch()
    reads = reads_noted(monkeypatch)
    for _ in range(round(3 * ASKED_AGAIN_S)):
        camera.run()
        camera.clock.now_s += 1
    assert len(reads) == 3


def test_a_stop_keeps_all_of_what_waits(plain):
    path = plain.record()
    plain.watch((2.5, 3.0))
    assert isinstance(finish_chunk(path), Finished)
    plain.expect((0, 10))


def test_a_camera_of_another_mode_is_finished_as_always(plain):
    other = replace(plain.settings, cameras=(replace(plain.settings.cameras[0], record=Record()),))
    path = plain.record()
    plain.watch()
    assert isinstance(finish_chunk(path, sieve=Sieve(other, plain.books, plain.clock)), Finished)


def test_whoever_began_to_make_an_mp4_of_it_had_decided(plain):
    path = plain.record()
    plain.watch()
    with pytest.raises(KeyboardInterrupt):
        finish_chunk(path, dies_at(Step.FIRST_PAGE_SYNCED))
    assert isinstance(finish_chunk(path, sieve=plain.sieve), Finished)
    plain.expect((0, 10))


def dies_at(fatal):
    def witness(step):
        if step is fatal:
            raise KeyboardInterrupt

    return witness


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_where_there_is_no_room_for_parts_all_is_kept_in_place(plain, monkeypatch, full):
    plain.record()
    plain.watch((2.5, 3.0), (7.2, 7.2))
    true_copy: Any = cut._copy
    copied: list[Any] = []

    def copy(*args):
        if copied:
            raise OSError(full, os.strerror(full))
        copied.append(true_copy(*args))

    monkeypatch.setattr(cut, "_copy", copy)
    plain.run()
    assert plain.names() == ["gate.20260701.1000.mp4"]
    plain.expect((0, 10))
    assert plain.omitted() == []


def failing(monkeypatch, name, times):
    """What the disk refuses `times` times; how often it was tried."""
    true = getattr(cut, name)
    tried: list[object] = []

    def fails(*args, **more):
        tried.append(args)
        if len(tried) <= times:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return true(*args, **more)

    monkeypatch.setattr(cut, name, fails)
    return tried


def due(camera):
    """Everything up to the next delay, and how long that is."""
    camera.run()
    due_s = camera.backlog.next_due_s()
    return 0 if due_s is None else round(due_s - camera.clock.now_s, 3)


@pytest.mark.parametrize("fault", ["_copy", "free_stamp", "sync_folder"])
def test_parts_that_the_disk_refuses_are_tried_again_ever_later_and_then_all_is_kept(plain, monkeypatch, caplog, fault):
    plain.record()
    plain.watch((2.5, 3.0))
    tried = failing(monkeypatch, fault, 1000)
    delays_s = []
    while (delay_s := due(plain)) > 0:
        assert plain.names() == ["gate.20260701.1000.chunk"]
        assert "gate.20260701.1000.chunk: Input/output error" in plain.work.trouble
        delays_s.append(delay_s)
        plain.clock.now_s += delay_s
    assert len(tried) == MOST_FAILURES
    assert delays_s == sorted(set(delays_s)) and len(delays_s) == MOST_FAILURES - 1
    assert plain.names() == ["gate.20260701.1000.mp4"]
    plain.expect((0, 10))
    assert plain.work.trouble == ""
    assert plain.sieve.troubles["gate"].endswith("so all of it is kept: Input/output error")
    assert "so all of it is kept" in caplog.text


def test_a_disk_that_takes_parts_again_is_no_trouble_any_more(plain, monkeypatch):
    plain.record()
    plain.watch((2.5, 3.0))
    failing(monkeypatch, "_copy", MOST_FAILURES - 1)
    plain.sieve.troubles["gate"] = "an older one"
    while (delay_s := due(plain)) > 0:
        plain.clock.now_s += delay_s
    plain.expect((1, 5))
    assert plain.sieve.troubles == {}


def test_a_cut_whose_name_is_not_forced_to_disk_yet_is_completed_later(plain, monkeypatch):
    plain.record()
    plain.watch((2.5, 3.0))

    def fails(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as context:
        context.setattr(finish, "sync_folder", fails)
        plain.run()
    assert [name for name in plain.names() if ".part." not in name] == ["gate.20260701.1000.cut"]
    while (task := plain.backlog.take(plain.clock.now_s + 6)) is not None:
        plain.work.do(task)
    plain.expect((1, 5))
    assert plain.names() == ["gate.20260701.1000.mp4"]


def test_a_part_that_does_not_hold_what_the_chunk_held_is_never_taken_for_it(plain, monkeypatch, caplog):
    plain.record()
    plain.watch((2.5, 3.0))
    monkeypatch.setattr(cut, "_copy", lambda *_: None)
    plain.run()
    assert plain.names() == ["gate.20260701.1000.mp4"]
    plain.expect((0, 10))
    assert "all of it is kept" in caplog.text


def test_without_a_word_on_disk_of_what_is_left_out_nothing_is_deleted(plain, monkeypatch):
    plain.record()
    plain.watch()

    def fails(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("pynvr.finisher.sieve.append_omissions", fails)
    plain.run()
    assert plain.names() == ["gate.20260701.1000.chunk"]


def test_parts_that_do_not_count_do_not_stay(plain, monkeypatch):
    plain.record()
    plain.watch((2.5, 3.0))

    def fails(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pynvr.finisher.sieve.append_omissions", fails)
    plain.run()
    assert plain.names() == ["gate.20260701.1000.chunk"]


def test_names_that_the_disk_refuses_are_given_as_soon_as_it_takes_them(plain, monkeypatch):
    plain.record()
    plain.watch((2.5, 3.0), (7.2, 7.2))

    def fails(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as failing:
        failing.setattr(cut, "make_folder", fails)
        plain.run()
    assert plain.names()[0] == "gate.20260701.1000.cut"
    # Nobody looks into the folder for it.
    plain.clock.now_s += 6
    while (task := plain.backlog.take(plain.clock.now_s)) is not None:
        plain.work.do(task)
    assert plain.names() == ["gate.20260701.1000.mp4", "gate.20260701.100006.mp4"]
    plain.expect((1, 5), (6, 9.2))


def test_parts_are_nobodys_only_if_their_chunk_is_gone_under_all_its_names(plain, monkeypatch):
    """Another finisher renames the chunk while this one reads the folder, whose list then has neither name."""
    plain.record()
    plain.watch((2.5, 3.0))
    die_at(plain, Step.PARTS_SYNCED)
    (part,) = plain.folder.glob("*.part.*")
    monkeypatch.setattr("pynvr.finisher.sight.os.listdir", lambda _: [part.name])
    plain.work.look(plain.folder, complete=False)
    assert part.exists()
    plain.path.rename(plain.path.with_suffix(".cut"))
    plain.work.look(plain.folder, complete=False)
    assert part.exists()
    plain.path.with_suffix(".cut").unlink()
    plain.work.look(plain.folder, complete=False)
    assert not part.exists()


def test_no_part_takes_a_name_that_is_taken(plain):
    plain.record()
    (plain.folder / "gate.20260701.100006.mp4").write_bytes(b"another")
    (plain.folder / "gate.20260701.100007.chunk").write_bytes(b"")
    plain.watch((2.5, 3.0), (7.2, 7.2))
    outcome = finish_chunk(plain.path, sieve=plain.sieve)
    assert isinstance(outcome, Sifted)
    assert [part.path.name for part in outcome.parts] == ["gate.20260701.1000.mp4", "gate.20260701.100008.mp4"]
    assert (plain.folder / "gate.20260701.100006.mp4").read_bytes() == b"another"


SIFT = [
    Step.CLAIMED,
    Step.PART_WRITTEN,
    Step.PART_SYNCED,
    Step.PARTS_SYNCED,
    Step.ACCOUNTED,
    Step.CUT,
    Step.CUT_SYNCED,
    Step.PART_NAMED,
    Step.PARTS_NAMED,
    Step.REST_REMOVED,
]


def die_at(camera, fatal, nth=1):
    """Sift in a process of its own that is killed when it comes to the step for the nth time."""
    child = os.fork()
    if child == 0:
        try:
            left = nth

            def witness(step):
                nonlocal left
                left -= step is fatal
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

            finish_chunk(next(camera.folder.glob("*.c*")), witness, camera.sieve)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it never came to {fatal}"


@pytest.mark.parametrize(
    ("step", "nth"),
    [*((step, 1) for step in SIFT), (Step.PART_WRITTEN, 2), (Step.PART_SYNCED, 2), (Step.PART_NAMED, 2)],
)
def test_killed_at_any_step_each_kept_frame_is_in_one_segment_afterwards(plain, step, nth):
    plain.record()
    plain.watch((2.5, 3.0), (7.2, 7.2))
    die_at(plain, step, nth)
    # At each moment the frames are all in the chunk, or in whole MP4s.
    if plain.path.exists():
        assert len(read_chunk(plain.path).frames) == 250
    else:
        held = [b for p in plain.folder.iterdir() if ".part." in p.name or p.suffix == ".mp4" for b in samples_of(p)]
        assert len(held) == 180
    plain.begin()
    plain.run()
    plain.expect((1, 5), (6, 9.2))
    assert plain.names() == ["gate.20260701.1000.mp4", "gate.20260701.100006.mp4"]
    with Store.open(plain.system.database) as store:
        assert len(store.segments.in_range(["gate"], 0, 1 << 62)) == 2


@pytest.mark.parametrize("step", SIFT[:5])
def test_killed_before_the_parts_count_another_decision_may_follow(plain, step):
    plain.record()
    plain.watch((2.5, 3.0), (7.2, 7.2))
    die_at(plain, step)
    # The analyser's word got lost meanwhile: nobody watched.
    for path in (plain.system.run_dir / "vigil").iterdir():
        path.unlink()
    plain.begin()
    plain.run()
    plain.clock.now_s += PATIENCE_S + 1.5
    plain.run()
    plain.work.look(plain.folder, complete=True)
    plain.expect((0, 10))
    assert plain.names() == ["gate.20260701.1000.mp4"]


@pytest.mark.parametrize("step", SIFT[5:9])
def test_killed_when_the_parts_count_whoever_comes_only_completes_it(plain, step):
    """Also one that knows nothing of motion: the mode was changed, or it is `pynvr recover`."""
    plain.record()
    plain.watch((2.5, 3.0), (7.2, 7.2))
    die_at(plain, step)
    (left,) = plain.folder.glob("*.cut")
    assert isinstance(finish_chunk(left), Sifted)
    plain.expect((1, 5), (6, 9.2))
    assert plain.names() == ["gate.20260701.1000.mp4", "gate.20260701.100006.mp4"]


def test_where_nothing_is_kept_a_death_between_account_and_deletion_is_told_right_in_the_end(plain):
    plain.record()
    plain.watch()
    die_at(plain, Step.ACCOUNTED)
    assert plain.path.exists() and plain.omitted() == [(0, 10)]
    plain.begin()
    plain.run()
    assert plain.names() == []


def test_an_undecided_chunk_is_not_read_again_until_there_is_news(plain, monkeypatch):
    plain.record()
    plain.watch(until_s=10.5)
    plain.run()
    reads = reads_noted(monkeypatch)
    for _ in range(5):
        plain.clock.now_s += 1
        plain.run()
    assert reads == []
    assert isinstance(finish_chunk(plain.path, sieve=plain.sieve), Undecided)
