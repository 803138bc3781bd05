# SPDX-License-Identifier: Apache-2.0
"""Edges across the border with real clients: what docs/border-edges.md says of an edge is what is
expected here, of the daemon itself and of the cable between it and a real XMPP server."""

import contextlib
import inspect
import json
import os
import re
import subprocess
import time
import unittest
from typing import NamedTuple

import here
from peers.cable import Cable
from peers.farserver import FarServer
from peers.lyncclient import LyncClient
from peers.probe import Sight
from stage import Stage, token
from story import Story
from test_durable import Silent

LIMIT = 60
PAGE = os.path.join(here.SOURCE_DIR, "docs", "border-edges.md")
EDGES = ("subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe")
HALF = {"none": 0, "pending": 1, "granted": 2, "refused": 3}
FAR_DOMAIN = "far.example"


class Row(NamedTuple):
    before: str
    event: str
    after: str
    sent: list       # of EDGES, sorted
    durable: set


def rows(page=PAGE):
    """The table's rows by their ids."""
    found = {}
    with open(page, encoding="utf-8") as lines:
        for line in lines:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if re.fullmatch(r"[OIT]\d+", cells[0]):
                name, before, event, after, sent, durable, *_ = cells
                found[name] = Row(before, event, after, sorted(re.findall(r"`(.*?)`", sent)),
                                  set(filter(None, durable.split(", "))))
    return found


class Far(NamedTuple):
    """Somebody of far.example, whose server says what he wants said."""
    name: str
    address: str
    server: FarServer

    def says(self, contact, kind=None, inside=""):
        self.server.presence(self.address, contact.address, kind, inside)


class BorderStage(Stage):
    """The stage, with a cable between Heliograph and its XMPP server, and a far server behind that."""

    def __init__(self, also=(), routes="", config="", far=()):
        super().__init__(also=also)
        self.far_server = FarServer(FAR_DOMAIN, token())
        self.far = [Far(name, "%s@%s" % (name, FAR_DOMAIN), self.far_server) for name in far]
        self.far_host = self.host_of_far()
        self.far_host.add_component(FAR_DOMAIN, self.far_server.secret)
        self.cables = [Cable(self.server.component_port)]
        self.configure("port: %d, secret" % self.server.component_port,
                       "port: %d, secret" % self.cables[0].port)
        self.configure("routes:\n", "routes:\n  - { domain: %s, via: xmpp, trust: federated }\n%s"
                       % (FAR_DOMAIN, routes))
        self.configure("", config)

    def host_of_far(self):
        """The server behind which the far server stands."""
        return self.server

    def configure(self, was, shall_be):
        """Changes the configuration, for the next start; no `was`: adds to its end."""
        with open(self.heliograph.config) as file:
            text = file.read()
        assert was in text, was
        with open(self.heliograph.config, "w") as file:
            file.write(text.replace(was, shall_be) if was else text + shall_be)

    def start(self):
        super().start()
        self.far_server.connect(self.far_host.component_port)
        for cable in self.cables:
            cable.await_up()

    def end(self):
        self.far_server.stop()
        super().end()

    def show(self, address):
        """All that the daemon holds of somebody, None if it knows nobody of that name."""
        done = subprocess.run(self.heliograph.show_command("show", "--json", address), check=False,
                              capture_output=True, text=True, timeout=30)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def leave_and_return(self, client, meanwhile=lambda: None):
        """A new computer of the same person, after hers is gone without a word."""
        client.process.kill()
        meanwhile()
        folder = os.path.join(self.folder, "computer-" + token())
        os.mkdir(folder)
        new = LyncClient(self.probe, client.name, client.address, folder)
        setattr(self, client.name, new)
        new.sign_on(self.heliograph.sip_port)
        new.await_ready()
        return new


class Border(unittest.TestCase):
    """All tests of a class play on one stage."""

    @classmethod
    def make_stage(cls):
        return BorderStage()

    @classmethod
    def setUpClass(cls):
        cls.rows = rows()
        cls.stage = cls.make_stage()
        cls.stage.__enter__()
        cls.addClassCleanup(cls.stage.__exit__, None, None, None)
        cls.story = Story(cls.stage, Silent(), LIMIT)

    def setUp(self):
        self.walked = set()
        self.turn_pages()

    def tearDown(self):
        """A test that names a row has walked it."""
        named = re.findall(r'"([OIT]\d+)"', inspect.getsource(getattr(self, self._testMethodName)))
        if not any(error for _, error in getattr(self._outcome, "errors", [])):
            self.assertLessEqual(set(named), self.walked)

    @property
    def alice(self):
        return self.stage.alice

    @property
    def daemon(self):
        return self.stage.heliograph

    def turn_pages(self):
        for client in self.stage.clients:
            if client.signed_on_at is not None:
                client.turn_page()

    def expect(self, *sights):
        self.story.expect(*sights)

    def until(self, look, what):
        """Waits until it is so."""
        end = time.monotonic() + LIMIT
        while not look():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)

    # ---- what is held

    def watch(self, watcher, presentity):
        mirror = self.stage.show(watcher.address) or {"watches": []}
        found = [w for w in mirror["watches"] if w["presentity"] == presentity.address]
        if found or mirror.get("home"):
            return found[0] if found else None
        mirror = self.stage.show(presentity.address) or {"watchers": []}
        return next((w for w in mirror["watchers"] if w["watcher"] == watcher.address), None)

    def halves(self, watcher, presentity):
        """As the table writes them; the half of an end at home is 2 and is not shown."""
        watch = self.watch(watcher, presentity)
        if not watch or not {"out", "in"} & set(watch):
            return "-"
        return "%d/%d" % tuple(HALF[watch.get(side, "granted")] for side in ("out", "in"))

    def await_halves(self, watcher, presentity, state):
        self.until(lambda: self.halves(watcher, presentity) == state, "%s>%s stays %s, not %s" % (
            watcher.name, presentity.name, self.halves(watcher, presentity), state))

    def held(self, owner, other):
        """What is durable of the owner, as far as the table speaks of it."""
        mirror = self.stage.show(owner.address)
        if not mirror or not mirror["home"]:
            return None
        blocked = next(c["members"] for c in mirror["containers"] if c["id"] == 32000)
        return {"list": mirror["contactListNumber"],
                "contact": other.address in [c["uri"] for c in mirror["contacts"]],
                "member": {"type": "user", "value": other.address} in blocked}

    def name_contact(self, who):
        """alice puts him on her list. One at a time: told of an earlier change while it sends the next, pidgin-sipe counts the
        changes from there again, and what it sends then is refused."""
        self.alice.add(who)
        self.until(lambda: self.held(self.alice, who)["contact"], "%s is no contact" % who.name)

    @staticmethod
    def told(before, after):
        """The table's words for what has become durable, halves apart."""
        words = set()
        if before["list"] != after["list"]:
            words.add("list")
        if before["contact"] and not after["contact"]:
            words.add("contact gone")
        if not before["member"] and after["member"]:
            words |= {"container", "member"}
        return words

    # ---- edges

    def sent(self, marks, *people):
        """The edges that Heliograph has sent between the two since then."""
        ends = {person.address for person in people}
        return sorted(stanza.type for cable, mark in zip(self.stage.cables, marks)
                      for stanza in cable.sent[mark:]
                      if stanza.type in EDGES and {stanza.sender, stanza.to} == ends)

    @contextlib.contextmanager
    def edges(self, *walks, besides=()):
        """What happens inside has to be, for each (row, watcher, presentity), what the row says:
        the halves before and after, the edges sent meanwhile, and what has become durable.
        `besides`: what else the client has done, in the table's words."""
        for name, watcher, presentity in walks:
            self.await_halves(watcher, presentity, self.rows[name].before)
        self.quiet()
        self.turn_pages()
        marks = [len(cable.sent) for cable in self.stage.cables]
        before = [self.facts(walk) for walk in walks]
        yield marks
        self.expect(*[self.as_in_row(walk, marks, facts, set(besides))
                      for walk, facts in zip(walks, before)])
        self.walked |= {walk[0] for walk in walks}

    def quiet(self):
        """Waits until nothing more is under way over the cables."""
        size, since = -1, 0
        while size != sum(len(cable.sent) for cable in self.stage.cables) or \
                time.monotonic() < since + 0.3:
            if size != sum(len(cable.sent) for cable in self.stage.cables):
                size, since = sum(len(c.sent) for c in self.stage.cables), time.monotonic()
            time.sleep(0.05)

    def facts(self, walk):
        _, watcher, presentity = walk
        return self.held(watcher, presentity) or self.held(presentity, watcher)

    def as_in_row(self, walk, marks, before, besides):
        name, watcher, presentity = walk
        row = self.rows[name]
        durable = {word for word in row.durable if "halves" not in word} | besides

        def look():
            halves = self.halves(watcher, presentity)
            sent = self.sent(marks, watcher, presentity)
            seen = "%s, sent %s" % (halves, sent)
            right = halves == row.after and sent == row.sent
            if before and right:
                after = self.facts(walk)
                words = self.told(before, after) | ({"contact"} & durable if after["contact"]
                                                    else set())
                right, seen = words == durable, "%s, durable %s" % (seen, sorted(words))
            return right, seen
        return Sight("row " + name, "%s, sent %s, durable %s" % (row.after, row.sent, sorted(durable)),
                     look)

