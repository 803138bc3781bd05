#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One subscription to many people (RFC 4662): to those whom it names (RFC 5367), as Linphone does, and to one's contacts."""

import time
import unittest
import zlib

import simple_stage
from peers import pidf
from peers.process import PeerError
from peers.simple import ACTIVE, CALLS, PENDING, TERMINATED, Subscription

KIND = "application/resource-lists+xml"
SERVER = "lists@corp.example"


def uri(who):
    who = getattr(who, "address", who)
    return who if ":" in who else "sip:" + who


def named(*people):
    entries = "".join('<entry uri="%s"/>' % uri(each) for each in people)
    return '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>%s</list></resource-lists>' % entries


class Lists(simple_stage.Phones):

    def watch(self, *people, by=None, **how):
        return (by or self.dora).subscribe(SERVER, lists=True, body=named(*people), kind=KIND, **how)

    def told(self, watch, who):
        """How the list says that the subscription to him is."""
        one = watch.resources.get(uri(who))
        return one and (one.state, one.reason)

    def await_told(self, watch, who, state, reason=None):
        watch.until(lambda: self.told(watch, who) == (state, reason), "%s %s" % (state, who))

    def check(self, watch):
        """Every notification says what it is, and they are in order."""
        lists = [each.document for each in watch.notified if each.document]
        self.assertEqual([each.version for each in lists], list(range(len(lists))))
        self.assertEqual({each.message.get("Require") for each in watch.notified}, {"eventlist"})
        self.assertTrue(lists[0].full)
        self.assertEqual(watch.faults, [])
        return lists


class Named(Lists):

    def test_both_worlds(self):
        """Each is told of as in a subscription of his own; only who changed is told of again."""
        self.bob.says(note=self.words, activity="busy")
        watch = self.watch(self.bob, self.alice, self.romeo, "nobody@corp.example", "tel:+15551234", self.bob)
        self.expect(self.dora.sees(self.bob, "open", note={"": self.words}), self.dora.sees(self.alice, "open"))
        for nobody in ("nobody@corp.example", "tel:+15551234"):
            self.await_told(watch, nobody, TERMINATED, "noresource")
        self.await_told(watch, self.romeo, PENDING)
        self.expect(self.romeo.is_asked_by(self.dora))
        self.assertEqual(len(watch.resources), 5)
        self.turn_pages()
        self.alice.set_status("away", "gone")
        self.expect(self.dora.sees(self.alice, "open", note={"": "gone"}, activities=["away"]))
        self.assertEqual({uri for each in watch.fresh() for uri in each.resources}, {"sip:" + self.alice.address})
        self.assertFalse(any(each.full for each in watch.fresh()))
        self.romeo.accept(self.dora)
        self.romeo.set_presence("dnd", self.words)
        self.expect(self.dora.sees(self.romeo, "open", note={"en": self.words}))
        self.assertEqual(self.told(watch, self.romeo), (ACTIVE, None))
        self.turn_pages()
        watch.refresh()
        watch.until(lambda: any(each.full for each in watch.fresh()), "a list that is whole")
        self.expect(self.dora.sees(self.romeo, "open", note={"en": self.words}))
        self.assertEqual(len(watch.resources), 5)
        watch.unsubscribe()
        self.assertEqual(watch.reason, "timeout")
        self.check(watch)

    def test_blocked(self):
        """Who is blocked in the list sees what he would without one."""
        watch = self.watch(self.alice)
        self.expect(self.dora.sees(self.alice, "open"))
        self.turn_pages()
        self.alice.set_status("busy", self.words)
        self.expect(self.dora.sees(self.alice, "open", note={"": self.words}))
        self.turn_pages()
        self.alice.add(self.dora)
        self.alice.set_access(self.dora, "Blocked")
        self.expect(self.dora.sees(self.alice, "closed", note={}))
        self.assertEqual(self.told(watch, self.alice), (ACTIVE, None))

    def test_another_list(self):
        """The body of a later SUBSCRIBE is the list from then on."""
        self.bob.says(note=self.words)
        watch = self.watch(self.bob, "nobody@corp.example")
        self.expect(self.dora.sees(self.bob, "open"))
        self.turn_pages()
        watch.must(watch.ask(3600, named(self.alice, "nobody@corp.example"), KIND))
        self.expect(self.dora.sees(self.alice, "open"))
        self.assertEqual(set(watch.resources), {"sip:" + self.alice.address, "sip:nobody@corp.example"})
        self.turn_pages()
        self.bob.says(activity="away")
        self.alice.set_status("away")
        self.expect(self.dora.sees(self.alice, "open", activities=["away"]))
        self.assertIsNone(self.dora.seen_of(self.bob))
        self.check(watch)

    def test_once(self):
        self.bob.says(note=self.words)
        watch = self.watch(self.bob, self.romeo, expires=0)
        watch.until(lambda: watch.state == TERMINATED, "the only notification")
        self.assertEqual((watch.reason, watch.resources["sip:bob@corp.example"].presence.notes),
                         ("timeout", {"": self.words}))
        self.assertEqual(len(watch.notified), 1)

    def test_deflated(self):
        """As Linphone sends it; some deflate it without zlib's frame."""
        self.bob.says(note=self.words)
        body = named(self.bob).encode()
        for each in zlib.compress(body), zlib.compress(body)[2:-4]:
            watch = self.dora.subscribe(SERVER, lists=True, body=each, kind=KIND)
            self.expect(self.dora.sees(self.bob, "open", note={"": self.words}))
            self.assertEqual(list(watch.resources), [self.bob.uri])
            self.turn_pages()

    def test_slow(self):
        """One notification is under way at a time; what changes back meanwhile is never told."""
        self.bob.says(note="first")
        watch = self.watch(self.bob, self.alice)
        self.expect(self.dora.sees(self.bob, "open", note={"": "first"}), self.dora.sees(self.alice, "open"))
        watch.status = 0
        secret, etag = "secret " + self.words, self.bob.says(note="second")
        watch.until(lambda: self.dora.sees(self.bob, "open", note={"": "second"}).look()[0], "what is not answered")
        etag = self.bob.says(etag, note=secret)
        self.bob.says(etag, note="third")
        watch.status = self.dora.socket.late = 200
        self.expect(self.dora.sees(self.bob, "open", note={"": "third"}))
        self.assertFalse(any(secret in each.message.body for each in watch.notified))
        self.check(watch)

    def test_unknown_dialog(self):
        """Who does not know the dialog any more is not told again."""
        watch = self.watch(self.bob)
        self.expect(self.dora.sees(self.bob, "closed"))
        watch.status, count = 481, len(watch.notified)
        self.bob.says(note=self.words)
        watch.until(lambda: len(watch.notified) > count, "what is refused")
        until = time.monotonic() + 60
        while watch.ask(3600).code != 481:      # as soon as the refusal has arrived
            self.assertLess(time.monotonic(), until, "the dialog goes on")

    def test_lamps(self):
        watch = self.watch(self.bob, "nobody@corp.example", event="dialog", accept=(CALLS,))
        watch.until(lambda: watch.notified, "the lamps")
        self.bob.says(activity="on-the-phone")
        watch.until(lambda: ">confirmed<" in watch.notified[-1].message.body, "a call")
        self.assertEqual(self.told(watch, "nobody@corp.example"), (TERMINATED, "noresource"))
        self.assertEqual(self.told(watch, self.bob), (ACTIVE, None))
        self.check(watch)

    def test_refusals(self):
        one = named(self.bob)
        external = one.replace("<list>", '<list><external anchor="http://x.example/"/>')
        for code, body, how in ((421, one, {}), (406, one, {"supported": True}), (400, external, {"lists": True}),
                                (400, named(), {"lists": True}), (415, "x", {"lists": True, "kind": "text/plain"}),
                                (413, named(*("p%d@corp.example" % i for i in range(200))), {"lists": True})):
            with self.assertRaisesRegex(PeerError, "SIP/2.0 %d" % code):
                self.ask(body, **how)
        with self.assertRaisesRegex(PeerError, "404"):
            self.dora.subscribe("lists@nowhere.example", lists=True, body=one, kind=KIND)
        alone = self.dora.subscribe(self.bob)
        self.assertEqual(alone.ask(3600, one, KIND).code, 400)

    def test_options(self):
        """What a client need not try out."""
        said = self.dora.asks_for_options()
        for header, word in (("Accept", KIND), ("Accept-Encoding", "deflate"), ("Supported", "recipient-list-subscribe"),
                             ("Allow-Events", "presence.winfo")):
            self.assertIn(word, said.get(header))

    def ask(self, body, kind=KIND, lists=False, supported=False):
        if not supported:
            return self.dora.subscribe(SERVER, lists=lists, body=body, kind=kind)
        watch = Subscription(self.dora, "sip:" + SERVER, "presence", (pidf.TYPE,), True)
        return watch.must(watch.ask(3600, body, kind))

    def test_large(self):
        """Over a connection a list may be long: what does not go into one notification follows."""
        eve = self.phone("eve", "tcp")
        people = ["p%d@corp.example" % i for i in range(600)]
        watch = self.watch(*people, self.alice, by=eve)
        self.expect(eve.sees(self.alice, "open"))
        self.assertEqual(len(watch.resources), 601)
        self.check(watch)

    def test_many_wishes(self):
        """Each of many is asked for his consent, however many wishes of one person may wait at a time."""
        eve = self.phone("eve", "tcp")
        people = ["p%d@xmpp.example" % i for i in range(200)]
        watch = self.watch(*people, self.romeo, by=eve)
        self.expect(self.romeo.is_asked_by(eve))
        self.romeo.accept(eve)
        self.await_told(watch, self.romeo, ACTIVE)


class Contacts(Lists):

    def test_follows(self):
        """alice's telephone watches whom she has as contacts on her computer."""
        self.alice.add(self.bob)
        phone = self.phone("alice")
        self.bob.says(note=self.words)
        watch = phone.subscribe(phone, lists=True)
        self.expect(phone.sees(self.bob, "open", note={"": self.words}))
        self.assertEqual(list(watch.resources), [self.bob.uri])
        self.alice.add(self.romeo)
        self.await_told(watch, self.romeo, PENDING)
        self.romeo.accept(self.alice)
        self.romeo.set_presence("dnd", self.words)
        self.expect(phone.sees(self.romeo, "open", note={"en": self.words}))
        self.stage.heliograph.command("contact del", self.alice.address, self.bob.address)
        watch.until(lambda: list(watch.resources) == ["sip:" + self.romeo.address], "one less")
        self.check(watch)


if __name__ == "__main__":
    unittest.main()
