# SPDX-License-Identifier: Apache-2.0
"""What is told of people: capabilities, contact cards, pictures, names, and personal eventing in both directions."""

import asyncio
import hashlib
import re
import tempfile
import xml.etree.ElementTree as ET

from xmpp_rig import Adapter, Client, PATIENCE, Prosody, Server, presence


async def story_capabilities():
    """With each presence goes a hash, and what it stands for is what the resource says it is."""
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo:
        await a.wait("^up 1")
        romeo.register_plugin("xep_0115")
        romeo.send_presence()
        hashes = {}
        romeo.add_event_handler("entity_caps", lambda p: hashes.update({p["from"].full: p["caps"]}))
        a.order("send romeo@xmpp.example alice@corp.example 0=available 1=dnd")
        await romeo.wait("from=\"alice@corp.example/heliograph\".*hash=\"sha-1\"")
        (full, caps), = hashes.items()
        node = "%s#%s" % (caps["node"], caps["ver"])
        info = await romeo["xep_0030"].get_info(jid=full, node=node, timeout=PATIENCE)
        assert info["disco_info"]["node"] == node, info
        assert romeo["xep_0115"].generate_verstring(info["disco_info"], "sha-1") == caps["ver"], info
        for to, asked in ((full, node + "x"), ("alice@corp.example", node), ("corp.example", node)):
            query = "<query xmlns='http://jabber.org/protocol/disco#info' node='%s'/>" % asked
            assert "item-not-found" in await romeo.ask(to, query), to


VCARD, VCARD4 = "<vCard xmlns='vcard-temp'/>", "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>"


async def story_contact_cards():
    """Each is told what he is shown; who is shown nothing, and who asks for nobody, the same: an empty card."""
    async with Prosody() as prosody, Adapter(prosody.port) as a, Client(prosody) as romeo:
        await a.wait("^up 1")
        romeo.register_plugin("xep_0054")
        a.order("card romeo@xmpp.example alice@corp.example display-name=Alice <&>|mail=a@b.example|title=Editor|"
                "company=Contoso|department=Letters|office=B 12|phone-work=tel:+491|phone-mobile=tel:+492|city=Verona|"
                "country=IT|photo-url=https://x.example/a.png|photo-hash=1")
        a.order("card juliet@xmpp.example bob@corp.example display-name=Bob")
        a.order("room")                                    # behind them: they have arrived
        await a.wait("^room")
        card = (await romeo["xep_0054"].get_vcard("alice@corp.example", timeout=PATIENCE))["vcard_temp"]
        assert card["FN"] == "Alice <&>" and card["TITLE"] == "Editor", card
        assert card["JABBERID"] == "alice@corp.example", card
        assert (card["ORG"]["ORGNAME"], card["ORG"]["ORGUNIT"]) == ("Contoso", "Letters"), card
        assert [(t["NUMBER"], t["WORK"], t["CELL"]) for t in card["telephone_numbers"]] == [
            ("+491", True, False), ("+492", False, True)], card
        assert [e["USERID"] for e in card["emails"]] == ["a@b.example"], card
        address, = card["addresses"]
        assert (address["EXTADD"], address["LOCALITY"], address["CTRY"]) == ("B 12", "Verona", "IT"), card
        assert card.xml.findtext(".//{vcard-temp}EXTVAL") == "https://x.example/a.png", card
        four = await romeo.ask("alice@corp.example", VCARD4)
        for part in ("<fn><text>Alice &lt;&amp;&gt;</text></fn>", "<uri>tel:+492</uri>", "<locality>Verona</locality>",
                     "<org><text>Contoso</text><text>Letters</text></org>", "<uri>xmpp:alice@corp.example</uri>"):
            assert part in four, (part, four)
        for asked in (VCARD, VCARD4):
            answers = [ET.fromstring(await romeo.ask(to, asked)) for to in ("bob@corp.example", "nobody@corp.example")]
            assert [(x.get("type"), len(x), len(x[0]), x[0].text) for x in answers] == [("result", 1, 0, None)] * 2
            for to in ("alice@corp.example/heliograph", "corp.example"):
                assert "service-unavailable" in await romeo.ask(to, asked), to
            assert "service-unavailable" in await romeo.ask("alice@corp.example", asked, "set")


NICK = "http://jabber.org/protocol/nick"


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30


PHOTO = "photo-url=https://x.example/a.png|photo-hash=%s"


async def item(romeo, to, node, item_id=""):
    """The payload of the node's item, or the error's condition."""
    asked = "<items node='%s'>%s</items>" % (node, "<item id='%s'/>" % item_id if item_id else "")
    answer = ET.fromstring(await romeo.ask(to, "<pubsub xmlns='http://jabber.org/protocol/pubsub'>%s</pubsub>" % asked))
    if answer.get("type") == "error":
        return answer[-1][0].tag.partition("}")[2]
    found, = answer.iter("{http://jabber.org/protocol/pubsub}item")
    return found[0]


async def story_avatars():
    """A picture is shown, whole and by its hash, to those who are shown the photo, and to nobody else."""
    with tempfile.TemporaryDirectory() as photos:
        for name, content in (("abc.png", PNG), ("huge.png", PNG * 10), ("notes.txt", b"hello")):
            with open(photos + "/" + name, "wb") as f:
                f.write(content)
        async with Prosody() as prosody, Adapter(prosody.port, photos=photos) as a, Client(prosody) as romeo:
            await a.wait("^up 1")
            assert len(a.find("photo-skipped .*(huge|notes)")) == 2 and a.find("photos-read pictures=1"), a.lines
            for plugin in ("xep_0054", "xep_0153", "xep_0084"):
                romeo.register_plugin(plugin)
            romeo.send_presence()
            sha1 = hashlib.sha1(PNG).hexdigest()
            for who, photo in (("alice", PHOTO % "abc"), ("bob", PHOTO % "huge"), ("carol", "display-name=Carol")):
                a.order("card romeo@xmpp.example %s@corp.example %s" % (who, photo))
                a.order("send romeo@xmpp.example %s@corp.example 0=available" % who)
                await romeo.wait("from=\"%s@corp.example/heliograph\".*<photo" % who)
                assert ("<photo>%s</photo>" % sha1 in romeo.seen[-1]) == (who == "alice"), romeo.seen[-1]
            card = (await romeo["xep_0054"].get_vcard("alice@corp.example", timeout=PATIENCE))["vcard_temp"]
            assert (card["PHOTO"]["TYPE"], card["PHOTO"]["BINVAL"]) == ("image/png", PNG), card
            bob = await romeo.ask("bob@corp.example", VCARD)
            assert "<EXTVAL>https://x.example/a.png</EXTVAL>" in bob and "BINVAL" not in bob, bob
            info = (await item(romeo, "alice@corp.example", "urn:xmpp:avatar:metadata"))[0]
            assert info.attrib == {"id": sha1, "type": "image/png", "bytes": str(len(PNG))}, info.attrib
            data = await romeo["xep_0084"].retrieve_avatar("alice@corp.example", sha1, timeout=PATIENCE)
            assert data["pubsub"]["items"]["item"]["avatar_data"]["value"] == PNG
            for to, node, item_id in (("alice", "data", "0" * 40), ("bob", "data", ""), ("carol", "metadata", ""),
                                      ("nobody", "metadata", "")):
                got = await item(romeo, to + "@corp.example", "urn:xmpp:avatar:" + node, item_id)
                assert got == "item-not-found", (to, node, got)
            with open(photos + "/abc.png", "wb") as f:
                f.write(PNG[:-1])
            assert await item(romeo, "alice@corp.example", "urn:xmpp:avatar:data") == "item-not-found"


async def story_pictures_do_not_pile_up():
    """A server that asks for many and takes none is put off before they fill the memory."""
    with tempfile.TemporaryDirectory() as photos:
        with open(photos + "/abc.png", "wb") as f:
            f.write(PNG * 8)
        async with Server() as server, Adapter(server.port, photos=photos) as a:
            stream = await server.stream()
            await a.wait("^up 1")
            a.order("card romeo@xmpp.example alice@corp.example " + PHOTO % "abc")
            a.order("room")
            await a.wait("^room")
            server.reading.clear()
            total = 300
            for n in range(total):
                stream.write(("<iq type='get' from='romeo@xmpp.example/o' to='alice@corp.example' id='i%d'>%s</iq>"
                              % (n, VCARD)).encode())
            await stream.drain()
            await a.wait("xmpp_refused_total")
            server.reading.set()
            for _ in range(PATIENCE * 50):
                if server.got.count(b"</iq>") == total:
                    break
                await asyncio.sleep(0.02)
            assert server.got.count(b"</iq>") == total, server.got.count(b"</iq>")
            pictures, refused = server.got.count(b"<BINVAL>"), server.got.count(b"resource-constraint")
            assert pictures and refused and pictures + refused == total, (pictures, refused)


async def story_personal_events():
    """Who wants to be told of names is told once, when he comes and when a name changes; who does not is not."""
    async with Prosody() as prosody, Adapter(prosody.port) as a:
        await a.wait("^up 1")
        async with Client(prosody, wants=[NICK]) as romeo, Client(prosody, "balcony", wants=[]) as deaf:
            name = "card romeo@xmpp.example alice@corp.example display-name=%s"
            cards = "cards romeo@xmpp.example alice@corp.example"
            a.order(name % "Alice <&>")
            await romeo["xep_0115"].update_caps(broadcast=False)
            await deaf["xep_0115"].update_caps(broadcast=False)
            deaf.send_presence(pto="alice@corp.example")
            romeo.send_presence(pto="alice@corp.example")
            await a.wait("^again romeo@xmpp.example alice@corp.example")
            a.order(cards)
            await romeo.wait("<nick[^>]*>Alice &lt;&amp;&gt;</nick>")
            got = ET.fromstring([x for x in romeo.seen if "<nick" in x][0])
            assert (got.get("type"), got.get("from")) == ("headline", "alice@corp.example"), got.attrib
            for _ in range(2):
                a.order(cards)
            a.order(name % "Adams")
            a.order(cards)
            await romeo.wait("<nick[^>]*>Adams</nick>")
            assert len([x for x in romeo.seen if "<nick" in x]) == 2, romeo.seen
            current = await item(romeo, "alice@corp.example", NICK)
            assert current.text == "Adams", current
            assert "Adams" in await romeo.ask("alice@corp.example", VCARD)
            a.order("card romeo@xmpp.example alice@corp.example title=Editor")
            for _ in range(2):
                a.order(cards)
            await romeo.wait("%s.*<retract id=\"current\"" % NICK)
            assert await item(romeo, "alice@corp.example", NICK) == "item-not-found"
            a.order(name % "Capulet")
            a.order(cards)
            await romeo.wait("<nick[^>]*>Capulet</nick>")
            a.order(name % "Adams")
            assert len([x for x in romeo.seen if NICK in x and "<message" in x]) == 4, romeo.seen
            deaf.send_message("alice@corp.example", "last", mtype="chat")
            await deaf.wait("<message[^>]*type=\"error\"")
            assert not [x for x in deaf.seen if "<nick" in x], deaf.seen
        since = a.mark()
        async with Client(prosody, wants=[NICK]) as romeo:       # the same client again: its hash is known
            await romeo["xep_0115"].update_caps(broadcast=False)
            romeo.send_presence(pto="alice@corp.example")
            await a.wait("^again romeo@xmpp.example alice@corp.example", since)
            a.order(cards)
            await romeo.wait("<nick[^>]*>Adams</nick>")
            assert not [x for x in romeo.seen if "hg-caps" in x], romeo.seen


ACTIVITY = "http://jabber.org/protocol/activity"
MOOD = "http://jabber.org/protocol/mood"


async def story_what_is_shown_of_what_somebody_does():
    """A call is told once to whose client wants it, and taken back when it is over; asked for, it is answered. So is a mood."""
    async with Prosody() as prosody, Adapter(prosody.port) as a:
        await a.wait("^up 1")
        async with Client(prosody, wants=[ACTIVITY]) as romeo, Client(prosody, "balcony", wants=[]) as deaf, \
                Client(prosody, "garden", wants=[MOOD]) as friend:
            does = "does romeo@xmpp.example alice@corp.example"
            for client in (romeo, deaf, friend):
                await client["xep_0115"].update_caps(broadcast=False)
                client.send_presence(pto="alice@corp.example")
            await a.wait("^again romeo@xmpp.example alice@corp.example")
            for _ in range(2):
                a.order(does + " talking on_the_phone")
            await romeo.wait("<talking><on_the_phone")
            got = ET.fromstring([x for x in romeo.seen if "on_the_phone" in x][0])
            assert (got.get("type"), got.get("from")) == ("headline", "alice@corp.example"), got.attrib
            asked = await item(romeo, "alice@corp.example", ACTIVITY)
            assert [x.tag.partition("}")[2] for x in asked.iter()] == ["activity", "talking", "on_the_phone"], asked
            a.order(does + " undefined other <&>")
            await romeo.wait("<other */></undefined><text>&lt;&amp;&gt;</text>")
            for _ in range(2):      # she does nothing any more, but is happy
                a.order(does + " undefined other Happy Happy")
            await romeo.wait("<activity xmlns=\"%s\" */>" % ACTIVITY)
            await friend.wait("<mood xmlns=\"%s\"><happy */></mood>" % MOOD)
            asked = await item(friend, "alice@corp.example", MOOD)
            assert [x.tag.partition("}")[2] for x in asked.iter()] == ["mood", "happy"], asked
            for _ in range(2):
                a.order(does)
            await friend.wait("<mood xmlns=\"%s\" */>" % MOOD)
            for to in ("alice@corp.example", "nobody@corp.example"):
                for node in (ACTIVITY, MOOD):
                    assert await item(romeo, to, node) == "item-not-found", to
            for client in (romeo, deaf, friend):
                client.send_message("alice@corp.example", "last", mtype="chat")
                await client.wait("<message[^>]*type=\"error\"")
            assert len([x for x in romeo.seen if ACTIVITY in x and "<message" in x]) == 3, romeo.seen
            assert len([x for x in friend.seen if MOOD in x and "<message" in x]) == 2, friend.seen
            assert not [x for client in (deaf, friend) for x in client.seen if ACTIVITY in x and "<message" in x]
            assert not [x for client in (deaf, romeo) for x in client.seen if MOOD in x and "<message" in x]


async def story_a_call_that_ended_while_we_were_away():
    """Who was there before us may have been told of it: it is taken back. Who comes was told nothing."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='%s'/>"
        features = ("<iq type='result' from='%s' to='alice@corp.example' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'>"
                    "<feature var='" + ACTIVITY + "+notify'/></query></iq>")
        for n, (who, more) in enumerate((("romeo", "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"), ("eve", ""))):
            sender = who + "@xmpp.example/r"
            stream.write(presence(caps % (str(n) * 27 + "=") + more, sender=sender).encode())
            await server.wait(b"to='%s' id='hg-caps-" % sender.encode())
            asked = re.findall(rb"id='(hg-caps-\w+)'", server.got)[-1].decode()
            stream.write((features % (sender, asked)).encode())
            await a.wait("^again %s@" % who)
            a.order("does %s@xmpp.example alice@corp.example" % who)
        a.order("does eve@xmpp.example alice@corp.example working")
        await server.wait(b"<working>")
        gone = "<activity xmlns='%s'/>" % ACTIVITY
        told = re.findall(rb"<message type='headline' from='alice@corp.example' to='(\w+)@xmpp.example/r'>(.*?)</message>",
                          server.got.replace(b"\n", b""))
        assert [who for who, _ in told] == [b"romeo", b"eve"] and gone.encode() in told[0][1], told


async def story_a_call_that_began_between():
    """dave's account says something else between our question and our subscription: it is asked once more."""
    node = "http://jabber.org/protocol/activity"
    answer = ("<iq type='result' id='%%s' from='dave@xmpp.example' to='alice@corp.example'><pubsub "
              "xmlns='http://jabber.org/protocol/pubsub'><items node='%s'><item id='current'><activity xmlns='%s'>"
              "<talking><%%s/></talking></activity></item></items></pubsub></iq>" % (node, node))
    query = rb"id='(hg-pep-[^']+)'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='%s'" % node.encode()
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        stream.write(presence("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='%s='/>" % ("A" * 27),
                              sender="dave@xmpp.example/phone").encode())
        await server.wait(b"<subscribe ")
        ID, = [x.decode() for x in re.findall(query, server.got)]
        stream.write((answer % (ID, "in_real_life")).encode())
        await a.wait("^aspect .*specific=in_real_life")
        stream.write(("<iq type='result' id='%s' from='dave@xmpp.example' to='alice@corp.example'/>"
                      % ID.replace("pep", "sub")).encode())
        for _ in range(PATIENCE * 50):
            if len(re.findall(query, server.got)) == 2:
                break
            await asyncio.sleep(0.02)
        else:
            raise AssertionError("not asked again: %r" % server.got[-300:])
        stream.write((answer % (ID, "on_the_phone")).encode())
        await a.wait("^aspect .*specific=on_the_phone")


async def story_what_people_do():
    """A real server tells us of what its user does, feels and where he is, since our capabilities ask for it."""
    async with Prosody(conflict="kick_old") as prosody, Client(prosody, wants=[]) as romeo:
        a = await Adapter(prosody.port).__aenter__()
        await a.wait("^up 1")
        for plugin in ("xep_0107", "xep_0108", "xep_0080"):
            romeo.register_plugin(plugin)
        await romeo.get_roster(timeout=PATIENCE)
        romeo.send_presence()
        a.order("edge subscribe alice@corp.example romeo@xmpp.example")
        await romeo.wait("type=\"subscribe\"")
        romeo.send_presence(pto="alice@corp.example", ptype="subscribed")
        await a.wait("^edge subscribed")
        a.order("send romeo@xmpp.example alice@corp.example 0=available")
        said = "^aspect alice@corp.example romeo@xmpp.example xmpp-"
        await romeo["xep_0108"].publish_activity("talking", "on_the_phone", timeout=PATIENCE)
        await a.wait(said + "activity general=talking specific=on_the_phone en'On the phone'$")
        await romeo["xep_0108"].publish_activity("working", text="at <&> length", timeout=PATIENCE)
        await a.wait(said + "activity general=working text=at <&> length 'at <&> length'$")
        await romeo["xep_0107"].publish_mood("happy", "so", timeout=PATIENCE)
        await a.wait(said + "mood mood=happy text=so 'Happy: so'$")
        await romeo["xep_0080"].publish_location(lat=45.44, locality="Verona", timeout=PATIENCE)
        await a.wait(said + "geoloc lat=45.44 locality=Verona 'Verona'$")
        a.process.kill()                            # what he says is known again when we come back
        await a.process.wait()
        async with Adapter(prosody.port) as again:
            await again.wait("^up 1")
            await romeo["xep_0115"].update_caps(broadcast=False)
            romeo.send_presence()
            await again.wait(said + "activity general=working text=at <&> length 'at <&> length'$")
            await again.wait(said + "geoloc lat=45.44 locality=Verona 'Verona'$")
            again.order("send romeo@xmpp.example alice@corp.example 0=available")
            await romeo["xep_0108"].stop(timeout=PATIENCE)
            await again.wait(said + "activity none$")


async def story_events_that_are_none():
    """What is not said by an account, or not understood, is nothing; and nothing of it is answered."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")

        def say(node, payload, sender="romeo@xmpp.example", kind="headline"):
            stream.write(("<message from='%s' to='alice@corp.example' type='%s'><event xmlns='http://jabber.org/protocol/"
                          "pubsub#event'><items node='%s'>%s</items></event></message>" % (sender, kind, node, payload)).encode())
        node = "http://jabber.org/protocol/activity"
        working = "<item id='1'><activity xmlns='%s'><working/></activity></item>" % node
        say(node, working, sender="romeo@xmpp.example/orchard")
        say("urn:other", working)
        say("http://jabber.org/protocol/mood", working)
        say(node, "")
        say(node, working, kind="error")
        say(node, "<item id='1'><activity xmlns='%s'><W0rking/><text>x</text></activity></item>" % node)
        say(node, "<item id='1'><activity xmlns='%s'><talking><in_real_life/></talking><text>a</text><text xml:lang='de'>b</text>"
            "</activity></item>" % node)
        say(node, "<retract id='1'/>")
        await a.wait("^aspect .*none$")
        assert [x.partition("xmpp-")[2] for x in a.find("^aspect")] == [
            "activity text=x 'x'", "activity general=talking specific=in_real_life text=a text:de=b 'a' de'b'", "activity none"], a.lines
        assert b"<message" not in server.got, server.got


async def story_words_for_what_has_none():
    """What a list has a name for is said by it, unless there are words of his own; coordinates, and a name that says
    nothing, are none."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        protocol = "http://jabber.org/protocol/"
        for kind, payload, words in (
                ("activity", "<relaxing><reading/></relaxing>", " en'Reading'"),
                ("activity", "<eating><other/></eating>", " en'Eating'"),
                ("activity", "<undefined><other/></undefined>", ""),
                ("mood", "<in_awe/>", " en'In awe'"),
                ("mood", "<undefined/><text>so</text>", " 'so'"),
                ("geoloc", "<lat>45.44</lat><lon>10.99</lon>", ""),
                ("geoloc", "<lat>45.44</lat><country>Italy</country><street>Via Cappello 23</street><locality>Verona</locality>",
                 " 'Via Cappello 23, Verona, Italy'"),
                ("geoloc", "<locality>Verona</locality><description xml:lang='it'>a casa</description>", " it'a casa'")):
            heard = len(a.find("^aspect"))
            stream.write(("<message from='romeo@xmpp.example' to='alice@corp.example' type='headline'><event xmlns='%spubsub#event'>"
                          "<items node='%s%s'><item id='1'><%s xmlns='%s%s'>%s</%s></item></items></event></message>"
                          % (protocol, protocol, kind, kind, protocol, kind, payload, kind)).encode())
            for _ in range(PATIENCE * 50):
                if len(a.find("^aspect")) > heard:
                    break
                await asyncio.sleep(0.02)
            last = a.find("^aspect")[-1]
            assert last.endswith(words) and last.count("'") == words.count("'"), (payload, last)


async def story_false_hash():
    """A hash that is not that of what its client says counts for that client alone."""
    async with Server() as server, Adapter(server.port) as a:
        stream = await server.stream()
        await a.wait("^up 1")
        caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='%s'/>" % ("x" * 27 + "=")

        def say(text):
            stream.write(text.encode())

        def features(who, asked):
            return ("<iq type='result' from='%s@xmpp.example/r' to='alice@corp.example' id='%s'><query xmlns='http://jabber.org/"
                    "protocol/disco#info'><feature var='http://jabber.org/protocol/nick+notify'/></query></iq>" % (who, asked))
        say(presence(caps, sender="eve@xmpp.example/r"))
        await server.wait(b"id='hg-caps-")
        asked = re.findall(rb"id='(hg-caps-\w+)'", server.got)[-1].decode()
        say(features("mallory", asked))              # was not asked
        say(presence(caps, sender="romeo@xmpp.example/r"))
        say(features("eve", asked))
        await a.wait("^again eve@xmpp.example alice@corp.example")
        assert not a.find("^again (romeo|mallory)"), a.lines
        assert server.got.count(b"hg-caps-") == 1, server.got
        say(presence(caps, sender="romeo@xmpp.example/r"))
        await server.wait(b"to='romeo@xmpp.example/r' id='hg-caps-")
        stream.write(b"<iq type='error' from='romeo@xmpp.example/r' to='alice@corp.example' id='" +
                     re.findall(rb"id='(hg-caps-\w+)'", server.got)[-1] + b"'/>")
        say(presence(caps + "<status>done</status>", sender="romeo@xmpp.example/r"))
        await a.wait("romeo@xmpp.example 'r' .*done")
        assert server.got.count(b"hg-caps-") == 2 and not a.find("^again romeo"), server.got


async def story_nicknames():
    """Who asks says how he is called, if the one whom he asks is shown that."""
    async with Server() as server, Adapter(server.port) as a:
        await server.stream()
        await a.wait("^up 1")
        a.order("card romeo@xmpp.example alice@corp.example display-name=Alice <&>")
        a.order("card juliet@xmpp.example alice@corp.example title=Editor")
        for who in ("romeo", "juliet", "paris"):
            a.order("edge subscribe alice@corp.example %s@xmpp.example" % who)
        for edge in ("subscribed romeo@xmpp.example alice@corp.example", "unsubscribe alice@corp.example romeo@xmpp.example"):
            a.order("edge " + edge)
        await server.wait(b"type='unsubscribe'")
        head = "<presence type='subscribe' from='alice@corp.example' to='%s@xmpp.example'"
        want = (head % "romeo" + "><nick xmlns='http://jabber.org/protocol/nick'>Alice &lt;&amp;&gt;</nick></presence>"
                + head % "juliet" + "/>" + head % "paris" + "/>")
        assert server.got[server.got.index(b"<presence"):].replace(b"\n", b"").startswith(want.encode()), server.got
        assert server.got.count(b"<nick") == 1, server.got
