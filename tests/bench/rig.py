# SPDX-License-Identifier: Apache-2.0
"""The daemon between a made-up XMPP server and Lync clients that are bare sockets: as little as can be asked to
wait for each update, so that one after the other can be counted."""

import hashlib
import os
import re
import shutil
import socket
import sys
import tempfile

SOURCE_DIR = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(SOURCE_DIR, "build", "release"))

sys.path[:0] = [os.path.join(SOURCE_DIR, "tests"), os.path.join(SOURCE_DIR, "tests", "contract")]
from peers.heliograph import Heliograph  # noqa: E402
from sip_wire import BATCH, PUBLISH, SELF, Client, batch, publish, state  # noqa: E402

SIP, XMPP, SECRET = "corp.example", "xmpp.example", "bench"
PATIENCE = 60  # seconds; callgrind is slow

BUSY, AWAY = 6500, 15500
SHOW = {BUSY: b"<show>dnd</show>", AWAY: b"<show>away</show>"}


PING = re.compile(rb"<iq type='get'[^>]* id='([^']*)'><ping [^>]*/></iq>")


class Wrong(Exception):
    """Heliograph did not do what is to be counted."""


class Counted:
    """A socket, and how many octets went through it."""

    def __init__(self, plain):
        self.plain, self.sent, self.received = plain, 0, 0

    def sendall(self, data):
        self.sent += len(data)
        self.plain.sendall(data)

    def recv(self, most):
        data = self.plain.recv(most)
        self.received += len(data)
        return data

    def __getattr__(self, name):
        return getattr(self.plain, name)


class Server:
    """The XMPP server's end of XEP-0114."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.socket, self.buffer = None, b""

    def accept(self):
        self.socket = Counted(self.listener.accept()[0])
        self.socket.settimeout(PATIENCE)
        self.read(lambda b: b.count(b"<stream:stream") == 1 and b.endswith(b">"))
        self.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                   b"xmlns:stream='http://etherx.jabber.org/streams' id='1' from='%s'>" % SIP.encode())
        said = self.read(lambda b: b"</handshake>" in b)
        if hashlib.sha1(b"1" + SECRET.encode()).hexdigest().encode() not in said:
            raise Wrong("the component does not know the secret: %r" % said)
        self.write(b"<handshake/>")

    def write(self, data):
        self.socket.sendall(data)

    def presence(self, sender, to, body="", kind=None):
        self.write(("<presence from='%s' to='%s'%s>%s</presence>" % (
            sender, to, " type='%s'" % kind if kind else "", body)).encode())

    def read(self, enough):
        """Reads until there is enough; returns it all."""
        while not enough(self.buffer):
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                raise Wrong("the component said no more than %r" % self.buffer[-500:])
            self.buffer += data.replace(b"\n", b"")
            self.answer_ping()
        data, self.buffer = self.buffer, b""
        return data

    def answer_ping(self):
        ping = PING.search(self.buffer)
        if ping:
            self.buffer = self.buffer.replace(ping.group(0), b"")
            self.write(b"<iq type='result' from='%s' to='%s' id='%s'/>" % (
                SIP.encode(), SIP.encode(), ping.group(1)))

    def presences(self, marker, n):
        """Reads n presences with the marker; none may be without it."""
        if n == 0:
            return
        data = self.read(lambda b: b.count(marker) >= n and b.endswith(b">"))
        if data.count(b"<presence ") != n or data.count(marker) != n:
            raise Wrong("not %d presences with %r: %r" % (n, marker, data[:1000]))

    def close(self):
        if self.socket:
            self.socket.close()
        self.listener.close()


class Lync(Client):
    """A Lync client that is signed in."""

    def __init__(self, port, name):
        super().__init__("127.0.0.1", port, "%s@%s" % (name, SIP))
        self.socket = Counted(self.socket)
        self.version, self.dialog = 0, 0
        self._must(self.register())
        self._must(self.subscribe("vnd-microsoft-roaming-contacts"))
        self._must(self.subscribe("vnd-microsoft-roaming-self", kind=SELF, body=(
            '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
            '<roaming type="categories"/><roaming type="containers"/><roaming type="subscribers"/>'
            '</roamingList>')))

    @staticmethod
    def _must(answer):
        if answer is None or answer.code != 200:
            raise Wrong("refused: %s" % answer)
        return answer

    def publish(self, *publications):
        return self._must(self.service(PUBLISH, publish(self.uri, *publications), timeout=PATIENCE))

    def appear(self):
        """What the device does: without it nobody counts as present."""
        self.publish(*(state(0, 0x30000001, container, 0, "endpoint", (
            '<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="false"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="machineState">'
            '<availability>3500</availability></state>')) for container in (2, 3)))

    def choose(self, availability):
        """The person's choice, as Lync publishes it: kept, and in both containers."""
        answer = self.publish(*(state(self.version, 0x20000000, container, availability)
                                for container in (2, 3)))
        self.version += 1
        if answer.body.count('version="%d"' % self.version) < 2:
            raise Wrong("no publications of version %d: %s" % (self.version, answer))

    def watch(self, address):
        resource = '<resource uri="sip:%s"><context/></resource>' % address
        self._must(self.subscribe("presence", batch(self.uri, resource), BATCH))

    def notified_of(self, availability):
        """Waits for the one BENOTIFY that says so."""
        message = self.notification(PATIENCE)
        if message is None or not message.start.startswith("BENOTIFY") or \
                "<availability>%d</availability>" % availability not in message.body:
            raise Wrong("%s: no BENOTIFY of %d, but: %s" % (self.user, availability, message))

    def settle(self, availability):
        """Skips notifications until one says so."""
        while True:
            message = self.notification(PATIENCE)
            if message is None:
                raise Wrong("%s is never told of %d" % (self.user, availability))
            if "<availability>%d</availability>" % availability in message.body:
                return


class Rig:
    """Server, daemon and clients, for one measurement."""

    def __init__(self, counter):
        self.counter = counter
        self.folder = tempfile.mkdtemp(prefix="hg-bench-")
        self.server, self.clients = Server(), []
        self.daemon = Heliograph(os.path.join(BUILD_DIR, "heliograph"), counter.wrapper, self.folder,
                                 SIP, XMPP, self.server.port, SECRET)
        with open(self.daemon.config, "a", encoding="utf-8") as config:
            config.write("mappings: %s\n" % os.path.join(SOURCE_DIR, "mappings"))

    def __enter__(self):
        try:
            self.daemon.start(PATIENCE)
            self.server.accept()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.close()
        if self.daemon.process:
            self.daemon.kill()
        self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def lync(self, name):
        client = Lync(self.daemon.sip_port, name)
        self.clients.append(client)
        return client

    def octets(self):
        """Into the daemon, and out of it."""
        sockets = [self.server.socket] + [client.socket for client in self.clients]
        return sum(s.sent for s in sockets), sum(s.received for s in sockets)

    def count(self, update, warm_up, updates):
        """Runs the updates; returns instructions, octets in and octets out, all for one of them."""
        for i in range(warm_up):
            update(i)
        before = self.octets()
        self.counter.begin(self.daemon.process.child.pid, self.folder)
        for i in range(warm_up, warm_up + updates):
            update(i)
        instructions = self.counter.end()
        into, out = (now - then for now, then in zip(self.octets(), before))
        return instructions / updates, into / updates, out / updates
