/* SPDX-License-Identifier: Apache-2.0 */
/* publish: states and notes in somebody's name, from an application. */

#include "bridge/ctl/verbs.h"

#include "bridge/documents/facets.h"
#include "bridge/presence/aggregate.h"

#include <stdlib.h>
#include <string.h>

enum { CONTAINERS = 8, NOTE_MAX = 2048 };

/* EP 1.12: the top four bits of an instance say what it is. */
static const struct {
	const char *name;
	hg_part category;
	enum hg_state_kind kind;
	uint32_t instance;
} kinds[] = {
	{ "user", HG_CAT_STATE, HG_STATE_USER, 0x20000000 | HG_APPLICATION },
	{ "machine", HG_CAT_STATE, HG_STATE_MACHINE, 0x30000000 | HG_APPLICATION },
	{ "calendar", HG_CAT_STATE, HG_STATE_CALENDAR, 0x40000000 | HG_APPLICATION },
	{ "phone", HG_CAT_STATE, HG_STATE_PHONE, 0x80000000 | HG_APPLICATION },
	{ "note", HG_CAT_NOTE, HG_STATE_OTHER, 0x70000000 | HG_APPLICATION },
};

enum { NKINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* EP 1.4.1: at which availabilities an activity holds. */
static const struct {
	const char *token;
	uint32_t min, max;
} tokens[] = {
	{ "on-the-phone", 6500, 8999 },
	{ "in-a-conference", 7000, 8999 },
	{ "in-a-meeting", 6500, 8999 },
	{ "urgent-interruptions-only", 6900, 8999 },
	{ "in-presentation", 9000, 11999 },
	{ "out-of-office", 12000, UINT32_MAX },
	{ "off-work", 15000, UINT32_MAX },
};

static int kind_of(const json_t *request, const char *key)
{
	const char *name = hg_verb_text(request, key);

	for (int i = 0; name && i < NKINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return i;
	return -1;
}

/* What is asked for, once; the containers get copies. */
struct wish {
	int kind;
	struct hg_change change;
	uint16_t container[CONTAINERS];
	size_t n;
	bool said; /* which containers */
};

static bool read_containers(const json_t *request, struct wish *w)
{
	static const uint16_t of_state[] = { HG_C_AGGREGATION, HG_C_AGGREGATION_URGENT },
			      of_note[] = { HG_C_COLLEAGUES, HG_C_WORKGROUP, HG_C_FRIENDS };
	const char *said = hg_verb_text(request, "containers");
	struct hg_str rest = hg_str(said), token;
	uint32_t id;

	w->said = said != NULL;
	if (!said) {
		bool note = kinds[w->kind].category == HG_CAT_NOTE;

		w->n = note ? 3 : 2;
		memcpy(w->container, note ? of_note : of_state, w->n * sizeof(uint16_t));
		return true;
	}
	while (hg_str_token(&rest, ',', &token)) {
		if (w->n == CONTAINERS || !hg_str_u32(token, &id) || id > HG_C_MAX)
			return false;
		w->container[w->n++] = (uint16_t)id;
	}
	return w->n > 0;
}

static const char *read_state(const json_t *request, struct hg_state *s)
{
	const json_t *number = json_object_get(request, "availability");
	const char *token = hg_verb_text(request, "token");
	struct hg_str t = hg_str(token);

	s->availability = (uint32_t)json_integer_value(number);
	if (hg_band_of(s->availability) == HG_BAND_UNKNOWN)
		return "--availability: a number from 3000 on, as 3500 available, 6500 busy, "
		       "9500 do not disturb, 15500 away";
	if (t.n >= sizeof(s->token) || !hg_utf8_valid(t))
		return "--token: an activity's name has at most 47 octets";
	s->max = UINT32_MAX;
	if (!token)
		return NULL;
	strcpy(s->token, token);
	s->min = s->availability;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(tokens[i].token, token))
			continue;
		s->min = tokens[i].min;
		s->max = tokens[i].max;
	}
	return NULL;
}

/* NULL, or what is wrong; `w` is to be ended in any case. */
static const char *read_wish(const json_t *request, struct wish *w)
{
	const char *note = hg_verb_text(request, "note");
	const json_t *expires = json_object_get(request, "expires");
	bool bound = hg_verb_text(request, "endpoint") != NULL;

	w->kind = note ? NKINDS - 1 : kind_of(request, "state");
	if (w->kind < 0 || (!note && kinds[w->kind].category == HG_CAT_NOTE))
		return "--state: one of user, machine, calendar, phone";
	w->change.key.category = kinds[w->kind].category;
	w->change.key.instance = kinds[w->kind].instance;
	w->change.expiry = bound ? HG_ENDPOINT : expires ? HG_TIME : HG_STATIC;
	w->change.expires = expires ? json_integer_value(expires) : -1;
	if (expires && (w->change.expires < 1 || w->change.expires > 366 * 86400))
		return "--expires: from one second to a year";
	if (!read_containers(request, w))
		return "--containers: up to eight numbers with commas, as 200,300,400";
	if (!note) {
		w->change.state.kind = kinds[w->kind].kind;
		w->change.state.manual = kinds[w->kind].kind == HG_STATE_USER;
		return read_state(request, &w->change.state);
	}
	if (!note[0] || strlen(note) > NOTE_MAX)
		return "--note: from 1 to 2048 octets; --clear note takes it back";
	w->change.note.text = hg_bytes_new(hg_str(note));
	return NULL;
}

/* For one container; to be ended. */
static struct hg_change change_for(const struct wish *w, uint16_t container)
{
	struct hg_change ch = w->change;
	struct hg_buf payload = { 0 };

	ch.key.container = container;
	hg_bytes_ref(ch.note.text);
	if (ch.key.category == HG_CAT_NOTE) {
		hg_note_write(&payload, &ch.note);
	} else {
		/* EP 2.9: the workgroup may interrupt who does not want to be disturbed. */
		if (container == HG_C_AGGREGATION_URGENT && !w->said)
			hg_aggregate_urgent(&ch.state);
		hg_state_write(&payload, &ch.state);
	}
	ch.payload = hg_buf_bytes(&payload);
	hg_buf_done(&payload);
	return ch;
}

static void start(struct hg_job *j)
{
	struct hg_change ch[CONTAINERS];
	struct wish w = { 0 };

	read_wish(j->request, &w); /* it was good before */
	for (size_t i = 0; i < w.n; i++)
		ch[i] = change_for(&w, w.container[i]);
	hg_core_publish(j->daemon->core, j->who, hg_str(hg_verb_text(j->request, "endpoint")), ch,
		w.n, hg_job_answered, j);
	for (size_t i = 0; i < w.n; i++)
		hg_change_done(&ch[i]);
	hg_change_done(&w.change);
}

static void published(struct hg_job *j, const struct hg_answer *a)
{
	const char *kind = hg_verb_text(j->request, "state");
	const char *name = hg_verb_name(j->daemon, j->who);

	hg_log(HG_INFO, "application-published", "person=%s what=%s", hg_log_text(hg_str(name)),
		kind ? kind : "note");
	hg_job_say(j, json_pack("{s:s, s:s}", "person", name, "published", kind ? kind : "note"),
		"published for %s: %s", name, kind ? kind : "note");
	hg_job_end(j, HG_DONE);
}

void hg_verb_publish(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);
	struct wish w = { 0 };
	const char *wrong = read_wish(request, &w);

	hg_change_done(&w.change);
	if (wrong) {
		hg_job_end(j, hg_verb_fail(request, &asker->out, HG_WRONG, "%s", wrong));
		return;
	}
	j->who = hg_verb_address(ctx, request, "person", &asker->out);
	j->start = start;
	j->done = published;
	if (j->who)
		start(j);
	else
		hg_job_end(j, HG_WRONG);
}

/* ---- taking back ---- */

static void start_clear(struct hg_job *j)
{
	int kind = kind_of(j->request, "what");

	j->number = (uint32_t)hg_core_unpublish(j->daemon->core, j->who,
		kind < 0 ? HG_CAT_NONE : kinds[kind].category, kind < 0 ? 0 : kinds[kind].instance,
		hg_job_answered, j);
}

static void cleared(struct hg_job *j, const struct hg_answer *a)
{
	const char *name = hg_verb_name(j->daemon, j->who);

	if (!j->number) {
		hg_job_end(j,
			hg_verb_fail(j->request, &j->asker->out, HG_NOT_DONE,
				"nothing of that kind was published for %s", name));
		return;
	}
	hg_log(HG_INFO, "application-cleared", "person=%s publications=%u",
		hg_log_text(hg_str(name)), j->number);
	hg_job_say(j, json_pack("{s:s, s:i}", "person", name, "takenBack", (int)j->number),
		"taken back for %s: %u publication%s", name, j->number, j->number == 1 ? "" : "s");
	hg_job_end(j, HG_DONE);
}

void hg_verb_unpublish(void *ctx, const json_t *request, struct hg_ctl_asker *asker)
{
	struct hg_job *j = hg_job_new(ctx, request, asker);
	const char *what = hg_verb_text(request, "what");

	if (!what || (strcmp(what, "all") && kind_of(request, "what") < 0)) {
		hg_job_end(j,
			hg_verb_fail(request, &asker->out, HG_WRONG,
				"--clear: one of user, machine, calendar, phone, note, all"));
		return;
	}
	j->who = hg_verb_address(ctx, request, "person", &asker->out);
	j->start = start_clear;
	j->done = cleared;
	if (j->who)
		start_clear(j);
	else
		hg_job_end(j, HG_WRONG);
}
