#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The SIMPLE client of the stories, tried with a made-up server on a datagram socket: what it takes for
seen, and what it makes of lost, doubled and belated messages."""

import re
import socket
import threading
import unittest

import here  # noqa: F401
from contract.sip_wire import Message
from peers import pidf
from peers.probe import Sight
from peers.simple import ACTIVE, TERMINATED, SimpleClient
from story import Story
from test_durable import Silent

NOTIFY = """NOTIFY %(target)s SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:%(port)d;branch=z9hG4bK%(branch)s
From: <sip:bob@simple.example>;tag=theirs
To: <sip:dora@simple.example>;tag=%(tag)s
Call-ID: %(call)s
CSeq: %(number)d NOTIFY
Record-Route: <sip:127.0.0.1:1;lr>
Contact: <sip:bob@127.0.0.1:2>
Event: presence
Subscription-State: %(state)s
Content-Type: %(kind)s
Content-Length: %(length)d

"""
LIST = """--b
Content-ID: <meta@x>
Content-Type: application/rlmi+xml

<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:all@simple.example" version="%d" fullState="%s">%s</list>
--b
Content-ID: <one@x>
Content-Type: application/pidf+xml;charset="UTF-8"

%s
--b--
"""
RESOURCE = '<resource uri="sip:%s@simple.example"><name>%s</name>%s</resource>'
INSTANCE = '<instance id="i" state="%s"%s/>'
MULTIPART = 'multipart/related;type="application/rlmi+xml";boundary=b'


class Server:
    """Answers every request with `status`, after it has let the first `deaf` datagrams pass."""

    def __init__(self):
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.requests, self.responses, self.deaf, self.status = [], [], 0, "200 OK"
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while True:
                data, self.client = self.socket.recvfrom(65536)
                with self.changed:
                    self.take(Message(*data.split(b"\r\n\r\n", 1)))
                    self.changed.notify_all()
        except OSError:
            pass

    def take(self, message):
        if message.code:
            self.responses.append(message)
            return
        self.requests.append(message)
        if len(self.requests) > self.deaf:
            for status in ("100 Trying", self.status):
                lines = ["SIP/2.0 " + status, *("%s: %s" % (key, message.get(key)) for key in (
                    "Via", "From", "Call-ID", "CSeq", "Expires")),
                    "To: %s;tag=theirs" % message.get("To").partition(";")[0], "SIP-ETag: e1",
                    "Record-Route: <sip:127.0.0.1:1;lr>", "Content-Length: 0"]
                self.say("\n".join(lines) + "\n\n")

    def say(self, text):
        self.socket.sendto(text.replace("\n", "\r\n").encode(), self.client)

    def notify(self, subscription, number, body="", state="active;expires=9", kind=pidf.TYPE, call=None):
        dialog = subscription.dialog
        self.say(NOTIFY % {"target": subscription.person.contact, "port": self.port, "tag": dialog.local_tag,
                           "branch": "b%d" % number, "call": call or dialog.call_id, "number": number,
                           "state": state, "kind": kind,
                           "length": len(body.replace("\n", "\r\n").encode())} + body)

    def await_responses(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.responses) >= count, 60), self.responses
            return [response.code for response in self.responses]


class Wire(unittest.TestCase):

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.socket.close)
        self.client = SimpleClient(self.server.port)
        self.addCleanup(self.client.close)
        self.dora = self.client.user("dora", "dora@simple.example")
        self.bob = self.client.user("bob", "bob@simple.example")

    def test_lost_request(self):
        """Said again until there is an answer, in the same words."""
        self.server.deaf = 2
        self.assertEqual(self.dora.publish(pidf.write(self.dora.uri)).etag, "e1")
        self.assertEqual(len({str(request) for request in self.server.requests}), 1)
        self.assertEqual(len(self.server.requests), 3)
        self.assertEqual([message.code for message in self.client.received], [100, 200])

    def test_doubled_notification(self):
        """Answered like the first, and not counted again; a belated one is refused (RFC 3261 12.2.2);
        one for nobody too."""
        watch = self.dora.subscribe(self.bob)
        document = pidf.write(self.bob.uri, note="new")
        for number in (2, 2, 1, 3):
            self.server.notify(watch, number, document)
        self.assertEqual(self.server.await_responses(4), [200, 200, 500, 200])
        self.assertEqual((len(watch.notified), len(watch.faults)), (2, 1))
        self.server.notify(watch, 4, document, call="another")
        self.assertEqual(self.server.await_responses(5)[-1], 481)
        self.assertEqual(len([each for each in self.client.received if each.start.startswith("NOTIFY")]), 5)

    def test_dialog(self):
        """The route and the target are those that the other side named."""
        watch = self.dora.subscribe(self.bob)
        self.server.notify(watch, 1, pidf.write(self.bob.uri, basic="closed"))
        self.assertEqual(watch.await_document().basic, "closed")
        self.assertEqual((watch.state, watch.faults), (ACTIVE, []))
        watch.refresh()
        again = self.server.requests[-1]
        self.assertEqual((again.start, again.get("Route"), again.tag),
                         ("SUBSCRIBE sip:bob@127.0.0.1:2 SIP/2.0", "<sip:127.0.0.1:1;lr>", "theirs"))
        self.server.notify(watch, 2, state="terminated;reason=deactivated")
        watch.until(lambda: watch.state == TERMINATED, "the end")
        self.assertEqual((watch.reason, watch.last.basic), ("deactivated", "closed"))

    def test_refused(self):
        self.server.status = "403 Forbidden"
        self.assertEqual(self.dora.publish(expires=0, etag="e").code, 403)
        with self.assertRaisesRegex(Exception, "403 Forbidden"):
            self.dora.subscribe(self.bob)
        self.assertEqual(self.server.requests[0].get("SIP-If-Match"), "e")

    def test_list(self):
        """RFC 4662: what a partial notification does not name stays as it was."""
        watch = self.dora.subscribe("all@simple.example", lists=True)
        self.assertEqual(self.server.requests[0].get("Supported"), "eventlist")
        document = pidf.write(self.bob.uri, note="déjà là")
        with_cid = INSTANCE % ("active", ' cid="one@x"')
        for number, (full, resources) in enumerate((
                ("true", RESOURCE % ("bob", "Bob", with_cid) + RESOURCE % ("eve", "Eve", INSTANCE % ("pending", ""))),
                ("false", RESOURCE % ("eve", "Eve", INSTANCE % ("terminated", ' reason="rejected"'))),
                ("true", RESOURCE % ("eve", "Eve", "")))):
            self.server.notify(watch, number + 1, LIST % (number, full, resources, document), kind=MULTIPART)
            watch.until(lambda n=number: len(watch.notified) > n, "a notification")
            if number == 0:
                self.assertEqual(self.dora.sees(self.bob, "open", note={"": "déjà là"}).look()[0], True)
            if number < 2:
                self.assertEqual(watch.resources["sip:bob@simple.example"].presence.notes, {"": "déjà là"})
                self.assertEqual(watch.resources["sip:eve@simple.example"][2:4],
                                 (("pending", None), ("terminated", "rejected"))[number])
        self.assertEqual(watch.faults, [])
        self.assertEqual(list(watch.resources), ["sip:eve@simple.example"])
        self.server.notify(watch, 4, LIST.replace("one@x", "two@x") % (
            4, "true", RESOURCE % ("bob", "Bob", with_cid), document), kind=MULTIPART)
        watch.until(lambda: watch.faults, "a part that is missing")

    def test_sights(self):
        """What came before the page was turned, and what is about somebody else, is not seen."""
        watch = self.dora.subscribe(self.bob)

        def looks(contact, *said, **words):
            return self.dora.sees(contact, *said, **words).look()[0]
        self.assertFalse(looks(self.bob, "open"))
        self.server.notify(watch, 1, pidf.write(self.bob.uri, note={"de": "da"}, activity="meal"))
        Story(None, Silent(), 60).expect(self.dora.sees(self.bob, "open"))
        self.assertTrue(looks(self.bob, "open", note={"de": "da"}, activities=["meal"], idle=False))
        self.assertFalse(looks(self.dora, "open"))
        for said, words in (("closed", {}), ("open", {"note": {"en": "da"}}), ("open", {"note": {}}),
                            ("open", {"activities": []}), ("open", {"idle": True})):
            self.assertFalse(looks(self.bob, said, **words))
        self.dora.turn_page()
        self.assertFalse(looks(self.bob, "open"))
        self.assertIsInstance(self.dora.sees(self.bob, "open"), Sight)


class Documents(unittest.TestCase):

    def test_there_and_back(self):
        text = pidf.write("sip:bob@simple.example", note={"en": "a < b", "": "plain"}, activity="on-the-phone",
                          idle="2026-11-22T10:00:00Z", contact="sip:bob@10.0.0.1")
        read = pidf.Presence(text)
        self.assertEqual((read.entity, read.basic, read.notes, read.activities, read.idle,
                          read.tuples[0].contact),
                         ("sip:bob@simple.example", "open", {"en": "a < b", "": "plain"}, ["on-the-phone"],
                          "2026-11-22T10:00:00Z", "sip:bob@10.0.0.1"))
        self.assertTrue(re.search(r"<basic>open</basic>.*<rpid:on-the-phone", text))

    def test_tuples(self):
        """Open if any is; nothing if none says; their notes where the person has none."""
        def document(*basics):
            return pidf.Presence('<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:b@x">%s</presence>'
                                 % "".join("<tuple id='t%d'><status>%s</status><note>n%d</note></tuple>" % (
                                     i, basic and "<basic>%s</basic>" % basic, i) for i, basic in enumerate(basics)))
        for basics, wanted in ((("closed", "open"), "open"), (("closed", ""), "closed"), (("",), None), ((), None)):
            self.assertEqual(document(*basics).basic, wanted)
        self.assertEqual(document("open").notes, {"": "n0"})

    def test_no_documents(self):
        for kind, text in ((pidf.TYPE, "<presence/>"), (pidf.TYPE, "<pre"), (MULTIPART, "nothing")):
            with self.assertRaises((ValueError, SyntaxError)):
                pidf.read(kind, text)
        self.assertIsNone(pidf.read(pidf.TYPE, ""))
        self.assertIsNone(pidf.read("text/plain", "text"))


if __name__ == "__main__":
    unittest.main()
