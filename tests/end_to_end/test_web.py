"""The site beside recording: what it gives away is what was sent, and whatever happens to it no recorder notices.

The tests stand in the order in which things happen to the one program they share; the last ones look at what is left.
"""

import hashlib
import http.client
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.sent import hash_sample
from pynvr.simulator.server import SimulatorServer
from tests.end_to_end.losses import assert_nothing_lost, recording_of
from tests.end_to_end.program import PYNVR, Program, dated, ffmpeg_complaints, frames_of
from tests.end_to_end.site import Answer, Site
from tests.gst_server import GstServer
from tests.playback.watching import gstreamer, probe, samples
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)

SEGMENT_S = 10
STEERED_S = 0.5
PROVED = ("gate", "yard")
# `dock` sends more than the kernel holds for a client that doesn't read; `late` isn't in nvr.json at first.
CAMERAS = [
    SimulatedCamera("gate", width=320, height=240, fps=25, gop_s=1, bitrate_kbps=300, live=True),
    SimulatedCamera("yard", codec="hevc", width=320, height=240, fps=15, gop_s=2, bitrate_kbps=200, live=True),
    SimulatedCamera("dock", width=640, height=360, fps=15, gop_s=1, bitrate_kbps=8000, loop_s=4),
    SimulatedCamera("hall", width=160, height=120, fps=10, gop_s=1, bitrate_kbps=100),
    SimulatedCamera("late", width=160, height=120, fps=10, gop_s=1, bitrate_kbps=100),
]
# `door` is GStreamer's.
RECORDERS = ("gate", "yard", "dock", "hall", "door")
# Live pictures that are drawn too slowly make true gaps.
WATCHED = ("hall", "door")
MUCH_BYTES = 6_000_000
DOOR_GOP_FRAMES = 25


@dataclass(frozen=True)
class Taken:
    """A range as it was downloaded while its last part was growing."""

    camera: str
    from_us: int
    to_us: int
    answer: Answer

    @property
    def path(self) -> str:
        return range_path(self.camera, self.from_us, self.to_us)


@dataclass
class House:
    """`axes`: every answer of the time axis, asked for all the time."""

    program: Program
    server: SimulatorServer
    site: Site
    axes: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)
    recorders: dict[str, int] = field(default_factory=dict)

    def pids(self) -> dict[str, int]:
        return {name: self.program.pid_of(f"recorder {name}") for name in RECORDERS}

    def pieces(self, camera: str) -> list[dict[str, Any]]:
        now_s = time.time()
        found = self.site.payload(f"/api/1/camera/{camera}/segments?from={now_s - 3600:.0f}&to={now_s + 60:.0f}")
        return list(found["segments"])

    def frames_us(self, camera: str, from_us: int, to_us: int) -> list[int]:
        found = self.site.payload(f"/api/1/camera/{camera}/frames?from={stamp(from_us)}&to={stamp(to_us)}")
        return [round(at_s * 1e6) for at_s in found["frames"]]

    def replaced(self, name: str, before: int) -> None:
        wait_until(lambda: self.program.pid_of(name) not in (0, before), 40, f"another {name}")


def stamp(at_us: int) -> str:
    return f"{at_us // 1_000_000}.{at_us % 1_000_000:06d}"


def range_path(camera: str, from_us: int, to_us: int) -> str:
    return f"/api/1/camera/{camera}.range.{stamp(from_us)}.to.{stamp(to_us)}.mp4"


def us(at_s: float) -> int:
    return round(at_s * 1e6)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    door = GstServer(audio="aac", gop_frames=DOOR_GOP_FRAMES)
    with SimulatorServer(CAMERAS) as server:
        door.start()
        urls = {name: server.url(name) for name in RECORDERS[:-1]} | {"door": door.url}
        listed: list[dict[str, Any]] = [{"id": name, "url": url} for name, url in urls.items()]
        program = Program(tmp_path_factory.mktemp("web"), listed, {"segment_seconds": SEGMENT_S})
        try:
            program.start()
            program.wait_recording(*RECORDERS)
            yield House(program, server, Site(program.port))
        finally:
            program.end()
            door.stop()


@pytest.fixture(scope="module", autouse=True)
def watched(house):
    """The time axis is asked for as long as the module's tests run, by a user of its own."""
    add_user(house, "watcher", "viewer")
    stopping = threading.Event()
    thread = threading.Thread(target=watch_axis, args=(house, stopping))
    thread.start()
    yield stopping
    stopping.set()
    thread.join()


def add_user(house: House, name: str, role: str) -> None:
    words = [str(PYNVR), "--config", str(house.program.config), "user", "add", name, "--role", role, "--password-stdin"]
    subprocess.run(words, input=f"{name}-password", text=True, check=True, timeout=60)


def watch_axis(house: House, stopping: threading.Event) -> None:
    site = Site(house.program.port)
    site.wait()
    assert site.log_in("watcher", "watcher-password").status == 200
    now_s = time.time()
    path = f"/api/1/timeline?camera_ids={','.join(WATCHED)}&from={now_s - 600:.0f}&to={now_s + 600:.0f}"
    while not stopping.wait(0.25):
        with suppress(OSError, http.client.HTTPException):  # it is being killed
            answer = site.get(path)
            if answer.status == 200:
                house.axes.append(answer.json["payload"])


def take(house: House, camera: str) -> Taken:
    """Over a border, of a time whose end is in a chunk that grows before and after the download.

    It ends with the very instant at which a frame begins, as the site tells it.
    """

    def attempt() -> Taken | None:
        pieces = house.pieces(camera)
        if len(pieces) < 2 or pieces[-2]["growing"] or not pieces[-1]["growing"]:
            return None
        before, growing = pieces[-2:]
        if growing["end"] - growing["start"] < 2 or before["end"] - before["start"] < 4:
            return None
        frames_us = house.frames_us(camera, us(growing["start"]) + 700_000, us(growing["end"]) - 500_000)
        from_us, to_us = us(before["end"]) - 2_345_678, frames_us[-1]
        answer = house.site.get(range_path(camera, from_us, to_us))
        still = house.pieces(camera)[-1]
        return (
            Taken(camera, from_us, to_us, answer) if still["stamp"] == growing["stamp"] and still["growing"] else None
        )

    found = wait_until(attempt, 40, f"a range of {camera} whose end is growing")
    assert found is not None
    return found


def recorded_in(program: Program, taken: Taken) -> list[str]:
    """Digests of the frames shown in the range, as index and files have them; the one that stands at its start too.

    At a border where the camera's clock was corrected backwards the segments overlap: then both are whole.
    """
    found: list[str] = []
    at_its_end = False
    for one in dated(program, taken.camera):
        if one.end_us <= taken.from_us or one.start_us >= taken.to_us:
            continue
        frames = frames_of(one.path)
        first_s = min(frame.time_s for frame in frames)
        times = [one.start_us + us(frame.time_s - first_s) for frame in frames]
        begin = 0 if found else max(n for n, at_us in enumerate(times) if n == 0 or at_us <= taken.from_us)
        found += [frame.digest for frame, at_us in zip(frames, times, strict=True) if at_us < taken.to_us - 1][begin:]
        at_its_end = at_its_end or any(abs(at_us - taken.to_us) <= 1 for at_us in times)
    assert at_its_end, "a frame begins with the end"
    return found


def shown_digests(path: Path) -> list[str]:
    """Of the frames that a player shows; what an edit list hides is left out."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        packets = [packet for packet in container.demux(stream) if packet.size and not packet.is_discard]
        return [hash_sample(bytes(packet), codec) for packet in packets]


def read_to(answer: http.client.HTTPResponse, size: int) -> bytes:
    got = b""
    while len(got) < size and (piece := answer.read(min(65_536, size - len(got)))):
        got += piece
    return got


def long_range(house: House, first: int) -> tuple[str, list[dict[str, Any]]]:
    """Of `dock` from its segment of that number on up to now, several MB; and all its segments."""

    def enough() -> list[dict[str, Any]]:
        pieces = house.pieces("dock")
        finished = [piece for piece in pieces if not piece["growing"]]
        return pieces if sum(piece["bytes"] for piece in finished[first:]) > MUCH_BYTES else []

    pieces = wait_until(enough, 60, "segments of dock")
    return range_path("dock", us(pieces[first]["start"]) + 1_000_000, us(pieces[-1]["end"]) - 500_000), pieces


def test_a_user_made_on_the_command_line_logs_in_and_nobody_else(house):
    add_user(house, "admin", "admin")
    house.site.wait()
    assert house.site.get("/api/cameras").status == 401
    assert house.site.log_in("admin", "another-password").status == 401
    assert house.site.log_in("admin", "admin-password").status == 200
    assert {one["id"] for one in house.site.get("/api/cameras").json["cameras"]} == set(RECORDERS)
    house.recorders = house.pids()


def test_a_camera_added_over_http_is_recorded_and_no_other_is_disturbed(house):
    added = house.site.send("POST", "/api/cameras", {"id": "late", "url": house.server.url("late")})
    assert added.status == 201, added.body
    house.program.wait_recording("late", timeout_s=20)
    wait_until(lambda: [piece for piece in house.pieces("late") if piece["frames"] > 5], 20, "its frames on the site")
    before = house.program.pid_of("recorder late")
    changed = house.site.send("PATCH", "/api/cameras/late", {"frame_timeout": 7})
    assert changed.status == 200, changed.body
    house.replaced("recorder late", before)
    house.program.wait_recording("late")
    assert house.pids() == house.recorders


@pytest.mark.parametrize("camera", [*PROVED, "door"])
def test_a_range_over_a_border_into_the_growing_minute_is_downloaded(house, camera):
    taken = house.taken[camera] = take(house, camera)
    assert taken.answer.status == 200
    assert len(taken.answer.body) == int(taken.answer.headers["content-length"])


@pytest.mark.parametrize("camera", PROVED)
def test_the_command_exports_the_same_bytes(house, camera):
    taken, out = house.taken[camera], house.program.folder / f"{camera}.mp4"
    done = house.program.command("export", camera, stamp(taken.from_us), stamp(taken.to_us), str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == taken.answer.body


def test_what_the_reaper_wants_stays_while_it_is_downloaded(house):
    path, pieces = long_range(house, 2)
    whole = house.site.get(path)
    folder = house.program.data_dir / "cameras" / "dock"
    segments = [folder / one["stamp"][:8] / f"dock.{one['stamp']}.mp4" for one in pieces if not one["growing"]]
    with house.site.reading(path) as answer:
        got = read_to(answer, 100_000)
        limit(house, max_gb=0.0001)
        wait_until(lambda: not segments[0].exists(), 40, "the segment that nobody reads to be deleted")
        # The second one may reach into the third, where the camera's clock was corrected backwards.
        assert all(path.exists() for path in segments[2:])
        got += read_to(answer, len(whole.body))
    assert got == whole.body
    limit(house, max_gb=0.0002)  # the reaper looks at once
    wait_until(lambda: not any(path.exists() for path in segments), 40, "those to be deleted that were read")
    limit(house)
    assert house.pids() == house.recorders


def limit(house: House, **limits: float) -> None:
    answer = house.site.send("PATCH", "/api/cameras/dock", {"retention": limits or None})
    assert answer.status == 200, answer.body


def test_a_download_cut_by_a_kill_goes_on_where_it_ended(house):
    path, _ = long_range(house, 0)
    whole = house.site.get(path)
    web = house.program.pid_of("web")
    with house.site.reading(path) as answer:
        tag = answer.headers["ETag"]
        got = read_to(answer, 100_000)
        os.kill(web, signal.SIGKILL)
        with suppress(OSError, http.client.HTTPException):
            while piece := answer.read1(65_536):
                got += piece
    assert len(got) < len(whole.body), "the client had it all before the kill"
    house.replaced("web", web)
    house.site.wait()
    rest = house.site.get(path, {"Range": f"bytes={len(got)}-", "If-Range": tag})
    assert rest.status == 206
    assert rest.headers["content-range"] == f"bytes {len(got)}-{len(whole.body) - 1}/{len(whole.body)}"
    assert got + rest.body == whole.body
    other = house.site.get(path, {"Range": f"bytes={len(got)}-", "If-Range": '"another"'})
    assert (other.status, other.body) == (200, whole.body)


def test_a_web_that_stands_still_over_a_border_holds_up_no_recorder(house):
    web = house.program.pid_of("web")
    counts = {name: len(house.program.segments(name)) for name in RECORDERS}
    os.kill(web, signal.SIGSTOP)
    try:
        wait_until(
            lambda: all(len(house.program.segments(name)) > count for name, count in counts.items()), 40, "segments"
        )
    finally:
        os.kill(web, signal.SIGCONT)
    house.site.wait()
    assert house.pids() == house.recorders


def test_a_web_that_ends_is_started_again(house):
    web = house.program.pid_of("web")
    os.kill(web, signal.SIGTERM)
    house.replaced("web", web)
    house.site.wait()
    assert house.site.get("/api/me").json["name"] == "admin", "a restart logs nobody out"
    assert house.pids() == house.recorders


def long_gaps(axis):
    """Those that aren't the clock of a camera being steered where its first segment ends."""
    return [gap for gap in axis["gaps"] if gap[1] - gap[0] > STEERED_S]


def test_the_time_axis_has_never_shown_a_gap(house, watched):
    watched.set()
    assert len(house.axes) > 10
    for camera in WATCHED:
        axes = [axis["cameras"][camera] for axis in house.axes]
        shown = [axis for axis in axes if axis["spans"]]
        breaks = [(a[1], b[0]) for axis in shown for a, b in pairwise(axis["spans"]) if b[0] - a[1] > STEERED_S]
        assert breaks == []
        # Of a minute finished just now only the stamp may be known: it begins too early for a moment.
        start_s = max(axis["spans"][0][0] for axis in shown)
        late = [(gap, axis["spans"]) for axis in shown for gap in long_gaps(axis) if gap[0] >= start_s]
        assert late == []
        ends = [axis["spans"][-1][1] for axis in shown]
        assert ends == sorted(ends) and ends[-1] - ends[0] > 2 * SEGMENT_S


def is_finished(house: House, taken: Taken) -> bool:
    return any(one["end"] * 1e6 > taken.to_us and not one["growing"] for one in house.pieces(taken.camera))


def test_a_range_is_the_same_after_its_minute_was_finished(house):
    for camera, taken in house.taken.items():
        wait_until(lambda taken=taken: is_finished(house, taken), 30, "the border")  # type: ignore[misc]
        again = house.site.get(taken.path)
        assert again.body == taken.answer.body, camera
        assert again.headers["etag"] == taken.answer.headers["etag"]


def test_it_stops_and_no_frame_of_any_camera_is_lost(house):
    stopped_us = time.time_ns() // 1000
    assert house.program.stop() == 0
    completed = house.program.command("reindex")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    for camera in PROVED:
        sessions = house.server.sent(camera)
        assert len(sessions) == 1, "a connection was given up"
        assert_nothing_lost(recording_of(sessions, house.program.segments(camera)), stopped_us)


@pytest.mark.parametrize("camera", PROVED)
def test_the_range_has_exactly_the_frames_sent_in_it_and_its_end_is_exclusive(house, camera, tmp_path):
    taken, path = house.taken[camera], tmp_path / "range.mp4"
    path.write_bytes(taken.answer.body)
    expected = recorded_in(house.program, taken)
    assert shown_digests(path) == expected
    sent = [unit.core_sha256 for unit in house.server.sent(camera)[0].track("video")]
    first = sent.index(expected[0])
    assert sent[first : first + len(expected)] == expected
    assert ffmpeg_complaints(path) == ""


def test_a_camera_that_nobody_here_wrote_is_played_by_ffprobe_and_gstreamer(house, tmp_path):
    path = tmp_path / "door.mp4"
    path.write_bytes(house.taken["door"].answer.body)
    found = {one["codec_type"]: one for one in probe(path)["streams"]}
    assert (found["video"]["codec_name"], found["audio"]["codec_name"]) == ("h264", "aac")
    assert int(found["video"]["nb_read_frames"]) == len(shown_digests(path))
    read = gstreamer(path)
    video, audio = (
        [hashlib.md5(one.payload).hexdigest() for one in samples(path, kind)] for kind in ("video", "audio")
    )
    # qtdemux reckons what an edit list hides in front as shown, and leaves out as much (to a keyframe) at the end.
    assert len(video) - len(read["video"]) < DOOR_GOP_FRAMES
    assert read["video"] == video[: len(read["video"])]
    # It leaves out what an edit list hides: sound for the decoder in front, and what isn't heard any more.
    lacking = len(audio) - len(read["audio"])
    assert 0 <= lacking <= 4
    assert read["audio"] in [audio[first : len(audio) - lacking + first] for first in range(lacking + 1)]
    assert ffmpeg_complaints(path) == ""


def test_nothing_went_wrong_that_was_not_made_to(house):
    log = (house.program.data_dir / "log" / "pynvr.log").read_text()
    assert [line for line in log.splitlines() if " ERROR " in line or "Traceback" in line] == []
    verified = house.program.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
