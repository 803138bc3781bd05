/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop that everything runs on: libuv, as thin as <heliograph/adapter.h> ("the loop") lets it
 * be. All calls come from the loop's thread. Handles may be freed at any time, also in their own
 * callback; their memory goes in libuv's close callback.
 *
 * A turn is what happens between two waits: callbacks of file descriptors, timers and finished work
 * run as they come, then the core's `turn` once for all of them, then the flushers, which write out
 * what the turn has gathered.
 */
#pragma once

#include <heliograph/adapter.h>

#include <uv.h>

struct hg_loop;

/* SIGPIPE is ignored from now on: a broken connection is an errno. */
struct hg_loop *hg_loop_new(void);
/* Until hg_loop_stop; what has happened by then has had its turn. */
void hg_loop_run(struct hg_loop *);
void hg_loop_stop(struct hg_loop *);
/* Timers and polls must have been freed. Waits for work that is under way; no turn comes any more.
 * NULL is fine. */
void hg_loop_free(struct hg_loop *);
/* For what needs more of libuv than this; what its callbacks do is part of a turn like any other. */
uv_loop_t *hg_loop_uv(struct hg_loop *);

/* The core's part of a turn; one, set before the loop runs. */
void hg_loop_on_turn(struct hg_loop *, void (*turn)(void *arg), void *arg);
/* After each turn, in the order of registration; for the life of the loop. */
void hg_loop_on_turn_end(struct hg_loop *, void (*flush)(void *arg), void *arg);
/* To be called in `turn` or in a flusher when it left work for a turn: there is one more before the
 * loop waits. */
void hg_loop_again(struct hg_loop *);

/* Where time comes from; NULL: the system's clocks. Timers always run on the system's monotonic
 * clock. */
void hg_loop_clock(struct hg_loop *, struct hg_now (*read)(void *arg), void *arg);
struct hg_now hg_loop_now(const struct hg_loop *);

/* SIGTERM, SIGINT and SIGHUP, in a turn like everything else. */
void hg_loop_on_signal(struct hg_loop *, void (*caught)(void *arg, int signum), void *arg);

hg_timer *hg_timer_new(struct hg_loop *, void (*fire)(void *arg), void *arg);
void hg_timer_set(hg_timer *, int64_t ms); /* once, from now; <0 stops */
void hg_timer_free(hg_timer *);            /* NULL is fine */

/* NULL, and a line in the log, for what cannot be polled: a file, a closed descriptor, one that has
 * a poll already. An error on the descriptor is told as readable and writable: the owner's next
 * read or write finds it. */
hg_poll *hg_poll_new(struct hg_loop *, int fd, void (*ready)(void *arg, int events), void *arg);
void hg_poll_set(hg_poll *, int events); /* HG_READABLE, HG_WRITABLE; 0 stops */
void hg_poll_free(hg_poll *);            /* before the fd is closed; NULL is fine */

/* `work` on another thread, then `done` in a turn. Always 0. */
int hg_loop_queue_work(
	struct hg_loop *, void (*work)(void *arg), void (*done)(void *arg), void *arg);
