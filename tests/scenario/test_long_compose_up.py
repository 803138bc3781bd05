#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docker/compose.yaml brought up as its readers do it: alice@corp.example sees romeo@xmpp.example, and he her.

Where no container engine can run the images' base (none is there, or no registry can be reached), it is skipped.
HG_COMPOSE names another compose command than docker's or podman's; with HG_COMPOSE_BUILT=yes the images are there already.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

import here
from contract.sip_wire import BATCH, PUBLISH, SOAP, Client, batch, publish, soap, state
from peers.process import PeerError, free_port
from peers.xmppclient import XmppClient
from stage import token
from test_long_rounds import MACHINE, SET_CONTACT, must

LIMIT = 180
FILE = os.path.join(here.SOURCE_DIR, "docker", "compose.yaml")
BASE = "docker.io/library/debian:bookworm-slim"
ALICE, ROMEO = "alice@corp.example", "romeo@xmpp.example"


def last_line(done):
    return ((done.stdout + done.stderr).strip().splitlines() or ["it says nothing"])[-1]


def find_compose():
    """(command, "") or (None, why there is none)."""
    if "HG_COMPOSE" in os.environ:
        return shlex.split(os.environ["HG_COMPOSE"]), ""
    why = "there is neither docker with compose nor podman-compose"
    for engine, compose in ("docker", ["docker", "compose"]), ("podman", ["podman-compose"]):
        if not shutil.which(engine) or not shutil.which(compose[0]) or \
                subprocess.run([*compose, "version"], capture_output=True, check=False).returncode:
            continue
        done = subprocess.run([engine, "run", "--rm", BASE, "true"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return compose, ""
        why = "%s cannot run %s: %s" % (engine, BASE, last_line(done))
    return None, why


COMPOSE, WHY = find_compose()


class Up(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-compose-up-")
        self.addCleanup(shutil.rmtree, self.folder)
        secret = os.path.join(self.folder, "component.secret")
        with open(secret, "w") as file:
            file.write(token() + token() + "\n")
        self.sip_port, self.xmpp_port, self.password = free_port(), free_port(), token()
        self.environment = {**os.environ, "SIP_PORT": str(self.sip_port), "XMPP_PORT": str(self.xmpp_port),
                            "COMPONENT_SECRET": secret}
        # Not the pair that somebody may have running here, with his volumes.
        self.project = "heliograph-test-" + token()
        if os.environ.get("HG_COMPOSE_BUILT") != "yes":
            self.compose("build")
        self.addCleanup(self.compose, "down", "-v")
        self.compose("up", "-d")

    def compose(self, *words):
        done = subprocess.run([*COMPOSE, "-p", self.project, "-f", FILE, *words], env=self.environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def until(self, attempt, *errors):
        """Again and again, until there is an answer and none of the errors."""
        end = time.monotonic() + LIMIT
        while True:
            try:
                if (answer := attempt()) is not None:
                    return answer
            except errors:
                if time.monotonic() >= end:
                    raise
            self.assertLess(time.monotonic(), end, self.compose("logs").stdout)
            time.sleep(0.5)

    def sign_on(self):
        client = Client("127.0.0.1", self.sip_port, ALICE)
        self.addCleanup(client.close)
        return client if client.register() else None

    def romeo_signs_on(self):
        romeo = XmppClient("romeo", ROMEO, self.folder)
        romeo.sign_on(self.xmpp_port, self.password, "balcony")
        try:
            romeo.await_ready()
        except PeerError:
            romeo.stop()
            raise
        self.addCleanup(romeo.stop)
        return romeo

    def is_healthy(self, service):
        """What compose.yaml has for a health check says yes."""
        with open(FILE, encoding="utf-8") as file:
            kind, *check = yaml.safe_load(file)["services"][service]["healthcheck"]["test"]
        self.assertEqual(kind, "CMD")
        self.compose("exec", "-T", service, *check)
        return True

    def test_two_worlds(self):
        self.until(lambda: self.is_healthy("prosody"), AssertionError)
        self.compose("exec", "-T", "prosody", "prosodyctl", "register", "romeo", "xmpp.example", self.password)
        alice = self.until(self.sign_on, OSError)
        self.until(lambda: self.is_healthy("heliograph"), AssertionError)
        romeo = self.until(self.romeo_signs_on, PeerError)
        must(alice.service(PUBLISH, publish(alice.uri, state(instance=77, expire="endpoint", value=MACHINE))))
        must(alice.service(SOAP, soap(SET_CONTACT % ("Romeo", ROMEO, 1))))
        must(alice.subscribe("presence", batch(alice.uri, "sip:" + ROMEO), BATCH))
        romeo.await_event("subscription", LIMIT, 0, **{"from": ALICE, "type": "subscribe"})
        romeo.command("accept", ALICE)
        romeo.command("subscribe", ALICE)
        said = "in the garden " + token()
        romeo.command("presence", "dnd", said)
        self.until(lambda: (seen := alice.notification()) and (said in seen.body or None))
        self.until(lambda: any(event["type"] == "available" and event["from"].startswith(ALICE)
                               for event in romeo.fresh("presence")) or None)


if __name__ == "__main__":
    if not COMPOSE:
        print("skipped: " + WHY)
        sys.exit(77)        # which ctest reports as skipped
    unittest.main()
