#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""People behind a SIP presence server, a real Kamailio, and people of the two worlds see each other.

    bob@simple.example   a SIMPLE client   --SIP-->  Kamailio  --SIP-->  Heliograph  -->  alice, romeo
"""

import time
import unittest
from types import SimpleNamespace

import here  # noqa: F401
from peers import pidf
from peers.baresip import Baresip
from peers.kamailio import Kamailio
from peers.process import free_port
from peers.simple import ACTIVE, PENDING, SimpleClient
from stage import token
from test_relationships import Relationships

DOMAIN = "simple.example"
ROUTE = "  - {{ domain: {}, via: sip, trust: {} }}\n"
LISTEN = "  listen:\n"
PEER = """  peers:
    - {{ domains: [{domain}], address: 127.0.0.1, port: {port}, transport: {transport}, pace: {pace}, probe: 1s{more} }}
"""


class Beyond(Relationships):
    """`bob` and `dora` are there."""

    transport, pace, trust, more, also = "udp", 0, "sameEnterprise", "", ()
    read = 0             # so much of the log

    def configure(self, text):
        self.port = free_port(datagrams=True)
        folder = self.stage.folder
        self.stage.server.add_component(DOMAIN, self.stage.server.secret)
        text = text.replace("domains: [corp.example]", "domains: [corp.example, %s]" % DOMAIN)
        self.server = Kamailio(folder, DOMAIN, "sip:127.0.0.1:%d;transport=%s" % (self.port, self.transport),
                               also=self.also)
        text = text.replace(LISTEN, PEER.format(domain=DOMAIN, port=self.server.port, transport=self.transport,
                                                pace=self.pace, more=self.more) + LISTEN +
                            "    - { transport: %s, address: 127.0.0.1, port: %d }\n" % (self.transport, self.port))
        return text + ROUTE.format(DOMAIN, self.trust) + "limits: { settle: 1s, grace: 3s }\n"

    def setUp(self):
        super().setUp()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.client = SimpleClient(self.server.port)
        self.addCleanup(self.client.close)
        self.bob, self.dora = [self.client.user(name, "%s@%s" % (name, DOMAIN)) for name in ("bob", "dora")]
        self.words = "at sea " + token()
        self.await_peer(b"sip-peer-up")

    def turn_pages(self):
        super().turn_pages()
        if hasattr(self, "bob"):
            self.bob.turn_page()
            self.dora.turn_page()

    def await_peer(self, event, limit=60):
        """Until Heliograph says that the server is there, or is not any more."""
        until = time.monotonic() + limit
        while event not in self.stage.heliograph.log()[self.read:]:
            self.assertLess(time.monotonic(), until, "there was no %s" % event)
            time.sleep(0.1)
        self.read = len(self.stage.heliograph.log())

    def befriend(self):
        """bob and romeo watch each other, and alice watches bob."""
        self.bob.says(note=self.words)
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.reads(self.bob, "available", self.words))
        self.watch = self.bob.subscribe(self.romeo)
        self.watch.until(lambda: self.watch.state == PENDING, "being asked about")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.watch.until(lambda: self.watch.state == ACTIVE, "consent")
        self.expect(self.bob.sees(self.romeo, "open"))


class Story(Beyond):

    def test_both_ways(self):
        """Notes in two languages, what somebody does, and that he is idle, as far as each has words."""
        self.befriend()
        self.turn_pages()
        idle = "2026-11-22T10:00:00Z"
        etag = self.bob.says(note={"en": "in a meeting", "de": "in einer Besprechung"}, activity="meeting")
        self.expect(self.romeo.sees(self.bob, "dnd"))
        self.romeo.set_presence("dnd", "a & b < c > \U0001f642 שלום")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "a & b < c > \U0001f642 שלום"}))
        self.turn_pages()
        etag = self.bob.says(etag, activity="away", idle=idle)
        self.expect(self.romeo.sees(self.bob, "away"))
        self.romeo.set_presence("away")
        self.expect(self.bob.sees(self.romeo, "open", note={}))
        self.turn_pages()
        self.bob.says(etag, basic="closed")
        self.expect(self.romeo.sees(self.bob, "unavailable"))
        self.romeo.set_presence("unavailable")
        self.expect(self.bob.sees(self.romeo, "closed"))

    def test_lync(self):
        """alice, of enhanced presence, sees bob and is seen: as a Colleague, since his server is one's own."""
        self.bob.says(note=self.words, activity="on-the-phone")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        watch = self.bob.subscribe(self.alice)
        self.expect(self.bob.sees(self.alice, "open"))
        self.turn_pages()
        self.alice.set_status("busy", self.words)
        self.expect(self.bob.sees(self.alice, "open", note={"": self.words}, activities=["busy"]))
        self.turn_pages()
        self.alice.set_access(self.bob, "Blocked")
        self.expect(self.bob.sees(self.alice, "closed", note={}))
        self.assertEqual(watch.state, ACTIVE)
        self.assertEqual(watch.faults, [])

    def test_nobody(self):
        watch = self.bob.subscribe("nobody@corp.example")
        watch.until(lambda: watch.reason == "noresource", "that there is nobody")
        with self.assertRaisesRegex(Exception, "404"):
            self.bob.subscribe("somebody@nowhere.example")

    def test_end_and_fetch(self):
        """Who ends his subscription is told so; to look once needs no subscription."""
        self.befriend()
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        self.watch.unsubscribe()
        self.assertEqual((self.watch.reason, self.watch.last.basic), ("timeout", "closed"))
        self.turn_pages()
        once = self.bob.subscribe(self.romeo, 0)
        once.until(lambda: once.reason == "timeout", "the only notification")
        self.assertEqual((once.last.basic, once.last.notes), ("open", {"en": self.words}))
        self.expect(self.romeo.keeps_edge(self.bob, "both"))

    def test_refusal(self):
        self.bob.subscribe(self.romeo)
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.refuse(self.bob)
        watch = self.bob.subscriptions[0]
        watch.until(lambda: watch.reason == "rejected", "the refusal")

    def test_heliograph_restarts(self):
        """Nobody behind the peer does anything: their subscriptions are as they were."""
        self.befriend()
        self.await_kept()
        self.restart()
        self.expect(self.romeo.reads(self.bob, "available", self.words))
        self.bob.says(note="after it")
        self.expect(self.romeo.reads(self.bob, "available", "after it"))
        self.romeo.set_presence("xa", "here")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "here"}))
        self.watch.refresh()
        self.watch.unsubscribe()
        self.assertEqual((self.watch.reason, self.watch.faults), ("timeout", []))

    def await_kept(self):
        """What the next start need not lose is written a second after it has changed."""
        time.sleep(2.5)

    def test_kamailio_restarts(self):
        self.befriend()
        self.turn_pages()
        self.server.stop()
        self.await_peer(b"sip-peer-down")
        self.expect(self.romeo.sees(self.bob, "unavailable"))
        self.romeo.set_presence("dnd", "meanwhile")
        self.server.start()
        self.await_peer(b"sip-peer-up")
        self.bob.says(note="back")
        self.expect(self.romeo.reads(self.bob, "available", "back"))
        self.watch = self.bob.subscribe(self.romeo)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "meanwhile"}))

    def test_prosody_restarts(self):
        self.befriend()
        self.stage.server.stop()
        self.stage.server.start()
        self.romeo.await_ready(60)
        self.romeo.set_presence("dnd", "again")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "again"}))
        self.bob.says(note="as before")
        self.expect(self.romeo.reads(self.bob, "available", "as before"))


class OverTcp(Story):
    transport = "tcp"

    test_nobody = test_refusal = test_end_and_fetch = test_prosody_restarts = None


class Published(Beyond):
    """Kamailio is told of romeo by PUBLISH, and tells its own people."""

    more, also = ", publish: [romeo@xmpp.example]", ("xmpp.example",)

    def setUp(self):
        super().setUp()
        self.route = SimpleNamespace(name="presence", address="presence@" + DOMAIN)
        self.watch = self.bob.subscribe(self.romeo)
        self.expect(self.romeo.is_asked_by(self.route))

    def agree(self):
        self.romeo.accept(self.route)
        self.expect(self.bob.sees(self.romeo, "open"))

    def test_told(self):
        self.agree()
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        self.romeo.set_presence("unavailable")
        self.expect(self.bob.sees(self.romeo, "closed"))

    def test_not_without_consent(self):
        self.romeo.set_presence("dnd", self.words)
        self.romeo.refuse(self.route)
        self.dora.subscribe(self.romeo)
        time.sleep(3)
        self.assertNotIn(self.words, str(self.client.received))

    def test_restart(self):
        """What Kamailio was told before is changed, and not said once more beside it."""
        self.agree()
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        time.sleep(2.5)
        self.restart()
        self.await_peer(b"sip-peer-up")
        self.romeo.set_presence("away", "after it")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "after it"}))
        self.romeo.set_presence("unavailable")
        self.expect(self.bob.sees(self.romeo, "closed"))
        self.assertEqual(len(self.bob.seen_of(self.romeo).tuples), 1)


class Phones(Relationships):
    """Phones that sign in here, by UDP: dora and bob of corp.example, beside alice with her Lync client."""

    def configure(self, text):
        self.port = free_port(datagrams=True)
        return text.replace(LISTEN, LISTEN + "    - { transport: udp, address: 127.0.0.1, port: %d }\n" % self.port)

    def setUp(self):
        super().setUp()
        self.phones = []
        self.words = "on the road " + token()
        self.bob, self.dora = self.phone("bob"), self.phone("dora")

    def phone(self, name):
        client = SimpleClient(self.port)
        self.addCleanup(client.close)
        user = client.user(name, name + "@corp.example")
        user.register()
        self.phones.append(user)
        return user

    def turn_pages(self):
        super().turn_pages()
        for phone in getattr(self, "phones", ()):
            phone.turn_page()

    def test_among_themselves(self):
        watch = self.dora.subscribe(self.bob)
        self.expect(self.dora.sees(self.bob, "closed"))
        etag = self.bob.says(note=self.words, activity="on-the-phone")
        self.expect(self.dora.sees(self.bob, "open", note={"": self.words}, activities=["busy", "on-the-phone"]))
        changed = self.bob.publish(pidf.write(self.bob.uri, activity="away"), etag)
        self.assertEqual(changed.code, 200)
        self.expect(self.dora.sees(self.bob, "open", note={}, activities=["away"]))
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), etag).code, 412)
        self.turn_pages()
        watch.refresh()
        self.expect(self.dora.sees(self.bob, "open", note={}, activities=["away"]))
        self.assertEqual(self.bob.publish(etag=changed.etag, expires=0).code, 200)
        self.expect(self.dora.sees(self.bob, "closed"))
        watch.unsubscribe()
        self.assertEqual((watch.reason, watch.faults), ("timeout", []))

    def test_restart(self):
        """What a phone has published is still so, and it can be changed."""
        etag = self.bob.says(note=self.words, activity="busy")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        time.sleep(2.5)
        self.restart()
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        self.bob.register()
        changed = self.bob.publish(pidf.write(self.bob.uri, note="later"), etag)
        self.assertEqual(changed.code, 200)
        self.expect(self.alice.sees(self.bob, "available", "later"))

    def test_with_both_worlds(self):
        self.bob.says(note=self.words, activity="busy")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        self.bob.subscribe(self.alice)
        self.alice.set_status("away", "gone")
        self.expect(self.bob.sees(self.alice, "open", note={"": "gone"}, activities=["away"]))
        watch = self.bob.subscribe(self.romeo)
        watch.until(lambda: watch.state == PENDING, "that he is asked")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.sees_only(self.bob, "dnd"))

    def test_bad_publications(self):
        for document, code in (("<presence", 400), ("", 400), ("x" * 40000, 400)):
            self.assertEqual(self.bob.publish(document).code, code, document[:20])
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), event="dialog").code, 489)
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), "none.1").code, 412)
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), expires=5).code, 423)

    def test_baresip(self):
        """A real telephone."""
        eve = Baresip(self.stage.folder, "eve", "eve@corp.example", self.port, (self.bob,), "udp")
        eve.start()
        self.addCleanup(eve.stop)
        self.dora.subscribe("eve@corp.example")
        self.story.expect(self.dora.sees(eve, "open"))
        self.bob.says(activity="busy")
        self.story.expect(eve.sees(self.bob, "Busy"))
        self.turn_pages()
        eve.offline()
        self.story.expect(self.dora.sees(eve, "closed"))


del Beyond, Relationships

if __name__ == "__main__":
    unittest.main()
