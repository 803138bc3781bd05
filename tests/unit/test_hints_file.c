/* SPDX-License-Identifier: Apache-2.0 */
/* The file with the hints: what the next start finds in it, and the one after that. */
#include "tests/unit/test_store.h"

#include "bridge/ctl/hints_file.h"
#include "bridge/loop/loop.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { GRACE_MS = 60000, AN_HOUR = 3600 };

struct life {
	struct hg_loop *loop;
	struct hg_hints_file *file;
};

static struct life starts(const struct scratch *t)
{
	struct life l = { .loop = hg_loop_new() };

	l.file = hg_hints_file_open(l.loop, t->path, NULL, GRACE_MS);
	assert_non_null(l.file);
	return l;
}

static void ends(struct life *l, bool in_order)
{
	hg_hints_file_close(l->file, in_order);
	hg_loop_free(l->loop);
}

static void written(void *arg, int rc)
{
	assert_int_equal(rc, 0);
}

/* Puts alice into it, and dies; the last sign of life was so long ago. */
static void hints_and_dies(const struct scratch *t, time_t seconds)
{
	struct hg_fact f = { .kind = HG_FACT_USER, .owner = HG_STR("alice@h") };
	struct life l = starts(t);
	struct hg_store *store = hg_hints_file_store(l.file);
	struct timespec times[2];
	char path[64];

	store->ops->commit(store, &f, 1, written, NULL);
	ends(&l, false);
	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= seconds;
	times[1] = times[0];
	snprintf(path, sizeof(path), "%s-hints", t->path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_next_start_finds_what_is_fresh(void **state)
{
	const struct scratch *t = *state;
	struct life l;

	hints_and_dies(t, 1);
	l = starts(t);
	assert_holds(hg_hints_file_store(l.file), "1 alice@h [||||] 0 0 0 0\n");
	ends(&l, true);
}

/* Nor does the one after that, to which the file is fresh again. */
static void what_is_too_old_nobody_finds(void **state)
{
	const struct scratch *t = *state;
	struct life l;

	hints_and_dies(t, AN_HOUR);
	for (int i = 0; i < 2; i++) {
		l = starts(t);
		assert_holds(hg_hints_file_store(l.file), "");
		ends(&l, i == 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_next_start_finds_what_is_fresh, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_too_old_nobody_finds, scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
