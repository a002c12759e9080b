"""For all tests: who takes long begins first, so that no worker is left with it at the end; what files share is made
once; a database is copied, and a password's hash costs nothing; property tests try the same values each time.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from pynvr.store import opening, passwords, users

# A machine that is busy with other tests is no mistake of what is tested. Other values each time: `make fuzz`.
settings.register_profile(
    "suite",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")

# Of `passwords` and `users`, before any test changes it.
TRUE = {"_LN": passwords._LN, "_R": passwords._R, "_P": passwords._P, "_NOBODY": users._NOBODY}

# From the longest on; most of them wait (for minutes to end, for pages) more than they compute. All others, which take
# seconds, come behind them in the order of their names.
LONGEST = (
    "tests/web/browser/test_scrub.py",
    "tests/end_to_end/test_lossless.py",
    "tests/torture/test_torture.py",
    "tests/web/browser/test_pages.py",
    "tests/end_to_end/test_camera_faults.py",
    "tests/web/live/test_live_page.py",
    "tests/end_to_end/test_service.py",
    "tests/end_to_end/test_detection.py",
    "tests/end_to_end/test_clock.py",
    "tests/end_to_end/test_secrets.py",
    "tests/end_to_end/test_web.py",
    "tests/end_to_end/test_database.py",
    "tests/end_to_end/test_kills.py",
    "tests/recorder/test_process.py",
    "tests/fuzz/test_api.py",
    "tests/end_to_end/test_disks.py",
    "tests/end_to_end/test_gstreamer.py",
    "tests/end_to_end/test_schedule.py",
    "tests/end_to_end/test_motion.py",
    "tests/end_to_end/test_deliveries.py",
    "tests/end_to_end/test_notifications.py",
    "tests/end_to_end/test_searcher.py",
    "tests/end_to_end/test_client_examples.py",
    "tests/end_to_end/test_left_chunks.py",
    "tests/web/browser/test_timeline.py",
    "tests/web/browser/test_changing.py",
    "tests/web/browser/test_find_change.py",
    "tests/web/browser/test_best_frames.py",
    "tests/web/browser/test_alerts.py",
    "tests/web/live/test_live_sockets.py",
    "tests/web/live/test_sub_streams.py",
    "tests/web/live/test_first_sight.py",
    "tests/soak/test_soak.py",
    "tests/finisher/test_process.py",
    "tests/cli/test_service.py",
    "tests/cli/test_demo.py",
    "tests/capturer/test_capture.py",
)


# What costs much to make and is shared, an archive with its site and its browser or a whole PyNVR that records, is made
# by one worker for all files that want it.
TOGETHER = {
    **dict.fromkeys(
        (f"tests/web/browser/test_{page}.py" for page in ("scrub", "best_frames", "recorded_playback", "zip")), "scrub"
    ),
    **dict.fromkeys(
        (f"tests/web/browser/test_{page}.py" for page in ("pages", "timeline", "incidents", "range_download")), "pages"
    ),
    **dict.fromkeys(
        (f"tests/web/live/test_{name}.py" for name in ("live_page", "live_sockets", "live_marks_page", "first_sight")),
        "live",
    ),
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # Any: xdist's own, and it may be missing
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    class Together(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return TOGETHER.get(file, file)

    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


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


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A hash takes a third of a second by design; most tests want a user, not that. See `true_passwords`."""
    quick = {"_LN": 4, "_R": 8, "_P": 1}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in quick.items():
            patch.setattr(passwords, name, value)
        patch.setattr(users, "_NOBODY", passwords.hash_password("nobody's"))
        yield


@pytest.fixture
def true_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes cost what they do outside of tests."""
    for name, value in TRUE.items():
        monkeypatch.setattr(users if name == "_NOBODY" else passwords, name, value)
