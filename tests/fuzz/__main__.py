"""`python -m tests.fuzz [--minutes N] [--seed N] [--factor N] [PATHS]`: every test with made-up values, on and on.

Each round has a seed of its own, which is printed first: with it, the round can be had again. Ends at the first round
that finds something, with exit code 1; the test says which values did it.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Where tests with made-up values are.
ALL = ("fuzz", "archive", "config", "isobmff", "media", "model", "playback", "simulator", "store", "web")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--factor", type=int, default=10, help="how many times the suite's number of values")
    parser.add_argument("paths", nargs="*", default=[f"tests/{name}" for name in ALL])
    options = parser.parse_args()
    until_s = time.monotonic() + options.minutes * 60
    rounds = 0
    while not rounds or time.monotonic() < until_s:
        seed = options.seed + rounds
        print(f"round {rounds + 1}: --seed {seed} --factor {options.factor}", flush=True)
        command = [sys.executable, "-m", "pytest", "-p", "tests.fuzz.plugin", f"--hypothesis-seed={seed}"]
        command += ["-p", "no:cacheprovider", "--timeout", "7200", *options.paths]
        environment = {**os.environ, "PYNVR_FUZZ_FACTOR": str(options.factor)}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            print(f"found something with --seed {seed}; {rounds} rounds found nothing", flush=True)
            sys.exit(1)
        rounds += 1
    print(f"{rounds} rounds found nothing", flush=True)


if __name__ == "__main__":
    main()
