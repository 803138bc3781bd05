/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/presence/aggregate.h"

#include <stdio.h>

enum hg_machine hg_machine_of(uint32_t availability)
{
	switch (hg_band_of(availability)) {
	case HG_BAND_UNKNOWN:
		return HG_MACHINE_NONE;
	case HG_BAND_AVAILABLE_IDLE:
		return HG_MACHINE_INACTIVE;
	case HG_BAND_AWAY:
		return HG_MACHINE_AWAY;
	case HG_BAND_OFFLINE:
		return HG_MACHINE_OFF;
	default:
		return HG_MACHINE_ACTIVE;
	}
}

uint32_t hg_machine_number(enum hg_machine m)
{
	static const enum hg_band band[] = { [HG_MACHINE_ACTIVE] = HG_BAND_AVAILABLE,
		[HG_MACHINE_INACTIVE] = HG_BAND_AVAILABLE_IDLE,
		[HG_MACHINE_AWAY] = HG_BAND_AWAY,
		[HG_MACHINE_OFF] = HG_BAND_OFFLINE,
		[HG_MACHINE_NONE] = HG_BAND_UNKNOWN };

	return hg_band_canonical(band[m]);
}

bool hg_aggregate_urgent(struct hg_state *s)
{
	if (s->kind != HG_STATE_USER || !s->manual || hg_band_of(s->availability) != HG_BAND_DND)
		return false;
	s->availability = 6900;
	s->min = 6900;
	s->max = 8999;
	snprintf(s->token, sizeof(s->token), "urgent-interruptions-only");
	return true;
}

/* What takes part: the most active machine, the newest choice of the user, calls, and meetings that
 * have begun. */
struct parts {
	enum hg_machine machine;
	int machine_at, computer_at, user_at;
	bool call;
};

/* The better of two machines: the more active one, then the newer. -1: none yet. */
static int better_machine(const struct hg_aggregate_in *in, int best, int i)
{
	enum hg_machine a = hg_machine_of(in[i].state->availability), b;

	if (a == HG_MACHINE_NONE)
		return best;
	if (best < 0)
		return i;
	b = hg_machine_of(in[best].state->availability);
	return a < b || (a == b && in[i].published >= in[best].published) ? i : best;
}

static bool is_computer(const struct hg_state *s)
{
	return !s->details || !s->details->device[0] ||
		hg_str_ieq(hg_str(s->details->device), HG_STR("computer"));
}

static struct parts survey(const struct hg_aggregate_in *in, size_t n)
{
	struct parts p = { HG_MACHINE_NONE, -1, -1, -1, false };

	for (size_t i = 0; i < n; i++) {
		const struct hg_state *s = in[i].state;

		if (s->kind == HG_STATE_MACHINE) {
			p.machine_at = better_machine(in, p.machine_at, (int)i);
			if (is_computer(s))
				p.computer_at = better_machine(in, p.computer_at, (int)i);
		} else if (s->kind == HG_STATE_USER &&
			hg_band_of(s->availability) != HG_BAND_UNKNOWN) {
			if (p.user_at < 0 || in[i].published >= in[p.user_at].published)
				p.user_at = (int)i;
		} else if (s->kind == HG_STATE_PHONE &&
			hg_band_of(s->availability) >= HG_BAND_BUSY &&
			hg_band_of(s->availability) <= HG_BAND_DND) {
			p.call = true;
		}
	}
	if (p.machine_at >= 0)
		p.machine = hg_machine_of(in[p.machine_at].state->availability);
	return p;
}

/* A meeting counts from its start on; an explicit Available hides the meetings that are older than
 * the choice. */
static bool meeting_counts(
	const struct hg_aggregate_in *m, const struct hg_aggregate_in *choice, int64_t now)
{
	int64_t since = m->state->start ? m->state->start : m->published;

	if (m->state->start > now)
		return false;
	return !choice || hg_band_of(choice->state->availability) != HG_BAND_AVAILABLE ||
		since > choice->published;
}

/* Calls, meetings and a choice of Busy: the least available of them holds. */
static uint32_t busiest(
	const struct hg_aggregate_in *in, size_t n, const struct parts *p, int64_t now)
{
	const struct hg_aggregate_in *choice = p->user_at >= 0 ? &in[p->user_at] : NULL;
	uint32_t base = hg_band_canonical(HG_BAND_AVAILABLE);

	if (choice && choice->state->availability >= 6000 && choice->state->availability < 9000)
		base = choice->state->availability;
	for (size_t i = 0; i < n; i++) {
		const struct hg_state *s = in[i].state;

		if (hg_band_of(s->availability) == HG_BAND_UNKNOWN || s->availability <= base)
			continue;
		if (s->kind == HG_STATE_PHONE ||
			(s->kind == HG_STATE_CALENDAR && meeting_counts(&in[i], choice, now)))
			base = s->availability;
	}
	return base;
}

static uint32_t availability(
	const struct hg_aggregate_in *in, size_t n, const struct parts *p, int64_t now)
{
	uint32_t chosen = p->user_at >= 0 ? in[p->user_at].state->availability : 0;
	uint32_t base;

	if (p->machine >= HG_MACHINE_OFF || chosen >= 18000)
		return hg_band_canonical(HG_BAND_OFFLINE);
	if (chosen >= 12000)
		return chosen;
	base = chosen >= 9000 ? chosen : busiest(in, n, p, now);
	if (base >= 9000 || p->machine == HG_MACHINE_ACTIVE)
		return base;
	/* An idle machine: Busy-Idle at most while a call is going on, whoever sits elsewhere
	 * (EP 2.5 b). */
	if (base >= 6000 && base < 7500 && (p->machine == HG_MACHINE_INACTIVE || p->call))
		return hg_band_canonical(HG_BAND_BUSY_IDLE);
	if (p->machine == HG_MACHINE_AWAY && !p->call)
		return hg_band_canonical(HG_BAND_AWAY);
	return base < 4500 ? hg_band_canonical(HG_BAND_AVAILABLE_IDLE) : base;
}

static int64_t age(const struct hg_aggregate_in *in)
{
	return in->state->start ? in->state->start : in->published;
}

/* Did this state take part? A meeting that does not count is not spoken of; out-of-office, which
 * has no availability, is. */
static bool speaks(const struct hg_aggregate_in *in, size_t i, const struct parts *p, int64_t now)
{
	const struct hg_aggregate_in *choice = p->user_at >= 0 ? &in[p->user_at] : NULL;
	const struct hg_state *s = in[i].state;

	switch (s->kind) {
	case HG_STATE_USER:
		return (int)i == p->user_at;
	case HG_STATE_MACHINE:
		return (int)i == p->machine_at;
	case HG_STATE_CALENDAR:
		return s->start <= now && (!s->availability || meeting_counts(&in[i], choice, now));
	default:
		return true;
	}
}

/* EP 2.6: of the activities that hold at this availability, the one with the highest minimum, then
 * the newest. */
static int activity(
	const struct hg_aggregate_in *in, size_t n, const struct parts *p, uint32_t at, int64_t now)
{
	int best = -1;

	for (size_t i = 0; i < n; i++) {
		const struct hg_state *s = in[i].state;

		if ((!s->token[0] && !s->custom) || at < s->min ||
			at > (s->max ? s->max : UINT32_MAX))
			continue;
		if (!speaks(in, i, p, now))
			continue;
		if (best < 0 || s->min > in[best].state->min ||
			(s->min == in[best].state->min && age(&in[i]) >= age(&in[best])))
			best = (int)i;
	}
	return best;
}

struct hg_aggregate hg_aggregate(const struct hg_aggregate_in *in, size_t n, int64_t utc_now)
{
	struct parts p = survey(in, n);
	struct hg_aggregate a = { availability(in, n, &p, utc_now), -1, p.machine_at, p.computer_at,
		false };

	if (p.user_at >= 0 && in[p.user_at].state->manual)
		a.manual = hg_band_of(in[p.user_at].state->availability) ==
			hg_band_of(a.availability);
	if (hg_band_of(a.availability) != HG_BAND_OFFLINE)
		a.activity = activity(in, n, &p, a.availability, utc_now);
	return a;
}

struct hg_details *hg_aggregate_details(
	const struct hg_aggregate *a, const struct hg_aggregate_in *in, bool meetings)
{
	const struct hg_details *machine = a->machine >= 0 ? in[a->machine].state->details : NULL,
				*computer = a->computer >= 0 ? in[a->computer].state->details
							     : NULL;
	const struct hg_state *spoken = a->activity >= 0 ? in[a->activity].state : NULL;
	struct hg_details d = { 0 };

	if (hg_band_of(a->availability) == HG_BAND_OFFLINE)
		return NULL;
	if (machine) {
		d = *machine;
		d.location = d.subject = d.place = NULL;
	}
	if (computer && a->availability < 12000)
		d.location = computer->location;
	if (meetings && spoken && spoken->kind == HG_STATE_CALENDAR && spoken->details) {
		d.subject = spoken->details->subject;
		d.place = spoken->details->place;
	}
	return hg_details_new(&d);
}
