#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The half `in` of docs/border-edges.md: people at XMPP servers watch alice, who is on pidgin-sipe.

benvolio never asked; romeo did and was let in, since his trust class is (`auto`). juliet is of a
class that is not (`explicit`), and waits. tybalt, of that class, is there to be named."""

import unittest

import here  # noqa: F401
from border import Border, BorderStage
from scripted import Scripted

EXPLICIT = "  - { address: %s@xmpp.example, via: xmpp, trust: sameEnterprise }\n"


class In(Border):

    @classmethod
    def make_stage(cls):
        return BorderStage(also=("juliet", "tybalt", "benvolio"),
                           routes=EXPLICIT % "juliet" + EXPLICIT % "tybalt",
                           config="approve: { sameEnterprise: explicit }\nlimits: { grace: 3s, settle: 2s }\n")

    def setUp(self):
        super().setUp()
        self.romeo = self.stage.romeo
        self.juliet, self.tybalt, self.benvolio = self.stage.others
        self.people = {self.benvolio: "-", self.juliet: "2/1", self.romeo: "2/2"}
        self.reach_all()

    # ---- getting there

    def reach_all(self):
        for who, state in {**self.people, self.tybalt: "-"}.items():
            held = self.held(self.alice, who)
            if held["contact"]:
                self.by_hand(lambda script, who=who: script.delete_contact(who))
            if held["member"]:
                self.alice.command("allow", "sip:" + who.address)
                self.until(lambda who=who: not self.held(self.alice, who)["member"],
                           "blocked")
            if self.halves(who, self.alice) != state:
                self.leave(who)
        for who, state in self.people.items():
            if self.halves(who, self.alice) != state:
                who.subscribe(self.alice)
                self.await_halves(who, self.alice, state)

    def leave(self, who):
        who.unsubscribe(self.alice)
        self.await_halves(who, self.alice, "-")

    def by_hand(self, do):
        script = Scripted(self.daemon.sip_port, self.alice.address)
        try:
            do(script)
        finally:
            script.close()

    def told_by_alice(self, who):
        return [event["type"] for event in who.from_contact("subscription", self.alice)]

    def each(self, *names):
        return [(name, who, self.alice) for name, who in zip(names, self.people)]

    # ---- what they do

    def test_subscribe(self):
        """benvolio is let in at once, and shown what his relationship allows; romeo asks again and
        is answered again. juliet asks again of a daemon that has come to let her class in."""
        with self.edges(("I1", self.benvolio, self.alice), ("I17", self.romeo, self.alice)):
            for who in (self.benvolio, self.romeo):
                who.subscribe(self.alice)
            self.expect(self.benvolio.sees_only(self.alice, "available"),
                        self.benvolio.has_edge(self.alice, "to"),
                        self.romeo.sees_only(self.alice, "available"))
        self.restart_with("sameEnterprise: explicit", "sameEnterprise: auto")
        with self.edges(("I9", self.juliet, self.alice)):
            self.juliet.subscribe(self.alice)
            self.expect(self.juliet.sees(self.alice, "available"),
                        self.juliet.has_edge(self.alice, "to"))
        self.restart_with("sameEnterprise: auto", "sameEnterprise: explicit")

    def restart_with(self, was, shall_be):
        streams = self.stage.cables[0].streams
        self.daemon.kill()
        self.stage.configure(was, shall_be)
        self.daemon.start()
        self.stage.cables[0].await_up(streams)
        for client in (self.alice, self.stage.carol):
            client.command("connect")
        self.until(lambda: self.alice.signed_on_at is not None and
                   self.stage.show(self.alice.address)["endpoints"][0]["confirmed"], "signed off")
        self.alice.await_ready()

    def test_unsubscribe(self):
        with self.edges(*self.each("I2", "I10", "I18")):
            for who in self.people:
                who.unsubscribe(self.alice)
        self.turn_pages()
        self.alice.set_status("busy", "not for them")
        self.expect(self.romeo.never_sees("not for them"))
        self.assertEqual(self.romeo.presences_of(self.alice), [])
        self.alice.set_status("available")

    def test_probe(self):
        """Who was never let in is refused, who waits hears nothing, who was let in is told again."""
        with self.edges(*self.each("I3", "I11", "I19")):
            for who in self.people:
                who.probe(self.alice)
            self.expect(self.romeo.sees_only(self.alice, "available"))
        self.assertEqual(self.juliet.from_contact("presence", self.alice), [])
        self.assertEqual(self.told_by_alice(self.juliet), [])

    # ---- what alice does

    def test_set_contact(self):
        """To name juliet is to let her in; the other direction begins anew for all three."""
        with self.edges(*self.each("I4", "I12", "I20")):
            for who in self.people:
                self.name_contact(who)
            self.expect(*[who.is_asked_by(self.alice) for who in self.people],
                        self.juliet.sees(self.alice, "available"),
                        self.juliet.has_edge(self.alice, "to"))
        # A contact who is removed again goes on seeing what he may.
        self.alice.command("remove", "sip:" + self.juliet.address)
        self.until(lambda: not self.held(self.alice, self.juliet)["contact"], "a contact")
        self.assertEqual(self.halves(self.juliet, self.alice), "2/2")
        self.turn_pages()
        self.alice.set_status("busy")
        self.expect(self.juliet.sees(self.alice, "dnd"))
        self.alice.set_status("available")
        self.expect(self.juliet.sees(self.alice, "available"))

    def test_delete_contact(self):
        """By hand: pidgin-sipe removes only who is on the list."""
        for row, who in zip(("I5", "I13", "I21"), self.people):
            with self.edges((row, who, self.alice)):
                self.by_hand(lambda script, who=who: script.delete_contact(who))
        self.turn_pages()
        self.alice.set_status("busy")
        self.expect(self.romeo.sees(self.alice, "dnd"))
        self.alice.set_status("available")
        self.expect(self.romeo.sees(self.alice, "available"))

    def test_block(self):
        """A block is no refusal: juliet is answered like one whom an absent alice has let in, romeo
        sees her go. benvolio is told nothing, and sees nobody should he ask."""
        after = (), (self.juliet.has_edge(self.alice, "to"),
                     self.juliet.sees_only(self.alice, "unavailable")), \
            (self.romeo.sees_only(self.alice, "unavailable"),)
        # One after the other: her client must know the version that the last one made.
        for walk, sights in zip(self.each("I6", "I14", "I22"), after):
            with self.edges(walk):
                self.alice.command("block", "sip:" + walk[1].address)
                self.expect(*sights)
            self.assertNotIn("unsubscribed", self.told_by_alice(walk[1]))
        self.turn_pages()
        self.benvolio.subscribe(self.alice)
        self.expect(self.benvolio.has_edge(self.alice, "to"),
                    self.benvolio.sees_only(self.alice, "unavailable"))
        self.turn_pages()
        self.alice.command("allow", "sip:" + self.romeo.address)
        self.expect(self.romeo.sees_only(self.alice, "available"))

    # ---- what happens to all of them

    def test_sign_off(self):
        with self.edges(*self.each("I7", "I15", "I23")):
            self.alice.command("disconnect")
            self.expect(self.romeo.sees_only(self.alice, "unavailable"))
        self.turn_pages()
        self.alice.command("connect")
        self.expect(self.romeo.sees_only(self.alice, "available"))
        for who in (self.benvolio, self.juliet):
            self.assertEqual(who.from_contact("presence", self.alice), [])

    def test_link_bounce(self):
        """All that Heliograph shows is said again: Prosody may not have got it."""
        with self.edges(*self.each("I8", "I16", "I24")):
            self.stage.cables[0].bounce()
            self.expect(self.romeo.sees_only(self.alice, "available"))
        for who in (self.benvolio, self.juliet):
            self.assertEqual(who.from_contact("presence", self.alice), [])
        self.assertNotIn("unavailable",
                         [event["type"] for event in self.romeo.presences_of(self.alice)])


if __name__ == "__main__":
    unittest.main()
