/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon: puts the parts together, runs them, takes them apart. */
#pragma once

#include "bridge/ctl/ctl_socket.h"
#include "bridge/ctl/hints_file.h"
#include "bridge/ctl/http.h"
#include "bridge/ctl/metrics_store.h"
#include "bridge/ctl/site.h"
#include "bridge/mirror/mirror.h"
#include "bridge/plugin/registry.h"

struct hg_daemon {
	struct hg_runtime runtime; /* first: the core's context */
	struct hg_site *site;      /* as it was started */
	struct hg_site
		*live; /* as last read: the parts of it that need no restart; often the same */
	bool restart_needed; /* the file says something that is not in force */
	struct hg_intern *ids;
	struct hg_store *store;
	struct hg_metrics *metrics;
	struct hg_metrics_store *store_door; /* in front of `store`; NULL without one */
	struct hg_hints_file *hints;         /* NULL: there is none */
	struct hg_http *http;                /* NULL: not configured */
	int64_t started;                     /* monotonic */
	struct hg_core *core;
	struct hg_ctl *ctl;
	struct hg_watching *watching;          /* verb_watch.c: list */
	struct hg_subscription *subscriptions; /* verb_subscribe.c: list */
	hg_timer *deadline;
	hg_timer *pulse;             /* when the supervisor is to be told again that we live */
	void *self[HG_ADAPTERS_MAX]; /* of each adapter, NULL: not configured */
	bool up[HG_ADAPTERS_MAX];    /* started, and has not said that it has stopped */
	size_t running;              /* how many are */
	enum { HG_UP, HG_SAYING_GOODBYE, HG_STOPPING } phase;
	bool left;          /* the loop was told to end */
	hg_timer *patience; /* for the goodbye, then for the stop */
};

/* Until a signal ends it. The exit status. */
int hg_daemon_run(struct hg_site *);
/* What only the adapters can tell of their sections. 0, or a negative errno and `errs` lists it.
 * Nothing is opened. */
int hg_daemon_check(struct hg_site *, struct hg_errs *errs);

/* core_env.c */
struct hg_policy hg_daemon_policy(const struct hg_site *);
void hg_daemon_set_tables(struct hg_daemon *, const struct hg_tables *);
void hg_daemon_make_core(struct hg_daemon *);
/* The users of the configuration's list; returns how many there were not yet. */
size_t hg_daemon_add_users(struct hg_daemon *);

/* daemon.c: for the core's environment. */
void hg_daemon_stopped(void *daemon, void *adapter_self);
/* daemon_adapters.c. Each that has a section reads it; all errors at once. */
int hg_daemon_create_adapters(struct hg_daemon *, struct hg_errs *errs);
int hg_daemon_start_adapters(struct hg_daemon *, struct hg_err *err);
void hg_daemon_stop_adapters(struct hg_daemon *);
bool hg_daemon_adapter_stopped(
	struct hg_daemon *, void *self); /* false: it is not the first time */
void hg_daemon_destroy_adapters(struct hg_daemon *);

/* verbs.c: what the control socket answers; the context is the daemon. */
extern const struct hg_ctl_verb hg_daemon_verbs[];
