# SPDX-License-Identifier: Apache-2.0
"""Presence documents of SIMPLE: PIDF (RFC 3863) with RPID (RFC 4480) and its data model (RFC 4479), and
lists of them (RFC 4662), read and written with ElementTree."""

import email
import email.policy
import xml.etree.ElementTree as ET
from typing import NamedTuple

TYPE = "application/pidf+xml"
LIST_TYPE = "application/rlmi+xml"
PIDF = "{urn:ietf:params:xml:ns:pidf}"
MODEL = "{urn:ietf:params:xml:ns:pidf:data-model}"
RPID = "{urn:ietf:params:xml:ns:pidf:rpid}"
PLACE = "{urn:ietf:params:xml:ns:location-type}"
SHOW = "{jabber:client}show"      # RFC 8048 6.2
RLMI = "{urn:ietf:params:xml:ns:rlmi}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# As most write them: baresip finds `<basic>` and `<rpid:busy` by what they look like.
for prefix, space in ("", PIDF), ("dm", MODEL), ("rpid", RPID):
    ET.register_namespace(prefix, space.strip("{}"))
OPEN, CLOSED = "open", "closed"


def local(element):
    return element.tag.rpartition("}")[2]


def notes(element, spaces=(PIDF,)):
    """{language: text}; "" is the language of a note that names none."""
    return {note.get(LANG, ""): note.text or "" for space in spaces for note in element.findall(space + "note")}


class Tuple:

    def __init__(self, element):
        self.id, self.notes = element.get("id"), notes(element)
        self.basic = element.findtext(PIDF + "status/" + PIDF + "basic")
        contact = element.find(PIDF + "contact")
        self.contact = contact.text if contact is not None else None
        self.priority = contact.get("priority") if contact is not None else None
        self.timestamp = element.findtext(PIDF + "timestamp")


class Presence:
    """What a document says; the element itself is in `xml`."""

    def __init__(self, text):
        self.xml = ET.fromstring(text)
        if self.xml.tag != PIDF + "presence":
            raise ValueError("no presence document: " + self.xml.tag)
        self.entity = self.xml.get("entity")
        self.tuples = [Tuple(element) for element in self.xml.findall(PIDF + "tuple")]
        self.persons = self.xml.findall(MODEL + "person")

    @property
    def basic(self):
        """Open if any tuple is, None if none says."""
        said = {each.basic for each in self.tuples} - {None}
        return OPEN if OPEN in said else CLOSED if CLOSED in said else None

    @property
    def notes(self):
        """Of the person and of the whole; of the tuples where these have none."""
        found = notes(self.xml)
        for person in self.persons:
            found.update(notes(person, (MODEL, RPID, PIDF)))
        for each in self.tuples if not found else ():
            found.update(each.notes)
        return found

    @property
    def activities(self):
        """The names of the elements of RPID, without `other`'s words."""
        return sorted({local(each) for found in self.xml.iter(RPID + "activities") for each in found
                       if local(each) != "note"})

    @property
    def idle(self):
        """Since when, "" if that is not said, None if not idle (RFC 4480 3.12)."""
        for found in self.xml.iter(RPID + "user-input"):
            if found.text and found.text.strip() == "idle":
                return found.get("last-input", "")
        return None


def write(entity, basic=OPEN, note=None, activity=None, idle=None, id="t1", contact=None, show=None, mood=None,
          place=None, priority=None):
    """A document of one tuple and a person, as text. `note`: {language: text} or one text; `idle`:
    since when; `place`: of which type (RFC 4589)."""
    top = ET.Element(PIDF + "presence", entity=entity)
    each = ET.SubElement(top, PIDF + "tuple", id=id)
    status = ET.SubElement(each, PIDF + "status")
    ET.SubElement(status, PIDF + "basic").text = basic
    if show:
        ET.SubElement(status, SHOW).text = show
    if contact:
        ET.SubElement(each, PIDF + "contact", {"priority": priority} if priority else {}).text = contact
    person = ET.SubElement(top, MODEL + "person", id="p1")
    if activity:
        ET.SubElement(ET.SubElement(person, RPID + "activities"), RPID + activity)
    if mood:
        ET.SubElement(ET.SubElement(person, RPID + "mood"), RPID + mood)
    if place:
        ET.SubElement(ET.SubElement(person, RPID + "place-type"), PLACE + place)
    if idle:
        ET.SubElement(person, RPID + "user-input", {"last-input": idle}).text = "idle"
    for language, text in (note if isinstance(note, dict) else {"": note} if note else {}).items():
        ET.SubElement(person, MODEL + "note", {LANG: language} if language else {}).text = text
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, "unicode")


# ---- lists


class Part(NamedTuple):
    type: str
    id: str          # Content-ID, without its brackets
    text: str


def parts(content_type, body):
    """The parts of a multipart body."""
    whole = email.message_from_bytes(
        ("Content-Type: %s\r\nMIME-Version: 1.0\r\n\r\n" % content_type).encode() + body.encode(),
        policy=email.policy.HTTP)
    if not whole.is_multipart():
        raise ValueError("no multipart body: " + content_type)
    return [Part(part.get_content_type(), (part["Content-ID"] or "").strip("<> "),
                 part.get_payload(decode=True).decode())
            for part in whole.iter_parts()]


class Resource(NamedTuple):
    uri: str
    name: str
    state: str       # of its latest instance; None if it has none
    reason: str
    presence: object     # Presence; None if there is no document


class List:
    """RFC 4662 5: the resources that a notification tells of. `full`: there are no others."""

    def __init__(self, content_type, body):
        read = parts(content_type, body)
        by_id = {part.id: part for part in read}
        meta = next((part for part in read if part.type == LIST_TYPE), None)
        if meta is None:
            raise ValueError("a list without " + LIST_TYPE)
        top = ET.fromstring(meta.text)
        self.uri, self.version = top.get("uri"), int(top.get("version"))
        self.full = top.get("fullState") in ("true", "1")
        self.resources = {each.get("uri"): self.resource(each, by_id) for each in top.findall(RLMI + "resource")}

    @staticmethod
    def resource(element, by_id):
        name = element.findtext(RLMI + "name")
        instances = element.findall(RLMI + "instance")
        if not instances:
            return Resource(element.get("uri"), name, None, None, None)
        latest = instances[-1]
        cid = latest.get("cid")
        if cid and cid not in by_id:
            raise ValueError("a list names the part %s, which is not there" % cid)
        return Resource(element.get("uri"), name, latest.get("state"), latest.get("reason"),
                        Presence(by_id[cid].text) if cid and by_id[cid].type == TYPE else None)


def read(content_type, body):
    """A Presence or a List; None if there is no body, or it is of another type."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        return None
    if kind == "multipart/related":
        return List(content_type, body)
    return Presence(body) if kind == TYPE else None
