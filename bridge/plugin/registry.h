/* SPDX-License-Identifier: Apache-2.0 */
/* The adapters that there are, and the door through which all of them see the daemon. */
#pragma once

#include <heliograph/adapter.h>

#include "bridge/loop/loop.h"
#include "bridge/mirror/mirror.h"

/* What the core's context (struct hg_core_env) must begin with, so that the host finds the loop. */
struct hg_runtime {
	struct hg_loop *loop;
};

#define HG_ADAPTERS_MAX HG_ROUTES_MAX

/* The built-in ones, then those from outside. An adapter's route number is its index plus 1, as in
 * the settings. */
struct hg_registry {
	const struct hg_adapter *adapter[HG_ADAPTERS_MAX];
	char *file[HG_ADAPTERS_MAX]; /* that it was loaded from, NULL: built in; owned */
	size_t n;
};

void hg_registry_init(struct hg_registry *); /* with the built-in ones */
void hg_registry_copy(struct hg_registry *, const struct hg_registry *from);
void hg_registry_done(struct hg_registry *); /* code that was loaded stays where it is */

/*
 * Adds the adapter in a .so file, which must be called `name`; there has to be room. 0, or a
 * negative errno and `err`, whose place is `where`. What can be known of it before it is asked to do
 * anything is checked, and that nobody but root and the user of this process can change the file.
 */
int hg_registry_load(struct hg_registry *, const char *path, const char *name, const char *where,
	struct hg_err *err);

/* The whole of struct hg_host: the core's half and the loop's. */
const struct hg_host *hg_host(void);

/* Every vocabulary that a format of an adapter speaks: calls back once for each, with the first
 * adapter that does. */
void hg_each_vocabulary(const struct hg_registry *,
	void (*each)(void *arg, const struct hg_adapter *, const struct hg_vocabulary *),
	void *arg);
