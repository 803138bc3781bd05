/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/presence/digest.h"

#include <assert.h>
#include <stdlib.h>

struct hg_translations *hg_translations_new(const struct hg_translation *v, size_t n)
{
	struct hg_translations *t;

	if (!n)
		return NULL;
	t = hg_alloc(sizeof(*t) + n * sizeof(*v));
	t->refs = 1;
	t->n = n;
	t->hash = HG_DIGEST_START;
	for (size_t i = 0; i < n; i++) {
		t->v[i] = v[i];
		hg_bytes_ref(t->v[i].text);
		t->hash = hg_digest_text(t->hash, hg_str(v[i].lang));
		t->hash = hg_digest_number(t->hash, v[i].text->hash);
	}
	return t;
}

struct hg_translations *hg_translations_ref(struct hg_translations *t)
{
	if (t)
		t->refs++;
	return t;
}

void hg_translations_unref(struct hg_translations *t)
{
	if (!t)
		return;
	assert(t->refs > 0);
	if (--t->refs > 0)
		return;
	for (size_t i = 0; i < t->n; i++)
		hg_bytes_unref(t->v[i].text);
	free(t);
}
