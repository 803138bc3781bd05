#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a presence server answers to our PUBLISH, and what then follows (RFC 3903 4, 11.2)."""

import unittest

from test_trunk import Published
from trunk_stage import JULIET, pidf

DAY = 86400


class Answered(Published):

    peer = ", publish-directed: on"
    first = 3600        # seconds, what is asked for

    def says(self, show):
        """juliet, to somebody behind the peer."""
        self.server.presence("", JULIET + "/chamber", body="<show>%s</show>" % show)

    def answer(self, *told):
        """The next PUBLISHes, one after the other, each by its status and further headers."""
        self.trunk.answers["PUBLISH"] = [(status, list(more.items())) for status, more in told]

    def assert_published(self, expires, tag, activity):
        """The next PUBLISH; without an activity it has no document."""
        for_long, of, told = self.published()
        self.assertEqual((for_long, of, told and told.activities), (expires, tag, activity))

    def test_refreshed(self):
        """In time, by the tag that the peer gave last, and without a document."""
        self.answer((200, {"SIP-ETag": "one", "Expires": "3"}), (200, {"SIP-ETag": "two", "Expires": "3"}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.assert_published(self.first, "one", None)
        self.assert_published(self.first, "two", None)

    def test_forgotten(self):
        """412 to a refresh: it is said anew, whole and without a tag, and goes on from there."""
        self.answer((200, {"SIP-ETag": "one", "Expires": "3"}), (412, {}), (200, {"SIP-ETag": "two"}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.assert_published(self.first, "one", None)
        self.assert_published(self.first, "", ["busy"])
        self.says("away")
        self.assert_published(self.first, "two", ["away"])

    def test_changed_when_forgotten(self):
        """412 to a change: what is said anew is the change."""
        self.answer((200, {"SIP-ETag": "one"}), (412, {}), (200, {"SIP-ETag": "two"}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.says("away")
        self.assert_published(self.first, "one", ["away"])
        self.assert_published(self.first, "", ["away"])
        self.says("dnd")
        self.assert_published(self.first, "two", ["busy"])

    def test_too_brief(self):
        """423: for as long as the peer wants it, from then on."""
        self.answer((423, {"Min-Expires": str(DAY)}), (200, {"SIP-ETag": "one", "Expires": str(DAY)}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.assert_published(DAY, "", ["busy"])
        self.says("away")
        self.assert_published(DAY, "one", ["away"])

    def test_too_long(self):
        """423 with more than a week: an error like others, so it is tried again later, and not for that long."""
        self.answer((423, {"Min-Expires": str(8 * DAY)}), (200, {"SIP-ETag": "one"}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.says("away")
        self.assert_published(self.first, "", ["away"])

    def test_failed(self):
        """Another error is no end: it is said again, as it is by then."""
        self.answer((503, {}), (200, {"SIP-ETag": "one"}))
        self.says("dnd")
        self.assert_published(self.first, "", ["busy"])
        self.says("away")
        self.assert_published(self.first, "", ["away"])


class Watched(Published):
    """romeo, behind the peer, watches her."""

    peer = ", publish-directed: on"

    def test_told_as_well(self):
        """What she says to him alone he is told, and so is the peer for all others."""
        self.befriended()
        self.says("<show>dnd</show>")
        told = {}
        for _ in 1, 2:
            request = self.trunk.requests.take()
            told[request.start] = pidf.read(request.get("Content-Type"), request.body).activities
        self.assertEqual(told, {"NOTIFY sip:%s SIP/2.0" % self.trunk.contact: ["busy"],
                                "PUBLISH sip:%s SIP/2.0" % JULIET: ["busy"]})


if __name__ == "__main__":
    unittest.main()
