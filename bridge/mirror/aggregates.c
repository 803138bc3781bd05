/* SPDX-License-Identifier: Apache-2.0 */
/* What the server publishes in a person's name, from what the person's devices say (EP 2.3 to 2.7, 1.9). */

#include "bridge/mirror/core.h"

#include "bridge/presence/aggregate.h"
#include "bridge/presence/digest.h"

#include <stdlib.h>
#include <string.h>

void hg_aggregates_init(struct hg_core *c, struct hg_person *p)
{
	memset(p->agg, 0, sizeof(p->agg));
	memset(&p->machine, 0, sizeof(p->machine));
	memset(&p->services, 0, sizeof(p->services));
	for (int i = 0; i < HG_PASSES; i++) {
		p->agg[i].state.kind = HG_STATE_AGGREGATE;
		p->agg[i].state.availability = hg_band_canonical(HG_BAND_OFFLINE);
		p->agg[i].version = p->agg[i].moves = 1;
		p->agg[i].published = p->agg[i].moved = core_now(c).utc;
	}
}

void hg_aggregates_done(struct hg_person *p)
{
	for (int i = 0; i < HG_PASSES; i++)
		hg_state_done(&p->agg[i].state);
	hg_state_done(&p->machine.state);
}

/* ---- one pass ---- */

/* The states of one container, as they take part. */
struct pass {
	struct hg_aggregate_in *in;
	const struct hg_pub **pub; /* what in[i] is of */
	struct hg_state *changed;  /* in place of those that are transformed; borrow */
	size_t n;
	struct hg_aggregate result;
};

/* The same choice of Do Not Disturb in container 2: then its publisher did not transform it for
 * container 3. */
static bool untransformed(const struct hg_person *p, const struct hg_pub *b)
{
	const struct hg_pub *twin = hg_pubs_find(
		&p->pubs, (struct hg_pubkey){ HG_CAT_STATE, HG_C_AGGREGATION, b->key.instance });

	return twin && hg_pub_live(twin) && twin->state.availability == b->state.availability;
}

static void pass_run(
	struct hg_core *c, const struct hg_person *p, uint16_t container, struct pass *w)
{
	bool urgent = container == HG_C_AGGREGATION_URGENT && c->env.policy.c3_transform;
	size_t first, end;

	hg_pubs_range(&p->pubs, HG_CAT_STATE, &first, &end);
	*w = (struct pass){ .in = hg_alloc((end - first + 1) * sizeof(*w->in)),
		.pub = hg_alloc((end - first + 1) * sizeof(*w->pub)),
		.changed = hg_alloc((end - first + 1) * sizeof(*w->changed)) };
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (b->key.container != container || !hg_pub_live(b))
			continue;
		w->pub[w->n] = b;
		w->in[w->n] = (struct hg_aggregate_in){ &b->state, b->published };
		if (urgent && untransformed(p, b)) {
			w->changed[w->n] = b->state;
			if (hg_aggregate_urgent(&w->changed[w->n]))
				w->in[w->n].state = &w->changed[w->n];
		}
		w->n++;
	}
	w->result = hg_aggregate(w->in, w->n, core_now(c).utc);
}

static void pass_done(struct pass *w)
{
	free(w->in);
	free(w->pub);
	free(w->changed);
}

/* Takes the state. true: it is another one. */
static bool put(struct hg_core *c, struct hg_person *p, struct hg_agg *to, struct hg_state *take)
{
	if (hg_state_eq(take, &to->state)) {
		hg_state_done(take);
		return false;
	}
	to->version++;
	to->published = hg_person_stamp(c, p);
	if (take->availability != to->state.availability) {
		to->moves++;
		to->moved = to->published;
	}
	hg_state_done(&to->state);
	to->state = *take;
	return true;
}

/* ---- aggregateState ---- */

static bool is_active(uint32_t availability)
{
	enum hg_band b = hg_band_of(availability);

	return b == HG_BAND_AVAILABLE || b == HG_BAND_BUSY || b == HG_BAND_DND;
}

static void make_state(
	const struct hg_person *p, const struct pass *w, bool meetings, struct hg_state *ret)
{
	const struct hg_aggregate *a = &w->result;

	*ret = (struct hg_state){ .kind = HG_STATE_AGGREGATE,
		.availability = a->availability,
		.last_active = p->last_active,
		.details = hg_aggregate_details(a, w->in, meetings) };
	if (a->activity >= 0) {
		const struct hg_state *s = w->in[a->activity].state;

		memcpy(ret->token, s->token, sizeof(ret->token));
		ret->custom = hg_texts_ref(s->custom);
		ret->min = s->min;
		ret->max = s->max;
	}
}

static void tell(struct hg_core *c, const struct hg_person *p)
{
	const struct hg_state *s = &p->agg[0].state;

	if (p->exists)
		hg_core_event(c,
			&(struct hg_event){ .kind = HG_EVENT_STATE,
				.person = p->addr,
				.detail = hg_str(s->token),
				.availability = s->availability });
}

/* ---- aggregateMachineState (EP 2.4) ---- */

static struct hg_bytes *endpoint_id(struct hg_core *c, const struct hg_person *p, hg_endpoint id)
{
	const struct hg_endpoint_obj *e = hg_endpoint_find(c, id);
	size_t first, end;

	hg_pubs_range(&p->pubs, HG_CAT_DEVICE, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (id && hg_pub_live(b) && b->origin == id && b->device && b->device->id)
			return b->device->id;
	}
	return e && e->person == p ? e->instance : NULL; /* not a delegate's */
}

static void make_machine(
	struct hg_core *c, const struct hg_person *p, const struct pass *w, struct hg_state *ret)
{
	int best = w->result.machine;
	struct hg_details d = { 0 };

	*ret = (struct hg_state){ .kind = HG_STATE_AGGREGATE_MACHINE };
	if (best < 0)
		return;
	if (w->in[best].state->details)
		d = *w->in[best].state->details;
	d.endpoint = endpoint_id(c, p, w->pub[best]->origin);
	ret->availability = hg_machine_number(hg_machine_of(w->in[best].state->availability));
	ret->details = hg_details_new(&d);
}

/* ---- services (EP 1.9) ---- */

/* How active the device is that this endpoint is; offline if it does not say. */
static uint32_t machine_of(const struct pass *w, hg_endpoint id)
{
	uint32_t best = hg_band_canonical(HG_BAND_OFFLINE);

	for (size_t i = 0; i < w->n; i++) {
		const struct hg_state *s = w->in[i].state;

		if (s->kind == HG_STATE_MACHINE && w->pub[i]->origin == id && s->availability &&
			s->availability < best)
			best = s->availability;
	}
	return best;
}

static void make_services(const struct hg_person *p, const struct pass *w, struct hg_services *ret)
{
	size_t first, end;

	memset(ret, 0, sizeof(*ret));
	hg_pubs_range(&p->pubs, HG_CAT_DEVICE, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];
		const struct hg_device *d = b->device;
		uint32_t availability;

		if (!hg_pub_live(b) || b->key.container != HG_C_AGGREGATION || !d)
			continue;
		availability = machine_of(w, b->origin);
		for (int k = 0; k < HG_CAPABILITIES; k++) {
			if (!(d->named & 1u << k))
				continue;
			if (!(ret->named & 1u << k) || availability < ret->availability[k])
				ret->availability[k] = availability;
		}
		ret->named |= d->named;
		if (hg_machine_of(availability) >= HG_MACHINE_OFF)
			continue; /* what it could do if it were there */
		ret->capture |= d->capture;
		ret->render |= d->render;
		ret->publish |= d->publish;
	}
}

static bool put_services(struct hg_core *c, struct hg_person *p, const struct hg_services *s)
{
	struct hg_agg_services *to = &p->services;

	if (hg_digest_services(0, s) == hg_digest_services(0, &to->services))
		return false;
	to->services = *s;
	to->version++;
	to->published = hg_person_stamp(c, p);
	return true;
}

/* ---- all of it ---- */

void hg_aggregates_update(struct hg_core *c, struct hg_person *p)
{
	static const uint16_t from[HG_PASSES] = { HG_C_AGGREGATION, HG_C_AGGREGATION_URGENT };
	bool was_active = is_active(p->agg[0].state.availability), moved[HG_PASSES], other = false;
	struct hg_services services;
	struct hg_state state;
	struct pass w;

	for (int i = 0; i < HG_PASSES; i++) {
		pass_run(c, p, from[i], &w);
		if (i == 0) {
			if (is_active(w.result.availability))
				p->last_active = 0;
			else if (was_active)
				p->last_active = core_now(c).utc;
			make_machine(c, p, &w, &state);
			other |= put(c, p, &p->machine, &state);
			make_services(p, &w, &services);
			if (put_services(c, p, &services))
				p->changed[HG_CAT_SERVICES] = hg_core_change(c);
		}
		make_state(p, &w, from[i] == HG_C_AGGREGATION_URGENT, &state);
		moved[i] = put(c, p, &p->agg[i], &state);
		other |= p->agg[i].manual != w.result.manual;
		p->agg[i].manual = w.result.manual;
		pass_done(&w);
	}
	if (moved[0])
		tell(c, p);
	if (moved[0] || moved[1])
		p->changed[HG_CAT_LEGACY_INTEROP] = hg_core_change(c);
	if (moved[0] || moved[1] || other)
		p->changed[HG_CAT_STATE] = hg_core_change(c);
}
