# SPDX-License-Identifier: Apache-2.0
"""A SIMPLE client without a screen (RFC 3856, RFC 3903, RFC 4662): several people on one socket, against
any presence server. It does what it is told: nothing is refreshed by itself."""

import time
from typing import NamedTuple

from . import pidf
from .probe import Sight
from .process import PeerError
from .simple_socket import LIMIT, Socket, parameter, unique, uri_in

ACTIVE, PENDING, TERMINATED = "active", "pending", "terminated"
CALLS = "application/dialog-info+xml"       # RFC 4235


class Notification(NamedTuple):
    message: object
    state: str
    reason: str
    document: object     # pidf.Presence, pidf.List or None


class Published(NamedTuple):
    code: int
    etag: str
    expires: int
    warning: str         # why not


class Dialog:
    """One side of a dialog, and the requests in it (RFC 3261 12)."""

    def __init__(self, person, target):
        self.person, self.target = person, target
        self.call_id, self.local_tag, self.remote_tag = unique("s"), unique("f"), ""
        self.remote, self.routes, self.number, self.heard = target, [], 0, 0

    def learn(self, tag, message, routes):
        """What the first answer or notification tells of the other side; its contact may change."""
        if not self.remote_tag:
            self.remote_tag, self.routes = tag, routes
        if message.get("Contact"):
            self.remote = uri_in(message.get("Contact"))

    def headers(self, method):
        self.number += 1
        return [*(("Route", route) for route in self.routes),
                ("From", "<%s>;tag=%s" % (self.person.uri, self.local_tag)),
                ("To", "<%s>%s" % (self.target, ";tag=" + self.remote_tag if self.remote_tag else "")),
                ("Call-ID", self.call_id), ("CSeq", "%d %s" % (self.number, method)),
                ("Contact", "<%s>" % self.person.contact)]


class Subscription:
    """`last` is the last document that came, `state` what Subscription-State said last, `notified` all
    that came, `resources` what a list's notifications have told so far (RFC 4662 5)."""

    def __init__(self, person, target, event, accept, lists):
        self.person, self.event, self.accept, self.lists = person, event, accept, lists
        self.dialog = Dialog(person, target)
        self.notified, self.resources = [], {}
        self.last = self.state = self.reason = None
        self.expires, self.status = 0, 200      # status: of our answers to notifications
        self.faults = []                        # what was no document, or came in the wrong order
        self.page = 0

    # ---- doing

    def ask(self, expires, body="", kind=""):
        """A body that is bytes is one that has been deflated."""
        headers = self.dialog.headers("SUBSCRIBE") + [("Event", self.event), ("Expires", str(expires))]
        headers += [("Accept", kind) for kind in self.accept]
        headers += [("Supported", "eventlist")] * self.lists + [("Content-Type", kind)] * bool(body)
        headers += [("Content-Encoding", "deflate")] * isinstance(body, bytes)
        answer = self.person.socket.ask("SUBSCRIBE", self.dialog.remote, headers, body)
        if answer.code // 100 != 2:
            return answer
        with self.person.socket.changed:        # a notification may come at the same time
            self.dialog.learn(answer.tag, answer, list(reversed(routes(answer))))
            self.expires = int(answer.get("Expires") or expires)
        return answer

    def refresh(self, expires=3600):
        return self.must(self.ask(expires))

    def unsubscribe(self):
        """Returns when the last notification is there, too."""
        answer = self.must(self.ask(0))
        self.until(lambda: self.state == TERMINATED, "the end of the subscription")
        return answer

    def must(self, answer):
        if answer.code // 100 != 2:
            raise PeerError("SUBSCRIBE %s by %s: %s" % (self.dialog.target, self.person.name, answer.start))
        return answer

    def take(self, request):
        """A NOTIFY; returns the status to answer with, 0 for none."""
        number = int(request.get("CSeq").split()[0])
        if number <= self.dialog.heard:
            self.faults.append("CSeq %d after %d" % (number, self.dialog.heard))
            return 500
        self.dialog.heard = number
        self.dialog.learn(parameter(request.get("From"), "tag"), request, routes(request))
        said = request.get("Subscription-State")
        self.state, self.reason = said.partition(";")[0].strip().lower(), parameter(said, "reason")
        document = None
        try:
            document = pidf.read(request.get("Content-Type"), request.body)
        except (ValueError, SyntaxError) as error:      # ElementTree's is a SyntaxError
            self.faults.append(str(error))
        self.notified.append(Notification(request, self.state, self.reason, document))
        self.last = document or self.last
        if isinstance(document, pidf.List):
            self.resources = {**({} if document.full else self.resources), **document.resources}
        return self.status

    # ---- seeing

    def until(self, right, what, limit=LIMIT):
        """Waits until it is so."""
        changed = self.person.socket.changed
        with changed:
            if not changed.wait_for(right, limit):
                raise PeerError("%s waited %d s for %s of %s; last: %s, %s" % (
                    self.person.name, limit, what, self.dialog.target, self.state,
                    self.notified[-1].message if self.notified else "nothing"))

    def await_document(self, right=lambda document: True, what="a document", limit=LIMIT):
        """The last document, once it is like that."""
        self.until(lambda: self.last is not None and right(self.last), what, limit)
        return self.last

    def fresh(self):
        """The documents since the page was turned."""
        return [each.document for each in self.notified[self.page:] if each.document]


def routes(message):
    return [part.strip() for value in message.all("Record-Route") for part in value.split(",")]


class SimpleUser:
    """A person on a socket."""

    def __init__(self, name, address, socket):
        self.name, self.address, self.uri, self.socket = name, address, "sip:" + address, socket
        self.subscriptions = []
        self.registration = None

    @property
    def contact(self):
        return "sip:%s@%s" % (self.address.partition("@")[0], self.socket.contact)

    # ---- doing

    def register(self, expires=3600):
        if not self.registration:
            self.registration = Dialog(self, self.uri)
        domain = "sip:" + self.address.partition("@")[2]
        answer = self.socket.ask("REGISTER", domain,
                                 self.registration.headers("REGISTER") + [("Expires", str(expires))])
        if answer.code != 200:
            raise PeerError("REGISTER of %s: %s" % (self.name, answer.start))
        return answer

    def asks_for_options(self, limit=LIMIT):
        """Of the server, whether it is there."""
        return self.socket.ask("OPTIONS", self.uri, Dialog(self, self.uri).headers("OPTIONS"), limit=limit)

    def subscribe(self, who, expires=3600, event="presence", accept=(pidf.TYPE,), lists=False, body="", kind="",
                  scheme="sip:"):
        """To see him, whoever has an address. `lists`: several at once, whatever the body names them
        by, if any. An expiry of 0 asks once."""
        accept = (*accept, "multipart/related", pidf.LIST_TYPE) if lists else accept
        subscription = Subscription(self, scheme + getattr(who, "address", who), event, accept, lists)
        self.subscriptions.append(subscription)
        subscription.must(subscription.ask(expires, body, kind))
        return subscription

    def watch_lamp(self, who):
        """Whether he is in a call."""
        return self.subscribe(who, event="dialog", accept=(CALLS,))

    def publish(self, document="", etag=None, expires=3600, event="presence"):
        """RFC 3903 4: with a document and no etag it is new, with both it changes, with an etag alone it
        is refreshed, and an expiry of 0 removes it."""
        headers = Dialog(self, self.uri).headers("PUBLISH") + [("Event", event), ("Expires", str(expires))]
        headers += [("SIP-If-Match", etag)] * (etag is not None) + [("Content-Type", pidf.TYPE)] * bool(document)
        answer = self.socket.ask("PUBLISH", self.uri, headers, document)
        return Published(answer.code, answer.get("SIP-ETag"), int(answer.get("Expires") or 0),
                         answer.get("Warning"))

    def says(self, etag=None, **words):
        """Publishes a document of these words (pidf.write); returns the etag."""
        published = self.publish(pidf.write(self.uri, **words), etag)
        if published.code != 200:
            raise PeerError("PUBLISH of %s: %d" % (self.name, published.code))
        return published.etag

    # ---- seeing

    def turn_page(self):
        for each in self.subscriptions:
            each.page = len(each.notified)

    def seen_of(self, contact):
        """The last document about him that came on this page, alone or in a list."""
        uri, found = "sip:" + contact.address, None
        for each in self.subscriptions:
            for document in each.fresh():
                if isinstance(document, pidf.List):
                    document = uri in document.resources and document.resources[uri].presence
                elif each.dialog.target != uri:
                    document = None
                found = document or found
        return found

    def sees(self, contact, basic, **words):
        """The last document about him says this, and of `note` ({language: text}), `activities` and
        `idle` (whether) what is given."""
        def look():
            document = self.seen_of(contact)
            if document is None:
                return False, "nothing since the step began"
            said = {"note": document.notes, "activities": document.activities,
                    "idle": document.idle is not None}
            shown = {"basic": document.basic, **{key: said[key] for key in words}}
            return shown == {"basic": basic, **words}, "%s: %s" % (contact.name, shown)
        return Sight(self.name, "%s: %s" % (contact.name, {"basic": basic, **words}), look)


class SimpleClient:
    """People on one socket. `port`: of their server."""

    def __init__(self, port, transport="udp", server="127.0.0.1"):
        self.socket = Socket(port, transport, server)
        self.socket.handle = self.handle
        self.people = []

    def user(self, name, address):
        self.people.append(SimpleUser(name, address, self.socket))
        return self.people[-1]

    def handle(self, request):
        method = request.start.partition(" ")[0]
        if method != "NOTIFY":
            return 200 if method in ("OPTIONS", "MESSAGE") else 405
        for person in self.people:
            for each in person.subscriptions:
                if (each.dialog.call_id, each.dialog.local_tag) == (request.get("Call-ID"), request.tag):
                    return each.take(request)
        return 481

    @property
    def received(self):
        """All messages, in the order in which they came."""
        return self.socket.received

    def await_lost(self, limit=LIMIT):
        """Waits until the connection has broken; over UDP there is none."""
        with self.socket.changed:
            if not self.socket.changed.wait_for(lambda: not self.socket.connected, limit):
                raise PeerError("the connection to %s:%d still stands" % self.socket.server)

    def connect(self, limit=LIMIT):
        """Again, as soon as the server takes it."""
        until = time.monotonic() + limit
        while True:
            try:
                return self.socket.connect()
            except OSError as error:
                if time.monotonic() > until:
                    raise PeerError("%s:%d takes no connection: %s" % (*self.socket.server, error)) from error
                time.sleep(0.1)

    def close(self):
        self.socket.close()
