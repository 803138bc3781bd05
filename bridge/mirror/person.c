/* SPDX-License-Identifier: Apache-2.0 */
/* Home people: their being, and what follows from a change of what is theirs. */

#include "bridge/mirror/contact_list.h"
#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

struct hg_where hg_core_where(struct hg_core *c, hg_addr addr)
{
	return hg_routes_find(c->env.routes, hg_intern_text(c->env.ids, addr));
}

bool hg_core_is_home(struct hg_core *c, hg_addr addr)
{
	return hg_core_where(c, addr).kind == HG_WHERE_HOME;
}

struct hg_person *hg_person_find(struct hg_core *c, hg_addr addr)
{
	struct hg_person *p;

	HASH_FIND(hh, c->persons, &addr, sizeof(addr), p);
	return p;
}

bool hg_person_exists(struct hg_core *c, hg_addr addr)
{
	struct hg_person *p = hg_person_find(c, addr);

	return p && p->exists;
}

bool hg_core_has_user(struct hg_core *c, hg_addr addr)
{
	return hg_person_exists(c, addr);
}

struct hg_bytes *hg_core_user_uri(struct hg_core *c, hg_addr addr)
{
	const struct hg_str scheme = HG_STR("sip:");
	struct hg_buf b = { 0 };
	struct hg_bytes *r;
	struct hg_address a;

	hg_addr_address(c->env.ids, addr, &a);
	hg_address_write_sip(&a, HG_BARE, &b);
	r = hg_bytes_new((struct hg_str){ b.p + scheme.n, b.n - scheme.n });
	hg_buf_done(&b);
	return r;
}

static void add_default(
	struct hg_core *c, struct hg_person *p, uint16_t id, enum hg_member_type type)
{
	struct hg_container *k;

	hg_grow(&p->container, &p->containers_cap, p->ncontainers, sizeof(*p->container));
	k = &p->container[p->ncontainers++];
	*k = (struct hg_container){ .id = id, .version = 1 };
	if (type) {
		hg_grow(&k->member, &k->cap, k->n, sizeof(*k->member));
		k->member[k->n++] = (struct hg_member){ .type = type };
	}
}

/* A new user has these (design: Presence model); they become durable when he first changes them. */
static void add_defaults(struct hg_core *c, struct hg_person *p)
{
	struct hg_group *g;

	add_default(c, p, HG_C_EXTERNAL, HG_MEMBER_FEDERATED);
	add_default(c, p, HG_C_COLLEAGUES, HG_MEMBER_SAME_ENTERPRISE);
	add_default(c, p, HG_C_WORKGROUP, 0);
	add_default(c, p, HG_C_FRIENDS, 0);
	add_default(c, p, HG_C_BLOCKED, HG_MEMBER_PUBLIC_CLOUD);

	hg_grow(&p->list.group, &p->list.groups_cap, 0, sizeof(*p->list.group));
	g = &p->list.group[p->list.ngroups++];
	*g = (struct hg_group){
		.id = HG_GROUP_OTHER,
		.name = hg_bytes_new(HG_STR("~")),
		.external = hg_bytes_new(HG_STR_NONE),
	};
	p->list.delta = 1;
}

static void make_blank(struct hg_core *c, struct hg_person *p)
{
	hg_aggregates_init(c, p);
	for (int i = 0; i < HG_CAT_COUNT; i++)
		p->changed[i] = hg_core_change(c);
	p->containers_changed = p->list_changed = p->waiting_changed = p->delegates_changed =
		p->watchers_changed = hg_core_change(c);
	add_defaults(c, p);
}

struct hg_person *hg_person_get(struct hg_core *c, hg_addr addr)
{
	struct hg_person *p = hg_person_find(c, addr);

	if (p)
		return p;
	p = hg_alloc(sizeof(*p));
	p->addr = addr;
	p->privacy = hg_core_where(c, addr).privacy;
	make_blank(c, p);
	HASH_ADD(hh, c->persons, addr, sizeof(p->addr), p);
	return p;
}

static void drop_content(struct hg_person *p)
{
	hg_pubs_done(&p->pubs);
	for (size_t i = 0; i < p->ncontainers; i++)
		hg_container_done(&p->container[i]);
	free(p->container);
	hg_list_done(&p->list);
	hg_delegates_drop(p);
	hg_person_drop_card(p);
	hg_aggregates_done(p);
}

void hg_person_forget(struct hg_core *c, struct hg_person *p)
{
	drop_content(p);
	hg_directed_drop(c, 0, p->addr);
	p->pubs = (struct hg_pubs){ 0 };
	p->container = NULL;
	p->ncontainers = p->containers_cap = 0;
	p->list = (struct hg_contacts){ 0 };
	p->last_active = p->calendar_at = 0;
	make_blank(c, p);
}

void hg_person_free(struct hg_core *c, struct hg_person *p)
{
	struct hg_watch_obj *w;

	HASH_DELETE(hh, c->persons, p);
	hg_directory_drop(c, p);
	hg_tx_free_all(c, p);
	for (struct hg_link_obj *k = c->links, *next; k; k = next) {
		next = k->hh.next;
		if (k->person == p)
			hg_link_remove(c, k);
	}
	while (p->endpoint)
		hg_endpoint_end(c, p->endpoint, "user-gone");
	while (p->self)
		hg_outlet_end(c, p->self);
	DL_FOREACH2 (p->watched, w, wnext)
		w->watcher = NULL;
	DL_FOREACH2 (p->watcher, w, pnext)
		w->presentity = NULL;
	drop_content(p);
	hg_directed_drop(c, 0, p->addr);
	free(p);
}

int64_t hg_person_stamp(struct hg_core *c, struct hg_person *p)
{
	int64_t now = core_now(c).utc;

	p->last_published = now > p->last_published ? now : p->last_published + 1;
	return p->last_published;
}

/* ---- consequences ---- */

void hg_person_self_dirty(struct hg_core *c, struct hg_person *p)
{
	struct hg_outlet_obj *o;

	DL_FOREACH (p->self, o)
		hg_outlet_dirty(c, o);
}

void hg_person_changed(struct hg_core *c, struct hg_person *p, const bool category[HG_CAT_COUNT])
{
	struct hg_watch_obj *w;

	for (int i = 0; i < HG_CAT_COUNT; i++)
		if (category[i])
			p->changed[i] = hg_core_change(c);
	if (category[HG_CAT_STATE] || category[HG_CAT_DEVICE])
		hg_aggregates_update(c, p);
	if (category[HG_CAT_CALENDAR_DATA])
		hg_person_calendar_changed(c, p);
	DL_FOREACH2 (p->watcher, w, pnext)
		hg_watch_dirty(c, w);
	hg_person_self_dirty(c, p);
}

void hg_person_containers_changed(struct hg_core *c, struct hg_person *p)
{
	p->containers_changed = p->waiting_changed = hg_core_change(
		c); /* the blocked are not prompted for */
	p->watchers_changed = p->containers_changed;
	hg_person_self_dirty(c, p);
}

void hg_person_list_changed(struct hg_core *c, struct hg_person *p)
{
	p->list_changed = p->waiting_changed = hg_core_change(
		c); /* contacts are not prompted for */
	p->watchers_changed = p->list_changed; /* in privacy mode they alone are let in */
	hg_person_self_dirty(c, p);
}
