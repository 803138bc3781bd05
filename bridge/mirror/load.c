/* SPDX-License-Identifier: Apache-2.0 */
/* Durable facts back from the store, before the start. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>

static hg_addr addr_of(struct hg_core *c, struct hg_str key)
{
	struct hg_address a;

	return hg_address_from_key(key, &a) < 0 ? 0 : hg_addr_of(c->env.ids, &a);
}

static int load_publication(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	struct hg_change ch = {
		.key = { hg_category_find(f->name), (uint16_t)f->number[0], f->number[1] },
		.expiry = HG_STATIC,
		.expires = -1,
	};
	bool touched[HG_CAT_COUNT] = { false };

	if (!ch.key.category || f->number[0] > HG_C_MAX)
		return -EINVAL;
	ch.payload = hg_bytes_new(f->value);
	if (c->env.decode)
		c->env.decode(c->env.ctx, &ch);
	hg_pubs_apply(&p->pubs, &ch, HG_PLANTED(HG_BUG_VERSIONS_NOT_LOADED) ? 1 : f->number[2], 0,
		core_now(c), f->time);
	if (f->time > p->last_published)
		p->last_published = f->time;
	touched[ch.key.category] = true;
	hg_person_changed(c, p, touched);
	hg_change_done(&ch);
	return 0;
}

/* What the store says of a container replaces the default one, members and all. */
static int load_container(struct hg_person *p, const struct hg_fact *f)
{
	struct hg_container *k = hg_container_find(
		p->container, p->ncontainers, (uint16_t)f->number[0]);

	if (f->number[0] > HG_C_MAX)
		return -EINVAL;
	if (!k) {
		hg_grow(&p->container, &p->containers_cap, p->ncontainers, sizeof(*p->container));
		k = &p->container[p->ncontainers++];
		*k = (struct hg_container){ .id = (uint16_t)f->number[0] };
	}
	hg_container_done(k);
	k->version = f->number[1];
	return 0;
}

static int load_member(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	struct hg_container *k = hg_container_find(
		p->container, p->ncontainers, (uint16_t)f->number[0]);
	struct hg_member m = { .type = f->number[1] };
	struct hg_address a;
	const char *reason;

	if (!k || m.type < HG_MEMBER_EVERYONE || m.type > HG_MEMBER_USER)
		return -EINVAL;
	if (m.type == HG_MEMBER_USER || m.type == HG_MEMBER_DOMAIN) {
		if (hg_address_from_sip(f->name, c->env.domains, &a, &reason) < 0)
			return -EINVAL;
		m.addr = hg_addr_of(c->env.ids, &a);
		m.value = hg_bytes_new(f->name);
	}
	hg_grow(&k->member, &k->cap, k->n, sizeof(*k->member));
	k->member[k->n++] = m;
	return 0;
}

static int load_group(struct hg_person *p, const struct hg_fact *f)
{
	struct hg_contacts *l = &p->list;

	hg_grow(&l->group, &l->groups_cap, l->ngroups, sizeof(*l->group));
	l->group[l->ngroups++] = (struct hg_group){
		.id = f->number[0],
		.name = hg_bytes_new(f->value),
		.external = hg_bytes_new(f->extra),
	};
	return 0;
}

static int load_contact(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	struct hg_contacts *l = &p->list;
	hg_addr addr = addr_of(c, f->name);

	if (!addr)
		return -EINVAL;
	hg_grow(&l->contact, &l->contacts_cap, l->ncontacts, sizeof(*l->contact));
	l->contact[l->ncontacts++] = (struct hg_contact){
		.addr = addr,
		.uri = hg_bytes_new(f->value),
		.name = hg_bytes_new(f->extra),
		.groups = hg_bytes_new(f->groups),
		.external = hg_bytes_new(f->more),
		.subscribed = f->number[0] != 0,
	};
	return 0;
}

static int load_watch(struct hg_core *c, hg_addr owner, const struct hg_fact *f)
{
	hg_addr presentity = addr_of(c, f->name);
	struct hg_watch_obj *w;

	if (!presentity || f->number[0] > HG_AUTH_REFUSED || f->number[1] > HG_AUTH_REFUSED ||
		f->number[2] > HG_PROMPT_DONE)
		return -EINVAL;
	w = hg_watch_get(c, owner, presentity, f->value, f->extra);
	if (!w)
		return -EINVAL;
	if (!HG_PLANTED(HG_BUG_HALVES_NOT_LOADED))
		w->auth = (struct hg_halves){ f->number[0], f->number[1] };
	w->prompt = f->number[2];
	return 0;
}

static int load_link(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	hg_addr addr = addr_of(c, f->name);
	struct hg_watch_obj *w = addr ? hg_watch_find(c, p->addr, addr) : NULL;

	if (!w)
		return -EINVAL; /* the half that feeds it is gone */
	w->link = hg_link_add(c, p, addr);
	if (!HG_PLANTED(HG_BUG_MEMO_NOT_LOADED))
		hg_link_set_memo(w->link, f->value);
	return 0;
}

static int load_card(struct hg_core *c, struct hg_person *p, const struct hg_fact *f)
{
	enum hg_card_field field = hg_card_field_find(f->name);

	if (field == HG_CARD_FIELDS)
		return -EINVAL;
	hg_person_set_card(p, field, f->value, f->number[0], f->time);
	if (f->time > p->last_published)
		p->last_published = f->time;
	p->changed[HG_CAT_CONTACT_CARD] = p->changed[HG_CAT_USER_PROPERTIES] = hg_core_change(c);
	return 0;
}

int hg_core_load(struct hg_core *c, const struct hg_fact *f)
{
	hg_addr owner = addr_of(c, f->owner);
	struct hg_person *p;

	if (!owner)
		return -EINVAL;
	if (f->kind == HG_FACT_WATCH)
		return load_watch(c, owner, f);
	if (!hg_core_is_home(c, owner))
		return -EINVAL; /* his domain has moved away; what is his stays in the store */
	p = hg_person_get(c, owner);
	p->exists = true;
	hg_directory_late(c, p);
	switch (f->kind) {
	case HG_FACT_USER:
		return 0;
	case HG_FACT_PUBLICATION:
		return load_publication(c, p, f);
	case HG_FACT_CONTAINER:
		return load_container(p, f);
	case HG_FACT_MEMBER:
		return load_member(c, p, f);
	case HG_FACT_LIST:
		p->list.delta = f->number[0];
		return 0;
	case HG_FACT_GROUP:
		return load_group(p, f);
	case HG_FACT_CONTACT:
		return load_contact(c, p, f);
	case HG_FACT_LINK:
		return load_link(c, p, f);
	case HG_FACT_CARD:
		return load_card(c, p, f);
	case HG_FACT_DELEGATES:
	case HG_FACT_DELEGATE:
		return hg_delegates_put(c, p, f);
	default:
		return -EINVAL;
	}
}
