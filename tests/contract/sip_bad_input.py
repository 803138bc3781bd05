#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every wrong thing that a SIP client may say, and what it must get for it.

    sip_bad_input.py HOST PORT [USER [OTHER-USER]]

against a running Heliograph with `auth: none`. After each line a second, well-behaved connection must still be served.
"""

import argparse
import os
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sip_wire import (BATCH, LIST, MEMBERS, PROVISIONING, PUBLISH, SELF, SOAP, SUBSCRIBER, Client, ace,
                      adhoc, batch, presence, publish, soap, state)

XXE = ('<!DOCTYPE publish [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
       '<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">&x;</publish>')
BOMB = ('<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">&b;</roamingList>')


class Table:
    def __init__(self, host, port, user, other):
        self.where, self.user, self.other = (host, port), user, other
        self.good = Client(host, port, user)
        assert self.good.register().code == 200, "the well-behaved client cannot register"
        self.failed = self.lines = 0

    def client(self, registered=True, user=None):
        client = Client(*self.where, user or self.user)
        if registered:
            assert client.register().code == 200
        return client

    def expect(self, name, answer, code, *texts):
        """`answer` must have one of the codes and hold the texts; others must still be served."""
        codes = code if isinstance(code, tuple) else (code,)
        got = answer.code if answer else 0
        wrong = got not in codes or any(text not in str(answer) for text in texts)
        again = self.good.service(SUBSCRIBER, "<x")
        broken = not again or again.code != 400
        self.lines += 1
        self.failed += wrong or broken
        print("%-4s %-52s %s" % ("BAD" if wrong or broken else "ok", name, got or "no answer"))
        if wrong:
            print("     expected %s %s, got:\n%s" % (code, texts, answer))
        if broken:
            print("     and the other connection is not served any more")

    # -- lines

    def before_register(self):
        for method in ("SUBSCRIBE", "SERVICE"):
            c = self.client(False)
            self.expect(method + " before REGISTER", c.ask(method, Event="presence"), 403, "register first")
        c = self.client(False)
        self.expect("large body before REGISTER",
                    c.service(PUBLISH, "<publish>" + " " * 40000 + "</publish>"), (403, 413))

    def registrations(self):
        c, domain = self.client(False), "sip:" + self.user.split("@")[1]
        self.expect("REGISTER without epid and instance",
                    c.ask("REGISTER", domain, From="<%s>;tag=1" % c.uri, Supported="gruu-10"), 400, "4010")
        self.expect("REGISTER of somebody else",
                    c.ask("REGISTER", domain, To="<sip:%s>" % self.other), 403)
        self.expect("REGISTER at a foreign domain",
                    c.ask("REGISTER", "sip:elsewhere.example",
                          From="<sip:a@elsewhere.example>;tag=1;epid=ab", To="<sip:a@elsewhere.example>"),
                    (403, 404))
        self.expect("REGISTER for 5 seconds", c.register(5), 423, "Min-Expires")
        self.expect("REGISTER with an unusable epid",
                    c.ask("REGISTER", domain, From='<%s>;tag=1;epid="a b"' % c.uri), 400)
        self.expect("REGISTER for another event",
                    c.ask("REGISTER", domain, Event="nonsense"), 489, "4055")
        self.expect("REGISTER for categories without GRUUs",
                    c.ask("REGISTER", domain, Supported="msrtc-event-categories"), 421, "2057", "gruu-10")
        c = self.client()
        self.expect("REGISTER of a second user on one connection",
                    c.ask("REGISTER", domain, From="<sip:%s>;tag=9;epid=ab" % self.other,
                          To="<sip:%s>" % self.other), 403)

    def methods(self):
        c = self.client()
        for method, code in (("OPTIONS", 200), ("MESSAGE", 405), ("INFO", 405), ("PUBLISH", 489),
                             ("NOTIFY", 489), ("BYE", 405), ("INVITE", 501), ("NEGOTIATE", 501),
                             ("FOO", 501), ("CANCEL", 481)):
            self.expect(method, c.ask(method), code)
        c.send("ACK")
        c.send("BENOTIFY", Event="presence")
        self.expect("ACK and BENOTIFY get no answer", c.ask("FOO"), 501)

    def headers(self):
        c = self.client()
        self.expect("no From tag", c.ask("SERVICE", From="<%s>" % c.uri), 400, "From")
        self.expect("http: Request-URI", c.ask("SERVICE", "http://corp.example/"), 416)
        self.expect("unknown Require", c.ask("SERVICE", Require="teleport"), 420, "teleport")
        self.expect("From of another user",
                    c.service(PUBLISH, publish(c.uri, state()),
                              From="<sip:%s>;tag=1" % self.other), 403)
        c = self.client()
        self.expect("body without Content-Type", c.ask("SERVICE", body="x"), 400, "Content-Type")
        self.expect("compressed body",
                    c.service(PUBLISH, "x", Content_Encoding="gzip"), 415, "identity")
        self.expect("deflated body that is none", c.service(PUBLISH, "x", Content_Encoding="deflate"), 400, "Encoding")
        whole = zlib.compress(publish(c.uri, state()).encode())
        self.expect("deflated body that is cut",
                    c.service(PUBLISH, whole[:-9], Content_Encoding="deflate"), 400, "Encoding")
        self.expect("deflated body that grows",
                    c.service(PUBLISH, zlib.compress(b" " * 50000000), Content_Encoding="deflate"), 413, "too large")
        self.expect("compressed twice", c.service(PUBLISH, whole, Content_Encoding="deflate, deflate"), 415, "deflate")
        self.expect("deflated document that is none",
                    c.service(SUBSCRIBER, zlib.compress(b"<x"), Content_Encoding="deflate"), 400)
        self.expect("method and CSeq differ", c.ask("SERVICE", CSeq="1 SUBSCRIBE"), 400)
        c = self.client()
        self.expect("bad Call-ID", c.ask("SUBSCRIBE", lines=("Call-ID: a b c",), Call_ID="z z"), (400, 0))

    def events(self):
        c = self.client()
        self.expect("unknown event", c.subscribe("conference"), 489, "Allow-Events", "presence")
        self.expect("no event", c.ask("SUBSCRIBE"), 489)
        self.expect("wrong body type", c.subscribe("presence", "<x/>", "text/plain"), 415, BATCH)
        self.expect("nothing acceptable", c.subscribe("presence", Accept="text/plain"), 406)
        self.expect("roaming-self of another user",
                    c.subscribe("vnd-microsoft-roaming-self", uri="sip:" + self.other,
                                To="<sip:%s>" % self.other), 403)
        self.expect("contacts of another user",
                    c.subscribe("vnd-microsoft-roaming-contacts", uri="sip:" + self.other), 403)
        self.expect("unknown dialog",
                    c.subscribe("presence", To="<%s>;tag=nope" % c.uri), 481)
        self.expect("subscription for 0.. too short", c.subscribe("presence", Expires="-1"), 400)

    def batches(self):
        c = self.client()
        for name, body, code, text in (
                ("not XML", "<batchSub", 400, ""),
                ("empty batch document", "<batchSub/>", 400, "batchSub"),
                ("other root", "<publish/>", 400, ""),
                ("DOCTYPE", BOMB, 400, ""),
                ("resource without uri", batch(c.uri, "<resource/>"), 400, "resource"),
                ("another's batch", batch("sip:" + self.other, "sip:x@corp.example"), 403, "list"),
                ("no body", "", 400, "list")):
            self.expect("batch: " + name, c.subscribe("presence", body, BATCH), code, text)
        self.expect("single: body names another",
                    c.subscribe("presence", batch(c.uri, "sip:x@corp.example"), BATCH,
                                uri="sip:" + self.other, To="<sip:%s>" % self.other), 403, "resource")
        answer = c.subscribe("presence", batch(c.uri, "sip:a b@@", "sip:" + self.other), BATCH)
        self.expect("batch: one bad address among good ones", answer, 200, "noresource")

    def own_documents(self):
        c = self.client()
        for event, kind, body in (("vnd-microsoft-roaming-self", SELF, "<roamingList"),
                                  ("vnd-microsoft-roaming-self", SELF, BOMB),
                                  ("vnd-microsoft-roaming-self", SELF, "<x/>"),
                                  ("vnd-microsoft-provisioning-v2", PROVISIONING, "<y/>")):
            self.expect("%s with %.14s" % (event, body), c.subscribe(event, body, kind), 400)

    def services(self):
        c, uri = self.client(), "sip:" + self.user
        long = state(value="<state>" + "x" * 40000 + "</state>")
        for name, kind, body, code, text in (
                ("unknown type", "text/plain", "x", 415, PUBLISH),
                ("publish: not XML", PUBLISH, "<publish><publications", 400, ""),
                ("publish: not UTF-8", PUBLISH, b"<publish>\xff\xfe</publish>", 400, ""),
                ("publish: external entity", PUBLISH, XXE, 400, ""),
                ("publish: another's", PUBLISH, publish("sip:" + self.other, state()), 403, "publications"),
                ("publish: no container", PUBLISH,
                 publish(uri, state().replace(' container="2"', "")), 400, "publication"),
                ("publish: bad version", PUBLISH,
                 publish(uri, state().replace('version="0"', 'version="x"')), 400, "publication"),
                ("publish: unknown category", PUBLISH,
                 publish(uri, state().replace('categoryName="state"', 'categoryName="mood"')), 400, "publication"),
                ("publish: too large a payload", PUBLISH, publish(uri, long), (400, 413), "publication"),
                ("publish: deep nesting", PUBLISH, "<a>" * 200 + "</a>" * 200, (400, 413), ""),
                ("publish: stale version", PUBLISH, publish(uri, state(version=77, instance=991)),
                 409, "Client.BadCall.WrongDelta"),
                ("publish: one of two stale", PUBLISH,
                 publish(uri, state(instance=992), state(version=5, instance=993)), 409, 'index="2"'),
                ("publish: nothing of that was stored", PUBLISH,
                 publish(uri, state(version=1, instance=992)), 409, 'curVersion="0"'),
                ("members: not XML", MEMBERS, "<setContainerMembers", 400, ""),
                ("members: unknown type", MEMBERS,
                 '<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">'
                 '<container id="200" version="0"><member action="add" type="friend"/></container>'
                 '</setContainerMembers>', 400, "member"),
                ("members: no address", MEMBERS,
                 '<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">'
                 '<container id="200" version="0"><member action="add" type="user" value="@@"/></container>'
                 '</setContainerMembers>', 400, "member"),
                ("subscriber: not XML", SUBSCRIBER, "<setSubscribers>", 400, ""),
                ("contact: unknown operation", SOAP, soap("<m:destroy/>"), 400, ""),
                ("contact: no address", SOAP, soap(
                    "<m:deleteContact><m:URI>sip:@@</m:URI><m:deltaNum>1</m:deltaNum></m:deleteContact>"),
                 400, "URI"),
                ("contact: wrong deltaNum", SOAP, soap(
                    "<m:addGroup><m:name>x</m:name><m:externalURI/><m:deltaNum>999999</m:deltaNum>"
                    "</m:addGroup>"), 409, "")):
            self.expect(name, c.service(kind, body), code, text)
        self.expect("publish at another's address",
                    c.service(PUBLISH, publish(uri, state()), "sip:" + self.other,
                              To="<sip:%s>" % self.other), 403)
        self.expect("directory search", c.service(SOAP, soap(
            '<m:directorySearch><m:filter m:href="#a"/><m:maxResults>9</m:maxResults></m:directorySearch>'
            '<m:Array m:id="a"><m:row m:attrib="sn" m:value="x"/></m:Array>'),
            "sip:" + self.user.split("@")[1], To="<sip:%s>" % self.user.split("@")[1]), 200, "returned>0<")
        row = '<m:row m:attrib="sn" m:value="x"/>'
        for name, rows, most, code, text in (
                ("search: no value", '<m:row m:attrib="sn"/>', "9", 400, "value"),
                ("search: no number", row, "many", 400, "maxResults"),
                ("search: too many rows", row * 17, "9", 413, "row"),
                ("search: too long", '<m:row m:attrib="sn" m:value="%s"/>' % ("x" * 257), "9", 413, "row"),
                ("search: nothing", "", "9", 200, "returned>0<")):
            self.expect(name, c.service(SOAP, soap(
                '<m:directorySearch><m:maxResults>%s</m:maxResults><m:Array>%s</m:Array></m:directorySearch>'
                % (most, rows))), code, text)

    def before_categories(self):
        """What is wrong with what clients of the 2005 dialect say."""
        c, uri = Client(*self.where, self.user), "sip:" + self.user
        assert c.register(offers=None).code == 200
        for name, body, code, text in (
                ("no presentity", "<m:setPresence/>", 400, "presentity"),
                ("another's", presence("sip:" + self.other), 403, "presentity"),
                ("no numbers", presence(uri).replace("availability", "other"), 400, "availability"),
                ("no number", presence(uri, activity="many"), 400, "activity"),
                ("choice out of range", presence(uri, chosen="7"), 400, "avail"),
                ("too long a note", presence(uri, "x" * 32769), 413, "note"),
                ("other rights", ace(uri, "PA"), 400, "rights"),
                ("the right to see alone", ace(uri, "AD"), 400, "rights"),
                ("no number", ace(uri, "AA").replace("deltaNum", "number"), 400, "deltaNum"),
                ("other masks", ace(uri, "AA", "DOMAIN"), 400, "type"),
                ("no mask", ace("", "AA"), 400, "mask"),
                ("no address", ace("sip:@@", "AA"), 400, "mask")):
            self.expect("2005: " + name, c.service(SOAP, soap(body)), code, text)
        self.expect("2005: publish", c.service(PUBLISH, publish(uri, state())), 415, SOAP)
        self.expect("2005: roaming-self", c.subscribe("vnd-microsoft-roaming-self"), 489, "presence.wpending")
        for name, body, code, text in (
                ("not XML", "<adhoclist", 400, ""), ("DOCTYPE", BOMB, 400, ""),
                ("empty", "<adhoclist/>", 400, "create"),
                ("resource without uri", adhoc(uri, "<resource/>"), 400, "resource"),
                ("another's", adhoc("sip:" + self.other, "sip:x@corp.example"), 403, "list")):
            self.expect("2005 list: " + name, c.subscribe("presence", body, LIST), code, text)
        self.expect("2005: batchSub", c.subscribe("presence", batch(uri), BATCH), 415, LIST)
        self.expect("2005: nothing acceptable",
                    c.subscribe("presence", Accept="application/msrtc-event-categories+xml"), 406)
        c.register(0)       # there is an end to the devices of one person
        self.expect("setPresence with categories", self.good.service(SOAP, soap(presence(uri))), 400, "before")
        self.expect("presence.wpending with categories", self.good.subscribe("presence.wpending"), 489)

    def floods(self):
        c = self.client()
        self.expect("too large a body", c.service(PUBLISH, "x" * 300000), (413, 0))
        c = self.client()
        c.raw(b"\x00\xff garbage\r\n\r\n" * 200)
        self.expect("garbage", self.good.ask("FOO"), 501)
        c = self.client()
        c.raw(b"SERVICE sip:x SIP/2.0\r\nVia: SIP/2.0/tcp")
        c.close()
        self.expect("half a message, then gone", self.good.ask("FOO"), 501)
        c = self.client()
        c.send("SERVICE", lines=["X-%d: y" % i for i in range(3000)])
        answer = c.receive(5)
        self.expect("3000 headers", answer, (413, 400, 0))
        c = self.client()
        for _ in range(30):
            c.raw(b"\r\n\r\n")
        self.expect("keep-alives", c.ask("FOO"), 501)
        c = self.client()
        c.raw(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/tcp h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
              b"To: <sip:a@b>;tag=2\r\nCall-ID: q\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n")
        self.expect("stray response", c.ask("FOO"), 501)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("user", nargs="?", default="alice@corp.example")
    parser.add_argument("other", nargs="?", default="carol@corp.example")
    options = parser.parse_args()
    table = Table(options.host, options.port, options.user, options.other)
    for part in (table.before_register, table.registrations, table.methods, table.headers, table.events,
                 table.batches, table.own_documents, table.services, table.before_categories,
                 table.floods):
        part()
    print("%d lines, %d wrong" % (table.lines, table.failed))
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
