#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The running daemon as an operator meets it: signals, its log, its control socket, `show`."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest

import here
from peers.heliograph import Heliograph
from peers.lyncclient import LyncClient
from peers.process import free_port
from stage import token

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
PROBE = os.path.join(here.BUILD_DIR, "peers", "purple-probe")
LIMIT = 30          # seconds within which something has to come right

LINE = re.compile(r"""^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z       # when, in UTC
                      \ (error|warn|info|debug)\ [a-z][a-z0-9-]*    # how bad, what
                      (\ [a-z_]+=("([^"\\]|\\.)*"|[^\s"=]\S*))*$""", re.VERBOSE)


def until(look, limit=LIMIT):
    """Waits until it is so; what was seen last, then or when time is up."""
    end = time.monotonic() + limit
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


class WithDaemon(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-cli-")
        self.addCleanup(shutil.rmtree, self.folder)
        # Nobody listens for components there: the daemon lives without its XMPP server.
        self.daemon = Heliograph(BINARY, "", self.folder, "corp.example", "xmpp.example",
                                 free_port(), "sesame-" + token())
        self.start()
        self.addCleanup(lambda: self.daemon.process.kill())

    def start(self):
        self.daemon.start()
        self.assertTrue(until(lambda: b" info started " in self.daemon.log()))

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, *words):
        return subprocess.run([BINARY, *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=60)

    def show(self, *words):
        return self.command("show", "--config", self.daemon.config, *words)

    def second(self, name, *changes):
        """Tries to run another daemon, whose configuration differs in this; what it says."""
        with open(self.daemon.config) as config:
            text = config.read()
        for was, shall_be in changes:
            self.assertIn(was, text)
            text = text.replace(was, shall_be)
        with open(self.path(name), "w") as config:
            config.write(text)
        done = self.command("run", "--config", name)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        said = [line for line in done.stderr.splitlines() if not LINE.match(line)]
        self.assertEqual(len(said), 1, done.stderr)
        return said[0]

    def assert_goes_on(self):
        self.assertTrue(self.daemon.process.running)
        self.assertEqual(self.show("nobody@corp.example").returncode, 1)
        self.daemon.process.await_port(self.daemon.sip_port)

    def log_lines(self):
        return self.daemon.log().decode().splitlines()


class Signals(WithDaemon):

    def ends_well(self, *numbers):
        for number in numbers:
            self.daemon.process.signal(number)
        self.assertEqual(self.daemon.process.child.wait(LIMIT), 0)
        self.assertFalse(os.path.exists(self.path("heliograph.sock")), "its socket is still there")
        self.assertRegex(self.log_lines()[-1], r" info stopped status=0$")

    def test_term(self):
        self.ends_well(signal.SIGTERM)
        self.assertTrue(any(" stopping signal=15" in line for line in self.log_lines()))

    def test_int(self):
        self.ends_well(signal.SIGINT)

    def test_term_twice(self):
        """Who insists does not wait for goodbyes."""
        self.ends_well(signal.SIGTERM, signal.SIGTERM)

    def test_hup(self):
        self.daemon.process.signal(signal.SIGHUP)
        self.assertTrue(until(lambda: b" reloaded " in self.daemon.log()))
        self.assert_goes_on()
        self.ends_well(signal.SIGTERM)

    def test_kill_and_start(self):
        """What a killed one leaves behind keeps nobody from starting."""
        self.daemon.kill()
        self.assertTrue(os.path.exists(self.path("heliograph.sock")))
        self.start()
        self.assert_goes_on()


class Neighbours(WithDaemon):
    """A second daemon that takes what the first one has ends with 2 and says what it is."""

    def tearDown(self):
        self.assert_goes_on()

    def test_same_configuration(self):
        self.assertRegex(self.second("same.yaml"), r"heliograph\.db: another Heliograph is running "
                         r"on this store \(.+\)$")

    def test_same_store_under_another_name(self):
        os.symlink("heliograph.db", self.path("link.db"))
        said = self.second("link.yaml", ("heliograph.db", "link.db"),
                           ("heliograph.sock", "second.sock"), (str(self.daemon.sip_port), "0"))
        self.assertRegex(said, r"link\.db: another Heliograph is running on this store \(.+\)$")

    def test_same_control_socket(self):
        said = self.second("socket.yaml", ("heliograph.db", "second.db"),
                           (str(self.daemon.sip_port), "0"))
        self.assertRegex(said, r"heliograph\.sock: another Heliograph answers .*\(.+\)$")

    def test_same_port(self):
        said = self.second("port.yaml", ("heliograph.db", "second.db"),
                           ("heliograph.sock", "second.sock"))
        self.assertRegex(said, r"^port\.yaml:\d+: cannot listen on 127\.0\.0\.1 port %d: "
                         r"Address already in use \(.+\)$" % self.daemon.sip_port)
        self.assertFalse(os.path.exists(self.path("second.sock")), "its socket is still there")


class Files(WithDaemon):

    def mode(self, name):
        return stat.filemode(os.stat(self.path(name)).st_mode)

    def test_modes(self):
        self.assertEqual(self.mode("heliograph.sock"), "srw-rw----")
        self.assertEqual(self.mode("heliograph.db"), "-rw-------")


class Show(WithDaemon):
    """A whole person, as real clients have made her."""

    def sign_on(self, name):
        client = LyncClient(PROBE, name, name + "@corp.example", self.folder)
        client.sign_on(self.daemon.sip_port)
        self.addCleanup(client.stop)
        client.await_ready()
        return client

    def person(self, address):
        done = self.show("--json", address)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def make_alice(self):
        """alice is Busy with a note, romeo is a contact of hers, and carol watches her."""
        alice, carol = self.sign_on("alice"), self.sign_on("carol")
        note = "in a review " + token()
        alice.command("add", "sip:romeo@xmpp.example")
        carol.add(alice)
        carol.turn_page()
        alice.set_status("busy", note)
        self.assertTrue(until(lambda: carol.sees(alice, "busy", note).look()[0]))
        self.assertTrue(until(lambda: self.person("alice@corp.example")["contacts"]))
        return note

    def test_json(self):
        note = self.make_alice()
        alice = self.person("alice@corp.example")
        self.assertEqual((alice["person"], alice["home"]), ("alice@corp.example", True))
        self.assertEqual([each["band"] for each in alice["aggregate"]], ["busy", "busy"])
        self.assertEqual(len(alice["endpoints"]), 1)
        self.assertTrue(alice["endpoints"][0]["confirmed"])
        self.assertGreater(alice["endpoints"][0]["endsInSeconds"], 0)

        kinds = {each["category"] for each in alice["publications"]}
        self.assertLessEqual({"state", "note"}, kinds)
        self.assertLessEqual({"static", "endpoint"}, {p["expiry"] for p in alice["publications"]})
        members = {each["id"]: [member["type"] for member in each["members"]]
                   for each in alice["containers"]}
        self.assertIn("federated", members[100])
        self.assertIn("sameEnterprise", members[200])

        romeo = [each for each in alice["contacts"] if "romeo@xmpp.example" in each["uri"]]
        self.assertEqual([each["subscribed"] for each in romeo], [True])
        watched = {each["presentity"]: each for each in alice["watches"]}
        self.assertEqual(watched["romeo@xmpp.example"]["out"], "pending")
        watcher = {each["watcher"]: each for each in alice["watchers"]}["carol@corp.example"]
        self.assertEqual(watcher["container"], 200)
        self.assertEqual([each["adapter"] for each in watcher["outlets"]], ["sip"])

        # The other end of the same relationships
        romeo = self.person("romeo@xmpp.example")
        self.assertEqual((romeo["home"], [each["watcher"] for each in romeo["watchers"]]),
                         (False, ["alice@corp.example"]))
        carol = self.person("sip:Carol@CORP.example")
        self.assertIn("alice@corp.example", [each["presentity"] for each in carol["watches"]])

        self.keeps_quiet(note)

    def keeps_quiet(self, note):
        """Neither `show` nor the log tells what people wrote, nor a secret."""
        for words in ((), ("--json",)):
            self.assertNotIn(note.split()[-1], self.show(*words, "alice@corp.example").stdout)
        log = self.daemon.log().decode()
        self.assertNotIn(note.split()[-1], log)
        self.assertNotIn(self.daemon.secret, log)
        for line in log.splitlines():
            self.assertRegex(line, LINE)

    def test_text(self):
        self.make_alice()
        done = self.show("alice@corp.example")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotRegex(done.stdout, r"(?m) $")
        paragraphs = [part.splitlines() for part in done.stdout.split("\n\n")]
        self.assertEqual(paragraphs[0][0], "alice@corp.example, home is here")
        self.assertRegex(paragraphs[0][1], r"^  everybody +busy \(\d+\)")
        parts = {part[0].split(" (")[0]: part[1:] for part in paragraphs[1:]}
        self.assertEqual(list(parts), ["Endpoints", "Publications", "Containers and their members",
                                       "Contacts", "Watches", "Watchers"])
        for part, pattern in (
                ("Endpoints", r"signed in, ends in \d+ s$"),
                ("Publications", r"^  note +\d+ +\d+ +v\d+ +\w+$"),
                ("Publications", r"^  state +\d+ +\d+ +v\d+ +\w+ +busy \(\d+\)$"),
                ("Containers and their members", r"^  100 +v1 +federated"),
                ("Contacts", r"^  (sip:)?romeo@xmpp\.example "),
                ("Watches", r"^  romeo@xmpp\.example +pending, out pending"),
                ("Watchers", r"^  carol@corp\.example .*container 200"),
                ("Watchers", r"^      shown on sip, \d+ sent")):
            self.assertTrue(any(re.search(pattern, line) for line in parts[part]),
                            "no line %s in %s:\n%s" % (pattern, part, done.stdout))

    def test_nobody(self):
        for words in (("nobody@corp.example",), ("--json", "nobody@xmpp.example")):
            done = self.show(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("nothing is known of " + words[-1], done.stderr)

    def test_no_address(self):
        for word in ("alice", "", "@corp.example", "a@b@c", "al\nice@corp.example"):
            done = self.show(word)
            self.assertEqual((done.returncode, done.stdout), (2, ""), word)
            self.assertIn("is no address of a person: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
