/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph mapping explain: what a table makes of something, and by which rule. */

#include "bridge/ctl/explain_state.h"
#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain {
	const struct hg_command *command;
	const struct hg_table *table;
	json_t *absent; /* values that are none of their fields */
	json_t *rules;  /* tried, in their order */
	json_t *result;
};

static void tried(void *arg, const struct hg_explained *r)
{
	struct explain *e = arg;

	json_array_append_new(e->rules,
		json_pack("{s:s, s:s, s:i, s:b, s:s*}", "rule", r->rule, "file", r->file, "line",
			r->line, "matches", !r->because, "because", r->because));
}

static void result(struct explain *e, const char *key, const char *value)
{
	json_object_set_new(e->result, key, json_string(value));
}

static void result_utc(struct explain *e, const char *key, int64_t utc)
{
	char text[HG_UTC_TEXT];

	hg_utc_write(utc, text);
	result(e, key, text);
}

static void result_availability(struct explain *e, const char *state, uint32_t number)
{
	result(e, "state", state);
	result(e, "band", hg_band_name(hg_band_of(number)));
	json_object_set_new(e->result, "availability", json_integer(number));
}

/* ---- outward: --to VOCABULARY --state WORD,... ---- */

static int outward(struct explain *e, const struct hg_option *own)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(e->table);
	struct hg_presence p;
	struct hg_record *r;
	int rc = hg_explain_state(e->command, e->table, own, &p);

	if (rc == HG_DONE) {
		hg_table_explain_out(e->table, &p, tried, e);
		r = hg_table_out(e->table, &p);
		for (uint32_t i = 0; i < r->n; i++)
			result(e, v->field[r->value[i].field].name, r->value[i].text.p);
		hg_record_unref(r);
	}
	hg_presence_done(&p);
	return rc;
}

/* ---- inward: --from VOCABULARY FIELD=VALUE... ---- */

static int refuse_field(const struct explain *e, const char *word, struct hg_str name)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(e->table);
	const char *known[HG_FIELDS_MAX];
	char *said = hg_str_dup(name);

	for (size_t i = 0; i < v->nfields; i++)
		known[i] = v->field[i].name;
	if (word[name.n])
		hg_misuse_word(
			e->command, "the vocabulary has no such field: ", said, known, v->nfields);
	else
		hg_misuse_word(e->command, "write FIELD=VALUE, not ", word, NULL, 0);
	free(said);
	return HG_WRONG;
}

/* A peer may write what is no value of the field, and it counts as absent; who only misspells it here must be told so. */
static void note_absent(struct explain *e, const struct hg_value *value)
{
	const struct hg_field_def *def = &hg_table_vocabulary(e->table)->field[value->field];
	char why[HG_SUGGESTION] = "a text that is not blank";
	size_t n = 0;

	if (hg_value_counts(hg_table_vocabulary(e->table), value))
		return;
	if (def->kind == HG_FIELD_TOKEN) {
		while (def->tokens[n])
			n++;
		hg_suggest(value->text, def->tokens, n, why);
	} else if (def->kind == HG_FIELD_INTEGER) {
		snprintf(why, sizeof(why), "a number from %d to %d", def->min, def->max);
	} else if (def->kind == HG_FIELD_TIME) {
		snprintf(why, sizeof(why), "a time such as 2026-01-02T03:04:05Z");
	}
	json_array_append_new(e->absent,
		json_pack("{s:s, s:s%, s:s}", "field", def->name, "value", value->text.p,
			value->text.n, "hint", why));
}

static int field_word(struct explain *e, const char *word, struct hg_value *before, size_t n)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(e->table);
	struct hg_str name = { word, strcspn(word, "=") };
	struct hg_value *ret = &before[n];

	ret->field = 0;
	while (ret->field < v->nfields && !hg_str_is(name, v->field[ret->field].name))
		ret->field++;
	if (!word[name.n] || ret->field == v->nfields)
		return refuse_field(e, word, name);
	for (size_t i = 0; i < n; i++)
		if (before[i].field == ret->field)
			return hg_misuse_word(
				e->command, "the field was given already: ", word, NULL, 0);
	ret->text = hg_str(word + name.n + 1);
	note_absent(e, ret);
	return HG_DONE;
}

static void result_state(struct explain *e, const struct hg_statement *s)
{
	if (s->user)
		result_availability(e, "user", s->user);
	else if (s->phone)
		result_availability(e, "phone", s->phone);
	else if (s->calendar)
		result_availability(e, "calendar", s->calendar);
	else if (s->machine)
		result_availability(e, "machine", s->machine);
	else
		result(e, "state", "none");
	if (s->token[0])
		result(e, "activity", s->token);
	if (s->user)
		result(e, "manual", s->automatic ? "no" : "yes");
}

static int inward(struct explain *e, char **word, int n)
{
	struct hg_value value[HG_FIELDS_MAX] = { 0 };
	struct hg_statement s;
	struct hg_record *r;

	for (int i = 0; i < n; i++)
		if (field_word(e, word[i], value, (size_t)i) != HG_DONE)
			return HG_WRONG;
	r = hg_record_new(value, (size_t)n);
	hg_table_explain_in(e->table, r, tried, e);
	hg_table_in(e->table, r, &s);
	result_state(e, &s);
	if (s.priority)
		json_object_set_new(e->result, "priority", json_integer(s.priority));
	if (s.idle_since)
		result_utc(e, "idleSince", s.idle_since);
	if (s.note.text)
		result(e, "note", s.note.text->p);
	hg_statement_done(&s);
	hg_record_unref(r);
	return HG_DONE;
}

/* ---- both ---- */

/* The one that most of the rules stand in: the table's own. */
static char *main_file(const struct explain *e)
{
	const char *name = hg_table_file(e->table), *with = strstr(name, " with ");

	return hg_str_dup((struct hg_str){ name, with ? (size_t)(with - name) : strlen(name) });
}

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void print_rules(const struct explain *e)
{
	char *main = main_file(e);
	const json_t *r;
	size_t i;

	json_array_foreach (e->rules, i, r) {
		const char *because = text_of(r, "because"), *file = text_of(r, "file");
		bool own = strcmp(file, main) == 0;

		printf("%6lld  %-20s %s%s%s%s%s\n",
			(long long)json_integer_value(json_object_get(r, "line")),
			text_of(r, "rule"), because ? "does not match: " : "matches",
			because ? because : "", own ? "" : " (in ", own ? "" : file,
			own ? "" : ")");
	}
	free(main);
}

static void print_text(const struct explain *e)
{
	const char *key;
	json_t *value;
	size_t i;

	printf("%s\n", hg_table_file(e->table));
	json_array_foreach (e->absent, i, value)
		printf("%s=%s counts as absent (%s)\n", text_of(value, "field"),
			text_of(value, "value"), text_of(value, "hint"));
	print_rules(e);
	printf("gives%s", json_object_size(e->result) ? "" : " nothing");
	json_object_foreach (e->result, key, value)
		if (json_is_string(value))
			printf(" %s=%s", key, json_string_value(value));
		else
			printf(" %s=%lld", key, (long long)json_integer_value(value));
	putchar('\n');
}

static void print_json(const struct explain *e)
{
	json_t *o = json_pack("{s:s, s:O, s:O, s:O}", "file", hg_table_file(e->table), "absent",
		e->absent, "rules", e->rules, "result", e->result);

	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static int explain(const struct hg_command *cmd, const struct hg_site *site,
	const struct hg_option *own, bool json, char **word, int n)
{
	const char *to = own[HG_EXPLAIN_TO].value;
	const struct hg_tables *tables = hg_tables_named(
		cmd, site, to ? to : own[HG_EXPLAIN_FROM].value);
	struct explain e = { .command = cmd };
	int rc;

	if (!tables)
		return HG_WRONG;
	e.table = hg_tables_asked(site, tables, own);
	e.absent = json_array();
	e.rules = json_array();
	e.result = json_object();
	rc = to ? outward(&e, own) : inward(&e, word, n);
	if (rc == HG_DONE && json)
		print_json(&e);
	else if (rc == HG_DONE)
		print_text(&e);
	json_decref(e.absent);
	json_decref(e.rules);
	json_decref(e.result);
	return rc;
}

/* Which way it is asked, and that nothing is said that belongs to the other way. */
static int check_way(
	const struct hg_command *cmd, const struct hg_option *own, int argc, char **argv, int first)
{
	const char *from = own[HG_EXPLAIN_FROM].value, *to = own[HG_EXPLAIN_TO].value;

	if (!from == !to)
		return hg_misuse(cmd,
			"say --from VOCABULARY FIELD=VALUE..., or --to VOCABULARY --state WORDS",
			"");
	if (to && !own[HG_EXPLAIN_STATE].value)
		return hg_misuse(cmd,
			"--to needs a state: --state with an availability, such as --state busy",
			"");
	if (to && first < argc)
		return hg_misuse(cmd, "fields go with --from: ", argv[first]);
	for (int i = HG_EXPLAIN_STATE; from && i < HG_EXPLAIN_OPTIONS; i++)
		if (own[i].value)
			return hg_misuse(
				cmd, "what is known of a state goes with --to: --", own[i].name);
	return HG_DONE;
}

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = {
		HG_TABLES_OWN, [HG_EXPLAIN_FROM] = { "from", "a vocabulary, such as xmpp", NULL },
		[HG_EXPLAIN_TO] = { "to", "a vocabulary, such as xmpp", NULL },
		[HG_EXPLAIN_STATE] = { "state", "words such as busy,on-the-phone,idle", NULL },
		[HG_EXPLAIN_TOKEN] = { "token", "an activity, such as on-the-phone", NULL },
		[HG_EXPLAIN_NOTE] = { "note", "the kind of the note: personal, oof or no", NULL },
		[HG_EXPLAIN_MANUAL] = { "manual", "yes or no", NULL },
		[HG_EXPLAIN_CALENDAR] = { "calendar", "free, tentative, busy, oof or no", NULL },
		[HG_EXPLAIN_DEVICE] = { "device", "a kind of device, such as mobile", NULL },
		[HG_EXPLAIN_CONTAINER] = { "container", "an access level, such as colleagues",
			NULL },
		[HG_EXPLAIN_OPTIONS] = { NULL, NULL, NULL }
	};
	struct hg_options o;
	struct hg_site site;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	rc = check_way(cmd, own, argc, argv, o.first);
	if (rc == HG_DONE)
		rc = hg_tables_open(cmd, &o, own, &site);
	if (rc != HG_DONE)
		return rc;
	rc = explain(cmd, &site, own, o.json, argv + o.first, argc - o.first);
	hg_site_done(&site);
	return rc;
}

const struct hg_command hg_command_mapping_explain = {
	.name = "mapping explain",
	.summary = "which rule of a mapping table is taken, and why",
	.help = "Usage: heliograph mapping explain [OPTION]... --to VOCABULARY --state WORD,...\n"
		"       heliograph mapping explain [OPTION]... --from VOCABULARY FIELD=VALUE...\n\n"
		"Says what a mapping table makes of something: which rules it tries, what keeps each from matching, and\n"
		"what the one that matches gives. Outward (--to) of a state here, inward (--from) of what a peer says.\n\n"
		"  --state WORD,...   an availability (busy, away, 6500 ...), an activity that rules know (on-the-phone ...),\n"
		"                     text=WORD for words of one's own, idle, and last note=TEXT; the availability must be there\n"
		"  --token ACTIVITY   the activity, by itself; here it may also be one that no rule is for\n"
		"  --note KIND        personal, oof, no\n"
		"  --manual yes       the person chose it himself\n"
		"  --calendar WORD    what the calendar says of now: free, tentative, busy, oof, no\n"
		"  --device KIND      computer, deskphone, mobile, web, other, no\n"
		"  --container LEVEL  external, colleagues, workgroup, friends, blocked, custom, no\n"
		"  FIELD=VALUE        as the peer says it; what is no value of the field counts as absent, and is said to\n" HG_TABLES_HELP
		"  --json             for programs\n\n"
		"Exit status: 0 explained, 2 wrong usage or the tables have errors.\n\n"
		"Examples:\n"
		"  heliograph mapping explain --to xmpp --state busy --token on-the-phone --note oof\n"
		"  heliograph mapping explain --from xmpp show=dnd 'status=In a meeting' priority=5\n",
	.words = HG_FIELDS_MAX,
	.run = run,
};
