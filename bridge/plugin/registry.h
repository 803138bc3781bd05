/* SPDX-License-Identifier: Apache-2.0 */
/* The adapters that there are, and the door through which all of them see the daemon. */
#pragma once

#include <heliograph/adapter.h>

#include "bridge/loop/loop.h"

/* What the core's context (struct hg_core_env) must begin with, so that the host finds the loop. */
struct hg_runtime {
	struct hg_loop *loop;
};

/* Built-in ones. An adapter's route number is its index plus 1, as in the settings. */
extern const struct hg_adapter *const hg_adapters[];
extern const size_t hg_nadapters;

/* The whole of struct hg_host: the core's half and the loop's. */
const struct hg_host *hg_host(void);

/* Every vocabulary that a format of an adapter speaks: calls back once for each. */
void hg_each_vocabulary(void (*each)(void *arg, const struct hg_vocabulary *), void *arg);
