# SPDX-License-Identifier: Apache-2.0
"""A private Kamailio: a SIP presence server for the people of one domain, over UDP and TCP."""

import os
import sqlite3
import time

from .process import PeerError, Process, free_port
from .simple import LIMIT, SimpleClient

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = "/usr/share/kamailio/db_sqlite/%s-create.sql"


class Kamailio:

    name = "kamailio"

    def __init__(self, folder, domain, gateway="", address="127.0.0.1", also=()):
        """`gateway`: the URI of who knows the people of all other domains, none without. `also`: domains whose
        people's presence is published here, though they are elsewhere."""
        self.folder, self.domain, self.address, self.also = folder, domain, address, also
        self.port = free_port(datagrams=True)
        self.process = None
        self.run = os.path.join(folder, "kamailio.run")
        os.makedirs(self.run)
        self.config = os.path.join(folder, "kamailio.cfg")
        self.database = os.path.join(folder, "kamailio.db")
        self.make_tables()
        self.configure(gateway)

    def make_tables(self):
        database = sqlite3.connect(self.database)
        # The file keeps it. The processes, if they were to ask for it, would be in each other's way.
        database.execute("PRAGMA journal_mode=WAL")
        for name in ("standard", "presence"):
            with open(TABLES % name) as script:
                database.executescript(script.read())
        database.close()

    def configure(self, gateway):
        """For the next start."""
        self.gateway = gateway
        with open(os.path.join(HERE, "kamailio.cfg")) as template:
            text = template.read()
        for name, value in (("DOMAIN", self.domain), ("ADDRESS", self.address), ("PORT", self.port),
                            ("ALSO", "\n".join('alias="%s"' % name for name in self.also)),
                            ("DATABASE", self.database.lstrip("/")), ("GATEWAY", gateway)):
            text = text.replace("@%s@" % name, str(value))
        with open(self.config, "w") as config:
            config.write(text)

    def start(self):
        """Starts the server, with what its database has, and waits until it answers: it listens before its
        processes can take a connection over, and then closes it."""
        self.process = Process("kamailio", ["kamailio", "-DD", "-E", "-f", self.config, "-Y", self.run,
                                            "-P", os.path.join(self.run, "pid"), "-m", "64", "-M", "8",
                                            *(["-A", "GATEWAY"] if self.gateway else [])], self.folder,
                               forks=True)
        self.process.await_port(self.port)
        for transport in ("udp", "tcp"):
            until = time.monotonic() + LIMIT
            while not self.answers(transport):
                if time.monotonic() > until:
                    raise PeerError("kamailio does not answer over %s; its log: %s" % (transport, self.process.log))

    def answers(self, transport):
        client = SimpleClient(self.port, transport, self.address)
        try:
            return client.user("nobody", "nobody@" + self.domain).asks_for_options(2).code == 200
        except PeerError:
            return False
        finally:
            client.close()

    def kill(self):
        self.process.kill()

    def stop(self):
        """An orderly end; returns the exit status. Its processes die with the locks that they have, and whoever waits for
        one then does so for ever: so they get the time to end what they are doing."""
        time.sleep(1)
        return self.process.stop() if self.process else None
