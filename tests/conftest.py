"""The order of the test files: who takes long begins first, so that at the end no worker is left with one of them."""

import pytest

# From the longest on; most of them wait (for minutes to end, for pages) more than they compute. All others, which take
# seconds, come behind them in the order of their names.
LONGEST = (
    "tests/web/browser/test_scrub.py",
    "tests/end_to_end/test_lossless.py",
    "tests/end_to_end/test_clock.py",
    "tests/web/browser/test_pages.py",
    "tests/end_to_end/test_service.py",
    "tests/end_to_end/test_detection.py",
    "tests/end_to_end/test_camera_faults.py",
    "tests/recorder/test_process.py",
    "tests/end_to_end/test_kills.py",
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
)


def pytest_configure(config: pytest.Config) -> None:
    # xdist would begin with the files of the most tests, and keep the few long ones for the end.
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONGEST)))
