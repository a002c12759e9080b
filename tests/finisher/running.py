"""A finisher in a process of its own, with the master's end of its heart."""

import multiprocessing
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

from pynvr.base.heart import Beat, Heart
from pynvr.finisher.process import run
from pynvr.model.settings import Camera, Record, Retention, Retry, Server, Settings, System
from tests.waiting import PATIENCE_S, wait_until

ZONE = ZoneInfo("UTC")


def settings_of(base: Path, *camera_ids: str) -> Settings:
    data = base / "data"
    data.mkdir(exist_ok=True)
    system = System(
        name="test",
        data_dir=data,
        jpg_cache_dir=data / "jpg",
        mp4_cache_dir=data / "mp4",
        log_dir=data / "log",
        camera_log_dir=data / "log",
        timezone=ZONE,
        segment_s=60,
        durability_s=5,
        database=f"sqlite:///{data}/nvr.db",
        server=Server(),
    )
    cameras = tuple(
        Camera(
            id=camera_id,
            url="rtsp://localhost/",
            name=camera_id,
            description="",
            dst=base / camera_id,
            enabled=True,
            initial_timeout_s=30,
            frame_timeout_s=5,
            retry=Retry(),
            transport="tcp",
            audio="auto",
            record=Record(),
            retention=Retention(),
        )
        for camera_id in camera_ids or ("gate",)
    )
    for camera in cameras:
        camera.dst.mkdir(exist_ok=True)
    return Settings(base / "nvr.json", system, cameras, ())


@dataclass
class Running:
    """`process`: the child; `beats`: what it said, renewed by `listen`."""

    process: BaseProcess
    channel: socket.socket
    beats: list[Beat] = field(default_factory=list)

    def listen(self) -> Beat | None:
        """The latest beat."""
        while True:
            try:
                data = self.channel.recv(65_536)
            except BlockingIOError:
                break
            if not data:
                break
            self.beats.append(Beat.from_bytes(data))
        return self.beats[-1] if self.beats else None

    def figure(self, name: str) -> float:
        beat = self.listen()
        return beat.figures[name] if beat else -1

    def stop(self) -> int | None:
        self.process.terminate()
        self.process.join(PATIENCE_S)
        return self.process.exitcode


@contextmanager
def running_finisher(settings: Settings, before=lambda: None):
    """`before` is called in the child."""
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mine.setblocking(False)

    def body():
        mine.close()
        before()
        heart = Heart(its)
        heart.listen_to_signals()
        run(heart, settings)

    process = multiprocessing.get_context("fork").Process(target=body)
    process.start()
    its.close()
    running = Running(process, mine)
    try:
        yield running
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        mine.close()


def wait_for_beat(running: Running) -> None:
    wait_until(running.listen, what="the finisher's first beat")
