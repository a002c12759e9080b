"""Who is told, as the site says it: how it goes, and nothing that is secret."""

import pytest

from pynvr.store.notices import TargetRecord, WaitingNotice
from tests.web.making import NOW_US, make_site

NOTIFY: list[dict[str, object]] = [
    {"name": "hook", "kind": "webhook", "url": "https://h.org/T0k3nT0k3n", "token": "t0psecret"},
    {"name": "mail", "kind": "apprise", "url": "mailtos://me:p4ssword@h.org", "events": ["camera"]},
]


@pytest.fixture
def made(tmp_path):
    return make_site(tmp_path, notify=NOTIFY)


def test_each_target_is_told_with_its_last_success_and_its_last_error(made):
    made.store.notices.write_target(TargetRecord("hook", 3, 5, 1, NOW_US, NOW_US + 1_000_000, "it answers 500"))
    made.store.notices.add([WaitingNotice("hook", "k", NOW_US, "{}")])
    answer = made.token_viewer().get("/api/notify")
    hook, mail = answer.json["targets"]
    assert hook == {
        "name": "hook",
        "kind": "webhook",
        "events": ["alert", "camera", "disk", "system"],
        "sent": 5,
        "waiting": 1,
        "given_up": 1,
        "last_success": NOW_US / 1e6,
        "last_error": NOW_US / 1e6 + 1,
        "error": "it answers 500",
    }
    assert (mail["kind"], mail["events"], mail["sent"], mail["last_success"]) == ("apprise", ["camera"], 0, None)
    assert not [word for word in ("T0k3n", "t0psecret", "p4ssword", "h.org") if word in answer.body.decode()]


def test_without_targets_the_list_is_empty(tmp_path):
    assert make_site(tmp_path).token_viewer().get("/api/notify").json == {"targets": []}
