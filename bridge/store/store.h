/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durable facts. A commit is a list of facts that become durable together or not at all; commits
 * are grouped: what is queued when the worker is free becomes one transaction. Addresses are
 * canonical text here, ids of a running process never.
 */
#pragma once

#include <heliograph/err.h>

/* What the members of struct hg_fact mean for each kind; which of them are its key says kinds.c. */
enum hg_fact_kind {
	/* owner exists. `gone` deletes every fact of the owner, of all kinds */
	HG_FACT_USER = 1,
	/* name=category, number={container, instance, version}, time=published, value=payload */
	HG_FACT_PUBLICATION,
	/* number={id, version} */
	HG_FACT_CONTAINER,
	/* number={container, type}, name=value ("" for the classes) */
	HG_FACT_MEMBER,
	/* number={deltaNum}: the contact list's number */
	HG_FACT_LIST,
	/* number={id}, value=name, extra=external URI */
	HG_FACT_GROUP,
	/* name=canonical address, value=uri as written, extra=display name, more=external URI,
	 * groups=group ids, number={subscribed} */
	HG_FACT_CONTACT,
	/* owner watches name, and one of them or both are remote; number={half out, half in, prompt},
	 * value=wire id of the watcher, extra=of the presentity */
	HG_FACT_WATCH,
	/* owner is also name, an address elsewhere; value=what its adapter remembers of it */
	HG_FACT_LINK,
	/* of the user record: name=field, value, number={version}, time=said; value "" is of one that was taken
	 * away, so that versions only grow */
	HG_FACT_CARD,
	/* number={version}: the list of those who may act in the owner's name */
	HG_FACT_DELEGATES,
	/* name=address of one of them, number={may publish, may change the list} */
	HG_FACT_DELEGATE,
	/* Soft facts, in a file of their own: hints for the next start (hg_core_restore). */
	/* name=instance, until=end of the registration */
	HG_FACT_ENDPOINT,
	/* name=category, number={container, instance, version}, value=payload, extra=instance of the
	 * endpoint, more=expiry, time=published, until=its end, if it has one */
	HG_FACT_SOFT,
	/* owner=an adapter, name and value its own, until=its end */
	HG_FACT_KEPT,
	HG_FACT_KINDS
};

/* One with the key of another replaces it. Members that a kind does not name are not kept. */
struct hg_fact {
	enum hg_fact_kind kind;
	bool gone;           /* deletes; then only the key counts, and it need not be there */
	struct hg_str owner; /* canonical address, never empty */
	struct hg_str name, value, extra, more, groups;
	uint32_t number[3];
	int64_t time, until; /* UTC ms */
};

/* The core's door to a store. Calls come from the loop's thread, `done` is called there too, later,
 * never from within commit. */
struct hg_store;

struct hg_store_ops {
	/* Copies the facts, which are applied in order. Always answered once, in the order of the
	 * calls: 0, or a negative errno after which none of them is durable. */
	void (*commit)(struct hg_store *, const struct hg_fact *, size_t n,
		void (*done)(void *arg, int rc), void *arg);
};

struct hg_store {
	const struct hg_store_ops *ops;
};

/* ---- SQLite: WAL, one file, one writer ---- */

/* FULL survives a power cut; NORMAL only the death of the process. */
/* HG_SYNC_OFF: what a crash of the machine may take whole. */
enum hg_synchronous { HG_SYNC_FULL, HG_SYNC_NORMAL, HG_SYNC_OFF };

/* How work leaves the loop's thread and comes back to it (the host's queue_work). 0, and then
 * `work` is called on another thread and `done` after it on the loop's; no other result is
 * possible. */
struct hg_worker {
	int (*queue)(void *ctx, void (*work)(void *arg), void (*done)(void *arg), void *arg);
	void *ctx;
};

/* Opens or creates. -EBUSY: another process has it (a second daemon on one store); -EPROTO: written
 * by a newer version; others: ret_err says what. `worker` may be NULL: then commits run at once and
 * `done` is called from hg_sqlite_pump. */
int hg_sqlite_open(const char *path, enum hg_synchronous, const struct hg_worker *worker,
	struct hg_store **ret, struct hg_err *ret_err);
/* Every fact, users first, then kind by kind in the order of the enum, each sorted by its key.
 * Strings are borrowed for the call. Not while hg_sqlite_busy. */
int hg_sqlite_load(struct hg_store *, void (*row)(void *arg, const struct hg_fact *), void *arg,
	struct hg_err *ret_err);
bool hg_sqlite_busy(const struct hg_store *); /* something is not answered yet */
void hg_sqlite_pump(struct hg_store *);       /* without a worker: answers what was committed */
/* Works on and answers everything that is queued, from within the call. The worker must outlive
 * what it was given, not the store. NULL is fine. */
void hg_sqlite_close(struct hg_store *);
