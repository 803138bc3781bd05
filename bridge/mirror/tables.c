/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping tables: whose presence is read and written with which, and what follows when they are replaced. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <stdlib.h>
#include <string.h>

static struct hg_core_tables *tables_of(struct hg_core *c, const struct hg_vocabulary *v)
{
	for (size_t i = 0; i < c->ntables; i++)
		if (hg_table_vocabulary(c->tables[i].general) == v)
			return &c->tables[i];
	return NULL;
}

static int by_address(const void *a, const void *b)
{
	hg_addr x = ((const struct hg_override *)a)->who, y = ((const struct hg_override *)b)->who;

	return x < y ? -1 : x > y;
}

static const struct hg_table *override_of(const struct hg_core_tables *t, hg_addr who)
{
	struct hg_override key = { .who = who };
	const struct hg_override *found = bsearch(&key, t->of, t->n, sizeof(*t->of), by_address);

	return found ? found->table : NULL;
}

const struct hg_table *hg_core_table(
	struct hg_core *c, const struct hg_vocabulary *v, hg_addr presentity)
{
	const struct hg_core_tables *t = v ? tables_of(c, v) : NULL;
	const struct hg_table *own;

	if (!t || !t->n || HG_PLANTED(HG_BUG_TABLE_OF_ALL))
		return t ? t->general : NULL;
	own = override_of(t, presentity);
	if (!own)
		own = override_of(t, hg_addr_domain(c->env.ids, presentity));
	return own ? own : t->general;
}

static void keep(struct hg_core_tables *t, const struct hg_table *general,
	const struct hg_override *of, size_t n)
{
	free(t->of);
	*t = (struct hg_core_tables){
		.general = general, .of = hg_alloc((n + 1) * sizeof(*of)), .n = n
	};
	if (n)
		memcpy(t->of, of, n * sizeof(*of));
	qsort(t->of, n, sizeof(*of), by_address);
}

/* Only these two are mapped. */
static const struct hg_vocabulary *vocabulary_of(const struct hg_outlet_obj *o, hg_part part)
{
	bool mapped = part == HG_PART_WHOLE || part == HG_PART_ASPECT;

	return mapped ? o->lane->adapter->format[hg_outlet_format(o, part)].vocabulary : NULL;
}

void hg_core_set_tables(
	struct hg_core *c, const struct hg_table *general, const struct hg_override *of, size_t n)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(general);
	struct hg_core_tables *t = tables_of(c, v);
	struct hg_watch_obj *w, *tmp;
	struct hg_outlet_obj *o, *otmp;

	if (!t) {
		hg_grow(&c->tables, &c->tables_cap, c->ntables, sizeof(*c->tables));
		t = &c->tables[c->ntables++];
		*t = (struct hg_core_tables){ 0 };
	}
	keep(t, general, of, n);
	/* What peers said is kept, so it can be read again; what is shown is looked at again, and sent if it differs. */
	HASH_ITER (hh, c->watches, w, tmp) {
		hg_faces_remap(c, w, v);
		hg_aspects_remap(c, w, v);
	}
	hg_voices_remap(c, v);
	HASH_ITER (hh, c->outlets, o, otmp)
		for (size_t i = 0; i < o->nparts; i++)
			if (vocabulary_of(o, o->part[i].part) == v)
				hg_outlet_dirty(c, o);
}

void hg_core_tables_free(struct hg_core *c)
{
	for (size_t i = 0; i < c->ntables; i++)
		free(c->tables[i].of);
	free(c->tables);
}

const struct hg_table *hg_outlet_table(
	struct hg_core *c, const struct hg_outlet_obj *o, hg_part part)
{
	return hg_core_table(
		c, vocabulary_of(o, part), o->watch ? o->watch->key.presentity : o->self->addr);
}
