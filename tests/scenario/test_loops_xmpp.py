#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two Heliographs face each other, as components of one XMPP server: people of both see each other, and nothing goes round.

    alice@one.example  phone  -->  Heliograph one  <--XEP-0114-->  Prosody  <-->  Heliograph two  <--  phone  bob@two.example
"""

import os
import shutil
import tempfile
import time
import unittest

import here
import test_loops
from peers.heliograph import Heliograph
from peers.process import free_port
from stage import XMPP_SERVER, token
from story import Story
from test_durable import Silent

ACROSS = "xmpp_presence_sent_total"


class Side(test_loops.Side):

    def __init__(self, folder, name, beyond, server):
        super().__init__(folder, name)
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, self.domain, beyond,
                                 server.component_port, server.secret)
        with open(self.daemon.config) as config:
            text = config.read().replace(test_loops.LISTEN, test_loops.LISTEN + test_loops.UDP.format(port=self.port))
        with open(self.daemon.config, "w") as config:
            config.write(text.replace("trust: federated", "trust: sameEnterprise")
                         + test_loops.REST.format(http=self.http))


class OverXmpp(test_loops.Loops):
    """The stories of the other way again."""

    lang = "en"                                 # the stream's
    test_an_address_that_is_theirs = None       # what a server's component may say is the server's to know

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="heliograph-loops-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.phones, self.story = [], Story(None, Silent(), test_loops.LIMIT)
        domains = "one.example", "two.example"
        server = XMPP_SERVER(folder, "xmpp.example", domains[0], token())
        server.add_component(domains[1], server.secret)
        self.sides = [Side(folder, domain.partition(".")[0], beyond, server)
                      for domain, beyond in zip(domains, reversed(domains))]
        self.one, self.two = self.sides
        server.start()
        self.addCleanup(server.stop)
        self.start()
        for side in self.sides:     # what the server cannot pass on yet it does not keep
            self.await_up(side)
        self.alice, self.bob = self.phone(self.one, "alice"), self.phone(self.two, "bob")

    def await_up(self, side):
        end = time.monotonic() + test_loops.LIMIT
        while b" component-up " not in side.daemon.log():
            self.assertLess(time.monotonic(), end, "%s has no component" % side.name)
            time.sleep(0.05)

    def across(self):
        """How many stanzas each has sent the other."""
        return [side.count(ACROSS) for side in self.sides]

    def until_still(self):
        """The same, as soon as no more come."""
        before, end = None, time.monotonic() + test_loops.LIMIT
        while (now := self.across()) != before:
            self.assertLess(time.monotonic(), end, "%s is not %s" % (now, before))
            before = now
            time.sleep(1)
        return now

    def assert_quiet(self):
        before = self.until_still()
        super().assert_quiet()
        self.assertEqual(self.across(), before)

    def test_one_change_is_one_stanza(self):
        """Of each, while both see each other; none is answered by another."""
        self.watch_each_other()
        bobs, alices = self.bob.says(activity="busy"), self.alice.says()
        self.expect(self.alice.sees(self.bob, "open", activities=["busy"]), self.bob.sees(self.alice, "open", activities=[]))
        self.assert_quiet()
        for number, activity in enumerate(("away", "on-the-phone", "busy")):
            before, note = self.across(), "%d %s" % (number, token())
            self.turn_pages()
            bobs = self.bob.says(bobs, activity=activity, note=note)
            alices = self.alice.says(alices, note=note)
            self.expect(self.alice.sees(self.bob, "open", note={self.lang: note}),
                        self.bob.sees(self.alice, "open", note={self.lang: note}))
            self.assertEqual([now - then for now, then in zip(self.until_still(), before)], [1, 1])

    def test_linked_and_watching(self):
        """One person, present on both sides, who watches himself from each: what he does at one is not said of him by the
        other to the first."""
        dora = self.linked(self.one, self.two)
        self.watch_each_other()
        eve = self.phone(self.two, "eve")
        eve.subscribe(self.bob)
        self.expect(dora.sees(self.alice, "open"), eve.sees(self.bob, "open"))
        before = self.until_still()
        for activity in "away", "busy", "away":
            self.alice.says(activity=activity)
            self.bob.says(activity=activity)
        self.assert_quiet()
        self.assertLess(max(now - then for now, then in zip(self.across(), before)), 20)


if __name__ == "__main__":
    unittest.main()
