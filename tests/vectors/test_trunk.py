#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""People of ours, and people behind a peer that says what it is told to."""

import unittest

from trunk_stage import JULIET, LIMIT, ROMEO, Vectors, Watching, pidf, unique
from peers.simple import CALLS, Dialog

ALICE, NOBODY = "alice@corp.example", "nobody@corp.example"


class Home(Vectors):
    """alice lives here."""

    def setUp(self):
        super().setUp()
        self.alice = self.phone(ALICE)

    def watches(self, whom=ALICE, by=ROMEO):
        """He begins to; returns his dialog, and the first document. Until his wish is stored he is pending, and
        nobody is said to be away before the link has settled."""
        watching, request = Watching(self.trunk, whom, by), None
        self.assertEqual(watching.subscribe().code, 200)
        while not request or not request.body:
            request = self.request("NOTIFY")
        self.assertIn("active", request.get("Subscription-State"))
        return watching, pidf.read(request.get("Content-Type"), request.body)


class Fetch(Home):
    """RFC 6665 4.4.3: to look once is no wish to watch, grants nothing, and tells who may not what he may not know."""

    def fetch(self, whom, by=ROMEO):
        """What he is told: the body of the only notification."""
        self.assertEqual(Watching(self.trunk, whom, by).subscribe(0).code, 200)
        request = self.request("NOTIFY")
        self.assertEqual(request.get("Subscription-State"), "terminated;reason=timeout")
        return request.body

    def leaves_nothing(self):
        """And she is asked nothing: who waits for her word is a watch of hers."""
        self.assertEqual(self.mirror_of(ALICE)["watchers"], [])

    def test_what_he_may_see(self):
        self.alice.says()
        told = pidf.read(pidf.TYPE, self.fetch(ALICE))
        self.assertEqual((told.entity, told.basic), ("sip:" + ALICE, pidf.OPEN))
        self.leaves_nothing()

    def test_of_whom_there_is_not(self):
        self.assertEqual(self.fetch(NOBODY), "")

    def test_what_a_watcher_is_shown(self):
        """He is told what his dialog says, and keeps it."""
        self.alice.says()
        watching, told = self.watches()
        self.assertEqual(told.basic, pidf.OPEN)
        self.assertEqual(pidf.read(pidf.TYPE, self.fetch(ALICE)).basic, pidf.OPEN)
        self.assertEqual([each["watcher"] for each in self.mirror_of(ALICE)["watchers"]], [ROMEO])
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("active")


class NotLetIn:
    """For whom nobody has named there is nobody."""

    def test_what_he_may_see(self):
        self.alice.says()
        self.assertEqual(self.fetch(ALICE), "")
        self.leaves_nothing()


class Cloud:
    """A whole class of them is blocked."""

    trust, policy, settle = "publicCloud", "approve: { publicCloud: auto }", "100ms"


class Blocked(NotLetIn, Cloud, Fetch):

    def test_what_a_watcher_is_shown(self):
        """What looks as if she had gone home."""
        self.alice.says()
        _, told = self.watches()
        self.assertEqual(told.basic, pidf.CLOSED)
        self.assertEqual(pidf.read(pidf.TYPE, self.fetch(ALICE)).basic, pidf.CLOSED)


class NotAsked(NotLetIn, Fetch):
    """She lets nobody in whom she has not named."""

    policy = "approve: { federated: explicit }"

    def test_what_a_watcher_is_shown(self):
        self.alice.says()
        watching = Watching(self.trunk, ALICE)
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)
        self.assertEqual(self.fetch(ALICE), "")
        self.assertEqual(watching.subscribe().code, 200)
        self.notified("pending", document=False)


class Hidden(NotLetIn, Fetch):
    """Who is a user nobody finds out by asking."""

    policy = "hide-users: on"


class Phones(Home):

    def test_nobody(self):
        """Who is told that there is nobody has no subscription any more."""
        for event in "presence", "dialog":
            watch = self.alice.subscribe(NOBODY, event=event, accept=(pidf.TYPE, CALLS))
            watch.until(lambda: watch.reason == "noresource", "that there is nobody")
            self.assertEqual(watch.ask(3600).code, 481)


class Refused(Home):
    """A publication that is not taken leaves the one before as it was, for the next process, too."""

    trust, limits = "sameEnterprise", ", queue: 1"

    def register_and_publish(self, tag, document):
        """In one breath, so that the second finds the queue full. Returns the answer to that."""
        line, via = self.alice.socket, ("Via", "SIP/2.0/TCP 127.0.0.1:9;branch=" + unique("z9hG4bK"))
        again = self.alice.registration.headers("REGISTER") + [via, ("Expires", "3600")]
        modify = Dialog(self.alice, self.alice.uri).headers("PUBLISH") + [
            via, ("Event", "presence"), ("Expires", "3600"), ("SIP-If-Match", tag), ("Content-Type", pidf.TYPE)]
        line.raw(line.text("REGISTER sip:corp.example SIP/2.0", again) +
                 line.text("PUBLISH %s SIP/2.0" % self.alice.uri, modify, document))
        call = dict(modify)["Call-ID"]

        def answers():
            return [each for each in line.received if each.code and each.get("Call-ID") == call]
        with line.changed:
            self.assertTrue(line.changed.wait_for(answers, LIMIT))
        return answers()[0]

    def test_refused(self):
        self.alice = self.phone(ALICE, "tcp")
        tag, code = self.alice.says(note="stands"), 200
        while code == 200:          # until both come in one turn
            answer = self.register_and_publish(tag, pidf.write(self.alice.uri, note="refused"))
            code = answer.code
            if code == 200:
                tag = self.alice.says(answer.get("SIP-ETag"), note="stands")
        self.assertEqual(code, 503)
        self.assertEqual(self.alice.publish(etag=tag).code, 200)
        self.await_kept()
        self.daemon.kill()
        self.start_daemon()
        self.assertEqual(self.watches()[1].notes, {"": "stands"})


class Wire(Vectors):
    """What a message has to have, and what we say of ourselves."""

    def headers(self, method, whom, **changes):
        headers = {"From": "<sip:%s>;tag=%s" % (ROMEO, unique("f")), "To": "<sip:%s>" % whom,
                   "Call-ID": unique("c"), "CSeq": "1 " + method, "Contact": "<sip:%s>" % self.trunk.contact,
                   "Event": "presence"}
        headers.update({key.replace("_", "-"): value for key, value in changes.items()})
        return [(key, value) for key, value in headers.items() if value]

    def ask(self, method, whom=JULIET, **changes):
        return self.trunk.ask(method, "sip:" + whom, self.headers(method, whom, **changes))

    def test_contact(self):
        for contact in "", "*", "<tel:+1>":
            answer = self.ask("SUBSCRIBE", Contact=contact)
            self.assertEqual(answer.code, 400, contact)
            self.assertIn("Contact", answer.get("Warning"))
        phone = self.phone(ALICE)
        answer = phone.socket.ask("SUBSCRIBE", "sip:" + ALICE, [
            *self.headers("SUBSCRIBE", ALICE, From="<sip:%s>;tag=f" % ALICE, Contact="")])
        self.assertEqual(answer.code, 400)
        self.assertEqual(self.ask("SUBSCRIBE").code, 200)
        self.notified("pending", document=False)

    def test_contact_that_leads_nowhere(self):
        """In a dialog it moves nothing."""
        watching = Watching(self.trunk)
        watching.subscribe()
        self.notified("pending", document=False)
        answer = self.ask("SUBSCRIBE", Call_ID=watching.call_id, CSeq="7 SUBSCRIBE", Contact="*",
                          From="<sip:%s>;tag=%s" % (ROMEO, watching.tag),
                          To="<sip:%s>;tag=%s" % (JULIET, watching.their_tag))
        self.assertEqual(answer.code, 200)
        told, _ = self.notified("pending", document=False)
        self.assertEqual(told.start, "NOTIFY sip:%s SIP/2.0" % self.trunk.contact)

    def test_require(self):
        """All that is not known, and nothing that is."""
        answer = self.ask("SUBSCRIBE", Require="teleport, eventlist, 100rel")
        self.assertEqual(answer.code, 420)
        self.assertEqual([each.strip() for each in answer.get("Unsupported").split(",")], ["teleport", "100rel"])
        offered = [each.strip() for each in self.ask("OPTIONS").get("Supported").split(",")]
        self.assertIn("eventlist", offered)
        self.assertEqual(self.ask("OPTIONS", Require=", ".join(offered)).code, 200)

    def test_options(self):
        """A peer is told what a peer has, a client what a client has."""
        told = self.ask("OPTIONS")
        self.assertEqual((told.code, told.get("Allow-Events"), told.get("Accept")),
                         (200, "presence,dialog", pidf.TYPE + ", " + CALLS))
        for method in told.get("Allow").split(","):
            self.assertNotIn(self.ask(method.strip(), NOBODY).code, (405, 501), method)
        told = self.phone(ALICE).asks_for_options()
        self.assertTrue({"presence", "dialog", "vnd-microsoft-roaming-contacts"} <= set(
            told.get("Allow-Events").split(",")))
        self.assertTrue({pidf.TYPE, "application/SOAP+xml"} <= {
            each.strip() for each in told.get("Accept").split(",")})


class Again(Wire):
    """Of answers to datagrams so many are kept, for who asks again since he did not get his."""

    sip = "\n  limits: { answers: 2 }"

    def tags(self):
        """What two copies of one datagram are answered with: as many as it was taken for."""
        mark = unique("z9hG4bK")
        via = "Via", "SIP/2.0/UDP %s:%d;branch=%s;rport" % (*self.trunk.name, mark)
        data = self.trunk.text("OPTIONS sip:%s SIP/2.0" % JULIET, [via, *self.headers("OPTIONS", JULIET)])
        answers = self.trunk.waiting[mark] = []
        for n in 1, 2:
            self.trunk.raw(data)
            with self.trunk.changed:
                self.assertTrue(self.trunk.changed.wait_for(lambda n=n: len(answers) == n, LIMIT))
        return {answer.tag for answer in answers}

    def test_again(self):
        self.assertEqual([len(self.tags()) for _ in range(4)], [1, 1, 2, 2])


class Published(Vectors):
    """The peer is a presence server, which is told by PUBLISH."""

    whom, settle = JULIET, "100ms"

    def published(self):
        """The next PUBLISH, of him: for how long, of which entity tag, and what."""
        request = self.request("PUBLISH")
        self.assertEqual(request.start, "PUBLISH sip:%s SIP/2.0" % self.whom)
        return int(request.get("Expires")), request.get("SIP-If-Match"), pidf.read(
            request.get("Content-Type"), request.body)

    def tags(self, tag):
        self.trunk.answers["PUBLISH"] = 200, [("SIP-ETag", tag)]


class Named(Published):
    """By the configuration: he is asked for his consent when there is somebody to be asked."""

    whom, peer = ALICE, ", publish: [%s]" % ALICE

    def test_who_becomes_a_user(self):
        self.tags("one")
        self.phone(ALICE).says()
        while self.published()[2].basic != pidf.OPEN:
            pass

    def test_who_is_one_again(self):
        self.tags("one")
        self.command("user", "add", ALICE)
        self.assertEqual(self.published()[1], "")
        self.tags("two")
        self.command("user", "del", ALICE)
        self.assertEqual(self.published(), (0, "one", None))
        self.tags("three")
        self.command("user", "add", ALICE)
        self.assertEqual(self.published()[1], "")


class Directed(Published):

    peer = ", publish-directed: on"

    def says(self, resource, kind=""):
        self.server.presence(kind, "%s/%s" % (JULIET, resource))

    def test_taken_back(self):
        """With the last resource that has said something to anybody there."""
        self.tags("one")
        self.says("chamber")
        expires, of, told = self.published()
        self.assertEqual((expires > 0, of, told.basic), (True, "", pidf.OPEN))
        self.says("chamber", "unavailable")
        self.assertEqual(self.published(), (0, "one", None))
        self.nothing_on_the_stream()
        self.tags("two")
        self.says("chamber")
        self.assertEqual(self.published()[1], "")

    def killed(self):
        """She has said something; nobody took it back."""
        self.tags("one")
        self.says("chamber")
        self.assertEqual(self.published()[1], "")
        self.await_kept()
        self.daemon.kill()
        self.server.ready.clear()
        self.start_daemon()

    def test_killed(self):
        """What she does not say again is taken back."""
        self.killed()
        self.assertEqual(self.published(), (0, "one", None))
        self.nothing_on_the_trunk()


class DirectedAndHidden(Directed):
    """Users here are; she is none."""

    policy = "hide-users: on"

    test_taken_back = None


class SaidAgain(Directed):
    """There is time to."""

    settle = "10m"

    def test_killed(self):
        self.killed()
        self.assertTrue(self.server.ready.wait(LIMIT))
        self.says("chamber")
        expires, of, told = self.published()
        self.assertEqual((expires > 0, of, told.basic), (True, "one", pidf.OPEN))

    test_taken_back = None


if __name__ == "__main__":
    unittest.main()
