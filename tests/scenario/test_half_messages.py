#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What somebody sends half, without end or too much of: he is closed and counted, over TCP and TLS alike, while others
are served. One table; who keeps to the rules is in it as well, and stays."""

import collections
import contextlib
import os
import re
import select
import shutil
import signal
import socket
import ssl
import tempfile
import threading
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import here
from contract.sip_wire import BATCH, Client, batch
from peers.heliograph import Heliograph
from peers.process import free_port

LIMIT = 120
LISTENING = "0A"     # in /proc/net/tcp
LIMITS = "  limits: { stall: 2s, sign-in: 12s }\n"

HEAD = ("SERVICE sip:corp.example SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKhalf\r\n"
        "From: <sip:half@corp.example>;tag=1\r\nTo: <sip:half@corp.example>\r\nCall-ID: half\r\n"
        "CSeq: 1 SERVICE\r\nMax-Forwards: 70\r\n").encode()
CLOSED = re.compile(r" sip-closing why=(\S+) peer=127\.0\.0\.1:(\d+) ")


def body(octets):
    return HEAD + b"Content-Type: a/b\r\nContent-Length: %d\r\n\r\n" % octets


# ---- what is sent; each returns when the connection is at its end, with what came over it

def read_to_end(client):
    """What came until the other side closed."""
    got = b""
    client.socket.settimeout(LIMIT)
    with contextlib.suppress(ConnectionError, OSError):
        while data := client.socket.recv(65536):
            got += data
    return got


def once(data):
    def say(client):
        client.raw(data)
        return read_to_end(client)
    return say


def again(data, first=b"", pause=0.1):
    """`data` over and over, until it cannot be sent any more."""
    def say(client):
        end = time.monotonic() + LIMIT
        client.socket.settimeout(LIMIT)
        with contextlib.suppress(ConnectionError, OSError):
            client.raw(first)
            while time.monotonic() < end:
                client.raw(data)
                time.sleep(pause)
        return read_to_end(client)
    return say


def reads_nothing(client):
    names = ["sip:s%d@corp.example" % i for i in range(2500)]
    end = time.monotonic() + LIMIT
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.socket.settimeout(LIMIT)     # a slow machine takes its time to read all that is asked
    with contextlib.suppress(ConnectionError, OSError):
        for _ in range(60):
            client.send("SUBSCRIBE", body=batch(client.uri, *names), Event="presence", Content_Type=BATCH,
                        lines=("Supported: ms-benotify", "Supported: ms-piggyback-first-notify"))
        while time.monotonic() < end:
            client.raw(b"\r\n")
            time.sleep(0.1)
    return b""


def mute(client):
    return read_to_end(client)


# who, is he signed in, what he sends, why he is closed, the code that he is told before (0: nothing)
SIGNED_IN, STRANGER, NO_TLS = "signed in", "stranger", "no TLS"    # the last: of TLS alone
TABLE = (
    ("half a head", SIGNED_IN, once(HEAD), "half-message", 0),
    ("half a head", STRANGER, once(HEAD), "half-message", 0),
    ("half a line", SIGNED_IN, once(b"SERV"), "half-message", 0),
    ("half a body", SIGNED_IN, once(body(1000) + b"x" * 10), "half-message", 0),
    ("half a body", STRANGER, once(body(1000) + b"x" * 10), "half-message", 0),
    ("a head that drips", SIGNED_IN, again(b"X", HEAD), "half-message", 0),
    ("a head that drips", STRANGER, again(b"X", HEAD), "half-message", 0),
    ("a body that drips", SIGNED_IN, again(b"x", body(100000)), "half-message", 0),
    ("a body above 256 kB announced", SIGNED_IN, once(body(300000) + b"x"), "too-large", 413),
    ("a body above 32 kB announced", STRANGER, once(body(60000) + b"x"), "too-large", 413),
    ("a body above 32 kB announced", SIGNED_IN, once(body(60000) + b"x"), "half-message", 0),
    ("5000 header lines", SIGNED_IN, once(HEAD + b"X-A: b\r\n" * 5000), "too-large", 413),
    ("5000 header lines", STRANGER, once(HEAD + b"X-A: b\r\n" * 5000), "too-large", 413),
    ("a header of 100 kB", SIGNED_IN, once(HEAD + b"X: " + b"y" * 100000), "too-large", 413),
    ("header lines, 1 MB a second", SIGNED_IN, again(b"X-A: b\r\n" * 1250, HEAD, 0.01), "too-large", 413),
    ("such messages one after the other", STRANGER,
     again(HEAD + b"X-A: b\r\n" * 3000 + b"Content-Length: 0\r\n\r\n", b"", 0.02), "too-large", 413),
    ("reads nothing", SIGNED_IN, reads_nothing, "stalled", 0),
    ("says nothing", STRANGER, mute, "unregistered", 0),
    ("half a handshake", NO_TLS, once(b"\x16\x03\x01\x02\x00\x01"), "unregistered", 0),
    ("no handshake", NO_TLS, mute, "unregistered", 0),
)


class Plain:
    """A connection without a handshake."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT)
        self.name = self.socket.getsockname()

    def raw(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


class HalfMessages(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-half-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, "corp.example",
                                 "xmpp.example", free_port(), "unused")
        self.port = {"tcp": self.daemon.sip_port, "tls": self.daemon.listen_tls(LIMITS)}
        self.http = free_port()
        self.daemon.configure("http: { port: %d }\n" % self.http)
        self.daemon.start()
        self.addCleanup(lambda: self.daemon.process.kill())

    # -- what the daemon says

    def closings(self):
        """{port of the peer: why}"""
        return {int(port): why for why, port in CLOSED.findall(self.daemon.log().decode())}

    def counted(self):
        page = urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.http, timeout=LIMIT).read().decode()
        found = re.findall(r'^heliograph_sip_closed_total\{why="([a-z-]+)"\} (\d+)$', page, re.M)
        return collections.Counter({why: int(number) for why, number in found})

    def connections(self):
        """Of clients, that the daemon still has."""
        folder, held = "/proc/%d/fd" % self.daemon.process.child.pid, set()
        for name in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                held.add(os.readlink(os.path.join(folder, name)))
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table.readlines()[1:]]
        return sum(int(row[1].rpartition(":")[2], 16) in self.port.values() and row[3] != LISTENING and
                   "socket:[%s]" % row[9] in held for row in rows)

    def until(self, look):
        end = time.monotonic() + LIMIT
        while not look() and time.monotonic() < end:
            time.sleep(0.1)
        return look()

    # -- the clients

    def client(self, kind, number, registered=True):
        client = Client("127.0.0.1", self.port[kind], "half%d@corp.example" % number, tls=kind == "tls")
        self.addCleanup(client.close)
        if registered:
            self.assertEqual(client.register().code, 200)
        return client

    def play(self, kind, number, line):
        """One line of the table: (why it was closed, the code it was told)."""
        _, who, say, _, _ = line
        if who == NO_TLS:
            client = Plain(self.port[kind])
            self.addCleanup(client.close)
        else:
            client = self.client(kind, number, who == SIGNED_IN)
        got = say(client)
        # The client keeps his end open: it is the daemon that has to let go.
        self.until(lambda: client.name[1] in self.closings())
        answer = re.match(rb"SIP/2\.0 (\d+)", got)
        return self.closings().get(client.name[1]), int(answer[1]) if answer else 0

    def serve(self, done, asked):
        """Somebody who is served while all that happens."""
        with contextlib.closing(Client("127.0.0.1", self.port["tcp"], "good@corp.example")) as good:
            good.register()
            while not done.is_set():
                answer = good.ask("FOO", timeout=LIMIT)
                asked[answer.code if answer else 0] += 1
                done.wait(0.05)

    def keep_alive(self, client, done):
        """Empty lines, which are no half message."""
        while not done.is_set():
            client.raw(b"\r\n\r\n")
            done.wait(0.2)

    def run_table(self, kind):
        lines = [line for line in TABLE if line[1] != NO_TLS or kind == "tls"]
        before = self.counted()
        done, asked = threading.Event(), collections.Counter()
        alive = self.client(kind, 900)
        with ThreadPoolExecutor(len(lines) + 2) as pool:
            others = [pool.submit(self.serve, done, asked), pool.submit(self.keep_alive, alive, done)]
            ends = [pool.submit(self.play, kind, *each) for each in enumerate(lines)]
            try:
                for (name, who, _, why, code), end in zip(lines, ends):
                    with self.subTest(name, transport=kind, who=who):
                        self.assertEqual(end.result(), (why, code))
            finally:
                done.set()
            for other in others:
                other.result()
        self.assertEqual(list(asked), [501], asked)
        alive.buffer = b""      # what sofia-sip answered keep-alives with
        self.assertEqual(alive.ask("FOO", timeout=LIMIT).code, 501)
        self.assertGreater(self.connections(), 0)
        alive.close()
        self.assertEqual(self.counted() - before, collections.Counter(line[3] for line in lines))
        self.assertTrue(self.until(lambda: self.connections() == 0), self.connections())

    def end(self):
        self.daemon.stop(LIMIT)
        self.assertEqual((self.daemon.status, self.daemon.report()), (0, ""))

    def pile_up(self, client, request, number):
        """What the daemon answered to so many requests, with all that the kernel takes before it at its first look."""
        left, got, pid = memoryview(request * number), b"", self.daemon.process.child.pid
        end = time.monotonic() + LIMIT
        client.socket.setblocking(False)
        try:
            while got.count(b"\r\n\r\n") < number and time.monotonic() < end:
                os.kill(pid, signal.SIGSTOP)
                with contextlib.suppress(BlockingIOError, ssl.SSLWantWriteError):
                    while left:
                        left = left[client.socket.send(left[:16384]):]
                os.kill(pid, signal.SIGCONT)
                select.select([client.socket], [], [], 1)
                with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
                    while data := client.socket.recv(65536):
                        got += data
        finally:
            os.kill(pid, signal.SIGCONT)
        return collections.Counter(re.findall(rb"^SIP/2\.0 (\d+)", got, re.M))

    def much_at_once(self, kind, number, registered):
        client = self.client(kind, number, registered)
        request = (HEAD.replace(b"SERVICE", b"FOO").replace(b"TCP", kind.upper().encode()) +
                   b"Content-Length: 30000\r\n\r\n" + bytes(30000))
        for _ in range(4):      # the kernel takes more each time
            self.assertEqual(self.pile_up(client, request, 100), {b"501": 100})
        client.close()

    def test_much_at_once(self):
        """What piled up while nobody looked is many messages, and none that is too large."""
        for number, kind in enumerate(self.port):
            for registered in (True, False):
                with self.subTest(kind, registered=registered):
                    self.much_at_once(kind, 2 * number + registered, registered)
        self.assertTrue(self.until(lambda: self.connections() == 0))
        self.assertEqual(self.counted(), {})
        self.end()

    def test_tcp(self):
        self.run_table("tcp")
        self.end()

    def test_tls(self):
        self.run_table("tls")
        self.end()


if __name__ == "__main__":
    unittest.main()
