#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Are docs/rfc8048.md, docs/standards.md and interworking.yaml true? Each number stands there, and the tests that are named
are there. Prints how many requirements and vectors are shown, which differ on purpose (each says why), and which are open."""

import os
import re
import sys

import yaml

import test_register

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(os.path.dirname(test_register.TESTS), "docs")
WORDS = {"", "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "RECOMMENDED"}
RUN = re.compile(r"`([\w/]+\.(?:c|py)(?::\w+)?)`")
DIFFERS = re.compile(r"differs: ?([^|]*)")
VECTORS = (["V%d" % n for n in range(1, 21)] + ["V4b", "V12b"]
           + ["T%d" % n for n in range(1, 27)] + ["A%d" % n for n in range(1, 19)]
           + ["N%d" % n for n in range(1, 7)] + ["I%d" % n for n in range(1, 5)]
           + ["P%d" % n for n in range(128)] + ["E%d" % n for n in range(1, 60)])


# ---- tests

def is_there(run, files):
    """FILE:TEST, or FILE alone, which ctest runs whole."""
    path, _, name = run.partition(":")
    text = files.get(path)
    if text is None:
        return False
    if not name:
        return os.path.basename(path).startswith("test_")
    if os.path.basename(path).startswith("test_"):
        return run in test_register.named_in(path, text)[0]
    return re.search(r"^(?:async )?def %s\(" % name, text, re.M) is not None


def says(path, number, files):
    """The file, or a header that it includes, says the number; the name of a test may."""
    texts = [files[path]] + [files.get(header[len("tests/"):], "")
                             for header in re.findall(r'#include "(tests/[^"]+)"', files[path])]
    word = re.compile(r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" % number.replace("_", ""), re.I)
    return any(word.search(text.replace("_", " ")) for text in texts)


def is_reason(text):
    """Says something beside the tests that it names."""
    return len(re.findall(r"[a-z]+", RUN.sub("", text))) > 3


# ---- the document

def rows(text):
    for line in text.splitlines():
        if re.match(r"\| \d", line):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def faults_of_document(text, files):
    seen = set()
    for row in rows(text):
        if len(row) != 5:
            yield "row %s: %d columns" % (row[0], len(row))
            continue
        number, section, word, what, shown = row
        runs = RUN.findall(shown)
        if number in seen:
            yield "row %s is there twice" % number
        seen.add(number)
        if not re.fullmatch(r"[\d.]+", section) or word not in WORDS or not what:
            yield "row %s: section, word or what" % number
        differs = DIFFERS.search(shown)
        if not runs and not differs and not re.match("open: .", shown):
            yield "row %s: neither a test nor open" % number
        if "differs" in shown and not (differs and is_reason(differs[1])):
            yield "row %s: differs, and no reason" % number
        for run in runs:
            if not is_there(run, files):
                yield "row %s: there is no test %s" % (number, run)
    if not seen:
        yield "no rows"


def faults_of_standards(text, files):
    """Each row names a standard, and tests of what it says."""
    standards = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
                 if re.match(r"\| (RFC|XEP|our)", line)]
    for row in standards:
        runs = RUN.findall(row[-1])
        if len(row) != 3 or not runs:
            yield "%s: three columns, and a test in the last" % row[0]
        for run in runs:
            if not is_there(run, files):
                yield "%s: there is no test %s" % (row[0], run)
    if not standards:
        yield "no standards"


# ---- the vectors

def numbers(ids):
    for part in ids:
        found = re.fullmatch(r"([A-Z])(\d+)-\1(\d+)", part)
        if found:
            yield from ("%s%d" % (found[1], n) for n in range(int(found[2]), int(found[3]) + 1))
        else:
            yield part


def faults_of_vectors(register, files):
    seen = set()
    for entry in register:
        ids, runs = list(numbers(entry.get("ids", []))), entry.get("runs", [])
        name = ", ".join(entry.get("ids", []))
        seen |= set(ids)
        if not entry.get("title") or set(entry) - {"ids", "title", "runs", "open", "differs"}:
            yield "%s: unknown key, or no title" % name
        if bool(runs) == bool(entry.get("open")):
            yield "%s: either runs or open" % name
        if "differs" in entry and not (runs and is_reason(entry["differs"])):
            yield "%s: differs, and no test or no reason" % name
        for run in runs:
            if not is_there(run, files):
                yield "%s: there is no test %s" % (name, run)
            elif not name.startswith("P"):
                yield from ("%s: %s does not say it" % (number, run) for number in ids
                            if not any(says(other.partition(":")[0], number, files) for other in runs))
    yield from ("%s: no such vector" % number for number in sorted(seen - set(VECTORS)))
    yield from ("%s: it is nowhere" % number for number in VECTORS if number not in seen)


# ---- each check finds what it is there for

def planted(document, register, files):
    """(what is wrong, a document, a register) in which it is."""
    def changed(number, **changes):
        return [dict(entry, **changes) if number in entry["ids"] else entry for entry in register]

    first = next(line for line in document.splitlines() if line.startswith("| 16 |"))
    yield "row 16 is there twice", document.replace(first, first + "\n" + first), register
    yield "row 16: there is no test", document.replace(first, first.replace("test_tuple_ids", "test_x")), register
    yield "row 16: neither a test", document.replace(first, re.sub("`[^`]*` \\|$", "yes |", first)), register
    for bare in "differs: yes", "`vectors/test_address.c:test_tuple_ids` (differs)":
        yield "row 16: differs, and no reason", document.replace(first, re.sub("`[^`]*` \\|$", bare + " |", first)), register
    yield "row 16: section", document.replace(first, first.replace("RECOMMENDED", "PLEASE")), register
    yield "row 16: 4 columns", document.replace(first, first.replace("RECOMMENDED | ", "")), register
    yield "V18: there is no test", document, changed("V18", runs=["vectors/test_pidf.c:v99"])
    yield "V18: vectors/test_errors.c:never_503 does not say it", document, changed(
        "V18", runs=["vectors/test_errors.c:never_503"])
    yield "V18: either", document, changed("V18", runs=[])
    yield "V18: differs, and no test or no reason", document, changed("V18", differs="yes")
    yield "V18: unknown key", document, changed("V18", why="x")
    yield "V18: it is nowhere", document, [entry for entry in register if "V18" not in entry["ids"]]
    yield "V21: no such vector", document, changed("V18", ids=["V18", "V21"])


def faults(document, register, files):
    return [*faults_of_document(document, files), *faults_of_vectors(register, files)]


def blind_to_standards(text, files):
    """What the check of standards.md does not find, though it is planted."""
    for what, other in (("XEP-0108: there is no test", text.replace("test_abroad.py:test_activity", "test_abroad.py:test_x")),
                        ("XEP-0108: three columns", re.sub(r"(\| XEP-0108 \|[^|]*\|).*", r"\1 yes |", text)),
                        ("no standards", "")):
        if not any(fault.startswith(what) for fault in faults_of_standards(other, files)):
            yield "the check does not find: " + what


def read(name):
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        return file.read()


def report(what, all_of_them, differ, are_open):
    print("%d %s: shown %d, differs %d (%s), open %d (%s)" % (
        len(all_of_them), what, len(set(all_of_them) - set(differ) - set(are_open)), len(differ), ", ".join(differ),
        len(are_open), ", ".join(are_open)))


def main():
    with open(os.path.join(HERE, "interworking.yaml"), encoding="utf-8") as file:
        register = yaml.safe_load(file)
    document, standards = (read(name) for name in ("rfc8048.md", "standards.md"))
    files = test_register.sources()
    found = [*faults(document, register, files), *faults_of_standards(standards, files)]
    found += blind_to_standards(standards, files) if not found else ()
    for what, other, others in planted(document, register, files) if not found else ():
        if not any(fault.startswith(what) for fault in faults(other, others, files)):
            found.append("the check does not find: " + what)
    for fault in found:
        print(fault)
    report("requirements", [row[0] for row in rows(document)],
           [row[0] for row in rows(document) if "differs" in row[-1]],
           [row[0] for row in rows(document) if row[-1].startswith("open")])
    report("vectors", VECTORS, *([number for entry in register if key in entry for number in numbers(entry["ids"])]
                                 for key in ("differs", "open")))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
