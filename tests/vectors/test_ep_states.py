#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From what somebody's devices say to what each circle of watchers is told: the vectors (TV-nn) of
availability and aggregation that begin and end on the wire, against the real daemon."""

import re
import unittest

from test_ep_server import CARD, DEVICE, NOTE, STATE, Vectors, machine, one, seen

CIRCLES = (100, 200, 300, 400)
USER, TIMED = 0x20000000, 0x24000000
STATE_IN = r'<category name="state"[^>]*>\s*(<(?:\w+:)?state\b.*?</(?:\w+:)?state>)'


def choice(instance, container, version, availability, activity="", expire="static", expires=None):
    return one("state", instance, container, version,
               STATE % ("true", "userState", availability, activity), expire, expires)


def shown_state(body, uri):
    """The state element of one person in what a watcher was told."""
    part = re.search(r'<categories[^>]*uri="%s".*?</categories>' % re.escape(uri), body, re.S).group(0)
    states = re.findall(STATE_IN, part, re.S)
    assert len(states) == 1, part
    return states[0]


class States(Vectors):

    def setUp(self):
        super().setUp()
        self.alice = self.client(epid="01")

    def device(self, client, version, availability):
        self.publish(client, *[machine(0x30000000 + int(client.epid), c, version, availability)
                               for c in (2, 3)])

    def circles(self):
        """A watcher in each of the circles, by its number."""
        watchers = {number: self.client("w%d" % number) for number in CIRCLES}
        for number, watcher in watchers.items():
            self.members(self.alice, (number, 1, ("add", "user", watcher.user)))
        return watchers

    def looks(self, watchers):
        return {number: seen(self.watch(watcher, self.alice).body, self.alice.uri)[0]
                for number, watcher in watchers.items()}

    def test_tv_10(self):
        """Away, with a text of her own in a language that is named."""
        bob = self.client("bob")
        self.device(self.alice, 0, 3500)
        text = '<activity><custom LCID="1033">Out of office until next week</custom></activity>'
        self.publish(self.alice, *[choice(USER, c, 0, 15500, text) for c in (2, 3)])
        state = shown_state(self.watch(bob, self.alice).body, self.alice.uri)
        self.assertIn("<availability>15500</availability>", state)
        self.assertIn('<custom LCID="1033">Out of office until next week</custom>', state)

    def test_tv_11(self):
        """Of her three devices the one in use is named to herself, as its device publication names it."""
        desk, pad = self.client(epid="02"), self.client(epid="03")
        self.publish(desk, one("device", 2, 2, 0, DEVICE, "endpoint"))
        for client, availability in (self.alice, 5000), (desk, 3500), (pad, 15500):
            self.publish(client, *[machine(0x30000000 + int(client.epid), c, 0, availability) for c in (2, 3)])
        self.assertRegex(self.own(self.alice), r'instance="268435456"[^>]* container="2"[^>]* expireType="user">'
                         r'<state [^>]*endpointId="8ca50061-9276-524f-a9b4-14011a2c5105" xsi:type='
                         r'"aggregateMachineState"><availability>3500</availability>')

    def test_tv_19(self):
        """Do Not Disturb: the workgroup may interrupt, as number and token say."""
        watchers = self.circles()
        self.device(self.alice, 0, 3500)
        urgent = ('<activity token="urgent-interruptions-only" minAvailability="6900"'
                  ' maxAvailability="8999"/>')
        self.publish(self.alice, choice(USER, 2, 0, 9500), choice(USER, 3, 0, 6900, urgent))
        self.assertEqual(self.looks(watchers), {100: 9500, 200: 9500, 300: 6900, 400: 9500})
        told = shown_state(self.watch(watchers[300], self.alice).body, self.alice.uri)
        self.assertIn('token="urgent-interruptions-only"', told)
        for number, availability in (100, 9500), (200, 9500), (300, 6900), (400, 9500):
            told = self.watch(watchers[number], self.alice, names=("legacyInterop",)).body
            self.assertIn('availability="%d"' % availability, told)
            self.assertEqual('token="urgent-interruptions-only"' in told, number == 300)

    def test_tv_20(self):
        """Busy until tomorrow: for everybody."""
        watchers = self.circles()
        self.device(self.alice, 0, 3500)
        self.publish(self.alice, *[choice(TIMED, c, 0, 6500, "", "time", 86400) for c in (2, 3)])
        self.assertEqual(self.looks(watchers), dict.fromkeys(CIRCLES, 6500))
        for container in 2, 3:
            self.assertRegex(self.own(self.alice), r'instance="%d"[^>]* container="%d"[^>]* expireType="time"'
                             % (TIMED, container))

    def test_tv_21(self):
        """Away by choice, for good: it outlives her device."""
        watchers = self.circles()
        self.device(self.alice, 0, 3500)
        self.publish(self.alice, *[choice(USER, c, 0, 15500) for c in (2, 3)])
        self.assertEqual(self.looks(watchers), dict.fromkeys(CIRCLES, 15500))
        self.assertEqual(self.alice.register(0).code, 200)
        laptop = self.client(epid="02")
        self.device(laptop, 0, 3500)
        self.assertEqual(self.looks(watchers), dict.fromkeys(CIRCLES, 15500))

    def test_tv_22(self):
        """External gets the number alone; Colleagues also what she is doing, where, and by which clock."""
        watchers = self.circles()
        self.computer(self.alice, 3500, "31/East Wing", "computer")
        self.publish(self.alice, *[choice(USER, c, 0, 6500, '<activity token="on-the-phone"/>')
                                   for c in (2, 3)])
        told = {number: shown_state(self.watch(watchers[number], self.alice).body, self.alice.uri)
                for number in (100, 200)}
        self.assertIn('token="on-the-phone"', told[200])
        for element in ("<endpointLocation>31/East Wing<", "<timeZoneBias>-60<", "<device>computer<"):
            self.assertIn(element, told[200])
        self.assertEqual(re.findall(r"<(\w+)", told[100]), ["state", "availability"], told[100])
        self.assertNotIn("lastActive", told[100])

    def computer(self, client, availability, location, kind, version=0):
        later = ('<endpointLocation>%s</endpointLocation>'
                 '<delimiter xmlns="http://schemas.microsoft.com/2006/09/sip/commontypes"/>'
                 '<timeZoneBias>-60</timeZoneBias><timeZoneName>Central Europe Standard Time</timeZoneName>'
                 '<timeZoneAbbreviation>CET</timeZoneAbbreviation><device>%s</device>'
                 '<end xmlns="http://schemas.microsoft.com/2006/09/sip/commontypes"/>' % (location, kind))
        self.publish(client, *[one("state", 0x30000000 + int(client.epid), c, version,
                                   STATE % ("false", "machineState", availability, later), "endpoint")
                               for c in (2, 3)])

    def test_tv_23(self):
        """Where the most active computer is, unless she is away; not where her telephone is."""
        bob, phone = self.client("bob"), self.client(epid="02")
        self.computer(self.alice, 3500, "31/East Wing", "computer")
        self.computer(phone, 3500, "the train", "mobile")
        for version, availability, shown in (0, 6500, True), (1, 15500, False):
            self.publish(self.alice, *[choice(USER, c, version, availability) for c in (2, 3)])
            state = shown_state(self.watch(bob, self.alice).body, self.alice.uri)
            self.assertIn("<availability>%d<" % availability, state)
            self.assertEqual("31/East Wing" in state, shown, state)
            self.assertNotIn("the train", state)

    def test_tv_25(self):
        """The last device leaves: offline, and since when; what is static is left."""
        bob = self.client("bob")
        self.publish(self.alice, one("device", 1, 2, 0, DEVICE, "endpoint"),
                     one("note", 0, 200, 0, NOTE % "gone"), one("contactCard", 6, 200, 0, CARD),
                     *[choice(USER, c, 0, 3500) for c in (2, 3)])
        self.device(self.alice, 0, 3500)
        self.watch(bob, self.alice)
        self.assertEqual(self.alice.register(0).code, 200)
        message = self.told(bob, self.alice, 18500)
        self.assertRegex(shown_state(message.body, self.alice.uri), r'^<state [^>]*lastActive="20')
        left = self.own(self.client(epid="02"))
        kept = re.findall(r'<category name="(\w+)" instance="(\d+)"[^>]* container="(\d+)"', left)
        for each in (("note", "0", "200"), ("contactCard", "6", "200"), ("state", str(USER), "2")):
            self.assertIn(each, kept)
        self.assertNotIn(("state", str(0x30000001), "2"), kept)
        self.assertNotIn(("device", "1", "2"), kept)

    def test_tv_26(self):
        """Of an idle device and one that is away, the first signs off."""
        laptop, bob = self.client(epid="02"), self.client("bob")
        self.device(self.alice, 0, 5000)
        self.device(laptop, 0, 15500)
        self.assertEqual(seen(self.watch(bob, self.alice).body, self.alice.uri)[0], 5000)
        self.assertEqual(self.alice.register(0).code, 200)
        self.told(bob, self.alice, 15500)

    def test_tv_27(self):
        """Whoever is blocked is shown a state of its own from the first day on: offline."""
        eve = self.client("eve")
        self.device(self.alice, 0, 3500)
        self.members(self.alice, (32000, 1, ("add", "user", eve.user)))
        body = self.watch(eve, self.alice).body
        self.assertRegex(body, r'<category name="state" instance="0"')
        state = shown_state(body, self.alice.uri)
        self.assertIn('xsi:type="aggregateState"', state)
        self.assertIn("<availability>18500</availability>", state)


if __name__ == "__main__":
    unittest.main()
