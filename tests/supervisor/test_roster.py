"""Which children are wanted."""

from dataclasses import replace

from pynvr.model.settings import Detect, DetectorSettings, Record
from pynvr.supervisor.roster import wants_analyser
from tests.finisher.running import settings_of


def test_a_camera_recorded_by_motion_wants_an_analyser_though_detection_is_off(tmp_path):
    settings = settings_of(tmp_path)
    (camera,) = settings.cameras
    assert not wants_analyser(settings)

    def wants(**changes):
        return wants_analyser(replace(settings, cameras=(replace(camera, **changes),)))

    assert wants(detect=Detect(motion=DetectorSettings(enabled=True)))
    assert wants(record=Record(mode="motion"))
    assert not wants(record=Record(mode="motion"), enabled=False)
