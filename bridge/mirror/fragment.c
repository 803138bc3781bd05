/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells and fragments: one cell a part of a view, with the digest that decides whether a new
 * revision is minted, and the renderings of it, which everybody shares who is shown that view. A
 * cell is bounded soft state: dropping one costs a rendering, never correctness, since content (the
 * hash of the bytes) decides what is sent.
 */

#include "bridge/mirror/core.h"

#include <stdlib.h>
#include <utlist.h>

static void drop_frags(struct hg_cell *cell)
{
	while (cell->frag) {
		struct hg_frag_obj *f = cell->frag;

		cell->frag = f->next;
		hg_bytes_unref(f->frag.bytes);
		free(f);
	}
}

static void drop_cell(struct hg_core *c, struct hg_cell *cell)
{
	drop_frags(cell);
	HASH_DELETE(hh, c->cells, cell);
	DL_DELETE(c->cells_lru, cell);
	free(cell);
}

static struct hg_cell *find_cell(struct hg_core *c, hg_viewid view, hg_part part)
{
	struct hg_cellkey key = { view, part };
	struct hg_cell *cell;

	HASH_FIND(hh, c->cells, &key, sizeof(key), cell);
	if (cell) {
		DL_DELETE(c->cells_lru, cell);
	} else {
		cell = hg_alloc(sizeof(*cell));
		cell->key = key;
		HASH_ADD(hh, c->cells, key, sizeof(cell->key), cell);
	}
	DL_APPEND(c->cells_lru, cell);
	return cell;
}

struct hg_cell *hg_cell_get(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id,
	enum hg_standing standing, hg_part part)
{
	struct hg_cell *cell = find_cell(c, id, part);
	uint64_t changed = hg_view_changed(c, o, id, part), digest;
	struct hg_view v;

	if (cell->fresh && cell->changed == changed)
		return cell;
	hg_view_make(c, o, id, standing, part, &v);
	digest = hg_view_digest(&v, changed);
	if (!cell->fresh || digest != cell->digest) {
		drop_frags(cell);
		cell->digest = digest;
		cell->revision = ++c->last_revision;
	}
	cell->fresh = true;
	cell->changed = changed;
	return cell;
}

static struct hg_frag_obj *render(struct hg_core *c, const struct hg_outlet_obj *o,
	struct hg_cell *cell, enum hg_standing standing, uint32_t since,
	const struct hg_table *table)
{
	struct hg_frag_obj *f = hg_alloc(sizeof(*f));
	struct hg_record *record = NULL;
	struct hg_buf buf = { 0 };
	struct hg_view v;

	hg_view_make(c, o, cell->key.view, standing, (hg_part)cell->key.part, &v);
	v.revision = cell->revision;
	v.since = since;
	if (table && v.part == HG_PART_WHOLE)
		record = hg_table_out(table, &v.person);
	o->lane->adapter->render(o->lane->self, o->format, &v, record, &buf);
	hg_record_unref(record);
	f->view = cell->key.view;
	f->table = table ? hg_table_id(table) : 0;
	f->since = since;
	f->list = v.self ? v.self->delta : 0;
	f->frag.part = (hg_part)cell->key.part;
	f->frag.format = o->format;
	f->frag.revision = cell->revision;
	f->frag.bytes = hg_buf_bytes(&buf);
	f->frag.hash = f->frag.bytes->hash;
	hg_buf_done(&buf);
	f->adapter = o->lane->adapter;
	f->next = cell->frag;
	cell->frag = f;
	c->stats.renders++;
	return f;
}

const struct hg_frag_obj *hg_fragment_get(struct hg_core *c, const struct hg_outlet_obj *o,
	struct hg_cell *cell, enum hg_standing standing, uint32_t since)
{
	const struct hg_vocabulary *v = o->lane->adapter->format[o->format].vocabulary;
	const struct hg_table *table = v ? hg_core_table(c, v) : NULL;
	uint32_t id = table ? hg_table_id(table) : 0;
	struct hg_frag_obj *f;

	for (f = cell->frag; f; f = f->next) {
		if (f->adapter == o->lane->adapter && f->frag.format == o->format &&
			f->table == id && f->since == since) {
			c->stats.shared++;
			return f;
		}
	}
	return render(c, o, cell, standing, since, table);
}

/* Between turns: nothing borrows from a cell then. */
void hg_fragments_trim(struct hg_core *c)
{
	while (HASH_CNT(hh, c->cells) > c->env.policy.limits.cells)
		drop_cell(c, c->cells_lru);
}

void hg_fragments_free(struct hg_core *c)
{
	while (c->cells_lru)
		drop_cell(c, c->cells_lru);
}
