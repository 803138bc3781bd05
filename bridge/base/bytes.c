/* SPDX-License-Identifier: Apache-2.0 */
#include <heliograph/base.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct hg_bytes *hg_bytes_new(struct hg_str content)
{
	assert(content.n < UINT32_MAX);
	struct hg_bytes *b = hg_alloc(sizeof(*b) + content.n + 1);

	b->refs = 1;
	b->n = (uint32_t)content.n;
	b->hash = hg_str_hash(content);
	if (content.n)
		memcpy(b->p, content.p, content.n);
	return b;
}

struct hg_bytes *hg_bytes_ref(struct hg_bytes *b)
{
	if (b) {
		assert(b->refs && b->refs < UINT32_MAX);
		b->refs++;
	}
	return b;
}

void hg_bytes_unref(struct hg_bytes *b)
{
	if (!b)
		return;
	assert(b->refs);
	if (--b->refs == 0)
		free(b);
}

struct hg_str hg_bytes_str(const struct hg_bytes *b)
{
	return b ? (struct hg_str){ b->p, b->n } : HG_STR_NONE;
}

bool hg_bytes_eq(const struct hg_bytes *a, const struct hg_bytes *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->hash != b->hash)
		return false;
	return hg_str_eq(hg_bytes_str(a), hg_bytes_str(b));
}
