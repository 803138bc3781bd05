#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Adapters from outside, as the real daemon loads them: the reference, with people on both sides; the smallest one, built with
nothing but the public headers; and all kinds that do not fit (tests/contract/adapters)."""

import glob
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
from peers.heliograph import REPORT
from peers.process import Process, free_port
from sip_wire import BATCH, PUBLISH, Client, batch, publish, state

SOURCE_DIR = os.path.dirname(os.path.dirname(HERE))
BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(SOURCE_DIR, "build", "release"))
BINARY = os.path.join(BUILD_DIR, "heliograph")
LOOPBACK = os.path.join(BUILD_DIR, "plugins", "loopback.so")
MADE = os.path.join(BUILD_DIR, "tests", "adapters")
LIMIT = 30          # seconds within which something has to come right

ALICE, ROMEO = "alice@corp.example", "romeo@loop.example"

CONFIG = """\
store: {{ path: ./store.db }}
control: {{ socket: ./heliograph.sock }}
adapters: {adapters}
domains:
  - {{ sip: corp.example, home: sip }}
users: {{ list: [alice@corp.example] }}
sip:
  auth: none
  listen:
    - {{ transport: tcp, address: 127.0.0.1, port: {port} }}
"""

WITH_LOOPBACK = """\
routes:
  - { domain: loop.example, via: loopback, trust: sameEnterprise }
loopback:
  socket: ./loopback.sock
  domains: [corp.example]
"""

MACHINE = """<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="false"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="machineState">
<availability>3500</availability><endpointLocation/></state>"""


def until(look):
    """Waits until it is so; what was seen last, then or when time is up."""
    end = time.monotonic() + LIMIT
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


class Folder(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-adapters-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()

    def path(self, name):
        return os.path.join(self.folder, name)

    def configure(self, adapters, more=""):
        with open(self.path("heliograph.yaml"), "w") as config:
            config.write(CONFIG.format(adapters=adapters, port=self.port) + more)

    def command(self, verb, *words, status=0):
        done = subprocess.run([BINARY, *verb.split(), "--config", "heliograph.yaml", *words],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def start(self):
        """The daemon, when all of it is up: SIP listens before what comes after it in the list does."""
        before = self.log().count(" info started ")
        daemon = Process("heliograph", [BINARY, "run", "--config", "heliograph.yaml"], self.folder)
        self.addCleanup(daemon.kill)
        daemon.await_port(self.port, LIMIT)
        self.assertTrue(until(lambda: self.log().count(" info started ") > before), self.log())
        return daemon

    def log(self):
        if not os.path.exists(self.path("heliograph.log")):
            return ""
        with open(self.path("heliograph.log"), encoding="utf-8") as log:
            return log.read()

    def stop(self, daemon):
        """In good order, and nobody had to be cut off."""
        self.assertEqual(daemon.stop(LIMIT), 0, self.log())
        self.assertIsNone(REPORT.search(self.log().encode()), self.log())
        self.assertNotRegex(self.log(), r" (stop-cut-short|goodbye-cut-short|loop-handle-left) ")


class Peer:
    """Somebody at the socket of the reference adapter."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT)
        self.socket.connect(path)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def say(self, *lines):
        self.socket.sendall(("\n".join(lines) + "\n\n").encode())

    def hear(self):
        """The next message as its lines; None: the other end has closed."""
        while b"\n\n" not in self.buffer:
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:        # what we said last was not read any more
                data = b""
            if not data:
                return None
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\n\n")
        return message.decode().split("\n")

    def wait(self, *lines):
        """Until a message begins so and has all these lines."""
        heard = []
        while (message := self.hear()) is not None:
            heard.append(message)
            if message[0] == lines[0] and set(lines) <= set(message):
                return message
        raise AssertionError("no %r but %r" % (lines, heard))


class Reference(Folder):
    """plugins/loopback as loopback.so."""

    def setUp(self):
        super().setUp()
        self.configure("[%s]" % LOOPBACK, WITH_LOOPBACK)
        self.daemon = self.start()

    def peer(self):
        peer = Peer(self.path("loopback.sock"))
        self.addCleanup(peer.close)
        return peer

    def sign_in(self):
        alice = Client("127.0.0.1", self.port)
        self.addCleanup(alice.close)
        self.assertEqual(alice.register().code, 200)
        return alice

    def notified(self, client, text):
        """Until a notification holds the text."""
        heard = []
        while (message := client.notification(LIMIT)) is not None:
            heard.append(str(message))
            if text in message.body:
                return message
        raise AssertionError("no %r but\n%s" % (text, "\n\n".join(heard)))

    def test_a_home_person_is_seen(self):
        peer, alice = self.peer(), self.sign_in()
        peer.say("subscribe %s %s" % (ROMEO, ALICE))
        peer.wait("subscribed %s %s" % (ROMEO, ALICE))
        said = publish(alice.uri, state(value=MACHINE), state(instance=8))
        self.assertEqual(alice.service(PUBLISH, said).code, 200)
        peer.wait("present %s %s" % (ROMEO, ALICE), "show dnd")
        self.assertRegex(self.command("view", ROMEO, ALICE), "6500")
        # An orderly end says goodbye, and then closes.
        self.assertEqual(self.daemon.child.poll(), None)
        self.daemon.child.terminate()
        peer.wait("present %s %s" % (ROMEO, ALICE), "show gone")
        while peer.hear() is not None:
            pass
        self.stop(self.daemon)
        self.assertFalse(os.path.exists(self.path("loopback.sock")))
        self.assertRegex(self.log(), r'(?m)^\S+ info adapter-loaded adapter=loopback file="\S*/loopback\.so" '
                                     r'configured=yes$')

    def test_a_remote_person_is_seen(self):
        peer, alice = self.peer(), self.sign_in()
        self.command("contact add", ALICE, ROMEO)
        answer = alice.subscribe("presence", batch(alice.uri, "sip:" + ROMEO), BATCH)
        self.assertEqual(answer.code, 200, str(answer))
        peer.wait("subscribe %s %s" % (ALICE, ROMEO))
        peer.say("subscribed %s %s" % (ALICE, ROMEO))
        peer.say("present %s %s desk" % (ALICE, ROMEO), "show dnd", "status gone%20fishing")
        self.assertIn("6500", self.notified(alice, "gone fishing").body)
        # What is gone is gone; he who comes back is asked whether he still sees it so.
        peer.say("present %s %s desk" % (ALICE, ROMEO))
        self.notified(alice, "18500")
        peer.close()
        again = self.peer()
        again.wait("probe %s %s" % (ALICE, ROMEO))
        self.stop(self.daemon)

    def test_reload(self):
        """What is read again while it runs goes for it as well; nothing is loaded then."""
        self.assertEqual(self.command("reload"), "nothing has changed that is in force at once\n")
        self.configure("[%s, ./gone.so]" % LOOPBACK, WITH_LOOPBACK.replace("./loopback.sock", "./other.sock") +
                       "gone: { whatever: it says }\nlimits: { endpoints: 3 }\n")
        self.assertEqual(self.command("reload"), "changed: limits.endpoints\n"
                         "waiting for a restart: adapters, loopback.socket\n")
        self.configure("[%s]" % LOOPBACK, WITH_LOOPBACK + "gone: {}\n")
        self.assertIn("unknown key 'gone'", self.command("reload", status=2))

    def test_what_makes_no_sense(self):
        peer = self.peer()
        for said, why in (("subscribe", "watcher"), ("frobnicate %s %s" % (ROMEO, ALICE), "kind"),
                          ("probe romeo@ %s" % ALICE, "")):
            peer.say(said)
            self.assertRegex(peer.hear()[0], "^wrong .*" + why)
        # Nobody speaks for others than those behind the route.
        peer.say("subscribe mallory@corp.example " + ALICE)
        peer.say("subscribe %s %s" % (ROMEO, ALICE))
        self.assertEqual(peer.hear()[0], "subscribed %s %s" % (ROMEO, ALICE))
        # Who says nothing but says it at length is cut off, and the next one is heard.
        second = self.peer()
        peer.socket.sendall(b"x" * 10000)
        self.assertIsNone(peer.hear())
        second.say("subscribe")
        second.wait("wrong it%20needs%20a%20watcher%20and%20a%20presentity")
        self.stop(self.daemon)


    def test_a_socket_that_was_left_behind(self):
        self.daemon.kill()
        self.assertTrue(os.path.exists(self.path("loopback.sock")))
        self.daemon = self.start()
        self.assertEqual(os.stat(self.path("loopback.sock")).st_mode & 0o777, 0o600)
        peer = self.peer()
        peer.say("nonsense")
        peer.wait("wrong it%20needs%20a%20watcher%20and%20a%20presentity")
        self.stop(self.daemon)


class Questions(Folder):

    def test_a_command_loads_nothing(self):
        """Who asks at the control socket does not run the adapter's code, and need not have it."""
        shutil.copy(LOOPBACK, self.path("loopback.so"))
        self.configure("./loopback.so", WITH_LOOPBACK)
        daemon = self.start()
        os.unlink(self.path("loopback.so"))
        self.assertIn(ALICE, self.command("user list"))
        self.assertIn("loopback.so cannot be opened", self.command("check", status=2))
        self.stop(daemon)

    def test_a_name_is_looked_for_beside_the_program(self):
        self.configure("[loopback]", WITH_LOOPBACK)
        self.assertIn("no errors", self.command("check"))
        self.configure("[telepathy]")
        self.assertRegex(self.command("check", status=2),
                         r"^heliograph\.yaml:3: adapter telepathy: /\S+/heliograph/telepathy\.so cannot be opened: "
                         r"No such file or directory \(check the path; .*\)\n$")

    def test_its_section_is_checked(self):
        self.configure("[loopback]", WITH_LOOPBACK + "  sokcet: x\n")
        self.assertIn("heliograph.yaml:16: unknown key 'sokcet' (did you mean 'socket'?)",
                      self.command("check", status=2))
        self.configure("[loopback]", WITH_LOOPBACK.replace("[corp.example]", "[alice@corp.example]"))
        self.assertIn("heliograph.yaml:15: 'alice@corp.example' is no domain",
                      self.command("check", status=2))

    def test_it_cannot_listen(self):
        self.configure("[loopback]", WITH_LOOPBACK.replace("./loopback.sock", "./nowhere/x.sock"))
        self.command("check")
        self.assertRegex(self.command("run", status=2),
                         r"(?m)^heliograph\.yaml:14: loopback: cannot listen at \./nowhere/x\.sock: "
                         r"No such file or directory \(.*\)$")

    def test_its_table_is_missing(self):
        shutil.copytree(os.path.join(SOURCE_DIR, "mappings"), self.path("tables"))
        os.remove(self.path("tables/loopback.yaml"))
        self.configure("[loopback]", "mappings: ./tables\n" + WITH_LOOPBACK)
        self.assertEqual(self.command("check", status=2),
                         "./tables/loopback.yaml: it cannot be opened: No such file or directory (adapter loopback "
                         "needs this table: copy the one that came with it there)\n")


class Minimal(Folder):
    """Built with nothing but `-I bridge/include`."""

    def with_minimal(self, section):
        self.configure("[%s]" % os.path.join(MADE, "minimal.so"), section)

    def test_life(self):
        self.with_minimal("minimal: { greeting: 'good morning' }\n")
        daemon = self.start()
        self.stop(daemon)
        self.assertRegex(self.log(), r'minimal-started greeting="good morning"')
        self.assertEqual(self.log().count(" minimal-stopped "), 1)

    def test_it_says_too_early_that_it_has_stopped(self):
        self.with_minimal("minimal: { fail: early }\n")
        daemon = self.start()
        self.assertIn(ALICE, self.command("user list"))
        self.stop(daemon)
        self.assertEqual(self.log().count(" minimal-stopped "), 1)

    def test_without_a_section_it_rests(self):
        self.with_minimal("")
        daemon = self.start()
        self.stop(daemon)
        self.assertIn("adapter=minimal", self.log())
        self.assertNotIn("minimal-started", self.log())

    def test_it_fails(self):
        for where, verbs, message in (
                ("create", ("check", "run"), r"heliograph\.yaml:\d+: minimal was told to fail \(say fail: never\)"),
                ("silently", ("check", "run"), r"heliograph\.yaml:\d+: adapter minimal: Input/output error \(.*\)"),
                ("start", ("run",), r"minimal: it was told not to start \(say fail: never\)")):
            self.with_minimal("minimal:\n  fail: %s\n" % where)
            for verb in verbs:
                with self.subTest(where=where, verb=verb):
                    self.assertRegex(self.command(verb, status=2), r"(?m)^%s$" % message)


class Unfit(Folder):

    def complaint(self, adapter, more=""):
        """The one line that is said about it, without the place; and it is not run either."""
        self.configure("[%s]" % adapter, more)
        said = self.command("check", status=2)
        self.assertEqual(said, self.command("run", status=2))
        place, _, rest = said.partition(": ")
        self.assertEqual(place, "heliograph.yaml:3", said)
        self.assertEqual(rest.count("\n"), 1, said)
        return rest

    def made(self, name, more=""):
        return self.complaint(os.path.join(MADE, name + ".so"), more)

    def test_each(self):
        rebuild = r"\(build it with the header files of this version\)"
        for name, message in (
                ("abi", r"it is made for adapter interface 2, this is 1 " + rebuild),
                ("size", r"its struct hg_adapter has \d+ octets, \d+ are needed " + rebuild),
                ("symbol", r"\S+/symbol\.so has no symbol heliograph_adapter \(is it an adapter\? .*\)"),
                ("name", r"it calls itself 'sip' \(the file of an adapter NAME is called NAME\.so\)"),
                ("nameless", r"it calls itself '' \(.*\)"),
                ("incomplete", r"functions of its struct hg_adapter are missing \(.*\)"),
                ("unresolved", r"it cannot be loaded: .*undefined symbol: hg_function_of_tomorrow \(.*\)")):
            with self.subTest(name):
                # Its section is nobody's fault.
                self.assertRegex(self.made(name, "%s: { greeting: x }\n" % name),
                                 r"^adapter %s: %s\n$" % (name, message))

    def test_no_library(self):
        with open(self.path("text.so"), "w") as file:
            file.write("hello\n")
        os.chmod(self.path("text.so"), 0o644)
        self.assertRegex(self.complaint("./text.so"), r"^adapter text: it cannot be loaded: .* \(.*\)\n$")
        self.assertRegex(self.complaint("./none.so"), r"^adapter none: \./none\.so cannot be opened: No such file")

    def test_names(self):
        for said, message in (
                ("./sip.so", r"adapter sip: there is one of this name already \(.*\)"),
                ("domains", r"adapter domains: 'domains:' is a key of the gateway's own \(.*\)"),
                ("./Caps.so", r"adapters: '\./Caps\.so' cannot be the name of one \(.*\)"),
                ("./.so", r"adapters: '\./\.so' cannot be the name of one \(.*\)")):
            with self.subTest(said):
                self.assertRegex(self.complaint(said), r"^%s\n$" % message)
        minimal = os.path.join(MADE, "minimal.so")
        self.assertRegex(self.complaint("%s, %s" % (minimal, minimal)),
                         r"^adapter minimal: there is one of this name already ")

    def test_who_may_change_it(self):
        shutil.copy(os.path.join(MADE, "minimal.so"), self.path("minimal.so"))
        for mode in 0o664, 0o646:
            os.chmod(self.path("minimal.so"), mode)
            self.assertEqual(self.complaint("./minimal.so"),
                             "adapter minimal: others may write to ./minimal.so (chmod go-w './minimal.so')\n")
        os.chmod(self.path("minimal.so"), 0o644)
        self.configure("./minimal.so")
        self.command("check")
        if os.geteuid() != 0:
            self.skipTest("only root can give a file away")
        os.chown(self.path("minimal.so"), 65534, -1)
        self.assertRegex(self.complaint("./minimal.so"),
                         r"^adapter minimal: \./minimal\.so belongs to user 65534 \(.*chown root '\./minimal\.so'\)\n$")

    def test_all_at_once(self):
        """Each with its line, among the file's other faults; and there is an end to their number."""
        names = ["a%d" % n for n in range(1, 16)]
        items = "".join("\n  - ./%s.so" % name for name in names)
        self.configure(items, "lgo: {}\n")
        said = self.command("check", status=2).splitlines()
        self.assertEqual([line.partition(" ")[0] for line in said[:15]],
                         ["heliograph.yaml:%d:" % line for line in range(4, 19)])
        self.assertRegex(said[14], r"adapter a15: there are 16 adapters already, which is the most \(.*\)$")
        self.assertIn("unknown key 'lgo' (did you mean 'log'?)", said[15])
        self.assertEqual(said[16:], ["heliograph: heliograph.yaml: 16 errors"])


class Interface(unittest.TestCase):

    def symbols(self, file):
        done = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", file], capture_output=True,
                              text=True, check=True, timeout=60)
        return {line.split()[0] for line in done.stdout.splitlines()}

    def test_the_executable_has_what_the_headers_declare(self):
        declared = set()
        for header in glob.glob(os.path.join(SOURCE_DIR, "bridge/include/heliograph/*.h")):
            with open(header, encoding="utf-8") as file:
                text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
            declared |= set(re.findall(r"(?m)^[a-z][^;#({]*?\b(hg_[a-z0-9_]+)\(", text))
        self.assertGreater(len(declared), 60)
        for known in "hg_buf_addf", "hg_record_new", "hg_band_find", "hg_conf_str", "hg_log", "hg_err_set":
            self.assertIn(known, declared)
        self.assertEqual(declared - self.symbols(BINARY), set())

    def test_an_adapter_exports_one_symbol(self):
        for file in LOOPBACK, os.path.join(MADE, "minimal.so"):
            own = {name for name in self.symbols(file) if not name.startswith("__")}
            self.assertEqual(own, {"heliograph_adapter"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
