# SPDX-License-Identifier: Apache-2.0
"""What the stories of the XMPP adapter play on: the adapter under test, a real Prosody with clients, and a server of our own where
the octets matter."""

import asyncio
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import slixmpp


ADAPTER = os.path.abspath(sys.argv[1])


PATIENCE = 30  # seconds; how long a test waits for what must come


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Adapter:
    """The program under test: `lines` is all that it said."""

    def __init__(self, port, secret="secret", domain="corp.example", keep_alive=60000, ping=20000, retry=100,
                 retry_max=1000, limit=200000, photos=None):
        self.args = [str(a) for a in (port, secret, domain, keep_alive, ping, retry, retry_max, limit)]
        self.args += [photos] if photos else []
        self.lines = []
        self.said = asyncio.Event()

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            ADAPTER, *self.args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=1 << 20)
        self.reader = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *exc):
        if self.process.returncode is None:
            self.order("stop")
            try:
                await asyncio.wait_for(self.process.wait(), 10)
            except asyncio.TimeoutError:
                self.process.kill()
        await self.reader
        code = await self.process.wait()
        if exc[0] is None and code != 0:
            raise AssertionError("the adapter ended with %s: %s" % (code, self.lines[-5:]))
        if exc[0] is not None:
            print("   ", "\n    ".join(self.lines[-12:]), flush=True)

    async def read(self):
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
            self.said.set()

    def order(self, text):
        self.process.stdin.write(text.encode() + b"\n")

    def mark(self):
        return len(self.lines)

    def find(self, pattern, since=0):
        return [x for x in self.lines[since:] if re.search(pattern, x)]

    async def wait(self, pattern, since=0, patience=PATIENCE):
        async def look():
            while not self.find(pattern, since):
                self.said.clear()
                await self.said.wait()
        try:
            await asyncio.wait_for(look(), patience)
        except asyncio.TimeoutError:
            raise AssertionError("never said: %s" % pattern) from None
        return self.find(pattern, since)[0]


class Prosody:
    def __init__(self, conflict="kick_new"):
        self.c2s, self.port = free_ports(2)
        self.dir = tempfile.mkdtemp(prefix="hg-xmpp-")
        os.mkdir(self.dir + "/certs")
        with open(self.dir + "/prosody.cfg.lua", "w") as f:
            f.write("""
run_as_root = true
pidfile = "%(dir)s/pid"  data_path = "%(dir)s/data"  log = { info = "%(dir)s/log" }
interfaces = { "127.0.0.1" }  component_interfaces = { "127.0.0.1" }
c2s_ports = { %(c2s)d }  component_ports = { %(port)d }
s2s_ports = {}  c2s_direct_tls_ports = {}  s2s_direct_tls_ports = {}  http_ports = {}  https_ports = {}
modules_enabled = { "roster", "saslauth", "disco", "presence", "message", "iq", "pep", "ping", "blocklist" }
modules_disabled = { "s2s", "tls", "http" }
authentication = "internal_plain"  c2s_require_encryption = false  allow_unencrypted_plain_auth = true
VirtualHost "xmpp.example"
Component "corp.example"
  component_secret = "secret"
  component_conflict_resolve = "%(conflict)s"
""" % {"dir": self.dir, "c2s": self.c2s, "port": self.port, "conflict": conflict})
        for user in ("romeo", "dave"):
            subprocess.run(["prosodyctl", "--config", self.dir + "/prosody.cfg.lua", "register", user, "xmpp.example",
                            "pw"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def start(self):
        self.process = subprocess.Popen(["prosody", "--config", self.dir + "/prosody.cfg.lua", "-F"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(PATIENCE * 10):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            await asyncio.sleep(0.1)
        raise AssertionError("Prosody does not start; see " + self.dir)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *exc):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)


class Client(slixmpp.ClientXMPP):
    """romeo, or dave, who is alice; `seen` is every stanza that he got, as text."""

    def __init__(self, prosody, resource="orchard", wants=None, user="romeo"):
        """`wants`: nodes of personal eventing, and then he says with his presence what his client can do."""
        super().__init__("%s@xmpp.example/%s" % (user, resource), "pw")
        self.prosody, self.seen, self.news = prosody, [], asyncio.Event()
        self.auto_authorize = self.auto_subscribe = None
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0092")
        self.register_plugin("xep_0199")
        if wants is not None:
            self.register_plugin("xep_0115")
            self.register_plugin("xep_0163")
            for node in wants:
                self["xep_0030"].add_feature(node + "+notify")
        self.add_filter("in", self.note)
        self.ready = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.ready.set())

    def note(self, stanza):
        self.seen.append(str(stanza))
        self.news.set()
        return stanza

    async def __aenter__(self):
        self.connect(("127.0.0.1", self.prosody.c2s), use_ssl=False, force_starttls=False, disable_starttls=True)
        await asyncio.wait_for(self.ready.wait(), PATIENCE)
        return self

    async def __aexit__(self, *exc):
        await self.disconnect()

    async def wait(self, pattern):
        async def look():
            while not any(re.search(pattern, x) for x in self.seen):
                self.news.clear()
                await self.news.wait()
        try:
            await asyncio.wait_for(look(), PATIENCE)
        except asyncio.TimeoutError:
            raise AssertionError("romeo never saw %s but %s" % (pattern, self.seen[-3:])) from None

    async def ask(self, to, child, kind="get"):
        """The answer's type and its text."""
        iq = self.make_iq(ito=to, itype=kind)
        iq.append(ET.fromstring(child))
        try:
            answer = await iq.send(timeout=PATIENCE)
            return str(answer)
        except slixmpp.exceptions.IqError as e:
            return str(e.iq)


class Server:
    """A server of our own: takes one component at a time, and then does what the test says."""

    def __init__(self):
        self.got = b""
        self.streams = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.opened = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.tasks = []
        return self

    async def __aexit__(self, *exc):
        self.server.close()
        for t in self.tasks:
            t.cancel()

    async def serve(self, reader, writer):
        self.tasks.append(asyncio.current_task())
        self.opened += 1
        head = await reader.readuntil(b">")
        if b"<?xml" in head:
            head += await reader.readuntil(b">")
        writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                     b"xmlns:stream='http://etherx.jabber.org/streams' id='abc' from='corp.example'>")
        hand = await reader.readuntil(b"</handshake>")
        assert hashlib.sha1(b"abcsecret").hexdigest().encode() in hand, hand
        writer.write(b"<handshake/>")
        await self.streams.put((reader, writer))
        while True:
            await self.reading.wait()
            data = await reader.read(65536)
            if not data:
                break
            self.got += data
            if data.endswith(b"</stream:stream>\n"):
                break
        writer.write(b"</stream:stream>")
        writer.close()

    async def stream(self):
        return (await asyncio.wait_for(self.streams.get(), PATIENCE))[1]

    async def wait(self, octets):
        for _ in range(PATIENCE * 50):
            if octets in self.got:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the server never got %r but %r" % (octets, self.got[-300:]))


def presence(body="", attributes="", sender="romeo@xmpp.example/orchard", to="alice@corp.example"):
    return "<presence from='%s' to='%s'%s>%s</presence>" % (sender, to, attributes, body)
