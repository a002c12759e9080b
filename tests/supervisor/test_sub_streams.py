"""Sub-streams: taken in while somebody wants them, told apart from recording, and nothing of them stays."""

import os
import signal
from dataclasses import replace

import pytest

from pynvr.model.settings import Detect, DetectorSettings, Live, Record, Settings
from pynvr.supervisor.roster import keepers, sub_streams, wants_analyser
from tests.finisher.running import settings_of
from tests.supervisor.running import PASSWORD, url
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)


def both(part="ok", sub="ok", **more):
    return {"url": url(part), "live": {"url": url(sub)}, **more}


def sub_stream(one, camera_id="gate"):
    camera = one.camera(camera_id)
    return {} if camera is None else camera.sub_stream


def files(one):
    return [path for path in (one.data_dir / "run" / "live").rglob("*") if path.is_file()]


@pytest.fixture
def settings(tmp_path):
    settings = settings_of(tmp_path)
    live = Live("rtsp://user:sub-secret@192.0.2.7/2")
    return replace(settings, cameras=(replace(settings.cameras[0], live=live),))


def with_camera(settings, **changes):
    return replace(settings, cameras=(replace(settings.cameras[0], **changes),))


def test_only_what_is_there_and_wanted_is_taken_in(settings):
    camera = settings.cameras[0]
    name = f"live {camera.id}"
    (wanted,) = sub_streams(settings, {name, "live another", "searcher"}, to_stderr=False)
    assert (wanted.name, wanted.kind, wanted.camera_id) == (name, "live", camera.id)
    assert sub_streams(settings, set(), to_stderr=False) == []
    assert sub_streams(with_camera(settings, live=Live()), {name}, to_stderr=False) == []
    assert sub_streams(with_camera(settings, enabled=False), {name}, to_stderr=False) == []


def test_passwords_of_sub_streams_are_known_as_such_and_go_to_no_helper(settings):
    assert "sub-secret" in settings.secrets
    detecting = with_camera(settings, detect=Detect(motion=DetectorSettings(enabled=True)))
    helpers = keepers(detecting, to_stderr=False)
    assert [one.kind for one in helpers] == ["finisher", "analyser"]
    for one in helpers:
        assert isinstance(one.order, Settings)
        (camera,) = one.order.cameras
        assert camera.live.url
        assert "sub-secret" not in camera.live.url


def test_a_camera_that_is_only_watched_can_be_looked_at_by_the_analyser(settings):
    never = with_camera(settings, record=Record(mode="never"), detect=Detect(motion=DetectorSettings(enabled=True)))
    assert wants_analyser(never)
    assert not wants_analyser(with_camera(never, live=Live()))


def test_it_runs_while_it_is_wanted_and_its_files_go_with_it(supervised):
    one = supervised({"gate": both(), "yard": both(), "hall": "ok", "lost": both(sub="deaf")})
    left = one.data_dir / "run" / "live" / "gate" / "20250101" / "gate.20250101.1200.chunk"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a crash")
    one.start()
    one.wait_running("web", "recorder gate", "recorder yard")
    assert not left.exists()
    assert not [name for name in one.pids() if name.startswith("live")]
    assert sub_stream(one) == {}

    one.want("live gate", "live hall", "live nobody", "live lost")
    one.wait_running("live gate", "live lost")
    wait_until(lambda: sub_stream(one).get("state") == "recording", what="the sub-stream to be told of")
    assert sub_stream(one)["codec"] == "h264"
    assert [name for name in one.pids() if name.startswith("live")] == ["live gate", "live lost"]
    assert {path.parts[-3] for path in files(one)} == {"gate", "lost"}

    # Its death is no matter of the recording.
    recorder, first, since_us = one.pid("recorder gate"), one.pid("live gate"), one.camera("gate").since_us
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: one.pid("live gate") not in (0, first), what="another one")
    one.wait_running("live gate")
    camera = one.camera("gate")
    assert (one.pid("recorder gate"), camera.cause, camera.since_us) == (recorder, "", since_us)

    # Who switches recording off is seen by no way.
    assert "refused" not in one.ask("system.stop")
    wait_until(lambda: not one.pid("live gate") and not one.pid("recorder gate"), what="both to go")
    assert "refused" not in one.ask("system.start")
    one.wait_running("live gate", "recorder gate")

    # The one that is deaf is killed, and leaves what it had.
    one.want("live gate")
    wait_until(lambda: not one.pid("live lost"), what="it to go")
    wait_until(lambda: {path.parts[-3] for path in files(one)} == {"gate"}, what="its files to go")
    assert sub_stream(one, "lost") == {}

    assert one.stop() == 0
    assert not files(one)


def test_it_is_told_of_beside_the_recording_and_started_anew_for_another_address(supervised):
    door = both(sub="refused", record={"mode": "never"})
    one = supervised({"gate": both(sub="refused"), "door": door, "yard": both()})
    one.start()
    one.wait_running("web", "recorder gate", "recorder yard")
    one.want("live gate", "live door", "live yard")
    wait_until(lambda: sub_stream(one).get("cause") == "refused", what="the reason")
    wait_until(lambda: sub_stream(one, "door").get("cause") == "refused", what="the reason")
    assert sub_stream(one)["detail"].startswith("401")
    assert (one.camera("gate").cause, one.camera("door").cause) == ("", "disabled")
    assert one.status().problems == ()

    one.wait_running("live yard")
    recorder, first = one.pid("recorder yard"), one.pid("live yard")
    one.write({"gate": both(sub="refused"), "door": door, "yard": both(name="Back yard")})
    wait_until(lambda: one.camera("yard").name == "Back yard", what="the new name")
    assert one.pid("live yard") == first
    one.write({"gate": both(sub="refused"), "door": door, "yard": both(sub="other", name="Back yard")})
    wait_until(lambda: one.pid("live yard") not in (0, first), what="another one")
    assert one.pid("recorder yard") == recorder

    everything = one.said() + (one.data_dir / "run" / "status.json").read_text()
    everything += "".join(path.read_text() for path in one.data_dir.rglob("*.log"))
    assert PASSWORD not in everything
