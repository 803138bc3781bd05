#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""xmpp_probe: drives one slixmpp client from a script, as purple-probe does with libpurple.

It signs the account in, prints one event per line (a name and key="value" pairs, escaped as in
C) and obeys commands from stdin. Like any real client it comes back by itself when the server
was away, and then says again what it said last; like few, it asks before it grants a request.
"""

import argparse
import asyncio
import logging
import shlex
import sys
from datetime import datetime, timedelta, timezone
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

SHOWS = ("available", "chat", "away", "xa", "dnd")
SUBSCRIPTIONS = ("subscribe", "subscribed", "unsubscribe", "unsubscribed")
CLIENT, XML = "{jabber:client}", "{http://www.w3.org/XML/1998/namespace}"
EXTENSION = "{urn:uuid:35d73933-47dc-43eb-a41c-5307dbdf0b91}"


def checksum(*core):
    """FNV-1a of 64 bits over each of these and an octet 255 behind it, folded to 32."""
    value = 0xcbf29ce484222325
    for octet in b"".join(part.encode() + b"\xff" for part in core):
        value = (value ^ octet) * 0x100000001b3 % 2 ** 64
    return "%08x" % ((value ^ value >> 32) % 2 ** 32)


def escape(text):
    """As C has it; everything above ASCII stays as it is."""
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return "".join(named.get(c) or (c if c >= " " else "\\%03o" % ord(c)) for c in text)


def emit(name, **pairs):
    """Prints an event; a pair whose value is None is left out."""
    print(name, *('%s="%s"' % (key.rstrip("_"), escape(str(value)))
                  for key, value in pairs.items() if value is not None), flush=True)


class Client(slixmpp.ClientXMPP):

    def __init__(self, jid, password, server):
        super().__init__(jid, password)
        self.server_address = server
        self.said = ("available", "")     # the latest presence that was asked for
        self.more = []                    # what else it carries
        self.auto_authorize = None        # ask the user
        self.auto_subscribe = False
        self["feature_mechanisms"].unencrypted_plain = True
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0191")
        self.register_plugin("xep_0199")
        self.add_event_handler("session_start", self.session_started)
        self.add_event_handler("disconnected", self.lost)
        self.add_event_handler("failed_auth", lambda _: emit("error", text="wrong password"))
        self.add_event_handler("presence", self.presence_came)
        # its own event "message" leaves out those without a body
        self.register_handler(Callback("any message", MatchXPath(CLIENT + "message"), self.message_came))
        self.add_event_handler("roster_update", self.roster_came)

    def reach(self):
        self.connect(self.server_address, disable_starttls=True)

    async def session_started(self, _):
        emit("signed-on", account=self.boundjid.full)
        try:
            await self.get_roster()
        except (IqError, IqTimeout):
            emit("error", text="no roster")
        self.say()

    def lost(self, _):
        emit("signed-off", account=self.boundjid.bare)
        self.reach()

    def say(self):
        """Sends the presence that the user chose last, if there is somebody to send it to."""
        if self.is_connected() and self.sessionstarted:
            show, status = self.said
            if show == "unavailable":
                self.send_presence(ptype="unavailable", pstatus=status or None)
                return
            presence = self.make_presence(pshow=show if show != "available" else None,
                                          pstatus=status or None)
            for element in self.more:
                presence.xml.append(element)
            presence.send()

    # ---- events

    def presence_came(self, presence):
        kind = presence.xml.get("type", "available")
        sender = presence["from"]
        if sender.bare == self.boundjid.bare:
            return
        if kind in SUBSCRIPTIONS:
            emit("subscription", from_=sender.bare, type=kind,
                 nick=presence.xml.findtext("{http://jabber.org/protocol/nick}nick"))
            return
        statuses = [element.text or "" for element in presence.xml.findall(CLIENT + "status")]
        languages = [element.get(XML + "lang", "-") for element in presence.xml.findall(CLIENT + "status")]
        plain = (CLIENT + "status", CLIENT + "show", CLIENT + "priority")
        emit("presence", from_=sender.full, type=kind,
             show=presence.xml.findtext(CLIENT + "show"),
             status="\n".join(statuses) if statuses else None,
             languages=" ".join(languages) if languages and languages != ["-"] else None,
             extensions=" ".join(e.tag for e in presence.xml if e.tag not in plain) or None,
             stanza=ET.tostring(presence.xml, "unicode"))

    def message_came(self, message):
        emit("message", from_=message["from"].full, type=message["type"],
             stanza=ET.tostring(message.xml, "unicode"))

    def roster_came(self, iq):
        for jid, item in iq["roster"]["items"].items():
            emit("roster", jid=jid, subscription=item["subscription"], ask=item["ask"] or None)

    # ---- commands

    def do_presence(self, show, status=""):
        if show not in SHOWS + ("unavailable",):
            raise ValueError("no such show")
        self.said, self.more = (show, status), []
        self.say()

    def do_idle(self, seconds, how="xep-0319"):
        """Says the same again, and for how long nobody has touched the computer."""
        since = datetime.now(timezone.utc) - timedelta(seconds=int(seconds))
        self.say_beside(ET.Element("{urn:xmpp:idle:1}idle", since=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
                        if how == "xep-0319" else
                        ET.Element("{jabber:iq:last}query", seconds=seconds))

    def do_exactly(self, *attributes):
        """Says the same again, and the whole state beside it, in attributes `name=value`; the checksum is added
        (docs/extension.md)."""
        show, status = self.said
        core = "available", show if show != "available" else "", "0", status
        self.more = [ET.Element(EXTENSION + "lp", dict(pair.split("=", 1) for pair in attributes),
                                ck=checksum(*core))]
        self.say()

    def do_stale(self, show, status=""):
        """Says something else, with the whole state of before beside it."""
        self.said = show, status
        self.say()

    def do_translate(self, language, status):
        """Says the same again, and once more in another language."""
        translated = ET.Element(CLIENT + "status", {XML + "lang": language})
        translated.text = status
        self.say_beside(translated)

    def say_beside(self, element):
        """In place of what was said of that kind before, if anything was."""
        self.more = [each for each in self.more if (each.tag, each.attrib.keys()) != (element.tag, element.attrib.keys())]
        self.more.append(element)
        self.say()

    def do_subscribe(self, jid):
        self.send_presence_subscription(pto=jid, ptype="subscribe")

    def do_unsubscribe(self, jid):
        self.send_presence_subscription(pto=jid, ptype="unsubscribe")

    def do_accept(self, jid):
        self.send_presence_subscription(pto=jid, ptype="subscribed")

    def do_refuse(self, jid):
        self.send_presence_subscription(pto=jid, ptype="unsubscribed")

    def do_direct(self, jid, show, status=""):
        """Presence for him alone, whether or not he may see it."""
        self.send_presence(pto=jid, pshow=show if show != "available" else None,
                           pstatus=status or None)

    def do_probe(self, jid):
        """What servers send when they want to know; they pass on a user's, too."""
        self.send_presence(pto=jid, ptype="probe")

    def do_remove(self, jid):
        self.del_roster_item(jid)

    def do_block(self, jid):
        asyncio.ensure_future(self.answered("blocked", jid, self["xep_0191"].block(jid)))

    def do_unblock(self, jid):
        asyncio.ensure_future(self.answered("unblocked", jid, self["xep_0191"].unblock(jid)))

    def do_ask(self, jid, kind, xml):
        """A request of the user's own: `answer` has what came back, or the error."""
        iq = self.make_iq(ito=jid, itype=kind)
        iq.append(ET.fromstring(xml))
        asyncio.ensure_future(self.replied(jid, iq))

    def do_want(self, node):
        """From now on the client wants to be told of this by everybody (XEP-0163), and says so."""
        self.register_plugin("xep_0115")
        self["xep_0030"].add_feature(node + "+notify")
        asyncio.ensure_future(self.say_what_it_can())

    def do_activity(self, general="", specific="", text=""):
        """What the user does; nothing any more without a kind of it."""
        self.register_plugin("xep_0108")
        activity = self["xep_0108"]
        asyncio.ensure_future(self.answered("activity", general, activity.publish_activity(
            general, specific or None, text or None) if general else activity.stop()))

    def do_mood(self, mood="", text=""):
        self.register_plugin("xep_0107")
        asyncio.ensure_future(self.answered("mood", mood, self["xep_0107"].publish_mood(mood or None, text or None)))

    def do_place(self, locality="", country=""):
        self.register_plugin("xep_0080")
        said = {name: text for name, text in (("locality", locality), ("country", country)) if text}
        asyncio.ensure_future(self.answered("place", locality, self["xep_0080"].publish_location(**said)))

    def do_mark(self, text):
        emit("mark", text=text)

    def do_help(self):
        emit("help", commands="presence %s|unavailable [STATUS], idle SECONDS [xep-0319|xep-0256], "
             "translate LANGUAGE STATUS, accept|refuse|subscribe|"
             "unsubscribe|remove|block|unblock|probe JID, direct JID SHOW [STATUS], ask JID get|set XML, "
             "want NODE, activity [GENERAL [SPECIFIC [TEXT]]], mood [NAME [TEXT]], place [LOCALITY [COUNTRY]], mark TEXT, "
             "quit" % "|".join(SHOWS))

    async def say_what_it_can(self):
        await self["xep_0115"].update_caps(broadcast=False)
        self.say()

    async def replied(self, jid, iq):
        try:
            answer = await iq.send()
        except IqError as error:
            answer = error.iq
        except IqTimeout as error:
            emit("error", text="ask %s: %s" % (jid, error))
            return
        emit("answer", from_=answer["from"].full, type=answer["type"], stanza=ET.tostring(answer.xml, "unicode"))

    async def answered(self, event, jid, request):
        try:
            await request
            emit(event, jid=jid)
        except (IqError, IqTimeout) as error:
            emit("error", text="%s %s: %s" % (event, jid, error))


async def obey(client):
    """Reads commands until there are no more of them."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        try:
            name, *words = shlex.split(line.decode()) or [""]
            if name == "quit":
                break
            if name:
                getattr(client, "do_" + name)(*words)
        except (ValueError, TypeError, AttributeError) as error:
            emit("error", text="%s: %s" % (line.decode().strip(), error))
    client.del_event_handler("disconnected", client.lost)
    if client.is_connected():
        await client.disconnect(wait=1.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jid", required=True, help="with a resource, if it matters")
    parser.add_argument("--password", required=True)
    parser.add_argument("--server", required=True, help="HOST:PORT; no TLS")
    parser.add_argument("--presence", nargs=2, default=("available", ""),
                        metavar=("SHOW", "STATUS"), help="to sign on with")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s: %(message)s")
    host, _, port = options.server.rpartition(":")
    client = Client(options.jid, options.password, (host, int(port)))
    client.said = tuple(options.presence)
    client.reach()
    client.loop.run_until_complete(obey(client))


if __name__ == "__main__":
    main()
