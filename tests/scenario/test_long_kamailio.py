#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The peers of SIMPLE by themselves: Kamailio as the presence server, the client that the stories use,
over UDP and TCP, and baresip. Heliograph has no part in it."""

import shutil
import tempfile
import unittest

import here  # noqa: F401
from peers import pidf
from peers.baresip import Baresip
from peers.kamailio import Kamailio
from peers.simple import ACTIVE, TERMINATED, SimpleClient
from stage import token
from story import Story
from test_durable import Silent

DOMAIN, LIMIT = "simple.example", 60
IDLE = "2026-11-22T10:00:00Z"


class Alone(unittest.TestCase):

    transport = "udp"

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-kamailio-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = Kamailio(self.folder, DOMAIN)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.client = self.new_client()
        self.bob, self.dora = [self.client.user(name, "%s@%s" % (name, DOMAIN)) for name in ("bob", "dora")]
        self.story = Story(None, Silent(), LIMIT)
        self.words = "at sea " + token()

    def new_client(self):
        client = SimpleClient(self.server.port, self.transport)
        self.addCleanup(client.close)
        return client

    def sees(self, basic="open", **words):
        self.story.expect(self.dora.sees(self.bob, basic, **words))

    def test_publish(self):
        """RFC 3903: new, changed, refreshed, removed; and an etag that is not known."""
        watch = self.dora.subscribe(self.bob)
        watch.until(lambda: watch.state == ACTIVE, "the first notification")
        etag = self.bob.says(note={"en": self.words, "de": "auf See"}, activity="meeting", idle=IDLE)
        self.sees(note={"en": self.words, "de": "auf See"}, activities=["meeting"], idle=True)
        self.assertEqual(watch.last.idle, IDLE)
        changed = self.bob.publish(pidf.write(self.bob.uri, note="back"), etag)
        self.assertEqual(changed.code, 200)
        self.assertNotEqual(changed.etag, etag)
        self.sees(note={"": "back"}, activities=[], idle=False)
        refreshed = self.bob.publish(etag=changed.etag)
        self.assertEqual((refreshed.code, refreshed.expires), (200, 3600))
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), etag).code, 412)
        self.dora.turn_page()
        self.assertEqual(self.bob.publish(etag=refreshed.etag, expires=0).code, 200)
        self.sees("closed", note={})
        self.assertEqual(watch.faults, [])

    def test_subscriptions(self):
        """Several people on one socket; a refresh brings the state, the end of it the last."""
        self.bob.says(note=self.words)
        watches = [who.subscribe(self.bob) for who in (self.dora, self.bob)]
        for watch in watches:
            document = watch.await_document()
            self.assertEqual((document.entity, document.basic, document.notes), (self.bob.uri, "open",
                                                                                 {"": self.words}))
        before = len(watches[0].notified)
        self.assertGreater(int(watches[0].refresh(1800).get("Expires")), 0)
        watches[0].until(lambda: len(watches[0].notified) > before, "the answer to the refresh")
        watches[0].unsubscribe()
        self.assertEqual(watches[0].reason, "timeout")
        self.bob.says(note="later")
        watches[1].await_document(lambda document: "later" in document.notes.values())
        self.assertEqual([watches[0].state, watches[1].state], [TERMINATED, ACTIVE])
        self.assertEqual([watch.faults for watch in watches], [[], []])
        self.assertEqual(len(self.received("NOTIFY")), sum(len(watch.notified) for watch in watches))

    def received(self, method):
        """Each once, however often it came."""
        return {(message.get("Call-ID"), message.get("CSeq")) for message in self.client.received
                if message.start.startswith(method)}

    def test_register(self):
        self.assertIn(self.bob.contact, self.bob.register().get("Contact"))
        self.assertEqual(self.bob.register(expires=0).get("Contact"), "")

    def test_restart(self):
        """An orderly end and a new start: what was published is there, and who subscribes again
        sees it."""
        self.bob.says(note=self.words)
        self.dora.subscribe(self.bob).await_document()
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        if self.transport == "tcp":
            self.client.await_lost()
            self.client.connect()
        self.dora.turn_page()
        self.dora.subscribe(self.bob)
        self.sees(note={"": self.words})

    def test_other_events(self):
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), event="nothing").code, 489)
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri)).code, 200)

    def test_no_other_domains(self):
        """Without a gateway there are none."""
        with self.assertRaisesRegex(Exception, "404"):
            self.dora.subscribe("romeo@xmpp.example")


class OverTcp(Alone):
    transport = "tcp"


class Telephone(Alone):
    """baresip, whose presence is open or closed and has nothing else to say."""

    def setUp(self):
        super().setUp()
        self.eve = Baresip(self.folder, "eve", "eve@" + DOMAIN, self.server.port, (self.bob, self.dora),
                           self.transport)
        self.eve.start()
        self.addCleanup(self.eve.stop)

    def test_publishes(self):
        self.dora.subscribe(self.eve)
        self.story.expect(self.dora.sees(self.eve, "open"))
        self.dora.turn_page()
        self.eve.offline()
        self.story.expect(self.dora.sees(self.eve, "closed"))
        self.eve.online()
        self.story.expect(self.dora.sees(self.eve, "open"))

    def test_subscribes(self):
        """It shows what is published while it looks, and tells three states apart."""
        self.story.expect(self.eve.sees(self.bob, "Unknown"), self.eve.sees(self.dora, "Unknown"))
        etag = self.bob.says(note=self.words)
        self.story.expect(self.eve.sees(self.bob, "Online"), self.eve.sees(self.dora, "Unknown"))
        for activity, shown in (("busy", "Busy"), ("away", "Offline"), ("on-the-phone", "Busy"),
                                ("meeting", "Online")):
            etag = self.bob.says(etag, activity=activity)
            self.story.expect(self.eve.sees(self.bob, shown))
        self.bob.says(etag, basic="closed")
        self.story.expect(self.eve.sees(self.bob, "Offline"))

    def test_end(self):
        """It ends by itself when told to, and takes back what it said."""
        self.dora.subscribe(self.eve)
        self.story.expect(self.dora.sees(self.eve, "open"))
        self.assertEqual(self.eve.stop(), 0)
        self.story.expect(self.dora.sees(self.eve, "closed"))

    test_publish = test_subscriptions = test_register = test_restart = test_other_events = test_no_other_domains = None


class Gateway(unittest.TestCase):
    """Two servers: each is the other's way to the people of other domains."""

    def test_gateway(self):
        folder = tempfile.mkdtemp(prefix="heliograph-kamailio-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        servers = []
        for name in ("one", "two"):
            servers.append(Kamailio("%s/%s" % (folder, name), name + ".example"))
        for server, other in zip(servers, reversed(servers)):
            server.configure("sip:127.0.0.1:%d" % other.port)
            server.start()
            self.addCleanup(server.stop)
        people = []
        for server, name in zip(servers, ("bob", "dora")):
            client = SimpleClient(server.port)
            self.addCleanup(client.close)
            people.append(client.user(name, "%s@%s" % (name, server.domain)))
        bob, dora = people
        watch = dora.subscribe(bob)     # one at a time: two that are under way may overtake each other in all those processes
        watch.until(lambda: watch.notified, "the first notification")
        bob.says(note="over there")
        watch.await_document(lambda document: document.notes == {"": "over there"})
        self.assertEqual(len(watch.dialog.routes), 1)
        before = len(watch.notified)
        watch.refresh()
        watch.until(lambda: len(watch.notified) > before, "the answer to the refresh")
        watch.unsubscribe()
        self.assertEqual(watch.faults, [])


if __name__ == "__main__":
    unittest.main()
