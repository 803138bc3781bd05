#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A peer that tells changes of a document (RFC 5262, RFC 5263), if it is asked for them: what fits is applied, and to
what does not the subscription is refreshed."""

import unittest

from test_rfc8048 import SHOWN, Asking, child
from trunk_stage import ROMEO, document, pidf

KIND = "application/pidf-diff+xml"
NAMESPACES = ('xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff" '
              'entity="pres:%s"' % ROMEO)
TUPLE = '<tuple id="ID-dr4hcr0st3lup4c"><status><basic>open</basic></status><note>%s</note></tuple>'


def full(version, note):
    return '<p:pidf-full %s version="%d">%s</p:pidf-full>' % (NAMESPACES, version, TUPLE % note)


def change(version, note):
    return ('<p:pidf-diff %s version="%d"><p:replace sel="presence/tuple/note/text()">%s</p:replace>'
            '</p:pidf-diff>' % (NAMESPACES, version, note))


class Asked(Asking):

    peer = ", partial: on"

    def asked(self):
        """Each SUBSCRIBE asks for both."""
        asked = super().asked()
        self.assertEqual(asked.get("Accept"), "application/pidf+xml;q=0.5, " + KIND)
        return asked

    def tells(self, asked, body, number, kind=KIND):
        self.notify(asked, "active;expires=499", body, number=number, Content_Type=kind)

    def shows(self, note):
        self.assertEqual(child(self.stanza("", SHOWN), "status"), note)

    def begun(self):
        asked = self.asked()
        self.tells(asked, full(7, "first"), 1)
        self.stanza("subscribed")
        self.shows("first")
        return asked

    def refreshed(self, asked):
        again = self.request("SUBSCRIBE")
        self.assertEqual(again.get("Call-ID"), asked.get("Call-ID"))
        return again

    def test_changes(self):
        asked = self.begun()
        self.tells(asked, change(8, "second"), 2)
        self.shows("second")
        self.tells(asked, change(8, "lost"), 3)        # told already
        self.tells(asked, change(9, "third"), 4)
        self.shows("third")

    def test_gap(self):
        """What was lost is asked for, and what came after it is not guessed from."""
        asked = self.begun()
        self.tells(asked, change(9, "second"), 2)
        again = self.refreshed(asked)
        self.assertIn(KIND, again.get("Accept"))
        self.tells(asked, full(10, "third"), 3)
        self.shows("third")
        self.tells(asked, change(11, "fourth"), 4)
        self.shows("fourth")

    def test_never_fits(self):
        """Who goes on telling what does not fit is asked for whole documents."""
        asked = self.begun()
        self.tells(asked, change(9, "second"), 2)
        self.refreshed(asked)
        self.tells(asked, change(10, "second"), 3)
        self.assertEqual(self.refreshed(asked).get("Accept"), pidf.TYPE)
        self.tells(asked, change(11, "third"), 4)
        self.tells(asked, document(note="whole"), 5, pidf.TYPE)
        self.shows("whole")

    def test_both_types(self):
        """After a document of the other type changes have nothing to change."""
        asked = self.begun()
        self.tells(asked, document(note="whole"), 2, pidf.TYPE)
        self.shows("whole")
        self.tells(asked, change(8, "third"), 3)
        self.refreshed(asked)


class NotAsked(Asking):

    def test_unread(self):
        """Who was not asked for changes is not read."""
        asked = self.granted(document(show="away"))
        self.stanza("", SHOWN)
        self.assertEqual(asked.get("Accept"), pidf.TYPE)
        self.notify(asked, "active;expires=499", full(1, "third"), number=2, Content_Type=KIND)
        self.goes_on(asked, number=3)


if __name__ == "__main__":
    unittest.main()
