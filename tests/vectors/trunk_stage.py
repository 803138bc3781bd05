# SPDX-License-Identifier: Apache-2.0
"""What the vectors between SIP and XMPP play on: the real daemon, a SIP peer and an XMPP server that say what
they are told to. Of each all that the daemon says is taken in its order: what a test does not expect is a fault, and
that nothing comes is seen by what comes next."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]
from peers import hints, pidf  # noqa: E402
from peers.process import Process, free_port  # noqa: E402
from peers.simple import SimpleClient  # noqa: E402
from peers.simple_socket import Socket, branch, parameter, unique, uri_in  # noqa: E402

BUILD_DIR = os.environ.get("HG_BUILD_DIR", os.path.join(HERE, "..", "..", "build", "release"))
BINARY = os.path.join(BUILD_DIR, "heliograph")
LIMIT = 30
JULIET, NURSE, ROMEO = "juliet@example.com", "nurse@example.com", "romeo@example.net"
BENVOLIO, RESOURCE = "benvolio@example.net", "yn0cl4bnw0yr3vym"
COMPONENT = "{jabber:component:accept}"

CONFIG = """\
store: {{ path: ./store.db }}
control: {{ socket: ./heliograph.sock }}
domains:
  - {{ sip: corp.example, xmpp: corp.example, home: sip }}
users: {{ provision: open }}
limits: {{ settle: {settle}{limits} }}
{policy}
sip:
  auth: none{sip}
  listen:
    - {{ transport: tcp, address: 127.0.0.1, port: {tcp} }}
    - {{ transport: udp, address: 127.0.0.1, port: {udp} }}
  peers:
    - {{ domains: [example.net], address: 127.0.0.1, port: {trunk}, pace: 0, probe: 0{peer} }}
xmpp:
  components:
    - {{ domains: [{served}], server: 127.0.0.1, port: {component}, secret: secret }}
routes:
  - {{ domain: example.com, via: xmpp, trust: federated }}
  - {{ domain: example.net, via: sip, trust: {trust} }}
"""


def document(basic=pidf.OPEN, show=None, **words):
    """Of romeo's one device."""
    return pidf.write("pres:" + ROMEO, basic, show=show, id="ID-dr4hcr0st3lup4c", **words)


class Inbox:
    """What has come, one after the other."""

    def __init__(self):
        self.news, self.waiting = threading.Condition(), []

    def put(self, thing):
        with self.news:
            self.waiting.append(thing)
            self.news.notify_all()

    def take(self):
        with self.news:
            assert self.news.wait_for(lambda: self.waiting, LIMIT), "nothing more has come"
            return self.waiting.pop(0)


class Trunk(Socket):
    """The SIP peer, on one UDP port. `answers`: by method, what the next request gets instead of a 200, as
(status, further headers); a status of 0: none. A list of these: the next ones."""

    def __init__(self, port):
        super().__init__(port)
        self.requests, self.answers = Inbox(), {}
        self.dialogs = {}           # our tag, by Call-ID

    def answer(self, request):
        method, mark = request.start.partition(" ")[0], branch(request)
        if mark not in self.answered:
            status, more = self.told(method)
            to = request.get("To")
            if not parameter(to, "tag"):
                to += ";tag=" + self.dialogs.setdefault(request.get("Call-ID"), unique("t"))
            headers = [(name, request.get(name)) for name in ("Via", "From", "Call-ID", "CSeq")]
            headers += [("To", to), *more]
            if "Contact" not in dict(more):
                headers.append(("Contact", "<sip:%s>" % self.contact))
            if method == "SUBSCRIBE" and status == 200:
                headers.append(("Expires", request.get("Expires")))
            self.answered[mark] = status and self.text("SIP/2.0 %d As Told" % status, headers)
            self.requests.put(request)
        return self.answered[mark]

    def told(self, method):
        told = self.answers.pop(method, (200, ()))
        if not isinstance(told, list):
            return told
        if told[1:]:
            self.answers[method] = told[1:]
        return told[0]

    def tag_of(self, request):
        """Ours, in the dialog of a request of theirs."""
        return self.dialogs[request.get("Call-ID")]

    def notify(self, subscribe, state, document="", number=1, **changes):
        """In the dialog of their SUBSCRIBE; returns the answer."""
        headers = {"From": "%s;tag=%s" % (subscribe.get("To").partition(";tag=")[0],
                                          self.tag_of(subscribe)),
                   "To": subscribe.get("From"), "Call-ID": subscribe.get("Call-ID"),
                   "CSeq": "%d NOTIFY" % number, "Contact": "<sip:%s>" % self.contact,
                   "Event": "presence", "Subscription-State": state}
        headers.update({"Content-Type": pidf.TYPE} if document else {})
        headers.update({key.replace("_", "-"): value for key, value in changes.items()})
        return self.ask("NOTIFY", uri_in(subscribe.get("Contact")), headers.items(), document)


class Watching:
    """A dialog of ours, in which somebody behind the peer is told of somebody."""

    def __init__(self, trunk, whom=JULIET, by=ROMEO, event="presence", accept=pidf.TYPE):
        self.trunk, self.whom, self.by, self.event, self.accept = trunk, whom, by, event, accept
        self.call_id, self.tag, self.their_tag, self.target = unique("s"), unique("f"), "", "sip:" + whom
        self.number, self.contact = 0, "<sip:%s>" % trunk.contact

    def subscribe(self, expires=None):
        self.number += 1
        to = "<sip:%s>%s" % (self.whom, ";tag=" + self.their_tag if self.their_tag else "")
        headers = [("From", "<sip:%s>;tag=%s" % (self.by, self.tag)), ("To", to), ("Call-ID", self.call_id),
                   ("CSeq", "%d SUBSCRIBE" % self.number), ("Contact", self.contact),
                   ("Event", self.event), ("Accept", self.accept)]
        headers += [("Expires", str(expires))] * (expires is not None)
        answer = self.trunk.ask("SUBSCRIBE", self.target, headers)
        if answer.code == 200:
            self.their_tag, self.target = answer.tag, uri_in(answer.get("Contact"))
        return answer


class Server:
    """The XMPP server's end of a component's stream (XEP-0114), one after the other."""

    def __init__(self):
        self.stanzas, self.ready = Inbox(), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve_all, daemon=True).start()

    def serve_all(self):
        while True:
            try:
                self.stream = self.listener.accept()[0]
            except OSError:
                return          # closed
            self.serve()

    def serve(self):
        parser = ET.XMLPullParser(("start", "end"))
        depth = 0
        while data := self.stream.recv(65536):
            parser.feed(data)
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    self.say("<stream:stream xmlns='jabber:component:accept' id='abc' from='example.net' "
                             "xmlns:stream='http://etherx.jabber.org/streams'>")
                elif event == "end" and depth == 1:
                    self.heard(element)
                elif depth == 0:
                    self.say("</stream:stream>")
        self.stream.close()

    def heard(self, element):
        name = element.tag.rpartition("}")[2]
        if name == "handshake":
            assert element.text == hashlib.sha1(b"abcsecret").hexdigest(), element.text
            self.say("<handshake/>")
            self.ready.set()
        elif name == "presence":
            self.stanzas.put(element)

    def say(self, text):
        self.stream.sendall(text.encode())

    def presence(self, kind="", sender=JULIET, to=ROMEO, body="", more=""):
        self.say("<presence from=%s to=%s%s%s>%s</presence>" % (
            quoteattr(sender), quoteattr(to), " type='%s'" % kind if kind else "", more, body))

    def close(self):
        self.listener.close()


class Vectors(unittest.TestCase):

    settle = "10m"      # silence is no answer
    trust = "federated"
    served, server_kind = "example.net", Server     # whose people there are on XMPP
    peer = limits = policy = sip = ""   # more of the peer, of the limits, of the configuration, of sip:

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="heliograph-vectors-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        port, self.tcp = free_port(datagrams=True), free_port()
        self.trunk, self.server = Trunk(port), self.server_kind()
        self.addCleanup(self.trunk.close)
        self.addCleanup(self.server.close)
        self.config = os.path.join(self.folder, "heliograph.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(tcp=self.tcp, udp=port, trunk=self.trunk.name[1], settle=self.settle,
                                     component=self.server.port, served=self.served, peer=self.peer,
                                     limits=self.limits, trust=self.trust, policy=self.policy, sip=self.sip))
        self.start_daemon()
        self.addCleanup(self.ends_well)
        self.assertTrue(self.server.ready.wait(LIMIT), self.daemon.last_lines())

    def start_daemon(self):
        self.daemon = Process("heliograph", [BINARY, "run", "--config", self.config], self.folder)

    def await_kept(self):
        hints.await_written(BINARY, self.config, "corp.example")

    def ends_well(self):
        self.assertEqual(self.daemon.stop(), 0, self.daemon.last_lines())

    def command(self, *words):
        """What an administrator has the daemon do, or say."""
        done = subprocess.run([BINARY, *words, "--config", self.config], capture_output=True, text=True,
                              timeout=LIMIT, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def mirror_of(self, address):
        """All that the daemon holds of somebody."""
        return json.loads(self.command("show", "--json", address))

    def phone(self, address, transport="udp"):
        """Of somebody who lives here, and is one of the users from now on."""
        client = SimpleClient(self.trunk.server[1] if transport == "udp" else self.tcp, transport)
        self.addCleanup(client.close)
        user = client.user(address.partition("@")[0], address)
        user.register()
        return user

    # ---- what has to come next

    def request(self, method):
        request = self.trunk.requests.take()
        self.assertEqual(request.start.partition(" ")[0], method, request)
        return request

    def notified(self, state, reason="", document=True):
        """The next NOTIFY; returns it and its document."""
        request = self.request("NOTIFY")
        said = request.get("Subscription-State")
        self.assertEqual((said.partition(";")[0], parameter(said, "reason")), (state, reason), request)
        self.assertEqual(request.get("Event"), "presence")
        self.assertEqual(request.get("Content-Type"), pidf.TYPE if document else "")
        if not document:
            self.assertEqual(request.body, "")
        return request, pidf.read(request.get("Content-Type"), request.body)

    def stanza(self, kind, sender=ROMEO, to=JULIET):
        element = self.server.stanzas.take()
        found = element.get("type", ""), element.get("from"), element.get("to")
        self.assertEqual(found, (kind, sender, to), ET.tostring(element))
        return element

    def nothing_on_the_stream(self):
        """What comes next is what was asked for after it."""
        self.assertEqual(Watching(self.trunk, NURSE, BENVOLIO).subscribe().code, 200)
        self.stanza("subscribe", BENVOLIO, NURSE)
        self.notified("pending", document=False)

    def nothing_on_the_trunk(self):
        self.server.presence("subscribe", NURSE, BENVOLIO)
        self.assertEqual(uri_in(self.request("SUBSCRIBE").get("From")), "sip:" + NURSE)

    # ---- somebody behind the peer watches juliet

    def waiting(self):
        """V8: romeo asks her."""
        watching = Watching(self.trunk)
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)
        self.stanza("subscribe")
        return watching

    def befriended(self):
        """V9: she has agreed."""
        watching = self.waiting()
        self.server.presence("subscribed")
        self.notified("active", document=False)
        self.stanza("probe")
        return watching

    def says(self, body, kind="", resource=RESOURCE, **more):
        """juliet, at a resource of hers."""
        self.server.presence(kind, "%s/%s" % (JULIET, resource), body=body, **more)
