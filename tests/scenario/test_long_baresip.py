#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real SIP telephone behind a real presence server, and people of the two worlds see each other.

    eve@simple.example   baresip   --SIP-->  Kamailio  --SIP-->  Heliograph  -->  alice, romeo
"""

import unittest

import here  # noqa: F401
from peers.baresip import Baresip
from peers.kamailio import Kamailio
from peers.process import free_port
from test_relationships import Relationships

DOMAIN = "simple.example"
LISTEN = "  listen:\n"
PEER = "  peers:\n    - {{ domains: [{}], address: 127.0.0.1, port: {}, transport: udp, pace: 0, probe: 1s }}\n"
ROUTE = "  - { domain: %s, via: sip, trust: sameEnterprise }\n"


class Telephone(Relationships):

    def configure(self, text):
        port = free_port(datagrams=True)
        self.stage.server.add_component(DOMAIN, self.stage.server.secret)
        self.server = Kamailio(self.stage.folder, DOMAIN, "sip:127.0.0.1:%d" % port)
        text = text.replace("domains: [corp.example]", "domains: [corp.example, %s]" % DOMAIN)
        text = text.replace(LISTEN, "%s%s    - { transport: udp, address: 127.0.0.1, port: %d }\n" % (
            PEER.format(DOMAIN, self.server.port), LISTEN, port))
        return text + ROUTE % DOMAIN + "limits: { settle: 1s, grace: 3s }\n"

    def setUp(self):
        super().setUp()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.eve = Baresip(self.stage.folder, "eve", "eve@" + DOMAIN, self.server.port,
                           (self.romeo, self.juliet, self.alice))

    def test_both_ways(self):
        """She is asked about once, and shows what her telephone has words for: that somebody is there,
        busy, or not there; of herself she says whether she is there."""
        self.eve.start()
        self.addCleanup(self.eve.stop)
        self.expect(self.romeo.is_asked_by(self.eve), self.juliet.is_asked_by(self.eve),
                    self.eve.sees(self.alice, "Online"), self.eve.sees(self.romeo, "Unknown"))
        self.romeo.accept(self.eve)
        self.romeo.subscribe(self.eve)
        self.alice.add(self.eve)
        self.expect(self.eve.sees(self.romeo, "Online"), self.eve.sees(self.juliet, "Unknown"),
                    self.romeo.sees(self.eve, "available"), self.alice.sees(self.eve, "available"))
        self.turn_pages()
        self.romeo.set_presence("dnd", self.note)
        self.alice.set_status("busy", self.note)
        self.expect(self.eve.sees(self.romeo, "Busy"), self.eve.sees(self.alice, "Busy"))
        self.romeo.set_presence("unavailable")
        self.expect(self.eve.sees(self.romeo, "Offline"))
        self.romeo.set_presence("available")
        self.expect(self.eve.sees(self.romeo, "Online"))
        self.turn_pages()
        self.eve.offline()
        self.expect(self.romeo.sees(self.eve, "unavailable"), self.alice.sees(self.eve, "offline"))
        self.turn_pages()
        self.eve.online()
        self.expect(self.romeo.sees(self.eve, "available"), self.alice.sees(self.eve, "available"))

    def test_end(self):
        """Her telephone is switched off, and on again: nobody is asked anything."""
        self.eve.start()
        self.addCleanup(self.eve.stop)
        self.expect(self.romeo.is_asked_by(self.eve))
        self.romeo.accept(self.eve)
        self.romeo.subscribe(self.eve)
        self.expect(self.romeo.has_edge(self.eve, "both"), self.romeo.sees(self.eve, "available"))
        self.turn_pages()
        self.assertEqual(self.eve.stop(), 0)
        self.expect(self.romeo.sees(self.eve, "unavailable"), self.romeo.keeps_edge(self.eve, "both"))
        self.turn_pages()
        self.eve.start()
        self.expect(self.romeo.sees(self.eve, "available"), self.eve.sees(self.romeo, "Online"),
                    self.romeo.keeps_edge(self.eve, "both"))


del Relationships

if __name__ == "__main__":
    unittest.main()
