#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Is register.yaml true? Every vector is in it once, runs where it says, and no test names another's
number. Prints how many there are of each mark, and what is open."""

import ast
import collections
import functools
import os
import re
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
LAST = 85
MARKS = {"S": "runs", "P": "runs", "C": "runs", "N": "why", "-": "why"}      # and what each needs
KEYS = {"tv", "mark", "title", "runs", "why", "differs"}
NUMBER = re.compile(r"(?:\bTV-|_tv_)(\d+)")
C_TEST = re.compile(r"^static void (\w+)\(void \*\*state\)\n\{\n.*?^\}\n", re.M | re.S)


def numbers(text):
    return {int(number) for number in NUMBER.findall(text)}


def tests_of_c(text):
    """(name, text) of each test that main() lists; a comment right above it is part of it."""
    listed = set(re.findall(r"\bcmocka_unit_test\w*\(\s*(\w+)", text))
    for found in C_TEST.finditer(text):
        if found.group(1) in listed:
            begin = found.start()
            if text.endswith("*/\n", 0, begin):
                begin = text.rfind("/*", 0, begin)
            yield found.group(1), text[begin:found.end()]


def tests_of_python(text):
    """(name, text) of each method of a class that unittest runs."""
    lines = text.splitlines(keepends=True)
    for place in ast.parse(text).body:
        for node in place.body if isinstance(place, ast.ClassDef) else ():
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name, "".join(lines[node.lineno - 1:node.end_lineno])


def sources():
    """{file below tests/: its text}"""
    found = {}
    for folder, _, names in os.walk(TESTS):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".c", ".h", ".py")) and not os.path.samefile(path, __file__):
                with open(path, encoding="utf-8") as file:
                    found[os.path.relpath(path, TESTS)] = file.read()
    return found


@functools.lru_cache(maxsize=None)
def named_in(path, text):
    """{FILE:TEST: the numbers that it names}, and the numbers that are named outside of any test."""
    tests, rest = {}, text
    tests_of = tests_of_python if path.endswith(".py") else tests_of_c
    for name, part in tests_of(text) if os.path.basename(path).startswith("test_") else ():
        run = "%s:%s" % (path, name)
        tests[run] = tests.get(run, set()) | numbers(part)
        rest = rest.replace(part, "", 1)
    return tests, sorted(numbers(rest))


def named(files):
    """Of all files; the second is a list of faults."""
    tests, strays = {}, []
    for path, text in sorted(files.items()):
        here, outside = named_in(path, text)
        tests.update(here)
        strays += ["%s: TV-%02d is named outside of a test" % (path, number) for number in outside]
    return tests, strays


def faults_of(entry, tests):
    """What is wrong with one line."""
    number, mark, runs = entry.get("tv"), entry.get("mark"), entry.get("runs", [])
    name = "TV-%02d" % number if isinstance(number, int) else "a line"
    if set(entry) - KEYS or not entry.get("title"):
        yield "%s: unknown key, or no title" % name
    if mark not in MARKS:
        yield "%s: mark %r" % (name, mark)
        return
    if not entry.get(MARKS[mark]):
        yield "%s: %s without `%s`" % (name, mark, MARKS[mark])
    if MARKS[mark] == "runs" and not any(run.startswith("vectors/") for run in runs):
        yield "%s: runs nowhere in vectors/" % name
    if mark == "N" and runs:
        yield "%s: N, and runs all the same" % name
    for run in runs:
        if run not in tests:
            yield "%s: there is no test %s" % (name, run)
        elif number not in tests[run]:
            yield "%s: %s does not name it" % (name, run)


def faults(register, files):
    tests, found = named(files)
    count = collections.Counter(entry.get("tv") for entry in register)
    found += ["TV-%02d: %d lines" % (number, count[number])
              for number in range(1, LAST + 1) if count[number] != 1]
    found += ["%r: no such vector" % (number,) for number in count if number not in range(1, LAST + 1)]
    for entry in register:
        found += faults_of(entry, tests)
    registered = {(run, entry.get("tv")) for entry in register for run in entry.get("runs", [])}
    found += ["%s: names TV-%02d, whose line does not have it" % (run, number)
              for run, names in sorted(tests.items()) for number in sorted(names)
              if (run, number) not in registered]
    return found


# ---- each check finds what it is there for

def planted(register, files):
    """(what is wrong, a register and files in which it is)"""
    def changed(number, **changes):
        return [dict(entry, **changes) if entry["tv"] == number else entry for entry in register], files

    def added(path, text):
        return register, {**files, path: files.get(path, "") + text}

    place, number = "vectors/test_ep_server.py", "TV-12"
    yield "TV-07: 0 lines", ([entry for entry in register if entry["tv"] != 7], files)
    yield "TV-07: 2 lines", (register + [entry for entry in register if entry["tv"] == 7], files)
    yield "86: no such vector", (register + [{"tv": LAST + 1, "mark": "N", "title": "x", "why": "x"}], files)
    yield "TV-41: mark 'X'", changed(41, mark="X")
    yield "TV-41: unknown key", changed(41, remark="x")
    yield "TV-41: S without `runs`", changed(41, runs=[])
    yield "TV-07: N without `why`", changed(7, why="")
    yield "TV-75: - without `why`", changed(75, mark="-", runs=[], why="")
    yield "TV-41: N, and runs", changed(41, mark="N", why="x")
    yield "TV-41: runs nowhere", changed(41, runs=["unit/test_presence_pubs.c:versions_grow_from_one"])
    yield "TV-41: there is no test", changed(41, runs=[place + ":test_tv_99"])
    yield "TV-41: %s:test_tv_42 does not name it" % place, changed(41, runs=[place + ":test_tv_42"])
    yield "names TV-44, whose line", changed(44, runs=[place + ":test_tv_44"])
    yield "test_x.py:test_y: names " + number, added(
        "scenario/test_x.py", "class X:\n    def test_y(self):\n        pass  # %s\n" % number)
    yield "test_x.c: %s is named outside" % number, added("unit/test_x.c", "/* %s */\n" % number)
    path = "vectors/test_states.c"
    yield "there is no test %s:bands" % path, (
        register, {**files, path: files[path].replace("cmocka_unit_test(bands)", "")})


def main():
    with open(os.path.join(HERE, "register.yaml"), encoding="utf-8") as file:
        register = yaml.safe_load(file)
    files = sources()
    found = faults(register, files)
    for what, (other, others) in planted(register, files) if not found else ():
        if not any(what in fault for fault in faults(other, others)):
            found.append("the check does not find: " + what)
    for fault in found:
        print(fault)
    count = collections.Counter(entry.get("mark") for entry in register)
    print(", ".join("%s %d" % (mark, count[mark]) for mark in "SPCN") + ", open %d" % count["-"])
    for entry in register:
        if entry.get("mark") == "-":
            print("open: TV-%02d %s: %s" % (entry["tv"], entry["title"], entry["why"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
