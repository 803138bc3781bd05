#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""People behind a SIP presence server, and phones that sign in here, and people of the two worlds see each other."""

import base64
import re
import unittest
from datetime import datetime, timedelta, timezone

import simple_stage
from peers import pidf
from peers.baresip import Baresip
from peers.probe import Sight
from peers.process import PeerError
from peers.simple import ACTIVE, PENDING
from test_abroad import is_doing


STAMP = "%Y-%m-%dT%H:%M:%SZ"
CIPID = "{urn:ietf:params:xml:ns:pidf:cipid}"
TIMED = "{urn:ietf:params:xml:ns:pidf:timed-status}"


def has(client, contact, name, timed, basic="open"):
    """The contact is called that, and will be so then, by the hour."""
    def look():
        document = client.seen_of(contact)
        if document is None:
            return False, "nothing since the step began"
        called = document.xml.findtext(".//%sdisplay-name" % CIPID)
        will = [(each.findtext(TIMED + "basic"), each.get("from")[10:19], each.get("until")[10:19])
                for each in document.xml.iter(TIMED + "timed-status")]
        said = "%s, %s, will be %s" % (document.basic, called, will)
        return (called, will, document.basic) == (name, timed, basic), said
    return Sight(client.name, "%s: %s, %s, %s" % (contact.name, basic, name, timed), look)


def until_lamp(watch, state):
    watch.until(lambda: watch.notified and "<state>%s<" % state in watch.notified[-1].message.body, state)


class Story(simple_stage.Beyond):

    def test_both_ways(self):
        """Notes in two languages, what somebody does, and that he is idle; and when it is over."""
        self.befriend()
        self.say_all()
        self.turn_pages()
        etag = self.bob.says(self.etag, activity="away")
        self.expect(self.romeo.reads(self.bob, "away", None), is_doing(self.romeo, self.bob, [""], last=True))
        self.romeo.command("activity")
        self.romeo.set_presence("dnd", "a & b < c > \U0001f642 שלום")
        self.expect(self.bob.sees(self.romeo, "open", note={"en": "a & b < c > \U0001f642 שלום"}, activities=["busy"],
                                  idle=False))
        self.turn_pages()
        self.bob.says(etag, basic="closed")
        self.expect(self.romeo.sees(self.bob, "unavailable"))
        self.romeo.set_presence("unavailable")
        self.expect(self.bob.sees(self.romeo, "closed"))

    def test_lync(self):
        """alice, of enhanced presence, sees bob and is seen: as a Colleague, since his server is one's own."""
        self.bob.says(note=self.words, activity="on-the-phone")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        watch = self.bob.subscribe(self.alice)
        self.expect(self.bob.sees(self.alice, "open"))
        self.turn_pages()
        self.alice.set_status("busy", self.words)
        self.expect(self.bob.sees(self.alice, "open", note={"": self.words}, activities=["busy"]))
        self.turn_pages()
        self.alice.set_access(self.bob, "Blocked")
        self.expect(self.bob.sees(self.alice, "closed", note={}))
        self.assertEqual(watch.state, ACTIVE)
        self.assertEqual(watch.faults, [])

    def test_lamp(self):
        """alice's calls light the lamp of a phone behind the other server, also after Heliograph was killed."""
        watch = self.bob.watch_lamp(self.alice)
        watch.until(lambda: watch.state == ACTIVE, "consent")
        until_lamp(watch, "terminated")
        self.stage.heliograph.call(self.alice)
        until_lamp(watch, "confirmed")
        self.stage.heliograph.await_kept()
        self.stage.heliograph.kill()
        self.stage.heliograph.start()
        self.stage.heliograph.hang_up(self.alice)
        until_lamp(watch, "terminated")
        self.stage.heliograph.call(self.alice)
        until_lamp(watch, "confirmed")
        watch.unsubscribe()
        self.assertEqual((watch.reason, watch.faults), ("timeout", []))

    def test_card_and_calendar(self):
        """Her name and what her calendar says of tomorrow go to those to whom she shows them; not when she is not there."""
        self.stage.heliograph.describe(self.alice, "--display-name", "Alice <&> Liddell")
        midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        slots = [0] * 32 + [0b10] * 4 + [0b11] * 8 + [0] * 52        # by quarters of an hour: a meeting at 8, then out
        codes = bytes(sum(code << 2 * i for i, code in enumerate(slots[at:at + 4])) for at in range(0, 96, 4))
        with open(self.stage.folder + "/calendar.xml", "w") as file:
            file.write('<calendarData xmlns="http://schemas.microsoft.com/2006/09/sip/calendarData" mailboxID="%s">'
                       '<freeBusy startTime="%s" granularity="PT15M" encodingVersion="1">%s</freeBusy></calendarData>'
                       % (self.alice.address, midnight.strftime(STAMP), base64.b64encode(codes).decode()))
        self.stage.heliograph.command("publish", self.alice.address, "--category", "calendarData", "--container", "200",
                                      "--file", file.name)
        self.alice.add(self.bob)
        self.bob.says(note=self.words)
        self.expect(self.alice.sees(self.bob, "available", self.words))
        self.bob.subscribe(self.alice)
        tomorrow = [("open", "T08:00:00", "T09:00:00"), ("closed", "T09:00:00", "T11:00:00")]
        self.expect(has(self.bob, self.alice, "Alice <&> Liddell", tomorrow))
        self.turn_pages()
        self.alice.set_access(self.bob, "Public")
        self.expect(has(self.bob, self.alice, "Alice <&> Liddell", []))
        self.turn_pages()
        self.alice.set_access(self.bob, "Company")
        self.expect(has(self.bob, self.alice, "Alice <&> Liddell", tomorrow))
        self.turn_pages()
        self.alice.set_status("invisible")
        self.expect(has(self.bob, self.alice, "Alice <&> Liddell", [], "closed"))

    def test_nobody(self):
        watch = self.bob.subscribe("nobody@corp.example")
        watch.until(lambda: watch.reason == "noresource", "that there is nobody")
        with self.assertRaisesRegex(Exception, "404"):
            self.bob.subscribe("somebody@nowhere.example")

    def test_end_and_fetch(self):
        """Who ends his subscription is told so; to look once needs no subscription."""
        self.befriend()
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        self.watch.unsubscribe()
        self.assertEqual((self.watch.reason, self.watch.last.basic), ("timeout", "closed"))
        self.turn_pages()
        once = self.bob.subscribe(self.romeo, 0)
        once.until(lambda: once.reason == "timeout", "the only notification")
        self.assertEqual((once.last.basic, once.last.notes), ("open", {"en": self.words}))
        self.expect(self.romeo.keeps_edge(self.bob, "both"))

    def test_refusal(self):
        self.bob.subscribe(self.romeo)
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.refuse(self.bob)
        watch = self.bob.subscriptions[0]
        watch.until(lambda: watch.reason == "rejected", "the refusal")


class Phones(simple_stage.Phones):

    def test_among_themselves(self):
        watch = self.dora.subscribe(self.bob)
        self.expect(self.dora.sees(self.bob, "closed"))
        etag = self.bob.says(note=self.words, activity="on-the-phone")
        self.expect(self.dora.sees(self.bob, "open", note={"": self.words}, activities=["busy", "on-the-phone"]))
        changed = self.bob.publish(pidf.write(self.bob.uri, activity="away"), etag)
        self.assertEqual(changed.code, 200)
        self.expect(self.dora.sees(self.bob, "open", note={}, activities=["away"]))
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), etag).code, 412)
        self.turn_pages()
        watch.refresh()
        self.expect(self.dora.sees(self.bob, "open", note={}, activities=["away"]))
        self.assertEqual(self.bob.publish(etag=changed.etag, expires=0).code, 200)
        self.expect(self.dora.sees(self.bob, "closed"))
        watch.unsubscribe()
        self.assertEqual((watch.reason, watch.faults), ("timeout", []))

    def test_with_both_worlds(self):
        self.bob.says(note=self.words, activity="busy")
        self.alice.add(self.bob)
        self.expect(self.alice.sees(self.bob, "busy", self.words))
        self.bob.subscribe(self.alice)
        self.alice.set_status("away", "gone")
        self.expect(self.bob.sees(self.alice, "open", note={"": "gone"}, activities=["away"]))
        watch = self.bob.subscribe(self.romeo)
        watch.until(lambda: watch.state == PENDING, "that he is asked")
        self.expect(self.romeo.is_asked_by(self.bob))
        self.romeo.accept(self.bob)
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.bob.sees(self.romeo, "open", note={"en": self.words}))
        self.romeo.subscribe(self.bob)
        self.expect(self.romeo.sees_only(self.bob, "dnd"))

    def test_lamp(self):
        """A lamp is lit while somebody is on the phone, and not because he is busy (RFC 4235)."""
        watch = self.dora.watch_lamp(self.bob)
        until_lamp(watch, "terminated")
        etag = self.bob.says(activity="busy")
        watch.refresh()             # which is told, so that what busy has done has come
        watch.until(lambda: len(watch.notified) > 1, "the lamp as it is")
        etag = self.bob.says(etag, activity="on-the-phone")
        until_lamp(watch, "confirmed")
        self.bob.says(etag, activity="away")
        until_lamp(watch, "terminated")
        bodies = [each.message.body for each in watch.notified]
        self.assertEqual(["confirmed" in body for body in bodies], [False, False, True, False])
        self.assertEqual([re.search('version="(\\d+)"', body).group(1) for body in bodies], ["0", "1", "2", "3"])
        watch.refresh()
        watch.unsubscribe()
        self.assertEqual(watch.reason, "timeout")

    def test_sips(self):
        """Nobody promises what nobody can keep: XMPP knows no sips:."""
        with self.assertRaisesRegex(PeerError, "416"):
            self.bob.subscribe(self.romeo, scheme="sips:")
        self.bob.subscribe(self.dora, scheme="sips:")

    def test_bad_publications(self):
        for document, code in (("<presence", 400), ("", 400), ("x" * 40000, 400)):
            self.assertEqual(self.bob.publish(document).code, code, document[:20])
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), event="dialog").code, 489)
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), "none.1").code, 412)
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), expires=5).code, 423)

    def test_published_anew(self):
        """A phone that was started again has forgotten what it published: what it says then is all that it says. Another phone
        of his is another; and Heliograph has not forgotten whose it was, if it was started again itself."""
        self.dora.subscribe(self.bob)
        first = self.bob.says(activity="on-the-phone")
        self.expect(self.dora.sees(self.bob, "open", activities=["busy", "on-the-phone"]))
        self.turn_pages()
        self.bob.says()
        self.expect(self.dora.sees(self.bob, "open", activities=[]))
        self.assertEqual(self.bob.publish(pidf.write(self.bob.uri), first).code, 412)
        self.turn_pages()
        other = self.phone("bob")
        other.says(activity="on-the-phone")
        self.expect(self.dora.sees(self.bob, "open", activities=["busy", "on-the-phone"]))
        self.bob.says(basic="closed")
        self.stage.heliograph.await_kept()
        self.stage.heliograph.kill()
        self.stage.heliograph.start()
        self.turn_pages()
        for phone in self.bob, other:
            phone.register()
            phone.says()
        self.dora.register()
        self.dora.subscribe(self.bob)
        self.expect(self.dora.sees(self.bob, "open", activities=[]))
        self.turn_pages()
        for phone in self.bob, other:
            phone.says(basic="closed")
        self.expect(self.dora.sees(self.bob, "closed"))
        self.assertIn(b'sip-publication-replaced by="sip:bob@corp.example 127.0.0.1 ', self.stage.heliograph.log())

    def test_baresip(self):
        """A real telephone."""
        eve = Baresip(self.stage.folder, "eve", "eve@corp.example", self.port, (self.bob,), "udp")
        eve.start()
        self.addCleanup(eve.stop)
        self.dora.subscribe("eve@corp.example")
        self.story.expect(self.dora.sees(eve, "open"))
        self.bob.says(activity="busy")
        self.story.expect(eve.sees(self.bob, "Busy"))
        self.turn_pages()
        eve.offline()
        self.story.expect(self.dora.sees(eve, "closed"))


if __name__ == "__main__":
    unittest.main()
