/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph mapping loss: what a table cannot bring back. */

#include "bridge/ctl/loss_summary.h"
#include "bridge/ctl/mapping_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL = HG_TABLES_OPTIONS };

static const char *const notes[] = { "none", "personal", "oof", NULL };
static const char *const yes[] = { "no", "yes", NULL };
/* In the order of enum hg_circle. */
static const char *const circles[] = { "elsewhere", "external", "colleagues", "workgroup",
	"friends", "blocked", "custom", NULL };

/* ---- as text ---- */

/* "personal, oof"; "any" for all. */
static const char *names(unsigned mask, const char *const *name, char ret[96])
{
	bool all = true;
	size_t used = 0;

	ret[0] = '\0';
	for (size_t i = 0; name[i]; i++) {
		all &= mask >> i & 1;
		if (mask >> i & 1)
			used += (size_t)snprintf(
				ret + used, 96 - used, "%s%s", used ? ", " : "", name[i]);
	}
	return all ? "any" : ret;
}

/* Where everybody is who may be told that much, there is nothing to say about it. */
static const char *circles_of(const struct hg_loss *l, char ret[96])
{
	unsigned all = (1u << HG_CIRCLE_CUSTOM) * 2 - 1;
	bool bare = !l->token[0] && l->notes == 1 && l->manual == 1 && l->idle == 1;

	if (!bare || l->band != HG_BAND_OFFLINE)
		all &= ~(1u << HG_CIRCLE_BLOCKED);
	if (!bare)
		all &= ~(1u << HG_CIRCLE_EXTERNAL);
	return l->circles == all ? "any" : names(l->circles, circles, ret);
}

static const char *or_dash(const char *s)
{
	return s[0] ? s : "-";
}

static bool same_back(const struct hg_loss *a, const struct hg_loss *b)
{
	return a->back_band == b->back_band && strcmp(a->back_token, b->back_token) == 0 &&
		a->back_note == b->back_note && a->back_manual == b->back_manual &&
		a->back_idle == b->back_idle;
}

#define COLUMNS "%-17s %-26s %-14s %-7s %-9s "

static void print_back(const struct hg_loss *l)
{
	printf(COLUMNS "comes back of\n", hg_band_name(l->back_band), or_dash(l->back_token),
		l->back_note < 0 ? "as it was" : notes[l->back_note], yes[l->back_manual],
		l->back_idle < 0 ? "as it was" : yes[l->back_idle]);
}

static void print_list(const struct hg_loss *l, size_t n)
{
	char note[96], chosen[96], idle[96], circle[96];

	if (n)
		printf("\n" COLUMNS "%s\n", "availability", "activity", "note", "chosen", "idle",
			"level");
	for (size_t i = 0; i < n; i++) {
		if (i && !same_back(&l[i - 1], &l[i]))
			putchar('\n');
		if (i == 0 || !same_back(&l[i - 1], &l[i]))
			print_back(&l[i]);
		printf("  %-15s %-26s %-14s %-7s %-9s %s\n", hg_band_name(l[i].band),
			or_dash(l[i].token), names(l[i].notes, notes, note),
			names(l[i].manual, yes, chosen), names(l[i].idle, yes, idle),
			circles_of(&l[i], circle));
	}
}

static void print_text(const struct hg_table *t, const struct hg_loss *l, size_t n, size_t states,
	size_t lost, bool all)
{
	printf("%s: of %zu states %zu do not come back as they went out\n",
		hg_table_vocabulary(t)->name, states, lost);
	if (!hg_table_reads(t)) {
		printf("Nothing comes back: no rule reads it.\n");
		return;
	}
	hg_loss_summary_print(l, n);
	if (all)
		print_list(l, n);
}

/* ---- for programs: a line for each of the lines above, so that two lists can be compared ---- */

static json_t *list(unsigned mask, const char *const *name)
{
	json_t *a = json_array();

	for (size_t i = 0; name[i]; i++)
		if (mask >> i & 1)
			json_array_append_new(a, json_string(name[i]));
	return a;
}

static void print_json(json_t *take, const char *end)
{
	json_dumpf(take, stdout, JSON_COMPACT);
	printf("%s", end);
	json_decref(take);
}

/* An object that is not over yet: a list `key` follows. */
static void print_json_open(json_t *take, const char *key)
{
	char *text = json_dumps(take, JSON_COMPACT);

	printf("%.*s,\"%s\":[\n", (int)strlen(text) - 1, text, key);
	free(text);
	json_decref(take);
}

static void print_json_back(const struct hg_loss *l)
{
	json_t *back = json_pack("{s:s, s:s, s:s*, s:b, s:s*}", "availability",
		hg_band_name(l->back_band), "activity", l->back_token, "note",
		l->back_note < 0 ? NULL : notes[l->back_note], "manual", l->back_manual, "idle",
		l->back_idle < 0 ? NULL : yes[l->back_idle]);

	print_json_open(json_pack("{s:o}", "back", back), "of");
}

static void print_json_of(const struct hg_loss *l, const char *end)
{
	print_json(json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "availability",
			   hg_band_name(l->band), "activity", l->token, "note",
			   list(l->notes, notes), "manual", list(l->manual, yes), "idle",
			   list(l->idle, yes), "container", list(l->circles, circles)),
		end);
}

static void print_as_json(
	const struct hg_table *t, const struct hg_loss *l, size_t n, size_t states, size_t lost)
{
	print_json_open(
		json_pack("{s:s, s:s, s:b, s:I, s:I}", "table", hg_table_vocabulary(t)->name,
			"file", hg_table_file(t), "reads", hg_table_reads(t), "states",
			(json_int_t)states, "lost", (json_int_t)lost),
		"groups");
	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n || !same_back(&l[i], &l[i + 1]);

		if (i == 0 || !same_back(&l[i - 1], &l[i]))
			print_json_back(&l[i]);
		print_json_of(&l[i], last ? "]}" : ",\n");
		if (last)
			printf("%s\n", i + 1 < n ? "," : "");
	}
	printf("]}");
}

static void tell(const struct hg_table *t, const struct hg_option *own, bool json)
{
	struct hg_loss *l;
	size_t states, lost, n = hg_table_loss(t, &l, &states, &lost);

	if (json)
		print_as_json(t, l, n, states, lost);
	else
		print_text(t, l, n, states, lost, own[ALL].value != NULL);
	free(l);
}

static int tell_all(const struct hg_command *cmd, const struct hg_site *site,
	const struct hg_option *own, const char *name, bool json)
{
	const struct hg_tables *named = name ? hg_tables_named(cmd, site, name) : NULL;
	bool first = true;

	if (name && !named)
		return HG_WRONG;
	if (json)
		putchar('[');
	for (size_t i = 0; i < site->ntables; i++) {
		if (named && named != &site->tables[i])
			continue;
		if (!first)
			printf("%s\n", json ? "," : "");
		first = false;
		tell(hg_tables_asked(site, &site->tables[i], own), own, json);
	}
	if (json)
		printf("]\n");
	return HG_DONE;
}

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { HG_TABLES_OWN, [ALL] = { "all", NULL, NULL },
		[ALL + 1] = { NULL, NULL, NULL } };
	struct hg_options o;
	struct hg_site site;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	rc = hg_tables_open(cmd, &o, own, &site);
	if (rc != HG_DONE)
		return rc;
	rc = tell_all(cmd, &site, own, o.first < argc ? argv[o.first] : NULL, o.json);
	hg_site_done(&site);
	return rc;
}

const struct hg_command hg_command_mapping_loss = {
	.name = "mapping loss",
	.summary = "which states a mapping table cannot bring back",
	.help = "Usage: heliograph mapping loss [--mappings FOLDER | --config FILE [--for WHO]] [--all] [--json] [TABLE]\n\n"
		"Writes every state with a mapping table, reads what was written with it, and tells what comes back as something\n"
		"else: availabilities, the standard activities, notes (personal, out of office), whether the person chose it\n"
		"himself, whether it is known since when he is idle, for each access level that may know as much. For each of\n"
		"these it says how many states lose it, as what it comes back, and what it was.\n\n"
		"  TABLE              such as xmpp; default: all\n"
		"  --all              then also the list of all these states; what comes back as the same one stands together\n" HG_TABLES_HELP
		"  --json             that list for programs\n\n"
		"Exit status: 0 told, 2 wrong usage or the tables have errors.\n\n"
		"Examples:\n  heliograph mapping loss xmpp\n  heliograph mapping loss --all pidf\n",
	.words = 1,
	.run = run,
};
