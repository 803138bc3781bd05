# SPDX-License-Identifier: Apache-2.0
"""An XMPP client: slixmpp, driven by xmpp_probe.py."""

import os
import sys
import xml.etree.ElementTree as ET

from .probe import Probe, Sight

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "xmpp_probe.py")

EXTENSION = "{urn:uuid:35d73933-47dc-43eb-a41c-5307dbdf0b91}"
# What a bare availability may carry: client capabilities, the server's remark on its age, and the number itself.
HARMLESS = {"{http://jabber.org/protocol/caps}c", "{urn:xmpp:delay}delay", EXTENSION + "lp"}


def exactly(presence):
    """What the presence says of the whole state (docs/extension.md); {}: nothing."""
    element = ET.fromstring(presence["stanza"]).find(EXTENSION + "lp") if presence["stanza"] else None
    return {} if element is None else dict(element.items())


def bare(jid):
    return jid.partition("/")[0]


def quoted(text):
    return ' "%s"' % text if text else ""


class XmppClient(Probe):

    def sign_on(self, port, password, resource, show="available", status=""):
        """Starts the client with the port of its server on this machine."""
        self.start_command([
            sys.executable, PROGRAM, "--jid", "%s/%s" % (self.address, resource),
            "--password", password, "--server", "127.0.0.1:%d" % port,
            "--presence", show, status])

    def await_ready(self, limit=20):
        self.await_event("signed-on", limit)

    def describe(self, event):
        if event.name == "presence":
            if event["type"] == "error":
                return "an error from %s" % bare(event["from"])
            return "%s is %s%s" % (bare(event["from"]), self.shown(event),
                                   quoted(event["status"]))
        if event.name == "subscription":
            return "%s from %s" % (event["type"], event["from"])
        if event.name in ("signed-on", "signed-off"):
            return "%s as %s" % (event.name.replace("-", " "), event["account"])
        if event.name in ("blocked", "unblocked"):
            return "%s is %s" % (event["jid"], event.name)
        if event.name in ("error", "help", "message"):
            return event.line
        return None

    # ---- doing

    def accept(self, contact):
        self.act("accepts %s" % contact.address, "accept", contact.address)

    def subscribe(self, contact):
        self.act("subscribes to %s" % contact.address, "subscribe", contact.address)

    def refuse(self, contact):
        """Also takes back what was accepted."""
        self.act("refuses %s" % contact.address, "refuse", contact.address)

    def unsubscribe(self, contact):
        self.act("unsubscribes from %s" % contact.address, "unsubscribe", contact.address)

    def probe(self, contact):
        self.act("asks how %s is" % contact.address, "probe", contact.address)

    def direct(self, contact, show, status=""):
        """Presence for the contact alone."""
        self.act("is %s%s to %s" % (show, quoted(status), contact.address),
                 "direct", contact.address, show, status)

    def set_presence(self, show, status=""):
        """What is said while the server is away goes out when it is back."""
        self.act("is %s%s" % (show, quoted(status)), "presence", show, status)

    def look_again(self):
        """Leaves and comes, so that the user's server asks for everybody's presence."""
        self.act("leaves", "presence", "unavailable")
        self.act("is back", "presence", "available")

    def block(self, contact):
        """Blocks the contact at the user's own server (XEP-0191)."""
        self.act("blocks %s" % contact.address, "block", contact.address)
        self.await_event("blocked", 10, self.page, jid=contact.address)

    def unblock(self, contact):
        self.act("unblocks %s" % contact.address, "unblock", contact.address)
        self.await_event("unblocked", 10, self.page, jid=contact.address)

    def ask(self, jid, xml, kind="get", limit=30):
        """What comes back for a request, as an element."""
        since = len(self.events)
        self.command("ask", jid, kind, xml)
        self.await_event("answer", limit, since)
        return ET.fromstring([event for event in self.events[since:] if event.name == "answer"][0]["stanza"])

    # ---- seeing

    def from_contact(self, name, contact):
        return [event for event in self.fresh(name) if bare(event["from"]) == contact.address]

    def presences_of(self, contact):
        """Those that show something; what a server answers in the contact's stead is an error."""
        return [event for event in self.from_contact("presence", contact)
                if event["type"] != "error"]

    @staticmethod
    def shown(event):
        if event["type"] == "unavailable":
            return "unavailable"
        return event["show"] or "available"

    def is_asked_by(self, contact):
        """The contact wants to see the user."""
        def look():
            kinds = [event["type"] for event in self.from_contact("subscription", contact)]
            right = "subscribe" in kinds
            return right, "asked by %s" % contact.name if right else self.absent()
        return Sight(self.name, "asked by %s" % contact.name, look)

    def has_edge(self, contact, subscription):
        """The user's server has this subscription for the contact in his roster."""
        def look():
            seen = [event["subscription"] for event in self.fresh("roster")
                    if event["jid"] == contact.address]
            if not seen:
                return False, self.absent()
            return seen[-1] == subscription, "%s in his roster: %s" % (contact.name, seen[-1])
        return Sight(self.name, "%s in his roster: %s" % (contact.name, subscription), look)

    def has_request(self, contact):
        """The user's server has written down that he asked and has no answer yet."""
        def look():
            seen = [event["ask"] for event in self.fresh("roster") if event["jid"] == contact.address]
            return seen[-1:] == ["subscribe"], "asked: %s" % (seen[-1:] or self.absent())
        return Sight(self.name, "has asked %s" % contact.name, look)

    def keeps_edge(self, contact, subscription):
        """Nothing was asked, granted or revoked, and the roster, if it came, has the same."""
        def look():
            if self.signed_on_at is None:
                return False, self.absent()
            news = [event["type"] for event in self.from_contact("subscription", contact)]
            news += [event["subscription"] for event in self.fresh("roster")
                     if event["jid"] == contact.address and event["subscription"] != subscription]
            return not news, ", ".join(news) or "%s: still %s" % (contact.name, subscription)
        return Sight(self.name, "%s: still %s" % (contact.name, subscription), look)

    def hears_nothing_of(self, contact):
        """No stanza of any kind came from the contact. That says something only once it is
        certain that what might have come would be here."""
        def look():
            if self.signed_on_at is None:
                return False, self.absent()
            heard = [self.describe(event) or event.line for event in self.fresh()
                     if bare(event["from"]) == contact.address]
            return not heard, heard[-1] if heard else "nothing of %s" % contact.name
        return Sight(self.name, "nothing of %s" % contact.name, look)

    def reads(self, contact, show, text):
        """The contact's latest presence shows this, with this text; with none if it is None."""
        def look():
            seen = self.presences_of(contact)
            if not seen:
                return False, self.absent()
            said = self.shown(seen[-1]), seen[-1].fields.get("status")
            return said == (show, text), "%s: %s%s" % (contact.name, said[0], quoted(said[1]))
        return Sight(self.name, "%s: %s%s" % (contact.name, show, quoted(text)), look)

    def sees(self, contact, show):
        """The contact's latest presence shows this; whatever else it says does not matter."""
        def look():
            seen = self.presences_of(contact)
            if not seen:
                return False, self.absent()
            return (self.shown(seen[-1]) == show,
                    "%s: %s%s" % (contact.name, self.shown(seen[-1]), quoted(seen[-1]["status"])))
        return Sight(self.name, "%s: %s" % (contact.name, show), look)

    def sees_only(self, contact, show):
        """The contact's presence shows this, and nothing since the step began said more: no text
        in any presence, no extension, no event of personal eventing."""
        def look():
            right, seen = self.sees(contact, show).look()
            presences = self.presences_of(contact)
            more = ["text '%s'" % event["status"] for event in presences
                    if "status" in event.fields]
            more += [tag for event in presences for tag in event["extensions"].split()
                     if tag not in HARMLESS]
            more += [said for event in presences for said in exactly(event) if said not in ("av", "o", "ck")]
            more += [event["stanza"] for event in self.from_contact("message", contact)]
            if not right or not more:
                return right, seen + (", no text, no activity" if right else "")
            return False, "%s and besides: %s" % (seen, "; ".join(more))
        return Sight(self.name, "%s: %s, no text, no activity" % (contact.name, show), look)
