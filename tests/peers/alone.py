# SPDX-License-Identifier: Apache-2.0
"""A network that nobody else has, for who needs the well-known ports (`unshare -n`, which takes root)."""

import os
import subprocess
import sys

ALONE = "HG_TEST_ALONE"
WHY = "needs a network of its own, and that needs root"


def is_alone():
    return ALONE in os.environ


def alone():
    """Runs this script again with such a network, if that is possible."""
    command = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if not is_alone() and os.geteuid() == 0 and \
            subprocess.run([*command, "true"], capture_output=True).returncode == 0:
        os.environ[ALONE] = "yes"
        os.execvp(command[0], [*command, sys.executable, *sys.argv])
