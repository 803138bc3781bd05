#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Contact cards and the directory, as pidgin-sipe shows them."""

import time
import unittest

import here  # noqa: F401
from peers.probe import Sight
from stage import Stage, token
from story import Printer, Story

LIMIT = 60
PHONE = "tel:+14255550100;ext=12222"


class Silent(Printer):
    def __init__(self):
        super().__init__(coloured=False, live=False)

    def say(self, text="", colour="end"):
        pass


def is_called(client, contact, name):
    """The client shows him under this name."""
    def look():
        seen = [event["server-alias"] for event in client.fresh("buddy")
                if event["name"] == "sip:" + contact.address]
        return seen[-1:] == [name], "%s: %s" % (contact.name, seen[-1] if seen else client.absent())
    return Sight(client.name, "%s is called %s" % (contact.name, name), look)


class Cards(unittest.TestCase):

    def setUp(self):
        self.stage = Stage()
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.alice, self.carol, self.romeo = self.stage.clients
        self.story = Story(self.stage, Silent(), LIMIT)
        self.name = "Alice " + token()
        self.say("--display-name", self.name, "--mail", "alice@mail.example", "--title", "Senior Writer",
                 "--company", "Contoso & Sons", "--office", "B 12", "--phone-work", PHONE,
                 "--phone-mobile", "tel:+491701", "--city", "Verona", "--country", "IT")

    def say(self, *fields, who=None):
        self.stage.heliograph.describe(who or self.alice, *fields)

    def expect(self, *sights):
        self.story.expect(*sights)

    def ask(self, end, *words):
        """What the client shows of this kind, once it has shown all of it."""
        since = len(self.carol.events)
        self.carol.command(*words)
        self.carol.await_event(end, LIMIT, since)
        return self.carol.events[since:]

    def card(self, wanted):
        """Waits until carol's client has these parts of alice's card."""
        until = time.monotonic() + LIMIT
        while True:
            shown = {event["key"]: event["value"]
                     for event in self.ask("info-end", "show", "sip:" + self.alice.address)
                     if event.name == "property"}
            if shown.items() >= wanted.items():
                return shown
            self.assertLess(time.monotonic(), until, "%s; wanted: %s" % (shown, wanted))
            time.sleep(0.1)

    def test_a_colleague_is_shown_the_card(self):
        """As far as a colleague may see it, at once when it changes, and still after kill -9."""
        self.carol.add(self.alice)
        self.expect(is_called(self.carol, self.alice, self.name))
        card = self.card({"title": "Senior Writer", "company": "Contoso & Sons", "office": "B 12",
                          "phone": PHONE, "email": "alice@mail.example", "address-city": "Verona"})
        self.assertNotIn("tel:+491701", card.values())
        self.carol.turn_page()
        self.name = "Adams " + token()
        self.say("--display-name", self.name, "--title", "Editor")
        self.expect(is_called(self.carol, self.alice, self.name))
        self.card({"title": "Editor"})
        self.stage.crash(LIMIT)
        self.carol.look_again()
        self.expect(is_called(self.carol, self.alice, self.name))

    def test_a_closer_circle_is_shown_more(self):
        self.carol.add(self.alice)
        self.card({"title": "Senior Writer"})
        self.alice.add(self.carol)
        self.expect(is_called(self.carol, self.alice, self.name))
        self.story.expect(self.alice.sees(self.carol, "available"))
        self.alice.set_access(self.carol, "Team")
        self.card({"phone-mobile": "tel:+491701"})

    def test_the_directory(self):
        """What the client asks it for by itself, and a search of its user."""
        self.carol.add(self.alice)
        self.expect(is_called(self.carol, self.alice, self.name))
        told = {event["label"]: event["value"]
                for event in self.ask("info-end", "info", "sip:" + self.alice.address)}
        self.assertEqual([told[label] for label in ("Display name", "Job title", "Office", "Business phone",
                                                    "Company", "City", "Country", "Email address")],
                         [self.name, "Senior Writer", "B 12", PHONE, "Contoso & Sons", "Verona", "IT",
                          "alice@mail.example"])
        self.say("--display-name", "Carol Alister", who=self.carol)
        found = self.ask("found-end", "search", "given=ali")
        self.assertEqual(sorted(event["row"] for event in found if event.name == "found"), sorted([
            "%s|%s|Contoso & Sons|IT|alice@mail.example" % (self.alice.address, self.name),
            "%s|Carol Alister|||" % self.carol.address]))
        found = self.ask("found-end", "search", "given=ali", "country=it")
        self.assertEqual([event["row"].split("|")[0] for event in found if event.name == "found"],
                         [self.alice.address])


if __name__ == "__main__":
    unittest.main()
