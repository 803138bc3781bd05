#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What one update costs: user-mode instructions of the daemon, from the octets that come in to those that go out.

    ./dev bench                                     builds, and runs this
    tests/bench/bench_update.py [--only TEXT] [--no-profile] [--callgrind] [--functions N]

An update is a userState that somebody publishes with SERVICE, or a presence stanza from the XMPP server. The next one
is sent when all who watch have been told of the one before; each is checked, and more than was due is an error.
Nothing here looks at a clock."""

import argparse
import os
import re
import sys

from count import Callgrind, counter
from rig import AWAY, BUSY, SHOW, XMPP, Rig, Wrong

ROMEO = "romeo@" + XMPP
EXPORTED = re.compile(r"hg_(?!core_turn|sip_on_message)")  # those two are nearly everything
FOLDER = re.compile(r"/((?:bridge|plugins)/\w+)/")


def chosen(i):
    return BUSY if i % 2 else AWAY


# ---- what is measured: each prepares, and returns how to make update number i ----


def service_to_xmpp(rig, watchers):
    """alice publishes; so many people of the XMPP server watch her."""
    alice = rig.lync("alice")
    alice.appear()
    alice.choose(BUSY)
    for n in range(watchers):
        rig.server.presence("w%d@%s" % (n, XMPP), alice.user, kind="subscribe")
        rig.server.read(lambda b: b.count(SHOW[BUSY]) and b.endswith(b"</presence>"))

    def update(i):
        alice.choose(chosen(i))
        rig.server.presences(SHOW[chosen(i)], watchers)
    return update


def service_to_benotify(rig, watchers):
    """alice publishes; so many of her colleagues watch her."""
    alice = rig.lync("alice")
    alice.appear()
    alice.choose(BUSY)
    colleagues = [rig.lync("c%d" % n) for n in range(watchers)]
    for colleague in colleagues:
        colleague.watch(alice.user)
    for client in rig.clients:
        client.notified.clear()
    while alice.notification(0.5):
        pass  # of who watches her

    def update(i):
        alice.choose(chosen(i))
        for colleague in colleagues:
            colleague.notified_of(chosen(i))
    return update


def stanza_to_benotify(rig, watchers, status=""):
    """romeo's server says how he is, to each of so many people who watch him."""
    carols = [rig.lync("carol%d" % n) for n in range(watchers)]
    for carol in carols:
        carol.watch(ROMEO)
        rig.server.read(lambda b: b"subscribe" in b and b.endswith(b">"))
        rig.server.presence(ROMEO, carol.user, kind="subscribed")
        rig.server.presence(ROMEO + "/orchard", carol.user, SHOW[BUSY].decode())
        carol.settle(BUSY)

    def update(i):
        for carol in carols:
            rig.server.presence(ROMEO + "/orchard", carol.user, SHOW[chosen(i)].decode() + status)
        for carol in carols:
            carol.notified_of(chosen(i))
    return update


NOTE = "<status>%s</status>" % ("\u00e9\u6f22 back at five " * 6).strip()

# name, preparation, its arguments, deliveries of one update, updates counted, updates profiled
RUNS = [
    ("SERVICE, nobody watches", service_to_xmpp, (0,), 0, 500, 100),
    ("SERVICE -> XMPP, 1 watcher", service_to_xmpp, (1,), 1, 500, 100),
    ("SERVICE -> XMPP, 100 watchers", service_to_xmpp, (100,), 100, 200, 20),
    ("SERVICE -> BENOTIFY, 1 watcher", service_to_benotify, (1,), 1, 500, 100),
    ("SERVICE -> BENOTIFY, 100 watchers", service_to_benotify, (100,), 100, 200, 20),
    ("XMPP -> BENOTIFY", stanza_to_benotify, (1,), 1, 500, 100),
    ("XMPP -> BENOTIFY, with a status", stanza_to_benotify, (1, NOTE), 1, 500, 100),
    ("XMPP -> BENOTIFY, 100 views", stanza_to_benotify, (100,), 100, 100, 20),
]


# ---- what is printed ----


def measure(run, kind, profiled):
    _, prepare, arguments, _, updates, few = run
    with Rig(kind()) as rig:
        result = rig.count(prepare(rig, *arguments), 20, few if profiled else updates)
        return result, rig.counter


def table(runs, kind):
    print("%-34s %8s %13s %12s %9s %9s" % (
        "", "updates", "instructions", "deliveries", "octets in", "out"))
    cost = {}
    for run in runs:
        name, deliveries, slow = run[0], run[3], kind is Callgrind
        (instructions, into, out), _ = measure(run, kind, slow)
        cost[name] = instructions
        print("%-34s %8d %13s %12d %9d %9d" % (
            name, run[5] if slow else run[4], format(round(instructions), ","), deliveries, into, out), flush=True)
    return cost


def fan_out(cost):
    for target in ("XMPP", "BENOTIFY"):
        try:
            none, one, many = (cost[name % target if "%s" in name else name] for name in (
                "SERVICE, nobody watches", "SERVICE -> %s, 1 watcher", "SERVICE -> %s, 100 watchers"))
        except KeyError:
            continue
        print("%-9s the first watcher costs %s, each further one %s: 1/%.0f of an update with one; "
              "100 watchers cost %.1f times as much as 1" % (
                  target, format(round(one - none), ","), format(round((many - one) / 99), ","),
                  one / ((many - one) / 99), many / one))


def where(ob, fl, _):
    found = FOLDER.search(fl)
    return found.group(1) if found else os.path.basename(ob).split(".so")[0] or "?"


def renderings(profile):
    return profile.called("plugins/xmpp/render.c", "hg_xmpp_render") + \
        profile.called("plugins/sip/adapter.c", "render")


def show_profile(run, functions):
    (instructions, _, _), counted = measure(run, Callgrind, True)
    p, updates = counted.profile, run[5]
    print("\n%s: %s by callgrind; %.2f renderings and %d deliveries an update" % (
        run[0], format(round(instructions), ","), renderings(p) / updates, run[3]))
    print("   spent in: " + ", ".join("%s %.0f %%" % (name, 100 * cost / p.total)
                                      for name, cost in p.by(where) if cost * 50 > p.total))
    for name, cost in p.dearest(EXPORTED)[:functions]:
        print("   %5.1f %%  %9s  %s" % (100 * cost / p.total, format(round(cost / updates), ","), name))


def arguments():
    parser = argparse.ArgumentParser(description="User-mode instructions of one update.")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the runs with this in their name")
    parser.add_argument("--callgrind", action="store_true", help="count with callgrind in any case")
    parser.add_argument("--no-profile", action="store_true", help="do not show where they go")
    parser.add_argument("--functions", type=int, default=8, metavar="N",
                        help="functions of ours shown for each run, with all that they call")
    return parser.parse_args()


def main():
    options = arguments()
    kind = Callgrind if options.callgrind else counter()
    if not kind:
        print("bench: neither does this machine let us count instructions, nor is valgrind installed")
        return 1
    runs = [run for run in RUNS if options.only.lower() in run[0].lower()]
    print("User-mode instructions of the daemon for one update, counted by %s\n" % kind.name)
    try:
        cost = table(runs, kind)
        print()
        fan_out(cost)
        if not options.no_profile:
            for run in runs:
                show_profile(run, options.functions)
    except (Wrong, RuntimeError) as error:
        print("bench: %s" % error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
