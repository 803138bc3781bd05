/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody is to be shown, from the model's facts. Written from the specification (EP 2, 3.2), not from the core. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFLINE = 18500 };

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
static int best_machine(struct model_person *m, uint16_t container)
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
	int machine = best_machine(m, container);
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

/* dnd first, then online, then away; among equals priority, then the newest. */
static bool better(const struct model_face *a, const struct model_face *b)
{
	static const int rank[] = { 1, 2, 0 };

	if (rank[a->show] != rank[b->show])
		return rank[a->show] < rank[b->show];
	return a->priority != b->priority ? a->priority > b->priority : a->at > b->at;
}

static void shown_faces(const struct sim *s, int p, const struct model_face *face, struct shown *v)
{
	static const uint32_t says[2][3] = { { 3500, 15500, 6500 }, { 3500, 5000, 9500 } };
	const struct model_face *best = NULL;

	for (int k = 0; k < RESOURCES; k++)
		if (face[k].on && face[k].priority >= 0 && (!best || better(&face[k], best)))
			best = &face[k];
	v->availability = best ? says[sim_table_variant(s, p)][best->show] : OFFLINE;
	if (best)
		memcpy(v->note, best->status, sizeof(v->note));
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

		face[k] = (struct model_face){
			.on = says->on, .show = says->show, .priority = says->priority
		};
	}
	shown_faces(s, p, face, v);
	if (r->doing[0].on && hears && !model_is_away(v))
		snprintf(v->words, sizeof(v->words), "p%d>w%d*%u", p, w, r->doing[0].n);
}

/* ---- as documents ---- */

static void add_activity(const struct shown *v, struct hg_buf *b)
{
	hg_buf_addf(b, " %u %s%s%s\n", v->availability, v->token[0] ? v->token : "-",
		v->words[0] ? " " : "", v->words);
}

static void add_note(const struct shown *v, const char *before, struct hg_buf *b)
{
	if (v->note[0])
		hg_buf_addf(b, "%s%s\n", before, v->note);
}

static const char *show_of(const struct sim *s, int p, uint32_t availability)
{
	switch (hg_band_of(availability)) {
	case HG_BAND_AVAILABLE:
		return "online";
	case HG_BAND_BUSY:
	case HG_BAND_BUSY_IDLE:
	case HG_BAND_DND:
		return "dnd";
	case HG_BAND_BRB:
	case HG_BAND_AWAY:
		return sim_table_variant(s, p) ? "dnd" : "away";
	case HG_BAND_AVAILABLE_IDLE:
		return "away";
	default:
		return "gone";
	}
}

static void add_record(const struct sim *s, int p, const struct shown *v, struct hg_buf *b)
{
	hg_buf_addf(b, "show %s\n", show_of(s, p, v->availability));
	if (model_is_away(v))
		return;
	if (strcmp(v->note, "-") != 0)
		add_note(v, "status ", b);
	hg_buf_adds(b, "priority 0\n");
}

void model_part(struct sim *s, const struct dialog *d, hg_part part, struct hg_buf *b)
{
	struct shown v;

	model_shown(s, d->watcher, d->about, &v);
	if (s->farewell && d->kind == STANDING)
		v = (struct shown){ .availability = OFFLINE };
	if (part == HG_CAT_STATE || part == HG_CAT_LEGACY_INTEROP) {
		hg_buf_addf(b, "%s aggregate", hg_category_name(part));
		add_activity(&v, b);
	} else if (part == HG_CAT_NOTE) {
		add_note(&v, "note note ", b);
	} else if (d->kind == NATIVE) {
		hg_buf_adds(b, "presence");
		add_activity(&v, b);
		if (strcmp(v.note, "-") != 0)
			add_note(&v, "note ", b);
	} else {
		add_record(s, d->about, &v, b);
	}
}

/* What the server publishes for others to see, of either category; of the state also for the owner. */
static void add_aggregates(struct model_person *m, bool c3, hg_part part, struct hg_buf *b)
{
	static const unsigned number[] = { 3500, 5000, 15500 }; /* of the most active machine */
	static const uint16_t shown[][2] = { { 2, 2 }, { 3, 3 }, { 100, 2 }, { 200, 2 }, { 300, 3 },
		{ 400, 2 } };
	bool state = part == HG_CAT_STATE;

	for (size_t i = state ? 0 : 2; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct shown v = { 0 };

		model_aggregate(m, shown[i][1], c3, &v);
		hg_buf_addf(b, "%s %u 1 * aggregate %u %s\n", hg_category_name(part), shown[i][0],
			v.availability, v.token[0] && shown[i][0] != 100 ? v.token : "-");
	}
	hg_buf_addf(b, "%s %d %d * aggregate %d -\n", hg_category_name(part), HG_C_BLOCKED, !state,
		OFFLINE);
	if (state && best_machine(m, 2) < 3)
		hg_buf_addf(b, "state 2 machine aggregate %u -\n", number[best_machine(m, 2)]);
}

static void add_members(struct sim *s, const struct model_person *m, int level, struct hg_buf *b)
{
	static const struct {
		enum hg_trust trust;
		enum hg_member_type type;
	} classes[] = { { HG_FEDERATED, HG_MEMBER_FEDERATED },
		{ HG_PUBLIC_CLOUD, HG_MEMBER_PUBLIC_CLOUD },
		{ HG_SAME_ENTERPRISE, HG_MEMBER_SAME_ENTERPRISE } };

	hg_buf_addf(b, "container %u %u", levels[level], m->level_version[level]);
	for (size_t i = 0; i < 3; i++)
		if (m->class_of[level] & 1u << classes[i].trust)
			hg_buf_addf(b, " %d:", (int)classes[i].type);
	for (int w = 0; w < s->n; w++)
		if (m->users[level] & 1u << w)
			hg_buf_addf(b, " %d:%s", (int)HG_MEMBER_USER, s->name[w]);
	hg_buf_addc(b, '\n');
}

static void add_watcher(struct sim *s, int w, int p, struct hg_buf *b)
{
	const struct model_pair *m = &s->pair[w][p];
	bool watches = w < s->nhome ? model_looks(s, w, p) : m->in != AUTH_NONE;
	struct shown v;

	model_shown(s, w, p, &v);
	if (w == p || v.standing == HG_REFUSED)
		return;
	if (watches || (v.standing == HG_PENDING && m->prompt == PROMPT_OPEN))
		hg_buf_addf(b, "watcher %s %d\n", s->name[w],
			v.standing != HG_PENDING ? HG_WATCH_ACTIVE
				: watches        ? HG_WATCH_PENDING
						 : HG_WATCH_WAITING);
}

void model_own(struct sim *s, int p, hg_part part, struct hg_buf *b)
{
	struct model_person *m = &s->person[p];

	if (part == HG_CAT_STATE || part == HG_CAT_LEGACY_INTEROP)
		add_aggregates(m, s->c3, part, b);
	if (part == HG_CAT_STATE)
		model_add_linked(s, p, b);
	for (int i = 0; i < m->npubs; i++) {
		const struct model_pub *x = &m->pub[i];

		if (x->live && x->key.category == part)
			hg_buf_addf(b, "%s %u %u %u %s\n", hg_category_name(part), x->key.container,
				x->key.instance, x->version, x->content);
	}
	for (int w = 0; part == HG_PART_SUBSCRIBERS && w < s->n; w++)
		if (s->pair[w][p].prompt == PROMPT_OPEN && !model_settled(m, w))
			hg_buf_addf(b, "waiting %s %d\n", s->name[w], (int)model_trust(s, w));
	for (int w = 0; part == HG_PART_WATCHERS && w < s->n; w++)
		add_watcher(s, w, p, b);
	if (part == HG_PART_DELEGATES)
		model_add_delegates(s, p, b);
	for (int l = 0; part == HG_PART_CONTAINERS && l < LEVELS; l++)
		add_members(s, m, l, b);
}
