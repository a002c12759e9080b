"""The server's own life: its process, its ports, what it says when it can't."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
from itertools import accumulate

import psutil
import pytest

from pynvr.base.errors import SimulatorError
from pynvr.simulator.camera import SimulatedCamera, exact_rate
from pynvr.simulator.server import SimulatorServer
from tests.simulator.watching import small, take, watching
from tests.waiting import PATIENCE_S, wait_until


def test_the_process_ends_with_the_server_and_shows_no_password():
    with SimulatorServer([small(user="admin", password="geheim")]) as server:
        process = psutil.Process(server.pid)
        assert "geheim" not in " ".join(process.cmdline())
        assert process.is_running()
    assert not psutil.pid_exists(process.pid)


def run_and_tell(tell):
    server = SimulatorServer([small()])
    server.start()
    tell.send(server.pid)
    signal.pause()


def test_the_process_ends_when_its_maker_is_killed():
    # Also: it can be started from a child of a forkserver, as the benchmarks do.
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    maker = context.Process(target=run_and_tell, args=(theirs,))
    maker.start()
    assert ours.poll(PATIENCE_S)
    pid = ours.recv()
    maker.kill()
    maker.join()
    wait_until(lambda: not psutil.pid_exists(pid), what="the cameras' end")


def test_a_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for own_process in (True, False):
            with pytest.raises(SimulatorError, match=f"127.0.0.1:{port}"):
                SimulatorServer([small()], port=port, own_process=own_process).start()


def test_two_simulators_never_share_a_port():
    with SimulatorServer([small()], own_process=False) as server:
        port = int(server.url("gate").split(":")[2].split("/")[0])
        with pytest.raises(SimulatorError, match="can't listen"):
            SimulatorServer([small()], port=port, own_process=False).start()


def test_a_clip_without_video_is_told(tmp_path):
    path = tmp_path / "no.mp4"
    path.write_bytes(b"no video at all")
    with pytest.raises(SimulatorError, match=r"no\.mp4"):
        SimulatorServer([small(clip=path)]).start()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "a/b"}, {"width": 63}, {"packet_bytes": 10}])
def test_a_camera_that_cannot_be_is_refused(wrong):
    with pytest.raises(SimulatorError):
        SimulatedCamera(**{"name": "gate", **wrong})


def test_unknown_names_are_told_with_the_known_ones():
    with SimulatorServer([small()], own_process=False) as server, pytest.raises(SimulatorError, match="gate"):
        server.sent("garden")


def test_cameras_of_one_scene_send_the_same_bytes():
    cameras = [small("one", scene="both"), small("two", scene="both")]
    with SimulatorServer(cameras, own_process=False) as server:
        seen = []
        for name in ("one", "two"):
            with watching(server.url(name)) as container:
                take(container, 25)
            seen.append({unit.core_sha256 for unit in server.sent(name)[0].track("video")})
    assert seen[0] == seen[1]


def test_without_a_record_nothing_is_kept():
    with SimulatorServer([small()], own_process=False, keep_sent=False) as server:
        with watching(server.url("gate")) as container:
            take(container, 3)
        assert server.sent("gate") == []


@pytest.mark.parametrize(("fps", "exact"), [(29.97, "30000/1001"), (23.976, "24000/1001"), (12.5, "25/2"), (15, "15")])
def test_rates_are_taken_for_what_they_mean(fps, exact):
    assert str(exact_rate(fps)) == exact


def test_the_command_prints_urls_that_play_and_ends_on_ctrl_c():
    command = [sys.executable, "-m", "pynvr.simulator", "--cameras", "2", "--port", "0", "--size", "192x108"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        urls = [process.stdout.readline().strip() for _ in range(2)]
        assert [url.rpartition("/")[2] for url in urls] == ["gate", "yard"]
        for url in urls:
            with watching(url) as container:
                assert {stream.type for stream in container.streams} == {"video", "audio"}
                assert take(container, 2)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0


def test_what_was_sent_can_be_taken_piece_by_piece_and_is_then_forgotten():
    with SimulatorServer([small()]) as server:
        taken = []
        for _ in range(2):
            with watching(server.url("gate")) as container:
                for _ in range(3):
                    take(container, 10)
                    taken.append(server.take("gate")[0])
            wait_until(lambda: server.playing("gate") == 0, what="the session's end")
            taken.append(server.take("gate")[0])
            assert server.take("gate") == [] == server.sent("gate")
    first, second = taken[:4], taken[4:]
    assert first[0].client != second[0].client
    for session in (first, second):
        units = [unit for piece in session for unit in piece.units]
        assert len(units) >= 30
        assert [unit.number for unit in units] == list(range(len(units)))
        assert [piece.dropped_units for piece in session] == [0, *accumulate(len(piece.units) for piece in session)][:4]
        assert session[-1].ended_us > 0
