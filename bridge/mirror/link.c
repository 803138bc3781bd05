/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links: an account elsewhere that is the same person. Its resources are endpoints of the home person: what they say goes by
 * the grammar into his containers, feeds his aggregate, and ends with them. A phone's auto-away never becomes his choice.
 */

#include "bridge/mirror/core.h"

#include <stdlib.h>
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
		hg_statement_says(&f->statement);
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

	if (!k)
		return;
	for (size_t i = 0; i < w->nfaces; i++) {
		struct hg_bytes *name = instance_of(c, w, &w->face[i]);
		struct hg_endpoint_obj *e = counts(w, &w->face[i])
			? hg_endpoint_linked(c, k, hg_bytes_str(name))
			: NULL;

		if (e)
			hg_voice_publish(c, e, HG_SOURCE_LINKED, &w->face[i].statement, w, touched);
		hg_bytes_unref(name);
	}
	if (!HG_PLANTED(HG_BUG_LINKED_STAYS))
		end_others(c, k, w);
	hg_voice_changed(c, k->person, touched);
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
	hg_watchers_changed(c, p); /* an account of his own is none */
	return k;
}

void hg_link_remove(struct hg_core *c, struct hg_link_obj *k)
{
	struct hg_watch_obj *w = hg_watch_find(c, k->person->addr, k->addr);

	if (w)
		w->link = NULL;
	end_others(c, k, NULL);
	HASH_DELETE(hh, c->links, k);
	hg_watchers_changed(c, k->person);
	hg_bytes_unref(k->memo);
	free(k);
}

/* ---- for the adapter through which the account is reached ---- */

void hg_link_set_memo(struct hg_link_obj *k, struct hg_str memo)
{
	hg_bytes_unref(k->memo);
	k->memo = memo.n ? hg_bytes_new(memo) : NULL;
}

struct hg_str hg_core_memo(struct hg_core *c, hg_addr account)
{
	const struct hg_link_obj *k = hg_link_find(c, account);

	return k ? hg_bytes_str(k->memo) : HG_STR_NONE;
}

void hg_link_blocked(struct hg_core *c, const struct hg_watch_obj *w)
{
	struct hg_lane_obj *l = w->link ? hg_watch_out_lane(c, w) : NULL;

	if (l && l->up && w->auth.out == HG_AUTH_GRANTED)
		hg_down_blocked(c, l, w->key.watcher, w->key.presentity);
}

void hg_links_blocked(struct hg_core *c, struct hg_person *p)
{
	struct hg_watch_obj *w, *tmp;

	DL_FOREACH_SAFE2 (p->watched, w, tmp, wnext)
		hg_link_blocked(c, w);
}
