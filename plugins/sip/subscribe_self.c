/* SPDX-License-Identifier: Apache-2.0 */
/* What a client subscribes to about its own user: roaming-self, the contact list, provisioning (EP 4.2, 4.5, 4.7). */
#include "plugins/sip/dialog.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/provision.h"

#include <errno.h>

bool hg_sip_subscribe_own(struct hg_sip_subscribe *sub, enum hg_sip_event event, uint16_t format,
	const hg_part *part, size_t nparts)
{
	struct hg_sip_conn *conn = sub->req->conn;
	struct hg_sip_outlet *o;
	hg_sip_subscribe_dialog(sub, event);
	if (sub->dialog->outlet)
		return false;
	enum hg_verdict verdict = hg_sip_outlet_open(
		sub->dialog, conn->addr, hg_str(conn->uri), format, part, nparts, &o);
	if (verdict == HG_OK)
		return false;
	hg_sip_dialog_end(sub->dialog);
	hg_sip_refuse_verdict(sub->req, verdict, "");
	return true;
}

static size_t self_parts(const struct hg_roaming *wanted, hg_part *part)
{
	size_t n = 0;
	for (hg_part c = HG_CAT_NONE + 1; wanted->categories && c < HG_CAT_COUNT; c++)
		if (*hg_category_name(c))
			part[n++] = c;
	if (wanted->containers)
		part[n++] = HG_PART_CONTAINERS;
	if (wanted->subscribers)
		part[n++] = HG_PART_SUBSCRIBERS;
	if (wanted->delegates)
		part[n++] = HG_PART_DELEGATES;
	return n;
}

void hg_sip_subscribe_self(struct hg_sip_subscribe *sub)
{
	struct hg_roaming wanted = { true, true, true, true };
	hg_part part[HG_CAT_COUNT + 3];
	struct hg_doc_err bad;
	struct hg_str body = hg_sip_body(sub->req);
	struct hg_sip_frags frags = { 0 };
	struct hg_buf doc = { 0 };
	enum hg_standing standing;
	if (body.n && hg_roaming_read(body, &wanted, &bad)) {
		hg_sip_refuse(sub->req, 400, "%s", bad.text);
		return;
	}
	if (hg_sip_subscribe_own(
		    sub, HG_SIP_EVENT_SELF, HG_SIP_FORMAT_SELF, part, self_parts(&wanted, part)))
		return;
	struct hg_sip_dialog *d = sub->dialog;
	if (!sub->fresh)
		d->conn->sip->host->outlet_lost(d->conn->sip->core, d->outlet->id);
	/* While something is held there is nothing yet: the first document comes as a notification then. */
	if (d->piggyback && hg_sip_frags_collect(&frags, d->outlet, &standing)) {
		hg_roaming_write(
			&doc, hg_str(d->conn->uri), &wanted, hg_sip_frags_array(&frags), frags.n);
		d->told = true;
	}
	hg_sip_subscribe_ok(sub, HG_TYPE_ROAMING_SELF, hg_buf_str(&doc));
	hg_sip_frags_done(&frags);
	hg_buf_done(&doc);
}

/* A refresh tells what is new and no more: clients add a second list to the first (SC 8.8). */
void hg_sip_subscribe_list(struct hg_sip_subscribe *sub, enum hg_sip_event event, uint16_t format,
	hg_part part, const char *type)
{
	struct hg_sip_frags frags = { 0 };
	struct hg_str doc = HG_STR_NONE;
	enum hg_standing standing;
	if (hg_sip_subscribe_own(sub, event, format, &part, 1))
		return;
	if (sub->dialog->piggyback && hg_sip_frags_collect(&frags, sub->dialog->outlet, &standing))
		doc = hg_bytes_str(frags.frag[0].bytes);
	hg_sip_subscribe_ok(sub, type, doc);
	hg_sip_frags_done(&frags);
}

void hg_sip_subscribe_contacts(struct hg_sip_subscribe *sub)
{
	hg_sip_subscribe_list(sub, HG_SIP_EVENT_CONTACTS, HG_SIP_FORMAT_CONTACTS, HG_PART_CONTACTS,
		HG_TYPE_ROAMING_CONTACTS);
}

static void provision(struct hg_sip *sip, const struct hg_provision *wanted, struct hg_buf *doc)
{
	struct hg_provision_offer offer = { .group = sip->group, .ngroups = sip->ngroups };
	offer.nrules = sip->host->grammar(sip->core, &offer.rule);
	hg_provision_write(doc, wanted, &offer);
}

void hg_sip_subscribe_provisioning(struct hg_sip_subscribe *sub)
{
	struct hg_provision wanted = { 0 };
	struct hg_doc_err bad = { "" };
	struct hg_buf doc = { 0 };
	struct hg_str body = hg_sip_body(sub->req);
	int rc = body.n ? hg_provision_read(body, &wanted, &bad) : 0;
	if (rc)
		hg_sip_refuse(sub->req, rc == -E2BIG ? 413 : 400, "%s", bad.text);
	else {
		hg_sip_subscribe_dialog(sub, HG_SIP_EVENT_PROVISIONING);
		provision(sub->req->sip, &wanted, &doc);
		hg_sip_subscribe_ok(sub, HG_TYPE_PROVISIONING, hg_buf_str(&doc));
	}
	hg_provision_done(&wanted);
	hg_buf_done(&doc);
}
