# SPDX-License-Identifier: Apache-2.0
"""A stage with a SIP presence server beside the two worlds, a real Kamailio, and phones that sign in here.

    bob@simple.example   a SIMPLE client   --SIP-->  Kamailio  --SIP-->  Heliograph  -->  alice, romeo
"""

import time
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone

import here  # noqa: F401
from peers.kamailio import Kamailio
from peers.probe import Sight
from peers.process import free_port
from peers.simple import ACTIVE, PENDING, SimpleClient
from stage import token
from test_abroad import ACTIVITY, is_doing
from test_relationships import Relationships

DOMAIN = "simple.example"
ROUTE = "  - {{ domain: {}, via: sip, trust: {} }}\n"
LISTEN = "  listen:\n"
PEER = """  peers:
    - {{ domains: [{domain}], address: 127.0.0.1, port: {port}, transport: {transport}, pace: {pace}, probe: 1s{more} }}
"""

XML, IDLE = "{http://www.w3.org/XML/1998/namespace}", "{urn:xmpp:idle:1}idle"
STAMP = "%Y-%m-%dT%H:%M:%SZ"


def shows(client, contact, show, words, idle):
    """On XMPP: the contact's latest presence says this, in these languages, and that he has been idle since then."""
    def look():
        seen = client.presences_of(contact)
        if not seen:
            return False, client.absent()
        stanza = ET.fromstring(seen[-1]["stanza"])
        said = {each.get(XML + "lang", stanza.get(XML + "lang", "")): each.text
                for each in stanza if each.tag.endswith("}status")}
        since = [datetime.fromisoformat(each.get("since")) for each in stanza.iter(IDLE)]
        shown = client.shown(seen[-1]), said, since
        return shown == (show, words, [idle]), "%s: %s, %s, since %s" % (contact.name, *shown)
    return Sight(client.name, "%s: %s, %s, since %s" % (contact.name, show, words, idle), look)


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
        self.etag = self.bob.says(note=self.words)
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.reads(self.bob, "available", self.words))
        self.watch = self.bob.subscribe(self.romeo)
        self.watch.until(lambda: self.watch.state == PENDING, "being asked about")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.watch.until(lambda: self.watch.state == ACTIVE, "consent")
        self.expect(self.bob.sees(self.romeo, "open"))

    def say_all(self):
        """bob and romeo say what each side has words for: a text in two languages, what somebody does, and since when he has
        been idle, which of romeo is seen while he is away."""
        self.idle = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(minutes=10)
        self.said = {language: text + token() for language, text in (("en", "a review "), ("de", "eine Prüfung "))}
        self.etag = self.bob.says(self.etag, note=self.words)       # he does nothing any more, if he did
        self.expect(self.romeo.sees(self.bob, "available"))
        self.turn_pages()
        self.romeo.command("want", ACTIVITY)
        self.etag = self.bob.says(self.etag, note=self.said, activity="meeting", idle=self.idle.strftime(STAMP))
        self.romeo.command("activity")
        self.romeo_says("away")
        self.romeo.command("idle", "600")
        self.expect(self.romeo_sees(), is_doing(self.romeo, self.bob, ["working/in_a_meeting"], last=True),
                    self.bob.sees(self.romeo, "open", note=self.said, activities=["away"], idle=True))
        self.romeo_says("dnd")
        self.romeo.command("activity", "talking", "on_the_phone")
        self.expect(self.bob_sees())

    def romeo_says(self, show):
        self.romeo.set_presence(show, self.said["en"])
        self.romeo.command("translate", "de", self.said["de"])

    def romeo_sees(self):
        """What bob has said."""
        meeting = {language: "In a meeting. " + text for language, text in self.said.items()}
        return shows(self.romeo, self.bob, "dnd", meeting, self.idle)

    def bob_sees(self):
        """What romeo has said last."""
        return self.bob.sees(self.romeo, "open", note=self.said, activities=["busy", "on-the-phone"], idle=False)


class Phones(Relationships):
    """Phones that sign in here: dora and bob of corp.example, beside alice with her Lync client."""

    def configure(self, text):
        self.port = free_port(datagrams=True)
        return text.replace(LISTEN, LISTEN + "    - { transport: udp, address: 127.0.0.1, port: %d }\n" % self.port)

    def setUp(self):
        super().setUp()
        self.phones = []
        self.words = "on the road " + token()
        self.bob, self.dora = self.phone("bob"), self.phone("dora")

    def phone(self, name, transport="udp"):
        client = SimpleClient(self.port if transport == "udp" else self.stage.heliograph.sip_port, transport)
        self.addCleanup(client.close)
        user = client.user(name, name + "@corp.example")
        user.register()
        self.phones.append(user)
        return user

    def turn_pages(self):
        super().turn_pages()
        for phone in getattr(self, "phones", ()):
            phone.turn_page()
