/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the notifier share: dialogs (watched.c), what they are told (notifier.c), and how they come about
 * (notifier_subscribe.c).
 */
#pragma once

#include "plugins/sip/simple.h"

/* One dialog. */
struct hg_sip_watcher {
	struct hg_sip_watcher *prev, *next;   /* of the pair */
	struct hg_sip_watcher *oprev, *onext; /* in sip->owed */
	struct hg_sip_watched *of;
	struct hg_sip_leg leg;
	enum hg_sip_event event; /* HG_SIP_EVENT_SIMPLE or HG_SIP_EVENT_DIALOG */
	char *event_id;          /* to be repeated, RFC 6665 7.2.1; NULL none */
	uint64_t handle;
	int64_t until;      /* mono ms */
	int64_t not_before; /* mono ms: the peer's pace */
	hg_timer *expiry, *pace;
	hg_outlet sent;   /* whose news was sent last */
	hg_outlet outlet; /* that has news for it which could not go out; 0 none */
	char *name;       /* by which it is kept over a restart */
	uint32_t kept; /* of the leg's CSeq: those up to here are not to be used again after one */
	uint64_t told; /* hash of what was sent last; 0 nothing yet */
	bool lit;      /* HG_SIP_EVENT_DIALOG: he was in a call, as far as is known */
	bool owed;     /* something is due at the end of the turn, document or not */
	bool once;     /* asked for once: it ends with what it is told */
	bool busy, ended;
	bool due; /* something was owed while it was busy */
};

/* A watcher and a presentity. */
struct hg_sip_watched {
	UT_hash_handle hh;
	struct hg_sip_pair pair;
	struct hg_sip_peer *peer;
	struct hg_sip_watcher *dialog;
	size_t ndialogs;
	bool granted;
};

static inline int64_t hg_sip_watcher_mono(const struct hg_sip_peer *p)
{
	return p->sip->host->now(p->sip->core).mono;
}

/* Of the view of whom he watches. */
static inline hg_part hg_sip_watcher_part(const struct hg_sip_watcher *d)
{
	return d->event == HG_SIP_EVENT_DIALOG ? HG_PART_ASPECT : HG_PART_WHOLE;
}

/* ---- watched.c ---- */

struct hg_sip_watched *hg_sip_watched_find(
	const struct hg_sip_peer *, hg_addr watcher, hg_addr presentity); /* NULL */
/* Takes the leg. */
struct hg_sip_watcher *hg_sip_watcher_new(struct hg_sip_peer *, const struct hg_sip_leg *,
	enum hg_sip_event, const char *id, hg_addr watcher, hg_addr presentity);
struct hg_sip_watcher *hg_sip_watcher_find(const struct hg_sip_peer *,
	const struct hg_sip_request *, hg_addr watcher, hg_addr presentity); /* NULL */
void hg_sip_watcher_lasts(struct hg_sip_watcher *, uint32_t seconds);
void hg_sip_watcher_keep(struct hg_sip_watcher *, uint32_t seconds); /* over a restart */
void hg_sip_watcher_end(struct hg_sip_watcher *); /* frees the pair with its last dialog */

/* ---- notifier.c ---- */

void hg_sip_watcher_owe(struct hg_sip_watcher *);
void hg_sip_watcher_owes_nothing(struct hg_sip_watcher *);
/* `ends`: why it is the last one; NULL: it is not, unless it was asked for once. `said`: the document; of calls it is made of
 * `lit`. false: not sent, and the dialog is gone. */
bool hg_sip_watcher_notify(struct hg_sip_watcher *, const char *ends, struct hg_str said);
void hg_sip_watcher_on_pace(void *); /* of its timers */
void hg_sip_watcher_on_expiry(void *);
