/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the subscriber share: subscriptions (subscriber.c), and what they are told (subscriber_notify.c). */
#pragma once

#include "plugins/sip/partial.h"

enum hg_sip_sub_state {
	HG_SIP_SUB_NONE,    /* no dialog: it is begun when the timer says so */
	HG_SIP_SUB_ASKED,   /* SUBSCRIBE is out, or its first NOTIFY is awaited */
	HG_SIP_SUB_PENDING, /* the presentity has not agreed yet */
	HG_SIP_SUB_ACTIVE,
	HG_SIP_SUB_LEAVING /* SUBSCRIBE with Expires 0 is out */
};

struct hg_sip_sub_face {
	struct hg_bytes *name;
	bool there; /* in the document that is being read */
};

struct hg_sip_sub {
	UT_hash_handle hh;
	struct hg_sip_pair pair;
	struct hg_sip_peer *peer;
	char *wire_watcher, *wire_presentity; /* as the watcher wrote them */
	struct hg_sip_leg leg;
	enum hg_sip_sub_state state;
	bool granted; /* the core knows that he agreed */
	bool doubted; /* the peer was away: what was heard may be old */
	bool left;    /* Expires 0 was said */
	bool waiting; /* a SUBSCRIBE is not answered */
	int moved;    /* the status by which the watcher was told that he has; 0 he has not */
	uint64_t handle;
	uint32_t expires, wanted; /* seconds granted, and asked for */
	uint32_t backoff; /* seconds waited last; 0: since then a dialog has shown that it lasts */
	hg_timer *timer;
	struct hg_sip_sub_face *face;
	size_t nfaces, faces_cap;
	struct hg_sip_partial partial;
};

struct hg_sip_sub *hg_sip_sub_find(const struct hg_sip_peer *, const struct hg_pair *); /* NULL */
void hg_sip_sub_end(struct hg_sip_sub *);
struct hg_pair hg_sip_sub_pair(const struct hg_sip_sub *); /* borrows */
void hg_sip_sub_drop_face(struct hg_sip_sub *, size_t i);
/* What is shown to the watcher under that name; NULL: nothing any more. */
void hg_sip_sub_show(struct hg_sip_sub *, struct hg_str name, struct hg_record *take);
void hg_sip_sub_tell(struct hg_sip_sub *, enum hg_edge);
void hg_sip_sub_refused(struct hg_sip_sub *); /* he has said no: tells, and ends it */
void hg_sip_sub_no_dialog(struct hg_sip_sub *);
void hg_sip_sub_wait(struct hg_sip_sub *, uint32_t seconds);
void hg_sip_sub_wait_for_refresh(struct hg_sip_sub *);
void hg_sip_sub_try_again(struct hg_sip_sub *, uint32_t after);
void hg_sip_sub_rest(struct hg_sip_sub *);    /* until the core asks */
void hg_sip_sub_at_once(struct hg_sip_sub *); /* unless it was only just begun in this way */
