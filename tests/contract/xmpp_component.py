# SPDX-License-Identifier: Apache-2.0
"""The XMPP adapter's contract with servers: a real Prosody where it can show it, a server of our own where the
octets matter. Started by test_xmpp_component, which is also the adapter under test."""

import asyncio
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import xml.etree.ElementTree as ET

import slixmpp

ADAPTER = os.path.abspath(sys.argv[1])
PATIENCE = 30  # seconds; how long a test waits for what must come


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Adapter:
    """The program under test: `lines` is all that it said."""

    def __init__(self, port, secret="secret", domain="corp.example", keep_alive=60000, ping=20000, retry=100,
                 retry_max=1000, limit=200000, photos=None):
        self.args = [str(a) for a in (port, secret, domain, keep_alive, ping, retry, retry_max, limit)]
        self.args += [photos] if photos else []
        self.lines = []
        self.said = asyncio.Event()

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            ADAPTER, *self.args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=1 << 20)
        self.reader = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *exc):
        if self.process.returncode is None:
            self.order("stop")
            try:
                await asyncio.wait_for(self.process.wait(), 10)
            except asyncio.TimeoutError:
                self.process.kill()
        await self.reader
        code = await self.process.wait()
        if exc[0] is None and code != 0:
            raise AssertionError("the adapter ended with %s: %s" % (code, self.lines[-5:]))
        if exc[0] is not None:
            print("   ", "\n    ".join(self.lines[-12:]), flush=True)

    async def read(self):
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
            self.said.set()

    def order(self, text):
        self.process.stdin.write(text.encode() + b"\n")

    def mark(self):
        return len(self.lines)

    def find(self, pattern, since=0):
        return [x for x in self.lines[since:] if re.search(pattern, x)]

    async def wait(self, pattern, since=0, patience=PATIENCE):
        async def look():
            while not self.find(pattern, since):
                self.said.clear()
                await self.said.wait()
        try:
            await asyncio.wait_for(look(), patience)
        except asyncio.TimeoutError:
            raise AssertionError("never said: %s" % pattern) from None
        return self.find(pattern, since)[0]


class Prosody:
    def __init__(self, conflict="kick_new"):
        self.c2s, self.port = free_ports(2)
        self.dir = tempfile.mkdtemp(prefix="hg-xmpp-")
        os.mkdir(self.dir + "/certs")
        with open(self.dir + "/prosody.cfg.lua", "w") as f:
            f.write("""
run_as_root = true
pidfile = "%(dir)s/pid"  data_path = "%(dir)s/data"  log = { info = "%(dir)s/log" }
interfaces = { "127.0.0.1" }  component_interfaces = { "127.0.0.1" }
c2s_ports = { %(c2s)d }  component_ports = { %(port)d }
s2s_ports = {}  c2s_direct_tls_ports = {}  s2s_direct_tls_ports = {}  http_ports = {}  https_ports = {}
modules_enabled = { "roster", "saslauth", "disco", "presence", "message", "iq", "pep", "ping", "blocklist" }
modules_disabled = { "s2s", "tls", "http" }
authentication = "internal_plain"  c2s_require_encryption = false  allow_unencrypted_plain_auth = true
VirtualHost "xmpp.example"
Component "corp.example"
  component_secret = "secret"
  component_conflict_resolve = "%(conflict)s"
""" % {"dir": self.dir, "c2s": self.c2s, "port": self.port, "conflict": conflict})
        for user in ("romeo", "dave"):
            subprocess.run(["prosodyctl", "--config", self.dir + "/prosody.cfg.lua", "register", user, "xmpp.example",
                            "pw"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def start(self):
        self.process = subprocess.Popen(["prosody", "--config", self.dir + "/prosody.cfg.lua", "-F"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(PATIENCE * 10):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            await asyncio.sleep(0.1)
        raise AssertionError("Prosody does not start; see " + self.dir)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *exc):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)


class Client(slixmpp.ClientXMPP):
    """romeo, or dave, who is alice; `seen` is every stanza that he got, as text."""

    def __init__(self, prosody, resource="orchard", wants=None, user="romeo"):
        """`wants`: nodes of personal eventing, and then he says with his presence what his client can do."""
        super().__init__("%s@xmpp.example/%s" % (user, resource), "pw")
        self.prosody, self.seen, self.news = prosody, [], asyncio.Event()
        self.auto_authorize = self.auto_subscribe = None
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0092")
        self.register_plugin("xep_0199")
        if wants is not None:
            self.register_plugin("xep_0115")
            self.register_plugin("xep_0163")
            for node in wants:
                self["xep_0030"].add_feature(node + "+notify")
        self.add_filter("in", self.note)
        self.ready = asyncio.Event()
        self.add_event_handler("session_start", lambda _: self.ready.set())

    def note(self, stanza):
        self.seen.append(str(stanza))
        self.news.set()
        return stanza

    async def __aenter__(self):
        self.connect(("127.0.0.1", self.prosody.c2s), use_ssl=False, force_starttls=False, disable_starttls=True)
        await asyncio.wait_for(self.ready.wait(), PATIENCE)
        return self

    async def __aexit__(self, *exc):
        await self.disconnect()

    async def wait(self, pattern):
        async def look():
            while not any(re.search(pattern, x) for x in self.seen):
                self.news.clear()
                await self.news.wait()
        try:
            await asyncio.wait_for(look(), PATIENCE)
        except asyncio.TimeoutError:
            raise AssertionError("romeo never saw %s but %s" % (pattern, self.seen[-3:])) from None

    async def ask(self, to, child, kind="get"):
        """The answer's type and its text."""
        iq = self.make_iq(ito=to, itype=kind)
        iq.append(ET.fromstring(child))
        try:
            answer = await iq.send(timeout=PATIENCE)
            return str(answer)
        except slixmpp.exceptions.IqError as e:
            return str(e.iq)


class Server:
    """A server of our own: takes one component at a time, and then does what the test says."""

    def __init__(self):
        self.got = b""
        self.streams = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.opened = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.tasks = []
        return self

    async def __aexit__(self, *exc):
        self.server.close()
        for t in self.tasks:
            t.cancel()

    async def serve(self, reader, writer):
        self.tasks.append(asyncio.current_task())
        self.opened += 1
        head = await reader.readuntil(b">")
        if b"<?xml" in head:
            head += await reader.readuntil(b">")
        writer.write(b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                     b"xmlns:stream='http://etherx.jabber.org/streams' id='abc' from='corp.example'>")
        hand = await reader.readuntil(b"</handshake>")
        assert hashlib.sha1(b"abcsecret").hexdigest().encode() in hand, hand
        writer.write(b"<handshake/>")
        await self.streams.put((reader, writer))
        while True:
            await self.reading.wait()
            data = await reader.read(65536)
            if not data:
                break
            self.got += data
            if data.endswith(b"</stream:stream>\n"):
                break
        writer.write(b"</stream:stream>")
        writer.close()

    async def stream(self):
        return (await asyncio.wait_for(self.streams.get(), PATIENCE))[1]

    async def wait(self, octets):
        for _ in range(PATIENCE * 50):
            if octets in self.got:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the server never got %r but %r" % (octets, self.got[-300:]))


def presence(body="", attributes="", sender="romeo@xmpp.example/orchard", to="alice@corp.example"):
    return "<presence from='%s' to='%s'%s>%s</presence>" % (sender, to, attributes, body)


# ---- with Prosody ----


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


async def story_what_is_shown_of_what_somebody_does():
    """A call is told once to whose client wants it, and taken back when it is over; asked for, it is answered."""
    async with Prosody() as prosody, Adapter(prosody.port) as a:
        await a.wait("^up 1")
        async with Client(prosody, wants=[ACTIVITY]) as romeo, Client(prosody, "balcony", wants=[]) as deaf:
            does = "does romeo@xmpp.example alice@corp.example"
            for client in (romeo, deaf):
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
            for _ in range(2):
                a.order(does)
            await romeo.wait("<activity xmlns=\"%s\" */>" % ACTIVITY)
            for to in ("alice@corp.example", "nobody@corp.example"):
                assert await item(romeo, to, ACTIVITY) == "item-not-found", to
            for client in (romeo, deaf):
                client.send_message("alice@corp.example", "last", mtype="chat")
                await client.wait("<message[^>]*type=\"error\"")
            assert len([x for x in romeo.seen if ACTIVITY in x and "<message" in x]) == 3, romeo.seen
            assert not [x for x in deaf.seen if ACTIVITY in x and "<message" in x], deaf.seen


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
        await a.wait(said + "activity general=talking specific=on_the_phone$")
        await romeo["xep_0108"].publish_activity("working", text="at <&> length", timeout=PATIENCE)
        await a.wait(said + "activity general=working text=at <&> length$")
        await romeo["xep_0107"].publish_mood("happy", "so", timeout=PATIENCE)
        await a.wait(said + "mood mood=happy text=so$")
        await romeo["xep_0080"].publish_location(lat=45.44, locality="Verona", timeout=PATIENCE)
        await a.wait(said + "geoloc lat=45.44 locality=Verona$")
        a.process.kill()                            # what he says is known again when we come back
        await a.process.wait()
        async with Adapter(prosody.port) as again:
            await again.wait("^up 1")
            await romeo["xep_0115"].update_caps(broadcast=False)
            romeo.send_presence()
            await again.wait(said + "activity general=working text=at <&> length$")
            await again.wait(said + "geoloc lat=45.44 locality=Verona$")
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
            "activity text=x", "activity general=talking specific=in_real_life text=a text:de=b", "activity none"], a.lines
        assert b"<message" not in server.got, server.got


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


class Filling:
    """dave asks for his contacts, carol and romeo, at a server of our own that has granted us its rosters."""

    def __init__(self, server, stream):
        self.server, self.stream, self.answered = server, stream, set()
        stream.write(privilege("<perm access='roster' type='both'/>"))

    async def give(self, ID):
        self.stream.write(("<iq type='set' id='%s' from='dave@xmpp.example/phone' to='corp.example'><command node='%s' "
                           "xmlns='http://jabber.org/protocol/commands'/></iq>" % (ID, OWN + "contacts")).encode())
        await self.server.wait(b"id='%s'><command" % ID.encode())

    async def asked(self, kind):
        """The next request that was not answered: its id, and what is in it."""
        def found():
            return [x for x in re.findall(rb"<iq type='%s' from='corp.example' to='dave@xmpp.example' id='([^']+)'>"
                                          rb"<query xmlns='jabber:iq:roster'>(.*?)</query></iq>" % kind.encode(),
                                          self.server.got) if x[0] not in self.answered]
        for _ in range(PATIENCE * 50):
            if found():
                return [x.decode() for x in found()[0]]
            await asyncio.sleep(0.02)
        raise AssertionError("never asked: %s, but %r" % (kind, self.server.got[-300:]))

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


async def story_own_ping():
    """Two keep-alive periods with nothing to say: the server routes our ping back, and the stream stays."""
    async with Prosody() as prosody, Adapter(prosody.port, keep_alive=500, ping=1500) as a:
        await a.wait("^up 1")
        await asyncio.sleep(5)
        assert not a.find("^down"), a.lines


# ---- with a server of our own ----


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


async def main():
    failed = 0
    stories = [(n, f) for n, f in globals().items() if n.startswith("story_")]
    wanted = sys.argv[2:]
    for name, story in stories:
        if wanted and name[6:] not in wanted:
            continue
        started = asyncio.get_event_loop().time()
        try:
            await asyncio.wait_for(story(), 120)
            verdict = "ok"
        except Exception:
            traceback.print_exc()
            verdict, failed = "FAILED", failed + 1
        print("%-28s %s  %.1f s" % (name[6:], verdict, asyncio.get_event_loop().time() - started), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
