#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What XMPP and PIDF have no words for rides along (docs/extension.md): between two Heliographs, and to and from an XMPP
client that knows of it. Who may see less is told less, and asked for the categories themselves each is given his own."""

import os
import unittest
import xml.etree.ElementTree as ET

import here  # noqa: F401
from peers.probe import Sight
from peers.xmppclient import EXTENSION, exactly
from stage import token
from test_appear_offline import CATEGORIES, ITEMS
from test_loops import Facing
from test_relationships import Relationships

CATEGORY = "{http://schemas.microsoft.com/2006/09/sip/categories}category"
MORE = {"man", "dev", "la", "note", "at", "len", "tok", "min", "max"}


def knows(client, contact, wanted, but=()):
    """The contact's latest presence says this of the whole state, and nothing of `but`."""
    def look():
        seen = client.presences_of(contact)
        said = exactly(seen[-1]) if seen else {}
        right = wanted.items() <= said.items() and not said.keys() & set(but)
        return right, "%s: %s" % (contact.name, said or client.absent())
    return Sight(client.name, "%s: %s" % (contact.name, wanted), look)


class OverXmpp(Relationships):

    def test_who_may_know(self):
        """Be Right Back and Away are one word on XMPP. A colleague is told which, and that she chose it; who is outside is
        told the number alone, and of who is not there nothing is said."""
        for person in self.romeo, self.juliet:
            self.make_contact(person)
        self.alice.set_access(self.romeo, "Company")
        self.turn_pages()
        self.alice.set_status("be-right-back", self.note)
        words = "Be right back. "
        note = {"note": "personal", "at": str(len(words)), "len": str(len(self.note.encode()))}
        self.expect(self.romeo.reads(self.alice, "away", words + self.note),
                    knows(self.romeo, self.alice, {"av": "12500", "man": "1", **note}),
                    self.juliet.sees_only(self.alice, "away"), knows(self.juliet, self.alice, {"av": "12500"}, MORE))
        self.turn_pages()
        self.alice.set_status("invisible")
        self.expect(self.romeo.sees(self.alice, "unavailable"), knows(self.romeo, self.alice, {}, MORE | {"av"}))

    def test_a_client_that_knows_it(self):
        """romeo's client says Do Not Disturb and Be Right Back as they are meant on the other side, where without it dnd is
        Busy. What was said of an old state is void with a new one."""
        self.make_contact(self.romeo)
        self.turn_pages()
        self.romeo.set_presence("dnd", self.note)
        self.expect(self.alice.sees(self.romeo, "busy", self.note))
        self.romeo.command("exactly", "av=9500", "man=1", "note=personal", "at=0", "len=%d" % len(self.note.encode()))
        self.expect(self.alice.sees(self.romeo, "do-not-disturb", self.note))
        self.romeo.command("stale", "away", self.note)
        self.expect(self.alice.sees(self.romeo, "away", self.note))
        self.romeo.set_presence("away")
        self.romeo.command("exactly", "av=12500")
        self.expect(self.alice.sees(self.romeo, "be-right-back"))

    def ask(self, client, item=""):
        """{category: its document} of what the client is given of alice; None: he is refused."""
        question = ITEMS % CATEGORIES if not item else \
            (ITEMS % CATEGORIES).replace("'/></pubsub>", "'><item id='%s'/></items></pubsub>" % item)
        answer = client.ask(self.alice.address, question)
        if answer.get("type") == "error":
            return None
        return {each.get("id"): ET.tostring(each, "unicode") for each in answer.iter()
                if each.tag.endswith("}item")}

    def test_categories(self):
        """juliet, who is outside, asks for all: she gets External's and not a word of the note. romeo gets Company's, and
        when that is taken back, External's too; blocked, nothing at all, like anybody's nobody knows."""
        for person in self.romeo, self.juliet:
            self.make_contact(person)
        self.alice.set_access(self.romeo, "Company")
        self.turn_pages()
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.reads(self.alice, "dnd", self.note), self.juliet.sees_only(self.alice, "dnd"))
        outside, colleague = self.ask(self.juliet), self.ask(self.romeo)
        self.assertIn("<availability>6500</availability>", plain(outside["state"]))
        self.assertNotIn(self.note, "".join(outside.values()))
        self.assertIn(self.note, colleague["note"])
        self.assertLess(set(outside) - {"note"}, set(colleague))
        self.assertEqual(list(self.ask(self.romeo, "note")), ["note"])
        self.assertIsNone(self.ask(self.romeo, "no-such-category"))
        for document in list(outside.values()) + list(colleague.values()):
            self.assertNotIn("container", document)
        self.turn_pages()
        self.alice.set_access(self.romeo, "Public")
        self.expect(self.romeo.reads(self.alice, "dnd", None))
        self.assertEqual(self.ask(self.romeo), self.ask(self.juliet))
        self.turn_pages()
        self.alice.set_access(self.romeo, "Blocked")
        self.expect(self.romeo.sees(self.alice, "unavailable"))
        self.assertIsNone(self.ask(self.romeo))


def plain(document):
    """Without the prefixes that ElementTree gives."""
    for prefix in "ns0:", "ns1:", "ns2:", "ns3:":
        document = document.replace(prefix, "")
    return document


class BetweenGateways(Facing):
    """alice is at one Heliograph, bob at the other: what each is shown of the other is what he is, whatever PIDF calls it."""

    def exactly(self, phone, contact):
        document = phone.seen_of(contact)
        found = None if document is None else document.xml.find(".//%slp" % EXTENSION)
        return {} if found is None else dict(found.items())

    def is_exactly(self, phone, contact, wanted):
        def look():
            said = self.exactly(phone, contact)
            return wanted.items() <= said.items(), "%s: %s" % (contact.name, said)
        return Sight(phone.name, "%s: %s" % (contact.name, wanted), look)

    def test_both_ways(self):
        """Over two gateways, and once more in the document that the phone gets of it."""
        self.watch_each_other()
        self.alice.says()
        for availability, token in (6900, "urgent-interruptions-only"), (12500, ""), (9500, ""), (6500, "on-the-phone"):
            said = ["--state", "user", "--availability", str(availability)]
            self.one.daemon.command("publish", self.alice.address, *said, *(("--token", token) if token else ()),
                                    "--expires", "1h")
            wanted = {"av": str(availability), "man": "1", "h": "1", "o": self.one.domain, **({"tok": token} if token else {})}
            self.expect(self.is_exactly(self.bob, self.alice, wanted))
        self.one.daemon.command("publish", self.alice.address, "--clear", "user")
        self.expect(self.bob.sees(self.alice, "open", activities=[]))
        self.assert_quiet()

    def test_notes_and_idle(self):
        """Which words are her note, and of what kind, and that she is idle while she is there."""
        self.watch_each_other()
        words = "na schůzce " + token()
        note = {"note": "personal", "at": "0", "len": str(len(words.encode()))}
        tag = self.alice.says(note=words, idle="2026-01-01T10:00:00Z")
        self.expect(self.is_exactly(self.bob, self.alice, {"av": "5000", "h": "1", **note}),
                    self.bob.sees(self.alice, "open", note={"": words}, idle=True))
        tag = self.alice.says(tag, note=words)
        self.expect(self.is_exactly(self.bob, self.alice, {"av": "3500", **note}),
                    self.bob.sees(self.alice, "open", note={"": words}, idle=False))
        path = os.path.join(self.one.folder, "note.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write('<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="OOF" uri="">%s</body></note>' % words)
        self.alice.says(tag)
        self.one.daemon.command("publish", self.alice.address, "--category", "note", "--container", "200", "--file", path,
                                "--expires", "user")
        self.expect(self.is_exactly(self.bob, self.alice, {"av": "3500", **note, "note": "oof"}),
                    self.bob.sees(self.alice, "open", note={"": words}))


if __name__ == "__main__":
    unittest.main()
