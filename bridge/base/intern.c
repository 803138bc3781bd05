/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/base/intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384

struct entry {
	struct hg_str text;
	uint64_t hash;
};

/* Texts lie in blocks that never move, one behind the other; one that is larger has its own. */
struct block {
	struct block *next;
	size_t used, size;
	char p[];
};

struct hg_intern {
	struct entry *entries; /* by number; [0] is not used */
	size_t n, cap;
	uint32_t *slots; /* open addressing: a number, or 0 for free; at most 3/4 taken */
	size_t mask;     /* slots - 1 */
	struct block *blocks;
};

struct hg_intern *hg_intern_new(void)
{
	struct hg_intern *t = hg_alloc(sizeof(*t));

	t->mask = 63;
	t->slots = hg_alloc((t->mask + 1) * sizeof(*t->slots));
	return t;
}

void hg_intern_free(struct hg_intern *t)
{
	if (!t)
		return;
	while (t->blocks) {
		struct block *next = t->blocks->next;
		free(t->blocks);
		t->blocks = next;
	}
	free(t->slots);
	free(t->entries);
	free(t);
}

/* Where the text is, or where it would go. */
static uint32_t *slot_of(const struct hg_intern *t, struct hg_str text, uint64_t hash)
{
	for (size_t i = hash & t->mask;; i = (i + 1) & t->mask) {
		uint32_t id = t->slots[i];
		if (!id || (t->entries[id].hash == hash && hg_str_eq(t->entries[id].text, text)))
			return &t->slots[i];
	}
}

static void rehash(struct hg_intern *t)
{
	free(t->slots);
	t->mask = t->mask * 2 + 1;
	t->slots = hg_alloc((t->mask + 1) * sizeof(*t->slots));
	for (uint32_t id = 1; id <= t->n; id++)
		*slot_of(t, t->entries[id].text, t->entries[id].hash) = id;
}

static struct hg_str keep(struct hg_intern *t, struct hg_str text)
{
	struct block *b = t->blocks;
	size_t need = text.n + 1;

	if (!b || b->size - b->used < need) {
		size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
		b = hg_alloc(sizeof(*b) + size);
		b->size = size;
		b->next = t->blocks;
		t->blocks = b;
	}
	char *copy = b->p + b->used;
	if (text.n)
		memcpy(copy, text.p, text.n);
	b->used += need; /* blocks are zeroed: the NUL is there */
	return (struct hg_str){ copy, text.n };
}

uint32_t hg_intern(struct hg_intern *t, struct hg_str text)
{
	uint64_t hash = hg_str_hash(text);
	uint32_t *slot = slot_of(t, text, hash);

	if (*slot)
		return *slot;
	if ((t->n + 1) * 4 > (t->mask + 1) * 3) {
		rehash(t);
		slot = slot_of(t, text, hash);
	}
	assert(t->n < UINT32_MAX - 1);
	t->n++;
	hg_grow(&t->entries, &t->cap, t->n, sizeof(*t->entries));
	t->entries[t->n] = (struct entry){ keep(t, text), hash };
	*slot = (uint32_t)t->n;
	return *slot;
}

uint32_t hg_intern_find(const struct hg_intern *t, struct hg_str text)
{
	return *slot_of(t, text, hg_str_hash(text));
}

struct hg_str hg_intern_text(const struct hg_intern *t, uint32_t id)
{
	return id && id <= t->n ? t->entries[id].text : HG_STR_NONE;
}

size_t hg_intern_count(const struct hg_intern *t)
{
	return t->n;
}
