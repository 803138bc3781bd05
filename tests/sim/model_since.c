/* SPDX-License-Identifier: Apache-2.0 */
/* The model of times: since when each container shows what it shows, and each watcher over a border receives what he does. */

#include "tests/sim/sim.h"

#include "bridge/presence/digest.h"

static uint64_t add_text(uint64_t h, const char *text)
{
	return hg_digest_text(h, hg_str(text));
}

/* What was otherwise for no time at all, while several things changed at once, may have been so since before. */
static void look(const struct sim *s, struct model_since *m, uint64_t is)
{
	bool back = is == m->before && m->to == s->now.utc;

	if (is != m->is)
		*m = (struct model_since){ .is = is,
			.from = back ? m->before_from : s->now.utc,
			.to = s->now.utc,
			.active = m->active,
			.before = m->is,
			.before_from = m->from };
}

/* ---- people at home ---- */

static bool is_active(const struct shown *v)
{
	enum hg_band band = hg_band_of(v->availability);

	return band == HG_BAND_AVAILABLE || band == HG_BAND_BUSY || band == HG_BAND_DND;
}

/* External sees his availability; whoever sees more is also told whether he is active. One note in the place of another is
 * another, also if it says the same; and was said when its commit began. */
static void look_at_level(const struct sim *s, struct model_person *m, int l)
{
	const struct model_pub *note = model_pub_find(
		m->pub, m->npubs, (struct hg_pubkey){ HG_CAT_NOTE, levels[l], 0 });
	uint64_t h, was = m->since[l].note, now = note && note->live ? note->order + 1 : 0;
	struct shown v = { 0 };
	unsigned active;

	model_aggregate(m, levels[l] == 300 ? 3 : 2, s->c3, &v);
	h = hg_digest_number(hg_digest_number(HG_DIGEST_START, v.availability), now);
	if (levels[l] == 300)
		h = add_text(h, v.token);
	else if (levels[l] != 100)
		h = hg_digest_number(add_text(h, v.token), is_active(&v));
	look(s, &m->since[l], h);
	/* The workgroup may see him away where others see that he is not to be disturbed: his time may move with either. */
	active = (unsigned)is_active(&v) | (unsigned)m->active << 1;
	if (levels[l] == 300 && active != m->since[l].active)
		m->since[l].to = s->now.utc;
	m->since[l].active = active;
	m->since[l].note = now;
	if (now && now != was && note->said < m->since[l].from)
		m->since[l].from = note->said;
}

void model_since_look(struct sim *s, int p)
{
	struct model_person *m = &s->person[p];
	struct shown v = { 0 };
	bool was = m->active;

	if (p >= s->nhome || !m->exists)
		return;
	model_aggregate(m, 2, s->c3, &v);
	m->active = is_active(&v);
	if (m->active)
		m->left = 0;
	else if (was)
		m->left = s->now.utc;
	for (int l = 0; l < LEVELS - 1; l++)
		look_at_level(s, m, l);
}

/* ---- what is received ---- */

static void look_at_received(struct sim *s, int w, int p)
{
	struct shown v;
	uint64_t h;

	model_shown(s, w, p, &v);
	h = hg_digest_number(HG_DIGEST_START, v.availability);
	look(s, &s->pair[w][p].since, add_text(add_text(h, v.note), v.words));
}

void model_since_all(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++)
		model_since_look(s, p);
	for (int w = s->nhome; w < s->n; w++)
		for (int p = s->nhome; p < s->n; p++)
			if (s->standing[w][p])
				look_at_received(s, w, p);
}

/* What is soft is said, and aggregated, anew; when somebody was there last nobody remembers. */
void model_since_restart(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		struct model_person *m = &s->person[p];

		m->active = false;
		m->left = 0;
		for (int l = 0; l < LEVELS; l++)
			m->since[l].to = s->now.utc;
	}
	model_since_all(s);
}
