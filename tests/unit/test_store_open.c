/* SPDX-License-Identifier: Apache-2.0 */
/* Who may open a store: one process at a time, and no older version. */
#include "tests/unit/test_store.h"

#include "bridge/store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void ignore(void *arg, int rc)
{
	assert_int_equal(rc, 0);
}

static int try_open(const char *path, struct hg_err *err)
{
	struct hg_store *store = NULL;
	int rc = hg_sqlite_open(path, HG_SYNC_NORMAL, NULL, &store, err);

	hg_sqlite_close(store);
	return rc;
}

static void assert_private(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_file_is_private(void **state)
{
	struct scratch *t = *state;
	mode_t old = umask(0);
	const struct hg_fact user = { HG_FACT_USER, .owner = HG_STR("a@b") };
	struct hg_store *store;
	struct hg_err err;
	char wal[64];

	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_FULL, NULL, &store, &err), 0);
	store->ops->commit(store, &user, 1, ignore, NULL);
	snprintf(wal, sizeof(wal), "%s-wal", t->path);
	assert_private(t->path);
	assert_private(wal);
	hg_sqlite_close(store);
	assert_int_equal(access(wal, F_OK), -1); /* one file when it is closed */
	assert_int_equal(chmod(t->path, 0644), 0);
	assert_int_equal(try_open(t->path, &err), 0);
	assert_private(t->path);
	umask(old);
}

/* Opens, commits one fact, says so, and waits to be killed. */
static pid_t child_with_the_store(const char *path)
{
	int told[2];
	char c;

	assert_int_equal(pipe(told), 0);
	pid_t pid = fork();
	if (!pid) {
		const struct hg_fact user = { HG_FACT_USER, .owner = HG_STR("a@b") };
		struct hg_store *store;
		struct hg_err err;

		if (hg_sqlite_open(path, HG_SYNC_FULL, NULL, &store, &err))
			_exit(1);
		store->ops->commit(store, &user, 1, ignore, NULL);
		if (write(told[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &c, 1), 1);
	close(told[0]);
	return pid;
}

static void a_second_daemon_is_kept_out(void **state)
{
	struct scratch *t = *state;
	pid_t pid = child_with_the_store(t->path);
	struct hg_store *store;
	struct hg_err err;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(try_open(t->path, &err), -EBUSY);
		assert_string_equal(err.where, t->path);
		assert_string_equal(err.what, "another Heliograph is running on this store");
		assert_non_null(strstr(err.hint, "stop the other one"));
	}
	/* kill -9 leaves no lock, and what was answered is there */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_FULL, NULL, &store, &err), 0);
	assert_holds(store, "1 a@b [||||] 0 0 0 0\n");
	assert_int_equal(try_open(t->path, &err), -EBUSY); /* also within one process */
	hg_sqlite_close(store);
	assert_int_equal(try_open(t->path, &err), 0);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_newer_version_is_refused(void **state)
{
	struct scratch *t = *state;
	struct hg_err err;

	assert_int_equal(try_open(t->path, &err), 0);
	run_sql(t->path, "PRAGMA user_version = 99");
	assert_int_equal(try_open(t->path, &err), -EPROTO);
	assert_string_equal(err.where, t->path);
	assert_non_null(strstr(err.what, "newer Heliograph: store version 99"));
	assert_non_null(strstr(err.hint, "run that version"));
	run_sql(t->path, "PRAGMA user_version = 5");
	assert_int_equal(try_open(t->path, &err), 0);
}

/*
 * As an older version left it: `held` was in it, and `lacking` takes away what it had not. What it
 * held is still there, and `added`, of the newer kinds, can be written.
 */
static void brought_forward(struct scratch *t, const char *lacking, const struct hg_fact *fact,
	size_t held, size_t added, const char *holds)
{
	struct hg_store *store;
	struct hg_err err;

	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_NORMAL, NULL, &store, &err), 0);
	store->ops->commit(store, fact, held, ignore, NULL);
	hg_sqlite_close(store);
	run_sql(t->path, lacking);
	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_NORMAL, NULL, &store, &err), 0);
	store->ops->commit(store, fact + held, added, ignore, NULL);
	assert_holds(store, holds);
	hg_sqlite_close(store);
}

static const struct hg_fact card = { HG_FACT_CARD, .owner = HG_STR("a@b"), .name = HG_STR("title"),
	.value = HG_STR("Writer"), .number = { 3 }, .time = 9 };

/* Version 1 had no user records. */
static void version_1_is_brought_forward(void **state)
{
	const struct hg_fact fact[] = { { HG_FACT_USER, .owner = HG_STR("a@b") },
		{ HG_FACT_LIST, .owner = HG_STR("a@b"), .number = { 7 } }, card };

	brought_forward(*state,
		"DROP TABLE card; DROP TABLE delegates; DROP TABLE delegate; DROP TABLE kept;"
		" ALTER TABLE link DROP COLUMN memo; PRAGMA user_version = 1",
		fact, 2, 1,
		"1 a@b [||||] 0 0 0 0\n"
		"5 a@b [||||] 7 0 0 0\n"
		"10 a@b [title|Writer|||] 3 0 0 9\n");
}

/* Version 2 had no delegates. */
static void version_2_is_brought_forward(void **state)
{
	const struct hg_fact fact[] = { { HG_FACT_USER, .owner = HG_STR("a@b") }, card,
		{ HG_FACT_DELEGATES, .owner = HG_STR("a@b"), .number = { 4 } },
		{ HG_FACT_DELEGATE, .owner = HG_STR("a@b"), .name = HG_STR("c@b"),
			.number = { 1, 0 } } };

	brought_forward(*state,
		"DROP TABLE delegates; DROP TABLE delegate; DROP TABLE kept;"
		" ALTER TABLE link DROP COLUMN memo; PRAGMA user_version = 2",
		fact, 2, 2,
		"1 a@b [||||] 0 0 0 0\n"
		"10 a@b [title|Writer|||] 3 0 0 9\n"
		"11 a@b [||||] 4 0 0 0\n"
		"12 a@b [c@b||||] 1 0 0 0\n");
}

/* Version 3 had nothing that adapters keep. */
static void version_3_is_brought_forward(void **state)
{
	const struct hg_fact fact[] = { { HG_FACT_USER, .owner = HG_STR("a@b") },
		{ HG_FACT_KEPT, .owner = HG_STR("sip"), .name = HG_STR("x"), .value = HG_STR("y"),
			.until = 5 } };

	brought_forward(*state,
		"DROP TABLE kept; ALTER TABLE link DROP COLUMN memo; PRAGMA user_version = 3", fact,
		1, 1,
		"1 a@b [||||] 0 0 0 0\n"
		"15 sip [x|y|||] 0 0 0 0\n");
}

/* Version 4 remembered nothing of an account; the links that it had are links. */
static void version_4_is_brought_forward(void **state)
{
	const struct hg_fact fact[] = { { HG_FACT_USER, .owner = HG_STR("a@b") },
		{ HG_FACT_LINK, .owner = HG_STR("a@b"), .name = HG_STR("c@d") },
		{ HG_FACT_LINK, .owner = HG_STR("a@b"), .name = HG_STR("e@f"),
			.value = HG_STR("x") } };

	brought_forward(*state, "ALTER TABLE link DROP COLUMN memo; PRAGMA user_version = 4", fact,
		2, 1,
		"1 a@b [||||] 0 0 0 0\n"
		"9 a@b [c@d||||] 0 0 0 0\n"
		"9 a@b [e@f|x|||] 0 0 0 0\n");
}

static void what_is_not_ours_is_left_alone(void **state)
{
	struct scratch *t = *state;
	char path[64];
	struct hg_err err;

	run_sql(t->path, "CREATE TABLE accounts (name TEXT)");
	assert_int_equal(try_open(t->path, &err), -EINVAL);
	assert_non_null(strstr(err.what, "not one of Heliograph"));

	FILE *f = fopen(t->path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("this is not a database\n", f);
	fclose(f);
	assert_int_equal(try_open(t->path, &err), -EIO);
	assert_non_null(strstr(err.what, "not a database"));
	assert_non_null(strstr(err.hint, "restore"));

	assert_int_equal(try_open(t->dir, &err), -EINVAL);
	assert_string_equal(err.what, "the store must be a file");
	snprintf(path, sizeof(path), "%s/none/store.db", t->dir);
	assert_int_equal(try_open(path, &err), -ENOENT);
	assert_non_null(strstr(err.hint, "directory"));
}

/* As a later version would do it: two steps, one of which may fail. */
static void an_older_version_is_brought_forward(void **state)
{
	static const char *const bad[] = { NULL, NULL, NULL, NULL, NULL,
		"ALTER TABLE user ADD COLUMN x TEXT", "no sql" };
	static const char *const good[] = { NULL, NULL, NULL, NULL, NULL,
		"ALTER TABLE user ADD COLUMN x TEXT", "ALTER TABLE user RENAME COLUMN x TO y" };
	struct scratch *t = *state;
	struct hg_err err;
	sqlite3 *db;

	assert_int_equal(try_open(t->path, &err), 0);
	assert_int_equal(sqlite3_open(t->path, &db), SQLITE_OK);
	assert_int_equal(hg_schema_settle(db, t->path, bad, 7, &err), -EIO);
	assert_int_equal(
		hg_schema_settle(db, t->path, NULL, 5, &err), 0); /* nothing of it happened */
	assert_int_equal(hg_schema_settle(db, t->path, good, 7, &err), 0);
	assert_int_equal(sqlite3_exec(db, "SELECT y FROM user", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(hg_schema_settle(db, t->path, NULL, 7, &err), 0);
	sqlite3_close(db);
	assert_int_equal(try_open(t->path, &err), -EPROTO);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		T(the_file_is_private),
		T(a_second_daemon_is_kept_out),
		T(a_newer_version_is_refused),
		T(version_1_is_brought_forward),
		T(version_3_is_brought_forward),
		T(version_2_is_brought_forward),
		T(version_4_is_brought_forward),
		T(what_is_not_ours_is_left_alone),
		T(an_older_version_is_brought_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
