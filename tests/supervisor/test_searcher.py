"""The searcher is there while the web process wants it, and knows no camera's password."""

import dataclasses

from pynvr.model.search import SEARCHER
from pynvr.model.settings import Settings
from pynvr.supervisor.roster import searcher
from tests.finisher.running import settings_of
from tests.waiting import wait_until

SECRET = "rtsp://anna:hush-hush@192.0.2.1/"


def test_it_steps_back_for_recording_and_learns_no_url(tmp_path):
    settings = settings_of(tmp_path, "gate")
    cameras = tuple(dataclasses.replace(camera, url=SECRET) for camera in settings.cameras)
    wanted = searcher(dataclasses.replace(settings, cameras=cameras), to_stderr=False)
    assert wanted.low_priority
    assert isinstance(wanted.order, Settings)
    assert "hush-hush" not in repr(dataclasses.asdict(wanted.order))


def test_it_comes_when_it_is_wanted_and_goes_when_it_isnt(supervised):
    one = supervised({"gate": "good"})
    one.start()
    one.wait_running("web", "finisher", "recorder gate")
    assert one.pid(SEARCHER) == 0
    recorder = one.pid("recorder gate")
    one.want(SEARCHER)
    one.wait_running(SEARCHER)
    one.want()
    wait_until(lambda: one.process_of(SEARCHER) is None, what="the searcher to go")
    assert one.pid("recorder gate") == recorder
    one.want(SEARCHER)
    one.wait_running(SEARCHER)
    assert one.stop() == 0
