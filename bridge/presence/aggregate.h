/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aggregation: from the states of several devices to the one state of a person (EP 2.5, 2.6). Pure.
 * The same function serves container 2, container 3 and the faces of a remote person.
 */
#pragma once

#include <heliograph/presence.h>

struct hg_aggregate_in {
	const struct hg_state *state;
	int64_t published; /* UTC ms by our clock; decides which of two is newer */
};

struct hg_aggregate {
	uint32_t availability; /* never 0: without a live machine it is offline */
	int activity;          /* index of the state whose activity is shown, -1 none */
	int machine;           /* index of the most active machine, -1 none */
	int computer; /* likewise of those that are computers, or do not say what they are */
	bool manual;  /* it is what the person chose himself */
};

struct hg_aggregate hg_aggregate(const struct hg_aggregate_in *, size_t n, int64_t utc_now);

/* What the aggregated state says beside (EP 2.7): time zone and device of the most active machine; where the most active
 * computer is, unless one is away; `meetings`: what the meeting that is spoken of is about. NULL: nothing. */
struct hg_details *hg_aggregate_details(
	const struct hg_aggregate *, const struct hg_aggregate_in *, bool meetings);

/*
 * What a manual Do Not Disturb counts as in container 3, when its publisher did not transform it
 * himself: urgent interruptions only (EP 2.9). False and untouched if `s` is no such state.
 */
bool hg_aggregate_urgent(struct hg_state *s);

/* How much a number of a machineState says: pidgin-sipe copies its status into it, so only the
 * class counts. */
enum hg_machine {
	HG_MACHINE_ACTIVE,
	HG_MACHINE_INACTIVE,
	HG_MACHINE_AWAY,
	HG_MACHINE_OFF,
	HG_MACHINE_NONE
};
enum hg_machine hg_machine_of(uint32_t availability);
uint32_t hg_machine_number(enum hg_machine); /* 3500 5000 15500 18500 0 */
