/* SPDX-License-Identifier: Apache-2.0 */
/* What requests of home people must be answered, what of them is durable, and what they change. */

#include "tests/sim/sim.h"

#include <string.h>

/* ---- what a request must be answered ---- */

static enum hg_verdict predict_publish(
	struct model_person *m, const struct request *r, bool *durable)
{
	enum hg_verdict v = HG_OK;

	for (int i = 0; i < r->nchanges; i++) {
		const struct change *c = &r->change[i];
		const struct model_pub *p = model_pub_find(m->pub, m->npubs, c->key);
		bool live = p && p->live;

		if (c->version != (live ? p->version : 0) && !(c->gone && c->version == 0))
			v = HG_CONFLICT;
		*durable |= (live && p->expiry == HG_STATIC) ||
			(c->expiry == HG_STATIC && !c->gone);
	}
	return v;
}

enum hg_verdict model_predict(struct sim *s, const struct item *i, bool *durable)
{
	struct request whole = i->req;
	const struct request *r = &whole;
	struct model_person *m = &s->person[r->person];

	*durable = false;
	model_fill_in(s, &whole);
	if (i->is_edge) {
		*durable = model_edge_changes(s, i->w, i->p, i->edge);
		return HG_OK;
	}
	if (i->consent) {
		*durable = model_waits_no_more(s, r->person) != 0;
		return HG_OK;
	}
	if (i->removed && m->exists && model_owner_leaves(s, r->person))
		return HG_LATER;
	*durable = i->removed || (i->made && !m->exists);
	if (i->made || (i->removed && m->exists))
		return HG_OK;
	if (i->removed || (!m->exists && r->kind != HG_REQ_REGISTER && !r->says))
		return HG_NOT_FOUND;
	if (!model_may(s, r))
		return HG_NOT_DELEGATE;
	switch (r->kind) {
	case HG_REQ_REGISTER:
		*durable = r->expires && !m->exists;
		return r->expires && i->orphan ? HG_BAD : HG_OK;
	case HG_REQ_PUBLISH:
		return predict_publish(m, r, durable);
	case HG_REQ_MEMBERS:
	case HG_REQ_ACE:
		*durable = true;
		for (int k = 0; k < r->nmembers; k++)
			if (r->member[k].version != m->level_version[r->member[k].level])
				return HG_CONFLICT;
		return HG_OK;
	case HG_REQ_CONTACT:
		*durable = true;
		return model_predict_list(s, r);
	case HG_REQ_WATCH:
		if (r->other < s->nhome) /* at home nobody is asked for consent, but he is told */
			*durable = s->person[r->other].exists && !model_is_leaving(s, r->other) &&
				model_prompt_for(s, r->person, r->other) !=
					s->pair[r->person][r->other].prompt;
		else
			*durable = model_want_changes(s, r->person, r->other, true, false);
		return HG_OK;
	case HG_REQ_ACK:
		*durable = s->pair[r->other][r->person].prompt == PROMPT_OPEN;
		return s->pair[r->other][r->person].prompt == PROMPT_NONE ? HG_BAD : HG_OK;
	case HG_REQ_LINK:
		return model_predict_link(s, r, durable);
	case HG_REQ_DELEGATE:
		return model_predict_delegate(s, r, durable);
	case HG_REQ_SAY:
		return model_predict_say(s, r, durable);
	case HG_REQ_MEMO:
		return model_predict_memo(s, r, durable);
	case HG_REQ_SEARCH: /* is no transaction */
		break;
	}
	return HG_BAD;
}

/* ---- taking effect ---- */

void model_fix_versions(struct sim *s, struct request *r)
{
	struct model_person *m = &s->person[r->person];

	model_fill_in(s, r);
	for (int i = 0; i < r->nchanges; i++) {
		const struct model_pub *p = model_pub_find(m->pub, m->npubs, r->change[i].key);

		r->change[i].next = p ? p->version + 1 : 1;
		r->change[i].order = ++s->last_order;
		r->change[i].said = s->now.utc;
	}
}

/* What is bound to a registration, or to there being one, needs it. */
static bool is_bound_to_nothing(
	const struct sim *s, const struct request *r, const struct change *c)
{
	if (c->expiry == HG_ENDPOINT)
		return !model_endpoint_lives(&s->person[model_asker(r)], r->by);
	return c->expiry == HG_USER && !model_signed_in(&s->person[r->person]);
}

static void apply_publish(struct sim *s, struct model_person *m, const struct request *r)
{
	for (int i = 0; i < r->nchanges; i++) {
		const struct change *c = &r->change[i];
		struct model_pub *p = model_pub_find(m->pub, m->npubs, c->key);

		bool gone = c->gone || is_bound_to_nothing(s, r, c);

		if (gone && p)
			p->live = false;
		if (gone)
			continue;
		if (!p)
			p = &m->pub[m->npubs++];
		*p = (struct model_pub){ c->key, c->next, true, c->expiry,
			s->now.mono + (int64_t)c->expires * 1000, r->by, "", c->order, c->said };
		memcpy(p->content, c->content, sizeof(p->content));
	}
}

static void apply_members(struct model_person *m, const struct request *r)
{
	for (int k = 0; k < r->nmembers; k++) {
		int l = r->member[k].level;
		unsigned *set = r->member[k].user < 0 ? &m->class_of[l] : &m->users[l];
		unsigned bit = 1u << (r->member[k].user < 0 ? (int)r->member[k].trust
							    : r->member[k].user);

		*set = r->member[k].remove ? *set & ~bit : *set | bit;
		m->level_version[l] = r->member[k].version + 1;
	}
}

static void apply_register(struct sim *s, struct model_person *m, const struct item *i)
{
	struct model_endpoint *e = &m->endpoint[i->req.endpoint];

	if (!i->req.expires) {
		if (e->id)
			model_end_endpoint(s, m, i->req.endpoint);
		return;
	}
	m->exists = true;
	if (!i->orphan) /* else its connection is gone already; the answer tells the id */
		*e = (struct model_endpoint){ e->id, i->req.lane, e->restored,
			s->now.mono + (int64_t)i->req.expires * 1000 };
}

static void apply(struct sim *s, struct item *i)
{
	struct model_person *m = &s->person[i->req.person];

	if (i->is_edge) {
		model_edge(s, i);
		return;
	}
	for (int w = 0; i->consent && w < s->n; w++)
		if (i->let_in & 1u << w)
			model_let_in(s, w, i->req.person);
	if (i->consent)
		return;
	if (i->removed) {
		model_delegate_gone(s, i);
		model_user_gone(s, i->req.person);
		return;
	}
	if (i->made) {
		m->exists = true;
		return;
	}
	switch (i->req.kind) {
	case HG_REQ_REGISTER:
		apply_register(s, m, i);
		break;
	case HG_REQ_PUBLISH:
		apply_publish(s, m, &i->req);
		break;
	case HG_REQ_MEMBERS:
	case HG_REQ_ACE:
		if (i->req.kind == HG_REQ_ACE && i->prompt == PROMPT_DONE &&
			s->pair[i->req.other][i->req.person].prompt == PROMPT_OPEN)
			s->pair[i->req.other][i->req.person].prompt = PROMPT_DONE;
		apply_members(m, &i->req);
		for (int k = 0; k < i->req.nmembers; k++)
			if (i->req.member[k].user >= 0 && !i->req.member[k].remove)
				model_let_in(s, i->req.member[k].user, i->req.person);
		model_blocks(s, &i->req);
		break;
	case HG_REQ_CONTACT:
		model_apply_list(s, &i->req);
		break;
	case HG_REQ_WATCH:
		if (i->req.other >= s->nhome)
			model_want(s, i->req.person, i->req.other, true, false);
		else if (i->state == COMMITTED)
			s->pair[i->req.person][i->req.other].prompt = i->prompt;
		break;
	case HG_REQ_ACK:
		s->pair[i->req.other][i->req.person].prompt = PROMPT_DONE;
		break;
	case HG_REQ_LINK:
		model_link_account(s, &i->req);
		break;
	case HG_REQ_DELEGATE:
		model_apply_delegate(s, i);
		break;
	case HG_REQ_SAY:
		model_apply_say(s, &i->req);
		break;
	case HG_REQ_MEMO:
		model_apply_memo(s, &i->req);
		break;
	case HG_REQ_SEARCH:
		break;
	}
}

void model_apply(struct sim *s, struct item *i)
{
	apply(s, i);
	model_since_look(s, i->req.person);
}
