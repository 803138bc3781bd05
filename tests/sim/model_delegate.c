/* SPDX-License-Identifier: Apache-2.0 */
/* The model of delegates: who may act in whose name, the number of the list, and what is bound to a delegate's device. */

#include "tests/sim/sim.h"

int model_asker(const struct request *r)
{
	return r->behalf ? r->behalf - 1 : r->person;
}

bool model_may(const struct sim *s, const struct request *r)
{
	const struct model_person *m = &s->person[r->person];
	unsigned bit = 1u << model_asker(r);

	if (!r->behalf)
		return true;
	return r->kind == HG_REQ_PUBLISH ? m->publishes & bit
					 : r->kind == HG_REQ_DELEGATE && m->redelegates & bit;
}

enum hg_verdict model_predict_delegate(const struct sim *s, const struct request *r, bool *durable)
{
	const struct model_person *m = &s->person[r->person];
	unsigned bit = 1u << r->other;

	if (r->other == r->person)
		return HG_BAD;
	if (r->behalf && !r->remove && r->publishes && !(m->publishes & 1u << model_asker(r)))
		return HG_NOT_DELEGATE;
	if (r->version != m->delegates_version)
		return HG_CONFLICT;
	if (r->remove && !(m->delegates & bit))
		return HG_FORBIDDEN;
	if (!r->remove &&
		(r->other >= s->nhome || !s->person[r->other].exists ||
			model_is_leaving(s, r->other)))
		return HG_NOT_FOUND;
	*durable = true;
	return HG_OK;
}

/* Numbers are never given twice, also when what had one failed. */
static uint32_t next_number(struct model_person *m)
{
	if (m->delegates_staged < m->delegates_version)
		m->delegates_staged = m->delegates_version;
	return ++m->delegates_staged;
}

/* Is he in this list, or just being put there? */
static bool is_listed(const struct sim *s, int owner, int who)
{
	const struct model_person *m = &s->person[owner];
	const struct item *i = &m->queue[0];
	bool coming = m->nqueue && i->state != WAITING && !i->is_edge && !i->consent && !i->made &&
		!i->removed && i->req.kind == HG_REQ_DELEGATE && i->req.other == who;

	return owner != who && (coming || m->delegates & 1u << who);
}

bool model_owner_leaves(const struct sim *s, int who)
{
	for (int p = 0; p < s->nhome; p++)
		if (is_listed(s, p, who) && model_is_leaving(s, p))
			return true;
	return false;
}

void model_delegates_staged(struct sim *s, struct item *i)
{
	if (!i->is_edge && !i->consent && !i->made && !i->removed && i->req.kind == HG_REQ_DELEGATE)
		i->list_number[i->req.person] = next_number(&s->person[i->req.person]);
	for (int p = 0; i->removed && p < s->nhome; p++)
		if (is_listed(s, p, i->req.person))
			i->list_number[p] = next_number(&s->person[p]);
}

/* What he has published in the owner's name is bound to his devices; those that came back from a hint have no part in it. */
static void unbind(struct sim *s, int owner, hg_endpoint id)
{
	struct model_person *m = &s->person[owner];

	for (int i = 0; id && id < MADE_UP_ENDPOINT && i < m->npubs; i++) {
		if (!m->pub[i].live || m->pub[i].expiry != HG_ENDPOINT || m->pub[i].origin != id)
			continue;
		m->pub[i].live = false;
		m->unseen_at = s->now.mono;
	}
}

void model_unbind_abroad(struct sim *s, hg_endpoint id)
{
	for (int p = 0; p < s->nhome; p++)
		unbind(s, p, id);
}

static void set(struct sim *s, int owner, int who, const struct request *r, uint32_t number)
{
	struct model_person *m = &s->person[owner];
	unsigned bit = 1u << who;

	if (number > m->delegates_version)
		m->delegates_version = number;
	m->delegates &= ~bit;
	m->publishes &= ~bit;
	m->redelegates &= ~bit;
	if (r && !r->remove) {
		m->delegates |= bit;
		m->publishes |= r->publishes ? bit : 0;
		m->redelegates |= r->redelegates ? bit : 0;
	}
	for (int e = 0; e < ENDPOINTS && !(m->publishes & bit); e++)
		unbind(s, owner, s->person[who].endpoint[e].id);
}

void model_apply_delegate(struct sim *s, const struct item *i)
{
	set(s, i->req.person, i->req.other, &i->req, i->list_number[i->req.person]);
}

void model_delegate_gone(struct sim *s, const struct item *i)
{
	for (int p = 0; p < s->nhome; p++)
		if (i->list_number[p] && s->person[p].exists)
			set(s, p, i->req.person, NULL, i->list_number[p]);
}

void model_add_delegates(const struct sim *s, int p, struct hg_buf *b)
{
	const struct model_person *m = &s->person[p];

	hg_buf_addf(b, "delegates %u\n", m->delegates_version);
	for (int d = 0; d < s->n; d++)
		if (m->delegates & 1u << d)
			hg_buf_addf(b, "delegate %s %d %d\n", s->name[d],
				(m->publishes & 1u << d) != 0, (m->redelegates & 1u << d) != 0);
}
