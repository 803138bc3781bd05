#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""libheliograph-client as an application's author gets it: installed, found by pkg-config, compiled against, run."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import here
from test_ops_install import run
from test_verbs import ALICE, CAROL, Alone

EXAMPLE = "docs/examples/on-call.c"
CALLS = "tests/scenario/client_calls.c"


class Library(Alone):

    @classmethod
    def setUpClass(cls):
        cls.prefix = tempfile.mkdtemp(prefix="heliograph-prefix-")
        cls.addClassCleanup(shutil.rmtree, cls.prefix)
        done = run("cmake", "--install", here.BUILD_DIR, "--prefix", cls.prefix)
        if done.returncode:
            raise AssertionError(done.stderr)
        cls.found = {name: folder for folder, _, names in os.walk(cls.prefix) for name in names}
        cls.library = os.path.join(cls.found["libheliograph-client.so"], "libheliograph-client.so")
        cls.environment = {**os.environ, "PKG_CONFIG_PATH": cls.found["heliograph-client.pc"],
                           "LD_LIBRARY_PATH": os.path.dirname(cls.library)}

    def setUp(self):
        super().setUp()
        for person in ALICE, CAROL:
            self.ask("user add", person)
        self.socket = self.path("heliograph.sock")

    def flags(self):
        done = run("pkg-config", "--cflags", "--libs", "heliograph-client", env=self.environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # A sanitised library wants a sanitised program.
        more = ["-fsanitize=address,undefined"] if "libasan" in run("ldd", self.library).stdout else []
        return [*done.stdout.split(), *more]

    def compile(self, source):
        program = self.path(os.path.basename(source)[:-2])
        done = run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", program,
                   os.path.join(here.SOURCE_DIR, source), *self.flags())
        self.assertEqual(done.returncode, 0, done.stderr)
        linked = run("ldd", program, env=self.environment).stdout
        self.assertIn("libheliograph-client.so.0 => " + self.prefix, linked)
        return program

    def test_calls(self):
        done = run(self.compile(CALLS), self.socket, env=self.environment)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_example(self):
        """It publishes, follows, and takes back what it published; what it says is what carol is shown."""
        lines = []
        with subprocess.Popen([self.compile(EXAMPLE), self.socket, ALICE, CAROL], env=self.environment, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as example:
            lines.append(example.stdout.readline())
            self.ask("publish", ALICE, "--state", "machine", "--availability", "3500")
            lines.append(example.stdout.readline())
            example.stdin.close()
            self.assertEqual(example.wait(30), 0)
        self.assertEqual(lines, ["alice@corp.example: known, offline, On call\n",
                                 "alice@corp.example: known, available, On call\n"])
        self.assertIn("available (3500), no note", self.ask("view", CAROL, ALICE))

    def test_example_without_a_daemon(self):
        example = self.compile(EXAMPLE)
        with subprocess.Popen([example, self.socket, ALICE, CAROL], env=self.environment, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            running.stdout.readline()
            self.daemon.stop()
            said = running.communicate(timeout=30)[1]
            self.assertEqual(running.returncode, 1)
        self.assertIn("the subscription has ended", said)
        done = run(example, self.socket, ALICE, CAROL, env=self.environment)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no Heliograph is running there", done.stderr)

    def test_header(self):
        """It can be included alone, also by C++, and shows no JSON."""
        include = self.found["heliograph-client.h"]
        for compiler, language in ("cc", "c"), ("c++", "c++"):
            done = run(compiler, "-x", language, "-fsyntax-only", "-Wall", "-Werror", "-I", include,
                       "-", input="#include <heliograph-client.h>\n")
            self.assertEqual(done.returncode, 0, done.stderr)
        with open(os.path.join(include, "heliograph-client.h")) as file:
            self.assertNotIn("jansson", file.read())

    def test_symbols(self):
        """What the header declares, the manual explains and the library has; and nothing else."""
        with open(os.path.join(self.found["heliograph-client.h"], "heliograph-client.h")) as file:
            declared = set(re.findall(r"\b(heliograph_\w+)\(", re.sub(r"(?s)/\*.*?\*/", "", file.read())))
        said = run("nm", "-D", "--defined-only", self.library).stdout
        self.assertEqual(set(re.findall(r" [A-Z] ((?!__|_init|_fini)\w+)$", said, re.M)), declared)
        with open(os.path.join(self.found["heliograph-client.3"], "heliograph-client.3")) as file:
            manual = file.read()
        self.assertEqual(set(re.findall(r"(?m)^\.It Fn (heliograph_\w+)", manual.split(".Sh DESCRIPTION")[1])), declared)


if __name__ == "__main__":
    unittest.main()
