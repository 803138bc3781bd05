/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations: one a device. What is bound to one goes with it (EP 4.1.4). */

#include "bridge/mirror/core.h"

#include <stdlib.h>
#include <utlist.h>

struct hg_endpoint_obj *hg_endpoint_find(struct hg_core *c, hg_endpoint id)
{
	struct hg_endpoint_obj *e;

	HASH_FIND(hh, c->endpoints, &id, sizeof(id), e);
	return e;
}

struct hg_endpoint_obj *hg_endpoint_of(struct hg_person *p, struct hg_str instance)
{
	struct hg_endpoint_obj *e;

	DL_FOREACH (p->endpoint, e)
		if (hg_str_eq(hg_bytes_str(e->instance), instance))
			return e;
	return NULL;
}

static void end_outlets(struct hg_core *c, struct hg_endpoint_obj *e)
{
	struct hg_outlet_obj *o, *tmp;

	if (!e->lane)
		return;
	/* A connection seldom carries outlets of more than one endpoint: a short walk. */
	DL_FOREACH_SAFE2 (e->lane->outlet, o, tmp, lnext) {
		struct hg_watch_obj *w = o->watch;

		if (o->endpoint != e)
			continue;
		hg_outlet_end(c, o);
		if (w)
			hg_watch_release(c, w);
	}
}

static void move_to(struct hg_endpoint_obj *e, struct hg_lane_obj *l)
{
	if (e->lane == l)
		return;
	if (e->lane)
		DL_DELETE2(e->lane->endpoint, e, lprev, lnext);
	e->lane = l;
	if (l)
		DL_APPEND2(l->endpoint, e, lprev, lnext);
}

static struct hg_endpoint_obj *get(
	struct hg_core *c, struct hg_person *p, struct hg_str instance, bool *ret_new)
{
	struct hg_endpoint_obj *e = hg_endpoint_of(p, instance);

	*ret_new = !e;
	if (e)
		return e;
	if (p->nendpoints >= c->env.policy.limits.endpoints)
		return NULL;
	e = hg_alloc(sizeof(*e));
	e->id = hg_core_new_id(c);
	e->person = p;
	e->instance = hg_bytes_new(instance);
	DL_APPEND(p->endpoint, e);
	p->nendpoints++;
	HASH_ADD(hh, c->endpoints, id, sizeof(e->id), e);
	return e;
}

static void ends_in(struct hg_core *c, struct hg_endpoint_obj *e, int64_t ms)
{
	e->until = core_now(c).mono + ms;
	hg_deadlines_add(&c->deadlines, e->until, HG_DUE_ENDPOINT, e->id);
	hg_hint(c, e->person);
}

static void event(struct hg_core *c, enum hg_event_kind kind, const struct hg_endpoint_obj *e)
{
	hg_core_event(c,
		&(struct hg_event){ .kind = kind,
			.person = e->person->addr,
			.detail = hg_bytes_str(e->instance) });
}

struct hg_endpoint_obj *hg_endpoint_register(struct hg_core *c, struct hg_person *p,
	struct hg_str instance, struct hg_lane_obj *l, uint32_t expires)
{
	bool added;
	struct hg_endpoint_obj *e = get(c, p, instance, &added);

	if (!e)
		return NULL;
	if (added)
		event(c, HG_EVENT_SIGNED_IN, e);
	if (added)
		hg_log(HG_INFO, "endpoint-added", "person=%s endpoint=%s",
			hg_log_text(hg_intern_text(c->env.ids, p->addr)), hg_log_text(instance));
	if (e->lane && e->lane != l)
		end_outlets(c, e); /* the same device came back over another connection */
	move_to(e, l);
	ends_in(c, e, (int64_t)expires * 1000);
	return e;
}

struct hg_endpoint_obj *hg_endpoint_restore(
	struct hg_core *c, struct hg_person *p, struct hg_str instance, int64_t ms)
{
	bool added;
	struct hg_endpoint_obj *e = get(c, p, instance, &added);

	if (e)
		ends_in(c, e, ms);
	return e;
}

/* Lives as long as the resource is heard of; link.c ends it. */
struct hg_endpoint_obj *hg_endpoint_linked(
	struct hg_core *c, struct hg_link_obj *k, struct hg_str instance)
{
	bool added;
	struct hg_endpoint_obj *e = get(c, k->person, instance, &added);

	if (e) {
		e->link = k;
		e->until = INT64_MAX;
	}
	return e;
}

void hg_endpoint_unbind(struct hg_core *c, struct hg_person *p, hg_endpoint gone, bool last)
{
	bool touched[HG_CAT_COUNT] = { false };
	bool any = false;

	for (size_t i = 0; i < p->pubs.n; i++) {
		struct hg_pub *b = p->pubs.v[i];

		if (!hg_pub_live(b))
			continue;
		if ((b->expiry == HG_ENDPOINT && b->origin == gone) ||
			(b->expiry == HG_USER && last)) {
			hg_pubs_kill(b, core_now(c));
			touched[b->key.category] = any = true;
		}
	}
	if (any)
		hg_person_changed(c, p, touched);
	if (any)
		hg_hint(c, p);
}

/* Of others, in whose name it has published. */
static void unbind_abroad(struct hg_core *c, hg_addr who, hg_endpoint gone)
{
	for (struct hg_person *p = c->persons; p; p = p->hh.next)
		if (hg_delegate_find(
			    p, who)) /* what anybody else said was taken back with the right */
			hg_endpoint_unbind(c, p, gone, false);
}

void hg_endpoint_end(struct hg_core *c, struct hg_endpoint_obj *e, const char *why)
{
	struct hg_person *p = e->person;
	hg_endpoint id = e->id;
	bool abroad = e->abroad;
	hg_addr who = p->addr;

	hg_log(HG_INFO, "endpoint-ended", "person=%s endpoint=%s why=%s",
		hg_log_text(hg_intern_text(c->env.ids, p->addr)),
		hg_log_text(hg_bytes_str(e->instance)), why);
	event(c, HG_EVENT_ENDED, e);
	end_outlets(c, e);
	move_to(e, NULL);
	HASH_DELETE(hh, c->endpoints, e);
	DL_DELETE(p->endpoint, e);
	p->nendpoints--;
	hg_bytes_unref(e->instance);
	hg_record_unref(e->said);
	free(e);
	hg_endpoint_unbind(c, p, id, p->nendpoints == 0);
	if (abroad && !HG_PLANTED(HG_BUG_DELEGATE_STAYS))
		unbind_abroad(c, who, id);
	hg_hint(c, p);
}

void hg_endpoint_lost(struct hg_core *c, struct hg_endpoint_obj *e)
{
	int64_t grace = core_now(c).mono + c->env.policy.limits.grace;

	move_to(e, NULL);
	if (grace < e->until)
		e->until = grace;
	hg_deadlines_add(&c->deadlines, e->until, HG_DUE_ENDPOINT, e->id);
	hg_hint(c, e->person);
	event(c, HG_EVENT_UNCONFIRMED, e);
	hg_log(HG_INFO, "endpoint-unconfirmed", "person=%s endpoint=%s grace_ms=%lld",
		hg_log_text(hg_intern_text(c->env.ids, e->person->addr)),
		hg_log_text(hg_bytes_str(e->instance)), (long long)c->env.policy.limits.grace);
}

void hg_endpoint_due(struct hg_core *c, hg_endpoint id, int64_t now)
{
	struct hg_endpoint_obj *e = hg_endpoint_find(c, id);

	if (e && e->until <= now && !(e->said && HG_PLANTED(HG_BUG_SAID_FOR_EVER)))
		hg_endpoint_end(c, e, e->lane || e->said ? "expired" : "connection-lost");
}
