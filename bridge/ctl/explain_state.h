/* SPDX-License-Identifier: Apache-2.0 */
/* What `mapping explain --to` is asked about: words of a command line to a person's presence. */
#pragma once

#include "bridge/ctl/mapping_tables.h"

/* Its options, as items of its list; from STATE on they say something of a state. */
enum {
	HG_EXPLAIN_FROM = HG_TABLES_OPTIONS,
	HG_EXPLAIN_TO,
	HG_EXPLAIN_STATE,
	HG_EXPLAIN_TOKEN,
	HG_EXPLAIN_NOTE,
	HG_EXPLAIN_MANUAL,
	HG_EXPLAIN_CALENDAR,
	HG_EXPLAIN_DEVICE,
	HG_EXPLAIN_CONTAINER,
	HG_EXPLAIN_OPTIONS
};

/* HG_DONE, or HG_WRONG after a message; `ret` is to be ended with hg_presence_done in either case. */
int hg_explain_state(const struct hg_command *, const struct hg_table *,
	const struct hg_option *own, struct hg_presence *ret);
