#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An account elsewhere is the same person: what is said there counts as what her devices say, and
ends with it."""

import json
import os
import subprocess
import unittest

import here
from peers.probe import Sight
from test_abroad import says
from test_durable import shown
from test_relationships import LIMIT, Relationships

BINARY = os.path.join(here.BUILD_DIR, "heliograph")


def lets_go(client, contact):
    """The contact does not want to see the user any more."""
    def look():
        kinds = [event["type"] for event in client.from_contact("subscription", contact)]
        right = "unsubscribe" in kinds
        return right, "%s has let go" % contact.name if right else client.absent()
    return Sight(client.name, "%s has let go" % contact.name, look)


class Linking(Relationships):
    """juliet@xmpp.example is alice@corp.example, on her telephone."""

    def link(self, *words, status=0):
        """What the command says."""
        done = subprocess.run([BINARY, "link", "--config", self.stage.heliograph.config, *words],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def link_juliet(self):
        self.assertIn("counts once it has accepted",
                      self.link(self.alice.address, self.juliet.address))
        self.expect(self.juliet.is_asked_by(self.alice))
        self.juliet.accept(self.alice)


class Links(Linking):

    config = "limits: { grace: 2s }\n"     # pidgin-sipe does not sign off, it disconnects

    def setUp(self):
        super().setUp()
        self.make_contact(self.romeo)
        self.carol.add(self.alice)
        self.expect(self.carol.sees(self.alice, "available"))
        self.turn_pages()

    def linked(self):
        return json.loads(self.link("--json", self.alice.address))

    def busy_there(self):
        """What her telephone says is seen: all of it by a colleague, no text outside."""
        self.turn_pages()
        self.juliet.set_presence("dnd", self.note)
        self.expect(self.carol.sees(self.alice, "busy", self.note),
                    self.romeo.sees_only(self.alice, "dnd"))

    def test_devices(self):
        """Busy on either of them is busy; a telephone left behind hides nothing; what was said on
        it goes with it. And she is never shown herself."""
        self.link_juliet()
        self.busy_there()
        self.assertEqual(self.linked(), [{"address": self.juliet.address, "out": "granted",
                                          "resources": 1}])
        self.turn_pages()
        self.juliet.set_presence("away")
        self.expect(self.carol.sees(self.alice, "available", ""),
                    self.romeo.sees_only(self.alice, "available"))
        self.turn_pages()
        self.alice.set_status("busy", "in a meeting")
        self.expect(self.carol.sees(self.alice, "busy", "in a meeting"),
                    self.romeo.sees_only(self.alice, "dnd"))
        self.turn_pages()
        self.juliet.set_presence("available")
        self.alice.set_status("available")
        self.expect(self.romeo.sees_only(self.alice, "available"))
        self.turn_pages()
        self.alice.command("disconnect")
        self.juliet.set_presence("away")
        self.expect(self.carol.sees(self.alice, "away"), self.romeo.sees_only(self.alice, "away"))
        self.turn_pages()
        self.juliet.set_presence("unavailable")
        self.expect(self.carol.sees(self.alice, "offline"),
                    self.romeo.sees(self.alice, "unavailable"))
        self.assertEqual(self.juliet.presences_of(self.alice), [])

    def test_unlinked(self):
        """Once she is not linked any more, nothing of it is left, and it is let go."""
        self.link_juliet()
        self.busy_there()
        self.turn_pages()
        self.assertIn("is not linked", self.link("--remove", self.alice.address,
                                                 self.juliet.address))
        self.expect(self.carol.sees(self.alice, "available", ""),
                    self.romeo.sees_only(self.alice, "available"),
                    lets_go(self.juliet, self.alice))
        self.assertEqual(self.linked(), [])

    def test_revoked_there(self):
        """The account refuses: nothing of it is left. Linked again, it is asked again."""
        self.link_juliet()
        self.busy_there()
        self.turn_pages()
        self.juliet.command("refuse", self.alice.address)
        self.expect(self.carol.sees(self.alice, "available", ""),
                    self.romeo.sees_only(self.alice, "available"))
        self.assertEqual(self.linked(), [{"address": self.juliet.address, "out": "refused",
                                          "resources": 0}])
        self.turn_pages()
        self.link_juliet()
        self.expect(self.carol.sees(self.alice, "busy", self.note))

    # docs/xmpp-servers.md: it tells what somebody does to those alone whom he watches, and she does not watch herself
    @unittest.skipIf(os.environ.get("HG_XMPP_SERVER") == "ejabberd", "ejabberd does not tell it")
    def test_call(self):
        """She says on her telephone that she is in a call: so she is for her watchers, until it is over. ejabberd has to be
        asked, which is done when the telephone comes."""
        at_once = self.stage.server.tells_subscribers
        self.juliet.command("want", "urn:none")
        self.juliet.command("activity", *(("relaxing", "reading") if at_once else ("talking", "on_the_phone")))
        self.juliet.await_event("activity", LIMIT)
        self.link_juliet()
        self.juliet.command("activity", "talking", "on_the_phone")
        self.expect(says(self.carol, self.alice, "In a call"), self.carol.sees(self.alice, "busy"),
                    self.romeo.sees_only(self.alice, "dnd"))
        if not at_once:
            return
        self.juliet.command("activity", "relaxing", "reading")
        self.expect(self.carol.sees(self.alice, "available", ""), self.romeo.sees_only(self.alice, "available"))

    def test_suggestions(self):
        """Her contacts are suggested to that account when it asks for them (XEP-0144)."""
        self.link_juliet()
        command = "<command xmlns='http://jabber.org/protocol/commands' node='urn:x-heliograph:contacts'/>"
        domain = self.alice.address.partition("@")[2]
        self.assertEqual(self.romeo.ask(domain, command, "set").get("type"), "error")
        self.assertEqual(self.juliet.ask(domain, command, "set").get("type"), "result")
        told = [event["stanza"] for event in self.juliet.fresh("message") if event["from"] == domain]
        self.assertEqual(len(told), 1)
        self.assertIn('jid="%s"' % self.romeo.address, told[0])
        self.assertNotIn('jid="%s"' % self.juliet.address, told[0])

    def test_contact(self):
        """The account is among her contacts, too, and is deleted there: it counts all the same."""
        self.link_juliet()
        self.alice.add(self.juliet)
        self.expect(self.alice.sees(self.juliet, "available"))
        self.alice.command("remove", "sip:" + self.juliet.address)
        self.busy_there()
        self.assertEqual(shown(self.alice, self.juliet), [])

    def test_restart(self):
        """The link is known after the daemon was killed."""
        self.link_juliet()
        self.busy_there()
        self.restart()
        self.expect(self.carol.sees(self.alice, "busy", self.note),
                    self.romeo.sees_only(self.alice, "dnd"))


class Refused(Linking):

    def test_what_is_refused(self):
        link = self.link
        self.assertIn("only an address behind a route",
                      link(self.alice.address, self.carol.address, status=1))
        link(self.alice.address, self.romeo.address)
        self.assertIn("linked to somebody else",
                      link(self.carol.address, self.romeo.address, status=1))
        self.assertIn("there is no such link",
                      link("--remove", self.alice.address, self.juliet.address, status=1))
        self.assertIn("no such user", link("nobody@corp.example", self.juliet.address, status=1))
        self.assertIn("no such user: nobody@corp.example", link("nobody@corp.example", status=1))
        self.assertIn("is no address of a person", link(self.alice.address, "juliet", status=2))
        self.assertIn("which account?", link("--remove", self.alice.address, status=2))


if __name__ == "__main__":
    unittest.main()
