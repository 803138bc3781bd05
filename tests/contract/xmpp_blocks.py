# SPDX-License-Identifier: Apache-2.0
"""Block lists of linked accounts."""

from xmpp_linked import Asked, privilege
from xmpp_rig import Adapter, Server


class Blocking(Asked):
    """The server of dave, who is alice, has granted us its users' block lists."""

    def __init__(self, server, stream, a, account="dave@xmpp.example"):
        super().__init__(server, stream)
        self.a, self.account = a, account
        self.REQUEST = self.REQUEST.replace(b"DAVE", account.encode())
        stream.write(privilege(self.PERM % "both", account.partition("@")[2]))

    PERM = "<perm access='iq'><namespace ns='urn:other' type='get'><namespace ns='urn:xmpp:blocking' type='%s'/></namespace></perm>"
    REQUEST = (rb"<iq type='%(type)s' from='corp.example' to='DAVE' id='(hg-block-[^']+)'><privileged_iq "
               rb"xmlns='urn:xmpp:privilege:2'><iq xmlns='jabber:client' type='%(type)s' from='DAVE' to='DAVE' id='\1'>"
               rb"(.*?)</iq></privileged_iq></iq>")

    def look(self, person="alice@corp.example"):
        self.a.order("edge probe %s %s" % (person, self.account))

    def comes(self, resource, kind=""):
        self.stream.write(("<presence from='%s/%s' to='alice@corp.example'%s/>" % (self.account, resource, kind)).encode())

    def answer(self, ID, inside="", kind="result", sender=None, outer="result"):
        if not sender:
            sender = self.account
            self.answered.add(ID.encode())
        self.stream.write((
            "<iq type='%s' id='%s' from='%s' to='corp.example'><privilege xmlns='urn:xmpp:privilege:2'><forwarded "
            "xmlns='urn:xmpp:forward:0'><iq xmlns='jabber:client' type='%s' id='%s'>%s</iq></forwarded></privilege></iq>"
            % (outer, ID, sender, kind, ID, inside)).encode())

    async def give(self, *addresses):
        """The list that is asked for."""
        ID, inside = await self.asked("get")
        assert inside == "<blocklist xmlns='urn:xmpp:blocking'/>", inside
        self.answer(ID, BLOCKED % "".join("<item jid='%s'/>" % x for x in addresses))


BLOCKED = "<blocklist xmlns='urn:xmpp:blocking'>%s</blocklist>"


def items(name, *addresses):
    return "<%s xmlns='urn:xmpp:blocking'>%s</%s>" % (name, "".join("<item jid='%s'/>" % x for x in addresses), name)


async def story_block_lists():
    """What was changed on one side is changed on the other, there and here, and only what was."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        a.order("block carol@corp.example")
        ID, _ = await there.asked("get")
        for stranger in ("eve@xmpp.example", "dave@xmpp.example/phone", "xmpp.example"):
            there.answer(ID, BLOCKED % "<item jid='wrong@xmpp.example'/>", sender=stranger)
        # Neither a whole domain, a single client nor she herself is anybody whom she blocks.
        await there.give("eve@else.example", "else.example", "x@else.example/phone", "alice@corp.example", "dave@other.example", "")
        assert await a.wait("^request") == "request members alice@corp.example  +eve@else.example"
        a.order("grant +eve@else.example")
        memo = await a.wait("^request memo")
        assert set(memo.split("xmpp.example", 1)[1].split()) == {">carol@corp.example", "<eve@else.example"}, memo
        await there.settled()
        assert not there.requests("set")        # what came from there, and what is to be told, is remembered first
        a.order("grant")
        put, inside = await there.asked("set")
        assert inside == items("block", "carol@corp.example"), inside
        mark = a.mark()
        there.answer(put[:-1] + "7")            # what was not asked
        there.answer(put)
        memo = await a.wait("^request memo", mark)
        assert set(memo.split("xmpp.example", 1)[1].split()) == {"=carol@corp.example", "<eve@else.example"}, memo
        there.answer(put)                       # a second time
        a.order("grant")
        await a.wait("block-list-carried .*blocked-here=1 unblocked-here=0 blocked-there=1 unblocked-there=0")
        await a.wait("xmpp_blocks_carried_total.to=.here.. 1$")

        mark = a.mark()                         # both are taken back, each where it is from
        a.order("unblock carol@corp.example")
        await there.give("carol@corp.example")
        assert await a.wait("^request", mark) == "request members alice@corp.example  -eve@else.example"
        a.order("grant -eve@else.example")
        await a.wait("^request memo", mark)
        a.order("grant")
        put, inside = await there.asked("set")
        assert inside == items("unblock", "carol@corp.example"), inside
        mark = a.mark()
        there.answer(put)
        assert await a.wait("^request", mark) == "request memo alice@corp.example dave@xmpp.example"
        a.order("grant")
        await a.wait("block-list-carried .*blocked-here=0 unblocked-here=1 blocked-there=0 unblocked-there=1")
        mark = a.mark()
        there.look()                            # nothing is different: nothing is done
        await there.give()
        there.look()
        await there.give()
        assert not a.find("^request|block-list", mark), a.lines[mark:]


async def story_block_lists_refused():
    """A server that does not do what it grants, or a core that cannot, changes nothing that is remembered."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        there.look()
        for outer, kind in (("error", "result"), ("result", "error")):
            mark = a.mark()
            ID, _ = await there.asked("get")
            there.answer(ID, BLOCKED % "", kind, outer=outer)
            await a.wait("block-list-failed .*does not say", mark)
            there.look()
        await there.give("eve@else.example")
        mark = a.mark()
        await a.wait("^request members")
        a.order("refuse 4")                     # something has come between: once more, at once
        await there.give("eve@else.example")
        await a.wait("^request members", mark)
        a.order("refuse 5")                     # too many
        await a.wait("block-list-failed .*reason=.?no")
        mark = a.mark()
        for n in range(150):
            a.order("block p%d@else.example" % n)
        a.order("room")
        await a.wait("^room", mark)
        await there.give()
        assert (await a.wait("^request memo", mark)).count(">p") == 150
        mark = a.mark()
        a.order("grant")
        (first, one), (second, two) = await there.asked("set"), there.requests("set")[1]
        assert (one.count("<item "), two.decode().count("<item ")) == (100, 50)
        there.answer(second.decode(), "", "error")
        there.answer(first)
        await a.wait("block-list-failed .*does not change", mark)
        assert not a.find("^request", mark), a.lines[mark:]
        # She has done something since the question; what is done there is found to be, and the rest is tried again.
        await there.give(*["p%d@else.example" % n for n in range(120)])
        memo = await a.wait("^request memo", mark)
        assert (memo.count("=p"), memo.count(">p")) == (120, 30), memo
        mark = a.mark()
        a.order("grant")
        put, inside = await there.asked("set")
        assert inside.count("<item ") == 30, inside
        there.answer(put)
        memo = await a.wait("^request memo", mark)
        assert memo.count("=p") == 150, memo
        a.order("grant")


async def story_block_lists_one_way():
    """What cannot be taken over from there is no reason not to tell there what she does here."""
    many = ["p%d@else.example" % n for n in range(2001)]

    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        a.order("block carol@corp.example")
        await there.give("eve@else.example")
        await a.wait("^request members")
        a.order("refuse 6")                     # too many
        await a.wait("block-list-failed .*reason=.?no")
        assert await a.wait("^request memo") == "request memo alice@corp.example dave@xmpp.example>carol@corp.example "
        mark = a.mark()
        a.order("grant")
        put, inside = await there.asked("set")
        assert inside == items("block", "carol@corp.example"), inside
        there.answer(put)
        await a.wait("^request memo .*=carol", mark)
        mark = a.mark()
        a.order("grant")
        await a.wait("block-list-carried .*blocked-here=0 .*blocked-there=1 ", mark)
        a.order("block bob@corp.example")
        await there.give(*many)                 # carol may be among those whom we do not look at
        await a.wait("block-list-failed .*too long", mark)
        await a.wait("^request memo .*>bob", mark)
        a.order("grant")
        put, inside = await there.asked("set")
        assert inside == items("block", "bob@corp.example"), inside
        assert not a.find("^request members", mark), a.lines[mark:]


async def story_block_lists_much():
    """What is too much to be remembered is not taken over, and what she takes back here is taken back there."""
    async with Server() as server, Adapter(server.port, limit=500000) as a:
        there = Blocking(server, await server.stream(), a)
        a.order("block carol@corp.example")
        await there.give("carol@corp.example")
        await a.wait("^request memo .*=carol")
        a.order("grant")
        a.order("unblock carol@corp.example")
        await there.give("carol@corp.example", *["%s%d@else.example" % ("p" * 900, n) for n in range(300)])
        await a.wait("block-list-failed .*too long")
        put, inside = await there.asked("set")
        assert inside == items("unblock", "carol@corp.example"), inside
        assert not a.find("^request members")


async def story_block_lists_lost():
    """A server that cannot read its list says that there is nobody in it: whom she blocks there stays blocked here."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        there.look()
        await there.give("eve@else.example", "fay@else.example")
        await a.wait("^request members")
        a.order("grant +eve@else.example +fay@else.example")
        await a.wait("^request memo .*<")
        a.order("grant")
        await a.wait("block-list-carried")
        mark = a.mark()
        there.look()
        await there.give()
        await a.wait("block-list-failed .*lost", mark)
        memo = await a.wait("^request memo", mark)
        assert set(memo.split("xmpp.example", 1)[1].split()) == {"=eve@else.example", "=fay@else.example"}, memo
        a.order("grant")
        there.look()
        await there.give()
        await there.settled()
        assert not a.find("^request members", mark) and not there.requests("set"), a.lines[mark:]


async def story_block_lists_unanswered():
    """She blocks somebody, the answer from there is lost, and she takes it back: it is taken back there, and not made again
    here. Of two things the one that was answered is done."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        a.order("block carol@corp.example")
        await there.give()
        await a.wait("^request memo .*>carol")
        a.order("grant")
        put, _ = await there.asked("set")
        a.order("unblock carol@corp.example")
        a.order("block bob@corp.example")
        there.answered.add(put.encode())
        a.order("later 200")
        await a.wait("block-list-failed .*does not change")
        await there.give("carol@corp.example")  # for it has been done
        await a.wait("^request memo .*>bob")
        a.order("grant")
        (first, one), (second, two) = await there.asked("set"), there.requests("set")[1]
        assert (one, two.decode()) == (items("block", "bob@corp.example"), items("unblock", "carol@corp.example"))
        mark = a.mark()
        there.answer(second.decode())
        there.answered.add(first.encode())
        await there.settled()
        a.order("later 200")
        assert await a.wait("^request memo", mark) == "request memo alice@corp.example dave@xmpp.example>bob@corp.example "
        assert not a.find("^request members"), a.lines


async def story_block_lists_when():
    """Who is asked for his, and when: nobody without the privilege, and not again for what is known."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        await a.wait("privileges-granted .*blocking=both")
        there.stream.write(privilege(there.PERM % "get"))
        await a.wait("privileges-granted .*blocking=get")
        there.look()
        a.order("edge probe alice@corp.example romeo@xmpp.example")     # nobody's account
        await server.wait(b"to='romeo@xmpp.example'")
        assert b"hg-block" not in server.got
        there.stream.write(privilege(there.PERM % "both"))              # now he may
        await there.give()
        for resource in ("phone", "desk"):
            there.comes(resource)
            await there.give()
        there.comes("phone")
        there.comes("phone", " type='unavailable'")
        await a.wait("^face .* 'phone' gone")
        await there.settled()
        assert not there.requests("get")
        there.comes("phone")
        await there.give()
        there.look()
        ID, _ = await there.asked("get")
        there.look()                                                    # it is under way
        there.answered.add(ID.encode())
        a.order("later 200")                                              # for good
        there.look()
        await a.wait("block-list-failed .*does not say")
        ID, _ = await there.asked("get")                                # and the link breaks
        there.stream.close()
        other = Blocking(server, await server.stream(), a)
        other.answered = there.answered | {ID.encode()}
        other.look()
        await other.give("eve@else.example")
        await a.wait("^request members")


async def story_block_lists_too_long():
    """A list that is longer than a stanza may be takes the stream down once, and its account is let be for a day; the others
    are not."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        there, other = Blocking(server, stream, a), Blocking(server, stream, a, "dave@other.example")
        there.look()
        ID, _ = await there.asked("get")
        other.look()
        await there.settled()
        assert not other.requests("get")        # so that it is known whose list it is
        there.answer(ID, BLOCKED % "".join("<item jid='%s%d@else.example'/>" % ("p" * 900, n) for n in range(300)))
        await a.wait("block-list-failed .*dave@xmpp.example.* reason=.?too long for a stanza")
        mark, answered = a.mark(), there.answered
        await a.wait("^up 1", mark)
        mark = a.mark()
        stream = await server.stream()
        there, other = Blocking(server, stream, a), Blocking(server, stream, a, "dave@other.example")
        there.answered = answered
        there.look()
        there.comes("phone")
        other.look()
        await other.give()
        await there.settled()
        assert not there.requests("get")
        assert not a.find("^down|block-list-failed", mark), a.lines[mark:]
        a.order("later 90000")
        there.look()
        await there.give()


async def story_block_lists_silent():
    """Who never gets an answer is given up, whether or not anybody looks at him again, and the others are served."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        there, other = Blocking(server, stream, a), Blocking(server, stream, a, "dave@other.example")
        there.look()
        await there.asked("get")
        other.look()
        a.order("later 200")
        await a.wait("block-list-failed .*dave@xmpp.example.*does not say")
        await other.give("eve@else.example")
        await a.wait("^request members")


async def story_block_lists_whose():
    """Whose account it is not any more has nothing to do with its list, however far we are; who has it now has."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        there, other = Blocking(server, stream, a), Blocking(server, stream, a, "dave@other.example")
        a.order("block carol@corp.example")
        ID, _ = await there.asked("get")
        other.look()
        a.order("whose -")
        a.order("room")
        await a.wait("^room")
        there.answer(ID, BLOCKED % "<item jid='eve@else.example'/>")
        await there.settled()
        assert not a.find("^request") and not other.requests("get"), a.lines

        async def passes_to_bob(answer):
            """Just before that answer comes."""
            mark = a.mark()
            a.order("whose bob@corp.example")
            a.order("room")
            await a.wait("^room", mark)
            answer()
            await there.settled()
            assert not a.find("^request", mark) and not there.requests("set"), a.lines[mark:]
            a.order("whose alice@corp.example")

        a.order("whose alice@corp.example")
        there.look()
        await there.give("eve@else.example")
        await a.wait("^request members")
        await passes_to_bob(lambda: a.order("grant"))
        mark = a.mark()
        there.look()
        await there.give("eve@else.example")
        await a.wait("^request members", mark)
        a.order("grant +eve@else.example")
        await a.wait("^request memo")
        await passes_to_bob(lambda: a.order("grant"))
        there.look()
        await there.give("eve@else.example")
        put, _ = await there.asked("set")
        await passes_to_bob(lambda: there.answer(put))
        a.order("whose bob@corp.example")
        mark = a.mark()
        there.look("bob@corp.example")
        await there.give("eve@else.example", "fay@else.example")
        assert await a.wait("^request members", mark) == "request members bob@corp.example  +fay@else.example"


async def story_block_lists_clients():
    """Of many clients of one account those that are too many are no reason to ask."""
    async with Server() as server, Adapter(server.port) as a:
        there = Blocking(server, await server.stream(), a)
        there.look()
        await there.give()
        for n in range(32):
            there.comes("client%d" % n)
            await there.give()
        for n in (32, 33, 32):
            there.comes("client%d" % n)
        await there.settled()
        assert not there.requests("get")
