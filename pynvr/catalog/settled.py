"""How young a segment may be that catalog or index lack without anything being wrong."""

from pynvr.base.single import owner_of
from pynvr.model.settings import Settings

# While PyNVR runs, younger segments are about to be added by its finisher.
_SETTLED_S = 120.0


def settled_s(settings: Settings) -> float:
    """Nothing unless PyNVR runs."""
    try:
        is_running = owner_of(settings.system.run_dir / "pynvr.lock") is not None
    except PermissionError:
        is_running = True
    return _SETTLED_S if is_running else 0.0
