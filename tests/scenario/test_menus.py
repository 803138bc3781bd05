#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What pidgin-sipe's own menus offer, and what comes of it here, there, and at the user's second computer."""

import os
import re
import unittest

import here  # noqa: F401
from peers.probe import Sight
from test_durable import has_contact
from test_relationships import Relationships

LEVELS = {"Personal": 400, "Team": 300, "Company": 200, "Public": 100}
COMPLAINT = re.compile(r"(?i)\b(error|fail\w*|fatal|critical|assert\w*|invalid|unexpected|conflict|rejected)\b")
OF_SIPE = re.compile(r"\) sipe: ")      # libpurple itself misses a desktop here


class Menus(Relationships):

    def relationship(self, watcher):
        said = self.stage.heliograph.command("relationship", watcher.address, self.alice.address)
        return int(re.search(r"\b(\d+)\b", said).group(1)), said

    def in_level(self, watcher, container):
        def look():
            number, said = self.relationship(watcher)
            return number == container, said.strip()
        return Sight("heliograph", "%s is in container %d" % (watcher.name, container), look)

    def test_levels(self):
        """Each of the four access levels, one after the other, to and fro."""
        self.make_contact(self.romeo)
        for level in (*LEVELS, *reversed(LEVELS)):
            with self.subTest(level):
                self.alice.set_access(self.romeo, level)
                self.expect(self.in_level(self.romeo, LEVELS[level]))

    def test_reset_status(self):
        """What she chose is taken back: her devices alone count again, for everybody."""
        self.make_contact(self.romeo)
        laptop = self.stage.laptop()
        self.alice.set_status("do-not-disturb")
        self.expect(self.romeo.sees(self.alice, "dnd"))
        self.turn_pages()
        self.alice.reset_status()
        self.expect(self.romeo.sees(self.alice, "available"))
        self.stage.put_away(laptop)

    def test_names_and_groups(self):
        """An alias, a group that is renamed: her second computer shows them, too."""
        laptop = self.stage.laptop()
        self.alice.command("add", "sip:" + self.romeo.address, "Friends")
        self.alice.command("alias", "sip:" + self.romeo.address, "Montague")
        self.expect(has_contact(laptop, self.romeo, "Friends", "Montague"))
        self.alice.command("group-rename", "Friends", "Verona")
        self.expect(has_contact(laptop, self.romeo, "Verona", "Montague"))
        self.stage.put_away(laptop)

    maxDiff = None

    def tearDown(self):
        """Nothing that reads like a complaint stands in the clients' logs."""
        for client in (self.alice, self.carol):
            with open(os.path.join(self.stage.folder, client.name + ".log"), errors="replace") as log:
                complaints = [line for line in log if OF_SIPE.search(line) and COMPLAINT.search(line)]
            self.assertEqual(complaints, [], client.name)


if __name__ == "__main__":
    unittest.main()
