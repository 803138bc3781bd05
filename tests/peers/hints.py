# SPDX-License-Identifier: Apache-2.0
"""The hints for the next start, which nobody is told of when they are written: a test that kills waits for them."""

import os
import random
import subprocess
import time

from .process import PeerError

LIMIT = 60
WITNESS = "witness@"


def hold(folder, text):
    """Whether a hint has the text, which nothing had before."""
    for name in os.listdir(folder):
        if ".db-hints" in name:
            with open(os.path.join(folder, name), "rb") as file:
                if text in file.read():
                    return True
    return False


def await_text(folder, text):
    end = time.monotonic() + LIMIT
    while not hold(folder, text):
        if time.monotonic() > end:
            raise PeerError("no hint in %s has %r" % (folder, text))
        time.sleep(0.05)


def await_written(binary, config, domain):
    """Until all that has changed up to now is there: whatever has changed is written in one go, so it is there as soon as
    what changes after it, which is a note of somebody whom nobody knows."""
    text, folder = "hint %06x" % random.SystemRandom().getrandbits(24), os.path.dirname(config)
    for words in ("user", "add", WITNESS + domain), ("publish", WITNESS + domain, "--note", text, "--expires", "1h"):
        done = subprocess.run([binary, *words, "--config", config], capture_output=True, text=True, timeout=LIMIT,
                              cwd=folder)
        if done.returncode:
            raise PeerError("heliograph %s: %s" % (words[0], done.stderr))
    await_text(folder, text.encode())
