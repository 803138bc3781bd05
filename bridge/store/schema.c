/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/store/schema.h"

#include "bridge/store/kinds.h"
#include "bridge/store/private.h"

#include <errno.h>
#include <stdio.h>

static int query_int(sqlite3 *db, const char *sql, int *ret)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*ret = sqlite3_column_int(stmt, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int create_relations(sqlite3 *db)
{
	struct hg_buf sql = { 0 };
	int rc = SQLITE_OK;

	for (int kind = 1; kind < HG_FACT_KINDS && rc == SQLITE_OK; kind++) {
		hg_buf_reset(&sql);
		hg_kind_sql(kind, HG_VERB_CREATE, &sql);
		rc = sqlite3_exec(db, sql.p, NULL, NULL, NULL);
	}
	hg_buf_done(&sql);
	return rc;
}

static int stamp(sqlite3 *db, int version)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
		HG_APPLICATION_ID, version);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int settle(
	sqlite3 *db, const char *path, const char *const *step, int version, struct hg_err *err)
{
	int id, found, relations, rc;

	if ((rc = query_int(db, "PRAGMA application_id", &id)) ||
		(rc = query_int(db, "PRAGMA user_version", &found)) ||
		(rc = query_int(db, "SELECT count(*) FROM sqlite_schema", &relations)))
		return hg_sqlite_error(db, rc, path, err);
	if (!id && !found && !relations) {
		rc = create_relations(db);
	} else if (id != HG_APPLICATION_ID || found < 1) {
		return hg_err_set(err, -EINVAL, path, "give the store a path of its own",
			"this is a database, but not one of Heliograph");
	} else if (found > version) {
		return hg_err_set(err, -EPROTO, path,
			"run that version again, or restore a copy made before the upgrade",
			"written by a newer Heliograph: store version %d, this one knows %d", found,
			version);
	} else {
		for (int from = found; from < version && !rc; from++)
			rc = sqlite3_exec(db, step[from], NULL, NULL, NULL);
	}
	if (!rc && found != version)
		rc = stamp(db, version);
	return rc ? hg_sqlite_error(db, rc, path, err) : 0;
}

int hg_schema_settle(
	sqlite3 *db, const char *path, const char *const *step, int version, struct hg_err *err)
{
	int sqlite_rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (sqlite_rc)
		return hg_sqlite_error(db, sqlite_rc, path, err);
	int rc = settle(db, path, step, version, err);
	if (!rc && (sqlite_rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL)))
		rc = hg_sqlite_error(db, sqlite_rc, path, err);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int hg_schema_open(sqlite3 *db, const char *path, struct hg_err *err)
{
	/* Whoever changes the table of kinds adds the step that makes an older file the same. */
	static const char *const step[HG_SCHEMA_VERSION] = {
		[1] = /* user records */
		"CREATE TABLE \"card\" (\"owner\" TEXT NOT NULL CHECK (\"owner\" <> ''), "
		"\"field\" TEXT NOT NULL, \"value\" TEXT NOT NULL, "
		"\"version\" INTEGER NOT NULL CHECK (\"version\" BETWEEN 0 AND 4294967295), "
		"\"said\" INTEGER NOT NULL, PRIMARY KEY (\"owner\", \"field\")) STRICT",
		[2] = /* delegates */
		"CREATE TABLE \"delegates\" (\"owner\" TEXT NOT NULL CHECK (\"owner\" <> ''), "
		"\"version\" INTEGER NOT NULL CHECK (\"version\" BETWEEN 0 AND 4294967295), "
		"PRIMARY KEY (\"owner\")) STRICT;"
		"CREATE TABLE \"delegate\" (\"owner\" TEXT NOT NULL CHECK (\"owner\" <> ''), "
		"\"address\" TEXT NOT NULL, "
		"\"publish\" INTEGER NOT NULL CHECK (\"publish\" BETWEEN 0 AND 4294967295), "
		"\"redelegate\" INTEGER NOT NULL CHECK (\"redelegate\" BETWEEN 0 AND 4294967295), "
		"PRIMARY KEY (\"owner\", \"address\")) STRICT",
		[3] = /* what adapters keep */
		"CREATE TABLE \"kept\" (\"owner\" TEXT NOT NULL CHECK (\"owner\" <> ''), "
		"\"name\" TEXT NOT NULL, \"value\" TEXT NOT NULL, \"until\" INTEGER NOT NULL, "
		"PRIMARY KEY (\"owner\", \"name\")) STRICT",
		[4] = /* what adapters remember of an account */
		"ALTER TABLE \"link\" ADD COLUMN \"memo\" TEXT NOT NULL DEFAULT ''",
	};

	return hg_schema_settle(db, path, step, HG_SCHEMA_VERSION, err);
}
