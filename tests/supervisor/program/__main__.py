import sys
from pathlib import Path

from pynvr.supervisor.program import run
from pynvr.supervisor.roster import TARGETS

FAKES = "tests.supervisor.fakes"

if __name__ == "__main__":
    targets = {kind: f"{FAKES}:{kind}" for kind in ("recorder", "live", "finisher", "reaper", "web")}
    if "--fake-preparation" in sys.argv:
        targets["preparation"] = f"{FAKES}:preparation"
    if "--real-web" in sys.argv:
        del targets["web"]
    run(
        Path(sys.argv[1]),
        to_stderr=True,
        on_ready=lambda: print("ready", flush=True),
        targets={**TARGETS, **targets},
    )
