/* SPDX-License-Identifier: Apache-2.0 */
/* An adapter that writes down all that it is called for (tests/unit/mirror_rig.h). */
#pragma once

#include "bridge/address/ids.h"
#include "bridge/mapping/table.h"
#include "bridge/mirror/mirror.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FMT_NATIVE, FMT_WORDS };         /* formats of the adapter */
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
	bool in_order;   /* of clients' lanes */
	bool fades;      /* of routes' lanes */
	hg_lane lane[8]; /* route lanes 1 and 2, then clients */
	int64_t room[8]; /* -1: as much as there is */
	size_t nlanes;
	uint32_t take;        /* parcels taken of one call of deliver */
	const char *directed; /* who is given what is said to others behind route 2; NULL: nobody */
	bool asked;           /* people behind the lanes speak to nobody who does not watch them */
	uint32_t renders;
	hg_endpoint endpoint; /* of the last answer */
	uint32_t group, delta;
	int64_t since; /* of the last parcel */
	uint64_t cookie;
	enum hg_verdict verdict;          /* of the last rig_ask; 99: none yet */
	void (*in_deliver)(struct rig *); /* a peer that acts while it is being served */
	char counted[256];
};

struct client {
	struct rig *rig;
	struct hg_principal by;
	const char *name;
};

static const char *const rig_verdicts[] = { "ok", "bad", "forbidden", "not-found", "conflict",
	"too-large", "later", "not-delegate" };
static const char *const rig_edges[] = { "subscribe", "subscribed", "unsubscribe", "unsubscribed",
	"probe" };
static const char *const rig_standings[] = { "known", "unknown", "pending", "refused", "nobody" };
static const char *const rig_facts[] = { "", "user", "publication", "container", "member", "list",
	"group", "contact", "watch", "link", "card", "delegates", "delegate", "endpoint", "soft" };

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

/* Something of what was written since; all of it stays. */
static inline void rig_has_at(
	struct rig *r, const char *text, bool wanted, const char *file, int line)
{
	hg_buf_addc(&r->log, '\0');
	r->log.n--;
	if (!!strstr(r->log.p, text) != wanted)
		test_assert_str(hg_buf_str(&r->log), text, file, line);
}
#define rig_has(r, text) rig_has_at((r), (text), true, __FILE__, __LINE__)
#define rig_has_not(r, text) rig_has_at((r), (text), false, __FILE__, __LINE__)

/* ---- the vocabulary and its table ---- */

static const char *const rig_words[] = { "on", "idle", "busy", "busy-idle", "dnd", "brb", "away",
	"gone", "lost", NULL };
static const struct hg_field_def rig_fields[FIELDS] = {
	[IS] = { .name = "is", .kind = HG_FIELD_TOKEN, .tokens = rig_words },
	[SAYS] = { .name = "says", .kind = HG_FIELD_TEXT },
	[RANK] = { .name = "rank", .kind = HG_FIELD_INTEGER, .min = -128, .max = 127 },
	[SINCE] = { .name = "since", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary rig_vocabulary = { "words", rig_fields, FIELDS };

#define RIG_ROW(word, state_, ...) \
	{ \
		.name = word, .native = { HG_TERM("is", word) }, .canonical = { \
			HG_TERM("state", state_), \
			HG_TERM("availability", __VA_ARGS__) \
		} \
	}

static const struct hg_rule rig_rules[] = {
	{ .name = "lost",
		.native = { HG_TERM("is", "lost") },
		.canonical = { HG_TERM("state", "none"), HG_TERM("availability", "unknown") },
		.write = { HG_TERM("says", "absent"), HG_TERM("rank", "absent"),
			HG_TERM("since", "absent") } },
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
		.canonical = { HG_TERM("state", "machine"),
			HG_TERM("availability", "available") } },
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
		hg_buf_addf(b, "%s%u.%x.v%u=", b->p[b->n - 1] == '{' ? "" : " ", p->key.container,
			p->key.instance, p->version);
	else if (b->p[b->n - 1] != '{')
		hg_buf_addc(b, ' ');
	for (int i = 0; p->card && i < HG_CARD_FIELDS; i++) {
		if (!(p->card_fields & HG_CARD_BIT(i)))
			continue;
		hg_buf_addf(b, "%s:", hg_card_field_name((enum hg_card_field)i));
		hg_buf_add(b, hg_bytes_str(p->card->field[i]));
		hg_buf_addc(b, ';');
	}
	if (p->key.category == HG_CAT_STATE || p->key.category == HG_CAT_LEGACY_INTEROP) {
		hg_buf_addf(b, "%u", p->state.availability);
		if (p->state.token[0])
			hg_buf_addf(b, "/%s", p->state.token);
		for (size_t i = 0; p->state.custom && i < p->state.custom->n; i++)
			hg_buf_addf(b, "\"%u:%s\"", p->state.custom->v[i].lcid,
				p->state.custom->v[i].text->p);
		if (p->state.details && p->state.details->location)
			hg_buf_addf(b, "@%s", p->state.details->location->p);
		if (p->state.details && p->state.details->endpoint)
			hg_buf_addf(b, "#%s", p->state.details->endpoint->p);
	} else if (p->services) {
		for (int i = 0; i < HG_CAPABILITIES; i++)
			if (p->services->named & 1u << i)
				hg_buf_addf(b, "%s%d:%u%s", b->p[b->n - 1] == '{' ? "" : " ", i,
					p->services->availability[i],
					p->services->render & 1u << i ? "r" : "");
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
		hg_buf_addf(b, " %sgroup%u=%s",
			!v->since                     ? ""
				: g->gone             ? "-"
				: g->added > v->since ? "+"
						      : "~",
			g->id, g->name->p);
	}
	for (size_t i = 0; i < v->self->ncontacts; i++) {
		const struct hg_contact *k = &v->self->contact[i];

		if (v->since ? k->changed <= v->since || (k->gone && k->added > v->since) : k->gone)
			continue;
		hg_buf_adds(b,
			!v->since                     ? " "
				: k->gone             ? " -"
				: k->added > v->since ? " +"
						      : " ~");
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

/* Whom the owner is asked about, each with his enum hg_trust, and his name if he has one. */
static inline void rig_render_subscribers(const struct hg_view *v, struct hg_buf *b)
{
	hg_buf_adds(b, "asks{");
	for (size_t i = 0; i < v->self->nwaiting; i++) {
		hg_buf_adds(b, i ? " " : "");
		rig_who(b, v->self->waiting[i].user);
		hg_buf_addf(b, ":%d", (int)v->self->waiting[i].trust);
		if (v->self->waiting[i].name.n)
			hg_buf_addf(b, "=%.*s", HG_STR_ARG(v->self->waiting[i].name));
	}
}

/* Who watches: p, a or w by enum hg_watch_state. */
static inline void rig_render_watchers(const struct hg_view *v, struct hg_buf *b)
{
	hg_buf_adds(b, "watchers{");
	for (size_t i = 0; i < v->self->nby; i++) {
		hg_buf_adds(b, i ? " " : "");
		rig_who(b, v->self->by[i].user);
		hg_buf_addf(b, ":%c", "paw"[v->self->by[i].how]);
		if (v->self->by[i].name.n)
			hg_buf_addf(b, "=%.*s", HG_STR_ARG(v->self->by[i].name));
	}
}

static inline void rig_render_delegates(const struct hg_view *v, struct hg_buf *b)
{
	hg_buf_addf(b, "delegates v%u{", v->self->delegates_version);
	for (size_t i = 0; i < v->self->ndelegates; i++) {
		const struct hg_delegate *d = &v->self->delegate[i];

		hg_buf_adds(b, i ? " " : "");
		rig_who(b, hg_bytes_str(d->uri));
		hg_buf_adds(b, d->publish ? ":p" : ":");
		hg_buf_adds(b, d->redelegate ? "r" : "");
	}
}

static inline void rig_render(void *self, uint16_t format, const struct hg_view *v,
	const struct hg_record *rec, struct hg_buf *b)
{
	struct rig *r = self;

	r->renders++;
	if (rec) {
		for (uint32_t i = 0; i < rec->n; i++)
			hg_buf_addf(b, "%s%s=%.*s", i ? " " : "",
				rig_fields[rec->value[i].field].name,
				HG_STR_ARG(rec->value[i].text));
		return;
	}
	if (v->part == HG_PART_CONTACTS) {
		rig_render_contacts(v, b);
	} else if (v->part == HG_PART_SUBSCRIBERS) {
		rig_render_subscribers(v, b);
	} else if (v->part == HG_PART_WATCHERS) {
		rig_render_watchers(v, b);
	} else if (v->part == HG_PART_DELEGATES) {
		rig_render_delegates(v, b);
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
	hg_buf_addf(
		&r->log, "answer %llu %s", (unsigned long long)cookie, rig_verdicts[a->verdict]);
	for (size_t i = 0; i < a->nconflicts; i++)
		hg_buf_addf(&r->log, " %u:%u/%u", a->conflict[i].index, a->conflict[i].version,
			a->conflict[i].current);
	for (size_t i = 0; i < a->nfrags; i++) {
		hg_buf_addc(&r->log, ' ');
		hg_buf_add(&r->log, hg_bytes_str(a->frag[i]->bytes));
	}
	for (size_t i = 0; i < a->nfound; i++) {
		hg_buf_addc(&r->log, ' ');
		rig_who(&r->log, hg_bytes_str(a->found[i].address));
		for (int k = 0; k < HG_CARD_FIELDS; k++)
			if (a->found[i].card.field[k])
				hg_buf_addf(&r->log, "/%s", a->found[i].card.field[k]->p);
	}
	hg_buf_adds(&r->log, a->more ? " more\n" : "\n");
}

static inline void rig_ended(void *self, uint64_t cookie)
{
	hg_buf_addf(&((struct rig *)self)->log, "ended %llu\n", (unsigned long long)cookie);
}

static inline void rig_write_parcel(struct rig *r, const struct hg_parcel *p)
{
	struct hg_buf *b = &r->log;

	r->since = p->since;
	hg_buf_adds(b, "show ");
	if (p->cookie) {
		hg_buf_addf(b, "#%llu", (unsigned long long)p->cookie);
		if (p->pair.wire_presentity.n) {
			hg_buf_addf(b, " %s ", rig_standings[p->standing]);
			rig_who(b, p->pair.wire_presentity);
		}
	} else {
		rig_who(b, p->pair.wire_watcher);
		hg_buf_addc(b, '<');
		rig_who(b, p->pair.wire_presentity);
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

static inline void rig_error(void *self, hg_lane lane, const struct hg_pair *p,
	const struct hg_xmpp_error *e, hg_addr instead)
{
	struct rig *r = self;

	hg_buf_addf(&r->log, "error %s ", hg_condition_name(e->condition));
	rig_who(&r->log, p->wire_watcher);
	hg_buf_addc(&r->log, '>');
	rig_who(&r->log, p->wire_presentity);
	if (instead) {
		hg_buf_adds(&r->log, " at ");
		rig_who(&r->log, hg_intern_text(r->ids, instead));
	}
	hg_buf_addc(&r->log, '\n');
}

static inline void rig_blocked(void *self, hg_lane lane, hg_addr person, hg_addr account)
{
	struct rig *r = self;

	hg_buf_adds(&r->log, "blocked ");
	rig_who(&r->log, hg_intern_text(r->ids, person));
	hg_buf_addc(&r->log, '>');
	rig_who(&r->log, hg_intern_text(r->ids, account));
	hg_buf_addc(&r->log, '\n');
}

static const struct hg_format rig_formats[] = { { .name = "native" },
	{ .name = "words", .vocabulary = &rig_vocabulary } };
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
	.error = rig_error,
	.blocked = rig_blocked,
};
