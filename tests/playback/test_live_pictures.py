"""A camera's present as JPEGs, where the machine stands in the way."""

from types import SimpleNamespace

from pynvr.playback import live_pictures
from pynvr.playback.live_pictures import LivePictures
from pynvr.playback.live_queue import ShotQueue
from tests.playback.live_camera import ClipClock
from tests.waiting import wait_until


def test_a_feed_that_no_thread_can_be_started_for_is_told_once_however_often_it_is_tried(monkeypatch, caplog):
    monkeypatch.setattr(live_pictures, "_WAIT_S", 0.01)
    tries = []

    def refuse(samples):
        tries.append(samples)
        raise RuntimeError("can't start new thread")

    feed = SimpleNamespace(camera_id="gate", attach=refuse, detach=lambda _samples: None)
    pictures = LivePictures(feed, ClipClock())  # type: ignore[arg-type]
    queue = ShotQueue(lambda: None)
    pictures.attach(queue)
    wait_until(lambda: len(tries) > 3, what="it is tried again")
    pictures.detach(queue)
    wait_until(lambda: not pictures._runs, what="its thread to end")
    assert [(one.levelname, one.exc_info) for one in caplog.records] == [("WARNING", None)]
    assert "pictures of camera gate wait: can't start new thread" in caplog.text
