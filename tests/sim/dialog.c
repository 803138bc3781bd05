/* SPDX-License-Identifier: Apache-2.0 */
/* Dialogs: the places where a client, or a remote watcher, is shown something; and their end with a connection. */

#include "tests/sim/sim.h"

struct dialog *wire_dialog(
	struct sim *s, enum dialog_kind kind, int watcher, int about, int endpoint)
{
	static const hg_part parts[][PARTS] = {
		[OWN] = { HG_CAT_STATE, HG_CAT_NOTE, HG_PART_CONTAINERS, HG_PART_SUBSCRIBERS,
			HG_CAT_LEGACY_INTEROP, HG_PART_DELEGATES, HG_PART_WATCHERS },
		[LIST] = { HG_PART_CONTACTS },
		[NATIVE] = { HG_CAT_STATE, HG_CAT_NOTE, HG_CAT_LEGACY_INTEROP },
		[RECORD] = { HG_PART_WHOLE },
		[STANDING] = { HG_PART_WHOLE },
	};
	struct dialog *d = hg_alloc(sizeof(*d));

	d->open = true;
	d->kind = kind;
	d->watcher = watcher;
	d->about = about;
	d->endpoint = endpoint;
	for (d->nparts = 0; d->nparts < PARTS && parts[kind][d->nparts]; d->nparts++)
		d->part[d->nparts].part = parts[kind][d->nparts];
	if (kind == STANDING && s->route[s->route_of[watcher]].also)
		d->part[d->nparts++].part = s->route[s->route_of[watcher]].also;
	hg_grow(&s->dialog, &s->dialogs_cap, s->ndialogs, sizeof(*s->dialog));
	s->dialog[s->ndialogs++] = d;
	d->cookie = s->ndialogs;
	return d;
}

static void unlink_dialog(struct dialog **at, const struct dialog *d)
{
	if (*at == d)
		*at = NULL;
}

void wire_close_dialog(struct sim *s, struct dialog *d)
{
	struct client *c = d->kind == STANDING ? NULL : &s->client[d->watcher][d->endpoint];

	d->open = false;
	if (!c) {
		unlink_dialog(&s->standing[d->watcher][d->about], d);
		return;
	}
	unlink_dialog(&c->own, d);
	unlink_dialog(&c->list, d);
	unlink_dialog(&c->watch[d->about], d);
	unlink_dialog(&c->record[d->about], d);
	model_looks_away(s, d->watcher, d->about);
}

void wire_close_lane(struct sim *s, int person, int endpoint, hg_lane lane)
{
	struct client *c = &s->client[person][endpoint];

	for (size_t i = 0; i < s->ndialogs; i++)
		if (s->dialog[i]->open && s->dialog[i]->kind != STANDING &&
			s->dialog[i]->lane == lane)
			wire_close_dialog(s, s->dialog[i]);
	if (c->lane == lane) {
		c->lane = 0;
		c->busy = false;
	}
	hg_loopback_close(s->home, lane);
	model_lane_closed(s, lane);
	model_orphan(s, lane);
}
