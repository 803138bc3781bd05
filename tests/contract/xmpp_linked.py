# SPDX-License-Identifier: Apache-2.0
"""What the servers of linked accounts let us do: rosters."""

import asyncio
import re

from xmpp_requests import OWN
from xmpp_rig import Adapter, PATIENCE, Server


def privilege(inside, sender="xmpp.example", to="corp.example", version=2):
    return ("<message from='%s' to='%s'><privilege xmlns='urn:xmpp:privilege:%d'>%s</privilege></message>"
            % (sender, to, version, inside)).encode()


async def story_privileges():
    """A server lets us write its users' rosters, and takes that back; nobody grants that for others."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        both = "<perm access='message' type='outgoing'/><perm access='roster' type='both'/>"
        for version, inside, roster in ((1, both, "both"), (2, both, "both"),
                                        (2, "<perm access='roster' type='get'/>", "get"),
                                        (2, "<perm access='roster' type='strange'/><other/>text", "none"),
                                        (2, "", "none"), (2, "<perm access='iq' type='both'/>", "none")):
            mark = a.mark()
            stream.write(privilege(inside, version=version))
            await a.wait("privileges-granted.*server=.?xmpp.example.? roster=%s" % roster, mark)
        assert b"service-unavailable" not in server.got
        mark = a.mark()
        for sender, to in (("eve@xmpp.example", "corp.example"), ("xmpp.example/x", "corp.example"),
                           ("xmpp.example", "alice@corp.example")):
            stream.write(privilege(both, sender, to))
        for n in range(20):
            stream.write(privilege(both, "s%d.example" % n))
        await a.wait("server=.?s14.example", mark)
        stream.write(b"<iq type='get' id='last' from='xmpp.example' to='corp.example'><ping xmlns='urn:xmpp:ping'/></iq>")
        await server.wait(b"id='last'")
        assert server.got.count(b"service-unavailable") == 3, server.got
        assert len(a.find("privileges-granted", mark)) == 15, a.find("privileges-granted", mark)


class Asked:
    """dave's server, which is one of our own and is asked about him. `REQUEST`: what that looks like, with its type, and
    groups for its id and for what is in it."""

    def __init__(self, server, stream):
        self.server, self.stream, self.answered, self.pings = server, stream, set(), 0

    def requests(self, kind):
        return [x for x in re.findall(self.REQUEST % {b"type": kind.encode()}, self.server.got.replace(b"\n", b""))
                if x[0] not in self.answered]

    async def asked(self, kind):
        """The next request that was not answered: its id, and what is in it."""
        for _ in range(PATIENCE * 50):
            if self.requests(kind):
                return [x.decode() for x in self.requests(kind)[0]]
            await asyncio.sleep(0.02)
        raise AssertionError("never asked: %s, but %r" % (kind, self.server.got[-300:]))

    async def settled(self):
        """What came of all that was said to us until now is here."""
        self.pings += 1
        ID = "settled-%d" % self.pings
        self.stream.write(("<iq type='get' id='%s' from='xmpp.example' to='corp.example'><ping xmlns='urn:xmpp:ping'/></iq>"
                           % ID).encode())
        await self.server.wait(b"id='%s'" % ID.encode())


class Filling(Asked):
    """dave asks for his contacts, carol and romeo, at a server of our own that has granted us its rosters."""

    REQUEST = (rb"<iq type='%(type)s' from='corp.example' to='dave@xmpp.example' id='([^']+)'>"
               rb"<query xmlns='jabber:iq:roster'>(.*?)</query></iq>")

    def __init__(self, server, stream):
        super().__init__(server, stream)
        stream.write(privilege("<perm access='roster' type='both'/>"))

    async def give(self, ID):
        self.stream.write(("<iq type='set' id='%s' from='dave@xmpp.example/phone' to='corp.example'><command node='%s' "
                           "xmlns='http://jabber.org/protocol/commands'/></iq>" % (ID, OWN + "contacts")).encode())
        await self.server.wait(b"id='%s'><command" % ID.encode())

    def answer(self, ID, inside="", kind="result", sender="dave@xmpp.example"):
        if sender == "dave@xmpp.example":
            self.answered.add(ID.encode())
        self.stream.write(("<iq type='%s' id='%s' from='%s' to='corp.example'>%s</iq>"
                           % (kind, ID, sender, inside)).encode())


ROSTER = "<query xmlns='jabber:iq:roster'>%s</query>"


FAILED = "<error type='wait'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


async def story_rosters():
    """What is not in the roster of who asks is put there; what his server refuses is suggested to his client."""
    async with Server() as server, Adapter(server.port) as a:
        filling = Filling(server, await server.stream())
        await filling.give("one")
        ID, inside = await filling.asked("get")
        assert inside == "", inside
        await filling.give("two")       # it is under way: once
        # Nobody else answers in his place.
        for stranger in ("eve@xmpp.example", "dave@xmpp.example/phone", "xmpp.example"):
            filling.answer(ID, ROSTER % "<item jid='carol@corp.example'/>", sender=stranger)
        filling.answer(ID, ROSTER % "<item jid='someone@else.example'/><item jid='romeo@xmpp.example'/><item/><other/>")
        put, inside = await filling.asked("set")
        assert inside == ("<item jid='carol@corp.example' name='Carol &lt;&amp;&gt;'><group>Work</group></item>"), inside
        filling.answer(ID, ROSTER % "")      # a second time
        filling.answer(put[:-1] + "7")       # what was not asked
        filling.answer(put)
        await a.wait("roster-filled .*put=1 there=1 refused=0")
        filling.answer(put)
        await filling.settled()
        assert b"rosterx" not in server.got, server.got
        assert server.got.count(b"<iq type='get' from='corp.example' to='dave@xmpp.example' id='hg-roster") == 1, server.got

        mark = a.mark()
        await filling.give("three")
        ID, _ = await filling.asked("get")
        filling.answer(ID, ROSTER % "")
        first, _ = await filling.asked("set")
        filling.answered.add(first.encode())
        second, _ = await filling.asked("set")
        filling.answer(second)               # in whatever order
        filling.answer(first, FAILED, "error")
        await a.wait("roster-filled .*put=1 there=0 refused=1", mark)
        await server.wait(b"to='dave@xmpp.example/phone'><x xmlns='http://jabber.org/protocol/rosterx'><item action='add' "
                          b"jid='carol@corp.example' name='Carol &lt;&amp;&gt;'><group>Work</group></item></x></message>")

        mark = a.mark()
        await filling.give("four")
        ID, _ = await filling.asked("get")
        filling.answer(ID, FAILED, "error")
        await a.wait("roster-filled .*put=0 there=0 refused=2", mark)
        await filling.give("five")
        ID, _ = await filling.asked("get")   # and the link breaks
        filling.answered.add(ID.encode())
        filling.stream.close()
        other = Filling(server, await server.stream())
        other.answered = filling.answered
        await other.give("six")
        await other.asked("get")
        other.stream.write(privilege("<perm access='roster' type='get'/>"))
        await other.give("seven")            # it may not any more
        await server.wait(b"id='seven'>")
        assert b"2 contacts" in server.got[server.got.index(b"id='seven'"):], server.got
