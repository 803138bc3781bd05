#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The simulation: 1,400 schedules without a violation, every invariant compared, every step taken under every fault."""

import sys

from simulation import fail, run

SEEDS = 1400
AGAIN = 100         # of these once more
INVARIANTS = ("1 convergence", "2 privacy", "3 order", "4 no echo", "5 durability", "6 honest staleness", "7 bounded")


def main():
    status, output = run("heliograph-sim", "--seeds", SEEDS, "--coverage")
    print(output)
    if status != 0:
        fail(f"exit status {status}")
    if output.splitlines()[-1] != f"{SEEDS} passed, 0 failed":
        fail(f"the last line is not '{SEEDS} passed, 0 failed'")
    counts = next(line for line in output.splitlines() if line.startswith("comparisons:"))
    for name in INVARIANTS:
        if int(counts.split(f" {name} ", 1)[1].split(",")[0]) < SEEDS:
            fail(f"invariant {name}: fewer comparisons than schedules")
    if run("heliograph-sim", "--seeds", AGAIN, "--coverage") != run("heliograph-sim", "--seeds", AGAIN, "--coverage"):
        fail("the same seeds gave another run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
