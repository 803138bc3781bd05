#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the stories take for seen, tried with made-up clients: no server runs here."""

import unittest

import here  # noqa: F401
import story
from peers import heliograph, lyncclient, probe, xmpp_probe, xmppclient


class Silent(story.Printer):
    def __init__(self):
        super().__init__(coloured=False, live=False)

    def say(self, text="", colour="end"):
        pass


def lync():
    return lyncclient.LyncClient("", "alice", "alice@corp.example", "")


def xmpp():
    return xmppclient.XmppClient("romeo", "romeo@xmpp.example", "")


def hear(client, *lines):
    for line in lines:
        client.take(probe.Event(line))


AWAY = 'buddy name="sip:romeo@xmpp.example" status="away" text="Café 漢字 1"'
OFFLINE = 'buddy name="sip:romeo@xmpp.example" status="offline"'
DND = 'presence from="alice@corp.example/x" type="available" show="dnd"'


class Lines(unittest.TestCase):

    def test_escapes_come_back(self):
        for text in ('plain', 'a "b" \\ c', "two\nlines\t", "é 漢 🎭", "\x01\x7f", "\\n"):
            event = probe.Event('x key="%s" other="1"' % xmpp_probe.escape(text))
            self.assertEqual((event["key"], event["other"]), (text, "1"))

    def test_missing_key_is_empty(self):
        self.assertEqual(probe.Event("list-end")["name"], "")


class Freshness(unittest.TestCase):

    def test_before_the_page_does_not_count(self):
        client = lync()
        hear(client, "signed-on", AWAY)
        self.assertTrue(client.sees(xmpp(), "away", "Café 漢字 1").look()[0])
        client.page = len(client.events)
        self.assertFalse(client.sees(xmpp(), "away", "Café 漢字 1").look()[0])

    def test_the_latest_counts(self):
        client = lync()
        hear(client, "signed-on", AWAY, OFFLINE)
        self.assertFalse(client.sees(xmpp(), "away").look()[0])
        self.assertTrue(client.sees(xmpp(), "offline").look()[0])

    def test_offline_while_signed_off_does_not_count(self):
        client = lync()
        hear(client, "signed-on", AWAY, 'connection-error code="0"', OFFLINE, "signed-off")
        self.assertFalse(client.sees(xmpp(), "offline").look()[0])
        self.assertFalse(client.never_sees("some words").look()[0])

    def test_before_the_sign_on_does_not_count(self):
        client = lync()
        hear(client, "signed-on", OFFLINE, "signed-on")
        self.assertFalse(client.sees(xmpp(), "offline").look()[0])


class Bareness(unittest.TestCase):

    def looks(self, *lines):
        client = xmpp()
        hear(client, "signed-on", *lines)
        return client.sees_only(lync(), "dnd").look()[0]

    def test_dnd_alone_passes(self):
        self.assertTrue(self.looks(DND))
        self.assertTrue(self.looks(DND + ' extensions="{urn:xmpp:delay}delay"'))
        self.assertTrue(self.looks(
            'presence from="alice@corp.example" type="error" extensions="{jabber:client}error"',
            DND))

    def test_anything_more_fails(self):
        self.assertFalse(self.looks(DND + ' status=""'))
        self.assertFalse(self.looks(DND + ' status="in a review"', DND))
        self.assertFalse(self.looks(DND + ' extensions="{urn:x}activity"'))
        self.assertFalse(self.looks(DND, 'message from="alice@corp.example" type="headline"'))

    def test_words_are_found_anywhere(self):
        client = xmpp()
        hear(client, "signed-on", DND + ' stanza="<presence><x>4711</x></presence>"')
        self.assertFalse(client.never_sees("in a review 4711").look()[0])
        self.assertTrue(client.never_sees("in a review 4712").look()[0])


class Negatives(unittest.TestCase):
    """What must not be seen: it has to be noticed, and nobody who is away can vouch for it."""

    def looks(self, sight_of, *lines):
        client = xmpp()
        before = sight_of(client).look()[0]
        hear(client, "signed-on", *lines)
        self.assertFalse(before)
        return sight_of(client).look()[0]

    def test_nothing_of_a_contact(self):
        def sight(client):
            return client.hears_nothing_of(lync())
        self.assertTrue(self.looks(sight))
        self.assertTrue(self.looks(sight, 'presence from="carol@corp.example/x"'))
        for line in (DND, 'presence from="alice@corp.example" type="error"',
                     'subscription from="alice@corp.example" type="unsubscribed"',
                     'message from="alice@corp.example" type="headline"'):
            self.assertFalse(self.looks(sight, line), line)

    def test_an_edge_is_kept(self):
        def sight(client):
            return client.keeps_edge(lync(), "both")
        self.assertTrue(self.looks(sight, DND))
        self.assertTrue(self.looks(sight, 'roster jid="alice@corp.example" subscription="both"'))
        self.assertFalse(self.looks(sight, 'roster jid="alice@corp.example" subscription="to"'))
        self.assertFalse(self.looks(sight, 'subscription from="alice@corp.example" type="subscribe"'))

    def test_texts_are_compared_whole(self):
        said = DND + ' status="On the phone. in review 1"'
        for text, right in (("On the phone. in review 1", True), ("in review 1", False),
                            (None, False), ("", False)):
            self.assertEqual(self.looks(lambda c: c.reads(lync(), "dnd", text), said), right)
        self.assertTrue(self.looks(lambda c: c.reads(lync(), "dnd", None), DND))
        self.assertFalse(self.looks(lambda c: c.reads(lync(), "dnd", None), DND + ' status=""'))

    def test_nobody_is_announced(self):
        client = lync()
        self.assertFalse(client.is_told_of_nobody().look()[0])
        hear(client, "signed-on")
        self.assertTrue(client.is_told_of_nobody().look()[0])
        self.assertFalse(client.is_told_of(xmpp()).look()[0])
        hear(client, 'added-by name="sip:romeo@xmpp.example"')
        self.assertFalse(client.is_told_of_nobody().look()[0])
        self.assertTrue(client.is_told_of(xmpp()).look()[0])
        hear(client, 'added-by name="sip:romeo@xmpp.example"')
        self.assertFalse(client.is_told_of(xmpp()).look()[0])


class Expecting(unittest.TestCase):

    def expect(self, *answers):
        answers = list(answers)
        sight = probe.Sight("who", "it", lambda: answers.pop(0) if len(answers) > 1 else answers[0])
        story.Story(None, Silent(), 0.6).expect(sight)

    def test_right_in_the_end_is_right(self):
        self.expect((False, "no"), (False, "no"), (True, "yes"))

    def test_right_for_a_moment_is_wrong(self):
        with self.assertRaises(story.Unexpected):
            self.expect((True, "yes"), (True, "yes"), (False, "no"))

    def test_never_right_is_wrong(self):
        with self.assertRaisesRegex(story.Unexpected, "who expected it, last saw no"):
            self.expect((False, "no"))


class Reports(unittest.TestCase):

    def test_reports_are_found(self):
        for line in (b"==12==ERROR: AddressSanitizer: heap-use-after-free",
                     b"bridge/x.c:3:1: runtime error: signed integer overflow",
                     b"==12== Invalid read of size 4",
                     b"==12== Conditional jump or move depends on uninitialised value(s)",
                     b"==12== 1,024 (64 direct, 960 indirect) bytes in 1 blocks are definitely lost",
                     b"==12== ERROR SUMMARY: 2 errors from 1 contexts"):
            self.assertTrue(heliograph.REPORT.search(b"fine\n" + line + b"\n"), line)

    def test_others_are_not(self):
        for line in (b"==12== ERROR SUMMARY: 0 errors from 0 contexts",
                     b"==12== Memcheck, a memory error detector", b"error: link lost"):
            self.assertFalse(heliograph.REPORT.search(line + b"\n"), line)


if __name__ == "__main__":
    unittest.main()
