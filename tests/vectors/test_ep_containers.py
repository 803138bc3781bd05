#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who sits in which container, and sees what: the vectors (TV-nn) of containers, against the real
daemon."""

import re
import unittest

from test_ep_server import CARD, NOTE, Vectors, machine, one, seen


class Containers(Vectors):

    def test_tv_51(self):
        """In two containers by the same kind of member: the higher one counts."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 200, 0, NOTE % "two"), one("note", 0, 300, 0, NOTE % "three"))
        for number in (200, 300):
            self.members(alice, (number, 1, ("add", "user", bob.user)))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri)[1], "three")

    def test_tv_52(self):
        """A user beats his domain, whatever the numbers."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 200, 0, NOTE % "two"), one("note", 0, 400, 0, NOTE % "four"))
        self.members(alice, (200, 1, ("add", "user", bob.user)), (400, 1, ("add", "domain", "corp.example")))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri)[1], "two")

    def test_tv_54(self):
        """A container that is not there comes into being."""
        alice = self.client()
        self.members(alice, (16000, 0, ("add", "user", "bob@corp.example")))
        self.assertRegex(self.own(alice), r'<container id="16000" version="1">')

    def test_tv_55(self):
        alice = self.client()
        for number in (32768, -1, 0):
            self.members(alice, (number, 0, ("add", "user", "bob@corp.example")), code=400)

    def test_tv_56(self):
        """Blocked: nothing of any category, and offline, whatever the other containers hold."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     *[one(name, 6, c, 0, value) for name, value in
                       (("note", NOTE % "here"), ("contactCard", CARD)) for c in (100, 200, 300, 400)])
        self.members(alice, (32000, 1, ("add", "user", bob.user)))
        body = self.watch(bob, alice, names=("state", "note", "calendarData", "contactCard")).body
        self.assertEqual(seen(body, alice.uri), (18500, None))
        for name in "note", "calendarData", "contactCard":
            self.assertRegex(body, r'<category name="%s" instance="\d+"[^>]*(/>|></category>)' % name)
        self.assertEqual(len(re.findall("<category ", body)), 4)

    def test_tv_57(self):
        """Moved to Blocked by one request: the next that he is told is the blocked view of all."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 300, 0, NOTE % "three"))
        self.members(alice, (300, 1, ("add", "user", bob.user)))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri), (3500, "three"))
        self.members(alice, (32000, 1, ("add", "user", bob.user)), (300, 2, ("remove", "user", bob.user)))
        message = self.told(bob, alice, 18500)
        self.assertIsNone(seen(message.body, alice.uri)[1])
        self.assertIn('name="note"', message.body)


if __name__ == "__main__":
    unittest.main()
