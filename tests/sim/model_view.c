/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody is to be shown, from the model's facts. Written from the specification (EP 2, 3.2), not from the core. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hg_trust model_trust(const struct sim *s, int w)
{
	return s->trust[s->route_of[w]];
}

/* With privacy mode a class stands for those of it who are contacts. */
static bool is_meant_by_class(
	const struct sim *s, int w, const struct model_person *m, const struct request *edit)
{
	if (edit && edit->kind == HG_REQ_CONTACT && edit->other == w &&
		(edit->op == HG_SET_CONTACT || edit->op == HG_DELETE_CONTACT))
		return !s->privacy || edit->op == HG_SET_CONTACT;
	return !s->privacy || m->contact[w].in;
}

int model_level(struct sim *s, int w, int p, const struct request *edit)
{
	const struct model_person *m = &s->person[p];
	int by_class = 0, by_user = 0;

	if (w == p)
		return 400;
	for (int l = 0; l < LEVELS; l++) {
		unsigned classes = m->class_of[l], users = m->users[l];

		for (int k = 0; edit && k < edit->nmembers; k++) {
			unsigned *set = edit->member[k].user < 0 ? &classes : &users;
			unsigned bit = 1u << (edit->member[k].user < 0 ? (int)edit->member[k].trust
								       : edit->member[k].user);

			if (edit->member[k].level == l)
				*set = edit->member[k].remove ? *set & ~bit : *set | bit;
		}
		if (classes & 1u << model_trust(s, w) && is_meant_by_class(s, w, m, edit))
			by_class = levels[l];
		if (users & 1u << w)
			by_user = levels[l];
	}
	return by_user ? by_user : by_class;
}

bool model_is_away(const struct shown *v)
{
	return v->availability == 0 || v->availability >= 18000;
}

/* ---- home people ---- */

static const struct model_pub *user_state(struct model_person *m, uint16_t container)
{
	const struct model_pub *p = model_pub_find(
		m->pub, m->npubs, (struct hg_pubkey){ HG_CAT_STATE, container, 0x20000000 });

	return p && p->live ? p : NULL;
}

static unsigned chosen(const struct model_pub *p, char token[TEXT])
{
	unsigned n = 0;

	token[0] = '\0';
	if (p)
		sscanf(p->content, "user %u %63s", &n, token);
	return n;
}

static int activity_of(unsigned machine)
{
	return machine >= 15000 ? 2 : machine >= 4500 && machine < 6000 ? 1 : 0;
}

/* The best of the devices: 0 active, 1 inactive, 2 away, 3 none. */
int model_best_machine(struct model_person *m, uint16_t container)
{
	int best = 3;

	for (int a = 0; a <= DEVICES; a++)
		for (int k = 0; k < RESOURCES; k++)
			if (m->linked[a][k].on && activity_of(m->linked[a][k].machine) < best)
				best = activity_of(m->linked[a][k].machine);
	for (int i = 0; i < m->npubs; i++) {
		unsigned n;
		int is;

		if (!m->pub[i].live || m->pub[i].key.container != container ||
			sscanf(m->pub[i].content, "machine %u", &n) != 1)
			continue;
		is = activity_of(n);
		best = is < best ? is : best;
	}
	return best;
}

/* What a linked account says, if it was chosen after what his clients say; else NULL. */
static const struct model_linked *chosen_elsewhere(
	const struct model_person *m, const struct model_pub *here)
{
	const struct model_linked *best = NULL;
	uint64_t since = here ? here->order : 0;

	for (int a = 0; a <= DEVICES; a++) {
		for (int k = 0; k < RESOURCES; k++) {
			const struct model_linked *l = &m->linked[a][k];

			if (!l->on || !l->user || l->order < since)
				continue;
			best = l;
			since = l->order;
		}
	}
	return best;
}

void model_aggregate(struct model_person *m, uint16_t container, bool c3, struct shown *v)
{
	const struct model_linked *elsewhere = chosen_elsewhere(m, user_state(m, container));
	unsigned user = chosen(user_state(m, container), v->token), least, most = UINT32_MAX;
	int machine = model_best_machine(m, container);
	char twin[TEXT];

	if (elsewhere) {
		user = elsewhere->user;
		v->token[0] = '\0';
	}
	least = user;
	/* EP 2.9: Do Not Disturb that container 2 knows too is urgent-interruptions-only for the workgroup. */
	if (container == 3 && user == 9500 &&
		(elsewhere || (c3 && chosen(user_state(m, 2), twin) == 9500))) {
		user = least = 6900;
		most = 8999;
		snprintf(v->token, sizeof(v->token), "urgent-interruptions-only");
	}
	if (machine == 3 || user >= 18000)
		v->availability = OFFLINE;
	else if (user >= 9000)
		v->availability = user;
	else if (machine == 0)
		v->availability = user ? user : 3500;
	else if (user >= 6000 && user < 7500 && machine == 1)
		v->availability = 7500;
	else
		v->availability = machine == 2 ? 15500 : 5000;
	if (!user || v->availability >= 18000 || v->availability < least || v->availability > most)
		v->token[0] = '\0';
}

static void shown_home(struct sim *s, int w, int p, struct shown *v)
{
	struct model_person *m = &s->person[p];
	int level = model_level(s, w, p, NULL);
	const struct model_pub *note;

	v->standing = s->pair[w][p].in != AUTH_GRANTED ? HG_PENDING
		: !m->exists           ? (s->pair[w][p].dismissed ? HG_REFUSED : HG_NOBODY)
		: s->pair[p][w].linked ? HG_REFUSED /* he himself */
		: level                ? HG_KNOWN
				       : HG_PENDING;
	v->availability = OFFLINE;
	if (v->standing != HG_KNOWN || level == HG_C_BLOCKED)
		return;
	model_aggregate(m, level == 300 ? 3 : 2, s->c3, v);
	if (level == 100)
		v->token[0] = '\0';
	note = model_pub_find(
		m->pub, m->npubs, (struct hg_pubkey){ HG_CAT_NOTE, (uint16_t)level, 0 });
	if (note && note->live)
		snprintf(v->note, sizeof(v->note), "%.*s", TEXT - 1,
			note->content + 5); /* behind "note " */
}

/* ---- remote people ---- */

/* dnd first, then online, then away; among equals what was said in words alone, which is the smaller number, then priority, then
 * the newest. */
static bool better(const struct model_face *a, const struct model_face *b)
{
	static const int rank[] = { 1, 2, 0 };

	if (rank[a->show] != rank[b->show])
		return rank[a->show] < rank[b->show];
	if (a->exact != b->exact)
		return a->exact < b->exact;
	return a->priority != b->priority ? a->priority > b->priority : a->at > b->at;
}

static void shown_faces(const struct sim *s, int p, const struct model_face *face, struct shown *v)
{
	static const uint32_t says[2][3] = { { 3500, 15500, 6500 }, { 3500, 5000, 9500 } };
	const struct model_face *best = NULL, *last = NULL;
	int n = 0;

	for (int k = 0; k < RESOURCES; k++) {
		if (face[k].on && face[k].gone && (!last || face[k].at > last->at))
			last = &face[k];
		if (!face[k].on || face[k].gone || face[k].priority < 0)
			continue;
		if (!best || better(&face[k], best))
			best = &face[k];
		n++;
	}
	v->availability = best ? says[sim_table_variant(s, p)][best->show] : OFFLINE;
	if (n == 1 && best->exact) /* nobody else speaks: it is as it was said */
		v->availability = best->exact;
	if (best)
		memcpy(v->note, best->status, sizeof(v->note));
	else if (last)
		memcpy(v->note, last->status, sizeof(v->note));
}

static void shown_remote(struct sim *s, int w, int p, struct shown *v)
{
	const struct model_pair *m = &s->pair[w][p];

	v->availability = OFFLINE;
	if (m->in != AUTH_GRANTED || m->out == AUTH_NONE || m->out == AUTH_PENDING) {
		v->standing = HG_PENDING;
	} else if (m->out == AUTH_REFUSED) {
		v->standing = HG_REFUSED;
	} else if (m->unknown) {
		v->standing = HG_UNKNOWN;
		v->availability = 0;
	} else {
		v->standing = HG_KNOWN;
		shown_faces(s, p, m->face, v);
		if (m->aspect[0].on && !model_is_away(v))
			memcpy(v->words, m->aspect[0].words, sizeof(v->words));
	}
}

void model_shown(struct sim *s, int w, int p, struct shown *v)
{
	memset(v, 0, sizeof(*v));
	if (p < s->nhome)
		shown_home(s, w, p, v);
	else
		shown_remote(s, w, p, v);
}

void model_truth(struct sim *s, int w, int p, struct shown *v)
{
	const struct server *r = &s->server[p];
	bool hears = r->from[w] == AUTH_GRANTED && !r->blocks[w];
	struct model_face face[RESOURCES];

	memset(v, 0, sizeof(*v));
	for (int k = 0; k < RESOURCES; k++) {
		const struct resource *says = hears && r->resource[k].on ? &r->resource[k]
									 : &r->told[w][k];

		face[k] = (struct model_face){ .on = says->on,
			.show = says->show,
			.priority = says->priority,
			.exact = says->exact };
	}
	shown_faces(s, p, face, v);
	if (r->doing[0].on && hears && !model_is_away(v))
		snprintf(v->words, sizeof(v->words), "p%d>w%d*%u", p, w, r->doing[0].n);
}
