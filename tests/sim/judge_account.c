/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge of linked accounts: what is remembered of each, that its adapter is called whenever its person blocks somebody or
 * does not any more, and is shown the whole list then, and that both lists are the same when all is quiet.
 */

#include "tests/sim/judge.h"

static int at(const struct sim *s, hg_addr addr)
{
	int p = 0;

	while (p < s->n && s->addr[p] != addr)
		p++;
	return p < s->n ? p : -1;
}

static unsigned users_blocked(const struct sim *s, const struct hg_container *k)
{
	unsigned set = 0;

	for (size_t i = 0; i < k->n; i++)
		if (k->member[i].type == HG_MEMBER_USER && at(s, k->member[i].addr) >= 0)
			set |= 1u << at(s, k->member[i].addr);
	return set;
}

/* It comes before the answer to whoever has blocked: what he sees in it is compared after the turn. */
void judge_blocked(struct sim *s, int p, int a, int route)
{
	struct carry *c = &s->carry[a];
	struct hg_self self = { 0 };

	sim_comparisons[PRIVACY]++;
	if (route != s->route_of[a] || !s->host.own(s->core, s->addr[p], &self)) {
		sim_bad(s, PRIVACY, "whom %s blocks is told to %s over route %d", s->name[p],
			s->name[a], route);
		return;
	}
	c->told++;
	for (size_t i = 0; i < self.ncontainers; i++) {
		if (self.container[i].id != levels[BLOCKED_LEVEL])
			continue;
		c->list = users_blocked(s, &self.container[i]);
		c->version = self.container[i].version;
	}
}

static void judge_told(struct sim *s, int p, int a)
{
	const struct model_person *m = p < 0 ? NULL : &s->person[p];
	struct carry *c = &s->carry[a];

	sim_comparisons[CONVERGENCE]++;
	if (c->told < c->due)
		sim_bad(s, CONVERGENCE, "%s is not told that whom %s blocks has changed",
			s->name[a], p < 0 ? "?" : s->name[p]);
	else if (c->told > c->due)
		sim_bad(s, DURABILITY, "%s is told that whom %s blocks has changed, and it has not",
			s->name[a], p < 0 ? "?" : s->name[p]);
	else if (c->told && m &&
		(c->list != m->users[BLOCKED_LEVEL] ||
			c->version != m->level_version[BLOCKED_LEVEL]))
		sim_bad(s, DURABILITY,
			"%s is told whom %s blocks\n  expected %x, number %u\n  seen     %x, number %u",
			s->name[a], s->name[p], m->users[BLOCKED_LEVEL],
			m->level_version[BLOCKED_LEVEL], c->list, c->version);
	c->told = c->due = 0;
}

static void judge_memo(struct sim *s, int p, int a)
{
	struct hg_str seen = s->host.memo(s->core, s->addr[a]);
	const char *want = p < 0 ? "" : s->pair[p][a].memo;

	sim_comparisons[DURABILITY]++;
	if (!hg_str_is(seen, want))
		sim_bad(s, DURABILITY,
			"what is remembered of %s\n  expected '%s'\n  seen     '%.*s'", s->name[a],
			want, HG_STR_ARG(seen));
}

void judge_accounts(struct sim *s)
{
	for (int a = s->nhome; a < s->n && !s->failed; a++) {
		int p = model_account_of(s, a);

		judge_told(s, p, a);
		if (!s->failed)
			judge_memo(s, p, a);
	}
}

/* ---- when all is quiet ---- */

/* Of himself and of his other accounts neither list says anything. */
static unsigned others(const struct sim *s, int p)
{
	unsigned set = 0;

	for (int k = 0; k < s->n; k++)
		if (k != p && !(k >= s->nhome && s->pair[p][k].linked))
			set |= 1u << k;
	return set;
}

void judge_agreed(struct sim *s)
{
	for (int a = s->nhome; a < s->n && !s->failed; a++) {
		int p = model_account_of(s, a);
		unsigned here, there = 0;

		if (s->route_of[a] != CARRY_ROUTE || p < 0 || s->pair[p][a].out != AUTH_GRANTED)
			continue;
		here = s->person[p].users[BLOCKED_LEVEL] & others(s, p);
		for (int w = 0; w < s->n; w++)
			there |= s->server[a].blocks[w] ? 1u << w : 0;
		there &= others(s, p);
		sim_comparisons[CONVERGENCE]++;
		if (here != there)
			sim_bad(s, CONVERGENCE,
				"when all is quiet %s blocks %x, and the list of %s has %x",
				s->name[p], here, s->name[a], there);
	}
}
