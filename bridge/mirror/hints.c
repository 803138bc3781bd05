/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hints for the next start: soft facts (registrations, and publications that are bound to them) that a restart need not
 * lose. They never delay or refuse anything: a second after a change all that a person has is written anew, in one go, and
 * if that fails, once more each second. What comes back is unconfirmed until the device registers again.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

enum { HINT_MS = 1000 };

void hg_hints_soon(struct hg_core *c)
{
	if (c->hint_at)
		return;
	c->hint_at = core_now(c).mono + HINT_MS;
	hg_deadlines_add(&c->deadlines, c->hint_at, HG_DUE_HINTS, 0);
}

void hg_hint(struct hg_core *c, struct hg_person *p)
{
	if (!c->env.hints || c->quiet || p->hinted)
		return;
	p->hinted = true;
	LL_PREPEND2(c->hinted, p, hint_next);
	hg_hints_soon(c);
}

static void forgotten(void *arg, int rc)
{
	(void)arg; /* if it failed, it is done again before anybody gets the name */
	(void)rc;
}

void hg_hint_forget(struct hg_core *c, struct hg_person *p)
{
	hg_hint_forget_then(c, p, forgotten, NULL);
}

void hg_hint_forget_then(
	struct hg_core *c, struct hg_person *p, void (*done)(void *arg, int rc), void *arg)
{
	struct hg_fact gone = {
		.kind = HG_FACT_USER, .gone = true, .owner = hg_intern_text(c->env.ids, p->addr)
	};

	if (p->hinted)
		LL_DELETE2(c->hinted, p, hint_next);
	p->hinted = false;
	if (c->env.hints)
		c->env.hints->ops->commit(c->env.hints, &gone, 1, done, arg);
	else
		done(arg, 0);
}

struct facts {
	struct hg_fact *v;
	size_t n, cap;
};

static struct hg_fact *add(
	struct hg_core *c, struct facts *f, const struct hg_person *p, enum hg_fact_kind kind)
{
	hg_grow(&f->v, &f->cap, f->n, sizeof(*f->v));
	f->v[f->n] = (struct hg_fact){ .kind = kind, .owner = hg_intern_text(c->env.ids, p->addr) };
	return &f->v[f->n++];
}

static int64_t utc_of(struct hg_core *c, int64_t mono)
{
	struct hg_now now = core_now(c);

	return now.utc + (mono - now.mono);
}

static void add_publication(
	struct hg_core *c, struct facts *f, const struct hg_person *p, const struct hg_pub *b)
{
	const struct hg_endpoint_obj *e = hg_endpoint_find(c, b->origin);
	struct hg_fact *fact = add(c, f, p, HG_FACT_SOFT);

	/* A delegate's device may be called as one of the person's own. What is bound to none does not come back. */
	if (e && e->person != p)
		e = NULL;
	fact->name = hg_str(hg_category_name(b->key.category));
	fact->number[0] = b->key.container;
	fact->number[1] = b->key.instance;
	fact->number[2] = b->version;
	fact->value = hg_bytes_str(b->payload);
	fact->extra = e ? hg_bytes_str(e->instance) : HG_STR_NONE;
	fact->more = hg_str(hg_expiry_name(b->expiry));
	fact->time = b->published;
	fact->until = b->expiry == HG_TIME ? utc_of(c, b->until) : 0;
}

static void add_person(struct hg_core *c, struct facts *f, const struct hg_person *p)
{
	const struct hg_endpoint_obj *e;

	add(c, f, p, HG_FACT_USER)->gone = true; /* and with him all that was written of him */
	DL_FOREACH (p->endpoint, e) {
		struct hg_fact *fact;

		if (e->said)
			continue; /* what it says does not come back, and it will say it again */
		fact = add(c, f, p, HG_FACT_ENDPOINT);
		fact->name = hg_bytes_str(e->instance);
		fact->until = e->link ? core_now(c).utc + c->env.policy.limits.grace
				      : utc_of(c, e->until);
	}
	for (size_t i = 0; i < p->pubs.n; i++)
		if (hg_pub_live(p->pubs.v[i]) && p->pubs.v[i]->expiry != HG_STATIC &&
			p->pubs.v[i]->payload)
			add_publication(c, f, p, p->pubs.v[i]);
}

/* Who goes away meanwhile is forgotten by a write of its own. */
static void hint_again(struct hg_core *c)
{
	for (size_t i = 0; i < c->nhinting_of; i++) {
		struct hg_person *p = hg_person_find(c, c->hinting_of[i]);

		if (p && p->exists)
			hg_hint(c, p);
	}
}

static void written(void *arg, int rc)
{
	struct hg_core *c = arg;

	c->hinting = false;
	if (rc < 0) {
		hg_core_count(c, "hints_failed_total");
		hint_again(c);
	}
	c->nhinting_of = 0;
	hg_kept_written(c, rc >= 0);
	if (c->hinted || hg_kept_facts(c))
		hg_hints_soon(c);
}

static void add_kept(struct hg_core *c, struct facts *f)
{
	for (const struct hg_kept *k = NULL; (k = hg_kept_next(c, k));) {
		hg_grow(&f->v, &f->cap, f->n, sizeof(*f->v));
		hg_kept_fact(k, &f->v[f->n++]);
	}
}

void hg_hints_due(struct hg_core *c)
{
	struct facts f = { 0 };

	c->hint_at = 0;
	if (c->hinting)
		return; /* the last ones are still being written: again when they are */
	while (c->hinted) {
		struct hg_person *p = c->hinted;

		LL_DELETE2(c->hinted, p, hint_next);
		p->hinted = false;
		hg_grow(&c->hinting_of, &c->hinting_of_cap, c->nhinting_of, sizeof(*c->hinting_of));
		c->hinting_of[c->nhinting_of++] = p->addr;
		add_person(c, &f, p);
	}
	add_kept(c, &f);
	if (f.n) {
		c->hinting = true;
		hg_kept_handed(c);
		c->env.hints->ops->commit(c->env.hints, f.v, f.n, written, c);
	}
	free(f.v);
}

/* ---- the next start ---- */

static int restore_endpoint(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	int64_t left = f->until - core_now(c).utc;

	if (left <= 0)
		return -EINVAL;
	if (left > c->env.policy.limits.grace && !HG_PLANTED(HG_BUG_RESTORED_IS_CONFIRMED))
		left = c->env.policy.limits.grace;
	return hg_endpoint_restore(c, p, f->name, left) ? 0 : -EINVAL;
}

static int restore_publication(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	struct hg_endpoint_obj *e = hg_endpoint_of(p, f->extra);
	struct hg_change ch = {
		.key = { hg_category_find(f->name), (uint16_t)f->number[0], f->number[1] },
		.expires = f->until ? (f->until - core_now(c).utc) / 1000 : -1,
	};
	bool touched[HG_CAT_COUNT] = { false };
	struct hg_pub *b = hg_pubs_find(&p->pubs, ch.key);

	/* A static one took its place after the hint was written: that is durable, and newer. */
	if (b && hg_pub_live(b) && !HG_PLANTED(HG_BUG_HINT_OVER_DURABLE))
		return -EINVAL;
	if (!hg_expiry_find(f->more, &ch.expiry) || ch.expiry == HG_STATIC)
		return -EINVAL;
	if (!ch.key.category || f->number[0] > HG_C_MAX)
		return -EINVAL;
	if (ch.expiry == HG_TIME ? ch.expires <= 0
				 : !e && (ch.expiry == HG_ENDPOINT || !p->endpoint))
		return -EINVAL; /* its time is over, or what it is bound to is gone */
	ch.payload = hg_bytes_new(f->value);
	if (c->env.decode)
		c->env.decode(c->env.ctx, &ch);
	b = hg_pubs_apply(&p->pubs, &ch, f->number[2], e ? e->id : 0, core_now(c), f->time);
	if (b && b->expiry == HG_TIME)
		hg_deadlines_add(&c->deadlines, b->until, HG_DUE_PERSON, p->addr);
	if (f->time > p->last_published)
		p->last_published = f->time;
	hg_change_done(&ch);
	touched[hg_category_find(f->name)] = true;
	hg_person_changed(c, p, touched);
	return 0;
}

int hg_core_restore(struct hg_core *c, const struct hg_fact *f)
{
	struct hg_address a;
	hg_addr owner = 0;
	struct hg_person *p;
	int rc = -EINVAL;

	if (f->kind == HG_FACT_KEPT)
		return hg_kept_load(c, f);
	if (hg_address_from_key(f->owner, &a) == 0)
		owner = hg_addr_find(c->env.ids, &a);
	p = owner ? hg_person_find(c, owner) : NULL;
	if (!p || !p->exists)
		return -EINVAL;
	if (f->kind == HG_FACT_ENDPOINT)
		rc = restore_endpoint(c, p, f);
	else if (f->kind == HG_FACT_SOFT)
		rc = restore_publication(c, p, f);
	if (rc < 0)
		hg_hint(c, p); /* what did not come back is not to come back later */
	return rc;
}
