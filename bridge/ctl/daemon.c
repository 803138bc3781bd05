/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/daemon.h"

#include "bridge/compat/compat.h"
#include "bridge/ctl/command.h"
#include "bridge/ctl/http_pages.h"
#include "bridge/ctl/reload.h"
#include "bridge/ctl/supervisor.h"
#include "bridge/ctl/verbs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long people may be told that everybody goes, and adapters may take to close. */
enum { GOODBYE_MS = 3000, STOP_MS = 3000 };

static void count_event(void *arg, enum hg_level level, const char *event)
{
	static const char *const level_name[] = { "error", "warn", "info", "debug" };
	char series[HG_METRICS_TEXT + 1];

	snprintf(series, sizeof(series), "log_events_total{event=\"%s\",level=\"%s\"}", event,
		level_name[level]);
	hg_metrics_count(arg, series, 1);
}

/* ---- the end ---- */

/* Once: a stop that comes when the loop has been left would keep it from being taken apart. */
static void leave(struct hg_daemon *d)
{
	if (!d->left)
		hg_loop_stop(d->runtime.loop);
	d->left = true;
}

static void stop_adapters(struct hg_daemon *d)
{
	d->phase = HG_STOPPING;
	hg_timer_set(d->patience, STOP_MS);
	hg_daemon_stop_adapters(d);
	if (d->running == 0)
		leave(d);
}

void hg_daemon_stopped(void *ctx, void *self)
{
	struct hg_daemon *d = ctx;

	if (d->phase == HG_STOPPING && hg_daemon_adapter_stopped(d, self) && d->running == 0)
		leave(d);
}

static void out_of_patience(void *arg)
{
	struct hg_daemon *d = arg;

	if (d->phase == HG_SAYING_GOODBYE) {
		hg_log(HG_WARN, "goodbye-cut-short", "waiting=%zu", hg_core_waiting(d->core));
		stop_adapters(d);
	} else {
		hg_log(HG_WARN, "stop-cut-short", "adapters=%zu", d->running);
		leave(d);
	}
}

static void caught(void *arg, int signum)
{
	struct hg_daemon *d = arg;

	if (signum == SIGHUP) {
		hg_reload_logged(d);
		return;
	}
	if (d->phase != HG_UP) {
		leave(d); /* asked twice: at once */
		return;
	}
	hg_log(HG_INFO, "stopping", "signal=%d", signum);
	hg_supervisor_stopping();
	d->phase = HG_SAYING_GOODBYE;
	hg_subscriptions_end(d);
	hg_timer_set(d->patience, GOODBYE_MS);
	hg_core_farewell(d->core);
}

/* ---- the turn ---- */

static void turn(void *arg)
{
	struct hg_daemon *d = arg;
	int64_t at;

	hg_core_turn(d->core);
	at = hg_core_deadline(d->core);
	if (at == INT64_MAX)
		hg_timer_set(d->deadline, -1);
	else
		hg_timer_set(d->deadline,
			at > hg_loop_now(d->runtime.loop).mono
				? at - hg_loop_now(d->runtime.loop).mono
				: 0);
	if (d->phase == HG_SAYING_GOODBYE && hg_core_waiting(d->core) == 0 &&
		!hg_core_busy(d->core))
		stop_adapters(d);
}

static void deadline(void *arg)
{
	(void)arg; /* the turn comes by itself after every callback */
}

/* ---- the beginning ---- */

static int queue_work(void *ctx, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct hg_daemon *d = ctx;

	return hg_loop_queue_work(d->runtime.loop, work, done, arg);
}

struct loading {
	struct hg_core *core;
	size_t facts, left_out;
};

static void load_fact(void *arg, const struct hg_fact *f)
{
	struct loading *l = arg;

	l->facts++;
	if (hg_core_load(l->core, f) < 0)
		l->left_out++;
}

static int open_store(struct hg_daemon *d, struct hg_err *err)
{
	struct hg_worker worker = { queue_work, d };
	const struct hg_settings *s = &d->site->settings;
	int rc;

	rc = hg_sqlite_open(s->store_path, s->store_full ? HG_SYNC_FULL : HG_SYNC_NORMAL, &worker,
		&d->store, err);
	if (rc < 0)
		return rc;
	d->store_door = hg_metrics_store_new(d->store, d->metrics);
	d->hints = hg_hints_file_open(d->runtime.loop, s->store_path, &worker, s->limit.grace);
	return 0;
}

static int load(struct hg_daemon *d, struct hg_err *err)
{
	struct loading l = { .core = d->core };
	int rc = hg_sqlite_load(d->store, load_fact, &l, err);

	if (rc < 0)
		return rc;
	hg_log(HG_INFO, "store-loaded", "facts=%zu left_out=%zu", l.facts, l.left_out);
	hg_daemon_add_users(d);
	hg_hints_file_load(d->hints, d->core);
	return 0;
}

/* The control socket comes before the listeners: whoever can sign in can also be asked about. */
static int bring_up(struct hg_daemon *d, struct hg_err *err)
{
	int rc = load(d, err);

	if (rc < 0)
		return rc;
	hg_loop_on_turn(d->runtime.loop, turn, d);
	d->deadline = hg_timer_new(d->runtime.loop, deadline, d);
	d->patience = hg_timer_new(d->runtime.loop, out_of_patience, d);
	hg_loop_on_signal(d->runtime.loop, caught, d);
	rc = hg_ctl_open(hg_loop_uv(d->runtime.loop), d->site->settings.control_socket,
		hg_daemon_verbs, d, &d->ctl, err);
	if (rc == 0)
		rc = hg_http_pages_open(d, err);
	return rc < 0 ? rc : hg_daemon_start_adapters(d, err);
}

static int set_up(struct hg_daemon *d, struct hg_errs *errs)
{
	struct hg_err err = { 0 };
	int rc = hg_compat_check(&err);

	if (rc == 0)
		rc = open_store(d, &err);
	if (rc == 0) {
		hg_daemon_make_core(d);
		rc = hg_daemon_create_adapters(d, errs);
		if (rc < 0)
			return rc;
		rc = bring_up(d, &err);
	}
	if (rc < 0)
		*hg_errs_add(errs) = err;
	return rc;
}

static void tear_down(struct hg_daemon *d)
{
	hg_http_close(d->http);
	hg_ctl_close(d->ctl);
	hg_daemon_destroy_adapters(d);
	hg_loop_on_turn(d->runtime.loop, NULL, NULL);
	hg_timer_free(d->pulse);
	hg_timer_free(d->deadline);
	hg_timer_free(d->patience);
	hg_hints_file_close(d->hints, d->phase != HG_UP);
	hg_sqlite_close(d->store);
	hg_metrics_store_free(d->store_door);
	hg_core_free(d->core);
	hg_intern_free(d->ids);
	hg_loop_free(d->runtime.loop);
	hg_reload_done(d);
	hg_log_counter(NULL, NULL);
	hg_metrics_free(d->metrics);
}

/* Whoever still insists while all is taken apart must not make a failure of an orderly end. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static struct hg_daemon new_daemon(struct hg_site *site)
{
	struct hg_daemon d = { .runtime = { hg_loop_new() },
		.site = site,
		.live = site,
		.ids = hg_intern_new(),
		.metrics = hg_metrics_new() };

	d.started = hg_loop_now(d.runtime.loop).mono;
	hg_log_counter(count_event, d.metrics);
	return d;
}

int hg_daemon_check(struct hg_site *site, struct hg_errs *errs)
{
	struct hg_daemon d = new_daemon(site);
	int rc;

	hg_daemon_make_core(&d);
	rc = hg_daemon_create_adapters(&d, errs);
	tear_down(&d);
	return rc;
}

/* From a timer of the loop: a loop that hangs is not alive. */
static void tell_alive(void *arg)
{
	struct hg_daemon *d = arg;

	hg_supervisor_alive();
	hg_timer_set(d->pulse, hg_supervisor_patience() / 2);
}

static void tell_ready(struct hg_daemon *d)
{
	hg_log(HG_INFO, "started", "version=" HG_VERSION);
	hg_supervisor_ready();
	d->pulse = hg_timer_new(d->runtime.loop, tell_alive, d);
	if (hg_supervisor_patience() > 0)
		tell_alive(d);
}

int hg_daemon_run(struct hg_site *site)
{
	struct hg_daemon d = new_daemon(site);
	struct hg_errs errs = { 0 };
	int rc = set_up(&d, &errs);

	if (rc == 0) {
		tell_ready(&d);
		hg_loop_run(d.runtime.loop);
		block_signals();
	}
	tear_down(&d);
	if (rc < 0)
		return hg_site_complain("cannot start", &errs);
	hg_log(HG_INFO, "stopped", "status=0");
	return HG_DONE;
}
