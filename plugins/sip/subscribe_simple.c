/* SPDX-License-Identifier: Apache-2.0 */
/* SUBSCRIBE of a client of ours to one presentity as a PIDF document (RFC 3856), or to its calls (RFC 4235): phones, and whoever asks for nothing else. */
#include "plugins/sip/simple.h"

#include <sofia-sip/sip_tag.h>
#include <stdio.h>

/* Who it is about: of a dialog, whom it was begun for. true: refused */
static bool whom(struct hg_sip_subscribe *sub, hg_addr *ret, struct hg_str *ret_uri)
{
	const url_t *url = sub->req->in->sip_request->rq_url;
	const char *reason = "";
	if (!hg_sip_addr(sub->req, url, ret, ret_uri, &reason))
		return hg_sip_beyond_refused(sub->req, url, *ret);
	hg_sip_refuse(sub->req, 400, "Request-URI: %s", reason);
	return true;
}

void hg_sip_subscribe_simple_ok(struct hg_sip_subscribe *sub)
{
	struct hg_sip_request *req = sub->req;
	struct hg_sip_dialog *d = sub->dialog;
	struct hg_buf contact = { 0 };
	char expires[16];
	snprintf(expires, sizeof(expires), "%u", sub->expires);
	hg_sip_conn_contact(req->conn, &contact);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_CONTACT_STR(contact.p), SIPTAG_EXPIRES_STR(expires),
		SIPTAG_RECORD_ROUTE(req->in->sip_record_route),
		TAG_IF(d->list, SIPTAG_REQUIRE_STR("eventlist")), TAG_END());
	hg_buf_done(&contact);
	hg_sip_reply_send(req, out);
	/* RFC 6665 4.2.1.2: whatever is known, something is told at once. */
	d->full = true;
	d->ends = sub->expires ? NULL : "timeout";
	hg_sip_tell(d);
}

static void serve(struct hg_sip_subscribe *sub, enum hg_sip_event event, uint16_t format)
{
	const hg_part part[] = { HG_PART_WHOLE };
	struct hg_sip_outlet *o = NULL;
	hg_addr addr = 0;
	struct hg_str uri;
	enum hg_verdict verdict = HG_OK;
	bool fresh = !sub->dialog;
	if (sub->list) {
		hg_sip_subscribe_many(sub, event);
		return;
	}
	if (fresh && whom(sub, &addr, &uri))
		return;
	hg_sip_subscribe_dialog(sub, event);
	if (fresh)
		verdict = hg_sip_outlet_open(sub->dialog, addr, uri, format, part, 1, &o);
	else
		o = sub->dialog->outlet;
	if (fresh && o && sub->expires) /* to ask once needs no consent that lasts */
		hg_sip_wish(o);
	if (!o) {
		hg_sip_dialog_end(sub->dialog);
		hg_sip_refuse_verdict(sub->req, verdict == HG_OK ? HG_NOT_FOUND : verdict, "");
		return;
	}
	hg_sip_subscribe_simple_ok(sub);
}

void hg_sip_subscribe_simple(struct hg_sip_subscribe *sub)
{
	serve(sub, HG_SIP_EVENT_SIMPLE, HG_SIP_FORMAT_PIDF);
}

void hg_sip_subscribe_dialogs(struct hg_sip_subscribe *sub)
{
	serve(sub, HG_SIP_EVENT_DIALOG, HG_SIP_FORMAT_DIALOG);
}
