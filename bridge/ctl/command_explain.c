/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph mapping explain: what a table makes of something, and by which rule. */

#include "bridge/ctl/mapping_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FROM = HG_TABLES_OPTIONS, TO, STATE, TOKEN, NOTE, MANUAL, CALENDAR, DEVICE, CONTAINER };

struct explain {
	const struct hg_command *command;
	const struct hg_table *table;
	json_t *rules; /* tried, in their order */
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

static bool state_word(struct explain *e, const char *word, struct hg_presence *p)
{
	enum hg_band band = hg_band_find(hg_str(word));
	const char *value = strchr(word, '=');
	int64_t number;

	if (band != HG_BAND_COUNT) {
		p->availability = hg_band_canonical(band);
	} else if (hg_str_i64(hg_str(word), &number) && number >= 0 && number <= UINT16_MAX) {
		p->availability = (uint32_t)number;
	} else if (strcmp(word, "idle") == 0) {
		p->last_active = (int64_t)time(NULL) * 1000;
	} else if (value && strncmp(word, "text=", 5) == 0) {
		struct hg_text said = { 1033, hg_bytes_new(hg_str(value + 1)) };

		hg_texts_unref(p->activity.custom);
		p->activity.custom = hg_texts_new(&said, 1);
		hg_bytes_unref(said.text);
	} else if (value && strncmp(word, "note=", 5) == 0) {
		hg_bytes_unref(p->note.text);
		p->note.text = hg_bytes_new(hg_str(value + 1));
	} else if (value || strlen(word) >= sizeof(p->activity.token)) {
		hg_misuse(e->command, "of a state there is no ", word);
		return false;
	} else {
		strcpy(p->activity.token, word);
	}
	return true;
}

/* One that has a few words: its place among them into `ret`. */
static bool one_of(struct explain *e, const struct hg_option *o, const char *const *word, int *ret)
{
	*ret = 0;
	while (o->value && word[*ret] && strcmp(word[*ret], o->value) != 0)
		(*ret)++;
	if (!o->value || word[*ret])
		return true;
	hg_misuse(e->command, o->name, ": that is none of its words");
	return false;
}

/* What the rules may ask for beside, each as an option of its own. */
static bool state_options(struct explain *e, const struct hg_option *own, struct hg_presence *p)
{
	static const char *const yes[] = { "no", "yes", NULL },
				 *const note[] = { "no", "personal", "oof", NULL },
				 *const busy[] = { "no", "free", "tentative", "busy", "oof", NULL },
				 *const circle[] = { "no", "external", "colleagues", "workgroup",
					 "friends", "blocked", "custom", NULL };
	int is_manual, of_note, of_busy, of_circle;

	if (!one_of(e, &own[MANUAL], yes, &is_manual) || !one_of(e, &own[NOTE], note, &of_note) ||
		!one_of(e, &own[CALENDAR], busy, &of_busy) ||
		!one_of(e, &own[CONTAINER], circle, &of_circle))
		return false;
	p->manual = is_manual;
	p->busy = (enum hg_busy)of_busy;
	p->circle = (enum hg_circle)of_circle;
	p->note.oof = of_note == 2;
	if (of_note && !p->note.text)
		p->note.text = hg_bytes_new(hg_str("(a note)"));
	if (own[DEVICE].value)
		p->device = hg_device_kind_of(hg_str(own[DEVICE].value));
	return !own[TOKEN].value || state_word(e, own[TOKEN].value, p);
}

static int outward(struct explain *e, const struct hg_option *own)
{
	char *words = hg_str_dup(hg_str(own[STATE].value)), *rest = words, *word;
	const struct hg_vocabulary *v = hg_table_vocabulary(e->table);
	struct hg_presence p = { 0 };
	struct hg_record *r;
	int rc = HG_DONE;

	while (rc == HG_DONE && rest) {
		/* A note comes last: it may hold commas. */
		word = strsep(&rest, strncmp(rest, "note=", 5) ? "," : "");
		if (word[0] && !state_word(e, word, &p))
			rc = HG_WRONG;
	}
	if (rc == HG_DONE && !state_options(e, own, &p))
		rc = HG_WRONG;
	if (rc == HG_DONE) {
		hg_table_explain_out(e->table, &p, tried, e);
		r = hg_table_out(e->table, &p);
		for (uint32_t i = 0; i < r->n; i++)
			result(e, v->field[r->value[i].field].name, r->value[i].text.p);
		hg_record_unref(r);
	}
	hg_presence_done(&p);
	free(words);
	return rc;
}

/* ---- inward: --from VOCABULARY FIELD=VALUE... ---- */

static bool field_word(struct explain *e, const char *word, struct hg_value *ret)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(e->table);
	size_t n = strcspn(word, "=");

	for (size_t i = 0; word[n] && i < v->nfields; i++) {
		if (!hg_str_is((struct hg_str){ word, n }, v->field[i].name))
			continue;
		*ret = (struct hg_value){ .field = (uint16_t)i, .text = hg_str(word + n + 1) };
		return true;
	}
	hg_misuse(e->command,
		word[n] ? "the vocabulary has no such field: " : "write FIELD=VALUE, not ", word);
	return false;
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
	struct hg_value value[HG_FIELDS_MAX];
	struct hg_statement s;
	struct hg_record *r;

	for (int i = 0; i < n; i++)
		if (!field_word(e, word[i], &value[i]))
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

static void print_text(const struct explain *e)
{
	const char *key;
	const json_t *r;
	json_t *value;
	size_t i;

	char *main = main_file(e);

	printf("%s\n", hg_table_file(e->table));
	json_array_foreach (e->rules, i, r) {
		const char *because = json_string_value(json_object_get(r, "because"));

		const char *file = json_string_value(json_object_get(r, "file"));
		bool own = strcmp(file, main) == 0;

		printf("%6lld  %-20s %s%s%s%s%s\n",
			(long long)json_integer_value(json_object_get(r, "line")),
			json_string_value(json_object_get(r, "rule")),
			because ? "does not match: " : "matches", because ? because : "",
			own ? "" : " (in ", own ? "" : file, own ? "" : ")");
	}
	printf("gives%s", json_object_size(e->result) ? "" : " nothing");
	json_object_foreach(e->result, key, value) if (json_is_string(value))
		printf(" %s=%s", key, json_string_value(value));
	else printf(" %s=%lld", key, (long long)json_integer_value(value));
	putchar('\n');
	free(main);
}

static void print_json(const struct explain *e)
{
	json_t *o = json_pack("{s:s, s:O, s:O}", "file", hg_table_file(e->table), "rules", e->rules,
		"result", e->result);

	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static int explain(const struct hg_command *cmd, const struct hg_site *site,
	const struct hg_option *own, bool json, char **word, int n)
{
	const char *vocabulary = own[own[TO].value ? TO : FROM].value;
	const struct hg_tables *tables = hg_tables_named(site, vocabulary);
	struct explain e = { .command = cmd };
	int rc;

	if (!tables)
		return hg_misuse(cmd, "there is no mapping table for ", vocabulary);
	e.table = hg_tables_asked(site, tables, own);
	e.rules = json_array();
	e.result = json_object();
	rc = own[TO].value ? outward(&e, own) : inward(&e, word, n);
	if (rc == HG_DONE && json)
		print_json(&e);
	else if (rc == HG_DONE)
		print_text(&e);
	json_decref(e.rules);
	json_decref(e.result);
	return rc;
}

static bool is_of_state(const struct hg_option *own)
{
	for (int i = STATE; i <= CONTAINER; i++)
		if (own[i].value)
			return true;
	return false;
}

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { HG_TABLES_OWN,
		[FROM] = { "from", "a vocabulary, such as xmpp", NULL },
		[TO] = { "to", "a vocabulary, such as xmpp", NULL },
		[STATE] = { "state", "words such as busy,on-the-phone,idle", NULL },
		[TOKEN] = { "token", "an activity, such as on-the-phone", NULL },
		[NOTE] = { "note", "the kind of the note: personal or oof", NULL },
		[MANUAL] = { "manual", "yes or no", NULL },
		[CALENDAR] = { "calendar", "free, tentative, busy or oof", NULL },
		[DEVICE] = { "device", "a kind of device, such as mobile", NULL },
		[CONTAINER] = { "container", "an access level, such as colleagues", NULL },
		[CONTAINER + 1] = { NULL, NULL, NULL } };
	struct hg_options o;
	struct hg_site site;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	if (!own[FROM].value == !own[TO].value || !own[TO].value != !own[STATE].value)
		return hg_misuse(cmd,
			"say --from VOCABULARY FIELD=VALUE..., or --to VOCABULARY --state WORDS",
			"");
	if (own[TO].value && o.first < argc)
		return hg_misuse(cmd, "fields go with --from: ", argv[o.first]);
	if (own[FROM].value && is_of_state(own))
		return hg_misuse(cmd, "what is known of a state goes with --to", "");
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
		"  --state WORD,...   an availability (busy, away, 6500 ...), an activity (on-the-phone ...), text=WORD\n"
		"                     for words of one's own, idle, and last note=TEXT\n"
		"  --token ACTIVITY   the activity, by itself\n"
		"  --note KIND        personal or oof\n"
		"  --manual yes       the person chose it himself\n"
		"  --calendar WORD    what the calendar says of now: free, tentative, busy, oof\n"
		"  --device KIND      computer, deskphone, mobile, web\n"
		"  --container LEVEL  external, colleagues, workgroup, friends, blocked, custom\n"
		"  FIELD=VALUE        as the peer says it\n" HG_TABLES_HELP
		"  --json             for programs\n\n"
		"Exit status: 0 explained, 2 wrong usage or the tables have errors.\n\n"
		"Examples:\n"
		"  heliograph mapping explain --to xmpp --state busy --token on-the-phone --note oof\n"
		"  heliograph mapping explain --from xmpp show=dnd 'status=In a meeting' priority=5\n",
	.words = HG_FIELDS_MAX,
	.run = run,
};
