# SPDX-License-Identifier: Apache-2.0
"""Child processes that leave nothing behind, and ports that nobody else has."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import tempfile
import time


class PeerError(Exception):
    """A peer could not be brought to do what was asked; says what and where to look."""


# Kills the process group once the pipe has no other end: children of a child get no parent's death signal.
# It is nobody's child, for some count theirs.
GUARD = 'exec 3<&0; ( (cat <&3 && kill -KILL 0) & ); exec "$@" 3<&- </dev/null'


class Process:
    """A child in a session of its own: a Ctrl-C at the terminal does not reach it, and it dies with
    us even if we are killed; so do its children if it `forks`. What it says on stderr, and on stdout
    unless piped, goes to its log."""

    def __init__(self, name, command, folder, piped=False, forks=False):
        self.name = name
        self.log = os.path.join(folder, name + ".log")
        guard = ["sh", "-c", GUARD, name] if forks else []
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                # The wrapper execs, so the child has the pid that we know.
                ["setpriv", "--pdeathsig", "KILL", "--", *guard, *command], cwd=folder, stderr=log,
                stdin=subprocess.PIPE if piped or forks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if piped else log, start_new_session=True)

    @property
    def running(self):
        return self.child.poll() is None

    def signal(self, number):
        if self.running:
            os.killpg(self.child.pid, number)

    def kill(self):
        """kill -9; returns when the process is gone."""
        self.signal(signal.SIGKILL)
        return self.ended(self.child.wait())

    def stop(self, limit=60):
        """Asks the process to end, and insists after the limit. Returns its exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self.ended(self.child.wait(limit))
        except subprocess.TimeoutExpired:
            return self.kill()

    def ended(self, status):
        if self.child.stdin:
            self.child.stdin.close()
        return status

    def last_lines(self, count=10):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-count:]).rstrip()

    def await_port(self, port, limit=20):
        """Waits until the process accepts connections."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if not self.running:
                raise PeerError("%s ended with status %d before it listened:\n%s\nits log: %s" % (
                    self.name, self.child.returncode, self.last_lines(), self.log))
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise PeerError("%s does not listen on port %d after %d s; its log: %s"
                        % (self.name, port, limit, self.log))


RESERVED = os.path.join(tempfile.gettempdir(), "heliograph-ports-%d" % os.getuid())
reserved_file, reserved_here = None, set()


def reserved(port):
    """Tests that run at the same time leave it to us, while nobody listens on it yet: there is an octet for each
    port, and who has it locked has the port. The kernel unlocks what a process had when it ends."""
    global reserved_file
    if reserved_file is None:
        reserved_file = open(RESERVED, "ab")    # never closed: that would unlock all
    if port in reserved_here:       # our own lock would not be in our way
        return False
    try:
        fcntl.lockf(reserved_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    reserved_here.add(port)
    return True


def free_port(datagrams=False):
    """A TCP port on loopback on which nobody listens; `datagrams`: nor for UDP. It is ours as long as we live.

    It is taken from below those that the kernel gives to outgoing connections. Above, somebody who
    keeps trying to reach a server that is down would now and then be connected to himself.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
        ceiling = int(limits.read().split()[0])
    while True:
        port = random.randrange(10000, max(ceiling, 20000))
        if not reserved(port):
            continue
        with socket.socket() as trial, socket.socket(type=socket.SOCK_DGRAM) as datagram_trial:
            try:
                trial.bind(("127.0.0.1", port))
                if datagrams:
                    datagram_trial.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass    # somebody else has it, and may keep it from us
