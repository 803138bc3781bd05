#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""pidgin-sipe at a listener of the 2005 dialect: dora, beside alice and carol on enhanced presence and
romeo on XMPP."""

import re
import unittest

import here  # noqa: F401
from peers.lyncclient import LyncClient
from peers.probe import Sight
from stage import SIP_DOMAIN, Stage, token
from story import Story
from test_cli_daemon import until
from test_durable import Silent

LIMIT = 60
ANSWER = re.compile(rb"msg->response\(([1-9]\d*)\),msg->method\((\w+)\)")
EVENT = re.compile(rb"subscription (?:dialog added for event )?'(?:<presence>)?<?([\w.:@-]+)>?'")
COMPLAINT = re.compile(rb"^.* sipe: .*(?:fail|unable|rejected|error).*$", re.MULTILINE | re.IGNORECASE)


def is_asked(client, watcher, granted):
    """The client has asked its user about the watcher, and this was the answer."""
    def look():
        asked = [event["granted"] for event in client.fresh("authorization")
                 if event["name"] == "sip:" + watcher.address]
        return asked == [granted], "asked about %s: %s" % (watcher.name, asked or "no")
    return Sight(client.name, "asked about %s once: %s" % (watcher.name, granted), look)


def is_herself(client, status):
    """The client shows this status of its own user."""
    def look():
        seen = [event["status"] for event in client.fresh("self")]
        return seen[-1:] == [status], "herself: %s" % (seen[-1] if seen else client.absent())
    return Sight(client.name, "herself: %s" % status, look)


class Dialect(unittest.TestCase):

    config, accept = "", True

    def setUp(self):
        self.stage = Stage()
        self.port = self.stage.heliograph.listen_2005()
        self.stage.heliograph.configure(self.config)
        self.stage.__enter__()
        self.addCleanup(self.stage.__exit__, None, None, None)
        self.alice, self.carol, self.romeo = self.stage.clients
        self.dora = self.client("dora", self.port, self.accept)
        self.story = Story(self.stage, Silent(), LIMIT)
        self.note = "in a review " + token()

    def client(self, name, port, accept=False):
        client = LyncClient(self.stage.probe, name, "dora@" + SIP_DOMAIN, self.stage.folder)
        self.stage.devices.append(client)
        client.sign_on(port, accept=accept)
        client.await_ready()
        client.turn_page()
        return client

    def expect(self, *sights):
        self.story.expect(*sights)

    def log(self):
        with open(self.dora.process.log, "rb") as log:
            return log.read()


class Shown(Dialect):

    def test_it_signs_on(self):
        """To the events of its dialect, without a refusal; and says something of itself."""
        said = b"process_incoming_notify_msrtc: status(available)"
        self.assertTrue(until(lambda: said in self.log()), self.log())
        log = self.log()
        self.assertEqual(set(ANSWER.findall(log)), {
            (b"200", b"REGISTER"), (b"200", b"SUBSCRIBE"), (b"200", b"SERVICE")})
        self.assertEqual(COMPLAINT.findall(log), [])
        self.assertEqual(set(EVENT.findall(log)), {
            b"presence.wpending", b"vnd-microsoft-roaming-ACL", b"vnd-microsoft-roaming-contacts",
            b"vnd-microsoft-provisioning", b"sip:" + self.dora.address.encode()})

    def test_what_others_see_of_her(self):
        """What she chooses, at once; her note, if they are close enough; and that she has gone."""
        self.carol.add(self.dora)
        self.romeo.subscribe(self.dora)
        self.expect(self.carol.sees(self.dora, "available"), self.romeo.sees(self.dora, "available"))
        for status, show in ("busy", "dnd"), ("be-right-back", "away"), ("do-not-disturb", "dnd"), \
                ("away", "away"):
            self.stage.turn_pages()
            self.dora.set_status(status, self.note)
            self.expect(self.carol.sees(self.dora, status, self.note),
                        self.romeo.reads(self.dora, show, None))
        self.stage.turn_pages()
        self.dora.set_status("available")
        self.expect(self.carol.sees(self.dora, "available", ""), self.romeo.sees(self.dora, "available"))
        self.dora.command("disconnect")
        self.expect(self.carol.sees(self.dora, "offline"), self.romeo.sees(self.dora, "unavailable"))
        self.assertEqual(COMPLAINT.findall(self.log()), [])

    def test_what_she_sees_of_others(self):
        for person in (self.carol, self.romeo):
            self.dora.add(person)
        self.expect(self.romeo.is_asked_by(self.dora))
        self.romeo.accept(self.dora)
        self.expect(self.dora.sees(self.carol, "available"), self.dora.sees(self.romeo, "available"))
        for status, show in ("do-not-disturb", "dnd"), ("away", "away"):
            self.stage.turn_pages()
            words = "on the balcony " + token()
            self.carol.set_status(status, self.note)
            self.romeo.set_presence(show, words)
            self.expect(self.dora.sees(self.carol, status, self.note),
                        self.dora.sees(self.romeo, {"dnd": "busy"}.get(show, show), words))
        # Signed on anew, she is shown all of it in one list.
        self.stage.turn_pages()
        self.dora.command("disconnect")
        self.expect(self.dora_is_off())
        self.dora.command("connect")
        self.expect(self.dora.sees(self.carol, "away", self.note), self.dora.sees(self.romeo, "away", words))
        self.carol.command("disconnect")
        self.expect(self.dora.sees(self.carol, "offline"))
        self.assertEqual(COMPLAINT.findall(self.log()), [])

    def dora_is_off(self):
        return Sight("dora", "signed off", lambda: (self.dora.signed_on_at is None, "signed on"))

    def test_a_choice_is_the_persons(self):
        """Made in one dialect it holds in the other, over kill -9, and is not made anew by a device
        that only says again what it knows."""
        self.carol.add(self.dora)
        self.expect(self.carol.sees(self.dora, "available"))
        laptop = self.client("laptop", self.stage.heliograph.sip_port)
        laptop.set_status("do-not-disturb", self.note)
        self.expect(self.carol.sees(self.dora, "do-not-disturb", self.note),
                    is_herself(self.dora, "do-not-disturb"))
        self.dora.set_status("busy", self.note)
        self.expect(self.carol.sees(self.dora, "busy", self.note), is_herself(laptop, "busy"))
        self.stage.crash(LIMIT)
        self.expect(self.carol.sees(self.dora, "busy", self.note))


class Asked(Dialect):
    """Her client asks her about each new watcher, and she lets them in."""

    config = "approve: { sameEnterprise: explicit, federated: explicit }\n"

    def test_let_in_and_blocked(self):
        self.carol.add(self.dora)
        self.expect(is_asked(self.dora, self.carol, "yes"), self.carol.sees(self.dora, "available"))
        self.romeo.subscribe(self.dora)
        self.expect(is_asked(self.dora, self.romeo, "yes"), self.romeo.sees(self.dora, "available"),
                    self.romeo.has_edge(self.dora, "to"), is_asked(self.dora, self.carol, "yes"))
        self.dora.add(self.romeo)
        self.romeo.accept(self.dora)
        self.expect(self.dora.sees(self.romeo, "available"))
        self.stage.turn_pages()
        self.dora.block(self.romeo)
        self.expect(self.romeo.reads(self.dora, "unavailable", None))
        self.dora.set_status("busy", self.note)
        self.expect(self.carol.sees(self.dora, "busy", self.note), self.romeo.never_sees(self.note))
        self.stage.crash(LIMIT)
        self.expect(self.carol.sees(self.dora, "busy", self.note))
        self.stage.turn_pages()
        self.dora.unblock(self.romeo)
        self.expect(self.romeo.sees(self.dora, "dnd"))
        self.assertEqual(self.dora.fresh("authorization"), [])
        self.assertEqual({code for code, _ in ANSWER.findall(self.log())}, {b"200"})


class Refused(Dialect):
    """She lets nobody in: they see somebody who is not there."""

    config, accept = Asked.config, False

    def test_not_let_in(self):
        self.carol.add(self.dora)
        self.expect(is_asked(self.dora, self.carol, "no"))
        self.romeo.subscribe(self.dora)
        self.expect(is_asked(self.dora, self.carol, "no"), is_asked(self.dora, self.romeo, "no"),
                    self.romeo.has_edge(self.dora, "to"), self.romeo.sees_only(self.dora, "unavailable"),
                    self.carol.sees(self.dora, "offline"))


if __name__ == "__main__":
    unittest.main()
