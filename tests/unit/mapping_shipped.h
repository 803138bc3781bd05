/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of mappings/, or copies of them. */
#pragma once

#include "bridge/conf/mapping_file.h"
#include "plugins/loopback/loopback.h"
#include "plugins/xmpp/xmpp.h"

#include <string.h>

#include "tests/support/support.h"

static const char *const shipped_names[] = { "xmpp", "pidf", "asterisk-presence", "graph", "irc",
	"asterisk-device", "dialog-info", "xmpp-activity", "loopback" };
enum { SHIPPED = sizeof(shipped_names) / sizeof(shipped_names[0]) };

/* NULL: the table has one of its own. */
static inline const struct hg_vocabulary *shipped_vocabulary(const char *name)
{
	return !strcmp(name, "xmpp")        ? &hg_xmpp_vocabulary
		: !strcmp(name, "loopback") ? &hg_loopback_vocabulary
					    : NULL;
}

static inline struct hg_tables shipped_load(const char *name, const char *path)
{
	const struct hg_vocabulary *v = shipped_vocabulary(name);
	struct hg_errs errs = { 0 };
	struct hg_tables t;
	int rc = v ? hg_mapping_load(path, v, NULL, &t, &errs)
		   : hg_mapping_load_own(path, NULL, &t, &errs);

	if (rc < 0)
		fail_msg("%s: %s", errs.e[0].where, errs.e[0].what);
	hg_errs_done(&errs);
	return t;
}

static inline struct hg_grammar shipped_grammar(void)
{
	struct hg_errs errs = { 0 };
	struct hg_grammar g = { 0 };

	assert_int_equal(hg_grammar_load(HG_SOURCE_DIR "/mappings/grammar.yaml", &g, &errs), 0);
	hg_errs_done(&errs);
	return g;
}
