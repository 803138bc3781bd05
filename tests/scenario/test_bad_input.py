#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every wrong thing a SIP client may say, said to the whole daemon while others are served: each gets the answer
that the protocol has for it, nothing of it is stored, and the daemon ends in good order."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import here
from peers.heliograph import Heliograph
from peers.process import free_port

TABLE = os.path.join(here.SOURCE_DIR, "tests", "contract", "sip_bad_input.py")


class BadInput(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-bad-input-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder,
                                 "corp.example", "xmpp.example", free_port(), "unused")
        self.daemon.start()
        self.addCleanup(self.daemon.stop)

    def test_table(self):
        done = subprocess.run([sys.executable, TABLE, "127.0.0.1", str(self.daemon.sip_port)],
                              capture_output=True, text=True, timeout=240, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(", 0 wrong", done.stdout)
        self.nothing_stored()
        self.daemon.stop()
        self.assertEqual(self.daemon.status, 0)
        self.assertEqual(self.daemon.report(), "")

    def nothing_stored(self):
        """The table's wrong publications name a user who is there; none of them is his."""
        shown = subprocess.run(self.daemon.show_command("show", "--json", "alice@corp.example"),
                               capture_output=True, text=True, timeout=60, check=True)
        mirror = json.loads(shown.stdout)
        self.assertEqual([p for p in mirror["publications"] if p["expiry"] == "static"], [])
        self.assertEqual(mirror["contacts"], [])


if __name__ == "__main__":
    unittest.main()
