/* SPDX-License-Identifier: Apache-2.0 */
/* Watcher information as a notifier makes it: of a view, and of what it was before. */
#include "bridge/documents/winfo.h"
#include "bridge/documents/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- of a view ---- */

static struct hg_bytes *id_of(const struct hg_watched_by *by)
{
	char text[16];

	snprintf(text, sizeof(text), "w%u", by->id);
	return hg_bytes_new(hg_str(text));
}

static struct hg_bytes *uri_of(const struct hg_watched_by *by)
{
	struct hg_buf uri = { 0 };

	hg_buf_adds(&uri, "sip:");
	hg_buf_add(&uri, by->user);
	struct hg_bytes *ret = hg_buf_bytes(&uri);
	hg_buf_done(&uri);
	return ret;
}

static struct hg_watcher watcher_of(const struct hg_watched_by *by)
{
	static const struct {
		enum hg_watcher_status status;
		enum hg_watcher_event event;
	} says[] = { [HG_WATCH_PENDING] = { HG_WATCHER_PENDING, HG_WATCHER_SUBSCRIBE },
		[HG_WATCH_ACTIVE] = { HG_WATCHER_ACTIVE, HG_WATCHER_SUBSCRIBE },
		[HG_WATCH_WAITING] = { HG_WATCHER_WAITING, HG_WATCHER_TIMEOUT } };

	return (struct hg_watcher){ .id = id_of(by),
		.uri = uri_of(by),
		.name = by->name.n && by->name.n <= HG_WINFO_WORD_MAX ? hg_bytes_new(by->name)
								      : NULL,
		.status = says[by->how].status,
		.event = says[by->how].event };
}

/* Of a document that can be read again: a name may be much longer when it is written. */
static bool fits(const struct hg_self *self, size_t i, size_t *octets)
{
	if (i == self->nby || i == HG_WINFO_WATCHERS_MAX)
		return false;
	*octets += 100 + 6 * (self->by[i].user.n + self->by[i].name.n);
	return *octets < HG_DOC_MAX;
}

void hg_winfo_write_watchers(struct hg_buf *out, const struct hg_view *view, struct hg_str resource)
{
	const struct hg_self *self = view->self;
	struct hg_watcher_list *list = hg_alloc(sizeof(*list));
	struct hg_winfo doc = { .full = true, .list = list, .n = 1 };
	size_t octets = 0;

	list->resource = hg_bytes_new(resource);
	list->package = hg_bytes_new(HG_STR("presence"));
	list->watcher = hg_alloc((self->nby + 1) * sizeof(*list->watcher));
	for (; fits(self, list->n, &octets); list->n++)
		list->watcher[list->n] = watcher_of(&self->by[list->n]);
	hg_winfo_write(out, &doc);
	hg_winfo_done(&doc);
}

/* ---- what changed ---- */

static int by_id(const void *a, const void *b)
{
	const struct hg_watcher *x = *(struct hg_watcher *const *)a,
				*y = *(struct hg_watcher *const *)b;

	return strcmp(x->id->p, y->id->p);
}

/* Those of the one list, by their ids. */
static struct hg_watcher **sorted(const struct hg_winfo *doc, size_t *ret)
{
	*ret = doc->n ? doc->list[0].n : 0;
	struct hg_watcher **w = hg_alloc((*ret + 1) * sizeof(*w));

	for (size_t i = 0; i < *ret; i++)
		w[i] = &doc->list[0].watcher[i];
	qsort(w, *ret, sizeof(*w), by_id);
	return w;
}

static void add(struct hg_winfo *ret, const struct hg_watcher_list *of, const struct hg_watcher *w,
	bool gone)
{
	if (!ret->n) {
		ret->list = hg_alloc(sizeof(*ret->list));
		ret->list[ret->n++] = (struct hg_watcher_list){
			.resource = hg_bytes_ref(of->resource), .package = hg_bytes_ref(of->package)
		};
	}
	struct hg_watcher_list *list = ret->list;

	list->watcher = hg_realloc(list->watcher, (list->n + 1) * sizeof(*list->watcher));
	list->watcher[list->n++] = (struct hg_watcher){ .id = hg_bytes_ref(w->id),
		.uri = hg_bytes_ref(w->uri),
		.name = w->name ? hg_bytes_ref(w->name) : NULL,
		.status = gone ? HG_WATCHER_TERMINATED : w->status,
		.event = gone ? HG_WATCHER_TIMEOUT : w->event };
}

/* What led from one state to another. */
static void moved(const struct hg_watcher *before, struct hg_watcher *now)
{
	if (before->status == now->status)
		now->event = before->event;
	else if (now->status == HG_WATCHER_ACTIVE)
		now->event = HG_WATCHER_APPROVED;
}

void hg_winfo_changes(const struct hg_winfo *before, struct hg_winfo *now, struct hg_winfo *ret)
{
	size_t n, m, i = 0, k = 0;
	struct hg_watcher **was = sorted(before, &n), **is = sorted(now, &m);

	*ret = (struct hg_winfo){ 0 };
	while (i < n || k < m) {
		int order = i == n ? 1 : k == m ? -1 : by_id(&was[i], &is[k]);

		if (order < 0) {
			add(ret, &before->list[0], was[i++], true);
			continue;
		}
		if (!order)
			moved(was[i], is[k]);
		if (order > 0 || was[i]->status != is[k]->status)
			add(ret, &now->list[0], is[k], false);
		i += !order;
		k++;
	}
	free(was);
	free(is);
}
