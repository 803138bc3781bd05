# SPDX-License-Identifier: Apache-2.0
"""The demo's story: its steps, in the order in which they are told.

Who may see what is alice's choice: romeo begins outside and reads none of her notes, becomes a
colleague, is blocked, and all the while juliet stays what she was. A call, a second computer and
a phone show that many devices make one person. Then everything breaks: Heliograph and the XMPP server
are killed, and nobody has to do anything twice.
"""

from stage import token
from story import Step, Story

RESTART_LIMIT = 60  # seconds within which a step comes right after a restart of a server
STOP_LIMIT = 30     # seconds for Heliograph to end when told to

STEPS = []


def step(name, title):
    def register(tell):
        STEPS.append(Step(name, title, tell))
        return tell
    return register


class Demo(Story):
    """What the steps have to remember of each other."""

    def __init__(self, stage, printer, limit):
        super().__init__(stage, printer, limit)
        self.heliograph, self.server = stage.heliograph, stage.server
        self.alice, self.carol, self.romeo, self.juliet = stage.clients
        self.restart_limit = max(limit, RESTART_LIMIT)
        self.texts = []
        self.note = self.romeos_text = ""

    def text(self, words):
        """A text for people to read that nobody has used before."""
        self.texts.append("%s %s" % (words, token()))
        return self.texts[-1]

    def alice_is(self, status, words):
        self.note = self.text(words)
        self.alice.set_status(status, self.note)

    def romeo_is(self, show, words):
        self.romeos_text = self.text(words)
        self.romeo.set_presence(show, self.romeos_text)

    def juliet_sees_only(self, show):
        """What changes is not for her: she looks again, and neither that nor anything before it in
        this step shows her more."""
        self.juliet.look_again()
        self.expect(self.juliet.sees_only(self.alice, show))

    def application(self, what, *words):
        """Something that publishes in alice's name."""
        self.printer.narrate("phones", "->", what)
        self.heliograph.command("publish", self.alice.address, *words)


@step("add", "alice and carol add romeo to their contacts")
def add(s):
    s.alice.add(s.romeo)
    s.carol.add(s.romeo)
    s.expect(s.romeo.is_asked_by(s.alice), s.romeo.is_asked_by(s.carol))


@step("accept", "romeo accepts both and subscribes back")
def accept(s):
    """Before he does, he says something that only who may see him can come to know."""
    s.romeo_is("available", "in Verona")
    for contact in (s.alice, s.carol):
        s.romeo.accept(contact)
        s.romeo.subscribe(contact)
    s.expect(s.alice.sees(s.romeo, "available", s.romeos_text),
             s.carol.sees(s.romeo, "available", s.romeos_text),
             s.romeo.has_edge(s.alice, "both"),
             s.romeo.has_edge(s.carol, "both"),
             s.romeo.sees_only(s.alice, "available"),
             s.romeo.sees_only(s.carol, "available"))


@step("join", "juliet of xmpp.example joins, and asks to see alice")
def join(s):
    """alice is told, and need not do anything; that romeo watches her, a contact, is no news."""
    s.juliet.subscribe(s.alice)
    s.expect(s.juliet.has_edge(s.alice, "to"),
             s.juliet.sees_only(s.alice, "available"),
             s.alice.is_told_of(s.juliet))


@step("busy", "alice is Busy, with a note: for her colleague carol, not for people outside")
def busy(s):
    """romeo and juliet are External: they get her availability and nothing else. That carol, to
    whom alice is a contact too, reads the note shows that there was something to keep from them."""
    s.carol.add(s.alice)
    s.alice_is("busy", "in review")
    s.expect(s.carol.sees(s.alice, "busy", s.note),
             s.romeo.sees_only(s.alice, "dnd"),
             s.juliet.sees_only(s.alice, "dnd"),
             s.romeo.never_sees(s.note),
             s.juliet.never_sees(s.note))


@step("promote", "alice makes romeo a Colleague: he reads the note at once, juliet does not")
def promote(s):
    s.alice.set_access(s.romeo, "Company")
    s.expect(s.romeo.reads(s.alice, "dnd", s.note))
    s.juliet_sees_only("dnd")


@step("call", "alice's telephone rings, she answers: romeo reads that she is on the phone")
def call(s):
    """It is the telephone system that says so. The call takes place at her computer, and would end
    with it."""
    s.application("alice is on the phone", "--state", "phone", "--availability", "6500",
                  "--token", "on-the-phone", "--endpoint", s.heliograph.device_of(s.alice))
    s.expect(s.romeo.reads(s.alice, "dnd", "On the phone. " + s.note),
             s.carol.sees(s.alice, "busy", s.note),
             s.heliograph.holds_call(s.alice))
    s.juliet_sees_only("dnd")


@step("laptop", "alice signs in at a laptop, Busy, and leaves it alone: for romeo nothing changes")
def second_computer(s):
    """What the laptop says has arrived, as Heliograph shows. What carol says after that reaches
    romeo on the same way on which news of alice would have come before."""
    laptop = s.stage.laptop("busy", s.limit)
    s.expect(s.heliograph.holds_devices(s.alice, "busy", "busy"))
    laptop.set_status("away", s.note)
    laptop.set_idle()
    s.expect(s.heliograph.holds_devices(s.alice, "away", "busy"))
    s.carol.set_status("be-right-back")
    s.expect(s.romeo.sees_only(s.carol, "away"),
             s.romeo.hears_nothing_of(s.alice))


@step("hangup", "the call ends, and carol is back")
def hangup(s):
    s.application("the call is over", "--clear", "phone")
    s.carol.set_status("available")
    s.expect(s.romeo.reads(s.alice, "dnd", s.note),
             s.romeo.sees_only(s.carol, "available"))


@step("demote", "alice puts romeo outside again: the text is withdrawn")
def demote(s):
    s.alice.set_access(s.romeo, "Public")
    s.expect(s.romeo.sees_only(s.alice, "dnd"))


@step("deny", "alice blocks romeo: she is offline for him, and for nobody else")
def deny(s):
    """He is not told that he is blocked, and keeps what he was granted."""
    s.alice.block(s.romeo)
    s.expect(s.romeo.sees_only(s.alice, "unavailable"),
             s.romeo.keeps_edge(s.alice, "both"))
    s.juliet_sees_only("dnd")


@step("allow", "alice unblocks romeo")
def allow(s):
    s.alice.unblock(s.romeo)
    s.expect(s.romeo.sees_only(s.alice, "dnd"))


@step("crash", "Heliograph is killed with -9 and started; the clients connect again, no more")
def crash(s):
    """What romeo said last was shown a moment ago. Nobody is asked anything again."""
    s.romeo_is("available", "on the stairs")
    s.expect(s.alice.sees(s.romeo, "available", s.romeos_text))
    s.stage.crash(s.restart_limit)
    s.expect(s.alice.sees(s.romeo, "available", s.romeos_text),
             s.carol.sees(s.romeo, "available", s.romeos_text),
             s.carol.sees(s.alice, "busy", s.note),
             s.romeo.sees_only(s.alice, "dnd"),
             s.romeo.sees_only(s.carol, "available"),
             s.juliet.sees_only(s.alice, "dnd"),
             s.romeo.keeps_edge(s.alice, "both"),
             s.romeo.keeps_edge(s.carol, "both"),
             s.juliet.keeps_edge(s.alice, "to"),
             s.heliograph.holds_devices(s.alice, "busy", "busy"),
             s.alice.is_told_of_nobody(),
             s.carol.is_told_of_nobody(), limit=s.restart_limit)


@step("pocket", "romeo's phone goes away in his pocket while he is active at his laptop")
def pocket(s):
    """That it is there at all shows while it says dnd, which nobody overrides."""
    words = s.text("in his pocket")
    phone = s.stage.phone("dnd", words)
    s.expect(s.alice.sees(s.romeo, "busy", words))
    phone.set_presence("away", words)
    s.expect(s.alice.sees(s.romeo, "available", s.romeos_text),
             s.carol.sees(s.romeo, "available", s.romeos_text))
    s.stage.put_away(phone)


@step("away", "romeo is away, with a text in two scripts")
def away(s):
    s.romeo_is("away", "Café 漢字")
    s.expect(s.alice.sees(s.romeo, "away", s.romeos_text),
             s.carol.sees(s.romeo, "away", s.romeos_text))


@step("block", "romeo blocks alice at his server, and has news for everybody else")
def block(s):
    s.romeo.block(s.alice)
    gone = [s.alice.sees(s.romeo, "offline")] if s.server.tells_blocked else []
    s.expect(*gone)
    s.romeo_is("dnd", "hush")    # XMPP's dnd is "busy" (RFC 6121 4.7.2.1), and so is Lync's
    s.expect(s.carol.sees(s.romeo, "busy", s.romeos_text), *gone,
             s.alice.never_sees(s.romeos_text))


@step("unblock", "romeo unblocks alice")
def unblock(s):
    """What she sees now is what was kept from her."""
    s.romeo.unblock(s.alice)
    if not s.server.tells_blocked:
        s.romeo_is("dnd", "no more hush")
    s.expect(s.alice.sees(s.romeo, "busy", s.romeos_text))


@step("restart", "the XMPP server is killed and restarted; nobody lifts a finger")
def restart(s):
    """The clients of romeo and juliet come back by themselves and say what they said last. Their
    views are new ones, so it is all news to them; alice and carol are asked what they show then."""
    s.server.kill()
    s.server.start()
    s.expect(s.romeo.sees_only(s.alice, "dnd"),
             s.romeo.sees_only(s.carol, "available"),
             s.juliet.sees_only(s.alice, "dnd"), limit=s.restart_limit)
    s.alice.look_again()
    s.carol.look_again()
    s.expect(s.alice.sees(s.romeo, "busy", s.romeos_text),
             s.carol.sees(s.romeo, "busy", s.romeos_text))


@step("outage", "the XMPP server is killed again; both sides have news while it is down")
def outage(s):
    """The colleagues do not notice. When it is back, what is true then goes across."""
    s.server.kill()
    s.alice_is("available", "at my desk")
    s.romeo_is("away", "on the balcony")
    s.expect(s.carol.sees(s.alice, "available", s.note))
    s.server.start()
    s.expect(s.romeo.sees_only(s.alice, "available"),
             s.alice.sees(s.romeo, "away", s.romeos_text),
             s.carol.sees(s.romeo, "away", s.romeos_text),
             s.juliet.sees_only(s.alice, "available"),
             s.romeo.never_sees(s.note),
             s.juliet.never_sees(s.note), limit=s.restart_limit)


@step("stop", "Heliograph is told to stop, and leaves in good order")
def stop(s):
    """It says goodbye for everybody, and what people wrote is in no line of its log."""
    s.heliograph.stop(STOP_LIMIT)
    s.expect(s.romeo.sees(s.alice, "unavailable"),
             s.romeo.sees(s.carol, "unavailable"),
             s.juliet.sees(s.alice, "unavailable"),
             s.heliograph.ends_well(),
             s.heliograph.keeps_quiet(s.texts))
