#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Telling one more watcher who sees the same view is copying octets: no rule is run and nothing is rendered again.

Compares counts of one run with each other, so neither the machine nor a busy one changes the outcome."""

import os
import shutil
import unittest

from bench_update import RUNS, measure, renderings
from count import Callgrind, counter
from rig import BUILD_DIR

BY_NAME = {run[0]: run for run in RUNS}


def sanitised():
    with open(os.path.join(BUILD_DIR, "CMakeCache.txt"), encoding="utf-8") as cache:
        return "HG_SANITIZE:BOOL=ON\n" in cache.read()


@unittest.skipIf(sanitised(), "a sanitizer's instructions are not ours")
class FanOut(unittest.TestCase):

    @unittest.skipUnless(shutil.which("callgrind_control"), "valgrind is not installed")
    def test_rendered_once(self):
        # On XMPP her presence, and beside it what she does.
        for target, parts in ("XMPP", 2), ("BENOTIFY", 1):
            for watchers in ("1 watcher", "100 watchers"):
                run = BY_NAME["SERVICE -> %s, %s" % (target, watchers)]
                _, counted = measure(run, Callgrind, True)
                # Two for the answer to alice, her state and what follows from it; each part once for all who watch her.
                self.assertEqual(renderings(counted.profile), (2 + parts) * run[5], run[0])

    @unittest.skipUnless(counter(), "nothing to count with")
    def test_another_watcher_is_cheap(self):
        one, many = (measure(BY_NAME["SERVICE -> XMPP, " + watchers], counter(), True)[0][0]
                     for watchers in ("1 watcher", "100 watchers"))
        self.assertLess((many - one) / 99, one / 20)


if __name__ == "__main__":
    unittest.main()
