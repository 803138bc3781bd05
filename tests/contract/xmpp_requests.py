# SPDX-License-Identifier: Apache-2.0
"""Requests: who may ask what, commands, registration, and what is refused."""

import asyncio
import re
import xml.etree.ElementTree as ET

from xmpp_rig import Adapter, Client, PATIENCE, Prosody


async def refused_alike(romeo):
    """What nobody answers, and what only others answer: the same error from every address."""
    errors = set()
    for to in ("alice@corp.example", "nobody@corp.example", "alice@corp.example/other", "nobody@corp.example/other"):
        for child, kind in (("<query xmlns='jabber:iq:version'/>", "get"), ("<query xmlns='urn:none'/>", "get"),
                            ("<query xmlns='urn:none'/>", "set"), ("<ping xmlns='urn:xmpp:ping'/>", "set")):
            answer = ET.fromstring(await romeo.ask(to, child, kind))
            assert answer.get("from") == to, answer
            errors.add(ET.tostring(answer[-1]))
    assert len(errors) == 1 and b"service-unavailable" in errors.pop(), errors


async def story_registration():
    """XEP-0077, XEP-0100: what is true, to each about himself; and addresses as people type them."""
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo, Client(prosody, user="dave") as dave:
        await a.wait("^up 1")
        for client, linked in ((romeo, False), (dave, True)):
            client.register_plugin("xep_0077")
            form = (await client["xep_0077"].get_registration("corp.example", timeout=PATIENCE))["register"]
            assert form["registered"] == linked, form
            assert ("alice@corp.example" in form["instructions"]) == linked, form
            for child in ("<username>x</username>", "<remove/>"):
                answer = await client.ask("corp.example", "<query xmlns='jabber:iq:register'>%s</query>" % child, "set")
                assert "not-allowed" in answer, answer
        gateway = "<query xmlns='jabber:iq:gateway'>%s</query>"
        assert "<prompt>SIP address</prompt>" in await romeo.ask("corp.example", gateway % "")
        for typed in ("sip:alice@corp.example", " alice@corp.example "):
            answer = await romeo.ask("corp.example", gateway % ("<prompt>%s</prompt>" % typed), "set")
            assert "<jid>alice@corp.example</jid>" in answer, answer
        for typed in ("<prompt>alice@elsewhere.example</prompt>", "<prompt>alice</prompt>", "<prompt/>", ""):
            assert "not-acceptable" in await romeo.ask("corp.example", gateway % typed, "set"), typed


ADMIN = "http://jabber.org/protocol/admin#get-%s-users-num"


OWN = "urn:x-heliograph:"


def fields(answer):
    return {f.get("var"): [v.text for v in f] for f in answer.iter("{jabber:x:data}field")}


async def story_commands():
    """Each is offered, and may give, the commands that are his."""
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo, Client(prosody, user="dave") as dave:
        await a.wait("^up 1")
        for client in (romeo, dave):
            client.register_plugin("xep_0050")
        a.order("admin romeo@xmpp.example")
        a.order("card juliet@xmpp.example alice@corp.example display-name=Alice <&>")

        async def offered(client):
            found = await client["xep_0050"].get_commands("corp.example", timeout=PATIENCE)
            return [item[1] for item in found["disco_items"]["items"]]

        async def give(client, node, form="", attributes=""):
            answer = await client.ask("corp.example", "<command xmlns='http://jabber.org/protocol/commands' node='%s' %s>%s"
                                      "</command>" % (node, attributes, form), "set")
            return ET.fromstring(answer)
        for n in range(PATIENCE * 10):                     # the order has to arrive
            if await offered(romeo):
                break
            await asyncio.sleep(0.1)
        assert set(await offered(romeo)) == {ADMIN % "registered", ADMIN % "online", OWN + "reload"}
        assert set(await offered(dave)) == {OWN + "links", OWN + "shown", OWN + "contacts"}
        info = await romeo["xep_0030"].get_info(jid="corp.example", node=ADMIN % "online", timeout=PATIENCE)
        assert ("automation", "command-node") == list(info["disco_info"]["identities"])[0][:2], info
        for client, node, error in ((dave, OWN + "reload", "forbidden"), (romeo, OWN + "links", "forbidden"),
                                    (romeo, "urn:none", "item-not-found")):
            answer = await give(client, node)
            assert answer.get("type") == "error" and answer[-1][0].tag.endswith(error), (node, ET.tostring(answer))
        assert not a.find("^reload"), a.lines
        answer = await give(romeo, ADMIN % "registered")
        assert answer[0].get("status") == "completed" and fields(answer) == {"registeredusersnum": ["12"]}
        assert fields(await give(romeo, ADMIN % "online")) == {"onlineusersnum": ["5"]}
        assert "type=\"info\"" in ET.tostring(await give(romeo, OWN + "reload"), "unicode")
        a.order("faulty")
        a.order("room")
        await a.wait("^room")
        since = a.mark()
        assert "type=\"error\"" in ET.tostring(await give(romeo, OWN + "reload"), "unicode")
        await a.wait("^reload", since)
        assert fields(await give(dave, OWN + "links")) == {
            "person": ["alice@corp.example"], "accounts": ["dave@xmpp.example", "dave@other.example"]}
        form = await give(dave, OWN + "shown", attributes="action='execute'")
        assert form[0].get("status") == "executing" and list(fields(form)) == ["who"], ET.tostring(form)
        session = "sessionid='%s'" % form[0].get("sessionid")
        submit = "<x xmlns='jabber:x:data' type='submit'><field var='who'><value>%s</value></field></x>"
        answer = await give(dave, OWN + "shown", submit % "juliet@xmpp.example", session)
        assert answer[0].get("sessionid") == form[0].get("sessionid"), ET.tostring(answer)
        assert fields(answer) == {"who": ["juliet@xmpp.example"], "availability": ["busy"],
                                  "display-name": ["Alice <&>"]}, fields(answer)
        assert "display-name" not in fields(await give(dave, OWN + "shown", submit % "paris@xmpp.example"))
        assert (await give(dave, OWN + "shown", submit % "@")).get("type") == "error"
        assert (await give(dave, OWN + "shown", "", session + " action='cancel'"))[0].get("status") == "canceled"
        assert (await give(dave, OWN + "shown", "", "action='prev'")).get("type") == "error"


async def story_suggestions():
    """The contacts of a user for the roster of an account of his own, if he asks for them (XEP-0144)."""
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo, Client(prosody, user="dave") as dave:
        await a.wait("^up 1")
        command = "<command xmlns='http://jabber.org/protocol/commands' node='%s'/>" % (OWN + "contacts")
        assert "forbidden" in await romeo.ask("corp.example", command, "set")
        assert ": 2 contacts" in await dave.ask("corp.example", command, "set")
        await dave.wait("rosterx")
        message = ET.fromstring([x for x in dave.seen if "rosterx" in x][0])
        assert (message.get("from"), message.get("to")) == ("corp.example", "dave@xmpp.example/orchard"), message.attrib
        items = [(dict(i.attrib), [g.text for g in i]) for i in message.iter("{http://jabber.org/protocol/rosterx}item")]
        assert items == [({"action": "add", "jid": "carol@corp.example", "name": "Carol <&>"}, ["Work"]),
                         ({"action": "add", "jid": "romeo@xmpp.example"}, [])], items
        assert not [x for x in romeo.seen if "rosterx" in x], romeo.seen


async def story_requests():
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo:
        await a.wait("^up 1")
        info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
        gateway = await romeo["xep_0030"].get_info(jid="corp.example", timeout=PATIENCE)
        assert ("gateway", "sip", None, "Heliograph") in gateway["disco_info"]["identities"], gateway
        assert {"urn:xmpp:ping", "jid\\20escaping"} <= gateway["disco_info"]["features"], gateway
        person = await romeo["xep_0030"].get_info(jid="alice@corp.example", timeout=PATIENCE)
        assert ("account", "registered", None, None) in person["disco_info"]["identities"], person
        full = await romeo.ask("alice@corp.example/heliograph", info)
        assert "category=\"client\"" in full, full
        assert "service-unavailable" in await romeo.ask("alice@corp.example/other", info)
        nodes = await romeo.ask("alice@corp.example", info.replace("/>", " node='x'/>"))
        assert "item-not-found" in nodes, nodes
        items = await romeo["xep_0030"].get_items(jid="corp.example", timeout=PATIENCE)
        for node in ("urn:x-heliograph:reload", "urn:none"):       # not his to give, and none at all
            assert "item-not-found" in await romeo.ask("corp.example", info.replace("/>", " node='%s'/>" % node)), node
        assert not items["disco_items"]["items"], items
        assert await romeo["xep_0199"].ping("corp.example", timeout=PATIENCE) >= 0
        assert await romeo["xep_0199"].ping("alice@corp.example", timeout=PATIENCE) >= 0
        for to in ("corp.example", "alice@corp.example/heliograph"):
            version = await romeo["xep_0092"].get_version(to, timeout=PATIENCE)
            assert version["software_version"]["name"] == "Heliograph", version
        await refused_alike(romeo)
        romeo.send_message("alice@corp.example", "hello", mtype="chat")
        await romeo.wait("<message[^>]*type=\"error\".*service-unavailable")
        romeo.seen.clear()
        romeo.send_message("alice@corp.example", "hello", mtype="headline")
        assert "service-unavailable" in await romeo.ask("corp.example", "<x xmlns='urn:last'/>")
        assert not [x for x in romeo.seen if x.startswith("<message")], romeo.seen


async def refused(adapter, reason, seconds):
    """One line about it, no matter how many attempts; and few of these."""
    await adapter.wait("component-down .*reason=%s .*remedy=" % reason)
    await asyncio.sleep(seconds)
    assert len(adapter.find("component-down")) == 1, adapter.find("component-down")
    assert not adapter.find(adapter.args[1] + "([^_`]|$)") or adapter.args[1] == "secret", adapter.lines


async def story_refusals():
    async with Prosody() as prosody:
        async with Adapter(prosody.port, secret="wrong") as a:
            await refused(a, "not-authorized", 3)
        async with Adapter(prosody.port, domain="nowhere.example") as a:
            await refused(a, "host-unknown", 2)
        with open(prosody.dir + "/log") as f:
            attempts = len(re.findall("Incoming Jabber component connection", f.read()))
        assert 2 <= attempts <= 8, attempts
        async with Adapter(prosody.port) as first, Adapter(prosody.port, retry=50) as second:
            winner, loser = (first, second)
            await asyncio.wait([asyncio.create_task(x.wait("^up 1|component-down")) for x in (first, second)])
            if first.find("component-down"):
                winner, loser = second, first
            await refused(loser, "conflict", 2)
            assert not winner.find("^down")
            winner.order("stop")
            await loser.wait("^up 1")
