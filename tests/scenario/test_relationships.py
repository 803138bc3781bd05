#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What people at XMPP servers see of a Lync user goes by the relationship that she gives them."""

import unittest

import here  # noqa: F401
from peers.xmppclient import bare
from stage import Stage, token
from story import Story
from test_durable import Silent, shown

LIMIT = 60


def answers(client, contact):
    """All that the client ever heard from the contact; errors come from servers in his stead."""
    return [event["type"] for event in client.events
            if event.name in ("presence", "subscription") and event["type"] != "error" and
            bare(event["from"]) == contact.address]


class Relationships(unittest.TestCase):

    config, stage_class = "", Stage

    def setUp(self):
        self.stage = self.stage_class(also=("juliet",))
        with open(self.stage.heliograph.config) as config:
            text = self.configure(config.read())
        with open(self.stage.heliograph.config, "w") as config:
            config.write(text)
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.alice, self.carol, self.romeo, self.juliet = self.stage.clients
        self.story = Story(self.stage, Silent(), LIMIT)
        self.note = "in a review " + token()
        self.turn_pages()

    def configure(self, text):
        """The configuration, from what every stage has."""
        return text + self.config

    def turn_pages(self):
        self.stage.turn_pages()

    def expect(self, *sights):
        self.story.expect(*sights)

    def ask_again(self, client):
        """The client's server asks for everybody's presence, as it does when somebody comes."""
        client.turn_page()
        client.look_again()

    def make_contact(self, person):
        """alice and he see each other."""
        self.alice.add(person)
        self.expect(person.is_asked_by(self.alice))
        person.accept(self.alice)
        person.subscribe(self.alice)
        self.expect(person.has_edge(self.alice, "both"), person.sees(self.alice, "available"),
                    self.alice.sees(person, "available"))

    def restart(self):
        self.stage.crash(LIMIT)


class Auto(Relationships):
    """Whoever asks may watch; what he sees is another matter."""

    def test_access_level(self):
        """alice is Busy, with a note. romeo is External and sees no text, then a Colleague and
        sees it at once, then External again, and the text is withdrawn. Nothing of all that
        reaches juliet, who stays what she was."""
        self.make_contact(self.romeo)
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.sees_only(self.alice, "dnd"),
                    self.juliet.sees_only(self.alice, "dnd"))
        for level, text in (("Company", self.note), ("Public", None)):
            self.turn_pages()
            self.alice.set_access(self.romeo, level)
            self.expect(self.romeo.reads(self.alice, "dnd", text))
            self.ask_again(self.juliet)
            self.expect(self.juliet.sees_only(self.alice, "dnd"))

    def test_block(self):
        """Blocked, romeo sees alice offline, and is not told that he is blocked; juliet goes on
        seeing her. Unblocked, he sees what is true by then."""
        self.make_contact(self.romeo)
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.sees_only(self.alice, "dnd"),
                    self.juliet.sees_only(self.alice, "dnd"))
        self.turn_pages()
        self.alice.block(self.romeo)
        self.expect(self.romeo.reads(self.alice, "unavailable", None))
        for client, show in (self.romeo, "unavailable"), (self.juliet, "dnd"):
            self.ask_again(client)
            self.expect(client.sees_only(self.alice, show))
        self.assertNotIn("unsubscribed", answers(self.romeo, self.alice))
        self.turn_pages()
        self.alice.set_status("away", self.note)
        self.expect(self.juliet.sees_only(self.alice, "away"),
                    self.romeo.never_sees(self.note))
        self.turn_pages()
        self.alice.unblock(self.romeo)
        self.expect(self.romeo.sees_only(self.alice, "away"))

    def test_prompt(self):
        """alice is asked once about juliet, whom she does not know, and not again after she or
        Heliograph was away; about romeo, who is a contact, she is not asked at all."""
        self.make_contact(self.romeo)
        self.juliet.subscribe(self.alice)
        self.expect(self.alice.is_told_of(self.juliet), self.juliet.sees(self.alice, "available"))
        self.assertEqual(self.alice.prompts(self.romeo), [])
        self.alice.command("disconnect")
        self.expect(self.romeo.sees(self.alice, "unavailable"))
        self.turn_pages()
        self.alice.command("connect")
        self.comes_back_without_a_question("busy", "dnd")
        self.restart()
        self.comes_back_without_a_question("away", "away")

    def comes_back_without_a_question(self, status, show):
        """What alice says goes out after her client has read what there is about herself."""
        self.expect(self.alice.sees(self.romeo, "available"))
        self.alice.set_status(status, self.note)
        self.expect(self.romeo.sees(self.alice, show), self.juliet.sees(self.alice, show))
        self.assertEqual(self.alice.fresh("added-by"), [])

    def test_many_ask(self):
        """Who asked while alice was away, and who asks while she is there: each is brought before
        her once, although every list holds all who wait."""
        self.alice.command("disconnect")
        for person in (self.romeo, self.juliet):
            person.subscribe(self.alice)
            self.expect(person.has_edge(self.alice, "to"))
        self.alice.turn_page()
        self.alice.connect()
        self.expect(*[self.alice.is_told_of(person) for person in (self.romeo, self.juliet)])
        self.carol.add(self.alice)
        self.expect(*[self.alice.is_told_of(person)
                      for person in (self.romeo, self.juliet, self.carol)])

    def test_blocked_does_not_ask(self):
        """juliet, blocked, goes and comes again: alice is not asked about her a second time. That
        romeo is asked about afterwards shows that there was time to."""
        self.juliet.subscribe(self.alice)
        self.expect(self.alice.is_told_of(self.juliet), self.juliet.sees(self.alice, "available"))
        self.turn_pages()
        self.alice.block(self.juliet)
        self.expect(self.juliet.sees(self.alice, "unavailable"))
        self.juliet.unsubscribe(self.alice)
        self.expect(self.juliet.has_edge(self.alice, "none"))
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.has_edge(self.alice, "to"))
        self.romeo.subscribe(self.alice)
        self.expect(self.alice.is_told_of(self.romeo))
        self.assertEqual(self.alice.prompts(self.juliet), [])

    def test_colleague_asks(self):
        """carol has added alice: she is told of that like of anybody, and once; adding carol in
        turn makes nobody ask."""
        self.carol.add(self.alice)
        self.expect(self.alice.is_told_of(self.carol), self.carol.sees(self.alice, "available"))
        self.alice.add(self.carol)
        self.expect(self.alice.sees(self.carol, "available"), self.alice.is_told_of(self.carol))
        self.assertEqual(shown(self.carol, self.alice)[-1]["status"], "available")

    def test_resources(self):
        """romeo's phone is away in his pocket while he works at his laptop."""
        self.make_contact(self.romeo)
        laptop, pocket = "at work " + token(), "in his pocket " + token()
        self.romeo.set_presence("available", laptop)
        self.expect(self.alice.sees(self.romeo, "available", laptop))
        phone = self.stage.phone("dnd", pocket)
        self.expect(self.alice.sees(self.romeo, "busy", pocket))     # dnd wins over all
        phone.set_presence("away", pocket)
        self.expect(self.alice.sees(self.romeo, "available", laptop))
        self.romeo.set_presence("unavailable")
        self.expect(self.alice.sees(self.romeo, "away", pocket))
        self.romeo.set_presence("available", laptop)
        self.expect(self.alice.sees(self.romeo, "available", laptop))


class Explicit(Relationships):
    """Who is not named by the user waits."""

    config = "approve: { federated: explicit }\n"

    def test_waiting(self):
        """romeo and juliet ask. alice is asked about both, adds romeo, and he sees her; juliet
        gets no answer at all, also from another Heliograph, until alice adds her too."""
        for person in (self.romeo, self.juliet):
            person.subscribe(self.alice)
            self.expect(self.alice.is_told_of(person))
        self.assertEqual(answers(self.romeo, self.alice), [])
        self.alice.add(self.romeo)
        self.expect(self.romeo.sees_only(self.alice, "available"),
                    self.romeo.has_edge(self.alice, "to"))
        self.ask_again(self.juliet)
        self.restart()
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.sees_only(self.alice, "dnd"))
        self.assertEqual(answers(self.juliet, self.alice), [])
        self.alice.add(self.juliet)
        self.expect(self.juliet.sees_only(self.alice, "dnd"),
                    self.juliet.has_edge(self.alice, "to"))

    def test_hidden_in_plain_sight(self):
        """To be named can also be to be blocked: romeo is then answered, like somebody whom an
        absent alice has let in."""
        self.romeo.subscribe(self.alice)
        self.expect(self.alice.is_told_of(self.romeo))
        self.alice.block(self.romeo)
        self.expect(self.romeo.has_edge(self.alice, "to"),
                    self.romeo.sees_only(self.alice, "unavailable"))


class Hidden(Explicit):
    """The same where nobody is told who is there: a user who waits to be let in cannot tell from
    the silence whether there is somebody who could."""

    config = Explicit.config + "hide-users: on\n"

    def test_waiting(self):
        nobody = self.stage.lync_client("nobody", None)      # never signs on: no such user
        for person in (nobody, self.alice):
            self.romeo.subscribe(person)
        self.expect(self.alice.is_told_of(self.romeo))
        self.ask_again(self.romeo)
        self.alice.add(self.juliet)
        self.expect(self.juliet.is_asked_by(self.alice))
        for person in (nobody, self.alice):
            self.assertEqual(answers(self.romeo, person), [])

    test_hidden_in_plain_sight = None


if __name__ == "__main__":
    unittest.main()
