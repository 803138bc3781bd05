/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the turn stands. libuv goes round as
 *
 *     timers -> prepare -> wait, and callbacks of file descriptors -> closed handles -> timers ...
 *
 * so `prepare` is behind every callback there is and right in front of the only place that waits:
 * one hook there is enough. What a descriptor's callback made reaches it without a wait in between,
 * together with what timers that are due make, and is one turn. A hook in `check`, behind the wait,
 * would cut that into two turns and still need this one for the timers.
 *
 * Work that the turn itself or a flusher makes (hg_loop_again) is done in the same place, a few
 * rounds at most: a core and an adapter that keep each other busy must not shut out the peers.
 * After that the loop looks at its descriptors without waiting (libuv does so while an idle handle
 * is active) and comes back.
 */
#include "bridge/loop/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS_MOST 8

struct flusher {
	void (*flush)(void *arg);
	void *arg;
};

struct hg_loop {
	uv_loop_t uv;
	uv_prepare_t before_wait;
	uv_idle_t no_wait;
	void (*turn)(void *arg);
	void *turn_arg;
	struct flusher *flusher;
	size_t nflushers, cap;
	bool again;
	struct hg_now (*clock)(void *arg);
	void *clock_arg;
	uv_signal_t sig[3];
	void (*caught)(void *arg, int signum);
	void *caught_arg;
};

static void do_nothing(uv_idle_t *idle)
{
}

static void one_round(struct hg_loop *loop)
{
	loop->again = false;
	if (loop->turn)
		loop->turn(loop->turn_arg);
	for (size_t i = 0; i < loop->nflushers; i++)
		loop->flusher[i].flush(loop->flusher[i].arg);
}

static void run_turn(struct hg_loop *loop)
{
	int rounds = 0;

	do
		one_round(loop);
	while (loop->again && ++rounds < ROUNDS_MOST);
	if (loop->again)
		uv_idle_start(&loop->no_wait, do_nothing);
	else
		uv_idle_stop(&loop->no_wait);
}

static void before_wait(uv_prepare_t *prepare)
{
	run_turn(prepare->data);
}

struct hg_loop *hg_loop_new(void)
{
	struct hg_loop *loop = hg_alloc(sizeof(*loop));
	int rc = uv_loop_init(&loop->uv);

	assert(!rc); /* no epoll, no descriptors: nothing can run */
	signal(SIGPIPE, SIG_IGN);
	uv_prepare_init(&loop->uv, &loop->before_wait);
	loop->before_wait.data = loop;
	uv_prepare_start(&loop->before_wait, before_wait);
	uv_idle_init(&loop->uv, &loop->no_wait);
	return loop;
}

uv_loop_t *hg_loop_uv(struct hg_loop *loop)
{
	return &loop->uv;
}

void hg_loop_run(struct hg_loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	/* What the last look at the descriptors brought: libuv returned in front of `prepare`. */
	run_turn(loop);
}

void hg_loop_stop(struct hg_loop *loop)
{
	uv_stop(&loop->uv);
}

/* Somebody forgot to free it; its memory is lost, but the loop can end. */
static void close_left(uv_handle_t *handle, void *arg)
{
	if (uv_is_closing(handle))
		return;
	hg_log(HG_ERROR, "loop-handle-left", "type=%s",
		uv_handle_type_name(uv_handle_get_type(handle)));
	uv_close(handle, NULL);
}

void hg_loop_free(struct hg_loop *loop)
{
	if (!loop)
		return;
	uv_close((uv_handle_t *)&loop->before_wait, NULL);
	uv_close((uv_handle_t *)&loop->no_wait, NULL);
	for (size_t i = 0; loop->caught && i < 3; i++)
		uv_close((uv_handle_t *)&loop->sig[i], NULL);
	uv_walk(&loop->uv, close_left, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	int rc = uv_loop_close(&loop->uv);
	assert(!rc);
	free(loop->flusher);
	free(loop);
}

void hg_loop_on_turn(struct hg_loop *loop, void (*turn)(void *arg), void *arg)
{
	loop->turn = turn;
	loop->turn_arg = arg;
}

void hg_loop_on_turn_end(struct hg_loop *loop, void (*flush)(void *arg), void *arg)
{
	hg_grow(&loop->flusher, &loop->cap, loop->nflushers, sizeof(*loop->flusher));
	loop->flusher[loop->nflushers++] = (struct flusher){ flush, arg };
}

void hg_loop_again(struct hg_loop *loop)
{
	loop->again = true;
}

void hg_loop_clock(struct hg_loop *loop, struct hg_now (*read)(void *arg), void *arg)
{
	loop->clock = read;
	loop->clock_arg = arg;
}

static int64_t read_clock(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

struct hg_now hg_loop_now(const struct hg_loop *loop)
{
	if (loop->clock)
		return loop->clock(loop->clock_arg);
	return (struct hg_now){ read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_REALTIME) };
}

static void on_signal(uv_signal_t *sig, int signum)
{
	struct hg_loop *loop = sig->data;

	loop->caught(loop->caught_arg, signum);
}

void hg_loop_on_signal(struct hg_loop *loop, void (*caught)(void *arg, int signum), void *arg)
{
	static const int which[] = { SIGTERM, SIGINT, SIGHUP };

	assert(!loop->caught);
	loop->caught = caught;
	loop->caught_arg = arg;
	for (size_t i = 0; i < 3; i++) {
		uv_signal_init(&loop->uv, &loop->sig[i]);
		loop->sig[i].data = loop;
		uv_signal_start(&loop->sig[i], on_signal, which[i]);
	}
}
