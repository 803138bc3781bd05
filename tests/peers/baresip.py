# SPDX-License-Identifier: Apache-2.0
"""A SIP telephone without a screen: Debian's baresip 1.0.0, of which only the presence is used.

It registers, publishes whether it is there (RFC 3903), and subscribes to its contacts; it is driven over
its control port, as JSON in netstrings. What it cannot: it publishes open or closed and nothing else,
and of others it reads no more than `<basic>` and the activities away (for it: offline), busy and
on-the-phone (busy), by what they look like and not as XML. Contacts cannot be added while it runs."""

import itertools
import json
import os
import re
import socket

from .probe import Sight
from .process import PeerError, Process, free_port

CONFIG = """\
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
module_path /usr/lib/baresip/modules
module_app account.so
module_app contact.so
module_app presence.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control_port}
"""
ACCOUNT = '<sip:{address};transport={transport}>;auth_pass=none;outbound="sip:127.0.0.1:{server_port};' \
    'transport={transport}";regint=600;pubint=600\n'
CONTACT = '"{0.name}" <sip:{0.address}>;presence=p2p\n'
COLOUR = re.compile(r"\x1b\[[\d;]*m")
SHOWN = re.compile(r"^>?\s*(\S+)\s.*<sip:([^>]*)>", re.MULTILINE)
_number = itertools.count(1)


class Baresip:

    def __init__(self, folder, name, address, server_port, contacts, transport="udp"):
        """`contacts`: whoever has a name and an address."""
        self.folder, self.name, self.address = os.path.join(folder, "baresip-" + name), name, address
        self.server_port, self.transport = server_port, transport
        self.port, self.control_port = free_port(datagrams=True), free_port()
        self.process = self.control = None
        self.buffer, self.events = b"", []        # events: what it said by itself, as dictionaries
        os.makedirs(self.folder)
        for file, text in (("config", CONFIG.format(**vars(self))),
                           ("accounts", ACCOUNT.format(**vars(self))),
                           ("contacts", "".join(CONTACT.format(each) for each in contacts))):
            with open(os.path.join(self.folder, file), "w") as out:
                out.write(text)

    def start(self):
        self.process = Process("baresip-" + self.name, ["baresip", "-v", "-f", self.folder], self.folder)
        self.process.await_port(self.control_port)
        self.control = socket.create_connection(("127.0.0.1", self.control_port), 20)

    def stop(self):
        """It says goodbye to its server. Returns the exit status."""
        if self.control:
            self.control.close()
            self.control = None
        return self.process.stop() if self.process else None

    def kill(self):
        self.process.kill()

    # ---- its control port

    def netstring(self):
        """The next one, as JSON."""
        while True:
            length, colon, rest = self.buffer.partition(b":")
            if colon and len(rest) > int(length):
                self.buffer = rest[int(length) + 1:]
                return json.loads(rest[:int(length)])
            try:
                data = self.control.recv(65536)
            except OSError as error:
                raise PeerError("baresip says nothing: %s; its log: %s" % (error, self.process.log)) from error
            if not data:
                raise PeerError("baresip is gone; its log: " + self.process.log)
            self.buffer += data

    def command(self, name, parameters=""):
        """Has it do something; returns what it prints."""
        token = str(next(_number))
        data = json.dumps({"command": name, "params": parameters, "token": token}).encode()
        self.control.sendall(b"%d:%s," % (len(data), data))
        while True:
            said = self.netstring()
            if said.get("token") != token:
                self.events.append(said)
            elif said["ok"]:
                return said["data"]
            else:
                raise PeerError("baresip: %s: %s" % (name, said["data"].strip()))

    # ---- presence

    def online(self):
        self.command("presence_online")

    def offline(self):
        self.command("presence_offline")

    def contacts(self):
        """{address: Online, Offline, Busy or Unknown}"""
        text = COLOUR.sub("", self.command("contacts"))
        return {address: state for state, address in SHOWN.findall(text)}

    def sees(self, contact, state):
        def look():
            seen = self.contacts().get(contact.address, "no contact")
            return seen == state, "%s: %s" % (contact.name, seen)
        return Sight(self.name, "%s: %s" % (contact.name, state), look)
