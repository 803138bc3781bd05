#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/loss.md: what `heliograph mapping loss` prints of every table, as a page.

    python3 tests/scenario/loss_page.py > docs/loss.md
"""

import os
import re
import subprocess
import tempfile

import here

BINARY = os.path.join(here.BUILD_DIR, "heliograph")
MAPPINGS = os.path.join(here.SOURCE_DIR, "mappings")

CONFIG = """\
store: { path: ./store.db }
domains: [{ sip: corp.example, home: sip }]
users: { provision: open }
sip: { auth: none, listen: [{ transport: tcp, address: 127.0.0.1, port: 0 }] }
mappings: %s
adapters: [%s]
loopback: { socket: ./loopback.sock, domains: [corp.example] }
""" % (MAPPINGS, os.path.join(here.BUILD_DIR, "plugins", "loopback.so"))

HEAD = """\
# What gets lost

No other protocol has all the words that Lync has. Here stands, for each mapping table that comes with Heliograph, what does not come
back when a state is written with the table and read with it again. Between two Heliographs the
[extension](extension.md) carries what the words cannot.

A state is one availability, one activity, a note (none, personal, out of office: `oof`), whether the person chose it himself (`chosen`),
whether it is known since when he is idle (`idle`), and the access level that is shown it. Every combination that can occur counts once,
as likely or unlikely as it is. A state that comes back otherwise in two things stands in two rows. Nobody comes back as there, willing
or able who was not ([0020](decisions/0020-the-master-table.md)).

This page is what `heliograph mapping loss` prints; `--all` lists the states one by one, and
`heliograph mapping explain` says of one of them which rule is taken. `tests/scenario/loss_page.py` writes this page anew.
"""


def printed():
    """What the program says of all tables; the one of the adapter from outside is read with that."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/heliograph.yaml", "w") as file:
            file.write(CONFIG)
        return subprocess.run([BINARY, "mapping", "loss", "--config", "heliograph.yaml"], cwd=folder, timeout=60,
                              check=True, stdout=subprocess.PIPE, text=True).stdout


def read(text):
    """{table: (sentences, [(what, states, back, [(was, states), ...]), ...])}"""
    tables = {}
    for line in text.splitlines():
        opens = re.match(r"(\S+): (of \d+ states .*)$", line)
        row = re.match(r"  (\S*) +(\d+)  (\S+) +(\S.*)$", line)
        if opens:
            sentences, rows = tables.setdefault(opens[1], ([opens[2].capitalize() + "."], []))
        elif row:
            rows.append([row[1] or rows[-1][0], int(row[2]), row[3], row[4]])
        elif line.startswith("    "):
            rows[-1][3] += " " + line.strip()
        elif line and not line.startswith("  what "):
            sentences.append(line)
    for _, rows in tables.values():
        for row in rows:
            row[3] = [(was.split()[0], int(was.split()[1])) for was in row[3].split(", ")]
    return tables


def page(text):
    said = [HEAD]
    for table, (sentences, rows) in sorted(read(text).items()):
        said.append("\n## %s\n\n%s\n" % (table, " ".join(sentences)))
        if rows:
            said.append("\n| what | states | comes back as | was |\n|---|---|---|---|\n")
        before = None
        for what, states, back, was in rows:
            said.append("| %s | %d | %s | %s |\n" % ("" if what == before else what, states, back,
                                                    ", ".join("%s %d" % one for one in was)))
            before = what
    return "".join(said)


if __name__ == "__main__":
    print(page(printed()), end="")
