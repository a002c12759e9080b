"""A real browser on a real site. `archive` and `live_site` are made once for all tests: they must not change them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.archive_maker import Archive, make_archive
from tests.web.running import RunningSite, add_users


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Two cameras, some minutes, one gap (see `archive_maker.CAMERAS`); users admin and viewer."""
    made = make_archive(tmp_path_factory.mktemp("archive"))
    add_users(made.config)
    return made


@pytest.fixture(scope="session")
def live_site(archive: Archive) -> Iterator[RunningSite]:
    with RunningSite(archive.config) as site:
        yield site


def log_in(context: BrowserContext, site: RunningSite, name: str) -> None:
    """Without the login page; the cookie is in the context's jar then."""
    answer = context.request.post(f"{site.url}/api/login", data={"name": name, "password": f"{name}-password"})
    assert answer.ok, answer.text()


@pytest.fixture
def context(browser: Browser, live_site: RunningSite) -> Iterator[BrowserContext]:
    """Nobody is logged in; 1440 × 900."""
    context = browser.new_context(base_url=live_site.url, viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, live_site: RunningSite) -> Page:
    """A page of a browser in which admin is logged in."""
    log_in(context, live_site, "admin")
    return context.new_page()
