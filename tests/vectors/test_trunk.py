#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""People of ours, and people behind a peer that says what it is told to."""

import unittest

from trunk_stage import ROMEO, Vectors, Watching, pidf

ALICE, NOBODY = "alice@corp.example", "nobody@corp.example"


class Home(Vectors):
    """alice lives here."""

    def setUp(self):
        super().setUp()
        self.alice = self.phone(ALICE)

    def watches(self, whom=ALICE, by=ROMEO):
        """He begins to; returns his dialog, and the first document. Until his wish is stored he is pending, and nobody is
        said to be away before the link has settled."""
        watching, request = Watching(self.trunk, whom, by), None
        self.assertEqual(watching.subscribe().code, 200)
        while not request or not request.body:
            request = self.request("NOTIFY")
        self.assertIn("active", request.get("Subscription-State"))
        return watching, pidf.read(request.get("Content-Type"), request.body)


class Fetch(Home):
    """RFC 6665 4.4.3: to look once is no wish to watch, grants nothing, and tells who may not what he may not know."""

    def fetch(self, whom, by=ROMEO):
        """What he is told: the body of the only notification."""
        self.assertEqual(Watching(self.trunk, whom, by).subscribe(0).code, 200)
        request = self.request("NOTIFY")
        self.assertEqual(request.get("Subscription-State"), "terminated;reason=timeout")
        return request.body

    def leaves_nothing(self):
        """And she is asked nothing: who waits for her word is a watch of hers."""
        self.assertEqual(self.mirror_of(ALICE)["watchers"], [])

    def test_what_he_may_see(self):
        self.alice.says()
        told = pidf.read(pidf.TYPE, self.fetch(ALICE))
        self.assertEqual((told.entity, told.basic), ("sip:" + ALICE, pidf.OPEN))
        self.leaves_nothing()

    def test_of_whom_there_is_not(self):
        self.assertEqual(self.fetch(NOBODY), "")

    def test_what_a_watcher_is_shown(self):
        """He is told what his dialog says, and keeps it."""
        self.alice.says()
        watching, told = self.watches()
        self.assertEqual(told.basic, pidf.OPEN)
        self.assertEqual(pidf.read(pidf.TYPE, self.fetch(ALICE)).basic, pidf.OPEN)
        self.assertEqual([each["watcher"] for each in self.mirror_of(ALICE)["watchers"]], [ROMEO])
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("active")


class Blocked(Fetch):
    """A whole class of them is."""

    trust, policy, settle = "publicCloud", "approve: { publicCloud: auto }", "100ms"

    def test_what_he_may_see(self):
        """She has not let him in, so there is nobody; who watches is shown what looks as if she had gone home."""
        self.alice.says()
        self.assertEqual(self.fetch(ALICE), "")
        self.leaves_nothing()

    def test_what_a_watcher_is_shown(self):
        self.alice.says()
        _, told = self.watches()
        self.assertEqual(told.basic, pidf.CLOSED)
        self.assertEqual(pidf.read(pidf.TYPE, self.fetch(ALICE)).basic, pidf.CLOSED)


class NotAsked(Fetch):
    """She lets nobody in whom she has not named."""

    policy = "approve: { federated: explicit }"

    def test_what_he_may_see(self):
        self.alice.says()
        self.assertEqual(self.fetch(ALICE), "")
        self.leaves_nothing()

    def test_what_a_watcher_is_shown(self):
        self.alice.says()
        watching = Watching(self.trunk, ALICE)
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)
        self.assertEqual(self.fetch(ALICE), "")
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)


class Hidden(Fetch):
    """Who is a user nobody finds out by asking."""

    policy = "hide-users: on"

    def test_what_he_may_see(self):
        self.alice.says()
        self.assertEqual(self.fetch(ALICE), "")
        self.leaves_nothing()


if __name__ == "__main__":
    unittest.main()
