/* SPDX-License-Identifier: Apache-2.0 */
/* The model across a restart: what is durable stays, what is soft goes, and what hints bring back is unconfirmed. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

void model_committed_unseen(struct sim *s, int queue)
{
	struct model_person *m = &s->person[queue];

	if (!m->nqueue || m->queue[0].state != STAGED) {
		sim_bad(s, DURABILITY, "%s: the driver lost track of a commit", s->name[queue]);
		return;
	}
	m->queue[0].state = COMMITTED;
	m->queue[0].durable = ++s->last_order;
}

/* Durable by now, although the core had no turn in which to say so. They may be about each other: in their order. */
static void apply_unseen(struct sim *s)
{
	for (;;) {
		struct model_person *first = NULL;

		for (int p = 0; p < s->n; p++) {
			struct model_person *m = &s->person[p];

			if (m->nqueue && m->queue[0].state == COMMITTED && !m->queue[0].rc &&
				(!first || m->queue[0].durable < first->queue[0].durable))
				first = m;
		}
		if (!first)
			return;
		model_apply(s, &first->queue[0]);
		first->nqueue = 0;
	}
}

/* Versions of what is gone go with the process. */
static void keep_static(struct model_person *m)
{
	int n = 0;

	for (int i = 0; i < m->npubs; i++)
		if (m->pub[i].live && m->pub[i].expiry == HG_STATIC)
			m->pub[n++] = m->pub[i];
	m->npubs = n;
}

static void restart_pair(struct sim *s, int w, int p)
{
	struct model_pair *m = &s->pair[w][p];

	memset(m->face, 0, sizeof(m->face));
	memset(m->aspect, 0, sizeof(m->aspect));
	model_directed_drop(m);
	m->stale = m->asked = m->probed = m->overflowed = m->dismissed = m->parted = false;
	m->unknown = true;
	m->settle_at = 0;
	if (m->for_all)
		m->out = m->in = AUTH_NONE;
	m->for_all = m->unsaid = false;
	if (w >= s->nhome && m->in == AUTH_GRANTED)
		s->standing[w][p] = wire_dialog(s, STANDING, w, p, 0);
}

void model_restart(struct sim *s)
{
	apply_unseen(s);
	for (int p = 0; p < s->n; p++) {
		struct model_person *m = &s->person[p];

		m->nqueue = 0;
		m->lapsed = false;
		m->delegates_staged = 0;
		keep_static(m);
		memset(m->endpoint, 0, sizeof(m->endpoint));
		memset(m->linked, 0, sizeof(m->linked));
	}
	s->nrefused = 0;
	for (size_t i = 0; i < s->ndialogs; i++)
		if (s->dialog[i]->open)
			wire_close_dialog(s, s->dialog[i]);
	for (int w = 0; w < s->n; w++)
		for (int p = 0; p < s->n; p++)
			restart_pair(s, w, p);
}

/* ---- hints ---- */

static int endpoint_named(struct hg_str instance)
{
	for (int e = 0; e < ENDPOINTS; e++) {
		char name[16];

		snprintf(name, sizeof(name), "ep%d", e);
		if (hg_str_is(instance, name))
			return e;
	}
	return -1;
}

static void restore_endpoint(struct sim *s, struct model_person *m, const struct hg_fact *f)
{
	int64_t left = f->until - s->now.utc;
	int e = endpoint_named(f->name);

	if (e < 0)
		model_restore_linked(s, m, f);
	if (e < 0 || left <= 0)
		return;
	m->endpoint[e] = (struct model_endpoint){ .id = MADE_UP_ENDPOINT + (uint32_t)e,
		.restored = true,
		.until = s->now.mono + (left < sim_limits.grace ? left : sim_limits.grace) };
}

static void restore_publication(struct sim *s, struct model_person *m, const struct hg_fact *f)
{
	static const char *const names[] = {
		[HG_ENDPOINT] = "endpoint", [HG_USER] = "user", [HG_TIME] = "time"
	};
	struct model_pub x = { .key = { hg_category_find(f->name), (uint16_t)f->number[0],
				       f->number[1] },
		.version = f->number[2],
		.live = true };
	int64_t seconds = f->until ? (f->until - s->now.utc) / 1000 : 0;
	int e = endpoint_named(f->extra);

	if (model_pub_find(m->pub, m->npubs, x.key))
		return; /* a static one took its place, and that is durable */
	for (x.expiry = HG_ENDPOINT; !hg_str_is(f->more, names[x.expiry]); x.expiry++)
		;
	x.origin = e < 0 ? 0 : m->endpoint[e].id;
	if (x.expiry == HG_TIME               ? seconds <= 0
			: x.expiry == HG_USER ? !model_signed_in(m)
					      : !x.origin)
		return;
	x.until = s->now.mono + seconds * 1000;
	memcpy(x.content, f->value.p, f->value.n < TEXT ? f->value.n : TEXT - 1);
	m->pub[m->npubs++] = x;
}

void model_restore(struct sim *s, const struct hg_fact *f)
{
	int p = sim_person(s, f->owner);
	struct model_person *m = &s->person[p];

	if (!m->exists || s->hints_life[p] != m->life)
		return; /* of nobody, or of somebody else who had the name */
	if (f->kind == HG_FACT_ENDPOINT)
		restore_endpoint(s, m, f);
	else
		restore_publication(s, m, f);
}

void model_named(struct model_person *m, int e, hg_endpoint id)
{
	hg_endpoint was = m->endpoint[e].id;

	for (int i = 0; i < m->npubs; i++)
		if (was && m->pub[i].origin == was)
			m->pub[i].origin = id;
	m->endpoint[e].id = id;
	m->endpoint[e].restored = false;
	m->lapsed = false;
}
