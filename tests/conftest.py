"""For all tests: who takes long begins first, so that no worker is left with it at the end; a database is made once;
property tests try the same values each time.
"""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pynvr.store import opening

# A machine that is busy with other tests is no mistake of what is tested. Other values each time: `make fuzz`.
settings.register_profile(
    "suite",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")

# From the longest on; most of them wait (for minutes to end, for pages) more than they compute. All others, which take
# seconds, come behind them in the order of their names.
LONGEST = (
    "tests/web/browser/test_scrub.py",
    "tests/end_to_end/test_lossless.py",
    "tests/torture/test_torture.py",
    "tests/end_to_end/test_clock.py",
    "tests/web/browser/test_pages.py",
    "tests/end_to_end/test_service.py",
    "tests/end_to_end/test_detection.py",
    "tests/end_to_end/test_camera_faults.py",
    "tests/recorder/test_process.py",
    "tests/end_to_end/test_kills.py",
    "tests/end_to_end/test_secrets.py",
    "tests/fuzz/test_api.py",
    "tests/end_to_end/test_web.py",
    "tests/end_to_end/test_database.py",
    "tests/end_to_end/test_disks.py",
    "tests/end_to_end/test_gstreamer.py",
    "tests/end_to_end/test_schedule.py",
    "tests/end_to_end/test_motion.py",
    "tests/end_to_end/test_left_chunks.py",
    "tests/end_to_end/test_deliveries.py",
    "tests/end_to_end/test_notifications.py",
    "tests/end_to_end/test_searcher.py",
    "tests/end_to_end/test_client_examples.py",
    "tests/web/browser/test_timeline.py",
    "tests/web/browser/test_changing.py",
    "tests/web/browser/test_find_change.py",
    "tests/web/browser/test_best_frames.py",
    "tests/web/browser/test_alerts.py",
    "tests/web/live/test_live_page.py",
    "tests/web/live/test_live_sockets.py",
    "tests/web/live/test_sub_streams.py",
    "tests/web/live/test_first_sight.py",
)


def pytest_configure(config: pytest.Config) -> None:
    # xdist would begin with the files of the most tests, and keep the few long ones for the end.
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a database of the present schema is, or is to be made by who comes first."""
    return tmp_path_factory.mktemp("database") / "empty.sqlite"


@pytest.fixture(autouse=True)
def copied_databases(request: pytest.FixtureRequest, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new database is a copy: each migration waits for the disk, and most tests want a database, not its making."""
    if request.node.nodeid.startswith("tests/store/"):
        return
    migrate = opening._migrate

    def copy_and_migrate(path: Path, busy_timeout_s: float) -> None:
        if path.parent.is_dir() and not path.exists():
            if not empty_database.exists():
                migrate(empty_database, busy_timeout_s)
            shutil.copyfile(empty_database, path)
            path.chmod(0o600)
            opening._belong_to_folder(path)
        migrate(path, busy_timeout_s)

    monkeypatch.setattr(opening, "_migrate", copy_and_migrate)
