/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adapter itself: lanes and the vtable. The order in which to write another one: formats and `render` first, then lanes and
 * `deliver`, then what peers say (hg_host), last the edges, if the protocol has subscriptions of its own.
 */

#include "plugins/loopback/text.h"

#include <stdlib.h>

struct lane {
	hg_lane id;
	uint32_t room; /* parcels that it still takes */
};

struct loopback {
	const struct hg_host *host;
	struct hg_core *core;
	void (*send)(void *ctx, const struct hg_loopback_message *);
	void *ctx;
	struct loopback_peer *peer; /* the driver, in the daemon */
	struct lane *lane;
	size_t nlanes, lanes_cap;
};

static void send(struct loopback *l, const struct hg_loopback_message *m)
{
	if (l->send)
		l->send(l->ctx, m);
}

void hg_loopback_drive(
	void *self, void (*fn)(void *ctx, const struct hg_loopback_message *), void *ctx)
{
	struct loopback *l = self;

	l->send = fn;
	l->ctx = ctx;
}

/* ---- life ---- */

/* Without a configuration there is no socket: nothing here needs the loop, so it runs where there is none. */
static int create(const struct hg_host *host, struct hg_core *core, const struct hg_conf *conf,
	void **ret_self, struct hg_err *err)
{
	struct loopback *l = hg_alloc(sizeof(*l));

	l->host = host;
	l->core = core;
	if (conf) {
		int rc = loopback_peer_new(l, host, core, conf, &l->peer, err);

		if (rc < 0) {
			free(l);
			return rc;
		}
	}
	*ret_self = l;
	return 0;
}

static int start(void *self, struct hg_err *err)
{
	struct loopback *l = self;

	return l->peer ? loopback_peer_start(l->peer, err) : 0;
}

static void stop(void *self)
{
	struct loopback *l = self;

	loopback_peer_stop(l->peer);
	while (l->nlanes)
		hg_loopback_close(l, l->lane[l->nlanes - 1].id);
	l->host->stopped(l->core, l);
}

static void destroy(void *self)
{
	struct loopback *l = self;

	loopback_peer_free(l->peer);
	free(l->lane);
	free(l);
}

/* ---- lanes ---- */

static struct lane *lane_find(struct loopback *l, hg_lane id)
{
	for (size_t i = 0; i < l->nlanes; i++)
		if (l->lane[i].id == id)
			return &l->lane[i];
	return NULL;
}

static hg_lane open_lane(struct loopback *l, const struct hg_lane_spec *spec)
{
	hg_lane id = l->host->lane_open(l->core, spec);

	hg_grow(&l->lane, &l->lanes_cap, l->nlanes, sizeof(*l->lane));
	l->lane[l->nlanes++] = (struct lane){ .id = id };
	return id;
}

hg_lane hg_loopback_connect(void *self)
{
	struct hg_lane_spec spec = {
		.adapter = &hg_loopback_adapter, .self = self, .format = HG_LOOPBACK_NATIVE
	};

	return open_lane(self, &spec);
}

/* A stream is down until somebody says that it is up: hg_host.lane_up. */
hg_lane hg_loopback_link(void *self, const struct hg_lane_spec *of)
{
	struct hg_lane_spec spec = *of;

	spec.adapter = &hg_loopback_adapter;
	spec.self = self;
	spec.format = HG_LOOPBACK_MAPPED;
	return open_lane(self, &spec);
}

void hg_loopback_close(void *self, hg_lane id)
{
	struct loopback *l = self;
	struct lane *lane = lane_find(l, id);

	if (!lane)
		return;
	*lane = l->lane[--l->nlanes];
	l->host->lane_close(l->core, id);
}

void hg_loopback_room(void *self, hg_lane id, uint32_t said, uint32_t taken)
{
	struct loopback *l = self;
	struct lane *lane = lane_find(l, id);

	if (!lane)
		return;
	lane->room = taken;
	l->host->lane_room(l->core, id, said);
}

/* ---- what comes in ---- */

void hg_loopback_present(void *self, hg_lane lane, const struct hg_pair *pair,
	struct hg_str resource, struct hg_str lines)
{
	struct loopback *l = self;

	l->host->face(l->core, lane, pair, resource, lines.n ? loopback_record(lines) : NULL);
}

/* ---- what goes out ---- */

static void edge(void *self, hg_lane lane, const struct hg_pair *pair, enum hg_edge e)
{
	send(self, &(struct hg_loopback_message){ .lane = lane, .pair = pair, .edge = e });
}

static void answer(void *self, uint64_t cookie, const struct hg_answer *a)
{
	send(self, &(struct hg_loopback_message){ .cookie = cookie, .answer = a });
}

static void outlet_ended(void *self, uint64_t cookie)
{
	send(self, &(struct hg_loopback_message){ .cookie = cookie });
}

static void blocked(void *self, hg_lane lane, hg_addr person, hg_addr account)
{
	send(self,
		&(struct hg_loopback_message){
			.lane = lane, .blocker = person, .account = account });
}

/* What does not fit stays desire in the core, and will be rendered anew when hg_host.lane_room says that it fits. */
static size_t deliver(void *self, hg_lane id, const struct hg_parcel *parcel, size_t n)
{
	struct loopback *l = self;
	struct lane *lane = lane_find(l, id);
	size_t took = lane && lane->room < n ? lane->room : n;

	if (!lane)
		return 0;
	lane->room -= (uint32_t)took;
	for (size_t i = 0; i < took; i++)
		send(l,
			&(struct hg_loopback_message){
				.lane = id, .cookie = parcel[i].cookie, .parcel = &parcel[i] });
	return took;
}

static const struct hg_format formats[] = {
	[HG_LOOPBACK_NATIVE] = { "lines", NULL, false },
	[HG_LOOPBACK_MAPPED] = { "record", &hg_loopback_vocabulary, false },
};

const struct hg_adapter hg_loopback_adapter = {
	.abi = HG_ABI,
	.size = sizeof(struct hg_adapter),
	.name = "loopback",
	.format = formats,
	.nformats = sizeof(formats) / sizeof(formats[0]),
	.schema = &loopback_schema,
	.create = create,
	.start = start,
	.stop = stop,
	.destroy = destroy,
	.edge = edge,
	.answer = answer,
	.render = loopback_render,
	.deliver = deliver,
	.outlet_ended = outlet_ended,
	.blocked = blocked,
};
