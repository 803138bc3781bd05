/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a remote person says beside his presence (what he is doing, how he feels, where he is): one record of each
 * vocabulary, kept as he said it, for the one watcher whom it was said to. If the vocabulary has a table, it makes a call or
 * a meeting of it; his own words are shown as his activity where it does not know what he is doing.
 */

#include "bridge/mirror/core.h"

#include "bridge/base/lcid.h"

#include <stdlib.h>

enum {
	ASPECTS_MAX = 4,    /* of one watch */
	LCID_ENGLISH = 1033 /* of words whose language is not said, or has no number */
};

static void done(struct hg_aspect_obj *a)
{
	hg_record_unref(a->said);
	hg_texts_unref(a->words);
	hg_statement_done(&a->statement);
}

static bool has_lcid(const struct hg_text *v, size_t n, uint32_t lcid)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].lcid == lcid)
			return true;
	return false;
}

static struct hg_texts *read_words(const struct hg_aspect *said)
{
	struct hg_text v[HG_TEXTS_MAX] = { 0 };
	struct hg_texts *words;
	size_t n = 0;

	for (uint32_t i = 0; i < said->said->n && n < HG_TEXTS_MAX; i++) {
		const struct hg_value *value = &said->said->value[i];
		uint32_t lcid = hg_lcid_of(hg_str(value->lang));

		lcid = lcid ? lcid : LCID_ENGLISH;
		if (value->field == said->text && !has_lcid(v, n, lcid))
			v[n++] = (struct hg_text){ lcid, hg_bytes_new(value->text) };
	}
	words = hg_texts_new(v, n);
	for (size_t i = 0; i < n; i++)
		hg_bytes_unref(v[i].text);
	return words;
}

static struct hg_aspect_obj *find(struct hg_watch_obj *w, const struct hg_vocabulary *v)
{
	for (size_t i = 0; i < w->naspects; i++)
		if (w->aspect[i].vocabulary == v)
			return &w->aspect[i];
	return NULL;
}

static void read_statement(struct hg_core *c, const struct hg_watch_obj *w, struct hg_aspect_obj *a)
{
	const struct hg_table *t = hg_core_table(c, a->vocabulary, w->key.presentity);

	a->table = t ? hg_table_id(t) : 0;
	a->statement = (struct hg_statement){ 0 };
	if (t)
		hg_table_in(t, a->said, &a->statement);
	a->statement.beside = true;
}

static void changed(struct hg_core *c, struct hg_watch_obj *w)
{
	hg_watch_changed(c, w);
	hg_watch_dirty(c, w);
	hg_link_sync(c, w);
}

static void drop(struct hg_watch_obj *w, size_t i)
{
	done(&w->aspect[i]);
	w->aspect[i] = w->aspect[--w->naspects];
}

/* With a planted defect that of somebody else who watches the same person. */
static struct hg_watch_obj *whose(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_watch_obj *x = HG_PLANTED(HG_BUG_ASPECT_OF_ANOTHER) ? c->watches : NULL;

	while (x && (x->key.presentity != w->key.presentity || x->auth.out != HG_AUTH_GRANTED))
		x = x->hh.next;
	return x ? x : w;
}

void hg_aspect_set(struct hg_core *c, struct hg_watch_obj *w, const struct hg_aspect *said,
	uint32_t generation)
{
	struct hg_aspect_obj *a;

	w = whose(c, w);
	a = find(w, said->vocabulary);
	if (!said->said) {
		if (a)
			drop(w, (size_t)(a - w->aspect));
	} else if (!a && w->naspects >= ASPECTS_MAX) {
		hg_core_count(c, "limit_aspects_total");
		hg_record_unref(said->said);
		return;
	} else {
		if (!a) {
			w->aspect = hg_realloc(w->aspect, (w->naspects + 1) * sizeof(*w->aspect));
			a = &w->aspect[w->naspects++];
		} else {
			done(a);
		}
		*a = (struct hg_aspect_obj){ .vocabulary = said->vocabulary,
			.said = said->said,
			.words = read_words(said),
			.generation = generation };
		read_statement(c, w, a);
	}
	changed(c, w);
}

void hg_aspects_remap(struct hg_core *c, struct hg_watch_obj *w, const struct hg_vocabulary *v)
{
	struct hg_aspect_obj *a = find(w, v);
	const struct hg_table *t = a ? hg_core_table(c, v, w->key.presentity) : NULL;
	struct hg_statement was;

	if (!t || hg_table_id(t) == a->table)
		return;
	was = a->statement;
	read_statement(c, w, a);
	if (!hg_statement_eq(&was, &a->statement))
		changed(c, w);
	hg_statement_done(&was);
}

void hg_aspects_drop(struct hg_watch_obj *w)
{
	while (w->naspects)
		drop(w, 0);
	free(w->aspect);
	w->aspect = NULL;
}

bool hg_aspects_settle(struct hg_watch_obj *w, uint32_t generation)
{
	bool any = false;

	for (size_t i = w->naspects; i-- > 0;)
		if (w->aspect[i].generation != generation &&
			!HG_PLANTED(HG_BUG_ASPECT_OUTLIVES_LANE)) {
			drop(w, i);
			any = true;
		}
	return any;
}

void hg_aspects_show(const struct hg_watch_obj *w, struct hg_presence *shown)
{
	enum hg_band band = hg_band_of(shown->availability);

	if (band == HG_BAND_UNKNOWN || band == HG_BAND_OFFLINE || shown->activity.custom)
		return;
	for (size_t i = 0; i < w->naspects && !shown->activity.custom; i++)
		if (!w->aspect[i].statement.token[0])
			shown->activity.custom = hg_texts_ref(w->aspect[i].words);
	if (shown->activity.custom && !shown->activity.token[0])
		shown->activity.max = UINT32_MAX;
}
