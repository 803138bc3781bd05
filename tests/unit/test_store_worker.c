/* SPDX-License-Identifier: Apache-2.0 */
/* Commits by way of a worker thread: grouped, answered on the loop's thread, alone when the group
 * fails. */
#include "tests/unit/test_store.h"

#include <errno.h>
#include <uv.h>

struct job {
	uv_work_t req;
	void (*work)(void *arg), (*done)(void *arg);
	void *arg;
};

static void on_work(uv_work_t *req)
{
	struct job *j = req->data;

	j->work(j->arg);
}

static void on_done(uv_work_t *req, int status)
{
	struct job *j = req->data;

	j->done(j->arg);
	free(j);
}

static int queue(void *ctx, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct job *j = hg_alloc(sizeof(*j));

	*j = (struct job){ .req.data = j, .work = work, .done = done, .arg = arg };
	return uv_queue_work(ctx, &j->req, on_work, on_done);
}

static struct hg_store *open_on(uv_loop_t *loop, const struct scratch *t)
{
	const struct hg_worker worker = { queue, loop };
	struct hg_store *store;
	struct hg_err err;

	assert_int_equal(uv_loop_init(loop), 0);
	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_NORMAL, &worker, &store, &err), 0);
	return store;
}

static void finish(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}

struct answers {
	struct hg_store *store;
	int n, ok, bad, follow_up;
	int order;
};

struct ask {
	struct answers *to;
	int at;
};

static void put_list(struct answers *to, uint32_t value);

static void answered(void *arg, int rc)
{
	struct ask *a = arg;
	struct answers *to = a->to;

	assert_int_equal(a->at, to->n); /* in the order of the commits */
	to->n++;
	*(rc ? &to->bad : &to->ok) += 1;
	if (rc)
		assert_int_equal(rc, -EINVAL);
	free(a);
	if (to->follow_up-- > 0)
		put_list(to, 1000);
}

static void put_list(struct answers *to, uint32_t value)
{
	char owner[32];
	struct ask *a = hg_alloc(sizeof(*a));
	struct hg_fact fact = { HG_FACT_LIST, .number = { value } };

	*a = (struct ask){ to, to->order++ };
	fact.owner = (struct hg_str){ owner, (size_t)snprintf(owner, sizeof(owner), "u%d", a->at) };
	to->store->ops->commit(to->store, &fact, 1, answered, a);
	memset(owner, '?', sizeof(owner)); /* was copied */
}

static int commits_seen;

static int count_commit(void *arg)
{
	commits_seen++;
	return 0;
}

static void count_row(void *arg, const struct hg_fact *f)
{
	++*(int *)arg;
}

static int rows(struct hg_store *store)
{
	struct hg_err err;
	int n = 0;

	assert_int_equal(hg_sqlite_load(store, count_row, &n, &err), 0);
	return n;
}

static void what_is_queued_is_one_transaction(void **state)
{
	uv_loop_t loop;
	struct answers a = { .store = open_on(&loop, *state) };

	commits_seen = 0;
	sqlite3_commit_hook(((struct hg_sqlite *)a.store)->db, count_commit, NULL);
	for (uint32_t i = 0; i < 500; i++)
		put_list(&a, i);
	assert_int_equal(a.n, 0);
	assert_true(hg_sqlite_busy(a.store));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_false(hg_sqlite_busy(a.store));
	assert_int_equal(a.ok, 500);
	assert_int_equal(commits_seen, 2); /* the first one alone: the worker was free */
	assert_int_equal(rows(a.store), 500);
	hg_sqlite_close(a.store);
	finish(&loop);
}

static void a_bad_commit_fails_alone(void **state)
{
	uv_loop_t loop;
	struct answers a = { .store = open_on(&loop, *state) };

	test_log_start();
	sqlite3_exec(((struct hg_sqlite *)a.store)->db,
		"CREATE TRIGGER no BEFORE INSERT ON list WHEN new.delta % 10 = 7 "
		"BEGIN SELECT raise(ABORT, 'no'); END",
		NULL, NULL, NULL);
	for (uint32_t i = 0; i < 50; i++)
		put_list(&a, i);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(a.ok, 45);
	assert_int_equal(a.bad, 5);
	assert_int_equal(rows(a.store), 45);
	hg_sqlite_close(a.store);
	finish(&loop);
	test_log_stop();
}

static void answers_may_lead_to_commits(void **state)
{
	uv_loop_t loop;
	struct answers a = { .store = open_on(&loop, *state), .follow_up = 100 };

	for (uint32_t i = 0; i < 10; i++)
		put_list(&a, i);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(a.ok, 110);
	hg_sqlite_close(a.store);
	finish(&loop);
}

/* The loop never turns in between: closing waits for the worker, and answers everything itself. */
static void closing_loses_nothing(void **state)
{
	for (int round = 0; round < 20; round++) {
		uv_loop_t loop;
		struct answers a = { .store = open_on(&loop, *state), .follow_up = 7 };

		for (uint32_t i = 0; i < 20; i++)
			put_list(&a, i);
		if (round % 2)
			usleep(300 * round);
		hg_sqlite_close(a.store);
		assert_int_equal(a.ok, 27);
		finish(&loop);
		a.store = open_on(&loop, *state);
		assert_int_equal(rows(a.store), 27);
		hg_sqlite_close(a.store);
		finish(&loop);
	}
}

static int never(void *ctx, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	void **kept = ctx;

	kept[0] = arg;
	*(void (**)(void *)) & kept[1] = done;
	return 0;
}

/* All threads of the pool may be busy with something else: closing does the work itself. */
static void closing_does_not_wait_for_a_worker_that_has_not_begun(void **state)
{
	struct scratch *t = *state;
	void *kept[2];
	const struct hg_worker worker = { never, kept };
	struct answers a = { 0 };
	struct hg_err err;

	assert_int_equal(hg_sqlite_open(t->path, HG_SYNC_FULL, &worker, &a.store, &err), 0);
	put_list(&a, 1);
	hg_sqlite_close(a.store);
	assert_int_equal(a.ok, 1);
	(*(void (**)(void *)) & kept[1])(kept[0]);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_queued_is_one_transaction),
		T(a_bad_commit_fails_alone),
		T(answers_may_lead_to_commits),
		T(closing_loses_nothing),
		T(closing_does_not_wait_for_a_worker_that_has_not_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
