#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What applications do in people's names at the control socket: publish anything anywhere, follow what a user is shown, say who
is in which container; and what clients see of it."""

import json
import os
import subprocess
import threading
import unittest

import here
from peers.probe import Sight
from stage import token
from test_cli_daemon import until
from test_relationships import Relationships
from test_verbs import ALICE, CAROL, ROMEO, Alone

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
NOTE = '<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal">%s</body></note>'
CARD = ('<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name>'
        '<displayName>%s</displayName></name></identity></contactCard>')
STATE = ('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
         ' xsi:type="%s"><availability>%d</availability></state>')
OWN = 0x0a991ca7


class Feed:
    """A program that follows what somebody is shown."""

    def __init__(self, test, config, *words):
        self.lines = []
        self.process = subprocess.Popen([BINARY, "watch", "--config", config, *words], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        reader = threading.Thread(target=self.read)
        reader.start()
        for clean in (self.process.stderr.close, self.process.stdout.close, self.process.wait,
                      reader.join, self.process.kill):
            test.addCleanup(clean)

    def read(self):
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def last(self, person):
        return next((line for line in reversed(self.lines) if line["person"] == person), None)


class Application(Alone):

    def setUp(self):
        super().setUp()
        for person in ALICE, CAROL:
            self.ask("user add", person)

    def write(self, text, name="document.xml"):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def publish(self, category, containers, document, *words, status=0):
        return self.ask("publish", ALICE, "--category", category, "--container", containers,
                        "--file", self.write(document), *words, status=status)

    def publications(self):
        return json.loads(self.ask("show", "--json", ALICE))["publications"]

    def view(self, categories, watcher=CAROL, person=ALICE):
        return json.loads(self.ask("view", "--json", "--categories", categories, watcher, person))

    def payloads(self, category, **who):
        return [each["payload"] for each in self.view(category, **who)["categories"][category]]


class Publishing(Application):

    def test_bytes(self):
        """A document reaches who is in its container, octet for octet, and nobody else."""
        card = CARD % ("Älice &amp; <x:y xmlns:x='urn:x'/>" + token())
        self.assertEqual(self.publish("contactCard", "200,400", card),
                         "for alice@corp.example: 2 published, 0 removed\n")
        self.assertEqual(self.payloads("contactCard"), [card])
        self.assertEqual(self.payloads("contactCard", watcher=ROMEO), [])
        self.assertEqual(self.view("contactCard")["categories"]["contactCard"][0]["instance"], OWN)
        self.assertIn("  contactCard %d: %s\n" % (OWN, card),
                      self.ask("view", "--categories", "contactCard", CAROL, ALICE))
        self.restart()
        self.assertEqual(self.payloads("contactCard"), [card])

    def test_mark(self):
        """Without an instance it bears the mark of applications; with one it is what was asked for."""
        self.publish("note", "200", NOTE % "a")
        self.publish("note", "200", NOTE % "b", "--instance", "5")
        self.publish("state", "2,3", STATE % ("machineState", 3500))
        said = {(each["category"], each["instance"]): each.get("origin") for each in self.publications()}
        self.assertEqual(said, {("note", 0x70000000 | OWN): "application", ("note", 5): None,
                                ("state", 0x30000000 | OWN): "application"})
        self.assertEqual(self.view("state")["band"], "available")
        self.ask("publish", ALICE, "--clear", "all")
        self.assertEqual([(each["category"], each["instance"]) for each in self.publications()], [("note", 5)])

    def test_replaced_and_removed(self):
        for text in "first", "second":
            self.publish("note", "200,300", NOTE % text)
        self.assertEqual(self.payloads("note"), [NOTE % "second"])
        self.assertEqual({each["version"] for each in self.publications()}, {2})
        remove = "publish", ALICE, "--category", "note", "--container", "300,200", "--remove"
        self.assertIn("0 published, 2 removed", self.ask(*remove))
        self.assertEqual((self.payloads("note"), self.publications()), ([], []))
        self.assertIn("nothing of that kind", self.ask(*remove, status=1))
        self.assertEqual(json.loads(self.publish("note", "200", NOTE % "x", "--json")),
                         {"person": ALICE, "published": 1, "removed": 0})

    def test_it_ends(self):
        self.publish("note", "200", NOTE % "a", "--expire", "time", "--seconds", "1")
        self.publish("note", "200", NOTE % "b", "--expires", "1s", "--instance", "7")
        self.publish("note", "300", NOTE % "c", "--expires", "static")
        self.assertTrue(until(lambda: [each["container"] for each in self.publications()] == [300]))
        for words, why in ((("--expire", "user"), "nobody is signed in"),
                           (("--expire", "endpoint", "--endpoint", "desk"), "there is no endpoint")):
            self.assertIn(why, self.publish("note", "200", NOTE % "d", *words, status=1))

    def test_what_is_refused(self):
        for category, containers, document, words, why in (
                ("mood", "200", NOTE % "x", (), "there is no category 'mood'"),
                ("note", "200", "<note>", (), "not well-formed"),
                ("note", "200", "", (), "document is empty"),
                ("note", "200", "<x/>", (), "payload is not element 'note'"),
                ("state", "2", STATE % ("userState", 3500), ("--instance", "-1"), "no number of an instance"),
                ("state", "2", NOTE % "x", (), "payload is not element 'state'"),
                ("note", "200", NOTE % ("x" * 40000), (), "payload is larger than 32768"),
                ("note", "200", "<!DOCTYPE note>" + NOTE % "x", (), "document type declarations"),
                ("note", "40000", NOTE % "x", (), "containers: numbers up to 32767"),
                ("note", "200,x", NOTE % "x", (), "no numbers with commas"),
                ("note", "200", NOTE % "x", ("--expires", "soon"), "static, user, time, endpoint"),
                ("note", "200", NOTE % "x", ("--expires", "time"), "seconds: from one second"),
                ("note", "200", NOTE % "x", ("--expires", "endpoint"), "to which?"),
                ("note", "200", NOTE % "x", ("--expires", "static", "--seconds", "5"), "seconds go with"),
                ("note", "200", NOTE % "x", ("--note", "y"), "--category goes with none"),
                ("note", "200", NOTE % "x", ("--remove",), "--remove takes no --file")):
            self.assertIn(why, self.publish(category, containers, document, *words, status=2))
        for words, why in ((("--category", "note", "--container", "200"), "which document?"),
                           (("--category", "note", "--file", "x"), "into which containers?"),
                           (("--category", "note", "--container", "2", "--file", "none"), "cannot read"),
                           (("--category", "state", "--container", "2", "--remove"), "an instance says which"),
                           (("--note", "x", "--instance", "4"), "go with --category"),
                           (("--note", "x", "--file", "4"), "go with --category")):
            self.assertIn(why, self.ask("publish", ALICE, *words, status=2))
        self.assertIn("the server alone", self.publish("state", "200", STATE % ("aggregateState", 3500), status=1))
        self.assertIn("two of them have the same", self.publish("note", "200,200", NOTE % "x", status=1))
        self.assertIn("no such user", self.ask("publish", "x@corp.example", "--category", "note", "--container",
                                               "200", "--file", self.path("document.xml"), status=1))
        self.assertEqual(self.publications(), [])

    def test_standard_input(self):
        done = subprocess.run([BINARY, "publish", "--config", self.daemon.config, ALICE, "--category", "note",
                               "--container", "200", "--file", "-"], input=NOTE % "piped",
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.payloads("note"), [NOTE % "piped"])


class Containers(Application):

    def members(self):
        said = json.loads(self.ask("container", "--json", ALICE))
        self.assertEqual(said["person"], ALICE)
        return {each["id"]: {m["type"] + (":" + m["value"] if "value" in m else "") for m in each["members"]}
                for each in said["containers"]}

    def test_all_kinds(self):
        before = self.members()
        kinds = ["user:" + ROMEO, "domain:partner.example", "sameEnterprise", "federated", "publicCloud", "everyone"]
        self.assertIn("  500  user:romeo@xmpp.example domain:partner.example", self.ask("container", ALICE, "add", "500",
                                                                                       *kinds))
        self.assertEqual(self.members(), {**before, 500: set(kinds)})
        self.restart()
        self.assertEqual(self.members(), {**before, 500: set(kinds)})
        self.ask("container", ALICE, "remove", "500", "everyone", "domain:PARTNER.example", "user:nobody@corp.example")
        self.assertEqual(self.members()[500], {*kinds} - {"everyone", "domain:partner.example"})
        self.assertEqual(self.ask("container", ALICE), self.ask("container", ALICE, "list"))

    def test_they_count(self):
        """Who is in it is shown what is published into it."""
        self.publish("note", "500", NOTE % "for partners")
        self.assertEqual(self.payloads("note", watcher=ROMEO), [])
        self.ask("container", ALICE, "add", "500", "domain:xmpp.example")
        self.assertEqual(self.payloads("note", watcher=ROMEO), [NOTE % "for partners"])
        self.ask("container", ALICE, "remove", "500", "domain:xmpp.example")
        self.assertEqual(self.payloads("note", watcher=ROMEO), [])

    def test_what_is_refused(self):
        before = self.members()
        for words, why in ((("add", "500"), "which container, and which members"),
                           (("add", "x", "everyone"), "no number of a container: x"),
                           (("add", "2", "everyone"), "a number from 4 to 32767"),
                           (("add", "32768", "everyone"), "a number from 4 to 32767"),
                           (("add", "500", "alice"), "'alice' is no member"),
                           (("add", "500", "user:partner.example"), "is no member"),
                           (("add", "500", "domain:" + ROMEO), "is no member"),
                           (("add", "500", "user:"), "is no member"),
                           (("add", "500", "federated:x"), "is no member"),
                           (("add", "500", "everyone", "nobody"), "'nobody' is no member"),
                           (("drop",), "one of list, add, remove; not drop"),
                           (("list", "x"), "not x")):
            self.assertIn(why, self.ask("container", ALICE, *words, status=2))
        self.assertIn("whose?", self.ask("container", status=2))
        for words in (), ("add", "500", "everyone"):
            self.assertIn("no such user", self.ask("container", "x@corp.example", *words, status=1))
        self.assertEqual(self.members(), before)


class Following(Application):

    def feed(self, *words):
        return Feed(self, self.daemon.config, "--as", *words)

    def test_changes(self):
        feed = self.feed(CAROL, ALICE)
        self.assertTrue(until(lambda: feed.lines))
        first = feed.lines[0]
        self.assertEqual((first["watcher"], first["person"], first["standing"], first["band"], first["note"]),
                         (CAROL, ALICE, "known", "offline", False))
        self.assertEqual(first["changed"][:3], ["presence", "state", "note"])
        self.assertEqual(len(first["categories"]), 17)
        self.ask("publish", ALICE, "--state", "machine", "--availability", "3500")
        self.assertTrue(until(lambda: feed.lines[-1]["band"] == "available"), feed.lines)
        self.publish("note", "200", NOTE % "here")
        self.assertTrue(until(lambda: "noteText" in feed.lines[-1]), feed.lines)
        last = feed.lines[-1]
        self.assertEqual((last["noteText"], last["band"], last["changed"]), ("here", "available", ["presence", "note"]))
        self.assertEqual([each["payload"] for each in last["categories"]["note"]], [NOTE % "here"])
        # What carol is not shown makes no line; the mark that comes after it does.
        self.publish("note", "400", NOTE % "for friends")
        self.publish("contactCard", "200", CARD % "Alice")
        self.assertTrue(until(lambda: feed.lines[-1]["changed"] == ["contactCard"]), feed.lines)
        self.assertEqual(len(feed.lines), 4)
        self.assertNotIn("for friends", json.dumps(feed.lines))

    def test_relationship(self):
        self.publish("note", "200", NOTE % "for colleagues")
        feed = self.feed(CAROL, ALICE, "--categories", "note")
        self.assertTrue(until(lambda: feed.lines))
        self.assertEqual(feed.lines[0]["noteText"], "for colleagues")
        self.assertEqual(list(feed.lines[0]["categories"]), ["note"])
        self.ask("relationship", "--set", "blocked", CAROL, ALICE)
        self.assertTrue(until(lambda: not feed.lines[-1]["note"]), feed.lines)
        self.ask("relationship", "--set", "default", CAROL, ALICE)
        self.assertTrue(until(lambda: feed.lines[-1].get("noteText") == "for colleagues"), feed.lines)

    def test_several(self):
        """Oneself, a colleague, nobody, and somebody elsewhere whom one does not watch."""
        feed = self.feed(CAROL, CAROL, ALICE, "nobody@corp.example", ROMEO)
        self.assertTrue(until(lambda: len(feed.lines) == 4), feed.lines)
        self.assertEqual([(line["person"], line["standing"]) for line in feed.lines],
                         [(CAROL, "known"), (ALICE, "known"), ("nobody@corp.example", "nobody"), (ROMEO, "pending")])
        self.ask("publish", CAROL, "--state", "machine", "--availability", "3500")
        self.ask("user add", "nobody@corp.example")
        self.assertTrue(until(lambda: feed.last("nobody@corp.example")["standing"] == "known"), feed.lines)
        self.assertTrue(until(lambda: feed.last(CAROL)["band"] == "available"), feed.lines)

    def test_the_watcher_goes(self):
        feed = self.feed(CAROL, ALICE)
        self.assertTrue(until(lambda: feed.lines))
        self.ask("user del", CAROL)
        self.assertEqual(feed.process.wait(30), 1)
        self.assertTrue(until(lambda: feed.lines[-1]["standing"] == "ended"), feed.lines)
        self.assertIn("the daemon has hung up", feed.process.stderr.read())

    def test_the_reader_goes(self):
        for _ in range(40):     # more than there may be at a time
            feed = self.feed(CAROL, ALICE)
            self.assertTrue(until(lambda: feed.lines))
            feed.process.kill()
            feed.process.wait()
        self.assertTrue(until(lambda: not json.loads(self.ask("view", "--json", CAROL, ALICE))["watching"]))

    def test_the_daemon_goes(self):
        feed = self.feed(CAROL, ALICE)
        self.assertTrue(until(lambda: feed.lines))
        self.daemon.stop()
        self.assertEqual((self.daemon.status, feed.process.wait(30)), (0, 1))

    def test_slow_reader(self):
        """Who reads nothing for a while is told what holds by then, not all that came between."""
        feed = subprocess.Popen([BINARY, "watch", "--config", self.daemon.config, "--as", CAROL, ALICE],
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(feed.stdout.close)
        self.addCleanup(feed.wait)
        self.addCleanup(feed.kill)
        feed.stdout.readline()
        many = 60
        for i in range(many):
            self.publish("note", "200", NOTE % ("%d " % i + "x" * 30000))
        texts = []
        while not texts or not texts[-1].startswith("%d " % (many - 1)):
            texts.append(json.loads(feed.stdout.readline())["noteText"])
        self.assertLess(len(texts), many)
        numbers = [int(text.split()[0]) for text in texts]
        self.assertEqual(numbers, sorted(numbers))
        self.assertNotIn(b"ctl-stalled", self.daemon.log())

    def test_nobody_reads_and_the_daemon_goes(self):
        """It says goodbye without waiting for him."""
        feed = subprocess.Popen([BINARY, "watch", "--config", self.daemon.config, "--as", CAROL, ALICE],
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(feed.stdout.close)
        self.addCleanup(feed.wait)
        self.addCleanup(feed.kill)
        feed.stdout.readline()
        for i in range(60):
            self.publish("note", "200", NOTE % ("%d " % i + "x" * 30000))
        self.daemon.stop(60)
        self.assertEqual(self.daemon.status, 0)
        self.assertNotIn(b"goodbye-cut-short", self.daemon.log())

    def test_what_is_refused(self):
        for words, status, why in ((("--as", CAROL), 2, "--as: of whom?"),
                                   (("--as", "x", ALICE), 2, "is no address of a person"),
                                   (("--as", CAROL, "x"), 2, "is no address of a person"),
                                   (("--as", CAROL, "--categories", "note,mood", ALICE), 2, "no category mood"),
                                   (("--categories", "note", ALICE), 2, "--categories goes with --as"),
                                   ((ALICE, CAROL), 2, "too many words, from here on: " + CAROL),
                                   (("--as", ROMEO, ALICE), 1, "is no user here"),
                                   (("--as", "x@corp.example", ALICE), 1, "is no user here")):
            self.assertIn(why, self.ask("watch", *words, status=status))
        self.assertIn("there is no category 'mood'",
                      self.ask("view", "--categories", "mood", CAROL, ALICE, status=2))


class Seen(Relationships):
    """With real clients on both sides."""

    def ask(self, verb, *words):
        return self.stage.heliograph.command(verb, *words)

    def document(self, text):
        path = os.path.join(self.stage.folder, "document.xml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def test_clients_see_what_it_publishes(self):
        """A note for colleagues and the workgroup: carol's Lync client shows it; romeo, who is External, reads
        nothing, until it is put into his container, too."""
        self.make_contact(self.romeo)
        self.carol.add(self.alice)
        self.expect(self.carol.sees(self.alice, "available"))
        self.turn_pages()
        publish = "--category", "note", "--file", self.document(NOTE % self.note), "--instance", "0"
        self.ask("publish", ALICE, *publish, "--container", "200,300")
        self.expect(self.carol.sees(self.alice, "available", self.note), self.romeo.never_sees(self.note))
        self.ask("publish", ALICE, *publish, "--container", "100,200,300")
        self.expect(self.romeo.reads(self.alice, "available", self.note))
        self.turn_pages()
        self.ask("publish", ALICE, "--category", "note", "--container", "100,200,300", "--instance", "0", "--remove")
        self.expect(self.romeo.reads(self.alice, "available", None))

    def test_it_ends_with_her_device(self):
        """What is bound to alice's device, and what to her being there at all, is gone when she is."""
        self.carol.add(self.alice)
        self.expect(self.carol.sees(self.alice, "available"))
        device = self.stage.heliograph.device_of(self.alice)
        for instance, expires in enumerate(("endpoint", "user", "static"), 1):
            words = ["--endpoint", device] if expires == "endpoint" else []
            self.ask("publish", ALICE, "--category", "note", "--file", self.document(NOTE % expires), "--container",
                     "200", "--instance", str(instance), "--expires", expires, *words)
        said = lambda: {each["expiry"] for each in self.stage.heliograph.mirror_of(self.alice)["publications"]
                        if each["category"] == "note"}
        self.assertEqual(said(), {"endpoint", "user", "static"})
        self.alice.command("disconnect")
        self.expect(self.carol.sees(self.alice, "offline"))
        self.assertTrue(until(lambda: said() == {"static"}), said())

    def test_container_of_its_own(self):
        """romeo's whole domain is put into a container with a state and a note of its own."""
        self.make_contact(self.romeo)
        self.turn_pages()
        self.ask("publish", ALICE, "--category", "note", "--file", self.document(NOTE % self.note), "--container", "100")
        self.expect(self.romeo.reads(self.alice, "available", self.note))
        self.turn_pages()
        self.ask("container", ALICE, "add", "32000", "domain:xmpp.example")
        self.expect(self.romeo.reads(self.alice, "unavailable", None))
        self.turn_pages()
        self.ask("container", ALICE, "remove", "32000", "domain:xmpp.example")
        self.expect(self.romeo.reads(self.alice, "available", self.note))

    def test_it_sees_what_clients_do(self):
        """Subscribed as carol it sees alice's Lync client become busy with a note; as alice, what romeo's XMPP client
        says to her, and nothing of him as carol, who does not have him."""
        self.make_contact(self.romeo)
        config = self.stage.heliograph.config
        carol, alice = Feed(self, config, "--as", CAROL, ALICE, ROMEO), Feed(self, config, "--as", ALICE, ROMEO)
        words = "on the balcony " + token()
        self.expect(self.is_shown(carol, ALICE, "available", None), self.is_shown(alice, ROMEO, "available", None))
        self.alice.set_status("busy", self.note)
        self.romeo.set_presence("away", words)
        self.expect(self.is_shown(carol, ALICE, "busy", self.note), self.is_shown(alice, ROMEO, "away", words))
        self.assertEqual({line["standing"] for line in carol.lines if line["person"] == ROMEO}, {"pending"})
        self.assertNotIn(words, json.dumps(carol.lines))

    @staticmethod
    def is_shown(feed, person, band, note):
        def look():
            line = feed.last(person)
            if not line or "band" not in line:
                return False, "nothing"
            said = line["band"], line.get("noteText")
            return said == (band, note), "%s: %s" % said
        return Sight("application", "%s %s, %s" % (person, band, note), look)


if __name__ == "__main__":
    unittest.main()
