/* SPDX-License-Identifier: Apache-2.0 */
/* Which routes can be reached now, for metrics and health. */
#pragma once

#include "bridge/mirror/mirror.h"

/* One link of a route: `domain` tells it from the others, by a domain that it carries or leads to; borrowed for the
 * call. */
struct hg_route_state {
	const char *adapter;
	struct hg_str domain;
	bool up;
};

void hg_core_each_route(
	const struct hg_core *, void (*each)(void *arg, const struct hg_route_state *), void *arg);
