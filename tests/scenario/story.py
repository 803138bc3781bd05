# SPDX-License-Identifier: Apache-2.0
"""A story: named steps, each of which does something and says what has to be seen of it."""

import threading
import time
import unicodedata
from typing import Callable, NamedTuple

import here  # noqa: F401
from peers.probe import Sight

SETTLE = 0.5        # seconds that what is right has to stay so
WIDTH = 43          # columns for a sight


class Step(NamedTuple):
    name: str
    title: str
    tell: Callable


class Unexpected(Exception):
    """Somebody did not get to see what he should have."""

    def __init__(self, sight, seen):
        super().__init__("%s expected %s, last saw %s" % (sight.who, sight.expected, seen))


def columns(text):
    """How wide a terminal shows the text."""
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text, width):
    return text + " " * (width - columns(text))


class Printer:
    """Puts the story on the screen."""

    PLAIN = {"ok": "", "bad": "", "dim": "", "bold": "", "in": "", "out": "", "end": ""}
    COLOURED = {"ok": "\033[32m", "bad": "\033[31;1m", "dim": "\033[2m", "bold": "\033[1m",
                "in": "\033[36m", "out": "\033[33m", "end": "\033[0m"}

    def __init__(self, coloured, live):
        self.colours = self.COLOURED if coloured else self.PLAIN
        self.lock = threading.Lock()      # the clients' readers narrate, too
        self.live = live                  # show also what each side says and does meanwhile

    def say(self, text="", colour="end"):
        with self.lock:
            print("%s%s%s" % (self.colours[colour], text, self.colours["end"]), flush=True)

    def columns(self):
        self.say("\n           %-10s  %s  %s   %s" % (
            "who", pad("expected", WIDTH), pad("seen", WIDTH), "after"), "dim")

    def step(self, number, step):
        self.say()
        self.say("%2d  %-8s %s" % (number, step.name, step.title), "bold")

    def sight(self, sight, right, seen, delay):
        colours = self.colours
        self.say("    %s%-5s%s  %-10s  %s  %s %6.2f s" % (
            colours["ok" if right else "bad"], "ok" if right else "WRONG", colours["end"],
            sight.who, pad(sight.expected, WIDTH), pad(seen, WIDTH), delay))

    def narrate(self, who, arrow, what):
        """Called when a client does (->) or is shown (<-) something; any thread may."""
        if self.live:
            self.say("      %s  %-6s %s %s" % (time.strftime("%H:%M:%S"), who, arrow, what),
                     "out" if arrow == "->" else "in")


class Story:
    """Tells the steps on a stage and watches what comes of them."""

    def __init__(self, stage, printer, limit):
        self.stage, self.printer, self.limit = stage, printer, limit
        self.sights = 0

    def begin(self, number, step):
        """Whatever the clients have seen up to now does not count any more."""
        self.printer.step(number, step)
        self.stage.turn_pages()

    def expect(self, *sights: Sight, limit=None):
        """Waits until all of it is seen at once, and then for a moment to see whether it stays."""
        began = time.monotonic()
        delays = [None] * len(sights)
        until = began + (limit or self.limit)
        right_since = None
        while True:
            looks = [sight.look() for sight in sights]
            now = time.monotonic()
            for i, (right, _) in enumerate(looks):
                delays[i] = (delays[i] or now - began) if right else None
            right_since = (right_since or now) if all(right for right, _ in looks) else None
            if now >= until if right_since is None else now >= right_since + SETTLE:
                break
            time.sleep(0.05)
        for sight, (right, seen), delay in zip(sights, looks, delays):
            self.printer.sight(sight, right, seen, delay if right else now - began)
            self.sights += right
        for sight, (right, seen) in zip(sights, looks):
            if not right:
                raise Unexpected(sight, seen)
