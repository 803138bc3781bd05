#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How people feel, where they are and what they do besides: between XMPP, phones, Lync and a SIP presence server."""

import unittest

import simple_stage
from peers.simple import PENDING
from test_abroad import ACTIVITY, MOOD, is_doing, says

BETWEEN = " \N{MIDDLE DOT} "


class Beyond(simple_stage.Beyond):

    def test_both_ways(self):
        """bob says it in his documents, romeo by personal eventing; each reads the other's."""
        self.befriend()
        self.romeo.command("want", ACTIVITY)        # as clients do, it says with its presence what it can
        self.romeo.command("want", MOOD)
        self.turn_pages()
        etag = self.bob.says(activity="shopping", mood="happy", place="street", note=self.words)
        self.expect(self.romeo.reads(self.bob, "available", BETWEEN.join(("Shopping", "Street", "Happy")) + "\n" + self.words),
                    is_doing(self.romeo, self.bob, ["undefined/other/text"], last=True),
                    is_doing(self.romeo, self.bob, ["happy"], last=True, node=MOOD))
        self.romeo.command("mood", "in_love")
        self.romeo.command("place", "Verona", "Italy")
        self.expect(self.bob.sees(self.romeo, "open", note={"en-US": "Verona, Italy" + BETWEEN + "In love"}))
        self.romeo.command("activity", "eating", "having_lunch")
        self.expect(self.bob.sees(self.romeo, "open", activities=["away", "lunch"]))
        self.turn_pages()
        self.bob.says(etag)
        self.expect(self.romeo.reads(self.bob, "available", None), is_doing(self.romeo, self.bob, [""], last=True),
                    is_doing(self.romeo, self.bob, [""], last=True, node=MOOD))


class Phones(simple_stage.Phones):

    def test_circles(self):
        """What bob's phone says reaches alice, his colleague, in her Lync client, and of it romeo, who is outside, nothing."""
        etag = self.bob.says()
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "available"))
        watch = self.bob.subscribe(self.romeo)
        watch.until(lambda: watch.state == PENDING, "that he is asked")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.sees_only(self.bob, "available"))
        self.turn_pages()
        etag = self.bob.says(etag, activity="shopping", mood="happy", place="hospital")
        self.expect(says(self.alice, self.bob, BETWEEN.join(("Shopping", "Hospital", "Happy"))))
        self.bob.says(etag, activity="busy", mood="sad", place="hospital")
        self.expect(says(self.alice, self.bob, BETWEEN.join(("Hospital", "Sad"))), self.alice.sees(self.bob, "busy"),
                    self.romeo.sees_only(self.bob, "dnd"))


if __name__ == "__main__":
    unittest.main()
