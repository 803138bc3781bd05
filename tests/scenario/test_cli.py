#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The command line as an operator meets it: every message names what, where and what to do."""

import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

import here
import loss_page

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
MAPPINGS = os.path.join(here.SOURCE_DIR, "mappings")
NOBODY = 65534
WHAT = ("availability", "activity", "note", "chosen", "idle")
KNOWN = {"no": "unknown", "yes": "known"}
COMMANDS = ("run", "check", "mapping check", "mapping explain", "mapping loss", "show")

CONFIG = """\
store: { path: ./store.db }
control: { socket: ./heliograph.sock }
domains:
  - { sip: corp.example, home: sip }
users: { provision: open }
sip:
  auth: none
  listen:
    - { transport: tcp, address: 127.0.0.1, port: 0 }
"""


def heliograph(*words, folder=None, user=None):
    return subprocess.run([BINARY, *words], cwd=folder, user=user, capture_output=True, text=True,
                          timeout=60)


class Usage(unittest.TestCase):

    def refused(self, *words):
        """Exit 2, nothing on standard output, and where to read on."""
        done = heliograph(*words)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertRegex(done.stderr, r"\nTry 'heliograph [a-z ]*--help'\.\n$")
        return done.stderr

    def test_version(self):
        done = heliograph("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^heliograph \d+\.\d+\.\d+\n$")

    def test_help_names_every_command(self):
        for word in ("--help", "help"):
            done = heliograph(word)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for command in COMMANDS:
                self.assertRegex(done.stdout, r"(?m)^  %s  +\w" % command)

    def test_help_of_every_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                done = heliograph(*command.split(), "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith("Usage: heliograph " + command))
                self.assertIn("Exit status:", done.stdout)
                self.assertRegex(done.stdout, r"Examples?:\n  heliograph " + command)

    def test_manual_of_mapping(self):
        """heliograph(8) has each option of the commands about mapping tables."""
        with open(os.path.join(here.SOURCE_DIR, "docs", "man", "heliograph.8.in")) as file:
            manual = file.read()
        for command in ("mapping check", "mapping explain", "mapping loss"):
            options = set(re.findall(r"--([a-z]+)", heliograph(*command.split(), "--help").stdout))
            self.assertIn("json", options)
            for option in options:
                self.assertRegex(manual, r"Fl -%s\b" % option, command)

    def test_nothing_at_all(self):
        done = heliograph()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertTrue(done.stderr.startswith("Usage: heliograph COMMAND"))

    def test_unknown_commands(self):
        self.assertIn("no command 'chek' (did you mean 'check'?)", self.refused("chek"))
        self.assertIn("no command 'mapping chek' (did you mean 'mapping check'?)",
                      self.refused("mapping", "chek"))
        self.assertIn("one of: run, check, mapping check, mapping explain, mapping loss", self.refused("mapping"))

    def test_help_of_a_first_word(self):
        """`heliograph mapping --help` lists the commands of that word, and no others."""
        for word, names in (("mapping", {"mapping check", "mapping explain", "mapping loss"}),
                            ("contact", {"contact list", "contact add", "contact del"})):
            for option in ("--help", "-h"):
                done = heliograph(word, option)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith("Usage: heliograph %s COMMAND" % word))
                self.assertEqual(set(re.findall(r"(?m)^  (\w+ \w+)  ", done.stdout)), names)
        self.assertIn("no command 'nobody'", self.refused("nobody", "--help"))

    def test_unknown_options(self):
        for command in COMMANDS:
            with self.subTest(command):
                for option in ("--frobnicate", "-x"):
                    self.assertIn("heliograph %s: there is no option %s\n" % (command, option),
                                  self.refused(*command.split(), option))
        self.assertIn("it takes no --json", self.refused("run", "--json"))
        self.assertIn("it takes no --config", self.refused("mapping", "check", "--config", "x"))
        self.assertIn("--config needs the name of a file", self.refused("check", "--config"))

    def test_a_word_too_many(self):
        self.assertIn("too many words, from here on: b", self.refused("run", "b"))
        self.assertIn("too many words, from here on: b", self.refused("mapping", "check", "a", "b"))
        self.assertIn("too many words, from here on: b", self.refused("show", "a@c.example", "b"))

    def test_show_whom(self):
        self.assertIn("whom?", self.refused("show"))


class WithFolder(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("heliograph.yaml", CONFIG)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def configure(self, was, shall_be):
        """Changes the configuration; what it was must be there."""
        self.assertIn(was, CONFIG)
        self.write("heliograph.yaml", CONFIG.replace(was, shall_be))

    def wrong(self, *words, user=None):
        """The error lines of a command that ends with 2 and prints nothing else."""
        done = heliograph(*words, folder=self.folder, user=user)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        return [line for line in done.stderr.splitlines()
                if not re.match(r"\d{4}-\d\d-\d\dT\S+ info ", line)]

    def start_fails(self, user=None):
        """`run` cannot start, and says so in one line."""
        lines = self.wrong("run", "--config", "heliograph.yaml", user=user)
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def somebody(self):
        """Who may not do everything: root is another one for that."""
        if os.geteuid() != 0:
            return None
        os.chmod(self.folder, 0o777)
        try:
            heliograph("--version", user=NOBODY)
        except PermissionError:
            self.skipTest("only root can run " + BINARY)
        return NOBODY


class Check(WithFolder):

    def check(self):
        return self.wrong("check", "--config", "heliograph.yaml")

    def test_good(self):
        done = heliograph("check", "--config", "heliograph.yaml", folder=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^heliograph\.yaml: no errors, .* %s\nread: .*\bxmpp\b" % MAPPINGS)
        self.assertEqual(os.listdir(self.folder), ["heliograph.yaml"], "it has left something")

    def test_several_errors_at_once(self):
        self.write("heliograph.yaml", CONFIG.replace("home: sip", "home: spi")
                   .replace("provision: open", "provision: opne").replace("auth:", "aut:"))
        lines = self.check()
        self.assertEqual(lines.pop(), "heliograph: heliograph.yaml: %d errors" % len(lines))
        self.assertGreaterEqual(len(lines), 4, lines)
        for line in lines:
            self.assertRegex(line, r"^heliograph\.yaml:\d+: .+ \(.+\)$")
        text = "\n".join(lines)
        for part in (":4: home: 'spi' is no protocol (did you mean 'sip'?)",
                     ":5: provision: 'opne' is not known (did you mean 'open'?)",
                     ":7: unknown key 'aut' (did you mean 'auth'?)"):
            self.assertIn(part, text)

    def test_what_only_the_adapters_know(self):
        """Both of them are asked, and nothing is opened for it."""
        self.write("heliograph.yaml", CONFIG.replace("127.0.0.1", "0.0.0.0") +
                   "xmpp:\n  components:\n    - { domains: ['a@corp.example'], secret: hush }\n")
        lines = self.check()
        self.assertEqual(len(lines), 3, lines)
        self.assertRegex(lines[0], r"^heliograph\.yaml:9: .*0\.0\.0\.0.*\(.*allow-insecure: on")
        self.assertRegex(lines[1], r"^heliograph\.yaml:12: 'a@corp\.example' .*\(.+\)$")
        self.assertEqual(os.listdir(self.folder), ["heliograph.yaml"])

    def test_a_secret_is_not_told(self):
        self.write("heliograph.yaml", CONFIG +
                   "xmpp:\n  components:\n    - { domains: [], secret: hush-4711, sekret: no }\n")
        self.assertNotIn("4711", "\n".join(self.check()))

    def test_unreadable(self):
        os.remove(self.path("heliograph.yaml"))
        self.assertRegex("\n".join(self.check()),
                         r"^heliograph\.yaml: .*: No such file or directory \(.+\)$")

    def test_no_yaml(self):
        self.write("heliograph.yaml", "store: [\n")
        self.assertRegex("\n".join(self.check()), r"^heliograph\.yaml:2: this is not YAML.*\(.+\)$")

    def test_empty(self):
        self.write("heliograph.yaml", "")
        self.assertRegex(self.check()[0], r"^heliograph\.yaml:?.*\(.+\)$")

    def test_faulty_tables(self):
        """The configuration is good, a table it names is not."""
        shutil.copytree(MAPPINGS, self.path("tables"))
        with open(self.path("tables/grammar.yaml"), "a") as grammar:
            grammar.write("\nnonsense: 1\n")
        self.write("heliograph.yaml", CONFIG + "mappings: ./tables\n")
        self.assertRegex(self.check()[0], r"^\./tables/grammar\.yaml:\d+: .*'nonsense'.*\(.+\)$")


class MappingCheck(WithFolder):

    def test_shipped(self):
        for words in ((), (MAPPINGS,)):
            done = heliograph("mapping", "check", *words, folder=self.folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout.startswith(MAPPINGS + ": no errors"), done.stdout)

    def test_broken_copy(self):
        """A misspelt word in each of two files: both are listed, with file and line."""
        shutil.copytree(MAPPINGS, self.path("mappings"))
        for name in ("xmpp.yaml", "grammar.yaml"):
            with open(self.path("mappings/" + name), "a") as table:
                table.write("\nfrobnicate: yes\n")
        lines = self.wrong("mapping", "check", "mappings")
        for name in ("xmpp.yaml", "grammar.yaml"):
            mine = [line for line in lines if line.startswith("mappings/%s:" % name)]
            self.assertTrue(mine, lines)
            self.assertRegex(mine[0], r":\d+: .*'frobnicate'.*\(.+\)$")

    def test_for_programs(self):
        """The same errors as JSON, and none of them where there are none."""
        self.configure("home: sip", "home: spi")
        done = heliograph("check", "--json", "--config", "heliograph.yaml", folder=self.folder)
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        error, = json.loads(done.stdout)["errors"]
        self.assertEqual((error["where"], error["hint"]), ("heliograph.yaml:4", "did you mean 'sip'?"))
        done = heliograph("mapping", "check", "--json", MAPPINGS)
        said = json.loads(done.stdout)
        self.assertEqual((done.returncode, said["errors"], said["more"]), (0, [], 0))
        names = {name[:-len(".yaml")] for name in os.listdir(MAPPINGS) if name.endswith(".yaml")}
        self.assertEqual(set(said["tables"]), names - {"grammar", "loopback"})
        self.assertEqual(said["passed"], ["loopback.yaml"])

    def test_which_tables(self):
        """A file whose vocabulary is misspelt was not checked, and is not among those that were."""
        shutil.copytree(MAPPINGS, self.path("mappings"))
        self.write("mappings/mine.yaml", "vocabulary: xmmp\nrules: nonsense\n")
        self.write("heliograph.yaml", CONFIG + "mappings: ./mappings\n")
        for words in (("mapping", "check", "mappings"), ("check", "--config", "heliograph.yaml")):
            done = heliograph(*words, folder=self.folder)
            _, read, passed = done.stdout.splitlines()
            self.assertRegex(read, r"^read: .*\bpidf\b")
            self.assertNotIn("mine", read)
            self.assertRegex(passed, r"^passed over, .*: loopback\.yaml, mine\.yaml$")
            os.rename(self.path("mappings/loopback.yaml"), self.path("mappings/loopback"))
            self.assertRegex(heliograph(*words, folder=self.folder).stdout.splitlines()[2], r": mine\.yaml$")
            os.rename(self.path("mappings/loopback"), self.path("mappings/loopback.yaml"))

    def test_a_missing_rule(self):
        """Where none takes xa, it says so."""
        shutil.copytree(MAPPINGS, self.path("mappings"))
        with open(self.path("mappings/xmpp.yaml")) as table:
            text = table.read()
        self.assertIn("show: [away, xa]", text)
        self.write("mappings/xmpp.yaml", text.replace("show: [away, xa]", "show: away"))
        self.assertRegex("\n".join(self.wrong("mapping", "check", "mappings")),
                         r"mappings/xmpp\.yaml.*: no rule inward for .*show: xa \(.+\)")

    def test_tables_without_adapters(self):
        """Each table of the folder is checked; one that is an adapter's which is not there is left alone."""
        shutil.copytree(MAPPINGS, self.path("mappings"))
        shutil.move(self.path("mappings/irc.yaml"), self.path("mappings/chat.yaml"))
        with open(self.path("mappings/graph.yaml"), "a") as table:
            table.write("  - { name: late, native: { availability: Asleep } }\n")
        with open(self.path("mappings/old.yaml"), "w") as table:
            table.write("vocabulary: xmpp\nrules: nonsense\n")
        lines = self.wrong("mapping", "check", "mappings")
        self.assertIn("mappings/chat.yaml: it is for vocabulary 'irc' (call the file as the vocabulary is called, "
                      "with .yaml behind it)", lines)
        self.assertTrue(any(re.match(r"mappings/graph\.yaml:\d+: rule 'late': field 'availability' is never "
                                     "'Asleep'", line) for line in lines), lines)
        self.assertFalse([line for line in lines if "old.yaml" in line])

    def test_no_folder(self):
        lines = self.wrong("mapping", "check", "./nowhere")
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"\./nowhere: No such file or directory \(.+\)$")


class Explain(unittest.TestCase):
    """What a mapping table makes of something, and by which rule."""

    def explain(self, *words):
        said = json.loads(heliograph("mapping", "explain", "--mappings", MAPPINGS, "--json", *words).stdout)
        *skipped, taken = said["rules"]
        self.assertEqual((taken["matches"], "because" in taken), (True, False))
        return [(rule["rule"], rule["because"]) for rule in skipped], taken["rule"], said["result"]

    def test_explain(self):
        self.assertEqual(self.explain("--to", "xmpp", "--state", "busy,on-the-phone,note=a, b"),
                         ([("unavailable", "availability")], "call",
                          {"type": "available", "show": "dnd", "status": "On the phone. a, b",
                           "priority": "0"}))
        self.assertIn(("call", "activity"), self.explain("--to", "xmpp", "--state", "busy")[0])
        self.assertEqual(self.explain("--from", "xmpp", "idle=2026-01-02T03:04:05Z", "priority=-1"),
                         ([("unavailable", "type"), ("busy", "show"), ("away", "show")], "idle",
                          {"state": "machine", "band": "available-idle", "availability": 5000,
                           "priority": -1, "idleSince": "2026-01-02T03:04:05.000Z"}))
        self.assertEqual(self.explain("--from", "xmpp", "type=unavailable")[1:],
                         ("unavailable", {"state": "none"}))
        with open(os.path.join(MAPPINGS, "xmpp.yaml")) as table:
            line = 1 + table.read().splitlines().index("  - name: busy")
        self.assertRegex(heliograph("mapping", "explain", "--from", "xmpp", "show=dnd").stdout,
                         r"(?m)^ *%d  busy +matches\ngives state=user band=busy" % line)

    def test_what_is_known_beside(self):
        """Each thing that a rule may ask for can be said."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(MAPPINGS, folder + "/mappings")
            for option, value, key in (("--token", "in-a-lab", "activity"), ("--note", "oof", "note"),
                                       ("--manual", "yes", "manual"), ("--calendar", "tentative", "calendar"),
                                       ("--device", "mobile", "device"), ("--container", "friends", "container")):
                site = folder + "/site.yaml"
                with open(site, "w") as file:
                    file.write("table: xmpp\nfor: { people: [alice@corp.example] }\nrules:\n"
                               "  - { name: asked, before: call, direction: out, native: { show: xa },\n"
                               "      canonical: { availability: busy, %s: %s } }\n" % (key, value))
                config = folder + "/heliograph.yaml"
                with open(config, "w") as file:
                    file.write(CONFIG + "mappings: { folder: %s/mappings, site: [%s] }\n" % (folder, site))
                words = ("mapping", "explain", "--config", config, "--to", "xmpp", "--state", "busy")
                for who, with_it, show in (("Alice@corp.example", (option, value), "xa"),
                                           ("alice@corp.example", (), "dnd"),
                                           ("bob@corp.example", (option, value), "dnd")):
                    done = heliograph(*words, "--for", who, "--json", *with_it)
                    said = json.loads(done.stdout)
                    self.assertEqual(said["result"]["show"], show, (who, with_it))
                    mine = [rule for rule in said["rules"] if rule["file"] == site]
                    self.assertEqual([rule.get("because") for rule in mine],
                                     [] if who.startswith("bob") else [None if with_it else key])
                self.assertIn(" (in %s)" % site,
                              heliograph(*words, "--for", "alice@corp.example", option, value).stdout)

    def refused(self, *words):
        done = heliograph("mapping", "explain", "--mappings", MAPPINGS, *words)
        self.assertEqual((done.returncode, done.stdout), (2, ""), (words, done.stderr))
        self.assertRegex(done.stderr, r"\nTry 'heliograph mapping explain --help'\.\n$")
        return done.stderr

    def test_explain_what_is_refused(self):
        for words, why in (((), "say --from VOCABULARY"),
                           (("--to", "xmpp"), "--to needs a state: --state"),
                           (("--to", "xmpp", "--from", "xmpp", "--state", "busy"), "say --from"),
                           (("--from", "xmpp", "--device", "mobile"), "goes with --to: --device"),
                           (("--to", "pdif", "--state", "busy"), "table for 'pdif' (did you mean 'pidf'?)"),
                           (("--from", "XMPP"), "table for 'XMPP' (did you mean 'xmpp'?)"),
                           (("--from", ""), "table for '' (one of: "),
                           (("--to", "xmpp", "--state", "mood=bad"), "there is no 'mood=bad'"),
                           (("--to", "xmpp", "--state", "busy", "show=dnd"), "go with --from: show=dnd"),
                           (("--from", "xmpp", "show"), "write FIELD=VALUE, not 'show'"),
                           (("--from", "xmpp", "mood=bad"), "no such field: 'mood' (one of: type, show"),
                           (("--from", "xmpp", "shwo=dnd"), "no such field: 'shwo' (did you mean 'show'?)"),
                           (("--from", "xmpp", "show=dnd", "show=away"), "given already: 'show=away'")):
            self.assertIn(why, self.refused(*words))
        done = heliograph("mapping", "explain", "--to", "xmpp", "--state", "busy", "--mappings", "nowhere")
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertIn("cannot open the folder", done.stderr)

    def test_a_state_that_is_misspelt(self):
        """Nothing is explained that was not asked: each word is known, each thing is said once."""
        bands = "(one of: unknown, available, available-idle, busy, busy-idle, dnd, brb, away, offline"
        for state, why in (("bussy", "there is no 'bussy' (did you mean 'busy'?)"),
                           ("Available", "there is no 'Available' (did you mean 'available'?)"),
                           ("busy,on-teh-phone", "there is no 'on-teh-phone' (did you mean 'on-the-phone'?)"),
                           ("be-right-back", "there is no 'be-right-back' " + bands),
                           ("do-not-disturb", "there is no 'do-not-disturb' " + bands),
                           ("-5", "a number from 0 to 4294967295, not '-5'"),
                           ("4294967296", "a number from 0 to 4294967295, not '4294967296'"),
                           ("99999999999999", "not '99999999999999'"),
                           ("65x", "not '65x'"),
                           ("", "is missing in --state '' " + bands),
                           ("on-the-phone", "is missing in --state 'on-the-phone' " + bands),
                           ("busy,away", "there is an availability already before 'away'"),
                           ("busy,6500", "there is an availability already before '6500'"),
                           ("busy,on-the-phone,in-a-meeting", "there is an activity already before 'in-a-meeting'"),
                           ("busy,text=a,text=b", "there is a text already before 'text=b'")):
            self.assertIn(why, self.refused("--to", "xmpp", "--state", state), state)
        for option, value, why in (
                ("--device", "nosuch", "--device is never 'nosuch' (one of: no, computer, deskphone, mobile, web, other)"),
                ("--device", "moblie", "--device is never 'moblie' (did you mean 'mobile'?)"),
                ("--note", "nosuch", "--note is never 'nosuch' (one of: no, personal, oof)"),
                ("--manual", "perhaps", "--manual is never 'perhaps' (one of: no, yes)"),
                ("--calendar", "fere", "--calendar is never 'fere' (did you mean 'free'?)"),
                ("--container", "friend", "--container is never 'friend' (did you mean 'friends'?)"),
                ("--token", "", "--token needs an activity"),
                ("--token", "x" * 48, "--token needs an activity")):
            self.assertIn(why, self.refused("--to", "xmpp", "--state", "busy", option, value))
        self.assertIn("already before 'in-a-meeting'",
                      self.refused("--to", "xmpp", "--state", "busy,on-the-phone", "--token", "in-a-meeting"))
        self.assertIn("--note no, and note=TEXT",
                      self.refused("--to", "xmpp", "--state", "busy,note=x", "--note", "no"))

    def test_every_availability(self):
        """Any number that a table may name can be asked about, and any word that a rule knows."""
        self.assertEqual(self.explain("--to", "xmpp", "--state", "4294967295")[1], "unavailable")
        self.assertEqual(self.explain("--to", "xmpp", "--state", "70000")[1], "unavailable")
        self.assertEqual(self.explain("--to", "irc", "--state", "brb,OUT-TO-LUNCH"),
                         self.explain("--to", "irc", "--state", "brb", "--token", "out-to-lunch"))
        self.assertIn("there is no 'out-to-lunch'", self.refused("--to", "graph", "--state", "brb,out-to-lunch"))

    def test_an_activity_that_no_rule_is_for(self):
        """One may have such an activity, so it is explained; that it is none that is known is said."""
        words = ("mapping", "explain", "--mappings", MAPPINGS, "--to", "xmpp", "--state", "busy", "--token")
        done = heliograph(*words, "on-teh-phone")
        self.assertEqual(done.returncode, 0)
        self.assertIn("no rule is for the activity 'on-teh-phone', nor is it a standard one "
                      "(did you mean 'on-the-phone'?)", done.stderr)
        self.assertEqual(heliograph(*words, "on-the-phone").stderr, "")

    def test_what_counts_as_absent(self):
        """What a peer says and is no value of the field: explained as it is taken, and said to be none."""
        fields = (("priority", "abc", "a number from -128 to 127"), ("priority", "1000", "a number from -128 to 127"),
                  ("idle", "yesterday", "a time such as 2026-01-02T03:04:05Z"), ("show", "DND", "did you mean 'dnd'?"),
                  ("show", "nonsense", "one of: away, chat, dnd, xa"), ("status", " ", "a text that is not blank"))
        for field, value, hint in fields:
            word = "%s=%s" % (field, value)
            text = heliograph("mapping", "explain", "--mappings", MAPPINGS, "--from", "xmpp", word).stdout
            self.assertEqual(text.splitlines()[1], "%s counts as absent (%s)" % (word, hint))
            said = json.loads(heliograph("mapping", "explain", "--mappings", MAPPINGS, "--from", "xmpp", "--json",
                                         word).stdout)
            self.assertEqual(said["absent"], [{"field": field, "value": value, "hint": hint}])
            self.assertEqual(said["result"], self.explain("--from", "xmpp")[2])
        text = heliograph("mapping", "explain", "--mappings", MAPPINGS, "--from", "xmpp", "priority=5", "show=dnd",
                          "idle=2026-01-02T03:04:05Z", "status=x").stdout
        self.assertNotIn("absent", text)


class Loss(unittest.TestCase):
    """What a mapping table cannot bring back."""

    def declared(self, table):
        """What mappings/loss says; loopback's words are known to nobody but its adapter."""
        with open(os.path.join(MAPPINGS, "loss", table + ".json")) as declared:
            return declared.read()

    def test_declared(self):
        """The lists in mappings/loss are what the tables lose, byte for byte; each table has one."""
        tables = {name[:-len(".yaml")] for name in os.listdir(MAPPINGS) if name.endswith(".yaml")} - {"grammar"}
        declared = {name[:-len(".json")] for name in os.listdir(os.path.join(MAPPINGS, "loss"))}
        self.assertEqual(declared, tables)
        for table in sorted(tables - {"loopback"}):
            done = heliograph("mapping", "loss", "--mappings", "mappings", "--json", table,
                              folder=here.SOURCE_DIR)
            self.assertEqual(done.stdout, self.declared(table), "heliograph mapping loss --json %s" % table)

    def test_declared_of_loopback(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/heliograph.yaml", "w") as file:
                file.write(CONFIG + "mappings: %s\nadapters: [%s]\n"
                           "loopback: { socket: ./loopback.sock, domains: [corp.example] }\n"
                           % (MAPPINGS, os.path.join(here.BUILD_DIR, "plugins", "loopback.so")))
            done = heliograph("mapping", "loss", "--config", "heliograph.yaml", "--json", "loopback", folder=folder)
        self.assertEqual(done.stdout.replace(MAPPINGS, "mappings"), self.declared("loopback"), done.stderr)

    def test_a_difference_is_seen(self):
        """Another order of values in one rule is another list."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(MAPPINGS, folder + "/mappings")
            path = folder + "/mappings/xmpp.yaml"
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(text.replace("state: user, availability: [busy, busy-idle, dnd]",
                                        "state: user, availability: [dnd, busy, busy-idle]"))
            done = heliograph("mapping", "loss", "--mappings", "mappings", "--json", "xmpp", folder=folder)
        self.assertEqual(json.loads(done.stdout)[0]["file"], "mappings/xmpp.yaml")
        self.assertNotEqual(done.stdout, self.declared("xmpp"))

    def summary(self, table):
        """[(what, states, comes back as, {was: states}), ...] of the list for programs."""
        lost = {}
        for group in table["groups"]:
            back = group["back"]
            for state in group["of"]:
                for note, manual, idle, _ in itertools.product(*(state[key] for key in
                                                                 ("note", "manual", "idle", "container"))):
                    for what, was, now in (
                            ("availability", state["availability"], back["availability"]),
                            ("activity", state["activity"] or "none", back["activity"] or "none"),
                            ("note", note, back.get("note", note)),
                            ("chosen", manual, "yes" if back["manual"] else "no"),
                            ("idle", KNOWN[idle], KNOWN[back.get("idle", idle)])):
                        if was != now:
                            one = lost.setdefault((what, now), {})
                            one[was] = one.get(was, 0) + 1
        return [(what, sum(was.values()), now, was) for (what, now), was in lost.items()]

    def test_for_people(self):
        """A few lines by what is lost: the sums of the list for programs, the most of each first."""
        tables = json.loads(heliograph("mapping", "loss", "--mappings", MAPPINGS, "--json").stdout)
        text = heliograph("mapping", "loss", "--mappings", MAPPINGS).stdout
        told = loss_page.read(text)
        self.assertEqual(list(told), [table["table"] for table in tables])
        self.assertLess(len(text.splitlines()), 25 * len(tables))
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        for table in tables:
            rows = told[table["table"]][1]
            self.assertEqual(sorted((what, states, back, sorted(was)) for what, states, back, was in rows),
                             sorted((what, states, back, sorted(was.items()))
                                    for what, states, back, was in self.summary(table)))
            order = [(WHAT.index(what), -states) for what, states, _, _ in rows]
            self.assertEqual(order, sorted(order))
            for row in rows:
                self.assertEqual(row[3], sorted(row[3], key=lambda one: (-one[1], one[0])))
            self.assertIn("%s: of %d states %d do not come back as they went out\n"
                          % (table["table"], table["states"], table["lost"]), text)

    def test_what_only_says_how(self):
        """Those that lose nothing but who chose it and since when he is idle are counted apart."""
        tables = json.loads(heliograph("mapping", "loss", "--mappings", MAPPINGS, "--json").stdout)
        said = loss_page.read(heliograph("mapping", "loss", "--mappings", MAPPINGS).stdout)
        for table in tables:
            n = sum(len(state["note"]) * len(state["manual"]) * len(state["idle"]) * len(state["container"])
                    for group in table["groups"] for state in group["of"]
                    if state["availability"] == group["back"]["availability"] and "note" not in group["back"] and
                    state["activity"] == group["back"]["activity"])
            self.assertEqual(["%d of them lose nothing but who chose it, or since when he is idle." % n] if n else [],
                             said[table["table"]][0][1:])

    def test_all(self):
        """The whole list has a line for each of the program's, and comes behind the summary."""
        tables = json.loads(heliograph("mapping", "loss", "--mappings", MAPPINGS, "--json").stdout)
        backs, states = [], []
        for table in tables:
            text = heliograph("mapping", "loss", "--mappings", MAPPINGS, "--all", table["table"]).stdout
            summary = heliograph("mapping", "loss", "--mappings", MAPPINGS, table["table"]).stdout
            self.assertTrue(text.startswith(summary))
            lines = text[len(summary):].splitlines()
            backs += [line for line in lines if line.endswith("comes back of")]
            states += [line.split()[:2] for line in lines if line.startswith("  ")]
        self.assertEqual(len(backs), sum(len(table["groups"]) for table in tables))
        self.assertEqual(states, [[state["availability"], state["activity"] or "-"] for table in tables
                                  for group in table["groups"] for state in group["of"]])

    def test_page(self):
        """docs/loss.md says of every table that comes along what the program prints of it."""
        text = loss_page.printed()
        tables = {name[:-len(".yaml")] for name in os.listdir(MAPPINGS) if name.endswith(".yaml")} - {"grammar"}
        self.assertEqual(set(loss_page.read(text)), tables)
        with open(os.path.join(here.SOURCE_DIR, "docs", "loss.md")) as page:
            self.assertEqual(page.read(), loss_page.page(text), "python3 tests/scenario/loss_page.py > docs/loss.md")

    def test_for_programs(self):
        """Every state that is lost is in one of the groups, and in one only."""
        tables = json.loads(heliograph("mapping", "loss", "--json").stdout)
        self.assertIn("xmpp", [table["table"] for table in tables])
        for table in tables:
            lost = [(state["availability"], state["activity"], note, manual, idle, level)
                    for group in table["groups"] for state in group["of"] for note in state["note"]
                    for manual in state["manual"] for idle in state["idle"] for level in state["container"]]
            self.assertEqual((len(lost), len(set(lost))), (table["lost"], table["lost"]))
            self.assertLessEqual(table["lost"], table["states"])

    def test_refused(self):
        for words, why in ((("pdif",), "no mapping table for 'pdif' (did you mean 'pidf'?)"),
                           (("--json", "nosuch"), "no mapping table for 'nosuch' (one of: "),
                           (("--for", "alice@corp.example"), "--for needs --config"),
                           (("--mappings", "nowhere"), "cannot open the folder")):
            done = heliograph("mapping", "loss", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(why, done.stderr)


class Start(WithFolder):
    """What `run` says when it cannot: one line, with the place and a remedy, and exit 2."""

    def test_config_error(self):
        self.configure("home: sip", "home: spi")
        self.assertRegex(self.start_fails(), r"^heliograph\.yaml:4: .*\(did you mean 'sip'\?\)$")

    def test_config_missing(self):
        os.remove(self.path("heliograph.yaml"))
        self.assertRegex(self.start_fails(), r"^heliograph\.yaml: .*No such file.*\(.+\)$")

    def test_config_unreadable(self):
        os.chmod(self.path("heliograph.yaml"), 0)
        self.assertRegex(self.start_fails(self.somebody()),
                         r"^heliograph\.yaml: .*Permission denied \(.+\)$")

    def test_config_a_folder(self):
        os.remove(self.path("heliograph.yaml"))
        os.mkdir(self.path("heliograph.yaml"))
        self.assertRegex(self.start_fails(), r"^heliograph\.yaml: .*Is a directory \(.+\)$")

    def test_mapping_folder_missing(self):
        self.write("heliograph.yaml", CONFIG + "mappings: ./nowhere\n")
        self.assertRegex(self.start_fails(),
                         r"^heliograph\.yaml:10: .*\./nowhere: No such file.*\(.*remove the line")

    def test_store_in_a_missing_folder(self):
        self.configure("./store.db", "./missing/store.db")
        self.assertRegex(self.start_fails(), r"^\./missing/store\.db: .*No such file.*\(.+\)$")

    def test_store_folder_read_only(self):
        os.mkdir(self.path("sealed"), 0o555)
        self.configure("./store.db", "./sealed/store.db")
        self.assertRegex(self.start_fails(self.somebody()),
                         r"^\./sealed/store\.db: .*[Pp]ermission.*\(.+\)$")

    def test_store_is_a_folder(self):
        os.mkdir(self.path("store.db"))
        self.assertRegex(self.start_fails(), r"^\./store\.db: .*\(.+\)$")

    def test_store_is_no_database(self):
        self.write("store.db", "dear diary " * 100)
        self.assertRegex(self.start_fails(), r"^\./store\.db: .*not a database \(.+\)$")

    def test_control_socket_in_a_missing_folder(self):
        self.configure("./heliograph.sock", "./missing/heliograph.sock")
        self.assertRegex(self.start_fails(),
                         r"^\./missing/heliograph\.sock: .*no such file or directory \(.+\)$")

    def test_control_socket_is_something_else(self):
        self.write("heliograph.sock", "precious")
        self.assertRegex(self.start_fails(), r"^\./heliograph\.sock: .*\(.+\)$")
        with open(self.path("heliograph.sock")) as file:
            self.assertEqual(file.read(), "precious")

    def test_port_in_use(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            self.configure("port: 0", "port: %d" % port)
            self.assertRegex(self.start_fails(), r"^heliograph\.yaml:9: .*127\.0\.0\.1 port %d: "
                             r"Address already in use \(.+\)$" % port)

    def test_auth_none_beyond_loopback(self):
        for address in ("0.0.0.0", "'::'", "192.0.2.1"):
            self.configure("127.0.0.1", address)
            self.assertRegex(self.start_fails(),
                             r"^heliograph\.yaml:9: `auth: none` on .*\(.*allow-insecure: on.*\)$")

    def test_tls_without_certificate(self):
        self.configure("transport: tcp", "transport: tls")
        self.assertRegex(self.start_fails(),
                         r"^heliograph\.yaml:9: .*no certificate \(.*agent\.pem\)$")


class Show(WithFolder):

    def test_no_daemon(self):
        done = heliograph("show", "--config", "heliograph.yaml", "a@corp.example",
                          folder=self.folder)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^heliograph show: \./heliograph\.sock: "
                         r"no Heliograph is running there \(.+\)\n$")

    def test_after_a_crash(self):
        """The socket of a daemon that was killed is still there."""
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(self.path("heliograph.sock"))
        self.test_no_daemon()

    def test_tables_do_not_matter(self):
        """Somebody edits the tables while he looks at the daemon."""
        self.write("heliograph.yaml", CONFIG + "mappings: ./nowhere\n")
        self.test_no_daemon()


if __name__ == "__main__":
    unittest.main()
