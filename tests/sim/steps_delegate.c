/* SPDX-License-Identifier: Apache-2.0 */
/* What a boss's clients and those of delegates do. */

#include "tests/sim/steps.h"

static int other_home(struct sim *s, int p)
{
	return (p + 1 + (int)sim_random(s, (uint32_t)s->nhome - 1)) % s->nhome;
}

/* By the owner, with the number that his client was told, or a lie; or by somebody who may or may not, in his name. */
bool step_delegate(struct sim *s)
{
	struct request r;

	if (s->nhome < 2 || !steps_begin(s, &r, HG_REQ_DELEGATE))
		return false;
	r.version = s->client[r.person][r.endpoint].delegates_version + sim_chance(s, 5);
	if (sim_chance(s, 20)) {
		r.behalf = r.person + 1;
		r.person = other_home(s, r.person);
		r.version = s->person[r.person].delegates_version;
	}
	r.other = sim_chance(s, 90) ? other_home(s, r.person) : (int)sim_random(s, (uint32_t)s->n);
	r.remove = sim_chance(s, s->person[r.person].delegates & 1u << r.other ? 40 : 3);
	r.publishes = !r.remove && sim_chance(s, 85);
	r.redelegates = !r.remove && sim_chance(s, 40);
	home_request(s, &r);
	if (r.other < s->nhome && sim_chance(s, 3)) /* while he is being made one */
		admin_user(s, r.other, true);
	return true;
}

/* Of those whose delegate he is one, or now and then anybody. */
static int boss_of(struct sim *s, int who)
{
	int start = (int)sim_random(s, (uint32_t)s->nhome);

	for (int i = 0; i < s->nhome && sim_chance(s, 95); i++)
		if (s->person[(start + i) % s->nhome].publishes & 1u << who)
			return (start + i) % s->nhome;
	return other_home(s, who);
}

/* She takes him away, as far as one of her clients can ask for it now. */
static void take_away(struct sim *s, int boss, int who)
{
	struct request r = {
		.kind = HG_REQ_DELEGATE, .person = boss, .other = who, .remove = true
	};

	for (r.endpoint = 0; r.endpoint < ENDPOINTS; r.endpoint++)
		if (home_usable(s, boss, r.endpoint))
			break;
	if (r.endpoint == ENDPOINTS)
		return;
	r.version = s->person[boss].delegates_version;
	home_request(s, &r);
}

/* Now and then while she takes him away, before or after, and now and then the last that his device does. */
bool step_behalf(struct sim *s)
{
	struct request r;
	int who;

	if (s->nhome < 2 || !steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	who = r.person;
	r.behalf = who + 1;
	r.person = boss_of(s, who);
	if (!(s->person[r.person].publishes & 1u << who) && sim_chance(s, 80))
		return false;
	steps_add_anything(s, &r);
	if (sim_chance(s, 30))
		take_away(s, r.person, who);
	home_request(s, &r);
	if (sim_chance(s, 15))
		take_away(s, r.person, who);
	else if (sim_chance(s, 30))
		home_register(s, who, r.endpoint, 0);
	return true;
}
