#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Datagrams that come while the daemon is at something else wait for it: as many as the kernel has room for."""

import os
import shutil
import signal
import socket
import tempfile
import unittest

import here
from peers.heliograph import LISTEN, Heliograph
from peers.process import free_port

ROOM = 4 << 20       # octets, what the daemon asks the kernel for
COST = 1700          # what the kernel counts for a datagram like these, and something more
OPTIONS = ("OPTIONS sip:127.0.0.1:%d SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\n"
           "From: <sip:bob@simple.example>;tag=a\r\nTo: <sip:127.0.0.1>\r\nCall-ID: c%d\r\nCSeq: 1 OPTIONS\r\n"
           "Content-Length: 0\r\n\r\n")


def room_allowed():
    with open("/proc/sys/net/core/rmem_max") as limit:
        return int(limit.read())


class Datagrams(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-datagrams-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, "corp.example",
                                 "xmpp.example", free_port(), "secret")
        self.port = free_port(datagrams=True)
        with open(self.daemon.config) as config:
            text = config.read().replace(
                LISTEN, LISTEN + "    - { transport: udp, address: 127.0.0.1, port: %d }\n" % self.port)
        with open(self.daemon.config, "w") as config:
            config.write(text)
        self.daemon.start()
        self.addCleanup(self.daemon.kill)
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(60)

    def test_burst(self):
        """The kernel gives a socket that asks twice what it says, and half of that to one that does not."""
        count = min(1000, 2 * min(ROOM, room_allowed()) // COST)
        self.daemon.process.signal(signal.SIGSTOP)
        for number in range(count):
            data = OPTIONS % (self.port, *self.socket.getsockname(), number, number)
            self.socket.sendto(data.encode(), ("127.0.0.1", self.port))
        self.daemon.process.signal(signal.SIGCONT)
        answers = set()
        while len(answers) < count:
            try:
                answers.add(self.socket.recv(65536).partition(b"\r\nCall-ID: ")[2].split(b"\r\n")[0])
            except TimeoutError:
                self.fail("%d of %d are answered" % (len(answers), count))


if __name__ == "__main__":
    unittest.main()
