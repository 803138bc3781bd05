/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core with everything around it made of paper: a store that answers when it is told to, an adapter that writes down all it
 * is called for, a clock that is moved by hand. The journal is text, one line a call, so that a test reads like a story:
 *
 *	edge subscribe alice@h>romeo@x              sent to a route's peer
 *	show romeo@x<alice@h is=busy                a parcel of a standing outlet
 *	show #5 known alice@h state{6500}           a parcel of the outlet with cookie 5
 *	answer 7 ok                                 a request's answer
 *	error gone romeo@x>tybalt@y at tybalt@x     an error about somebody, to who watches him
 *	ended 5                                     the core ended the outlet with cookie 5
 *	blocked alice@h>juliet@x                    she has changed whom she blocks, and that is an account of hers
 *	fact watch alice@h romeo@x 1/2              durable now; with `facts` only
 *
 * ".example" is left out of addresses. Homes: h.example, and v.example with privacy mode. Routes: x.example and y.example are federated (1 and 2),
 * p.example is a public cloud behind route 1.
 */
#pragma once

#include "tests/unit/mirror_people.h"

/* ---- reading the journal ---- */

/* Whether that was written; what was is forgotten. */
static inline bool rig_says(struct rig *r, const char *part)
{
	bool found = r->log.n && strstr(r->log.p, part);

	hg_buf_reset(&r->log);
	return found;
}

/* How often it was; what was written is forgotten. */
static inline size_t rig_times(struct rig *r, const char *part)
{
	size_t n = 0;

	for (const char *p = r->log.n ? r->log.p : ""; (p = strstr(p, part)); p++)
		n++;
	hg_buf_reset(&r->log);
	return n;
}

/* ---- life ---- */

static inline void rig_start_core(struct rig *r)
{
	r->core = hg_core_new(&r->env);
	hg_core_set_tables(r->core, r->table, NULL, 0);
	hg_core_name_route(r->core, 1, "paper");
}

static inline void rig_add_grammar(struct rig *r)
{
	static const struct hg_grammar_rule rules[] = {
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_MACHINE,
			.sources = 15,
			.container = { 2, 3 },
			.ncontainers = 2,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x30000000,
			.expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_USER,
			.sources = 15,
			.container = { 2 },
			.ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x20000000,
			.expiry = HG_ENDPOINT },
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
		{ "h.example", { .kind = HG_WHERE_HOME, .trust = HG_SAME_ENTERPRISE } },
		{ "v.example",
			{ .kind = HG_WHERE_HOME, .trust = HG_SAME_ENTERPRISE, .privacy = true } },
		{ "x.example", { .kind = HG_WHERE_ROUTE, .route = 1, .trust = HG_FEDERATED } },
		{ "y.example", { .kind = HG_WHERE_ROUTE, .route = 2, .trust = HG_FEDERATED } },
		{ "p.example", { .kind = HG_WHERE_ROUTE, .route = 1, .trust = HG_PUBLIC_CLOUD } },
	};
	struct rig *r = hg_alloc(sizeof(*r));

	hg_log_level(HG_ERROR);
	r->now = (struct hg_now){ 1000000, INT64_C(1800000000000) };
	r->take = UINT32_MAX;
	r->store.base.ops = &rig_store_ops;
	r->ids = hg_intern_new();
	r->routes = hg_routes_new();
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		assert_int_equal(
			hg_routes_add_domain(r->routes, hg_str(rules[i].domain), rules[i].where),
			0);
	rig_add_grammar(r);
	r->table = rig_make_table();
	r->env = (struct hg_core_env){ .ctx = r,
		.now = rig_now,
		.random = rig_random,
		.count = rig_count,
		.store = &r->store.base,
		.routes = r->routes,
		.ids = r->ids,
		.policy = { .grammar = &r->grammar,
			.limits = hg_limits_default,
			.provision_open = true,
			.c3_transform = true } };
	hg_core_host(&r->host);
	rig_start_core(r);
	return r;
}

/* Again from nothing, with the limits as they are now. */
static inline void rig_again(struct rig *r)
{
	hg_core_free(r->core);
	rig_start_core(r);
}

/* Both routes are up and settled. */
static inline struct rig *rig_open_routes(struct rig *r)
{
	rig_open_route(r, 1);
	rig_open_route(r, 2);
	rig_settle(r);
	return r;
}

static inline struct rig *rig_again_linked(struct rig *r)
{
	rig_again(r);
	return rig_open_routes(r);
}

/* With both routes up; federated people have to be let in. */
static inline struct rig *rig_explicit(void)
{
	struct rig *r = rig_new();

	r->env.policy.approve_explicit[HG_FEDERATED] = true;
	return rig_again_linked(r);
}

/* She is there, so that whoever may see her is shown something. */
static inline struct client rig_alice(struct rig *r)
{
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	hg_buf_reset(&r->log);
	return alice;
}

/* With both routes up and settled. */
static inline struct rig *rig_new_linked(void)
{
	return rig_open_routes(rig_new());
}

/* alice watches romeo, who is there; her outlet has cookie 5. */
static inline struct client rig_watching(struct rig *r)
{
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_pass(r, 20000);
	hg_buf_reset(&r->log);
	return alice;
}

/* She has so many contacts behind route 1, romeo0@x and so on, and all have agreed. */
static inline struct client rig_popular(struct rig *r, int contacts)
{
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	char name[32];

	for (int i = 0; i < contacts; i++) {
		snprintf(name, sizeof(name), "romeo%d@x", i);
		rig_contact(&alice, HG_SET_CONTACT, name, true, 1 + i);
		rig_peer(r, 1, "alice@h", name, HG_SUBSCRIBED);
	}
	return alice;
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
	free(r);
}
