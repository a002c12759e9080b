"""A searcher and a site over the `recording` of each file."""

import pytest

from tests.searcher.running import RunningSearcher
from tests.web.making import site_over, viewer_of


@pytest.fixture(scope="module")
def searcher(recording):
    with RunningSearcher(recording.settings.path) as running:
        yield running


@pytest.fixture(scope="module")
def site(recording):
    return site_over(recording)


@pytest.fixture(scope="module")
def client(site):
    return viewer_of(site)
