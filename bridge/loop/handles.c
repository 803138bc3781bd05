/* SPDX-License-Identifier: Apache-2.0 */
/* Timers, polls and work for other threads. */
#include "bridge/loop/loop.h"

#include <assert.h>
#include <stdlib.h>

struct hg_timer {
	uv_timer_t uv;
	void (*fire)(void *arg);
	void *arg;
};

struct hg_poll {
	uv_poll_t uv;
	int wanted; /* libuv's events, 0 stopped */
	void (*ready)(void *arg, int events);
	void *arg;
};

struct job {
	uv_work_t uv;
	void (*work)(void *arg);
	void (*done)(void *arg);
	void *arg;
};

/* The uv handle is the first member of whatever it is in. */
static void free_closed(uv_handle_t *handle)
{
	free(handle);
}

/* ---- timers ---- */

static void on_timer(uv_timer_t *uv)
{
	hg_timer *t = (hg_timer *)uv;

	t->fire(t->arg); /* may have freed t */
}

hg_timer *hg_timer_new(struct hg_loop *loop, void (*fire)(void *arg), void *arg)
{
	hg_timer *t = hg_alloc(sizeof(*t));

	uv_timer_init(hg_loop_uv(loop), &t->uv);
	t->fire = fire;
	t->arg = arg;
	return t;
}

void hg_timer_set(hg_timer *t, int64_t ms)
{
	if (ms < 0) {
		uv_timer_stop(&t->uv);
		return;
	}
	/* libuv counts from the beginning of its round: after a long callback that is too early */
	uv_update_time(t->uv.loop);
	uv_timer_start(&t->uv, on_timer, (uint64_t)ms, 0);
}

void hg_timer_free(hg_timer *t)
{
	if (t)
		uv_close((uv_handle_t *)&t->uv, free_closed);
}

/* ---- polls ---- */

static void on_poll(uv_poll_t *uv, int status, int events)
{
	hg_poll *p = (hg_poll *)uv;

	if (status < 0) {
		/* libuv has stopped the handle. Started again it behaves as poll(2) does. */
		uv_poll_start(&p->uv, p->wanted, on_poll);
		p->ready(p->arg, HG_READABLE | HG_WRITABLE);
		return;
	}
	p->ready(p->arg,
		(events & UV_READABLE ? HG_READABLE : 0) |
			(events & UV_WRITABLE ? HG_WRITABLE : 0)); /* may have freed p */
}

hg_poll *hg_poll_new(struct hg_loop *loop, int fd, void (*ready)(void *arg, int events), void *arg)
{
	hg_poll *p = hg_alloc(sizeof(*p));
	int rc = uv_poll_init(hg_loop_uv(loop), &p->uv, fd);

	if (rc) {
		hg_log(HG_ERROR, "poll-failed", "fd=%d error=\"%s\"", fd, uv_strerror(rc));
		free(p);
		return NULL;
	}
	p->ready = ready;
	p->arg = arg;
	return p;
}

void hg_poll_set(hg_poll *p, int events)
{
	int wanted = (events & HG_READABLE ? UV_READABLE : 0) |
		(events & HG_WRITABLE ? UV_WRITABLE : 0);

	if (wanted == p->wanted)
		return;
	p->wanted = wanted;
	if (wanted)
		uv_poll_start(&p->uv, wanted, on_poll);
	else
		uv_poll_stop(&p->uv);
}

void hg_poll_free(hg_poll *p)
{
	if (p)
		uv_close((uv_handle_t *)&p->uv, free_closed); /* the fd is out of epoll at once */
}

/* ---- work ---- */

static void on_work(uv_work_t *uv)
{
	struct job *j = (struct job *)uv;

	j->work(j->arg);
}

static void on_worked(uv_work_t *uv, int status)
{
	struct job *j = (struct job *)uv;

	j->done(j->arg);
	free(j);
}

int hg_loop_queue_work(
	struct hg_loop *loop, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct job *j = hg_alloc(sizeof(*j));

	j->work = work;
	j->done = done;
	j->arg = arg;
	int rc = uv_queue_work(hg_loop_uv(loop), &j->uv, on_work, on_worked);
	assert(!rc); /* its only error is a missing function */
	return 0;
}
