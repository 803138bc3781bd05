/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mirror/route_state.h"

#include "bridge/mirror/core.h"

#include <utlist.h>

void hg_core_each_route(
	const struct hg_core *c, void (*each)(void *arg, const struct hg_route_state *), void *arg)
{
	const struct hg_lane_obj *l;

	DL_FOREACH2 (c->route_lanes, l, rnext) {
		struct hg_route_state state = {
			.adapter = l->adapter->name,
			.domain = hg_lane_name(l) ? hg_intern_text(c->env.ids, hg_lane_name(l))
						  : HG_STR_NONE,
			.up = l->up,
		};

		each(arg, &state);
	}
}
