"""The supervisor as a real process, with children that play a part (or, on wish, the real ones)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from pynvr.archive.audit_journal import audit_files, read_entries
from pynvr.archive.journal import journal_files, read_journal
from pynvr.model.audit import Entry
from pynvr.model.cause import Transition
from pynvr.model.status import CameraStatus, ProcessStatus, Status
from tests.waiting import PATIENCE_S, wait_until

PASSWORD = "planted-secret"


def url(part: str) -> str:
    return f"rtsp://admin:{PASSWORD}@127.0.0.1:9/{part}"


class Supervised:
    """One installation in a folder of its own. `cameras`: id → the part it plays, or keys of nvr.json."""

    def __init__(self, folder: Path, cameras: dict[str, Any], *options: str, **top: Any) -> None:
        self.folder, self.options, self.top = folder, options, top
        self.config = folder / "nvr.json"
        self.data_dir = folder / "data"
        self.output = folder / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.seen: set[int] = set()
        self.write(cameras)

    def write(self, cameras: dict[str, Any], **system: Any) -> None:
        listed = [
            {"id": camera_id, **(keys if isinstance(keys, dict) else {"url": url(keys)})}
            for camera_id, keys in cameras.items()
        ]
        document = {
            "system": {"data_dir": str(self.data_dir), "timezone": "UTC", **system}, "cameras": listed, **self.top,
        }  # fmt: skip
        self.write_text(json.dumps(document))

    def write_text(self, text: str) -> None:
        temporary = self.config.with_suffix(".new")
        temporary.write_text(text)
        temporary.chmod(0o600)
        temporary.replace(self.config)

    def entries(self) -> list[Entry]:
        """What the master told the audit log."""
        paths = audit_files(self.data_dir / "run").get("master", [])
        return [entry for path in paths for entry in read_entries(path)[0]]

    def start(self, **environment: str) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.supervisor.program", str(self.config), *self.options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE_S)

    def end(self) -> None:
        """Whatever is left of the processes that this one ever had."""
        if self.process is not None:
            self.remember()
            self.process.kill()
            self.process.wait()
        for pid in self.seen:
            try:
                if "pynvr" in " ".join(psutil.Process(pid).cmdline()):
                    os.kill(pid, signal.SIGKILL)
            except (psutil.NoSuchProcess, ProcessLookupError):
                pass

    def remember(self) -> None:
        self.seen |= {process.pid for process in self.status().processes if process.pid}

    def status(self) -> Status:
        try:
            return Status.from_json((self.data_dir / "run" / "status.json").read_bytes())
        except FileNotFoundError:
            return Status.from_json(
                b'{"program": {"name": "", "version": "", "state": "", "pid": 0, "since_us": 0, "written_us": 0,'
                b' "config": ""}, "processes": [], "cameras": [], "disks": [], "problems": []}'
            )

    def camera(self, camera_id: str) -> CameraStatus | None:
        return next((camera for camera in self.status().cameras if camera.id == camera_id), None)

    def process_of(self, name: str) -> ProcessStatus | None:
        return next((process for process in self.status().processes if process.name == name), None)

    def pid(self, name: str) -> int:
        found = self.process_of(name)
        return found.pid if found is not None else 0

    def pids(self) -> dict[str, int]:
        """Of all that stay: the preparation comes and goes."""
        processes = self.status().processes
        return {process.name: process.pid for process in processes if process.pid and process.name != "preparation"}

    def wait_running(self, *names: str) -> None:
        """Until each of these runs in a process of this start."""

        def all_run() -> bool:
            assert self.process is not None
            here = self.status().program.pid == self.process.pid
            processes = {process.name: process.state for process in self.status().processes}
            return here and all(processes.get(name) == "running" for name in names)

        wait_until(all_run, what=lambda: f"{names} to run; it said:\n{self.said()}")
        self.remember()

    def wait_cause(self, camera_id: str, cause: str) -> CameraStatus:

        def there() -> CameraStatus | None:
            camera = self.camera(camera_id)
            return camera if camera is not None and camera.cause == cause else None

        found = wait_until(there, what=lambda: f"{camera_id} to be {cause!r}; it said:\n{self.said()}")
        self.remember()
        assert found is not None
        return found

    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def want(self, *names: str) -> None:
        """What the (played) web process says with its beats that it wants."""
        (self.data_dir / "wants.new").write_text(json.dumps(names))
        (self.data_dir / "wants.new").replace(self.data_dir / "wants.json")

    def ask(self, kind: str, **about: Any) -> dict[str, Any]:
        """What the master answers to a wish of the (played) web process."""
        answer = self.data_dir / "answer.json"
        answer.unlink(missing_ok=True)
        (self.data_dir / "wish.new").write_text(json.dumps({"kind": kind, "within_s": 60, **about}))
        (self.data_dir / "wish.new").replace(self.data_dir / "wish.json")
        wait_until(answer.exists, 60, lambda: f"an answer to {kind}; it said:\n{self.said()}")
        found: dict[str, Any] = json.loads(answer.read_text())
        return found

    def transitions(self, camera_id: str) -> list[Transition]:
        found = [t for path in journal_files(self.data_dir / "run") for t in read_journal(path)[0]]
        return [transition for transition in found if transition.camera_id == camera_id]

    def causes(self, camera_id: str) -> list[str]:
        return [transition.cause.value for transition in self.transitions(camera_id)]


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
