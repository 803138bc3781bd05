/* SPDX-License-Identifier: Apache-2.0 */
/* What a document says, as records; pidf_of_record.c has the other way. */
#include "bridge/documents/pidf_record.h"
#include "bridge/documents/pidf_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const basics[] = { "open", "closed", NULL };
static const char *const shows[] = { "away", "chat", "dnd", "xa", NULL };
/* Of RPID, but for the last ones, which it has no names for: they are the text of <other> there (IW 4.3). */
static const char *const activities[] = { "appointment", "breakfast", "dinner", "holiday",
	"in-transit", "looking-for-work", "lunch", "meal", "meeting", "on-the-phone", "performance",
	"permanent-absence", "playing", "presentation", "shopping", "sleeping", "spectator",
	"steering", "travel", "tv", "urgent-interruptions-only", "off-work", "vacation", "working",
	"worship", "unknown", NULL };
static const char *const reaches[] = { "away", "busy", NULL };
static const char *const inputs[] = { "active", "idle", NULL };

static const struct hg_field_def fields[HG_PIDF_FIELDS] = {
	[HG_PIDF_BASIC] = { .name = "basic", .kind = HG_FIELD_TOKEN, .tokens = basics },
	[HG_PIDF_SHOW] = { .name = "show", .kind = HG_FIELD_TOKEN, .tokens = shows },
	[HG_PIDF_ACTIVITY] = { .name = "activity", .kind = HG_FIELD_TOKEN, .tokens = activities },
	[HG_PIDF_REACH] = { .name = "reach", .kind = HG_FIELD_TOKEN, .tokens = reaches },
	[HG_PIDF_INPUT] = { .name = "input", .kind = HG_FIELD_TOKEN, .tokens = inputs },
	[HG_PIDF_SINCE] = { .name = "since", .kind = HG_FIELD_TIME },
	[HG_PIDF_NOTE] = { .name = "note", .kind = HG_FIELD_TEXT },
	[HG_PIDF_PRIORITY] = { .name = "priority",
		.kind = HG_FIELD_INTEGER,
		.min = -128,
		.max = 127 },
	[HG_PIDF_WORDS] = { .name = "words", .kind = HG_FIELD_TEXT },
};

const struct hg_vocabulary hg_pidf_vocabulary = { "pidf", fields, HG_PIDF_FIELDS };

struct collector {
	struct hg_value value[HG_PIDF_FIELDS + HG_NOTES_MAX];
	size_t n, notes;
	char since[HG_UTC_TEXT], priority[8];
};

static void add(struct collector *c, uint16_t field, struct hg_str text)
{
	if (text.n)
		c->value[c->n++] = (struct hg_value){ .field = field, .text = text };
}

static uint64_t now_of(const struct hg_rpid *r, int64_t utc_ms)
{
	return hg_rpid_now(r, HG_RPID_ACTIVITIES, utc_ms);
}

static uint64_t activities_now(
	const struct hg_pidf *d, const struct hg_pidf_tuple *t, int64_t utc_ms)
{
	uint64_t set = t ? now_of(&t->rpid, utc_ms) : 0;

	for (size_t i = 0; i < d->npersons; i++)
		set |= now_of(&d->person[i].rpid, utc_ms);
	return set;
}

/* What <other> says, of the person before the tuple. */
static struct hg_str other_of(const struct hg_rpid *r, int64_t utc_ms)
{
	const struct hg_rpid_spans *s = &r->list[HG_RPID_ACTIVITIES];

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].other && hg_rpid_holds(&s->v[i], utc_ms))
			return hg_bytes_str(s->v[i].other);
	return HG_STR_NONE;
}

static struct hg_str other_now(
	const struct hg_pidf *d, const struct hg_pidf_tuple *t, int64_t utc_ms)
{
	struct hg_str s = HG_STR_NONE;

	for (size_t i = 0; i < d->npersons && !s.n; i++)
		s = other_of(&d->person[i].rpid, utc_ms);
	return s.n || !t ? s : other_of(&t->rpid, utc_ms);
}

static const char *token_of(const char *const *tokens, struct hg_str s)
{
	for (; *tokens; tokens++)
		if (hg_str_ieq(hg_str(*tokens), s))
			return *tokens;
	return NULL;
}

/* Of a set the one that tells most: its names in the order of the list; NULL: it has none of them. */
static const char *first_of(uint64_t set, const char *const *names)
{
	const char *name;
	size_t best = SIZE_MAX;

	for (unsigned bit = 0; set >> bit && (name = hg_rpid_name(HG_RPID_ACTIVITIES, bit));
		bit++) {
		if (!(set >> bit & 1))
			continue;
		for (size_t i = 0; names[i] && i < best; i++)
			if (strcmp(names[i], name) == 0)
				best = i;
	}
	return best == SIZE_MAX ? NULL : names[best];
}

static const char *activity_of(uint64_t set, struct hg_str other)
{
	static const char *const most[] = { "on-the-phone", "presentation", "meeting",
		"appointment", "steering", "in-transit", "travel", "vacation", "holiday",
		"sleeping", "breakfast", "lunch", "dinner", "meal", NULL };
	const char *found = set ? first_of(set, most) : NULL;

	if (!found && other.n)
		found = token_of(activities, hg_str_trim(other));
	return found || !set ? found : first_of(set, activities);
}

static bool has_lang(const struct collector *c, const char *lang)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->value[i].field == HG_PIDF_NOTE &&
			hg_str_ieq(hg_str(c->value[i].lang), hg_str(lang)))
			return true;
	return false;
}

static void add_notes(struct collector *c, const struct hg_notes *notes)
{
	for (size_t i = 0; i < notes->n && c->notes < HG_NOTES_MAX; i++) {
		struct hg_str text = hg_str_trim(hg_bytes_str(notes->v[i].text));

		if (!text.n || has_lang(c, notes->v[i].lang))
			continue;
		c->notes++;
		add(c, HG_PIDF_NOTE, text);
		snprintf(c->value[c->n - 1].lang, HG_LANG_MAX, "%s", notes->v[i].lang);
	}
}

static void add_span_notes(struct collector *c, const struct hg_rpid *r, int64_t utc_ms)
{
	const struct hg_rpid_spans *s = &r->list[HG_RPID_ACTIVITIES];

	for (size_t i = 0; i < s->n; i++)
		if (hg_rpid_holds(&s->v[i], utc_ms))
			add_notes(c, &s->v[i].notes);
}

static const struct hg_rpid *input_of(const struct hg_pidf *d, const struct hg_pidf_tuple *t)
{
	for (size_t i = 0; i < d->npersons; i++)
		if (d->person[i].rpid.input)
			return &d->person[i].rpid;
	if (t && t->rpid.input)
		return &t->rpid;
	for (size_t i = 0; i < d->ndevices; i++)
		if (d->device[i].rpid.input)
			return &d->device[i].rpid;
	return NULL;
}

static void add_state(struct collector *c, const struct hg_pidf *d, const struct hg_pidf_tuple *t,
	enum hg_pidf_basic basic, int64_t utc_ms)
{
	static const char *const reach[] = { "away", "busy", NULL };
	uint64_t set = activities_now(d, t, utc_ms);
	struct hg_str other = other_now(d, t, utc_ms);
	const char *show = t ? hg_pidf_show_name(t->show) : "";

	if (t && !*show && t->digium.type) /* T24 */
		show = token_of(shows, hg_bytes_str(t->digium.type));
	if (basic != HG_PIDF_UNSPECIFIED)
		add(c, HG_PIDF_BASIC, hg_str(basics[basic == HG_PIDF_CLOSED]));
	add(c, HG_PIDF_SHOW, hg_str(show));
	add(c, HG_PIDF_ACTIVITY, hg_str(activity_of(set, other)));
	if (set)
		add(c, HG_PIDF_REACH, hg_str(first_of(set, reach)));
}

static void add_input(
	struct collector *c, const struct hg_pidf *d, const struct hg_pidf_tuple *t, int64_t utc_ms)
{
	const struct hg_rpid *input = input_of(d, t);
	bool idle = input && input->input == HG_INPUT_IDLE;

	if (!input)
		return;
	add(c, HG_PIDF_INPUT, hg_str(inputs[idle]));
	if (!idle || !input->last_input)
		return;
	/* A clock that runs ahead of ours: idle since now. */
	hg_utc_write(input->last_input < utc_ms ? input->last_input : utc_ms, c->since);
	add(c, HG_PIDF_SINCE, hg_str(c->since));
}

static void add_texts(
	struct collector *c, const struct hg_pidf *d, const struct hg_pidf_tuple *t, int64_t utc_ms)
{
	struct hg_str other = other_now(d, t, utc_ms);

	for (size_t i = 0; i < d->npersons; i++)
		add_notes(c, &d->person[i].notes);
	if (t)
		add_notes(c, &t->notes);
	add_notes(c, &d->notes);
	for (size_t i = 0; i < d->npersons; i++)
		add_span_notes(c, &d->person[i].rpid, utc_ms);
	if (c->notes)
		return;
	/* Words that no list has are said as words. */
	if (t && t->digium.message)
		add(c, HG_PIDF_NOTE, hg_str_trim(hg_bytes_str(t->digium.message)));
	else if (other.n && !token_of(activities, hg_str_trim(other)))
		add(c, HG_PIDF_NOTE, hg_str_trim(other));
}

static struct hg_record *with_extension(
	const struct collector *c, const struct hg_pidf_tuple *t, struct hg_str own)
{
	const struct hg_extension_core core = hg_tuple_core(t);
	struct hg_presence exact;
	struct hg_record *r;

	if (!hg_extension_may_pass(&t->extension, own))
		return hg_record_new(c->value, c->n);
	hg_extension_presence(&t->extension, &core, &exact);
	r = hg_record_new_exact(c->value, c->n, &exact);
	hg_presence_done(&exact);
	return r;
}

struct hg_record *hg_pidf_record(
	const struct hg_pidf *d, const struct hg_pidf_tuple *t, struct hg_str own, int64_t utc_ms)
{
	struct collector c = { .n = 0 };
	enum hg_pidf_basic basic = t ? t->basic : HG_PIDF_UNSPECIFIED;
	struct hg_buf words = { 0 };
	struct hg_record *r;

	add_state(&c, d, t, basic, utc_ms);
	add_input(&c, d, t, utc_ms);
	add_texts(&c, d, t, utc_ms);
	if (t && t->priority >= 0) {
		snprintf(c.priority, sizeof(c.priority), "%d", hg_pidf_priority(t->priority));
		add(&c, HG_PIDF_PRIORITY, hg_str(c.priority));
	}
	hg_pidf_words(d, t, utc_ms, &words);
	add(&c, HG_PIDF_WORDS, hg_buf_str(&words));
	r = own.n && t && t->has_extension ? with_extension(&c, t, own)
					   : hg_record_new(c.value, c.n);
	hg_buf_done(&words);
	return r;
}

struct hg_record *hg_pidf_record_whole(const struct hg_pidf *d, struct hg_str own, int64_t utc_ms)
{
	const struct hg_pidf_tuple *best = NULL;

	for (size_t i = 0; i < d->ntuples; i++) {
		const struct hg_pidf_tuple *t = &d->tuple[i];
		bool open = t->basic == HG_PIDF_OPEN, was = best && best->basic == HG_PIDF_OPEN;

		if (!best || (open && !was) || (open == was && t->priority > best->priority))
			best = t;
	}
	return hg_pidf_record(d, best, own, utc_ms);
}
