#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docker/compose.yaml without a container engine: what it mounts and builds is there, and what it mounts is good."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

import here

DOCKER = os.path.join(here.SOURCE_DIR, "docker")
SECRET = "/run/secrets/component"


def read(*path):
    with open(os.path.join(here.SOURCE_DIR, *path), encoding="utf-8") as file:
        return file.read()


class Compose(unittest.TestCase):

    def setUp(self):
        self.compose = yaml.safe_load(read("docker", "compose.yaml"))
        self.services = self.compose["services"]
        self.folder = tempfile.mkdtemp(prefix="heliograph-compose-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.secret = os.path.join(self.folder, "secret")
        with open(self.secret, "w") as file:
            file.write("5ecret\n")

    def mounts(self, name):
        """{target: source} of a service."""
        return {target: source for source, target, *_ in
                (volume.split(":") for volume in self.services[name]["volumes"])}

    def dockerfile(self, name):
        build = self.services[name]["build"]
        return os.path.normpath(os.path.join(DOCKER, build["context"], build["dockerfile"]))

    def mounted(self, name, target):
        """The text that a service reads at `target`, with the test's own secret."""
        text = read("docker", self.mounts(name)[target])
        self.assertIn(SECRET, text)
        return text.replace(SECRET, self.secret)

    def test_all_is_there(self):
        self.assertEqual(set(self.services), {"heliograph", "prosody"})
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertTrue(os.path.isfile(self.dockerfile(name)), self.dockerfile(name))
                self.assertIn("test", service["healthcheck"])
                for source in self.mounts(name).values():
                    if source.startswith("."):
                        self.assertTrue(os.path.isfile(os.path.join(DOCKER, source)), source)
                    else:
                        self.assertIn(source, self.compose["volumes"])
                for secret in service["secrets"]:
                    self.assertIn(secret, self.compose["secrets"])
                for earlier in service.get("depends_on", {}):
                    self.assertIn(earlier, self.services)

    def test_what_is_copied_is_there(self):
        for name in self.services:
            for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", read(self.dockerfile(name))):
                for source in line.split()[:-1]:
                    with self.subTest(source):
                        self.assertTrue(os.path.exists(os.path.join(here.SOURCE_DIR, source)))

    def test_nothing_is_published_to_others(self):
        """`auth: none` is no more than this machine's business, and passwords are not protected by TLS."""
        for name, service in self.services.items():
            for port in service["ports"]:
                self.assertRegex(port, r"^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$", name)

    def test_no_secret_is_told(self):
        """The secret is the operator's own file, which no commit takes along."""
        self.assertEqual(list(self.compose["secrets"]), ["component"])
        self.assertEqual(self.compose["secrets"]["component"], {"file": "${COMPONENT_SECRET:-./component.secret}"})
        self.assertIn("/docker/component.secret\n", read(".gitignore"))
        for path in ("heliograph.yaml", "prosody/prosody.cfg.lua", "compose.yaml"):
            self.assertNotRegex(read("docker", path), r"(?m)secret[\"']?\s*[:=]\s*[\"']")

    def test_heliograph_reads_it(self):
        path = os.path.join(self.folder, "heliograph.yaml")
        with open(path, "w") as file:
            file.write(self.mounted("heliograph", "/etc/heliograph/heliograph.yaml"))
        done = subprocess.run([os.path.join(here.BUILD_DIR, "heliograph"), "check", "--config", path],
                              cwd=here.SOURCE_DIR, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_two_agree(self):
        """Ports, names and domains of one are those of the other."""
        ours = yaml.safe_load(read("docker", "heliograph.yaml"))
        theirs = read("docker", "prosody", "prosody.cfg.lua")
        component, = ours["xmpp"]["components"]
        self.assertIn(component["server"], self.services)
        self.assertIn('\nVirtualHost "%s"\n' % ours["routes"][0]["domain"], theirs)
        self.assertIn('\nComponent "%s"\n' % component["domains"][0], theirs)
        self.assertIn("component_ports = { %d }" % component["port"], theirs)
        self.assertTrue(self.services["heliograph"]["ports"][0].endswith(":%d" % ours["sip"]["listen"][0]["port"]))
        self.assertIn("/dev/tcp/%s/%d;" % (ours["http"]["address"], ours["http"]["port"]),
                      self.services["heliograph"]["healthcheck"]["test"][3])

    def test_prosody_reads_it(self):
        path = os.path.join(self.folder, "prosody.cfg.lua")
        with open(path, "w") as file:
            file.write(self.mounted("prosody", "/etc/prosody/prosody.cfg.lua")
                       .replace("/var/lib/prosody", self.folder) + "\n")
        done = subprocess.run(["prosodyctl", "--root", "--config", path, "check", "config"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        os.unlink(self.secret)
        done = subprocess.run(["prosodyctl", "--root", "--config", path, "check", "config"],
                              capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0, "without the secret it must not start")


if __name__ == "__main__":
    unittest.main()
