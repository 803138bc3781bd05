#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every step of the demo can fail: without Heliograph none of them comes right."""

import os
import subprocess
import sys
import unittest

import demo


class Breaks(unittest.TestCase):

    def test_each_step_fails_without_heliograph(self):
        for number, step in enumerate(demo.STEPS, 1):
            with self.subTest(step=step.name):
                done = subprocess.run(
                    [sys.executable, os.path.abspath(demo.__file__), "--once", "--break",
                     str(number)], capture_output=True, text=True)
                self.assertEqual(done.returncode, demo.STEP_FAILED, done.stdout + done.stderr)
                self.assertIn("step %d (%s) failed" % (number, step.name), done.stdout)


if __name__ == "__main__":
    unittest.main()
