# SPDX-License-Identifier: Apache-2.0
"""SIP over a raw socket: just enough of a client to say right and wrong things with."""

import itertools
import re
import socket
import ssl
import time

_number = itertools.count(1)


class Message:
    """A response or request that came in."""

    def __init__(self, head, body):
        lines = head.decode().split("\r\n")
        self.start = lines[0]
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        self.body = body.decode()

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name):
        return ", ".join(self.all(name))

    @property
    def code(self):
        return int(self.start.split()[1]) if self.start.startswith("SIP/") else 0

    @property
    def tag(self):
        found = re.search(r";tag=([^;,\s]+)", self.get("To"))
        return found.group(1) if found else ""

    def __str__(self):
        return "\n".join([self.start] + ["%s: %s" % h for h in self.headers] + ["", self.body])


class Client:
    """One connection. What the server sends by itself is in `notified`."""

    def __init__(self, host, port, user="alice@corp.example", tls=False, epid=None):
        self.socket = socket.create_connection((host, port), 10)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.name = self.socket.getsockname()[:2]
        self.transport = "tls" if tls else "tcp"
        self.user, self.uri = user, "sip:" + user
        self.epid = epid or "%012x" % next(_number)
        self.buffer, self.notified, self.closed = b"", [], False

    def close(self):
        self.socket.close()

    # -- out

    def headers(self, method, **changes):
        """The headers of a request to oneself; a change to None leaves a header out."""
        number = next(_number)
        headers = {
            "Via": "SIP/2.0/%s %s:%d" % (self.transport, *self.name),
            "From": "<%s>;tag=f%d;epid=%s" % (self.uri, number, self.epid),
            "To": "<%s>" % self.uri,
            "Max-Forwards": "70",
            "CSeq": "1 %s" % method,
            "Call-ID": "c%d" % number,
            "Contact": "<sip:%s:%d;transport=%s>" % (*self.name, self.transport),
        }
        for key, value in changes.items():
            headers[key.replace("_", "-")] = value
        return {key: value for key, value in headers.items() if value is not None}

    def send(self, method, uri=None, body="", lines=(), **changes):
        """Sends a request; returns the headers it had."""
        headers = self.headers(method, **changes)
        data = body if isinstance(body, bytes) else body.encode()
        head = ["%s %s SIP/2.0" % (method, uri or self.uri)]
        head += ["%s: %s" % pair for pair in headers.items()] + list(lines)
        if "Content-Length" not in headers:
            head.append("Content-Length: %d" % len(data))
        self.raw("\r\n".join(head).encode() + b"\r\n\r\n" + data)
        return headers

    def raw(self, data):
        self.socket.sendall(data)

    # -- in

    def receive(self, timeout=10):
        """The next message, None when there is none in time or the connection is closed."""
        end = time.monotonic() + timeout
        while True:
            while self.buffer.startswith(b"\r\n"):
                self.buffer = self.buffer[2:]
            head, rest, after = self.buffer.partition(b"\r\n\r\n")
            if rest:
                length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
                length = int(length.group(1)) if length else 0
                if len(after) >= length:
                    self.buffer = after[length:]
                    return Message(head, after[:length])
            self.socket.settimeout(max(end - time.monotonic(), 0.001))
            try:
                data = self.socket.recv(65536)
            except (socket.timeout, TimeoutError, ssl.SSLWantReadError):
                return None
            except OSError:
                data = b""
            if not data:
                self.closed = True
                return None
            self.buffer += data

    def response(self, call_id, timeout=10):
        """The final answer to a request; notifications on the way are kept."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.receive(end - time.monotonic())
            if message is None:
                return None
            if not message.code:
                self.notified.append(message)
            elif message.get("Call-ID") == call_id:
                return message
        return None

    def ask(self, method, uri=None, body="", timeout=10, lines=(), **changes):
        headers = self.send(method, uri, body, lines, **changes)
        return self.response(headers["Call-ID"], timeout)

    def notification(self, timeout=10):
        return self.notified.pop(0) if self.notified else self.receive(timeout)

    # -- what a client usually says

    def register(self, expires=None, offers="gruu-10, adhoclist, msrtc-event-categories"):
        domain = "sip:" + self.user.split("@")[1]
        return self.ask("REGISTER", domain, Expires=expires, Event="registration", Supported=offers)

    def subscribe(self, event, body="", kind=None, **changes):
        return self.ask("SUBSCRIBE", changes.pop("uri", None), body, Event=event, Content_Type=kind,
                        lines=("Supported: ms-benotify", "Supported: ms-piggyback-first-notify"),
                        **changes)

    def service(self, kind, body, uri=None, **changes):
        return self.ask("SERVICE", uri, body, Content_Type=kind, **changes)


BATCH = "application/msrtc-adrl-categorylist+xml"
PUBLISH = "application/msrtc-category-publish+xml"
MEMBERS = "application/msrtc-setcontainermembers+xml"
SUBSCRIBER = "application/msrtc-presence-setsubscriber+xml"
SOAP = "application/SOAP+xml"
SELF = "application/vnd-microsoft-roaming-self+xml"
PROVISIONING = "application/vnd-microsoft-roaming-provisioning-v2+xml"


LIST = "application/adrl+xml"          # here and below: of clients from before categories
PRESENTITY = "text/xml+msrtc.pidf"


def adhoc(watcher, *resources):
    return ('<adhoclist xmlns="urn:ietf:params:xml:ns:adrl" uri="%s" name="%s"><create xmlns="">%s</create>'
            '</adhoclist>' % (watcher, watcher, "".join(
                r if r.startswith("<") else '<resource uri="%s"/>' % r for r in resources)))


def presence(uri, note="", chosen=None, activity=400, availability=300, oof=""):
    """setPresence as pidgin-sipe writes it."""
    states = ('<states><state avail="%s" since="2026-11-21T19:35:59Z" validWith="any-device" set="manual"'
              ' xsi:type="userState">of-his-own</state></states>' % chosen) if chosen else ""
    return (
        '<m:setPresence><m:presentity xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" m:uri="%s">'
        '<m:availability m:aggregate="%s"/><m:activity m:aggregate="%s"/>'
        '<userInfo xmlns="http://schemas.microsoft.com/2002/09/sip/presence">%s%s%s</userInfo>'
        '<device xmlns="http://schemas.microsoft.com/2002/09/sip/presence" deviceId="ab">'
        '<userInput>active</userInput></device></m:presentity></m:setPresence>'
        % (uri, availability, activity, "<note>%s</note>" % note if note else "", oof, states))


def ace(mask, rights, kind="USER"):
    return ('<m:setACE><m:type>%s</m:type><m:mask>%s</m:mask><m:rights>%s</m:rights>'
            '<m:deltaNum>1</m:deltaNum></m:setACE>' % (kind, mask, rights))


def batch(watcher, *resources, action="subscribe"):
    return (
        '<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="%s" name="">'
        '<action name="%s" id="1"><adhocList>%s</adhocList>'
        '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">'
        '<category name="note"/><category name="state"/></categoryList></action></batchSub>'
        % (watcher, action, "".join(
            r if r.startswith("<") else '<resource uri="%s"/>' % r for r in resources)))


def state(version=0, instance=7, container=2, availability=6500, expire="static", value=None):
    """One publication of category state."""
    value = value or (
        '<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="true"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="userState">'
        '<availability>%d</availability></state>' % availability)
    return ('<publication categoryName="state" instance="%d" container="%d" version="%d"'
            ' expireType="%s">%s</publication>' % (instance, container, version, expire, value))


def publish(uri, *publications):
    return ('<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">'
            '<publications uri="%s">%s</publications></publish>' % (uri, "".join(publications)))


def soap(body):
    return ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body>%s</s:Body>'
            '</s:Envelope>' % body)
