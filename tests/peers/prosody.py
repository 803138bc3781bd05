# SPDX-License-Identifier: Apache-2.0
"""A private Prosody: one host for users, components, nothing outside loopback."""

import os
import subprocess

from .process import PeerError, Process, free_port

CONFIG = """\
-- As root it would linger half started without this; for others it means nothing.
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/prosody.data"
certificates = "{folder}/prosody.certs"
log = {{ debug = "{folder}/prosody.debug.log" }}
interfaces = {{ "127.0.0.1" }}
component_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s_port} }}
component_ports = {{ {component_port} }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
s2s_direct_tls_ports = {{}}
http_ports = {{}}
https_ports = {{}}
modules_enabled = {{ "roster", "saslauth", "disco", "presence", "message", "iq", "pep", "ping", "blocklist" }}
modules_disabled = {{ "s2s", "tls", "http" }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
VirtualHost "{host}"
"""

COMPONENT = """\
Component "{domain}"
  component_secret = "{secret}"
  component_conflict_resolve = "kick_old"
"""


class Prosody:

    name = "prosody"
    tells_blocked = True         # who is blocked (XEP-0191) sees the user go, and come back
    tells_subscribers = True     # of a node of personal eventing, whose clients it does not see
    writes_rosters = True        # for whom it has granted that (XEP-0356)

    def __init__(self, folder, host, component, secret):
        self.folder, self.host, self.secret = folder, host, secret
        self.c2s_port, self.component_port = free_port(), free_port()
        self.config = os.path.join(folder, "prosody.cfg.lua")
        self.process = None
        os.makedirs(os.path.join(folder, "prosody.data"))
        os.makedirs(os.path.join(folder, "prosody.certs"))
        with open(self.config, "w") as config:
            config.write(CONFIG.format(**vars(self)))
        self.add_component(component, secret)

    def add_component(self, domain, secret):
        """One more domain that a component serves; Prosody is not running yet."""
        with open(self.config, "a") as config:
            config.write(COMPONENT.format(domain=domain, secret=secret))

    def grant(self, domain, privileges):
        """The component may do that in its users' names (XEP-0356; Debian's prosody-modules)."""
        with open(self.config) as config:
            text = config.read()
        with open(self.config, "w") as config:
            config.write(text.replace('"blocklist" }', '"blocklist", "privilege" }\n'
                                      'privileged_entities = { ["%s"] = { %s } }' % (domain, privileges))
                         .replace("  component_secret", '  modules_enabled = { "privilege" }\n  component_secret'))

    def grant_rosters(self, domain):
        """It may read and write its users' rosters."""
        self.grant(domain, 'roster = "both"')

    def grant_block_lists(self, domain):
        """It may read and change its users' block lists, and something else."""
        self.grant(domain, 'iq = { ["urn:xmpp:blocking"] = "both", ["jabber:iq:private"] = "get" }')

    def heard(self, text):
        """How often it has logged that."""
        with open(os.path.join(self.folder, "prosody.debug.log"), errors="replace") as log:
            return log.read().count(text)

    def register(self, user, password):
        """Makes an account; Prosody is not running yet."""
        done = subprocess.run(["prosodyctl", "--config", self.config, "register", user, self.host,
                               password], capture_output=True, text=True)
        if done.returncode:
            raise PeerError("prosodyctl register: " + (done.stdout + done.stderr).strip())

    def start(self):
        """Starts the server, with whatever rosters it has kept, and waits until it listens."""
        self.process = Process("prosody", ["prosody", "--config", self.config, "-F"], self.folder)
        self.process.await_port(self.c2s_port)
        self.process.await_port(self.component_port)

    def kill(self):
        self.process.kill()

    def stop(self):
        if self.process:
            self.process.stop()
