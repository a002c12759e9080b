"""A real database in a folder of its own."""

import pytest

from pynvr.store.store import Store


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/pynvr.db"


@pytest.fixture
def store(url):
    with Store.open(url) as opened:
        yield opened
