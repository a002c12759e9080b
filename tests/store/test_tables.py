"""The smaller tables: causes, deletions, keeps, problems, disks, scans, users, tokens."""

from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynvr.base.errors import StoreError, UsageError
from pynvr.model.cause import Cause, Transition
from pynvr.store.deletions import JOIN_WITHIN_US, DeletedSpan
from pynvr.store.passwords import hash_password, verify_password
from pynvr.store.problems import Problem
from tests.store.samples import T0, S


def test_the_journal_is_copied_together_with_its_offset(store):
    assert store.causes.offset("causes.20260101.jsonl") == 0
    told = [Transition("gate", T0, Cause.STALLED, "no video for 5 s"), Transition("gate", T0 + S, Cause.RECORDED)]
    store.causes.ingest(told, "causes.20260101.jsonl", 120)
    store.causes.ingest(told, "causes.20260101.jsonl", 120)
    assert store.causes.offset("causes.20260101.jsonl") == 120
    assert store.causes.between(["gate", "yard"], T0 + S // 2, T0 + 2 * S) == {"gate": told, "yard": []}
    assert store.causes.between(["gate"], T0 + S, T0 + 2 * S) == {"gate": told[1:]}
    store.causes.forget_journal("causes.20260101.jsonl")
    assert store.causes.journals() == {}


def test_a_transition_that_cannot_be_stored_leaves_the_offset_where_it_was(store):
    with pytest.raises(StoreError):
        store.causes.ingest([Transition("gate", -5, Cause.STALLED)], "j", 99)
    assert store.causes.offset("j") == 0


numbers = count()
spans = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 20)), max_size=12)


@settings(max_examples=60)
@given(spans)
def test_deleted_spans_join_to_the_same_rows_in_any_order(store, spans):
    camera_id = f"c{next(numbers)}"
    gap_us = JOIN_WITHIN_US + 1
    told = [DeletedSpan(camera_id, T0 + a * gap_us, T0 + (a + length) * gap_us) for a, length in spans]
    for span in told:
        store.deletions.add([span])
    rows = store.deletions.between([camera_id], 0, 1 << 60)[camera_id]
    points = {n for a, length in spans for n in range(a, a + length)}
    covered = {n for n in range(230) for r in rows if r.start_us <= T0 + n * gap_us < r.end_us}
    assert covered == points
    assert all(b.start_us - a.end_us > JOIN_WITHIN_US for a, b in pairwise(rows))


def test_a_camera_that_comes_and_goes_for_years_does_not_fill_the_database(store):
    told = [
        Transition(camera_id, T0 + number * S, Cause.STALLED if number % 2 else Cause.RECORDED)
        for camera_id, many in (("gate", 10), ("yard", 4))
        for number in range(many)
    ]
    store.causes.ingest(told, "causes.20260101.jsonl", 100)
    spans = [DeletedSpan("gate", T0, T0 + S), DeletedSpan("gate", T0 + 5 * S, T0 + 7 * S), DeletedSpan("yard", 1, 2)]
    store.deletions.add(spans)
    assert store.causes.prune(kept=4) == 6
    assert store.causes.prune(kept=4) == 0
    kept = store.causes.between(["gate", "yard"], 0, T0 + 100 * S)
    assert [one.since_us for one in kept["gate"]] == [T0 + number * S for number in range(6, 10)]
    assert len(kept["yard"]) == 4
    assert [*store.deletions.between(["gate", "yard"], 0, 1 << 60).values()] == [spans[1:2], spans[2:]]


def test_keeps_are_found_where_they_overlap(store):
    keep = store.keeps.add("gate", T0, T0 + 10 * S, reason="burglary", made_by="anna", now_us=T0 + S)
    assert store.keeps.all() == [keep]
    assert store.keeps.between(["gate"], T0 + 9 * S, T0 + 20 * S) == [keep]
    assert store.keeps.between(["gate"], T0 + 10 * S, T0 + 20 * S) == []
    assert store.keeps.between(["yard"], T0, T0 + 20 * S) == []
    with pytest.raises(StoreError):
        store.keeps.add("gate", T0, T0, reason="", made_by="", now_us=T0)
    assert store.keeps.remove(keep.id)
    assert not store.keeps.remove(keep.id)


def test_a_chunk_set_aside_is_remembered_until_it_is_gone(store):
    problem = Problem(
        Path("/video/gate/20260101/gate.20260101.0000.bad"), "gate", "20260101.0000", "no keyframe", 7, T0
    )
    store.problems.add(problem)
    store.problems.add(problem)
    assert store.problems.all() == [problem]
    store.problems.remove(problem.path)
    assert store.problems.all() == []


def test_a_folder_is_remembered_with_its_marker(store):
    store.disks.remember(Path("/video"), "ab")
    store.disks.remember(Path("/video"), "cd")
    assert store.disks.known() == {Path("/video"): "cd"}
    store.scans.remember(Path("/video"), "20260101", 5)
    store.scans.remember(Path("/new"), "20260101", 6)
    assert store.scans.known(Path("/video")) == {"20260101": 5}
    assert store.disks.folders() == [Path("/new"), Path("/video")]
    store.scans.forget(Path("/video"))
    assert store.scans.known(Path("/video")) == {}


def test_a_user_logs_in_with_the_right_password_alone(store):
    store.users.add("Anna", "correct horse", "admin", T0)
    assert store.users.authenticate("anna", "correct horse").role == "admin"
    assert store.users.authenticate("Anna", "wrong horse") is None
    assert store.users.authenticate("nobody", "correct horse") is None
    with pytest.raises(UsageError, match="already"):
        store.users.add("ANNA", "another", "viewer", T0)
    assert store.users.set_password("anna", "battery staple", T0 + S)
    assert store.users.authenticate("Anna", "correct horse") is None
    assert store.users.find("Anna").password_changed_us == T0 + S
    store.users.add("bert", "correct horse", "admin", T0)
    assert store.users.set_role("anna", "viewer")
    assert [user.role for user in store.users.all()] == ["viewer", "admin"]
    assert store.users.remove("anna")
    assert not store.users.remove("anna")


def test_only_the_first_user_can_be_made_without_anybody_there(store):
    assert not store.users.exist()
    store.users.add("anna", "correct horse", "admin", T0, only_as_first=True)
    assert store.users.exist()
    with pytest.raises(UsageError, match="there is a user already"):
        store.users.add("bert", "correct horse", "admin", T0, only_as_first=True)
    assert [user.name for user in store.users.all()] == ["anna"]


def test_the_last_admin_is_removed_only_on_purpose(store):
    store.users.add("Anna", "correct horse", "admin", T0)
    store.users.add("bert", "correct horse", "viewer", T0)
    with pytest.raises(UsageError, match="the last admin"):
        store.users.remove("anna")
    with pytest.raises(UsageError, match="the last admin"):
        store.users.set_role("ANNA", "viewer")
    assert store.users.set_role("anna", "admin")
    assert store.users.remove("bert")
    store.users.add("carl", "correct horse", "admin", T0)
    assert store.users.remove("anna")
    assert store.users.remove("carl", even_last_admin=True)
    assert store.users.all() == []


def test_a_password_hash_tells_its_parameters_and_never_repeats(true_passwords):
    one, two = hash_password("secret"), hash_password("secret")
    assert one != two
    assert one.startswith("scrypt$ln=15,r=8,p=3$")
    assert verify_password("secret", one)
    assert not verify_password("secret ", one)
    assert not verify_password("secret", "")
    assert not verify_password("secret", "scrypt$ln=15,r=8,p=3$A$A")


def test_a_token_opens_until_it_is_revoked_and_is_nowhere_in_the_database(store):
    token = store.tokens.create("backup", "viewer", T0)
    assert store.tokens.authenticate(token).name == "backup"
    assert store.tokens.authenticate(token + "x") is None
    assert [one.name for one in store.tokens.all()] == ["backup"]
    with pytest.raises(UsageError):
        store.tokens.create("backup", "admin", T0)
    for file in store.path.parent.iterdir():
        assert token.encode() not in file.read_bytes()
    assert store.tokens.revoke("backup")
    assert store.tokens.authenticate(token) is None
