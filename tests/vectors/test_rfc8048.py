#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The examples of RFC 8048 by number (IW 1.7), corrected where the reference says so, and the traps that only the wire
shows (IW 0). Where the daemon differs on purpose docs/rfc8048.md says why, and the test is of what it does."""

import unittest

from trunk_stage import (
    BENVOLIO, COMPONENT, JULIET, NURSE, RESOURCE, ROMEO, Vectors, Watching, document, parameter, pidf, uri_in)

SHOWN = ROMEO + "/heliograph"       # the one resource as which somebody behind the trunk is shown
SHOWS = "away", "xa", "dnd"
SINCE, IDLE = "2026-11-21T19:05:12.000Z", "{urn:xmpp:idle:1}idle"


def child(element, name):
    return element.findtext(COMPONENT + name)


class Asking(Vectors):
    """juliet, on XMPP, asks for romeo, on SIP."""

    def asked(self):
        """V1: her request as a SUBSCRIBE."""
        self.server.presence("subscribe")
        return self.request("SUBSCRIBE")

    def granted(self, body=""):
        """V4: he has agreed."""
        asked = self.asked()
        self.notify(asked, "active;expires=499", body)
        self.stanza("subscribed")
        return asked

    def shown(self):
        """V4: and is away."""
        asked = self.granted(document(show="away"))
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")
        return asked

    def notify(self, asked, state, body="", code=200, **changes):
        self.assertEqual(self.trunk.notify(asked, state, body, **changes).code, code)

    def goes_on(self, asked, **changes):
        """The dialog is as it was: what it says is shown."""
        self.notify(asked, "active;expires=400", document(show="dnd"), **changes)
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "dnd")

    def assert_new_dialog(self, request, before):
        self.assertNotEqual(request.get("Call-ID"), before.get("Call-ID"))
        self.assertNotEqual(parameter(request.get("From"), "tag"), parameter(before.get("From"), "tag"))
        self.assertEqual((request.tag, request.get("Expires")), ("", "3600"))


class Outward(Asking):

    def test_v1_subscribe(self):
        """The Contact is the gateway's, without her resource, and a CSeq may begin anywhere (RFC 3261 8.1.1.5)."""
        asked = self.asked()
        self.assertEqual(asked.start, "SUBSCRIBE sip:romeo@example.net SIP/2.0")
        self.assertEqual(uri_in(asked.get("From")), "sip:" + JULIET)
        self.assertNotEqual(parameter(asked.get("From"), "tag"), "")
        self.assertEqual(asked.get("To"), "<sip:romeo@example.net>")
        told = [(name, asked.get(name)) for name in ("Event", "Accept", "Expires", "Max-Forwards", "Content-Length")]
        self.assertEqual(told, [("Event", "presence"), ("Accept", pidf.TYPE), ("Expires", "3600"),
                                ("Max-Forwards", "70"), ("Content-Length", "0")])
        self.assertRegex(asked.get("CSeq"), r"^\d+ SUBSCRIBE$")
        self.assertRegex(asked.get("Contact"), r"^<sip:127\.0\.0\.1:%d[;>]" % self.trunk.server[1])
        self.assertNotEqual(asked.get("Call-ID"), "")

    def test_v2_accepted(self):
        self.asked()
        self.nothing_on_the_stream()

    def test_v3_pending(self):
        asked = self.asked()
        self.notify(asked, "pending;expires=3600")
        self.nothing_on_the_stream()

    def test_v4_active(self):
        """T3: with the show that the example's own stanza has lost."""
        self.goes_on(self.shown(), number=2)

    def test_v4_active_is_faster_than_the_200(self):
        """RFC 6665 4.1.2.4: the NOTIFY alone makes the dialog."""
        self.trunk.answers["SUBSCRIBE"] = 0, ()
        self.goes_on(self.granted(), number=2)

    def test_v4b_active_without_a_body(self):
        self.goes_on(self.granted(), number=2)

    def test_v5_v6_v7_unsubscribe(self):
        """Her own server has ended her half, and no `unsubscribed` follows; what she was shown ends."""
        asked = self.shown()
        self.server.presence("unsubscribe")
        ended = self.request("SUBSCRIBE")
        self.assertEqual((ended.get("Call-ID"), ended.get("From")), (asked.get("Call-ID"), asked.get("From")))
        self.assertEqual(ended.tag, self.trunk.tag_of(asked))
        self.assertEqual(int(ended.get("CSeq").split()[0]), int(asked.get("CSeq").split()[0]) + 1)
        self.assertEqual((ended.get("Expires"), ended.get("Content-Length")), ("0", "0"))
        self.stanza("unavailable", SHOWN)
        self.notify(asked, "terminated;reason=timeout", number=2)
        self.notify(asked, "terminated;reason=timeout", number=3, code=481)
        self.nothing_on_the_trunk()
        self.nothing_on_the_stream()

    def test_v6_the_other_half_stays(self):
        """He goes on watching her."""
        watching = self.befriended()
        self.notify(self.asked(), "active;expires=499", document())
        self.stanza("subscribed")
        self.stanza("", SHOWN)
        self.server.presence("unsubscribe")
        self.request("SUBSCRIBE")
        self.stanza("unavailable", SHOWN)
        self.says("<show>dnd</show>")
        told, _ = self.notified("active")
        self.assertEqual(told.get("Call-ID"), watching.call_id)

    def stanzas(self, *documents):
        """What each of them, one after the other, is for her."""
        asked = self.granted()
        for number, each in enumerate(documents, 2):
            self.notify(asked, "active;expires=499", each, number=number)
            yield self.stanza("", SHOWN)

    def test_v12_every_show(self):
        """Table 2, note 3: his own word, whatever it counts as elsewhere."""
        shows = ["chat", "xa", None, "dnd", "chat", "away", "xa", "dnd", None]
        self.assertEqual([child(told, "show") for told in self.stanzas(*(document(show=show) for show in shows))], shows)

    def test_idle_beside_every_show(self):
        """That he is busy does not hide that he left his desk."""
        for show, told in zip(SHOWS, self.stanzas(*(document(show=show, idle=SINCE) for show in SHOWS))):
            with self.subTest(show):
                self.assertEqual((child(told, "show"), told.find(IDLE).get("since")), (show, SINCE))

    def test_v18_every_priority(self):
        told = self.stanzas(*(document(contact="sip:" + ROMEO, priority="%.3f" % (n / 127)) for n in range(128)))
        self.assertEqual([child(each, "priority") for each in told], [str(n) for n in range(128)])

    def test_v20_with_an_activity(self):
        """A word of the table's before it changes no note's language."""
        notes = {"de": "Besprechung", "cs": "na schuzce"}
        (told,) = self.stanzas(document(note=notes, activity="on-the-phone"))
        self.assertEqual({each.get(pidf.LANG): each.text for each in told.iter(COMPONENT + "status")},
                         {language: "On the phone. " + text for language, text in notes.items()})

    def test_v14_closed(self):
        self.notify(self.shown(), "active;expires=499", document(pidf.CLOSED), number=2)
        self.stanza("unavailable", SHOWN)

    def test_v14_closed_with_a_note(self):
        self.notify(self.shown(), "active;expires=499", document(pidf.CLOSED, note={"": "gone", "cs": "pryc"}), number=2)
        told = self.stanza("unavailable", SHOWN)
        self.assertEqual({each.get(pidf.LANG): each.text for each in told.iter(COMPONENT + "status")},
                         {None: "gone", "cs": "pryc"})

    def test_v15_probe(self):
        """It is answered from the dialog, which stands as long as she may see him: no other one is begun."""
        asked = self.shown()
        self.server.presence("probe", JULIET + "/chamber")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")
        self.nothing_on_the_trunk()
        self.goes_on(asked, number=2)

    def test_v16_terminated_with_a_document(self):
        """It is shown; a new dialog takes the old one's place, and she may see him as before."""
        asked = self.shown()
        self.notify(asked, "terminated;reason=timeout", document(pidf.CLOSED), number=2)
        self.stanza("unavailable", SHOWN)
        again = self.request("SUBSCRIBE")
        self.assert_new_dialog(again, asked)
        self.goes_on(again)

    def test_v20_content_language(self):
        """Table 2: it is the language of a note that names none."""
        notes = {"": "in a meeting", "cs": "na schuzce"}
        self.notify(self.granted(), "active;expires=499", document(note=notes), number=2,
                    Content_Language="en")
        told = {each.get(pidf.LANG): each.text for each in self.stanza("", SHOWN).iter(COMPONENT + "status")}
        self.assertEqual(told, {"en": "in a meeting", "cs": "na schuzce"})

    def test_t1_the_subscriber_sends_no_notify(self):
        """And one in his direction is of no subscription."""
        asked = self.shown()
        self.notify(asked, "terminated;reason=timeout", number=2, code=481,
                    From=asked.get("From"), To="<sip:%s>;tag=%s" % (ROMEO, self.trunk.tag_of(asked)))
        self.server.presence("unsubscribe")
        self.assertEqual(self.request("SUBSCRIBE").get("Expires"), "0")
        self.stanza("unavailable", SHOWN)
        self.nothing_on_the_trunk()

    def test_t6_gone_dialog(self):
        """481 to the refresh: a new dialog, and not a word on XMPP."""
        asked = self.shown()
        self.notify(asked, "active;expires=1", document(show="away"), number=2)
        self.trunk.answers["SUBSCRIBE"] = 481, ()
        refresh = self.request("SUBSCRIBE")
        self.assertEqual((refresh.get("Call-ID"), refresh.tag), (asked.get("Call-ID"), self.trunk.tag_of(asked)))
        again = self.request("SUBSCRIBE")
        self.assert_new_dialog(again, asked)
        self.goes_on(again)

    def test_t6_too_brief(self):
        self.trunk.answers["SUBSCRIBE"] = 423, [("Min-Expires", "7200")]
        self.asked()
        again = self.request("SUBSCRIBE")
        self.assertEqual(again.get("Expires"), "7200")
        self.notify(again, "active;expires=7200")
        self.stanza("subscribed")

    def refused(self, status):
        self.trunk.answers["SUBSCRIBE"] = status, ()
        self.asked()
        self.stanza("unavailable", SHOWN)
        self.stanza("unsubscribed")
        self.nothing_on_the_trunk()

    def test_t6_403(self):
        self.refused(403)

    def test_t6_489(self):
        self.refused(489)

    def test_t6_603(self):
        self.refused(603)

    def moved(self, condition="gone", address=None):
        """RFC 6121 4.3.2"""
        error = self.stanza("error")[0]
        self.assertEqual(error.get("type"), {"gone": "cancel", "redirect": "modify"}[condition])
        self.assertEqual([(e.tag, e.text) for e in error],
                         [("{urn:ietf:params:xml:ns:xmpp-stanzas}" + condition, address)])

    def test_301_is_told_once(self):
        """With the address at which he is now, for she can ask for him there; nothing of hers has ended."""
        at = [("Contact", "<sip:montague@example.net;x=y>")]
        self.trunk.answers["SUBSCRIBE"] = 301, at
        self.asked()
        self.moved(address="xmpp:montague@example.net")
        self.trunk.answers["SUBSCRIBE"] = 301, at
        self.request("SUBSCRIBE")
        again = self.request("SUBSCRIBE")
        self.notify(again, "active;expires=499", document(show="away"))
        self.stanza("subscribed")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")

    def test_302_has_an_address(self):
        """Where nobody could ask for him is none."""
        self.trunk.answers["SUBSCRIBE"] = 302, [("Contact", "<sip:montague@example.net>")]
        self.asked()
        self.moved("redirect", "xmpp:montague@example.net")

    def test_410_ends_what_was_shown(self):
        asked = self.shown()
        self.notify(asked, "active;expires=1", document(show="away"), number=2)
        self.trunk.answers["SUBSCRIBE"] = 410, ()
        self.request("SUBSCRIBE")
        self.moved()
        self.stanza("unavailable", SHOWN)
        self.goes_on(self.request("SUBSCRIBE"))

    def test_404_is_silence(self):
        """RFC 6121 8.5.1: who asks for nobody is told nothing, nor of what may pass."""
        for status in 404, 480, 500, 503, 604:
            self.trunk.answers["SUBSCRIBE"] = status, [("Retry-After", "3600")]
            self.server.presence("subscribe", to="nobody%d@example.net" % status)
            self.request("SUBSCRIBE")
        self.nothing_on_the_stream()

    def test_t8_202_is_taken(self):
        """As a 200 would be: the NOTIFY makes the dialog."""
        self.trunk.answers["SUBSCRIBE"] = 202, [("Expires", "3600")]
        self.goes_on(self.shown(), number=2)

    def begins_anew(self, reason):
        """What is not known to be a refusal is none."""
        asked = self.shown()
        self.notify(asked, "terminated;reason=" + reason, number=2)
        again = self.request("SUBSCRIBE")
        self.assert_new_dialog(again, asked)
        self.goes_on(again)

    def test_t9_expired_is_no_refusal(self):
        self.begins_anew("expired")

    def test_t14_badfilter_is_no_refusal(self):
        """Nothing of ours filters."""
        self.begins_anew("badfilter")

    def test_t7_no_body(self):
        """A later NOTIFY without a body changes nothing."""
        asked = self.shown()
        self.notify(asked, "active;expires=300", number=2)
        self.server.presence("probe")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")
        self.goes_on(asked, number=3)

    def test_t17_transient(self):
        """Who probes while there is no dialog is never told that it is over."""
        self.trunk.answers["SUBSCRIBE"] = 500, ()
        self.asked()
        self.server.presence("probe")
        again = self.request("SUBSCRIBE")
        self.notify(again, "active;expires=499", document(show="away"))
        self.stanza("subscribed")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")
        self.notify(again, "terminated;reason=giveup", number=2)
        self.server.presence("probe")
        self.assertEqual(child(self.stanza("", SHOWN), "show"), "away")


    def test_deactivated_again_and_again(self):
        """RFC 6665 4.1.3: at once, unless that has just been done; a dialog that lasts makes it so again."""
        over, away = "terminated;reason=deactivated", document(show="away")
        self.notify(self.shown(), over, number=2)
        again = self.request("SUBSCRIBE")
        self.notify(again, "active;expires=499", away)
        self.server.presence("subscribe", NURSE, BENVOLIO)
        others = self.request("SUBSCRIBE")
        self.notify(again, over, number=2)
        self.notify(others, over, From="<sip:%s>;tag=%s" % (BENVOLIO, self.trunk.tag_of(others)))
        self.assertEqual(uri_in(self.request("SUBSCRIBE").get("From")), "sip:" + NURSE)
        last = self.request("SUBSCRIBE")
        self.assert_new_dialog(last, again)
        self.notify(last, "active;expires=499", away)
        self.goes_on(last, number=2)
        self.notify(last, over, number=3)
        self.assert_new_dialog(self.request("SUBSCRIBE"), last)

    def test_invariant(self):
        """It stays as it was said, and is not asked for again, not even when that would have been due."""
        asked = self.shown()
        self.notify(asked, "active;expires=1", number=2)
        self.notify(asked, "terminated;reason=invariant", number=3)
        self.server.presence("subscribe", NURSE, BENVOLIO)
        for _ in range(3):
            others = self.request("SUBSCRIBE")
            self.assertEqual(uri_in(others.get("From")), "sip:" + NURSE)
            self.notify(others, "terminated;reason=deactivated",
                        From="<sip:%s>;tag=%s" % (BENVOLIO, self.trunk.tag_of(others)))


class Settled(Asking):
    """When the link to XMPP has settled, who has said nothing is shown as not there."""

    settle = "100ms"

    def test_v4b_unknown_is_unavailable(self):
        self.granted()
        self.stanza("unavailable", SHOWN)


class Inward(Vectors):
    """romeo, on SIP, watches juliet, on XMPP."""

    def test_v8_subscribe(self):
        """T15: a subscription in his name, whatever else her server would tell of her."""
        watching = Watching(self.trunk)
        answer = watching.subscribe()
        self.assertEqual((answer.code, answer.get("Expires")), (200, "3600"))
        told, _ = self.notified("pending", document=False)
        self.assertEqual(told.get("Call-ID"), watching.call_id)
        self.assertEqual((uri_in(told.get("From")), uri_in(told.get("To"))), ("sip:" + JULIET, "sip:" + ROMEO))
        self.assertEqual((parameter(told.get("From"), "tag"), told.tag), (answer.tag, watching.tag))
        self.assertEqual(parameter(told.get("Subscription-State"), "expires"), "3600")
        self.stanza("subscribe")

    def test_t2_gr_as_a_parameter_of_the_header(self):
        """As RFC 8048's examples have it: of him who asks, and of him who tells."""
        watching = Watching(self.trunk)
        watching.contact += ";gr=dr4hcr0st3lup4c"
        self.assertEqual(watching.subscribe().code, 200)
        told, _ = self.notified("pending", document=False)
        self.assertEqual(told.start, "NOTIFY sip:%s SIP/2.0" % self.trunk.contact)
        self.stanza("subscribe")
        self.server.presence("subscribe", NURSE)
        asked = self.request("SUBSCRIBE")
        answer = self.trunk.notify(asked, "active;expires=499", Contact=watching.contact)
        self.assertEqual(answer.code, 200)
        self.stanza("subscribed", to=NURSE)

    def test_v9_subscribed(self):
        self.waiting()
        self.server.presence("subscribed")
        told, _ = self.notified("active", document=False)
        self.assertRegex(told.get("CSeq"), "^2 ")
        self.assertRegex(parameter(told.get("Subscription-State"), "expires"), r"^\d+$")
        self.stanza("probe")

    def test_v10_unsubscribed(self):
        self.waiting()
        self.server.presence("unsubscribed")
        self.notified("terminated", "rejected", document=False)

    def test_v11_end(self):
        """The dialog's end is no end of his presence: she may see him as before, and is sent nothing."""
        watching = self.befriended()
        self.says("")
        self.notified("active")
        answer = watching.subscribe(0)
        self.assertEqual((answer.code, answer.get("Expires")), (200, "0"))
        _, told = self.notified("terminated", "timeout")
        self.assertEqual((told.entity, told.basic), ("sip:" + JULIET, pidf.CLOSED))
        self.nothing_on_the_stream()

    def told_of(self, body, **more):
        """Her presence in the next document: the one tuple."""
        self.befriended()
        self.says(body, **more)
        request, told = self.notified("active")
        self.assertRegex(parameter(request.get("Subscription-State"), "expires"), r"^\d+$")
        self.assertEqual(told.entity, "sip:" + JULIET)
        self.assertEqual([each.id for each in told.tuples], ["ID-" + RESOURCE])
        return told.tuples[0], told.xml.findtext(".//" + pidf.SHOW)

    def test_v12_away(self):
        each, show = self.told_of("<show>away</show>", more=" id='x1'")
        self.assertEqual((each.basic, show), (pidf.OPEN, "away"))

    def test_v12_every_show(self):
        self.told_of("<show>away</show>")
        for show in "chat", "xa", "dnd", None, "chat", "away", "xa", None:
            self.says("<show>%s</show>" % show if show else "")
            _, told = self.notified("active")
            self.assertEqual((told.basic, told.xml.findtext(".//" + pidf.SHOW)), (pidf.OPEN, show))

    def test_idle_beside_every_show(self):
        self.told_of("")
        for show in SHOWS:
            with self.subTest(show):
                self.says("<show>%s</show><idle xmlns='urn:xmpp:idle:1' since='%s'/>" % (show, SINCE))
                _, told = self.notified("active")
                self.assertEqual((told.xml.findtext(".//" + pidf.SHOW), told.idle), (show, SINCE))

    def test_v12b_without_show(self):
        each, show = self.told_of("")
        self.assertEqual((each.basic, show), (pidf.OPEN, None))

    def test_v13_unavailable(self):
        """The last resource's last words stay until somebody comes."""
        self.told_of("<status>here</status>")
        self.says("<status>gone</status><status xml:lang='cs'>pryc</status>", "unavailable")
        _, told = self.notified("active")
        self.assertEqual((told.basic, told.notes), (pidf.CLOSED, {"": "gone", "cs": "pryc"}))
        self.assertEqual([each.id for each in told.tuples], ["ID-" + RESOURCE])
        self.says("", resource="other")
        _, told = self.notified("active")
        self.assertEqual((told.basic, told.notes, [each.id for each in told.tuples]), (pidf.OPEN, {}, ["ID-other"]))
        self.says("", "unavailable", resource="other")
        _, told = self.notified("active")
        self.assertEqual((told.basic, told.notes), (pidf.CLOSED, {}))

    def test_v13_one_of_two(self):
        self.told_of("<show>away</show>")
        self.says("<show>dnd</show>", resource="balcony")
        _, told = self.notified("active")
        self.assertEqual({each.id: each.basic for each in told.tuples},
                         {"ID-" + RESOURCE: pidf.OPEN, "ID-balcony": pidf.OPEN})
        self.says("", "unavailable")
        _, told = self.notified("active")
        self.assertEqual([(each.id, each.basic) for each in told.tuples], [("ID-balcony", pidf.OPEN)])

    def test_v17_fetch(self):
        """Of her whom he may not see, nothing, and she is not asked: what she would answer is known here."""
        self.assertEqual(Watching(self.trunk).subscribe(0).code, 200)
        self.notified("terminated", "timeout", document=False)
        self.nothing_on_the_stream()

    def test_v17_fetch_of_what_is_known(self):
        self.told_of("<show>away</show>")
        self.assertEqual(Watching(self.trunk).subscribe(0).code, 200)
        _, told = self.notified("terminated", "timeout")
        self.assertEqual(told.xml.findtext(".//" + pidf.SHOW), "away")
        self.nothing_on_the_stream()

    def test_v18_priority(self):
        each, _ = self.told_of("<priority>5</priority>")
        self.assertEqual((each.contact, each.priority), ("sip:" + JULIET, "0.039"))

    def test_v18_every_priority(self):
        """Each is another one there, and reads as what it was (RFC 8048 6.2, the map from -128..127 onto 0..1)."""
        self.told_of("<priority>127</priority>")
        for n in range(127):
            self.says("<priority>%d</priority>" % n)
            _, told = self.notified("active")
            self.assertEqual([round(float(each.priority or 0) * 127) for each in told.tuples], [n])

    def test_v19_negative_priority(self):
        self.told_of("<priority>5</priority>")
        self.says("<priority>-1</priority>")
        _, told = self.notified("active")
        self.assertEqual([(each.basic, each.priority) for each in told.tuples], [(pidf.OPEN, None)])

    def test_v20_languages(self):
        """A note names its own language, so that no header has to."""
        each, _ = self.told_of("<status>in a meeting</status><status xml:lang='cs'>na schuzce</status>",
                               more=" xml:lang='en'")
        self.assertEqual(each.notes, {"en": "in a meeting", "cs": "na schuzce"})

    def test_refresh(self):
        """RFC 8048 5.3.2: of what is not known the NOTIFY after it is empty; then it says all."""
        watching = self.befriended()
        self.assertEqual(watching.subscribe(600).get("Expires"), "600")
        told, _ = self.notified("active", document=False)
        self.assertEqual(parameter(told.get("Subscription-State"), "expires"), "600")
        self.says("<show>dnd</show>")
        self.notified("active")
        watching.subscribe(500)
        _, told = self.notified("active")
        self.assertEqual(told.xml.findtext(".//" + pidf.SHOW), "dnd")

    def test_only_presence_is_told(self):
        """RFC 8048 6.2: an error and a message are no notifications."""
        self.befriended()
        self.says("<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                  "error")
        self.server.say("<message from='%s/%s' to='%s'><body>hi</body></message>" % (JULIET, RESOURCE, ROMEO))
        self.says("<show>dnd</show>")
        _, told = self.notified("active")
        self.assertEqual(told.xml.findtext(".//" + pidf.SHOW), "dnd")

    def test_t1_no_notify_from_him(self):
        """He is the subscriber: a NOTIFY of his in the dialog is of no subscription of ours."""
        watching = self.befriended()
        answer = self.trunk.ask("NOTIFY", watching.target, [
            ("From", "<sip:%s>;tag=%s" % (ROMEO, watching.tag)),
            ("To", "<sip:%s>;tag=%s" % (JULIET, watching.their_tag)), ("Call-ID", watching.call_id),
            ("CSeq", "9 NOTIFY"), ("Contact", "<sip:%s>" % self.trunk.contact), ("Event", "presence"),
            ("Subscription-State", "terminated;reason=timeout")])
        self.assertEqual(answer.code, 481)

    def test_t16_acknowledgement(self):
        """A bare `unavailable` after a request is no notification: he is still pending."""
        self.waiting()
        self.server.presence("unavailable")
        self.server.presence("subscribed")
        self.notified("active", document=False)
        self.stanza("probe")


if __name__ == "__main__":
    unittest.main()
