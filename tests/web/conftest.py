"""A real browser for the tests of pages, one for all of a run: two at once can't be driven from one thread."""

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.waiting import PATIENCE_S

# The same engine without windows, menus and a process that draws them: a page costs a third less to open. The whole of
# Chromium does as well.
_BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, _BROWSERS), _BROWSERS[0])
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
# Longer than any test that succeeds; less than what ends the whole worker.
_ANSWERS_WITHIN_S = 240


@pytest.fixture(scope="session")
def launched() -> Iterator[Callable[[], Browser]]:
    """Gives the browser, another one if the last is gone."""
    expect.set_options(timeout=PATIENCE_S * 1000)
    plain = Browser.new_context

    def patient(browser: Browser, **given: Any) -> BrowserContext:  # Any: Playwright's many words for a context
        context = plain(browser, **given)
        context.set_default_timeout(PATIENCE_S * 1000)
        return context

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Browser, "new_context", patient)
        yield from _launched()


def _launched() -> Iterator[Callable[[], Browser]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        browsers: list[Browser] = []

        def launch() -> Browser:
            if not browsers or not browsers[-1].is_connected():
                browsers.append(
                    playwright.chromium.launch(
                        executable_path=CHROMIUM, headless=True, args=ARGUMENTS, env={**os.environ, "HOME": folder}
                    )
                )
            return browsers[-1]

        yield launch
        for browser in browsers:
            browser.close()


@pytest.fixture
def browser(launched: Callable[[], Browser]) -> Iterator[Browser]:
    """What a page is asked has no time limit of Playwright's, nor does a signal reach a test that waits for it: a
    browser that has stopped answering is killed, so that the test fails and the next one gets another.
    """
    guard = threading.Timer(_ANSWERS_WITHIN_S, _kill_browsers)
    guard.daemon = True
    guard.start()
    yield launched()
    guard.cancel()


def _kill_browsers() -> None:
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    print(f"{test}: the browser doesn't answer, and is killed", file=sys.__stderr__, flush=True)
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                process.kill()
        except psutil.NoSuchProcess:
            continue
