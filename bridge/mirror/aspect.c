/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a remote person says beside his presence (what he is doing, how he feels, where he is): one record of each
 * vocabulary, kept as he said it, for the one watcher whom it was said to. If the vocabulary has a table, it makes a call or
 * a meeting of it; in words it is shown as his activity, unless that is one which every client has a name for.
 */

#include "bridge/mirror/core.h"

#include "bridge/base/lcid.h"

#include <stdlib.h>
#include <string.h>

enum {
	ASPECTS_MAX = 4 /* of one watch */
};

static void done(struct hg_aspect_obj *a)
{
	hg_record_unref(a->said);
	hg_texts_unref(a->words);
	hg_statement_done(&a->statement);
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

/* In the order of their names, whichever was said first. */
static struct hg_aspect_obj *make_place(struct hg_watch_obj *w, const struct hg_vocabulary *v)
{
	size_t i = 0;

	w->aspect = hg_realloc(w->aspect, (w->naspects + 1) * sizeof(*w->aspect));
	while (i < w->naspects && strcmp(w->aspect[i].vocabulary->name, v->name) < 0)
		i++;
	memmove(&w->aspect[i + 1], &w->aspect[i], (w->naspects++ - i) * sizeof(*w->aspect));
	return &w->aspect[i];
}

static void drop(struct hg_watch_obj *w, size_t i)
{
	done(&w->aspect[i]);
	memmove(&w->aspect[i], &w->aspect[i + 1], (--w->naspects - i) * sizeof(*w->aspect));
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
		if (a)
			done(a);
		else
			a = make_place(w, said->vocabulary);
		*a = (struct hg_aspect_obj){ .vocabulary = said->vocabulary,
			.said = said->said,
			.words = hg_words_of(said->words, said->nwords, HG_FIELD_ANY),
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

/* In this language, else in English, else in the first. */
static struct hg_str in_language(const struct hg_texts *t, uint32_t lcid)
{
	size_t best = 0;

	for (size_t i = 0; t && i < t->n; i++) {
		if (t->v[i].lcid == lcid)
			return hg_bytes_str(t->v[i].text);
		if (t->v[i].lcid == HG_LCID_ENGLISH)
			best = i;
	}
	return t ? hg_bytes_str(t->v[best].text) : HG_STR_NONE;
}

static struct hg_bytes *all_in(const struct hg_watch_obj *w, uint32_t lcid)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *all;

	for (size_t i = 0; i < w->naspects; i++)
		hg_buf_add_also(&b, in_language(w->aspect[i].words, lcid));
	all = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return all;
}

/* One text for each language that anything is said in. */
static struct hg_texts *all_words(const struct hg_watch_obj *w)
{
	struct hg_text v[HG_TEXTS_MAX] = { 0 };
	struct hg_texts *words;
	size_t n = 0;

	for (size_t i = 0; i < w->naspects; i++) {
		const struct hg_texts *t = w->aspect[i].words;

		for (size_t k = 0; t && k < t->n && n < HG_TEXTS_MAX; k++) {
			if (hg_texts_have(v, n, t->v[k].lcid))
				continue;
			v[n].lcid = t->v[k].lcid;
			v[n++].text = all_in(w, t->v[k].lcid);
		}
	}
	words = hg_texts_new(v, n);
	while (n)
		hg_bytes_unref(v[--n].text);
	return words;
}

void hg_aspects_show(const struct hg_watch_obj *w, struct hg_presence *shown)
{
	enum hg_band band = hg_band_of(shown->availability);

	if (band == HG_BAND_UNKNOWN || band == HG_BAND_OFFLINE || shown->activity.custom ||
		hg_token_is_standard(shown->activity.token))
		return;
	shown->activity.custom = all_words(w);
	if (shown->activity.custom && !shown->activity.token[0])
		shown->activity.max = UINT32_MAX;
}
