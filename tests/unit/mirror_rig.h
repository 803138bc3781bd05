/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core with everything around it made of paper: a store that answers when it is told to, an adapter that writes down all it
 * is called for, a clock that is moved by hand. The journal is text, one line a call, so that a test reads like a story:
 *
 *	edge subscribe alice@h>romeo@x              sent to a route's peer
 *	show romeo@x<alice@h is=busy                a parcel of a standing outlet
 *	show #5 known alice@h state{6500}           a parcel of the outlet with cookie 5
 *	answer 7 ok                                 a request's answer
 *	ended 5                                     the core ended the outlet with cookie 5
 *	fact watch alice@h romeo@x 1/2              durable now; with `facts` only
 *
 * ".example" is left out of addresses. Homes: h.example. Routes: x.example and y.example are federated (1 and 2),
 * p.example is a public cloud behind route 1.
 */
#pragma once

#include "bridge/address/ids.h"
#include "bridge/mapping/table.h"
#include "bridge/mirror/mirror.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FMT_NATIVE, FMT_WORDS };        /* formats of the adapter */
enum { IS, SAYS, RANK, SINCE, FIELDS }; /* fields of its vocabulary */
enum commits { COMMIT_AT_ONCE, COMMIT_WAITS };

struct kept_fact { /* a copy of a fact; `f` borrows from `text` */
	struct hg_fact f;
	char *text[6];
};

struct paper_store {
	struct hg_store base;
	enum commits mode;
	int rc; /* of what is answered at once */
	struct kept_fact *fact, *waiting;
	size_t n, cap, nwaiting, waiting_cap;
	struct {
		void (*done)(void *arg, int rc);
		void *arg;
		size_t facts; /* the last so many of `waiting` so far are his */
	} commit[64];
	size_t ncommits;
};

struct rig {
	struct hg_core *core;
	struct hg_host host;
	struct hg_core_env env;
	struct hg_now now;
	struct paper_store store;
	struct hg_routes *routes;
	struct hg_intern *ids;
	struct hg_grammar grammar;
	struct hg_table *table;
	struct hg_buf log;
	bool facts;
	hg_lane lane[8]; /* route lanes 1 and 2, then clients */
	int64_t room[8]; /* -1: as much as there is */
	size_t nlanes;
	uint32_t take;      /* parcels taken of one call of deliver */
	uint32_t renders;
	hg_endpoint endpoint; /* of the last answer */
	uint32_t group, delta;
	uint64_t cookie;
	void (*in_deliver)(struct rig *); /* a peer that acts while it is being served */
	char counted[256];
};

struct client {
	struct rig *rig;
	struct hg_principal by;
	const char *name;
};

static const char *const rig_verdicts[] = { "ok", "bad", "forbidden", "not-found", "conflict", "too-large", "later" };
static const char *const rig_edges[] = { "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe" };
static const char *const rig_standings[] = { "known", "unknown", "pending", "refused", "nobody" };
static const char *const rig_facts[] = { "", "user", "publication", "container", "member", "list", "group", "contact", "watch" };

/* ---- writing the journal ---- */

static inline void rig_who(struct hg_buf *b, struct hg_str who)
{
	struct hg_str tail = HG_STR(".example");

	if (who.n > tail.n && hg_str_eq((struct hg_str){ who.p + who.n - tail.n, tail.n }, tail))
		who.n -= tail.n;
	hg_buf_add(b, who);
}

static inline void rig_expect_at(struct rig *r, const char *text, const char *file, int line)
{
	test_assert_str(hg_buf_str(&r->log), text, file, line);
	hg_buf_reset(&r->log);
}
#define rig_expect(r, text) rig_expect_at((r), (text), __FILE__, __LINE__)

/* ---- the vocabulary and its table ---- */

static const char *const rig_words[] = { "on", "idle", "busy", "busy-idle", "dnd", "brb", "away", "gone", "lost", NULL };
static const struct hg_field_def rig_fields[FIELDS] = {
	[IS] = { .name = "is", .kind = HG_FIELD_TOKEN, .tokens = rig_words },
	[SAYS] = { .name = "says", .kind = HG_FIELD_TEXT },
	[RANK] = { .name = "rank", .kind = HG_FIELD_INTEGER, .min = -128, .max = 127 },
	[SINCE] = { .name = "since", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary rig_vocabulary = { "words", rig_fields, FIELDS };

#define RIG_ROW(word, state_, ...) \
	{ \
		.name = word, .native = { HG_TERM("is", word) }, \
		.canonical = { HG_TERM("state", state_), HG_TERM("availability", __VA_ARGS__) } \
	}

static const struct hg_rule rig_rules[] = {
	{ .name = "lost",
		.native = { HG_TERM("is", "lost") },
		.canonical = { HG_TERM("state", "none"), HG_TERM("availability", "unknown") },
		.write = { HG_TERM("says", "absent"), HG_TERM("rank", "absent"), HG_TERM("since", "absent") } },
	{ .name = "gone",
		.native = { HG_TERM("is", "gone") },
		.canonical = { HG_TERM("state", "none"), HG_TERM("availability", "offline") },
		.write = { HG_TERM("says", "absent"), HG_TERM("rank", "absent") } },
	RIG_ROW("busy", "user", "busy"),
	RIG_ROW("busy-idle", "user", "busy-idle"),
	RIG_ROW("dnd", "user", "dnd"),
	RIG_ROW("brb", "user", "brb"),
	RIG_ROW("away", "machine", "away"),
	RIG_ROW("idle", "machine", "available-idle"),
	{ .name = "on",
		.native = { HG_TERM("is", "on", "absent") },
		.canonical = { HG_TERM("state", "machine"), HG_TERM("availability", "available") } },
};
static const struct hg_binding rig_bindings[] = {
	{ .field = "says", .carries = "note" },
	{ .field = "rank", .carries = "priority" },
	{ .field = "since", .carries = "idle" },
};

static inline struct hg_table *rig_make_table(void)
{
	struct hg_table_source source = { .vocabulary = &rig_vocabulary,
		.binding = rig_bindings,
		.nbindings = sizeof(rig_bindings) / sizeof(rig_bindings[0]),
		.rule = rig_rules,
		.nrules = sizeof(rig_rules) / sizeof(rig_rules[0]) };
	struct hg_errs errs = { 0 };
	struct hg_table *t = hg_table_new(&source, &errs);

	for (size_t i = 0; !t && i < errs.n; i++)
		print_error("%s: %s (%s)\n", errs.e[i].where, errs.e[i].what, errs.e[i].hint);
	hg_errs_done(&errs);
	assert_non_null(t);
	return t;
}

/* ---- rendering ---- */

static inline void rig_render_pub(const struct hg_view *v, const struct hg_pub *p, struct hg_buf *b)
{
	if (v->self)
		hg_buf_addf(b, "%s%u.%x.v%u=", b->p[b->n - 1] == '{' ? "" : " ", p->key.container, p->key.instance,
			p->version);
	else if (b->p[b->n - 1] != '{')
		hg_buf_addc(b, ' ');
	if (p->key.category == HG_CAT_STATE) {
		hg_buf_addf(b, "%u", p->state.availability);
		if (p->state.token[0])
			hg_buf_addf(b, "/%s", p->state.token);
	} else if (p->payload) {
		hg_buf_add(b, hg_bytes_str(p->payload));
	} else {
		hg_buf_add(b, hg_bytes_str(p->note.text));
	}
}

static inline void rig_render_contacts(const struct hg_view *v, struct hg_buf *b)
{
	if (v->since)
		hg_buf_addf(b, "delta{%u>%u", v->since, v->self->delta);
	else
		hg_buf_addf(b, "list{%u", v->self->delta);
	for (size_t i = 0; i < v->self->ngroups; i++) {
		const struct hg_group *g = &v->self->group[i];

		if (v->since ? g->changed <= v->since : g->gone)
			continue;
		hg_buf_addf(b, " %sgroup%u=%s", !v->since ? "" : g->gone ? "-" : g->added > v->since ? "+" : "~", g->id,
			g->name->p);
	}
	for (size_t i = 0; i < v->self->ncontacts; i++) {
		const struct hg_contact *k = &v->self->contact[i];

		if (v->since ? k->changed <= v->since || (k->gone && k->added > v->since) : k->gone)
			continue;
		hg_buf_adds(b, !v->since ? " " : k->gone ? " -" : k->added > v->since ? " +" : " ~");
		rig_who(b, hg_bytes_str(k->uri));
		hg_buf_addf(b, "[%s]", k->groups->p);
	}
}

static inline void rig_render_containers(const struct hg_view *v, struct hg_buf *b)
{
	for (size_t i = 0; i < v->self->ncontainers; i++) {
		const struct hg_container *k = &v->self->container[i];

		hg_buf_addf(b, "%s%u.v%u:%zu", i ? " " : "", k->id, k->version, k->n);
	}
}

static inline void rig_render(
	void *self, uint16_t format, const struct hg_view *v, const struct hg_record *rec, struct hg_buf *b)
{
	struct rig *r = self;

	r->renders++;
	if (rec) {
		for (uint32_t i = 0; i < rec->n; i++)
			hg_buf_addf(b, "%s%s=%.*s", i ? " " : "", rig_fields[rec->value[i].field].name,
				HG_STR_ARG(rec->value[i].text));
		return;
	}
	if (v->part == HG_PART_CONTACTS) {
		rig_render_contacts(v, b);
	} else if (v->part == HG_PART_CONTAINERS) {
		hg_buf_adds(b, "containers{");
		rig_render_containers(v, b);
	} else {
		hg_buf_addf(b, "%s{", hg_category_name(v->part));
		for (size_t i = 0; i < v->npubs; i++)
			rig_render_pub(v, v->pub[i], b);
	}
	hg_buf_addc(b, '}');
}

/* ---- the adapter's other calls ---- */

static inline void rig_edge(void *self, hg_lane lane, const struct hg_pair *p, enum hg_edge edge)
{
	struct rig *r = self;

	hg_buf_addf(&r->log, "edge %s ", rig_edges[edge]);
	rig_who(&r->log, p->wire_watcher);
	hg_buf_addc(&r->log, '>');
	rig_who(&r->log, p->wire_presentity);
	hg_buf_addc(&r->log, '\n');
}

static inline void rig_answer(void *self, uint64_t cookie, const struct hg_answer *a)
{
	struct rig *r = self;

	r->endpoint = a->endpoint;
	r->group = a->group;
	r->delta = a->delta;
	hg_buf_addf(&r->log, "answer %llu %s", (unsigned long long)cookie, rig_verdicts[a->verdict]);
	for (size_t i = 0; i < a->nconflicts; i++)
		hg_buf_addf(&r->log, " %u:%u/%u", a->conflict[i].index, a->conflict[i].version, a->conflict[i].current);
	for (size_t i = 0; i < a->nfrags; i++) {
		hg_buf_addc(&r->log, ' ');
		hg_buf_add(&r->log, hg_bytes_str(a->frag[i]->bytes));
	}
	hg_buf_addc(&r->log, '\n');
}

static inline void rig_ended(void *self, uint64_t cookie)
{
	hg_buf_addf(&((struct rig *)self)->log, "ended %llu\n", (unsigned long long)cookie);
}

static inline void rig_write_parcel(struct rig *r, const struct hg_parcel *p)
{
	struct hg_buf *b = &r->log;

	hg_buf_adds(b, "show ");
	if (p->cookie) {
		hg_buf_addf(b, "#%llu", (unsigned long long)p->cookie);
		if (p->presentity.n) {
			hg_buf_addf(b, " %s ", rig_standings[p->standing]);
			rig_who(b, p->presentity);
		}
	} else {
		rig_who(b, p->watcher);
		hg_buf_addc(b, '<');
		rig_who(b, p->presentity);
	}
	for (size_t i = 0; i < p->nfrags; i++) {
		hg_buf_addc(b, ' ');
		hg_buf_add(b, hg_bytes_str(p->frag[i]->bytes));
	}
	hg_buf_addc(b, '\n');
}

static inline size_t rig_deliver(void *self, hg_lane lane, const struct hg_parcel *p, size_t n)
{
	struct rig *r = self;
	size_t k = n < r->take ? n : r->take;

	for (size_t i = 0; i < k; i++)
		rig_write_parcel(r, &p[i]);
	if (r->in_deliver)
		r->in_deliver(r);
	return k;
}

static const struct hg_format rig_formats[] = { { "native", NULL }, { "words", &rig_vocabulary } };
static const struct hg_adapter rig_adapter = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_adapter),
	.name = "paper",
	.format = rig_formats,
	.nformats = 2,
	.edge = rig_edge,
	.answer = rig_answer,
	.render = rig_render,
	.deliver = rig_deliver,
	.outlet_ended = rig_ended,
};

/* ---- the store ---- */

static inline void rig_copy_fact(struct kept_fact *to, const struct hg_fact *f)
{
	struct hg_str *part[6];

	to->f = *f;
	part[0] = &to->f.owner;
	part[1] = &to->f.name;
	part[2] = &to->f.value;
	part[3] = &to->f.extra;
	part[4] = &to->f.more;
	part[5] = &to->f.groups;
	for (int i = 0; i < 6; i++) {
		to->text[i] = hg_str_dup(*part[i]);
		part[i]->p = to->text[i];
	}
}

static inline void rig_free_fact(struct kept_fact *k)
{
	for (int i = 0; i < 6; i++)
		free(k->text[i]);
}

static inline bool rig_same_key(const struct hg_fact *a, const struct hg_fact *b)
{
	bool by_name = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_MEMBER || a->kind == HG_FACT_CONTACT ||
		       a->kind == HG_FACT_WATCH;
	bool by_number = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_CONTAINER || a->kind == HG_FACT_MEMBER ||
			 a->kind == HG_FACT_GROUP;
	bool by_second = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_MEMBER;

	return a->kind == b->kind && hg_str_eq(a->owner, b->owner) && (!by_name || hg_str_eq(a->name, b->name)) &&
	       (!by_number || a->number[0] == b->number[0]) && (!by_second || a->number[1] == b->number[1]);
}

static inline void rig_write_fact(struct rig *r, const struct hg_fact *f)
{
	hg_buf_addf(&r->log, "fact %s%s ", f->gone ? "-" : "", rig_facts[f->kind]);
	rig_who(&r->log, f->owner);
	if (f->name.n)
		hg_buf_addc(&r->log, ' ');
	rig_who(&r->log, f->name);
	if (f->kind == HG_FACT_WATCH && !f->gone)
		hg_buf_addf(&r->log, " %u/%u", f->number[0], f->number[1]);
	else if (f->kind != HG_FACT_USER && f->kind != HG_FACT_WATCH)
		hg_buf_addf(&r->log, " %u.%u.%u", f->number[0], f->number[1], f->number[2]);
	hg_buf_addc(&r->log, '\n');
}

static inline void rig_apply_fact(struct rig *r, const struct hg_fact *f)
{
	struct paper_store *s = &r->store;

	for (size_t i = 0; i < s->n; i++) {
		if (!rig_same_key(&s->fact[i].f, f))
			continue;
		rig_free_fact(&s->fact[i]);
		memmove(&s->fact[i], &s->fact[i + 1], (s->n - i - 1) * sizeof(*s->fact));
		s->n--;
		break;
	}
	if (f->gone)
		return;
	hg_grow(&s->fact, &s->cap, s->n, sizeof(*s->fact));
	rig_copy_fact(&s->fact[s->n++], f);
}

static inline void rig_commit_call(
	struct hg_store *store, const struct hg_fact *f, size_t n, void (*done)(void *arg, int rc), void *arg)
{
	struct paper_store *s = (struct paper_store *)store;

	assert_true(s->ncommits < 64);
	for (size_t i = 0; i < n; i++) {
		hg_grow(&s->waiting, &s->waiting_cap, s->nwaiting, sizeof(*s->waiting));
		rig_copy_fact(&s->waiting[s->nwaiting++], &f[i]);
	}
	s->commit[s->ncommits].done = done;
	s->commit[s->ncommits].arg = arg;
	s->commit[s->ncommits++].facts = n;
}

/* Answers the commit that has waited longest. */
static inline void rig_commit(struct rig *r, int rc)
{
	struct paper_store *s = &r->store;
	size_t n = s->commit[0].facts;
	void (*done)(void *arg, int rc) = s->commit[0].done;
	void *arg = s->commit[0].arg;

	assert_true(s->ncommits > 0);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0) {
			if (r->facts)
				rig_write_fact(r, &s->waiting[i].f);
			rig_apply_fact(r, &s->waiting[i].f);
		}
		rig_free_fact(&s->waiting[i]);
	}
	memmove(s->waiting, s->waiting + n, (s->nwaiting - n) * sizeof(*s->waiting));
	s->nwaiting -= n;
	memmove(&s->commit[0], &s->commit[1], --s->ncommits * sizeof(s->commit[0]));
	done(arg, rc);
}

static const struct hg_store_ops rig_store_ops = { rig_commit_call };

/* ---- time and turns ---- */

static inline struct hg_now rig_now(void *ctx)
{
	return ((struct rig *)ctx)->now;
}

static inline uint32_t rig_random(void *ctx)
{
	return 4;
}

static inline void rig_count(void *ctx, const char *counter, uint64_t by)
{
	struct rig *r = ctx;

	snprintf(r->counted, sizeof(r->counted), "%s", counter);
}

static inline void rig_turn(struct rig *r)
{
	do {
		for (size_t i = 0; i < r->nlanes; i++)
			if (r->lane[i])
				r->host.lane_room(r->core, r->lane[i], r->room[i] < 0 ? 1000 : (uint32_t)r->room[i]);
		hg_core_turn(r->core);
		while (r->store.ncommits && r->store.mode == COMMIT_AT_ONCE)
			rig_commit(r, r->store.rc);
	} while (r->store.mode == COMMIT_AT_ONCE && hg_core_busy(r->core));
	/* What the last commit led to. */
	hg_core_turn(r->core);
}

/* Lets time pass, with a turn at every deadline on the way. */
static inline void rig_pass(struct rig *r, int64_t ms)
{
	int64_t to = r->now.mono + ms, base = r->now.utc - r->now.mono;

	while (hg_core_deadline(r->core) <= to) {
		if (hg_core_deadline(r->core) > r->now.mono)
			r->now.mono = hg_core_deadline(r->core);
		r->now.utc = base + r->now.mono;
		rig_turn(r);
	}
	r->now = (struct hg_now){ to, base + to };
	rig_turn(r);
}

/* ---- addresses, lanes, peers ---- */

static inline hg_addr rig_addr(struct rig *r, const char *text)
{
	struct hg_address a;
	char full[256];
	const char *reason;

	snprintf(full, sizeof(full), "%s.example", text);
	assert_int_equal(hg_address_from_jid(hg_str(full), NULL, &a, &reason), 0);
	return hg_addr_of(r->ids, &a);
}

static inline struct hg_pair rig_pair(struct rig *r, const char *watcher, const char *presentity)
{
	hg_addr w = rig_addr(r, watcher), p = rig_addr(r, presentity);

	return (struct hg_pair){ w, p, hg_intern_text(r->ids, w), hg_intern_text(r->ids, p) };
}

static inline hg_lane rig_add_lane(struct rig *r, hg_lane lane)
{
	assert_true(r->nlanes < 8);
	r->room[r->nlanes] = -1;
	return r->lane[r->nlanes++] = lane;
}

/* The lane of a route, for everybody at home and behind the other route (`transit`). */
static inline hg_lane rig_open_route(struct rig *r, hg_route route)
{
	hg_addr domains[] = { rig_addr(r, "h"), rig_addr(r, route == 1 ? "y" : "x") };
	struct hg_lane_spec spec = { .adapter = &rig_adapter,
		.self = r,
		.route = route,
		.domain = domains,
		.ndomains = 2,
		.format = FMT_WORDS };

	return rig_add_lane(r, r->host.lane_open(r->core, &spec));
}

static inline void rig_link(struct rig *r, hg_route route, bool up)
{
	r->host.lane_up(r->core, r->lane[route - 1], up);
	rig_turn(r);
}

/* Up, and everybody had the time to come back. */
static inline void rig_settle(struct rig *r)
{
	rig_link(r, 1, true);
	rig_link(r, 2, true);
	rig_pass(r, 20000);
	hg_buf_reset(&r->log);
}

static inline void rig_peer(struct rig *r, hg_route route, const char *watcher, const char *presentity, enum hg_edge edge)
{
	struct hg_pair pair = rig_pair(r, watcher, presentity);

	r->host.edge(r->core, r->lane[route - 1], &pair, edge);
	rig_turn(r);
}

/* "busy", "on text", or NULL: gone. */
static inline void rig_face(struct rig *r, hg_route route, const char *watcher, const char *presentity, const char *resource,
	const char *is, const char *says, const char *rank)
{
	struct hg_pair pair = rig_pair(r, watcher, presentity);
	struct hg_value v[3];
	size_t n = 0;

	if (is)
		v[n++] = (struct hg_value){ .field = IS, .text = hg_str(is) };
	if (says)
		v[n++] = (struct hg_value){ .field = SAYS, .text = hg_str(says) };
	if (rank)
		v[n++] = (struct hg_value){ .field = RANK, .text = hg_str(rank) };
	r->host.face(r->core, r->lane[route - 1], &pair, hg_str(resource), is ? hg_record_new(v, n) : NULL);
	rig_turn(r);
}

/* ---- clients ---- */

static inline struct client rig_client(struct rig *r, const char *who, const char *epid)
{
	struct hg_lane_spec spec = { .adapter = &rig_adapter, .self = r, .format = FMT_NATIVE };
	struct client c = { r, { .proof = HG_PROOF_LISTENER, .addr = rig_addr(r, who) }, epid };

	c.by.lane = rig_add_lane(r, r->host.lane_open(r->core, &spec));
	return c;
}

static inline uint64_t rig_request(struct client *c, const struct hg_request *req)
{
	struct hg_request q = *req;

	q.target = q.target ? q.target : c->by.addr;
	c->rig->host.request(c->rig->core, &c->by, &q, ++c->rig->cookie);
	return c->rig->cookie;
}

static inline void rig_register(struct client *c, uint32_t expires)
{
	rig_request(c, &(struct hg_request){ .kind = HG_REQ_REGISTER, .instance = hg_str(c->name), .expires = expires });
	rig_turn(c->rig);
	c->by.endpoint = c->rig->endpoint;
}

/* Signed on, and the journal forgets how. */
static inline struct client rig_sign_on(struct rig *r, const char *who, const char *epid)
{
	struct client c = rig_client(r, who, epid);

	rig_register(&c, 3600);
	hg_buf_reset(&r->log);
	return c;
}

static inline void rig_drop(struct client *c)
{
	for (size_t i = 0; i < c->rig->nlanes; i++)
		if (c->rig->lane[i] == c->by.lane)
			c->rig->lane[i] = 0;
	c->rig->host.lane_close(c->rig->core, c->by.lane);
	rig_turn(c->rig);
}

static inline struct hg_change rig_change(hg_part category, uint16_t container, uint32_t instance, uint32_t version)
{
	return (struct hg_change){ .key = { category, container, instance }, .version = version, .expires = -1 };
}

/* A state of an endpoint, 0x3... a machine's, 0x2... a user's; 0 deletes. */
static inline struct hg_change rig_state(uint16_t container, uint32_t instance, uint32_t version, uint32_t availability)
{
	struct hg_change ch = rig_change(HG_CAT_STATE, container, instance, version);
	char text[32];

	ch.expiry = HG_ENDPOINT;
	ch.state.kind = instance >> 28 == 2 ? HG_STATE_USER : HG_STATE_MACHINE;
	ch.state.manual = ch.state.kind == HG_STATE_USER;
	ch.state.availability = availability;
	ch.state.max = UINT32_MAX;
	if (!availability)
		ch.expires = 0;
	snprintf(text, sizeof(text), "%u", availability);
	ch.payload = hg_bytes_new(hg_str(text));
	return ch;
}

static inline struct hg_change rig_note(uint16_t container, uint32_t version, const char *text)
{
	struct hg_change ch = rig_change(HG_CAT_NOTE, container, 0, version);

	ch.expiry = HG_STATIC;
	ch.payload = hg_bytes_new(hg_str(text));
	ch.note.text = *text ? hg_bytes_new(hg_str(text)) : NULL;
	return ch;
}

/* Takes the changes; without a turn. */
static inline uint64_t rig_publish_later(struct client *c, struct hg_change *ch, size_t n)
{
	uint64_t cookie = rig_request(c, &(struct hg_request){ .kind = HG_REQ_PUBLISH, .change = ch, .nchanges = n });

	for (size_t i = 0; i < n; i++)
		hg_change_done(&ch[i]);
	return cookie;
}

static inline void rig_publish(struct client *c, struct hg_change *ch, size_t n)
{
	rig_publish_later(c, ch, n);
	rig_turn(c->rig);
}

/* A machine's state in both aggregation containers, as clients publish it. */
static inline void rig_machine(struct client *c, uint32_t version, uint32_t availability)
{
	uint32_t instance = 0x30000000 | (c->by.endpoint & 0xffff);
	struct hg_change ch[] = { rig_state(2, instance, version, availability), rig_state(3, instance, version, availability) };

	rig_publish(c, ch, 2);
}

static inline void rig_choose(struct client *c, uint32_t version, uint32_t availability)
{
	struct hg_change ch[] = { rig_state(2, 0x20000000, version, availability),
		rig_state(3, 0x20000000, version, availability) };

	rig_publish(c, ch, 2);
}

static inline hg_outlet rig_open(struct client *c, const char *presentity, const hg_part *part, size_t n, uint64_t cookie)
{
	hg_addr addr = presentity ? rig_addr(c->rig, presentity) : c->by.addr;
	struct hg_outlet_spec spec = { .principal = &c->by,
		.presentity = addr,
		.wire_presentity = hg_intern_text(c->rig->ids, addr),
		.format = FMT_NATIVE,
		.part = part,
		.nparts = n,
		.cookie = cookie };
	hg_outlet o;

	assert_int_equal(c->rig->host.outlet_open(c->rig->core, &spec, &o), HG_OK);
	rig_turn(c->rig);
	return o;
}

static inline hg_outlet rig_watch_state(struct client *c, const char *presentity, uint64_t cookie)
{
	static const hg_part state = HG_CAT_STATE;

	return rig_open(c, presentity, &state, 1, cookie);
}

/* setContact or deleteContact, with the list's number as it is now. */
static inline void rig_contact(struct client *c, enum hg_contact_op op, const char *who, bool subscribed, uint32_t delta)
{
	hg_addr addr = rig_addr(c->rig, who);
	struct hg_contact_edit e = { .op = op,
		.delta = delta,
		.uri = hg_intern_text(c->rig->ids, addr),
		.addr = addr,
		.groups = HG_STR("1"),
		.subscribed = subscribed };

	rig_request(c, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
	rig_turn(c->rig);
}

static inline struct hg_member_edit rig_member(
	struct client *c, uint16_t container, uint32_t version, bool remove, const char *user)
{
	struct hg_member_edit e = { container, version, remove, { .type = HG_MEMBER_USER, .addr = rig_addr(c->rig, user) } };

	e.member.value = hg_bytes_new(hg_intern_text(c->rig->ids, e.member.addr));
	return e;
}

static inline void rig_members(struct client *c, struct hg_member_edit *e, size_t n)
{
	rig_request(c, &(struct hg_request){ .kind = HG_REQ_MEMBERS, .member = e, .nmembers = n });
	for (size_t i = 0; i < n; i++)
		hg_bytes_unref(e[i].member.value);
}

/* ---- life ---- */

static inline void rig_start_core(struct rig *r)
{
	r->core = hg_core_new(&r->env);
	hg_core_set_table(r->core, r->table);
	hg_core_name_route(r->core, 1, "paper");
}

static inline void rig_add_grammar(struct rig *r)
{
	static const struct hg_grammar_rule rules[] = {
		{ .category = HG_CAT_STATE, .kind = HG_STATE_MACHINE, .sources = 15, .container = { 2, 3 }, .ncontainers = 2,
			.instance = HG_INSTANCE_ENDPOINT, .number = 0x30000000, .expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE, .kind = HG_STATE_USER, .sources = 15, .container = { 2 }, .ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT, .number = 0x20000000, .expiry = HG_ENDPOINT },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		assert_null(hg_grammar_add(&r->grammar, &rules[i]));
}

static inline struct rig *rig_new(void)
{
	static const struct {
		const char *domain;
		struct hg_where where;
	} rules[] = {
		{ "h.example", { HG_WHERE_HOME, 0, HG_SAME_ENTERPRISE } },
		{ "x.example", { HG_WHERE_ROUTE, 1, HG_FEDERATED } },
		{ "y.example", { HG_WHERE_ROUTE, 2, HG_FEDERATED } },
		{ "p.example", { HG_WHERE_ROUTE, 1, HG_PUBLIC_CLOUD } },
	};
	struct rig *r = hg_alloc(sizeof(*r));

	hg_log_level(HG_ERROR);
	r->now = (struct hg_now){ 1000000, INT64_C(1800000000000) };
	r->take = UINT32_MAX;
	r->store.base.ops = &rig_store_ops;
	r->ids = hg_intern_new();
	r->routes = hg_routes_new();
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		assert_int_equal(hg_routes_add_domain(r->routes, hg_str(rules[i].domain), rules[i].where), 0);
	rig_add_grammar(r);
	r->table = rig_make_table();
	r->env = (struct hg_core_env){ .ctx = r,
		.now = rig_now,
		.random = rig_random,
		.count = rig_count,
		.store = &r->store.base,
		.routes = r->routes,
		.ids = r->ids,
		.grammar = &r->grammar,
		.limits = hg_limits_default,
		.provision_open = true,
		.c3_transform = true };
	hg_core_host(&r->host);
	rig_start_core(r);
	return r;
}

/* With both routes up and settled. */
static inline struct rig *rig_new_linked(void)
{
	struct rig *r = rig_new();

	rig_open_route(r, 1);
	rig_open_route(r, 2);
	rig_settle(r);
	return r;
}

/* Another core in its place, with what is durable. */
static inline void rig_restart(struct rig *r)
{
	hg_core_free(r->core);
	r->nlanes = 0;
	hg_buf_reset(&r->log);
	rig_start_core(r);
	for (int kind = HG_FACT_USER; kind < HG_FACT_KINDS; kind++)
		for (size_t i = 0; i < r->store.n; i++)
			if ((int)r->store.fact[i].f.kind == kind)
				assert_int_equal(hg_core_load(r->core, &r->store.fact[i].f), 0);
}

static inline void rig_free(struct rig *r)
{
	r->in_deliver = NULL;
	hg_core_free(r->core);
	for (size_t i = 0; i < r->store.n; i++)
		rig_free_fact(&r->store.fact[i]);
	for (size_t i = 0; i < r->store.nwaiting; i++)
		rig_free_fact(&r->store.waiting[i]);
	free(r->store.fact);
	free(r->store.waiting);
	hg_grammar_done(&r->grammar);
	hg_table_free(r->table);
	hg_routes_free(r->routes);
	hg_intern_free(r->ids);
	hg_buf_done(&r->log);
	hg_log_level(HG_INFO);
	free(r);
}
