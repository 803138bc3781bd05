/* SPDX-License-Identifier: Apache-2.0 */
/* The disk of the simulation: what is durable, fact by fact. It keeps what the real store's columns keep, nothing else. */

#include "tests/sim/sim.h"

#include "bridge/store/kinds.h"

#include <stdlib.h>
#include <string.h>

static struct hg_str *text_of(struct hg_fact *f, const struct hg_column *c)
{
	return (struct hg_str *)((char *)f + c->offset);
}

static struct hg_str text_in(const struct hg_fact *f, const struct hg_column *c)
{
	return *(const struct hg_str *)((const char *)f + c->offset);
}

static size_t size_of(const struct hg_column *c)
{
	return c->type == HG_COLUMN_U32 ? sizeof(uint32_t) : sizeof(int64_t);
}

static struct hg_str copy_text(struct hg_str s)
{
	return (struct hg_str){ hg_str_dup(s), s.n };
}

static void copy_fact(struct hg_fact *to, const struct hg_fact *from)
{
	*to = (struct hg_fact){ .kind = from->kind, .gone = from->gone };
	to->owner = copy_text(from->owner);
	for (const struct hg_column *c = hg_kinds[from->kind].column; c->name; c++) {
		if (c->type == HG_COLUMN_TEXT)
			*text_of(to, c) = copy_text(text_in(from, c));
		else
			memcpy((char *)to + c->offset, (const char *)from + c->offset, size_of(c));
	}
}

static void free_fact(struct hg_fact *f)
{
	for (const struct hg_column *c = hg_kinds[f->kind].column; c->name; c++)
		if (c->type == HG_COLUMN_TEXT)
			free((char *)text_of(f, c)->p);
	free((char *)f->owner.p);
}

static bool same_key(const struct hg_fact *a, const struct hg_fact *b)
{
	if (a->kind != b->kind || !hg_str_eq(a->owner, b->owner))
		return false;
	for (const struct hg_column *c = hg_kinds[a->kind].column; c->name; c++) {
		if (!c->key)
			continue;
		if (c->type == HG_COLUMN_TEXT
				? !hg_str_eq(text_in(a, c), text_in(b, c))
				: memcmp((const char *)a + c->offset, (const char *)b + c->offset,
					  size_of(c)) != 0)
			return false;
	}
	return true;
}

void sim_facts_add(struct facts *to, const struct hg_fact *f)
{
	hg_grow(&to->v, &to->cap, to->n, sizeof(*to->v));
	copy_fact(&to->v[to->n++], f);
}

void sim_facts_free(struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		free_fact(&f->v[i]);
	free(f->v);
	*f = (struct facts){ 0 };
}

static void write_one(struct facts *disk, const struct hg_fact *f)
{
	bool purge = f->kind == HG_FACT_USER && f->gone;

	for (size_t i = disk->n; i-- > 0;) {
		if (!same_key(&disk->v[i], f) && !(purge && hg_str_eq(disk->v[i].owner, f->owner)))
			continue;
		free_fact(&disk->v[i]);
		disk->v[i] = disk->v[--disk->n];
	}
	if (!f->gone)
		sim_facts_add(disk, f);
}

void sim_disk_write(struct facts *disk, const struct facts *commit)
{
	for (size_t i = 0; i < commit->n; i++)
		write_one(disk, &commit->v[i]);
}

/* In the order that bridge/store/store.h promises, as far as anybody may count on it: kind by kind. */
void sim_disk_read(
	struct sim *s, const struct facts *disk, void (*row)(struct sim *, const struct hg_fact *))
{
	for (int kind = HG_FACT_USER; kind < HG_FACT_KINDS; kind++)
		for (size_t i = 0; i < disk->n; i++)
			if ((int)disk->v[i].kind == kind)
				row(s, &disk->v[i]);
}

void sim_disk_copy(struct facts *to, const struct facts *from)
{
	sim_facts_free(to);
	for (size_t i = 0; i < from->n; i++)
		sim_facts_add(to, &from->v[i]);
}
