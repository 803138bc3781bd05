# SPDX-License-Identifier: Apache-2.0
"""After the story: the stage is the user's, by lines typed at the terminal."""

import select
import shlex
import sys

import here  # noqa: F401
from peers.process import PeerError

COMMANDS = """
Now it is yours. Everything stays up until Ctrl-C; commands are lines such as

    alice status do-not-disturb "until noon"       also available busy be-right-back away invisible
    alice menu sip:romeo@xmpp.example              what her menu offers on him
    alice menu sip:romeo@xmpp.example "Access level/Company"       also Personal Team Public
    alice block sip:romeo@xmpp.example             and allow
    laptop status away "on the train"              alice's second computer
    carol list
    romeo presence xa "gone fishing"               also available chat away dnd unavailable; juliet, too
    romeo block carol@corp.example                 and unblock
    heliograph show alice@corp.example             the whole mirror of a person
    {server} kill                                   and start
    alice help, romeo help                         all that their clients understand

From another terminal:  {show}
"""


def play(stage, printer):
    """Obeys what is typed until Ctrl-C, or quit; without a terminal it just waits."""
    printer.say(COMMANDS.format(show=shlex.join(
        stage.heliograph.show_command("show", stage.alice.address)), server=stage.server.name))
    inputs = [sys.stdin] if sys.stdin and not sys.stdin.closed else []
    while True:
        ready, _, _ = select.select(inputs, [], [], 1)
        line = sys.stdin.readline() if ready else None
        if line == "":
            inputs = []
        elif line and line.strip() == "quit":
            return
        elif line:
            obey(stage, printer, line)


def obey(stage, printer, line):
    try:
        who, *words = shlex.split(line) or [""]
        server = stage.server
        clients = {client.name: client for client in stage.clients}
        if who in clients and words:
            clients[who].act(" ".join(words), *words)
        elif who == "heliograph" and words:
            stage.heliograph.ask(*words)
        elif (who, words) == (server.name, ["kill"]):
            server.kill()
        elif (who, words) == (server.name, ["start"]):
            server.start()
        elif who:
            printer.say("%s, heliograph or %s, and what to do; or quit" % (
                ", ".join(clients), server.name))
    except (ValueError, PeerError) as error:
        printer.say(str(error), "bad")
