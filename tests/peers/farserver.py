# SPDX-License-Identifier: Apache-2.0
"""A domain whose server keeps no rosters and says whatever its people want said: a bare component
(XEP-0114) of the XMPP server. A real server would swallow consent that nobody asked for; another may not."""

import hashlib
import socket
import threading
from xml.etree.ElementTree import ParseError, XMLPullParser, tostring
from xml.sax.saxutils import quoteattr

from .cable import Stanza, bare
from .process import PeerError


class FarServer:

    def __init__(self, domain, secret):
        self.domain, self.secret = domain, secret
        self.heard, self.texts = [], []      # the stanzas that came, and each as XML
        self.socket, self.ready = None, threading.Event()

    def connect(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.socket.settimeout(None)
        self.say("<stream:stream xmlns='jabber:component:accept' to=%s "
                 "xmlns:stream='http://etherx.jabber.org/streams'>" % quoteattr(self.domain))
        threading.Thread(target=self.read, daemon=True).start()
        if not self.ready.wait(20):
            raise PeerError("the server did not take %s for a component" % self.domain)

    def say(self, text):
        self.socket.sendall(text.encode())

    def presence(self, sender, to, kind=None, inside=""):
        self.say("<presence from=%s to=%s%s>%s</presence>" % (
            quoteattr(sender), quoteattr(to), " type=" + quoteattr(kind) if kind else "", inside))

    def read(self):
        parser, depth = XMLPullParser(["start", "end"]), 0
        try:
            while data := self.socket.recv(65536):
                parser.feed(data)
                for event, element in parser.read_events():
                    depth += 1 if event == "start" else -1
                    self.take(event, element, depth)
        except (OSError, ParseError):
            pass

    def take(self, event, element, depth):
        name = element.tag.rpartition("}")[2]
        if event == "start" and depth == 1:
            digest = hashlib.sha1((element.get("id") + self.secret).encode()).hexdigest()
            self.say("<handshake>%s</handshake>" % digest)
        elif event == "end" and depth == 1 and name == "handshake":
            self.ready.set()
        elif event == "end" and depth == 1:
            self.texts.append(tostring(element, "unicode"))
            self.heard.append(Stanza(name, bare(element.get("from")), bare(element.get("to")),
                                     element.get("type") or "available"))

    def stop(self):
        if self.socket:
            self.socket.close()
