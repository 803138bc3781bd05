#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What clients are given of their organisation: provisioning groups over SIP, the grammar and what its stylesheets
do, the file of custom presence states over HTTP. The vectors (TV-nn) against the real daemon."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from test_ep_server import BINARY, NOTE, STATE, Vectors, free_port  # noqa: E402
from sip_wire import PROVISIONING  # noqa: E402

ASK = '<provisioningGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist">%s' \
    '</provisioningGroupList>'
TELL = "{http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification}"
CONTAINERS = "{http://schemas.microsoft.com/2008/09/sip/ContainerManifest}"
CATEGORIES = "{http://schemas.microsoft.com/2008/09/sip/categoryPublicationManifest}"
STATES = "{http://schemas.microsoft.com/09/2009/communicator/customStates}"
NOTE_NS = "{http://schemas.microsoft.com/2006/09/sip/note}"
STATE_NS = "{http://schemas.microsoft.com/2006/09/sip/state}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
MAPPINGS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "mappings")


class Provisioning(Vectors):

    def provisioned(self, client, *names):
        """The <provisionGroup>s of an answer, by name."""
        body = ASK % "".join('<provisioningGroup name="%s"/>' % name for name in names)
        answer = client.subscribe("vnd-microsoft-provisioning-v2", body, PROVISIONING,
                                  Accept=PROVISIONING, Expires="0")
        self.assertEqual(answer.code, 200, answer)
        self.assertEqual(answer.get("Content-Type"), PROVISIONING)
        self.told = answer.body
        groups = ET.fromstring(answer.body).findall(TELL + "provisionGroup")
        self.assertEqual([group.get("name") for group in groups], list(names))
        return dict(zip(names, groups))

    def properties(self, group, around):
        self.assertEqual([child.tag for child in group], [TELL + around])
        return {p.get("name"): p.text for p in group[0].findall(TELL + "property")}

    def manifest(self, client):
        """The rules of the publication grammar: {(category, container): element}."""
        group = self.provisioned(client, "publicationGrammar")["publicationGrammar"]
        self.assertEqual([child.tag for child in group],
                         [CONTAINERS + "containerManifestList", CATEGORIES + "categoryPublicationManifest"])
        return {(rule.get("categoryName"), int(rule.get("containerId"))): rule
                for rule in group.iter(CATEGORIES + "publicationRule")}


class Defaults(Provisioning):

    def test_nothing_configured(self):
        groups = self.provisioned(self.client(), "presencePolicyV2", "persistentChatConfiguration", "ucPolicy",
                                  "whatever")
        policy = self.properties(groups["presencePolicyV2"], "propertyEntryList")
        self.assertEqual(policy["EnablePrivacyMode"], "false")
        self.assertEqual(policy["PersonalNoteHistoryDepth"], "3")
        self.assertEqual(len(policy), 6)
        chat = self.properties(groups["persistentChatConfiguration"], "propertyEntryList")
        self.assertEqual(chat, {"EnablePersistentChat": "false"})
        for name in "ucPolicy", "whatever":
            self.assertEqual(len(groups[name]), 0)

    def test_grammar(self):
        rules = self.manifest(self.client())
        self.assertEqual(sorted(rules), [("note", 100), ("note", 200), ("note", 300), ("note", 400), ("note", 32000),
                                         ("state", 2), ("state", 3)])
        for key, rule in rules.items():
            self.assertEqual(rule.get("ruleType"), "transformation")
            copied = key not in (("note", 100), ("note", 32000), ("state", 3))
            self.assertEqual(len(rule) == 0, copied, key)
            self.assertEqual(rule.get("preferredSelfConsumption"),
                             "true" if key in (("state", 2), ("note", 400)) else None)
        group = self.provisioned(self.client(), "privacyPublicationGrammar")["privacyPublicationGrammar"]
        self.assertEqual([child.tag for child in group], [CONTAINERS + "containerManifestList"])
        listed = group.findall(".//%scontainerManifest/%scontainers/" % (CONTAINERS, CONTAINERS))
        self.assertEqual([c.get("id") for c in listed], ["0", "100", "200", "300", "400", "32000"])

    def transformed(self, rule, value):
        """What a client publishes by the rule, of what its user says."""
        if not len(rule):
            return ET.fromstring(value)
        sheet = re.search('categoryName="%s" containerId="%s"><categoryData>(.*?)</categoryData>' % (
            rule.get("categoryName"), rule.get("containerId")), self.told)
        path = os.path.join(self.folder, "rule.xsl")
        with open(path, "w") as file:
            file.write(sheet.group(1))
        done = subprocess.run(["xsltproc", "--nonet", path, "-"], input=value.encode(), capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return ET.fromstring(done.stdout)

    @unittest.skipUnless(shutil.which("xsltproc"), "xsltproc is not installed")
    def test_tv_83(self):
        """One note goes to five containers, and two of them are told nothing."""
        rules = self.manifest(self.client())
        for container in 100, 200, 300, 400, 32000:
            note = self.transformed(rules["note", container], NOTE % "back at noon")
            self.assertEqual(note.tag, NOTE_NS + "note")
            told = [body.text for body in note.iter(NOTE_NS + "body")]
            self.assertEqual(told, ["back at noon"] if container in (200, 300, 400) else [])
            self.assertEqual("".join(note.itertext()), "".join(told))

    @unittest.skipUnless(shutil.which("xsltproc"), "xsltproc is not installed")
    def test_tv_84(self):
        """The copy for the workgroup of a Do Not Disturb that somebody chose, and of nothing else."""
        rule = self.manifest(self.client())["state", 3]
        more = '<activity token="x"/><endpointLocation>home</endpointLocation>'
        for manual, kind, number, urgent in (
                ("true", "userState", 9000, True), ("true", "userState", 9500, True),
                ("true", "userState", 11999, True), ("true", "userState", 8999, False),
                ("true", "userState", 12000, False), ("false", "userState", 9500, False),
                ("true", "machineState", 9500, False)):
            state = self.transformed(rule, STATE % (manual, kind, number, more))
            activity = state.find(STATE_NS + "activity")
            self.assertEqual(state.tag, STATE_NS + "state")
            self.assertEqual((state.get("manual"), state.get(XSI + "type")), (manual, kind))
            self.assertEqual(state.findtext(STATE_NS + "availability"), "6900" if urgent else str(number))
            self.assertEqual(activity.get("token"), "urgent-interruptions-only" if urgent else "x")
            self.assertEqual(activity.get("maxAvailability"), "8999" if urgent else None)
            self.assertEqual(state.findtext(STATE_NS + "endpointLocation"), "home")


class Configured(Provisioning):

    more = """\
  provisioning:
    presencePolicyV2: { EnablePrivacyMode: yes, PersonalNoteHistoryDepth: 0 }
    ServerConfiguration:
      focusFactoryUri: "sip:bob@corp.example;gruu;opaque=app:conf:focusfactory"
      ucPC2PCAVEncryption: SupportEncryption
    ucPolicy: { AllowCallForwarding: "true" }
    meetingPolicy: { MeetingSize: 400 }
    userSetting: { disableFileTransfer: "true" }
    ourOwn: { "a colour": "<green> & blue" }
"""

    def test_tv_76(self):
        policy = self.provisioned(self.client(), "presencePolicyV2")["presencePolicyV2"]
        policy = self.properties(policy, "propertyEntryList")
        self.assertEqual(policy["EnablePrivacyMode"], "true")
        self.assertEqual(policy["PersonalNoteHistoryDepth"], "0")

    def test_forms(self):
        groups = self.provisioned(self.client(), "ServerConfiguration", "ucPolicy", "meetingPolicy", "userSetting",
                                  "ourOwn")
        self.assertEqual([(e.tag, e.text) for e in groups["ServerConfiguration"]], [
            (TELL + "focusFactoryUri", "sip:bob@corp.example;gruu;opaque=app:conf:focusfactory"),
            (TELL + "ucPC2PCAVEncryption", "SupportEncryption")])
        self.assertEqual(self.properties(groups["ucPolicy"], "instance"), {"AllowCallForwarding": "true"})
        self.assertEqual(self.properties(groups["meetingPolicy"], "instance"), {"MeetingSize": "400"})
        self.assertEqual([(e.tag, e.text) for e in groups["userSetting"]], [(TELL + "disableFileTransfer", "true")])
        self.assertEqual(self.properties(groups["ourOwn"], "propertyEntryList"), {"a colour": "<green> & blue"})


class CustomStates(Provisioning):

    def setUp(self):
        self.http_port, self.mappings = free_port(), tempfile.mkdtemp(prefix="heliograph-vectors-")
        self.addCleanup(shutil.rmtree, self.mappings)
        shutil.copytree(MAPPINGS, self.mappings, dirs_exist_ok=True)
        self.url = "https://corp.example/custom-states.xml"
        self.more = """\
  provisioning: {{ endpointConfiguration: {{ CustomStateURL: "{url}", ShowRecentContacts: "true" }} }}
mappings: {mappings}
http: {{ port: {port} }}
custom-states:
  - {{ availability: online, texts: {{ en: "Working <from> home" }} }}
  - {{ availability: busy, texts: {{ en-US: In a workshop, de: "In der Werkstätte", pt-BR: "Na oficina" }} }}
  - {{ availability: do-not-disturb, texts: {{ de: "{longest}" }} }}
  - {{ availability: busy, texts: {{ fr: "En réunion" }} }}
""".format(url=self.url, mappings=self.mappings, port=self.http_port, longest="ß" * 64)
        super().setUp()
        self.daemon.await_port(self.http_port, 30)

    def get(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/custom-states.xml")
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read().decode()

    def test_tv_75(self):
        """The file, and where it is."""
        status, kind, text = self.get()
        self.assertEqual((status, kind), (200, "text/xml; charset=utf-8"))
        root = ET.fromstring(text)
        self.assertEqual(root.tag, STATES + "customStates")
        said = [(s.get("ID"), s.get("availability"),
                 [(a.get("LCID"), a.text) for a in s.findall(STATES + "activity")])
                for s in root.findall(STATES + "customState")]
        self.assertEqual(said, [
            ("1", "Online", [("1033", "Working <from> home")]),
            ("2", "Busy", [("1033", "In a workshop"), ("1031", "In der Werkstätte"), ("1046", "Na oficina")]),
            ("3", "Do-Not-Disturb", [("1031", "ß" * 64)]),
            ("4", "Busy", [("1036", "En réunion")])])
        group = self.provisioned(self.client(), "endpointConfiguration")["endpointConfiguration"]
        self.assertEqual(self.properties(group, "propertyEntryList"),
                         {"CustomStateURL": self.url, "ShowRecentContacts": "true"})

    def change(self, path, old, new):
        with open(path) as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, "w") as file:
            file.write(text.replace(old, new))

    def test_reload(self):
        """States come into force, and go; the grammar that is told is the one in force."""
        config = os.path.join(self.folder, "heliograph.yaml")
        self.change(config, "In a workshop", "In court")
        self.change(os.path.join(self.mappings, "grammar.yaml"), "[200, 300, 400]", "[300, 555]")
        self.reload()
        self.assertIn(">In court<", self.get()[2])
        alice = self.client()
        self.assertEqual([container for category, container in self.manifest(alice) if category == "note"],
                         [100, 300, 555, 32000])
        with open(config) as file:
            text = file.read()
        with open(config, "w") as file:
            file.write(text[:text.index("custom-states:")])
        self.reload()
        status, _, text = self.get()
        self.assertEqual((status, text), (404, "there are /metrics, /healthz and /readyz\n"))

    def reload(self):
        done = subprocess.run([BINARY, "reload", "--config", "heliograph.yaml"], cwd=self.folder,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
