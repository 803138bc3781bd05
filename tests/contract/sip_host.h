/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core for the SIP adapter's tests: everybody of corp.example exists, everybody may see everybody, what is published
 * is kept with its versions, a contact list is a counter. One file, included once a program.
 */
#pragma once

#include "bridge/address/ids.h"
#include "bridge/loop/loop.h"
#include "plugins/sip/sip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAKE_PUBS = 256, FAKE_OUTLETS = 8192, FAKE_ANSWERS = 256 };

struct fake_outlet {
	bool used, dirty;
	hg_lane lane;
	uint64_t cookie, sequence;
	hg_addr watcher, presentity;
	uint16_t format;
	hg_part part[HG_CAT_COUNT + 2];
	size_t nparts;
};

struct fake_answer {
	uint64_t cookie;
	hg_addr who;
	enum hg_verdict verdict;
	enum hg_request_kind kind;
	struct hg_conflict conflict[FAKE_PUBS];
	size_t nconflicts;
	uint32_t delta;
	bool touched[HG_CAT_COUNT];
};

struct hg_core {
	struct hg_loop *loop;
	struct hg_intern *ids;
	struct hg_sip *sip;
	struct fake_pub {
		hg_addr who;
		struct hg_pub pub;
	} pub[FAKE_PUBS];
	size_t npubs;
	struct fake_outlet outlet[FAKE_OUTLETS];
	struct fake_answer *answer[FAKE_ANSWERS];
	size_t nanswers;
	hg_lane lanes;
	uint32_t delta;
	enum hg_standing standing; /* of those whose name begins with "maybe" */
	bool mute;                 /* answers wait */
	bool failing;              /* the store does not take anything */
	hg_addr state_of[64];
	uint32_t state[64];
	size_t nstates;
	bool stopped;
};

static struct hg_str fake_name(struct hg_core *c, hg_addr addr)
{
	return hg_intern_text(c->ids, addr);
}

/* ---- loop and addresses ---- */

static struct hg_now fake_now(struct hg_core *c)
{
	return hg_loop_now(c->loop);
}

static hg_timer *fake_timer_new(struct hg_core *c, void (*fire)(void *), void *arg)
{
	return hg_timer_new(c->loop, fire, arg);
}

static hg_poll *fake_poll_new(struct hg_core *c, int fd, void (*ready)(void *, int), void *arg)
{
	return hg_poll_new(c->loop, fd, ready, arg);
}

static void fake_on_turn_end(struct hg_core *c, void (*flush)(void *), void *arg)
{
	hg_loop_on_turn_end(c->loop, flush, arg);
}

static uint32_t fake_random(struct hg_core *c)
{
	return (uint32_t)rand();
}

static int fake_addr_sip(
	struct hg_core *c, struct hg_str uri, hg_addr *ret, struct hg_str *gr, const char **reason)
{
	struct hg_address a;
	int rc = hg_address_from_sip(uri, NULL, &a, reason);
	if (!rc)
		*ret = hg_addr_of(c->ids, &a);
	*gr = HG_STR_NONE;
	return rc;
}

static void fake_write_sip(struct hg_core *c, hg_addr addr, struct hg_buf *buf)
{
	hg_buf_adds(buf, "sip:");
	hg_buf_add(buf, fake_name(c, addr));
}

static bool fake_is_home(struct hg_core *c, hg_addr addr)
{
	return hg_str_is(fake_name(c, hg_addr_domain(c->ids, addr)), "corp.example");
}

/* ---- views ---- */

static enum hg_standing fake_standing(struct hg_core *c, hg_addr who)
{
	struct hg_str name = fake_name(c, who);
	if (hg_str_starts(name, HG_STR("nobody")))
		return HG_NOBODY;
	return hg_str_starts(name, HG_STR("maybe")) ? c->standing : HG_KNOWN;
}

static uint32_t fake_state(struct hg_core *c, hg_addr who)
{
	for (size_t i = 0; i < c->nstates; i++) {
		if (c->state_of[i] == who)
			return c->state[i];
	}
	return 18500;
}

static struct hg_frag fake_render(struct hg_core *c, hg_addr who, hg_part part, uint16_t format)
{
	static const struct hg_waiting juliet = { HG_STR("juliet@xmpp.example"), HG_FEDERATED,
		HG_STR_NONE };
	static const struct hg_container container[] = { { .id = 100 }, { .id = 200 },
		{ .id = 32000 } };
	struct hg_group group = { .id = 1, .name = hg_bytes_new(HG_STR("~")), .external = NULL };
	struct hg_self self = { .container = container,
		.ncontainers = 3,
		.group = &group,
		.ngroups = 1,
		.delta = c->delta,
		.waiting = &juliet,
		.nwaiting = format == HG_SIP_FORMAT_LCS };
	const struct hg_pub *pub[FAKE_PUBS];
	struct hg_pub state = { .key = { part, 2, 1 },
		.version = 1,
		.published = 1,
		.expiry = HG_USER,
		.state = { .kind = HG_STATE_AGGREGATE,
			.availability = fake_state(c, who),
			.max = UINT32_MAX } };
	struct hg_view view = { .part = part,
		.standing = fake_standing(c, who),
		.presentity = fake_name(c, who),
		.self = format == HG_SIP_FORMAT_LCS && part < HG_CAT_COUNT ? NULL : &self,
		.pub = pub };
	struct hg_buf buf = { 0 };
	for (size_t i = 0; i < c->npubs && format == HG_SIP_FORMAT_SELF; i++) {
		if (c->pub[i].who == who && c->pub[i].pub.key.category == part)
			pub[view.npubs++] = &c->pub[i].pub;
	}
	if (((format == HG_SIP_FORMAT_CATEGORIES && part == HG_CAT_STATE) ||
		    (format == HG_SIP_FORMAT_LCS &&
			    (part == HG_CAT_STATE || part == HG_CAT_LEGACY_INTEROP))) &&
		view.standing != HG_PENDING)
		pub[view.npubs++] = &state;
	hg_sip_adapter.render(c->sip, format, &view, NULL, &buf);
	struct hg_bytes *bytes = hg_buf_bytes(&buf);
	hg_buf_done(&buf);
	hg_bytes_unref(group.name);
	return (struct hg_frag){ .part = part, .format = format, .bytes = bytes };
}

static struct hg_frag fake_frag[HG_CAT_COUNT + 2];
static const struct hg_frag *fake_frag_ptr[HG_CAT_COUNT + 2];
static size_t fake_nfrags;

static void fake_frags_drop(void)
{
	while (fake_nfrags)
		hg_bytes_unref(fake_frag[--fake_nfrags].bytes);
}

static void fake_frags_add(struct hg_frag frag)
{
	fake_frag[fake_nfrags] = frag;
	fake_frag_ptr[fake_nfrags] = &fake_frag[fake_nfrags];
	fake_nfrags++;
}

static void fake_fill(struct hg_core *c, struct fake_outlet *o)
{
	fake_frags_drop();
	for (size_t i = 0; i < o->nparts; i++)
		fake_frags_add(fake_render(c, o->presentity, o->part[i], o->format));
}

static struct hg_parcel fake_parcel(struct hg_core *c, struct fake_outlet *o)
{
	o->dirty = false;
	return (struct hg_parcel){ .outlet = (hg_outlet)(o - c->outlet) + 1,
		.cookie = o->cookie,
		.sequence = ++o->sequence,
		.standing = fake_standing(c, o->presentity),
		.pair = { o->watcher, o->presentity, fake_name(c, o->watcher),
			fake_name(c, o->presentity) },
		.frag = fake_frag_ptr,
		.nfrags = fake_nfrags };
}

/* ---- lanes and outlets ---- */

static hg_lane fake_lane_open(struct hg_core *c, const struct hg_lane_spec *spec)
{
	return ++c->lanes;
}

static void fake_lane_room(struct hg_core *c, hg_lane lane, uint32_t parcels)
{
}

static void fake_lane_close(struct hg_core *c, hg_lane lane)
{
	for (size_t i = 0; i < FAKE_OUTLETS; i++) {
		if (c->outlet[i].lane == lane)
			c->outlet[i].used = false;
	}
	printf("lane-close %u\n", lane);
}

static enum hg_verdict fake_outlet_open(
	struct hg_core *c, const struct hg_outlet_spec *spec, hg_outlet *ret)
{
	size_t i = 0;
	while (i < FAKE_OUTLETS && c->outlet[i].used)
		i++;
	if (i == FAKE_OUTLETS)
		return HG_TOO_LARGE;
	struct fake_outlet *o = &c->outlet[i];
	*o = (struct fake_outlet){ .used = true,
		.dirty = true,
		.lane = spec->principal->lane,
		.cookie = spec->cookie,
		.watcher = spec->principal->addr,
		.presentity = spec->presentity,
		.format = spec->format,
		.nparts = spec->nparts };
	memcpy(o->part, spec->part, spec->nparts * sizeof(*spec->part));
	*ret = (hg_outlet)i + 1;
	return HG_OK;
}

static size_t fake_outlet_collect(struct hg_core *c, hg_outlet id, const struct hg_frag **ret,
	size_t cap, struct hg_parcel *head)
{
	struct fake_outlet *o = &c->outlet[id - 1];
	fake_frags_drop();
	if (o->dirty)
		fake_fill(c, o);
	*head = fake_parcel(c, o);
	memcpy(ret, fake_frag_ptr, fake_nfrags * sizeof(*ret));
	return fake_nfrags;
}

static void fake_outlet_lost(struct hg_core *c, hg_outlet id)
{
	c->outlet[id - 1].dirty = true;
}

static void fake_outlet_shut(struct hg_core *c, hg_outlet id)
{
	c->outlet[id - 1].used = false;
	printf("outlet-shut %u\n", id);
}

static void fake_dirty(struct hg_core *c, hg_addr who, uint16_t format)
{
	for (size_t i = 0; i < FAKE_OUTLETS; i++) {
		if (c->outlet[i].presentity == who && c->outlet[i].format == format)
			c->outlet[i].dirty = true;
	}
}

/* ---- requests ---- */

static struct fake_pub *fake_find(struct hg_core *c, hg_addr who, const struct hg_pubkey *key)
{
	for (size_t i = 0; i < c->npubs; i++) {
		if (c->pub[i].who == who && !memcmp(&c->pub[i].pub.key, key, sizeof(*key)))
			return &c->pub[i];
	}
	return NULL;
}

static void fake_tell(const struct hg_change *ch)
{
	printf("  change %s %u 0x%08x %s ", hg_category_name(ch->key.category), ch->key.container,
		ch->key.instance, ch->expiry == HG_STATIC ? "static" : "endpoint");
	if (!ch->expires)
		printf("deleted\n");
	else if (ch->note.text)
		printf("%s\n", ch->note.text->p);
	else
		printf("%u\n", ch->state.availability);
}

static void fake_publish(struct hg_core *c, struct fake_answer *a, const struct hg_request *r)
{
	for (size_t i = 0; i < r->nchanges; i++) {
		struct fake_pub *p = fake_find(c, a->who, &r->change[i].key);
		uint32_t stored = p ? p->pub.version : 0;
		if (stored != r->change[i].version && !r->any_version)
			a->conflict[a->nconflicts++] = (struct hg_conflict){ (uint32_t)i + 1,
				r->change[i].version, stored };
	}
	if (a->nconflicts) {
		a->verdict = HG_CONFLICT;
		return;
	}
	for (size_t i = 0; i < r->nchanges && c->npubs < FAKE_PUBS; i++) {
		const struct hg_change *change = &r->change[i];
		struct fake_pub *p = fake_find(c, a->who, &change->key);
		if (!p) {
			p = &c->pub[c->npubs++];
			*p = (struct fake_pub){ .who = a->who, .pub = { .key = change->key } };
		}
		hg_bytes_unref(p->pub.payload);
		p->pub.payload = hg_bytes_ref(change->payload);
		p->pub.version++;
		p->pub.expiry = change->expiry;
		p->pub.published = fake_now(c).utc;
		a->touched[change->key.category] = true;
	}
}

static void fake_request(struct hg_core *c, const struct hg_principal *by,
	const struct hg_request *r, uint64_t cookie)
{
	static const char *const kinds[] = { "register", "publish", "members", "contact", "watch",
		"ack", "link", "search", "delegate", "ace" };
	struct hg_str target = fake_name(c, r->target);
	printf("request %s %.*s", kinds[r->kind], HG_STR_ARG(target));
	if (r->kind == HG_REQ_WATCH || r->kind == HG_REQ_ACK || r->kind == HG_REQ_ACE)
		printf(" watched=%.*s", HG_STR_ARG(fake_name(c, r->watched)));
	if (r->kind == HG_REQ_ACE)
		printf(" remove=%d", r->remove);
	if (r->kind == HG_REQ_REGISTER)
		printf(" instance=%.*s expires=%u", HG_STR_ARG(r->instance), r->expires);
	printf("\n");
	for (size_t i = 0; r->any_version && i < r->nchanges; i++)
		fake_tell(&r->change[i]);
	if (!cookie || c->nanswers == FAKE_ANSWERS)
		return;
	struct fake_answer *a = hg_alloc(sizeof(*a));
	a->cookie = cookie;
	a->who = r->target;
	a->kind = r->kind;
	c->answer[c->nanswers++] = a;
	if (c->failing)
		a->verdict = HG_LATER;
	else if (hg_str_starts(target, HG_STR("denied")))
		a->verdict = HG_FORBIDDEN;
	else if (r->kind == HG_REQ_PUBLISH)
		fake_publish(c, a, r);
	else if (r->kind == HG_REQ_ACE)
		a->delta = 7;
	else if (r->kind == HG_REQ_CONTACT) {
		a->verdict = r->contact->delta == c->delta ? HG_OK : HG_CONFLICT;
		if (a->verdict == HG_OK)
			c->delta++;
		a->delta = c->delta;
	}
}

static void fake_give(struct hg_core *c, struct fake_answer *a)
{
	struct hg_answer out = { .verdict = a->verdict,
		.reason = a->verdict == HG_OK ? "" : "as the test wants it",
		.conflict = a->conflict,
		.nconflicts = a->nconflicts,
		.endpoint = 1,
		.group = 3,
		.delta = a->delta };
	fake_frags_drop();
	for (hg_part part = 1; part < HG_CAT_COUNT; part++) {
		if (a->touched[part])
			fake_frags_add(fake_render(c, a->who, part, HG_SIP_FORMAT_SELF));
	}
	out.frag = fake_frag_ptr;
	out.nfrags = fake_nfrags;
	hg_sip_adapter.answer(c->sip, a->cookie, &out);
	if (a->kind == HG_REQ_CONTACT)
		fake_dirty(c, a->who, HG_SIP_FORMAT_CONTACTS);
	free(a);
}

static void fake_turn(void *arg)
{
	struct hg_core *c = arg;
	size_t n = c->mute ? 0 : c->nanswers;
	for (size_t i = 0; i < n; i++)
		fake_give(c, c->answer[i]);
	if (n)
		c->nanswers = 0;
	for (size_t i = 0; i < FAKE_OUTLETS; i++) {
		struct fake_outlet *o = &c->outlet[i];
		if (!o->used || !o->dirty)
			continue;
		fake_fill(c, o);
		struct hg_parcel parcel = fake_parcel(c, o);
		if (!hg_sip_adapter.deliver(c->sip, o->lane, &parcel, 1))
			o->dirty = true;
	}
	fflush(stdout);
}

static void fake_stopped(struct hg_core *c, void *self)
{
	c->stopped = true;
	hg_loop_stop(c->loop);
}

static void fake_count(struct hg_core *c, const char *counter, uint64_t by)
{
}

static size_t fake_grammar(struct hg_core *c, const struct hg_grammar_rule **ret)
{
	static const struct hg_grammar_rule rule = { .category = HG_CAT_NOTE,
		.sources = 1u << HG_SOURCE_LINKED | 1u << HG_SOURCE_SIMPLE,
		.container = { HG_C_WORKGROUP },
		.ncontainers = 1 };

	*ret = &rule;
	return 1;
}

static void fake_keep(struct hg_core *c, const struct hg_adapter *a, struct hg_str name,
	struct hg_str value, int64_t until)
{
}

static void fake_kept(struct hg_core *c, const struct hg_adapter *a,
	void (*each)(void *arg, struct hg_str name, struct hg_str value, int64_t until), void *arg)
{
}

static const struct hg_host fake_host = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_host),
	.now = fake_now,
	.timer_new = fake_timer_new,
	.timer_set = hg_timer_set,
	.timer_free = hg_timer_free,
	.poll_new = fake_poll_new,
	.poll_set = hg_poll_set,
	.poll_free = hg_poll_free,
	.on_turn_end = fake_on_turn_end,
	.random = fake_random,
	.addr_sip = fake_addr_sip,
	.write_sip = fake_write_sip,
	.is_home = fake_is_home,
	.lane_open = fake_lane_open,
	.lane_room = fake_lane_room,
	.lane_close = fake_lane_close,
	.keep = fake_keep,
	.kept = fake_kept,
	.request = fake_request,
	.outlet_open = fake_outlet_open,
	.outlet_collect = fake_outlet_collect,
	.outlet_lost = fake_outlet_lost,
	.outlet_shut = fake_outlet_shut,
	.stopped = fake_stopped,
	.count = fake_count,
	.grammar = fake_grammar,
};
