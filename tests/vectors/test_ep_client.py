#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Enhanced presence as a real client sees and says it: the vectors (TV-nn) that pidgin-sipe has a part
in, with Debian's own libsipe.so."""

import re
import time
import unittest

from client_stage import LIMIT, USER, Clients, hears, published, shows, subscribes, token
from peers.probe import Sight
from sip_wire import SELF
from test_endpoints import lists, shows_herself
from test_ep_server import NOTE, ROAMING, STATE

OWN_STATE = (r'<category name="state" instance="%d"[^>]* container="2".*?'
             r"<(?:\w+:)?availability>(\d+)<" % USER)


def activity(name):
    return '<activity token="%s"/>' % name if name else ""


class Shown(Clients):
    """What others say, as the client shows it."""

    # EP 2.1.1: the last number of a band and the first; the client's words for it
    BANDS = ((0, "offline", ""), (2999, "offline", ""), (3000, "available", ""), (4499, "available", ""),
             (4500, "idle", "Inactive"), (5999, "idle", "Inactive"), (6000, "busy", "Busy"),
             (7499, "busy", "Busy"), (7500, "busyidle", "Busy-Idle"), (8999, "busyidle", "Busy-Idle"),
             (9000, "do-not-disturb", ""), (11999, "do-not-disturb", ""),
             (12000, "be-right-back", "Be right back"), (14999, "be-right-back", "Be right back"),
             (15000, "away", ""), (17999, "away", ""), (18000, "offline", ""),
             (4294967295, "offline", ""))
    TOKENS = ((6500, "on-the-phone", "busy", "In a call"),
              (7000, "in-a-conference", "busy", "In a conference"),
              (6500, "in-a-meeting", "busy", "In a meeting"),
              (9500, "in-presentation", "do-not-disturb", "Presenting"),
              (9500, "other", "do-not-disturb", ""), (2999, "on-the-phone", "offline", "In a call"))

    def test_numbers_and_tokens(self):
        """TV-01, TV-05: any number and token gets to her by a container of its own, whose members see
        what is published there. Each time with another note, so that none is taken for the next."""
        bert = self.person("bert")
        bert.members(16000, 0, '<member action="add" type="user" value="%s"/>' % self.carol.address)
        self.carol.add(bert)
        for number, name, status, words in [(n, "", s, w) for n, s, w in self.BANDS] + list(self.TOKENS):
            note = "note " + token()
            bert.publish(("state", 1, 16000, STATE % ("false", "userState", number, activity(name)),
                          "static"), ("note", 0, 16000, NOTE % note, "static"))
            self.expect(shows(self.carol, bert, status, " - ".join(filter(None, (words, note)))))

    def test_tv_04(self):
        """In whatever case a token is published: the client knows it in lower case only."""
        bruno = self.person("bruno")
        bruno.says(6500, self.note, activity("In-A-Meeting"))
        self.carol.add(bruno)
        self.expect(shows(self.carol, bruno, "busy", "In a meeting - " + self.note))

    def test_own_words(self):
        """TV-10, TV-79: a text of one's own instead of the client's word; and `manual` left out."""
        bella = self.person("bella")
        self.carol.add(bella)
        for number, status, text in ((15500, "away", "Out of office until next week"),
                                     (3500, "available", "Meeting at 7/1234")):
            note = "note " + token()
            bella.says(number, note, '<activity><custom LCID="1033">%s</custom></activity>' % text)
            self.expect(shows(self.carol, bella, status, "%s - %s" % (text, note)))
        state = (STATE % ("", "userState", 6500, '<activity><custom LCID="1033">At 8/1234</custom>'
                          "</activity>")).replace(' manual=""', "")
        bella.publish(*[("state", USER, c, state, "static") for c in (2, 3)])
        self.expect(shows(self.carol, bella, "busy", "At 8/1234 - " + note))


class Said(Clients):
    """What the client says by itself."""

    NUMBERS = (("busy", 6500), ("do-not-disturb", 9500), ("be-right-back", 12500), ("away", 15500),
               ("invisible", 18500), ("available", 3500))

    def test_tv_06(self):
        """The number of each status; another device of hers is told of it."""
        device = self.person("alice").wire
        device.subscribe("vnd-microsoft-roaming-self", ROAMING, SELF)
        for status, number in self.NUMBERS:
            self.alice.command("status", status)
            told, end = None, time.monotonic() + LIMIT
            while told != str(number):
                self.assertLess(time.monotonic(), end, "%s is %s" % (status, told))
                message = device.notification(1)
                found = message and re.search(OWN_STATE, message.body, re.S)
                told = found.group(1) if found else told

    def test_instances(self):
        """TV-32, TV-33: the numbers of its publications are made of its epid, a digit for the kind in
        front. The vectors have two epids, this computer a third."""
        _, relay = self.join("erin")
        epid = re.search(r";epid=([0-9a-f]{12})", relay.said[0].get("From")).group(1)
        numbers = {(name, instance) for message in relay.said for name, instance, *_ in
                   published(message)}
        self.assertEqual(numbers, {("device", int(epid[:8], 16)), ("state", USER),
                                   ("state", int("3" + epid[:7], 16))})

    def test_tv_53(self):
        """Who has never said that colleagues see more gets that said by her client as she signs on;
        who has is left alone."""
        asks = re.compile(r'<container id="200"[^>]*><member action="add" type="sameEnterprise"')
        fiona = self.person("fiona")
        fiona.members(200, 1, '<member action="remove" type="sameEnterprise"/>')
        _, relay = self.join("fiona")
        self.expect(hears(relay, "colleagues added", lambda message: asks.search(message.body)))
        _, relay = self.join("frida")
        self.assertFalse([message for message in relay.said if asks.search(message.body)])

    def test_tv_48(self):
        """Two computers, one choice: the later word holds, both and who watches show it, and neither
        is ever told of a conflict, since each is told of all that the other wrote (TV-47)."""
        desk, first = self.join("dora")
        tablet, second = self.join("tablet", of=desk.address)
        self.carol.add(desk)
        for writer, reader, status in (desk, tablet, "busy"), (tablet, desk, "away"), \
                (desk, tablet, "do-not-disturb"):
            note = "note " + token()
            writer.set_status(status, note)
            self.expect(shows_herself(reader, status, note), self.carol.sees(desk, status, note))
        self.assertNotIn(409, [message.code for relay in (first, second) for message in relay.told])

    def test_conflict(self):
        """What her other computer said is kept from this one. So it publishes over old versions, is told which hold by the
        409, and says it again by itself. (Of what it has never been told it learns nothing from a 409, and would ask for
        ever.)"""
        deaf = []

        def keep_back(head, body):
            if deaf and "roaming-self" in head:
                body = re.sub(r"<category .*?</category>", "", body, flags=re.S)
            return head, body

        desk, relay = self.join("ines", keep_back)
        tablet, _ = self.join("ines-tablet", of=desk.address)
        self.carol.add(desk)
        desk.set_status("away", "at the desk")
        self.expect(self.carol.sees(desk, "away", "at the desk"), shows_herself(tablet, "away", "at the desk"))
        deaf.append(True)
        tablet.set_status("busy", "at the tablet")
        self.expect(self.carol.sees(desk, "busy", "at the tablet"))
        desk.set_status("do-not-disturb", self.note)
        self.expect(self.carol.sees(desk, "do-not-disturb", self.note),
                    shows_herself(tablet, "do-not-disturb", self.note))
        self.assertEqual([message.code for message in relay.told].count(409), 1)


class Heard(Clients):
    """What the client makes of what the server says, also of what Heliograph never says."""

    def watched(self, name, change, watcher):
        """Somebody, whom a client has among its contacts as it signs on."""
        person = self.person(name)
        person.says(6500, self.note)
        owner = self.person(watcher)
        owner.adds(person.address)
        return (person, *self.join(watcher, change))

    def test_tv_60(self):
        """A body that comes with the 200 counts because a header says so. Without it the client waits
        for what comes by itself."""
        def drop(head, body):
            if "rlmi" in head + body:
                head = re.sub(r"(?i)\r\nms-piggyback-cseq:[^\r]*", "", head)
            return head, body

        for number, change, before in (1, lambda *m: m, True), (2, drop, False):
            person, client, relay = self.watched("gil%d" % number, change, "greta%d" % number)
            self.assertTrue([m for m in relay.told if m.code == 200 and self.note in m.body])
            self.assertEqual(any(self.note in event.line for event in client.events), before)
            note = "note " + token()
            person.says(15500, note)
            self.expect(shows(client, person, "away", note))

    def test_tv_61(self):
        """Sent elsewhere for two contacts: one request to the pool, where one is named, for both; else
        one to each."""
        def elsewhere(pool):
            def change(head, body):
                return head, body.replace(' state="active"', ' state="resubscribe"' + pool)
            return change

        people = [self.person("h%d" % i) for i in (1, 2)]
        for name, pool in ("hanna", ' poolFqdn="p.example.com"'), ("helga", ""):
            self.person(name).adds(*[person.address for person in people])
            _, relay = self.join(name, elsewhere(pool))

            def to(uri, *whom):
                """pidgin-sipe 1.25 leaves the scheme of a pool out."""
                return hears(relay, "SUBSCRIBE " + uri, lambda m: m.start.startswith("SUBSCRIBE ") and
                             m.start.split()[1].removeprefix("sip:") == uri and
                             all('uri="sip:%s"' % each in m.body for each in whom))
            all_of_them = [person.address for person in people]
            self.expect(*([to("p.example.com", *all_of_them)] if pool else
                          [to(address, address) for address in all_of_them]))

    def test_tv_63(self):
        """BENOTIFY is not answered, NOTIFY is."""
        told = []

        def change(head, body):
            if told and head.startswith("BENOTIFY"):
                head = head.replace("BENOTIFY", "NOTIFY")
            return head, body

        person, client, relay = self.watched("ines", change, "ivo")
        note = "note " + token()
        person.says(15500, note)
        self.expect(shows(client, person, "away", note))
        self.assertFalse([message for message in relay.said if message.code])
        told.append(True)
        person.says(6500, self.note)
        self.expect(shows(client, person, "busy", "Busy - " + self.note),
                    hears(relay, "200 to NOTIFY", lambda m: m.code == 200 and
                          m.get("CSeq").endswith(" NOTIFY")))

    def test_tv_65(self):
        """A subscription that is short is refreshed when it ends, and names the same people (TV-59);
        the others, of an hour, are not."""
        def change(head, body):
            if "rlmi" in head + body:
                head = re.sub(r"(?i)\r\nexpires:[^\r]*", "\r\nExpires: 3", head)
            return head, body

        def again(event):
            return [m for m in relay.said if subscribes(event)(m)]

        person, client, relay = self.watched("jan", change, "judith")
        self.expect(Sight("relay", "refreshed", lambda: (len(again("presence")) > 1, "not yet")))
        self.assertIn('uri="%s"' % person.uri, again("presence")[-1].body)
        self.assertEqual(len(again("vnd-microsoft-roaming-contacts")), 1)
        note = "note " + token()
        person.says(15500, note)
        self.expect(shows(client, person, "away", note))

    def test_tv_66(self):
        """A document about somebody who is no contact is passed over."""
        wrong = [True]

        def change(head, body):
            if wrong and head.startswith("BENOTIFY"):
                body = body.replace("sip:kim@corp.example", "sip:kit@corp.example")
            return head, body

        person, client, relay = self.watched("kim", change, "klara")
        lost, note = "note " + token(), "note " + token()
        person.says(9500, lost)
        self.expect(Sight("relay", "told", lambda: (any(lost in m.body for m in relay.told), "not yet")))
        wrong.clear()
        person.says(15500, note)
        self.expect(shows(client, person, "away", note), client.never_sees(lost))

    def test_tv_69(self):
        """It compares whole lines: two tokens in one line, and it takes the server for an older one."""
        def one_line(head, body):
            if "REGISTER" in head and head.startswith("SIP/2.0 200"):
                head = re.sub(r"(?i)\r\nsupported:[^\r]*", "", head)
                head += "\r\nSupported: msrtc-event-categories, adhoclist"
            return head, body

        for name, change, categories in ("lea", lambda *m: m, True), ("leo", one_line, False):
            _, relay = self.join(name, change)
            self.assertEqual(any(map(subscribes("vnd-microsoft-roaming-self"), relay.said)), categories)
            self.assertEqual(any(map(published, relay.said)), categories)

    def test_tv_72(self):
        """In the whole list contacts stand without `sip:`, in what is added later with it; the client
        takes both for the same kind."""
        person, client, relay = self.watched("mona", lambda *m: m, "max")
        owner, late = self.person("max"), self.person("mia")
        owner.delta = 2
        owner.adds(late.address)
        self.expect(lists(client, person), lists(client, late))
        bodies = " ".join(message.body for message in relay.told)
        self.assertRegex(bodies, r'<contact [^>]*uri="mona@corp\.example"')
        self.assertRegex(bodies, r'<addedContact [^>]*uri="sip:mia@corp\.example"')

    PIDF = ('<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:ep="urn:ietf:params:xml:ns:pidf:status:'
            'rpid-status" entity="%s"><tuple id="0"><status>%s</status></tuple></presence>')
    AWAY = "<ep:activities><ep:activity>away</ep:activity></ep:activities>"

    def test_tv_78(self):
        """What it makes of PIDF, which SIMPLE servers send it."""
        status = []

        def change(head, body):
            if status and head.startswith("BENOTIFY") and "categories" in body:
                head = head.replace("application/msrtc-event-categories+xml", "application/pidf+xml")
                body = self.PIDF % ("sip:nora@corp.example", status[-1])
            return head, body

        person, client, relay = self.watched("nora", change, "nils")
        for text, wanted in (("<basic>open</basic>" + self.AWAY, "away"),
                             ("<basic>closed</basic>", "offline"), ("<basic>open</basic>", "available"),
                             (self.AWAY, "available"), ("<basic>closed</basic>", "offline")):
            client.turn_page()
            status.append(text)
            before = len(relay.told)
            person.says(3500 + len(status), "note " + token())
            self.expect(Sight("relay", "told", lambda: (
                any(text in m.body for m in relay.told[before:]), "not yet")))
            client.look_again()
            self.expect(client.sees(person, wanted))


if __name__ == "__main__":
    unittest.main()
