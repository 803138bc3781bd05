#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The configuration and the tables are read again while the daemon runs: all or nothing."""

import json
import os
import shutil
import signal
import subprocess
import unittest

import here
from test_cli_daemon import until
from test_relationships import Relationships
from test_verbs import ALICE, BINARY, CAROL, Alone

MAPPINGS = os.path.join(here.SOURCE_DIR, "mappings")


def replace(path, old, new):
    with open(path) as file:
        text = file.read()
    assert text.count(old) == 1, (old, text)
    with open(path, "w") as file:
        file.write(text.replace(old, new))


class Reload(Alone):

    def add(self, text):
        with open(self.daemon.config, "a") as config:
            config.write(text)

    def reload(self):
        return json.loads(self.ask("reload", "--json"))

    def test_nothing_new(self):
        self.assertEqual(self.reload(), {"changed": [], "usersAdded": 0, "restart": []})
        self.assertIn("nothing has changed", self.ask("reload"))

    def test_in_force(self):
        """A limit and a user; written otherwise, a number is the same number."""
        self.add("limits: { grace: 60000ms, endpoints: 3 }\nlog: { level: warn }\n")
        replace(self.daemon.config, "provision: open", "list: [%s]" % CAROL)
        self.assertEqual(self.reload(), {
            "changed": ["log.level", "users.provision", "users.list", "limits.endpoints"],
            "usersAdded": 1, "restart": []})
        self.assertTrue(until(lambda: self.users() == [CAROL]))
        self.assertNotIn(b" reloaded ", self.daemon.log())
        self.assertEqual(self.reload()["changed"], [])

    def test_waits(self):
        """What is not in force is said each time, until the file says again what is."""
        replace(self.daemon.config, "routes:", "http: { port: 9 }\nroutes:")
        replace(self.daemon.config, "trust: federated", "trust: publicCloud")
        for _ in range(2):
            self.assertEqual(self.reload(), {"changed": [], "usersAdded": 0,
                                             "restart": ["http", "routes"]})
        self.assertIn("waiting for a restart: http, routes\n", self.ask("reload"))
        self.assertIn("restart-needed key=routes", self.daemon.log().decode())
        replace(self.daemon.config, "trust: publicCloud", "trust: federated")
        replace(self.daemon.config, "http: { port: 9 }\n", "")
        self.assertEqual(self.reload()["restart"], [])

    def test_faulty(self):
        """Every error is listed as by `check`, and nothing is changed, good keys either."""
        self.add("limits: { grace: never, endpoints: 3, fingers: 10 }\n")
        checked = self.ask("check", status=2)
        said = self.ask("reload", status=2)
        self.assertIn("unknown key 'fingers'", said)
        self.assertEqual(checked.splitlines()[:2], said.splitlines()[:2])
        self.daemon.process.signal(signal.SIGHUP)
        self.assertTrue(until(lambda: self.daemon.log().count(b" reload-error ") == 2))
        self.assertEqual(self.daemon.log().count(b" reload-failed errors=2 "), 1)
        replace(self.daemon.config, "grace: never, endpoints: 3, fingers: 10", "endpoints: 3")
        self.assertEqual(self.reload()["changed"], ["limits.endpoints"])

    def test_faulty_table(self):
        shutil.copytree(MAPPINGS, self.path("tables"))
        self.add("mappings: %s\n" % self.path("tables"))
        self.assertEqual(self.reload()["changed"], ["mappings"])
        replace(self.path("tables/xmpp.yaml"), "state: user, availability: [busy, busy-idle, dnd] }",
                "state: user, availability: [busy, busy-idle, asleep] }")
        said = self.ask("reload", status=2)
        self.assertIn("asleep", said)
        self.assertIn("nothing was changed", said)
        os.remove(self.path("tables/grammar.yaml"))
        self.assertIn("grammar.yaml", self.ask("reload", status=2))

    def test_site_files(self):
        """Rules of the site's own, and groups: all or nothing as well, and said again they are nothing new."""
        site = self.path("site.yaml")
        with open(site, "w") as file:
            file.write("table: xmpp\nfor: { groups: [sales] }\nremove: [presentation]\n")
        self.add("mappings: { site: [%s] }\n" % site)
        self.assertIn("%s:2: there is no group 'sales'" % site, self.ask("reload", status=2))
        self.add("groups: { sales: [%s] }\n" % CAROL)
        self.assertEqual(self.reload()["changed"], ["mappings", "groups", "xmpp.yaml"])
        self.assertEqual(self.reload()["changed"], [])
        replace(self.daemon.config, CAROL + "]", "%s, %s]" % (CAROL, ALICE))
        self.assertEqual(self.reload()["changed"], ["groups", "xmpp.yaml"])
        replace(site, "[presentation]", "[presentaton]")
        said = self.ask("reload", status=2)
        self.assertIn("%s:3: there is no rule 'presentaton' (did you mean 'presentation'?)" % site, said)
        self.assertEqual(said.splitlines()[0], self.ask("check", status=2).splitlines()[0])

    def test_hup(self):
        self.add("hide-users: on\n")
        self.daemon.process.signal(signal.SIGHUP)
        self.assertTrue(until(lambda: b"reloaded changed=1 users=0" in self.daemon.log()))


class Seen(Relationships):
    """What people see of it."""

    def reload(self):
        done = subprocess.run([BINARY, "reload", "--config", self.stage.heliograph.config],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def add(self, text):
        with open(self.stage.heliograph.config, "a") as config:
            config.write(text)

    def test_table(self):
        """Lync's Busy becomes XMPP's away by another table: romeo is told at once, and nobody is
        told anything else. What romeo says is read by it as well."""
        tables = os.path.join(self.stage.folder, "tables")
        shutil.copytree(MAPPINGS, tables)
        self.add("mappings: %s\n" % tables)
        self.make_contact(self.romeo)
        self.alice.set_status("busy", self.note)
        self.romeo.set_presence("away")
        self.expect(self.romeo.sees_only(self.alice, "dnd"), self.alice.sees(self.romeo, "away"))
        self.turn_pages()
        self.assertEqual(self.reload(), "changed: mappings\n")
        xmpp = os.path.join(tables, "xmpp.yaml")
        replace(xmpp, "state: machine, availability: [away, brb, available-idle] }",
                "state: user, availability: [brb, away, available-idle] }")
        self.assertEqual(self.reload(), "changed: xmpp.yaml\n")
        self.expect(self.alice.sees(self.romeo, "be-right-back"))
        self.assertEqual(self.romeo.presences_of(self.alice), [])
        replace(xmpp, "native:    { show: dnd }\n    canonical: { state: user, availability: [busy, busy-idle, dnd] }",
                "native:    { show: dnd }\n    canonical: { state: user, availability: dnd }")
        replace(xmpp, "[brb, away, available-idle] }", "[brb, away, available-idle, busy, busy-idle] }")
        self.assertEqual(self.reload(), "changed: xmpp.yaml\n")
        self.expect(self.romeo.sees_only(self.alice, "away"))
        self.assertEqual(len(self.romeo.presences_of(self.alice)), 1)

    def test_one_persons_table(self):
        """alice's Busy is away by a rule for her group; another one's stays as it was, and nothing of it is sent."""
        site = os.path.join(self.stage.folder, "site.yaml")
        with open(site, "w") as file:
            file.write("table: xmpp\nfor: { groups: [desk] }\nrules:\n"
                       "  - name: desk-busy\n    before: busy\n    direction: out\n"
                       "    native: { show: xa }\n    canonical: { availability: busy }\n")
        self.make_contact(self.romeo)
        self.alice.set_status("busy", self.note)
        self.expect(self.romeo.sees_only(self.alice, "dnd"))
        self.turn_pages()
        self.add("mappings: { site: [%s] }\ngroups: { desk: [nobody@%s] }\n"
                 % (site, self.alice.address.split("@")[1]))
        self.assertEqual(self.reload(), "changed: mappings, groups, xmpp.yaml\n")
        self.assertEqual(self.romeo.presences_of(self.alice), [])
        replace(self.stage.heliograph.config, "desk: [nobody", "desk: [%s, nobody" % self.alice.address)
        self.assertEqual(self.reload(), "changed: groups, xmpp.yaml\n")
        self.expect(self.romeo.sees_only(self.alice, "xa"))
        self.assertEqual(len(self.romeo.presences_of(self.alice)), 1)

    def test_consent(self):
        """romeo waits for consent; then nobody has to wait any more."""
        self.add("approve: { federated: explicit }\n")
        self.assertEqual(self.reload(), "changed: approve.federated\n")
        self.romeo.subscribe(self.alice)
        self.juliet.set_presence("away")
        self.expect(self.romeo.has_edge(self.alice, "none"))
        self.assertEqual(self.romeo.presences_of(self.alice), [])
        replace(self.stage.heliograph.config, "explicit", "auto")
        self.assertEqual(self.reload(), "changed: approve.federated\n")
        self.expect(self.romeo.has_edge(self.alice, "to"),
                    self.romeo.sees_only(self.alice, "available"))


if __name__ == "__main__":
    unittest.main()
