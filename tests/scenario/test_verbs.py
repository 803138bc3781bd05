#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an administrator does at the command line, and who sees what of it."""

import json
import os
import subprocess
import threading
import unittest

import here
from peers.probe import Sight
from stage import token
from test_cli_daemon import WithDaemon, until
from test_durable import shown
from test_relationships import Relationships

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
ALICE, CAROL, ROMEO = "alice@corp.example", "carol@corp.example", "romeo@xmpp.example"


class Alone(WithDaemon):
    """Without any client."""

    def ask(self, verb, *words, status=0):
        done = self.command(*verb.split(), "--config", self.daemon.config, *words)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def users(self):
        return sorted(each["person"] for each in json.loads(self.ask("user list", "--json")))

    def restart(self):
        self.daemon.kill()
        self.start()


class Users(Alone):

    def test_add_and_delete(self):
        self.assertEqual(self.ask("user list"), "")
        self.assertEqual(self.ask("user add", ALICE), ALICE + " is now a user\n")
        self.assertEqual(self.ask("user add", "sip:Alice@CORP.example"), ALICE + " already was a user\n")
        self.ask("user add", CAROL)
        self.assertRegex(self.ask("user list"), r"(?m)^alice@corp\.example +offline$")
        self.restart()
        self.assertEqual(self.users(), [ALICE, CAROL])
        self.assertIn(ALICE + " is no user any more", self.ask("user del", ALICE))
        self.assertEqual(self.users(), [CAROL])
        self.restart()
        self.assertEqual(self.users(), [CAROL])
        self.assertIn("no such user", self.ask("user del", ALICE, status=1))

    def test_what_is_refused(self):
        self.assertIn("not of a domain whose people live here",
                      self.ask("user add", ROMEO, status=1))
        for word in "alice", "", "a@b@c":
            self.assertIn("is no address of a person", self.ask("user add", word, status=2))
        self.assertEqual(self.users(), [])

    def test_import(self):
        with open(self.path("staff.csv"), "w") as file:
            file.write('\ufeffaddress;name\n"%s";"Alice"\n\n# gone\nmallory\n%s\nx@elsewhere.example\n' %
                       (ALICE, CAROL))
        done = self.command("user", "import", "--config", self.daemon.config, "staff.csv")
        self.assertEqual((done.returncode, done.stdout),
                         (1, "staff.csv: 2 users, 2 lines in error\n"))
        self.assertEqual([line.split(": ")[0] for line in done.stderr.splitlines()],
                         ["staff.csv:5", "staff.csv:7"])
        self.assertEqual(self.users(), [ALICE, CAROL])
        self.assertIn("cannot read", self.ask("user import", "none.csv", status=2))

    RECORD = {"display-name": "Alice Adams", "title": "Writer", "phone-work": "tel:+49301;ext=5"}

    def record(self, who=ALICE):
        found = [each["card"] for each in json.loads(self.ask("user list", "--json"))
                 if each["person"] == who]
        self.assertEqual(found, [json.loads(self.ask("show", "--json", who))["card"]])
        return found[0]

    def test_record(self):
        options = [word for name, value in self.RECORD.items() for word in ("--" + name, value)]
        self.ask("user add", *options, ALICE)
        self.assertEqual(self.record(), self.RECORD)
        self.assertIn("Alice Adams", self.ask("user list"))
        self.assertRegex(self.ask("show", ALICE), r"(?m)^  title +Writer$")
        self.ask("user set", "--title", "", "--mail", "alice@mail.example", ALICE)
        wanted = {**self.RECORD, "mail": "alice@mail.example"}
        del wanted["title"]
        self.restart()
        self.assertEqual(self.record(), wanted)
        self.ask("user add", ALICE)
        self.assertEqual(self.record(), wanted)

    def test_record_refused(self):
        """With the field, what is wrong and what would be right; nothing of it is done."""
        self.ask("user add", ALICE)
        self.assertIn("user set: phone-work: '030 1' cannot be that (write it as a tel: URI",
                      self.ask("user set", "--title", "Writer", "--phone-work", "030 1", ALICE, status=2))
        self.assertIn("country: ", self.ask("user add", "--country", "Italy", CAROL, status=2))
        self.assertIn("128 is the most", self.ask("user set", "--title", "x" * 129, ALICE, status=2))
        self.assertEqual((self.record(), self.users()), ({}, [ALICE]))
        self.assertIn("no such user", self.ask("user set", "--title", "x", CAROL, status=1))
        self.assertIn("Give at least one", self.ask("user set", ALICE, status=2))
        self.assertIn("there is no option --tilte", self.ask("user set", "--tilte", "x", ALICE, status=2))

    def import_table(self, text):
        with open(self.path("staff.csv"), "w") as file:
            file.write(text)
        done = self.command("user", "import", "--config", self.daemon.config, "staff.csv")
        return done.returncode, done.stdout, done.stderr.splitlines()

    def test_import_records(self):
        table = ('display-name;address;title;phone-work\n'
                 '"Alice ""A"" Adams; Dr";%s; Writer ;tel:+49301\n\n# gone\n'
                 'Carol;%s;;030 1\nMallory;mallory;;\nEve;%s\n')
        code, said, wrong = self.import_table(table % (ALICE, CAROL, CAROL))
        self.assertEqual((code, said), (1, "staff.csv: 1 users, 3 lines in error\n"))
        self.assertEqual([line.split(": ")[0] for line in wrong],
                         ["staff.csv:%d" % line for line in (5, 6, 7)])
        self.assertIn("tel: URI", wrong[0])
        self.assertIn("columns", wrong[2])
        self.assertEqual(self.record(), {"display-name": 'Alice "A" Adams; Dr', "title": "Writer",
                                         "phone-work": "tel:+49301"})
        self.assertEqual(self.users(), [ALICE])
        # Again, without a title; the field that has no column stays.
        self.ask("user set", "--office", "B12", ALICE)
        self.assertEqual(self.import_table("address,title\n%s,\n" % ALICE)[0], 0)
        self.assertNotIn("title", self.record())
        self.assertEqual(self.record()["office"], "B12")

    def test_import_unknown_column(self):
        code, said, wrong = self.import_table("address,titel,mail\n%s,x,a@b\n" % ALICE)
        self.assertEqual((code, said), (1, "staff.csv: 0 users, 1 lines in error\n"))
        self.assertIn("staff.csv:1: there is no field 'titel'", wrong[0])
        self.assertEqual(self.users(), [])

    def test_nothing_is_left(self):
        """Who comes after him under the same address gets nothing of what was his."""
        for address in ALICE, CAROL:
            self.ask("user add", address)
        note = "secret " + token()
        self.ask("contact add", "--group", "Friends", ALICE, ROMEO)
        self.ask("relationship", "--set", "friends", ROMEO, ALICE)
        self.ask("publish", ALICE, "--note", note)
        self.assertIn("friends", self.ask("relationship", ROMEO, ALICE))
        self.ask("user del", ALICE)
        self.ask("user add", ALICE)
        for again in False, True:
            if again:
                self.restart()
            alice = json.loads(self.ask("show", "--json", ALICE))
            # The link is down: that he is not watched any more is still to be said.
            watched = [each for each in alice["watches"] if each["out"] != "none"]
            self.assertEqual((alice["publications"], alice["contacts"], watched), ([], [], []))
            self.assertIn("external", self.ask("relationship", ROMEO, ALICE))


class ForPrograms(Alone):
    """Whatever changes something says so in JSON, too."""

    def said(self, verb, *words):
        return json.loads(self.ask(verb, "--json", *words))

    def test_all(self):
        who, whom = {"person": ALICE}, {"owner": ALICE, "address": ROMEO}
        self.assertEqual(self.said("user add", ALICE), {**who, "added": True})
        self.assertEqual(self.said("user add", ALICE), {**who, "added": False})
        self.assertEqual(self.said("user set", "--title", "x", ALICE), {**who, "changed": True})
        self.assertEqual(self.said("contact add", "--group", "Verona", ALICE, ROMEO),
                         {**whom, "added": True})
        self.assertEqual(self.said("contact add", ALICE, ROMEO), {**whom, "added": False})
        self.assertEqual(self.said("contact del", ALICE, ROMEO), {**whom, "deleted": True})
        self.assertEqual(self.said("publish", ALICE, "--note", "x"), {**who, "published": "note"})
        self.assertEqual(self.said("publish", ALICE, "--clear", "note"), {**who, "takenBack": 3})
        linked = {**who, "address": ROMEO, "linked": True}
        self.assertEqual(self.said("link", ALICE, ROMEO), linked)
        self.assertEqual(self.said("link", "--remove", ALICE, ROMEO), {**linked, "linked": False})
        self.assertEqual(self.said("user del", ALICE),
                         {**who, "deleted": True, "provisionOpen": True})

    def test_import(self):
        with open(self.path("staff.csv"), "w") as file:
            file.write("%s\nmallory\n" % ALICE)
        done = self.command("user", "import", "--json", "--config", self.daemon.config, "staff.csv")
        said = json.loads(done.stdout)
        self.assertEqual((done.returncode, done.stderr, said["users"]), (1, "", 1))
        self.assertEqual([each["line"] for each in said["failed"]], [2])
        self.assertIn("is no address of a person", said["failed"][0]["error"])


class Contacts(Alone):

    def contacts(self):
        said = json.loads(self.ask("contact list", "--json", ALICE))
        groups = {str(each["id"]): each["name"] for each in said["groups"]}
        return {each["uri"]: (each["name"], [groups[i] for i in each["groups"].split()])
                for each in said["contacts"]}

    def test_add_change_delete(self):
        self.ask("user add", ALICE)
        self.ask("contact add", ALICE, ROMEO)
        self.assertEqual(self.contacts(), {ROMEO: ("", ["~"])})
        self.ask("contact add", "--name", "Romeo M.", ALICE, ROMEO)
        self.ask("contact add", "--group", "Verona", ALICE, ROMEO)
        self.ask("contact add", "--group", "Verona", ALICE, CAROL)
        said = {ROMEO: ("Romeo M.", ["Verona"]), CAROL: ("", ["Verona"])}
        self.assertEqual(self.contacts(), said)
        self.assertRegex(self.ask("contact list", ALICE),
                         r"(?m)^romeo@xmpp\.example +\[Verona\] Romeo M\.$")
        self.restart()
        self.assertEqual(self.contacts(), said)
        self.ask("contact del", ALICE, ROMEO)
        self.assertEqual(list(self.contacts()), [CAROL])
        self.assertIn("is no contact of", self.ask("contact del", ALICE, ROMEO, status=1))
        self.assertIn("no such user", self.ask("contact add", CAROL, ROMEO, status=1))
        self.assertIn("no such user", self.ask("contact list", CAROL, status=1))


class Publishing(Alone):

    def setUp(self):
        super().setUp()
        self.ask("user add", ALICE)

    def publications(self):
        return json.loads(self.ask("show", "--json", ALICE))["publications"]

    def view(self, *words):
        return json.loads(self.ask("view", "--json", *words, CAROL, ALICE))

    def test_state(self):
        self.ask("publish", ALICE, "--state", "machine", "--availability", "3500")
        self.assertEqual(self.view()["band"], "available")
        self.ask("publish", ALICE, "--state", "phone", "--availability", "6500", "--token",
                 "on-the-phone", "--expires", "1h")
        self.assertEqual((self.view()["band"], self.view()["activity"]), ("busy", "on-the-phone"))
        self.assertEqual({(each["container"], each["expiry"], each["origin"])
                          for each in self.publications()},
                         {(c, e, "application") for c in (2, 3) for e in ("static", "time")})
        self.assertIn(", by an application", self.ask("show", ALICE))
        self.ask("publish", ALICE, "--clear", "phone")
        self.assertEqual(self.view()["band"], "available")
        self.assertIn("nothing of that kind", self.ask("publish", ALICE, "--clear", "phone", status=1))
        self.restart()
        self.assertEqual(self.view()["band"], "available")
        self.ask("publish", ALICE, "--clear", "all")
        self.assertEqual(self.publications(), [])

    def test_it_ends(self):
        self.ask("publish", ALICE, "--state", "machine", "--availability", "3500", "--expires", "1s")
        self.assertTrue(until(lambda: not self.publications()))

    def test_note(self):
        note = "back on Monday " + token()
        self.ask("publish", ALICE, "--note", note)
        self.assertEqual((self.view()["note"], self.view().get("noteText")), (True, None))
        self.assertEqual(self.view("--notes")["noteText"], note)
        self.ask("publish", ALICE, "--note", note, "--containers", "400")
        self.ask("publish", ALICE, "--clear", "note")
        self.assertFalse(self.view()["note"])
        self.assertNotIn(note.split()[-1], self.daemon.log().decode())

    def test_what_is_refused(self):
        for words, why in ((("--state", "mood", "--availability", "3500"), "one of user, machine"),
                           (("--state", "user", "--availability", "12"), "a number from 3000"),
                           (("--state", "user", "--availability", "x"), "no availability: x"),
                           (("--state", "user"), "--availability goes with --state"),
                           (("--note", "x", "--expires", "soon"), "no time"),
                           (("--note", "x", "--expires", "0"), "from one second"),
                           (("--note", "x", "--containers", "1,x"), "up to eight numbers"),
                           (("--note", "x", "--endpoint", "desk", "--expires", "1h"),
                            "One of --expires, --endpoint"),
                           (("--clear", "note", "--endpoint", "desk"), "--clear takes back all"),
                           (("--note", "x", "--clear", "note"), "what? One of"),
                           (("--clear", "mood"), "one of user, machine"),
                           ((), "what? One of")):
            self.assertIn(why, self.ask("publish", ALICE, *words, status=2))
        self.assertIn("no such user", self.ask("publish", CAROL, "--note", "x", status=1))
        self.assertIn("there is no endpoint", self.ask("publish", ALICE, "--note", "x",
                                                       "--endpoint", "desk", status=1))
        self.assertEqual(self.publications(), [])


class Relating(Alone):

    def test_levels(self):
        self.ask("user add", ALICE)
        self.assertEqual(self.ask("relationship", ROMEO, ALICE),
                         "romeo@xmpp.example to alice@corp.example: external (container 100), "
                         "as member federated, known, not watching\n")
        for level, container in (("colleagues", 200), ("friends", 400), ("blocked", 32000)):
            self.assertIn("%s (container %d), as member user romeo@xmpp.example" % (level, container),
                          self.ask("relationship", "--set", level, ROMEO, ALICE))
        alice = json.loads(self.ask("show", "--json", ALICE))
        self.assertEqual([each["id"] for each in alice["containers"]
                          if any(m["type"] == "user" for m in each["members"])], [32000])
        self.assertIn("as member federated", self.ask("relationship", "--set", "default", ROMEO, ALICE))
        self.assertIn("there is no relationship 'enemy'",
                      self.ask("relationship", "--set", "enemy", ROMEO, ALICE, status=2))
        self.assertIn("no such user", self.ask("relationship", "--set", "friends", ROMEO, CAROL,
                                               status=1))
        self.assertIn("is no user here", self.ask("view", ROMEO, CAROL, status=1))


class Watching(Alone):

    def setUp(self):
        super().setUp()
        self.events = []

    def watch(self, *words):
        process = subprocess.Popen([BINARY, "watch", "--config", self.daemon.config, *words],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        reader = threading.Thread(target=lambda: self.events.extend(process.stdout))
        reader.start()
        for clean in process.stderr.close, process.stdout.close, process.wait, reader.join, process.kill:
            self.addCleanup(clean)
        self.assertTrue(until(lambda: b"verb=watch" in self.daemon.log()))
        return process

    def test_json(self):
        process = self.watch("--json", ALICE)
        for address in ALICE, CAROL:
            self.ask("user add", address)
        self.ask("publish", ALICE, "--state", "machine", "--availability", "3500")
        self.assertTrue(until(lambda: len(self.events) == 2), self.events)
        added, state = map(json.loads, self.events)
        self.assertEqual((added["event"], added["person"]), ("user-added", ALICE))
        self.assertEqual((state["event"], state["band"], state["availability"]),
                         ("state", "available", 3500))
        self.daemon.stop()
        self.assertEqual(process.wait(10), 1)
        self.assertIn("the daemon has hung up", process.stderr.read())

    def test_lines(self):
        self.watch()
        self.ask("user add", CAROL)
        self.ask("user del", CAROL)
        self.assertTrue(until(lambda: len(self.events) == 2), self.events)
        self.assertRegex(self.events[0], r"^\d{4}-\S+Z user-added +carol@corp\.example\n$")
        self.assertRegex(self.events[1], r"^\S+Z user-removed +carol@corp\.example\n$")


class Seen(Relationships):
    """What real clients see of it."""

    def ask(self, verb, *words):
        return self.stage.heliograph.command(verb, *words)

    def test_call(self):
        """alice is on the phone, says the telephone system: carol and romeo see her busy, until
        the call ends."""
        self.make_contact(self.romeo)
        self.carol.add(self.alice)
        self.expect(self.carol.sees(self.alice, "available"))
        self.turn_pages()
        self.ask("publish", ALICE, "--state", "phone", "--availability", "6500", "--token",
                 "on-the-phone", "--expires", "1h")
        self.expect(self.carol.sees(self.alice, "busy"), self.romeo.sees(self.alice, "dnd"))
        self.turn_pages()
        self.ask("publish", ALICE, "--clear", "phone")
        self.expect(self.carol.sees(self.alice, "available"),
                    self.romeo.sees(self.alice, "available"))

    def test_relationship(self):
        """romeo is made a colleague, and gets to read the note; and then external again."""
        self.make_contact(self.romeo)
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.sees_only(self.alice, "dnd"))
        for level, text in (("colleagues", self.note), ("default", None)):
            self.turn_pages()
            self.ask("relationship", "--set", level, ROMEO, ALICE)
            self.expect(self.romeo.reads(self.alice, "dnd", text))
        self.assertIn("as member federated", self.ask("view", ROMEO, ALICE))

    def test_contact(self):
        """The administrator adds romeo to alice's contacts; her client shows him, and he is asked."""
        self.ask("contact add", "--name", "Romeo", ALICE, ROMEO)
        self.expect(self.romeo.is_asked_by(self.alice))
        self.romeo.accept(self.alice)
        self.expect(self.alice.sees(self.romeo, "available"))
        self.assertEqual(shown(self.alice, self.romeo)[-1]["alias"], "Romeo")

    def test_deleted(self):
        """alice is deleted: romeo, who saw her, is told that he does not any more; carol sees
        nobody."""
        self.make_contact(self.romeo)
        self.carol.add(self.alice)
        self.expect(self.carol.sees(self.alice, "available"))
        self.turn_pages()
        self.ask("user del", ALICE)
        self.expect(self.carol.sees(self.alice, "offline"), self.unsubscribed(),
                    self.romeo.reads(self.alice, "unavailable", None))

    def unsubscribed(self):
        def look():
            kinds = [event["type"] for event in self.romeo.fresh("subscription")]
            return {"unsubscribed", "unsubscribe"} <= set(kinds), ", ".join(kinds) or "nothing"
        return Sight("romeo", "both halves ended", look)


if __name__ == "__main__":
    unittest.main()
