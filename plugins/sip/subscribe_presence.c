/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SUBSCRIBE to others' presence: a batch, addressed to oneself, or one presentity, named by the Request-URI
 * (EP 4.4). Later SUBSCRIBEs of the dialog add to it and never take a presentity away; only an `unsubscribe` action
 * does: a refresh of pidgin-sipe names only those that had a document in the last answer.
 */
#include "plugins/sip/dialog.h"

#include "bridge/documents/batch.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/rlmi.h"

#include <errno.h>
#include <stdlib.h>

/* ---- the dialects ---- */

/* For a subscription to one presentity that does not say what it wants to see. */
static const hg_part default_parts[] = { HG_CAT_CALENDAR_DATA, HG_CAT_CONTACT_CARD, HG_CAT_NOTE,
	HG_CAT_STATE };

const struct hg_sip_manner *hg_sip_manner_of(enum hg_sip_event event)
{
	static const struct hg_sip_manner enhanced = { .format = HG_SIP_FORMAT_CATEGORIES,
		.read = hg_batch_read,
		.part = default_parts,
		.nparts = sizeof(default_parts) / sizeof(*default_parts),
		.type = HG_TYPE_CATEGORIES,
		.write = hg_categories_write };
	static const struct hg_sip_manner lcs = { .format = HG_SIP_FORMAT_LCS,
		.read = hg_lcs_list_read,
		.part = hg_lcs_part,
		.nparts = HG_LCS_PARTS,
		.type = HG_TYPE_LCS_PRESENTITY,
		.write = hg_lcs_presentity_write };
	return event == HG_SIP_EVENT_LCS_PRESENCE ? &lcs : &enhanced;
}

/* One named presentity while the answer is made. */
struct named {
	struct hg_str uri;
	enum hg_standing standing;
	size_t first, nfrags; /* of `frags` */
	struct hg_sip_outlet *outlet;
};

struct work {
	struct hg_sip_subscribe *sub;
	enum hg_sip_event event;
	const struct hg_sip_manner *manner;
	hg_addr presentity; /* of the Request-URI, 0 in a batch */
	struct hg_str presentity_uri;
	struct named *named;
	size_t n, cap;
	struct hg_sip_frags frags;
};

/* ---- one presentity ---- */

static void collect(struct work *w, struct hg_sip_outlet *o)
{
	hg_grow(&w->named, &w->cap, w->n, sizeof(*w->named));
	struct named *named = &w->named[w->n++];
	*named = (struct named){ .uri = hg_str(o->wire), .first = w->frags.n, .outlet = o };
	if (w->sub->dialog->piggyback)
		named->nfrags = hg_sip_frags_collect(&w->frags, o, &named->standing);
	for (size_t i = 0; w->event == HG_SIP_EVENT_LCS_PRESENCE && i < named->nfrags; i++)
		hg_sip_lcs_keep(o, &w->frags.frag[named->first + i]);
	/* A document in which nothing stands would say offline. */
	if (w->event == HG_SIP_EVENT_LCS_PRESENCE && !named->nfrags && named->standing != HG_NOBODY)
		named->standing = HG_PENDING;
	/* Without consent, or without a presentity, there is no document. */
	if (named->standing == HG_PENDING || named->standing == HG_NOBODY)
		named->nfrags = 0;
	else if (named->nfrags)
		o->documented = true;
}

static void add_nobody(struct work *w, struct hg_str uri)
{
	hg_grow(&w->named, &w->cap, w->n, sizeof(*w->named));
	w->named[w->n++] = (struct named){ .uri = uri, .standing = HG_NOBODY };
}

static void add(struct work *w, struct hg_str uri, bool context, const hg_part *part, size_t nparts)
{
	struct hg_sip_dialog *d = w->sub->dialog;
	struct hg_sip *sip = d->conn->sip;
	const char *reason;
	struct hg_str gr;
	hg_addr addr;
	if (sip->host->addr_sip(sip->core, uri, &addr, &gr, &reason)) {
		add_nobody(w, uri);
		return;
	}
	struct hg_sip_outlet *o = hg_sip_outlet_find(d, addr);
	if (o && o->round == d->rounds)
		return; /* named twice */
	if (o)
		sip->host->outlet_lost(
			sip->core, o->id); /* a refresh is told all (RFC 6665 4.2.1.2) */
	else if (hg_sip_outlet_open(d, addr, uri, w->manner->format, part, nparts, &o) != HG_OK) {
		add_nobody(w, uri);
		return;
	}
	o->round = d->rounds;
	if (context)
		hg_sip_wish(o);
	collect(w, o);
}

static void take_away(struct work *w, struct hg_str uri)
{
	struct hg_sip_dialog *d = w->sub->dialog;
	struct hg_sip *sip = d->conn->sip;
	const char *reason;
	struct hg_str gr;
	hg_addr addr;
	if (sip->host->addr_sip(sip->core, uri, &addr, &gr, &reason))
		return;
	struct hg_sip_outlet *o = hg_sip_outlet_find(d, addr);
	if (o && o->round != d->rounds)
		hg_sip_outlet_shut(o);
}

/* ---- what the request names ---- */

static void apply(struct work *w, const struct hg_batch *batch)
{
	struct hg_sip_dialog *d = w->sub->dialog;
	struct hg_sip *sip = d->conn->sip;
	struct hg_sip_outlet *o;
	for (size_t i = 0; i < batch->nactions; i++) {
		const struct hg_batch_action *a = &batch->action[i];
		for (size_t j = 0; j < a->nresources; j++) {
			struct hg_str uri = hg_str(a->resource[j].uri);
			if (a->unsubscribe)
				take_away(w, uri);
			else
				add(w, uri, a->resource[j].context,
					a->nparts ? a->part : w->manner->part,
					a->nparts ? a->nparts : w->manner->nparts);
		}
	}
	if (batch->nactions)
		return;
	if (w->presentity && !d->outlet)
		/* Clients of 2005 have no other word for "I want to see him" than to look. */
		add(w, w->presentity_uri, w->event == HG_SIP_EVENT_LCS_PRESENCE, w->manner->part,
			w->manner->nparts);
	else /* a refresh that names nobody is for all */
		for (o = d->outlet; o; o = o->next) {
			sip->host->outlet_lost(sip->core, o->id);
			collect(w, o);
		}
}

static size_t count_resources(const struct hg_batch *batch)
{
	size_t n = 0;
	for (size_t i = 0; i < batch->nactions; i++)
		n += batch->action[i].unsubscribe ? 0 : batch->action[i].nresources;
	return n;
}

/* Does a single subscription's body name the presentity of its Request-URI, and no other? */
static bool names_only(const struct work *w, const struct hg_batch *batch)
{
	struct hg_sip *sip = w->sub->req->sip;
	for (size_t i = 0; i < batch->nactions; i++) {
		const struct hg_batch_action *a = &batch->action[i];
		for (size_t j = 0; j < a->nresources; j++) {
			const char *reason;
			struct hg_str gr;
			hg_addr addr;
			if (sip->host->addr_sip(
				    sip->core, hg_str(a->resource[j].uri), &addr, &gr, &reason) ||
				addr != w->presentity)
				return false;
		}
	}
	return true;
}

/* ---- what is wrong with it ---- */

/* Sets w->presentity for a single one. true: refused */
static bool wrong_addressee(struct work *w)
{
	struct hg_sip_request *req = w->sub->req;
	struct hg_sip_dialog *d = w->sub->dialog;
	hg_addr uri, to;
	const char *reason = "";
	if (d) { /* its Request-URI is our own contact address */
		if (!d->list && d->outlet)
			w->presentity = d->outlet->addr;
		return false;
	}
	if (hg_sip_addr(req, req->in->sip_request->rq_url, &uri, &w->presentity_uri, &reason))
		hg_sip_refuse(req, 404, "Request-URI: %s", reason);
	else if (hg_sip_addr(req, req->in->sip_to->a_url, &to, NULL, &reason))
		hg_sip_refuse(req, 400, "To: %s", reason);
	else if (uri != to)
		hg_sip_refuse(req, 403, "Request-URI and To name different users");
	else {
		/* In the 2005 dialect who has no list looks at himself like at others. */
		bool list = uri == req->conn->addr &&
			(w->event == HG_SIP_EVENT_PRESENCE || hg_sip_body(req).n);
		w->presentity = list ? 0 : uri;
		return false;
	}
	return true;
}

/* true: refused */
static bool wrong_batch(struct work *w, const struct hg_batch *batch, bool has_body)
{
	struct hg_sip_request *req = w->sub->req;
	struct hg_sip_dialog *d = w->sub->dialog;
	struct hg_sip *sip = req->sip;
	const char *reason = "";
	struct hg_str gr;
	hg_addr addr;
	if (!has_body && !w->presentity && !d)
		hg_sip_refuse(req, 400, "the list of whom to watch is missing");
	else if (has_body && *batch->uri &&
		(sip->host->addr_sip(sip->core, hg_str(batch->uri), &addr, &gr, &reason) ||
			addr != req->conn->addr))
		hg_sip_refuse(req, 403, "the list is not the subscriber's");
	else if (w->presentity && !names_only(w, batch))
		hg_sip_refuse(req, 403, "resource: not the one of the Request-URI");
	else if (count_resources(batch) + (d ? d->noutlets : 0) > sip->limit.resources)
		hg_sip_refuse(req, 413, "too many resources");
	else
		return false;
	return true;
}

/* ---- the answer ---- */

static void write_multipart(struct work *w, struct hg_buf *type, struct hg_buf *body)
{
	struct hg_sip_dialog *d = w->sub->dialog;
	const struct hg_frag *const *frag = hg_sip_frags_array(&w->frags);
	struct hg_rlmi_resource *resource = hg_alloc((w->n + 1) * sizeof(*resource));
	char boundary[33];
	for (size_t i = 0; i < w->n; i++)
		resource[i] = (struct hg_rlmi_resource){ .uri = w->named[i].uri,
			.standing = w->named[i].standing,
			.frag = w->named[i].nfrags ? frag + w->named[i].first : NULL,
			.nfrags = w->named[i].nfrags };
	hg_sip_boundary(d->conn->sip, boundary);
	struct hg_rlmi list = { .uri = hg_str(d->conn->uri),
		.version = d->rlmi_version++,
		.full = w->sub->fresh,
		.resource = resource,
		.n = w->n,
		.type = w->manner->type,
		.write = w->manner->write };
	hg_multipart_write(body, &list, hg_str(boundary));
	hg_multipart_write_type(type, &list, hg_str(boundary));
	free(resource);
}

static void answer(struct work *w)
{
	struct hg_buf type = { 0 }, body = { 0 };
	struct hg_sip_dialog *d = w->sub->dialog;
	if (!d->piggyback)
		; /* each outlet counts as not sent: notifications follow */
	else if (d->list)
		write_multipart(w, &type, &body);
	else if (w->n && w->named[0].nfrags) {
		hg_buf_adds(&type, w->manner->type);
		w->manner->write(&body, w->named[0].uri, hg_sip_frags_array(&w->frags), w->frags.n);
	}
	hg_sip_subscribe_ok(w->sub, type.p, hg_buf_str(&body));
	hg_buf_done(&type);
	hg_buf_done(&body);
}

/* A single one that nobody is behind is refused; in a batch the list says so. true: refused */
static bool nobody(struct work *w)
{
	if (w->sub->dialog->list || !w->n || w->named[0].standing != HG_NOBODY)
		return false;
	hg_sip_dialog_end(w->sub->dialog);
	hg_sip_refuse(w->sub->req, 404, "no such presentity");
	return true;
}

void hg_sip_subscribe_presence(struct hg_sip_subscribe *sub)
{
	enum hg_sip_event event = sub->req->conn->dialect == HG_SIP_2005 ? HG_SIP_EVENT_LCS_PRESENCE
									 : HG_SIP_EVENT_PRESENCE;
	struct work w = { .sub = sub, .event = event, .manner = hg_sip_manner_of(event) };
	struct hg_batch batch = { 0 };
	struct hg_doc_err bad = { "" };
	struct hg_str body = hg_sip_body(sub->req);
	int rc = body.n ? w.manner->read(body, &batch, &bad) : 0;
	if (rc)
		hg_sip_refuse(sub->req, rc == -E2BIG ? 413 : 400, "%s", bad.text);
	else if (!wrong_addressee(&w) && !wrong_batch(&w, &batch, body.n != 0)) {
		hg_sip_subscribe_dialog(sub, event);
		if (sub->fresh)
			sub->dialog->list = !w.presentity;
		apply(&w, &batch);
		if (!nobody(&w))
			answer(&w);
	}
	hg_batch_done(&batch);
	free(w.named);
	hg_sip_frags_done(&w.frags);
}
