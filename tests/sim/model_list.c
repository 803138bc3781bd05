/* SPDX-License-Identifier: Apache-2.0 */
/* The model of contact lists: contacts, and the groups that they are in. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

enum { OTHER_CONTACTS = 1 };

const char *model_groups_text(uint64_t groups, const char *between)
{
	static char text[4 * GROUPS];
	size_t n = 0;

	text[0] = '\0';
	for (int id = 0; id < GROUPS; id++)
		if (groups >> id & 1)
			n += (size_t)snprintf(
				text + n, sizeof(text) - n, "%s%d", n ? between : "", id);
	return text;
}

/* 0: there is none */
static uint32_t named(const struct model_person *m, const char *name)
{
	for (uint32_t id = 1; id < GROUPS; id++)
		if (strcmp(m->group[id], name) == 0)
			return id;
	return 0;
}

static enum hg_verdict predict_group(const struct model_person *m, uint32_t id)
{
	if (id >= GROUPS || !m->group[id][0])
		return HG_NOT_FOUND;
	return id == OTHER_CONTACTS ? HG_FORBIDDEN : HG_OK;
}

enum hg_verdict model_predict_list(const struct sim *s, const struct request *r)
{
	const struct model_person *m = &s->person[r->person];
	uint32_t same = named(m, r->name);

	if (r->delta != m->delta)
		return HG_CONFLICT;
	if ((r->op == HG_MODIFY_GROUP || r->op == HG_DELETE_GROUP) &&
		predict_group(m, r->group) != HG_OK)
		return predict_group(m, r->group);
	return r->op == HG_MODIFY_GROUP && same && same != r->group ? HG_BAD : HG_OK;
}

/* Those that there are; in none of them: in the one that is always there. */
static uint64_t in_groups(const struct model_person *m, uint64_t said)
{
	uint64_t in = 0;

	for (int id = 1; id < GROUPS; id++)
		if (said >> id & 1 && m->group[id][0])
			in |= UINT64_C(1) << id;
	return in ? in : UINT64_C(1) << OTHER_CONTACTS;
}

static void apply_contact(struct sim *s, struct model_person *m, const struct request *r)
{
	struct model_contact *k = &m->contact[r->other];
	bool set = r->op == HG_SET_CONTACT, added = !k->in && set;

	k->in = set;
	k->subscribed = r->subscribed;
	k->groups = in_groups(m, r->groups);
	memcpy(k->name, r->name, sizeof(k->name));
	if (set)
		model_let_in(s, r->other, r->person);
	model_want(s, r->person, r->other, set && r->subscribed, added);
}

static void delete_group(struct model_person *m, uint32_t id)
{
	m->group[id][0] = '\0';
	for (int k = 0; k < PERSONS; k++)
		m->contact[k].groups = in_groups(m, m->contact[k].groups);
}

void model_apply_list(struct sim *s, const struct request *r)
{
	struct model_person *m = &s->person[r->person];

	m->delta++;
	if (r->op == HG_SET_CONTACT || r->op == HG_DELETE_CONTACT)
		apply_contact(s, m, r);
	else if (r->op == HG_DELETE_GROUP)
		delete_group(m, r->group);
	else if (r->group != OTHER_CONTACTS)
		memcpy(m->group[r->group], r->name, sizeof(r->name));
}

/* Which number a new group gets is the core's choice among those that are free; it is told with the commit. */
void model_list_staged(struct sim *s, int queue, const struct hg_fact *f, size_t n)
{
	struct model_person *m = &s->person[queue];
	struct request *r = &m->queue[0].req;

	if (m->queue[0].is_edge || r->kind != HG_REQ_CONTACT || r->op != HG_ADD_GROUP)
		return;
	r->group = named(m, r->name);
	for (size_t i = 0; i < n && !r->group; i++)
		if (f[i].kind == HG_FACT_GROUP && hg_str_is(f[i].value, r->name))
			r->group = f[i].number[0];
	sim_comparisons[DURABILITY]++;
	if (!r->group || r->group >= GROUPS ||
		(m->group[r->group][0] && strcmp(m->group[r->group], r->name) != 0))
		sim_bad(s, DURABILITY, "%s: the new group %s gets the number %u", s->name[queue],
			r->name, r->group);
}
