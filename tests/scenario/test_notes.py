#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What people write, and since when they have been idle, both ways and as it was said."""

import datetime
import html
import json
import subprocess
import unittest

import here  # noqa: F401
from peers.probe import Sight
from stage import token
from test_abroad import MOOD, is_doing
from test_relationships import Relationships

IDLE = "{urn:xmpp:idle:1}idle"
CHOICE = 0x20000001     # an instance of a state that her client does not publish
TEXTS = ("Ça va, là ?", "a & b < c > d; \"e\" 'f' \\", "漢字かな交じり文", "مرحبا بالعالم، 12",
         "שלום", "e\u0301 \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f642", "x" * 1000)


class Notes(Relationships):

    def setUp(self):
        super().setUp()
        self.make_contact(self.romeo)
        self.alice.set_access(self.romeo, "Company")
        self.turn_pages()

    def view(self, watcher, person):
        done = subprocess.run(self.stage.heliograph.show_command(
            "view", "--json", "--notes", watcher.address, person.address), capture_output=True,
            text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_any_script(self):
        """pidgin shows notes with HTML's entities, as libpurple hands them to what draws them."""
        for text in TEXTS:
            with self.subTest(text[:20]):
                self.romeo.set_presence("dnd", text)
                self.alice.set_status("busy", text)
                shown = html.escape(text).replace("&#x27;", "&apos;")
                self.expect(self.alice.sees(self.romeo, "busy", shown),
                            self.romeo.reads(self.alice, "dnd", text))
                self.turn_pages()

    def test_languages(self):
        """Of a status in several languages the one in the default language is shown, and when that
        changes so does the note."""
        self.romeo.set_presence("dnd", "in a meeting")
        self.romeo.command("translate", "de", "in einer Besprechung")
        self.expect(self.alice.sees(self.romeo, "busy", "in a meeting"))
        self.romeo.set_presence("dnd")
        self.romeo.command("translate", "de", "in einer Besprechung")
        self.expect(self.alice.sees(self.romeo, "busy", "in einer Besprechung"))

    def test_own_words(self):
        """What she is doing in words of her own, in two languages: her colleague gets both and his
        client chooses; who is External gets none."""
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        words = {1031: "Im Labor " + token(), 1033: "In the lab " + token()}
        self.publish_choice(6500, words)
        said = "\n".join(words[lcid] for lcid in (1031, 1033))
        self.expect(self.romeo.reads(self.alice, "dnd", said), self.juliet.sees_only(self.alice, "dnd"))
        self.assertEqual(self.romeo.presences_of(self.alice)[-1]["languages"], "de-DE en-US")
        self.turn_pages()
        self.remove_choice()
        self.expect(self.romeo.reads(self.alice, "available", None))

    def test_own_mood(self):
        """Words of her own that are a mood: her colleague's client is told that one, and that it is over; who is External is
        told of none."""
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        for person in self.romeo, self.juliet:
            person.command("want", MOOD)
        self.turn_pages()
        self.publish_choice(6500, {1031: "Sick: erkältet", 1033: "Sick: a cold"})
        self.expect(is_doing(self.romeo, self.alice, ["sick/text/text"], node=MOOD), self.juliet.sees_only(self.alice, "dnd"))
        self.remove_choice()
        self.expect(is_doing(self.romeo, self.alice, ["sick/text/text", ""], node=MOOD), self.juliet.sees(self.alice, "available"),
                    is_doing(self.juliet, self.alice, [], node=MOOD))

    def remove_choice(self):
        self.stage.heliograph.command("publish", self.alice.address, "--category", "state", "--container",
                                      "2,3", "--instance", str(CHOICE), "--remove")

    def publish_choice(self, availability, words):
        custom = "".join('<custom LCID="%d">%s</custom>' % pair for pair in sorted(words.items()))
        with open(self.stage.folder + "/choice.xml", "w") as file:
            file.write('<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" manual="true"'
                       ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="userState">'
                       "<availability>%d</availability><activity>%s</activity></state>"
                       % (availability, custom))
            name = file.name
        self.stage.heliograph.command("publish", self.alice.address, "--category", "state", "--container",
                                      "2,3", "--instance", str(CHOICE), "--file", name)

    def test_withdrawn(self):
        self.romeo.set_presence("dnd", self.note)
        self.alice.set_status("busy", self.note)
        self.expect(self.alice.sees(self.romeo, "busy", self.note),
                    self.romeo.reads(self.alice, "dnd", self.note))
        self.turn_pages()
        self.romeo.set_presence("dnd")
        self.alice.set_status("busy")
        self.expect(self.alice.sees(self.romeo, "busy", "Busy"),
                    self.romeo.reads(self.alice, "dnd", None))

    def test_idle_here(self):
        """romeo's client says since when, in the new way or the old; alice sees him inactive, also if he is busy."""
        for how in ("xep-0319", "xep-0256"):
            self.romeo.set_presence("available", how)
            self.expect(self.alice.sees(self.romeo, "available", how))
            self.turn_pages()
            before = datetime.datetime.now(datetime.timezone.utc)
            self.romeo.command("idle", "600", how)
            self.expect(inactive(self.alice, self.romeo))
            seen = self.view(self.alice, self.romeo)
            since = datetime.datetime.fromisoformat(seen["lastActive"].replace("Z", "+00:00"))
            self.assertEqual((seen["band"], seen["noteText"]), ("available-idle", how))
            self.assertLess(abs((before - since).total_seconds() - 600), 60)
            self.turn_pages()
        self.romeo.set_presence("dnd")
        self.expect(self.alice.sees(self.romeo, "busy"))
        self.assertEqual(self.view(self.alice, self.romeo)["band"], "busy")
        self.romeo.command("idle", "600", "xep-0319")
        self.expect(self.alice.sees(self.romeo, "busyidle"))
        self.assertEqual(self.view(self.alice, self.romeo)["band"], "busy-idle")

    def test_last_words(self):
        """What romeo says when he goes alice reads until he comes. Of what she has written nobody reads anything when she
        appears to have gone, whatever she writes then."""
        self.romeo.set_presence("dnd", "here")
        self.expect(self.alice.sees(self.romeo, "busy", "here"))
        self.turn_pages()
        self.romeo.set_presence("unavailable", self.note)
        self.expect(self.alice.sees(self.romeo, "offline", self.note))
        self.turn_pages()
        self.romeo.set_presence("available")
        self.expect(self.alice.sees(self.romeo, "available", ""))
        self.alice.set_status("available", self.note)
        self.expect(self.romeo.reads(self.alice, "available", self.note))
        self.turn_pages()
        self.alice.set_status("invisible", self.note)
        self.expect(self.romeo.reads(self.alice, "unavailable", None))

    def test_idle_there(self):
        """alice leaves her desk: romeo sees her away and since when; juliet, outside, does not
        see since when. She comes back, and it is gone."""
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        self.turn_pages()
        self.alice.set_status("away", self.note)
        self.alice.set_idle()
        self.expect(idles(self.romeo, self.alice, True), self.juliet.sees_only(self.alice, "away"))
        self.turn_pages()
        self.alice.set_status("available")
        self.alice.command("idle", "no")
        self.expect(self.romeo.sees(self.alice, "available"),
                    idles(self.romeo, self.alice, False),
                    self.juliet.sees_only(self.alice, "available"))


def inactive(client, contact):
    def look():
        seen = [event for event in client.fresh("buddy")
                if event["name"] == "sip:" + contact.address]
        right = bool(seen) and (seen[-1]["status"], seen[-1]["idle"]) == ("idle", "yes")
        return right, seen[-1].line if seen else client.absent()
    return Sight(client.name, "%s is inactive" % contact.name, look)


def idles(client, contact, wanted):
    """Whether the contact's latest presence says since when he has been idle."""
    def look():
        seen = client.presences_of(contact)
        if not seen:
            return False, client.absent()
        is_idle = IDLE in seen[-1]["extensions"].split()
        return is_idle == wanted, "%s: %s" % (contact.name, "idle" if is_idle else "not idle")
    return Sight(client.name, "%s: %s" % (contact.name, "idle" if wanted else "not idle"), look)


if __name__ == "__main__":
    unittest.main()
