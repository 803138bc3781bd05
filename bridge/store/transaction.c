/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A group of commits becomes one transaction: one sync of the disk for all of them. If it fails,
 * each is tried alone, so that a bad one does not take the others with it.
 */
#include "bridge/store/private.h"

#include <heliograph/log.h>

static int bind_str(sqlite3_stmt *stmt, int at, struct hg_str s)
{
	/* a NULL pointer would be SQL's NULL; the text outlives the step */
	return sqlite3_bind_text64(stmt, at, s.p ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_column(
	sqlite3_stmt *stmt, int at, const struct hg_column *column, const struct hg_fact *fact)
{
	const void *field = (const char *)fact + column->offset;

	switch (column->type) {
	case HG_COLUMN_TEXT:
		return bind_str(stmt, at, *(const struct hg_str *)field);
	case HG_COLUMN_U32:
		return sqlite3_bind_int64(stmt, at, *(const uint32_t *)field);
	case HG_COLUMN_TIME:
		return sqlite3_bind_int64(stmt, at, *(const int64_t *)field);
	}
	return SQLITE_MISUSE;
}

static int run(
	struct hg_sqlite *s, enum hg_fact_kind kind, enum hg_verb verb, const struct hg_fact *fact)
{
	sqlite3_stmt *stmt = s->stmt[kind][verb];
	int at = 1, rc = bind_str(stmt, at, fact->owner);

	for (const struct hg_column *c = hg_kinds[kind].column; c->name && !rc; c++) {
		if (verb == HG_VERB_PURGE || (verb == HG_VERB_DROP && !c->key))
			continue;
		rc = bind_column(stmt, ++at, c, fact);
	}
	if (!rc)
		rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int apply_fact(struct hg_sqlite *s, const struct hg_fact *fact)
{
	int rc = SQLITE_OK;

	if (fact->kind < 1 || fact->kind >= HG_FACT_KINDS)
		return SQLITE_MISUSE;
	if (!fact->gone)
		return run(s, fact->kind, HG_VERB_PUT, fact);
	if (fact->kind != HG_FACT_USER)
		return run(s, fact->kind, HG_VERB_DROP, fact);
	for (int kind = 1; kind < HG_FACT_KINDS && !rc; kind++)
		rc = run(s, kind, HG_VERB_PURGE, fact);
	return rc;
}

/* The commits from `first` up to, not including, `end`. */
static int transact(struct hg_sqlite *s, const struct hg_commit *first, const struct hg_commit *end)
{
	int rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	for (const struct hg_commit *c = first; c != end && !rc; c = c->next) {
		for (size_t i = 0; i < c->n && !rc; i++)
			rc = apply_fact(s, &c->fact[i]);
	}
	if (!rc)
		rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	return rc;
}

/* Also after a COMMIT that failed: a transaction left open would swallow the next one. */
static void roll_back(struct hg_sqlite *s)
{
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

/* A full disk fails every request of everybody: one line when it begins, one when it is over. */
static void note_state(struct hg_sqlite *s, int sqlite_rc)
{
	struct hg_err err = { 0 };

	if (sqlite_rc == s->failing)
		return;
	s->failing = sqlite_rc;
	if (!sqlite_rc) {
		hg_log(HG_INFO, "store-recovered", "path=%s", s->path);
		return;
	}
	hg_sqlite_error(s->db, sqlite_rc, s->path, &err);
	hg_log(HG_ERROR, "store-failed", "path=%s code=%d error=%s", s->path, sqlite_rc,
		hg_log_text(hg_str(err.what)));
}

/* A group's failure is no state yet: it may be one bad commit, and then that one's is logged. */
static int transact_alone(struct hg_sqlite *s, struct hg_commit *c)
{
	int rc = transact(s, c, c->next);

	note_state(s, rc);
	if (rc)
		roll_back(s);
	return rc ? hg_sqlite_error(s->db, rc, s->path, NULL) : 0;
}

void hg_transaction_run(struct hg_sqlite *s, struct hg_commit *first)
{
	if (first->next) {
		if (!transact(s, first, NULL)) {
			note_state(s, 0);
			for (struct hg_commit *c = first; c; c = c->next)
				c->rc = 0;
			return;
		}
		roll_back(s);
	}
	for (struct hg_commit *c = first; c; c = c->next)
		c->rc = transact_alone(s, c);
}
