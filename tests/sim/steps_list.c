/* SPDX-License-Identifier: Apache-2.0 */
/* What clients do to the contact list. The number that they know may be wrong, and a group gone already. */

#include "tests/sim/steps.h"

#include <stdio.h>

static bool begin(struct sim *s, struct request *r, enum hg_contact_op op)
{
	if (!steps_begin(s, r, HG_REQ_CONTACT))
		return false;
	r->op = op;
	r->other = steps_other_than(s, r->person);
	r->delta = s->client[r->person][r->endpoint].delta + (sim_chance(s, 5) ? 1 : 0);
	return true;
}

/* One that the client knows, seldom the one that is always there, and now and then any. */
static uint32_t group(struct sim *s, const struct client *c)
{
	uint32_t known[GROUPS], n = 0;

	for (uint32_t id = sim_chance(s, 10) ? 1 : 2; id < GROUPS; id++)
		if (c->group[id][0])
			known[n++] = id;
	return n && !sim_chance(s, 5) ? known[sim_random(s, n)] : sim_random(s, 8);
}

bool step_contact(struct sim *s)
{
	struct request r;

	if (!begin(s, &r, HG_SET_CONTACT))
		return false;
	r.subscribed = sim_chance(s, 90);
	snprintf(r.name, sizeof(r.name), "c%u", ++s->token);
	for (uint32_t n = sim_random(s, 3); n; n--)
		r.groups |= UINT64_C(1) << group(s, &s->client[r.person][r.endpoint]);
	home_request(s, &r);
	return true;
}

bool step_uncontact(struct sim *s)
{
	struct request r;

	if (!begin(s, &r, HG_DELETE_CONTACT))
		return false;
	home_request(s, &r);
	return true;
}

/* A few names only, so that two groups may want the same one; "~" is there from the start. */
static void name_group(struct sim *s, struct request *r)
{
	if (sim_chance(s, 5))
		snprintf(r->name, sizeof(r->name), "~");
	else
		snprintf(r->name, sizeof(r->name), "g%u", sim_random(s, 8));
}

bool step_add_group(struct sim *s)
{
	struct request r;

	if (!begin(s, &r, HG_ADD_GROUP))
		return false;
	name_group(s, &r);
	home_request(s, &r);
	return true;
}

bool step_rename_group(struct sim *s)
{
	struct request r;

	if (!begin(s, &r, HG_MODIFY_GROUP))
		return false;
	r.group = group(s, &s->client[r.person][r.endpoint]);
	name_group(s, &r);
	home_request(s, &r);
	return true;
}

/* One with somebody in it; 0: there is none. */
static uint32_t used_group(const struct client *c)
{
	uint64_t used = 0;

	for (int k = 0; k < PERSONS; k++)
		used |= c->contact[k].in ? c->contact[k].groups : 0;
	for (uint32_t id = 2; id < GROUPS; id++)
		if (used & UINT64_C(1) << id && c->group[id][0])
			return id;
	return 0;
}

bool step_delete_group(struct sim *s)
{
	struct request r;

	if (!begin(s, &r, HG_DELETE_GROUP))
		return false;
	r.group = sim_chance(s, 80) ? used_group(&s->client[r.person][r.endpoint]) : 0;
	if (!r.group)
		r.group = group(s, &s->client[r.person][r.endpoint]);
	home_request(s, &r);
	return true;
}
