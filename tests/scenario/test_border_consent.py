#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who is let in, who waits, who is refused, and whether somebody outside can tell one from another.

romeo is federated, juliet of a public cloud, tybalt of a partner that counts as the same enterprise. The
far server writes down every stanza that comes for its people, and asks without any roster of its own."""

import re
import subprocess
import unittest

import here  # noqa: F401
from border import Border, BorderStage, Far
from peers.probe import Sight
from scripted import Scripted
from test_relationships import answers

ROUTES = ("  - { address: juliet@xmpp.example, via: xmpp, trust: publicCloud }\n"
          "  - { address: tybalt@xmpp.example, via: xmpp, trust: sameEnterprise }\n")


class Consent(Border):

    routes, config = ROUTES, ""
    also = ("juliet", "tybalt")

    @classmethod
    def make_stage(cls):
        return BorderStage(also=cls.also, routes=cls.routes, config=cls.config,
                           far=("nurse", "paris", "abram"))

    def setUp(self):
        super().setUp()
        self.romeo = self.stage.romeo
        self.far_server = self.stage.far_server
        self.nobody = self.stage.lync_client("nobody", None)      # is no user
        self.dave = self.stage.lync_client("dave", None)          # is one, and never there

    def heliograph(self, verb, *words):
        done = subprocess.run(self.stage.heliograph.show_command(verb, *words), capture_output=True,
                              text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def by_hand(self, *edits):
        script = Scripted(self.daemon.sip_port, self.alice.address)
        script.must(script.members(*edits))
        script.close()

    def hears(self, person, presentity, *kinds):
        """All that the far person ever heard from the presentity."""
        def look():
            heard = [stanza.type for stanza in self.far_server.heard
                     if (stanza.sender, stanza.to) == (presentity.address, person.address)]
            return heard == list(kinds), "%s heard %s" % (person.name, heard)
        return Sight(person.name, "%s of %s" % (list(kinds), presentity.name), look)


class PerClass(Consent):
    """Only who is federated is let in unnamed."""

    config = "approve: { federated: auto, sameEnterprise: explicit, publicCloud: explicit }\n" \
        "limits: { settle: 2s }\n"

    def test_each_class(self):
        """romeo is let in, tybalt and juliet wait, though the class of each is a member somewhere;
        a level for the class names nobody, one for the domain names both. carol is at home here,
        and needs no consent."""
        juliet, tybalt = self.stage.others
        self.until(lambda: self.band(self.alice) == "available", "busy")
        self.alice.add(self.stage.carol)
        self.expect(self.alice.sees(self.stage.carol, "available"))     # so there is no question
        self.stage.carol.add(self.alice)
        # One after the other: until her client has acknowledged one question it is part of the next.
        for person in (self.romeo, juliet, tybalt):
            person.subscribe(self.alice)
            self.expect(self.alice.is_told_of(person))
        self.expect(self.romeo.has_edge(self.alice, "to"),
                    self.romeo.sees_only(self.alice, "available"),
                    self.stage.carol.sees(self.alice, "available"))
        for person in (juliet, tybalt):
            self.assertEqual(self.halves(person, self.alice), "2/1")
            person.probe(self.alice)
        self.alice.command("menu", "sip:" + self.stage.carol.address,
                           "Access level/Access groups/People in public domains/Company")
        self.until(lambda: {"type": "publicCloud"} in next(
            c["members"] for c in self.stage.show(self.alice.address)["containers"]
            if c["id"] == 200), "no member")
        for person in (juliet, tybalt):
            self.assertEqual(self.halves(person, self.alice), "2/1")
            self.assertEqual(answers(person, self.alice), [])
        self.turn_pages()
        self.by_hand((100, "add", "domain", "xmpp.example"))
        self.expect(*[sight for person in (juliet, tybalt) for sight in (
            person.has_edge(self.alice, "to"), person.sees_only(self.alice, "available"))])
        self.assertEqual(self.alice.prompts(juliet), [])

    def test_blocked_or_absent(self):
        """nurse is blocked by alice, who is there; dave, who is not there, has let everybody in.
        Stanza for stanza she is told the same of both, whatever she asks."""
        nurse = self.stage.far[0]
        self.heliograph("user add", self.dave.address)
        self.alice.command("block", "sip:" + nurse.address)
        self.until(lambda: self.held(self.alice, nurse)["member"], "not blocked")
        heard = []
        for kind, answer in (("subscribe", ("subscribed", "unavailable")), ("probe", ("unavailable",)),
                             ("subscribe", ("subscribed", "unavailable"))):
            heard += answer
            for person in (self.alice, self.dave):
                nurse.says(person, kind)
            self.expect(self.hears(nurse, self.alice, *heard), self.hears(nurse, self.dave, *heard))
        self.assertEqual(self.texts(nurse, self.alice), self.texts(nurse, self.dave))
        self.alice.set_status("busy", "not for the blocked")
        self.until(lambda: self.band(self.alice) == "busy", "available")
        self.expect(self.hears(nurse, self.alice, *heard))
        self.alice.command("allow", "sip:" + nurse.address)
        self.expect(self.hears(nurse, self.alice, *heard, "available"))
        self.alice.set_status("available")

    def band(self, person):
        return self.stage.show(person.address)["aggregate"][0]["band"]

    def texts(self, person, presentity):
        """What he heard of the presentity, with the name and the moments taken out."""
        return [re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "then", text.replace(presentity.name + "@", "somebody@"))
                for stanza, text in zip(self.far_server.heard, self.far_server.texts)
                if (stanza.sender, stanza.to) == (presentity.address, person.address)]


class Open(Consent):
    """hide-users off: who is not there is said not to be."""

    config = "limits: { settle: 2s }\n"

    def test_unknown(self):
        nurse = self.stage.far[0]
        refusal = "unavailable", "unsubscribed"
        nurse.says(self.nobody, "subscribe")
        self.expect(self.hears(nurse, self.nobody, *refusal))
        nurse.says(self.nobody, "probe")
        self.expect(self.hears(nurse, self.nobody, *refusal, *refusal))
        self.romeo.subscribe(self.nobody)
        self.expect(self.romeo.has_edge(self.nobody, "none"))
        self.assertIsNone(self.stage.show(self.nobody.address))

    def test_deleted(self):
        """Who is no user any more takes back what he gave, and is then like one who never was."""
        nurse = self.stage.far[0]
        self.heliograph("user add", self.dave.address)
        nurse.says(self.dave, "subscribe")
        self.expect(self.hears(nurse, self.dave, "subscribed", "unavailable"))
        self.heliograph("user del", self.dave.address)
        refusal = "unavailable", "unsubscribed"
        self.expect(self.hears(nurse, self.dave, "subscribed", "unavailable", *refusal))
        nurse.says(self.dave, "probe")
        self.expect(self.hears(nurse, self.dave, "subscribed", "unavailable", *refusal, *refusal))


class Hidden(Consent):
    """hide-users on, and nobody is let in unnamed."""

    config = "approve: { federated: explicit }\nhide-users: on\nlimits: { watches: 7 }\n"

    def test_silence(self):
        """nurse asks for alice, who lets her wait, and for nobody; paris only probes; abram asks when
        there are watches enough. Not a stanza comes back to any of them; nor to romeo behind a real
        server, whose roster cannot tell the two apart."""
        nurse, paris, abram = self.stage.far
        for person in (self.nobody, self.alice):
            self.romeo.subscribe(person)
        self.expect(self.alice.is_told_of(self.romeo))
        for person in (self.nobody, self.alice):
            nurse.says(person, "subscribe")
        self.await_halves(nurse, self.alice, "2/1")
        self.await_halves(self.romeo, self.alice, "2/1")
        for person in (self.alice, self.nobody):
            for asker, kind in ((nurse, "probe"), (nurse, "subscribe"), (paris, "probe")):
                asker.says(person, kind)
            self.romeo.probe(person)
        self.fill_up(abram)
        silent = [self.hears(asker, person) for asker in (nurse, paris, abram)
                  for person in (self.alice, self.nobody)]
        self.expect(*silent)
        for person in (self.alice, self.nobody):
            self.assertEqual(answers(self.romeo, person), [])
            self.assertEqual({event["subscription"] + event["ask"] for event in self.romeo.events
                              if event.name == "roster" and event["jid"] == person.address},
                             {"nonesubscribe"})
        # Who gives up is told the same by both, and waits again when he has asked again.
        for person in (self.alice, self.nobody):
            for kind in ("unsubscribe", "probe", "subscribe", "probe"):
                nurse.says(person, kind)
        self.expect(*[self.hears(nurse, person, "unavailable") for person in (self.alice, self.nobody)])
        # It is not that nobody can be heard: named, nurse is answered.
        self.by_hand((100, "add", "user", nurse.address))
        self.expect(self.hears(nurse, self.alice, "unavailable", "subscribed", "available"),
                    self.hears(nurse, self.nobody, "unavailable"))

    def fill_up(self, asker):
        """Others ask until there are no more watches to be had; then he asks."""
        for number in range(8):
            Far("x", "x%d@%s" % (number, self.far_server.domain), self.far_server).says(
                self.alice, "subscribe")
        for person in (self.alice, self.nobody):
            asker.says(person, "subscribe")
        self.until(lambda: len(self.stage.show(self.alice.address)["watchers"]) == 7, "not full")


del Consent


if __name__ == "__main__":
    unittest.main()
