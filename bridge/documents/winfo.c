/* SPDX-License-Identifier: Apache-2.0 */
/* Watcher information as a document. */
#include "bridge/documents/winfo.h"
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/write.h"

#include <errno.h>
#include <stdlib.h>

#define NS "urn:ietf:params:xml:ns:watcherinfo"

static const char *const statuses[] = { [HG_WATCHER_PENDING] = "pending",
	[HG_WATCHER_ACTIVE] = "active",
	[HG_WATCHER_WAITING] = "waiting",
	[HG_WATCHER_TERMINATED] = "terminated",
	NULL };

static const char *const events[] = { [HG_WATCHER_SUBSCRIBE] = "subscribe",
	[HG_WATCHER_APPROVED] = "approved",
	[HG_WATCHER_DEACTIVATED] = "deactivated",
	[HG_WATCHER_PROBATION] = "probation",
	[HG_WATCHER_REJECTED] = "rejected",
	[HG_WATCHER_TIMEOUT] = "timeout",
	[HG_WATCHER_GIVEUP] = "giveup",
	[HG_WATCHER_NORESOURCE] = "noresource",
	NULL };

/* ---- reading ---- */

static int read_seconds(const xmlNode *node, const char *name, bool *ret_there, uint32_t *ret,
	struct hg_doc_err *err)
{
	*ret_there = xmlHasNsProp((xmlNode *)node, (const xmlChar *)name, NULL) != NULL;
	return hg_xml_u32(node, name, UINT32_MAX, ret, err);
}

static int read_watcher(const xmlNode *node, struct hg_watcher *w, struct hg_doc_err *err)
{
	unsigned choice;
	int rc = hg_word_need(node, "id", HG_WINFO_WORD_MAX, &w->id, err);

	if (!rc)
		rc = hg_choice_need(node, "status", statuses, &choice, err);
	if (!rc)
		w->status = choice;
	if (!rc)
		rc = hg_choice_need(node, "event", events, &choice, err);
	if (!rc)
		w->event = choice;
	if (!rc)
		rc = hg_attr_read(node, "display-name", HG_WINFO_WORD_MAX, &w->name, err);
	if (!rc)
		rc = read_seconds(node, "expiration", &w->has_expiration, &w->expiration, err);
	if (!rc)
		rc = read_seconds(node, "duration-subscribed", &w->has_duration, &w->duration, err);
	return rc ? rc : hg_word_read(node, HG_WINFO_URI_MAX, &w->uri, err);
}

static int read_list(
	const xmlNode *node, struct hg_watcher_list *list, size_t *total, struct hg_doc_err *err)
{
	size_t cap = 0;
	int rc = hg_word_need(node, "resource", HG_WINFO_URI_MAX, &list->resource, err);

	if (!rc)
		rc = hg_word_need(node, "package", HG_WINFO_WORD_MAX, &list->package, err);
	for (const xmlNode *n = rc ? NULL : hg_xml_child(node, "watcher", NS); n && !rc;
		n = hg_xml_sibling(n, "watcher", NS)) {
		if (++*total > HG_WINFO_WATCHERS_MAX)
			return hg_doc_fail(
				err, -E2BIG, "more than %d watchers", HG_WINFO_WATCHERS_MAX);
		hg_grow(&list->watcher, &cap, list->n, sizeof(*list->watcher));
		rc = read_watcher(n, &list->watcher[list->n++], err);
	}
	return rc;
}

static int read_root(const xmlNode *root, struct hg_winfo *ret, struct hg_doc_err *err)
{
	static const char *const states[] = { "full", "partial", NULL };
	size_t cap = 0, total = 0;
	unsigned state = 0;
	int rc = hg_xml_need_u32(root, "version", UINT32_MAX, &ret->version, err);

	if (!rc)
		rc = hg_choice_need(root, "state", states, &state, err);
	ret->full = state == 0;
	for (const xmlNode *n = rc ? NULL : hg_xml_child(root, "watcher-list", NS); n && !rc;
		n = hg_xml_sibling(n, "watcher-list", NS)) {
		if (ret->n == HG_WINFO_LISTS_MAX)
			return hg_doc_fail(
				err, -E2BIG, "more than %d lists of watchers", HG_WINFO_LISTS_MAX);
		hg_grow(&ret->list, &cap, ret->n, sizeof(*ret->list));
		rc = read_list(n, &ret->list[ret->n++], &total, err);
	}
	return rc;
}

int hg_winfo_read(struct hg_str body, struct hg_winfo *ret, struct hg_doc_err *err)
{
	struct hg_buf room = { 0 };
	struct hg_xml xml;

	*ret = (struct hg_winfo){ 0 };
	int rc = hg_xml_parse(hg_simple_body(body, &room), "watcherinfo", NS, &xml, err);
	if (!rc)
		rc = read_root(xml.root, ret, err);
	hg_xml_done(&xml);
	hg_buf_done(&room);
	return rc;
}

void hg_winfo_done(struct hg_winfo *winfo)
{
	for (size_t i = 0; i < winfo->n; i++) {
		struct hg_watcher_list *list = &winfo->list[i];

		for (size_t k = 0; k < list->n; k++) {
			hg_bytes_unref(list->watcher[k].id);
			hg_bytes_unref(list->watcher[k].uri);
			hg_bytes_unref(list->watcher[k].name);
		}
		free(list->watcher);
		hg_bytes_unref(list->resource);
		hg_bytes_unref(list->package);
	}
	free(winfo->list);
	*winfo = (struct hg_winfo){ 0 };
}

/* ---- writing ---- */

static void write_watcher(struct hg_buf *out, const struct hg_watcher *w)
{
	hg_buf_adds(out, "<watcher");
	hg_write_attr(out, "id", hg_bytes_str(w->id));
	hg_write_attr(out, "status", hg_str(statuses[w->status]));
	hg_write_attr(out, "event", hg_str(events[w->event]));
	if (w->name)
		hg_write_attr(out, "display-name", hg_bytes_str(w->name));
	if (w->has_expiration)
		hg_write_number_attr(out, "expiration", w->expiration);
	if (w->has_duration)
		hg_write_number_attr(out, "duration-subscribed", w->duration);
	hg_buf_addc(out, '>');
	hg_buf_add_xml(out, hg_bytes_str(w->uri));
	hg_buf_adds(out, "</watcher>");
}

void hg_winfo_write(struct hg_buf *out, const struct hg_winfo *winfo)
{
	hg_buf_adds(
		out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<watcherinfo xmlns=\"" NS "\"");
	hg_write_number_attr(out, "version", winfo->version);
	hg_buf_adds(out, winfo->full ? " state=\"full\">" : " state=\"partial\">");
	for (size_t i = 0; i < winfo->n; i++) {
		const struct hg_watcher_list *list = &winfo->list[i];

		hg_buf_adds(out, "<watcher-list");
		hg_write_attr(out, "resource", hg_bytes_str(list->resource));
		hg_write_attr(out, "package", hg_bytes_str(list->package));
		hg_buf_addc(out, '>');
		for (size_t k = 0; k < list->n; k++)
			write_watcher(out, &list->watcher[k]);
		hg_buf_adds(out, "</watcher-list>");
	}
	hg_buf_adds(out, "</watcherinfo>");
}
