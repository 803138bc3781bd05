# SPDX-License-Identifier: Apache-2.0
"""A socket of a SIP user agent, over UDP or TCP: requests and their answers (RFC 3261 17), and what the
other side says by itself. All that comes is in `received`, in its order, repetitions too."""

import itertools
import re
import secrets
import socket
import threading
import time

from contract.sip_wire import Message

from .process import PeerError
from .relay import cut, shut

LIMIT = 60                      # seconds; UDP gives up after 32 by itself (RFC 3261 17.1.2.2)
T1, T2 = 0.5, 4.0
_number = itertools.count(1)


def unique(prefix):
    return "%s%s%d" % (prefix, secrets.token_hex(5), next(_number))


def parameter(header, name):
    found = re.search(r";\s*%s=([^;,>\s]+)" % name, header.rpartition(">")[2] if "<" in header else header)
    return found.group(1) if found else ""


def uri_in(header):
    """The URI of a From, To, Contact or Route, without the header's own parameters."""
    found = re.search(r"<([^>]*)>", header)
    return found.group(1) if found else header.partition(";")[0].strip()


def branch(message):
    """What tells its transaction from others, but for an ACK."""
    return parameter((message.all("Via") + message.all("v"))[0].partition(",")[0], "branch")


class Socket:

    def __init__(self, server_port, transport="udp", server="127.0.0.1"):
        self.server, self.transport = (server, server_port), transport
        self.received, self.answered = [], {}      # answered: what was said to each request
        self.late = 0                              # what a repeated request gets that was not answered
        self.waiting = {}                          # the answers to ours, by branch
        self.handle = lambda message: 481          # says the status for a request
        self.changed = threading.Condition()
        self.socket = self.name = None
        self.connect()

    def connect(self):
        """Again, too: a connection that broke leaves nothing behind."""
        if self.socket:
            self.close()
        if self.transport == "udp":
            self.socket = socket.socket(type=socket.SOCK_DGRAM)
            self.socket.bind(("127.0.0.1", 0))
        else:
            self.socket = socket.create_connection(self.server, 10)
            self.socket.settimeout(None)
        self.name, self.connected = self.socket.getsockname()[:2], True
        read = self.read_datagrams if self.transport == "udp" else self.read_stream
        threading.Thread(target=read, args=(self.socket,), daemon=True).start()

    def close(self):
        shut(self.socket)
        self.socket.close()

    @property
    def contact(self):
        return "%s:%d;transport=%s" % (*self.name, self.transport)

    # ---- out

    def raw(self, data):
        try:
            if self.transport == "udp":
                self.socket.sendto(data, self.server)
            else:
                self.socket.sendall(data)
        except OSError as error:
            raise PeerError("%s:%d is gone: %s" % (*self.server, error)) from error

    def text(self, start, headers, body=""):
        data = body if isinstance(body, bytes) else body.encode()
        lines = [start, *("%s: %s" % pair for pair in headers), "Content-Length: %d" % len(data)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data

    def ask(self, method, uri, headers, body="", limit=LIMIT):
        """Sends a request, again and again over UDP, and returns the final answer. A provisional
        one makes the repetitions rarer. A Max-Forwards among the headers is the only one."""
        mark = unique("z9hG4bK")
        via = "SIP/2.0/%s %s:%d;branch=%s;rport" % (self.transport.upper(), *self.name, mark)
        headers = list(headers)
        hops = [("Max-Forwards", "70")] * ("Max-Forwards" not in dict(headers))
        data = self.text("%s %s SIP/2.0" % (method, uri), [("Via", via), *hops, *headers], body)
        answers = self.waiting[mark] = []
        end, pause = time.monotonic() + limit, T1
        try:
            while time.monotonic() < end:
                self.raw(data)
                again = end if self.transport != "udp" else min(end, time.monotonic() + pause)
                if answer := self.final(answers, again):
                    return answer
                if not self.connected:
                    break
                pause = T2 if answers else min(2 * pause, T2)
        finally:
            del self.waiting[mark]
        raise PeerError("%s %s has no answer from %s:%d" % (method, uri, *self.server))

    def final(self, answers, until):
        def found():
            return [answer for answer in answers if answer.code >= 200]
        with self.changed:
            self.changed.wait_for(lambda: found() or not self.connected, until - time.monotonic())
            return found()[0] if found() else None

    # ---- in

    def read_datagrams(self, source):
        try:
            while True:
                data, sender = source.recvfrom(65536)
                if data.strip():
                    self.take(data, lambda answer, to=sender: source.sendto(answer, to))
        except OSError:
            pass

    def read_stream(self, source):
        buffer = b""
        try:
            while data := source.recv(65536):
                message, buffer = cut(buffer + data)
                while message is not None:
                    if message.strip():
                        self.take(message, source.sendall)
                    message, buffer = cut(buffer) if buffer else (None, buffer)
        except OSError:
            pass
        with self.changed:
            self.connected = self.connected and source is not self.socket
            self.changed.notify_all()

    def take(self, data, respond):
        head, _, body = data.partition(b"\r\n\r\n")
        message = Message(head, body)
        with self.changed:
            self.received.append(message)
            if message.code:
                self.waiting.get(branch(message), []).append(message)
                answer = None
            else:
                answer = self.answer(message)
            self.changed.notify_all()
        if answer:
            try:
                respond(answer)
            except OSError:
                pass

    def answer(self, request):
        """A repeated request gets what it got before, and is not handled again."""
        mark = branch(request), request.start.partition(" ")[0]
        if not self.answered.get(mark):
            status = self.late if mark in self.answered else self.handle(request)
            to = request.get("To")
            headers = [("Via", via) for via in request.all("Via")] + [
                ("Record-Route", route) for route in request.all("Record-Route")] + [
                ("From", request.get("From")), ("To", to if parameter(to, "tag") else to + ";tag=" + unique("a")),
                ("Call-ID", request.get("Call-ID")), ("CSeq", request.get("CSeq"))]
            self.answered[mark] = status and self.text("SIP/2.0 %d %s" % (status, REASONS.get(status, "No")), headers)
        return self.answered[mark]


REASONS = {200: "OK", 405: "Method Not Allowed", 481: "Subscription Does Not Exist", 500: "Server Error"}
