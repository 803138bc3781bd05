#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs to find the rule of a mapping table that is for something: instructions of one look-up each way, by the
number of rules."""

import os
import re
import shutil
import subprocess
import sys

PROGRAM = os.path.join(os.environ.get("HG_BUILD_DIR", "build/release"), "bench/bench_mapping")
RULES = (2, 16, 64, 256)
TIMES = 1000


def counted(rules, times):
    """Instructions of one run, by callgrind: the same on every machine."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM,
                           str(rules), str(times)], capture_output=True, text=True, timeout=300, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def cost(rules):
    """Of one record out and one in, without what making the table costs."""
    return (counted(rules, 2 * TIMES) - counted(rules, TIMES)) / TIMES


def main():
    if not shutil.which("valgrind"):
        print("bench: valgrind is not installed")
        return 1
    print("Instructions for one record out and one in\n")
    for rules in RULES:
        print("%4d rules  %8.0f" % (rules, cost(rules)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
