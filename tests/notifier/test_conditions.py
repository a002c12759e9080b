from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pynvr.model.cause import Cause
from pynvr.model.notify import Service, Target
from pynvr.model.status import CameraStatus, Problem, ProcessStatus, ProgramStatus, Status
from pynvr.notifier.conditions import Standing, conditions_of
from pynvr.notifier.telling import Telling
from pynvr.notifier.wording import of_telling
from tests.notifier.samples import NOW, SENDER

PROGRAM = ProgramStatus("PyNVR", "1", "running", 1, 1, 1, "")


def camera(camera_id, cause="", since_us=5):
    return CameraStatus(camera_id, camera_id.title(), True, "", str(cause), "because", since_us)


def found(*cameras, problems=(), folders=None, processes=()):
    known: list[Any] = [
        SimpleNamespace(id=one.id, dst=Path((folders or {}).get(one.id, f"/srv/{one.id}"))) for one in cameras
    ]
    troubles = tuple(Problem(about, "it broke", 7) for about in problems)
    status = Status(PROGRAM, cameras=cameras, problems=troubles, processes=processes)
    settings: Any = SimpleNamespace(cameras=known)
    return conditions_of(status, settings)


@pytest.mark.parametrize(
    ("cause", "standing"),
    [
        ("", Standing.WELL),
        (Cause.UNREACHABLE, Standing.TROUBLED),
        (Cause.REFUSED, Standing.TROUBLED),
        (Cause.STALLED, Standing.TROUBLED),
        (Cause.FAULT, Standing.TROUBLED),
        (Cause.STARTING, Standing.UNKNOWN),
        (Cause.NOT_RUNNING, Standing.UNKNOWN),
        (Cause.DISK_FULL, Standing.UNKNOWN),
        (Cause.SCHEDULE, Standing.UNWANTED),
        (Cause.DISABLED, Standing.UNWANTED),
    ],
)
def test_a_camera_is_in_trouble_when_it_should_be_recorded_and_isnt(cause, standing):
    assert found(camera("gate", cause))["camera gate"].standing is standing


def test_a_full_disk_is_one_trouble_of_all_cameras_on_it():
    cameras = camera("a", Cause.DISK_FULL, 9), camera("b", Cause.DISK_FULL, 4), camera("c")
    disks = found(*cameras, folders={"a": "/srv", "b": "/srv", "c": "/other"})
    assert (disks["disk /srv"].standing, disks["disk /srv"].cameras) == (Standing.TROUBLED, ("a", "b"))
    assert (disks["disk /srv"].since_us, disks["disk /srv"].cause) == (4, Cause.DISK_FULL)
    assert disks["disk /other"].standing is Standing.WELL


def test_a_disks_message_names_its_cameras_as_people_call_them():
    full = found(camera("c1", Cause.DISK_FULL), camera("gate"), folders={"c1": "/srv", "gate": "/srv"})["disk /srv"]
    assert (full.cameras, full.called) == (("c1",), ("C1 (c1)",))
    words = of_telling(Telling("disk", True, (full,)), Target("mail", Service("")), SENDER, "key", NOW).text
    assert words.endswith("Cameras: C1 (c1).")


def test_of_a_disk_to_which_nothing_is_to_be_written_nothing_is_known():
    assert found(camera("a", Cause.UNREACHABLE))["disk /srv/a"].standing is Standing.UNKNOWN


def test_recording_that_is_switched_off_is_trouble_of_the_program():
    settings: Any = SimpleNamespace(cameras=())
    off = conditions_of(Status(replace(PROGRAM, recording_off_us=3)), settings)["system recording"]
    assert (off.standing, off.since_us) == (Standing.TROUBLED, 3)
    assert "system recording" not in found()


def test_problems_of_the_program_are_trouble_but_the_notifiers_own_and_those_of_recorders():
    names = found(problems=("finisher", "notifier", "recorder gate", "database"))
    assert list(names) == ["system finisher", "system database"]
    assert names["system finisher"].detail == "it broke"


@pytest.mark.parametrize(("state", "died"), [("running", False), ("backing off", True), ("starting", True)])
def test_a_part_whose_process_is_down_has_died(state, died):
    process = ProcessStatus("analyser", "analyser", 0, state)
    assert found(problems=["analyser"], processes=(process,))["system analyser"].died is died


@pytest.mark.parametrize(("cause", "died"), [(Cause.FAULT, True), (Cause.UNREACHABLE, False), (Cause.STARTING, False)])
def test_a_camera_whose_recorder_is_at_fault_has_died(cause, died):
    assert found(camera("gate", cause))["camera gate"].died is died
