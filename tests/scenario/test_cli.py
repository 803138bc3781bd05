#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The command line as an operator meets it: every message names what, where and what to do."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

import here

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
MAPPINGS = os.path.join(here.SOURCE_DIR, "mappings")
NOBODY = 65534
COMMANDS = ("run", "check", "mapping check", "show")

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

    def test_nothing_at_all(self):
        done = heliograph()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertTrue(done.stderr.startswith("Usage: heliograph COMMAND"))

    def test_unknown_commands(self):
        self.assertIn("no command 'chek' (did you mean 'check'?)", self.refused("chek"))
        self.assertIn("no command 'mapping chek' (did you mean 'mapping check'?)",
                      self.refused("mapping", "chek"))
        self.assertIn("one of: run, check, mapping check, mapping explain, mapping loss", self.refused("mapping"))

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
        self.assertRegex(done.stdout, r"^heliograph\.yaml: no errors, .* %s\n$" % MAPPINGS)
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
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"errors": [], "more": 0}))

    def test_a_missing_rule(self):
        """Without the rule for xa, it says that xa has none."""
        shutil.copytree(MAPPINGS, self.path("mappings"))
        with open(self.path("mappings/xmpp.yaml")) as table:
            rules = table.read().split("\n\n")
        rest = [rule for rule in rules if "name: extended-away" not in rule]
        self.assertEqual(len(rest), len(rules) - 1)
        self.write("mappings/xmpp.yaml", "\n\n".join(rest))
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
                         ([("unavailable", "type"), ("busy", "show"), ("away", "show"),
                           ("extended-away", "show")], "idle",
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

    def test_explain_what_is_refused(self):
        for words, why in (((), "say --from VOCABULARY"),
                           (("--to", "xmpp"), "say --from VOCABULARY"),
                           (("--to", "xmpp", "--from", "xmpp", "--state", "busy"), "say --from"),
                           (("--to", "pdif", "--state", "busy"), "no mapping table for pdif"),
                           (("--to", "xmpp", "--state", "mood=bad"), "there is no mood=bad"),
                           (("--to", "xmpp", "--state", "busy", "show=dnd"), "go with --from: show=dnd"),
                           (("--from", "xmpp", "show"), "write FIELD=VALUE, not show"),
                           (("--from", "xmpp", "mood=bad"), "no such field: mood=bad"),
                           (("--to", "xmpp", "--state", "busy", "--mappings", "nowhere"),
                            "cannot open the folder")):
            done = heliograph("mapping", "explain", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(why, done.stderr)


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

    def test_for_people(self):
        """The text has a line for each of the program's."""
        tables = json.loads(heliograph("mapping", "loss", "--json").stdout)
        text = heliograph("mapping", "loss").stdout
        backs = [line for line in text.splitlines() if line.endswith("comes back of")]
        states = [line.split()[:2] for line in text.splitlines() if line.startswith("  ")]
        self.assertEqual(len(backs), sum(len(table["groups"]) for table in tables))
        self.assertEqual(states, [[state["availability"], state["activity"] or "-"] for table in tables
                                  for group in table["groups"] for state in group["of"]])
        for table in tables:
            self.assertIn("%s: of %d states %d do not come back as they went out\n"
                          % (table["table"], table["states"], table["lost"]), text)

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
        for words, why in ((("pdif",), "no mapping table for pdif"),
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
