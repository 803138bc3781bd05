/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the loop's thread to the worker and back. There is one batch at a time: what is queued while
 * it is under way is the next one, so the slower the disk, the larger the groups, and nobody waits
 * for a window to close.
 */
#include "bridge/store/private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * A batch belongs to the worker's round trip: it is freed where that ends, in `back`, even if the
 * store was closed before. Closing may also take it off a worker that has not begun; whoever finds
 * it NEW does the work.
 */
struct hg_batch {
	struct hg_sqlite *store; /* NULL: closed meanwhile, and all answered */
	struct hg_commits commits;
	pthread_mutex_t lock;
	pthread_cond_t worked;
	enum { NEW, BEGUN, WORKED } stage; /* under `lock` */
};

static void append_take(struct hg_commits *list, struct hg_commit *c)
{
	if (list->last)
		list->last->next = c;
	else
		list->first = c;
	list->last = c;
}

static struct hg_commits take_all(struct hg_commits *list)
{
	struct hg_commits all = *list;

	*list = (struct hg_commits){ 0 };
	return all;
}

static void answer_take(struct hg_commits list)
{
	for (struct hg_commit *c = list.first, *next; c; c = next) {
		next = c->next;
		c->done(c->arg, c->rc);
		free(c);
	}
}

static struct hg_str copy_str(char **to, struct hg_str s)
{
	struct hg_str copy = { *to, s.n };

	if (s.n)
		*to = mempcpy(*to, s.p, s.n);
	return copy;
}

static struct hg_commit *commit_new(
	const struct hg_fact *fact, size_t n, void (*done)(void *arg, int rc), void *arg)
{
	size_t size = sizeof(struct hg_commit) + n * sizeof(*fact);
	char *text;

	for (size_t i = 0; i < n; i++)
		size += fact[i].owner.n + fact[i].name.n + fact[i].value.n + fact[i].extra.n +
			fact[i].more.n + fact[i].groups.n;

	struct hg_commit *c = hg_alloc(size);
	*c = (struct hg_commit){ .done = done, .arg = arg, .n = n };
	text = (char *)&c->fact[n];
	for (size_t i = 0; i < n; i++) {
		struct hg_fact *to = &c->fact[i];

		*to = fact[i];
		to->owner = copy_str(&text, fact[i].owner);
		to->name = copy_str(&text, fact[i].name);
		to->value = copy_str(&text, fact[i].value);
		to->extra = copy_str(&text, fact[i].extra);
		to->more = copy_str(&text, fact[i].more);
		to->groups = copy_str(&text, fact[i].groups);
	}
	return c;
}

static struct hg_batch *batch_new_take(struct hg_sqlite *s, struct hg_commits commits)
{
	struct hg_batch *b = hg_alloc(sizeof(*b));

	b->store = s;
	b->commits = commits;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->worked, NULL);
	return b;
}

static void batch_free(struct hg_batch *b)
{
	pthread_cond_destroy(&b->worked);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/* On the worker, or on the loop's thread while closing. */
static void work(void *arg)
{
	struct hg_batch *b = arg;

	pthread_mutex_lock(&b->lock);
	bool mine = b->stage == NEW;
	if (mine)
		b->stage = BEGUN;
	pthread_mutex_unlock(&b->lock);
	if (!mine)
		return;
	hg_transaction_run(b->store, b->commits.first);
	pthread_mutex_lock(&b->lock);
	b->stage = WORKED;
	pthread_cond_signal(&b->worked);
	pthread_mutex_unlock(&b->lock);
}

static void start(struct hg_sqlite *s);

/* On the loop's thread, when the worker is through. */
static void back(void *arg)
{
	struct hg_batch *b = arg;
	struct hg_sqlite *s = b->store;

	if (s) {
		struct hg_commits commits = b->commits;

		/* The worker goes on before the answers are given: what they lead to is the batch
		 * after the next. */
		s->running = NULL;
		start(s);
		answer_take(commits);
	}
	batch_free(b);
}

static void start(struct hg_sqlite *s)
{
	if (s->running || !s->queued.first)
		return;
	s->running = batch_new_take(s, take_all(&s->queued));
	int rc = s->worker.queue(s->worker.ctx, work, back, s->running);
	assert(!rc); /* libuv's has no other reason to refuse than a missing function */
}

void hg_queue_commit(struct hg_store *store, const struct hg_fact *fact, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct hg_sqlite *s = (struct hg_sqlite *)store;
	struct hg_commit *c = commit_new(fact, n, done, arg);

	if (s->worker.queue) {
		append_take(&s->queued, c);
		start(s);
	} else {
		hg_transaction_run(s, c);
		append_take(&s->worked, c);
	}
}

static void finish_running(struct hg_sqlite *s)
{
	struct hg_batch *b = s->running;

	work(b);
	pthread_mutex_lock(&b->lock);
	while (b->stage != WORKED)
		pthread_cond_wait(&b->worked, &b->lock);
	pthread_mutex_unlock(&b->lock);
	s->running = NULL;
	b->store = NULL;
	answer_take(take_all(&b->commits));
}

void hg_queue_drain(struct hg_sqlite *s)
{
	while (hg_sqlite_busy(&s->store)) {
		if (s->running)
			finish_running(s);
		hg_sqlite_pump(&s->store);
		start(s);
	}
}

bool hg_sqlite_busy(const struct hg_store *store)
{
	const struct hg_sqlite *s = (const struct hg_sqlite *)store;

	return s->running || s->queued.first || s->worked.first;
}

void hg_sqlite_pump(struct hg_store *store)
{
	struct hg_sqlite *s = (struct hg_sqlite *)store;

	answer_take(take_all(&s->worked));
}
