#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Lamps of telephones behind a peer (RFC 4235): whether somebody is in a call."""

import socket
import time
import unittest
import xml.etree.ElementTree as ET

from test_trunk import ALICE, Cloud, Home, NOBODY
from trunk_stage import JULIET, LIMIT, RESOURCE, ROMEO, Watching
from peers import pidf
from peers.simple import CALLS

DIALOG_INFO = "{urn:ietf:params:xml:ns:dialog-info}"
DOES = ("<message from='%s' to='%s' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>"
        "<items node='http://jabber.org/protocol/activity'><item><activity xmlns='http://jabber.org/protocol/activity'>"
        "%s</activity></item></items></event></message>")
IN_A_CALL, NONE = "confirmed", "terminated"


class Calls:
    """A document: who, its number, how far the one call is."""

    def __init__(self, request):
        assert request.get("Content-Type") == CALLS, request
        root = ET.fromstring(request.body)
        (dialog,) = root.findall(DIALOG_INFO + "dialog")
        assert (root.tag, root.get("state")) == (DIALOG_INFO + "dialog-info", "full"), request.body
        self.entity, self.version = root.get("entity"), int(root.get("version"))
        self.state = dialog.findtext(DIALOG_INFO + "state")


class Lamps(Home):

    trust = "sameEnterprise"

    def setUp(self):
        super().setUp()
        self.tag, self.versions = None, {}

    def lamp(self, whom=ALICE, event="dialog"):
        return Watching(self.trunk, whom, event=event, accept=CALLS)

    def lit(self, state, standing="active", whom=ALICE, event="dialog"):
        """The next notification is about calls; its number is the one after that of the last."""
        request = self.request("NOTIFY")
        calls = Calls(request)
        self.assertEqual((request.get("Subscription-State").partition(";")[0], request.get("Event"),
                          calls.state, calls.entity), (standing, event, state, "sip:" + whom), request)
        last = self.versions.get(request.get("Call-ID"), -1)
        self.assertEqual(calls.version, last + 1)
        self.versions[request.get("Call-ID")] = calls.version
        return request

    def watches_lamp(self, state, whom=ALICE):
        lamp = self.lamp(whom)
        self.assertEqual(lamp.subscribe().code, 200)
        self.until_active(state, whom)
        return lamp

    def until_active(self, state, whom=ALICE):
        """Until the wish is stored he is pending, and no lamp of his is lit."""
        standing = "pending"
        while standing == "pending":
            request = self.trunk.requests.take()
            calls = Calls(request)
            self.versions[request.get("Call-ID")] = calls.version
            standing = request.get("Subscription-State").partition(";")[0]
            self.assertEqual(calls.state, state if standing == "active" else NONE)
        self.assertEqual((standing, calls.entity), ("active", "sip:" + whom))

    def calls(self, activity=None):
        self.tag = self.alice.says(self.tag, activity=activity)


class Story(Lamps):

    def test_a_call(self):
        self.calls("on-the-phone")
        self.watches_lamp(IN_A_CALL)
        self.calls()
        self.lit(NONE)
        self.calls("on-the-phone")
        self.lit(IN_A_CALL)

    def test_nothing_else(self):
        """What is no call does not light it, and is no news."""
        self.calls()
        lamp = self.watches_lamp(NONE)
        for activity in "away", "busy":
            self.calls(activity)
            self.assertEqual(lamp.subscribe().code, 200)
            self.lit(NONE)
        self.calls("on-the-phone")
        self.lit(IN_A_CALL)

    def test_refresh(self):
        self.calls("on-the-phone")
        lamp = self.watches_lamp(IN_A_CALL)
        self.assertEqual(lamp.subscribe().code, 200)
        self.lit(IN_A_CALL)

    def test_id(self):
        """RFC 6665 8.2.1: the id comes back."""
        lamp = self.lamp(event="dialog;id=7")
        self.assertEqual(lamp.subscribe(0).code, 200)
        self.lit(NONE, "terminated", event="dialog;id=7")

    def test_once(self):
        self.calls("on-the-phone")
        self.assertEqual(self.lamp().subscribe(0).code, 200)
        self.lit(IN_A_CALL, "terminated")
        self.assertEqual(self.lamp(NOBODY).subscribe(0).code, 200)
        self.lit(NONE, "terminated", NOBODY)
        self.assertEqual(self.mirror_of(ALICE)["watchers"], [])

    def test_beside_presence(self):
        """Both go by one watch; the end of one is not the end of the other, nor of the watch."""
        self.calls()
        watching, _ = self.watches()
        lamp = self.lamp()
        self.assertEqual(lamp.subscribe().code, 200)
        self.lit(NONE)
        self.assertEqual([each["watcher"] for each in self.mirror_of(ALICE)["watchers"]], [ROMEO])
        self.assertEqual(watching.subscribe(0).code, 200)
        self.notified("terminated", "timeout")
        self.calls("on-the-phone")
        self.lit(IN_A_CALL)
        watching, told = self.watches()
        self.assertEqual(told.activities, ["busy", "on-the-phone"])
        self.assertEqual(lamp.subscribe(0).code, 200)
        self.lit(NONE, "terminated")
        self.assertEqual(lamp.subscribe().code, 481)
        self.calls()
        self.notified("active")
        self.assertEqual([each["watcher"] for each in self.mirror_of(ALICE)["watchers"]], [ROMEO])

    def test_what_the_other_is_about(self):
        """A dialog that was begun for one is not refreshed for the other."""
        lamp = self.watches_lamp(NONE)
        lamp.event, lamp.accept = "presence", pidf.TYPE
        self.assertEqual(lamp.subscribe().code, 481)

    def test_what_is_not_served(self):
        answer = self.lamp(event="conference").subscribe()
        self.assertEqual((answer.code, answer.get("Allow-Events")), (489, "presence,dialog"))
        lamp = self.lamp()
        lamp.accept = pidf.TYPE
        answer = lamp.subscribe()
        self.assertEqual((answer.code, answer.get("Accept")), (406, CALLS))

    def test_restart(self):
        """Both dialogs go on, and numbers only grow."""
        self.calls("on-the-phone")
        self.watches()
        self.assertEqual(self.lamp().subscribe().code, 200)
        before = Calls(self.lit(IN_A_CALL)).version
        self.await_kept()
        self.daemon.kill()
        self.start_daemon()
        told = {}
        while len(told) < 2:
            request = self.request("NOTIFY")
            if request.body:        # until the core says what holds, presence has none
                told[request.get("Event")] = request
        self.assertEqual(pidf.read(pidf.TYPE, told["presence"].body).activities, ["busy", "on-the-phone"])
        calls = Calls(told["dialog"])
        self.assertEqual(calls.state, IN_A_CALL)
        self.assertGreater(calls.version, before)

    def lit_elsewhere(self):
        """juliet, on XMPP, says that she is on the phone."""
        lamp = self.lamp(JULIET)
        self.assertEqual(lamp.subscribe().code, 200)
        self.lit(NONE, "pending", JULIET)
        self.stanza("subscribe")
        self.server.presence("subscribed")
        self.lit(NONE, whom=JULIET)
        self.stanza("probe")
        self.server.presence(sender=JULIET + "/" + RESOURCE, body="<show>dnd</show>")
        self.lit(NONE, whom=JULIET)
        self.server.say(DOES % (JULIET, ROMEO, "<talking><on_the_phone/></talking>"))
        self.lit(IN_A_CALL, whom=JULIET)
        return lamp

    def test_of_somebody_elsewhere(self):
        self.lit_elsewhere()
        self.server.say(DOES % (JULIET, ROMEO, "<working/>"))
        self.lit(NONE, whom=JULIET)

    def test_link_lost(self):
        """While nobody knows better she is as she was, whenever he asks."""
        lamp = self.lit_elsewhere()
        self.server.listener.close()
        self.server.stream.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + LIMIT
        while "component-down" not in self.daemon.last_lines(50):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        self.assertEqual(lamp.subscribe().code, 200)
        self.lit(IN_A_CALL, whom=JULIET)


class Blocked(Cloud, Lamps):

    def test_dark(self):
        self.calls("on-the-phone")
        self.watches_lamp(NONE)
        self.assertEqual(self.lamp().subscribe(0).code, 200)
        self.lit(NONE, "terminated")


class Asked(Lamps):
    """Consent is one, for whatever is watched."""

    policy = "approve: { sameEnterprise: explicit }"

    def test_one_consent(self):
        self.calls("on-the-phone")
        watching, lamp = Watching(self.trunk, ALICE), self.lamp()
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)
        self.assertEqual(lamp.subscribe().code, 200)
        self.lit(NONE, "pending")
        self.command("relationship", "--set", "colleagues", ROMEO, ALICE)
        told = {}
        while len(told) < 2:
            request = self.request("NOTIFY")
            self.assertIn("active", request.get("Subscription-State"))
            told[request.get("Event")] = request
        self.assertEqual(Calls(told["dialog"]).state, IN_A_CALL)


if __name__ == "__main__":
    unittest.main()
