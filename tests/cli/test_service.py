"""The service verbs, as a person types them; the real program, with a camera that nobody answers for."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pynvr.base.single import owner_of
from tests.ports import free_port
from tests.waiting import PATIENCE_S, wait_until

PYNVR = Path(sys.executable).parent / "pynvr"
INIT_SCRIPT = Path(__file__).parents[2] / "init.d" / "pynvr"


class Installation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "nvr.json"
        self.port = free_port()
        self.lock = folder / "data" / "run" / "pynvr.lock"
        self.system = {"data_dir": str(folder / "data"), "server": {"port": self.port}}
        self.write({"cameras": [{"id": "gate", "url": "rtsp://admin:planted-secret@127.0.0.1:9/x"}]})

    def write(self, document: dict[str, object]) -> None:
        self.config.write_text(json.dumps({"system": self.system, **document}))
        self.config.chmod(0o600)

    def run(self, *arguments: str, command: tuple[str | Path, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*(command or (PYNVR, "--config", self.config)), *arguments],
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            cwd=self.folder,
            check=False,
        )

    @property
    def pid(self) -> int | None:
        return owner_of(self.lock)

    def end(self) -> None:
        pid = self.pid
        if pid:
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def installed(tmp_path):
    installation = Installation(tmp_path)
    yield installation
    installation.end()


def test_start_status_restart_and_stop(installed):
    assert installed.run("status").returncode == 3
    started = installed.run("start")
    assert started.returncode == 0, started.stderr
    first = installed.pid
    assert (
        started.stdout
        == f"PyNVR has started, with 1 camera, as process {first}. Its site: http://localhost:{installed.port}\n"
    )

    again = installed.run("start")
    assert again.returncode == 4 and str(first) in again.stderr

    wait_until(lambda: "unreachable" in installed.run("status").stdout, 15, "the camera's state")
    status = installed.run("status", "--processes")
    assert status.returncode == 1
    assert "0 of 1 cameras record" in status.stdout and "recorder gate" in status.stdout
    told = json.loads(installed.run("status", "--json").stdout)
    assert told["program"]["pid"] == first and told["health"] == "error"
    assert told["cameras"][0]["cause"] == "unreachable"
    assert "planted-secret" not in status.stdout + json.dumps(told)

    assert installed.run("restart").returncode == 0
    assert installed.pid not in (None, first)
    assert installed.run("stop").returncode == 0
    assert installed.pid is None
    assert installed.run("status").returncode == 3
    assert installed.run("stop").returncode == 0


def test_a_start_without_a_site_says_why_and_records(installed):
    with socket.create_server(("127.0.0.1", installed.port)):
        for verb in ("start", "restart"):
            started = installed.run(verb)
            assert started.returncode == 0
            assert started.stdout == (
                f"PyNVR has started, with 1 camera, as process {installed.pid}. It records, but has no site yet:\n"
            )
            assert f"another program uses port {installed.port}; end it, or set" in started.stderr
    missing = {"certificate": "/no/such.pem", "key": "/no/such.key"}
    installed.write({"cameras": [], "system": {**installed.system, "server": {"port": installed.port, "tls": missing}}})
    started = installed.run("restart")
    assert (started.returncode, "can't read /no/such.pem" in started.stderr) == (0, True)


def test_the_service_in_the_background_has_left_terminal_session_and_folder(installed):
    assert installed.run("start").returncode == 0
    pid = installed.pid
    assert os.getsid(pid) != os.getsid(0)
    assert os.readlink(f"/proc/{pid}/cwd") == "/"
    assert {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in (0, 1, 2)} == {"/dev/null"}
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    assert int(parent) != os.getpid()
    assert installed.run("stop").returncode == 0


def test_a_mistake_in_the_configuration_fails_every_verb_with_2(installed):
    installed.write({"cameras": [{"id": "gate", "url": "rtsp://h/", "frame_timeout": "soon"}]})
    for verb in ("start", "restart", "foreground", "status", "stop"):
        ended = installed.run(verb)
        assert ended.returncode == 2, verb
        assert "cameras[0].frame_timeout" in ended.stderr


def test_a_mistake_is_told_before_a_restart_stops_anything(installed):
    assert installed.run("start").returncode == 0
    pid = installed.pid
    installed.config.write_text("{")
    assert installed.run("restart").returncode == 2
    assert installed.pid == pid


@pytest.mark.parametrize(
    "broken", ["no JSON", "an unknown key", "a word for a number", "another data directory", "no file"]
)
def test_what_runs_is_found_and_stopped_whatever_is_wrong_in_the_file(installed, broken):
    assert installed.run("start").returncode == 0
    pid = installed.pid
    document = json.loads(installed.config.read_text())
    if broken == "no JSON":
        installed.config.write_text('{"system": {"data_dir"')
    elif broken == "an unknown key":
        installed.write({**document, "camreas": []})
    elif broken == "a word for a number":
        document["cameras"][0]["frame_timeout"] = "soon"
        installed.write(document)
    elif broken == "another data directory":
        document["system"]["data_dir"] = str(installed.folder / "elsewhere")
        installed.write(document)
    else:
        installed.config.unlink()
    # A change is seen within two seconds; until then all is well with what runs.
    wait_until(lambda: installed.run("status").returncode == 1, 10, "the status to tell of a mistake")
    status = installed.run("status")
    assert f"as process {pid}" in status.stdout
    mistake = (
        "can be changed by `pynvr restart` only" if broken == "another data directory" else f"! {installed.config}"
    )
    wait_until(lambda: mistake in installed.run("status").stdout, 10, "the mistake")
    stopped = installed.run("stop")
    assert (stopped.returncode, installed.pid) == (0, None), stopped.stderr
    assert "has stopped" in stopped.stdout
    expected = (3, 0) if broken == "another data directory" else (2, 2)
    assert (installed.run("status").returncode, installed.run("stop").returncode) == expected


def test_a_broken_file_does_not_stop_the_pynvr_of_another(installed, tmp_path_factory):
    other = Installation(tmp_path_factory.mktemp("other"))
    assert installed.run("start").returncode == 0
    other.config.write_text("{")
    assert other.run("stop").returncode == 2
    assert installed.pid
    assert installed.run("stop").returncode == 0


def test_a_start_that_fails_in_the_background_is_told_in_the_foreground(installed):
    (installed.folder / "data").write_text("a file where the folder should be")
    ended = installed.run("start")
    assert ended.returncode == 1
    assert str(installed.folder / "data") in ended.stderr


def test_foreground_ends_in_order_on_ctrl_c(installed):
    process = subprocess.Popen(
        [PYNVR, "--config", installed.config, "foreground"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    wait_until(lambda: installed.pid == process.pid, 15, "the program to run in the very process")
    wait_until(lambda: installed.run("status").returncode == 1, 15, "a status")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "has stopped" in said and "planted-secret" not in said


def test_a_stale_status_is_no_running_program(installed):
    assert installed.run("start").returncode == 0
    os.kill(installed.pid, signal.SIGKILL)
    wait_until(lambda: installed.pid is None, 5, "the lock to be free")
    assert installed.run("status").returncode == 3
    assert installed.run("start").returncode == 0
    assert installed.run("stop").returncode == 0


@pytest.mark.skipif(os.getuid() != 0, reason="an init script is run by root")
def test_the_init_script_starts_tells_and_stops(installed):
    defaults = installed.folder / "default"
    defaults.write_text(f"PYNVR={PYNVR}\nCONFIG={installed.config}\nPYNVR_USER=root\n")
    script = installed.folder / "init-script"
    script.write_text(INIT_SCRIPT.read_text().replace("/etc/default/pynvr", str(defaults)))
    command = ("sh", script)
    assert installed.run("status", command=command).returncode == 3
    started = installed.run("start", command=command)
    assert started.returncode == 0, started.stderr
    assert installed.run("start", command=command).returncode == 0
    wait_until(lambda: installed.run("status").returncode == 1, 15, "the camera that can't be reached")
    assert installed.run("status", command=command).returncode == 0, "it runs, as LSB has it"
    assert installed.run("restart", command=command).returncode == 0
    assert installed.run("stop", command=command).returncode == 0
    assert installed.run("status", command=command).returncode == 3
    assert installed.run("nonsense", command=command).returncode == 2
    installed.write({"cameras": 1})
    assert installed.run("status").returncode == 2
    assert installed.run("status", command=command).returncode == 3
    defaults.write_text(f"PYNVR={PYNVR}\nCONFIG={installed.config}\nPYNVR_USER=nobody-of-that-name\n")
    assert installed.run("status", command=command).returncode == 4, "nothing was asked"
    defaults.write_text("PYNVR=/nowhere/pynvr\n")
    assert installed.run("status", command=command).returncode == 4
    assert installed.run("start", command=command).returncode == 5
