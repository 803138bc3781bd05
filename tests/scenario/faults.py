#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments under load: what was acknowledged is there after the next start, all of it, and of what was not
acknowledged nothing by half. `./dev faults [--kill N] [--seed S]`."""

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time

import here
from peers.heliograph import Heliograph
from peers.process import free_port

sys.path.insert(0, os.path.join(here.SOURCE_DIR, "tests", "contract"))
from sip_wire import MEMBERS, PUBLISH, SELF, SOAP, Client, publish, soap  # noqa: E402

DOMAIN, USERS = "corp.example", 6
NOTES = (200, 300, 400)
LEVELS = (100, 200, 300, 400, 32000)
ROAMING = ('<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
           '<roaming type="categories"/><roaming type="containers"/></roamingList>')
NOTE = ('<publication categoryName="note" instance="0" container="%d" version="%d" expireType="static">'
        '<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">%s</body></note>'
        '</publication>')
CONTAINERS = ('<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">%s'
              '</setContainerMembers>')


class Wrong(Exception):
    """Something acknowledged is lost, or something is there by half."""


class Facts:
    """What is durable of one user: notes by container, contacts by address, members by container; with versions."""

    def __init__(self):
        self.notes, self.contacts, self.members, self.delta = {}, {}, {}, 0

    def copy(self):
        to = Facts()
        to.notes, to.contacts, to.delta = dict(self.notes), dict(self.contacts), self.delta
        to.members = {level: (version, set(who)) for level, (version, who) in self.members.items()}
        return to

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __str__(self):
        return "notes %s, contacts %s at %d, members %s" % (
            sorted(self.notes.items()), sorted(self.contacts.items()), self.delta,
            sorted((level, version, sorted(who)) for level, (version, who) in self.members.items()))


class User:
    """A Lync client that changes what is his, one request after the other, until its connection breaks."""

    def __init__(self, port, name, seed):
        self.port, self.address, self.random = port, "%s@%s" % (name, DOMAIN), random.Random(seed)
        self.acknowledged, self.under_way = None, None
        self.client, self.answers, self.refused, self.count = None, 0, 0, 0

    # -- what a fresh sign-on reads

    def must(self, answer):
        if answer is None or answer.code != 200:
            raise Wrong("%s cannot sign on: %s" % (self.address, answer))
        return answer

    def sign_on(self):
        self.client = Client("127.0.0.1", self.port, self.address)
        self.must(self.client.register())
        contacts = self.must(self.client.subscribe("vnd-microsoft-roaming-contacts")).body
        own = self.must(self.client.subscribe("vnd-microsoft-roaming-self", kind=SELF, body=ROAMING)).body
        return self.read(contacts, own)

    @staticmethod
    def read(contacts, own):
        facts = Facts()
        facts.delta = int(re.search(r'deltaNum="(\d+)"', contacts).group(1))
        for tag in re.findall(r"<contact\b[^>]*>", contacts):
            facts.contacts[re.search(r'uri="([^"]*)"', tag).group(1)] = re.search(r'name="([^"]*)"', tag).group(1)
        for tag, body in re.findall(r'(<category\b[^>]*name="note"[^>]*[^/]>)(.*?)</category>', own, re.S):
            container, version = (int(re.search(r'%s="(\d+)"' % key, tag).group(1)) for key in ("container", "version"))
            facts.notes[container] = version, re.search(r">(\w+)</body>", body).group(1)
        for level, version, rest in re.findall(
                r'<container id="(\d+)" version="(\d+)"\s*(/>|>.*?</container>)', own, re.S):
            facts.members[int(level)] = int(version), set(re.findall(r'value="([^"]*)"', rest))
        return facts

    # -- what it changes: the request's body, and the facts after it

    def two_notes(self, after):
        text, parts = "w%d" % self.count, []
        for container in self.random.sample(NOTES, 2):
            version = after.notes.get(container, (0, ""))[0]
            parts.append(NOTE % (container, version, text))
            after.notes[container] = version + 1, text
        return PUBLISH, publish(self.client.uri, *parts)

    def contact(self, after):
        other, name = "friend%d@elsewhere.example" % self.random.randrange(20), "n%d" % self.count
        if other in after.contacts and self.random.random() < 0.4:
            del after.contacts[other]
            body = "<m:deleteContact><m:URI>sip:%s</m:URI><m:deltaNum>%d</m:deltaNum></m:deleteContact>"
            body %= (other, after.delta)
        else:
            after.contacts[other] = name
            body = ("<m:setContact><m:displayName>%s</m:displayName><m:groups>1</m:groups><m:subscribed>true"
                    "</m:subscribed><m:URI>sip:%s</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:setContact>")
            body %= (name, other, after.delta)
        after.delta += 1
        return SOAP, soap(body)

    def membership(self, after):
        """Somebody moves from one container to another, in one request."""
        who, parts = "friend%d@elsewhere.example" % self.random.randrange(20), []
        for level, add in zip(self.random.sample(LEVELS, 2), (True, False)):
            version, members = after.members[level]
            parts.append('<container id="%d" version="%d"><member action="%s" type="user" value="%s"/></container>'
                         % (level, version, "add" if add else "remove", who))
            after.members[level] = version + 1, members | {who} if add else members - {who}
        return MEMBERS, CONTAINERS % "".join(parts)

    def work(self):
        """Until the connection breaks."""
        while True:
            self.count += 1
            after = self.acknowledged.copy()
            kind, body = self.random.choice((self.two_notes, self.contact, self.membership))(after)
            self.under_way = after
            try:
                answer = self.client.service(kind, body)
            except OSError:
                return
            if answer is None:
                return
            if answer.code != 200:
                raise Wrong("%s is refused: %s\n%s" % (self.address, answer, body))
            self.acknowledged, self.under_way = after, None
            self.answers += 1

    # -- the comparison

    def compare(self):
        """0: as acknowledged; 1: and what was under way has become durable."""
        seen, before, after = self.sign_on(), self.acknowledged, self.under_way
        self.acknowledged, self.under_way = seen, None
        if before is None or seen == before:
            return 0
        if after is not None and seen == after:
            return 1
        raise Wrong("%s\n  acknowledged %s\n  or with what was under way %s\n  seen %s"
                    % (self.address, before, after, seen))


class Faults:

    def __init__(self, kills, seed):
        self.kills, self.random = kills, random.Random(seed)
        self.folder = tempfile.mkdtemp(prefix="hg-faults-")
        self.daemon = Heliograph(os.path.join(here.BUILD_DIR, "heliograph"), "", self.folder, DOMAIN,
                                 "xmpp.example", free_port(), "faults")
        with open(self.daemon.config, "a", encoding="utf-8") as config:
            config.write("mappings: %s\n" % os.path.join(here.SOURCE_DIR, "mappings"))
        self.users = [User(self.daemon.sip_port, "user%d" % i, seed * 1000 + i) for i in range(USERS)]
        self.problems, self.under_way = [], 0

    def load(self, user):
        try:
            user.work()
        except Wrong as problem:
            self.problems.append(str(problem))

    def round(self):
        self.daemon.start()
        self.under_way += sum(user.compare() for user in self.users)
        threads = [threading.Thread(target=self.load, args=(user,), daemon=True) for user in self.users]
        for thread in threads:
            thread.start()
        time.sleep(self.random.uniform(0.01, 0.5))
        self.daemon.kill()
        for thread in threads:
            thread.join(30)
        for user in self.users:
            user.client.close()

    def run(self):
        try:
            for number in range(1, self.kills + 1):
                self.round()
                if self.problems:
                    raise Wrong("\n".join(self.problems))
                if number % 20 == 0:
                    print("%d kills, %d acknowledged" % (number, self.answers()), flush=True)
            self.daemon.start()
            self.under_way += sum(user.compare() for user in self.users)
            self.daemon.kill()
        finally:
            if self.daemon.process:
                self.daemon.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self):
        return sum(user.answers for user in self.users)


def main():
    parser = argparse.ArgumentParser(prog="./dev faults", description=__doc__)
    parser.add_argument("--kill", type=int, default=50, metavar="N", help="how often (50)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and of the load (1)")
    options = parser.parse_args()
    faults = Faults(options.kill, options.seed)
    started = time.monotonic()
    try:
        faults.run()
    except Wrong as problem:
        print("FAILED: %s" % problem)
        return 1
    print("%d kills in %.0f s: %d requests acknowledged, 0 lost, 0 by half; %d were durable and not yet acknowledged"
          % (options.kill, time.monotonic() - started, faults.answers(), faults.under_way))
    return 0


if __name__ == "__main__":
    sys.exit(main())
