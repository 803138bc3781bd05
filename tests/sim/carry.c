/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adapter of the first route carries block lists: what has changed here or there since they were compared last is done on
 * the other side. As plugins/xmpp/carry.c does it, one thing after the other, each remembered before the next; but who was
 * taken back on either side is taken back on both, so that they are the same in the end.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

static unsigned bit(int p)
{
	return 1u << p;
}

static bool is_his(struct sim *s, int p, int account)
{
	return s->host.linked_to(s->core, s->addr[account]) == s->addr[p];
}

void carry_look(struct sim *s, int p, int a)
{
	if (s->route_of[a] != CARRY_ROUTE || p < 0 || !is_his(s, p, a))
		return;
	s->carry[a].person = p;
	s->carry[a].wanted = true;
}

static void end(struct sim *s, int a, bool failed)
{
	s->carry[a].stage = CARRY_IDLE;
	s->carry[a].failed |= failed;
}

/* ---- both sides ---- */

static unsigned among(struct sim *s, int p)
{
	unsigned set = 0;

	for (int k = 0; k < s->n; k++)
		if (k != p && !is_his(s, p, k))
			set |= bit(k);
	return set;
}

/* false: there is no such user. */
static bool read_here(struct sim *s, int p, unsigned *ret, uint32_t *ret_version)
{
	struct hg_self self;

	*ret = *ret_version = 0;
	if (!s->host.own(s->core, s->addr[p], &self))
		return false;
	for (size_t i = 0; i < self.ncontainers; i++) {
		const struct hg_container *k = &self.container[i];

		if (k->id != levels[BLOCKED_LEVEL])
			continue;
		*ret_version = k->version;
		for (size_t m = 0; m < k->n; m++)
			for (int w = 0; w < s->n; w++)
				if (k->member[m].type == HG_MEMBER_USER &&
					k->member[m].addr == s->addr[w])
					*ret |= bit(w);
	}
	return true;
}

static unsigned read_last(struct sim *s, int a)
{
	struct hg_str memo = s->host.memo(s->core, s->addr[a]);
	unsigned set = 0;

	if (memo.n)
		sscanf(memo.p, "the same: %x", &set);
	return set;
}

/* ---- one thing after the other ---- */

static void request(struct sim *s, int a, struct request *r, enum carry_stage stage)
{
	struct carry *c = &s->carry[a];

	r->person = c->person;
	r->route = s->route_of[a];
	r->other = a;
	c->stage = stage;
	c->cookie = s->last_cookie + 1;
	home_request(s, r);
}

static void remember(struct sim *s, int a, unsigned same, enum carry_stage stage)
{
	struct request r = { .kind = HG_REQ_MEMO };

	if (same)
		snprintf(r.memo, sizeof(r.memo), "the same: %x", same);
	s->carry[a].last = same;
	request(s, a, &r, stage);
}

static void change_here(struct sim *s, int a, unsigned here, uint32_t version)
{
	struct request r = { .kind = HG_REQ_MEMBERS };

	for (int w = 0; w < s->n; w++) {
		if (!((here ^ s->carry[a].now) & bit(w)))
			continue;
		r.member[r.nmembers].level = BLOCKED_LEVEL;
		r.member[r.nmembers].user = w;
		r.member[r.nmembers].remove = here & bit(w);
		r.member[r.nmembers++].version = version;
	}
	request(s, a, &r, CARRY_HERE);
}

static void change_there(struct sim *s, int a)
{
	struct carry *c = &s->carry[a];

	if (c->now == c->there && c->now == c->last) {
		end(s, a, false);
	} else if (c->now == c->there) {
		remember(s, a, c->now, CARRY_REMEMBER_THERE);
	} else {
		c->stage = CARRY_THERE;
		stream_hand(s, s->route_of[a],
			(struct stanza){ .kind = BLOCKS,
				.p = a,
				.list = c->now,
				.among = c->now ^ c->there });
	}
}

static void compare(struct sim *s, int a, unsigned list)
{
	struct carry *c = &s->carry[a];
	uint32_t version;
	unsigned here;

	if (!is_his(s, c->person, a) || !read_here(s, c->person, &here, &version)) {
		end(s, a, false);
		return;
	}
	c->among = among(s, c->person);
	here &= c->among;
	c->there = list & c->among;
	c->last = read_last(s, a) & c->among;
	c->now = c->last ^ ((here ^ c->last) | (c->there ^ c->last));
	if (here != c->now)
		change_here(s, a, here, version);
	else
		change_there(s, a);
}

/* ---- what comes back ---- */

void carry_heard(struct sim *s, int a, unsigned list)
{
	struct carry *c = &s->carry[a];

	if (c->stage == CARRY_READING) {
		compare(s, a, list);
	} else if (c->stage == CARRY_THERE) {
		c->there = c->now;
		change_there(s, a);
	}
}

void carry_answered(struct sim *s, const struct item *item, const struct hg_answer *answer)
{
	struct carry *c = &s->carry[item->req.other];

	if (item->cookie != c->cookie || c->stage == CARRY_IDLE)
		return;
	c->cookie = 0;
	c->answered = true;
	c->verdict = answer->verdict;
}

/* Whoever changes something here at the same time wins, and all is looked at again. */
static void go_on_behind(struct sim *s, int a)
{
	struct carry *c = &s->carry[a];

	c->answered = false;
	c->wanted |= c->verdict == HG_CONFLICT;
	if (c->verdict != HG_OK)
		end(s, a, c->verdict != HG_CONFLICT);
	else if (c->stage == CARRY_HERE) /* what differs there still is as it was */
		remember(s, a, c->last ^ ((c->last ^ c->now) & ~(c->there ^ c->now)),
			CARRY_REMEMBER_HERE);
	else if (c->stage == CARRY_REMEMBER_HERE)
		change_there(s, a);
	else
		end(s, a, false);
}

/* ---- when ---- */

/* No server tells us that somebody has changed his list: it is looked at when a client of his comes. */
static bool client_comes(struct sim *s, int a)
{
	if (!s->server[a].stirred || s->route[s->route_of[a]].cut)
		return false;
	s->server[a].stirred = false;
	carry_look(s, model_account_of(s, a), a);
	return true;
}

bool carry_go_on(struct sim *s, int a)
{
	struct carry *c = &s->carry[a];
	bool comes = client_comes(s, a);

	if (c->answered) {
		go_on_behind(s, a);
		return true;
	}
	if (c->stage != CARRY_IDLE || !c->wanted || !s->route[s->route_of[a]].up)
		return comes;
	c->wanted = false;
	if (!is_his(s, c->person, a))
		return comes;
	c->stage = CARRY_READING;
	stream_hand(s, s->route_of[a], (struct stanza){ .kind = BLOCKS, .p = a });
	return true;
}

/* Block lists say nothing of his own accounts, and it has changed which these are: that is seen the next time. */
void carry_others(struct sim *s, int p, int account)
{
	for (int a = s->nhome; a < s->n; a++)
		s->server[a].stirred |= a != account && model_account_of(s, a) == p;
}

void carry_lost(struct sim *s, int route)
{
	for (int a = s->nhome; a < s->n; a++)
		if (s->route_of[a] == route) {
			s->carry[a].stage = CARRY_IDLE;
			s->carry[a].wanted = s->carry[a].failed = s->carry[a].answered = false;
		}
}

void carry_mend(struct sim *s)
{
	for (int a = s->nhome; a < s->n; a++) {
		s->carry[a].wanted |= s->carry[a].failed;
		s->carry[a].failed = false;
	}
}

void carry_restart(struct sim *s)
{
	memset(s->carry, 0, sizeof(s->carry));
}
