# SPDX-License-Identifier: Apache-2.0
"""The XMPP adapter's contract with servers, story by story. Started by test_xmpp_component, which is also the adapter under test."""

import asyncio
import sys
import traceback

import xmpp_blocks
import xmpp_linked
import xmpp_people
import xmpp_requests
import xmpp_streams

PARTS = xmpp_streams, xmpp_people, xmpp_requests, xmpp_linked, xmpp_blocks


async def main():
    failed = 0
    stories = [(n, f) for part in PARTS for n, f in vars(part).items() if n.startswith("story_")]
    wanted = sys.argv[2:]
    for name, story in stories:
        if wanted and name[6:] not in wanted:
            continue
        started = asyncio.get_event_loop().time()
        try:
            await asyncio.wait_for(story(), 120)
            verdict = "ok"
        except Exception:
            traceback.print_exc()
            verdict, failed = "FAILED", failed + 1
        print("%-28s %s  %.1f s" % (name[6:], verdict, asyncio.get_event_loop().time() - started), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
