#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two worlds see each other: Lync clients on one side, XMPP clients on the other.

A private Prosody and Heliograph run on loopback. alice and carol of corp.example are Debian's own
pidgin-sipe, driven without a screen; romeo and juliet of xmpp.example are slixmpp. alice has a
laptop, too, and romeo a phone. What is shown as seen is what these clients say, after the step
began and while they were signed on, and what Heliograph answers to an administrator.

Who may see what is alice's choice: romeo begins outside and reads none of her notes, becomes a
colleague, is blocked, and all the while juliet stays what she was. A call, a second computer and
a phone show that many devices make one person. Then everything breaks: Heliograph and Prosody are
killed, and nobody has to do anything twice.
"""

import argparse
import os
import signal
import sys

import here  # noqa: F401
from peers.probe import Sight
from peers.process import PeerError
from play import play
from stage import Stage, token
from story import Printer, Step, Story, Unexpected

# Exit status
ALL_RIGHT, STEP_FAILED, BAD_USAGE, BREAK_MISSED, INTERRUPTED = 0, 1, 2, 3, 130

LIMIT = 20          # seconds within which a step has to come right
RESTART_LIMIT = 60  # the same after a restart of Prosody
BROKEN_LIMIT = 8    # the same for a step that has to fail
STOP_LIMIT = 30     # seconds for Heliograph to end when told to

AGGREGATION = 2     # the container of states that a person's availability is made of
MACHINE = 3         # the first digit of the instance of a state that a device says

STEPS = []


def step(name, title):
    def register(tell):
        STEPS.append(Step(name, title, tell))
        return tell
    return register


# ---- the story -------------------------------------------------------------------------------


class Demo(Story):
    """What the steps have to remember of each other."""

    def __init__(self, stage, printer, limit):
        super().__init__(stage, printer, limit)
        self.heliograph, self.prosody = stage.heliograph, stage.prosody
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
                  "--token", "on-the-phone", "--endpoint", desk(s.heliograph, s.alice))
    s.expect(s.romeo.reads(s.alice, "dnd", "On the phone. " + s.note),
             s.carol.sees(s.alice, "busy", s.note),
             holds_call(s.heliograph, s.alice))
    s.juliet_sees_only("dnd")


@step("laptop", "alice signs in at a laptop, Busy, and leaves it alone: for romeo nothing changes")
def second_computer(s):
    """What the laptop says has arrived, as Heliograph shows. What carol says after that reaches
    romeo on the same way on which news of alice would have come before."""
    laptop = s.stage.laptop("busy", s.limit)
    s.expect(machines_are(s.heliograph, s.alice, "busy", "busy"))
    laptop.set_status("away", s.note)
    laptop.set_idle()
    s.expect(machines_are(s.heliograph, s.alice, "away", "busy"))
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
             machines_are(s.heliograph, s.alice, "busy", "busy"),
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
    s.expect(s.alice.sees(s.romeo, "offline"))
    s.romeo_is("dnd", "hush")    # XMPP's dnd is "busy" (RFC 6121 4.7.2.1), and so is Lync's
    s.expect(s.carol.sees(s.romeo, "busy", s.romeos_text),
             s.alice.sees(s.romeo, "offline"),
             s.alice.never_sees(s.romeos_text))


@step("unblock", "romeo unblocks alice")
def unblock(s):
    """What she sees now is what was kept from her."""
    s.romeo.unblock(s.alice)
    s.expect(s.alice.sees(s.romeo, "busy", s.romeos_text))


@step("restart", "Prosody is killed and restarted; nobody lifts a finger")
def restart(s):
    """The clients of romeo and juliet come back by themselves and say what they said last. Their
    views are new ones, so it is all news to them; alice and carol are asked what they show then."""
    s.prosody.kill()
    s.prosody.start()
    s.expect(s.romeo.sees_only(s.alice, "dnd"),
             s.romeo.sees_only(s.carol, "available"),
             s.juliet.sees_only(s.alice, "dnd"), limit=s.restart_limit)
    s.alice.look_again()
    s.carol.look_again()
    s.expect(s.alice.sees(s.romeo, "busy", s.romeos_text),
             s.carol.sees(s.romeo, "busy", s.romeos_text))


@step("outage", "Prosody is killed again; both sides have news while it is down")
def outage(s):
    """The colleagues do not notice. When Prosody is back, what is true then goes across."""
    s.prosody.kill()
    s.alice_is("available", "at my desk")
    s.romeo_is("away", "on the balcony")
    s.expect(s.carol.sees(s.alice, "available", s.note))
    s.prosody.start()
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
             ends_well(s.heliograph),
             keeps_quiet(s.heliograph, s.texts))


# ---- what Heliograph says --------------------------------------------------------------------


def desk(heliograph, person):
    """The device at which the person is signed in."""
    return heliograph.mirror_of(person)["endpoints"][0]["instance"]


def states_of(heliograph, person):
    """What the person's availability is made of."""
    return [each for each in heliograph.mirror_of(person)["publications"]
            if (each["category"], each["container"]) == ("state", AGGREGATION)]


def holds_call(heliograph, person):
    """An application has published a state in her name, bound to one of her devices."""
    expected = "application's state: busy, endpoint-bound"

    def look():
        seen = ["%s's state: %s, %s-bound" % (each["origin"], each["band"], each["expiry"])
                for each in states_of(heliograph, person) if "origin" in each]
        return seen == [expected], "; ".join(seen) or "no state of an application's"
    return Sight("heliograph", expected, look)


def machines_are(heliograph, person, *bands):
    """What each of the person's devices says, in alphabetical order."""
    expected = "%d devices: %s" % (len(bands), ", ".join(bands))

    def look():
        machines = sorted(each["band"] for each in states_of(heliograph, person)
                          if each["instance"] >> 28 == MACHINE)
        seen = "%d devices: %s" % (len(machines), ", ".join(machines))
        return seen == expected, seen
    return Sight("heliograph", expected, look)


def ends_well(heliograph):
    def look():
        report = heliograph.report()
        seen = "exit status %s, %s" % (heliograph.status, report or "no report")
        return heliograph.status == 0 and not report, seen
    return Sight("heliograph", "exit status 0, no report", look)


def keeps_quiet(heliograph, texts):
    def look():
        log = heliograph.log().decode("utf-8", "replace")
        told = [text for text in texts for part in (text, text.rsplit(" ", 1)[-1]) if part in log]
        if told:
            return False, "its log tells '%s'" % told[0]
        if not log:
            return False, "no log at all"
        return True, "no text of %d in its log" % len(texts)
    return Sight("heliograph", "no text of %d in its log" % len(texts), look)


# ---- telling it ------------------------------------------------------------------------------


def short(path):
    """The path as seen from here, where that is shorter."""
    return min(os.path.relpath(path), path, key=len)


def heading(printer, stage):
    printer.say("Heliograph: Lync's enhanced presence and XMPP see each other", "bold")
    printer.say()
    for name, what in (
            ("heliograph", "%s, SIP on 127.0.0.1:%d" % (short(stage.binary),
                                                        stage.heliograph.sip_port)),
            ("prosody", "xmpp.example on 127.0.0.1:%d, component corp.example on 127.0.0.1:%d"
             % (stage.prosody.c2s_port, stage.prosody.component_port)),
            ("alice, carol", "@corp.example, pidgin-sipe without a screen"),
            ("romeo, juliet", "@xmpp.example, slixmpp"),
            ("files, logs", stage.folder)):
        printer.say("    %-13s %s" % (name, what))
    printer.columns()


def tell(demo, steps, broken):
    """Tells the steps until one fails; returns that one and why, or None."""
    for number, each in enumerate(steps, 1):
        if each is broken:
            demo.printer.say("\n    kill -9 heliograph, to see that the next step notices", "bad")
            demo.heliograph.kill()
            demo.limit = demo.restart_limit = BROKEN_LIMIT
        try:
            demo.begin(number, each)
            each.tell(demo)
        except (Unexpected, PeerError) as error:
            return each, error
    return None


def judge(demo, failed, steps, broken):
    """Prints the last lines, and returns the exit status that goes with them."""
    printer, folder = demo.printer, demo.stage.folder
    passed = steps.index(failed[0]) if failed else len(steps)
    printer.say()
    if failed:
        printer.say("step %d (%s) failed: %s" % (passed + 1, failed[0].name, failed[1]), "bad")
        if failed[0] is not broken:
            demo.stage.keep = True
            printer.say("logs: %s/*.log" % folder)
    printer.say("%d passed, %d failed%s" % (
        passed, bool(failed),
        ", %d not told" % (len(steps) - passed - 1) if failed else
        ": all %d sights as expected" % demo.sights), "bad" if failed else "ok")
    if broken and failed and failed[0] is broken:
        printer.say("Heliograph was killed before step '%s', and that step failed: as it must"
                    % broken.name)
        return STEP_FAILED
    if broken:
        printer.say("Heliograph was killed before step '%s', but that is not the step that failed"
                    % broken.name, "bad")
        return BREAK_MISSED
    return STEP_FAILED if failed else ALL_RIGHT


# ---- the command line ------------------------------------------------------------------------


def find_step(name):
    for number, each in enumerate(STEPS, 1):
        if name in (each.name, str(number)):
            return each
    raise argparse.ArgumentTypeError("no step '%s'; there are %s" % (
        name, ", ".join("%d %s" % (n, s.name) for n, s in enumerate(STEPS, 1))))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit status: 0 all as expected; 1 a step failed (with --break: the broken one, as "
        "it must);\n2 bad usage; 3 with --break: another step failed, or none.")
    parser.add_argument("--once", action="store_true", help="end after the last step")
    parser.add_argument("--break", dest="broken", metavar="STEP", type=find_step,
                        help="kill Heliograph before this step (number or name), which must fail")
    parser.add_argument("--binary", metavar="FILE",
                        help="Heliograph, build/release/heliograph unless given")
    parser.add_argument("--wrapper", metavar="COMMAND", default="",
                        help="what to run it under, e.g. 'valgrind -q --error-exitcode=9'")
    parser.add_argument("--limit", metavar="SECONDS", type=float, default=LIMIT,
                        help="within which a step has to come right, %(default)s unless given")
    parser.add_argument("--live", action="store_true",
                        help="with --once: show also all that the clients do and see")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    parser.add_argument("--steps", action="store_true", help="list the steps and end")
    return parser.parse_args()


def run(options, printer):
    # The last step ends Heliograph, so who wants to play on does without it.
    once = options.once or options.broken
    steps = STEPS if once else STEPS[:-1]
    stage = Stage(options.binary, wrapper=options.wrapper, narrate=printer.narrate,
                  also=("juliet",))
    stage.keep = options.keep
    heading(printer, stage)
    with stage:
        demo = Demo(stage, printer, options.limit)
        status = judge(demo, tell(demo, steps, options.broken), steps, options.broken)
        if not once:
            try:
                play(stage, printer)
            except KeyboardInterrupt:
                printer.say("\nstopping everything")
    return status


def main():
    options = arguments()
    if options.steps:
        for number, each in enumerate(STEPS, 1):
            print("%2d  %-8s %s" % (number, each.name, each.title))
        return ALL_RIGHT
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    printer = Printer(coloured, options.live or not (options.once or options.broken))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(INTERRUPTED))
    try:
        return run(options, printer)
    except PeerError as error:
        printer.say("demo: %s" % error, "bad")
        return BREAK_MISSED if options.broken else STEP_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
