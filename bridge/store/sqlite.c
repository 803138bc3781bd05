/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening, loading and closing. The store is one file that one process has: SQLite's exclusive
 * locking mode keeps a second daemon out with locks of the kernel, which a killed process cannot
 * leave behind, and needs no shared-memory file.
 */
#include "bridge/store/private.h"
#include "bridge/store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int hg_sqlite_error(sqlite3 *db, int sqlite_rc, const char *path, struct hg_err *err)
{
	const char *hint = NULL;
	int rc = -EIO;

	switch (sqlite_rc & 0xff) {
	case SQLITE_BUSY:
		return hg_err_set(err, -EBUSY, path,
			"stop the other one, or give this one a store of its own",
			"another Heliograph is running on this store");
	case SQLITE_FULL:
		rc = -ENOSPC;
		hint = "make room on that file system";
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		rc = -EROFS;
		hint = "Heliograph must be able to write the file and its directory";
		break;
	case SQLITE_CANTOPEN:
		rc = -EACCES;
		break;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISUSE:
		rc = -EINVAL;
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		hint = "restore it from a copy, or remove it to begin anew";
		break;
	}
	/* what SQLite noted last may be about something else */
	const char *what = db && sqlite3_extended_errcode(db) == sqlite_rc
		? sqlite3_errmsg(db)
		: sqlite3_errstr(sqlite_rc);
	return hg_err_set(err, rc, path, hint, "store: %s", what);
}

/*
 * SQLite would create the file with the umask's mode; its -wal file takes after it. An existing
 * file is not opened here: closing any descriptor of a file drops the locks that the process holds
 * on it (POSIX fcntl).
 */
static int settle_mode(const char *path, struct hg_err *err)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno != EEXIST)
		return hg_err_set(err, -errno, path,
			"its directory must exist, and Heliograph be able to write there",
			"cannot create the store: %s", strerror(errno));
	if (stat(path, &st))
		return hg_err_set(err, -errno, path, NULL, "store: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return hg_err_set(err, -EINVAL, path, "give the store a path of its own",
			"the store must be a file");
	if ((st.st_mode & 077) && chmod(path, 0600))
		return hg_err_set(err, -errno, path,
			"it must belong to the user that Heliograph runs as",
			"cannot make the store private: %s", strerror(errno));
	return 0;
}

static int set_up(sqlite3 *db, enum hg_synchronous synchronous)
{
	/* The order matters: exclusive before WAL, so that WAL never makes its shared-memory file.
	 * The write-ahead log shrinks again after a burst. */
	static const char modes[] = "PRAGMA locking_mode = EXCLUSIVE;"
				    "PRAGMA journal_mode = WAL;"
				    "PRAGMA journal_size_limit = 16777216;"
				    "PRAGMA trusted_schema = OFF;"
				    "PRAGMA temp_store = MEMORY";
	static const char *const pragma[] = {
		[HG_SYNC_FULL] = "PRAGMA synchronous = FULL",
		[HG_SYNC_NORMAL] = "PRAGMA synchronous = NORMAL",
		[HG_SYNC_OFF] = "PRAGMA synchronous = OFF",
	};
	int rc;

	sqlite3_extended_result_codes(db, 1);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	rc = sqlite3_exec(db, modes, NULL, NULL, NULL);
	if (!rc)
		rc = sqlite3_exec(db, pragma[synchronous], NULL, NULL, NULL);
	return rc;
}

static int prepare(struct hg_sqlite *s)
{
	struct hg_buf sql = { 0 };
	int rc = SQLITE_OK;

	for (int kind = 1; kind < HG_FACT_KINDS; kind++) {
		for (int verb = HG_VERB_PUT; verb < HG_VERBS && !rc; verb++) {
			hg_buf_reset(&sql);
			hg_kind_sql(kind, verb, &sql);
			rc = sqlite3_prepare_v3(s->db, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT,
				&s->stmt[kind][verb], NULL);
		}
	}
	hg_buf_done(&sql);
	return rc;
}

static int open_database(struct hg_sqlite *s, enum hg_synchronous synchronous, struct hg_err *err)
{
	int rc = settle_mode(s->path, err);

	if (rc)
		return rc;
	rc = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE, NULL);
	if (!rc)
		rc = set_up(s->db, synchronous);
	if (rc)
		return hg_sqlite_error(s->db, rc, s->path, err);
	rc = hg_schema_open(s->db, s->path, err);
	if (rc)
		return rc;
	rc = prepare(s);
	return rc ? hg_sqlite_error(s->db, rc, s->path, err) : 0;
}

int hg_sqlite_open(const char *path, enum hg_synchronous synchronous,
	const struct hg_worker *worker, struct hg_store **ret, struct hg_err *err)
{
	static const struct hg_store_ops ops = { .commit = hg_queue_commit };
	struct hg_sqlite *s = hg_alloc(sizeof(*s));

	s->store.ops = &ops;
	s->path = hg_str_dup(hg_str(path));
	if (worker)
		s->worker = *worker;
	int rc = open_database(s, synchronous, err);
	if (rc) {
		hg_sqlite_close(&s->store);
		return rc;
	}
	*ret = &s->store;
	return 0;
}

static void read_column(
	sqlite3_stmt *stmt, int at, const struct hg_column *column, struct hg_fact *fact)
{
	void *field = (char *)fact + column->offset;

	switch (column->type) {
	case HG_COLUMN_TEXT:
		((struct hg_str *)field)->p = (const char *)sqlite3_column_text(stmt, at);
		((struct hg_str *)field)->n = (size_t)sqlite3_column_bytes(stmt, at);
		break;
	case HG_COLUMN_U32: /* the relation's CHECK holds it in range */
		*(uint32_t *)field = (uint32_t)sqlite3_column_int64(stmt, at);
		break;
	case HG_COLUMN_TIME:
		*(int64_t *)field = sqlite3_column_int64(stmt, at);
		break;
	}
}

static int load_kind(struct hg_sqlite *s, enum hg_fact_kind kind,
	void (*row)(void *arg, const struct hg_fact *), void *arg)
{
	static const struct hg_column owner = { "owner", HG_COLUMN_TEXT, true,
		offsetof(struct hg_fact, owner) };
	sqlite3_stmt *stmt = s->stmt[kind][HG_VERB_LOAD];
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct hg_fact fact = { .kind = kind };
		int at = 0;

		read_column(stmt, at, &owner, &fact);
		for (const struct hg_column *c = hg_kinds[kind].column; c->name; c++)
			read_column(stmt, ++at, c, &fact);
		row(arg, &fact);
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int hg_sqlite_load(struct hg_store *store, void (*row)(void *arg, const struct hg_fact *),
	void *arg, struct hg_err *err)
{
	struct hg_sqlite *s = (struct hg_sqlite *)store;
	int rc = SQLITE_OK;

	for (int kind = 1; kind < HG_FACT_KINDS && !rc; kind++)
		rc = load_kind(s, kind, row, arg);
	return rc ? hg_sqlite_error(s->db, rc, s->path, err) : 0;
}

void hg_sqlite_close(struct hg_store *store)
{
	struct hg_sqlite *s = (struct hg_sqlite *)store;

	if (!s)
		return;
	hg_queue_drain(s);
	for (int kind = 1; kind < HG_FACT_KINDS; kind++) {
		for (int verb = 0; verb < HG_VERBS; verb++)
			sqlite3_finalize(s->stmt[kind][verb]);
	}
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}
