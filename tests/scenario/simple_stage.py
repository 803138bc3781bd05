# SPDX-License-Identifier: Apache-2.0
"""A stage with a SIP presence server beside the two worlds, a real Kamailio, and phones that sign in here.

    bob@simple.example   a SIMPLE client   --SIP-->  Kamailio  --SIP-->  Heliograph  -->  alice, romeo
"""

import time

import here  # noqa: F401
from peers.kamailio import Kamailio
from peers.process import free_port
from peers.simple import ACTIVE, PENDING, SimpleClient
from stage import token
from test_relationships import Relationships

DOMAIN = "simple.example"
ROUTE = "  - {{ domain: {}, via: sip, trust: {} }}\n"
LISTEN = "  listen:\n"
PEER = """  peers:
    - {{ domains: [{domain}], address: 127.0.0.1, port: {port}, transport: {transport}, pace: {pace}, probe: 1s{more} }}
"""


class Beyond(Relationships):
    """`bob` and `dora` are there."""

    transport, pace, trust, more, also = "udp", 0, "sameEnterprise", "", ()
    read = 0             # so much of the log

    def configure(self, text):
        self.port = free_port(datagrams=True)
        folder = self.stage.folder
        self.stage.server.add_component(DOMAIN, self.stage.server.secret)
        text = text.replace("domains: [corp.example]", "domains: [corp.example, %s]" % DOMAIN)
        self.server = Kamailio(folder, DOMAIN, "sip:127.0.0.1:%d;transport=%s" % (self.port, self.transport),
                               also=self.also)
        text = text.replace(LISTEN, PEER.format(domain=DOMAIN, port=self.server.port, transport=self.transport,
                                                pace=self.pace, more=self.more) + LISTEN +
                            "    - { transport: %s, address: 127.0.0.1, port: %d }\n" % (self.transport, self.port))
        return text + ROUTE.format(DOMAIN, self.trust) + "limits: { settle: 1s, grace: 3s }\n"

    def setUp(self):
        super().setUp()
        self.server.start()
        self.addCleanup(self.server.stop)
        self.client = SimpleClient(self.server.port)
        self.addCleanup(self.client.close)
        self.bob, self.dora = [self.client.user(name, "%s@%s" % (name, DOMAIN)) for name in ("bob", "dora")]
        self.words = "at sea " + token()
        self.await_peer(b"sip-peer-up")

    def turn_pages(self):
        super().turn_pages()
        if hasattr(self, "bob"):
            self.bob.turn_page()
            self.dora.turn_page()

    def await_peer(self, event, limit=60):
        """Until Heliograph says that the server is there, or is not any more."""
        until = time.monotonic() + limit
        while event not in self.stage.heliograph.log()[self.read:]:
            self.assertLess(time.monotonic(), until, "there was no %s" % event)
            time.sleep(0.1)
        self.read = len(self.stage.heliograph.log())

    def befriend(self):
        """bob and romeo watch each other, and alice watches bob."""
        self.bob.says(note=self.words)
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.reads(self.bob, "available", self.words))
        self.watch = self.bob.subscribe(self.romeo)
        self.watch.until(lambda: self.watch.state == PENDING, "being asked about")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.watch.until(lambda: self.watch.state == ACTIVE, "consent")
        self.expect(self.bob.sees(self.romeo, "open"))


class Phones(Relationships):
    """Phones that sign in here, by UDP: dora and bob of corp.example, beside alice with her Lync client."""

    def configure(self, text):
        self.port = free_port(datagrams=True)
        return text.replace(LISTEN, LISTEN + "    - { transport: udp, address: 127.0.0.1, port: %d }\n" % self.port)

    def setUp(self):
        super().setUp()
        self.phones = []
        self.words = "on the road " + token()
        self.bob, self.dora = self.phone("bob"), self.phone("dora")

    def phone(self, name):
        client = SimpleClient(self.port)
        self.addCleanup(client.close)
        user = client.user(name, name + "@corp.example")
        user.register()
        self.phones.append(user)
        return user

    def turn_pages(self):
        super().turn_pages()
        for phone in getattr(self, "phones", ()):
            phone.turn_page()
