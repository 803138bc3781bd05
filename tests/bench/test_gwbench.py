#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The load generator tells what happened: against the least that a gateway could do everything arrives,
and what a fault keeps from arriving is counted as lost."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from peers.process import free_port  # noqa: E402

BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(HERE, "..", "..", "build", "release"))
GWBENCH, NULLGW = (os.path.join(BUILD_DIR, "bench", name) for name in ("gwbench", "nullgw"))
USERS, COUNT = 100, 2000


class Gwbench(unittest.TestCase):

    def measure(self, mode, *options, count=COUNT):
        """Both phases, as dictionaries."""
        sip, component, own = (str(free_port(datagrams=True)) for _ in range(3))
        gateway = subprocess.Popen([NULLGW, sip, component, own])
        self.addCleanup(gateway.wait)
        self.addCleanup(gateway.kill)
        done = subprocess.run([GWBENCH, "-m", mode, "-u", str(USERS), "-n", str(count), "-w", "16",
                               "-p", str(gateway.pid), "-g", "127.0.0.1:" + sip, "-l", "127.0.0.2:" + own,
                               "-c", "127.0.0.1:" + component, *options],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_all_arrives(self):
        for mode in ("s2x-notify", "x2s-watch"):
            setup, load = self.measure(mode)
            self.assertEqual((setup["ready"], setup["mode"]), (USERS, mode))
            self.assertEqual([load[key] for key in ("sent", "received", "lost", "dup", "stale_users", "err_responses")],
                             [COUNT, COUNT, 0, 0, 0, 0])
            self.assertGreater(load["gw_cpu_s"], 0)
            self.assertLessEqual(load["p50_ms"], load["max_ms"])

    def test_templates(self):
        for mode, option, text in (
                ("x2s-watch", "--stanza", "<presence from='@FROM@/r' to='@TO@'><status>@MARK@</status></presence>"),
                ("s2x-notify", "--body", "a@b @URI@ <note>@MARK@</note>")):
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
                file.write(text)
                file.flush()
                self.assertEqual(self.measure(mode, option, file.name)[1]["received"], COUNT)

    def test_deaf(self):
        """For all of the load SIP is deaf: nothing arrives, and everybody is left with an old state."""
        _, load = self.measure("x2s-watch", "-r", "4000", "--mute-sip", "0:300", "--timeout", "0.2", "--drain", "0.5")
        self.assertEqual([load[key] for key in ("sent", "received", "lost", "stale_users")], [COUNT, 0, COUNT, USERS])

    def test_usage(self):
        for wrong in (["-m", "x2x"], ["-l", "10.0.0.1:5060"], ["--sip-uri", "sip:u@x"], ["--sip-uri", "%s%d"],
                      ["-u", "0"], ["--mute-sip", "5"], ["--nothing"], ["more"]):
            done = subprocess.run([GWBENCH, *wrong], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)
        self.assertEqual(subprocess.run([GWBENCH, "--help"], capture_output=True, timeout=60).returncode, 0)


if __name__ == "__main__":
    unittest.main()
