#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whom alice blocks is blocked by her account elsewhere, and the other way round, where its server lets us (XEP-0191 by
XEP-0356)."""

import os
import pathlib
import time
import unittest

import here  # noqa: F401
import test_links
from stage import SIP_DOMAIN, Stage
from test_relationships import LIMIT

LIST = "<blocklist xmlns='urn:xmpp:blocking'/>"
ITEM = "{urn:xmpp:blocking}item"
ROMEO, TYBALT, NURSE = "romeo@xmpp.example", "tybalt@xmpp.example", "nurse@xmpp.example"


class Person:
    """Somebody who need not be there."""

    def __init__(self, address):
        self.address, self.name = address, address


class Granted(Stage):

    def start(self):
        self.server.grant_block_lists(SIP_DOMAIN)
        super().start()


@unittest.skipIf(os.environ.get("HG_XMPP_SERVER") == "ejabberd", "ejabberd 23.01 has no such privilege")
class BlockLists(test_links.Linking):

    stage_class = Granted

    def setUp(self):
        super().setUp()
        self.make_contact(self.romeo)

    def blocked_here(self):
        containers = self.stage.heliograph.mirror_of(self.alice)["containers"]
        return {member["value"] for container in containers if container["id"] == 32000
                for member in container["members"] if member["type"] == "user"}

    def blocked_there(self, account=None):
        account = account or self.juliet
        return {item.get("jid") for item in account.ask(account.address, LIST).iter(ITEM)}

    def blocks(self, client, *addresses):
        for address in addresses:
            client.block(Person(address))

    def blocks_here(self, address):
        """Somebody who is no contact of alice's, whom her client does not block."""
        self.stage.heliograph.command("relationship", "--set", "blocked", address, self.alice.address)

    def unblocks(self, client, *addresses):
        for address in addresses:
            client.unblock(Person(address))

    def until(self, look, right):
        """Until what is seen is right."""
        end = time.monotonic() + LIMIT
        while not right(now := look()):
            self.assertLess(time.monotonic(), end, "it stays %s" % (now,))
            time.sleep(0.1)

    def blocked(self):
        return self.blocked_here(), self.blocked_there()

    def await_blocked(self, here, there=None):
        """Both lists hold exactly these."""
        wanted = set(here), set(here if there is None else there)
        self.until(self.blocked, lambda now: now == wanted)

    def await_list(self, account, *addresses):
        self.until(lambda: self.blocked_there(account), lambda now: now == set(addresses))

    def here_again(self):
        """She leaves there and comes again, for somebody who does not look by himself."""
        self.juliet.look_again()


class Both(BlockLists):

    config = "limits: { settle: 1s, reprobe: 0 }\n"

    def test_from_here(self):
        self.link_juliet()
        self.alice.block(self.romeo)
        self.await_blocked(here=[ROMEO])
        self.assertTrue(self.stage.server.heard("hg-block"))
        self.alice.unblock(self.romeo)
        self.await_blocked(here=[])

    def test_from_there(self):
        """What she does there counts when a client of hers comes; romeo is shown no more of her for it."""
        self.link_juliet()
        self.turn_pages()
        self.blocks(self.juliet, ROMEO, TYBALT)     # perhaps before the list is asked for because she was linked
        self.here_again()
        self.await_blocked(here=[ROMEO, TYBALT])
        self.expect(self.romeo.sees(self.alice, "unavailable"))
        self.turn_pages()
        self.unblocks(self.juliet, ROMEO)
        self.here_again()
        self.await_blocked(here=[TYBALT])
        self.expect(self.romeo.sees(self.alice, "available"))

    def test_taken_back_here(self):
        """What came from there she takes back here: it goes there, too."""
        self.link_juliet()
        self.blocks(self.juliet, ROMEO)
        self.here_again()
        self.await_blocked(here=[ROMEO])
        self.alice.unblock(self.romeo)
        self.await_blocked(here=[])

    def test_once(self):
        """Whom she has blocked here and unblocks there stays blocked here, and is not blocked there again."""
        self.link_juliet()
        self.alice.block(self.romeo)
        self.await_blocked(here=[ROMEO])
        self.unblocks(self.juliet, ROMEO)
        self.blocks(self.juliet, NURSE)
        self.here_again()
        self.await_blocked(here=[ROMEO, NURSE], there=[NURSE])
        self.alice.unblock(self.romeo)
        self.blocks_here(TYBALT)
        self.await_blocked(here=[NURSE, TYBALT])

    def test_linked_later(self):
        """What each side has when they are linked both have then; of her own addresses nothing is said."""
        self.alice.block(self.romeo)
        self.blocks(self.juliet, NURSE, self.juliet.address)
        self.link_juliet()
        self.await_blocked(here=[ROMEO, NURSE], there=[ROMEO, NURSE, self.juliet.address])

    def test_two_accounts(self):
        """romeo is she as well, so what she does as juliet holds for him, too."""
        self.link_juliet()
        self.stage.heliograph.command("link", self.alice.address, self.romeo.address)
        self.blocks(self.juliet, TYBALT)
        self.here_again()
        self.await_blocked(here=[TYBALT])
        self.await_list(self.romeo, TYBALT)
        self.unblocks(self.juliet, TYBALT)
        self.here_again()
        self.await_blocked(here=[])
        self.await_list(self.romeo)

    def test_restart(self):
        """What was changed there while Heliograph was away, killed or stopped, is what she has changed, and nothing is
        that comes again."""
        self.link_juliet()
        self.blocks(self.juliet, ROMEO, TYBALT)
        self.here_again()
        self.blocks_here(NURSE)
        self.await_blocked(here=[ROMEO, TYBALT, NURSE])
        self.stage.heliograph.kill()
        self.unblocks(self.juliet, ROMEO)
        self.stage.heliograph.start()
        self.await_blocked(here=[TYBALT, NURSE])
        self.stage.heliograph.stop()
        self.unblocks(self.juliet, TYBALT)
        self.stage.heliograph.start()
        self.await_blocked(here=[NURSE])


    def test_lost(self):
        """A server that cannot read her list says that it is empty: whom she blocks there stays blocked here."""
        self.link_juliet()
        self.blocks(self.juliet, ROMEO, TYBALT)
        self.here_again()
        self.await_blocked(here=[ROMEO, TYBALT])
        self.stage.server.stop()
        lists = [file for file in pathlib.Path(self.stage.server.folder).rglob("juliet.*") if file.parent.name == "blocklist"]
        self.assertTrue(lists)
        for file in lists:
            file.write_text("return {{{ broken\n")
        self.stage.server.start()
        self.until(self.stage.heliograph.log, lambda log: b"the server has lost it" in log)
        self.assertEqual(self.blocked_here(), {ROMEO, TYBALT})


class Regularly(BlockLists):

    config = "limits: { settle: 1s, reprobe: 2s }\n"

    def test_it_is_asked_for(self):
        """Nobody comes or goes there: it is seen all the same, by and by."""
        self.link_juliet()
        self.blocks(self.juliet, ROMEO)
        self.await_blocked(here=[ROMEO])
        self.unblocks(self.juliet, ROMEO)
        self.await_blocked(here=[])


class Apart(BlockLists):
    """Each has his own."""

    config = "limits: { settle: 1s, reprobe: 2s }\n"

    def test_apart(self):
        self.link_juliet()
        self.alice.block(self.romeo)
        self.blocks(self.juliet, TYBALT)
        self.here_again()
        probes = self.probes()
        self.until(self.probes, lambda now: now >= probes + 3)     # it would have been asked for by now
        self.assertEqual(self.blocked(), ({ROMEO}, {TYBALT}))
        self.assertFalse(self.stage.server.heard("hg-block"))

    def probes(self):
        return self.stage.server.heard("type='probe'")


class NotGranted(Apart):

    stage_class = Stage


class Off(Apart):

    def configure(self, text):
        return super().configure(text).replace("xmpp:\n", "xmpp:\n  block-lists: off\n")


del Apart

if __name__ == "__main__":
    unittest.main()
