# SPDX-License-Identifier: Apache-2.0
"""One more endpoint of a user, by hand: it says over SIP what no Lync client that runs here ever says."""

import os
import re
import sys

import here

sys.path.insert(0, os.path.join(here.SOURCE_DIR, "tests", "contract"))
from sip_wire import BATCH, MEMBERS, SELF, SOAP, Client, batch, soap  # noqa: E402

ROAMING = ('<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
           '<roaming type="containers"/></roamingList>')
SET = ("<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>%s</m:subscribed>"
       "<m:URI>sip:%s</m:URI><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:setContact>")
DELETE = "<m:deleteContact><m:URI>sip:%s</m:URI><m:deltaNum>%d</m:deltaNum></m:deleteContact>"
CONTAINERS = ('<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">'
              '%s</setContainerMembers>')


class Refused(Exception):
    """A request was not answered by 200."""


class Scripted:

    def __init__(self, port, address):
        self.wire = Client("127.0.0.1", port, address)
        self.must(self.wire.register())

    def close(self):
        self.must(self.wire.register(0))
        self.wire.close()

    @staticmethod
    def must(answer):
        if answer is None or answer.code != 200:
            raise Refused(str(answer))
        return answer

    def delta(self):
        body = self.must(self.wire.subscribe("vnd-microsoft-roaming-contacts")).body
        return int(re.search(r'deltaNum="(\d+)"', body).group(1))

    def set_contact(self, who, subscribed=True):
        text = SET % ("true" if subscribed else "false", who.address, self.delta())
        self.must(self.wire.service(SOAP, soap(text)))

    def delete_contact(self, who):
        self.must(self.wire.service(SOAP, soap(DELETE % (who.address, self.delta()))))

    def watch(self, who):
        """A subscription with `<context/>`: the wish to see him for good."""
        resource = '<resource uri="sip:%s"><context/></resource>' % who.address
        self.must(self.wire.subscribe("presence", batch(self.wire.uri, resource), BATCH))

    def versions(self):
        """Of the containers' members."""
        body = self.must(self.wire.subscribe("vnd-microsoft-roaming-self", kind=SELF,
                                             body=ROAMING)).body
        return {int(number): int(version) for number, version in
                re.findall(r'<container id="(\d+)" version="(\d+)"', body)}

    def members(self, *edits, versions=None):
        """edits: (container, "add" or "remove", type, value or None); returns the answer."""
        known, containers = self.versions(), {}
        known.update(versions or {})
        for number, action, kind, value in edits:
            containers.setdefault(number, []).append('<member action="%s" type="%s"%s/>' % (
                action, kind, ' value="%s"' % value if value else ""))
        return self.wire.service(MEMBERS, CONTAINERS % "".join(
            '<container id="%d" version="%d">%s</container>'
            % (number, known.get(number, 0), "".join(members))
            for number, members in containers.items()))
