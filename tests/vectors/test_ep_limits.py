#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What has to fit, and the refusal of one more: documents, contacts, groups, members, subscriptions;
and categories of an application's own, byte for byte. On the wire, against the real daemon."""

import re
import time
import unittest

from test_ep_server import BATCH, CONTAINERS, MEMBERS, SOAP, Vectors, batch, one, soap

DOCUMENT = 25 * 1024        # octets that Lync's own limit lets through
PAYLOAD = 32 * 1024         # ours, of one publication
CONTACTS = IN_A_CONTAINER = 1000
RESOURCES = 3000            # of one subscription: more than anybody has contacts
GROUPS = 64
AT_ONCE = 250               # members of one request
LIMIT = 20                  # s

CONTACT = ("<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>false</m:subscribed>"
           "<m:URI>sip:c%d@corp.example</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:setContact>")
GROUP = "<m:addGroup><m:name>g%d</m:name><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:addGroup>"


class Limits(Vectors):

    more = "categories: [corp.example.lamp]\n"

    def edit(self, client, body):
        return client.service(SOAP, soap(body)).code

    def delta(self, client):
        body = client.subscribe("vnd-microsoft-roaming-contacts", Expires="0").body
        return int(re.search(r'deltaNum="(\d+)"', body).group(1))

    def lamp(self, octets):
        frame = '<lamp xmlns="urn:example:lamp" x:lit = \'yes\' xmlns:x="urn:x"><!-- of the desk --><x:y>%s</x:y></lamp>'
        return frame % ("l" * (octets - len(frame) + 2))

    def test_document(self):
        """Of a category that nobody here knows, and as large as any: nothing of it is changed."""
        alice, bob = self.client(), self.client("bob")
        lamp = self.lamp(DOCUMENT)
        self.assertEqual(len(lamp), DOCUMENT)
        self.publish(alice, one("corp.example.lamp", 7, 200, 0, lamp))
        self.assertIn(lamp, self.watch(bob, alice, names=("corp.example.lamp",)).body)
        self.assertIn(lamp, self.own(alice, Expires="0"))
        self.publish(alice, one("corp.example.lamp", 8, 200, 0, self.lamp(PAYLOAD)))
        self.publish(alice, one("corp.example.lamp", 9, 200, 0, self.lamp(PAYLOAD + 1)), code=413)
        self.publish(alice, one("corp.example.door", 7, 200, 0, "<door/>"), code=400)
        self.assertNotIn('instance="9"', self.own(alice, Expires="0"))

    def test_resources(self):
        alice = self.client()
        names = ["sip:n%d@corp.example" % i for i in range(RESOURCES + 1)]
        for n, code in (CONTACTS, 200), (RESOURCES + 1, 413):
            answer = alice.subscribe("presence", batch(alice.uri, *names[:n]), BATCH, timeout=30)
            self.assertEqual(answer.code, code)

    def test_contacts(self):
        alice = self.client()
        before = self.delta(alice)
        for i in range(CONTACTS):
            self.assertEqual(self.edit(alice, CONTACT % (i, before + i)), 200)
        self.assertEqual(self.edit(alice, CONTACT % (CONTACTS, before + CONTACTS)), 413)
        self.assertEqual(self.delta(alice), before + CONTACTS)
        self.assertEqual(self.edit(alice, CONTACT % (0, before + CONTACTS)), 200, "one of them may change")

    def test_groups(self):
        alice = self.client()
        before = self.delta(alice)
        for i in range(GROUPS - 1):     # one is there from the beginning
            self.assertEqual(self.edit(alice, GROUP % (i, before + i)), 200)
        self.assertEqual(self.edit(alice, GROUP % (GROUPS, before + GROUPS - 1)), 413)

    def test_members(self):
        alice = self.client()
        names = ["m%d@corp.example" % i for i in range(IN_A_CONTAINER + 1)]
        for version, at in enumerate(range(0, IN_A_CONTAINER, AT_ONCE), 1):
            self.members(alice, (300, version, *(("add", "user", n) for n in names[at:at + AT_ONCE])))
        version += 1
        text = CONTAINERS % ('<container id="300" version="%d"><member action="add" type="user" value="%s"/>'
                             '</container>' % (version, names[IN_A_CONTAINER]))
        self.assertEqual(alice.service(MEMBERS, text).code, 413)
        own = self.own(alice, Expires="0")
        self.assertEqual(len(re.findall(r'value="m\d+@corp.example"', own)), IN_A_CONTAINER)


class Wishes(Vectors):

    more = "limits: { queue: 4 }\n"

    def test_all_are_asked(self):
        """One batch with more `<context/>` than requests of one person may wait: nobody's wish is lost."""
        people = [self.client("p%d" % i) for i in range(24)]
        bob = self.client("bob")
        wishes = ['<resource uri="%s"><context/></resource>' % who.uri for who in people]
        self.assertEqual(bob.subscribe("presence", batch(bob.uri, *wishes), BATCH).code, 200)
        end = time.monotonic() + LIMIT
        for who in people:
            while 'user="bob@corp.example"' not in self.own(who, Expires="0"):
                self.assertLess(time.monotonic(), end, "%s is not asked" % who.uri)


if __name__ == "__main__":
    unittest.main()
