#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two Heliographs face each other, by SIP: people of both see each other, and nothing goes round.

    alice@one.example  phone  -->  Heliograph one  <--SIP-->  Heliograph two  <--  phone  bob@two.example
"""

import os
import shutil
import socket
import tempfile
import time
import unittest

import here
from peers.heliograph import Heliograph
from peers.process import PeerError, free_port
from peers.simple import SimpleClient
from stage import token
from story import Story
from test_durable import Silent

LISTEN = "  listen:\n"
PEER = """  peers:
    - {{ domains: [{domain}], address: 127.0.0.1, port: {port}, transport: {kind}, pace: 0, probe: 1s, {more} }}
  listen:
    - {{ transport: udp, address: 127.0.0.1, port: {own} }}
"""
LIMIT = 60
QUIET = 3               # seconds in which nothing may move any more


class Side:
    """A Heliograph for the people of a domain."""

    def __init__(self, folder, name):
        self.name, self.domain, self.port = name, name + ".example", free_port(datagrams=True)
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.tls = None
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, self.domain,
                                 "xmpp.example", free_port(), token())

    def face(self, other, more=""):
        with open(self.daemon.config) as config:
            text = config.read()
        text = text.replace(LISTEN, PEER.format(domain=other.domain, port=other.tls or other.port, own=self.port,
                                                kind="tls" if other.tls else "udp",
                                                more=more or "publish-directed: off"), 1)
        text += "  - { domain: %s, via: sip, trust: sameEnterprise }\nlimits: { settle: 1s, grace: 3s }\n" % other.domain
        with open(self.daemon.config, "w") as config:
            config.write(text)


class Facing(unittest.TestCase):

    more = ""
    tls = False

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="heliograph-loops-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.one, self.two = Side(folder, "one"), Side(folder, "two")
        for side in (self.one, self.two) * self.tls:
            side.tls = side.daemon.listen_tls()
        self.one.face(self.two, self.more)
        self.two.face(self.one, self.more)
        for side in self.one, self.two:
            side.daemon.start()
            self.addCleanup(side.daemon.stop)
        self.story = Story(None, Silent(), LIMIT)
        self.phones = []
        self.alice, self.bob = self.phone(self.one, "alice"), self.phone(self.two, "bob")

    def phone(self, side, name):
        client = SimpleClient(side.port)
        self.addCleanup(client.close)
        user = client.user(name, "%s@%s" % (name, side.domain))
        user.register()
        self.phones.append(user)
        return user

    def turn_pages(self):
        for phone in self.phones:
            phone.turn_page()

    def expect(self, *sights):
        self.story.expect(*sights)

    def assert_quiet(self):
        """Nobody is told anything who was told all."""
        before = [len(phone.socket.received) for phone in self.phones]
        time.sleep(QUIET)
        self.assertEqual([len(phone.socket.received) for phone in self.phones], before)

    def watch_each_other(self):
        self.watches = [self.alice.subscribe(self.bob), self.bob.subscribe(self.alice)]


class Loops(Facing):

    def test_both_ways(self):
        self.watch_each_other()
        words = "over there " + token()
        etag = self.bob.says(note=words, activity="busy")
        self.alice.says(activity="on-the-phone")
        self.expect(self.alice.sees(self.bob, "open", note={"": words}, activities=["busy"]),
                    self.bob.sees(self.alice, "open", activities=["busy", "on-the-phone"]))
        self.assert_quiet()
        self.bob.publish(etag=etag, expires=0)
        self.expect(self.alice.sees(self.bob, "closed"))
        self.assert_quiet()

    def test_one_restarts(self):
        self.watch_each_other()
        self.bob.says(activity="busy")
        self.alice.says(activity="away")
        self.expect(self.alice.sees(self.bob, "open", activities=["busy"]),
                    self.bob.sees(self.alice, "open", activities=["away"]))
        time.sleep(2.5)             # what the next start need not lose is written a second after it changed
        self.two.daemon.kill()
        self.turn_pages()
        self.two.daemon.start()
        self.bob.register()
        self.watches[1] = self.bob.subscribe(self.alice)
        self.expect(self.bob.sees(self.alice, "open", activities=["away"]))
        self.bob.says(activity="on-the-phone", note="again")
        self.expect(self.alice.sees(self.bob, "open", note={"": "again"}))
        self.assert_quiet()

    def linked(self, *sides):
        """alice and bob are one person, as these sides know. Of alice dora is shown this."""
        for side, person, account in ((self.one, self.alice, self.bob), (self.two, self.bob, self.alice)):
            if side in sides:
                side.daemon.command("link", person.address, account.address)
        dora = self.phone(self.one, "dora")
        dora.subscribe(self.alice)
        self.bob.says(activity="on-the-phone")
        self.alice.says()
        return dora

    def test_linked_on_one_side(self):
        """What bob does counts for alice, and is not sent back to him as hers."""
        dora = self.linked(self.one)
        self.bob.subscribe(self.alice)
        self.expect(dora.sees(self.alice, "open", activities=["busy", "on-the-phone"]),
                    self.bob.sees(self.alice, "closed"))
        self.assert_quiet()

    def test_linked_on_both_sides(self):
        """Neither shows the person to himself, so neither feeds the other, and nothing goes round."""
        dora = self.linked(self.one, self.two)
        self.expect(dora.sees(self.alice, "open", activities=[]))
        self.assert_quiet()

    def test_an_address_that_is_theirs(self):
        """Who asks one side for somebody of the other's is not passed on and back."""
        with self.assertRaisesRegex(PeerError, "403|404"):
            stranger = SimpleClient(self.two.port)
            self.addCleanup(stranger.close)
            stranger.user("eve", "eve@one.example").subscribe("carol@one.example")


class OverTls(Facing):

    tls = True

    def test_both_ways(self):
        """Each of them connects to the other; nothing goes by UDP between them."""
        self.watch_each_other()
        words = "in secret " + token()
        self.bob.says(note=words, activity="busy")
        self.alice.says(activity="on-the-phone")
        self.expect(self.alice.sees(self.bob, "open", note={"": words}, activities=["busy"]),
                    self.bob.sees(self.alice, "open", activities=["busy", "on-the-phone"]))
        for side in self.one, self.two:
            with socket.create_connection(("127.0.0.1", side.tls), 10) as plain:    # no TLS: not a word
                plain.sendall(b"OPTIONS sip:x@" + side.domain.encode() + b" SIP/2.0\r\n\r\n")
                self.assertNotIn(b"SIP/2.0", plain.recv(100))


class Directed(Loops):
    """Each is told by PUBLISH what is said to anybody behind it: and does not publish it on."""
    more = "publish-directed: on"

    test_one_restarts = test_an_address_that_is_theirs = None


if __name__ == "__main__":
    unittest.main()
