/* SPDX-License-Identifier: Apache-2.0 */
/* The model of what is handed out: parts of views as documents. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

static void add_activity(const struct shown *v, struct hg_buf *b)
{
	hg_buf_addf(b, " %u %s%s%s\n", v->availability, v->token[0] ? v->token : "-",
		v->words[0] ? " " : "", v->words);
}

static void add_note(const struct shown *v, const char *before, struct hg_buf *b)
{
	if (v->note[0])
		hg_buf_addf(b, "%s%s\n", before, v->note);
}

static const char *show_of(const struct sim *s, int p, uint32_t availability)
{
	switch (hg_band_of(availability)) {
	case HG_BAND_AVAILABLE:
		return "online";
	case HG_BAND_BUSY:
	case HG_BAND_BUSY_IDLE:
	case HG_BAND_DND:
		return "dnd";
	case HG_BAND_BRB:
	case HG_BAND_AWAY:
		return sim_table_variant(s, p) ? "dnd" : "away";
	case HG_BAND_AVAILABLE_IDLE:
		return "away";
	default:
		return "gone";
	}
}

static void add_record(const struct sim *s, int p, const struct shown *v, struct hg_buf *b)
{
	hg_buf_addf(b, "show %s\n", show_of(s, p, v->availability));
	/* Of somebody at home who is not there none is told. */
	if (strcmp(v->note, "-") != 0 && (p >= s->nhome || !model_is_away(v)))
		add_note(v, "status ", b);
	if (!model_is_away(v))
		hg_buf_adds(b, "priority 0\n");
}

void model_part(struct sim *s, const struct dialog *d, hg_part part, struct hg_buf *b)
{
	struct shown v;

	model_shown(s, d->watcher, d->about, &v);
	if (s->farewell && d->kind == STANDING)
		v = (struct shown){ .availability = OFFLINE };
	if (part == HG_CAT_STATE || part == HG_CAT_LEGACY_INTEROP) {
		hg_buf_addf(b, "%s aggregate", hg_category_name(part));
		add_activity(&v, b);
	} else if (part == HG_CAT_NOTE) {
		add_note(&v, "note note ", b);
	} else if (d->kind == NATIVE) {
		hg_buf_adds(b, "presence");
		add_activity(&v, b);
		if (strcmp(v.note, "-") != 0)
			add_note(&v, "note ", b);
	} else {
		add_record(s, d->about, &v, b);
	}
}

/* What the server publishes for others to see, of either category; of the state also for the owner. */
static void add_aggregates(struct model_person *m, bool c3, hg_part part, struct hg_buf *b)
{
	static const unsigned number[] = { 3500, 5000, 15500 }; /* of the most active machine */
	static const uint16_t shown[][2] = { { 2, 2 }, { 3, 3 }, { 100, 2 }, { 200, 2 }, { 300, 3 },
		{ 400, 2 } };
	bool state = part == HG_CAT_STATE;

	for (size_t i = state ? 0 : 2; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct shown v = { 0 };

		model_aggregate(m, shown[i][1], c3, &v);
		hg_buf_addf(b, "%s %u 1 * aggregate %u %s\n", hg_category_name(part), shown[i][0],
			v.availability, v.token[0] && shown[i][0] != 100 ? v.token : "-");
	}
	hg_buf_addf(b, "%s %d %d * aggregate %d -\n", hg_category_name(part), HG_C_BLOCKED, !state,
		OFFLINE);
	if (state && model_best_machine(m, 2) < 3)
		hg_buf_addf(
			b, "state 2 machine aggregate %u -\n", number[model_best_machine(m, 2)]);
}

static void add_members(struct sim *s, const struct model_person *m, int level, struct hg_buf *b)
{
	static const struct {
		enum hg_trust trust;
		enum hg_member_type type;
	} classes[] = { { HG_FEDERATED, HG_MEMBER_FEDERATED },
		{ HG_PUBLIC_CLOUD, HG_MEMBER_PUBLIC_CLOUD },
		{ HG_SAME_ENTERPRISE, HG_MEMBER_SAME_ENTERPRISE } };

	hg_buf_addf(b, "container %u %u", levels[level], m->level_version[level]);
	for (size_t i = 0; i < 3; i++)
		if (m->class_of[level] & 1u << classes[i].trust)
			hg_buf_addf(b, " %d:", (int)classes[i].type);
	for (int w = 0; w < s->n; w++)
		if (m->users[level] & 1u << w)
			hg_buf_addf(b, " %d:%s", (int)HG_MEMBER_USER, s->name[w]);
	hg_buf_addc(b, '\n');
}

static void add_watcher(struct sim *s, int w, int p, struct hg_buf *b)
{
	const struct model_pair *m = &s->pair[w][p];
	bool watches = w < s->nhome ? model_looks(s, w, p) : m->in != AUTH_NONE;
	struct shown v;

	model_shown(s, w, p, &v);
	if (w == p || v.standing == HG_REFUSED)
		return;
	if (watches || (v.standing == HG_PENDING && m->prompt == PROMPT_OPEN))
		hg_buf_addf(b, "watcher %s %d\n", s->name[w],
			v.standing != HG_PENDING ? HG_WATCH_ACTIVE
				: watches        ? HG_WATCH_PENDING
						 : HG_WATCH_WAITING);
}

void model_own(struct sim *s, int p, hg_part part, struct hg_buf *b)
{
	struct model_person *m = &s->person[p];

	if (part == HG_CAT_STATE || part == HG_CAT_LEGACY_INTEROP)
		add_aggregates(m, s->c3, part, b);
	if (part == HG_CAT_STATE)
		model_add_linked(s, p, b);
	for (int i = 0; i < m->npubs; i++) {
		const struct model_pub *x = &m->pub[i];

		if (x->live && x->key.category == part)
			hg_buf_addf(b, "%s %u %u %u %s\n", hg_category_name(part), x->key.container,
				x->key.instance, x->version, x->content);
	}
	for (int w = 0; part == HG_PART_SUBSCRIBERS && w < s->n; w++)
		if (s->pair[w][p].prompt == PROMPT_OPEN && !model_settled(m, w))
			hg_buf_addf(b, "waiting %s %d\n", s->name[w], (int)model_trust(s, w));
	for (int w = 0; part == HG_PART_WATCHERS && w < s->n; w++)
		add_watcher(s, w, p, b);
	if (part == HG_PART_DELEGATES)
		model_add_delegates(s, p, b);
	for (int l = 0; part == HG_PART_CONTAINERS && l < LEVELS; l++)
		add_members(s, m, l, b);
}
