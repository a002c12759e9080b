"""`make power-cut`, or `python -m tests.power_cut --seed N --cuts N`: exit code 1 if anything was lost or is untrue."""

import argparse
import os
import secrets
import sys
import time
from pathlib import Path

from tests.power_cut.run import Account, Plan, run
from tests.power_cut.stand import FileSystem

# What is mounted and started inside ends with it, however it ends.
_OWN_SPACE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
_INSIDE = "PYNVR_POWER_CUT_INSIDE"


def main() -> None:
    if not os.environ.get(_INSIDE):
        _go_inside()
    asked = _asked()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(1_000_000)
    began_s = time.monotonic()
    print(f"seed {seed}", flush=True)
    file_system = FileSystem(asked.file_system, 512 if asked.file_system == "xfs" else 256, asked.options)
    plan = Plan(
        seed,
        asked.cuts,
        asked.seconds,
        asked.durability,
        asked.segment,
        file_system,
        asked.motion,
        asked.grace,
        asked.latency,
        asked.keep,
        asked.again,
        asked.only,
    )
    account = run(plan, lambda text: print(text, flush=True))
    print(_told(account, time.monotonic() - began_s), flush=True)
    sys.exit(1 if account.mistakes else 0)


def _go_inside() -> None:
    """Begin again as root in a space of mounts and processes of its own."""
    root = () if os.geteuid() == 0 else ("sudo", "-n")
    command = [*root, "env", f"{_INSIDE}=1", f"PATH={os.environ['PATH']}", *_OWN_SPACE]
    command += [sys.executable, "-m", "tests.power_cut", *sys.argv[1:]]
    os.execvp(command[0], command)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.power_cut", description=__doc__)
    parser.add_argument("--seed", type=int, help="of what is done and where it is cut; any other if not given")
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60, help="how long is recorded")
    parser.add_argument("--durability", type=float, default=1, help="system.durability_seconds")
    parser.add_argument("--segment", type=int, default=10, help="system.segment_seconds")
    parser.add_argument("--grace", type=float, default=2, help="seconds by which video may be forced later")
    parser.add_argument("--latency", type=float, default=0.005, help="seconds that the disk takes for a write or flush")
    parser.add_argument("--file-system", choices=("ext4", "xfs"), default="ext4")
    parser.add_argument("--options", default="", help="further options of mount")
    parser.add_argument("--motion", action="store_true", help="with a camera that is kept where something moves")
    parser.add_argument("--keep", type=Path, help="a folder for what was recorded, and for the disks of wrong cuts")
    parser.add_argument("--again", type=Path, help="such a folder: nothing is recorded, what it holds is cut")
    parser.add_argument("--only", type=int, help="just this cut of those that the seed chooses")
    return parser.parse_args()


def _told(account: Account, took_s: float) -> str:
    cuts = sum(account.cuts.values())
    worst = sorted(account.lost_s)
    lines = [
        f"{cuts} cuts in {took_s:.0f} s: " + ", ".join(f"{count} × {fate}" for fate, count in account.cuts.items()),
        f"{account.dropped} unforced writes at stake; {account.twice} times the power went again in the next start; "
        f"{account.segments} segments read; "
        f"{account.repaired} times the file system had to be repaired before it could be mounted",
        f"seconds lost: at most {worst[-1]:.2f}, half of them below {worst[len(worst) // 2]:.2f}" if worst else "",
        *(f"said {count} times: {text}" for text, count in account.warnings.most_common(12)),
        f"{len(account.mistakes)} mistakes",
    ]
    return "\n".join(filter(None, lines))


if __name__ == "__main__":
    main()
