import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pynvr.base.files import make_folder
from pynvr.base.single import SingleInstance
from pynvr.cli.main import cli
from pynvr.cli.status import duration, size
from pynvr.model.status import CameraStatus, DiskStatus, Problem, ProcessStatus, ProgramStatus, Status

NOW_US = time.time_ns() // 1000


def camera(cause: str = "", **keys: object) -> CameraStatus:
    state = "waiting" if cause else "recording"
    return CameraStatus("gate", "Gate", True, state, cause, "401: wrong user" if cause else "", NOW_US, **keys)  # type: ignore[arg-type]


def status(*cameras: CameraStatus, problems: tuple[Problem, ...] = ()) -> Status:
    program = ProgramStatus(
        "Home", "0.1.0", "running", 42, NOW_US - 3_600_000_000, NOW_US, "/etc/nvr.json", "UTC", 1, 1
    )
    processes = (ProcessStatus("recorder gate", "recorder", 43, "running", 60, 0, 0.5, 9_000_000),)
    disks = (DiskStatus("/srv", 4_000_000_000_000, 3_000_000_000_000, 1_000_000_000_000, ("gate",)),)
    return Status(program, processes, cameras, disks, problems)


@pytest.fixture
def shown(tmp_path: Path):
    config = tmp_path / "nvr.json"
    config.write_text('{"system": {"data_dir": "data"}, "cameras": [{"id": "gate", "url": "rtsp://h/"}]}')
    run_dir = tmp_path / "data" / "run"
    make_folder(run_dir)

    def show(data: bytes, *options: str):
        (run_dir / "status.json").write_bytes(data)
        with SingleInstance(run_dir / "pynvr.lock"):
            return CliRunner().invoke(cli, ["--config", str(config), "status", *options], prog_name="pynvr")

    return show


def test_a_program_that_is_well_exits_with_0(shown):
    figures = {"fps": 24.98, "kbps": 4012.0}
    result = shown(status(camera(figures=figures, facts={"codec": "h264", "size": "1920x1080"})).to_json())
    assert result.exit_code == 0, result.output
    for word in ("Home (PyNVR 0.1.0) is running, for 1 h", "h264 1920x1080", "25.0", "4012", "/srv", "1 TB"):
        assert word in result.output


def test_without_a_user_the_link_that_makes_the_first_one_is_shown(shown, tmp_path):
    code = tmp_path / "data" / "run" / "setup-code"
    assert "setup" not in shown(status(camera()).to_json()).output
    code.write_text("abcdefghijklmnopqrstuvwx\n")
    link = "http://localhost:8080/setup?code=abcdefghijklmnopqrstuvwx"
    assert link in shown(status(camera()).to_json()).output
    assert link not in shown(status(camera()).to_json(), "--json").output


def test_what_a_file_system_keeps_for_root_is_told_where_it_shows(shown):
    found = status(camera())
    assert "kept for root" not in shown(found.to_json()).output
    disks = (replace(found.disks[0], free_bytes=800_000_000_000),)
    assert "Of /srv, 200 GB are kept for root" in shown(replace(found, disks=disks).to_json()).output


def test_a_system_without_a_name_of_its_own_is_named_once(shown):
    found = status(camera())
    data = replace(found, program=replace(found.program, name="PyNVR")).to_json()
    assert "PyNVR 0.1.0 is running" in shown(data).output
    assert "PyNVR (PyNVR" not in shown(data).output


def test_a_camera_shows_the_name_that_its_id_does_not_tell(shown):
    assert "Gate (gate)" in shown(status(camera()).to_json()).output
    assert "(gate)" not in shown(status(replace(camera(), name="gate")).to_json()).output


def test_a_camera_that_does_not_record_shows_no_figures_of_before(shown):
    result = shown(status(camera("refused", figures={"fps": 24.98, "kbps": 4012.0})).to_json())
    assert "25.0" not in result.output and "4012" not in result.output


def test_a_camera_that_should_be_recorded_and_is_not_exits_with_1(shown):
    result = shown(status(camera("refused")).to_json())
    assert result.exit_code == 1
    assert "refused: 401: wrong user" in result.output


@pytest.mark.parametrize("cause", ["disabled", "schedule", "starting"])
def test_a_camera_that_should_not_be_recorded_is_no_error(shown, cause):
    assert shown(status(camera(cause)).to_json()).exit_code == 0


def test_a_problem_is_shown_and_exits_with_1(shown):
    problem = Problem("configuration", "nvr.json: found a comma", NOW_US)
    result = shown(status(camera(), problems=(problem,)).to_json())
    assert result.exit_code == 1
    assert "! nvr.json: found a comma" in result.output


def test_processes_are_listed_on_wish(shown):
    data = status(camera()).to_json()
    assert "recorder gate" not in shown(data).output
    assert "recorder gate  43   running  1 min  0         0.5 s      9 MB" in shown(data, "--processes").output


def test_json_is_the_file_itself(shown):
    data = status(camera("refused")).to_json()
    result = shown(data, "--json")
    assert json.loads(result.output) == json.loads(data)
    assert result.exit_code == 1


def test_a_file_that_is_no_status_is_one_line(shown):
    result = shown(b'{"program": 1}')
    assert result.exit_code == 1
    assert "another version" in result.output and "Traceback" not in result.output


def test_what_is_written_is_read_again_and_unknown_keys_are_left_out():
    written = status(camera(figures={"fps": 25.0}, facts={"codec": "h264"}), problems=(Problem("x", "y", 1),))
    assert Status.from_json(written.to_json()) == written
    document = json.loads(written.to_json())
    document["program"]["tomorrow"] = 1
    assert Status.from_json(json.dumps(document).encode()) == written


def test_durations_and_sizes_are_short():
    assert [duration(seconds) for seconds in (0, 59, 61, 3600, 90_061)] == [
        "0 s",
        "59 s",
        "1 min 1 s",
        "1 h",
        "1 d 1 h",
    ]
    assert [size(count) for count in (0, 999, 1500, 9_300_000, 1_500_000_000_000)] == [
        "0 B",
        "999 B",
        "1.5 kB",
        "9.3 MB",
        "1.5 TB",
    ]
