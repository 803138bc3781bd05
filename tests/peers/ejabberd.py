# SPDX-License-Identifier: Apache-2.0
"""A private ejabberd: one host for users, components, nothing outside loopback. It runs without Erlang's
distribution, which would leave a name server (epmd) behind; accounts are made over its HTTP API."""

import json
import os
import subprocess
import urllib.error
import urllib.request

from .process import PeerError, Process, free_port

# JSON is YAML, too.
MODULES = {"mod_blocking": {}, "mod_caps": {}, "mod_disco": {}, "mod_http_api": {}, "mod_last": {},
           "mod_ping": {}, "mod_privacy": {}, "mod_roster": {}, "mod_vcard": {},
           "mod_pubsub": {"plugins": ["flat", "pep"], "ignore_pep_from_offline": False}}


def folder_of_programs():
    """Where Debian keeps the compiled modules: it has the version in its name."""
    listed = subprocess.run(["dpkg", "-L", "ejabberd"], capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        if line.endswith("/ebin"):
            return line
    raise PeerError("there is no ejabberd: install Debian's package of that name")


class Ejabberd:

    name = "ejabberd"
    tells_blocked = False        # who is blocked (XEP-0191) hears nothing, and nothing when it ends
    tells_subscribers = False    # of a node of personal eventing, whose clients it does not see
    writes_rosters = False       # mod_privilege looks for the component's own rosters: internal-server-error

    def __init__(self, folder, host, component, secret):
        self.folder, self.host, self.secret = folder, host, secret
        self.c2s_port, self.component_port, self.api_port = free_port(), free_port(), free_port()
        self.config = os.path.join(folder, "ejabberd.yml")
        self.process = None
        self.accounts = []                # to be made once it runs
        self.components = {}
        self.modules, self.privileges = MODULES, {}
        os.makedirs(os.path.join(folder, "ejabberd.spool"))
        self.add_component(component, secret)

    def add_component(self, domain, secret):
        """One more domain that a component serves; ejabberd is not running yet."""
        self.components[domain] = {"password": secret}
        self.write_config()

    def grant_rosters(self, domain):
        """The component may read its users' rosters, and should be able to write them (XEP-0356)."""
        self.privileges = {"acl": {"gateway": {"server": domain}},
                           "access_rules": {"gateway": {"allow": "gateway"}}}
        self.modules = {**MODULES, "mod_privilege": {"roster": {"both": "gateway"}}}
        self.write_config()

    def write_config(self):
        with open(self.config, "w") as config:
            json.dump(self.settings(), config, indent=1)

    def settings(self):
        here = {"ip": "127.0.0.1"}
        return {
            "hosts": [self.host], "loglevel": "info", "auth_method": ["internal"],
            # What is for a component that is away would go out to look for its domain elsewhere.
            "s2s_access": "none",
            "listen": [
                {"module": "ejabberd_c2s", "port": self.c2s_port, "starttls": False, **here},
                # A connection speaks for the domain that it names, not for all of this list.
                {"module": "ejabberd_service", "port": self.component_port, "global_routes": False,
                 "hosts": self.components, **here},
                {"module": "ejabberd_http", "port": self.api_port,
                 "request_handlers": {"/api": "mod_http_api"}, **here}],
            "api_permissions": {"accounts": {"from": ["mod_http_api"], "who": {"ip": "127.0.0.0/8"},
                                             "what": ["register"]}},
            "modules": self.modules, **self.privileges}

    def register(self, user, password):
        """Makes an account when ejabberd starts."""
        self.accounts.append({"user": user, "host": self.host, "password": password})

    def make(self, account):
        request = urllib.request.Request("http://127.0.0.1:%d/api/register" % self.api_port,
                                         json.dumps(account).encode(),
                                         {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=20).close()
        except urllib.error.HTTPError as error:
            raise PeerError("ejabberd register %s: %s %s" % (
                account["user"], error, error.read().decode(errors="replace"))) from error

    def start(self):
        """Starts the server, with whatever rosters it has kept, and waits until it listens."""
        self.process = Process("ejabberd", [
            "env", "EJABBERD_CONFIG_PATH=" + self.config,
            "EJABBERD_LOG_PATH=" + os.path.join(self.folder, "ejabberd.debug.log"),
            "ERL_CRASH_DUMP=" + os.path.join(self.folder, "ejabberd.crash"),
            "HOME=" + self.folder, "erl", "-noinput", "-pa", folder_of_programs(), "-mnesia", "dir",
            '"%s"' % os.path.join(self.folder, "ejabberd.spool"), "-s", "ejabberd"], self.folder)
        for port in (self.c2s_port, self.component_port, self.api_port):
            self.process.await_port(port, 60)
        while self.accounts:
            self.make(self.accounts.pop(0))

    def kill(self):
        self.process.kill()

    def stop(self):
        if self.process:
            self.process.stop()
