#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Enhanced presence as the server does it: the vectors (TV-nn) that begin and end on the wire, against
the real daemon."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "contract"), os.path.dirname(HERE)]
from peers.process import Process, free_port  # noqa: E402
from sip_wire import (  # noqa: E402
    BATCH, MEMBERS, PROVISIONING, PUBLISH, SELF, SOAP, SUBSCRIBER, Client, batch, publish, soap, state)

BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(HERE, "..", "..", "build", "release"))
BINARY = os.path.join(BUILD_DIR, "heliograph")
LIMIT = 30

CONFIG = """\
store: {{ path: ./store.db }}
control: {{ socket: ./heliograph.sock }}
domains:
  - {{ sip: corp.example, home: sip }}
users: {{ provision: open }}
sip:
  auth: none
  listen:
    - {{ transport: tcp, address: 127.0.0.1, port: {port} }}
"""

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
STATE = '<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="%s" ' + XSI + \
    ' xsi:type="%s"><availability>%d</availability>%s</state>'
NOTE = ('<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal">%s</body></note>')
DEVICE = ('<device xmlns="http://schemas.microsoft.com/2006/09/sip/device" '
          'endpointId="8ca50061-9276-524f-a9b4-14011a2c5105"><capabilities/></device>')
ROAMING = ('<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
           '<roaming type="categories"/><roaming type="containers"/>'
           '<roaming type="subscribers"/></roamingList>')
CARD = ('<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name>'
        '<displayName>Alice</displayName></name></identity></contactCard>')
CONTAINERS = ('<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">'
              '%s</setContainerMembers>')
ACKNOWLEDGE = ('<setSubscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">'
               '%s</setSubscribers>')


BATCH_OF = ('<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="%s" name="">'
            '<action name="subscribe" id="1"><adhocList><resource uri="%s"/></adhocList>'
            '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">'
            '<category name="%s"/></categoryList></action></batchSub>')


def one(category, instance, container, version, value, expire="static", expires=None):
    return ('<publication categoryName="%s" instance="%d" container="%d" version="%d"'
            ' expireType="%s"%s>%s</publication>'
            % (category, instance, container, version, expire,
               "" if expires is None else ' expires="%d"' % expires, value))


def machine(instance, container, version, availability):
    return one("state", instance, container, version,
               STATE % ("false", "machineState", availability, ""), "endpoint")


def seen(body, uri):
    """Availability and note of one person in what a watcher was told."""
    part = re.search(r'<categories[^>]*uri="%s".*?</categories>' % re.escape(uri), body, re.S)
    text = part.group(0) if part else ""
    number = re.search(r"<(?:\w+:)?availability[^>]*>(\d+)<", text)
    note = re.search(r"<(?:\w+:)?body[^>]*>([^<]*)<", text)
    return int(number.group(1)) if number else None, note.group(1) if note else None


class Vectors(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-vectors-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()
        with open(os.path.join(self.folder, "heliograph.yaml"), "w") as config:
            config.write(CONFIG.format(port=self.port))
        self.daemon = Process("heliograph", [BINARY, "run", "--config", "heliograph.yaml"], self.folder)
        self.addCleanup(self.daemon.kill)
        self.daemon.await_port(self.port, LIMIT)

    def client(self, name="alice", epid=None):
        client = Client("127.0.0.1", self.port, name + "@corp.example", epid=epid)
        self.addCleanup(client.close)
        self.assertEqual(client.register().code, 200)
        return client

    def publish(self, client, *publications, code=200):
        answer = client.service(PUBLISH, publish(client.uri, *publications))
        self.assertEqual(answer.code, code, answer)
        return answer

    def own(self, client, **changes):
        return client.subscribe("vnd-microsoft-roaming-self", ROAMING, SELF, **changes).body

    def watch(self, watcher, *people, **changes):
        answer = watcher.subscribe("presence", batch(watcher.uri, *[p.uri for p in people]), BATCH, **changes)
        self.assertEqual(answer.code, 200, answer)
        return answer

    def told(self, watcher, about, wanted):
        """Waits until the watcher has been told this of somebody."""
        end, last = time.monotonic() + LIMIT, None
        while time.monotonic() < end:
            message = watcher.notification(max(end - time.monotonic(), 0.01))
            if message is not None and about.uri in message.body:
                last = seen(message.body, about.uri)
                if last[0] == wanted:
                    return message
        self.fail("expected %s, last told %s" % (wanted, last))

    def members(self, client, *containers, code=200):
        text = "".join('<container id="%d" version="%d">%s</container>' % (number, version, "".join(
            '<member action="%s" type="%s"%s/>' % (action, kind, ' value="%s"' % value if value else "")
            for action, kind, value in edits)) for number, version, *edits in containers)
        answer = client.service(MEMBERS, CONTAINERS % text)
        self.assertEqual(answer.code, code, answer)
        return answer


class Publishing(Vectors):

    def test_tv_41(self):
        """Versions count up; the version before is a conflict that names the one that holds."""
        alice = self.client()
        for version, availability in (0, 3500), (1, 5000):
            said = self.publish(alice, machine(945175315, 2, version, availability)).body
            self.assertRegex(said, r'instance="945175315"[^>]*version="%d"' % (version + 1))
        answer = self.publish(alice, machine(945175315, 2, 1, 3500), code=409)
        self.assertRegex(answer.body, r'<operation index="1" version="1" curVersion="2"/>')

    def test_tv_42(self):
        """One conflict of three: it is listed, and nothing of the three is stored."""
        alice = self.client()
        for version in range(4):
            self.publish(alice, machine(806499414, 3, version, 3500))
        answer = self.publish(alice, one("device", 19088743, 2, 0, DEVICE, "endpoint"),
                              machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500), code=409)
        self.assertEqual(re.findall(r"<operation [^>]*>", answer.body),
                         ['<operation index="3" version="0" curVersion="4"/>'])
        self.assertNotIn('instance="19088743"', self.own(alice))

    def test_tv_43(self):
        """Deleted by an expiry of none, whatever version is said; the watcher is told that there is
        no note any more."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 1, 200, 0, NOTE % "lunch"))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri), (3500, "lunch"))
        self.publish(alice, one("note", 1, 200, 0, "", "time", 0))
        message = bob.notification()
        self.assertRegex(message.body, r'<category name="note"[^>]*(/>|>\s*</category>)')
        self.assertNotIn("lunch", self.own(alice))

    def test_tv_44(self):
        """What was never there can be taken back, and nobody is told."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500))
        self.watch(bob, alice)
        self.publish(alice, *[one("state", 2148676694, c, 0, "", "endpoint", 0) for c in (2, 3)])
        self.assertIsNone(bob.notification(1))

    def test_tv_45(self):
        """A category that nobody has declared."""
        alice = self.client()
        self.publish(alice, one("foo", 1, 2, 0, "<foo/>"), code=400)
        self.assertNotIn("foo", self.own(alice))

    def test_tv_46(self):
        alice = self.client()
        self.publish(alice, one("state", 1, 2, 0, "<state>"), code=400)
        self.assertEqual(alice.service(PUBLISH, "").code, 400)

    def test_tv_48(self):
        """Two endpoints have one choice: the later writer wins, and both are told."""
        alice, laptop = self.client(epid="01"), self.client(epid="02")
        for each in alice, laptop:
            self.publish(each, machine(0x30000000 + int(each.epid), 2, 0, 3500),
                         machine(0x30000000 + int(each.epid), 3, 0, 3500))
            self.own(each)
        for version, (writer, reader) in enumerate(((alice, laptop), (laptop, alice))):
            number = 6500 + version
            self.publish(writer, *[state(version, 0x20000000, c, number) for c in (2, 3)])
            end = time.monotonic() + LIMIT
            while "<availability>%d" % number not in (reader.notification() or writer).body:
                self.assertLess(time.monotonic(), end)

    def test_tv_50(self):
        """A device signs out: what is bound to it goes, the note stays."""
        alice, laptop, bob = self.client(epid="01"), self.client(epid="02"), self.client("bob")
        self.publish(laptop, one("device", 2, 2, 0, DEVICE, "endpoint"),
                     machine(0x30000002, 2, 0, 3500), machine(0x30000002, 3, 0, 3500),
                     *[one("state", 0x80000002, c, 0, STATE % ("false", "phoneState", 6500, ""), "endpoint")
                       for c in (2, 3)], one("note", 0, 200, 0, NOTE % "here"))
        self.publish(alice, machine(0x30000001, 2, 0, 5000), machine(0x30000001, 3, 0, 5000))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri), (6500, "here"))
        self.own(alice)
        self.assertEqual(laptop.register(0).code, 200)
        self.told(bob, alice, 5000)
        left = self.own(alice)
        for instance in 2, 0x30000002, 0x80000002:
            self.assertNotIn('instance="%d"' % instance, left)
        self.assertIn(">here<", left)


class Containers(Vectors):

    def test_tv_51(self):
        """In two containers by the same kind of member: the higher one counts."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 200, 0, NOTE % "two"), one("note", 0, 300, 0, NOTE % "three"))
        for number in (200, 300):
            self.members(alice, (number, 1, ("add", "user", bob.user)))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri)[1], "three")

    def test_tv_52(self):
        """A user beats his domain, whatever the numbers."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 200, 0, NOTE % "two"), one("note", 0, 400, 0, NOTE % "four"))
        self.members(alice, (200, 1, ("add", "user", bob.user)), (400, 1, ("add", "domain", "corp.example")))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri)[1], "two")

    def test_tv_54(self):
        """A container that is not there comes into being."""
        alice = self.client()
        self.members(alice, (16000, 0, ("add", "user", "bob@corp.example")))
        self.assertRegex(self.own(alice), r'<container id="16000" version="1">')

    def test_tv_55(self):
        alice = self.client()
        for number in (32768, -1, 0):
            self.members(alice, (number, 0, ("add", "user", "bob@corp.example")), code=400)

    def test_tv_57(self):
        """Moved to Blocked by one request: the next that he is told is the blocked view of all."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500),
                     one("note", 0, 300, 0, NOTE % "three"))
        self.members(alice, (300, 1, ("add", "user", bob.user)))
        self.assertEqual(seen(self.watch(bob, alice).body, alice.uri), (3500, "three"))
        self.members(alice, (32000, 1, ("add", "user", bob.user)), (300, 2, ("remove", "user", bob.user)))
        message = self.told(bob, alice, 18500)
        self.assertIsNone(seen(message.body, alice.uri)[1])
        self.assertIn('name="note"', message.body)


class Subscriptions(Vectors):

    def test_tv_59(self):
        """RLMI lists both, and each has a part of its own."""
        alice, bob, eve = self.client(), self.client("bob"), self.client("eve")
        answer = self.watch(alice, bob, eve)
        self.assertTrue(answer.get("Content-Type").startswith("multipart/related"), answer)
        for person in bob, eve:
            self.assertEqual(len(re.findall(r'<resource [^>]*uri="%s"' % person.uri, answer.body)), 1)
            self.assertEqual(len(re.findall(r'<categories [^>]*uri="%s"' % person.uri, answer.body)), 1)

    def test_tv_62(self):
        """A query: one answer, no dialog, and nothing afterwards."""
        alice, bob = self.client(), self.client("bob")
        answer = self.watch(bob, alice, Expires="0")
        self.assertTrue(answer.get("Subscription-State").startswith("terminated"), answer)
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500))
        self.assertIsNone(bob.notification(1))

    def test_tv_64(self):
        """Who has not asked for a category is not told of it."""
        alice, bob = self.client(), self.client("bob")
        self.publish(alice, machine(806499414, 2, 0, 3500), machine(806499414, 3, 0, 3500))
        self.watch(bob, alice)
        self.publish(alice, one("contactCard", 1, 200, 0, CARD))
        self.assertIsNone(bob.notification(1))

    def test_tv_67(self):
        alice, bob = self.client(), self.client("bob")
        entry = '<subscriber user="%s" acknowledged="true"/>'
        for text in (entry * 2) % (bob.user, "eve@corp.example"), entry % "nobody@corp.example":
            self.assertEqual(alice.service(SUBSCRIBER, ACKNOWLEDGE % text).code, 400)
        self.watch(bob, alice)
        resource = '<resource uri="%s"><context/></resource>' % alice.uri
        self.assertEqual(bob.subscribe("presence", batch(bob.uri, resource), BATCH).code, 200)
        end = time.monotonic() + LIMIT
        # As soon as it is durable; asked so that no dialog is left, of which there may be 64.
        while 'user="bob@corp.example"' not in self.own(alice, Expires="0"):
            self.assertLess(time.monotonic(), end)
        self.assertEqual(alice.service(SUBSCRIBER, ACKNOWLEDGE % (entry % bob.user)).code, 200)
        self.assertNotIn('user="bob@corp.example"', self.own(alice))


class Cards(Vectors):

    SAMPLE = ("--display-name", "John Doe", "--mail", "john.doe@contoso.com", "--company", "CONTOSO INC",
              "--title", "SENIOR WRITER II", "--office", "HOME OFFICE-MOBILE",
              "--phone-work", "tel:+14255550100;ext=12222")

    def say(self, *fields):
        subprocess.run([BINARY, "user", "set", "--config", "heliograph.yaml", *fields,
                        "alice@corp.example"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def card(self, watcher, presentity):
        """The instances of the contact card that a watcher is given, by number."""
        body = BATCH_OF % (watcher.uri, presentity.uri, "contactCard")
        answer = watcher.subscribe("presence", body, BATCH, Expires="0")
        self.assertEqual(answer.code, 200, answer)
        return re.findall(r'<category name="contactCard" (.*?)>(.*?)</category>', answer.body)

    def test_tv_80(self):
        """What a colleague is given of a record: instances 0 and 3, without container and version."""
        alice, bob = self.client(), self.client("bob")
        self.assertEqual(self.card(bob, alice), [('instance="0"', "")])
        self.say(*self.SAMPLE)
        card = self.card(bob, alice)
        root = '<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard">%s</contactCard>'
        self.assertEqual([content for _, content in card], [
            root % "<identity><name><displayName>John Doe</displayName></name>"
                   "<email>john.doe@contoso.com</email></identity>",
            root % "<company>CONTOSO INC</company><title>SENIOR WRITER II</title>"
                   '<office>HOME OFFICE-MOBILE</office><phone type="work">'
                   "<uri>tel:+14255550100;ext=12222</uri>"
                   "<displayString>+14255550100;ext=12222</displayString></phone>"])
        self.assertEqual([re.sub(r' publishTime="[^"]*"', "", said) for said, _ in card],
                         ['instance="0"', 'instance="3"'])

    def test_the_owner_sees_all(self):
        alice = self.client()
        self.say(*self.SAMPLE)
        self.say("--title", "Editor")
        own = self.own(alice)
        for container in 0, 100, 200, 300, 400, 32000:
            self.assertRegex(own, r'<category name="contactCard" instance="0" publishTime="[^"]*" '
                                  r'container="%d" version="1" expireType="static">' % container)
        self.assertRegex(own, r'instance="3" publishTime="[^"]*" container="100" version="2" ')
        self.assertRegex(own, r'<category name="userProperties" instance="0" publishTime="[^"]*" '
                              r'container="1" version="1" expireType="static"><userProperties [^>]*><lines>'
                              r'<line lineType="Uc">tel:\+14255550100;ext=12222</line></lines>')

    def test_the_servers_own(self):
        """EP 1.13: who writes what the server makes is refused."""
        alice = self.client()
        for category, instance in ("contactCard", 0), ("userProperties", 0), ("mwi", 0):
            self.publish(alice, one(category, instance, 200, 0, CARD), code=403)
        self.publish(alice, one("contactCard", 3, 200, 0, CARD))
        self.say(*self.SAMPLE)
        self.publish(alice, one("contactCard", 3, 200, 1, CARD), code=403)


class Directory(Cards):

    def search(self, client, rows, most=100):
        rows = "".join('<m:row m:attrib="%s" m:value="%s"/>' % row for row in rows)
        answer = client.service(SOAP, soap(
            '<m:directorySearch><m:filter m:href="#searchArray"/><m:maxResults>%d</m:maxResults>'
            '<m:Array m:id="searchArray">%s</m:Array></m:directorySearch>' % (most, rows)),
            "sip:corp.example", To="<sip:corp.example>")
        self.assertEqual(answer.code, 200, answer)
        found = [dict(re.findall(r'(\w+)="([^"]*)"', row))
                 for row in re.findall(r"<m:row [^>]*>", answer.body)]
        self.assertIn("<m:returned>%d</m:returned>" % len(found), answer.body)
        return found, "<m:moreAvailable>true<" in answer.body

    def test_search(self):
        """EP 4.6."""
        alice, bob = self.client(), self.client("bob")
        self.say(*self.SAMPLE, "--city", "Redmond", "--state", "WA", "--country", "US")
        john = {"uri": alice.uri, "displayName": "John Doe", "title": "SENIOR WRITER II",
                "office": "HOME OFFICE-MOBILE", "phone": "tel:+14255550100;ext=12222",
                "company": "CONTOSO INC", "city": "Redmond", "state": "WA", "country": "US",
                "email": "john.doe@contoso.com"}
        for rows in ([("givenName", "jo"), ("sn", "do")], [("mail", "JOHN.DOE@")], [("c", "us")],
                     [("msRTCSIP-PrimaryUserAddress", alice.uri)], [("company", "contoso")]):
            self.assertEqual(self.search(bob, rows), ([john], False), rows)
        for rows in [("givenName", "jo"), ("sn", "smith")], [("givenName", "ohn")], [], [("givenName", "")]:
            self.assertEqual(self.search(bob, rows), ([], False), rows)
        everybody = [("msRTCSIP-PrimaryUserAddress", "sip:")], [("givenName", "j")]
        self.assertEqual(self.search(bob, everybody[0]), ([], False))
        self.assertEqual(self.search(bob, everybody[1], 0), ([], True))
        # Who has no record is found by his address.
        self.assertEqual(self.search(alice, [("msRTCSIP-PrimaryUserAddress", "bob")]),
                         ([{"uri": bob.uri, "displayName": "bob@corp.example"}], False))


class SigningOn(Vectors):

    def test_tv_69(self):
        """Each in a line of its own: pidgin-sipe compares whole lines."""
        client = Client("127.0.0.1", self.port)
        self.addCleanup(client.close)
        lines = client.register().all("Supported")
        self.assertIn("msrtc-event-categories", lines)
        self.assertIn("adhoclist", lines)

    def test_tv_71(self):
        alice = self.client()
        answer = alice.subscribe("vnd-microsoft-provisioning-v2", Accept="text/plain")
        self.assertEqual(answer.code, 406, answer)
        answer = alice.subscribe("vnd-microsoft-provisioning-v2", Accept=PROVISIONING, Expires="0")
        self.assertEqual(answer.code, 200, answer)
        self.assertTrue(answer.get("Subscription-State").startswith("terminated"), answer)

    def test_tv_73(self):
        """A contact is set with the list's number; every endpoint is told the next."""
        alice, laptop = self.client(epid="01"), self.client(epid="02")
        numbers = []
        for each in alice, laptop:
            body = each.subscribe("vnd-microsoft-roaming-contacts").body
            numbers.append(int(re.search(r'deltaNum="(\d+)"', body).group(1)))
        text = ("<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>true</m:subscribed>"
                "<m:URI>sip:eve@corp.example</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum>"
                "</m:setContact>")
        self.assertEqual(alice.service(SOAP, soap(text % numbers[0])).code, 200)
        for each in alice, laptop:
            self.assertRegex(each.notification().body, r'<contactDelta[^>]*deltaNum="%d"' % (numbers[0] + 1))


if __name__ == "__main__":
    unittest.main()
