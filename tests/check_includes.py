#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Which folder may include what: the layers of Heliograph, as a test.

    tests/check_includes.py              prints each violation as FILE:LINE: WHAT, and exits 1 if there is one
    tests/check_includes.py --self-test  plants one violation of each kind in a copy and wants them all found

docs/architecture.md explains the layers. To let a layer use something new is a decision: change the table here
in the same commit that needs it.
"""

import pathlib
import re
import sys
import tempfile

# folder: (folders or headers it may include besides its own, libraries it may use)
MATRIX = {
    "bridge/base": ((), ()),
    "bridge/presence": (("bridge/base",), ()),
    # what was said whole is part of what a record is told by
    "bridge/mapping": (("bridge/base", "bridge/presence/digest.h"), ()),
    "bridge/address": (("bridge/base",), ("libidn",)),
    # a tuple's id in a document is a resource: the codec is the address's
    "bridge/documents": (("bridge/base", "bridge/address/tuple_id.h"), ("libxml2",)),
    "bridge/mirror": (
        ("bridge/base", "bridge/presence", "bridge/mapping", "bridge/address", "bridge/store/store.h"),
        (),
    ),
    "bridge/store": (("bridge/base",), ("sqlite", "libuv")),
    "bridge/conf": (("bridge/base", "bridge/presence", "bridge/mapping", "bridge/address"), ("libyaml",)),
    "bridge/plugin": (
        ("bridge/base", "bridge/presence", "bridge/mapping", "bridge/address", "bridge/mirror", "bridge/loop"),
        ("dl",),
    ),
    "bridge/loop": (("bridge/base",), ("libuv",)),
    "bridge/compat": (("bridge/base",), ("sofia-sip", "libstrophe", "expat", "dl")),
    "bridge/client": (("bridge/base",), ("jansson",)),
    "bridge/ctl": (("bridge/*",), ("libuv", "jansson", "libwebsockets", "libsystemd")),
    # dl: a remedy calls the library function whose place it takes
    "plugins/sip": (("bridge/documents",), ("sofia-sip", "openssl", "zlib", "dl")),
    "plugins/xmpp": (("bridge/documents",), ("libstrophe", "dl")),
    "plugins/loopback": (("bridge/documents",), ()),
}
PUBLIC = "bridge/include/heliograph"

# Seams that a pure folder may see, so that they include what public headers may and nothing more.
SEAMS = {header for allowed, _ in MATRIX.values() for header in allowed if header.endswith(".h")}

# Same input, same output: the clock, randomness and the world come in as arguments.
PURE = {"bridge/presence", "bridge/mapping", "bridge/mirror"}
IMPURE_HEADERS = re.compile(
    r"(time|unistd|fcntl|poll|netdb|pthread|threads|signal|dlfcn)\.h"
    r"|sys/(time|random|socket|epoll|un|stat|types|select)\.h|arpa/.*|netinet/.*"
)

# the headers of each library; uthash is a header and nothing else, so every layer may have it
LIBRARIES = {
    "libuv": r"uv\.h|uv/.*",
    "sofia-sip": r"sofia-sip/.*",
    "libstrophe": r"strophe\.h",
    "libxml2": r"libxml/.*",
    "sqlite": r"sqlite3(ext)?\.h",
    "libyaml": r"yaml\.h",
    "libidn": r"(stringprep|idna|punycode|tld|pr29|idn-[a-z]+)\.h",
    "jansson": r"jansson.*\.h",
    "expat": r"expat(_.*)?\.h",
    "openssl": r"openssl/.*",
    "zlib": r"z(lib|conf)\.h",
    "libwebsockets": r"libwebsockets\.h|libwebsockets/.*",
    "libsystemd": r"systemd/.*",
    "dl": r"dlfcn\.h",
    "uthash": r"ut(hash|list|array|string|ringbuffer|stack)\.h",
}
EVERYWHERE = {"uthash"}

C_LIBRARY = re.compile(
    r"(assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg"
    r"|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|uchar|wchar|wctype"
    r"|dirent|endian|err|execinfo|fcntl|fnmatch|getopt|glob|grp|ifaddrs|libgen|netdb|paths|poll|pthread|pwd|regex"
    r"|sched|search|semaphore|spawn|strings|syslog|sysexits|termios|ucontext|unistd|utime|byteswap|malloc)\.h"
    r"|(sys|arpa|netinet|net|linux|bits)/.*\.h"
)
PUBLIC_C_LIBRARY = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}

DIRECTIVE = re.compile(r"^\s*#\s*(?:include|include_next|import)\b\s*(.*)")


def includes(text):
    """(line number, delimiter, header) of every #include; the delimiter is '' for one that is computed."""
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        directive = DIRECTIVE.match(line)
        if not directive:
            continue
        operand = re.match(r'([<"])([^>"]+)[>"]', directive.group(1))
        yield (number, *operand.groups()) if operand else (number, "", directive.group(1).strip())


def library_of(header):
    for name, pattern in LIBRARIES.items():
        if re.fullmatch(pattern, header):
            return name
    return None


def check_system(folder, header):
    """What is wrong with #include <header> in a folder of the matrix, or None."""
    library = library_of(header)
    if folder in PURE and IMPURE_HEADERS.fullmatch(header):
        return f"<{header}>: {folder} is pure, it gets clock, randomness and input passed in"
    if library:
        if library in EVERYWHERE or library in MATRIX[folder][1]:
            return None
        users = [f for f, (_, libraries) in MATRIX.items() if library in libraries]
        return f"<{header}>: {folder} may not use {library}, only {', '.join(users)} may"
    if C_LIBRARY.fullmatch(header):
        return None
    return f"<{header}>: of no library that Heliograph uses"


def check_own(root, folder, header):
    """What is wrong with #include "header" in a folder of the matrix, or None."""
    if not (root / header).is_file():
        return f'"{header}": no such file from the top of the repository, which is where these start'
    target = str(pathlib.PurePosixPath(header).parent)
    if target == PUBLIC:
        return f'"{header}": a public header is included as <heliograph/...>'
    allowed = (folder,) + MATRIX[folder][0]
    if target in allowed or header in allowed or ("bridge/*" in allowed and target.startswith("bridge/")):
        return None
    return f'"{header}": {folder} may not include {target}'


def check_public(root, delimiter, header):
    if delimiter == "<" and header in PUBLIC_C_LIBRARY:
        return None
    if delimiter == "<" and header.startswith("heliograph/"):
        return check_exists(root, header)
    return f"{header}: this one includes public headers and {', '.join(sorted(PUBLIC_C_LIBRARY))} only"


def check_exists(root, header):
    if (root / "bridge/include" / header).is_file():
        return None
    return f"<{header}>: no such public header"


def check_one(root, folder, name, delimiter, header):
    if not delimiter:
        return f"{header}: computed, cannot be checked"
    if folder == PUBLIC or name in SEAMS:
        return check_public(root, delimiter, header)
    if delimiter == '"':
        return check_own(root, folder, header)
    if header.startswith("heliograph/"):
        return check_exists(root, header)
    return check_system(folder, header)


def check(root):
    """(violations, files read)"""
    violations, files = [], 0
    for path in sorted(p for top in ("bridge", "plugins") for p in (root / top).rglob("*.[ch]")):
        folder = str(path.parent.relative_to(root))
        name = str(path.relative_to(root))
        files += 1
        if folder != PUBLIC and folder not in MATRIX:
            violations.append(f"{name}:1: folder {folder} is not in the matrix of tests/check_includes.py")
            continue
        for line, delimiter, header in includes(path.read_text(encoding="utf-8")):
            what = check_one(root, folder, name, delimiter, header)
            if what:
                violations.append(f"{name}:{line}: {what}")
    return violations, files


# ---- self-test: (file, line to plant, part of the message; None if it is allowed) ------------------

PLANTED = [
    ("bridge/presence/a.c", "#include <uv.h>", "may not use libuv"),
    ("bridge/presence/b.c", "#include <time.h>", "is pure"),
    ("bridge/presence/c.c", '#include "bridge/mirror/known.h"', "may not include bridge/mirror"),
    ("bridge/mapping/a.c", "#include <libxml/tree.h>", "may not use libxml2"),
    ("bridge/mirror/a.c", "#include <sqlite3.h>", "may not use sqlite"),
    ("bridge/mirror/b.c", "#include <sofia-sip/nta.h>", "may not use sofia-sip"),
    ("bridge/mirror/c.c", "  #  include\t<strophe.h>", "may not use libstrophe"),
    ("bridge/mirror/d.h", '#include "bridge/documents/known.h"', "may not include bridge/documents"),
    ("bridge/mirror/e.c", '#include "bridge/store/known.h"', "may not include bridge/store"),
    ("bridge/store/store.h", "#include <sqlite3.h>", "this one includes"),
    ("bridge/conf/a.c", "#include <stringprep.h>", "only bridge/address may"),
    ("bridge/loop/a.c", "#include <expat.h>", "only bridge/compat may"),
    ("bridge/base/a.c", '#include "bridge/presence/known.h"', "may not include bridge/presence"),
    ("bridge/store/a.c", "#include <glib.h>", "of no library"),
    ("bridge/store/b.c", '#include "known.h"', "no such file from the top"),
    ("bridge/ctl/a.c", '#include "plugins/sip/known.h"', "may not include plugins/sip"),
    ("bridge/ctl/b.c", '#include "bridge/include/heliograph/known.h"', "as <heliograph/...>"),
    ("bridge/ctl/c.c", "#include HEADER", "computed"),
    ("bridge/extra/a.c", "", "not in the matrix"),
    ("bridge/include/heliograph/a.h", '#include "bridge/base/known.h"', "this one includes"),
    ("bridge/include/heliograph/b.h", "#include <uv.h>", "this one includes"),
    ("bridge/include/heliograph/c.h", "#include <heliograph/none.h>", "no such public header"),
    ("plugins/sip/a.c", '#include "plugins/xmpp/known.h"', "may not include plugins/xmpp"),
    ("plugins/xmpp/a.c", '#include "bridge/mirror/known.h"', "may not include bridge/mirror"),
    ("plugins/xmpp/b.c", "#include <sofia-sip/sip.h>", "may not use sofia-sip"),
    ("plugins/xmpp/c.c", "#include <heliograph/none.h>", "no such public header"),
    ("plugins/other/a.c", "", "not in the matrix"),
    ("bridge/address/good.c", "#include <stringprep.h>", None),
    ("bridge/mirror/good.c", '#include "bridge/presence/known.h"', None),
    ("bridge/mirror/seam.c", '#include "bridge/store/store.h"', None),
    ("bridge/mirror/good.h", "#include <uthash.h>", None),
    ("bridge/presence/good.c", "/* unlike\n#include <uv.h>\nthis */ #include <string.h>", None),
    ("bridge/ctl/good.c", '#include "bridge/compat/known.h"', None),
    ("bridge/include/heliograph/good.h", "#include <heliograph/known.h>", None),
    ("plugins/sip/good.c", '#include "bridge/documents/known.h"', None),
]


def self_test():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in [*MATRIX, PUBLIC]:
            (root / name).mkdir(parents=True, exist_ok=True)
            (root / name / "known.h").write_text("#pragma once\n")
        for name, planted, _ in PLANTED:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"/* first */ {planted}\n" if not planted else f"/* first */\n{planted}\n")
        violations, _ = check(root)
        for name, planted, expected in PLANTED:
            line = 2 if planted else 1
            found = [v for v in violations if v.startswith(f"{name}:")]
            right = not found if expected is None else (
                len(found) == 1 and found[0].startswith(f"{name}:{line}:") and expected in found[0])
            if not right:
                print(f"self-test: {name}: {planted!r}: expected {expected}, found {found}")
                failures += 1
    print(f"{len(PLANTED)} cases, {failures} wrong")
    return 1 if failures else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    violations, files = check(root)
    for violation in violations:
        print(violation)
    print(f"{files} files, {len(violations)} violations")
    return 1 if violations or not files else 0


if __name__ == "__main__":
    sys.exit(main())
