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

static void drop_frags(struct hg_frag_obj **list)
{
	while (*list) {
		struct hg_frag_obj *f = *list;

		*list = f->next;
		hg_bytes_unref(f->frag.bytes);
		hg_record_unref(f->record);
		free(f);
	}
}

static void drop_cell(struct hg_core *c, struct hg_cell *cell)
{
	drop_frags(&cell->frag);
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
	if (part == HG_PART_WHOLE)
		digest = hg_view_digest_faces(c, id, digest);
	if (!cell->fresh || digest != cell->digest) {
		drop_frags(&cell->frag);
		cell->digest = digest;
		cell->revision = ++c->last_revision;
	}
	cell->fresh = true;
	cell->changed = changed;
	return cell;
}

/* Takes the record. */
static struct hg_frag_obj *render(struct hg_core *c, const struct hg_outlet_obj *o,
	struct hg_cell *cell, struct hg_view *v, uint32_t since, uint32_t table,
	struct hg_record *take)
{
	struct hg_frag_obj *f = hg_alloc(sizeof(*f));
	struct hg_buf buf = { 0 };

	v->revision = cell->revision;
	v->since = since;
	f->frag.part = (hg_part)cell->key.part;
	f->frag.format = hg_outlet_format(o, f->frag.part);
	o->lane->adapter->render(o->lane->self, f->frag.format, v, take, &buf);
	f->view = cell->key.view;
	f->table = table;
	f->record = take;
	f->since = since;
	f->list = v->self ? v->self->delta : 0;
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

static bool is_for(const struct hg_frag_obj *f, const struct hg_outlet_obj *o, uint32_t since)
{
	return f->adapter == o->lane->adapter && f->since == since &&
		f->frag.format == hg_outlet_format(o, f->frag.part);
}

/* One made with a table that was replaced: the same still, if the new one makes the same record of the view. Else it goes. */
static struct hg_frag_obj *again(struct hg_core *c, const struct hg_outlet_obj *o,
	struct hg_cell *cell, uint32_t since, uint32_t table, const struct hg_record *record)
{
	struct hg_frag_obj *f;

	for (struct hg_frag_obj **at = &cell->frag; *at; at = &(*at)->next) {
		f = *at;
		if (!is_for(f, o, since))
			continue;
		if (hg_record_eq(f->record, record)) {
			f->table = table;
			c->stats.kept++;
			return f;
		}
		*at = f->next;
		f->next = c->replaced; /* a parcel of this turn may borrow it */
		c->replaced = f;
		return NULL;
	}
	return NULL;
}

const struct hg_frag_obj *hg_fragment_get(struct hg_core *c, const struct hg_outlet_obj *o,
	struct hg_cell *cell, enum hg_standing standing, uint32_t since)
{
	const struct hg_table *table = hg_outlet_table(c, o, (hg_part)cell->key.part);
	uint32_t id = table ? hg_table_id(table) : 0;
	struct hg_record *record = NULL;
	struct hg_frag_obj *f;
	struct hg_view v;

	for (f = cell->frag; f; f = f->next) {
		if (is_for(f, o, since) &&
			(f->table == id || HG_PLANTED(HG_BUG_FRAGMENT_WITHOUT_TABLE))) {
			c->stats.shared++;
			return f;
		}
	}
	hg_view_make(c, o, cell->key.view, standing, (hg_part)cell->key.part, &v);
	if (table && hg_view_hides(cell->key.view, &v.person))
		v.person.note = (struct hg_note){ 0 };
	if (table)
		record = hg_table_out(table, &v.person);
	if (table && v.part == HG_PART_WHOLE && o->lane->adapter->format[o->format].faces)
		v.nfaces = hg_view_faces(c, cell->key.view, table);
	v.face = c->view_face;
	/* Of several records not all are kept. */
	f = table && !v.nfaces ? again(c, o, cell, since, id, record) : NULL;
	if (f)
		hg_record_unref(record);
	else
		f = render(c, o, cell, &v, since, id, record);
	for (size_t i = 0; i < v.nfaces; i++)
		hg_record_unref(c->view_face[i].record);
	return f;
}

/* Between turns: nothing borrows from a cell then. */
void hg_fragments_trim(struct hg_core *c)
{
	drop_frags(&c->replaced);
	while (HASH_CNT(hh, c->cells) > c->env.policy.limits.cells)
		drop_cell(c, c->cells_lru);
}

void hg_fragments_free(struct hg_core *c)
{
	drop_frags(&c->replaced);
	while (c->cells_lru)
		drop_cell(c, c->cells_lru);
}
