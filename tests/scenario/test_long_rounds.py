#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A thousand times signing on and off, in order and without a word, over TCP and TLS, with XMPP people on both sides of
the border: what the daemon occupies afterwards is what it occupied after the first two hundred."""

import os
import re
import shutil
import socket
import struct
import tempfile
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import here
from contract.sip_wire import BATCH, PUBLISH, SELF, SOAP, Client, batch, publish, soap, state
from peers.heliograph import Heliograph
from peers.process import free_port
from peers.xmppclient import XmppClient
from stage import SIP_DOMAIN, XMPP_DOMAIN, XMPP_SERVER, token
from test_long_demo_valgrind import sanitised

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
LIMIT = 120
# Each user goes an even number of rounds in a stretch, so that what every other round undoes is undone.
WARM_UP, ROUNDS, STRETCH, USERS = 200, 1000, 100, 5
SLOPE_MOST = 1024       # octets a round

# What is a quarantine for AddressSanitizer is growth to who looks from outside.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "ASAN_OPTIONS": "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"}
ROAMING = ('<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self"><roaming type="categories"/>'
           '<roaming type="containers"/><roaming type="subscribers"/></roamingList>')
MACHINE = ('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="false"'
           ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="machineState">'
           '<availability>3500</availability></state>')
SET_CONTACT = ("<m:setContact><m:displayName>%s</m:displayName><m:groups>1</m:groups><m:subscribed>true"
               "</m:subscribed><m:URI>sip:%s</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:setContact>")
DELETE_CONTACT = "<m:deleteContact><m:URI>sip:%s</m:URI><m:deltaNum>%d</m:deltaNum></m:deleteContact>"
GAUGES = ("persons", "endpoints", "watches", "outlets", "publications", "lanes", "waiting")


class Wrong(AssertionError):
    """A round did not go as it should."""


def must(answer):
    if answer is None or answer.code != 200:
        raise Wrong("refused: %s" % answer)
    return answer


class Growth:
    """What a process occupies, looked at again and again."""

    def __init__(self, pid):
        self.pid, self.samples = pid, []

    def sample(self, rounds):
        with open("/proc/%d/smaps_rollup" % self.pid) as sums:
            memory = int(re.search(r"(?m)^Private_Dirty: +(\d+) kB$", sums.read())[1]) * 1024
        self.samples.append((rounds, memory, self.descriptors()))

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.pid))

    def slope(self):
        """Octets a round, by least squares."""
        middle = [sum(column) / len(self.samples) for column in zip(*self.samples)]
        above = sum((x - middle[0]) * (y - middle[1]) for x, y, _ in self.samples)
        spread = sum((x - middle[0]) ** 2 for x, _, _ in self.samples)
        return above / spread if spread else 0.0        # of one sample nothing is known yet

    def __str__(self):
        return "%.0f octets a round; (rounds, octets, descriptors): %s" % (self.slope(), self.samples)


class User:
    """Somebody at corp.example who comes and goes, and a colleague who stays."""

    def __init__(self, number, ports):
        self.number, self.ports, self.rounds = number, ports, 0
        self.address = "user%d@%s" % (number, SIP_DOMAIN)
        self.epid = "%012x" % (0xabc000 + number)
        self.colleague = Client("127.0.0.1", ports["tcp"], "colleague%d@%s" % (number, SIP_DOMAIN))
        must(self.colleague.register())
        must(self.colleague.service(PUBLISH, publish(self.colleague.uri, state(
            instance=77, expire="endpoint", value=MACHINE))))
        self.colleague_version = 0

    def sign_on(self, kind):
        client = Client("127.0.0.1", self.ports[kind], self.address, tls=kind == "tls", epid=self.epid)
        must(client.register())
        own = must(client.subscribe("vnd-microsoft-roaming-self", kind=SELF, body=ROAMING)).body
        contacts = must(client.subscribe("vnd-microsoft-roaming-contacts")).body
        self.delta = int(re.search(r'deltaNum="(\d+)"', contacts)[1])
        # What a dropped connection has left is there until the grace time is over.
        left = [tag for tag in re.findall(r"<category\b[^>]*>", own)
                if 'instance="%d"' % (77 + self.number) in tag]
        version = int(re.search(r'version="(\d+)"', left[0])[1]) if left else 0
        must(client.service(PUBLISH, publish(client.uri, state(
            version=version, instance=77 + self.number, expire="endpoint", value=MACHINE))))
        return client

    def contact(self, client, body, *values):
        must(client.service(SOAP, soap(body % (*values, self.delta))))
        self.delta += 1

    def colleague_is(self, availability):
        must(self.colleague.service(PUBLISH, publish(self.colleague.uri, state(
            version=self.colleague_version, availability=availability))))
        self.colleague_version += 1

    def await_text(self, client, text):
        """Until a notification says it."""
        end, seen = time.monotonic() + LIMIT, ""
        while text not in seen:
            message = client.notification(max(end - time.monotonic(), 0.001))
            if message is None:
                raise Wrong("%s never saw %s" % (self.address, text))
            seen = message.body

    def watch(self, client, others):
        names = ["sip:" + self.colleague.user, *("sip:" + other for other in others)]
        must(client.subscribe("presence", batch(client.uri, *names), BATCH))

    def leave(self, client):
        """In order, by hanging up, by breaking off."""
        way = self.rounds % 4
        if way % 2 == 0:
            must(client.register(0))
        elif way == 3:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()

    def round(self, romeo=None):
        client = self.sign_on("tls" if self.rounds % 3 == 2 else "tcp")
        self.watch(client, ["romeo@" + XMPP_DOMAIN])
        stranger = "nobody%d@%s" % (self.number, XMPP_DOMAIN)
        if self.rounds % 2:
            self.contact(client, DELETE_CONTACT, stranger)
        else:
            self.contact(client, SET_CONTACT, "n", stranger)
        busy = (6500, 3500)[self.colleague_version % 2]
        self.colleague_is(busy)
        self.await_text(client, "<availability>%d</availability>" % busy)
        if romeo:
            romeo(self, client)
        self.leave(client)
        self.rounds += 1


class Rounds(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-rounds-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        secret = token()
        self.server = XMPP_SERVER(self.folder, XMPP_DOMAIN, SIP_DOMAIN, secret)
        self.daemon = Heliograph(BINARY, " ".join(["env", *("%s=%s" % pair for pair in ENVIRONMENT.items())]),
                                 self.folder, SIP_DOMAIN, XMPP_DOMAIN, self.server.component_port, secret)
        self.ports = {"tcp": self.daemon.sip_port, "tls": self.daemon.listen_tls()}
        self.http = free_port()
        self.daemon.configure("http: { port: %d }\nlimits: { grace: 1s }\n" % self.http)
        self.romeo, self.romeos_rounds, self.password = None, 0, token()
        self.server.register("romeo", self.password)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.daemon.start()
        self.addCleanup(lambda: self.daemon.process.kill())
        self.growth = Growth(self.daemon.process.child.pid)

    # -- the daemon's own numbers

    def gauges(self):
        page = urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.http, timeout=LIMIT).read().decode()
        return {name: int(re.search(r"(?m)^heliograph_%s (\d+)$" % name, page)[1]) for name in GAUGES}

    def await_gauges(self, **expected):
        """Until the daemon holds as much as that."""
        end = time.monotonic() + LIMIT
        while not (seen := self.gauges()).items() >= expected.items():
            self.assertLess(time.monotonic(), end, "%s stays, and not %s" % (seen, expected))
            time.sleep(0.1)
        return seen

    def rest(self):
        """Until nothing that is still closing is counted at the first look."""
        before = None
        while before != (now := self.growth.descriptors()):
            before = now
            time.sleep(1)

    def await_descriptors(self):
        """Until no more are open than at the first look."""
        end = time.monotonic() + LIMIT
        while self.growth.descriptors() > self.growth.samples[0][2]:
            self.assertLess(time.monotonic(), end, "%d descriptors stay; %s"
                            % (self.growth.descriptors(), self.growth))
            time.sleep(0.1)

    # -- romeo

    def romeo_signs_on(self):
        self.romeo = XmppClient("romeo", "romeo@" + XMPP_DOMAIN, self.folder)
        self.addCleanup(self.romeo.stop)
        self.romeo.sign_on(self.server.c2s_port, self.password, "balcony")
        self.romeo.await_ready()

    def befriend(self, user):
        """Each has the other as a contact."""
        client = user.sign_on("tcp")
        user.contact(client, SET_CONTACT, "Romeo", self.romeo.address)
        user.watch(client, [self.romeo.address])
        self.romeo.await_event("subscription", LIMIT, 0, **{"from": user.address, "type": "subscribe"})
        self.romeo.command("accept", user.address)
        self.romeo.command("subscribe", user.address)
        self.romeo.await_event("subscription", LIMIT, 0, **{"from": user.address, "type": "subscribed"})
        user.leave(client)
        user.rounds += 1

    def romeos_part(self, user, client):
        """He says something new; now and then he was away before."""
        number = self.romeos_rounds
        if number % 10 == 9:
            self.romeo.command("presence", "unavailable")
        said = "word-%d-" % number + token()
        self.romeo.command("presence", ("dnd", "away", "available")[number % 3], said)
        user.await_text(client, said)
        self.romeos_rounds += 1

    # -- the rounds

    def start_users(self):
        users = [User(number, self.ports) for number in range(USERS)]
        for user in users:
            self.addCleanup(user.colleague.close)
        return users

    def run_rounds(self, users, count):
        """`count` rounds, by all of them at a time; romeo plays with the first."""
        def all_of(user):
            for _ in range(count // USERS):
                user.round(self.romeos_part if user is users[0] else None)
        with ThreadPoolExecutor(USERS) as pool:
            list(pool.map(all_of, users))

    def test_rounds(self):
        users = self.start_users()
        self.romeo_signs_on()
        for user in users:
            self.befriend(user)
        self.run_rounds(users, WARM_UP)
        # Nobody is signed in but the colleagues.
        settled = self.await_gauges(endpoints=USERS, lanes=USERS + 1, waiting=0)
        self.rest()
        self.growth.sample(WARM_UP)
        for rounds in range(WARM_UP + STRETCH, ROUNDS + 1, STRETCH):
            self.romeo.stop()
            self.romeo_signs_on()
            self.run_rounds(users, STRETCH)
            self.await_gauges(**settled)
            self.await_descriptors()
            self.growth.sample(rounds)
        print(self.growth)
        if not sanitised(BINARY):       # its allocator keeps what is free
            self.assertLess(self.growth.slope(), SLOPE_MOST, self.growth)
        self.daemon.stop(LIMIT)
        self.assertEqual((self.daemon.status, self.daemon.report()), (0, ""))

    def test_growth_is_seen(self):
        """Each round leaves somebody who is kept for good, and a connection: both are noticed."""
        for rounds in range(0, WARM_UP, WARM_UP // 5):
            self.growth.sample(rounds)
            for number in range(WARM_UP // 5):
                client = Client("127.0.0.1", self.ports["tcp"], "new%d@%s" % (rounds + number, SIP_DOMAIN))
                self.addCleanup(client.close)
                must(client.register())
        print(self.growth)
        self.assertEqual(self.growth.samples[-1][2] - self.growth.samples[0][2], WARM_UP * 4 // 5, self.growth)
        self.assertGreater(self.growth.slope(), SLOPE_MOST, self.growth)


if __name__ == "__main__":
    unittest.main()
