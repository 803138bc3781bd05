# SPDX-License-Identifier: Apache-2.0
"""Import this first: it lets the stories, which are run as scripts, import tests/peers."""

import os
import sys

SOURCE_DIR = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(SOURCE_DIR, "build", "release"))

sys.path.insert(0, os.path.join(SOURCE_DIR, "tests"))
