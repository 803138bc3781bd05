#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Directed presence: what somebody says to alice before she watches him is shown to her once she does and he agrees."""

import unittest

from border import Border, BorderStage
from stage import token


class Directed(Border):

    @classmethod
    def make_stage(cls):
        return BorderStage(far=("tybalt",))

    def test_directed(self):
        tybalt, = self.stage.far
        phone = tybalt._replace(address=tybalt.address + "/phone")
        note = "for you alone " + token()
        phone.says(self.alice, inside="<show>dnd</show><status>%s</status>" % note)
        tybalt.server.say("<iq type='get' id='behind' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>"
                          % (phone.address, self.alice.address))
        self.until(lambda: any("behind" in text for text in tybalt.server.texts), "no answer")
        self.assertIsNone(self.watch(self.alice, tybalt))
        self.assertEqual([text for text in tybalt.server.texts if "presence" in text], [])
        self.alice.add(tybalt)
        self.await_halves(self.alice, tybalt, "1/2")
        self.assertEqual([event for event in self.alice.fresh("buddy") if note in event["text"]], [])
        tybalt.says(self.alice, "subscribed")
        self.expect(self.alice.sees(tybalt, "busy", note))
        # That he is nowhere for everybody does not take it back.
        tybalt.says(self.alice, "unavailable")
        other = "still " + token()
        phone.says(self.alice, inside="<show>dnd</show><status>%s</status>" % other)
        self.expect(self.alice.sees(tybalt, "busy", other))
        phone.says(self.alice, "unavailable")
        self.expect(self.alice.sees(tybalt, "offline"))


if __name__ == "__main__":
    unittest.main()
