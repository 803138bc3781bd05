#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Transit, the third part of docs/border-edges.md: two XMPP servers that meet only in Heliograph.

benvolio, juliet and romeo @xmpp.example watch yorick @east.example: not at all, without an answer
yet, and with his leave. Behind the same server as yorick is a far server that keeps no rosters."""

import os
import unittest

import here  # noqa: F401
from border import FAR_DOMAIN, Border, BorderStage
from peers.cable import Cable
from peers.xmppclient import XmppClient
from stage import XMPP_DOMAIN, XMPP_SERVER, token

EAST = "east.example"
COMPONENT = '    - {{ domains: [{}], server: 127.0.0.1, port: {}, secret: "{}" }}\n'


class TransitStage(BorderStage):

    def __init__(self):
        super().__init__(also=("juliet", "benvolio"), far=("nurse", "paris"),
                         routes="  - { domain: %s, via: xmpp, trust: federated }\n" % EAST)
        west, = self.cables
        east = Cable(self.east.component_port)
        west.width = 3
        self.cables.append(east)
        for domain in EAST, FAR_DOMAIN:
            self.server.add_component(domain, self.server.secret)
        self.configure("routes:\n", "".join((
            COMPONENT.format(EAST, west.port, self.server.secret),
            COMPONENT.format(FAR_DOMAIN, west.port, self.server.secret),
            COMPONENT.format(XMPP_DOMAIN, east.port, self.east.secret), "routes:\n")))

    def host_of_far(self):
        folder = os.path.join(self.folder, "east")
        os.mkdir(folder)
        self.east = XMPP_SERVER(folder, EAST, XMPP_DOMAIN, token())
        self.yorick = XmppClient("yorick", "yorick@" + EAST, folder)
        return self.east

    def start(self):
        self.east.register(self.yorick.name, self.password)
        self.east.start()
        super().start()
        self.yorick.sign_on(self.east.c2s_port, self.password, "grave-" + token())
        self.yorick.await_ready()
        self.others.append(self.yorick)

    def end(self):
        super().end()
        self.east.stop()


class Transit(Border):

    @classmethod
    def make_stage(cls):
        return TransitStage()

    def setUp(self):
        super().setUp()
        self.romeo, self.yorick = self.stage.romeo, self.stage.yorick
        self.juliet, self.benvolio, _ = self.stage.others
        self.people = {self.benvolio: "-", self.juliet: "1/1", self.romeo: "2/2"}
        self.reach_all()

    def reach_all(self):
        for who, state in self.people.items():
            if self.halves(who, self.yorick) == state:
                continue
            if self.halves(who, self.yorick) != "-":
                who.unsubscribe(self.yorick)
                self.await_halves(who, self.yorick, "-")
            if state != "-":
                who.subscribe(self.yorick)
                self.expect(self.yorick.is_asked_by(who))
            if state == "2/2":
                self.yorick.accept(who)
            self.await_halves(who, self.yorick, state)
        words = "alas " + token()
        self.yorick.set_presence("available", words)
        self.expect(self.romeo.sees(self.yorick, "available"))

    def each(self, *names):
        return [(name, who, self.yorick) for name, who in zip(names, self.people)]

    def heard_nothing(self, *watchers):
        for who in watchers:
            self.assertEqual(who.presences_of(self.yorick), [], who.name)
            self.assertEqual(who.from_contact("subscription", self.yorick), [], who.name)

    # ---- what the watchers do

    def test_subscribe(self):
        """It is passed on once; who was let in is told so again, and shown what there is."""
        with self.edges(*self.each("T1", "T10", "T19")):
            for who in self.people:
                who.subscribe(self.yorick)
            self.expect(self.yorick.is_asked_by(self.benvolio),
                        self.romeo.sees(self.yorick, "available"))
        self.heard_nothing(self.benvolio, self.juliet)

    def test_unsubscribe(self):
        with self.edges(*self.each("T2", "T11", "T20")):
            for who in self.people:
                who.unsubscribe(self.yorick)
            self.expect(self.yorick.has_edge(self.romeo, "none"))

    def test_probe(self):
        """Refused, silence, and what there is."""
        with self.edges(*self.each("T3", "T12", "T21")):
            for who in self.people:
                who.probe(self.yorick)
            self.expect(self.romeo.sees(self.yorick, "available"))
        self.heard_nothing(self.juliet)

    # ---- what the other side does

    def test_subscribed(self):
        """yorick lets juliet in. Consent that nobody asked for comes from the far server."""
        nurse, paris = self.stage.far
        self.romeo.subscribe(paris)
        self.await_halves(self.romeo, paris, "1/1")
        paris.says(self.romeo, "subscribed")
        with self.edges(("T4", self.benvolio, nurse), ("T13", self.juliet, self.yorick),
                        ("T22", self.romeo, paris)):
            nurse.says(self.benvolio, "subscribed")
            self.yorick.accept(self.juliet)
            paris.says(self.romeo, "subscribed")
            self.expect(self.juliet.sees(self.yorick, "available"),
                        self.juliet.has_edge(self.yorick, "to"),
                        self.yorick.has_edge(self.juliet, "from"))
        self.assertEqual(self.benvolio.from_contact("subscription", nurse), [])
        self.romeo.unsubscribe(paris)
        self.await_halves(self.romeo, paris, "-")

    def test_unsubscribed(self):
        """juliet is refused, romeo is put out of the door, and both are told."""
        nurse = self.stage.far[0]
        with self.edges(("T5", self.benvolio, nurse), ("T14", self.juliet, self.yorick),
                        ("T23", self.romeo, self.yorick)):
            nurse.says(self.benvolio, "unsubscribed")
            for who in self.juliet, self.romeo:
                self.yorick.refuse(who)
            self.expect(self.romeo.has_edge(self.yorick, "none"),
                        self.juliet.has_edge(self.yorick, "none"))

    def test_presence(self):
        """yorick shows himself to each; what only romeo may is passed on."""
        with self.edges(*self.each("T6", "T15", "T24")):
            for who in self.people:
                self.yorick.direct(who, "dnd", "a jest for " + who.name)
            self.expect(self.romeo.sees(self.yorick, "dnd"))
        self.heard_nothing(self.benvolio, self.juliet)

    def test_kept_until_granted(self):
        """What came before the consent is shown with it: the far server answers no probe."""
        nurse = self.stage.far[0]
        self.juliet.subscribe(nurse)
        self.await_halves(self.juliet, nurse, "1/1")
        with self.edges(("T15", self.juliet, nurse)):
            nurse.says(self.juliet, inside="<show>dnd</show>")
        self.assertEqual(self.juliet.presences_of(nurse), [])
        with self.edges(("T13", self.juliet, nurse)):
            nurse.says(self.juliet, "subscribed")
            self.expect(self.juliet.sees(nurse, "dnd"))
        self.juliet.unsubscribe(nurse)

    # ---- what happens to all of them

    def test_watchers_link_bounce(self):
        """All that romeo was shown is said again."""
        with self.edges(*self.each("T7", "T16", "T25")):
            self.stage.cables[0].bounce()
            self.expect(self.romeo.sees(self.yorick, "available"))
        self.heard_nothing(self.benvolio, self.juliet)

    def test_presentitys_link_bounce(self):
        """What was heard stands until the answer; juliet's question may have been lost."""
        with self.edges(*self.each("T8", "T17", "T26")):
            self.stage.cables[1].bounce()
        self.assertEqual([event for event in self.romeo.presences_of(self.yorick)
                          if event["type"] == "unavailable"], [])
        for who in self.people:
            self.assertEqual(self.yorick.from_contact("subscription", who), [], who.name)
        self.yorick.set_presence("dnd")
        self.expect(self.romeo.sees(self.yorick, "dnd"))

    def test_restart(self):
        with self.edges(*self.each("T9", "T18", "T27")):
            before = [cable.streams for cable in self.stage.cables]
            self.daemon.kill()
            self.daemon.start()
            for cable, streams in zip(self.stage.cables, before):
                cable.await_up(streams)
            self.expect(self.romeo.sees(self.yorick, "available"))


if __name__ == "__main__":
    unittest.main()
