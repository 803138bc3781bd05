/* SPDX-License-Identifier: Apache-2.0 */
/* What happens, told to whoever looks on. Never more than what a log may hold. */

#include "bridge/mirror/core.h"

static const char *const names[] = {
	[HG_EVENT_USER_ADDED] = "user-added",
	[HG_EVENT_USER_REMOVED] = "user-removed",
	[HG_EVENT_SIGNED_IN] = "signed-in",
	[HG_EVENT_UNCONFIRMED] = "connection-lost",
	[HG_EVENT_ENDED] = "signed-out",
	[HG_EVENT_STATE] = "state",
	[HG_EVENT_EDGE_IN] = "edge-in",
	[HG_EVENT_EDGE_OUT] = "edge-out",
	[HG_EVENT_LINK_UP] = "link-up",
	[HG_EVENT_LINK_DOWN] = "link-down",
};

static const char *const edges[] = {
	[HG_SUBSCRIBE] = "subscribe",
	[HG_SUBSCRIBED] = "subscribed",
	[HG_UNSUBSCRIBE] = "unsubscribe",
	[HG_UNSUBSCRIBED] = "unsubscribed",
	[HG_PROBE] = "probe",
};

const char *hg_event_name(enum hg_event_kind kind)
{
	return names[kind];
}

void hg_core_event(struct hg_core *c, const struct hg_event *e)
{
	if (c->env.event && !c->quiet)
		c->env.event(c->env.ctx, e);
}

void hg_core_edge_event(struct hg_core *c, enum hg_event_kind kind, const struct hg_lane_obj *l,
	const struct hg_pair *pair, enum hg_edge edge)
{
	hg_core_event(c,
		&(struct hg_event){ .kind = kind,
			.person = pair->presentity,
			.other = pair->watcher,
			.detail = hg_str(edges[edge]),
			.adapter = l->adapter->name });
}
