# SPDX-License-Identifier: Apache-2.0
"""Heliograph itself, as an operator would run it: a config file, one process, a log."""

import json
import os
import re
import shlex
import subprocess

from . import hints
from .probe import Sight
from .process import PeerError, Process, free_port

CONFIG = """\
store:
  path: {folder}/heliograph.db
control:
  socket: {folder}/heliograph.sock
domains:
  - {{ sip: {sip_domain}, xmpp: {sip_domain}, home: sip }}
users:
  provision: open
sip:
  auth: none
  listen:
    - {{ transport: tcp, address: 127.0.0.1, port: {sip_port} }}
xmpp:
  components:
    - {{ domains: [{sip_domain}], server: 127.0.0.1, port: {component_port}, secret: "{secret}" }}
routes:
  - {{ domain: {xmpp_domain}, via: xmpp, trust: federated }}
"""

AGGREGATION = 2     # the container of states that a person's availability is made of
MACHINE = 3         # the first digit of the instance of a state that a device says

# What AddressSanitizer, LeakSanitizer, UBSan and valgrind say when they have found something.
REPORT = re.compile(rb"^==\d+==\s*ERROR: |runtime error: |^==\d+== (?:Invalid |Conditional jump|"
                    rb"Use of uninitialised|Syscall param|Mismatched free|Source and destination|"
                    rb"[\d,]+ .*bytes in .* (?:definitely|indirectly|possibly) lost|"
                    rb".*ERROR SUMMARY: [1-9])", re.MULTILINE)


LISTEN = "  listen:\n"


def make_certificate(folder):
    """A folder with agent.pem, as an operator would make one."""
    os.mkdir(folder)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "certificate.pem"],
                   cwd=folder, check=True, capture_output=True)
    with open(os.path.join(folder, "agent.pem"), "w") as agent:
        for name in ("certificate.pem", "key.pem"):
            with open(os.path.join(folder, name)) as part:
                agent.write(part.read())


class Heliograph:

    def __init__(self, binary, wrapper, folder, sip_domain, xmpp_domain, component_port, secret):
        self.binary, self.wrapper, self.folder = binary, shlex.split(wrapper), folder
        self.sip_domain, self.xmpp_domain = sip_domain, xmpp_domain
        self.component_port, self.secret = component_port, secret
        self.sip_port = free_port()
        self.config = os.path.join(folder, "heliograph.yaml")
        self.process = None
        self.status = None                # exit status of an orderly stop
        with open(self.config, "w") as config:
            config.write(CONFIG.format(**vars(self)))

    def configure(self, text):
        """Adds sections to the configuration; to be done before the start, like the next."""
        with open(self.config, "a") as config:
            config.write(text)

    def listen_tls(self, sip=""):
        """Adds a TLS listener, and `sip` to its section; returns the port."""
        make_certificate(os.path.join(self.folder, "tls"))
        port = free_port()
        with open(self.config) as config:
            before, listen, after = config.read().partition(LISTEN)
        with open(self.config, "w") as config:
            config.write("%s%s%s    - { transport: tls, port: %d, certificate: ./tls }\n%s"
                         % (before, sip, listen, port, after))
        return port

    def listen_2005(self):
        """Adds a listener for clients from before categories; returns the port."""
        port = free_port()
        with open(self.config) as config:
            before, listen, after = config.read().partition(LISTEN)
        with open(self.config, "w") as config:
            config.write("%s%s    - { transport: tcp, port: %d, dialect: 2005 }\n%s"
                         % (before, listen, port, after))
        return port

    def start(self, limit=60):
        """Starts the daemon and waits until Lync clients can connect."""
        self.process = Process("heliograph", [*self.wrapper, self.binary, "run", "--config",
                                              self.config], self.folder)
        self.process.await_port(self.sip_port, limit)

    def await_kept(self):
        """Until a kill loses nothing that the next start is given."""
        hints.await_written(self.binary, self.config, self.sip_domain)

    def kill(self):
        self.process.kill()

    def stop(self, limit=60):
        """An orderly stop; the exit status is kept."""
        if self.process and self.status is None:
            self.status = self.process.stop(limit)

    def show_command(self, verb, *words):
        """The command line of a question to the running daemon."""
        return [self.binary, verb, "--config", self.config, *words]

    def ask(self, verb, *words):
        """Has the daemon answered a question at the terminal."""
        subprocess.run(self.show_command(verb, *words), check=False)

    def command(self, verb, *words):
        """What an administrator or an application has the daemon do. Returns what it says."""
        done = subprocess.run([self.binary, *verb.split(), "--config", self.config, *words],
                              capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise PeerError("heliograph %s: exit status %d: %s" % (
                verb, done.returncode, (done.stdout + done.stderr).strip()))
        return done.stdout

    def describe(self, person, *fields):
        """What an administrator says of somebody."""
        self.command("user set", *fields, person.address)

    def call(self, person):
        """A telephone system says that somebody has begun a call."""
        self.command("publish", person.address, "--state", "phone", "--availability", "6500", "--token", "on-the-phone",
                     "--expires", "1h")

    def hang_up(self, person):
        self.command("publish", person.address, "--clear", "phone")

    def mirror_of(self, person):
        """All that the daemon holds of somebody, as `show` tells it."""
        return json.loads(self.command("show", "--json", person.address))

    def log(self):
        with open(self.process.log, "rb") as log:
            return log.read()

    def report(self):
        """The first line of what a sanitizer or valgrind found, "" if nothing."""
        found = REPORT.search(self.log())
        if not found:
            return ""
        return self.log()[found.start():].split(b"\n", 1)[0].decode("utf-8", "replace")

    # ---- seeing

    def device_of(self, person):
        """The device at which the person signed in first."""
        return self.mirror_of(person)["endpoints"][0]["instance"]

    def states_of(self, person):
        """What the person's availability is made of."""
        return [each for each in self.mirror_of(person)["publications"]
                if (each["category"], each["container"]) == ("state", AGGREGATION)]

    def holds_call(self, person):
        """An application has published a state in her name, bound to one of her devices."""
        expected = "application's state: busy, endpoint-bound"

        def look():
            seen = ["%s's state: %s, %s-bound" % (each["origin"], each["band"], each["expiry"])
                    for each in self.states_of(person) if "origin" in each]
            return seen == [expected], "; ".join(seen) or "no state of an application's"
        return Sight("heliograph", expected, look)

    def holds_devices(self, person, *bands):
        """What each of the person's devices says, in alphabetical order."""
        expected = "%d devices: %s" % (len(bands), ", ".join(bands))

        def look():
            machines = sorted(each["band"] for each in self.states_of(person)
                              if each["instance"] >> 28 == MACHINE)
            seen = "%d devices: %s" % (len(machines), ", ".join(machines))
            return seen == expected, seen
        return Sight("heliograph", expected, look)

    def ends_well(self):
        def look():
            report = self.report()
            seen = "exit status %s, %s" % (self.status, report or "no report")
            return self.status == 0 and not report, seen
        return Sight("heliograph", "exit status 0, no report", look)

    def keeps_quiet(self, texts):
        def look():
            log = self.log().decode("utf-8", "replace")
            told = [text for text in texts
                    for part in (text, text.rsplit(" ", 1)[-1]) if part in log]
            if told:
                return False, "its log tells '%s'" % told[0]
            if not log:
                return False, "no log at all"
            return True, "no text of %d in its log" % len(texts)
        return Sight("heliograph", "no text of %d in its log" % len(texts), look)
