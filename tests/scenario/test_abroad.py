#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who a Lync user is, for people at XMPP servers: cards, names and pictures by the relationship that she gives each of
them; and what they say they are doing, for her."""

import hashlib
import os
import subprocess
import time
import unittest
import xml.etree.ElementTree as ET

import here  # noqa: F401
from peers.probe import Sight
from stage import token
from test_relationships import LIMIT, Relationships

VCARD = "{vcard-temp}"
NICK = "http://jabber.org/protocol/nick"
ACTIVITY = "http://jabber.org/protocol/activity"
MOOD = "http://jabber.org/protocol/mood"
USERS = "http://jabber.org/protocol/admin#get-registered-users-num"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SHA1 = hashlib.sha1(PNG).hexdigest()


def is_told(client, contact, wanted):
    """The client was told of these nicknames of the contact, each once, in this order."""
    def look():
        seen = [nick.text for event in client.from_contact("message", contact)
                for nick in ET.fromstring(event["stanza"]).iter("{%s}nick" % NICK)]
        return seen == wanted, "told that %s is %s" % (contact.name, ", ".join(seen) or "nobody")
    return Sight(client.name, "told that %s is %s" % (contact.name, ", ".join(wanted)), look)


def is_doing(client, contact, wanted, last=False, node=ACTIVITY):
    """The client was told of these activities (or moods) of the contact, "" none; with `last` whatever else it was told before."""
    kind = node.rpartition("/")[2]

    def look():
        seen = ["/".join(x.tag.partition("}")[2] for x in told.iter() if x is not told)
                for event in client.from_contact("message", contact)
                for told in ET.fromstring(event["stanza"]).iter("{%s}%s" % (node, kind))]
        return (seen[-1:] if last else seen) == wanted, "told of %s: %s" % (contact.name, seen)
    return Sight(client.name, "told of %s by %s: %s" % (contact.name, kind, wanted), look)


def says(client, contact, words):
    """The client shows these words of the contact, or not any more."""
    def look():
        seen = [event["text"] for event in client.fresh("buddy") if event["name"] == "sip:" + contact.address]
        return bool(seen) and words in seen[-1], seen[-1] if seen else client.absent()
    return Sight(client.name, "%s says %s" % (contact.name, words), look)


def reads_only(client, contact, words):
    """All that the client shows of what the contact does, feels and where he is."""
    def look():
        seen = [event["text"] for event in client.fresh("buddy") if event["name"] == "sip:" + contact.address]
        return bool(seen) and words in seen[-1] and "\N{MIDDLE DOT}" not in seen[-1], seen[-1] if seen else client.absent()
    return Sight(client.name, "%s: %s, and no more" % (contact.name, words), look)


def shows_photo(client, contact, sha1):
    """XEP-0153; None: the contact's presence says that there is no picture."""
    def look():
        seen = client.presences_of(contact)
        if not seen:
            return False, client.absent()
        hashes = [photo.text for photo in ET.fromstring(seen[-1]["stanza"]).iter("{vcard-temp:x:update}photo")]
        return hashes == [sha1], "photo: %s" % hashes
    return Sight(client.name, "photo: %s" % sha1, look)


class Abroad(Relationships):

    def setUp(self):
        super().setUp()
        self.name = "Alice " + token()
        self.stage.heliograph.describe(self.alice, "--display-name", self.name, "--title", "Editor",
                                       "--phone-work", "tel:+491", "--phone-home", "tel:+492")

    def card(self, client, whom=None):
        """What the client is given: name, title and telephone numbers."""
        card = client.ask(whom or self.alice.address, "<vCard xmlns='vcard-temp'/>").find(VCARD + "vCard")
        return [x.text for x in card.iter() if x.tag in (VCARD + "FN", VCARD + "TITLE", VCARD + "NUMBER")]

    def test_cards(self):
        """External he is given her name and title, as a friend all of it, blocked as much as of nobody; and what the
        one is given the other is not."""
        self.make_contact(self.romeo)
        self.assertEqual(self.card(self.romeo), [self.name, "Editor"])
        self.alice.set_access(self.romeo, "Personal")
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.reads(self.alice, "dnd", self.note))
        self.assertEqual(self.card(self.romeo), [self.name, "+491", "+492", "Editor"])
        self.assertEqual(self.card(self.juliet), [self.name, "Editor"])
        self.turn_pages()
        self.alice.block(self.romeo)
        self.expect(self.romeo.sees(self.alice, "unavailable"))
        answers = [self.romeo.ask(to, "<vCard xmlns='vcard-temp'/>")
                   for to in (self.alice.address, "nobody@" + self.alice.address.partition("@")[2])]
        self.assertEqual(*[(x.get("type"), ET.tostring(x[0])) for x in answers])
        self.assertEqual(self.card(self.romeo), [])
        self.assertEqual(self.card(self.juliet), [self.name, "Editor"])

    def test_names(self):
        """Asked for leave, he reads who asks; later he is told when that changes, but not while he is blocked."""
        self.alice.add(self.romeo)
        self.expect(self.romeo.is_asked_by(self.alice))
        asked = [event for event in self.romeo.from_contact("subscription", self.alice) if event["type"] == "subscribe"]
        self.assertEqual([event["nick"] for event in asked], [self.name])
        self.romeo.accept(self.alice)
        self.romeo.subscribe(self.alice)
        self.expect(self.romeo.has_edge(self.alice, "both"), self.alice.sees(self.romeo, "available"))
        self.romeo.command("want", NICK)
        self.expect(is_told(self.romeo, self.alice, [self.name]))
        other = "Adams " + token()
        self.stage.heliograph.describe(self.alice, "--display-name", other)
        self.expect(is_told(self.romeo, self.alice, [self.name, other]))
        self.alice.block(self.romeo)
        self.expect(self.romeo.sees(self.alice, "unavailable"))
        self.stage.heliograph.describe(self.alice, "--display-name", "Nobody")
        self.assertEqual(self.card(self.juliet), ["Nobody", "Editor"])
        self.alice.set_status("busy")
        self.alice.unblock(self.romeo)
        self.expect(self.romeo.sees(self.alice, "dnd"),
                    is_told(self.romeo, self.alice, [self.name, other, "Nobody"]))

    def test_activity(self):
        """What romeo says he is doing she reads, in his own words if he has any; also after Heliograph was killed."""
        self.make_contact(self.romeo)
        self.romeo.command("want", "urn:none")    # as clients do, it says with its presence what it can
        self.romeo.command("activity", "talking", "on_the_phone")
        self.expect(says(self.alice, self.romeo, "In a call"), self.alice.sees(self.romeo, "busy"))
        words = "writing " + token()
        self.romeo.command("activity", "working", "writing", words)
        self.expect(says(self.alice, self.romeo, words), self.alice.sees(self.romeo, "available"))
        self.restart()
        self.expect(says(self.alice, self.romeo, words))

    def test_mood_and_place(self):
        """What romeo feels and where he is she reads, and that he takes it back; a call goes before it, and who has a name
        for what he does is told that."""
        self.make_contact(self.romeo)
        self.romeo.command("want", "urn:none")
        self.romeo.command("mood", "in_love", "with " + self.name)
        self.expect(says(self.alice, self.romeo, "In love: with " + self.name), self.alice.sees(self.romeo, "available"))
        self.romeo.command("place", "Verona", "Italy")
        self.expect(says(self.alice, self.romeo, "Verona, Italy \N{MIDDLE DOT} In love: with " + self.name))
        self.romeo.command("activity", "talking", "on_the_phone")
        self.expect(says(self.alice, self.romeo, "In a call"), self.alice.sees(self.romeo, "busy"))
        self.romeo.command("activity", "eating", "having_lunch")
        self.expect(says(self.alice, self.romeo, "Having lunch \N{MIDDLE DOT} Verona, Italy"), self.alice.sees(self.romeo, "away"))
        self.restart()
        self.expect(says(self.alice, self.romeo, "Having lunch \N{MIDDLE DOT} Verona, Italy"))
        self.romeo.command("activity", "relaxing", "reading")
        self.romeo.command("mood")
        self.romeo.command("place")
        self.expect(reads_only(self.alice, self.romeo, "Reading"), self.alice.sees(self.romeo, "available"))

    def test_her_activity(self):
        """Colleagues' clients are told of her calls and when they end, also if she has blocked them or Heliograph was killed
        meanwhile; who is outside is told of none."""
        for person, level in (self.romeo, "Company"), (self.juliet, None):
            self.make_contact(person)
            person.command("want", ACTIVITY)
            if level:
                self.alice.set_access(person, level)
        self.turn_pages()
        self.stage.heliograph.call(self.alice)
        self.expect(is_doing(self.romeo, self.alice, ["talking/on_the_phone"]), self.juliet.sees_only(self.alice, "dnd"))
        self.stage.heliograph.hang_up(self.alice)
        self.expect(is_doing(self.romeo, self.alice, ["talking/on_the_phone", ""]))
        self.turn_pages()
        self.stage.heliograph.call(self.alice)
        self.expect(is_doing(self.romeo, self.alice, ["talking/on_the_phone"]))
        self.alice.block(self.romeo)
        self.expect(self.romeo.sees(self.alice, "unavailable"),
                    is_doing(self.romeo, self.alice, ["talking/on_the_phone", ""]))
        self.alice.unblock(self.romeo)
        self.alice.set_access(self.romeo, "Company")
        self.expect(is_doing(self.romeo, self.alice, ["talking/on_the_phone", "", "talking/on_the_phone"]))
        self.stage.heliograph.await_kept()
        self.stage.heliograph.kill()
        self.turn_pages()
        self.stage.heliograph.start()
        self.stage.heliograph.hang_up(self.alice)
        self.expect(self.romeo.sees(self.alice, "available"), is_doing(self.romeo, self.alice, [""], last=True))


class Pictures(Relationships):

    def setUp(self):
        with open("/dev/urandom", "rb") as source:
            self.folder = "/tmp/heliograph-photos-" + source.read(6).hex()
        os.mkdir(self.folder)
        self.addCleanup(subprocess.run, ["rm", "-r", self.folder], check=True)
        with open(self.folder + "/abc.png", "wb") as picture:
            picture.write(PNG)
        super().setUp()

    def configure(self, config):
        return config.replace("xmpp:\n", "xmpp:\n  photos: %s\n" % self.folder)

    def test_picture(self):
        """Her picture is there for those who may see it, from when it is said until it is not."""
        self.make_contact(self.romeo)
        self.expect(shows_photo(self.romeo, self.alice, None))
        self.turn_pages()
        self.stage.heliograph.describe(self.alice, "--photo-url", "https://x.example/a.png", "--photo-hash", "abc")
        self.expect(shows_photo(self.romeo, self.alice, SHA1))
        data = self.romeo.ask(self.alice.address, "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items "
                              "node='urn:xmpp:avatar:data'><item id='%s'/></items></pubsub>" % SHA1)
        self.assertEqual(len(list(data.iter("{urn:xmpp:avatar:data}data"))), 1, ET.tostring(data))
        self.turn_pages()
        self.stage.heliograph.describe(self.alice, "--photo-url", "")
        self.expect(shows_photo(self.romeo, self.alice, None))


class Commands(Relationships):
    """In their clients: romeo is an administrator, juliet is alice."""

    def configure(self, text):
        return text.replace("xmpp:\n", "xmpp:\n  admins: [%s@%s]\n" % ("romeo", "xmpp.example"), 1)

    def give(self, client, node, form=""):
        answer = client.ask("corp.example", "<command xmlns='http://jabber.org/protocol/commands' node='%s'>%s</command>"
                            % (node, form), "set")
        return {f.get("var"): [v.text for v in f] for f in answer.iter("{jabber:x:data}field")} or answer

    def test_commands(self):
        self.assertEqual(self.give(self.romeo, "http://jabber.org/protocol/admin#get-online-users-num"),
                         {"onlineusersnum": ["2"]})
        refused = self.give(self.juliet, "urn:x-heliograph:links")
        self.assertEqual(refused.get("type"), "error")
        self.stage.heliograph.command("link", self.alice.address, self.juliet.address)
        self.assertEqual(self.give(self.juliet, "urn:x-heliograph:links"),
                         {"person": [self.alice.address], "accounts": [self.juliet.address]})
        self.alice.set_status("busy", self.note)
        self.romeo.subscribe(self.alice)
        self.expect(self.romeo.sees(self.alice, "dnd"))
        who = "<x xmlns='jabber:x:data' type='submit'><field var='who'><value>%s</value></field></x>"
        shown = self.give(self.juliet, "urn:x-heliograph:shown", who % self.romeo.address)
        self.assertEqual((shown["availability"], shown.get("note")), (["busy"], None))
        shown = self.give(self.juliet, "urn:x-heliograph:shown", who % self.carol.address)
        self.assertEqual((shown["availability"], shown["note"]), (["busy"], [self.note]))

    def test_reload(self):
        config = self.stage.heliograph.config
        with open(config) as file:
            good = file.read()
        for text, kind in ((good + "limits: [\n", "error"), (good.replace("open", "listed\n  list: [dave@corp.example]"), "info")):
            with open(config, "w") as file:
                file.write(text)
            answer = self.give(self.romeo, "urn:x-heliograph:reload")
            note, = answer.iter("{http://jabber.org/protocol/commands}note")
            self.assertEqual(note.get("type"), kind, ET.tostring(answer))
        until = time.monotonic() + LIMIT           # who is new becomes durable first
        while (number := self.give(self.romeo, USERS)) != {"registeredusersnum": ["3"]}:
            self.assertLess(time.monotonic(), until, number)
            time.sleep(0.1)


if __name__ == "__main__":
    unittest.main()
