# SPDX-License-Identifier: Apache-2.0
"""The stage on which the stories play: two worlds with Heliograph between them.

    alice, carol @corp.example   real libsipe   --SIP-->   Heliograph
    romeo@xmpp.example           slixmpp        --XMPP-->  Prosody  --XEP-0114-->  Heliograph

Or ejabberd instead of Prosody: HG_XMPP_SERVER=ejabberd in the environment.

More people of xmpp.example, and more devices of those who are there, can join.

Everything runs on loopback, on ports of its own, from a folder of its own under /tmp.
"""

import os
import random
import shutil
import signal
import tempfile

import here
from peers.heliograph import Heliograph
from peers.ejabberd import Ejabberd
from peers.lyncclient import LyncClient
from peers.process import PeerError
from peers.prosody import Prosody
from peers.xmppclient import XmppClient

SIP_DOMAIN, XMPP_DOMAIN = "corp.example", "xmpp.example"
XMPP_SERVER = {server.name: server for server in (Prosody, Ejabberd)}[
    os.environ.get("HG_XMPP_SERVER", Prosody.name)]


def token():
    """Something that nobody can have said before."""
    return "%06x" % random.SystemRandom().getrandbits(24)


class Stage:
    """Use as a context; the processes have ended when it is left, however that happens."""

    def __init__(self, binary=None, probe=None, wrapper="", narrate=None, also=()):
        """`also`: the names of more people of xmpp.example."""
        self.binary = os.path.abspath(binary or os.path.join(here.BUILD_DIR, "heliograph"))
        self.probe = os.path.abspath(probe or os.path.join(here.BUILD_DIR, "peers", "purple-probe"))
        for program in (self.binary, self.probe):
            if not os.access(program, os.X_OK):
                raise PeerError("there is no %s: build it first (targets: all, peers)" % program)
        self.folder = tempfile.mkdtemp(prefix="heliograph-stage-")
        secret = token()
        self.server = XMPP_SERVER(self.folder, XMPP_DOMAIN, SIP_DOMAIN, secret)
        self.heliograph = Heliograph(self.binary, wrapper, self.folder, SIP_DOMAIN, XMPP_DOMAIN,
                                     self.server.component_port, secret)
        self.alice = self.lync_client("alice", narrate)
        self.carol = self.lync_client("carol", narrate)
        self.romeo, *self.others = [
            XmppClient(name, "%s@%s" % (name, XMPP_DOMAIN), self.folder, narrate)
            for name in ("romeo", *also)]
        self.narrate = narrate
        self.devices = []                 # more of somebody's, signed on later
        self.password = token()           # of everybody at xmpp.example
        self.keep = False                 # the folder, for somebody who wants to read the logs

    def lync_client(self, name, narrate):
        return LyncClient(self.probe, name, "%s@%s" % (name, SIP_DOMAIN), self.folder, narrate)

    @property
    def clients(self):
        return self.alice, self.carol, self.romeo, *self.others, *self.devices

    @property
    def lync_clients(self):
        return [client for client in self.clients if isinstance(client, LyncClient)]

    def turn_pages(self):
        """What anybody has seen up to now does not count any more."""
        for client in self.clients:
            client.turn_page()

    def __enter__(self):
        try:
            self.start()
        except BaseException as error:
            self.keep |= isinstance(error, PeerError)
            self.end()
            raise
        return self

    def __exit__(self, kind, error, trace):
        self.end()

    def start(self):
        for person in (self.romeo, *self.others):
            self.server.register(person.name, self.password)
        self.server.start()
        self.heliograph.start()
        for person in (self.romeo, *self.others):
            person.sign_on(self.server.c2s_port, self.password, "balcony-" + token())
        self.alice.sign_on(self.heliograph.sip_port)
        self.carol.sign_on(self.heliograph.sip_port)
        for client in self.clients:
            client.await_ready()

    # ---- more devices

    def laptop(self, status="available", limit=30):
        """alice signs on at a second computer."""
        laptop = LyncClient(self.probe, "laptop", self.alice.address, self.folder, self.narrate)
        self.devices.append(laptop)
        laptop.sign_on(self.heliograph.sip_port, status)
        laptop.await_ready(limit)
        laptop.turn_page()
        return laptop

    def phone(self, show, text):
        """romeo signs on with his phone, too."""
        phone = XmppClient("phone", self.romeo.address, self.folder, self.narrate)
        self.devices.append(phone)
        phone.sign_on(self.server.c2s_port, self.password, "phone-" + token(), show, text)
        phone.await_ready()
        return phone

    def put_away(self, device):
        """The device is switched off, if it was still on."""
        device.stop()
        self.devices.remove(device)

    # ---- the worst case

    def crash(self, limit):
        """Heliograph is killed with -9 and started again. The Lync clients connect again as Pidgin
        does by itself, nobody does anything else, and what was seen before counts no more."""
        self.heliograph.kill()
        for client in self.lync_clients:
            client.await_lost(limit)
        self.turn_pages()
        self.heliograph.start()
        for client in self.lync_clients:
            client.connect()

    def end(self):
        """Stops everything; somebody who presses Ctrl-C twice must not keep us from it."""
        before = {number: signal.signal(number, signal.SIG_IGN)
                  for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        for peer in (*self.clients, self.heliograph, self.server):
            peer.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        for number, handler in before.items():
            signal.signal(number, handler)
