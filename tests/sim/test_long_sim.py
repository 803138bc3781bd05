#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The simulation for longer: other seeds than test_sim.py, and some schedules that are ten times as long."""

import sys

from simulation import fail, run


def main():
    for arguments in (("--seeds", 5000, "--seed", 100001), ("--seeds", 100, "--seed", 200001, "--steps", 3000)):
        status, output = run("heliograph-sim", *arguments)
        print(output)
        if status != 0:
            fail(f"exit status {status}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
