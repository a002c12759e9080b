"""Why there is nothing to see at an instant."""

from pynvr.model.cause import Cause
from pynvr.store.accounting import coverage_of
from pynvr.store.store import Store


def cause_of_hole(store: Store, camera_id: str, at_us: int, now_us: int) -> tuple[Cause, str]:
    """The cause that the coverage gives for it, with its detail. Raises StoreError."""
    found = coverage_of(store, [camera_id], at_us, at_us + 1, now_us=now_us)[camera_id]
    account = found.accounts[0] if found.accounts else None
    return (account.cause, account.detail) if account is not None else (Cause.UNKNOWN, "")
