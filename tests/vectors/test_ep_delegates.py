#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Delegates and what they publish in somebody's name ([MS-PRES] 2.2.2.10 and 3.9, EP 4.2.3), on the wire and against the
real daemon."""

import json
import os
import re
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "contract"), os.path.dirname(HERE)]
from peers import hints  # noqa: E402
from peers.process import Process  # noqa: E402
from sip_wire import (  # noqa: E402
    MEMBERS, PUBLISH, SELF, SOAP, SUBSCRIBER, Client, ace, presence, publish, soap)
from test_ep_server import (  # noqa: E402
    BINARY, CONTAINERS, LIMIT, NOTE, Vectors, machine, one, seen)

DELEGATE = "application/msrtc-setdelegate+xml"
NS = "http://schemas.microsoft.com/2007/09/sip/delegates"
DELEGATES = ('<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
             '<roaming type="delegates"/></roamingList>')
BOB = '<delegate uri="bob@corp.example" publish="true" redelegate="false"/>'


def set_delegate(version, user="bob", action="add", publishes="allow", redelegates="deny"):
    return ('<setDelegate xmlns="%s" version="%d"><delegate uri="sip:%s@corp.example" action="%s">'
            '<publishOperation authorization="%s"/><redelegateOperation authorization="%s"/>'
            '</delegate></setDelegate>' % (NS, version, user, action, publishes, redelegates))


class Delegates(Vectors):

    def restart(self, kill):
        self.daemon.kill() if kill else self.daemon.stop()
        self.daemon = Process("heliograph", [BINARY, "run", "--config", "heliograph.yaml"], self.folder)
        self.addCleanup(self.daemon.kill)
        self.daemon.await_port(self.port, LIMIT)

    def set(self, client, *what, code=200, **more):
        answer = client.service(DELEGATE, set_delegate(*what, **more))
        self.assertEqual(answer.code, code, answer)
        return answer

    def behalf(self, client, boss, kind, body, code=200, **changes):
        """A request of the client's in the name of the boss."""
        changes.setdefault("p_session_on_behalf_of", "<%s>" % boss.uri)
        answer = client.service(kind, body, uri=boss.uri, To="<%s>" % boss.uri, **changes)
        self.assertEqual(answer.code, code, answer)
        return answer

    def publish_for(self, client, boss, *publications, code=200):
        return self.behalf(client, boss, PUBLISH, publish(boss.uri, *publications), code)

    def refused(self, answer):
        """As [MS-PRES] has it."""
        self.assertRegex(answer.get("ms-diagnostics"), r'^4268;reason="')
        self.assertEqual(answer.get("Content-Type"), "application/msrtc-fault+xml")
        self.assertIn("<Faultcode>Client.Delegate.Operation.NotAuthorized</Faultcode>", answer.body)

    def listed(self, client):
        answer = client.subscribe("vnd-microsoft-roaming-self", DELEGATES, SELF)
        self.assertEqual(answer.code, 200, answer)
        return re.search(r"<delegates .*</delegates>", answer.body).group(0)

    def until_told(self, client, pattern):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            message = client.notification(max(end - time.monotonic(), 0.01))
            if message is not None and re.search(pattern, message.body):
                return message
        self.fail("not told of %s" % pattern)

    def command(self, *words, code=0):
        done = subprocess.run([BINARY, "delegate", "--config", "heliograph.yaml", *words], cwd=self.folder,
                              capture_output=True, text=True, timeout=LIMIT)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    # ---- the list

    def test_list(self):
        """The answer has the list and its new version, and so is the owner's other device told."""
        boss, home = self.client("boss", epid="01"), self.client("boss", epid="02")
        self.client("bob")
        for each in boss, home:
            self.assertEqual(self.listed(each), '<delegates xmlns="%s" version="0"></delegates>' % NS)
        answer = self.set(boss, 0)
        self.assertEqual(answer.get("Content-Type"), SELF)
        wanted = '<delegates xmlns="%s" version="1">%s</delegates>' % (NS, BOB)
        self.assertIn(wanted, answer.body)
        self.assertIn(wanted, self.until_told(home, "<delegates ").body)
        self.set(home, 1, redelegates="allow")
        self.until_told(boss, r'version="2".*redelegate="true"')
        self.set(boss, 2, action="remove")
        self.until_told(home, r'version="3"></delegates>')

    def test_errors(self):
        """[MS-PRES] 3.9.5.4, in the order that we look at them."""
        boss = self.client("boss")
        self.client("bob")
        for body in "", "<setDelegate", "<setDelegate/>", set_delegate(0, action="change"):
            self.assertEqual(boss.service(DELEGATE, body).code, 400)
        self.set(boss, 0, user="boss", code=400)
        self.set(boss, 0, action="remove", code=403)
        self.set(boss, 0, user="nobody", code=404)
        answer = self.set(boss, 7, code=409)
        self.assertRegex(answer.get("ms-diagnostics"), r'^2141;reason="Delegate version is out of date"')
        self.assertIn('<operation index="1" version="7" curVersion="0"/>', answer.body)
        self.assertIn('version="0"', self.listed(boss))

    def test_other_names(self):
        """Lync clients ask for them with an element of its own."""
        boss = self.client("boss")
        self.client("bob")
        self.set(boss, 0)
        body = DELEGATES.replace('<roaming type="delegates"/>',
                                 '<roamingEx xmlns="http://schemas.microsoft.com/2007/09/sip/roaming-self-ex"'
                                 ' type="delegates"/>')
        self.assertIn(BOB, boss.subscribe("vnd-microsoft-roaming-self", body, SELF).body)
        self.assertNotIn("<delegates", self.own(boss))

    # ---- in her name

    def test_publish(self):
        """Her watchers see it and her devices are told all of it; the answer shows nothing that is hers."""
        boss, bob, carol = self.client("boss"), self.client("bob"), self.client("carol")
        self.publish(boss, machine(0x30000001, 2, 0, 3500), machine(0x30000001, 3, 0, 3500),
                     one("note", 0, 400, 0, NOTE % "for friends"))
        self.set(boss, 0)
        self.own(boss)
        self.watch(carol, boss)
        answer = self.publish_for(bob, boss, one("note", 0, 200, 0, NOTE % "back at two"))
        self.assertIn('<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories"'
                      ' uri="sip:boss@corp.example"></categories>', answer.body)
        self.assertEqual(seen(self.until_told(carol, "<note ").body, boss.uri)[1], "back at two")
        told = self.until_told(boss, "back at two").body
        self.assertIn("for friends", told)
        conflict = self.publish_for(bob, boss, one("note", 0, 200, 0, NOTE % "no"), code=409)
        self.assertIn('curVersion="1"', conflict.body)
        self.publish_for(bob, boss, one("note", 0, 200, 1, NOTE % "at three"))
        self.publish(boss, one("note", 0, 200, 2, NOTE % "here"))

    def test_not_authorized(self):
        """Everybody else, and the delegate in all else; and each only what he was allowed."""
        boss, bob, carol = self.client("boss"), self.client("bob"), self.client("carol")
        note = one("note", 0, 200, 0, NOTE % "no")
        self.set(boss, 0, redelegates="allow", publishes="deny")
        self.refused(self.publish_for(carol, boss, note, code=403))
        self.refused(self.publish_for(bob, boss, note, code=403))
        self.refused(self.publish_for(boss, bob, note, code=403))
        self.refused(self.behalf(carol, boss, DELEGATE, set_delegate(1, "carol"), 403))
        self.refused(self.behalf(bob, boss, DELEGATE, set_delegate(1, "bob"), 403))
        self.refused(self.behalf(bob, boss, MEMBERS, CONTAINERS % (
            '<container id="300" version="1"><member action="add" type="user" value="bob@corp.example"/>'
            '</container>'), 403))
        self.refused(self.behalf(bob, boss, SOAP, soap(
            "<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>true</m:subscribed>"
            "<m:URI>carol@corp.example</m:URI><m:externalURI/><m:deltaNum>1</m:deltaNum></m:setContact>"), 403))
        self.refused(bob.subscribe("vnd-microsoft-roaming-self", DELEGATES, SELF, uri=boss.uri,
                                   To="<%s>" % boss.uri, p_session_on_behalf_of="<%s>" % boss.uri))
        self.refused(self.behalf(bob, boss, SUBSCRIBER, '<setSubscribers xmlns="http://schemas.microsoft.com/2006/09/sip/'
                                 'presence-subscribers"><subscriber user="carol@corp.example" acknowledged="false"/>'
                                 '</setSubscribers>', 403))
        self.refused(self.publish_for(bob, Nobody(), note, code=403))
        self.assertNotIn(">no<", self.own(boss))
        answer = self.behalf(bob, boss, DELEGATE,
                             set_delegate(1, "carol", publishes="deny"))
        self.assertNotIn("<delegates", answer.body)
        self.assertIn('uri="carol@corp.example" publish="false"', self.listed(boss))

    def test_older_client(self):
        """One from before categories has no way to publish for somebody else: what it says is all that there is."""
        boss = self.client("boss")
        self.client("bob")
        self.set(boss, 0)
        old = Client("127.0.0.1", self.port, "bob@corp.example")
        self.addCleanup(old.close)
        self.assertEqual(old.register(offers=None).code, 200)
        self.refused(self.behalf(old, boss, SOAP, soap(presence(boss.uri, "no")), 403))
        self.refused(self.behalf(old, boss, SOAP, soap(ace("sip:carol@corp.example", "BD")), 403))
        self.assertNotIn(">no<", self.own(boss))

    def test_header(self):
        """Without it nobody is but himself; one that is no address, or two of them, are nobody's."""
        boss, bob = self.client("boss"), self.client("bob")
        self.set(boss, 0)
        note = one("note", 0, 200, 0, NOTE % "no")
        body = publish(boss.uri, note)
        self.behalf(bob, boss, PUBLISH, body, 403, p_session_on_behalf_of=None)
        self.behalf(bob, boss, PUBLISH, body, 400, p_session_on_behalf_of="<mailto:boss>")
        self.behalf(bob, boss, PUBLISH, body, 400, lines=("p-session-on-behalf-of: <%s>" % bob.uri,))
        self.behalf(bob, boss, PUBLISH, publish(bob.uri, note), 403)
        self.behalf(bob, boss, PUBLISH, body, p_session_on_behalf_of='"The boss" <%s>;x=y' % boss.uri)
        self.assertEqual(bob.service(PUBLISH, publish(bob.uri, note),
                                     p_session_on_behalf_of="<%s>" % bob.uri).code, 200)

    def test_bound(self):
        """What is bound to his device ends with it, or when he is no delegate any more."""
        boss, bob, carol = self.client("boss"), self.client("bob"), self.client("carol")
        self.set(boss, 0)
        self.watch(carol, boss)
        self.publish_for(bob, boss, machine(0x30000077, 2, 0, 3500), machine(0x30000077, 3, 0, 3500))
        self.told(carol, boss, 3500)
        self.assertEqual(bob.register(0).code, 200)
        self.told(carol, boss, 18500)
        bob = self.client("bob")
        self.publish_for(bob, boss, machine(0x30000077, 2, 0, 3500), machine(0x30000077, 3, 0, 3500))
        self.told(carol, boss, 3500)
        self.set(boss, 1, action="remove")
        self.told(carol, boss, 18500)
        self.refused(self.publish_for(bob, boss, machine(0x30000077, 2, 3, 3500), code=403))

    def test_sign_off_meanwhile(self):
        """What was asked for before is answered in the name of who asked."""
        boss, bob = self.client("boss"), self.client("bob")
        self.set(boss, 0)
        for owner in bob, boss:
            raw, at_once = bob.raw, []
            bob.raw = at_once.append
            calls = [bob.send("REGISTER", "sip:corp.example", Expires=0, Supported="gruu-10, msrtc-event-categories"),
                     bob.send("SERVICE", owner.uri, publish(owner.uri, one("note", 0, 400, 0, NOTE % "bye")),
                              To="<%s>" % owner.uri, Content_Type=PUBLISH,
                              p_session_on_behalf_of="<%s>" % owner.uri)]
            bob.raw = raw
            bob.raw(b"".join(at_once))
            answers = [bob.response(each["Call-ID"]) for each in calls]
            self.assertEqual([each.code for each in answers], [200, 200])
            self.assertIn('uri="%s"' % owner.uri, answers[1].body)
            self.assertEqual(bob.register().code, 200)

    # ---- what stays

    def test_restart(self):
        """The list is durable; what was bound to a delegate's device is not taken for the owner's, though their devices have
        the same name."""
        boss, bob = self.client("boss", epid="01"), self.client("bob", epid="01")
        self.set(boss, 0)
        self.publish(boss, machine(0x30000001, 2, 0, 5000), machine(0x30000001, 3, 0, 5000))
        self.publish_for(bob, boss, one("note", 0, 200, 0, NOTE % "in a meeting"),
                         machine(0x30000077, 2, 0, 3500), machine(0x30000077, 3, 0, 3500))
        self.publish(boss, one("note", 1, 200, 0, NOTE % "written last", "endpoint"))
        hints.await_text(self.folder, b"written last")
        self.restart(kill=True)
        boss = self.client("boss", epid="01")
        said = self.own(boss)
        self.assertIn('instance="805306369"', said)
        self.assertIn("written last", said)
        self.assertNotIn('instance="805306487"', said)
        self.assertIn("in a meeting", said)
        self.assertIn('version="1">' + BOB, self.listed(boss))
        bob = self.client("bob", epid="01")
        self.publish_for(bob, boss, one("note", 0, 200, 1, NOTE % "back"))
        self.set(boss, 1, action="remove")
        self.restart(kill=False)
        self.assertIn('version="2"></delegates>', self.listed(self.client("boss")))

    # ---- an administrator

    def test_command(self):
        boss, bob = self.client("boss"), self.client("bob")
        self.listed(boss)
        names = "boss@corp.example", "bob@corp.example"
        self.assertRegex(self.command(names[0], "add", names[1]), r"bob@corp\.example +publishes\n")
        self.until_told(boss, re.escape('version="1">' + BOB))
        self.publish_for(bob, boss, machine(0x30000077, 2, 0, 3500))
        said = json.loads(self.command("--json", "--no-publish", "--redelegate", names[0], "add", names[1]))
        self.assertEqual(said, {"person": names[0], "delegatesVersion": 2, "delegates": [
            {"address": names[1], "publish": False, "redelegate": True}]})
        self.assertRegex(self.command(names[0]), "may not publish, changes the list")
        shown = subprocess.run([BINARY, "show", "--config", "heliograph.yaml", names[0]], cwd=self.folder,
                               capture_output=True, text=True, timeout=LIMIT).stdout
        self.assertRegex(shown, r"Delegates .*\n  bob@corp\.example +may not publish, changes the list")
        self.assertIn("must be a user here", self.command(names[0], "add", "x@corp.example", code=1))
        self.assertEqual(self.command(names[0], "del", names[1]), "")
        self.assertIn("no such delegate", self.command(names[0], "del", names[1], code=1))
        self.assertIn("no such user", self.command("x@corp.example", code=1))
        for wrong in (), (names[0], "add"), (names[0], "make", names[1]), ("--redelegate", names[0]):
            self.command(*wrong, code=2)


class Nobody:
    uri = "sip:nobody@corp.example"


if __name__ == "__main__":
    unittest.main(verbosity=2)
