#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Stories of the SIP adapter with a core made up by test_sip.c: sip_contract.py PROGRAM."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from sip_wire import (BATCH, LIST, PRESENTITY, PROVISIONING, PUBLISH, SELF, SOAP, Client, ace, adhoc, batch,
                      presence, publish, soap, state)

ROMEO, MAYBE = "sip:romeo@corp.example", "sip:maybe@corp.example"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """The program with its own core; what it says is kept in `lines`."""

    def __init__(self, program, folder=None):
        self.port, self.tls_port = free_port(), free_port()
        arguments = [program, str(self.port)] + ([folder, str(self.tls_port)] if folder else [])
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.lines, self.changed = [], threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()
        self.wait("ready")

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.changed.notify_all()
        with self.changed:
            self.lines.append("(end)")
            self.changed.notify_all()

    def wait(self, text, after=0, timeout=20):
        with self.changed:
            found = self.changed.wait_for(
                lambda: any(text in l for l in self.lines[after:]) or "(end)" in self.lines, timeout)
            assert found and any(text in l for l in self.lines[after:]), \
                "no %r from the adapter, but %r" % (text, self.lines[after:])

    def order(self, text):
        with self.changed:
            before = len(self.lines)
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        self.wait("done " + text.split()[0], before)

    def client(self, user="alice@corp.example", **options):
        client = Client("127.0.0.1", self.port, user, **options)
        assert client.register().code == 200
        return client

    def old_client(self, user="alice@corp.example"):
        """One from before categories."""
        client = Client("127.0.0.1", self.port, user)
        assert client.register(offers=None).code == 200
        return client

    def stop(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        if self.process.wait(60):
            print("\n".join(self.lines[-200:]))
            raise SystemExit("the adapter ended with %d" % self.process.returncode)


def test_register(server):
    c = Client("127.0.0.1", server.port)
    answer = c.register()
    assert answer.code == 200
    assert answer.all("Expires") == ["7200"]
    # Each in a line of its own, and no blanks: pidgin-sipe compares whole lines.
    assert answer.all("Supported") == ["gruu-10", "adhoclist", "msrtc-event-categories"]
    assert " " not in answer.get("Allow-Events") and "presence" in answer.get("Allow-Events").split(",")
    assert 'gruu="%s;opaque=user:epid:%s;gruu"' % (c.uri, c.epid) in answer.get("Contact")
    assert answer.get("presence-state") == 'register-action="added"'
    assert "timeout=300" in answer.get("ms-keep-alive")
    assert answer.tag
    again = c.register(600)
    assert again.all("Expires") == ["600"]
    assert again.get("presence-state") == 'register-action="refreshed"'
    server.wait("request register alice@corp.example instance=%s expires=600" % c.epid)
    out = c.register(0)
    assert out.code == 200 and out.get("Expires") == "0"
    assert c.ask("SERVICE").code == 403
    assert c.register().code == 200


def test_refused_registration(server):
    c = Client("127.0.0.1", server.port, "denied@corp.example")
    answer = c.register()
    assert answer.code == 403 and "as the test wants it" in answer.get("Warning")
    assert c.ask("SERVICE").code == 403
    # The connection is free again for another.
    c.user, c.uri = "alice@corp.example", "sip:alice@corp.example"
    assert c.register().code == 200


def test_instance_from_contact(server):
    c = Client("127.0.0.1", server.port)
    answer = c.ask("REGISTER", "sip:corp.example", From="<%s>;tag=1" % c.uri,
                   Contact='<sip:1.2.3.4>;+sip.instance="<urn:uuid:b7878522-d7fe>"')
    assert answer.code == 200
    assert '+sip.instance="<urn:uuid:b7878522-d7fe>"' in answer.get("Contact")
    server.wait("instance=b7878522-d7fe ")


def test_own_subscriptions(server):
    c = server.client()
    answer = c.subscribe("vnd-microsoft-roaming-contacts")
    assert answer.code == 200 and "<contactList deltaNum=" in answer.body
    assert answer.get("ms-piggyback-cseq") == "1"
    assert answer.get("Subscription-State") == "active;expires=3600" and answer.get("Expires") == "3600"
    assert answer.get("Event") == "vnd-microsoft-roaming-contacts"
    assert re.match(r"<sip:127.0.0.1:%d;transport=tcp>" % server.port, answer.get("Contact"))
    answer = c.subscribe("vnd-microsoft-provisioning-v2", Expires="0")
    assert answer.get("Subscription-State") == "terminated;expires=0" and "provisionGroupList" in answer.body
    answer = c.subscribe("vnd-microsoft-roaming-self", kind=SELF, body=(
        '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">'
        '<roaming type="categories"/><roaming type="containers"/><roaming type="subscribers"/></roamingList>'))
    assert answer.code == 200
    for element in ("<roamingData", "<categories", "<containers", "<subscribers"):
        assert element in answer.body, element


def watch(c, *resources, **changes):
    return c.subscribe("presence", batch(c.uri, *resources), BATCH, **changes)


def test_batch_and_benotify(server):
    c = server.client()
    headers = {"From": "<%s>;tag=me;epid=%s" % (c.uri, c.epid), "Call-ID": "batch-%d" % c.name[1]}
    answer = watch(c, ROMEO, From=headers["From"], Call_ID=headers["Call-ID"])
    assert answer.code == 200 and answer.get("Content-Type").startswith("multipart/related")
    assert "application/rlmi+xml" in answer.get("Content-Type")
    assert "eventlist" in answer.get("Require")
    assert 'uri="%s"' % ROMEO in answer.body and "<availability>18500</availability>" in answer.body
    # libpurple cuts four octets off each part: an empty line must stand before each delimiter.
    boundary = re.search(r"boundary=\"?([^;\"]+)", answer.get("Content-Type")).group(1)
    assert all(part.endswith("\r\n\r\n") for part in answer.body.split("--" + boundary)[1:-1])
    for number, availability in ((2, 6500), (3, 3500)):
        server.order("state %s %d" % (ROMEO, availability))
        note = c.notification()
        assert note.start.startswith("BENOTIFY sip:%s:%d" % c.name), note.start
        assert note.get("CSeq") == "%d BENOTIFY" % number
        assert note.get("Call-ID") == headers["Call-ID"]
        assert note.get("To").endswith(";tag=me;epid=%s" % c.epid) and ";tag=" + answer.tag in note.get("From")
        assert note.get("Event") == "presence" and note.get("Require") == "eventlist"
        assert re.match(r"active;expires=\d+$", note.get("Subscription-State"))
        assert note.get("Content-Type") == "application/msrtc-event-categories+xml"
        assert "<availability>%d</availability>" % availability in note.body
    # A later SUBSCRIBE of the dialog adds; romeo stays.
    tag = "<%s>;tag=%s" % (c.uri, answer.tag)
    more = watch(c, '<resource uri="sip:erin@corp.example"><context/></resource>', CSeq="2 SUBSCRIBE",
                 To=tag, From=headers["From"], Call_ID=headers["Call-ID"])
    assert more.code == 200 and "erin@corp.example" in more.body and "romeo" not in more.body
    assert more.get("ms-piggyback-cseq") == "4"
    server.wait("request watch alice@corp.example watched=erin@corp.example")
    server.order("state %s 9500" % ROMEO)
    assert "9500" in c.notification().body
    # A refresh gets documents again; one out of order is refused.
    again = watch(c, ROMEO, CSeq="3 SUBSCRIBE", To=tag, From=headers["From"], Call_ID=headers["Call-ID"])
    assert "<availability>9500</availability>" in again.body
    assert watch(c, ROMEO, CSeq="3 SUBSCRIBE", To=tag, From=headers["From"],
                 Call_ID=headers["Call-ID"]).code == 500
    # One is taken away by name; then all end.
    gone = c.subscribe("presence", batch(c.uri, ROMEO, action="unsubscribe"), BATCH, CSeq="4 SUBSCRIBE",
                       To=tag, From=headers["From"], Call_ID=headers["Call-ID"])
    assert gone.code == 200
    server.order("state %s 6500" % ROMEO)
    server.order("state sip:erin@corp.example 6500")
    assert "erin" in c.notification().body
    end = c.subscribe("presence", CSeq="5 SUBSCRIBE", Expires="0", To=tag, From=headers["From"],
                      Call_ID=headers["Call-ID"])
    assert end.code == 200 and end.get("Subscription-State") == "terminated;expires=0"
    server.order("state sip:erin@corp.example 3500")
    assert c.notification(0.3) is None
    assert watch(c, ROMEO, CSeq="6 SUBSCRIBE", To=tag, From=headers["From"],
                 Call_ID=headers["Call-ID"]).code == 481


def test_standings(server):
    c = server.client()
    server.order("maybe pending")
    answer = watch(c, MAYBE, "sip:nobody@corp.example")
    assert re.search(r'%s"[^/]*><instance id="\w+" state="pending"' % MAYBE, answer.body)
    assert 'state="terminated"' in answer.body and 'reason="noresource"' in answer.body
    assert "<categories" not in answer.body
    server.order("maybe known")
    assert "<availability>18500</availability>" in c.notification().body
    server.order("state %s 6500" % MAYBE)
    assert "<availability>6500</availability>" in c.notification().body
    # Consent is taken back: what is on the screen must go.
    server.order("maybe pending")
    note = c.notification()
    assert 'state="pending"' in note.body and "<availability>0</availability>" in note.body
    # By itself, in a dialog of its own: 404 for nobody, no document while pending.
    single = watch(c, "sip:nobody@corp.example", uri="sip:nobody@corp.example", To="<sip:nobody@corp.example>")
    assert single.code == 404
    single = watch(c, MAYBE, uri=MAYBE, To="<%s>" % MAYBE)
    assert single.code == 200 and not single.body
    single = watch(c, ROMEO, uri=ROMEO, To="<%s>" % ROMEO)
    assert single.get("Content-Type") == "application/msrtc-event-categories+xml"


def test_without_extensions(server):
    """Neither piggyback nor BENOTIFY asked for: NOTIFY, which is answered."""
    c = server.client()
    answer = c.ask("SUBSCRIBE", body=batch(c.uri, ROMEO), Event="presence", Content_Type=BATCH)
    assert answer.code == 200 and not answer.body and not answer.get("ms-piggyback-cseq")
    note = c.notification()
    assert note.start.startswith("NOTIFY ") and note.get("CSeq") == "1 NOTIFY" and note.get("Contact")
    reply = "SIP/2.0 481 Gone\r\n" + "".join(
        "%s: %s\r\n" % (name, note.get(name)) for name in ("Via", "From", "To", "Call-ID", "CSeq"))
    with server.changed:
        before = len(server.lines)
    c.raw((reply + "Content-Length: 0\r\n\r\n").encode())
    server.wait("outlet-shut", before)


def test_publish(server):
    c, other = server.client("pat@corp.example"), server.client("pat@corp.example")
    answer = c.service(PUBLISH, publish(c.uri, state(), state(container=3)))
    assert answer.code == 200 and answer.get("Content-Type") == SELF
    assert answer.body.count('version="1"') == 2 and "<roamingData" in answer.body
    fault = other.service(PUBLISH, publish(c.uri, state()))
    assert fault.code == 409 and fault.get("Content-Type") == "application/msrtc-fault+xml"
    assert 'index="1"' in fault.body and 'curVersion="1"' in fault.body


def test_contacts(server):
    c = server.client()
    delta = int(re.search(r'deltaNum="(\d+)"', c.subscribe("vnd-microsoft-roaming-contacts").body).group(1))
    add = "<m:addGroup><m:name>F</m:name><m:externalURI/><m:deltaNum>%d</m:deltaNum></m:addGroup>"
    answer = c.service(SOAP, soap(add % delta))
    assert answer.code == 200 and "groupID>3<" in answer.body
    assert 'deltaNum="%d"' % (delta + 1) in c.notification().body
    # After a refusal the client is told the true number.
    assert c.service(SOAP, soap(add % 77)).code == 409
    assert 'deltaNum="%d"' % (delta + 1) in c.notification().body


def test_store_fails(server):
    c = server.client("sam@corp.example")
    server.order("fail")
    answer = c.service(PUBLISH, publish(c.uri, state()))
    server.order("mend")
    assert answer.code == 503 and answer.get("Retry-After") == "5"
    assert c.service(PUBLISH, publish(c.uri, state())).code == 200


def test_many_waiting(server):
    """Requests that wait are limited; those of a lost connection are dropped."""
    c = server.client("wim@corp.example")
    server.order("mute")
    asked = [c.send("SERVICE", body=publish(c.uri, state()), Content_Type=PUBLISH)["Call-ID"]
             for _ in range(17)]
    assert c.response(asked[16]).code == 503
    with server.changed:
        before = len(server.lines)
    c.close()
    server.wait("lane-close", before)
    server.order("unmute")
    assert server.client().ask("FOO").code == 501


def test_limits(server):
    c = server.client()
    answer = watch(c, *["sip:u%d@corp.example" % i for i in range(1001)])
    assert answer.code == 413
    answers = [watch(c, ROMEO) for _ in range(17)]
    assert [a.code for a in answers] == [200] * 16 + [503]


def test_expiry(server):
    c = server.client()
    with server.changed:
        before = len(server.lines)
    watch(c, ROMEO, Expires="1")
    note = c.notification()
    assert note.get("Subscription-State") == "terminated;reason=timeout" and not note.body
    server.wait("outlet-shut", before)


def test_extended(server):
    """Who has asked for that need not come again while he is registered."""
    c = server.client()
    answer = c.ask("SUBSCRIBE", body=batch(c.uri, ROMEO), Event="presence", Content_Type=BATCH, Expires="1",
                   lines=("Supported: ms-benotify", "Supported: ms-piggyback-first-notify",
                          "Supported: com.microsoft.autoextend"))
    assert answer.code == 200 and "com.microsoft.autoextend" in answer.all("Supported")
    assert c.notification(2.5) is None
    server.order("state %s 12500" % ROMEO)
    note = c.notification()
    assert "<availability>12500</availability>" in note.body
    assert re.match(r"active;expires=[01]$", note.get("Subscription-State"))


def test_ended_by_core(server):
    c = server.client()
    watch(c, ROMEO, MAYBE)
    server.order("end " + ROMEO)
    server.order("state %s 3500" % ROMEO)
    server.order("maybe refused")
    note = c.notification()
    assert "maybe" in note.body, "the rest of the dialog lives on"
    server.order("maybe pending")


def test_two_connections(server):
    """What one cannot see, and what the loss of one leaves alone."""
    a, b = server.client(), server.client("bob@corp.example")
    watch(a, ROMEO)
    watch(b, ROMEO)
    with server.changed:
        before = len(server.lines)
    a.close()
    server.wait("lane-close", before)
    server.order("state %s 12500" % ROMEO)
    assert "12500" in b.notification().body
    # The dialog of another connection is nobody's.
    answer = watch(b, ROMEO)
    c = server.client("bob@corp.example")
    assert watch(c, ROMEO, To="<%s>;tag=%s" % (c.uri, answer.tag), Call_ID=answer.get("Call-ID"),
                 From=answer.get("From"), CSeq="2 SUBSCRIBE").code == 481


def leaves(server, tls=False, told=False):
    """A client signs out and is gone at once, before it has read what it was sent, and the server finds all
    of that when it looks again. Has it to tell him something at that moment, it cannot."""
    c = Client("127.0.0.1", server.tls_port if tls else server.port, tls=tls)
    assert c.register().code == 200
    watch(c, ROMEO)
    with server.changed:
        before = len(server.lines)
    server.process.send_signal(signal.SIGSTOP)
    try:
        if told:
            server.process.stdin.write("state %s 3500\nstate %s 6500\n" % (ROMEO, ROMEO))
            server.process.stdin.flush()
        c.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        c.send("SUBSCRIBE", Event="presence", Expires="0")
        c.send("REGISTER", "sip:corp.example", Expires="0", Event="registration")
        c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()
    finally:
        server.process.send_signal(signal.SIGCONT)
    server.wait("request register alice@corp.example instance=%s expires=0" % c.epid, before)
    server.wait("lane-close", before)


def test_last_words(server):
    """What somebody said before his connection broke counts."""
    for tls in False, True:
        for told in False, True:
            leaves(server, tls, told)


def test_reader_that_stalls(server):
    """It is closed after ten seconds; nobody else waits for it."""
    slow, quick = server.client(), server.client("bob@corp.example")
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    names = ["sip:s%d@corp.example" % i for i in range(900)]
    with server.changed:
        before = len(server.lines)
    for number in range(14):
        slow.send("SUBSCRIBE", body=batch(slow.uri, *names), Event="presence", Content_Type=BATCH,
                  lines=("Supported: ms-benotify", "Supported: ms-piggyback-first-notify"))
    start = time.monotonic()
    assert quick.ask("FOO").code == 501 and time.monotonic() - start < 5
    server.wait("sip-closing why=stalled", before, 30)
    assert quick.ask("FOO").code == 501


def test_too_many_connections(server):
    extra = [Client("127.0.0.1", server.port) for _ in range(260)]
    refused = 0
    for c in extra:
        c.socket.settimeout(0.01)
        try:
            refused += c.socket.recv(1) == b""
        except (OSError, TimeoutError):
            pass
    assert refused >= 60, refused
    for c in extra:
        c.close()
    time.sleep(0.5)
    assert server.client().ask("FOO").code == 501


def test_tls(server):
    c = Client("127.0.0.1", server.tls_port, tls=True)
    assert c.register().code == 200
    answer = watch(c, ROMEO)
    assert answer.code == 200 and "transport=tls" in answer.get("Contact")
    server.order("state %s 15500" % ROMEO)
    assert "15500" in c.notification().body
    with socket.create_connection(("127.0.0.1", server.tls_port)) as plain:
        plain.sendall(b"REGISTER sip:corp.example SIP/2.0\r\n\r\n")
    assert c.ask("FOO").code == 501


def test_provisioning(server):
    """Each group that was asked for, once; the grammar is the core's."""
    c = server.client()
    ask = '<provisioningGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist">%s' \
        '</provisioningGroupList>'
    answer = c.subscribe("vnd-microsoft-provisioning-v2", Expires="0", kind=PROVISIONING, body=ask % "".join(
        '<provisioningGroup name="%s"/>' % name for name in ("ucPolicy", "publicationGrammar", "ucPolicy")))
    assert answer.code == 200 and answer.get("Content-Type") == PROVISIONING
    assert re.findall('<provisionGroup name="([^"]*)"', answer.body) == ["ucPolicy", "publicationGrammar"]
    assert re.findall('<publicationRule .*?/>', answer.body) == [
        '<publicationRule ruleType="transformation" categoryName="note" containerId="300"'
        ' preferredSelfConsumption="true"/>']


def test_2005_sign_on(server):
    """Who does not offer categories is not offered them; nor what goes with them."""
    c = Client("127.0.0.1", server.port)
    answer = c.register(offers="adhoclist")
    assert answer.code == 200 and answer.all("Supported") == ["gruu-10", "adhoclist"]
    assert answer.get("Allow-Events").split(",") == [
        "vnd-microsoft-roaming-contacts", "presence", "presence.wpending", "vnd-microsoft-roaming-ACL",
        "vnd-microsoft-provisioning", "dialog", "presence.winfo"]
    for event, kind, body in (
            ("presence.wpending", "text/xml+msrtc.wpending",
             '<watchers><watcher uri="sip:juliet@xmpp.example"/></watchers>'),
            ("vnd-microsoft-roaming-ACL", "application/vnd-microsoft-roaming-acls+xml",
             '<ACLlist deltaNum="1"><userACL></userACL></ACLlist>')):
        answer = c.subscribe(event, Accept=kind)
        assert (answer.code, answer.get("Content-Type"), answer.body) == (200, kind, body), answer
        assert answer.get("Event") == event and answer.get("ms-piggyback-cseq") == "1"
    answer = c.subscribe("vnd-microsoft-provisioning", Expires="0")
    assert answer.body == "<provisioning/>" and answer.get("Expires") == "0"
    assert "<contactList" in c.subscribe("vnd-microsoft-roaming-contacts").body


def document(availability, activity, states=""):
    return ('<availability aggregate="%d" description=""/><activity aggregate="%d" description=""/>'
            '<userInfo xmlns="http://schemas.microsoft.com/2002/09/sip/presence">%s'
            % (availability, activity, states))


def test_2005_watch(server):
    c, shy = server.old_client(), "sip:maybe-not@corp.example"
    server.order("state %s 12500" % ROMEO)
    answer = c.subscribe("presence", adhoc(c.uri, ROMEO, "sip:nobody@corp.example", "sip:@@"), LIST,
                         Accept="application/rlmi+xml, multipart/related, text/xml+msrtc.pidf")
    assert answer.code == 200 and answer.get("Content-Type").startswith("multipart/related")
    assert answer.body.count('reason="noresource"') == 2 and answer.body.count(PRESENTITY) == 1
    assert '<presentity uri="romeo@corp.example">' + document(300, 300) in answer.body
    server.order("state %s 9500" % ROMEO)
    note = c.notification()
    assert note.start.startswith("BENOTIFY") and note.get("Content-Type") == PRESENTITY
    assert document(300, 600, '<states xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><state avail="9500"') \
        in note.body
    # By himself, also one's own user; and whoever has not agreed is not shown.
    answer = c.subscribe("presence")
    assert answer.code == 200 and '<presentity uri="alice@corp.example">' in answer.body
    # ... of another it is the wish to see him, of which he is told.
    with server.changed:
        before = len(server.lines)
    answer = c.subscribe("presence", uri=ROMEO, To="<%s>" % ROMEO)
    assert answer.get("Content-Type") == PRESENTITY and document(300, 600) in answer.body
    server.wait("request watch alice@corp.example watched=romeo@corp.example", before)
    server.order("maybe pending")
    answer = c.subscribe("presence", adhoc(c.uri, shy), LIST)
    assert 'state="pending"' in answer.body and "<presentity" not in answer.body
    server.order("maybe known")
    assert document(0, 100) in c.notification().body


def test_2005_publish(server):
    c = server.old_client("lcs@corp.example")
    with server.changed:
        before = len(server.lines)
    answer = c.service(SOAP, soap(presence(c.uri, "back at noon", chosen=6500)))
    assert answer.code == 200 and answer.get("Content-Type") == SOAP
    assert answer.body.endswith("<m:setPresence></m:setPresence></s:Body></s:Envelope>")
    bits = int(c.epid[:8], 16) >> 4
    for line in ("state 2 0x3%07x endpoint 3500" % bits, "state 3 0x3%07x endpoint 3500" % bits,
                 "state 2 0x20000000 static 6500", "state 3 0x20000000 static 6500",
                 "note 300 0x00000000 static back at noon"):
        server.wait("  change " + line, before)
    # What is not said any more is taken back.
    c.service(SOAP, soap(presence(c.uri)))
    for line in ("state 2 0x20000000 static deleted", "note 300 0x00000000 static deleted"):
        server.wait("  change " + line, before)


def test_2005_block(server):
    c = server.old_client()
    with server.changed:
        before = len(server.lines)
    for rights, blocked in ("BD", 1), ("AA", 0):
        answer = c.service(SOAP, soap(ace(ROMEO, rights)))
        assert answer.code == 200 and answer.body.endswith(
            "<m:setACE><m:deltaNum>7</m:deltaNum></m:setACE></s:Body></s:Envelope>"), answer
        server.wait("request ace alice@corp.example watched=romeo@corp.example remove=%d" % blocked, before)


def test_bad_input(server):
    subprocess.run([sys.executable, os.path.join(HERE, "sip_bad_input.py"), "127.0.0.1", str(server.port)],
                   check=True, timeout=300)


def main():
    wanted = sys.argv[2:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pem = os.path.join(folder, "agent.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", pem, "-out", pem + ".c"],
                       check=True, stderr=subprocess.DEVNULL)
        with open(pem, "a") as whole, open(pem + ".c") as certificate:
            whole.write(certificate.read())
        server = Server(sys.argv[1], folder)
        for name, story in list(globals().items()):
            if not name.startswith("test_") or wanted and name not in wanted:
                continue
            start = time.monotonic()
            try:
                story(server)
                print("ok   %-32s %.1f s" % (name, time.monotonic() - start), flush=True)
            except Exception as error:
                failed += 1
                print("BAD  %s: %s: %s" % (name, type(error).__name__, error), flush=True)
                traceback.print_exc()
        server.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
