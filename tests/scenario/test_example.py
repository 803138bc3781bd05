#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/heliograph.example.yaml is good and runs as it is.

Its ports are the well-known ones, so it runs in a network of its own: this script runs itself
again there (`unshare -n`), which takes root.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import here
from peers.alone import WHY, alone, is_alone
from peers.heliograph import REPORT
from peers.process import Process

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
EXAMPLE = os.path.join(here.SOURCE_DIR, "docs", "heliograph.example.yaml")
SIP_PORT = 5060     # that of the example

# A key with its value, or an address of a list; not a word that is explained ("# full: what ...").
COMMENTED = re.compile(r"^( *)# ( *(?:(?!full|open|none)[a-z0-9-]+:(?: .*)?|- \S+@\S+))$",
                       re.MULTILINE)


class Example(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-example-")
        self.addCleanup(shutil.rmtree, self.folder)

    def command(self, *words):
        return subprocess.run([BINARY, *words, "--config", EXAMPLE], cwd=self.folder,
                              capture_output=True, text=True, timeout=60)

    def test_check(self):
        done = self.command("check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.startswith(EXAMPLE + ": no errors"), done.stdout)
        self.assertEqual(os.listdir(self.folder), [])

    @unittest.skipUnless(is_alone(), WHY)
    def test_run(self):
        daemon = Process("heliograph", [BINARY, "run", "--config", EXAMPLE], self.folder)
        self.addCleanup(daemon.kill)
        daemon.await_port(SIP_PORT, 60)
        done = self.command("show", "nobody@corp.example")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("nothing is known of nobody@corp.example", done.stderr)
        self.assertEqual(daemon.stop(60), 0)
        with open(daemon.log, "rb") as log:
            text = log.read()
        self.assertIsNone(REPORT.search(text), text)
        self.assertRegex(text, rb" info stopped status=0\n$")
        self.assertEqual(sorted(os.listdir(self.folder)), ["heliograph.log", "store.db"])

    def test_what_is_commented_out(self):
        """With every key that is shown in a comment switched on, the configuration stays good."""
        with open(EXAMPLE) as example:
            full, count = COMMENTED.subn(r"\1\2", example.read())
        self.assertGreater(count, 20)
        path = os.path.join(self.folder, "full.yaml")
        with open(path, "w") as file:
            file.write(full)
        # `./mappings` is there in the top folder.
        done = subprocess.run([BINARY, "check", "--config", path], cwd=here.SOURCE_DIR,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    alone()
    unittest.main()
