/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule: steps by weight, the network's own life between them, and what of it all was covered. */

#include "tests/sim/steps.h"

#include <errno.h>
#include <stdio.h>

/* ---- steps that are nobody's ---- */

static bool step_reload(struct sim *s)
{
	int table = (int)sim_random(s, 4), p = (int)sim_random(s, (uint32_t)s->n);

	if (sim_chance(s, 60)) /* one that says something else */
		table = (s->table + 2) % 4;

	if (model_links_tie(s))
		return false;
	if (sim_chance(s, 50))
		s->own_table[p] = !s->own_table[p];
	else if (table == s->table)
		return false;
	sim_note(s, "table %d replaces table %d; %s has %s", table, s->table, s->name[p],
		s->own_table[p] ? "one of his own" : "the same");
	sim_reload(s, table);
	return true;
}

static bool step_store(struct sim *s)
{
	s->failing = !s->failing && sim_chance(s, 40);
	s->full = s->failing && sim_chance(s, 40);
	sim_note(s, "from now on the %s",
		s->full              ? "disk is full"
			: s->failing ? "store fails now and then"
				     : "store works");
	return true;
}

static bool step_wait(struct sim *s)
{
	sim_advance(s, 10 + sim_random(s, 3000));
	return true;
}

static bool step_wait_settle(struct sim *s)
{
	sim_advance(
		s, sim_limits.settle + (s->silent ? sim_limits.reprobe : 0) + sim_random(s, 1000));
	return true;
}

static bool step_wait_grace(struct sim *s)
{
	sim_advance(s, sim_limits.grace + sim_random(s, 1000));
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct sim *);
	uint32_t weight;
} steps[] = {
	{ "register", step_register, 6 },
	{ "unregister", step_unregister, 2 },
	{ "lose-connection", step_lose_connection, 2 },
	{ "move", step_move, 1 },
	{ "open-own", step_open_own, 5 },
	{ "open-watch", step_open_watch, 12 },
	{ "shut-watch", step_shut_watch, 3 },
	{ "machine", step_machine, 8 },
	{ "user", step_user, 6 },
	{ "note", step_note, 5 },
	{ "unpublish", step_unpublish, 2 },
	{ "lie", step_lie, 2 },
	{ "level", step_level, 5 },
	{ "block", step_block, 3 },
	{ "class", step_class, 1 },
	{ "acknowledge", step_acknowledge, 3 },
	{ "lcs-publish", step_lcs_publish, 3 },
	{ "ace", step_ace, 4 },
	{ "race", step_race, 12 },
	{ "contact", step_contact, 7 },
	{ "uncontact", step_uncontact, 2 },
	{ "add-group", step_add_group, 5 },
	{ "rename-group", step_rename_group, 2 },
	{ "delete-group", step_delete_group, 3 },
	{ "wish", step_wish, 3 },
	{ "delegate", step_delegate, 6 },
	{ "behalf", step_behalf, 8 },
	{ "stall-client", step_stall_client, 2 },
	{ "remote-presence", step_remote_presence, 14 },
	{ "direct", step_direct, 8 },
	{ "remote-block", step_remote_block, 3 },
	{ "remote-decide", step_remote_decide, 3 },
	{ "remote-revoke", step_remote_revoke, 2 },
	{ "remote-subscribe", step_remote_subscribe, 7 },
	{ "remote-unsubscribe", step_remote_unsubscribe, 2 },
	{ "remote-probe", step_remote_probe, 2 },
	{ "remote-sign", step_remote_sign, 4 },
	{ "look", step_look, 8 },
	{ "look-in-time", step_look_in_time, 4 },
	{ "shown", step_shown, 4 },
	{ "again", step_again, 6 },
	{ "aspect", step_aspect, 8 },
	{ "speak-for", step_speak_for, 6 },
	{ "say", step_say, 6 },
	{ "cut", step_cut, 3 },
	{ "notice", step_notice, 3 },
	{ "link", step_link, 4 },
	{ "stall-route", step_stall_route, 2 },
	{ "reload", step_reload, 4 },
	{ "store", step_store, 2 },
	{ "keep", step_keep, 6 },
	{ "flood", step_flood, 3 },
	{ "memo", step_memo, 5 },
	{ "link-account", step_link_account, 5 },
	{ "unlink-account", step_unlink_account, 3 },
	{ "remove-user", step_remove_user, 1 },
	{ "make-user", step_make_user, 3 },
	{ "policy", step_policy, 4 },
	{ "crash", step_crash, 1 },
	{ "crash-in-turn", step_crash_in_turn, 1 },
	{ "crash-over-hint", step_crash_over_hint, 1 },
	{ "power-cut", step_power_cut, 1 },
	{ "replace-user", step_replace_user, 3 },
	{ "stop", step_stop, 1 },
	{ "wait", step_wait, 8 },
	{ "wait-settle", step_wait_settle, 2 },
	{ "wait-grace", step_wait_grace, 1 },
};

enum { KINDS = sizeof(steps) / sizeof(steps[0]) };

/* ---- coverage ---- */

enum {
	NONE,
	DOWN,
	UNNOTICED,
	SETTLING,
	COMMITTING,
	STORE_FAILS,
	DISK_FULL,
	RESTARTED,
	STALLED,
	IN_FLIGHT,
	LOST,
	BLOCKED,
	NO_DIALOG,
	FAULTS
};

static const char *const faults[FAULTS] = {
	[NONE] = "none",
	[DOWN] = "link down",
	[UNNOTICED] = "unnoticed",
	[SETTLING] = "settling",
	[COMMITTING] = "committing",
	[STORE_FAILS] = "store fails",
	[DISK_FULL] = "disk full",
	[RESTARTED] = "restarted",
	[STALLED] = "stalled",
	[IN_FLIGHT] = "in flight",
	[LOST] = "connection lost",
	[BLOCKED] = "blocked there",
	[NO_DIALOG] = "no dialog",
};

static uint64_t taken[KINDS][FAULTS];

/* Step and fault that exclude each other. */
static const struct {
	const char *step;
	int fault;
	const char *why;
} impossible[] = {
	{ "notice", NONE, "what is noticed is a link that is cut" },
	{ "link", NONE, "a link that comes up was down" },
};

static bool can_be(size_t step, int fault)
{
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
		if (impossible[i].fault == fault &&
			hg_str_is(hg_str(steps[step].name), impossible[i].step))
			return false;
	return true;
}

static unsigned faults_now(const struct sim *s)
{
	unsigned f = 0;

	for (int r = 1; r < ROUTES; r++) {
		f |= !s->route[r].up ? 1u << DOWN : 0;
		f |= s->route[r].up && s->route[r].cut ? 1u << UNNOTICED : 0;
		f |= s->route[r].up && s->now.mono < s->route[r].up_at + sim_limits.settle
			? 1u << SETTLING
			: 0;
		f |= s->route[r].stalled ? 1u << STALLED : 0;
	}
	f |= s->ncommits ? 1u << COMMITTING : 0;
	f |= s->failing && !s->full ? 1u << STORE_FAILS : 0;
	f |= s->full ? 1u << DISK_FULL : 0;
	f |= s->started_at && s->now.mono < s->started_at + sim_limits.grace ? 1u << RESTARTED : 0;
	f |= s->nflight ? 1u << IN_FLIGHT : 0;
	for (int p = 0; p < s->nhome; p++) {
		for (int e = 0; e < ENDPOINTS; e++) {
			f |= s->client[p][e].stalled ? 1u << STALLED : 0;
			f |= s->person[p].endpoint[e].id && !s->person[p].endpoint[e].lane
				? 1u << LOST
				: 0;
		}
	}
	for (int p = s->nhome; p < s->n; p++)
		for (int w = 0; w < s->n; w++)
			f |= s->server[p].blocks[w] ? 1u << BLOCKED : 0;
	f = f ? f : 1u << NONE;
	for (size_t i = 0; i < s->ndialogs; i++)
		f |= s->dialog[i]->open && s->dialog[i]->absent ? 1u << NO_DIALOG : 0;
	return f;
}

int steps_coverage(void)
{
	int empty = 0;

	printf("%-18s", "step \\ fault");
	for (int f = 0; f < FAULTS; f++)
		printf(" %15s", faults[f]);
	for (size_t k = 0; k < KINDS; k++) {
		printf("\n%-18s", steps[k].name);
		for (int f = 0; f < FAULTS; f++) {
			bool hole = can_be(k, f) && !taken[k][f];

			empty += hole;
			if (can_be(k, f))
				printf(" %14llu%s", (unsigned long long)taken[k][f],
					hole ? "!" : " ");
			else
				printf(" %15s", "-");
		}
	}
	printf("\n%d of %d combinations never came (!), %zu cannot be (-):\n", empty,
		KINDS * FAULTS, sizeof(impossible) / sizeof(impossible[0]));
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
		printf("  %s, %s: %s\n", impossible[i].step, faults[impossible[i].fault],
			impossible[i].why);
	return empty;
}

/* ---- the schedule ---- */

static bool take_step(struct sim *s)
{
	uint32_t total = 0, at;
	unsigned before = faults_now(s);
	size_t k = 0;

	for (size_t i = 0; i < KINDS; i++)
		total += steps[i].weight;
	for (at = sim_random(s, total); at >= steps[k].weight; k++)
		at -= steps[k].weight;
	if (!steps[k].run(s))
		return false;
	for (int f = 0; f < FAULTS; f++)
		taken[k][f] += before >> f & 1;
	return true;
}

static void datagram(struct sim *s)
{
	size_t i;

	if (!s->nflight)
		return;
	i = sim_chance(s, 70) ? 0 : sim_random(s, (uint32_t)s->nflight);
	if (s->flight[i].dropped)
		wire_report_lost(s, i);
	else if (sim_chance(s, 12))
		wire_drop(s, i);
	else
		wire_deliver(s, i, sim_chance(s, 15));
}

/* Nothing stays stalled for long. */
static void unstall(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++)
		for (int e = 0; e < ENDPOINTS; e++)
			s->client[p][e].stalled = s->client[p][e].stalled && !sim_chance(s, 15);
	for (int r = 1; r < ROUTES; r++)
		s->route[r].stalled = s->route[r].stalled && !sim_chance(s, 15);
}

int steps_disk(struct sim *s)
{
	if (s->full)
		return -ENOSPC;
	return s->failing && sim_chance(s, 70) ? -EIO : 0;
}

/* What the wires and the store do by themselves. */
static void pass_time(struct sim *s)
{
	uint32_t n = sim_random(s, 19);

	unstall(s);
	life_reconnect(s);
	sim_advance(s, 1 + sim_random(s, 20));
	while (n-- && !s->failed) {
		switch (sim_random(s, 6)) {
		case 0:
			datagram(s);
			break;
		case 1:
			stream_pass_in(s, 1 + (int)sim_random(s, 2), true);
			break;
		case 2:
			stream_pass_out(s, 1 + (int)sim_random(s, 2));
			break;
		case 3:
			sim_store_finish(s, 1 + sim_random(s, 3), steps_disk(s));
			if (sim_chance(s, 10))
				life_sync(s);
			break;
		case 4:
			sim_hints_finish(s, steps_disk(s));
			break;
		case 5:
			carry_go_on(s, s->nhome + (int)sim_random(s, (uint32_t)(s->n - s->nhome)));
			break;
		}
		sim_turn(s);
	}
}

/* Everybody is there and knows somebody, so that a schedule of 300 steps has something to lose. */
static void begin(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++)
		if (!s->anybody ||
			sim_chance(s, 50)) /* else who is not there yet is watched, too */
			home_register(s, p, 0, 3600);
	sim_turn(s);
	while (s->nhints)
		sim_hints_finish(s, 0);
	sim_store_finish(s, s->ncommits, 0);
	sim_turn(s);
	for (int p = 0; p < s->nhome; p++) {
		if (!s->person[p].exists)
			continue;
		home_open_own(s, p, 0);
		for (int about = 0; about < s->n; about++)
			if (about != p && sim_chance(s, 50))
				home_open_watch(s, p, 0, about, NATIVE, sim_chance(s, 60));
	}
	for (int w = s->nhome; w < s->n; w++)
		s->server[w].online = sim_chance(s, 80);
	for (int r = 1; r < ROUTES; r++)
		if (sim_chance(s, 80))
			stream_up(s, r);
	sim_turn(s);
	life_sync(s);
}

void steps_run(struct sim *s, uint32_t n)
{
	begin(s);
	for (s->step = 1; s->step <= n && !s->failed; s->step++) {
		for (int tries = 0; tries < 20 && !take_step(s); tries++)
			;
		sim_turn(s);
		if (!s->failed)
			pass_time(s);
		if (s->step % 4)
			continue;
		sim_turn(s);
		if (!s->failed && !s->hopeful)
			judge_prompt(s);
	}
	if (!s->failed)
		steps_quiet(s);
}
