#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who goes, or blocks, without alice being told of it is found by asking again now and then."""

import unittest

import here  # noqa: F401
from border import Border, BorderStage
from stage import token
from test_relationships import Relationships

CONFIG = "limits: { settle: 1s, reprobe: 2s }\n"


class Blocked(Relationships):

    config = CONFIG

    def test_block(self):
        """romeo blocks alice, of which ejabberd tells her nothing: she sees him go, and come back when he unblocks
        her, though he says nothing new. carol goes on seeing him."""
        self.make_contact(self.romeo)
        self.carol.add(self.romeo)
        self.expect(self.romeo.is_asked_by(self.carol))
        self.romeo.accept(self.carol)
        self.romeo.set_presence("dnd", self.note)
        self.expect(self.carol.sees(self.romeo, "busy", self.note), self.alice.sees(self.romeo, "busy", self.note))
        self.turn_pages()
        self.romeo.block(self.alice)
        self.expect(self.alice.sees(self.romeo, "offline"))
        self.turn_pages()
        self.romeo.unblock(self.alice)
        self.expect(self.alice.sees(self.romeo, "busy", self.note))
        self.carol.look_again()
        self.expect(self.carol.sees(self.romeo, "busy", self.note))


class Silent(Border):
    """tybalt's server says nothing by itself."""

    @classmethod
    def make_stage(cls):
        return BorderStage(far=("tybalt",), config=CONFIG)

    def probes(self, tybalt):
        return [stanza for stanza in tybalt.server.heard if stanza.type == "probe"]

    def test_lost_unavailable(self):
        tybalt, = self.stage.far
        phone = tybalt._replace(address=tybalt.address + "/phone")
        note = "here " + token()
        self.alice.add(tybalt)
        self.await_halves(self.alice, tybalt, "1/2")
        tybalt.says(self.alice, "subscribed")
        self.await_halves(self.alice, tybalt, "2/2")
        phone.says(self.alice, inside="<status>%s</status>" % note)
        self.expect(self.alice.sees(tybalt, "available", note))
        self.expect(self.alice.sees(tybalt, "offline"))
        asked = len(self.probes(tybalt))
        self.until(lambda: len(self.probes(tybalt)) > asked, "he is not asked any more")
        phone.says(self.alice, inside="<show>away</show><status>%s</status>" % note)
        self.expect(self.alice.sees(tybalt, "away", note))


if __name__ == "__main__":
    unittest.main()
