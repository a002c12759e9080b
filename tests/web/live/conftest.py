"""The whole of PyNVR recording simulated cameras, made once for all tests of live view."""

import time

import pytest

from pynvr.config.load import load
from pynvr.simulator.camera import SimulatedCamera
from pynvr.simulator.server import SimulatorServer
from pynvr.store.store import Store
from tests.end_to_end.program import Program
from tests.web.live.watching import FPS, log_in, wait_serving
from tests.web.running import add_users

CAMERAS = (
    SimulatedCamera("gate", width=480, height=270, fps=FPS, gop_s=1, bitrate_kbps=300, audio="aac", live=True),
    SimulatedCamera("yard", width=480, height=360, codec="hevc", fps=FPS, gop_s=1, bitrate_kbps=200, loop_s=2),
    SimulatedCamera("busy", width=640, height=360, fps=FPS, gop_s=1, bitrate_kbps=3000, loop_s=2),
)


@pytest.fixture(scope="package")
def simulator():
    with SimulatorServer(CAMERAS) as server:
        yield server


@pytest.fixture(scope="package")
def program(simulator, tmp_path_factory):
    cameras = [{"id": name, "url": simulator.url(name)} for name in simulator.cameras]
    made = Program(tmp_path_factory.mktemp("live"), cameras)
    add_users(made.config)
    made.start()
    try:
        made.wait_recording(*simulator.cameras)
        wait_serving(made.port)
        yield made
    finally:
        made.end()


@pytest.fixture(scope="package")
def cookie(program):
    return log_in(program.port)


@pytest.fixture
def token(program):
    with Store.open(load(program.config).system.database) as store:
        return store.tokens.create(f"live {time.time_ns()}", "viewer", time.time_ns() // 1000)
