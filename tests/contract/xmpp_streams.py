# SPDX-License-Identifier: Apache-2.0
"""Presence over the stream, and the stream itself: broken, silent, slow, full of garbage, ended."""

import asyncio
import re
import xml.etree.ElementTree as ET

from xmpp_rig import Adapter, Client, PATIENCE, Prosody, Server, free_ports, presence


async def story_presence_both_ways():
    async with Prosody() as prosody, Adapter(prosody.port) as a:
        await a.wait("^up 1")
        async with Client(prosody) as romeo:
            await romeo.get_roster(timeout=PATIENCE)  # who does not ask gets no approvals
            romeo.send_presence()
            a.order("edge subscribe alice@corp.example romeo@xmpp.example")
            await romeo.wait("type=\"subscribe\"")
            romeo.send_presence(pto="alice@corp.example", ptype="subscribed")
            await a.wait("^edge subscribed alice@corp.example romeo@xmpp.example$")
            await a.wait("^face alice@corp.example romeo@xmpp.example 'orchard' 0=available$")
            romeo.send_presence(pshow="away", pstatus="caf\u00e9 \u6f22 <&>'\"", ppriority=5)
            await a.wait("^face .* 'orchard' 0=available 1=away 2(:en)?=caf\u00e9 \u6f22 <&>'\" 3=5$")
            romeo.send_presence(pto="Alice@Corp.example/x", ptype="subscribe")
            await a.wait("^edge subscribe romeo@xmpp.example [Aa]lice@[Cc]orp.example$")
            a.order("edge subscribed romeo@xmpp.example alice@corp.example")
            await romeo.wait("type=\"subscribed\"")
            a.order("send romeo@xmpp.example alice@corp.example 1=dnd 4=2026-11-21T10:00:00.000Z")
            await romeo.wait("from=\"alice@corp.example/heliograph\".*<show>dnd</show>.*since=\"2026-11-21T10:00:00.000Z\"")
            a.order("edge probe alice@corp.example romeo@xmpp.example")
            since = a.mark()
            await a.wait("^face .* 'orchard' 0=available 1=away", since)
            since = a.mark()
            romeo.send_presence(ptype="unavailable")
            await a.wait("^face .* 'orchard' gone$", since)
            romeo.send_presence(pto="alice@corp.example", ptype="unsubscribed")
            await a.wait("^edge unsubscribed alice@corp.example romeo@xmpp.example$")
            romeo.send_presence(pto="alice@corp.example", ptype="unsubscribe")
            await a.wait("^edge unsubscribe romeo@xmpp.example alice@corp.example$")


async def story_server_restart():
    async with Prosody() as prosody, Adapter(prosody.port) as a:
        await a.wait("^up 1")
        for _ in range(2):
            since = a.mark()
            prosody.kill()
            await a.wait("^down 1", since)
            await prosody.start()
            await a.wait("^up 1", since)
        async with Client(prosody) as romeo:
            romeo.send_presence(pto="alice@corp.example", pstatus="back")
            await a.wait("^face .*=back")
        assert len(a.find("component-down")) <= 4, a.find("component-down")


async def story_own_ping():
    """Two keep-alive periods with nothing to say: the server routes our ping back, and the stream stays."""
    async with Prosody() as prosody, Adapter(prosody.port, keep_alive=500, ping=1500) as a:
        await a.wait("^up 1")
        await asyncio.sleep(5)
        assert not a.find("^down"), a.lines


async def story_octets():
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        whole = presence("<show>dnd</show><status>one &amp; two</status>").encode()
        for i in range(len(whole)):
            stream.write(whole[i:i + 1])
            await stream.drain()
            if i % 8 == 0:
                await asyncio.sleep(0.001)
        await a.wait("^face alice@corp.example romeo@xmpp.example 'orchard' 0=available 1=dnd 2=one & two$")
        long = presence(sender="r%s@xmpp.example/split" % ("o" * 60)).encode()
        stream.write(long[:80])
        await asyncio.sleep(0.2)
        stream.write(long[80:])
        await a.wait("'split'", patience=5)


async def story_bad_stanzas():
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        bad = [
            presence(sender="alice@corp.example/x"), presence(sender=""), presence(to="alice@other.example"),
            presence(sender="@"), presence(attributes=" type='busy'"),
            presence(sender="romeo@xmpp.example/" + "r" * 1024), "<presence/>", "<unknown/>", "<iq/>",
            "<iq type='get' from='romeo@xmpp.example/x' to='corp.example'/>",
            "<message from='romeo@xmpp.example/x' to='corp.example' type='error'/>",
            presence("<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                     " type='error'"),
        ]
        stream.write("".join(bad).encode())
        stream.write(presence("<show>busy</show><priority>300</priority><show>xa</show>").encode())
        await a.wait("^face .* 'orchard' 0=available 1=xa$")
        await server.wait(b"bad-request")
        assert len(a.find("^face|^edge")) == 1, a.find("^face|^edge")
        assert b"service-unavailable" not in server.got and server.got.count(b"bad-request") == 1, server.got
        stream.write(presence("<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                              "</error>", " type='error'", "romeo@xmpp.example").encode())
        await a.wait("^face alice@corp.example romeo@xmpp.example '' gone$")
        stream.write(presence(sender="icq.xmpp.example").encode())  # a gateway has no resource
        await a.wait("^face alice@corp.example icq.xmpp.example '' 0=available$")


def error(condition, sender="romeo@xmpp.example", text="", kind="cancel"):
    return presence("<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>%s</%s></error>"
                    % (kind, condition, text, condition), " type='error'", sender).encode()


async def story_errors():
    """What an error says about somebody is passed on, and never answered; it ends what he showed if there is nobody."""
    said = "^error alice@corp.example romeo@xmpp.example %s$"
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        for condition, kind in (("forbidden", "auth"), ("remote-server-not-found", "cancel"),
                                ("remote-server-timeout", "wait"), ("recipient-unavailable", "wait"),
                                ("service-unavailable", "cancel"), ("not-acceptable", "modify")):
            stream.write(error(condition, kind=kind))
            await a.wait(said % ("%s %s -" % (condition, kind)))
        stream.write(error("of-our-own", kind="strange"))
        await a.wait(said % "undefined-condition cancel -")
        assert not a.find("^face"), a.find("^face")
        for n, condition in enumerate(("item-not-found", "gone", "jid-malformed"), 1):
            stream.write(error(condition))
            await a.wait(said % (condition + r" \w+ -"))
            assert len(a.find("^face alice@corp.example romeo@xmpp.example '' gone$")) == n, a.lines
        stream.write(error("item-not-found", "romeo@xmpp.example/orchard"))
        await a.wait("^face alice@corp.example romeo@xmpp.example 'orchard' gone$")
        for there, instead in (("xmpp:new%40home@xmpp.example?message", "new@home@xmpp.example"),
                               ("XMPP:romeo@mantua.example", "romeo@mantua.example"), ("xmpp:", "-"),
                               ("mailto:romeo@mantua.example", "-"), ("xmpp:%00@mantua.example", "-"),
                               ("xmpp:" + "r" * 9000, "-")):
            mark = a.mark()
            stream.write(error("redirect", text=there, kind="modify"))
            assert re.search("redirect modify %s$" % instead, await a.wait("^error", mark)), a.lines[mark:]
        a.order("error juliet@xmpp.example alice@corp.example gone alice%<&>@mantua.example")
        await server.wait(b"<presence type='error' from='alice@corp.example' to='juliet@xmpp.example'><error "
                          b"type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
                          b"xmpp:alice%25%3C&amp;%3E@mantua.example</gone></error></presence>")
        for silent in ("item-not-found", "forbidden", "recipient-unavailable", "redirect"):
            a.order("error juliet@xmpp.example alice@corp.example " + silent)
        a.order("error juliet@xmpp.example alice@corp.example gone")
        await server.wait(b"<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")
        assert server.got.count(b"type='error'") == 2, server.got


async def story_foreign_attributes():
    """An attribute of a foreign namespace is none of ours, whatever its local name."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        for front, back in ((" xmlns:x='urn:x' x:from='juliet@xmpp.example/y' x:type='unsubscribed'", ""),
                            ("", " xmlns:x='urn:x' x:from='juliet@xmpp.example/y' x:type='unsubscribed'")):
            since = a.mark()
            stream.write(("<presence%s from='romeo@xmpp.example/z' to='alice@corp.example'%s/>" % (front, back)).encode())
            said = await a.wait("^face|^edge", since)
            assert said == "face alice@corp.example romeo@xmpp.example 'z' 0=available", said


async def story_foreign_attributes_of_a_user():
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo:
        await a.wait("^up 1")
        for i in range(10):
            since = a.mark()
            romeo.send_raw("<presence to='alice@corp.example' xmlns:x='urn:x%d' x:from='juliet@xmpp.example/y' "
                           "x:type='unsubscribed'><show>dnd</show></presence>" % i)
            said = await a.wait("^face|^edge", since)
            assert said == "face alice@corp.example romeo@xmpp.example 'orchard' 0=available 1=dnd", said


async def story_silence():
    async with Server() as server, Adapter(server.port, keep_alive=300, ping=700) as a:
        await server.stream()
        await a.wait("^up 1")
        await server.wait(b"urn:xmpp:ping")
        await a.wait("component-down .*reason=ping-unanswered")
        await a.wait("^down 1")
        await server.stream()
        assert server.opened == 2


async def story_garbage():
    async with Server() as server, Adapter(server.port, keep_alive=300, ping=500) as a:
        for octets in (b"</presence>", b"<presence></iq>", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
            since = a.mark()
            stream = await server.stream()
            await a.wait("^up 1", since)
            stream.write(octets + presence().encode())
            await a.wait("^down 1", since)
        await server.stream()


async def story_too_long():
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        stream.write(presence("<status>%s</status>" % ("x" * 100000)).encode())
        line = await a.wait("^face")
        assert len(line) < 1200, len(line)
        stream.write(b"<message from='romeo@xmpp.example/x' to='alice@corp.example'><body>" + b"y" * 400000)
        await a.wait("component-down .*reason=stanza-too-long")
        stream = await server.stream()
        since = a.mark()
        stream.write(presence().encode())
        await a.wait("^face", since)


async def story_slow_server():
    async with Server() as server, Adapter(server.port) as a:
        await server.stream()
        await a.wait("^up 1")
        server.reading.clear()
        await asyncio.sleep(0.1)
        total = 0
        for _ in range(200):
            since = a.mark()
            a.order("flood romeo@xmpp.example alice@corp.example 1=dnd")
            taken = int((await a.wait("^took", since)).split()[1])
            total += taken
            if not taken:
                break
            await asyncio.sleep(0.02)
        assert taken == 0 and total > 100, (taken, total)
        since = a.mark()
        a.order("room")
        assert await a.wait("^room", since) == "room 0"
        server.reading.set()
        for _ in range(PATIENCE * 10):
            since = a.mark()
            a.order("room")
            if await a.wait("^room", since) != "room 0" and server.got.count(b"</presence>") == total:
                break
            await asyncio.sleep(0.1)
        got = server.got[server.got.index(b"<presence"):]
        stanzas = ET.fromstring(b"<all>" + got + b"</all>")
        assert len(stanzas) == total, (len(stanzas), total)


async def story_goodbye():
    async with Server() as server, Adapter(server.port) as a:
        await server.stream()
        await a.wait("^up 1")
        a.order("send romeo@xmpp.example alice@corp.example 0=unavailable")
        a.order("stop")
        await server.wait(b"</stream:stream>")
        last = server.got[server.got.index(b"<presence"):].replace(b"\n", b"")
        assert last == (b"<presence from='alice@corp.example/heliograph' to='romeo@xmpp.example' type='unavailable'/>"
                        b"</stream:stream>"), last
        await a.wait("^stopped")
        assert len(a.find("^stopped")) == 1 and len(a.find("^closed 1")) == 1


async def story_goodbye_to_nobody():
    (port,) = free_ports(1)
    async with Adapter(port) as a:
        await a.wait("component-down .*reason=not-reached")
        a.order("stop")
        await a.wait("^stopped")
