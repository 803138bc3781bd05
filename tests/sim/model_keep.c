/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of what adapters keep for their next start: it is on the disk as it was when the hints were last written, or
 * nothing is. An orderly end leaves nothing, since what is kept is for one that was none.
 */

#include "tests/sim/sim.h"

#include <stdio.h>

static const struct hg_adapter keepers[KEEPERS] = { { .name = "loopback" }, { .name = "loop" } };

const struct hg_adapter *model_keeper(int a)
{
	return &keepers[a];
}

/* NULL: of nobody's. */
struct model_keep *model_keep_find(struct sim *s, struct hg_str adapter, struct hg_str name)
{
	char key[16];

	for (int a = 0; a < KEEPERS; a++) {
		for (int k = 0; k < KEYS; k++) {
			snprintf(key, sizeof(key), "key%d", k);
			if (hg_str_is(adapter, keepers[a].name) && hg_str_is(name, key))
				return &s->keep[a][k];
		}
	}
	return NULL;
}

static void put(struct model_kept *to, struct hg_str value, int64_t until)
{
	snprintf(to->value, sizeof(to->value), "%.*s", (int)value.n, value.n ? value.p : "");
	to->until = until;
}

void model_keep(struct sim *s, struct model_keep *k, const char *value, int64_t until)
{
	put(&k->now, hg_str(value), until);
	k->waits = true;
	k->at = s->now.mono;
}

/* It is on the disk now, as it was when it was handed to it; or not at all, and is to be written again. */
void model_keep_written(struct sim *s, const struct hg_fact *f, bool good)
{
	struct model_keep *k = model_keep_find(s, f->owner, f->name);

	if (good) {
		put(&k->disk, f->value, f->until);
		return;
	}
	k->waits = true;
	k->at = s->now.mono;
}

void model_keep_lost(struct sim *s)
{
	for (int a = 0; a < KEEPERS; a++)
		for (int k = 0; k < KEYS; k++)
			s->keep[a][k].disk = (struct model_kept){ 0 };
}

/* What is over is only to be taken away. */
void model_keep_restart(struct sim *s)
{
	for (int a = 0; a < KEEPERS; a++) {
		for (int i = 0; i < KEYS; i++) {
			struct model_keep *k = &s->keep[a][i];
			bool over = k->disk.value[0] && k->disk.until <= s->now.utc;

			k->now = over ? (struct model_kept){ 0 } : k->disk;
			k->waits = over;
			k->at = s->now.mono;
		}
	}
	s->hints_at = s->now.mono;
}
