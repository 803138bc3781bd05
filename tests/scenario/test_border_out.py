#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The half `out` of docs/border-edges.md: alice, on pidgin-sipe, watches people at XMPP servers.

benvolio she has never asked, juliet has not answered her, romeo has let her in, tybalt has refused."""

import unittest

import here  # noqa: F401
from border import LIMIT, Border, BorderStage
from scripted import Scripted
from stage import token
from test_durable import shown


class Out(Border):

    @classmethod
    def make_stage(cls):
        return BorderStage(also=("juliet", "tybalt", "benvolio"), config="limits: { grace: 3s }\n",
                           far=("nurse", "paris", "rosaline"))

    def setUp(self):
        super().setUp()
        self.romeo = self.stage.romeo
        self.juliet, self.tybalt, self.benvolio = self.stage.others
        self.people = {self.benvolio: "-", self.juliet: "1/2", self.romeo: "2/2", self.tybalt: "3/2"}
        self.reach_all()

    # ---- getting there

    def reach_all(self):
        """Everybody is where the class says, by what real clients do."""
        wrong = {who: state for who, state in self.people.items()
                 if self.halves(self.alice, who) != state or
                 (state == "-") == self.held(self.alice, who)["contact"]}
        for who in wrong:
            if self.held(self.alice, who)["contact"]:
                self.forget(who)
        for who, state in wrong.items():
            if state != "-":
                self.name_contact(who)
        for who, state in wrong.items():
            if state != "-":
                self.expect(who.is_asked_by(self.alice))
            if state == "2/2":
                who.accept(self.alice)
            if state == "3/2":
                who.refuse(self.alice)
            self.await_halves(self.alice, who, state)
        words = "at home " + token()
        self.romeo.set_presence("available", words)
        self.expect(self.alice.sees(self.romeo, "available", words))

    def forget(self, who):
        """Whatever her client still shows of him, he is no contact any more."""
        if not self.held(self.alice, who)["contact"]:
            self.name_contact(who)
        self.by_hand(lambda script: script.delete_contact(who))
        self.until(lambda: not self.held(self.alice, who)["contact"], "%s stays" % who.name)
        self.await_halves(self.alice, who, "-")
        self.turn_pages()

    def by_hand(self, do):
        """An endpoint of alice says what pidgin-sipe never says."""
        script = Scripted(self.daemon.sip_port, self.alice.address)
        try:
            do(script)
        finally:
            script.close()

    def each(self, *names):
        return [(name, self.alice, who) for name, who in zip(names, self.people)]

    def far_at(self, who, state):
        """Somebody of a server that keeps no rosters is where that is."""
        self.alice.add(who)
        self.await_halves(self.alice, who, "1/2")
        if state != "1/2":
            who.says(self.alice, "subscribed" if state == "2/2" else "unsubscribed")
        self.await_halves(self.alice, who, state)

    def seen_offline(self, who):
        """alice's client was told by a document that he is offline, which is not the silence of
        somebody who has not answered."""
        standing = self.watch(self.alice, who)
        return standing["standing"] == "refused" and standing["band"] == "offline"

    # ---- what alice does

    def test_set_contact(self):
        """The first setContact asks; pidgin-sipe sends others when a contact is given a name. No
        Lync client here begins with it, so the first one is said by hand."""
        with self.edges(("O1", self.alice, self.benvolio)):
            self.by_hand(lambda script: script.set_contact(self.benvolio))
        self.expect(self.benvolio.is_asked_by(self.alice))
        with self.edges(*self.each("O1", "O12", "O23", "O34")[1:]):
            for who in (self.juliet, self.romeo, self.tybalt):
                self.alice.command("alias", "sip:" + who.address, "Master " + who.name)
        for who in (self.juliet, self.romeo, self.tybalt):
            self.assertEqual(who.from_contact("subscription", self.alice), [])

    def test_set_contact_unsubscribed(self):
        """By hand: pidgin-sipe has no contacts whom it does not want to see; so much so that it
        subscribes to a new one at once, whoever added him. The last one is added in its absence."""
        def known_unwanted(script):
            for who in (self.juliet, self.romeo, self.tybalt):
                script.set_contact(who, subscribed=False)
        with self.edges(*self.each("O2", "O13", "O24", "O35")[1:]):
            self.by_hand(known_unwanted)
        self.expect(self.romeo.has_edge(self.alice, "none"))
        self.turn_pages()
        self.romeo.set_presence("dnd", "not for alice")
        self.expect(self.alice.never_sees("not for alice"))
        self.alice.command("disconnect")
        with self.edges(("O2", self.alice, self.benvolio)):
            self.by_hand(lambda script: script.set_contact(self.benvolio, subscribed=False))
        self.alice.command("connect")
        self.alice.await_event("signed-on", LIMIT, self.alice.page)

    def test_delete_contact(self):
        """pidgin-sipe removes who is there; to remove somebody who is not takes a hand."""
        with self.edges(("O3", self.alice, self.benvolio)):
            self.by_hand(lambda script: script.delete_contact(self.benvolio))
        with self.edges(*self.each("O3", "O14", "O25", "O36")[1:]):
            for who in (self.juliet, self.romeo, self.tybalt):
                self.alice.command("remove", "sip:" + who.address)
        self.expect(self.romeo.has_edge(self.alice, "none"))
        # Who had refused may be asked again now.
        self.turn_pages()
        self.alice.add(self.tybalt)
        self.expect(self.tybalt.is_asked_by(self.alice))

    def test_context(self):
        """pidgin-sipe subscribes with `<context/>` and then sets the contact: one question comes of
        it. By itself, and again, it comes by hand."""
        nurse = self.stage.far[0]
        with self.edges(("O4", self.alice, nurse)):
            self.by_hand(lambda script: script.watch(nurse))
        with self.edges(("O4", self.alice, self.benvolio), besides=("contact", "list")):
            self.alice.add(self.benvolio)
        self.expect(self.benvolio.is_asked_by(self.alice))

        def ask_again(script):
            for who in (self.juliet, self.romeo, self.tybalt):
                script.watch(who)
        with self.edges(*self.each("O4", "O15", "O26", "O37")[1:]):
            self.by_hand(ask_again)
        self.assertEqual(self.tybalt.from_contact("subscription", self.alice), [])
        self.forget(nurse)

    # ---- what they do

    def test_subscribed(self):
        """juliet lets her in. Prosody swallows consent that nobody asked for, so that comes from a
        server that does not."""
        nurse, paris, rosaline = self.stage.far
        self.far_at(paris, "2/2")
        self.far_at(rosaline, "3/2")
        with self.edges(("O5", self.alice, nurse), ("O16", self.alice, self.juliet),
                        ("O27", self.alice, paris), ("O38", self.alice, rosaline)):
            self.juliet.accept(self.alice)
            for who in (nurse, paris, rosaline):
                who.says(self.alice, "subscribed")
            self.expect(self.alice.sees(self.juliet, "available"))
        for who in (paris, rosaline):
            self.forget(who)

    def test_unsubscribed(self):
        """juliet refuses, romeo takes back what he gave: he is shown offline and stays a contact."""
        nurse, _, rosaline = self.stage.far
        self.far_at(rosaline, "3/2")
        with self.edges(("O6", self.alice, nurse), ("O17", self.alice, self.juliet),
                        ("O28", self.alice, self.romeo), ("O39", self.alice, rosaline)):
            self.juliet.refuse(self.alice)
            self.romeo.refuse(self.alice)
            for who in (nurse, rosaline):
                who.says(self.alice, "unsubscribed")
            self.expect(self.alice.sees(self.romeo, "offline"))
        for who in (self.juliet, self.romeo):
            self.assertTrue(self.seen_offline(who), who.name)
            self.assertTrue(self.held(self.alice, who)["contact"], who.name)
        self.forget(rosaline)

    def test_presence(self):
        """Each shows himself to alice; what only romeo may is heard."""
        with self.edges(*self.each("O7", "O18", "O29", "O40")):
            for who in self.people:
                who.direct(self.alice, "dnd", "a word " + who.name)
            self.expect(self.alice.sees(self.romeo, "busy", "a word romeo"))
        for who in (self.benvolio, self.juliet, self.tybalt):
            self.expect(self.alice.never_sees("a word " + who.name))

    def test_kept_until_granted(self):
        """What came before the consent is shown with it: the far server answers no probe."""
        nurse = self.stage.far[0]
        self.far_at(nurse, "1/2")
        with self.edges(("O18", self.alice, nurse)):
            nurse.says(self.alice, inside="<show>dnd</show><status>early nurse</status>")
        self.expect(self.alice.never_sees("early nurse"))
        with self.edges(("O16", self.alice, nurse)):
            nurse.says(self.alice, "subscribed")
            self.expect(self.alice.sees(nurse, "busy", "early nurse"))
        self.forget(nurse)

    # ---- what happens to all of them

    def test_sign_off(self):
        """Nobody is told that alice does not look; what romeo says meanwhile is there when she
        comes back."""
        with self.edges(*self.each("O8", "O19", "O30", "O41")):
            self.alice.command("disconnect")
            self.until(lambda: not self.stage.show(self.alice.address)["endpoints"], "signed on")
            self.romeo.set_presence("dnd", "meanwhile romeo")
        marks = [len(cable.sent) for cable in self.stage.cables]
        self.alice.command("connect")
        self.expect(self.alice.sees(self.romeo, "busy", "meanwhile romeo"))
        for who in self.people:
            self.assertEqual(self.sent(marks, self.alice, who), [], "sign-on asks " + who.name)

    def test_connection_lost(self):
        """alice's computer is switched off, and its registration ends."""
        def gone():
            self.until(lambda: not self.stage.show(self.alice.address)["endpoints"], "registered")

        with self.edges(*self.each("O9", "O20", "O31", "O42")):
            self.stage.leave_and_return(self.alice, gone)
        self.expect(self.alice.sees(self.romeo, "available"))

    def test_link_bounce(self):
        """The stream to Prosody breaks and is back: who has not answered is asked again, who has
        let her in is asked how he is, and nobody is shown offline in between."""
        with self.edges(*self.each("O10", "O21", "O32", "O43")):
            self.stage.cables[0].bounce()
        self.assertNotIn("offline", [event["status"] for event in shown(self.alice, self.romeo)])
        self.romeo.set_presence("away")
        self.expect(self.alice.sees(self.romeo, "away"))
        for who in (self.juliet, self.tybalt):
            self.assertEqual(who.from_contact("subscription", self.alice), [])

    def test_restart(self):
        """A new process holds what the killed one held, and asks the same."""
        def durable():
            mirror = self.stage.show(self.alice.address)
            return [mirror[key] for key in ("containers", "contacts", "contactListNumber")] + [
                self.halves(self.alice, who) for who in self.people]

        before, streams = durable(), self.stage.cables[0].streams
        with self.edges(*self.each("O11", "O22", "O33", "O44")):
            self.daemon.kill()
            self.daemon.start()
            self.stage.cables[0].await_up(streams)
        self.assertEqual(durable(), before)
        for client in (self.alice, self.stage.carol):
            client.command("connect")
        self.expect(self.alice.sees(self.romeo, "available"))


if __name__ == "__main__":
    unittest.main()
