#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Somebody at a telephone sees who watches him (RFC 3857, RFC 3858), wherever they live."""

import unittest
import xml.etree.ElementTree as ET

import simple_stage
from peers.process import PeerError

TYPE = "application/watcherinfo+xml"
NS = "{urn:ietf:params:xml:ns:watcherinfo}"


class Watched:
    """What a subscription to watcher information has told so far."""

    def __init__(self, person, **how):
        self.watch = person.subscribe(person, event="presence.winfo", accept=(TYPE,), **how)
        self.page = 0

    def documents(self):
        return [ET.fromstring(each.message.body) for each in self.watch.notified if each.message.body]

    @property
    def table(self):
        """{uri: (status, event)}, by the rules of RFC 3858 4.1."""
        known, version = {}, -1
        for each in self.documents():
            assert int(each.get("version")) == version + 1, "a gap"
            version += 1
            if each.get("state") == "full":
                known = {}
            for watcher in each.iter(NS + "watcher"):
                known[watcher.text] = (watcher.get("status"), watcher.get("event"))
        return known

    def told(self, who, status, event):
        uri = "sip:" + who.address
        self.watch.until(lambda: self.table.get(uri) == (status, event), "%s %s %s" % (who.name, status, event))


class Watchers(simple_stage.Phones):

    config = "approve: { federated: explicit }\n"

    def configure(self, text):
        return super().configure(text) + self.config

    def setUp(self):
        super().setUp()
        self.phone_of_alice = self.phone("alice")

    def test_both_worlds(self):
        """romeo waits until alice has named him; bob looks at once, and goes."""
        info = Watched(self.phone_of_alice)
        info.watch.until(lambda: info.watch.notified, "an empty list")
        self.assertEqual(info.table, {})
        self.assertEqual(info.documents()[0].get("state"), "full")
        self.romeo.subscribe(self.alice)
        info.told(self.romeo, "pending", "subscribe")
        watch = self.bob.subscribe(self.alice)
        info.told(self.bob, "active", "subscribe")
        self.alice.add(self.romeo)
        info.told(self.romeo, "active", "approved")
        watch.unsubscribe()
        info.told(self.bob, "terminated", "timeout")
        self.assertEqual({each.get("state") for each in info.documents()[1:]}, {"partial"})
        count = len(info.documents())
        info.watch.refresh()
        info.watch.until(lambda: len(info.documents()) > count, "all of it")
        self.assertEqual(info.documents()[-1].get("state"), "full")
        self.assertEqual(info.table, {"sip:" + self.romeo.address: ("active", "approved")})
        info.watch.unsubscribe()
        self.assertEqual((info.watch.reason, info.watch.faults), ("timeout", []))

    def test_ended(self):
        info = Watched(self.phone_of_alice)
        self.romeo.subscribe(self.alice)
        info.told(self.romeo, "pending", "subscribe")
        self.romeo.unsubscribe(self.alice)
        info.told(self.romeo, "terminated", "timeout")

    def test_once(self):
        self.romeo.subscribe(self.alice)
        info = Watched(self.phone_of_alice)
        info.told(self.romeo, "pending", "subscribe")
        once = Watched(self.phone_of_alice, expires=0)
        once.told(self.romeo, "pending", "subscribe")
        self.assertEqual(once.watch.reason, "timeout")

    def test_by_tcp(self):
        eve = self.phone("eve", "tcp")
        info = Watched(eve)
        self.dora.subscribe(eve)
        info.told(self.dora, "active", "subscribe")

    def test_of_others(self):
        """It is nobody's but its owner's."""
        for who in (self.alice, self.romeo):
            with self.assertRaisesRegex(PeerError, "403"):
                self.bob.subscribe(who, event="presence.winfo", accept=(TYPE,))
        with self.assertRaisesRegex(PeerError, "406"):
            self.bob.subscribe(self.bob, event="presence.winfo")


if __name__ == "__main__":
    unittest.main()
