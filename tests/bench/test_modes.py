#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Heliograph with heliograph.yaml under gwbench, in each of its modes: everything arrives, and nobody is left with an
old state.

The addresses are those that every gateway is measured at, so this script runs itself again in a network of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from peers.alone import WHY, alone, is_alone  # noqa: E402
from peers.heliograph import REPORT  # noqa: E402
from peers.process import Process  # noqa: E402

BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(HERE, "..", "..", "build", "release"))
GWBENCH, DAEMON = os.path.join(BUILD_DIR, "bench", "gwbench"), os.path.join(BUILD_DIR, "heliograph")
SIP_PORT, LIMIT = 5060, 60
USERS, UNDER_WAY, COUNT = 50, 16, 1000      # no more under way than users: of each at most one
AT_HOME = "--sip-uri", "sip:u%d@127.0.0.1", "--sip-jid", "u%d@sip.test"
MODES = {"s2x-notify": (), "s2x-publish": AT_HOME, "x2s-watch": (), "x2s-publish": ()}


@unittest.skipUnless(is_alone(), WHY)
class Modes(unittest.TestCase):

    def daemon(self):
        folder = tempfile.mkdtemp(prefix="heliograph-modes-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        daemon = Process("heliograph", [DAEMON, "run", "--config", os.path.join(HERE, "heliograph.yaml")], folder)
        self.addCleanup(daemon.kill)
        daemon.await_port(SIP_PORT, LIMIT)
        return daemon

    def ends_well(self, daemon):
        self.assertEqual(daemon.stop(LIMIT), 0)
        with open(daemon.log, "rb") as log:
            self.assertIsNone(REPORT.search(log.read()))

    def measure(self, daemon, mode):
        """However slow the machine is, nothing is given up that may still come."""
        patience = [word for name in ("--timeout", "--drain", "--setup-timeout") for word in (name, str(LIMIT))]
        done = subprocess.run([GWBENCH, "-m", mode, "-u", str(USERS), "-n", str(COUNT), "-w", str(UNDER_WAY),
                               "-p", str(daemon.child.pid), *patience, *MODES[mode]],
                              capture_output=True, text=True, timeout=600)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        setup, load = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((setup["mode"], setup["ready"]), (mode, USERS), said)
        self.assertEqual([load[key] for key in ("sent", "received", "lost", "stale_users")],
                         [COUNT, COUNT, 0, 0], said)

    def test_each(self):
        for mode in MODES:
            with self.subTest(mode):
                daemon = self.daemon()
                self.measure(daemon, mode)
                self.ends_well(daemon)

    def test_one_after_the_other(self):
        """Who watches whom since an earlier mode takes nothing from a later one."""
        daemon = self.daemon()
        for mode in MODES:
            with self.subTest(mode):
                self.measure(daemon, mode)
        self.ends_well(daemon)


if __name__ == "__main__":
    alone()
    unittest.main()
