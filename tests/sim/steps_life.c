/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the process, at any moment, and its next start. */

#include "tests/sim/steps.h"

#include <errno.h>
#include <stdio.h>

/* Meanwhile the world goes on, and nobody can tell us. */
static void restart(struct sim *s)
{
	static bool (*const meanwhile[])(struct sim *) = { step_remote_presence, step_remote_block,
		step_remote_decide, step_remote_revoke, step_remote_subscribe,
		step_remote_unsubscribe, step_remote_sign };
	uint32_t n = sim_random(s, 6);

	while (n--)
		meanwhile[sim_random(s, sizeof(meanwhile) / sizeof(meanwhile[0]))](s);
	life_restart(s, 50 + sim_random(s, sim_chance(s, 85) ? 3000 : 90000));
	for (int r = 1; r < ROUTES; r++)
		if (!s->failed && sim_chance(s, 60))
			stream_up(s, r);
}

bool step_crash(struct sim *s)
{
	life_crash(s, false);
	restart(s);
	return true;
}

/* Something has just arrived, and the core has had no turn since. */
bool step_crash_in_turn(struct sim *s)
{
	static bool (*const last[])(struct sim *) = { step_machine, step_user, step_note, step_lie,
		step_level, step_block, step_contact, step_uncontact, step_add_group,
		step_delete_group, step_wish, step_race, step_flood, step_link_account,
		step_remove_user, step_policy, step_ace, step_delegate, step_memo };

	last[sim_random(s, sizeof(last) / sizeof(last[0]))](s);
	if (sim_chance(s, 50))
		sim_store_answer(s, 1 + sim_random(s, 3), steps_disk(s));
	if (sim_chance(s, 30))
		stream_pass_in(s, 1 + (int)sim_random(s, ROUTES - 1), true);
	life_crash(s, false);
	restart(s);
	return true;
}

/* A client says something and waits for its answer; false: it is not there. */
static bool says_note(struct sim *s, int p, int e, uint16_t container, uint32_t expires)
{
	struct request r = { .kind = HG_REQ_PUBLISH, .person = p, .endpoint = e };

	if (!home_usable(s, p, e))
		return false;
	steps_add_note_at(s, &r, container, expires);
	home_request(s, &r);
	for (int i = 0; i < 2; i++)
		sim_store_finish(s, s->ncommits, steps_disk(s));
	return true;
}

/* What somebody said for a while is hinted; then he says it for good, and the process dies before the hints know. */
bool step_crash_over_hint(struct sim *s)
{
	uint16_t container = levels[1 + sim_random(s, 3)];
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH) ||
		!says_note(s, r.person, r.endpoint, container, 600))
		return false;
	for (int i = 0; i < 2; i++) {
		sim_advance(s, 1100);
		sim_hints_finish(s, steps_disk(s));
	}
	says_note(s, r.person, r.endpoint, container, 0);
	life_crash(s, false);
	restart(s);
	return true;
}

/* What the store has, it does; that of the hints is as it happens to be, too slow to answer, or broken. */
static void finish_all(struct sim *s, uint32_t hints)
{
	for (int i = 0; i < 4; i++) {
		sim_store_finish(s, s->ncommits, steps_disk(s));
		if (hints == 1)
			sim_hints_finish(s, -EIO);
		else if (hints && sim_chance(s, 80))
			sim_hints_finish(s, steps_disk(s));
	}
}

/* Somebody gets the name of another, and before anything more is known of him than his name the process dies. Where hints are
 * not taken away in time nobody may be made: the next process would take the other one's for his. */
bool step_replace_user(struct sim *s)
{
	int p = (int)sim_random(s, (uint32_t)s->nhome);

	if (!s->person[p].exists)
		return false;
	if (!model_signed_in(&s->person[p]) && sim_chance(s, 70))
		return false; /* of others less is hinted */
	admin_user(s, p, true);
	admin_user(s, p, false);
	finish_all(s, sim_random(s, 6));
	step_shown(s); /* to those who watched the other one, and have to be told */
	life_crash(s, false);
	restart(s);
	return true;
}

bool step_power_cut(struct sim *s)
{
	life_crash(s, true);
	restart(s);
	return true;
}

bool step_stop(struct sim *s)
{
	life_stop(s);
	restart(s);
	return true;
}

bool step_stall_client(struct sim *s)
{
	int p = (int)sim_random(s, (uint32_t)s->nhome), e = (int)sim_random(s, ENDPOINTS);

	if (!s->client[p][e].lane)
		return false;
	s->client[p][e].stalled = !s->client[p][e].stalled;
	sim_note(s, "%s/%d %s", s->name[p], e,
		s->client[p][e].stalled ? "takes nothing" : "takes again");
	return true;
}

/* Something of an adapter's own, for its next start: another value, or none any more; it may be over soon. */
bool step_keep(struct sim *s)
{
	int a = (int)sim_random(s, KEEPERS), i = (int)sim_random(s, KEYS);
	int64_t until = s->now.utc + 1 + sim_random(s, sim_chance(s, 70) ? 600000 : 5000);
	char name[16], value[TEXT] = "";

	snprintf(name, sizeof(name), "key%d", i);
	if (sim_chance(s, 70))
		snprintf(value, sizeof(value), "kept%u", ++s->token);
	sim_note(s, "%s keeps %s: '%s'", model_keeper(a)->name, name, value);
	model_keep(s, &s->keep[a][i], value, until);
	s->host.keep(s->core, model_keeper(a), hg_str(name), hg_str(value), until);
	return true;
}
