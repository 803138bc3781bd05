/* SPDX-License-Identifier: Apache-2.0 */
/* Clients of home people. Each knows what it was told and nothing else: versions come from answers and deliveries. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

bool home_usable(struct sim *s, int p, int e)
{
	const struct client *c = &s->client[p][e];

	return c->lane && c->registered && !c->busy && c->until > s->now.mono;
}

struct hg_principal home_principal(const struct sim *s, int p, int e)
{
	return (struct hg_principal){ HG_PROOF_LISTENER, s->addr[p], s->client[p][e].lane,
		s->client[p][e].id };
}

void home_register(struct sim *s, int p, int e, uint32_t expires)
{
	struct client *c = &s->client[p][e];
	struct request r = {
		.kind = HG_REQ_REGISTER, .person = p, .endpoint = e, .expires = expires
	};

	if (!c->lane)
		c->lane = hg_loopback_connect(s->home);
	home_request(s, &r);
}

/* ---- what it is told ---- */

static void learn_pub(struct client *c, const char *line, hg_part category)
{
	struct model_pub x = { .key = { .category = category }, .live = true };
	unsigned container, instance, version;
	struct model_pub *known;

	if (sscanf(line, "%*s %u %u %u %63[^\n]", &container, &instance, &version, x.content) !=
			4 ||
		strncmp(x.content, "aggregate", 9) == 0)
		return;
	x.key.container = (uint16_t)container;
	x.key.instance = instance;
	x.version = version;
	known = model_pub_find(c->known, c->nknown, x.key);
	if (!known)
		known = &c->known[c->nknown++];
	*known = x;
}

static void learn_category(struct client *c, const char *text, hg_part category)
{
	for (int i = 0; i < c->nknown; i++)
		if (c->known[i].key.category == category)
			c->known[i].live = false;
	for (const char *line = text; line && *line;
		line = strchr(line, '\n'), line += line != NULL)
		learn_pub(c, line, category);
}

static void learn_containers(struct client *c, const char *text)
{
	unsigned id, version;

	for (const char *line = text; line && *line;
		line = strchr(line, '\n'), line += line != NULL)
		for (int l = 0; l < LEVELS && sscanf(line, "container %u %u", &id, &version) == 2;
			l++)
			if (levels[l] == id)
				c->level_version[l] = version;
}

static void learn_delegates(struct client *c, const char *text)
{
	unsigned version;

	if (sscanf(text, "delegates %u", &version) == 1)
		c->delegates_version = version;
}

void home_accept(struct sim *s, struct dialog *d, int part, struct hg_bytes *text)
{
	struct client *c = &s->client[d->watcher][d->endpoint];

	hg_bytes_unref(d->part[part].accepted);
	d->part[part].accepted = hg_bytes_ref(text);
	if (d->kind == LIST)
		home_learn_list(s, c, text->p);
	else if (d->kind == OWN && d->part[part].part == HG_PART_CONTAINERS)
		learn_containers(c, text->p);
	else if (d->kind == OWN && d->part[part].part == HG_PART_DELEGATES)
		learn_delegates(c, text->p);
	else if (d->kind == OWN)
		learn_category(c, text->p, d->part[part].part);
}

/* ---- answers ---- */

/* The answer is a delivery: it stands in the order of the dialog, and the client takes it. */
static void accept_published(
	struct sim *s, struct client *c, hg_endpoint by, const struct hg_answer *a)
{
	struct dialog *d = c->own;

	for (size_t i = 0; i < a->nfrags; i++) {
		if (a->frag[i]->part == HG_PART_DELEGATES)
			learn_delegates(c, a->frag[i]->bytes->p);
		else
			learn_category(c, a->frag[i]->bytes->p, a->frag[i]->part);
	}
	if (!d || !by || d->by != by || !a->nfrags) /* nothing new: it delivers nothing */
		return;
	d->told = true;
	d->handed_sequence++;
	d->accepted_sequence = d->handed_sequence;
	d->accepted_n = ++s->handed_n;
	for (size_t i = 0; i < a->nfrags; i++) {
		int k = 0;

		while (d->part[k].part != a->frag[i]->part)
			k++;
		home_accept(s, d, k, a->frag[i]->bytes);
		hg_bytes_unref(d->part[k].handed);
		d->part[k].handed = hg_bytes_ref(a->frag[i]->bytes);
		d->part[k].valid = true;
	}
}

/* Told 409, it believes the fault document (EP 4.3.3). */
static void learn_conflicts(struct client *c, const struct request *r, const struct hg_answer *a)
{
	for (size_t i = 0; i < a->nconflicts; i++) {
		const struct hg_conflict *f = &a->conflict[i];

		if (r->behalf) {
			continue; /* it keeps no account of what is another's */
		} else if (r->kind == HG_REQ_DELEGATE) {
			c->delegates_version = f->current;
		} else if (r->kind == HG_REQ_MEMBERS) {
			c->level_version[r->member[f->index - 1].level] = f->current;
		} else if (r->kind == HG_REQ_PUBLISH) {
			struct hg_pubkey key = r->change[f->index - 1].key;
			struct model_pub *known = model_pub_find(c->known, c->nknown, key);

			if (!known)
				known = &c->known[c->nknown++];
			*known = (struct model_pub){
				.key = key, .version = f->current, .live = f->current > 0
			};
		}
	}
}

static void answered_register(struct sim *s, const struct item *item, const struct hg_answer *a)
{
	struct client *c = &s->client[item->req.person][item->req.endpoint];

	c->registered = item->req.expires > 0;
	c->id = item->req.expires ? a->endpoint : 0;
	c->until = s->now.mono + (int64_t)item->req.expires * 1000;
	if (item->req.expires)
		model_named(&s->person[item->req.person], item->req.endpoint, a->endpoint);
}

void home_answer(struct sim *s, const struct item *item, const struct hg_answer *a)
{
	struct client *c = &s->client[model_asker(&item->req)][item->req.endpoint];
	const struct request *r = &item->req;

	if (r->route) {
		judge_nothing_shown(s, item, a);
		if (r->kind == HG_REQ_MEMBERS || r->kind == HG_REQ_MEMO)
			carry_answered(s, item, a);
		return;
	}
	c->busy = false;
	if (a->verdict == HG_NOT_FOUND && !r->behalf && !s->person[r->person].exists)
		c->registered = false; /* there is no such user any more */
	if (r->kind == HG_REQ_CONTACT && s->person[r->person].exists)
		c->delta = a->delta;
	if (a->verdict == HG_CONFLICT)
		learn_conflicts(c, r, a);
	if (a->verdict != HG_OK && r->kind == HG_REQ_REGISTER)
		c->registered = false; /* it has to ask again before it does anything else */
	if (a->verdict != HG_OK) {
		/* It counted its request, and is told the true number whatever it was told before. */
		if (r->kind == HG_REQ_CONTACT && c->list)
			c->list->part[0].valid = false;
		return;
	}
	if (r->kind == HG_REQ_REGISTER)
		answered_register(s, item, a);
	if (r->behalf) {
		judge_nothing_shown(s, item, a);
		return;
	}
	if (r->kind == HG_REQ_ACE)
		judge_ace_answer(s, r->person, a);
	if (r->kind == HG_REQ_PUBLISH || r->kind == HG_REQ_DELEGATE) {
		judge_own_answer(s, r->person, a);
		accept_published(s, c, r->by, a);
	}
	for (int k = 0; k < r->nmembers; k++)
		c->level_version[r->member[k].level] = r->member[k].version + 1;
}

/* ---- dialogs ---- */

static void collect(struct sim *s, struct dialog *d)
{
	const struct hg_frag *frag[PARTS];
	struct hg_parcel head;
	size_t n;

	for (int k = 0; k < d->nparts; k++)
		d->part[k].valid = false;
	n = s->host.outlet_collect(s->core, d->outlet, frag, PARTS, &head);
	s->handed_n++;
	sim_note(s, "%s/%d asks about %s and is told %zu parts: %s", s->name[d->watcher],
		d->endpoint, s->name[d->about], n, n ? sim_show(frag[0]->bytes) : "");
	judge_collect(s, d, frag, n, &head);
	d->accepted_sequence = head.sequence;
	d->accepted_n = s->handed_n;
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < d->nparts; k++)
			if (d->part[k].part == frag[i]->part)
				home_accept(s, d, k, frag[i]->bytes);
}

static struct dialog *open_dialog(
	struct sim *s, enum dialog_kind kind, int p, int e, int about, bool ask)
{
	struct dialog *d = wire_dialog(s, kind, p, about, e);
	struct hg_principal by = home_principal(s, p, e);
	hg_part part[PARTS];
	struct hg_outlet_spec spec = { .principal = &by,
		.presentity = s->addr[about],
		.watched = kind == NATIVE || kind == RECORD,
		.wire_presentity = hg_str(s->name[about]),
		.format = kind == RECORD ? HG_LOOPBACK_MAPPED : HG_LOOPBACK_NATIVE,
		.part = part,
		.nparts = (size_t)d->nparts,
		.cookie = d->cookie };

	for (int k = 0; k < d->nparts; k++)
		part[k] = d->part[k].part;
	d->lane = by.lane;
	d->by = model_endpoint_lives(&s->person[p], by.endpoint) ? by.endpoint : 0;
	if ((s->host.outlet_open(s->core, &spec, &d->outlet) == HG_OK) != s->person[p].exists)
		sim_bad(s, CONVERGENCE, "%s/%d, who %s a user, looks at %s", s->name[p], e,
			s->person[p].exists ? "is" : "is not", s->name[about]);
	if (!d->outlet) {
		s->client[p][e].registered = false;
		d->open = false;
		return NULL;
	}
	if (ask)
		collect(s, d);
	return d;
}

void home_open_own(struct sim *s, int p, int e)
{
	struct client *c = &s->client[p][e];

	if (!c->own)
		c->own = open_dialog(s, OWN, p, e, p, sim_chance(s, 60));
	if (!c->list)
		c->list = open_dialog(s, LIST, p, e, p, sim_chance(s, 60));
}

void home_open_watch(struct sim *s, int p, int e, int about, enum dialog_kind kind, bool ask)
{
	struct client *c = &s->client[p][e];
	struct dialog **at = kind == RECORD ? &c->record[about] : &c->watch[about];

	if (!*at)
		*at = open_dialog(s, kind, p, e, about, ask);
}
