#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Presence documents that cannot be used: a PUBLISH is refused with the reason, a NOTIFY is answered all the same, and
what was said before stands."""

import unittest

from test_rfc8048 import SHOWN, Asking, child
from test_trunk import Home
from trunk_stage import document, pidf

ENTITY = 'xmlns="urn:ietf:params:xml:ns:pidf" entity="%s"'
TUPLE = '<tuple id="t1"><status><basic>closed</basic></status>%s</tuple>'
# What it is, the document, and what the reason says.
BODIES = (
    ("not XML", "closed", "not well-formed XML"),
    ("not whole", "<presence " + ENTITY + ">" + TUPLE % "", "not well-formed XML"),
    ("no UTF-8", b"<presence><note>\xff\xfe</note></presence>", "document is not UTF-8"),
    ("another document", '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"/>',
     "document is 'watcherinfo'"),
    ("another namespace", '<presence xmlns="urn:example" entity="%s">' + TUPLE % "" + "</presence>",
     "document is 'presence' of 'urn:example'"),
    ("an entity from a file", '<!DOCTYPE presence [<!ENTITY x SYSTEM "file:///etc/passwd">]><presence ' + ENTITY + ">" +
     TUPLE % "<note>&x;</note>" + "</presence>", "document type declarations"),
    ("too deep", "<presence " + ENTITY + ">" + "<a>" * 200 + "</a>" * 200 + TUPLE % "" + "</presence>",
     "elements are nested deeper"),
)


def bodies(uri):
    for name, body, reason in BODIES:
        yield name, body if isinstance(body, bytes) else body.replace("%s", uri), reason


class Notified(Asking):

    def unread(self):
        """What the log has of them."""
        with open(self.daemon.log, encoding="utf-8") as log:
            return [line for line in log if "sip-document-unread" in line]

    def test_what_stands(self):
        """What she was shown is not taken back, and nothing else is shown, until something comes that can be read."""
        asked = self.shown()
        for number, (name, body, reason) in enumerate(bodies("pres:romeo@example.net"), 2):
            with self.subTest(name):
                before = len(self.unread())
                self.notify(asked, "active;expires=400", body, number=number)
                told = self.unread()[before:]
                self.assertEqual([reason in line for line in told], [True], told)
        self.server.presence("probe")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")
        self.goes_on(asked, number=100)

    def test_before_anything_was_said(self):
        """That he has agreed counts; of him nothing is known."""
        asked = self.asked()
        self.notify(asked, "active;expires=499", "<presence")
        self.stanza("subscribed")
        self.goes_on(asked, number=2)

    def test_the_end_counts(self):
        """And what she was shown is asked for again."""
        asked = self.shown()
        self.notify(asked, "terminated;reason=deactivated", "<presence", number=2)
        again = self.request("SUBSCRIBE")
        self.assert_new_dialog(again, asked)
        self.notify(again, "active;expires=499", document(show="dnd"))
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "dnd")


class Published(Home):

    trust = "sameEnterprise"

    def test_what_stands(self):
        """Whether it would be a new publication or change one, whose tag goes on to count."""
        tag = self.alice.says(note="stands")
        _, told = self.watches()
        self.assertEqual((told.basic, told.notes), (pidf.OPEN, {"": "stands"}))
        for name, body, reason in bodies(self.alice.uri):
            for of in None, tag:
                with self.subTest(name, of=of):
                    answer = self.alice.publish(body, of)
                    self.assertEqual((answer.code, answer.etag), (400, ""))
                    self.assertIn('399 heliograph "' + reason, answer.warning)
        tag = self.alice.publish(etag=tag).etag
        self.alice.says(tag, note="after it")
        self.assertEqual(self.notified("active")[1].notes, {"": "after it"})


if __name__ == "__main__":
    unittest.main()
