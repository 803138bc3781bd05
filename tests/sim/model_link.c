/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of links: an account behind a route that is the same person as somebody at home. Its resources are endpoints of
 * his, for as long as they speak; what they say goes by the grammar into containers 2 and 3.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

int model_account_of(const struct sim *s, int account)
{
	for (int p = 0; p < s->nhome; p++)
		if (s->pair[p][account].linked)
			return p;
	return -1;
}

/* ---- linking and unlinking ---- */

/* Who comes second while the first one's commit is under way cannot know how that ends. */
static bool is_being_linked(const struct sim *s, const struct request *r)
{
	for (int p = 0; p < s->nhome; p++) {
		const struct item *i = &s->person[p].queue[0];

		if (p != r->person && s->person[p].nqueue && !i->is_edge && i->state != WAITING &&
			i->req.kind == HG_REQ_LINK && !i->req.remove && i->req.other == r->other)
			return true;
	}
	return false;
}

int model_out_linked(const struct sim *s, const struct request *r)
{
	int out = s->pair[r->person][r->other].out;
	const struct model_contact *k = &s->person[r->person].contact[r->other];

	if (!r->remove)
		return out == AUTH_GRANTED ? out : AUTH_PENDING;
	return k->in && k->subscribed ? out : AUTH_NONE;
}

enum hg_verdict model_predict_link(const struct sim *s, const struct request *r, bool *durable)
{
	int owner = model_account_of(s, r->other);

	if (owner >= 0 && owner != r->person)
		return HG_FORBIDDEN;
	if (owner < 0 && r->remove)
		return HG_NOT_FOUND;
	if (owner < 0 && is_being_linked(s, r))
		return HG_LATER;
	*durable = owner < 0 || r->remove ||
		model_out_linked(s, r) != s->pair[r->person][r->other].out;
	return HG_OK;
}

void model_link_account(struct sim *s, const struct request *r)
{
	int out = model_out_linked(s, r);
	struct model_pair *pair = &s->pair[r->person][r->other];

	if (r->remove)
		pair->memo[0] = '\0';
	pair->linked = !r->remove;
	model_link_sync(s, r->person, r->other);
	model_set_out(s, r->person, r->other, out);
	model_blocks_account(s, r->person, r->other);
}

/* ---- what its resources say ---- */

void model_linked_says(struct sim *s, int whose, struct model_linked *l, int show, uint32_t exact)
{
	static const struct {
		uint32_t machine, user;
	} says[2][3] = { { { 3500, 0 }, { 15500, 0 }, { 3500, 6500 } },
		{ { 3500, 0 }, { 5000, 0 }, { 3500, 9500 } } };
	uint32_t machine = exact ? exact : says[sim_table_variant(s, whose)][show].machine,
		 user = says[sim_table_variant(s, whose)][show].user;

	if (!l->on)
		*l = (struct model_linked){ .on = true };
	if (machine != l->machine)
		l->machine_version++;
	if (user && user != l->user) {
		l->user_version++;
		l->order = ++s->last_order;
	}
	l->machine = machine;
	l->user = user;
}

void model_linked_ends(struct model_person *m, struct model_linked *l)
{
	*l = (struct model_linked){ 0 };
	model_end_user_bound(m);
}

void model_link_sync(struct sim *s, int w, int p)
{
	const struct model_pair *pair = &s->pair[w][p];
	struct model_person *m = &s->person[w];
	bool there[RESOURCES];

	s->pair[w][p].heard = s->now.utc;
	if (w >= s->nhome || p < s->nhome)
		return;
	for (int k = 0; k < RESOURCES; k++) {
		there[k] = pair->linked && pair->face[k].on && !pair->face[k].gone &&
			pair->face[k].priority >= 0 &&
			(pair->out == AUTH_GRANTED || !pair->face[k].directed);
		if (there[k])
			model_linked_says(
				s, p, &m->linked[p][k], pair->face[k].show, pair->face[k].exact);
	}
	for (int k = 0; k < RESOURCES; k++)
		if (!there[k] && m->linked[p][k].on)
			model_linked_ends(m, &m->linked[p][k]);
	model_since_look(s, w);
}

void model_links_again(struct sim *s)
{
	for (int w = s->nhome; w < s->n; w++)
		for (int p = s->nhome; p < s->n; p++)
			s->pair[w][p].heard = s->now.utc;
	for (int w = 0; w < s->nhome; w++)
		for (int p = s->nhome; p < s->n; p++)
			model_link_sync(s, w, p);
	model_says_again(s);
}

/* Read anew, two accounts or devices of his would choose at one moment, and which of them did so last is nobody's to say. */
bool model_links_tie(const struct sim *s)
{
	for (int w = 0; w < s->nhome; w++) {
		int busy = 0;

		for (int a = s->nhome; a <= DEVICES; a++)
			busy += s->person[w].linked[a][0].user || s->person[w].linked[a][1].user;
		if (busy > 1)
			return true;
	}
	return false;
}

/* ---- hints: that it was there, and nothing of what it said ---- */

void model_links_due(struct sim *s, int p)
{
	struct model_person *m = &s->person[p];

	for (int a = s->nhome; a < s->n; a++)
		for (int k = 0; k < RESOURCES; k++)
			if (m->linked[a][k].restored && m->linked[a][k].until <= s->now.mono)
				model_linked_ends(m, &m->linked[a][k]);
}

void model_linked_name(const struct sim *s, int account, int resource, char to[TEXT])
{
	snprintf(to, TEXT, "%s/r%d", s->name[account], resource);
}

void model_restore_linked(struct sim *s, struct model_person *m, const struct hg_fact *f)
{
	int64_t left = f->until - s->now.utc;
	char name[TEXT];

	for (int a = s->nhome; left > 0 && a < s->n; a++) {
		for (int k = 0; k < RESOURCES; k++) {
			model_linked_name(s, a, k, name);
			if (hg_str_is(f->name, name))
				m->linked[a][k] = (struct model_linked){ .restored = true,
					.until = s->now.mono +
						(left < sim_limits.grace ? left
									 : sim_limits.grace) };
		}
	}
}

/* ---- in his own document ---- */

static void add_line(struct hg_buf *b, uint16_t container, int nibble, uint32_t version, uint32_t n)
{
	hg_buf_addf(b, "state %u linked%d %u aggregate %u %s\n", container, nibble, version, n,
		n == 6900 ? "urgent-interruptions-only" : "-");
}

void model_add_linked(struct sim *s, int p, struct hg_buf *b)
{
	for (int a = s->nhome; a <= DEVICES; a++) {
		for (int k = 0; k < RESOURCES; k++) {
			const struct model_linked *l = &s->person[p].linked[a][k];

			for (uint16_t c = 2; l->on && c <= 3; c++) {
				add_line(b, c, 3, l->machine_version, l->machine);
				if (l->user)
					add_line(b, c, 2, l->user_version,
						c == 3 && l->user == 9500 ? 6900 : l->user);
			}
		}
	}
}
