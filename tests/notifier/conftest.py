import pytest

from tests.notifier.servers import Broker, Listener, MailServer, Receiver


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.end()


@pytest.fixture
def receivers():
    """Makes further ones."""
    made = []

    def make(**options):
        made.append(Receiver(**options))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def broker(tmp_path):
    one = Broker(tmp_path)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def listener(broker):
    one = Listener(broker.port)
    yield one
    one.end()


@pytest.fixture
def mail_server():
    one = MailServer()
    yield one
    one.end()
