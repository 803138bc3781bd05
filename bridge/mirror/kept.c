/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What adapters keep for their next start: soft facts of their own, by a key of theirs, written with the other hints
 * (hints.c) and as little promised. What the last process kept waits here until its adapter has asked for it.
 */

#include "bridge/mirror/core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct hg_kept {
	struct hg_bytes *key; /* "sip\0dialog/..." */
	struct hg_bytes *value;
	int64_t until; /* UTC ms */
	UT_hash_handle hh;
};

static struct hg_bytes *key_of(struct hg_str adapter, struct hg_str name)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *r;

	hg_buf_add(&b, adapter);
	hg_buf_addc(&b, '\0');
	hg_buf_add(&b, name);
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

static void parts_of(const struct hg_kept *k, struct hg_str *adapter, struct hg_str *name)
{
	struct hg_str key = hg_bytes_str(k->key);
	size_t n = strlen(key.p);

	*adapter = (struct hg_str){ key.p, n };
	*name = (struct hg_str){ key.p + n + 1, key.n - n - 1 };
}

static void drop(struct hg_kept **table, struct hg_kept *k)
{
	HASH_DELETE(hh, *table, k);
	hg_bytes_unref(k->key);
	hg_bytes_unref(k->value);
	free(k);
}

static void put(
	struct hg_kept **table, struct hg_bytes *take_key, struct hg_str value, int64_t until)
{
	struct hg_str key = hg_bytes_str(take_key);
	struct hg_kept *k;

	HASH_FIND(hh, *table, key.p, key.n, k);
	if (k) {
		hg_bytes_unref(take_key);
		hg_bytes_unref(k->value);
	} else {
		k = hg_alloc(sizeof(*k));
		k->key = take_key;
		HASH_ADD_KEYPTR(hh, *table, key.p, key.n, k);
	}
	k->value = hg_bytes_new(value);
	k->until = until;
}

void hg_core_keep(struct hg_core *c, const struct hg_adapter *a, struct hg_str name,
	struct hg_str value, int64_t until)
{
	if (!c->env.hints || c->quiet || (!value.n && HG_PLANTED(HG_BUG_TAKEN_BACK_COMES_AGAIN)))
		return;
	put(&c->keeping, key_of(hg_str(a->name), name), value, until);
	hg_hints_soon(c);
}

size_t hg_kept_facts(const struct hg_core *c)
{
	return HASH_CNT(hh, c->keeping);
}

void hg_kept_fact(const struct hg_kept *k, struct hg_fact *ret)
{
	*ret = (struct hg_fact){ .kind = HG_FACT_KEPT,
		.gone = !hg_bytes_str(k->value).n,
		.value = hg_bytes_str(k->value),
		.until = k->until };
	parts_of(k, &ret->owner, &ret->name);
}

struct hg_kept *hg_kept_next(const struct hg_core *c, const struct hg_kept *k)
{
	return k ? k->hh.next : c->keeping;
}

void hg_kept_handed(struct hg_core *c)
{
	c->writing = c->keeping;
	c->keeping = NULL;
}

/* What could not be written is written again, unless it has changed: else the next process would be given what was there
 * before, and was taken back. */
void hg_kept_written(struct hg_core *c, bool good)
{
	struct hg_kept *k, *newer;
	struct hg_str key;

	while ((k = c->writing)) {
		key = hg_bytes_str(k->key);
		HASH_FIND(hh, c->keeping, key.p, key.n, newer);
		if (good || newer) {
			drop(&c->writing, k);
			continue;
		}
		HASH_DELETE(hh, c->writing, k);
		HASH_ADD_KEYPTR(hh, c->keeping, key.p, key.n, k);
	}
}

int hg_kept_load(struct hg_core *c, const struct hg_fact *f)
{
	if (f->until <= core_now(c).utc) { /* nobody will take it away by its name */
		put(&c->keeping, key_of(f->owner, f->name), HG_STR_NONE, 0);
		hg_hints_soon(c);
		return -EINVAL;
	}
	put(&c->kept, key_of(f->owner, f->name), f->value, f->until);
	return 0;
}

void hg_core_kept(struct hg_core *c, const struct hg_adapter *a,
	void (*each)(void *arg, struct hg_str name, struct hg_str value, int64_t until), void *arg)
{
	struct hg_kept *k, *tmp;
	struct hg_str adapter, name;

	HASH_ITER (hh, c->kept, k, tmp) {
		parts_of(k, &adapter, &name);
		if (!hg_str_is(adapter, a->name))
			continue;
		each(arg, name, hg_bytes_str(k->value), k->until);
		drop(&c->kept, k);
	}
}

void hg_kept_done(struct hg_core *c)
{
	hg_kept_written(c, true);
	while (c->keeping)
		drop(&c->keeping, c->keeping);
	while (c->kept)
		drop(&c->kept, c->kept);
}
