"""What viewers of a camera are given while its chunks grow."""

import pytest

from pynvr.archive.follower import ChunkFollower
from pynvr.archive.growth import Growth
from pynvr.playback.live_chunks import LiveChunks
from pynvr.playback.live_queue import MOST_FRAGMENTS
from tests.archive.clips import ANCHOR_US, KEYFRAME_EVERY, make_clip
from tests.playback.live_camera import UTC, ClipClock, Recorded, Viewer, live_threads, payloads, samples
from tests.starved import without_threads
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def clip():
    return make_clip(count=60)


@pytest.fixture(scope="module")
def sounding():
    return make_clip(count=48, audio_from_us=20_000)


@pytest.fixture
def camera(tmp_path):
    return Recorded(tmp_path)


@pytest.fixture
def feed(camera):
    feed = camera.feed()
    yield feed
    for queue in list(feed._queues):
        feed.detach(queue)
    wait_until(lambda: not live_threads(), 20, "the feed's thread to end")


def append(writer, frames):
    for frame in frames:
        writer.append(frame)


def test_a_viewer_begins_at_the_newest_keyframe(camera, feed, clip):
    append(camera.begin(clip), clip.frames[: 2 * KEYFRAME_EVERY + 5])
    viewer = Viewer(feed)
    got = viewer.take(5)
    assert samples(got) == payloads(clip.frames[2 * KEYFRAME_EVERY : 2 * KEYFRAME_EVERY + 5])
    assert [fragment.is_key for fragment in got] == [True] + 4 * [False]
    assert got[0].begin_s == 0
    assert [head.video.codec for head in viewer.heads] == ["h264"]


def test_a_viewer_for_whom_no_thread_can_be_started_leaves_nothing_behind(camera, feed, clip, monkeypatch):
    append(camera.begin(clip), clip.frames[:KEYFRAME_EVERY])
    with without_threads(monkeypatch), pytest.raises(RuntimeError):
        Viewer(feed)
    assert feed._queues == []
    assert samples(Viewer(feed).take(3)) == payloads(clip.frames[:3])


def test_frames_come_as_they_are_appended_each_once(camera, feed, clip):
    writer = camera.begin(clip)
    append(writer, clip.frames[:1])
    viewer = Viewer(feed)
    viewer.take(1)
    for frame in clip.frames[1:20]:
        writer.append(frame)
        (fragment,) = viewer.take(1)
        assert samples([fragment]) == payloads([frame])
        assert fragment.origin_us + round(fragment.begin_s * 1e6) == pytest.approx(frame.time_us, abs=20)


def test_who_comes_later_gets_the_group_of_pictures_so_far(camera, feed, clip):
    writer = camera.begin(clip)
    append(writer, clip.frames[:15])
    first = Viewer(feed)
    first.take(3)
    second = Viewer(feed)
    assert samples(second.take(3)) == payloads(clip.frames[12:15])
    assert len(second.heads) == 1
    writer.append(clip.frames[15])
    assert samples(first.take(1)) == samples(second.take(1)) == payloads(clip.frames[15:16])


def test_thirty_viewers_cost_one_reading_and_one_muxing(camera, feed, clip, monkeypatch):
    read = []
    payload = ChunkFollower.payload

    def counted(self, frame):
        read.append(frame)
        return payload(self, frame)

    monkeypatch.setattr(ChunkFollower, "payload", counted)
    writer = camera.begin(clip)
    append(writer, clip.frames[:1])
    viewers = [Viewer(feed) for _ in range(30)]
    for viewer in viewers:
        viewer.take(1)
    assert live_threads() == ["live gate"]
    append(writer, clip.frames[1:12])
    got = [viewer.take(11) for viewer in viewers]
    assert len(read) == 12
    assert feed.reads <= 12
    for others in got[1:]:
        assert all(one is other for one, other in zip(got[0], others, strict=True))


def test_nothing_runs_and_no_file_is_open_without_viewers(camera, feed, clip):
    append(camera.begin(clip), clip.frames[:3])
    assert not live_threads()
    viewer = Viewer(feed)
    viewer.take(3)
    assert live_threads() == ["live gate"]
    viewer.leave()
    wait_until(lambda: not live_threads(), 20, "the thread to end")
    reads = feed.reads
    camera.writers[0].append(clip.frames[3])
    assert feed.reads == reads
    again = Viewer(feed)
    assert samples(again.take(4)) == payloads(clip.frames[:4])


def test_the_next_chunk_goes_on_without_a_frame_lost_and_without_a_head(camera, feed, clip):
    first = camera.begin(clip)
    append(first, clip.frames[:12])
    viewer = Viewer(feed)
    viewer.take(12)
    append(first, clip.frames[12:24])
    second = camera.begin(clip)
    append(second, clip.frames[24:30])
    first.close()
    append(second, clip.frames[30:36])
    got = viewer.take(24)
    assert samples(got) == payloads(clip.frames[12:36])
    assert len(viewer.heads) == 1
    steps = [round((b.begin_s - a.begin_s) * 1e6) for a, b in zip(viewer.fragments, viewer.fragments[1:], strict=False)]
    assert max(steps) - min(steps) <= 1


def test_a_camera_that_comes_back_goes_on_right_behind_what_was_seen(camera, feed, clip):
    first = camera.begin(clip)
    append(first, clip.frames[:6])
    viewer = Viewer(feed)
    last = viewer.take(6)[-1]
    first.close()
    later_us = 25_000_000
    second = camera.begin(clip, at_us=ANCHOR_US + later_us)
    # Another connection counts from 0 again.
    append(second, [frame._replace(time_us=frame.time_us + later_us) for frame in clip.frames[:6]])
    got = viewer.take(6)
    assert samples(got) == payloads(clip.frames[:6])
    assert 0 < got[0].begin_s - last.begin_s < 0.2
    assert got[0].origin_us + round(got[0].begin_s * 1e6) == pytest.approx(ANCHOR_US + later_us, abs=20)
    assert len(viewer.heads) == 1


def test_another_sample_entry_brings_another_head(camera, feed, clip):
    other = make_clip(codec="libx265", count=12)
    first = camera.begin(clip)
    append(first, clip.frames[:3])
    viewer = Viewer(feed)
    viewer.take(3)
    second = camera.begin(other)
    first.close()
    append(second, other.frames[:3])
    got = viewer.take(3)
    assert [head.video.codec for head in viewer.heads] == ["h264", "hevc"]
    assert viewer.heads[0].number != viewer.heads[1].number == got[0].head
    assert samples(got) == payloads(other.frames[:3])
    assert 'codecs="hvc1.' in viewer.heads[1].plain_type


def test_a_slow_viewer_jumps_to_a_keyframe_and_the_others_lose_nothing(camera, feed, clip):
    writer = camera.begin(clip)
    writer.append(clip.frames[0])
    slow, quick = Viewer(feed), Viewer(feed)
    slow.take(1)
    quick.take(1)
    sent = 1
    span = clip.frames[-1].dts - clip.frames[0].dts + clip.frames[1].dts - clip.frames[0].dts
    frames = [
        frame._replace(pts=frame.pts + turn * span, dts=frame.dts + turn * span)
        for turn in range(4)
        for frame in clip.frames
    ]
    for frame in frames[1:]:
        writer.append(frame)
        quick.take(1)
        sent += 1
    assert samples(quick.fragments) == payloads(frames)
    rest = slow.take(sent - 1 - slow.queue.dropped)
    assert rest[0].is_key
    assert samples(rest) == payloads(frames[-len(rest) :])
    assert slow.queue.dropped + len(slow.fragments) == sent
    assert slow.queue.dropped > 0
    assert len(rest) <= MOST_FRAGMENTS


def test_sound_goes_to_those_who_want_it(camera, feed, sounding):
    writer = camera.begin(sounding)
    append(writer, sounding.frames)
    hearing, deaf = Viewer(feed, sound=True), Viewer(feed)
    newest = max(n for n, frame in enumerate(sounding.frames) if frame.track == 0 and frame.is_key)
    due = sounding.frames[newest:]
    got = hearing.take(len(due))
    assert samples(got) == payloads(due)
    assert samples(deaf.take(12)) == payloads(frame for frame in due if frame.track == 0)
    assert hearing.heads[0].has_sound
    assert "mp4a.40.2" in hearing.heads[0].sounding_type and "mp4a" not in hearing.heads[0].plain_type
    for fragment, frame in zip(got, due, strict=True):
        # On one time line, within the rounding of the two clocks.
        assert fragment.origin_us + round(fragment.begin_s * 1e6) == pytest.approx(frame.time_us, abs=60)


def test_a_chunk_that_a_crash_left_isnt_the_present(camera, feed, clip):
    left = camera.begin(clip)
    append(left, clip.frames[:6])
    left.close()
    viewer = Viewer(feed)
    writer = camera.begin(clip)
    append(writer, clip.frames[12:15])
    assert samples(viewer.take(3)) == payloads(clip.frames[12:15])


@pytest.fixture
def chunks(camera):
    growth = Growth()
    chunks = LiveChunks("gate", lambda: (camera.dst, UTC), ClipClock(), growth)
    yield chunks
    chunks.close()
    growth.close()


def test_a_folder_that_cant_be_read_for_a_moment_makes_nothing_old_new(camera, chunks, clip, monkeypatch):
    left = camera.begin(clip)
    append(left, clip.frames[:6])
    left.close()
    writer = camera.begin(clip)
    append(writer, clip.frames[12:15])
    assert len(chunks.read()[0]) == 3

    def fail(_):
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("pynvr.playback.live_chunks.os.listdir", fail)
        chunks._growth.appeared = True
        assert chunks.read() == ([], False)
    chunks._growth.appeared = True
    assert chunks.read() == ([], False)
    append(writer, clip.frames[15:16])
    (frame,), began = chunks.read()
    assert (frame.time_us, began, chunks.follower.path) == (clip.frames[15].time_us, False, writer.path)


def test_a_file_whose_name_is_no_time_holds_up_no_live_view(camera, chunks, clip):
    writer = camera.begin(clip)
    append(writer, clip.frames[:3])
    writer.path.with_name("gate.20261399.2561.chunk").touch()
    assert len(chunks.read()[0]) == 3


def test_a_camera_without_any_folder_yet_is_waited_for(camera, feed, clip):
    viewer = Viewer(feed)
    wait_until(live_threads, 20, "the feed's thread")
    append(camera.begin(clip), clip.frames[:2])
    assert samples(viewer.take(2)) == payloads(clip.frames[:2])


def test_growth_wakes_for_its_file_and_its_folder_and_an_interrupt(tmp_path):
    growth = Growth()
    path = tmp_path / "gate.chunk"
    path.write_bytes(b"1")
    growth.watch_file(path)
    growth.watch_folder(tmp_path)
    assert not growth.wait(0)
    path.write_bytes(b"2")
    seen = [(growth.wait(60), growth.appeared)]
    (tmp_path / "other").write_bytes(b"")
    seen.append((growth.wait(60), growth.appeared))
    assert seen == [(True, False), (True, True)]
    growth.interrupt()
    assert growth.wait(60)
    growth.watch_file(None)
    while growth.wait(0):
        pass  # the word that it is watched no more
    path.write_bytes(b"3")
    assert not growth.wait(0)
    growth.close()
