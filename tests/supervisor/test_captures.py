"""Captures as the master runs them, with real processes on a simulated camera."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from pynvr.archive.capture_folder import CaptureFolder, captures_in
from pynvr.base.clock import SystemClock
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.supervisor.captures import MOST, MOST_DEATHS, Captures, address_of
from pynvr.supervisor.restart import Ending
from tests.finisher.running import settings_of
from tests.supervisor.running import Supervised, is_alive
from tests.waiting import wait_until

PASSWORD = "capture-secret"


@pytest.fixture(scope="module")
def server():
    small: dict[str, Any] = {"width": 128, "height": 96, "fps": 10, "gop_s": 0.5, "loop_s": 4, "bitrate_kbps": 100}
    cameras = [
        SimulatedCamera(name="gate", user="admin", password=PASSWORD, **small),
        *(SimulatedCamera(name=f"more{number}", **small) for number in range(MOST)),
    ]
    with SimulatorServer(cameras, keep_sent=False) as started:
        yield started


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    one = Supervised(tmp_path_factory.mktemp("captures"), {})
    one.start()
    one.wait_running("web")
    yield one
    one.end()


@pytest.fixture
def running(program):
    """One for all tests but the last; each begins without captures."""
    yield program
    while "id" in program.ask("capture.stop"):
        pass


def capture_of(one, answer):
    assert "refused" not in answer, answer
    return CaptureFolder(one.data_dir / "captures" / answer["id"])


def wait_frames(folder, more_than=0):
    def there():
        state = folder.read()
        return state if state is not None and state.frames > more_than else None

    return wait_until(there, 60, lambda: f"more than {more_than} frames; it is {folder.read()}")


def test_a_capture_is_started_and_stopped_and_leaves_pictures(running, server):
    url = server.url("gate")
    folder = capture_of(running, running.ask("capture.start", url=url))
    assert wait_frames(folder, 15).state == "capturing"
    running.wait_running(f"capture {folder.id}")
    assert PASSWORD in url
    shown = Path(f"/proc/{running.pid(f'capture {folder.id}')}/cmdline").read_bytes()
    assert running.ask("capture.stop") == {"id": folder.id}
    wait_until(lambda: running.process_of(f"capture {folder.id}") is None, 60, "nobody in its place")
    assert (folder.read().width, folder.read().height) == (128, 96)
    assert folder.shots()
    everything = shown + b"".join(path.read_bytes() for path in running.data_dir.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in everything + running.said().encode()
    assert running.ask("capture.stop")["refused"] == "unknown"


def test_one_stream_is_captured_once_at_a_time(running, server):
    url = server.url("gate")
    first = running.ask("capture.start", url=url)
    refused = running.ask("capture.start", url=url.replace(f"admin:{PASSWORD}", "other:secret-too"))
    assert refused["refused"] == "conflict"
    assert refused["message"] == f"{url.replace(f'admin:{PASSWORD}', 'other:***')} is being captured already"
    assert running.ask("capture.stop", id=first["id"]) == first
    again = running.ask("capture.start", url=url)
    assert int(again["id"]) > int(first["id"])


def test_only_so_many_run_at_once(running, server):
    for number in range(MOST):
        assert "id" in running.ask("capture.start", url=server.url(f"more{number}"))
    assert running.ask("capture.start", url=server.url("gate"))["refused"] == "busy"


def test_a_killed_capture_goes_on(running, server):
    folder = capture_of(running, running.ask("capture.start", url=server.url("gate")))
    before = wait_frames(folder, 15)
    name = f"capture {folder.id}"
    running.wait_running(name)
    pid = running.pid(name)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: running.pid(name) not in (0, pid), 60, "another process")
    wait_frames(folder, before.frames + 10)
    assert folder.read().started_us == before.started_us


def test_a_url_that_nobody_answers_at_ends_by_itself_and_says_why(running):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"rtsp://admin:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/x"
        folder = capture_of(running, running.ask("capture.start", url=url, initial_timeout_s=1.0))
        state = wait_until(lambda: (s := folder.read()) and s.state == "ended" and s, 60, "the end")
    assert state.detail == "connected, but no video for 1 s"
    wait_until(lambda: running.process_of(f"capture {folder.id}") is None, 60, "nobody in its place")
    assert running.status().problems == ()


def test_a_wish_without_a_url_is_refused(running):
    before = len(captures_in(running.data_dir / "captures"))
    assert running.ask("capture.start")["refused"] == "invalid"
    assert running.ask("capture.start", url="")["refused"] == "invalid"
    assert running.ask("capture.start", url="rtsp://h/" + "x" * 5000)["refused"] == "invalid"
    assert running.ask("capture.stop", id="../../etc")["refused"] == "unknown"
    assert len(captures_in(running.data_dir / "captures")) == before


@pytest.mark.parametrize(
    "other",
    [
        "rtsp://CAM.lan/a?b=1",
        "RTSP://cam.lan:554/a?b=1",
        "rtsp://admin:pa:ss@word@cam.lan/a?b=1",
        " rtsp://admin@cam.lan/a?b=1 ",
    ],
)
def test_the_same_stream_by_another_name_is_the_same(other):
    assert address_of(other) == address_of("rtsp://cam.lan/a?b=1")


@pytest.mark.parametrize(
    "other",
    [
        "rtsp://cam.lan/A?b=1",
        "rtsp://cam.lan/a?b=2",
        "rtsp://cam.lan:8554/a?b=1",
        "rtsp://cam2.lan/a?b=1",
        "http://cam.lan/a?b=1",
        "rtsp://cam.lan:no-port/a?b=1",
    ],
)
def test_another_stream_is_another(other):
    assert address_of(other) != address_of("rtsp://cam.lan/a?b=1")


def test_a_capture_whose_process_dies_again_and_again_is_given_up(tmp_path, caplog):
    captures = Captures("x:run", SystemClock(), to_stderr=False)
    settings = settings_of(tmp_path)
    captures.start({"url": "rtsp://user:secret-word@127.0.0.1/a"}, settings)
    for number in range(MOST_DEATHS):
        (wanted,) = captures.wanted(settings)
        assert "given up" not in caplog.text, number
        captures.lost(wanted, Ending.DIED)
    assert captures.wanted(settings) == []
    assert f"{wanted.name} is given up" in caplog.text
    assert "secret-word" not in caplog.text


def test_a_stop_of_pynvr_ends_captures_too(program, server):
    """The last one: nothing runs after it."""
    folder = capture_of(program, program.ask("capture.start", url=server.url("gate")))
    wait_frames(folder, 15)
    program.wait_running(f"capture {folder.id}")
    pid = program.pid(f"capture {folder.id}")
    assert program.stop() == 0
    assert not is_alive(pid)
    assert folder.shots()
