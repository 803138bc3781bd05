#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is still there after kill -9, and nobody has to do anything twice."""

import os
import time
import unittest

import here  # noqa: F401
from peers.lyncclient import LyncClient
from peers.probe import Sight
from stage import Stage, token
from story import Printer, Story

LIMIT = 60


class Silent(Printer):
    def __init__(self):
        super().__init__(coloured=False, live=False)

    def say(self, text="", colour="end"):
        pass


def shown(client, contact):
    return [event for event in client.fresh("buddy") if event["name"] == "sip:" + contact.address]


def has_contact(client, contact, group, alias):
    """The client's contact list has him there under this name."""
    def look():
        seen = shown(client, contact)
        if not seen:
            return False, client.absent()
        said = seen[-1]["group"], seen[-1]["alias"]
        return said == (group, alias), "%s in %s as %s" % (contact.name, *said)
    return Sight(client.name, "%s in %s as %s" % (contact.name, group, alias), look)


def reads(client, contact, note):
    """The client shows this note of the contact, whatever his availability."""
    def look():
        seen = shown(client, contact)
        if not seen:
            return False, client.absent()
        return client.note(seen[-1]) == note, "%s: %s" % (contact.name, client.shown(seen[-1]))
    return Sight(client.name, "%s's note '%s'" % (contact.name, note), look)


class Killed(unittest.TestCase):

    def setUp(self):
        self.stage = Stage()
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.alice, self.carol, self.romeo = self.stage.clients
        self.story = Story(self.stage, Silent(), LIMIT)
        self.note, self.words = "in a review " + token(), "on the balcony " + token()
        self.turn_pages()

    def turn_pages(self):
        self.stage.turn_pages()

    def expect(self, *sights):
        self.story.expect(*sights)

    def at_once(self, sight):
        """Waits for this and not a moment longer."""
        until = time.monotonic() + LIMIT
        while not sight.look()[0]:
            self.assertLess(time.monotonic(), until, "%s: %s" % (sight.expected, sight.look()[1]))
            time.sleep(0.005)

    def restart(self, acknowledged):
        """kill -9 as soon as this is seen; everybody signs on again and does nothing else."""
        self.at_once(acknowledged)
        self.stage.crash(LIMIT)

    def make_friends(self):
        """alice and carol watch romeo and he them; carol watches alice, who is Busy with a note."""
        self.alice.command("add", "sip:" + self.romeo.address, "Verona")
        self.carol.add(self.romeo)
        self.expect(self.romeo.is_asked_by(self.alice), self.romeo.is_asked_by(self.carol))
        self.romeo.set_presence("away", self.words)
        for contact in (self.alice, self.carol):
            self.romeo.accept(contact)
            self.romeo.subscribe(contact)
        self.alice.command("alias", "sip:" + self.romeo.address, "Montague")
        self.carol.add(self.alice)
        self.alice.set_status("busy", self.note)
        self.expect(self.alice.sees(self.romeo, "away", self.words),
                    self.carol.sees(self.romeo, "away", self.words),
                    self.romeo.has_edge(self.alice, "both"),
                    self.romeo.has_edge(self.carol, "both"),
                    self.romeo.sees(self.alice, "dnd"),
                    self.carol.sees(self.alice, "busy", self.note))

    def not_asked_again(self):
        for client in (self.alice, self.carol):
            for sight in self.romeo.keeps_edge(client, "both"), client.is_told_of_nobody():
                self.assertTrue(*sight.look())

    def test_relationships(self):
        """Subscriptions granted both ways, contacts; romeo is not asked again."""
        self.make_friends()
        self.turn_pages()
        self.romeo.set_presence("dnd", self.words)
        self.restart(self.alice.sees(self.romeo, "busy", self.words))
        self.expect(self.alice.sees(self.romeo, "busy", self.words),
                    self.carol.sees(self.romeo, "busy", self.words),
                    self.carol.sees(self.alice, "busy", self.note),
                    self.romeo.sees_only(self.alice, "dnd"),
                    self.romeo.sees(self.carol, "available"))
        self.not_asked_again()
        self.romeo.set_presence("away", self.words)
        self.expect(self.alice.sees(self.romeo, "away", self.words),
                    self.carol.sees(self.romeo, "away", self.words))
        self.not_asked_again()

    def test_nobody_flaps(self):
        """Who was there is still there, before he has signed on again: his devices have the grace
        time to return, and nobody is told that he went."""
        self.make_friends()
        self.stage.heliograph.await_kept()
        self.turn_pages()
        self.stage.heliograph.kill()
        self.turn_pages()
        self.stage.heliograph.start()
        self.expect(self.romeo.sees_only(self.alice, "dnd"),
                    self.romeo.sees(self.carol, "available"))
        for client in (self.alice, self.carol):
            client.connect()
        self.romeo.set_presence("away", self.words)
        self.expect(self.alice.sees(self.romeo, "away", self.words),
                    self.carol.sees(self.alice, "busy", self.note))
        for client in (self.alice, self.carol):
            types = [event["type"] for event in self.romeo.presences_of(client)]
            self.assertNotIn("unavailable", types, client.name)

    def test_block(self):
        """Whoever was blocked when the power went is blocked when it is back, and can be
        unblocked."""
        self.make_friends()
        self.turn_pages()
        self.alice.block(self.carol)
        self.restart(self.carol.sees(self.alice, "offline"))
        self.expect(self.carol.sees(self.romeo, "away", self.words),
                    self.romeo.sees(self.alice, "dnd"))
        self.carol.look_again()
        self.expect(self.carol.sees(self.alice, "offline"), self.carol.never_sees(self.note))
        self.turn_pages()
        self.alice.unblock(self.carol)
        self.expect(self.carol.sees(self.alice, "busy", self.note))
        self.not_asked_again()

    def test_another_computer(self):
        """A client that remembers nothing finds the contact, its group and name; her note was
        published for good, so carol reads it again as soon as alice is there, wherever that is."""
        self.make_friends()
        self.alice.stop()
        self.stage.heliograph.kill()
        self.carol.turn_page()
        self.stage.heliograph.start()
        self.carol.connect()
        folder = os.path.join(self.stage.folder, "laptop")
        os.mkdir(folder)
        laptop = LyncClient(self.stage.probe, "alice", self.alice.address, folder)
        self.addCleanup(laptop.stop)
        laptop.sign_on(self.stage.heliograph.sip_port)
        laptop.await_ready()
        laptop.look_again()
        self.expect(has_contact(laptop, self.romeo, "Verona", "Montague"),
                    laptop.sees(self.romeo, "away", self.words),
                    reads(self.carol, self.alice, self.note))


if __name__ == "__main__":
    unittest.main()
