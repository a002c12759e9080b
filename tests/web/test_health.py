import re

import pytest

from pynvr.model.status import Problem
from pynvr.web.health import Health, judged
from pynvr.web.traffic import ENVIRON_KEY, Traffic
from tests.web.making import NOW_US, make_site
from tests.web.statuses import camera, status

PROBLEM = Problem("web", "web: can't listen on 0.0.0.0:80", NOW_US)


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


@pytest.mark.parametrize(
    ("written", "health"),
    [
        (None, Health.ERROR),
        (status(camera()), Health.OK),
        (status(), Health.OK),  # no camera yet
        (status(camera(), camera("yard", "unreachable")), Health.DEGRADED),
        (status(camera(), problems=(PROBLEM,)), Health.DEGRADED),
        (status(camera(cause="unreachable")), Health.ERROR),
        (status(camera(cause="schedule")), Health.OK),
        (status(camera(cause="disabled")), Health.OK),
        (status(camera(), state="stopping"), Health.ERROR),
        (status(camera(), written_us=NOW_US - 60_000_000), Health.ERROR),
    ],
)
def test_the_health_is_a_failure_only_if_nothing_is_recorded_that_should_be(written, health):
    found = judged(written, NOW_US)
    assert found.health is health
    assert bool(found.reason) == (health is not Health.OK)


def test_a_probe_needs_no_login_and_learns_no_secret(made):
    made.status = status(camera(), camera("yard", "unreachable"), problems=(PROBLEM,))
    answer = made.anonymous().get("/health")
    assert answer.status == 200
    assert answer.json["status"] == "degraded" and answer.json["cameras"] == {"recording": 1, "wanted": 2}
    assert not re.search(rb"192\.0|0\.0\.0\.0|yard|gate|nvr\.json", answer.body)


def test_a_probe_hears_of_a_failure(made):
    made.status = None
    answer = made.anonymous().get("/health")
    assert (answer.status, answer.json["status"]) == (503, "error")
    assert made.anonymous().head("/health").status == 503


def test_metrics_are_for_users_and_tokens_alone(made):
    assert made.anonymous().get("/metrics").status == 401
    assert made.token_viewer().get("/metrics").status == 200


LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?')


def test_metrics_are_in_prometheus_form_and_hold_no_secret(made):
    made.status = status(
        camera(frames=1500, bytes=9e6, keyframes=60, reconnects=2, last_frame_us=NOW_US),
        camera('y"a\\rd', "unreachable"),
    )
    traffic = Traffic()
    traffic.answered(200, 1234, 0.25)
    traffic.connections = 3
    answer = made.token_viewer().get("/metrics", environ={ENVIRON_KEY: traffic})
    assert answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.body.decode()
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}
    assert values["pynvr_up"] == 1
    assert values['pynvr_camera_recording{camera="gate"}'] == 1
    assert values['pynvr_camera_frames_total{camera="gate"}'] == 1500
    assert values['pynvr_camera_last_frame_seconds{camera="gate"}'] == NOW_US / 1e6
    assert values['pynvr_camera_gap{camera="y\\"a\\\\rd",cause="unreachable"}'] == 1
    assert values['pynvr_process_restarts_total{process="finisher"}'] == 2
    assert values['pynvr_process_memory_bytes{process="master"}'] == 20_000_000
    assert values['pynvr_disk_free_bytes{folder="/"}'] == 600e9
    assert values['pynvr_http_requests_total{status="2xx"}'] == 1
    assert values["pynvr_http_connections"] == 3
    plain = text.replace(r"\"", "").replace(r"\\", "")
    assert [line for line in plain.splitlines() if not line.startswith("# ") and not LINE.fullmatch(line)] == []
    assert "192.0.2.10" not in text and "secret" not in text


def test_metrics_without_a_master_say_that_it_is_down(made):
    assert b"\npynvr_up 0\n" in made.token_viewer().get("/metrics").body
