/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who watches somebody, told to himself (RFC 3857, RFC 3858). The core has who they are; what led each of them to where he is,
 * and who has gone, follows from what this dialog was told last.
 */
#include "plugins/sip/simple.h"

#include "bridge/documents/winfo.h"

#include <stdio.h>
#include <stdlib.h>

#define OCTETS_DATAGRAM 40000

void hg_sip_subscribe_winfo(struct hg_sip_subscribe *sub)
{
	const hg_part part[] = { HG_PART_WATCHERS };
	if (!hg_sip_subscribe_own(sub, HG_SIP_EVENT_WINFO, HG_SIP_FORMAT_WINFO, part, 1))
		hg_sip_subscribe_simple_ok(sub);
}

void hg_sip_winfo_done(struct hg_sip_dialog *d)
{
	if (!d->watchers)
		return;
	hg_winfo_done(d->watchers);
	free(d->watchers);
	d->watchers = NULL;
}

/* What the core has, which is ours: rendered by hg_winfo_write_watchers. false: nothing is to be told now */
static bool read_watchers(struct hg_sip_outlet *o, struct hg_winfo *ret)
{
	struct hg_sip_frags frags = { 0 };
	struct hg_doc_err bad;
	enum hg_standing standing;
	bool there = hg_sip_frags_collect(&frags, o, &standing) &&
		!hg_winfo_read(hg_bytes_str(frags.frag[0].bytes), ret, &bad);
	hg_sip_frags_done(&frags);
	return there;
}

/* What one datagram cannot hold is not told; those who are not let in come first. */
static void cut(struct hg_winfo *doc)
{
	size_t octets = 0, n = 0;
	struct hg_watcher_list *list = doc->list;
	while (doc->n && n < list->n && octets < OCTETS_DATAGRAM) {
		const struct hg_watcher *w = &list->watcher[n++];
		octets += 100 + w->uri->n + (w->name ? w->name->n : 0);
	}
	while (doc->n && list->n > n) {
		const struct hg_watcher *w = &list->watcher[--list->n];
		hg_bytes_unref(w->id);
		hg_bytes_unref(w->uri);
		hg_bytes_unref(w->name);
	}
}

static bool tell(struct hg_sip_dialog *d, struct hg_winfo *doc, bool full)
{
	struct hg_buf body = { 0 };
	char state[64];
	doc->full = full;
	doc->version = d->rlmi_version++;
	hg_winfo_write(&body, doc);
	if (d->ends)
		snprintf(state, sizeof(state), "terminated;reason=%s", d->ends);
	else
		snprintf(state, sizeof(state), "active;expires=%u", hg_sip_dialog_left(d));
	bool sent = hg_sip_dialog_notify(d, state, HG_SIP_TYPE_WINFO, hg_buf_str(&body));
	hg_buf_done(&body);
	return sent;
}

bool hg_sip_winfo_tell(struct hg_sip_dialog *d, bool full)
{
	struct hg_winfo now = { 0 }, changes = { 0 };
	struct hg_sip_outlet *o = d->outlet;
	bool sent = true, ends = d->ends != NULL;
	o->again = false;
	if (!read_watchers(o, &now)) {
		hg_winfo_done(&now);
		if (ends) {
			hg_sip_notify_end(d, d->ends);
			hg_sip_dialog_end(d);
		}
		return false;
	}
	if (d->conn->datagram)
		cut(&now);
	if (!d->watchers)
		d->watchers = hg_alloc(sizeof(*d->watchers));
	hg_winfo_changes(d->watchers, &now, &changes);
	if (full || changes.n)
		sent = tell(d, full ? &now : &changes, full);
	hg_winfo_done(&changes);
	hg_winfo_done(d->watchers);
	*d->watchers = now;
	if (ends)
		hg_sip_dialog_end(d);
	return sent && !ends;
}
