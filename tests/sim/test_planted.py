#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every planted defect (bridge/mirror/planted.h) is caught, by the invariant that it breaks, and replays exactly."""

import os
import pathlib
import re
import sys

from simulation import fail, run

SEEDS = 400
BATCH = 20

# defect, the invariant that it breaks
PLANTED = [
    ("SHARED_RECEIVED_VIEW", 2),
    ("KEY_WITHOUT_CONTAINER", 2),
    ("BYTES_WAIT", 2),
    ("NO_HOLD", 2),
    ("NO_DIRTY_AFTER_HOLD", 1),
    ("ANSWER_NOT_DELIVERY", 4),
    ("APPLY_BEFORE_COMMIT", 5),
    ("LINK_LOSS_IS_OFFLINE", 6),
    ("PROJECTION_SURVIVES_LINK", 1),
    ("NO_SETTLE", 1),
    ("FLAP_AT_LINK_UP", 6),
    ("UNSUBSCRIBE_ON_LAST_OUTLET", 1),
    ("ECHO_TO_SOURCE", 4),
    ("PARTIAL_REQUEST", 5),
    ("SEQUENCE_FROM_VIEW", 3),
    ("ANSWER_BEFORE_COMMIT", 5),
    ("HINT_OVER_DURABLE", 5),
    ("RESTORED_IS_CONFIRMED", 6),
    ("HALVES_NOT_LOADED", 5),
    ("VERSIONS_NOT_LOADED", 5),
    ("PENDING_NOT_ASKED_AGAIN", 1),
    ("FAREWELL_NOT_SENT", 6),
    ("QUEUE_WITHOUT_END", 7),
    ("LINKED_STAYS", 5),
    ("SHOWN_TO_ITSELF", 4),
    ("CONTACT_TAKES_LINK", 1),
    ("NAME_IS_PERSON", 5),
    ("LET_IN_BEFORE_COMMIT", 1),
    ("HIDDEN_REFUSED", 2),
    ("GROUP_LEFT_IN_STORE", 5),
    ("HINTS_SURVIVE_USER", 5),
    ("RIGHT_AT_ARRIVAL", 5),
    ("DELEGATE_STAYS", 5),
    ("BLOCKED_NOT_HELD", 2),
    ("SAID_AGAIN_IS_NEW", 5),
    ("FRAGMENT_WITHOUT_TABLE", 1),
    ("TABLE_OF_ALL", 2),
    ("LOOK_OF_ANOTHER", 2),
    ("LOOK_NOT_HELD", 2),
    ("LOOK_SHOWS_BLOCKED", 2),
    ("ENDED_WATCH_WAITS", 2),
    ("ASPECT_OF_ANOTHER", 2),
    ("ASPECT_OUTLIVES_LANE", 1),
    ("ALSO_OF_ANY_CIRCLE", 2),
    ("AGAIN_IS_OLD", 2),
    ("LOST_TO_ROUTE_IS_TOLD", 1),
    ("ANY_LANE_SPEAKS", 2),
    ("SAID_FOR_EVER", 5),
    ("SAID_NOT_READ_AGAIN", 5),
    ("SINCE_OF_ANY_CIRCLE", 2),
    ("TAKEN_BACK_COMES_AGAIN", 5),
    ("DIRECTED_OUTLIVES_LINK", 2),
    ("GIVEN_TO_ALL_FOR_EVER", 7),
    ("NOBODY_IS_NOT_ASKED", 1),
    ("SILENCE_IS_CONSENT", 1),
    ("WORDS_ALONE_COUNT", 2),
    ("MEMO_NOT_LOADED", 5),
    ("MEMO_COMES_AGAIN", 5),
    ("UNBLOCKED_NOT_TOLD", 1),
    ("AGREED_NOT_TOLD", 1),
    ("LAST_WORDS_AT_HOME", 2),
    ("LAST_WORDS_STAY", 6),
]
VIOLATION = re.compile(r"^VIOLATION of invariant (\d) .*?, seed (\d+), step (\d+): .*$", re.M)


def caught(program, invariant):
    """(seed, line) of the first violation of that invariant, or None"""
    for first in range(1, SEEDS, BATCH):
        _, output = run(program, "--seeds", BATCH, "--seed", first)
        for match in VIOLATION.finditer(output):
            if int(match.group(1)) == invariant:
                return int(match.group(2)), match.group(0)
    return None


def check_names():
    """The table above is the enum."""
    header = pathlib.Path(os.environ["HG_SOURCE_DIR"]) / "bridge/mirror/planted.h"
    names = re.findall(r"^\tHG_BUG_(\w+)(?: = 1)?,", header.read_text(encoding="utf-8"), re.M)
    if names != [name for name, _ in PLANTED]:
        fail(f"planted.h has {names}")


def main():
    missed = []
    check_names()
    for number, (name, invariant) in enumerate(PLANTED, 1):
        program = f"heliograph-sim-bug{number}"
        found = caught(program, invariant)
        if not found:
            missed.append(name)
            print(f"{name:<28} breaks {invariant}: NOT caught in {SEEDS} schedules")
            continue
        seed, line = found
        status, output = run(program, "--seeds", 1, "--seed", seed)
        if status != 1 or line not in output:
            fail(f"{name}: seed {seed} does not replay")
        print(f"{name:<28} breaks {invariant}: caught with seed {seed:>3}, step {VIOLATION.match(line).group(3):>3}")
    if missed:
        fail(f"not caught: {', '.join(missed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
