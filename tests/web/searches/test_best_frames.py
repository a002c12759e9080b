"""The best frames over HTTP, with a searcher beside the site."""

import json
import socket

import pytest

from pynvr.playback.searches import PATIENCE_S, SILENT_PATIENCE_S, Searches
from pynvr.web.app import build
from pynvr.web.traffic import STOPPING_KEY
from tests.archive.clips import ANCHOR_US
from tests.playback.recording import recorded
from tests.searcher.footage import clip_of, plain
from tests.web.client import Client

ADDRESS = "/api/1/camera/gate/best-frames"
START = ANCHOR_US / 1e6
WHOLE = f"from={START:.6f}&to={START + 10:.6f}"


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Ten seconds; picture 57 is the brightest, 23 the next, and so is the last of each second."""
    clip = clip_of(plain(lambda number: {57: 230, 23: 200}.get(number, 60 + number % 10), 100))
    with recorded(tmp_path_factory.mktemp("best"), clip, 2) as made:
        yield made


def test_the_brightest_come_first_and_each_has_its_picture(client, searcher):
    frames = client.get(f"{ADDRESS}?{WHOLE}&count=2").payload["frames"]
    assert [round((frame["time"] - START) * 10) for frame in frames] == [57, 23]
    assert frames[0]["score"] > frames[1]["score"] > 0.7
    for frame in frames:
        picture = client.get(frame["url"])
        assert picture.header("Content-Type") == "image/jpeg"
        assert float(picture.header("X-Frame-Time")) == frame["time"]


def test_they_are_as_far_apart_as_was_asked(client, searcher):
    every = [frame["time"] for frame in client.get(f"{ADDRESS}?{WHOLE}&count=50").payload["frames"]]
    assert 8 <= len(every) <= 10
    assert min(abs(a - b) for a in every for b in every if a != b) >= 1
    times = [frame["time"] for frame in client.get(f"{ADDRESS}?{WHOLE}&apart=4").payload["frames"]]
    assert len(times) == 3
    assert min(abs(a - b) for a in times for b in times if a != b) >= 4


def test_with_progress_it_answers_line_by_line(client, searcher):
    answer = client.get(f"{ADDRESS}?{WHOLE}&progress=1&by=sharpness")
    assert answer.header("Content-Type") == "application/x-ndjson"
    *told, last = [json.loads(line) for line in answer.body.splitlines()]
    # Nobody else searches: nothing waits for its turn.
    assert told[0] == {"progress": 0.0, "waits": False}
    shares = [line["progress"] for line in told]
    assert shares == sorted(shares)
    assert len(last["result"]["frames"]) == 9
    assert last["result"]["recorded"] == pytest.approx(10, abs=1)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "bad_request"),
        (f"{WHOLE}&by=beauty", 400, "bad_request"),
        (f"{WHOLE}&count=51", 400, "bad_request"),
        (f"{WHOLE}&count=0", 400, "bad_request"),
        (f"{WHOLE}&apart=0", 400, "bad_request"),
        (f"from={START}&to={START + 32 * 86400}", 400, "bad_request"),
        (f"from={START + 100}&to={START + 200}", 404, "not_recorded"),
    ],
)
def test_what_cant_be_asked_is_refused(client, searcher, query, status, code):
    answer = client.get(f"{ADDRESS}?{query}")
    assert (answer.status, answer.error) == (status, code)


def test_an_unknown_camera_is_not_found(client, searcher):
    assert client.get(f"/api/1/camera/cellar/best-frames?{WHOLE}").error == "not_found"


@pytest.fixture
def dying(searcher, monkeypatch):
    """The searcher dies as soon as it has begun; afterwards there is another one."""
    told: list[object] = []

    def kill(environ):
        told.append(environ)
        if len(told) == 2:  # the first is told before it has heard of the search, which another one would take up then
            monkeypatch.undo()
            searcher.kill()

    monkeypatch.setattr("pynvr.web.api.searching.go_on", kill)
    yield searcher
    searcher.start()


def test_a_searcher_that_dies_is_a_clear_503_and_the_site_goes_on(client, dying):
    answer = client.get(f"{ADDRESS}?{WHOLE}&by=sharpness")
    assert (answer.status, answer.error) == (503, "searcher")
    assert "try again" in answer.json["error"]["message"]
    assert answer.header("Retry-After")
    assert client.get("/api/1/system.json").status == 200


def test_it_says_so_too_where_it_tells_its_progress(client, dying):
    answer = client.get(f"{ADDRESS}?{WHOLE}&progress=1&by=sharpness")
    assert json.loads(answer.body.splitlines()[-1])["error"]["code"] == "searcher"


def test_without_a_searcher_it_is_wanted_and_missed(client, recording, searcher, site, monkeypatch):
    monkeypatch.setattr("pynvr.web.api.best_frames.PATIENCE_S", 0.2)
    hasty = Client(build(site), token=recording.store.tokens.create("hasty", "viewer", 1))
    searcher.kill()
    answer = hasty.get(f"{ADDRESS}?{WHOLE}")
    assert (answer.status, answer.error) == (503, "searcher")
    assert answer.header("Retry-After")
    assert site.wishes.wanted() == ("searcher",)
    searcher.start()
    assert hasty.get(f"{ADDRESS}?{WHOLE}&count=1").status == 200


def test_who_gets_no_word_meanwhile_is_answered_before_a_proxy_gives_up(client, searcher, monkeypatch):
    begin, patience = Searches.begin, []

    def noted(searches, job, asker, order, most_patience_s):
        patience.append(most_patience_s)
        return begin(searches, job, asker, order, 0.2)

    monkeypatch.setattr(Searches, "begin", noted)
    searcher.kill()
    try:
        answer = client.get(f"{ADDRESS}?{WHOLE}")
        assert (answer.status, answer.error) == (503, "searcher")
        assert answer.header("Retry-After")
        answer = client.get(f"{ADDRESS}?{WHOLE}&progress=1")
        assert json.loads(answer.body.splitlines()[-1])["error"]["code"] == "searcher"
    finally:
        searcher.start()
    assert patience == [SILENT_PATIENCE_S, PATIENCE_S]
    assert SILENT_PATIENCE_S < 60


def test_who_hangs_up_ends_the_search_and_a_stopping_server_too(recording, site, searcher):
    ours, theirs = socket.socketpair()
    theirs.close()
    client = Client(build(site), token=recording.store.tokens.create("leaves", "viewer", 1))
    answer = client.get(f"{ADDRESS}?{WHOLE}", environ={"gunicorn.socket": ours})
    assert answer.body == b""
    answer = client.get(f"{ADDRESS}?{WHOLE}", environ={STOPPING_KEY: lambda: True})
    assert (answer.status, answer.error) == (503, "searcher")
    ours.close()
