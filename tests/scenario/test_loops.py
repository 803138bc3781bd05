#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two Heliographs face each other, by SIP: people of both see each other, and nothing goes round.

    alice@one.example  phone  -->  Heliograph one  <--SIP-->  Heliograph two  <--  phone  bob@two.example
"""

import os
import re
import shutil
import socket
import tempfile
import time
import unittest
import urllib.request
from types import SimpleNamespace

import here
from peers.heliograph import Heliograph
from peers.process import PeerError, free_port
from peers.simple import SimpleClient
from stage import token
from story import Story
from test_durable import Silent

LISTEN = "  listen:\n"
PEER = """\
    - {{ domains: [{domains}], address: 127.0.0.1, port: {port}, transport: {kind}, pace: 0, probe: 1s, {more} }}
"""
UDP = "    - {{ transport: udp, address: 127.0.0.1, port: {port} }}\n"
ROUTE = "  - {{ domain: {domain}, via: sip, trust: sameEnterprise }}\n"
REST = """limits: {{ settle: 1s, grace: 3s }}
http: {{ address: 127.0.0.1, port: {http} }}
"""
LIMIT = 60
QUIET = 3               # seconds in which nothing may move any more
STORM = 200             # requests in that time that are more than probes and what is tried again


class Side:
    """A Heliograph for the people of a domain."""

    def __init__(self, folder, name):
        self.name, self.domain, self.port = name, name + ".example", free_port(datagrams=True)
        self.folder, self.http = os.path.join(folder, name), free_port()
        os.mkdir(self.folder)
        self.tls = None
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, self.domain,
                                 "xmpp.example", free_port(), token())

    def face(self, *peers, more=""):
        """Each a side, and the domains that this one believes to be behind it."""
        with open(self.daemon.config) as config:
            text = config.read()
        text = text.replace(LISTEN, "  peers:\n" + "".join(
            PEER.format(domains=", ".join(domains), port=other.tls or other.port, kind="tls" if other.tls else "udp",
                        more=more or "publish-directed: off")
            for other, domains in peers) + LISTEN + UDP.format(port=self.port))
        text += "".join(ROUTE.format(domain=domain) for _, domains in peers for domain in domains)
        with open(self.daemon.config, "w") as config:
            config.write(text + REST.format(http=self.http))

    def count(self, metric):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.http) as answer:
            return int(re.search("^heliograph_%s (\\d+)" % metric, answer.read().decode(), re.M).group(1))


class Stage(unittest.TestCase):

    names = "one", "two"

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="heliograph-loops-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.sides = [Side(folder, name) for name in self.names]
        self.phones = []
        self.story = Story(None, Silent(), LIMIT)

    def start(self):
        for side in self.sides:
            side.daemon.start()
            self.addCleanup(side.daemon.stop)

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

    def state(self):
        """What people were told, and how many watches there are."""
        return [len(phone.socket.received) for phone in self.phones], [side.count("watches") for side in self.sides]

    def assert_quiet(self):
        """Nobody is told anything who was told all, no watch comes or goes, and nothing is passed on and on."""
        before, asked = self.state(), [side.count("sip_requests_total") for side in self.sides]
        time.sleep(QUIET)
        self.assertEqual(self.state(), before)
        for side, requests in zip(self.sides, asked):
            self.assertLess(side.count("sip_requests_total") - requests, STORM)


class Facing(Stage):

    more = ""
    tls = False
    lang = ""               # of a note that names none

    def setUp(self):
        super().setUp()
        self.one, self.two = self.sides
        for side in self.sides * self.tls:
            side.tls = side.daemon.listen_tls()
        self.one.face((self.two, [self.two.domain]), more=self.more)
        self.two.face((self.one, [self.one.domain]), more=self.more)
        self.start()
        self.alice, self.bob = self.phone(self.one, "alice"), self.phone(self.two, "bob")

    def watch_each_other(self):
        self.watches = [self.alice.subscribe(self.bob), self.bob.subscribe(self.alice)]


class Loops(Facing):

    def test_both_ways(self):
        self.watch_each_other()
        words = "over there " + token()
        etag = self.bob.says(note=words, activity="busy")
        self.alice.says(activity="on-the-phone")
        self.expect(self.alice.sees(self.bob, "open", note={self.lang: words}, activities=["busy"]),
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
        self.two.daemon.await_kept()
        self.two.daemon.kill()
        self.turn_pages()
        self.two.daemon.start()
        self.bob.register()
        self.watches[1] = self.bob.subscribe(self.alice)
        self.expect(self.bob.sees(self.alice, "open", activities=["away"]))
        self.bob.says(activity="on-the-phone", note="again")
        self.expect(self.alice.sees(self.bob, "open", note={self.lang: "again"}))
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


class Ring(Stage):
    """Each of three believes that people live behind the next one, where nobody does."""

    names, more = ("one", "two", "three"), "publish-directed: on"
    NOBODY = SimpleNamespace(name="nobody", address="nobody@ring.example")

    def face_each_other(self, ahead, back):
        """`ahead`, `back`: of a side and the next two, the domains behind the next one, and behind the last one."""
        for number, side in enumerate(self.sides):
            second, third = (self.sides[(number + step) % 3] for step in (1, 2))
            peers = (second, ahead(second, third)), (third, back(second, third))
            side.face(*((peer, domains) for peer, domains in peers if domains), more=self.more)
        self.start()
        self.people = [self.phone(side, name) for side, name in zip(self.sides, ("alice", "bob", "carol"))]

    def until_still(self):
        before, end = None, time.monotonic() + LIMIT
        while (now := self.state()) != before:
            self.assertLess(time.monotonic(), end, "%s is not %s" % (now, before))
            before = now
            time.sleep(1)

    def test_nobody_is_there(self):
        """Who lives at one of them is asked about by all, and refused by his own; who does not waits for ever."""
        self.face_each_other(lambda second, third: ["ring.example"],
                             lambda second, third: [second.domain, third.domain, "elsewhere.example"])
        for person in self.people:
            person.subscribe(self.NOBODY)
        self.expect(*(person.sees(self.NOBODY, "closed") for person in self.people))
        stranger = SimpleClient(self.sides[0].port)
        self.addCleanup(stranger.close)
        stranger.user("eve", "eve@elsewhere.example").subscribe(self.NOBODY)
        self.until_still()
        for side in self.sides:
            self.assertEqual([each["watcher"] for each in side.daemon.mirror_of(self.NOBODY)["watchers"]
                              if each["watcher"].startswith("eve@")], ["eve@elsewhere.example"])
        self.assert_quiet()

    def test_all_are_behind_the_next(self):
        """So one's people are behind three for two: what they are told does not find them, and goes no further."""
        self.face_each_other(lambda second, third: [second.domain, third.domain], lambda second, third: [])
        for person in self.people:
            for other in self.people:
                if other is not person:
                    person.subscribe(other)
            person.says(activity="busy", note=person.name)
        self.until_still()
        self.assert_quiet()


if __name__ == "__main__":
    unittest.main()
