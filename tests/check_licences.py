#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every file says its licence: an SPDX line among its first five, and its text is in LICENSES/.

    tests/check_licences.py              prints each fault as FILE: WHAT, and exits 1 if there is one
    tests/check_licences.py --self-test  plants one fault of each kind and wants them all found
"""

import pathlib
import re
import sys
import tempfile

TAG = re.compile(r"SPDX-License-Identifier: ([A-Za-z0-9.-]+)")
OURS = "Apache-2.0"
# Who links libpurple: nobody else may be under this licence.
GPL = ("tests/peers/purple-probe/", "GPL-2.0-or-later")
SKIPPED_FOLDERS = {".git", "build", "__pycache__", "LICENSES"}
# Their form has no place for it: licences, prose, JSON, what is compared octet by octet, what a fuzzer is fed.
WITHOUT = re.compile(r"^(LICENSE|NOTICE|CMakePresets\.json|.*\.md|tests/golden/.*|mappings/loss/.*|tests/fuzz/(.*\.dict|(corpus|seeds?)/.*)"
                     r"|.*/transcripts/.*|\.git(ignore|attributes)|\.editorconfig|\.clang-format)$")


def files(root):
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not SKIPPED_FOLDERS & set(name.parts) and not WITHOUT.match(str(name)):
            yield str(name), path


def check(root):
    """(faults, number of files)"""
    faults, count, used = [], 0, set()
    for name, path in files(root):
        count += 1
        try:
            head = "".join(path.open(encoding="utf-8").readlines()[:5])
        except UnicodeDecodeError:
            faults.append("%s: not text" % name)
            continue
        tag = TAG.search(head)
        wanted = GPL[1] if name.startswith(GPL[0]) else OURS
        if not tag:
            faults.append("%s: no SPDX-License-Identifier in its first lines" % name)
        elif tag[1] != wanted:
            faults.append("%s: %s, but here it must be %s" % (name, tag[1], wanted))
        used.add(wanted)
    faults += ["LICENSES/%s.txt: not there" % licence for licence in sorted(used)
               if not (root / "LICENSES" / (licence + ".txt")).is_file()]
    return faults, count


PLANTED = [
    ("bridge/a.c", "/* nothing */\n", "no SPDX"),
    ("bridge/b.c", "\n\n\n\n\n/* SPDX-License-Identifier: Apache-2.0 */\n", "no SPDX"),
    ("bridge/c.c", "/* SPDX-License-Identifier: GPL-2.0-or-later */\n", "must be Apache-2.0"),
    (GPL[0] + "a.c", "/* SPDX-License-Identifier: Apache-2.0 */\n", "must be GPL-2.0-or-later"),
    ("bridge/good.c", "/* SPDX-License-Identifier: Apache-2.0 */\n", None),
    (GPL[0] + "good.c", "/* SPDX-License-Identifier: GPL-2.0-or-later */\n", None),
    ("README.md", "nothing\n", None),
    ("build/x.c", "nothing\n", None),
]


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text, _ in PLANTED:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        faults = check(root)[0]
    wanted = {"LICENSES/Apache-2.0.txt": "not there", "LICENSES/GPL-2.0-or-later.txt": "not there",
              **{name: fault for name, _, fault in PLANTED if fault}}
    found = dict(fault.split(": ", 1) for fault in faults)
    right = set(found) == set(wanted) and all(wanted[name] in found[name] for name in wanted)
    print("%d cases%s" % (len(PLANTED) + 2, "" if right else ", but found: %s" % faults))
    return 0 if right else 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    faults, count = check(pathlib.Path(__file__).resolve().parent.parent)
    for fault in faults:
        print(fault)
    print("%d files, %d faults" % (count, len(faults)))
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
