#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real Lync client signs on to a server that gives it settings, and uses them."""

import os
import re
import unittest

import here
from peers.lyncclient import LyncClient
from test_cli_daemon import WithDaemon, until
from test_reload import replace
from test_verbs import ALICE

PROBE = os.path.join(here.BUILD_DIR, "peers", "purple-probe")
TAKEN = re.compile(rb"sipe_process_provisioning_v2: sipe_private->(\w+)=(\S+)")
SETTINGS = """\
  auth: none
  provisioning:
    ServerConfiguration:
      focusFactoryUri: "sip:focus@corp.example;gruu;opaque=app:conf:focusfactory"
      mrasUri: sip:mras@corp.example
      absInternalServerUrl: https://corp.example/abs?a=b&c=d
    persistentChatConfiguration:
      EnablePersistentChat: on
      DefaultPersistentChatPoolUri: sip:rooms@corp.example
    ucPolicy: { AllowCallForwarding: "true" }
    meetingPolicy: { MeetingSize: 400 }
"""


class Provisioned(WithDaemon):

    def start(self):
        replace(self.daemon.config, "  auth: none\n", SETTINGS)
        super().start()

    def test_it_takes_what_it_is_given(self):
        alice = LyncClient(PROBE, "alice", ALICE, self.folder)
        alice.sign_on(self.daemon.sip_port)
        self.addCleanup(alice.stop)
        alice.await_ready(60)

        def taken():
            with open(alice.process.log, "rb") as log:
                return dict(TAKEN.findall(log.read()))
        wanted = {b"focus_factory_uri": b"sip:focus@corp.example;gruu;opaque=app:conf:focusfactory",
                  b"mras_uri": b"sip:mras@corp.example",
                  b"addressbook_uri": b"https://corp.example/abs?a=b&c=d",
                  b"persistentChatPool_uri": b"rooms@corp.example"}
        self.assertTrue(until(lambda: wanted.items() <= taken().items()), taken())


if __name__ == "__main__":
    unittest.main()
