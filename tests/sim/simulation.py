# SPDX-License-Identifier: Apache-2.0
"""Running the simulation from tests."""

import os
import pathlib
import subprocess
import sys


def run(program, *arguments):
    """(exit status, output)"""
    path = pathlib.Path(os.environ["HG_BUILD_DIR"]) / program
    done = subprocess.run([path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def fail(what):
    print(f"FAILED: {what}")
    sys.exit(1)
