# SPDX-License-Identifier: Apache-2.0
"""A real Lync client: Debian's own libsipe.so, driven without a screen by purple-probe."""

import os
import time

from .probe import Probe, Sight
from .process import PeerError

LABELS = {"available": "Available", "busy": "Busy", "busyidle": "Busy and inactive", "do-not-disturb": "Do not disturb",
          "be-right-back": "Be right back", "away": "Away", "offline": "Offline", "invisible": "Appear offline"}


def quoted(text):
    return ' "%s"' % text if text else ""


class LyncClient(Probe):

    def __init__(self, program, name, address, folder, narrate=None):
        super().__init__(name, address, folder, narrate)
        self.program = program

    def sign_on(self, port, status="available", accept=False):
        """Starts the client with the address of its server. See also await_ready().

        `accept`: its user lets in whoever asks, where the client asks whether to; else nobody.
        """
        self.start_command([
            # The debug log has every message on the wire.
            self.program, "-v", "-u", self.address, "-p", "unused", "-s", status,
            # A user's devices are told apart by the names of the computers.
            "-H", self.name, *(["-k"] if accept else []),
            "-o", "server=127.0.0.1:%d" % port, "-o", "transport=tcp",
            "-d", os.path.join(self.folder, self.name + ".purple")])

    def await_ready(self, limit=30):
        """Waits until the client is signed on and has asked for and published all that it does.

        It reports the sign-on before its first subscription and has no event for the rest, so
        what is waited for is that its log, with every message, has come to rest.
        """
        until = time.monotonic() + limit
        self.await_event("signed-on", limit)
        size, since = -1, 0
        while time.monotonic() < until:
            if os.path.getsize(self.process.log) != size:
                size, since = os.path.getsize(self.process.log), time.monotonic()
            elif time.monotonic() > since + 0.7:
                return
            time.sleep(0.1)
        raise PeerError("%s is not done with signing on after %d s; the log: %s"
                        % (self.name, limit, self.process.log))

    def describe(self, event):
        if event.name == "buddy":
            return "%s is %s" % (event["name"].removeprefix("sip:"), self.shown(event))
        if event.name in ("signed-on", "signed-off"):
            return event.name.replace("-", " ")
        if event.name == "connection-error":
            return "connection lost: " + event["text"]
        if event.name == "added-by":
            return "%s has added %s" % (event["name"].removeprefix("sip:"), self.name)
        if event.name in ("error", "notice", "question", "help", "info", "menu", "privacy"):
            return event.line
        return None

    # ---- doing

    def add(self, contact):
        self.act("adds %s" % contact.address, "add", "sip:" + contact.address)

    def set_status(self, status, note=""):
        """Chooses a status; the client sends it after 1 to 2 s."""
        self.act("sets %s%s" % (LABELS[status], quoted(note)), "status", status,
                 *([note] if note else []))

    def set_idle(self):
        """Nobody has touched the computer for a while."""
        self.act("is idle", "idle", "yes")

    def set_access(self, contact, level):
        """Chooses from the contact's menu what he may see: Personal, Team, Company, Public."""
        self.act("makes %s %s" % (contact.address, level), "menu", "sip:" + contact.address,
                 "Access level/" + level)

    def reset_status(self):
        """Takes back what was chosen: from now on devices and calls alone say how it is."""
        self.act("resets the status", "action", "Reset status")

    def block(self, contact):
        self.act("blocks %s" % contact.address, "block", "sip:" + contact.address)

    def unblock(self, contact):
        self.act("unblocks %s" % contact.address, "allow", "sip:" + contact.address)

    def connect(self):
        """What Pidgin does by itself once it has lost the server."""
        self.command("connect")

    def look_again(self):
        """Has the client say what it shows now, also where that has not changed."""
        self.command("list")

    # ---- seeing

    @staticmethod
    def shown(event):
        """A contact as the client shows him. It puts "Busy - " or an activity before the note."""
        label = LABELS.get(event["status"], event["status"])
        return label + quoted(event["text"].removeprefix(label + " - "))

    @staticmethod
    def note(event):
        return event["text"].rsplit(" - ", 1)[-1]

    def prompts(self, watcher):
        """The times that the client told its user of the watcher."""
        return [event for event in self.fresh("added-by")
                if event["name"].removeprefix("sip:") == watcher.address]

    def is_told_of(self, watcher):
        """The client has told its user that the watcher has added her, exactly once."""
        def look():
            times = len(self.prompts(watcher))
            return times == 1, "told %s of %s" % (
                "once" if times == 1 else "%d times" % times, watcher.name)
        return Sight(self.name, "told once of %s" % watcher.name, look)

    def is_told_of_nobody(self):
        def look():
            told = [event["name"] for event in self.fresh("added-by")]
            if self.signed_on_at is None:
                return False, self.absent()
            return not told, "told of %s" % (", ".join(told) or "nobody")
        return Sight(self.name, "told of nobody", look)

    def sees(self, contact, status, note=None):
        """The contact has this status and, unless it is None, this note and no other."""
        def look():
            seen = [event for event in self.fresh("buddy")
                    if event["name"] == "sip:" + contact.address]
            if not seen:
                return False, self.absent()
            event = seen[-1]
            right = event["status"] == status and note in (None, self.note(event))
            return right, "%s: %s" % (contact.name, self.shown(event))
        return Sight(self.name, "%s: %s%s" % (contact.name, LABELS[status], quoted(note)), look)
