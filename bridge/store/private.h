/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#pragma once

#include "bridge/store/kinds.h"

#include <pthread.h>
#include <sqlite3.h>

/* A commit on its way: one block of memory with copies of its facts and their texts. */
struct hg_commit {
	struct hg_commit *next;
	void (*done)(void *arg, int rc);
	void *arg;
	int rc;
	size_t n;
	struct hg_fact fact[];
};

struct hg_commits {
	struct hg_commit *first, *last;
};

struct hg_batch;

struct hg_sqlite {
	struct hg_store store; /* first: what the core holds a pointer to */
	char *path;
	struct hg_worker worker; /* queue NULL: none */

	/* the loop's thread */
	struct hg_commits queued; /* for the next batch */
	struct hg_commits worked; /* without a worker: waiting for hg_sqlite_pump */
	struct hg_batch *running; /* NULL: the worker is free */

	/* whoever works on a batch, or while there is none the loop's thread */
	sqlite3 *db;
	sqlite3_stmt *stmt[HG_FACT_KINDS][HG_VERBS];
	int failing; /* SQLite's code of the state that was logged last, 0 all is well */
};

/* SQLite's code as errno, and into `err` (may be NULL) its words. The texts of facts are not in
 * them. */
int hg_sqlite_error(sqlite3 *, int sqlite_rc, const char *path, struct hg_err *);

/* transaction.c: every commit gets its `rc`. */
void hg_transaction_run(struct hg_sqlite *, struct hg_commit *first);

/* queue.c */
void hg_queue_commit(struct hg_store *, const struct hg_fact *, size_t n,
	void (*done)(void *arg, int rc), void *arg);
void hg_queue_drain(struct hg_sqlite *); /* everything is worked on and answered when it returns */
