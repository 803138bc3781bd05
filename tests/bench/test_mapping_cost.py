#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Finding a rule does not cost more where there are more rules.

Compares counts of one run with each other, so neither the machine nor a busy one changes the outcome."""

import shutil
import unittest

from bench_mapping import cost
from test_fan_out import sanitised


@unittest.skipIf(sanitised(), "a sanitizer's instructions are not ours")
@unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
class Cost(unittest.TestCase):

    def test_of_many_rules(self):
        few, many = cost(2), cost(256)
        # A search through the rules would cost some 250 times as many comparisons; the number among the ranges is found
        # in eight steps instead of one.
        self.assertLess(many, 1.5 * few)


if __name__ == "__main__":
    unittest.main()
