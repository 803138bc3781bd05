#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How far a request may go, and one that comes round (RFC 3261 16.3, RFC 5393)."""

import unittest

from test_trunk import ALICE
from trunk_stage import BENVOLIO, JULIET, NURSE, ROMEO, Vectors, Watching
from peers.simple_socket import branch, unique

KEPT = "To", "Call-ID", "CSeq", "Contact", "Event", "Accept", "Expires"


class Hops(Vectors):

    def asked(self):
        """A SUBSCRIBE of theirs."""
        self.server.presence("subscribe", NURSE, BENVOLIO)
        return self.request("SUBSCRIBE")

    def sent_back(self, request, mark, by=None):
        """The answer to it, about juliet, with a Via of that branch below the trunk's. `by`: it was made another's."""
        sender = "<sip:%s>;tag=%s" % (by, unique("f")) if by else request.get("From")
        headers = [("Via", "SIP/2.0/UDP 127.0.0.1:%d;branch=%s" % (self.trunk.server[1], mark)), ("From", sender)]
        headers += [(name, request.get(name)) for name in KEPT]
        return self.trunk.ask("SUBSCRIBE", "sip:" + JULIET, headers)

    def asks(self, whom, **more):
        headers = {"From": "<sip:%s>;tag=%s" % (ROMEO, unique("f")), "To": "<sip:%s>" % whom, "Call-ID": unique("c"),
                   "CSeq": "1 SUBSCRIBE", "Contact": "<sip:%s>" % self.trunk.contact, "Event": "presence", **more}
        return list(headers.items())

    def test_comes_back(self):
        """Whoever it says it is from. The address in a Via does not count: that of somebody else's network may be the same."""
        request = self.asked()
        self.assertEqual(self.sent_back(request, branch(request)).code, 482)
        self.assertEqual(self.sent_back(request, branch(request), ROMEO).code, 482)
        self.assertEqual(self.sent_back(request, unique("z9hG4bK"), ROMEO).code, 200)
        self.notified("pending", document=False)

    def test_each_has_its_own(self):
        """No two requests have one branch, and yet each is known."""
        first = self.asked()
        self.assertEqual(Watching(self.trunk).subscribe().code, 200)
        second = self.request("NOTIFY")
        self.assertNotEqual(branch(first), branch(second))
        self.assertEqual(self.sent_back(first, branch(second)).code, 482)

    def test_no_hop_left(self):
        """Who lives here is asked about all the same: it goes no further."""
        self.phone(ALICE)
        for whom, code in (JULIET, 483), (ALICE, 200):
            answer = self.trunk.ask("SUBSCRIBE", "sip:" + whom, self.asks(whom, **{"Max-Forwards": "0"}))
            self.assertEqual(answer.code, code, whom)
        self.assertIn("sip:" + ALICE, self.request("NOTIFY").get("From"))

    def test_hops_of_ours(self):
        """What is asked anew has all of them."""
        self.assertEqual(self.asked().get("Max-Forwards"), "70")

    def test_by_two_ways(self):
        """RFC 3261 8.2.2.2: a copy that took another way is no second subscription."""
        headers = self.asks(JULIET)
        self.assertEqual([self.trunk.ask("SUBSCRIBE", "sip:" + JULIET, headers).code for _ in range(2)], [200, 482])
        self.notified("pending", document=False)
        self.stanza("subscribe")
        self.nothing_on_the_stream()


if __name__ == "__main__":
    unittest.main()
