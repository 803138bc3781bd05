/* SPDX-License-Identifier: Apache-2.0 */
/* The core's half of struct hg_host: what adapters may call. The loop's half is in bridge/loop. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <errno.h>
#include <string.h>

/* ---- addresses ---- */

/* Anybody may name an address, so the table has a limit; those that it holds are found without. */
static int intern(
	struct hg_core *c, const struct hg_address *a, hg_addr *ret, const char **ret_reason)
{
	*ret = hg_addr_find(c->env.ids, a);
	if (*ret)
		return 0;
	if (hg_intern_count(c->env.ids) >= c->env.policy.limits.addresses) {
		hg_core_count(c, "limit_addresses_total");
		*ret_reason = "too many addresses are known already";
		return -E2BIG;
	}
	*ret = hg_addr_of(c->env.ids, a);
	return 0;
}

static int up_addr(struct hg_core *c, const struct hg_address *a, int rc, hg_addr *ret,
	struct hg_str *ret_resource, const char **ret_reason)
{
	*ret = 0;
	if (rc < 0)
		return rc;
	if (ret_resource) {
		strcpy(c->resource, a->resource); /* both hold HG_PART_MAX octets and a NUL */
		*ret_resource = hg_str(c->resource);
	}
	return intern(c, a, ret, ret_reason);
}

static int up_addr_sip(struct hg_core *c, struct hg_str uri, hg_addr *ret, struct hg_str *ret_gr,
	const char **ret_reason)
{
	struct hg_address a;
	int rc = hg_address_from_sip(uri, c->env.domains, &a, ret_reason);

	return up_addr(c, &a, rc, ret, ret_gr, ret_reason);
}

static int up_addr_jid(struct hg_core *c, struct hg_str jid, hg_addr *ret,
	struct hg_str *ret_resource, const char **ret_reason)
{
	struct hg_address a;
	int rc = hg_address_from_jid(jid, c->env.domains, &a, ret_reason);

	return up_addr(c, &a, rc, ret, ret_resource, ret_reason);
}

static void up_write_sip(struct hg_core *c, hg_addr addr, struct hg_buf *to)
{
	struct hg_address a;

	hg_addr_address(c->env.ids, addr, &a);
	hg_address_write_sip(&a, HG_BARE, to);
}

static void up_write_jid(struct hg_core *c, hg_addr addr, struct hg_buf *to)
{
	struct hg_address a;

	hg_addr_address(c->env.ids, addr, &a);
	hg_address_write_jid(&a, c->env.domains, HG_BARE, to);
}

static hg_addr up_addr_domain(struct hg_core *c, hg_addr addr)
{
	return hg_addr_domain(c->env.ids, addr);
}

static hg_route up_route_of(struct hg_core *c, hg_addr addr)
{
	struct hg_where where = hg_core_where(c, addr);

	return where.kind == HG_WHERE_ROUTE ? where.route : 0;
}

static hg_route up_route_named(struct hg_core *c, const char *adapter)
{
	for (hg_route r = 1; r < sizeof(c->route_name) / sizeof(c->route_name[0]); r++)
		if (c->route_name[r] && strcmp(c->route_name[r], adapter) == 0)
			return r;
	return 0;
}

/* ---- lanes ---- */

void hg_up_now(struct hg_core *c, enum hg_later kind, uint32_t id, uint32_t value)
{
	bool of_lane = kind == LATER_LANE_UP || kind == LATER_LANE_ROOM || kind == LATER_LANE_CLOSE;
	struct hg_lane_obj *l = of_lane ? hg_lane_find(c, id) : NULL;
	struct hg_outlet_obj *o = of_lane ? NULL : hg_outlet_find(c, id);

	if (!l && !o)
		return;
	switch (kind) {
	case LATER_LANE_UP:
		hg_lane_set_up(c, l, value);
		break;
	case LATER_LANE_ROOM:
		l->room = value;
		if (value && l->queue)
			hg_core_wake(c);
		break;
	case LATER_LANE_CLOSE:
		hg_lane_close(c, l);
		break;
	case LATER_OUTLET_LOST:
		if (!o->standing || !HG_PLANTED(HG_BUG_LOST_TO_ROUTE_IS_TOLD))
			hg_outlet_void(c, o);
		if (o->standing && HG_PLANTED(HG_BUG_AGAIN_IS_OLD))
			hg_outlet_keep_bytes(c, o);
		break;
	case LATER_OUTLET_SHUT:
		hg_outlet_shut(c, o);
		break;
	}
}

static void up(struct hg_core *c, enum hg_later kind, uint32_t id, uint32_t value)
{
	if (!hg_up_later(c, kind, id, value))
		hg_up_now(c, kind, id, value);
}

static void up_lane_up(struct hg_core *c, hg_lane id, bool is_up)
{
	up(c, LATER_LANE_UP, id, is_up);
}

static void up_lane_room(struct hg_core *c, hg_lane id, uint32_t parcels)
{
	up(c, LATER_LANE_ROOM, id, parcels);
}

static void up_lane_close(struct hg_core *c, hg_lane id)
{
	up(c, LATER_LANE_CLOSE, id, 0);
}

static void up_outlet_lost(struct hg_core *c, hg_outlet id)
{
	up(c, LATER_OUTLET_LOST, id, 0);
}

static void up_show_again(struct hg_core *c, hg_lane id, const struct hg_pair *pair)
{
	struct hg_watch_obj *w = hg_watch_find(c, pair->watcher, pair->presentity);

	if (w && w->outlet && w->outlet->standing && w->outlet->lane->id == id)
		up(c, LATER_OUTLET_LOST, w->outlet->id, 0);
}

static void up_outlet_shut(struct hg_core *c, hg_outlet id)
{
	up(c, LATER_OUTLET_SHUT, id, 0);
}

/* ---- outlets ---- */

static enum hg_verdict up_outlet_open(
	struct hg_core *c, const struct hg_outlet_spec *spec, hg_outlet *ret)
{
	struct hg_lane_obj *l = hg_lane_find(c, spec->principal->lane);
	struct hg_person *p = hg_person_find(c, spec->principal->addr);
	struct hg_watch_obj *w = NULL;
	struct hg_outlet_obj *o;

	*ret = 0;
	if (!l || !p || !p->exists)
		return HG_FORBIDDEN;
	if (spec->presentity != p->addr || spec->watched) {
		w = hg_watch_get(c, p->addr, spec->presentity, hg_intern_text(c->env.ids, p->addr),
			spec->wire_presentity);
		if (!w)
			return HG_TOO_LARGE;
	}
	o = hg_outlet_new(c, l, w, w ? NULL : p, spec->format, spec->part, spec->nparts);
	o->cookie = spec->cookie;
	o->endpoint = hg_endpoint_find(c, spec->principal->endpoint);
	hg_outlet_dirty(c, o);
	*ret = o->id;
	return HG_OK;
}

static size_t up_outlet_collect(struct hg_core *c, hg_outlet id, const struct hg_frag **ret,
	size_t cap, struct hg_parcel *ret_head)
{
	struct hg_outlet_obj *o = hg_outlet_find(c, id);
	size_t n;

	memset(ret_head, 0, sizeof(*ret_head));
	if (!o)
		return 0;
	hg_frags_reset(c);
	/* Whoever asks is told all of it; of the contact list what is new to him, since clients add
	 * a second list to the first. */
	for (size_t i = 0; i < o->nparts; i++)
		o->part[i].valid = false;
	n = hg_outlet_render(c, o, true, &ret_head->standing);
	if (n > cap)
		n = cap;
	for (size_t i = 0; i < n; i++)
		ret[i] = c->parcel_frag[i];
	ret_head->outlet = o->id;
	ret_head->cookie = o->cookie;
	ret_head->sequence = ++o->sequence;
	if (o->watch)
		ret_head->pair = hg_watch_pair(o->watch);
	hg_outlet_told(c, o, ret, n);
	if (!o->watch || !hg_watch_held(o->watch))
		hg_outlet_unqueue(c, o);
	return n;
}

/* ---- what peers behind a route say ---- */

/* A lane speaks for those behind its route, to those of the domains that it carries, and for nobody
 * else. */
bool hg_lane_may(struct hg_core *c, const struct hg_lane_obj *l, hg_addr remote, hg_addr local)
{
	if (hg_lane_between(c, local, remote) == l || HG_PLANTED(HG_BUG_ANY_LANE_SPEAKS))
		return true;
	hg_core_count(c, "route_forbidden_total");
	return false;
}

static void up_edge(struct hg_core *c, hg_lane id, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	bool in = edge == HG_SUBSCRIBE || edge == HG_UNSUBSCRIBE || edge == HG_PROBE;

	if (l &&
		hg_lane_may(c, l, in ? pair->watcher : pair->presentity,
			in ? pair->presentity : pair->watcher))
		hg_tx_edge(c, l, pair, edge);
}

/* The watch that something was said to; NULL, and counted: nobody asked, or the lane may not say it. */
static struct hg_watch_obj *said_to(
	struct hg_core *c, const struct hg_lane_obj *l, const struct hg_pair *pair)
{
	struct hg_watch_obj *w = hg_watch_find(c, pair->watcher, pair->presentity);

	if (l && hg_lane_may(c, l, pair->presentity, pair->watcher) && hg_watch_wanted(w))
		return w;
	hg_core_count(c, "presence_unasked_total");
	return NULL;
}

static void hear(struct hg_core *c, const struct hg_lane_obj *l, struct hg_watch_obj *w,
	struct hg_str name, struct hg_record *take)
{
	/* Prosody acknowledges a `subscribe` with a bare unavailable: while pending it says nothing
	 * about the person, of whom nothing was said before. */
	if (take)
		hg_faces_set(c, w, name, take, l->generation);
	else if (w->auth.out == HG_AUTH_GRANTED || name.n || w->nfaces)
		hg_faces_gone(c, w, name);
}

static bool is_there(struct hg_core *c, const struct hg_lane_obj *l, const struct hg_pair *pair,
	const struct hg_record *r)
{
	const struct hg_table *t = hg_core_table(
		c, l->adapter->format[l->format].vocabulary, pair->presentity);
	struct hg_statement s = { 0 };
	bool says;

	if (t)
		hg_table_in(t, r, &s);
	says = !t || hg_statement_says(&s);
	hg_statement_done(&s);
	return says;
}

/* Whoever has not asked is given no last words: that somebody has gone ends what he is given. */
static void up_face(struct hg_core *c, hg_lane id, const struct hg_pair *pair, struct hg_str name,
	struct hg_record *take)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	bool watched = hg_watch_wanted(hg_watch_find(c, pair->watcher, pair->presentity));
	bool given = take && l &&
		((watched && !hg_directed_may(c, pair)) || is_there(c, l, pair, take));
	struct hg_watch_obj *all = l ? hg_directed_to_all(c, l, pair, given) : NULL;
	struct hg_watch_obj *w = all && !watched ? NULL : said_to(c, l, pair);

	if (all) {
		hear(c, l, all, name, given ? hg_record_ref(take) : NULL);
		hg_directed_heard(c, all);
	}
	if (w) {
		hear(c, l, w, name, take);
		return;
	}
	if (!all && l && l->unasked && hg_lane_between(c, pair->watcher, pair->presentity) == l)
		hg_directed_said(c, l, pair, name, given ? hg_record_ref(take) : NULL);
	hg_record_unref(take);
}

static void up_aspect(
	struct hg_core *c, hg_lane id, const struct hg_pair *pair, const struct hg_aspect *said)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	struct hg_watch_obj *w = said_to(c, l, pair);

	if (w)
		hg_aspect_set(c, w, said, l->generation);
	else
		hg_record_unref(said->said);
}

static struct hg_record *up_record(struct hg_core *c, const struct hg_vocabulary *v,
	hg_addr presentity, const struct hg_presence *presence)
{
	const struct hg_table *t = hg_core_table(c, v, presentity);

	return t ? hg_table_out(t, presence) : NULL;
}

static void up_stopped(struct hg_core *c, void *self)
{
	if (c->env.stopped)
		c->env.stopped(c->env.ctx, self);
}

static void up_count(struct hg_core *c, const char *counter, uint64_t by)
{
	if (c->env.count)
		c->env.count(c->env.ctx, counter, by);
}

static int up_reload(struct hg_core *c)
{
	return c->env.reload ? c->env.reload(c->env.ctx) : 0;
}

static int64_t up_settle(struct hg_core *c)
{
	return c->env.policy.limits.settle;
}

static uint32_t up_random(struct hg_core *c)
{
	return c->env.random(c->env.ctx);
}

static size_t up_grammar(struct hg_core *c, const struct hg_grammar_rule **ret)
{
	*ret = c->env.policy.grammar->rule;
	return c->env.policy.grammar->nrules;
}

void hg_core_host(struct hg_host *h)
{
	h->abi = HG_ABI;
	h->size = sizeof(*h);
	h->now = core_now;
	h->random = up_random;
	h->addr_sip = up_addr_sip;
	h->addr_jid = up_addr_jid;
	h->write_sip = up_write_sip;
	h->write_jid = up_write_jid;
	h->addr_domain = up_addr_domain;
	h->is_home = hg_core_is_home;
	h->route_of = up_route_of;
	h->route_named = up_route_named;
	h->lane_open = hg_core_lane_open;
	h->lane_up = up_lane_up;
	h->lane_room = up_lane_room;
	h->lane_close = up_lane_close;
	h->request = hg_core_request;
	h->outlet_open = up_outlet_open;
	h->outlet_collect = up_outlet_collect;
	h->outlet_lost = up_outlet_lost;
	h->outlet_shut = up_outlet_shut;
	h->edge = up_edge;
	h->face = up_face;
	h->error = hg_core_error;
	h->stopped = up_stopped;
	h->count = up_count;
	h->grammar = up_grammar;
	h->look = hg_core_look;
	h->record = up_record;
	h->show_again = up_show_again;
	h->aspect = up_aspect;
	h->linked_to = hg_core_linked_to;
	h->accounts = hg_core_accounts;
	h->shown = hg_core_shown;
	h->own = hg_core_own;
	h->totals = hg_core_totals;
	h->reload = up_reload;
	h->keep = hg_core_keep;
	h->kept = hg_core_kept;
	h->settle = up_settle;
	h->memo = hg_core_memo;
}
