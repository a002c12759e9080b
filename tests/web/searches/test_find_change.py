"""When something changed, over HTTP, with a searcher beside the site."""

import json

import pytest

from tests.archive.clips import ANCHOR_US
from tests.playback.recording import recorded
from tests.searcher.footage import clip_of
from tests.searcher.standing import standing

ADDRESS = "/api/1/camera/gate/find-change"
START = ANCHOR_US / 1e6
CAME, WENT = 203, 607
BOX = [0.35, 0.3, 0.3, 0.4]
WHOLE = {"box": BOX, "from": START, "to": START + 900}


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A quarter of an hour, a picture a second; a box stands there in its middle."""
    clip = clip_of(standing(lambda number: CAME <= number < WENT, 900), keyframe_every=5, fps=1)
    with recorded(tmp_path_factory.mktemp("change"), clip, 6) as made:
        yield made


def places(changes):
    return [round(change["time"] - START) for change in changes]


def test_every_lasting_change_comes_newest_first_with_pictures_and_a_clip(client, searcher):
    answer = client.post(ADDRESS, WHOLE | {"all": True})
    changes = answer.payload["changes"]
    assert places(changes) == [WENT, CAME]
    assert [change["kind"] for change in changes] == ["vanished", "appeared"]
    assert answer.payload["compared_with"] is None
    assert answer.payload["looked_at"] > 10
    for change in changes:
        assert change["exact"]
        assert 0.5 < change["confidence"] <= 1
        assert change["before_time"] < change["time"] <= change["after_time"]
        before, after = client.get(change["before_url"]), client.get(change["after_url"])
        assert before.header("Content-Type") == after.header("Content-Type") == "image/jpeg"
        assert float(before.header("X-Frame-Time")) == pytest.approx(change["before_time"])
        assert float(after.header("X-Frame-Time")) == pytest.approx(change["after_time"])
        plan = client.get(change["clip_url"] + "?plan=1").payload
        assert plan["start"] == pytest.approx(change["time"] - 10, abs=5)
        assert plan["seconds"] == pytest.approx(20, abs=5)
        left, top, width, height = change["where"]
        assert 0.3 < left < left + width < 0.7
        assert 0.2 < top < top + height < 0.8


def test_asked_for_a_time_it_is_when_it_became_what_it_is_then(client, searcher):
    assert places(client.post(ADDRESS, WHOLE).payload["changes"]) == [WENT]
    in_between = client.post(ADDRESS, WHOLE | {"at": START + 400})
    assert places(in_between.payload["changes"]) == [CAME]
    assert in_between.payload["to"] == START + 400
    assert in_between.payload["compared_with"] == pytest.approx(START + 400, abs=40)
    assert places(client.post(ADDRESS, WHOLE | {"all": True, "limit": 1}).payload["changes"]) == [WENT]
    assert client.post(ADDRESS, WHOLE | {"to": START + 150}).payload["changes"] == []
    assert client.post(ADDRESS, WHOLE | {"box": [0.02, 0.02, 0.2, 0.2]}).payload["changes"] == []


def test_a_time_before_is_proposed(client, searcher):
    box = ",".join(map(str, BOX))
    proposed = client.get(f"{ADDRESS}/before?box={box}&at={START + 400}").payload
    assert START + 100 < proposed["time"] < START + CAME
    assert client.get(proposed["url"]).status == 200
    nothing = client.get(f"{ADDRESS}/before?box={box}&at={START + 150}").payload
    assert (nothing["time"], nothing["url"]) == (None, None)


@pytest.mark.parametrize("how", ["query", "header"])
def test_with_progress_it_answers_line_by_line(client, searcher, how):
    if how == "query":
        answer = client.post(ADDRESS + "?progress=1", WHOLE | {"all": True})
    else:
        answer = client.post(ADDRESS, WHOLE | {"all": True}, headers={"Accept": "application/x-ndjson"})
    assert answer.header("Content-Type") == "application/x-ndjson"
    *told, last = [json.loads(line) for line in answer.body.splitlines()]
    shares = [line["progress"] for line in told]
    assert shares == sorted(shares)
    assert places(last["result"]["changes"]) == [WENT, CAME]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"box": [0.1, 0.1, 0.2]}, "bad_request"),
        ({"box": [0.1, 0.1, 0.2, "a"]}, "bad_request"),
        ({"box": [0.1, 0.1, -0.2, 0.2]}, "bad_request"),
        ({"box": [1.5, 0.1, 0.2, 0.2]}, "bad_request"),
        ({"box": None}, "bad_request"),
        ({"box": [True, 0, 1, 1]}, "bad_request"),
        ({"to": START - 1}, "bad_request"),
        ({"to": START + 32 * 86400}, "bad_request"),
        ({"limit": 0}, "bad_request"),
        ({"limit": 51}, "bad_request"),
        ({"limit": True}, "bad_request"),
        ({"all": "yes"}, "bad_request"),
        ({"at": "noon"}, "bad_request"),
        ({"at": START}, "bad_request"),
        ({"at": START + 901}, "bad_request"),
        ({"boxes": []}, "bad_request"),
        ({"from": START - 200, "to": START - 100}, "not_recorded"),
    ],
)
def test_what_cant_be_asked_is_refused(client, searcher, change, code):
    assert client.post(ADDRESS, WHOLE | change).error == code


@pytest.mark.parametrize("query", ["", "box=1,2,3", "box=0,0,nan,1", "box=0,0,1,1", "box=0,0,1,1&at=5&from=9"])
def test_a_proposal_needs_a_box_and_a_time(client, searcher, query):
    assert client.get(f"{ADDRESS}/before?{query}").error == "bad_request"


def test_an_unknown_camera_is_not_found(client, searcher):
    assert client.post("/api/1/camera/cellar/find-change", WHOLE).error == "not_found"
