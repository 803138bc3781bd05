/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions: requests of clients, edges of peers, new users. Private to bridge/mirror.
 *
 * One at a time for a person, in the order of arrival: staged (checked against what is true then; a
 * refusal ends it here), committed if it holds durable facts, applied, answered. Other persons do
 * not wait. Nothing of a transaction shows before it is durable, nothing at all if it failed.
 */
#pragma once

#include "bridge/mirror/core.h"

enum tx_state { TX_WAITING, TX_COMMITTING, TX_COMMITTED };

/* What a transaction would make durable; the strings live as long as the transaction. */
struct tx_facts {
	struct hg_fact *v;
	size_t n, cap;
};

struct hg_tx {
	struct hg_core *core;
	enum hg_txkind kind;
	enum tx_state state;
	int rc;                   /* of the commit */
	struct hg_person *person; /* NULL: about somebody who is no user of ours */
	struct hg_tx *next;       /* of the same person */
	struct hg_tx *rnext;      /* in core->ready */

	/* a request */
	struct hg_principal by;
	uint64_t cookie;
	void (*done)(void *arg, const struct hg_answer *); /* hg_core_ask */
	void *done_arg;
	struct hg_request req; /* owns what it points at */
	/* an edge */
	hg_lane lane;
	struct hg_pair pair; /* owns its texts */
	enum hg_edge edge;

	struct tx_facts facts;
	struct hg_bytes **keep; /* texts that facts point at */
	size_t nkeep, keep_cap;
	bool holds;

	/* the answer */
	enum hg_verdict verdict;
	const char *reason;
	struct hg_conflict *conflict;
	size_t nconflicts;
	hg_endpoint endpoint;
	uint32_t group, delta;
	bool touched[HG_CAT_COUNT];

	/* between stage and apply */
	uint32_t *version;     /* of each change */
	int64_t *published;    /* likewise: the store must hold the time that is shown */
	struct hg_halves auth; /* a watch's halves as they will be */
	bool change_auth;
	enum hg_prompt prompt; /* likewise */
	struct hg_card *card;  /* HG_TX_USER: what is said of him; NULL: nothing */
	bool only_change;      /* HG_TX_USER: nobody is made a user */
	hg_watch *let_in;      /* those whom it lets in */
	size_t nlet_in, let_in_cap;
	struct hg_bytes *value[4]; /* of a contact or group: uri, name, groups, external */
};

/* For each kind. `stage` may refuse: it sets tx->reason and returns the verdict. `apply` cannot
 * fail. */
struct tx_ops {
	enum hg_verdict (*stage)(struct hg_core *, struct hg_tx *);
	void (*apply)(struct hg_core *, struct hg_tx *);
};

extern const struct tx_ops hg_tx_register, hg_tx_publish, hg_tx_members, hg_tx_contact, hg_tx_watch,
	hg_tx_ack, hg_tx_link, hg_tx_delegate, hg_tx_ace, hg_tx_say, hg_tx_memo, hg_tx_edges,
	hg_tx_new_user, hg_tx_gone_user, hg_tx_consent;

struct hg_tx *hg_tx_new(struct hg_core *, enum hg_txkind, struct hg_person *); /* NULL: nobody's */
void hg_tx_enqueue(struct hg_core *, struct hg_tx *);

struct hg_fact *hg_tx_fact(
	struct hg_core *, struct hg_tx *, enum hg_fact_kind, bool gone); /* the owner is set */
struct hg_str hg_tx_keep(struct hg_tx *, struct hg_bytes *take);
enum hg_verdict hg_tx_refuse(struct hg_tx *, enum hg_verdict, const char *reason);
uint32_t hg_tx_container_version(const struct hg_person *, uint16_t id); /* 0: there is none */
void hg_tx_container_facts(
	struct hg_core *, struct hg_tx *, const struct hg_container *, uint32_t version);
/* The halves of a watch as they will be; there may be no such watch yet. */
void hg_tx_pair_fact(
	struct hg_core *, struct hg_tx *, const struct hg_pair *, struct hg_halves, enum hg_prompt);
/* tx_consent.c: watchers who wait, and whom this transaction lets in. The staging of a user or a
 * whole domain that is given consent; other kinds of members let in nobody. */
void hg_tx_let_in(struct hg_core *, struct hg_tx *, enum hg_member_type, hg_addr);
void hg_tx_let_in_apply(struct hg_core *, struct hg_tx *);
/* What the owner was asked about req.watched, he has answered: after the staging of those who are let in. */
void hg_tx_answered_stage(struct hg_core *, struct hg_tx *);
void hg_tx_answered_apply(struct hg_core *, struct hg_tx *);

/* tx_card.c: of a transaction that makes a user, or changes what is said of one. */
void hg_tx_card_stage(struct hg_core *, struct hg_tx *);
void hg_tx_card_apply(struct hg_core *, struct hg_tx *);

/* tx_delegate.c: what a transaction that takes a user away takes out of others' lists; what became durable. */
enum hg_verdict hg_tx_delegates_stage(struct hg_core *, struct hg_tx *);
void hg_tx_delegates_apply(struct hg_core *, const struct hg_tx *);

/* May he who asks, as things are now? A request in somebody else's name is looked at when it comes, and when its turn has
 * come: what he was allowed may have ended before that. */
bool hg_tx_may(const struct hg_principal *, const struct hg_request *, const struct hg_person *);
/* Is it the first thing that somebody does, who becomes a user by it? */
bool hg_tx_makes_user(const struct hg_core *, const struct hg_request *);
bool hg_tx_on_behalf(const struct hg_tx *);
extern const char hg_tx_not_delegate[]; /* why not */
/* A user who is not being taken away; NULL. */
struct hg_person *hg_tx_somebody(struct hg_core *, hg_addr);

/* hg_core_ask, with the endpoint that publications may be bound to; 0: none. */
void hg_tx_ask(struct hg_core *, const struct hg_request *, hg_endpoint,
	void (*done)(void *arg, const struct hg_answer *), void *arg);

/* The request of this kind about `watched` whose commit is under way, or has just ended, for him; NULL. */
const struct hg_tx *hg_tx_committing(
	const struct hg_person *, enum hg_request_kind, hg_addr watched);
bool hg_tx_going(const struct hg_person *); /* the commit that takes him away is under way */
void hg_tx_answer(struct hg_core *, struct hg_tx *);          /* tx_answer.c */
void hg_tx_contact_refused(struct hg_core *, struct hg_tx *); /* before its answer */

void hg_request_copy(struct hg_core *, struct hg_request *to, const struct hg_request *from);
void hg_request_done(struct hg_request *);
