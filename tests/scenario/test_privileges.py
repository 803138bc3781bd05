#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What Heliograph does where a server lets it read and write its users' rosters (XEP-0356)."""

import time
import unittest

import here  # noqa: F401
import test_links
from stage import Stage
from test_relationships import LIMIT

COMMAND = "<command xmlns='http://jabber.org/protocol/commands' node='urn:x-heliograph:contacts'/>"


class Granted(Stage):

    def start(self):
        self.server.grant_rosters(self.alice.address.partition("@")[2])
        super().start()


class Rosters(test_links.Linking):

    stage_class = Granted

    def setUp(self):
        super().setUp()
        self.make_contact(self.romeo)
        self.alice.add(self.carol)
        self.expect(self.alice.sees(self.carol, "available"))
        self.link_juliet()
        self.turn_pages()

    def logged(self, *parts):
        """The first line of the log, from now on or before, that has all of these."""
        end = time.monotonic() + LIMIT
        while True:
            lines = self.stage.heliograph.log().decode("utf-8", "replace").splitlines()
            found = [line for line in lines if all(part in line for part in parts)]
            if found:
                return found[0]
            self.assertLess(time.monotonic(), end, "never logged: %s" % (parts,))
            time.sleep(0.05)

    def give(self):
        answer = self.juliet.ask(self.alice.address.partition("@")[2], COMMAND, "set")
        self.assertEqual(answer.get("type"), "result")
        return "".join(answer.itertext())

    def entries(self, client):
        """Of his roster, as it changed since the page was turned."""
        return {event["jid"]: event["subscription"] for event in client.fresh("roster")}

    def suggested(self):
        domain = self.alice.address.partition("@")[2]
        return [event["stanza"] for event in self.juliet.fresh("message") if event["from"] == domain]

    def test_rosters(self):
        """Her contacts are put into her roster there, if she asks for it, and those that are there stay as they are. A
        server that cannot do what it grants is no harm: they are suggested to her client."""
        self.logged("privileges-granted", 'server="xmpp.example"', "roster=both")
        self.juliet.subscribe(self.romeo)
        self.expect(self.juliet.has_request(self.romeo))
        self.turn_pages()
        self.assertIn("being put", self.give())
        if self.stage.server.writes_rosters:
            self.logged("roster-filled", "put=1 there=1 refused=0")
            self.expect(self.juliet.has_edge(self.carol, "none"))
            self.assertNotIn(self.romeo.address, self.entries(self.juliet))
            self.assertEqual(self.suggested(), [])
            self.assertIn("being put", self.give())
            self.logged("roster-filled", "put=0 there=2 refused=0")
        else:
            self.logged("roster-filled", "put=0 there=1 refused=1")
            told, = self.suggested()
            self.assertIn('jid="%s"' % self.carol.address, told)
            self.assertNotIn(self.romeo.address, told)


if __name__ == "__main__":
    unittest.main()
