#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who is sent somebody's presence may send it back. People are not shown to themselves then, nor under the names of others,
and nothing goes round. What real servers write into their documents is taken all the same (IW 5.5, 5.6)."""

import copy
import os
import re
import time
import unittest
import urllib.request
import xml.etree.ElementTree as ET

from test_rfc8048 import SHOWN, Asking, child
from trunk_stage import COMPONENT, HERE, JULIET, LIMIT, NURSE, ROMEO, Server, Vectors, free_port, pidf, unique, uri_in

ALICE = "alice@corp.example"
GOLDEN = os.path.join(HERE, "..", "golden", "pidf")
# Whoever else romeo may be to his server: with other schemes and spellings, by the server's name or address, or unnamed.
OF_ROMEO = ("pres:" + ROMEO, "sip:" + ROMEO, "SIPS:Romeo@Example.NET", ROMEO, "sip:romeo@example.net:5070;user=phone",
            "sip:romeo@127.0.0.1", "sip:romeo@pbx.local", "sip:1001@127.0.0.1:5060", "sip:montague@example.net",
            "tel:+15551234", "urn:uuid:f81d4fae", "sip:pbx.local", "1001", "a b", "", None)
OF_OTHERS = ("sip:" + JULIET, "pres:JULIET@example.com", JULIET, "sip:" + NURSE, "sip:" + ALICE, "pres:nobody@corp.example",
             "sip:romeo@corp.example", "sip:romeo@example.com", "sip:mallory@evil.example", "sip:mallory@192.0.2.1")


def about(entity, **words):
    """A document with that entity; None: without one."""
    text = pidf.write("sip:x", **words)
    said = "" if entity is None else 'entity="%s"' % entity
    assert 'entity="sip:x"' in text
    return text.replace('entity="sip:x"', said)


class Counted(Vectors):

    def setUp(self):
        self.http = free_port()
        self.policy = "http: { address: 127.0.0.1, port: %d }" % self.http
        super().setUp()

    def count(self, metric):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.http) as answer:
            return int(re.search("^heliograph_%s (\\d+)$" % re.escape(metric), answer.read().decode(), re.M).group(1))


class ByNotify(Counted, Asking):
    """juliet, on XMPP, watches romeo, of whom his server says what it likes."""

    def tells(self, asked, entity, number, **words):
        self.notify(asked, "active;expires=499", about(entity, **words), number=number)

    def test_whom_it_may_name(self):
        asked, number = self.granted(), 1
        for entity in OF_ROMEO:
            for show in "dnd", "away":
                number += 1
                self.tells(asked, entity, number, show=show)
                self.assertEqual(child(self.stanza("", SHOWN), "show"), show, entity)

    def test_whom_it_may_not(self):
        """It is answered, and not used: he is as he was. The log has it once."""
        asked, number = self.shown(), 1
        for entity in OF_OTHERS:
            number += 1
            self.tells(asked, entity, number, show="dnd")
        self.goes_on(asked, number=number + 1)
        self.nothing_on_the_stream()
        self.assertEqual(self.daemon.last_lines(1000).count("sip-document-of-another"), 1)
        self.assertEqual(self.count("sip_documents_of_others_total"), len(OF_OTHERS))

    def test_our_own(self):
        """Each watches the other, and what romeo's server is told of her it says of him."""
        watching = self.befriended()
        asked = self.shown()
        for number, show in enumerate(("dnd", "xa", "chat"), 2):
            self.says("<show>%s</show>" % show)
            told, document = self.notified("active")
            self.assertEqual(document.entity, "sip:" + JULIET)
            self.notify(asked, "active;expires=499", told.body, number=number)
        self.assertEqual(watching.subscribe(0).code, 200)
        self.notified("terminated", "timeout")
        self.goes_on(asked, number=9)
        self.nothing_on_the_stream()

    def test_in_the_wild(self):
        """IW T10, T11, T13, T23, T24: Asterisk, Cisco, Kamailio, Linphone and Polycom, each with a name of its own for the host."""
        forms = {"asterisk": "", "cisco": "unavailable", "cisco-web": "", "kamailio": "", "linphone": "", "polycom": ""}
        for name, told in forms.items():
            with open(os.path.join(GOLDEN, "in-%s.xml" % name), encoding="utf-8") as file:
                text = file.read().replace("@corp.example", "@pbx.local")
            entity = ET.fromstring(text.encode()).get("entity")
            there = entity.rpartition(":")[2].partition("@")[0] + "@example.net"
            watcher = name + "@example.com"
            self.server.presence("subscribe", watcher, there)
            asked = self.request("SUBSCRIBE")
            self.assertEqual(uri_in(asked.get("To")), "sip:" + there)
            self.tells(asked, "sip:" + there, 1, show="xa", note="before")
            self.stanza("subscribed", there, watcher)
            self.stanza("", there + "/heliograph", watcher)
            self.notify(asked, "active;expires=499", text, number=2)
            self.stanza(told, there + "/heliograph", watcher)
        self.assertEqual(self.count("sip_documents_of_others_total"), 0)


class ByPublish(Vectors):
    """alice lives here; her own telephone, and a peer that may speak for her."""

    peer = ", speaks-for: [corp.example], publish: [%s]" % ALICE
    trust, settle = "sameEnterprise", "100ms"

    def setUp(self):
        super().setUp()
        self.alice = self.phone(ALICE)

    def publishes(self, line, document, tag=None):
        """The answer to her telephone, or to the peer that speaks for her."""
        headers = [("From", "<sip:%s>;tag=%s" % (ALICE, unique("f"))), ("To", "<sip:%s>" % ALICE), ("Call-ID", unique("c")),
                   ("CSeq", "1 PUBLISH"), ("Event", "presence"), ("Content-Type", pidf.TYPE)]
        return line.ask("PUBLISH", "sip:" + ALICE, headers + [("SIP-If-Match", tag)] * bool(tag), document)

    def taken(self, line, entities):
        tag = None
        for entity in entities:
            answer = self.publishes(line, about(entity), tag)
            self.assertEqual(answer.code, 200, entity)
            tag = answer.get("SIP-ETag")
        return tag

    def told(self, basic):
        """The PUBLISH that says this of her, and its document; what came before it does not count."""
        while True:
            self.trunk.answers["PUBLISH"] = 200, [("SIP-ETag", unique("e"))]
            request = self.request("PUBLISH")
            document = pidf.read(request.get("Content-Type"), request.body)
            if document and document.basic == basic:
                return request, document

    def assert_refused(self, answer, why):
        self.assertEqual(answer.code, 400)
        self.assertIn(why, answer.get("Warning"))

    def publications(self):
        return sorted(str(each) for each in self.mirror_of(ALICE)["publications"])

    def test_whom_it_may_name(self):
        self.taken(self.alice.socket, (
            "pres:" + ALICE, "SIPS:Alice@Corp.Example", ALICE, "sip:alice@127.0.0.1", "sip:alice@phone.local", "tel:+15551234",
            "1001", "sip:phone.local", "", None))
        self.taken(self.trunk, ("sip:" + ALICE, "sip:1001@127.0.0.1", "sip:1001@example.net", "sip:alice@example.net"))

    def test_whom_it_may_not(self):
        """400, with the reason; what she said stands, and can be changed."""
        others = "sip:mallory@evil.example", "pres:" + JULIET, "sip:bob@corp.example", "sip:alice@example.com"
        for line, entities in (self.trunk, others), (self.alice.socket, (*others, "sip:" + ROMEO, "sip:1001@127.0.0.1")):
            tag = self.taken(line, ["sip:" + ALICE])
            before = self.publications()
            for entity in entities:
                for etag in None, tag:
                    self.assert_refused(self.publishes(line, about(entity, activity="away"), etag), "its entity is somebody else")
            self.assertEqual(self.publications(), before)
            self.assertEqual(self.publishes(line, about("sip:" + ALICE, activity="busy"), tag).code, 200)

    def test_our_own(self):
        """It publishes what it is told of her, for her: she would be there for ever."""
        tag = self.alice.says(note="here", activity="busy")
        request, told = self.told(pidf.OPEN)
        before = self.publications()
        self.assert_refused(self.publishes(self.trunk, request.body), "have come back")
        self.assertEqual(self.publications(), before)
        self.alice.publish(etag=tag, expires=0)
        request, told = self.told(pidf.CLOSED)
        self.assertEqual(told.entity, "sip:" + ALICE)


class Mirror(Server):
    """It sends back each presence that it is sent, as it is and as if it were of him to whom it went."""

    def heard(self, element):
        super().heard(element)
        if element.tag == COMPONENT + "presence":
            self.say(ET.tostring(element, "unicode"))
            sender, to = element.get("from"), element.get("to")
            element = copy.deepcopy(element)
            element.set("from", to.partition("/")[0] + sender[len(sender.partition("/")[0]):])
            element.set("to", sender.partition("/")[0])
            self.say(ET.tostring(element, "unicode"))


class ByXmpp(Counted):
    """An XMPP server that does so with alice's, who lives here. What it says in juliet's name is juliet's."""

    served, server_kind = "corp.example", Mirror
    settle = "100ms"

    def befriended(self, whom):
        """A wish that comes back is his, too, as is a grant, and a probe: he is told once more."""
        asked = self.alice.subscribe(whom)
        told = [self.server.stanzas.take() for _ in range(5)]
        self.assertEqual(sorted((each.get("type", ""), each.get("to")) for each in told),
                         [(kind, whom) for kind in ("", "", "probe", "subscribe", "subscribed")])
        return asked

    def test_reflected(self):
        """One change of hers, one stanza."""
        self.alice = self.phone(ALICE)
        tag = self.alice.says()
        asked = self.befriended(JULIET)
        for activity, show in ("busy", "dnd"), ("away", "away"), ("busy", "dnd"):
            tag = self.alice.says(tag, activity=activity)
            self.assertEqual(child(self.stanza("", ALICE + "/heliograph", JULIET), "show"), show)
            asked.await_document(lambda document, it=activity: document.activities == [it])
        self.alice.publish(etag=tag, expires=0)
        self.stanza("unavailable", ALICE + "/heliograph", JULIET)
        asked.await_document(lambda document: document.basic == pidf.CLOSED)
        self.alice.says()
        self.stanza("", ALICE + "/heliograph", JULIET)
        self.befriended(NURSE)
        end = time.monotonic() + LIMIT
        while self.count('xmpp_dropped_total{reason="foreign-to"}') < 15:   # what came back as it was; the last is on its way
            self.assertLess(time.monotonic(), end)
        self.assertEqual(self.server.stanzas.waiting, [])


if __name__ == "__main__":
    unittest.main()
