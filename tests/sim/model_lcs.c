/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client from before categories leaves to the server (docs/decisions/0015): it says all that it has to say each time,
 * without versions, and of others only whether they are let in.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

/* ---- publications ---- */

/* Of a state the number alone: such a client has no words for it. */
static bool says_the_same(const struct model_pub *p, const struct change *c)
{
	unsigned was, is;
	char was_kind[16], is_kind[16];

	if (p->key.category != HG_CAT_STATE)
		return strcmp(p->content, c->content) == 0;
	return sscanf(p->content, "%15s %u", was_kind, &was) == 2 &&
		sscanf(c->content, "%15s %u", is_kind, &is) == 2 && was == is &&
		strcmp(was_kind, is_kind) == 0;
}

static bool is_there(const struct model_pub *p, const struct change *c, hg_endpoint by)
{
	if (c->gone || !p)
		return c->gone && !p;
	return says_the_same(p, c) && p->expiry == c->expiry &&
		(p->expiry == HG_STATIC || (p->expiry == HG_ENDPOINT && p->origin == by));
}

/* What is said once more is nothing new. */
static void take_versions(struct sim *s, struct request *r)
{
	struct model_person *m = &s->person[r->person];
	int n = 0;

	for (int i = 0; i < r->nchanges; i++) {
		const struct model_pub *p = model_pub_find(m->pub, m->npubs, r->change[i].key);

		p = p && p->live ? p : NULL;
		if (is_there(p, &r->change[i], r->by))
			continue;
		r->change[n] = r->change[i];
		r->change[n++].version = p ? p->version : 0;
	}
	r->nchanges = n;
}

/* ---- members ---- */

enum { EXTERNAL = 0 }; /* of levels[] */

static void add_member(const struct model_person *m, struct request *r, int level, bool remove)
{
	int k = r->nmembers++;

	r->member[k].level = level;
	r->member[k].version = m->level_version[level];
	r->member[k].remove = remove;
	r->member[k].user = r->other;
}

/* What people of his class begin with; -1: nothing. */
static int begins_at(const struct sim *s, const struct model_person *m, int who)
{
	int at = -1;

	for (int l = 0; l < LEVELS; l++)
		if (m->class_of[l] & 1u << model_trust(s, who))
			at = l;
	return at;
}

static bool is_named(const struct model_person *m, int who)
{
	for (int l = 0; l < BLOCKED_LEVEL; l++)
		if (m->users[l] & 1u << who)
			return true;
	return false;
}

/* Who is let in comes into what people of his class begin with, unless somebody has said more of him. */
static void take_members(const struct sim *s, struct request *r)
{
	const struct model_person *m = &s->person[r->person];
	int level = begins_at(s, m, r->other);
	bool shut = level < 0 || level == BLOCKED_LEVEL;
	bool waits = model_waits(s, r->other) && !m->contact[r->other].in;

	r->nmembers = 0;
	add_member(m, r, BLOCKED_LEVEL, !r->remove);
	if (!r->remove && !is_named(m, r->other) && (shut || waits))
		add_member(m, r, shut ? EXTERNAL : level, false);
}

void model_fill_in(struct sim *s, struct request *r)
{
	if (r->any_version)
		take_versions(s, r);
	if (r->kind == HG_REQ_ACE)
		take_members(s, r);
}
