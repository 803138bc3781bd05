# SPDX-License-Identifier: Apache-2.0
"""The cable between Heliograph and its XMPP server: it can be cut and mended, and it is listened to."""

import socket
import threading
import time
from typing import NamedTuple
from xml.etree.ElementTree import ParseError, XMLPullParser

from .process import PeerError, free_port


class Stanza(NamedTuple):
    name: str
    sender: str      # bare
    to: str          # bare
    type: str        # of a presence that is none: "available"


def bare(jid):
    return (jid or "").partition("/")[0]


class Cable:
    """Takes connections at `port` on to a port of this machine; `width`: how many Heliograph has
    over it at a time. What it says is in `sent`, in its order, over all that there were."""

    def __init__(self, to_port, width=1):
        self.to_port, self.width, self.port = to_port, width, free_port()
        self.sent, self.streams = [], 0      # streams: how often Heliograph has shaken hands
        self.listener, self.ends = None, set()
        self.lock = threading.Lock()
        self.mend()

    def mend(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def cut(self):
        """Breaks what there is; until it is mended nobody gets through."""
        # Closing alone would not wake the thread that waits for connections.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            ends, self.ends = self.ends, set()
        for end in ends:
            self.shut(end)

    def accept(self, listener):
        while True:
            try:
                here = listener.accept()[0]
            except OSError:
                return
            try:
                there = socket.create_connection(("127.0.0.1", self.to_port), 10)
            except OSError:
                here.close()
                continue
            there.settimeout(None)
            with self.lock:
                self.ends |= {here, there}
            for pair in (here, there, Tap(self).hear), (there, here, None):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, come, go, hear):
        try:
            while data := come.recv(65536):
                if hear:
                    hear(data)
                go.sendall(data)
        except OSError:
            pass
        for end in (come, go):
            self.shut(end)

    @staticmethod
    def shut(end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def await_up(self, before=0, limit=60):
        """Waits until Heliograph is connected, after it had `before` streams altogether."""
        until = time.monotonic() + limit
        while self.streams < before + self.width:
            if time.monotonic() > until:
                raise PeerError("Heliograph has not come to its server within %d s" % limit)
            time.sleep(0.02)

    def bounce(self):
        """Cuts the cable and mends it; returns when Heliograph is back."""
        before = self.streams
        self.cut()
        self.mend()
        self.await_up(before)


class Tap:
    """Reads the stanzas of one connection."""

    def __init__(self, cable):
        self.cable, self.depth = cable, 0
        self.parser = XMLPullParser(["start", "end"])

    def hear(self, data):
        try:
            self.parser.feed(data)
            for event, element in self.parser.read_events():
                self.depth += 1 if event == "start" else -1
                if event == "end" and self.depth == 1:
                    self.take(element)
        except ParseError as error:
            raise PeerError("what Heliograph says is no XML: %s" % error) from error

    def take(self, element):
        name = element.tag.rpartition("}")[2]
        if name == "handshake":
            self.cable.streams += 1
            return
        kind = element.get("type") or ("available" if name == "presence" else "")
        self.cable.sent.append(Stanza(name, bare(element.get("from")), bare(element.get("to")), kind))
