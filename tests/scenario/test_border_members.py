#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Members of containers other than a single user: classes, domains, everyone, and which of them counts
where several fit. alice is Busy, with a note; who may read it shows where he sits.

At first: romeo is federated (External: no note), juliet of a public cloud (Blocked), tybalt of a partner
that counts as the same enterprise (Colleague), as carol does, who is one. They all watch alice."""

import unittest

import here  # noqa: F401
from border import Border, BorderStage
from peers.probe import Sight
from peers.xmppclient import XmppClient, bare
from scripted import Scripted
from stage import token

ROUTES = ("  - { address: juliet@xmpp.example, via: xmpp, trust: publicCloud }\n"
          "  - { address: tybalt@xmpp.example, via: xmpp, trust: sameEnterprise }\n")
READS, BARE, OFFLINE = "busy, with the note", "busy and no more", "offline"


class Members(Border):

    @classmethod
    def make_stage(cls):
        return BorderStage(also=("juliet", "tybalt"), routes=ROUTES,
                           config="approve: { publicCloud: auto }\nlimits: { settle: 2s }\n")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        alice = cls.stage.alice
        for person in (cls.stage.romeo, *cls.stage.others):
            person.subscribe(alice)
        cls.stage.carol.add(alice)
        alice.add(cls.stage.carol)      # her menu is where the groups are

    def setUp(self):
        super().setUp()
        self.romeo, self.carol = self.stage.romeo, self.stage.carol
        self.juliet, self.tybalt = self.stage.others
        self.note = "in a review " + token()
        self.script = Scripted(self.daemon.sip_port, self.alice.address)
        self.addCleanup(self.script.close)
        self.alice.set_status("busy", self.note)
        self.at_first = {self.romeo: BARE, self.juliet: OFFLINE, self.tybalt: READS, self.carol: READS}
        self.see(self.at_first)

    # ---- seeing

    def state(self, person):
        """What his client has shown last of alice; that is as old as her latest change for him."""
        name = "presence" if isinstance(person, XmppClient) else "buddy"
        seen = [event for event in person.events if event.name == name and self.alice.address in
                (bare(event["from"]), event["name"].removeprefix("sip:")) and
                event["type"] != "error"]
        if not seen:
            return "nothing"
        if seen[-1]["type"] == "unavailable" or seen[-1]["status"] == "offline":
            return OFFLINE
        if "dnd" not in seen[-1]["show"] and seen[-1]["status"] != "busy":
            return seen[-1].line
        text = seen[-1]["status"] if name == "presence" else seen[-1]["text"]
        return READS if self.note in text else BARE if text in ("", "Busy") else text

    def see(self, what):
        def sight(person, state):
            def look():
                return self.state(person) == state, self.state(person)
            return Sight(person.name, state, look)
        self.expect(*[sight(person, state) for person, state in what.items()])

    def moves(self, do, **changes):
        """After `do` these see something else, at once; the others what they saw at first, and who
        may not read the note has not read it in between."""
        self.turn_pages()
        do()
        now = {**self.at_first, **{getattr(self, name): state for name, state in changes.items()}}
        self.see(now)
        self.expect(*[person.never_sees(self.note) for person, state in now.items()
                      if state != READS and self.at_first[person] != READS])

    def menu(self, group, level):
        return lambda: self.alice.command("menu", "sip:" + self.carol.address,
                                          "Access level/Access groups/People in %s/%s" % (group, level))

    def edit(self, *edits):
        return lambda: self.script.must(self.script.members(*edits))

    def undo(self, *edits):
        """Takes the edits back; everybody sees what he saw at first."""
        other = {"add": "remove", "remove": "add"}
        self.moves(self.edit(*[(number, other[action], kind, value)
                               for number, action, kind, value in edits]))

    # ---- pidgin-sipe's menus

    def test_federated(self):
        group = "domains connected with my company"
        self.moves(self.menu(group, "Company"), romeo=READS)
        self.moves(self.menu(group, "Blocked"), romeo=OFFLINE)
        self.moves(self.menu(group, "Public"))

    def test_public_cloud(self):
        """Without a level its people are in no container: they are shown nothing at all."""
        self.moves(self.menu("public domains", "Public"), juliet=BARE)
        self.moves(self.menu("public domains", "Personal"), juliet=READS)
        self.moves(self.menu("public domains", "Unspecify"), juliet=OFFLINE)
        self.assertEqual(self.watch(self.juliet, self.alice)["standing"], "pending")
        self.moves(self.menu("public domains", "Blocked"))

    def test_same_enterprise(self):
        """The partner's people move along with the colleagues."""
        self.moves(self.menu("my company", "Public"), carol=BARE, tybalt=BARE)
        self.moves(self.menu("my company", "Blocked"), carol=OFFLINE, tybalt=OFFLINE)
        self.moves(self.menu("my company", "Company"))

    # ---- what it takes a hand to say

    def test_domain(self):
        """A domain counts before the class, a user before his domain."""
        everybody_of = (200, "add", "domain", "xmpp.example")
        self.moves(self.edit(everybody_of), romeo=READS, juliet=READS)
        but_romeo = (100, "add", "user", self.romeo.address)
        self.moves(self.edit(but_romeo), juliet=READS)
        blocked = (32000, "add", "domain", "xmpp.example")
        # The domain twice: the highest container counts. romeo is himself, whatever his domain is.
        self.moves(self.edit(blocked), juliet=OFFLINE, tybalt=OFFLINE)
        self.undo(everybody_of, but_romeo, blocked)

    def test_highest_of_one_kind(self):
        twice = (100, "add", "user", self.juliet.address), (300, "add", "user", self.juliet.address)
        self.moves(self.edit(*twice), juliet=READS)
        block = (32000, "add", "user", self.juliet.address)
        self.moves(self.edit(block), juliet=OFFLINE)
        self.undo(*twice, block)

    def test_everyone(self):
        """Everyone counts for whom nothing else does."""
        everyone = (400, "add", "everyone", None)
        self.moves(self.edit(everyone))
        nobody_else = (100, "remove", "federated", None)
        self.moves(self.edit(nobody_else), romeo=READS)
        self.moves(self.edit((400, "remove", "everyone", None)), romeo=OFFLINE)
        self.assertEqual(self.watch(self.romeo, self.alice)["standing"], "pending")
        self.moves(self.edit((100, "add", "federated", None)))

    def test_all_or_nothing(self):
        """What is refused changes nobody's container: a stale version next to a good one, and the
        containers that have no members. Whom a container does not have can be removed from it."""
        before = self.script.versions()
        good = (400, "add", "user", self.romeo.address)
        for number in (0, 1, 2, 3):
            answer = self.script.members(good, (number, "add", "user", self.romeo.address))
            self.assertEqual(answer.code, 400, number)
        stale = self.script.members(good, (32000, "remove", "publicCloud", None),
                                    versions={32000: before[32000] + 7})
        self.assertEqual(stale.code, 409)
        self.assertEqual(self.script.versions(), before)
        self.moves(self.edit((300, "remove", "user", self.romeo.address)))


if __name__ == "__main__":
    unittest.main()
