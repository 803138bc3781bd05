/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reconciliation: what has to be done so that what an outlet was last sent equals what it is to be
 * shown. Pure and total. Desire waits, never bytes: this is asked at the moment of hand-off.
 */
#pragma once

#include <heliograph/presence.h>

struct hg_desire {
	hg_viewid view;
	uint64_t revision;
	uint32_t table;
};

struct hg_projection {
	hg_part part;
	bool valid; /* else: nothing was sent, or what was sent is not known any more */
	hg_viewid view;
	uint64_t revision;
	uint64_t hash; /* of the bytes that were sent */
	uint32_t table;
	uint32_t list; /* HG_PART_CONTACTS: the list's number over there, 0 none or not known */
	bool again;    /* send although nothing changed */
};

enum hg_action {
	HG_NOTHING,
	HG_RENDER, /* revision, view or table differ: render, and send if the bytes differ from
		      `hash` */
	HG_SEND    /* render, and send in any case */
};

enum hg_action hg_reconcile(const struct hg_desire *, const struct hg_projection *);
