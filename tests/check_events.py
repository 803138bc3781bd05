#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every event of the log is in the manual, every metric in the table that the manual is made from; and nothing else is.

    tests/check_events.py              prints what is missing where, and exits 1 if something is
    tests/check_events.py --self-test  plants one fault of each kind in a copy and wants them all found

An event: a paragraph in "LOG EVENTS" of docs/man/heliograph.8.in, in alphabetical order. A metric: a line in
bridge/ctl/metrics_families.c, in front of which `heliograph_` is put.
"""

import pathlib
import re
import shutil
import sys
import tempfile

MANUAL = "docs/man/heliograph.8.in"
FAMILIES = "bridge/ctl/metrics_families.c"
LOG = {"bridge/base/log.c"}                         # it passes events on
CALL = re.compile(r"\bhg_log\(\s*[^,()]+,\s*(\"[^\"]*\"|[^,]*)")
EVENT = re.compile(r'"[a-z][a-z0-9]*(-[a-z0-9]+)*"')
COUNTER = re.compile(r'"([a-z_]+_total)[{"]')
GAUGE = re.compile(r'\bhg_metrics_set\(\s*[^,]+,\s*"([a-z_]+)[{"]')
WRITTEN_GAUGE = re.compile(r'snprintf\([^"]*"([a-z_]+)\{')
FAMILY = re.compile(r'\b(?:COUNT|GAUGE)\("([a-z_]+)"')


def sources(root):
    """(name, text without comments) of every source file."""
    for path in sorted(p for top in ("bridge", "plugins") for p in (root / top).rglob("*.c")):
        text = path.read_text(encoding="utf-8")
        yield (str(path.relative_to(root)),
               re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S))


def place(name, text, at):
    return "%s:%d" % (name, text.count("\n", 0, at) + 1)


def used(root):
    """({event: place}, {family: place}, faults)"""
    events, families, faults = {}, {}, []
    for name, text in sources(root):
        for call in CALL.finditer(text):
            where = place(name, text, call.start())
            if EVENT.fullmatch(call[1]):
                events.setdefault(call[1].strip('"'), where)
            elif name not in LOG:
                faults.append("%s: an event that is not written out: %s" % (where, call[1]))
        if name == FAMILIES:
            continue
        for pattern in COUNTER, GAUGE, WRITTEN_GAUGE:
            for call in pattern.finditer(text):
                families.setdefault(call[1], place(name, text, call.start()))
    return events, families, faults


def documented_events(root):
    section = re.search(r"^\.Sh LOG EVENTS$(.*?)^\.Sh ", (root / MANUAL).read_text(encoding="utf-8"),
                        re.S | re.M)
    return re.findall(r"^\.It Sy (\S+)", section[1], re.M) if section else []


def check(root):
    events, families, faults = used(root)
    listed = documented_events(root)
    table = FAMILY.findall((root / FAMILIES).read_text(encoding="utf-8"))
    faults += ["%s: event %s is not in %s" % (events[e], e, MANUAL) for e in sorted(events) if e not in listed]
    faults += ["%s: there is no event %s" % (MANUAL, e) for e in listed if e not in events]
    faults += ["%s: event %s is not in its alphabetical place" % (MANUAL, b)
               for a, b in zip(listed, listed[1:]) if a >= b]
    faults += ["%s: metric %s is not in %s" % (families[f], f, FAMILIES)
               for f in sorted(families) if f not in table]
    faults += ["%s: nothing counts %s" % (FAMILIES, f) for f in table if f not in families]
    return faults, len(events), len(table)


# ---- self-test: (file, what it is replaced by or gets added, part of the fault) ---------------------

PLANTED = [
    ("bridge/base/a.c", 'void f(void) { hg_log(HG_INFO, "not-told", ""); }', "event not-told is not in"),
    ("bridge/base/b.c", 'void f(void) { hg_log(c ? HG_INFO : HG_WARN,\n"not-told-2", ""); }', "event not-told-2 is not in"),
    ("bridge/base/c.c", "void f(void) { hg_log(HG_INFO, name, \"\"); }", "not written out: name"),
    ("plugins/sip/a.c", 'void f(void) { h->count(c, "new_total", 1); }', "metric new_total is not in"),
    ("plugins/sip/b.c", 'void f(void) { w = "odd_total{a=\\"b\\"}"; }', "metric odd_total is not in"),
    ("bridge/ctl/a.c", 'void f(void) { hg_metrics_set(m, "height", 1); }', "metric height is not in"),
    (FAMILIES, 'COUNT("never_total", "", "Never.")', "nothing counts never_total"),
    ("bridge/base/d.c", '/* hg_log(HG_INFO, "in-comment", ""); */', None),
]


def self_test(root):
    wrong = 0
    for name, planted, expected in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for top in "bridge", "plugins", "docs":
                shutil.copytree(root / top, copy / top)
            before = set(check(copy)[0])
            with open(copy / name, "a", encoding="utf-8") as file:
                file.write(planted + "\n")
            found = [f for f in check(copy)[0] if f not in before]
            if (found != []) if expected is None else (len(found) != 1 or expected not in found[0]):
                print("self-test: %s: %r: expected %s, found %s" % (name, planted, expected, found))
                wrong += 1
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for top in "bridge", "plugins", "docs":
            shutil.copytree(root / top, copy / top)
        text = (copy / MANUAL).read_text(encoding="utf-8")
        (copy / MANUAL).write_text(text.replace(".It Sy started", ".It Sy aaa"), encoding="utf-8")
        found = "\n".join(check(copy)[0])
        if not all(part in found for part in ("no event aaa", "event started is not", "aaa is not in its")):
            print("self-test: manual: found %s" % found)
            wrong += 1
    print("%d cases, %d wrong" % (len(PLANTED) + 1, wrong))
    return 1 if wrong else 0


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    if sys.argv[1:] == ["--self-test"]:
        return self_test(root)
    faults, events, families = check(root)
    for fault in faults:
        print(fault)
    print("%d events, %d metrics, %d faults" % (events, families, len(faults)))
    return 1 if faults or not events else 0


if __name__ == "__main__":
    sys.exit(main())
