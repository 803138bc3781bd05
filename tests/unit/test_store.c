/* SPDX-License-Identifier: Apache-2.0 */
/* What is committed comes back, in order; what fails leaves nothing behind. No worker here. */
#include "tests/unit/test_store.h"

#include <errno.h>

#define A .owner = HG_STR("alice@corp.example")

/* One of every kind, each field that the kind has set, in no order. */
static const struct hg_fact everything[] = {
	{ HG_FACT_WATCH, A, .name = HG_STR("romeo@xmpp.example"), .number = { 2 },
		.value = HG_STR("sip:Alice@corp.example"), .extra = HG_STR("romeo@xmpp.example") },
	{ HG_FACT_CONTACT, A, .name = HG_STR("romeo@xmpp.example"),
		.value = HG_STR("Romeo@xmpp.example"), .extra = HG_STR("Roméo 漢"),
		.more = HG_STR("<x/>"), .groups = HG_STR("1 3"), .number = { 1 } },
	{ HG_FACT_GROUP, A, .number = { 3 }, .value = HG_STR("Verona"), .extra = HG_STR("urn:g") },
	{ HG_FACT_LIST, A, .number = { 4294967295 } },
	{ HG_FACT_MEMBER, A, .number = { 400, 6 }, .name = HG_STR("romeo@xmpp.example") },
	{ HG_FACT_MEMBER, A, .number = { 100, 2 } },
	{ HG_FACT_CONTAINER, A, .number = { 400, 7 } },
	{ HG_FACT_PUBLICATION, A, .name = HG_STR("note"), .number = { 200, 4000000000, 3 },
		.value = HG_STR("<note>\0</note>"), .time = -5 },
	{ HG_FACT_PUBLICATION, A, .name = HG_STR("note"), .number = { 200, 12, 1 },
		.value = HG_STR("<n/>"), .time = 1795290174123 },
	{ HG_FACT_USER, A },
	{ HG_FACT_WATCH, .owner = HG_STR("romeo@xmpp.example"),
		.name = HG_STR("alice@corp.example"), .number = { 1 } },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char everything_text[] =
	"1 alice@corp.example [||||] 0 0 0 0\n"
	"2 alice@corp.example [note|<n/>|||] 200 12 1 1795290174123\n"
	"2 alice@corp.example [note|<note>|||] 200 4000000000 3 -5\n"
	"3 alice@corp.example [||||] 400 7 0 0\n"
	"4 alice@corp.example [||||] 100 2 0 0\n"
	"4 alice@corp.example [romeo@xmpp.example||||] 400 6 0 0\n"
	"5 alice@corp.example [||||] 4294967295 0 0 0\n"
	"6 alice@corp.example [|Verona|urn:g||] 3 0 0 0\n"
	"7 alice@corp.example [romeo@xmpp.example|Romeo@xmpp.example|Roméo 漢|<x/>|1 3] 1 0 0 0\n"
	"8 alice@corp.example [romeo@xmpp.example|sip:Alice@corp.example|romeo@xmpp.example||] 2 0 0 0\n"
	"8 romeo@xmpp.example [alice@corp.example||||] 1 0 0 0\n";

static struct hg_store *reopen(struct hg_store *old, const struct scratch *t)
{
	struct hg_store *store;
	struct hg_err err;

	hg_sqlite_close(old);
	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_FULL, NULL, &store, &err), 0);
	return store;
}

static void keep_rc(void *arg, int rc)
{
	*(int *)arg = rc;
}

static int commit(struct hg_store *store, const struct hg_fact *fact, size_t n)
{
	int rc = 12345;

	store->ops->commit(store, fact, n, keep_rc, &rc);
	assert_int_equal(rc, 12345); /* not from within */
	assert_true(hg_sqlite_busy(store));
	hg_sqlite_pump(store);
	assert_false(hg_sqlite_busy(store));
	return rc;
}

static void every_kind_round_trips(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	struct hg_buf b = { 0 };
	struct hg_err err;

	assert_holds(store, "");
	assert_int_equal(commit(store, everything, COUNT(everything)), 0);
	store = reopen(store, *state);
	/* the NUL in a payload is one of its octets */
	assert_int_equal(hg_sqlite_load(store, write_fact, &b, &err), 0);
	assert_int_equal(b.n, sizeof(everything_text) - 1);
	assert_string_equal(b.p, everything_text);
	hg_buf_done(&b);
	hg_sqlite_close(store);
}

static void length_of_payload(void *arg, const struct hg_fact *f)
{
	if (f->kind == HG_FACT_PUBLICATION && f->time == -5)
		*(size_t *)arg = f->value.n;
}

static void a_payload_keeps_its_octets(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	struct hg_err err;
	size_t n = 0;

	assert_int_equal(commit(store, everything, COUNT(everything)), 0);
	assert_int_equal(hg_sqlite_load(store, length_of_payload, &n, &err), 0);
	assert_int_equal(n, sizeof("<note>\0</note>") - 1);
	hg_sqlite_close(store);
}

static void a_fact_replaces_the_one_with_its_key(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	const struct hg_fact first[] = {
		{ HG_FACT_PUBLICATION, A, .name = HG_STR("note"), .number = { 200, 0, 1 },
			.value = HG_STR("a") },
		{ HG_FACT_PUBLICATION, A, .name = HG_STR("note"), .number = { 300, 0, 1 },
			.value = HG_STR("b") },
		{ HG_FACT_LIST, A, .number = { 4 } },
	};
	const struct hg_fact second[] = {
		{ HG_FACT_PUBLICATION, A, .name = HG_STR("note"), .number = { 200, 0, 2 },
			.value = HG_STR("c") },
		{ HG_FACT_LIST, A, .number = { 5 } },
		{ HG_FACT_LIST, A, .number = { 6 } }, /* in order: the last one holds */
	};

	assert_int_equal(commit(store, first, COUNT(first)), 0);
	assert_int_equal(commit(store, second, COUNT(second)), 0);
	assert_holds(store,
		"2 alice@corp.example [note|c|||] 200 0 2 0\n"
		"2 alice@corp.example [note|b|||] 300 0 1 0\n"
		"5 alice@corp.example [||||] 6 0 0 0\n");
	hg_sqlite_close(store);
}

static void gone_takes_what_has_the_key(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	struct hg_buf left = { 0 };
	struct hg_err err;

	/* Each but the users: one at a time, with nothing but the key. */
	for (size_t i = 0; i < COUNT(everything); i++) {
		struct hg_fact gone = everything[i];

		if (gone.kind == HG_FACT_USER)
			continue;
		assert_int_equal(commit(store, everything, COUNT(everything)), 0);
		gone.gone = true;
		gone.value = gone.extra = gone.more = gone.groups = HG_STR_NONE;
		gone.time = 0;
		assert_int_equal(commit(store, &gone, 1), 0);
		assert_int_equal(hg_sqlite_load(store, write_fact, &left, &err), 0);
		size_t lines = 0;
		for (const char *p = left.p; (p = strchr(p, '\n')); p++)
			lines++;
		assert_int_equal(lines, COUNT(everything) - 1);
		hg_buf_reset(&left);
		assert_int_equal(commit(store, &gone, 1), 0); /* once more is no error */
	}
	hg_buf_done(&left);
	hg_sqlite_close(store);
}

static void a_user_goes_with_everything(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	const struct hg_fact carol = { HG_FACT_USER, .owner = HG_STR("carol@corp.example") };
	const struct hg_fact gone = { HG_FACT_USER, A, .gone = true };

	assert_int_equal(commit(store, everything, COUNT(everything)), 0);
	assert_int_equal(commit(store, &carol, 1), 0);
	assert_int_equal(commit(store, &gone, 1), 0);
	assert_holds(store,
		"1 carol@corp.example [||||] 0 0 0 0\n"
		"8 romeo@xmpp.example [alice@corp.example||||] 1 0 0 0\n");
	hg_sqlite_close(store);
}

static void exec(struct hg_store *store, const char *sql)
{
	assert_int_equal(
		sqlite3_exec(((struct hg_sqlite *)store)->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void a_failed_commit_left_nothing(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	const struct hg_fact good = { HG_FACT_LIST, A, .number = { 1 } };
	const struct hg_fact half[] = {
		{ HG_FACT_LIST, A, .number = { 2 } },
		{ HG_FACT_GROUP, A, .number = { 1 }, .value = HG_STR("secret words") },
		{ HG_FACT_LIST, A, .number = { 3 } },
	};
	const struct hg_fact nobody = { .kind = HG_FACT_USER },
			     no_kind = { .kind = HG_FACT_KINDS, A };

	assert_int_equal(commit(store, &good, 1), 0);
	exec(store,
		"CREATE TRIGGER no BEFORE INSERT ON contact_group BEGIN SELECT raise(ABORT, 'no'); END");
	test_log_start();
	assert_int_equal(commit(store, half, COUNT(half)), -EINVAL);
	assert_int_equal(commit(store, half, COUNT(half)), -EINVAL);
	assert_holds(store, "5 alice@corp.example [||||] 1 0 0 0\n");
	/* one line for the state, not for each; and no word of the person's */
	assert_non_null(strstr(test_log_lines().p, "error store-failed path="));
	assert_null(strstr(strstr(test_log_lines().p, "store-failed") + 1, "store-failed"));
	assert_false(test_log_has("secret"));
	exec(store, "DROP TRIGGER no");
	assert_int_equal(commit(store, half, COUNT(half)), 0);
	assert_true(test_log_has("info store-recovered path="));
	assert_int_equal(commit(store, &nobody, 1), -EINVAL);
	assert_int_equal(commit(store, &no_kind, 1), -EINVAL);
	test_log_stop();
	assert_holds(store,
		"5 alice@corp.example [||||] 3 0 0 0\n"
		"6 alice@corp.example [|secret words|||] 1 0 0 0\n");
	hg_sqlite_close(store);
}

static void a_full_disk_is_survived(void **state)
{
	struct hg_store *store = reopen(NULL, *state);
	static char big[200000];
	const struct hg_fact facts[] = {
		{ HG_FACT_LIST, A, .number = { 1 } },
		{ HG_FACT_PUBLICATION, A, .name = HG_STR("contactCard"),
			.value = { big, sizeof(big) } },
	};

	memset(big, 'x', sizeof(big));
	exec(store, "PRAGMA max_page_count = 40");
	test_log_start();
	assert_int_equal(commit(store, facts, 2), -ENOSPC);
	assert_holds(store, "");
	assert_int_equal(commit(store, facts, 1), 0);
	test_log_stop();
	exec(store, "PRAGMA max_page_count = 1000000");
	assert_int_equal(commit(store, facts, 2), 0);
	hg_sqlite_close(store);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		T(every_kind_round_trips),
		T(a_payload_keeps_its_octets),
		T(a_fact_replaces_the_one_with_its_key),
		T(gone_takes_what_has_the_key),
		T(a_user_goes_with_everything),
		T(a_failed_commit_left_nothing),
		T(a_full_disk_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
