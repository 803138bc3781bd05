/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of the file: what marks it as ours, its version, and the way from an older version to
 * this one.
 */
#pragma once

#include <heliograph/err.h>

#include <sqlite3.h>

#define HG_SCHEMA_VERSION 5
#define HG_APPLICATION_ID 0x48656c69 /* "Heli", as file(1) shows it */

/*
 * Makes a blank file ours, brings an older one forward, leaves a current one alone; all in one
 * transaction. -EPROTO: a newer version wrote it; -EINVAL: not ours; other: ret_err says what.
 *
 * `step[v]` is the SQL that takes version v to v + 1; step[0] is not used, a blank file is made
 * from the table of kinds.
 */
int hg_schema_settle(
	sqlite3 *, const char *path, const char *const *step, int version, struct hg_err *);
/* With this version's own steps. */
int hg_schema_open(sqlite3 *, const char *path, struct hg_err *);
