"""Every documented route with whatever its description allows and forbids, as admin, viewer and nobody, over HTTP.

Nothing is a mistake of ours (500), the answer's type and form are those that the description says, and nobody does what
is for others.
"""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pynvr.model.box import Box
from pynvr.model.incident import Incident
from pynvr.model.stamp import stamp_of
from pynvr.store.detections import Detection
from pynvr.store.store import Store
from pynvr.web.app import all_routes
from pynvr.web.openapi import document
from tests.fuzz.effort import tries
from tests.web.archive_maker import MadeCamera, make_archive
from tests.web.making import make_site
from tests.web.running import RunningSite, add_users

# Without a master nobody grants a wish and nobody searches: that is an answer too.
NOBODY_THERE = {"unheard", "searcher", "busy", "no_status", "log"}
# What has a number and can be listed, and how many of each: some are deleted meanwhile.
THINGS = ("keep", "tag", "detection", "alert", "incident")
MANY = 12


def described():
    with tempfile.TemporaryDirectory() as folder:
        return document(all_routes(make_site(Path(folder), users=()).site))


DESCRIBED = json.loads(json.dumps(described()))
OPERATIONS = [f"{method.upper()} {path}" for path, methods in DESCRIBED["paths"].items() for method in methods]


# Here, not above: each worker looks into every file of tests, and one of them alone needs this library.
@cache
def operations() -> dict[str, Any]:  # Any: Schemathesis's operations
    """What Schemathesis makes of the description, by name."""
    import schemathesis
    from schemathesis.core.result import Ok

    found = schemathesis.openapi.from_dict(DESCRIBED).get_all_operations()
    made = [cast(Ok[Any], one).ok() for one in found]
    return {f"{operation.method.upper()} {operation.path}": operation for operation in made}


def test_each_call_that_is_described_is_tried():
    assert set(operations()) == set(OPERATIONS)


class Live:
    def __init__(self, url, tokens, archive, zone):
        self.url, self.tokens = url, tokens
        at = archive.start_us + 61_000_000
        stamps = [stamp_of(archive.start_us + 60_000_000 * n, zone) for n in range(2)]
        times = [str(at / 1e6), stamps[0], stamps[1], str(archive.end_us / 1e6)]
        cameras = ["gate", "yard"]
        # What exists, for each parameter of this name: by chance alone nothing is ever found.
        self.real = {
            **dict.fromkeys(("camera_id", "camera", "camera_ids"), cameras),
            **dict.fromkeys(("stamp",), stamps),
            **dict.fromkeys(("from", "to", "start", "end", "time", "at", "since", "until"), times),
            "day": [stamps[0].split(".")[0]],
            "first": ["0", "20"],
            "limit": ["1", "5"],
            "offset": ["0", "1"],
            **dict.fromkeys((f"{what}_id" for what in THINGS), tuple(str(n + 1) for n in range(MANY))),
        }
        self.session = requests.Session()
        self.session.trust_env = False

    def send(self, case, role, data):
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                for name in values:
                    if name in self.real and data.draw(st.integers(0, 3)):
                        values[name] = data.draw(st.sampled_from(self.real[name]))
        if isinstance(case.body, dict):
            _stay_here(case.body)
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return case.call(base_url=self.url, session=self.session, headers=headers, timeout=60, allow_redirects=False)


def _stay_here(body: dict[str, Any]) -> None:
    """Nothing that a made-up document names is called: addresses of cameras lead to a closed port of this machine."""
    for name in ("url", "rtsp_url"):
        if isinstance(body.get(name), str):
            body[name] = "rtsp://127.0.0.1:1/x"
    if isinstance(body.get("live"), dict):
        _stay_here(body["live"])


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    cameras = [MadeCamera(name, width=160, height=120, fps=5, audio=name == "gate") for name in ("gate", "yard")]
    archive = make_archive(tmp_path_factory.mktemp("archive"), cameras, minutes=2)
    add_users(archive.config)
    settings = archive.settings
    with Store.open(settings.system.database) as store:
        tokens = {role: store.tokens.create(role, role, archive.end_us) for role in ("admin", "viewer")}
        for number in range(MANY):
            add_things(store, archive.start_us + number * 5_000_000)
    with RunningSite(archive.config, module="tests.fuzz.serve") as site:
        yield Live(site.url, tokens, archive, settings.system.timezone)


def add_things(store, at_us):
    """One of each of THINGS, in the order of their numbers."""
    store.keeps.add("gate", at_us, at_us + 1_000_000, reason="stolen", made_by="anna", now_us=at_us)
    store.tags.add("gate", at_us, at_us, label="cat", made_by="anna", now_us=at_us)
    seen = store.detections.add(Detection(0, "gate", at_us, "face", 0.9, Box(0.1, 0.1, 0.2, 0.2), ""))
    store.alerts.follow(seen, 0)
    store.incidents.add(Incident("gate", at_us, 1_000_000, 1_000_000, f"key{at_us}", at_us))


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_is_described(live, name):
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    operation = operations()[name]
    access = access_to(operation)
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    conformance = [
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]

    @tries(5, shrink=False)
    @given(data=st.data())
    def check(data):
        role = data.draw(st.sampled_from(["admin", "admin", "admin", "viewer", "viewer", None]))
        case = data.draw(st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
        answer = live.send(case, role, data)
        described = str(answer.status_code) in operation.definition.raw["responses"]
        if answer.status_code >= 500 and not described and code(answer) not in NOBODY_THERE:
            case.validate_response(answer, checks=[not_a_server_error])
        if described and not chosen(case, "plan", "progress"):
            case.validate_response(answer, checks=conformance)
        elif answer.status_code >= 400:
            assert code(answer), answer.text
            assert answer.headers["content-type"] == ["application/json"]
        if RANKS[access] > RANKS[role]:
            # An address that no route has, or not with this method, is told to anybody; a page leads to the login.
            assert answer.status_code in (REFUSED[role], 404, 405, 413) or to_login(answer), answer.text

    check()


# Whoever isn't known is asked who he is, before anything he sent is looked at.
REFUSED = {None: 401, "viewer": 403}
RANKS = {None: 0, "viewer": 1, "admin": 2}


def to_login(answer):
    return answer.status_code == 303 and answer.headers["location"][0].startswith("/login")


def access_to(operation):
    """The role that the description asks for."""
    needed = operation.definition.raw["security"]
    return needed[0]["token"][0] if needed else None


def code(answer):
    return answer.json()["error"]["code"]


def chosen(case, *names):
    """Whether one of the parameters that make another answer is there."""
    return any(name in (case.query or {}) for name in names)
