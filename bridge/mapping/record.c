/* SPDX-License-Identifier: Apache-2.0 */
#include <heliograph/mapping.h>

#include "bridge/presence/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t more)
{
	return (hash ^ more) * 0x9e3779b97f4a7c15 ^ hash >> 29;
}

struct hg_record *hg_record_new(const struct hg_value *value, size_t n)
{
	size_t head = sizeof(struct hg_record) + n * sizeof(struct hg_value), size = head;
	struct hg_record *r;
	char *p;

	for (size_t i = 0; i < n; i++)
		size += value[i].text.n + 1;
	r = hg_alloc(size);
	r->refs = 1;
	r->n = (uint32_t)n;
	p = (char *)r + head;
	for (size_t i = 0; i < n; i++) {
		struct hg_str text = value[i].text;

		r->value[i] = value[i];
		r->value[i].text = (struct hg_str){ p, text.n };
		if (text.n)
			memcpy(p, text.p, text.n);
		p += text.n + 1;
		r->hash = mix(r->hash, value[i].field);
		r->hash = mix(r->hash, hg_str_hash(text));
		r->hash = mix(r->hash, hg_str_hash(hg_str(value[i].lang)));
	}
	return r;
}

struct hg_record *hg_record_new_exact(
	const struct hg_value *value, size_t n, const struct hg_presence *exact)
{
	struct hg_record *r = hg_record_new(value, n);

	r->exact = hg_alloc(sizeof(*r->exact));
	hg_presence_copy(r->exact, exact);
	r->hash = hg_digest_presence(r->hash, exact);
	return r;
}

struct hg_record *hg_record_ref(struct hg_record *r)
{
	if (r)
		r->refs++;
	return r;
}

void hg_record_unref(struct hg_record *r)
{
	if (!r)
		return;
	assert(r->refs > 0);
	if (--r->refs > 0)
		return;
	if (r->exact) {
		hg_presence_done(r->exact);
		free(r->exact);
	}
	free(r);
}

bool hg_record_eq(const struct hg_record *a, const struct hg_record *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->hash != b->hash || a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct hg_value *x = &a->value[i], *y = &b->value[i];

		if (x->field != y->field || !hg_str_eq(x->text, y->text) ||
			strcmp(x->lang, y->lang) != 0)
			return false;
	}
	return a->exact && b->exact ? hg_presence_eq(a->exact, b->exact) : a->exact == b->exact;
}

const struct hg_value *hg_record_get(const struct hg_record *r, uint16_t field)
{
	for (uint32_t i = 0; r && i < r->n; i++) {
		if (r->value[i].field == field)
			return &r->value[i];
	}
	return NULL;
}
