/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links: an account elsewhere that is the same person. Its resources are endpoints of the home person: what they say goes by
 * the grammar into his containers, feeds his aggregate, and ends with them. A phone's auto-away never becomes his choice.
 */

#include "bridge/mirror/core.h"

#include "bridge/presence/grammar.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

struct hg_link_obj *hg_link_find(struct hg_core *c, hg_addr addr)
{
	struct hg_link_obj *k;

	HASH_FIND(hh, c->links, &addr, sizeof(addr), k);
	return k;
}

/* "romeo@xmpp.example/phone": names the endpoint that a resource is. */
static struct hg_bytes *instance_of(
	struct hg_core *c, const struct hg_watch_obj *w, const struct hg_face_obj *f)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *r;

	hg_buf_add(&b, hg_intern_text(c->env.ids, w->key.presentity));
	hg_buf_addc(&b, '/');
	hg_buf_add(&b, hg_bytes_str(f->name));
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

/* A resource that says nothing of the person, or takes no part, is no endpoint; nor what was said before the account agreed. */
static bool counts(const struct hg_watch_obj *w, const struct hg_face_obj *f)
{
	return (w->auth.out == HG_AUTH_GRANTED || !f->directed) && f->statement.priority >= 0 &&
		(f->statement.machine || f->statement.user);
}

static bool among(const struct hg_change *ch, size_t n, struct hg_pubkey key)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(&ch[i].key, &key, sizeof(key)) == 0)
			return true;
	return false;
}

/* Behind the first n: what the grammar makes of one more statement, but for what is there already. */
static size_t expand(struct hg_core *c, const struct hg_statement *s, hg_endpoint id,
	struct hg_change *ch, size_t n)
{
	struct hg_change made[HG_GRAMMAR_CHANGES];
	size_t k = hg_grammar_expand(c->env.policy.grammar, HG_SOURCE_LINKED, s, id, made);

	for (size_t i = 0; i < k; i++) {
		if (among(ch, n, made[i].key))
			hg_change_done(&made[i]);
		else
			ch[n++] = made[i];
	}
	return n;
}

/* What the resource says now, instead of what it said before; what its account says beside it, each resource says. */
static void publish(struct hg_core *c, struct hg_person *p, struct hg_endpoint_obj *e,
	const struct hg_watch_obj *w, const struct hg_statement *s, bool touched[HG_CAT_COUNT])
{
	struct hg_change *ch = hg_alloc((w->naspects + 1) * HG_GRAMMAR_CHANGES * sizeof(*ch));
	size_t n = expand(c, s, e->id, ch, 0);

	for (size_t i = 0; i < w->naspects; i++)
		n = expand(c, &w->aspect[i].statement, e->id, ch, n);
	for (size_t i = 0; i < p->pubs.n; i++) {
		struct hg_pub *b = p->pubs.v[i];

		if (!hg_pub_live(b) || b->origin != e->id || among(ch, n, b->key))
			continue;
		hg_pubs_kill(b);
		touched[b->key.category] = true;
	}
	for (size_t i = 0; i < n; i++) {
		const struct hg_pub *b = hg_pubs_find(&p->pubs, ch[i].key);

		if (!b || !hg_pub_live(b) || !hg_state_eq(&b->state, &ch[i].state) ||
			!hg_note_eq(&b->note, &ch[i].note)) {
			hg_pubs_apply(&p->pubs, &ch[i], hg_pubs_next_version(&p->pubs, &ch[i]),
				e->id, core_now(c), hg_person_stamp(c, p));
			touched[ch[i].key.category] = true;
		}
		hg_change_done(&ch[i]);
	}
	free(ch);
}

/* Endpoints of this account whose resource is gone. */
static void end_others(struct hg_core *c, struct hg_link_obj *k, const struct hg_watch_obj *w)
{
	struct hg_endpoint_obj *e, *tmp;

	DL_FOREACH_SAFE (k->person->endpoint, e, tmp) {
		bool there = false;

		if (e->link != k)
			continue;
		for (size_t i = 0; w && i < w->nfaces && !there; i++) {
			struct hg_bytes *name = instance_of(c, w, &w->face[i]);

			there = counts(w, &w->face[i]) && hg_bytes_eq(name, e->instance);
			hg_bytes_unref(name);
		}
		if (!there)
			hg_endpoint_end(c, e, "resource-gone");
	}
}

void hg_link_sync(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_link_obj *k = w->link;
	bool touched[HG_CAT_COUNT] = { false };
	bool any = false;

	if (!k)
		return;
	for (size_t i = 0; i < w->nfaces; i++) {
		struct hg_bytes *name = instance_of(c, w, &w->face[i]);
		struct hg_endpoint_obj *e = counts(w, &w->face[i])
			? hg_endpoint_linked(c, k, hg_bytes_str(name))
			: NULL;

		if (e)
			publish(c, k->person, e, w, &w->face[i].statement, touched);
		hg_bytes_unref(name);
	}
	if (!HG_PLANTED(HG_BUG_LINKED_STAYS))
		end_others(c, k, w);
	for (int i = 0; i < HG_CAT_COUNT; i++)
		any |= touched[i];
	if (any)
		hg_person_changed(c, k->person, touched);
}

struct hg_link_obj *hg_link_add(struct hg_core *c, struct hg_person *p, hg_addr addr)
{
	struct hg_link_obj *k = hg_link_find(c, addr);

	if (k)
		return k;
	k = hg_alloc(sizeof(*k));
	k->addr = addr;
	k->person = p;
	HASH_ADD(hh, c->links, addr, sizeof(k->addr), k);
	return k;
}

void hg_link_remove(struct hg_core *c, struct hg_link_obj *k)
{
	struct hg_watch_obj *w = hg_watch_find(c, k->person->addr, k->addr);

	if (w)
		w->link = NULL;
	end_others(c, k, NULL);
	HASH_DELETE(hh, c->links, k);
	free(k);
}
