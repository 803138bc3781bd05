#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One user at two computers: what she does at one shows at the other, and when she leaves one,
what is said there is taken back and nothing else."""

import unittest

import here  # noqa: F401
from peers.probe import Sight
from stage import Stage, token
from story import Story
from test_durable import Silent, shown

LIMIT = 60


def shows_herself(client, status, note):
    """The client shows its own user like this."""
    def look():
        seen = client.fresh("self")
        if not seen:
            return False, client.absent()
        said = seen[-1]["status"], seen[-1]["message"]
        return said == (status, note), "herself: %s %s" % said
    return Sight(client.name, "herself: %s %s" % (status, note), look)


def lists(client, contact):
    def look():
        return (True, "%s is listed" % contact.name) if shown(client, contact) else \
            (False, client.absent())
    return Sight(client.name, "%s is listed" % contact.name, look)


def lists_no_more(client, contact):
    def look():
        gone = any(event["name"] == "sip:" + contact.address
                   for event in client.fresh("buddy-removed"))
        return gone, "%s is gone" % contact.name if gone else client.absent()
    return Sight(client.name, "%s is gone" % contact.name, look)


class Endpoints(unittest.TestCase):

    def setUp(self):
        self.stage = Stage()
        with open(self.stage.heliograph.config, "a") as config:
            config.write("limits: { grace: 2s }\n")
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.alice, self.carol, self.romeo = self.stage.clients
        self.story = Story(self.stage, Silent(), LIMIT)

    def turn_pages(self):
        self.stage.turn_pages()

    def expect(self, *sights):
        self.story.expect(*sights)

    def test_both_show_the_same(self):
        """Status, note, contacts, whichever of them it is done at."""
        laptop = self.stage.laptop()
        for one, other, status in (self.alice, laptop, "busy"), (laptop, self.alice, "away"):
            self.turn_pages()
            note = "in a review " + token()
            one.set_status(status, note)
            self.expect(shows_herself(other, status, note))
        for one, other, contact in ((self.alice, laptop, self.romeo),
                                    (laptop, self.alice, self.carol)):
            self.turn_pages()
            one.add(contact)
            self.expect(lists(other, contact))
        self.expect(laptop.sees(self.carol, "available"), self.alice.sees(self.carol, "available"))
        self.turn_pages()
        self.alice.command("remove", "sip:" + self.romeo.address)
        self.expect(lists_no_more(laptop, self.romeo))

    def test_what_was_said_there_ends_with_it(self):
        """She has left her desk, and is available as long as she is at the laptop: until it signs
        off, or, once it just disappears, until the grace time is over."""
        self.carol.add(self.alice)
        self.alice.set_status("away")
        self.alice.command("idle", "yes")
        self.expect(self.carol.sees(self.alice, "away"))
        for leave in (lambda client: client.command("disconnect"),
                      lambda client: client.process.kill()):
            self.turn_pages()
            laptop = self.stage.laptop()
            self.expect(self.carol.sees(self.alice, "available"))
            leave(laptop)
            self.expect(self.carol.sees(self.alice, "away"))
            self.stage.put_away(laptop)
        self.turn_pages()
        self.alice.command("disconnect")
        self.expect(self.carol.sees(self.alice, "offline"))


if __name__ == "__main__":
    unittest.main()
