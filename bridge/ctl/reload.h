/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the configuration and the mapping tables again while the daemon runs: all of it or nothing. What the schema calls
 * live comes into force, for everybody at once; the rest is listed, and waits for a restart.
 */
#pragma once

#include "bridge/ctl/daemon.h"

/* Keys of the configuration, as "limits.grace", or names of files; to be ended with hg_reload_report_done. */
struct hg_reload_report {
	char **changed;
	size_t nchanged, changed_cap;
	char **restart; /* said otherwise than when the daemon was started, and not in force */
	size_t nrestart, restart_cap;
	size_t users; /* added */
};

/* 0; or a negative errno, `errs` lists all that is wrong, and everything is as it was. */
int hg_reload(struct hg_daemon *, struct hg_reload_report *ret, struct hg_errs *errs);
void hg_reload_report_done(struct hg_reload_report *);
/* Likewise, with nobody to tell but the log. */
int hg_reload_logged(struct hg_daemon *);
/* When the daemon ends. */
void hg_reload_done(struct hg_daemon *);
