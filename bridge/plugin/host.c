/* SPDX-License-Identifier: Apache-2.0 */
/* The loop's half of struct hg_host. */

#include "bridge/plugin/registry.h"

#include "bridge/mirror/mirror.h"

static struct hg_loop *loop_of(struct hg_core *c)
{
	struct hg_runtime *r = hg_core_context(c);

	return r->loop;
}

static hg_timer *timer_new(struct hg_core *c, void (*fire)(void *arg), void *arg)
{
	return hg_timer_new(loop_of(c), fire, arg);
}

static hg_poll *poll_new(struct hg_core *c, int fd, void (*ready)(void *arg, int events), void *arg)
{
	return hg_poll_new(loop_of(c), fd, ready, arg);
}

static void on_turn_end(struct hg_core *c, void (*flush)(void *arg), void *arg)
{
	hg_loop_on_turn_end(loop_of(c), flush, arg);
}

static int queue_work(
	struct hg_core *c, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	return hg_loop_queue_work(loop_of(c), work, done, arg);
}

const struct hg_host *hg_host(void)
{
	static struct hg_host host;

	hg_core_host(&host);
	host.timer_new = timer_new;
	host.timer_set = hg_timer_set;
	host.timer_free = hg_timer_free;
	host.poll_new = poll_new;
	host.poll_set = hg_poll_set;
	host.poll_free = hg_poll_free;
	host.on_turn_end = on_turn_end;
	host.queue_work = queue_work;
	return &host;
}
