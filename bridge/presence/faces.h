/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what the resources of a remote person say to the one presence that a watcher of him is
 * shown. The grammar expands each statement, and the same aggregation as for home people decides
 * (design: dnd in any resource wins, else the most available; ties by priority, then the newest;
 * the note and the idle time come from the face that was chosen).
 */
#pragma once

#include "bridge/presence/grammar.h"

struct hg_said {
	const struct hg_statement *statement;
	int64_t at; /* UTC ms of its arrival */
};

/* Resources with a negative priority take no part. Without any that does the person is offline, whatever is said beside. */
void hg_faces_presence(const struct hg_grammar *, const struct hg_said *, size_t n, int64_t utc_now,
	struct hg_presence *ret);
