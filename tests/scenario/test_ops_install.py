#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an administrator gets: `cmake --install`, the manual, the unit, and what the unit's supervisor is told."""

import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import here
from peers.process import free_port

BINARY = os.path.join(here.BUILD_DIR, "heliograph")


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, **more)


class Installed(unittest.TestCase):
    """As a package has it: prefix and configuration folder as they were built in, below DESTDIR."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="heliograph-install-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        done = run("cmake", "--install", here.BUILD_DIR, env={**os.environ, "DESTDIR": cls.folder})
        if done.returncode:
            raise AssertionError(done.stderr)
        cls.files = [os.path.relpath(os.path.join(folder, name), cls.folder)
                     for folder, _, names in os.walk(cls.folder) for name in names]

    def find(self, end):
        found = [name for name in self.files if name.endswith(end)]
        self.assertEqual(len(found), 1, "%s in %s" % (end, self.files))
        return os.path.join(self.folder, found[0])

    def test_everything_and_nothing_else(self):
        for end in ("bin/heliograph", "share/heliograph/mappings/xmpp.yaml", "share/heliograph/mappings/grammar.yaml",
                    "man8/heliograph.8", "man3/heliograph-client.3", "man5/heliograph.yaml.5", "man5/heliograph-mapping.5",
                    "lib/systemd/system/heliograph.service", "lib/sysusers.d/heliograph.conf",
                    "heliograph.example.yaml", "include/heliograph/adapter.h", "/NOTICE",
                    "/heliograph/loopback.so", "include/heliograph-client.h", "/libheliograph-client.so.0",
                    "pkgconfig/heliograph-client.pc", "examples/on-call.c", "share/heliograph/mappings/loopback.yaml", "/adapter.md",
                    "LICENSES/Apache-2.0.txt"):
            self.find(end)
        for name in self.files:
            self.assertNotRegex(name, r"purple|/tests?/|\.a$|sim", name)

    def test_program(self):
        program = self.find("bin/heliograph")
        self.assertRegex(run(program, "--version").stdout, r"\Aheliograph \d+\.\d+\.\d+\n\Z")
        mappings = os.path.dirname(self.find("mappings/grammar.yaml"))
        done = run(program, "mapping", "check", mappings)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        config = os.path.join(self.folder, "heliograph.yaml")
        shutil.copy(self.find("heliograph.example.yaml"), config)
        with open(config, "a") as file:
            file.write("mappings: %s\nadapters: [loopback]\n" % mappings)
        done = run(program, "check", "--config", config)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_headers(self):
        """Each can be included alone, by an adapter that has nothing else."""
        include = os.path.dirname(os.path.dirname(self.find("heliograph/adapter.h")))
        headers = glob.glob(os.path.join(include, "heliograph", "*.h"))
        self.assertGreater(len(headers), 4)
        for header in headers:
            done = run("cc", "-std=c11", "-fsyntax-only", "-Wall", "-Werror", "-I", include, "-x", "c", "-",
                       input="#include <heliograph/%s>\n" % os.path.basename(header))
            self.assertEqual(done.returncode, 0, done.stderr)

    # -- manual

    def pages(self):
        return [self.find(end) for end in ("/heliograph.8", "/heliograph-client.3", "/heliograph.yaml.5", "/heliograph-mapping.5")]

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_manual_is_sound(self):
        for page in self.pages():
            done = run("mandoc", "-T", "lint", "-W", "warning", page)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_manual_is_complete(self):
        for page in self.pages():
            with open(page) as file:
                text = file.read()
            self.assertNotRegex(text, r"(?m)^@|^\.Os$")
        with open(self.find("/heliograph.8")) as file:
            manual = file.read()
        usage = run(BINARY, "--help").stdout
        commands = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", usage.split("Commands:")[1], re.M)
        self.assertGreater(len(commands), 3)
        for command in commands:
            self.assertIn("\n.It Cm %s" % command, manual)
        self.assertIn("\n.It Sy heliograph_build_info Brq Ar version\n", manual)
        with open(self.find("/heliograph.yaml.5")) as file:
            keys = file.read()
        self.assertIn(".It Cm grace\n", keys)
        for text in (r"Duration from 100ms to 1h; default 60s; reload: ", r"\.Ss sip\n", r"\.It Cm listen\[\]\.port\n",
                     r"\.It Cm components\[\]\.secret\n"):
            self.assertRegex(keys, text)
        # A key that nobody can make out from the manual is of no use.
        for item in re.split(r"(?m)^\.(?=It Cm|Ss)", keys.split(".Sh KEYS")[1])[1:]:
            if not item.startswith(("Ss sip", "Ss xmpp")):      # protocols explain themselves
                self.assertRegex(item, r"(?s)\A[^\n]+\n[A-Z][^\n]*: \S.*\.\n", "a key without help")

    # -- the unit

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_unit(self):
        with open(self.find("heliograph.service")) as file:
            unit = file.read()
        self.assertNotIn("@CMAKE", unit)
        self.assertRegex(unit, r"(?m)^ExecStart=/\S*bin/heliograph run ")
        # There is no such user here, and the program is below DESTDIR.
        copy = os.path.join(self.folder, "heliograph-test.service")
        with open(copy, "w") as file:
            file.write(re.sub(r"(?m)^(User|Group)=.*\n", "", re.sub(
                r"(?m)^(Exec\w+)=\S+", r"\1=" + self.find("bin/heliograph"), unit)))
        done = run("systemd-analyze", "verify", "--man=no", copy)
        said = [line for line in (done.stdout + done.stderr).splitlines() if "heliograph" in line]
        self.assertEqual(said, [])


class Supervised(unittest.TestCase):

    @unittest.skipUnless("libsystemd" in run("ldd", BINARY).stdout, "built without libsystemd")
    def test_notify(self):
        folder = tempfile.mkdtemp(prefix="heliograph-notify-")
        self.addCleanup(shutil.rmtree, folder)
        with open(os.path.join(folder, "heliograph.yaml"), "w") as config:
            config.write("mappings: %s/mappings\ndomains: [ { sip: corp.example, home: sip } ]\n"
                         "users: { provision: open }\nsip:\n  auth: none\n"
                         "  listen: [ { transport: tcp, address: 127.0.0.1, port: %d } ]\n"
                         % (here.SOURCE_DIR, free_port()))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(os.path.join(folder, "notify"))
            told.settimeout(60)
            with open(os.path.join(folder, "log"), "wb") as log:
                process = subprocess.Popen(
                    [BINARY, "run", "--config", "heliograph.yaml"], cwd=folder, stderr=log,
                    env={**os.environ, "NOTIFY_SOCKET": os.path.join(folder, "notify"),
                         "WATCHDOG_USEC": "1000000"})
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            self.assertEqual(told.recv(100), b"READY=1")
            begun = time.monotonic()
            for _ in range(5):
                self.assertEqual(told.recv(100), b"WATCHDOG=1")
            self.assertGreater(time.monotonic() - begun, 1.5)      # 4 * 0.5 s
            process.send_signal(signal.SIGTERM)
            while (said := told.recv(100)) == b"WATCHDOG=1":
                pass
            self.assertEqual(said, b"STOPPING=1")
            self.assertEqual(process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
