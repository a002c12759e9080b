"""What a viewer of live view is told of a camera, from the master's status."""

from dataclasses import replace

import pytest

from pynvr.model.settings import Live, Record
from pynvr.model.status import CameraStatus, ProgramStatus, Status
from pynvr.web.api.standing import is_resting, sub_stream_trouble, watched
from tests.finisher.running import settings_of

PROGRAM = ProgramStatus("PyNVR", "0", "running", 1, 0, 0, "nvr.json")
TAKEN = {"state": "recording", "cause": "", "detail": ""}
REFUSED = {"state": "waiting", "cause": "refused", "detail": "401: wrong password"}
STARTING = {"state": "connecting", "cause": "starting", "detail": ""}


@pytest.fixture
def camera(tmp_path):
    return replace(settings_of(tmp_path).cameras[0], live=Live("rtsp://127.0.0.1/2"))


def status(camera, cause, sub=None, off_us=0):
    one = CameraStatus(camera.id, camera.id, True, "idle", cause, "why", 0, sub_stream=sub or {})
    return Status(replace(PROGRAM, recording_off_us=off_us), (), (one,))


@pytest.mark.parametrize(
    ("cause", "sub", "told"),
    [
        ("schedule", TAKEN, ("recording", "")),
        ("schedule", None, ("starting", "")),
        ("schedule", REFUSED, ("refused", "401: wrong password")),
        ("disabled", STARTING, ("starting", "")),
        ("stalled", TAKEN, ("stalled", "why")),
    ],
)
def test_where_nothing_is_recorded_the_sub_stream_counts(camera, cause, sub, told):
    assert watched(status(camera, cause, sub), camera) == told


def test_without_a_sub_stream_the_recording_counts(camera):
    plain = replace(camera, live=Live(), record=Record(mode="never"))
    assert watched(status(plain, "disabled"), plain) == ("disabled", "why")
    assert watched(None, camera)[0] == "PyNVR not running"
    assert watched(status(camera, "disabled"), None) == ("removed", "")


def test_while_recording_is_switched_off_nothing_is_about_to_come(camera):
    assert watched(status(camera, "disabled", off_us=5), camera) == ("disabled", "why")


@pytest.mark.parametrize(
    ("sub", "told"), [(None, ""), (TAKEN, ""), (STARTING, ""), (REFUSED, "refused: 401: wrong password")]
)
def test_why_a_sub_stream_is_away(camera, sub, told):
    assert sub_stream_trouble(status(camera, "", sub).cameras[0]) == told
    assert sub_stream_trouble(None) == ""


def test_who_rests(camera):
    assert [is_resting(status(camera, cause).cameras[0]) for cause in ("", "schedule", "disabled", "refused")] == [
        False,
        True,
        True,
        False,
    ]
