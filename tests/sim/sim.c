/* SPDX-License-Identifier: Apache-2.0 */
/* One schedule's world: people, routes, tables, clock, randomness. Everything follows from the seed. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct hg_limits sim_limits = {
	.grace = 60000,
	.settle = 10000,
	.pace = 20,
	.reprobe = 30000,
	.users = 100,
	.addresses = 1000,
	.watches = 1000,
	.endpoints = ENDPOINTS + (PERSONS + 1) * RESOURCES,
	.publications = 10000, /* tombstones too: the model counts versions on */
	.containers = 16,
	.members = 100,
	.contacts = 100,
	.prompts = 100,
	.watchers = 100,
	.delegates = PERSONS,
	.groups = GROUPS,
	.faces = 8,
	.queue = 64,
	.cells = 64, /* few, so that cells are dropped while they are in use */
};

/* xorshift64*, Vigna 2016 */
uint32_t sim_random(struct sim *s, uint32_t below)
{
	s->rng ^= s->rng >> 12;
	s->rng ^= s->rng << 25;
	s->rng ^= s->rng >> 27;
	return (uint32_t)((s->rng * UINT64_C(2685821657736338717)) >> 33) % below;
}

bool sim_chance(struct sim *s, uint32_t percent)
{
	return sim_random(s, 100) < percent;
}

/* ---- mapping tables: two that differ, each twice ---- */

enum { TABLES = 4 };

static const struct hg_binding bindings[] = {
	{ .field = "status", .carries = "note" },
	{ .field = "priority", .carries = "priority", .write = "0" },
};

static const struct hg_rule rules[TABLES / 2][4] = {
	{
		{ .name = "gone",
			.native = { HG_TERM("show", "gone") },
			.canonical = { HG_TERM("state", "none"),
				HG_TERM("availability", "offline", "unknown") },
			.write = { HG_TERM("priority", "absent"), HG_TERM("idle", "absent") } },
		{ .name = "busy",
			.native = { HG_TERM("show", "dnd") },
			.canonical = { HG_TERM("state", "user"),
				HG_TERM("availability", "busy", "busy-idle", "dnd") } },
		{ .name = "away",
			.native = { HG_TERM("show", "away") },
			.canonical = { HG_TERM("state", "machine"),
				HG_TERM("availability", "away", "brb", "available-idle") } },
		{ .name = "online",
			.native = { HG_TERM("show", "online", "absent") },
			.canonical = { HG_TERM("state", "machine"),
				HG_TERM("availability", "available") } },
	},
	{
		{ .name = "gone",
			.native = { HG_TERM("show", "gone") },
			.canonical = { HG_TERM("state", "none"),
				HG_TERM("availability", "offline", "unknown") },
			.write = { HG_TERM("priority", "absent"), HG_TERM("idle", "absent") } },
		{ .name = "busy",
			.native = { HG_TERM("show", "dnd") },
			.canonical = { HG_TERM("state", "user"),
				HG_TERM("availability", "dnd", "busy", "busy-idle", "brb",
					"away") } },
		{ .name = "away",
			.native = { HG_TERM("show", "away") },
			.canonical = { HG_TERM("state", "machine"),
				HG_TERM("availability", "available-idle") } },
		{ .name = "online",
			.native = { HG_TERM("show", "online", "absent") },
			.canonical = { HG_TERM("state", "machine"),
				HG_TERM("availability", "available") } },
	},
};

static const struct hg_table *table(int i)
{
	static struct hg_table *made[TABLES];
	struct hg_table_source source = { .vocabulary = &hg_loopback_vocabulary,
		.binding = bindings,
		.nbindings = sizeof(bindings) / sizeof(bindings[0]),
		.rule = rules[i / 2],
		.nrules = 4 };
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };

	if (made[i])
		return made[i];
	made[i] = hg_table_new(&source, &errs);
	for (size_t k = 0; k < errs.n; k++) {
		hg_err_write(&errs.e[k], &b);
		hg_buf_addc(&b, '\n');
	}
	if (!made[i]) {
		fprintf(stderr, "%s", b.p);
		abort();
	}
	return made[i];
}

void sim_reload(struct sim *s, int i)
{
	struct hg_override of[PERSONS];
	size_t n = 0;

	s->table = i;
	for (int p = 0; p < s->n; p++)
		if (s->own_table[p])
			of[n++] = (struct hg_override){ s->addr[p],
				table((i + TABLES / 2) % TABLES) };
	hg_core_set_tables(s->core, table(i), of, n);
	model_links_again(s);
}

/* Only where every table says a state of the device: put together with others it is what its word is. */
uint32_t sim_says_exactly(struct sim *s, int show)
{
	return show == 0 && sim_chance(s, 30) ? 3600 : 0;
}

int sim_table_variant(const struct sim *s, int p)
{
	return s->own_table[p] ? 1 - s->table / 2 : s->table / 2;
}

/* ---- the grammar: the states of mappings/grammar.yaml ---- */

const struct hg_grammar *sim_grammar(void)
{
	static struct hg_grammar g;
	static const struct hg_grammar_rule rule[] = {
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_MACHINE,
			.sources = 1u << HG_SOURCE_REMOTE | 1u << HG_SOURCE_LINKED |
				1u << HG_SOURCE_SIMPLE,
			.container = { 2, 3 },
			.ncontainers = 2,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x30000000,
			.expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_USER,
			.sources = 1u << HG_SOURCE_REMOTE | 1u << HG_SOURCE_LINKED |
				1u << HG_SOURCE_SIMPLE,
			.container = { 2 },
			.ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x20000000,
			.expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_USER,
			.sources = 1u << HG_SOURCE_REMOTE | 1u << HG_SOURCE_LINKED |
				1u << HG_SOURCE_SIMPLE,
			.container = { 3 },
			.ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x20000000,
			.expiry = HG_ENDPOINT,
			.transform = HG_TRANSFORM_URGENT },
	};

	for (size_t i = 0; g.nrules < sizeof(rule) / sizeof(rule[0]); i++)
		if (hg_grammar_add(&g, &rule[i]))
			abort();
	return &g;
}

struct hg_policy sim_policy(const struct sim *s)
{
	struct hg_policy p = { .provision_open = true,
		.hide_users = s->hide,
		.c3_transform = s->c3,
		.limits = s->limits,
		.grammar = sim_grammar() };

	memcpy(p.approve_explicit, s->explicit, sizeof(p.approve_explicit));
	return p;
}

/* ---- routes: the first one a stream, the second one of datagrams ---- */

static void make_routes(struct sim *s)
{
	static const hg_part also[] = { HG_CAT_NOTE, HG_CAT_STATE, HG_CAT_NONE };

	s->trust[0] = HG_SAME_ENTERPRISE;
	s->trust[1] = HG_FEDERATED;
	s->trust[2] = sim_chance(s, 60) ? HG_PUBLIC_CLOUD : HG_FEDERATED;
	for (int r = 1; r < ROUTES; r++)
		s->route[r].also = also[sim_random(s, 3)];
	s->route[1].unasked = sim_chance(s, 70);
	s->route[2].datagrams = true;
}

/* ---- people ---- */

static void add_people(struct sim *s)
{
	static const char *const domains[ROUTES] = { "home.example", "a.example", "b.example" };
	struct hg_address a;

	s->nhome = 1 + (int)sim_random(s, 4);
	s->n = s->nhome + 2 + (int)sim_random(s, (uint32_t)(PERSONS - s->nhome - 1));
	for (int i = 0; i < s->n; i++) {
		s->route_of[i] = i < s->nhome ? 0 : (i - s->nhome) % 3 ? 1 : 2;
		snprintf(s->name[i], sizeof(s->name[i]), "%c%d@%s", "hab"[s->route_of[i]], i,
			domains[s->route_of[i]]);
		hg_address_from_sip(hg_str(s->name[i]), NULL, &a, NULL);
		s->addr[i] = hg_addr_of(s->ids, &a);
	}
	hg_routes_add_domain(s->routes, hg_str(domains[0]),
		(struct hg_where){ .kind = HG_WHERE_HOME,
			.trust = s->trust[0],
			.privacy = s->privacy,
			.anybody = s->anybody });
	hg_routes_add_domain(s->routes, hg_str(domains[1]),
		(struct hg_where){ .kind = HG_WHERE_ROUTE, .route = 1, .trust = s->trust[1] });
	hg_routes_add_domain(s->routes, hg_str(domains[2]),
		(struct hg_where){ .kind = HG_WHERE_ROUTE, .route = 2, .trust = s->trust[2] });
}

/* Of the datagrams' route the first one, who is also somebody himself. */
static void choose_directed(struct sim *s)
{
	for (int r = 0; r < ROUTES; r++)
		s->route[r].directed = -1;
	for (int i = s->nhome; i < s->n && s->route[2].directed < 0; i++)
		if (s->route_of[i] == 2 && sim_chance(s, 60))
			s->route[2].directed = i;
}

int sim_person(const struct sim *s, struct hg_str wire)
{
	for (int i = 0; i < s->n; i++)
		if (hg_str_is(wire, s->name[i]))
			return i;
	return -1;
}

struct hg_pair sim_pair(const struct sim *s, int w, int p)
{
	return (struct hg_pair){ s->addr[w], s->addr[p], hg_str(s->name[w]), hg_str(s->name[p]) };
}

struct sim *sim_new(uint32_t seed)
{
	struct sim *s = hg_alloc(sizeof(*s));

	s->seed = seed;
	s->rng = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + UINT64_C(0x1234567812345678);
	s->now = (struct hg_now){ 1000, INT64_C(1790000000000) };
	s->ids = hg_intern_new();
	s->routes = hg_routes_new();
	s->privacy = sim_chance(s, 25);
	s->anybody = sim_chance(s, 30);
	make_routes(s);
	add_people(s);
	choose_directed(s);
	sim_store_init(s);
	for (int t = HG_FEDERATED; t <= HG_PUBLIC_CLOUD; t++)
		s->explicit[t] = sim_chance(s, 40);
	s->limits = sim_limits;
	if (sim_chance(s, 25))
		s->limits.queue = 1 + sim_random(s, 3);
	if (sim_chance(s, 25))
		s->limits.faces = 1;
	s->most_queue = s->limits.queue;
	s->hide = sim_chance(s, 30);
	s->c3 = sim_chance(s, 80);
	s->normal = sim_chance(s, 15);
	s->silent = seed % 4 == 1;
	model_init(s);
	life_start(s);
	return s;
}

void sim_free(struct sim *s)
{
	life_end(s);
	admin_free(s);
	wire_free(s);
	sim_store_free(s);
	hg_routes_free(s->routes);
	hg_intern_free(s->ids);
	for (size_t i = 0; i < sizeof(s->trace) / sizeof(s->trace[0]); i++)
		free(s->trace[i].text);
	free(s);
}

/* ---- time ---- */

void sim_turn(struct sim *s)
{
	int left = 16;

	model_due(s);
	model_since_all(s);
	do {
		s->woken = false;
		wire_room(s);
		hg_core_turn(s->core);
	} while (s->woken && --left);
	if (!left)
		sim_bad(s, CONVERGENCE, "the core wakes itself without end");
	model_since_all(s);
	judge_bounds(s);
	judge_keep(s);
	judge_accounts(s);
}

/* Stops at every moment at which the core wants to be called. */
void sim_advance(struct sim *s, int64_t ms)
{
	int64_t until = s->now.mono + ms;

	for (;;) {
		int64_t next = hg_core_deadline(s->core);
		int64_t to = next < until ? next : until;

		if (to > s->now.mono) {
			s->now.utc += to - s->now.mono;
			s->now.mono = to;
		}
		if (next > until)
			break;
		sim_turn(s);
	}
}
