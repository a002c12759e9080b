"""The searcher as a process: who asks gets answers, in turns, and nobody else notices when it dies."""

import signal
import socket
import stat
import threading

import pytest

from pynvr.base.errors import SearchError
from pynvr.base.local_socket import connect
from pynvr.model.search import SOCKET_NAME
from pynvr.playback.searches import Searches
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import Recording, in_segments
from tests.searcher.footage import STEP_US, clip_of, plain
from tests.searcher.running import RunningSearcher
from tests.waiting import PATIENCE_S, wait_until

LONG = 1_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data directory with ten seconds of a camera, whose path is longer than a socket's may be."""
    folder = tmp_path_factory.mktemp("a" * 100)
    recording = Recording(folder)
    clip = clip_of(plain(lambda number: 220 if number == 57 else 60, 100))
    for part in in_segments(clip, 2):
        recording.add(clip, ANCHOR_US, part)
    recording.footage.close()
    recording.store.close()
    recording.settings.system.run_dir.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def searcher(folder):
    """One for all tests; who ends it starts another."""
    with RunningSearcher(folder / "nvr.json") as running:
        yield running


@pytest.fixture
def searches(folder):
    return Searches(run_dir(folder), lambda _for_s: None, PATIENCE_S)


def run_dir(folder):
    return folder / "run"


def finished(search):
    with search:
        told = list(search)
    return told, search.result


def counted(folder, name):
    """How far a search that counts is."""
    try:
        return int((folder / name).read_text())
    except (OSError, ValueError):
        return 0


def counting(searches, folder, name, to=LONG, asker="anna"):
    return searches.begin("count", asker, {"to": to, "file": str(folder / name)})


def test_a_search_tells_how_far_it_is_and_what_it_found(searcher, searches):
    order = {"camera_id": "gate", "from_us": ANCHOR_US, "to_us": ANCHOR_US + 10_000_000, "count": 1}
    told, result = finished(searches.begin("best-frames", "anna", order))
    assert [round((frame["at_us"] - ANCHOR_US) / STEP_US) for frame in result["frames"]] == [57]
    shares = [one.progress for one in told]
    assert shares == sorted(shares)


def test_its_socket_is_for_its_user_alone(searcher, folder):
    mode = (run_dir(folder) / SOCKET_NAME).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_a_short_search_is_done_beside_a_long_one(searcher, searches, folder):
    with counting(searches, folder, "long"):
        wait_until(lambda: counted(folder, "long") > 5)
        _, result = finished(counting(searches, folder, "short", to=20, asker="ben"))
        assert result == 20
        before = counted(folder, "long")
        wait_until(lambda: counted(folder, "long") > before)
    assert counted(folder, "long") < LONG


def test_of_one_asker_the_second_waits_and_says_so(searcher, searches, folder):
    first = counting(searches, folder, "first")
    with first, counting(searches, folder, "second", to=10) as second:
        told = iter(second)
        wait_until(lambda: counted(folder, "first") > 50)
        wait_until(lambda: next(told).waits)
        assert counted(folder, "second") == 0
        first.close()
        for _ in told:
            pass
        assert second.result == 10


def test_who_hangs_up_has_the_search_given_up(searcher, searches, folder):
    search = counting(searches, folder, "given up")
    wait_until(lambda: counted(folder, "given up") > 3)
    search.close()
    wait_until((folder / "given up.over").exists)
    wait_until(lambda: finished(counting(searches, folder, "next", to=3))[1] == 3)


def test_more_than_there_is_room_for_is_refused(searcher, searches, folder):
    held = [counting(searches, folder, f"held {number}") for number in range(8)]
    with pytest.raises(SearchError) as refused:
        finished(counting(searches, folder, "too many"))
    assert refused.value.reason == "busy"
    assert finished(counting(searches, folder, "of another", to=5, asker="ben"))[1] == 5
    for search in held:
        search.close()


@pytest.mark.parametrize(
    ("job", "order", "reason"),
    [
        ("cook", {}, "invalid"),
        ("best-frames", {"camera_id": "gate"}, "invalid"),
        ("best-frames", {"camera_id": "gate", "from_us": 1, "to_us": 2}, "nothing"),
        ("lack", {}, "library"),
        ("fail", {}, "failed"),
    ],
)
def test_what_cant_be_done_is_refused_with_its_reason_and_the_next_is_served(searcher, searches, job, order, reason):
    with pytest.raises(SearchError) as refused:
        finished(searches.begin(job, "anna", order))
    assert refused.value.reason == reason
    assert "Traceback" not in str(refused.value)
    order = {"camera_id": "gate", "from_us": ANCHOR_US, "to_us": ANCHOR_US + 10_000_000, "count": 1}
    assert finished(searches.begin("best-frames", "anna", order))[1]["frames"]


def test_its_death_ends_what_it_was_at_with_an_error_and_another_one_goes_on(searcher, searches, folder):
    bystander = counting(searches, folder, "bystander")
    with pytest.raises(SearchError) as died:
        finished(searches.begin("die", "ben", {}))
    assert died.value.reason == "died"
    with pytest.raises(SearchError) as died:
        finished(bystander)
    assert died.value.reason == "died"
    assert searcher.wait() == -signal.SIGSEGV
    with pytest.raises(SearchError) as missing:
        finished(Searches(run_dir(folder), lambda _for_s: None, 0.2).begin("count", "ben", {}))
    assert missing.value.reason == "missing"
    results = []

    def ask():
        order = {"to": 5, "file": str(folder / "after")}
        results.append(finished(searches.begin("count", "ben", order))[1])

    waiting = threading.Thread(target=ask, daemon=True)
    waiting.start()  # it asks before there is another searcher
    searcher.start()
    wait_until(lambda: results == [5])


def test_told_to_stop_it_ends_in_order(searcher, searches, folder):
    search = counting(searches, folder, "stopped")
    wait_until(lambda: counted(folder, "stopped") > 3)
    assert searcher.stop() == 0
    searcher.start()
    with pytest.raises(SearchError):
        finished(search)
    assert (folder / "stopped.over").exists()


def test_nonsense_and_silence_hold_up_nobody(searcher, searches, folder):
    path = run_dir(folder) / SOCKET_NAME
    strangers = [connect(path, PATIENCE_S) for _ in range(3)]
    strangers[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
    strangers[1].sendall(b'{"job": ')
    assert finished(counting(searches, folder, "beside", to=5))[1] == 5
    assert ended(strangers[0])
    endless = connect(path, PATIENCE_S)
    with pytest.raises(OSError):  # broken pipe or reset
        for _ in range(100_000):
            endless.sendall(b"x" * 65_536)
    for stranger in (*strangers, endless):
        stranger.close()


def test_a_client_that_says_more_than_its_order_is_let_go(searcher, folder):
    with connect(run_dir(folder) / SOCKET_NAME, PATIENCE_S) as client:
        client.sendall(
            b'{"job": "count", "asker": "a", "order": {"to": 1000000, "file": "%s"}}\n' % str(folder / "x").encode()
        )
        assert client.recv(1, socket.MSG_PEEK)
        client.sendall(b"more\n")
        wait_until(lambda: ended(client))


def ended(client):
    try:
        return client.recv(65_536) == b""
    except OSError:
        return True
