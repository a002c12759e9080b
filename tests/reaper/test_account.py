"""What the reaper deleted, in sums."""

from pynvr.reaper.account import EVERY_S, Account, Deleted

NOW_US = 1_773_144_000_000_000


def test_an_hour_of_deletions_is_one_entry_for_each_camera():
    account = Account()
    account.add({}, 50.0)
    account.add({"gate": Deleted(2, 3_000_000_000, 5_000_000, 9_000_000), "yard": Deleted(1, 1, 1, 2)}, 100.0)
    account.add({"gate": Deleted(1, 1_000_000_000, 2_000_000, 5_000_000)}, 200.0)
    assert not account.is_due(99.0 + EVERY_S)
    assert account.is_due(100.0 + EVERY_S)
    names = {"gate": "Front gate (gate)", "yard": "yard"}
    gate, yard = account.entries(NOW_US, names.__getitem__)
    assert (gate.camera_id, gate.text) == (
        "gate",
        "deleted 3 recordings of camera Front gate (gate) to make room or for their age, 4.00 GB",
    )
    assert gate.detail == {"segments": 3, "bytes": 4_000_000_000, "from": 2.0, "to": 9.0}
    assert yard.text.startswith("deleted 1 recording of camera yard")


def test_nothing_deleted_is_never_told():
    assert not Account().is_due(1e9)
