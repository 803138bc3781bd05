#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where ejabberd is not like Prosody: what docs/xmpp-servers.md says of it."""

import os
import re
import unittest

import yaml

os.environ["HG_XMPP_SERVER"] = "ejabberd"       # before the stage is set

import here  # noqa: E402
from stage import token  # noqa: E402
from test_durable import shown  # noqa: E402
from test_relationships import Relationships  # noqa: E402

PAGE = os.path.join(here.SOURCE_DIR, "docs", "xmpp-servers.md")


class Different(Relationships):

    def test_block(self):
        """romeo blocks alice: she is not told, and hears nothing more of him; a new connection finds
        him offline, and what he says once she is unblocked is seen."""
        self.make_contact(self.romeo)
        self.carol.add(self.romeo)
        self.expect(self.romeo.is_asked_by(self.carol))
        self.romeo.accept(self.carol)
        self.expect(self.carol.sees(self.romeo, "available"))
        self.turn_pages()
        self.romeo.block(self.alice)
        self.romeo.set_presence("dnd", self.note)
        self.expect(self.carol.sees(self.romeo, "busy", self.note), self.alice.never_sees(self.note))
        self.assertEqual(shown(self.alice, self.romeo), [])
        self.restart()
        self.expect(self.carol.sees(self.romeo, "busy", self.note))
        self.alice.look_again()
        self.expect(self.alice.sees(self.romeo, "offline"))
        self.turn_pages()
        self.romeo.unblock(self.alice)
        words = "here again " + token()
        self.romeo.set_presence("away", words)
        self.expect(self.alice.sees(self.romeo, "away", words))

    def test_request_while_away(self):
        """What romeo asks while Heliograph is down it never hears, also when he signs on again; that
        juliet, who was let in before, sees what alice says later shows that there was time to."""
        self.juliet.subscribe(self.alice)
        self.expect(self.juliet.sees(self.alice, "available"))
        self.stage.heliograph.kill()
        for client in self.stage.lync_clients:
            client.await_lost(60)
        self.romeo.subscribe(self.alice)
        self.expect(self.romeo.has_request(self.alice))
        self.stage.heliograph.start()
        for client in self.stage.lync_clients:
            client.connect()
        for status, show in (("busy", "dnd"), ("away", "away")):
            self.alice.await_ready()
            self.alice.set_status(status)
            self.expect(self.juliet.sees(self.alice, show))
            self.romeo.look_again()
        self.assertEqual(self.alice.prompts(self.romeo), [])
        self.romeo.subscribe(self.alice)
        self.expect(self.alice.is_told_of(self.romeo), self.romeo.sees(self.alice, "away"))

    def test_page(self):
        """What the page shows of ejabberd's configuration is what has been played with here."""
        with open(PAGE, encoding="utf-8") as page:
            shown_there, = yaml.safe_load(re.search(r"(?s)```yaml\n(.*?)```", page.read())[1])["listen"]
        server = self.stage.server
        played, = [each for each in server.settings()["listen"] if each["module"] == "ejabberd_service"]
        self.assertEqual({**shown_there, "port": server.component_port,
                          "hosts": {"corp.example": {"password": server.secret}}}, played)
        self.assertEqual(list(shown_there["hosts"]), ["corp.example"])


if __name__ == "__main__":
    unittest.main()
