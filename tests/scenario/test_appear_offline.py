#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who appears offline cannot be told from who has left, whatever an XMPP client asks."""

import re
import unittest
import xml.etree.ElementTree as ET

import here  # noqa: F401
from peers.probe import Sight
from peers.xmppclient import EXTENSION
from test_abroad import ACTIVITY, MOOD, NICK, is_doing
from test_relationships import LIMIT, Relationships

DISCO = "<query xmlns='http://jabber.org/protocol/disco#%s'/>"
CATEGORIES = EXTENSION.strip("{}") + "#categories"
ITEMS = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='%s'/></pubsub>"
# What there is to ask a contact, or his one client; those that are not answered by anybody here, too.
BARE = (DISCO % "info", DISCO % "items", "<query xmlns='jabber:iq:last'/>", "<ping xmlns='urn:xmpp:ping'/>",
        "<vCard xmlns='vcard-temp'/>", "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>",
        *(ITEMS % node for node in (ACTIVITY, NICK, "urn:xmpp:avatar:metadata", MOOD, CATEGORIES)))
FULL = (DISCO % "info", "<query xmlns='jabber:iq:version'/>", "<query xmlns='jabber:iq:last'/>",
        "<ping xmlns='urn:xmpp:ping'/>", "<time xmlns='urn:xmpp:time'/>")


def plain(stanza):
    """Without what each stanza has for itself."""
    return re.sub(r" (id|stamp|xml:lang|[a-z0-9]+:lang)=\"[^\"]*\"", "", stanza)


def was_there(client, contact):
    """Asked, the contact's server says that he is not there, and when he was."""
    def look():
        seen = [event for event in client.presences_of(contact)]
        right = bool(seen) and seen[-1]["type"] == "unavailable" and "{urn:xmpp:delay}delay" in seen[-1]["extensions"]
        return right, seen[-1]["stanza"] if seen else client.absent()
    return Sight(client.name, "%s was there" % contact.name, look)


class AppearOffline(Relationships):

    config = "limits: { grace: 2s }\n"     # pidgin-sipe does not sign off, it disconnects

    def doors(self):
        """What romeo, a colleague, and juliet, who is outside, get for all that there is to ask."""
        got = []
        for client in self.romeo, self.juliet:
            client.turn_page()
            client.probe(self.alice)
            self.expect(client.sees(self.alice, "unavailable"))
            got.append(plain(client.presences_of(self.alice)[-1]["stanza"]))
            for to, questions in (self.alice.address, BARE), (self.alice.address + "/heliograph", FULL):
                for question in questions:
                    answer = client.ask(to, question)
                    got.append((to, question, answer.get("type"), [plain(ET.tostring(child, "unicode")) for child in answer]))
        return got

    def test_every_door(self):
        for person in self.romeo, self.juliet:
            self.make_contact(person)
            person.command("want", ACTIVITY)
        self.alice.set_access(self.romeo, "Company")
        self.stage.heliograph.call(self.alice)
        self.expect(self.romeo.reads(self.alice, "dnd", "On the phone."), self.juliet.sees_only(self.alice, "dnd"),
                    is_doing(self.romeo, self.alice, ["talking/on_the_phone"]))
        self.turn_pages()
        self.alice.command("disconnect")
        self.expect(self.romeo.reads(self.alice, "unavailable", None), self.juliet.reads(self.alice, "unavailable", None),
                    is_doing(self.romeo, self.alice, [""]), self.stage.heliograph.holds_devices(self.alice))
        gone = self.doors()
        self.assertEqual(len(gone), 2 * (1 + len(BARE) + len(FULL)))
        self.turn_pages()
        self.alice.connect()
        self.alice.await_event("signed-on", LIMIT, self.alice.page)
        self.alice.set_status("available")          # it comes back invisible where somebody is on the phone
        self.expect(self.romeo.reads(self.alice, "dnd", "On the phone."), self.juliet.sees_only(self.alice, "dnd"))
        self.turn_pages()
        self.alice.set_status("invisible")
        self.expect(self.romeo.reads(self.alice, "unavailable", None), self.juliet.reads(self.alice, "unavailable", None),
                    is_doing(self.romeo, self.alice, [""]))
        self.assertEqual(self.doors(), gone)
        self.expect(was_there(self.romeo, self.alice))


if __name__ == "__main__":
    unittest.main()
