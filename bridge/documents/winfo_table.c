/* SPDX-License-Identifier: Apache-2.0 */
/* What a subscriber to watcher information knows after each document. */
#include "bridge/documents/winfo.h"

#include <errno.h>
#include <stdlib.h>

static void forget(struct hg_watcher *w)
{
	hg_bytes_unref(w->id);
	hg_bytes_unref(w->uri);
	hg_bytes_unref(w->name);
	*w = (struct hg_watcher){ 0 };
}

static struct hg_watcher_list *find_list(struct hg_winfo *in, const struct hg_watcher_list *like)
{
	for (size_t i = 0; i < in->n; i++) {
		if (hg_bytes_eq(in->list[i].resource, like->resource) &&
			hg_bytes_eq(in->list[i].package, like->package))
			return &in->list[i];
	}
	return NULL;
}

static struct hg_watcher *find(struct hg_watcher_list *list, const struct hg_bytes *id)
{
	for (size_t i = 0; list && i < list->n; i++) {
		if (hg_bytes_eq(list->watcher[i].id, id))
			return &list->watcher[i];
	}
	return NULL;
}

/* Those who would be there, at most. */
static size_t count(struct hg_winfo_table *table, const struct hg_winfo *doc)
{
	size_t n = 0, lists = 0;

	for (size_t i = 0; i < table->known.n && !doc->full; i++)
		n += table->known.list[i].n;
	for (size_t i = 0; i < doc->n; i++) {
		const struct hg_watcher_list *list = &doc->list[i];
		struct hg_watcher_list *known = find_list(&table->known, list);

		lists += !known;
		for (size_t k = 0; k < list->n; k++)
			n += list->watcher[k].status != HG_WATCHER_TERMINATED &&
				(doc->full || !find(known, list->watcher[k].id));
	}
	return table->known.n + lists > HG_WINFO_LISTS_MAX && !doc->full ? SIZE_MAX : n;
}

static struct hg_watcher_list *need_list(struct hg_winfo *in, const struct hg_watcher_list *like)
{
	struct hg_watcher_list *list = find_list(in, like);

	if (list)
		return list;
	in->list = hg_realloc(in->list, (in->n + 1) * sizeof(*in->list));
	list = &in->list[in->n++];
	*list = (struct hg_watcher_list){ .resource = hg_bytes_ref(like->resource),
		.package = hg_bytes_ref(like->package) };
	return list;
}

/* He is moved, or gone. */
static void take_watcher(struct hg_watcher_list *list, struct hg_watcher *from)
{
	struct hg_watcher *w = find(list, from->id);

	if (!w && from->status != HG_WATCHER_TERMINATED) {
		list->watcher = hg_realloc(list->watcher, (list->n + 1) * sizeof(*list->watcher));
		w = &list->watcher[list->n++];
		*w = (struct hg_watcher){ 0 };
	}
	if (!w)
		return;
	forget(w);
	if (from->status == HG_WATCHER_TERMINATED) {
		*w = list->watcher[--list->n];
		return;
	}
	*w = *from;
	*from = (struct hg_watcher){ .status = HG_WATCHER_TERMINATED };
}

int hg_winfo_take(struct hg_winfo_table *table, struct hg_winfo *doc, enum hg_coherent *ret)
{
	struct hg_coherence seen = table->seen;

	*ret = hg_coherence_take(&seen, doc->full ? HG_WHOLE : HG_PARTIAL, doc->version);
	if (*ret == HG_COHERENT_DISCARD)
		return 0;
	if (count(table, doc) > HG_WINFO_WATCHERS_MAX)
		return -E2BIG;
	table->seen = seen;
	if (doc->full)
		hg_winfo_done(&table->known);
	table->known.version = doc->version;
	table->known.full = true;
	for (size_t i = 0; i < doc->n; i++) {
		struct hg_watcher_list *list = need_list(&table->known, &doc->list[i]);

		for (size_t k = 0; k < doc->list[i].n; k++)
			take_watcher(list, &doc->list[i].watcher[k]);
	}
	return 0;
}
