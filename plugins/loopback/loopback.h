/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An adapter without a network: the one to read first, and both sides of the simulation (tests/sim).
 *
 * Where another adapter has sockets, this one has a driver: what it would write goes to the driver's `send`, what it would
 * have read the driver says by the functions below, or straight to the host where nothing has to be decoded. In the daemon,
 * which loads it as loopback.so (docs/adapter.md), the driver is a socket at which somebody reads and writes messages:
 * peer.c, message.c.
 *
 * Its document is text, one line an item:
 *
 *	native, to a watcher	state aggregate 6500 in-a-meeting		(and his own words, if he has any)
 *				note back%20at%20noon
 *				presence 6500 in-a-meeting			(of a view as a whole; then its note)
 *	native, to the owner	state 2 1 7 aggregate 6500 in-a-meeting		(container, instance, version)
 *				container 400 2 6:carol@home.example		(id, version, members as type:value)
 *				waiting romeo@a.example 2			(not acknowledged; trust class)
 *				list 4 5					(leads from number 4 to 5; 0: whole)
 *				contact carol@home.example 1 Carol 1%202	(subscribed, name, groups)
 *				uncontact dave@home.example
 *				group 2 Friends
 *				ungroup 3
 *	mapped			show dnd
 *				status back%20at%20noon
 *				(a category beside it is as in the native form)
 */
#pragma once

#include <heliograph/adapter.h>

extern const struct hg_adapter hg_loopback_adapter;
extern const struct hg_vocabulary
	hg_loopback_vocabulary; /* of HG_LOOPBACK_MAPPED, and of hg_loopback_present */

enum { HG_LOOPBACK_NATIVE, HG_LOOPBACK_MAPPED }; /* formats */
enum {
	HG_LOOPBACK_SHOW,
	HG_LOOPBACK_STATUS,
	HG_LOOPBACK_PRIORITY,
	HG_LOOPBACK_IDLE
}; /* fields of the vocabulary */

/* What would be on the wire now. One of the pointers is set, or `blocker`, or nothing: then an outlet ended. */
struct hg_loopback_message {
	hg_lane lane;    /* of a parcel, an edge or an account */
	uint64_t cookie; /* of an answer, or of the outlet that ended */
	const struct hg_parcel *parcel;
	const struct hg_answer *answer;
	const struct hg_pair *pair;
	enum hg_edge edge;
	hg_addr blocker, account; /* he blocks others than before, and this account is his */
};

/* `send` borrows the message for the call. It may make up-calls, as any down-call may. */
void hg_loopback_drive(
	void *self, void (*send)(void *ctx, const struct hg_loopback_message *), void *ctx);

/* A client's connection, and a way to the servers behind a route: of the latter `of` says the route, the domains, `also` and
 * `in_order`. */
hg_lane hg_loopback_connect(void *self);
hg_lane hg_loopback_link(void *self, const struct hg_lane_spec *of);
void hg_loopback_close(void *self, hg_lane);
/* The lane says that it has room for `said` parcels, and then takes `taken`: a transport may have been too hopeful. */
void hg_loopback_room(void *self, hg_lane, uint32_t said, uint32_t taken);

/* A publication's content, as it stands behind the version: "user 6500 in-a-meeting", "machine 3500", "note back%20soon".
 * Fills category, payload and facet. -EINVAL: it is none; then nothing is to be freed. */
int hg_loopback_read(struct hg_str content, struct hg_change *ret);
/* What a resource of the pair's presentity says: lines of the mapped form. Empty: the resource is gone. */
void hg_loopback_present(
	void *self, hg_lane, const struct hg_pair *, struct hg_str resource, struct hg_str lines);

/* One word of a line off *rest, unescaped into `ret` and cut to fit; false: none is left. */
bool hg_loopback_word(struct hg_str *rest, char *ret, size_t size);
