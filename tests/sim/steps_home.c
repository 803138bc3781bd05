/* SPDX-License-Identifier: Apache-2.0 */
/* What clients do. Each returns false if it could not be done now. */

#include "tests/sim/steps.h"

#include <string.h>

static int home(struct sim *s)
{
	return (int)sim_random(s, (uint32_t)s->nhome);
}

/* A client that can send a request now. */
static bool pick(struct sim *s, int *p, int *e)
{
	int start = (int)sim_random(s, (uint32_t)(s->nhome * ENDPOINTS));

	for (int i = 0; i < s->nhome * ENDPOINTS; i++) {
		int at = (start + i) % (s->nhome * ENDPOINTS);

		*p = at / ENDPOINTS;
		*e = at % ENDPOINTS;
		if (home_usable(s, *p, *e))
			return true;
	}
	return false;
}

bool steps_begin(struct sim *s, struct request *r, enum hg_request_kind kind)
{
	memset(r, 0, sizeof(*r));
	r->kind = kind;
	return pick(s, &r->person, &r->endpoint);
}

bool step_register(struct sim *s)
{
	static const uint32_t expires[] = { 20, 120, 600, 3600 };
	int p = home(s), e = (int)sim_random(s, ENDPOINTS);

	if (s->client[p][e].busy)
		return false;
	home_register(s, p, e, expires[sim_random(s, 4)]);
	return true;
}

bool step_unregister(struct sim *s)
{
	int p, e;

	if (!pick(s, &p, &e))
		return false;
	home_register(s, p, e, 0);
	return true;
}

bool step_lose_connection(struct sim *s)
{
	int p = home(s), e = (int)sim_random(s, ENDPOINTS);

	if (!s->client[p][e].lane)
		return false;
	sim_note(s, "%s/%d loses its connection", s->name[p], e);
	s->client[p][e].registered = false;
	wire_close_lane(s, p, e, s->client[p][e].lane);
	return true;
}

/* The same device comes back over another connection before the old one is known to be dead. */
bool step_move(struct sim *s)
{
	hg_lane old;
	int p, e;

	if (!pick(s, &p, &e))
		return false;
	old = s->client[p][e].lane;
	s->client[p][e].lane = 0;
	home_register(s, p, e, 600);
	sim_turn(s);
	wire_close_lane(s, p, e, old);
	return true;
}

bool step_open_own(struct sim *s)
{
	int p, e;

	if (!pick(s, &p, &e))
		return false;
	home_open_own(s, p, e);
	return true;
}

bool step_open_watch(struct sim *s)
{
	int p, e, about = (int)sim_random(s, (uint32_t)s->n);

	if (!pick(s, &p, &e))
		return false;
	home_open_watch(s, p, e, about, sim_chance(s, 75) ? NATIVE : RECORD, sim_chance(s, 60));
	return true;
}

bool step_shut_watch(struct sim *s)
{
	int about = (int)sim_random(s, (uint32_t)s->n), p, e;
	struct dialog *d;

	if (!pick(s, &p, &e))
		return false;
	d = s->client[p][e].watch[about] ? s->client[p][e].watch[about]
					 : s->client[p][e].record[about];
	if (!d)
		return false;
	sim_note(s, "%s/%d ends its dialog about %s", s->name[p], e, s->name[about]);
	wire_close_dialog(s, d);
	s->host.outlet_shut(s->core, d->outlet);
	return true;
}

/* ---- containers, contacts, wishes ---- */

void steps_add_member(struct sim *s, struct request *r, int level, int user, bool remove)
{
	int k = r->nmembers++;

	r->member[k].level = level;
	r->member[k].user = user;
	r->member[k].remove = remove;
	r->member[k].version = s->client[r->person][r->endpoint].level_version[level];
}

int steps_other_than(struct sim *s, int p)
{
	return (p + 1 + (int)sim_random(s, (uint32_t)s->n - 1)) % s->n;
}

bool step_level(struct sim *s)
{
	struct request r;
	int level = (int)sim_random(s, LEVELS), user;

	if (!steps_begin(s, &r, HG_REQ_MEMBERS))
		return false;
	user = steps_other_than(s, r.person);
	steps_add_member(s, &r, level, user, sim_chance(s, 30));
	if (sim_chance(s, 50)) /* from one to another */
		steps_add_member(s, &r, (level + 1) % LEVELS, user, true);
	home_request(s, &r);
	return true;
}

bool step_block(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_MEMBERS))
		return false;
	steps_add_member(s, &r, LEVELS - 1, steps_other_than(s, r.person), sim_chance(s, 40));
	home_request(s, &r);
	return true;
}

bool step_class(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_MEMBERS))
		return false;
	steps_add_member(s, &r, (int)sim_random(s, LEVELS), -1, sim_chance(s, 50));
	r.member[0].trust = HG_SAME_ENTERPRISE + sim_random(s, 3);
	home_request(s, &r);
	return true;
}

bool step_wish(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_WATCH))
		return false;
	r.other = steps_other_than(s, r.person);
	home_request(s, &r);
	return true;
}

bool step_acknowledge(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_ACK))
		return false;
	r.other = steps_other_than(s, r.person);
	home_request(s, &r);
	return true;
}

/* One device publishes while another, or the same, moves somebody: what it says must not reach him in between. */
bool step_race(struct sim *s)
{
	struct request r = { .kind = HG_REQ_PUBLISH, .person = home(s) }, edit;
	int other = home_usable(s, r.person, 1);

	if (!home_usable(s, r.person, 0))
		return false;
	steps_add_user(s, &r, false);
	edit = (struct request){ .kind = HG_REQ_MEMBERS, .person = r.person, .endpoint = other };
	steps_add_member(s, &edit, (int)sim_random(s, LEVELS), steps_other_than(s, r.person),
		sim_chance(s, 30));
	edit.member[0].version += sim_chance(s, 30);
	if (sim_chance(s, 30))
		edit = (struct request){ .kind = HG_REQ_ACE,
			.person = r.person,
			.endpoint = other,
			.other = steps_other_than(s, r.person),
			.remove = sim_chance(s, 60) };
	home_request(s, &r);
	home_request(s, &edit);
	return true;
}

/* A client that does not wait for its answers: more than the queue may hold. */
bool step_flood(struct sim *s)
{
	struct request r;
	int p, e;

	if (!pick(s, &p, &e))
		return false;
	for (uint32_t n = 2 + sim_random(s, 4); n; n--) {
		r = (struct request){ .kind = HG_REQ_PUBLISH, .person = p, .endpoint = e };
		if (sim_chance(s, 50))
			steps_add_user(s, &r, false);
		else
			steps_add_note(s, &r, false);
		home_request(s, &r);
	}
	return true;
}
