import pytest

from pynvr.model.segment import Segment
from pynvr.model.status import Problem
from tests.web.making import CAMERAS, NOW_US, make_site
from tests.web.statuses import camera, status

DAY_US = 86_400_000_000


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path)


def segment(made, days_ago: int, gb: float) -> Segment:
    """A day in one segment."""
    start_us = NOW_US - days_ago * DAY_US
    dst = str(made.settings.cameras[0].dst)
    stamp = f"202603{10 - days_ago:02d}.1300"
    return Segment("gate", stamp, start_us, start_us + DAY_US, dst, 100, int(gb * 1e9), "h264", 640, 360)


def test_the_system_is_told_as_the_master_wrote_it(made):
    made.status = status(camera(), problems=(Problem("disk", "full", NOW_US),))
    answer = made.token_viewer().get("/api/system").json
    assert (answer["name"], answer["state"], answer["timezone"]) == ("Barn", "running", "Europe/Berlin")
    assert answer["since"] == NOW_US / 1e6 - 3600
    assert (answer["health"], answer["problems"]) == (
        "degraded",
        [{"about": "disk", "detail": "full", "since": NOW_US / 1e6}],
    )
    finisher = answer["processes"][1]
    assert (finisher["name"], finisher["pid"], finisher["restarts"], finisher["memory"]) == (
        "finisher", 9, 2, 30_000_000,
    )  # fmt: skip


def test_without_a_status_it_says_so(made):
    assert made.token_viewer().get("/api/system").status == 503
    assert made.token_viewer().get("/api/threads").status == 503


def test_every_process_is_a_thread_of_the_older_form(made):
    made.status = status(camera())
    master, finisher = made.token_viewer().get("/api/threads").json
    assert (master["name"], master["status"], master["last_heartbeat"]) == ("master", "running", None)
    assert finisher["last_heartbeat"] == pytest.approx(NOW_US / 1e6 - 1.5)


def test_a_disk_is_shown_with_its_day_and_its_end(made, tmp_path):
    made.store.segments.add(*(segment(made, days_ago, gb) for days_ago, gb in ((4, 5), (3, 20), (2, 30), (1, 10))))
    made.status = status(camera(), folder=str(tmp_path))
    (disk,) = made.token_viewer().get("/api/system").json["disks"]
    assert (disk["bytes_per_day"], disk["recorded_always"]) == (20e9, True)
    assert disk["full_at"] == pytest.approx(NOW_US / 1e6 + 30 * 86_400)
    assert disk["room"] == disk["free"] + 65e9
    assert disk["days_kept"] == {"gate": {"now_days": 4.0, "forecast_days": None}}


def test_a_rule_of_the_reaper_for_that_disk_makes_it_last(tmp_path):
    (tmp_path / "data").mkdir()
    made = make_site(tmp_path, system={}, cameras=[{**CAMERAS[0], "retention": {"max_days": 5}}])
    made.store.segments.add(*(segment(made, days_ago, 20) for days_ago in (3, 2, 1)))
    made.status = status(camera(), folder=str(tmp_path))
    (disk,) = made.token_viewer().get("/api/system").json["disks"]
    assert disk["full_at"] is None
    assert disk["days_kept"]["gate"] == {"now_days": 3.0, "forecast_days": 5.0}


LOG = (
    "2026-03-10T11:00:00.000Z INFO master: starts\n"
    "2026-03-10T11:00:01.500Z WARNING finisher: can't\n  Traceback\n    File x\n"
    "2026-03-10T11:00:02.000Z INFO web: listens\n"
)


def test_the_log_is_for_admins(made):
    assert made.token_viewer().get("/api/system/log").status == 403
    assert made.token_admin().get("/api/system/log").json == {"lines": []}


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", ["starts", "can't\nTraceback\n  File x", "listens"]),
        ("?lines=1", ["listens"]),
        ("?level=warning", ["can't\nTraceback\n  File x"]),
        ("?process=web", ["listens"]),
        ("?process=recorder+gate", ["of the camera"]),
    ],
)
def test_the_logs_last_records_are_told(made, query, texts):
    system = made.settings.system
    system.camera_log_dir.mkdir(parents=True)
    (system.log_dir / "pynvr.log").write_text(LOG)
    (system.camera_log_dir / "gate.log").write_text("2026-03-10T11:00:00.000Z INFO recorder gate: of the camera\n")
    lines = made.token_admin().get(f"/api/system/log{query}").json["lines"]
    assert [line["text"] for line in lines] == texts
    assert all(1_773_140_399 < line["time"] < 1_773_140_403 for line in lines)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("lines=0", 400),
        ("lines=x", 400),
        ("lines=2001", 400),
        ("lines=0000000019999999", 400),
        ("level=loud", 400),
        ("process=recorder+../x", 404),
    ],
)
def test_what_no_log_has_is_refused(made, query, status):
    assert made.token_admin().get(f"/api/system/log?{query}").status == status
