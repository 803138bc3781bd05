#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The HTTP port as Prometheus, an orchestrator and somebody who means ill meet it."""

import http.client
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import here
from contract.sip_wire import Client
from peers.process import free_port

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
CONNECTIONS = 4
CONFIG = """\
mappings: {source}/mappings
store: {{ path: ./store.db }}
control: {{ socket: ./heliograph.sock }}
http: {{ address: {address}, port: {port}, connections: %d{more} }}
domains: [ {{ sip: corp.example, home: sip }} ]
users: {{ provision: open }}
sip:
  auth: none
  listen: [ {{ transport: tcp, address: 127.0.0.1, port: {sip_port} }} ]
xmpp:
  components:
    - {{ domains: [corp.example], server: 127.0.0.1, port: {component_port}, secret: "x" }}
""" % CONNECTIONS

SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="[^"\\\n]*",?)+)\})? (\d+)$')


def until(look, limit=30):
    end = time.monotonic() + limit
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


class WithFolder(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-ops-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.port, self.sip_port = free_port(), free_port()

    def write_config(self, address="127.0.0.1", more="", port=None):
        with open(os.path.join(self.folder, "heliograph.yaml"), "w") as config:
            config.write(CONFIG.format(
                source=here.SOURCE_DIR, address=address, more=more, port=port or self.port,
                sip_port=self.sip_port, component_port=free_port()))

    def command(self, *words):
        return subprocess.run([BINARY, *words], cwd=self.folder, capture_output=True, text=True,
                              timeout=60)


class Port(WithFolder):

    def setUp(self):
        super().setUp()
        self.write_config()
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "wb") as log:
            # SIGXFSZ stays ignored, as it is in Python: a file that may not grow is an error then.
            self.process = subprocess.Popen([BINARY, "run", "--config", "heliograph.yaml"],
                                            cwd=self.folder, stderr=log, restore_signals=False)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.assertTrue(until(lambda: " info started " in self.read_log()), self.read_log())

    def read_log(self):
        with open(self.log) as log:
            return log.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def ask(self, path, method="GET", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type"), answer.read().decode()
        finally:
            connection.close()

    def metrics(self):
        """{family: kind}, {series: value}; that the page is well-formed is checked on the way."""
        status, kind, text = self.ask("/metrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        self.assertTrue(text.endswith("\n"))
        families, samples, family = {}, {}, None
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, family, kind = line.split()
                self.assertNotIn(family, families)
                families[family] = kind
                continue
            if line.startswith("# HELP "):
                continue
            sample = SAMPLE.match(line)
            self.assertTrue(sample, line)
            self.assertEqual(sample[1], family)
            series = line.rsplit(" ", 1)[0]
            self.assertNotIn(series, samples)
            samples[series] = int(sample[3])
        return families, samples

    def raw(self, data=b""):
        sock = socket.create_connection(("127.0.0.1", self.port), 30)
        self.addCleanup(sock.close)
        sock.sendall(data)
        return sock

    def sockets(self):
        folder, count = "/proc/%d/fd" % self.process.pid, 0
        for name in os.listdir(folder):
            try:
                count += os.readlink(os.path.join(folder, name)).startswith("socket:")
            except FileNotFoundError:
                pass
        return count

    def read_to_end(self, sock):
        data = b""
        try:
            while part := sock.recv(65536):
                data += part
        except ConnectionResetError:
            pass
        return data

    # -- what it says

    def test_metrics(self):
        families, samples = self.metrics()
        self.assertTrue(all(name.startswith("heliograph_") for name in families))
        self.assertNotIn("untyped", families.values())
        version = self.command("--version").stdout.split()[1]
        self.assertEqual(samples['heliograph_build_info{version="%s"}' % version], 1)
        self.assertEqual(samples['heliograph_log_events_total{event="started",level="info"}'], 1)
        self.assertEqual(samples['heliograph_route_up{adapter="xmpp",domain="corp.example"}'], 0)
        fds = len(os.listdir("/proc/%d/fd" % self.process.pid))
        self.assertAlmostEqual(samples["heliograph_open_fds"], fds, delta=3)
        self.assertGreater(samples["heliograph_resident_memory_bytes"], 1 << 20)
        self.assertEqual((samples["heliograph_endpoints"], samples["heliograph_store_failing"]), (0, 0))

        client = Client("127.0.0.1", self.sip_port)
        self.addCleanup(client.close)
        self.assertEqual(client.register().code, 200)
        _, samples = self.metrics()
        self.assertEqual(samples["heliograph_sip_requests_total"], 1)
        self.assertEqual((samples["heliograph_persons"], samples["heliograph_endpoints"]), (1, 1))
        self.assertGreaterEqual(samples['heliograph_store_commits_total{result="ok"}'], 1)
        self.assertEqual(samples['heliograph_http_requests_total{code="200"}'], 1)

    def test_health(self):
        for path in "/healthz", "/readyz", "/healthz?verbose=1":
            status, kind, text = self.ask(path)
            self.assertEqual((status, kind), (200, "text/plain"), path)
            self.assertEqual(text, "ok\nroute xmpp corp.example: down\n")
        self.assertEqual(self.ask("/")[0], 404)
        self.assertEqual(self.ask("/metrics/")[0], 404)
        self.assertEqual(self.ask("/../../etc/passwd")[0], 404)

    def test_methods(self):
        status, _, text = self.ask("/healthz", "HEAD")
        self.assertEqual((status, text), (200, ""))
        for method in "POST", "PUT", "DELETE", "OPTIONS":
            self.assertEqual(self.ask("/healthz", method, b"x" * 100)[0], 405, method)

    def test_failing_store(self):
        """A disk that takes nothing any more, and then does again."""
        client = Client("127.0.0.1", self.sip_port)
        self.addCleanup(client.close)
        was = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
        self.assertEqual(client.register().code, 503)
        for path in "/healthz", "/readyz":
            status, _, text = self.ask(path)
            self.assertEqual(status, 503)
            self.assertRegex(text, r"\Astore failing: .+\nroute xmpp corp.example: down\n\Z")
        _, samples = self.metrics()
        self.assertEqual(samples["heliograph_store_failing"], 1)
        self.assertGreaterEqual(samples['heliograph_store_commits_total{result="failed"}'], 1)
        self.assertEqual(
            samples['heliograph_log_events_total{event="store-failed",level="error"}'], 1)

        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, was)
        self.assertEqual(client.register().code, 200)
        self.assertEqual(self.ask("/healthz")[0], 200)

    # -- who means ill

    def test_no_upgrade(self):
        for wish in ("websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13",
                     "h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"):
            said = self.read_to_end(self.raw(
                b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: "
                + wish.encode() + b"\r\n\r\n"))
            self.assertNotIn(b"101", said[:15], wish)
        said = self.read_to_end(self.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)))
        self.assertNotIn(b" 200 ", said)
        self.assertEqual(self.ask("/healthz")[0], 200)

    def test_too_large(self):
        sock = self.raw(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
        try:
            for _ in range(1000):
                sock.sendall(b"X-A: " + b"b" * 1000 + b"\r\n")
        except OSError:
            pass
        self.assertNotIn(b" 200 ", self.read_to_end(sock))
        self.assertEqual(self.ask("/healthz")[0], 200)
        said = self.read_to_end(self.raw(b"GET /" + b"a" * 8000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"))
        self.assertNotIn(b" 200 ", said)
        self.assertEqual(self.ask("/healthz")[0], 200)

    def test_connections_and_patience(self):
        """More silent connections than there may be: they are cut off, and then others get through."""
        before = self.sockets()
        held = [self.raw(b"GET /metrics HTTP/1.1\r\n" if n % 2 else b"") for n in range(CONNECTIONS * 5)]
        time.sleep(0.5)
        # and one more while the component link is being tried
        self.assertIn(self.sockets() - before, (CONNECTIONS - 1, CONNECTIONS, CONNECTIONS + 1))
        begun = time.monotonic()
        for sock in held[:CONNECTIONS]:
            sock.settimeout(30)
            self.assertNotIn(b" 200 ", self.read_to_end(sock))
        self.assertLess(time.monotonic() - begun, 25)
        for sock in held:
            sock.close()
        self.assertEqual(self.ask("/healthz")[0], 200)

    def test_costs_nothing_when_idle(self):
        self.ask("/metrics")
        held = self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(held.recv(100))

        def ticks():
            with open("/proc/%d/stat" % self.process.pid) as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])

        before = ticks()
        time.sleep(3)
        self.assertLess(ticks() - before, 30)       # of 300

    def test_stop_with_connections(self):
        idle = self.raw()
        kept = self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertIn(b" 200 ", kept.recv(4096))
        self.assertEqual(self.stop(), 0, self.read_log())
        self.assertEqual(self.read_to_end(idle), b"")
        for bad in "loop-handle-left", "Sanitizer", "cut-short":
            self.assertNotIn(bad, self.read_log())

    def test_many_scrapes(self):
        """Nothing is left behind by any of them."""
        self.ask("/metrics")
        before = len(os.listdir("/proc/%d/fd" % self.process.pid))
        for _ in range(200):
            self.assertEqual(self.ask("/metrics")[0], 200)
        self.assertLessEqual(len(os.listdir("/proc/%d/fd" % self.process.pid)), before + CONNECTIONS)
        self.assertEqual(self.stop(), 0, self.read_log())


class Configuration(WithFolder):

    def test_loopback_only(self):
        self.write_config("0.0.0.0")
        done = self.command("check", "--config", "heliograph.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"\Aheliograph.yaml:4: http: on 0\.0\.0\.0 anybody may ask \(listen on "
                                      r"127\.0\.0\.1, or say `allow-insecure: on` .*\)\n\Z")
        self.write_config("0.0.0.0", ", allow-insecure: on")
        self.assertEqual(self.command("check", "--config", "heliograph.yaml").returncode, 0)

    def test_no_address(self):
        self.write_config("localhost")
        done = self.command("check", "--config", "heliograph.yaml")
        self.assertIn("'localhost' is not an IP address (write it like 127.0.0.1 or ::1)", done.stderr)

    def test_port_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.port))
            other.listen()
            self.write_config()
            done = self.command("run", "--config", "heliograph.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("http 127.0.0.1 port %d: cannot listen: Address already in use (choose another port"
                      % self.port, done.stderr)


if __name__ == "__main__":
    unittest.main()
