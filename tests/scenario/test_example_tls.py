#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Lync clients over TLS, with a certificate made as an operator would make one."""

import os
import shutil
import socket
import ssl
import tempfile
import time
import unittest

import here
from peers.heliograph import Heliograph
from peers.lyncclient import LyncClient
from peers.process import free_port
from stage import token

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
PROBE = os.path.join(here.BUILD_DIR, "peers", "purple-probe")
LIMIT = 60


class TlsClient(LyncClient):

    def sign_on(self, port):
        self.start_command([
            # -k: it accepts the certificate, which nobody has signed.
            self.program, "-v", "-k", "-u", self.address, "-p", "unused",
            "-o", "server=127.0.0.1:%d" % port, "-o", "transport=tls",
            "-d", os.path.join(self.folder, self.name + ".purple")])


class Tls(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-tls-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Heliograph(BINARY, "", self.folder, "corp.example", "xmpp.example",
                                 free_port(), "sesame-" + token())
        self.port = self.daemon.listen_tls()
        self.daemon.configure("limits: { grace: 1s }\n")
        self.daemon.start()
        self.addCleanup(lambda: self.daemon.process.kill())

    def sign_on(self, name):
        client = TlsClient(PROBE, name, name + "@corp.example", self.folder)
        client.sign_on(self.port)
        self.addCleanup(client.stop)
        client.await_ready()
        return client

    def await_sight(self, sight):
        until = time.monotonic() + LIMIT
        while not sight.look()[0]:
            self.assertLess(time.monotonic(), until, "%s expected %s, last saw %s; log: %s" % (
                sight.who, sight.expected, sight.look()[1], self.daemon.log()))
            time.sleep(0.05)

    def end(self):
        self.daemon.stop(LIMIT)
        self.assertEqual((self.daemon.status, self.daemon.report()), (0, ""))

    def test_presence(self):
        alice, carol = self.sign_on("alice"), self.sign_on("carol")
        carol.add(alice)
        for status, words in (("busy", "in a review"), ("away", "gone home")):
            note = "%s %s" % (words, token())
            carol.turn_page()
            alice.set_status(status, note)
            self.await_sight(carol.sees(alice, status, note))
        carol.turn_page()
        alice.command("disconnect")    # without a word; it is noticed that the connection is gone
        self.await_sight(carol.sees(alice, "offline"))
        self.end()

    def test_strangers_stop_nobody(self):
        """One who speaks no TLS, one who never ends his handshake, one who hangs up within."""
        alice, carol = self.sign_on("alice"), self.sign_on("carol")
        carol.add(alice)
        address = "127.0.0.1", self.port
        with socket.create_connection(address) as plain, \
                socket.create_connection(address) as mute, \
                socket.create_connection(address) as hasty:
            plain.sendall(b"REGISTER sip:corp.example SIP/2.0\r\n\r\n" * 20)
            mute.sendall(b"\x16\x03\x01\x02\x00\x01")
            context = ssl._create_unverified_context()
            wrapped = context.wrap_socket(hasty, server_side=False)
            wrapped.sendall(b"\x00garbage\r\n\r\n")
            wrapped.close()
            note = "in a review " + token()
            carol.turn_page()
            alice.set_status("busy", note)
            self.await_sight(carol.sees(alice, "busy", note))
        self.end()


if __name__ == "__main__":
    unittest.main()
