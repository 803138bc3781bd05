#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo with Heliograph under valgrind: slower, but all comes right, and there is no report."""

import os
import subprocess
import sys
import unittest

import demo
import here

VALGRIND = "valgrind -q --leak-check=full --show-leak-kinds=definite,indirect --error-exitcode=9"


def sanitised(binary):
    with open(binary, "rb") as program:
        return b"__asan_init" in program.read()


class UnderValgrind(unittest.TestCase):

    def test_demo(self):
        binary = os.path.join(here.BUILD_DIR, "heliograph")
        if sanitised(binary):
            self.skipTest("a program under AddressSanitizer does not run under valgrind")
        done = subprocess.run(
            [sys.executable, os.path.abspath(demo.__file__), "--once", "--limit", "60",
             "--binary", binary, "--wrapper", VALGRIND], capture_output=True, text=True)
        print(done.stdout)
        self.assertEqual(done.returncode, demo.ALL_RIGHT, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
