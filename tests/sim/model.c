/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of home people: the order in which requests and edges take effect. A request takes effect when its answer says
 * so, one whose client is gone when those before it have, and what needs a commit not before that.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

const uint16_t levels[LEVELS] = { 100, 200, 300, 400, 32000 };

void model_init(struct sim *s)
{
	for (int p = 0; p < s->n; p++) {
		model_blank(&s->person[p]);
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
		if (i->state == STAGED || (i->state == WAITING && i->forgetting))
			return;
		if (i->state == WAITING) {
			v = model_predict(s, i, &durable);
			if (v == HG_OK && durable)
				return;
			model_fix_versions(s, &i->req);
		}
		m->unseen_at = s->now.mono;
		if (v == HG_OK && !i->rc)
			model_apply(s, i);
		pop(m);
	}
}

/* The queue has a limit. A request past it is refused at once, an edge is not heard: the peer will ask again. */
static void refuse(struct sim *s, int queue, const struct item *i, enum hg_verdict verdict)
{
	sim_note(s, "    %s of %s",
		verdict == HG_LATER               ? "too much waits"
			: verdict == HG_NOT_FOUND ? "there is no user"
						  : "no delegate",
		s->name[queue]);
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
	s->refused[s->nrefused] = *i;
	s->refused[s->nrefused++].refused = verdict;
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

	bool makes = i->made || ((i->req.kind == HG_REQ_REGISTER || i->req.says) && !i->removed);

	if (!i->is_edge && !i->made && !i->removed && !model_may(s, &i->req)) {
		refuse(s, queue, i, HG_NOT_DELEGATE);
		return;
	}
	if ((uint32_t)m->nqueue >= s->limits.queue) {
		refuse(s, queue, i, HG_LATER);
		return;
	}
	if (queue < s->nhome && !m->exists && !m->nqueue && !i->is_edge && !makes) {
		refuse(s, queue, i, HG_NOT_FOUND);
		return;
	}
	if (m->nqueue == QUEUE) {
		sim_bad(s, DURABILITY, "the driver's own queue of %s is full", s->name[queue]);
		return;
	}
	m->queue[m->nqueue++] = *i;
	settle(s, queue);
}

/* It takes its place in every queue, whether or not there is room. */
void model_consent_again(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		struct model_person *m = &s->person[p];

		if (!m->exists)
			continue;
		if (m->nqueue == QUEUE) {
			sim_bad(s, DURABILITY, "the driver's own queue of %s is full", s->name[p]);
			return;
		}
		m->queue[m->nqueue++] = (struct item){
			.consent = true, .orphan = true, .req = { .person = p }
		};
		settle(s, p);
	}
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

static bool may_be_staged(struct sim *s, struct model_person *m)
{
	bool durable = false;

	if (!m->nqueue || m->queue[0].state != WAITING)
		return false;
	return m->queue[0].forgetting ||
		(model_predict(s, &m->queue[0], &durable) == HG_OK && durable);
}

void model_forgetting(struct sim *s, int queue)
{
	struct model_person *m = &s->person[queue];

	if (!may_be_staged(s, m) || m->queue[0].forgetting)
		sim_bad(s, DURABILITY, "hints of %s are forgotten, and nobody is made",
			s->name[queue]);
	m->queue[0].forgetting = true;
}

void model_staged(struct sim *s, int queue)
{
	struct model_person *m = &s->person[queue];

	sim_comparisons[DURABILITY]++;
	if (!may_be_staged(s, m)) {
		sim_bad(s, DURABILITY, "a commit for %s that nothing asked for", s->name[queue]);
		return;
	}
	model_fix_versions(s, &m->queue[0].req);
	if (m->queue[0].req.kind == HG_REQ_WATCH)
		m->queue[0].prompt = model_prompt_for(s, queue, m->queue[0].req.other);
	if (m->queue[0].req.kind == HG_REQ_ACE) {
		int now = s->pair[m->queue[0].req.other][queue].prompt;

		m->queue[0].prompt = now == PROMPT_OPEN ? PROMPT_DONE : now;
	}
	if (m->queue[0].is_edge)
		model_edge_staged(s, &m->queue[0]);
	m->queue[0].let_in = model_waits_no_more(s, queue);
	model_delegates_staged(s, &m->queue[0]);
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
	m->queue[0].durable = ++s->last_order;
	settle(s, queue);
}

void model_not_forgotten(struct sim *s, int queue, int rc)
{
	struct item *i = &s->person[queue].queue[0];

	i->state = COMMITTED;
	i->rc = rc;
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
		return ret->refused;
	i = model_find(s, cookie, &q);
	if (!i || i != &s->person[q].queue[0]) {
		sim_bad(s, DURABILITY, "an answer out of turn");
		return HG_OK;
	}
	v = i->state == COMMITTED ? (i->rc ? HG_LATER : HG_OK) : model_predict(s, i, &durable);
	if (i->state == STAGED || (i->state == WAITING && v == HG_OK && durable))
		sim_bad(s, DURABILITY, "%s was answered before it was durable", s->name[q]);
	if (i->state == WAITING)
		model_fix_versions(s, &i->req);
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
