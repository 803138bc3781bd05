/* SPDX-License-Identifier: Apache-2.0 */
/* What people behind routes ask for and say beside their presence, and what their servers do in the name of ours. */

#include "tests/sim/steps.h"

#include <stdio.h>

static int remote(struct sim *s)
{
	return s->nhome + (int)sim_random(s, (uint32_t)(s->n - s->nhome));
}

/* Now and then over another's route: then it is a lie. */
static int way(struct sim *s, int p)
{
	return sim_chance(s, 90) ? s->route_of[p] : ROUTES - s->route_of[p];
}

static hg_part part(struct sim *s)
{
	static const hg_part parts[] = { HG_PART_WHOLE, HG_CAT_STATE, HG_CAT_NOTE };

	return parts[sim_random(s, sizeof(parts) / sizeof(parts[0]))];
}

/* Mostly about somebody at home, who need not be there. */
bool step_look(struct sim *s)
{
	int w = remote(s), p = (int)sim_random(s, (uint32_t)(sim_chance(s, 90) ? s->nhome : s->n));

	sim_note(s, "%s asks about %s", s->name[w], s->name[p]);
	stream_send(s, way(s, w), (struct stanza){ .kind = LOOK, .w = w, .p = p, .part = part(s) });
	return true;
}

/* All that is under way there arrives before this does, and nothing else happens in between. */
static void say_now(struct sim *s, int route, struct stanza x)
{
	stream_send(s, route, x);
	while (s->route[route].in.n && !s->failed && stream_pass_in(s, route, false))
		sim_turn(s);
}

/* He is being moved, let in or blocked while he asks, and the store has not answered. */
bool step_look_in_time(struct sim *s)
{
	int w = remote(s);
	struct request r;

	if (s->route[s->route_of[w]].cut || !s->route[s->route_of[w]].up ||
		!steps_begin(s, &r, HG_REQ_MEMBERS))
		return false;
	if (sim_chance(s, 60)) {
		steps_add_member(s, &r, (int)sim_random(s, LEVELS), w, sim_chance(s, 30));
	} else {
		r.kind = HG_REQ_ACE;
		r.other = w;
		r.remove = sim_chance(s, 60);
	}
	home_request(s, &r);
	if (sim_chance(s, 50))
		sim_turn(s);
	say_now(s, s->route_of[w],
		(struct stanza){ .kind = LOOK, .w = w, .p = r.person, .part = part(s) });
	return true;
}

/* Somebody who has to be told yet that he watches no more. */
static bool parted(struct sim *s, int *w, int *p)
{
	for (*w = s->nhome; *w < s->n; ++*w)
		for (*p = 0; *p < s->nhome; ++*p)
			if (s->pair[*w][*p].parted && s->person[*p].exists)
				return true;
	return false;
}

bool step_shown(struct sim *s)
{
	int w, p;

	if (sim_chance(s, 20) || !parted(s, &w, &p)) {
		w = (int)sim_random(s, (uint32_t)s->n);
		p = (int)sim_random(s, (uint32_t)s->nhome);
	}
	ask_shown(s, p, w, part(s));
	return true;
}

/* Somebody who is shown somebody at home who can say something else now. */
static bool shown(struct sim *s, int *w, struct request *r)
{
	int start = (int)sim_random(s, PERSONS * PERSONS);

	for (int i = 0; i < PERSONS * PERSONS; i++) {
		const struct dialog *d;

		*w = (start + i) % (PERSONS * PERSONS) / PERSONS;
		r->person = (start + i) % PERSONS;
		d = s->standing[*w][r->person];
		if (r->person >= s->nhome || !d || !d->told || !s->route[s->route_of[*w]].up)
			continue;
		for (r->endpoint = 0; r->endpoint < ENDPOINTS; r->endpoint++)
			if (home_usable(s, r->person, r->endpoint))
				return true;
	}
	return false;
}

/* The way takes nothing then for a while, and what he is shown changes. */
static void again_while_it_changes(struct sim *s, int w, struct request *r)
{
	s->route[s->route_of[w]].stalled = true;
	say_now(s, s->route_of[w], (struct stanza){ .kind = AGAIN, .w = w, .p = r->person });
	if (sim_chance(s, 50))
		steps_add_machine(s, r); /* else he may be away whatever he says */
	steps_add_user(s, r, false);
	home_request(s, r);
	sim_turn(s);
	sim_store_finish(s, s->ncommits, steps_disk(s));
}

/* What has just changed is a note, mostly one that he is not shown: its time is not for him either. */
static void again_after_note(struct sim *s, int w, struct request *r)
{
	sim_advance(s, sim_random(s, 1000));
	if (!home_usable(s, r->person, r->endpoint))
		return;
	steps_add_note_at(s, r, levels[1 + sim_random(s, 3)], 0);
	home_request(s, r);
	sim_turn(s);
	sim_store_finish(s, s->ncommits, steps_disk(s));
	say_now(s, s->route_of[w], (struct stanza){ .kind = AGAIN, .w = w, .p = r->person });
}

bool step_again(struct sim *s)
{
	struct request r = { .kind = HG_REQ_PUBLISH };
	uint32_t how = sim_random(s, 10);
	int w, p;

	if (how < 8 && shown(s, &w, &r)) {
		if (how < 5)
			again_while_it_changes(s, w, &r);
		else
			again_after_note(s, w, &r);
		return true;
	}
	w = remote(s);
	p = (int)sim_random(s, (uint32_t)s->n);
	if (s->route_of[w] == s->route_of[p] || (!s->standing[w][p] && sim_chance(s, 70)))
		return false;
	stream_send(s, way(s, w), (struct stanza){ .kind = AGAIN, .w = w, .p = p });
	return true;
}

void steps_end_doing(struct sim *s, int route)
{
	for (int p = s->nhome; p < s->n; p++) {
		struct doing *d = &s->server[p].doing[0];

		if (s->route_of[p] != route || !d->on)
			continue;
		d->on = false;
		d->n++;
		remote_do(s, p, 0);
	}
}

/* The first kind is the one that is shown. */
bool step_aspect(struct sim *s)
{
	int p = remote(s), which = sim_chance(s, 60) ? 0 : (int)sim_random(s, ASPECTS);
	struct doing *d = &s->server[p].doing[which];

	d->on = !d->on || sim_chance(s, 60);
	d->n++;
	sim_note(s, "%s does something else: kind %d, %s", s->name[p], which,
		d->on ? "from now on" : "not any more");
	remote_do(s, p, which);
	if (sim_chance(s, 10)) /* and one in the name of somebody who is not its own */
		stream_send(s, ROUTES - s->route_of[p],
			(struct stanza){ .kind = ASPECT,
				.w = (int)sim_random(s, (uint32_t)s->nhome),
				.p = p,
				.resource = which,
				.text = { hg_bytes_new(HG_STR("lie")) } });
	return true;
}

/* A server that people of ours publish through: it knows no versions and has no device here, so what would be bound to one is
 * bound to time. */
bool step_speak_for(struct sim *s)
{
	struct request r = { .kind = HG_REQ_PUBLISH,
		.person = (int)sim_random(s, (uint32_t)s->nhome),
		.route = ROUTES - 1,
		.any_version = true };

	if (s->route[r.route].cut || !s->route[r.route].up)
		return false;
	steps_add_anything(s, &r);
	for (int k = 0; k < r.nchanges; k++) {
		if (r.change[k].expiry != HG_ENDPOINT)
			continue;
		r.change[k].key.instance = 0x30ffffff; /* no endpoint's number */
		r.change[k].expiry = HG_TIME;
		r.change[k].expires = 1 + sim_random(s, 60);
	}
	home_request(s, &r);
	return true;
}

/* An adapter remembers something of an account, or nothing any more; it may be more than it may, or of an account that is not
 * his of whom it speaks. What the first route's adapter remembers are block lists, and nothing else (carry.c). */
bool step_memo(struct sim *s)
{
	int a = remote(s), owner = model_account_of(s, a);
	bool his = owner >= 0 && s->route_of[a] != CARRY_ROUTE && sim_chance(s, 90);
	struct request r = { .kind = HG_REQ_MEMO,
		.person = his ? owner : (int)sim_random(s, (uint32_t)s->nhome),
		.route = s->route_of[a],
		.other = a,
		.too_much = sim_chance(s, 5) };

	if (s->route[r.route].cut || !s->route[r.route].up || (!his && sim_chance(s, 80)) ||
		(!his && r.person == owner))
		return false;
	if (sim_chance(s, 75))
		snprintf(r.memo, sizeof(r.memo), "memo%u",
			sim_chance(s, 80) ? ++s->token : s->token);
	home_request(s, &r);
	return true;
}

/* A device of theirs there, which speaks for a while, goes on, or is gone; it may be the first that is heard of somebody. */
bool step_say(struct sim *s)
{
	static const uint32_t expires[] = { 20, 120, 600 };
	struct request r = { .kind = HG_REQ_SAY,
		.person = (int)sim_random(s, (uint32_t)s->nhome),
		.endpoint = (int)sim_random(s, RESOURCES),
		.route = ROUTES - 1,
		.expires = expires[sim_random(s, 3)] };

	if (s->route[r.route].cut || !s->route[r.route].up)
		return false;
	if (sim_chance(s, 15))
		r.expires = 0;
	else if (sim_chance(s, 80))
		r.says = 1 + (int)sim_random(s, 3);
	home_request(s, &r);
	return true;
}
