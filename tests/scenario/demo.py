#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two worlds see each other: Lync clients on one side, XMPP clients on the other.

A private XMPP server, Prosody unless HG_XMPP_SERVER in the environment says ejabberd, and Heliograph
run on loopback. alice and carol of corp.example are Debian's own
pidgin-sipe, driven without a screen; romeo and juliet of xmpp.example are slixmpp. alice has a
laptop, too, and romeo a phone. What is shown as seen is what these clients say, after the step
began and while they were signed on, and what Heliograph answers to an administrator.
"""

import argparse
import os
import signal
import sys

import here  # noqa: F401
from peers.process import PeerError
from play import play
from stage import Stage
from steps import STEPS, Demo
from story import Printer, Unexpected

# Exit status
ALL_RIGHT, STEP_FAILED, BAD_USAGE, BREAK_MISSED, INTERRUPTED = 0, 1, 2, 3, 130

LIMIT = 20          # seconds within which a step has to come right
BROKEN_LIMIT = 8    # the same for a step that has to fail


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
            (stage.server.name, "xmpp.example on 127.0.0.1:%d, component corp.example on 127.0.0.1:%d"
             % (stage.server.c2s_port, stage.server.component_port)),
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
