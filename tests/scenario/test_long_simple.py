#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIP/SIMPLE once more over TCP, with a presence server that is told by PUBLISH, and over restarts of each side."""

import time
import unittest
from types import SimpleNamespace

import simple_stage
import test_simple
from peers import pidf


class Restarts(simple_stage.Beyond):
    """Before and after it bob and romeo see all that the other says: the text in its languages, what he does, since when he
    has been idle."""

    def setUp(self):
        super().setUp()
        self.befriend()
        self.say_all()

    def told_again(self):
        """The peer renews its subscription."""
        self.bob.turn_page()
        self.watch.refresh()

    def test_heliograph_restarts(self):
        """Nobody behind the peer does anything: their subscriptions are as they were."""
        self.stage.heliograph.await_kept()
        self.restart()
        self.expect(self.romeo_sees())
        self.told_again()
        self.expect(self.bob_sees())
        self.say_all()
        self.watch.unsubscribe()
        self.assertEqual((self.watch.reason, self.watch.faults), ("timeout", []))

    def test_kamailio_restarts(self):
        self.turn_pages()
        self.server.stop()
        self.await_peer(b"sip-peer-down")
        self.expect(self.romeo.sees(self.bob, "unavailable"))
        self.romeo.set_presence("dnd", "meanwhile")
        self.server.start()
        self.await_peer(b"sip-peer-up")
        self.expect(self.romeo_sees())
        self.watch = self.bob.subscribe(self.romeo)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "meanwhile"}, activities=["busy", "on-the-phone"]))
        self.say_all()

    def test_prosody_restarts(self):
        self.stage.server.stop()
        self.turn_pages()
        self.stage.server.start()
        self.romeo.await_ready(60)
        self.expect(self.romeo_sees())
        self.told_again()
        self.expect(self.bob_sees())
        self.say_all()


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
        self.stage.heliograph.await_kept()
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
        self.stage.heliograph.await_kept()
        self.restart()
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        self.bob.register()
        changed = self.bob.publish(pidf.write(self.bob.uri, note="later"), etag)
        self.assertEqual(changed.code, 200)
        self.expect(self.alice.sees(self.bob, "available", "later"))


if __name__ == "__main__":
    unittest.main()
