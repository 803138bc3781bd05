/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delegates: users who may do something in another one's name, [MS-PRES] 2.2.2.10 (docs/decisions/0016). Two things, each
 * allowed by itself: publish, and change the list.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>
#include <stdlib.h>

struct hg_delegate *hg_delegate_find(const struct hg_person *owner, hg_addr addr)
{
	for (size_t i = 0; i < owner->delegates.n; i++)
		if (owner->delegates.v[i].addr == addr)
			return &owner->delegates.v[i];
	return NULL;
}

bool hg_delegate_may(const struct hg_person *owner, hg_addr who, enum hg_request_kind kind)
{
	const struct hg_delegate *d = hg_delegate_find(owner, who);

	if (kind == HG_REQ_PUBLISH)
		return d && d->publish;
	return kind == HG_REQ_DELEGATE && d && d->redelegate;
}

/* What he has published in the owner's name, and is bound to his devices. */
static void unbind(struct hg_core *c, struct hg_person *owner, hg_addr who)
{
	const struct hg_person *p = hg_person_find(c, who);

	for (const struct hg_endpoint_obj *e = p ? p->endpoint : NULL; e; e = e->next)
		if (e->abroad)
			hg_endpoint_unbind(c, owner, e->id, false);
}

static void take(struct hg_core *c, struct hg_person *owner, struct hg_delegate *d)
{
	struct hg_delegates *l = &owner->delegates;

	unbind(c, owner, d->addr);
	hg_bytes_unref(d->uri);
	for (size_t i = (size_t)(d - l->v) + 1; i < l->n; i++)
		l->v[i - 1] = l->v[i];
	l->n--;
}

static struct hg_delegate *get(struct hg_core *c, struct hg_person *owner, hg_addr addr)
{
	struct hg_delegates *l = &owner->delegates;
	struct hg_delegate *d = hg_delegate_find(owner, addr);

	if (d)
		return d;
	hg_grow(&l->v, &l->cap, l->n, sizeof(*l->v));
	d = &l->v[l->n++];
	*d = (struct hg_delegate){ .addr = addr, .uri = hg_core_user_uri(c, addr) };
	return d;
}

static int put_one(struct hg_core *c, struct hg_person *owner, const struct hg_fact *f)
{
	struct hg_address a;
	hg_addr addr = hg_address_from_key(f->name, &a) < 0 ? 0 : hg_addr_of(c->env.ids, &a);
	struct hg_delegate *d = addr ? hg_delegate_find(owner, addr) : NULL;

	if (f->gone && d)
		take(c, owner, d);
	if (f->gone)
		return 0;
	if (!addr)
		return -EINVAL;
	d = get(c, owner, addr);
	d->publish = f->number[0] != 0;
	d->redelegate = f->number[1] != 0;
	if (!d->publish)
		unbind(c, owner, addr);
	return 0;
}

int hg_delegates_put(struct hg_core *c, struct hg_person *owner, const struct hg_fact *f)
{
	struct hg_delegates *l = &owner->delegates;
	int rc = 0;

	if (f->kind == HG_FACT_DELEGATE)
		rc = put_one(c, owner, f);
	else if (f->number[0] > l->version)
		l->version = f->number[0];
	if (l->version > l->staged)
		l->staged = l->version;
	owner->delegates_changed = hg_core_change(c);
	hg_person_self_dirty(c, owner);
	return rc;
}

void hg_delegates_drop(struct hg_person *p)
{
	for (size_t i = 0; i < p->delegates.n; i++)
		hg_bytes_unref(p->delegates.v[i].uri);
	free(p->delegates.v);
	p->delegates = (struct hg_delegates){ 0 };
}
