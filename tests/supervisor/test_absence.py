"""Why a camera has no recorder: which reason wins where there are several."""

from dataclasses import replace
from pathlib import Path

import pytest

from pynvr.config.json_text import read_json
from pynvr.config.schema import settings_from
from pynvr.model.cause import Cause
from pynvr.supervisor.absence import of_lost, of_none
from pynvr.supervisor.post import Ended
from pynvr.supervisor.preparation import Refusal
from pynvr.supervisor.restart import Ending

SETTINGS = settings_from(read_json(b'{"cameras": [{"id": "gate", "url": "rtsp://camera/1"}]}'), Path("/x/nvr.json"))
CAMERA = SETTINGS.cameras[0]
REFUSAL = Refusal(Cause.DISK_MISSING, "/srv isn't mounted")


@pytest.mark.parametrize(
    ("camera", "refusal", "is_off", "cause", "words"),
    [
        (replace(CAMERA, enabled=False), REFUSAL, True, Cause.DISABLED, "enabled is false"),
        (
            replace(CAMERA, record=replace(CAMERA.record, mode="never")),
            None,
            False,
            Cause.DISABLED,
            'record.mode is "never"',
        ),
        (CAMERA, REFUSAL, True, Cause.DISABLED, "recording of all cameras is switched off"),
        (CAMERA, REFUSAL, False, Cause.DISK_MISSING, "/srv isn't mounted"),
        (CAMERA, None, False, Cause.STARTING, "its disk is being looked at"),
    ],
)
def test_a_camera_without_a_post_says_what_a_person_would_mend_first(camera, refusal, is_off, cause, words):
    assert of_none(camera, refusal, is_off) == (cause, words)


@pytest.mark.parametrize(
    ("ending", "circumstances", "cause", "words"),
    [
        (Ending.DIED, {"stopping": True, "is_off": True}, Cause.NOT_RUNNING, "it was stopped"),
        (Ending.STOPPED, {"is_off": True}, Cause.DISABLED, "recording of all cameras is switched off"),
        (Ending.STOPPED, {"was_wished": True}, Cause.STARTING, "somebody restarted it"),
        (Ending.STOPPED, {}, Cause.STARTING, "its configuration was changed"),
        (Ending.DIED, {"was_wished": True}, Cause.FAULT, "the recorder was killed by SIGSEGV"),
    ],
)
def test_a_lost_recorder_is_explained_by_what_was_wanted(ending, circumstances, cause, words):
    ended = Ended(ending, "was killed by SIGSEGV", 7, None)
    asked = {"stopping": False, "is_off": False, "was_wished": False} | circumstances
    assert of_lost(ended, **asked) == (cause, words)
