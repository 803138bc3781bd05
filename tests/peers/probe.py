# SPDX-License-Identifier: Apache-2.0
"""A presence client that is driven by lines of text.

Both clients, purple-probe (Lync) and xmpp_probe.py, read commands and print one event per line: a
name and key="value" pairs, escaped as in C. What a test takes for seen is what stands there.
"""

import re
import shlex
import threading
from typing import Callable, NamedTuple

from .process import PeerError, Process

PAIR = re.compile(r'([\w-]+)="((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)")
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def unescape(text):
    def plain(match):
        code = match.group(1)
        return chr(int(code, 8)) if code.isdigit() else LETTERS.get(code, code)
    return ESCAPE.sub(plain, text)


class Event:
    """One line of a client's output; event["key"] is "" where the line has no such key."""

    def __init__(self, line):
        self.line = line
        self.name, _, pairs = line.partition(" ")
        self.fields = {key: unescape(value) for key, value in PAIR.findall(pairs)}

    def __getitem__(self, key):
        return self.fields.get(key, "")


class Sight(NamedTuple):
    """What somebody is expected to see. `look` says whether it is so now, and what is seen."""
    who: str
    expected: str
    look: Callable[[], tuple[bool, str]]


class Probe:
    """A client of one person, and all that it has said.

    Only what it says after turn_page(), and after its latest sign-on, counts as seen, and nothing
    does while it is signed off.
    """

    def __init__(self, name, address, folder, narrate=None):
        self.name, self.address, self.folder = name, address, folder
        self.narrate = narrate or (lambda who, arrow, what: None)
        self.events = []
        self.signed_on_at = None          # index of the event, None while signed off
        self.page = 0
        self.marks = 0
        self.ended = False
        self.told = {}                    # what the onlookers heard last, by whom it is about
        self.heard = threading.Condition()
        self.process = None

    def start_command(self, command):
        self.process = Process(self.name, command, self.folder, piped=True)
        threading.Thread(target=self.read, args=(self.process.child.stdout,), daemon=True).start()

    def read(self, output):
        for line in output:
            self.take(Event(line.decode("utf-8", "replace").rstrip("\n")))
        with self.heard:
            self.signed_on_at, self.ended = None, True
            self.heard.notify_all()

    def take(self, event):
        with self.heard:
            if event.name == "signed-on":
                self.signed_on_at = len(self.events)
            elif event.name in ("signed-off", "connection-error"):
                self.signed_on_at = None
            self.events.append(event)
            self.heard.notify_all()
        self.tell(event)

    def tell(self, event):
        """Tells the onlookers, unless they have just heard the same."""
        about = event["name"] or event["from"] or event.name
        what = self.describe(event)
        if what and self.told.get(about) != what:
            self.narrate(self.name, "<-", what)
            self.told[about] = what
        if event.name == "signed-on":
            self.told.clear()

    def describe(self, event):
        """The event in words, for somebody who watches; None if it is not worth them."""
        raise NotImplementedError

    # ---- doing

    def command(self, *words):
        """Gives the client a command."""
        try:
            self.process.child.stdin.write((shlex.join(words) + "\n").encode())
            self.process.child.stdin.flush()
        except OSError as error:
            raise PeerError("%s's client has gone; its log: %s"
                            % (self.name, self.process.log)) from error

    def act(self, what, *words):
        """Gives the client a command, and tells the onlookers."""
        self.narrate(self.name, "->", what)
        self.command(*words)

    def stop(self):
        if self.process:
            self.process.child.stdin.close()
            self.process.stop(limit=3)

    # ---- seeing

    def await_event(self, name, limit, since=0, **fields):
        def wanted():
            return any(event.name == name and event.fields.items() >= fields.items()
                       for event in self.events[since:])
        with self.heard:
            self.heard.wait_for(lambda: wanted() or self.ended, limit)
            if not wanted():
                raise PeerError("%s's client %s without saying '%s'; its log: %s" % (
                    self.name, "ended" if self.ended else "let %d s pass" % limit, name,
                    self.process.log))

    def await_lost(self, limit):
        """Waits until the client has noticed that its server is gone, and can connect again."""
        def gone():
            latest = [event.name for event in self.events
                      if event.name in ("signed-on", "signed-off")]
            return latest[-1:] != ["signed-on"]
        with self.heard:
            if not self.heard.wait_for(gone, limit):
                raise PeerError("%s's client is still signed on after %d s; its log: %s"
                                % (self.name, limit, self.process.log))

    def turn_page(self):
        """From here on is now: what the client has said or is about to say counts no more."""
        since = len(self.events)
        self.marks += 1
        self.command("mark", str(self.marks))
        self.await_event("mark", 10, since, text=str(self.marks))
        self.page = len(self.events)

    def fresh(self, name=None):
        """What the client has said since the page was turned, while it has been signed on."""
        with self.heard:
            if self.signed_on_at is None:
                return []
            events = self.events[max(self.page, self.signed_on_at):]
        return [event for event in events if name in (None, event.name)]

    def absent(self):
        """In words, why nothing is seen."""
        if self.signed_on_at is None:
            return "nothing: signed off"
        return "nothing since the step began"

    def never_sees(self, words):
        """Nothing of these words shows up anywhere in what the client says."""
        token = words.rsplit(" ", 1)[-1]

        def look():
            lines = [event.line for event in self.fresh() if token in event.line]
            if self.signed_on_at is None:
                return False, self.absent()
            return (False, lines[-1]) if lines else (True, "nothing of '%s'" % token)
        return Sight(self.name, "nothing of '%s'" % token, look)
