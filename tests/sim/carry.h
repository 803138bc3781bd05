/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Block lists of linked accounts (docs/decisions/0024): what the first route's adapter does about them, what it has to
 * remember, and what both have to come to. Part of sim.h.
 */
#pragma once

#include "tests/sim/model.h"

struct hg_answer;

enum { BLOCKED_LEVEL = LEVELS - 1 }; /* of levels[] */

enum carry_stage {
	CARRY_IDLE,
	CARRY_READING, /* the account's list */
	CARRY_HERE,    /* what was changed there */
	CARRY_REMEMBER_HERE,
	CARRY_THERE, /* what was changed here */
	CARRY_REMEMBER_THERE
};

/* Of one account. Sets of people are a bit each. */
struct carry {
	enum carry_stage stage;
	bool wanted, failed;
	int person;      /* whose it is */
	uint64_t cookie; /* of the request that is under way, */
	bool answered;   /* or has been answered so: */
	enum hg_verdict verdict;
	unsigned among;            /* whom it is about: neither him nor accounts of his */
	unsigned there, last, now; /* the list, as it was last, and as it is to be */
	unsigned due, told;        /* calls of `blocked` since the last turn; */
	unsigned list;             /* whom he blocked at the last of them, */
	uint32_t version;          /* and the number of that container */
};

/* The other one's adapter has no block lists, and remembers something else. */
enum { CARRY_ROUTE = 1 };

/* carry.c: the adapter */
void carry_look(struct sim *, int person, int account);
bool carry_go_on(struct sim *, int account); /* false: there is nothing to do */
void carry_heard(struct sim *, int account, unsigned list);
void carry_answered(struct sim *, const struct item *, const struct hg_answer *);
void carry_others(struct sim *, int person, int account); /* which is his now, or not any more */
void carry_lost(struct sim *, int route);                 /* its link */
void carry_mend(struct sim *);                            /* what has failed is done again */
void carry_restart(struct sim *);

/* model_account.c */
enum hg_verdict model_predict_memo(const struct sim *, const struct request *, bool *durable);
void model_apply_memo(struct sim *, const struct request *);
void model_blocks(struct sim *, const struct request *); /* it has taken effect */
void model_blocks_account(struct sim *, int person, int account);

/* judge_account.c */
void judge_blocked(struct sim *, int person, int account, int route); /* the call */
void judge_accounts(struct sim *);                                    /* after a turn */
void judge_agreed(struct sim *);                                      /* when all is quiet */
