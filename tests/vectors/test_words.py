#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What somebody does, feels and where he is (XEP-0108, 0107, 0080; RPID), as the other side's wire has it."""

import unittest

from trunk_stage import COMPONENT, JULIET, ROMEO, Vectors, document, pidf
from test_trunk import Home

PROTOCOL = "http://jabber.org/protocol/"
BETWEEN = " \N{MIDDLE DOT} "


def status(element):
    """{language: text} of an XMPP presence."""
    return {each.get(pidf.LANG, ""): each.text for each in element.findall(COMPONENT + "status")}


class Telling(Vectors):
    """juliet, on XMPP, tells it by personal eventing; romeo, on SIP, watches her."""

    def setUp(self):
        super().setUp()
        self.befriended()

    def tells(self, kind, payload=""):
        """Of herself, to him; nothing: not any more."""
        item = "<item id='1'><%s xmlns='%s%s'>%s</%s></item>" % (kind, PROTOCOL, kind, payload, kind)
        self.server.say("<message from='%s' to='%s' type='headline'><event xmlns='%spubsub#event'><items node='%s%s'>%s</items>"
                        "</event></message>" % (JULIET, ROMEO, PROTOCOL, PROTOCOL, kind, item))

    def shown(self):
        """What he is told next: his notes, and the activities."""
        told = self.notified("active")[1]
        self.assertEqual(told.basic, pidf.OPEN)
        return told.notes, told.activities

    def words(self, *said):
        """He is told these, and nothing that she would have to be busy or away for."""
        self.assertEqual(self.shown(), ({"en-US": BETWEEN.join(said)} if said else {}, []))

    def test_mood(self):
        self.says("")
        self.words()
        self.tells("mood", "<in_love/>")
        self.words("In love")
        self.tells("mood", "<in_love/><text>he &amp; me</text>")
        self.words("In love: he & me")
        self.tells("mood")
        self.words()

    def test_place(self):
        self.says("")
        self.words()
        self.tells("geoloc", "<lat>45.44</lat><lon>10.99</lon><locality>Verona</locality><country>Italy</country>")
        self.words("Verona, Italy")
        self.tells("geoloc")
        self.words()

    def test_activity(self):
        """One without a row."""
        self.says("")
        self.words()
        self.tells("activity", "<relaxing><reading/></relaxing>")
        self.words("Reading")
        self.tells("mood", "<happy/>")
        self.words("Reading", "Happy")
        self.tells("geoloc", "<description>a balcony</description>")
        self.words("Reading", "a balcony", "Happy")
        self.tells("activity", "<undefined/>")
        self.words("a balcony", "Happy")

    def test_before_her_note(self):
        self.says("<status>Call me not.</status>")
        self.shown()
        self.tells("mood", "<happy/>")
        self.assertEqual(self.shown(), ({"en-US": "Happy\nCall me not."}, []))

    def test_meal(self):
        """RPID has a name for it: she is away, but not if she has said that she is busy."""
        self.says("")
        self.words()
        for specific, name in ("having_lunch", "lunch"), ("having_breakfast", "breakfast"), ("having_dinner", "dinner"):
            self.tells("activity", "<eating><%s/></eating>" % specific)
            self.assertEqual(self.shown(), ({}, ["away", name]))
        self.says("<show>dnd</show>")
        self.assertEqual(self.shown(), ({"en-US": "Having dinner"}, ["busy"]))

    def test_call(self):
        """There are words for it everywhere: no others take their place."""
        self.says("")
        self.words()
        self.tells("mood", "<happy/>")
        self.words("Happy")
        self.tells("activity", "<talking><on_the_phone/></talking>")
        self.assertEqual(self.shown(), ({}, ["busy", "on-the-phone"]))
        self.tells("activity", "<inactive><sleeping/></inactive>")
        self.assertEqual(self.shown(), ({}, ["away", "sleeping"]))


class Told(Vectors):
    """romeo, on SIP, says it in his documents; juliet, on XMPP, watches him."""

    def says_rich(self, more, number, **words):
        self.assertEqual(self.trunk.notify(self.asked, "active;expires=499", document(**words, **more), number=number).code, 200)

    def next_words(self):
        element = self.stanza("", ROMEO + "/heliograph", JULIET)
        return element.findtext(COMPONENT + "show"), status(element)

    def test_words(self):
        self.server.presence("subscribe")
        self.asked = self.request("SUBSCRIBE")
        for number, (more, words, show, expected) in enumerate((
                ({"activity": "shopping"}, {}, None, "Shopping"),
                ({"mood": "in-awe"}, {}, None, "In awe"),
                ({"mood": "happy", "place": "cafe"}, {"note": "Hi & ho"}, None, "Cafe" + BETWEEN + "Happy\nHi & ho"),
                ({"activity": "sleeping", "mood": "happy"}, {}, "away", "Sleeping" + BETWEEN + "Happy"),
                ({"activity": "on-the-phone", "mood": "angry"}, {}, "dnd", "On the phone."),
                ({"mood": "unknown", "place": "unknown"}, {}, None, None)), 1):
            self.says_rich(more, number, **words)
            if number == 1:
                self.stanza("subscribed", ROMEO, JULIET)
            with self.subTest(**more):
                found = self.next_words()
                self.assertEqual((found[0], list(found[1].values())), (show, [expected] * (expected is not None)))


class Colleague(Home):
    """alice lives here; romeo is of the same enterprise."""

    trust = "sameEnterprise"

    def told(self, tag="", **words):
        """What he is told next: what he reads, and the activities."""
        tag = self.alice.says(tag or None, **words)
        told = self.notified("active")[1]
        return tag, list(told.notes.values()), told.activities

    def test_what_he_sees(self):
        self.alice.says()
        self.watches()
        tag, *told = self.told(activity="shopping", mood="sad", place="hospital", note="not in")
        self.assertEqual(told, [[BETWEEN.join(("Shopping", "Hospital", "Sad")) + "\nnot in"], []])
        tag, *told = self.told(tag, activity="busy", mood="sad", place="hospital")
        self.assertEqual(told, [[BETWEEN.join(("Hospital", "Sad"))], ["busy"]])
        tag, *told = self.told(tag)
        self.assertEqual(told, [[], []])


class External(Colleague):
    """He is not, and is told an availability and nothing else."""

    trust = "federated"

    def test_what_he_sees(self):
        tag = self.alice.says()
        self.watches()
        tag = self.alice.says(tag, activity="shopping", mood="sad", place="hospital", note="not in")
        _, *told = self.told(tag, activity="busy", mood="sad", place="hospital")     # nothing came between
        self.assertEqual(told, [[], ["busy"]])


if __name__ == "__main__":
    unittest.main()
