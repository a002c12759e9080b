import pytest

from tests.supervisor.running import Supervised


@pytest.fixture
def supervised(tmp_path):
    """Makes installations, and ends whatever they left running."""
    made: list[Supervised] = []

    def make(cameras, *options, **top):
        made.append(Supervised(tmp_path, cameras, *options, **top))
        return made[-1]

    yield make
    for one in made:
        one.end()
