#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIP/SIMPLE once more over TCP, with a presence server that is told by PUBLISH, and over restarts of each side."""

import time
import unittest
from types import SimpleNamespace

import simple_stage
import test_simple
from peers import pidf


def await_kept():
    """What the next start need not lose is written a second after it has changed."""
    time.sleep(2.5)


class Restarts(simple_stage.Beyond):

    def test_heliograph_restarts(self):
        """Nobody behind the peer does anything: their subscriptions are as they were."""
        self.befriend()
        await_kept()
        self.restart()
        self.expect(self.romeo.reads(self.bob, "available", self.words))
        self.bob.says(note="after it")
        self.expect(self.romeo.reads(self.bob, "available", "after it"))
        self.romeo.set_presence("xa", "here")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "here"}))
        self.watch.refresh()
        self.watch.unsubscribe()
        self.assertEqual((self.watch.reason, self.watch.faults), ("timeout", []))

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


class RestartsOverTcp(Restarts):
    transport = "tcp"


class OverTcp(test_simple.Story):
    transport = "tcp"


class Published(simple_stage.Beyond):
    """Kamailio is told of romeo by PUBLISH, and tells its own people."""

    more, also = ", publish: [romeo@xmpp.example]", ("xmpp.example",)

    def setUp(self):
        super().setUp()
        self.route = SimpleNamespace(name="presence", address="presence@" + simple_stage.DOMAIN)
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
        await_kept()
        self.restart()
        self.await_peer(b"sip-peer-up")
        self.romeo.set_presence("away", "after it")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "after it"}))
        self.romeo.set_presence("unavailable")
        self.expect(self.bob.sees(self.romeo, "closed"))
        self.assertEqual(len(self.bob.seen_of(self.romeo).tuples), 1)


class Phones(simple_stage.Phones):

    def test_restart(self):
        """What a phone has published is still so, and it can be changed."""
        etag = self.bob.says(note=self.words, activity="busy")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        await_kept()
        self.restart()
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        self.bob.register()
        changed = self.bob.publish(pidf.write(self.bob.uri, note="later"), etag)
        self.assertEqual(changed.code, 200)
        self.expect(self.alice.sees(self.bob, "available", "later"))


if __name__ == "__main__":
    unittest.main()
