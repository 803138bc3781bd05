# SPDX-License-Identifier: Apache-2.0
"""User-mode instructions of another process: by the processor's counter, else by callgrind.

Counted instructions are the one cost that a busy machine does not change; times are not looked at."""

import ctypes
import os
import platform
import shutil
import struct
import subprocess

# perf_event_open(2)
SYSCALLS = {"x86_64": 298, "aarch64": 241}
INHERIT, EXCLUDE_KERNEL, EXCLUDE_HV = 1 << 1, 1 << 5, 1 << 6
ENABLED_AND_RUNNING = 3
ATTR_SIZE = 112


class Hardware:
    """The processor's counter of a process and its threads, those to come included."""

    wrapper = ""
    name = "the processor's counter"

    def __init__(self):
        self.fds = []

    def begin(self, pid, folder):
        self.fds = [_open(int(thread)) for thread in os.listdir("/proc/%d/task" % pid)]

    def end(self):
        total = 0
        for fd in self.fds:
            count, enabled, running = struct.unpack("3Q", os.read(fd, 24))
            os.close(fd)
            if enabled != running:
                raise RuntimeError("the counter was shared with somebody else; try again")
            total += count
        self.fds = []
        return total


def _open(thread):
    libc = ctypes.CDLL(None, use_errno=True)
    attr = struct.pack("2I5Q", 0, ATTR_SIZE, 1, 0, 0, ENABLED_AND_RUNNING,
                       INHERIT | EXCLUDE_KERNEL | EXCLUDE_HV).ljust(ATTR_SIZE, b"\0")
    fd = libc.syscall(SYSCALLS[platform.machine()], attr, thread, -1, -1, ctypes.c_ulong(0))
    if fd < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd


class Callgrind:
    """callgrind, switched on for what is measured. Also says where the instructions went."""

    wrapper = "valgrind -q --tool=callgrind --instr-atstart=no --callgrind-out-file=callgrind.out"
    name = "callgrind"

    def __init__(self):
        self.pid, self.folder, self.profile = 0, "", None

    def begin(self, pid, folder):
        self.pid, self.folder = pid, folder
        self._control("--instr=on")

    def end(self):
        self._control("--dump")
        self._control("--instr=off")
        self.profile = Profile(os.path.join(self.folder, "callgrind.out.1"))
        return self.profile.total

    def _control(self, order):
        done = subprocess.run(["callgrind_control", order, str(self.pid)], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode or "OK" not in done.stdout:
            raise RuntimeError("callgrind_control %s: %s" % (order, done.stdout))


class Profile:
    """A profile as callgrind writes it: what each function cost, alone and with all it called, and how often it was
    called. The format: valgrind's manual, "Callgrind Format Specification"."""

    def __init__(self, path):
        self.total, self.names = 0, {}
        self.alone, self.calls = {}, {}  # by (object, source file, function)
        self.whole = {}                  # by function
        with open(path, encoding="utf-8", errors="replace") as lines:
            self._read(map(str.rstrip, lines))

    def _read(self, lines):
        here = {"ob": "", "fl": "", "fn": ""}
        called = {}
        of_call = False  # the next line is what a call cost
        for line in lines:
            key, sign, text = line.partition("=")
            if sign and key in ("ob", "fl", "fi", "fe", "fn"):
                kind = "fl" if key in ("fi", "fe") else key
                here[kind] = self._name(kind, text)
            elif sign and key in ("cob", "cfi", "cfl", "cfn"):
                kind = {"cob": "ob", "cfn": "fn"}.get(key, "fl")
                called[kind] = self._name(kind, text)
            elif key == "calls":
                _add(self.calls, {**here, **called}, int(text.split()[0]))
                called, of_call = {}, True
            elif line.startswith("totals:"):
                self.total = int(line.split()[1])
            elif line and line[0] in "0123456789+-*":
                cost = int((line.split() + ["0"])[1])
                self.whole[here["fn"]] = self.whole.get(here["fn"], 0) + cost
                if not of_call:
                    _add(self.alone, here, cost)
                of_call = False

    def _name(self, kind, text):
        """Names stand in full once, and have numbers from then on."""
        number, _, name = text.partition(" ")
        if not number.startswith("("):
            return text
        if name:
            self.names[kind, number] = name
        return self.names[kind, number]

    def called(self, file, function):
        """How often a function of a source file was called."""
        return sum(n for (_, fl, fn), n in self.calls.items() if fl.endswith(file) and fn == function)

    def by(self, group):
        """Cost by what `group` makes of (object, file, function), most first."""
        sums = {}
        for key, cost in self.alone.items():
            name = group(*key)
            sums[name] = sums.get(name, 0) + cost
        return sorted(sums.items(), key=lambda item: -item[1])

    def dearest(self, pattern):
        """Functions of such a name by cost with all that they called, most first."""
        return sorted(((fn, cost) for fn, cost in self.whole.items() if pattern.match(fn)),
                      key=lambda item: -item[1])


def _add(table, who, n):
    key = (who["ob"], who["fl"], who["fn"])
    table[key] = table.get(key, 0) + n


def counter():
    """The counter to use here, None if there is none."""
    try:
        os.close(_open(os.getpid()))
        return Hardware
    except (OSError, KeyError):
        return Callgrind if shutil.which("callgrind_control") else None
