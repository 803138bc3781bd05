# SPDX-License-Identifier: Apache-2.0
"""What the vectors with real pidgin-sipe play on: the stage of the stories, clients that are listened
to, and a person who says whatever a vector wants said."""

import os
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "contract"), os.path.join(TESTS, "scenario"), TESTS]
from peers.lyncclient import LyncClient  # noqa: E402
from peers.probe import Sight  # noqa: E402
from peers.relay import Relay, same  # noqa: E402
from sip_wire import MEMBERS, PUBLISH, SOAP, Client, publish, soap  # noqa: E402
from stage import SIP_DOMAIN, Stage, token  # noqa: E402
from story import Story  # noqa: E402
from test_durable import Silent, shown  # noqa: E402
from test_ep_server import CONTAINERS, NOTE, STATE, one  # noqa: E402

LIMIT = 60
USER = 0x20000000
CONTACT = ("<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>true</m:subscribed>"
           "<m:URI>%s</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:setContact>")


class Person:
    """Somebody at a device that says what the test says; by its raw words, over a connection of its own."""

    def __init__(self, port, name):
        self.wire = Client("127.0.0.1", port, "%s@%s" % (name, SIP_DOMAIN))
        self.name, self.address, self.uri = name, self.wire.user, self.wire.uri
        self.delta, self.versions = 1, {}
        assert self.wire.register().code == 200

    def ask(self, kind, body):
        answer = self.wire.service(kind, body)
        assert answer.code == 200, answer
        return answer

    def publish(self, *publications):
        """Of each (category, instance, container, value, expiry) the version is known."""
        texts = []
        for category, instance, container, value, expire in publications:
            key = category, instance, container
            texts.append(one(*key, self.versions.get(key, 0), value, expire))
            self.versions[key] = self.versions.get(key, 0) + 1
        self.ask(PUBLISH, publish(self.uri, *texts))

    def says(self, availability, note, activity=""):
        """What she chooses, at a device that is in use, with a note for colleagues."""
        active = STATE % ("false", "machineState", 3500, "")
        chosen = STATE % ("true", "userState", availability, activity)
        self.publish(*[("state", 0x30000001, c, active, "endpoint") for c in (2, 3)],
                     *[("state", USER, c, chosen, "static") for c in (2, 3)],
                     ("note", 0, 200, NOTE % note, "static"))

    def adds(self, *addresses):
        for address in addresses:
            self.ask(SOAP, soap(CONTACT % ("sip:" + address, self.delta)))
            self.delta += 1

    def members(self, container, version, edit):
        self.ask(MEMBERS, CONTAINERS % ('<container id="%d" version="%d">%s</container>'
                                        % (container, version, edit)))


class Clients(unittest.TestCase):
    """carol of the stage is a client like the others; whoever signs on here does so through a relay."""

    @classmethod
    def setUpClass(cls):
        cls.stage = Stage()
        cls.stage.__enter__()
        cls.addClassCleanup(cls.stage.__exit__, None, None, None)
        cls.alice, cls.carol, cls.romeo = cls.stage.clients

    def setUp(self):
        self.story = Story(self.stage, Silent(), LIMIT)
        self.note = "note " + token()

    def expect(self, *sights):
        self.story.expect(*sights)

    def person(self, name):
        person = Person(self.stage.heliograph.sip_port, name)
        self.addCleanup(person.wire.close)
        return person

    def join(self, name, change=same, of=None):
        """Real pidgin-sipe signs on; returns it, and the relay between it and Heliograph. `of`: whose
        second device it is."""
        relay = Relay(self.stage.heliograph.sip_port, change)
        self.addCleanup(relay.close)
        client = LyncClient(self.stage.probe, name, of or "%s@%s" % (name, SIP_DOMAIN),
                            self.stage.folder)
        self.stage.devices.append(client)
        self.addCleanup(self.stage.put_away, client)
        client.sign_on(relay.port)
        client.await_ready(LIMIT)
        return client, relay


def shows(client, contact, status, text):
    """The client shows the contact with this status and text."""
    def look():
        seen = shown(client, contact)
        if not seen:
            return False, client.absent()
        said = seen[-1]["status"], seen[-1]["text"]
        return said == (status, text), "%s: %s, '%s'" % (contact.name, *said)
    return Sight(client.name, "%s: %s, '%s'" % (contact.name, status, text), look)


def hears(relay, what, wanted):
    """What the client has said includes this."""
    def look():
        found = any(wanted(message) for message in relay.said)
        return found, "%s%s" % ("" if found else "no ", what)
    return Sight("relay", what, look)


def subscribes(event):
    return lambda message: message.start.startswith("SUBSCRIBE ") and message.get("Event") == event


def published(message):
    """(category, instance, container, version) of all that a request publishes."""
    return [(name, int(instance), int(container), int(version)) for name, instance, container, version
            in re.findall(r'<publication categoryName="(\w+)" instance="(\d+)" container="(\d+)"'
                          r' version="(\d+)"', message.body)]
