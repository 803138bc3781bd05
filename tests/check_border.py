#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/border-edges.md, tests/unit/test_mirror_border.c and the tests with real clients say the same.

    tests/check_border.py              prints what does not fit, and exits 1 if something does not
    tests/check_border.py --write      fills in the page's last column from tests/scenario/test_border_*.py
    tests/check_border.py --self-test  plants one fault of each kind in a copy and wants them all found

The last column of the page names the test with real clients that walks the row, as FILE.TEST without `test_border_` and
`test_`; or "unit: WHY" where no real client can get there. A test walks the rows whose ids stand in it as strings; that it
really does, tests/scenario/border.py sees to when it runs.
"""

import ast
import pathlib
import re
import shutil
import sys
import tempfile

PAGE = "docs/border-edges.md"
UNIT = "tests/unit/test_mirror_border.c"
STORIES = "tests/scenario/test_border_%s.py"
ID = re.compile(r"[OIT]\d+")
C_ROW = re.compile(r'\{ "([OIT]\d+)", "([^"]*)", "([^"]*)", "([^"]*)",((?:\s*"[^"]*")*)\s*\}')
COLUMNS = 9


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def page_rows(text):
    """{id: (cells, line number)}"""
    return {cells(line)[0]: (cells(line), number) for number, line in enumerate(text.splitlines(), 1)
            if line.startswith("|") and ID.fullmatch(cells(line)[0])}


def unit_rows(text):
    """{id: (before, event, after, edges sent)}"""
    return {m[1]: (m[2], m[3], m[4], sorted(re.findall(r"(?:\"|\\n)edge (\w+)", m[5])))
            for m in C_ROW.finditer(text)}


def stories(root):
    """{"FILE.TEST": ids of the rows that it walks}"""
    found = {}
    for path in sorted(root.glob(STORIES % "*")):
        name = path.stem.removeprefix("test_border_")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for test in ast.walk(tree):
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                found["%s.%s" % (name, test.name.removeprefix("test_"))] = {
                    node.value for node in ast.walk(test)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value)}
    return found


def faults(root):
    text = (root / PAGE).read_text(encoding="utf-8")
    page, unit, walked = page_rows(text), unit_rows((root / UNIT).read_text(encoding="utf-8")), stories(root)
    for name in sorted(set(page) ^ set(unit)):
        yield "%s: only in %s" % (name, PAGE if name in page else UNIT)
    for name, (row, line) in page.items():
        where = "%s:%d: %s" % (PAGE, line, name)
        if len(row) != COLUMNS:
            yield "%s: %d columns, not %d" % (where, len(row), COLUMNS)
            continue
        said = row[1], row[2], row[3], sorted(re.findall(r"`(\w+)`", row[4]))
        if name in unit and said != unit[name]:
            yield "%s: %s, but %s in %s" % (where, said, unit[name], UNIT)
        if re.fullmatch(r"unit: \S.*", row[8]):
            continue
        if not row[8]:
            yield "%s: neither a test with real clients nor the reason why there is none" % where
        for test in row[8].split(", ") if row[8] else ():
            if test not in walked:
                yield "%s: there is no test '%s'" % (where, test)
            elif name not in walked[test]:
                yield "%s: '%s' does not walk it" % (where, test)
    for test, ids in walked.items():
        for name in sorted(ids):
            if name not in page:
                yield "%s walks %s, which %s does not have" % (test, name, PAGE)
            elif test not in page[name][0][-1].split(", "):
                yield "%s walks %s, and %s does not say so: --write" % (test, name, PAGE)


def write(root):
    path, walked = root / PAGE, stories(root)
    lines = path.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        row = cells(line)
        if not line.startswith("|") or not ID.fullmatch(row[0]):
            continue
        tests = ", ".join(sorted(test for test, ids in walked.items() if row[0] in ids))
        old = row[8] if len(row) == COLUMNS else ""
        row = row[:8] + [tests or (old if old.startswith("unit: ") else "")]
        lines[at] = "| %s |" % " | ".join(row)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


PLANTED = (
    ("a row without a test", PAGE, r"(\n\| O1 .*\|)[^|\n]*\|\n", r"\1  |\n", "neither a test"),
    ("a test that does not exist", PAGE, r"(\n\| O2 .*\|)[^|\n]*\|\n", r"\1 out.nonsense |\n", "there is no test"),
    ("a test that does not walk it", PAGE, r"(\n\| O3 .*\|)[^|\n]*\|\n", r"\1 in.block |\n", "does not walk it"),
    ("no reason", PAGE, r"(\n\| O5 .*\|)[^|\n]*\|\n", r"\1 unit: |\n", "there is no test"),
    ("another edge", PAGE, r"(\n\| O16 .*\| )`probe`", r"\1`subscribe`", "but ('1/2', 'subscribed', '2/2', ['probe'])"),
    ("a row that the unit test does not have", PAGE, r"\n\| T27 ", r"\n| T28 ", "T28: only in"),
    ("a walk that the page does not say", STORIES % "in", r'"I22"', '"I23"', "does not say so"),
    ("a row that the page does not have", STORIES % "in", r'"I22"', '"I99"', "which docs"),
)


def self_test(root):
    missed = []
    for what, name, pattern, shall_be, wanted in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for path in [root / PAGE, root / UNIT, *root.glob(STORIES % "*")]:
                to = copy / path.relative_to(root)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)
            text, times = re.subn(pattern, shall_be, (copy / name).read_text(encoding="utf-8"), count=1)
            (copy / name).write_text(text, encoding="utf-8")
            if times != 1 or not any(wanted in fault for fault in faults(copy)):
                missed.append(what)
    return ["planted and not found: " + what for what in missed]


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    if sys.argv[1:] == ["--write"]:
        write(root)
    found = self_test(root) if sys.argv[1:] == ["--self-test"] else list(faults(root))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
