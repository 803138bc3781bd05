/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of home people: their facts, and the order in which requests and edges take effect. A request takes effect when
 * its answer says so, one whose client is gone when those before it have, and what needs a commit not before that.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

const uint16_t levels[LEVELS] = { 100, 200, 300, 400, 32000 };

void model_init(struct sim *s)
{
	for (int p = 0; p < s->n; p++) {
		struct model_person *m = &s->person[p];

		for (int i = 0; i < LEVELS; i++)
			m->level_version[i] = 1;
		m->class_of[0] = 1u << HG_FEDERATED;
		m->class_of[1] = 1u << HG_SAME_ENTERPRISE;
		m->class_of[4] = 1u << HG_PUBLIC_CLOUD;
		m->delta = 1;
		for (int w = 0; w < s->n; w++) {
			s->pair[w][p].out = p < s->nhome ? AUTH_GRANTED : AUTH_NONE;
			s->pair[w][p].in = w < s->nhome ? AUTH_GRANTED : AUTH_NONE;
			s->pair[w][p].unknown = true;
		}
	}
}

struct model_pub *model_pub_find(struct model_pub *v, int n, struct hg_pubkey key)
{
	for (int i = 0; i < n; i++)
		if (memcmp(&v[i].key, &key, sizeof(key)) == 0)
			return &v[i];
	return NULL;
}

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

static enum hg_verdict predict(struct sim *s, const struct item *i, bool *durable)
{
	const struct request *r = &i->req;
	struct model_person *m = &s->person[r->person];

	*durable = false;
	if (i->is_edge) {
		*durable = model_edge_changes(s, i->w, i->p, i->edge);
		return HG_OK;
	}
	switch (r->kind) {
	case HG_REQ_REGISTER:
		*durable = r->expires && !m->exists;
		return r->expires && i->orphan ? HG_BAD : HG_OK;
	case HG_REQ_PUBLISH:
		return predict_publish(m, r, durable);
	case HG_REQ_MEMBERS:
		*durable = true;
		for (int k = 0; k < r->nmembers; k++)
			if (r->member[k].version != m->level_version[r->member[k].level])
				return HG_CONFLICT;
		return HG_OK;
	case HG_REQ_CONTACT:
		*durable = true;
		return r->delta == m->delta ? HG_OK : HG_CONFLICT;
	case HG_REQ_WATCH:
		if (r->other < s->nhome) /* at home nobody is asked for consent, but he is told */
			*durable = s->person[r->other].exists &&
				model_prompt_for(s, r->person, r->other) !=
					s->pair[r->person][r->other].prompt;
		else
			*durable = model_want_changes(s, r->person, r->other, true, false);
		return HG_OK;
	case HG_REQ_ACK:
		*durable = s->pair[r->other][r->person].prompt == PROMPT_OPEN;
		return s->pair[r->other][r->person].prompt == PROMPT_NONE ? HG_BAD : HG_OK;
	case HG_REQ_LINK:
		break; /* not simulated: an administrator's */
	}
	return HG_BAD;
}

/* ---- taking effect ---- */

static void fix_versions(struct model_person *m, struct request *r)
{
	for (int i = 0; i < r->nchanges; i++) {
		const struct model_pub *p = model_pub_find(m->pub, m->npubs, r->change[i].key);

		r->change[i].next = p ? p->version + 1 : 1;
	}
}

/* What is bound to a registration, or to there being one, needs it. */
static bool is_bound_to_nothing(
	const struct model_person *m, const struct request *r, const struct change *c)
{
	if (c->expiry == HG_ENDPOINT)
		return !model_endpoint_lives(m, r->by);
	return c->expiry == HG_USER && !model_signed_in(m);
}

static void apply_publish(struct sim *s, struct model_person *m, const struct request *r)
{
	for (int i = 0; i < r->nchanges; i++) {
		const struct change *c = &r->change[i];
		struct model_pub *p = model_pub_find(m->pub, m->npubs, c->key);

		bool gone = c->gone || is_bound_to_nothing(m, r, c);

		if (gone && p)
			p->live = false;
		if (gone)
			continue;
		if (!p)
			p = &m->pub[m->npubs++];
		*p = (struct model_pub){ c->key, c->next, true, c->expiry,
			s->now.mono + (int64_t)c->expires * 1000, r->by, "" };
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

static void apply_contact(struct sim *s, struct model_person *m, const struct request *r)
{
	struct model_contact *k = &m->contact[r->other];
	bool added = !k->in, wanted = r->op == HG_SET_CONTACT && r->subscribed;

	k->in = r->op == HG_SET_CONTACT;
	k->subscribed = r->subscribed;
	memcpy(k->name, r->name, sizeof(k->name));
	m->delta++;
	if (k->in)
		model_let_in(s, r->other, r->person);
	model_want(s, r->person, r->other, wanted, added);
}

static void apply_register(struct sim *s, struct model_person *m, const struct item *i)
{
	struct model_endpoint *e = &m->endpoint[i->req.endpoint];

	if (!i->req.expires) {
		if (e->id)
			model_end_endpoint(m, i->req.endpoint);
		return;
	}
	m->exists = true;
	if (!i->orphan) /* else its connection is gone already; the answer tells the id */
		*e = (struct model_endpoint){ e->id, i->req.lane, e->restored,
			s->now.mono + (int64_t)i->req.expires * 1000 };
}

void model_apply(struct sim *s, struct item *i)
{
	struct model_person *m = &s->person[i->req.person];

	if (i->is_edge) {
		model_edge(s, i->w, i->p, i->edge);
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
		apply_members(m, &i->req);
		for (int k = 0; k < i->req.nmembers; k++)
			if (i->req.member[k].user >= 0 && !i->req.member[k].remove)
				model_let_in(s, i->req.member[k].user, i->req.person);
		break;
	case HG_REQ_CONTACT:
		apply_contact(s, m, &i->req);
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
		break;
	}
}

/* ---- the order ---- */

int model_queue_of(const struct sim *s, int w, int p)
{
	return p < s->nhome && w >= s->nhome ? p : w;
}

static void pop(struct model_person *m)
{
	memmove(m->queue, m->queue + 1, (size_t)--m->nqueue * sizeof(*m->queue));
}

/* Heads that nobody is answered for take effect by themselves; others wait for their answer. */
static void settle(struct sim *s, int queue)
{
	struct model_person *m = &s->person[queue];

	while (m->nqueue) {
		struct item *i = &m->queue[0];
		bool durable = false;
		enum hg_verdict v = HG_OK;

		if (!i->is_edge && !i->orphan)
			return;
		if (i->state == STAGED)
			return;
		if (i->state == WAITING) {
			v = predict(s, i, &durable);
			if (v == HG_OK && durable)
				return;
			fix_versions(&s->person[i->req.person], &i->req);
		}
		m->unseen_at = s->now.mono;
		if (v == HG_OK && !i->rc)
			model_apply(s, i);
		pop(m);
	}
}

/* The queue has a limit. A request past it is refused at once, an edge is not heard: the peer will ask again. */
static void refuse(struct sim *s, int queue, const struct item *i)
{
	sim_note(s, "    too much of %s waits already", s->name[queue]);
	sim_comparisons[BOUNDED]++;
	if (i->is_edge) {
		s->pair[i->w][i->p].unheard = true;
		return;
	}
	if (s->nrefused == QUEUE) {
		sim_bad(s, BOUNDED, "what is past the limit of %s's queue is not answered",
			s->name[queue]);
		return;
	}
	s->refused[s->nrefused++] = *i;
}

static bool take_refused(struct sim *s, uint64_t cookie, struct item *ret)
{
	for (int k = 0; k < s->nrefused; k++) {
		if (s->refused[k].cookie != cookie)
			continue;
		*ret = s->refused[k];
		s->refused[k] = s->refused[--s->nrefused];
		return true;
	}
	return false;
}

void model_push(struct sim *s, int queue, const struct item *i)
{
	struct model_person *m = &s->person[queue];

	if ((uint32_t)m->nqueue >= s->limits.queue) {
		refuse(s, queue, i);
		return;
	}
	if (m->nqueue == QUEUE) {
		sim_bad(s, DURABILITY, "the driver's own queue of %s is full", s->name[queue]);
		return;
	}
	m->queue[m->nqueue++] = *i;
	settle(s, queue);
}

struct item *model_find(struct sim *s, uint64_t cookie, int *ret_queue)
{
	for (int q = 0; q < s->n; q++) {
		for (int i = 0; i < s->person[q].nqueue; i++) {
			if (s->person[q].queue[i].cookie == cookie) {
				*ret_queue = q;
				return &s->person[q].queue[i];
			}
		}
	}
	return NULL;
}

void model_staged(struct sim *s, int queue)
{
	struct model_person *m = &s->person[queue];
	bool durable = false;

	sim_comparisons[DURABILITY]++;
	if (!m->nqueue || m->queue[0].state != WAITING ||
		predict(s, &m->queue[0], &durable) != HG_OK || !durable) {
		sim_bad(s, DURABILITY, "a commit for %s that nothing asked for", s->name[queue]);
		return;
	}
	fix_versions(&s->person[m->queue[0].req.person], &m->queue[0].req);
	if (m->queue[0].req.kind == HG_REQ_WATCH)
		m->queue[0].prompt = model_prompt_for(s, queue, m->queue[0].req.other);
	m->queue[0].state = STAGED;
}

void model_committed(struct sim *s, int queue, int rc)
{
	struct model_person *m = &s->person[queue];

	if (!m->nqueue || m->queue[0].state != STAGED) {
		sim_bad(s, DURABILITY, "%s: the driver lost track of a commit", s->name[queue]);
		return;
	}
	m->queue[0].state = COMMITTED;
	m->queue[0].rc = rc;
	settle(s, queue);
}

enum hg_verdict model_answered(struct sim *s, uint64_t cookie, struct item *ret)
{
	bool durable = false;
	enum hg_verdict v;
	struct item *i;
	int q = 0;

	memset(ret, 0, sizeof(*ret));
	if (take_refused(s, cookie, ret))
		return HG_LATER;
	i = model_find(s, cookie, &q);
	if (!i || i != &s->person[q].queue[0]) {
		sim_bad(s, DURABILITY, "an answer out of turn");
		return HG_OK;
	}
	v = i->state == COMMITTED ? (i->rc ? HG_LATER : HG_OK) : predict(s, i, &durable);
	if (i->state == STAGED || (i->state == WAITING && v == HG_OK && durable))
		sim_bad(s, DURABILITY, "%s was answered before it was durable", s->name[q]);
	if (i->state == WAITING)
		fix_versions(&s->person[q], &i->req);
	if (v == HG_OK)
		model_apply(s, i);
	*ret = *i;
	pop(&s->person[q]);
	return v;
}

void model_go_on(struct sim *s, int queue)
{
	settle(s, queue);
}

void model_orphan(struct sim *s, hg_lane lane)
{
	for (int k = s->nrefused; k-- > 0;)
		if (s->refused[k].req.lane == lane)
			s->refused[k] = s->refused[--s->nrefused];
	for (int q = 0; q < s->n; q++) {
		for (int i = 0; i < s->person[q].nqueue; i++)
			if (!s->person[q].queue[i].is_edge &&
				s->person[q].queue[i].req.lane == lane)
				s->person[q].queue[i].orphan = true;
		settle(s, q);
	}
}
