/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the process: start, farewell, death, and what clients and servers make of it. */

#include "tests/sim/sim.h"

#include <string.h>

/* ---- the core's surroundings ---- */

static struct hg_now env_now(void *ctx)
{
	return ((struct sim *)ctx)->now;
}

static uint32_t env_random(void *ctx)
{
	return sim_random(ctx, UINT32_MAX);
}

static void env_wake(void *ctx)
{
	((struct sim *)ctx)->woken = true;
}

static void env_decode(void *ctx, struct hg_change *ch)
{
	struct hg_change read = { 0 };

	if (hg_loopback_read(hg_bytes_str(ch->payload), &read) < 0)
		return;
	ch->state = read.state;
	ch->note = read.note;
	hg_bytes_unref(read.payload);
}

/* Each stream carries the home domain and that of the other route: so there is transit. */
static void open_links(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++) {
		hg_addr domain[2];
		int directed = s->route[r].directed;
		struct hg_address a;

		hg_address_from_sip(HG_STR("home.example"), NULL, &a, NULL);
		domain[0] = hg_addr_of(s->ids, &a);
		hg_address_from_sip(
			r == 1 ? HG_STR("b.example") : HG_STR("a.example"), NULL, &a, NULL);
		domain[1] = hg_addr_of(s->ids, &a);
		hg_core_name_route(s->core, (hg_route)r, r == 1 ? "a" : "b");
		s->route[r].lane = hg_loopback_link(s->away,
			&(struct hg_lane_spec){ .route = (hg_route)r,
				.domain = domain,
				.ndomains = 2,
				.also = { { s->route[r].also, HG_LOOPBACK_MAPPED } },
				.in_order = !s->route[r].datagrams,
				.directed = directed < 0 ? 0 : s->addr[directed],
				.unasked = s->route[r].unasked,
				.fades = s->silent && !s->route[r].datagrams });
		s->route[r].cut = true;
	}
}

/* ---- start ---- */

static void load(struct sim *s, const struct hg_fact *f)
{
	if (hg_core_load(s->core, f) < 0)
		sim_bad(s, DURABILITY, "a fact of %.*s cannot be loaded", (int)f->owner.n,
			f->owner.p);
}

static void make_core(struct sim *s)
{
	struct hg_core_env env = { .ctx = s,
		.now = env_now,
		.random = env_random,
		.wake = env_wake,
		.decode = env_decode,
		.store = &s->store,
		.hints = &s->hints,
		.ids = s->ids,
		.routes = s->routes,
		.policy = sim_policy(s) };

	s->core = hg_core_new(&env);
	hg_core_host(&s->host);
	hg_loopback_adapter.create(&s->host, s->core, NULL, &s->home, NULL);
	hg_loopback_adapter.create(&s->host, s->core, NULL, &s->away, NULL);
	wire_drive(s);
	sim_reload(s, s->table);
}

void life_start(struct sim *s)
{
	make_core(s);
	sim_disk_read(s, &s->disk, load);
	open_links(s);
}

/* ---- the end ---- */

void life_end(struct sim *s)
{
	struct hg_core_stats stats = hg_core_stats(s->core);

	s->stats.renders += stats.renders;
	s->stats.shared += stats.shared;
	s->stats.handed += stats.handed;
	hg_loopback_drive(s->home, NULL, NULL);
	hg_loopback_drive(s->away, NULL, NULL);
	s->ending = true;
	hg_core_free(s->core);
	s->ending = false;
	hg_loopback_adapter.destroy(s->home);
	hg_loopback_adapter.destroy(s->away);
	s->core = NULL;
}

/* Most come back by themselves, sooner or later than the grace time. */
static void plan_return(struct sim *s, struct client *c)
{
	c->again_at = 0;
	c->again_open = false;
	c->again_watch = 0;
	if (!c->registered || sim_chance(s, 20))
		return;
	c->again_at = s->now.mono + 1 + sim_random(s, sim_chance(s, 80) ? 20000 : 90000);
	for (int p = 0; p < s->n; p++)
		if (c->watch[p])
			c->again_watch |= 1u << p;
}

static void end_connections(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		for (int e = 0; e < ENDPOINTS; e++) {
			struct client *c = &s->client[p][e];

			plan_return(s, c);
			c->registered = c->busy = c->stalled = false;
			c->lane = 0;
			c->id = 0;
		}
	}
	stream_down_all(s);
}

void life_sync(struct sim *s)
{
	if (!s->normal)
		return;
	sim_disk_copy(&s->synced, &s->disk);
	memcpy(s->synced_person, s->person, sizeof(s->person));
	memcpy(s->synced_pair, s->pair, sizeof(s->pair));
}

static void forget_hints(struct sim *s)
{
	sim_facts_free(&s->hints_disk);
	model_keep_lost(s);
}

/* `synchronous: normal` survives the death of the process, not that of the machine: that takes the last commits. */
static void cut_power(struct sim *s)
{
	sim_note(s, "the power is cut");
	forget_hints(s);
	if (!s->normal)
		return;
	sim_disk_copy(&s->disk, &s->synced);
	memcpy(s->person, s->synced_person, sizeof(s->person));
	memcpy(s->pair, s->synced_pair, sizeof(s->pair));
}

void life_crash(struct sim *s, bool power)
{
	sim_note(s, "==== the process dies");
	sim_store_crash(s);
	if (power)
		cut_power(s);
	life_end(s);
	end_connections(s);
	model_restart(s);
	carry_restart(s);
}

/* `systemctl stop`: what is under way is finished, and whoever is shown somebody is told that he is away. */
void life_stop(struct sim *s)
{
	sim_note(s, "==== the process is stopped");
	sim_turn(s); /* what has just arrived is begun, too */
	for (int left = 100; (s->ncommits || s->nhints) && left; left--) {
		while (s->nhints)
			sim_hints_finish(s, 0);
		sim_store_finish(s, s->ncommits, 0);
	}
	s->farewell = true;
	hg_core_farewell(s->core);
	sim_turn(s);
	sim_turn(s);
	if (!s->failed)
		judge_farewell(s);
	life_end(s);
	forget_hints(s); /* everybody was told that we go */
	s->farewell = false;
	end_connections(s);
	model_restart(s);
	carry_restart(s);
}

/* ---- the next start ---- */

static void restore(struct sim *s, const struct hg_fact *f)
{
	if (f->kind == HG_FACT_USER)
		return;
	hg_core_restore(s->core, f);
	if (f->kind != HG_FACT_KEPT)
		model_restore(s, f);
}

/* Hints count if the last process was alive less than the grace time ago (bridge/ctl/hints_file.h). */
void life_restart(struct sim *s, int64_t downtime)
{
	bool lost = sim_chance(s, 15);

	if (lost)
		sim_note(s, "store: the hints are gone");
	if (lost || downtime > sim_limits.grace)
		forget_hints(s);
	s->now.mono += downtime;
	s->now.utc += downtime;
	s->started_at = s->now.mono;
	sim_note(s, "==== the process starts, %zu facts", s->disk.n);
	make_core(s);
	sim_disk_read(s, &s->disk, load);
	sim_disk_read(s, &s->hints_disk, restore);
	model_keep_restart(s);
	judge_given(s);
	open_links(s);
	model_since_restart(s);
	judge_restart(s);
	sim_turn(s);
}

static void look_again(struct sim *s, int p, int e)
{
	struct client *c = &s->client[p][e];

	c->again_open = false;
	home_open_own(s, p, e);
	for (int about = 0; about < s->n; about++)
		if (c->again_watch & 1u << about)
			home_open_watch(s, p, e, about, NATIVE, sim_chance(s, 60));
}

void life_reconnect(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		for (int e = 0; e < ENDPOINTS; e++) {
			struct client *c = &s->client[p][e];

			if (c->again_at && c->again_at <= s->now.mono) {
				c->again_at = 0;
				c->again_open = !c->lane;
				if (!c->lane)
					home_register(s, p, e, 3600);
			} else if (c->again_open && home_usable(s, p, e)) {
				look_again(s, p, e);
			}
		}
	}
}
