/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subscription dialogs and their outlets. A dialog lives on the connection that it was made over and dies with it;
 * nothing in it depends on nta, whose own dialogs answer what must not be answered.
 */
#include "plugins/sip/simple.h"

#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <utlist.h>

/* ---- outlets ---- */

struct hg_sip_outlet *hg_sip_outlet_find(const struct hg_sip_dialog *d, hg_addr addr)
{
	struct hg_sip_outlet *o;
	DL_FOREACH (d->outlet, o) {
		if (o->addr == addr)
			return o;
	}
	return NULL;
}

struct hg_sip_outlet *hg_sip_outlet_add(struct hg_sip_dialog *d, hg_addr addr, struct hg_str wire)
{
	struct hg_sip_outlet *o = hg_alloc(sizeof(*o));
	o->dialog = d;
	o->addr = addr;
	o->wire = hg_str_dup(wire);
	o->handle = hg_sip_handle_new(&d->conn->sip->handles, HG_SIP_HANDLE_OUTLET, o);
	DL_APPEND(d->outlet, o);
	d->noutlets++;
	return o;
}

/* What watchers are shown, even of himself, or what only he is. In the 2005 dialect a client learns of its own user in the
 * list of those it watches. */
static bool is_watched(const struct hg_sip_outlet *o, uint16_t format)
{
	const struct hg_sip_dialog *d = o->dialog;
	return d->event == HG_SIP_EVENT_PRESENCE || format == HG_SIP_FORMAT_PIDF ||
		format == HG_SIP_FORMAT_DIALOG ||
		(d->event == HG_SIP_EVENT_LCS_PRESENCE && o->addr != d->conn->addr);
}

enum hg_verdict hg_sip_outlet_link(
	struct hg_sip_outlet *o, uint16_t format, const hg_part *part, size_t nparts)
{
	struct hg_sip *sip = o->dialog->conn->sip;
	struct hg_principal principal;
	hg_sip_conn_principal(o->dialog->conn, &principal);
	return sip->host->outlet_open(sip->core,
		&(struct hg_outlet_spec){ .principal = &principal,
			.presentity = o->addr,
			.watched = is_watched(o, format),
			.wire_presentity = hg_str(o->wire),
			.format = format,
			.part = part,
			.nparts = nparts,
			.cookie = o->handle },
		&o->id);
}

enum hg_verdict hg_sip_outlet_open(struct hg_sip_dialog *d, hg_addr addr, struct hg_str wire,
	uint16_t format, const hg_part *part, size_t nparts, struct hg_sip_outlet **ret)
{
	struct hg_sip_outlet *o = hg_sip_outlet_add(d, addr, wire);
	enum hg_verdict verdict = hg_sip_outlet_link(o, format, part, nparts);
	if (verdict != HG_OK) {
		hg_sip_outlet_shut(o);
		return verdict;
	}
	*ret = o;
	return HG_OK;
}

void hg_sip_outlet_shut(struct hg_sip_outlet *o)
{
	struct hg_sip_dialog *d = o->dialog;
	struct hg_sip *sip = d->conn->sip;
	/* Those of a closed lane have ended with it. */
	if (o->id && d->conn->lane)
		sip->host->outlet_shut(sip->core, o->id);
	hg_sip_handle_free(&sip->handles, o->handle);
	DL_DELETE(d->outlet, o);
	d->noutlets--;
	if (o == d->roster)
		d->roster = NULL;
	if (o->wish == HG_SIP_WISH_ASKED) {
		d->wishes--;
		d->conn->wishes = true; /* nobody hears the answer, and others may wait for it */
	}
	hg_sip_lcs_drop(o);
	free(o->wire);
	free(o);
}

void hg_sip_on_outlet_ended(struct hg_sip *sip, uint64_t cookie)
{
	struct hg_sip_outlet *o = hg_sip_handle_get(&sip->handles, HG_SIP_HANDLE_OUTLET, cookie);
	if (!o)
		return;
	o->id = 0;
	if (o->dialog->list && o->dialog->event >= HG_SIP_EVENT_SIMPLE && o != o->dialog->roster) {
		o->over = "deactivated"; /* he is still in the list */
		hg_sip_tell_news(o);
	} else {
		hg_sip_outlet_shut(o);
	}
}

/* ---- dialogs ---- */

/* RFC 3261 12.2.2: Call-ID and both tags. */
struct hg_sip_dialog *hg_sip_dialog_find(const struct hg_sip_request *req)
{
	const sip_t *in = req->in;
	struct hg_sip_dialog *d;
	DL_FOREACH (req->conn->dialog, d) {
		if (hg_sip_leg_is(&d->leg, in))
			return d;
	}
	return NULL;
}

static void lasts(struct hg_sip_dialog *d)
{
	struct hg_sip *sip = d->conn->sip;
	d->until = sip->host->now(sip->core).mono + d->expires * INT64_C(1000);
	/* One that was ended goes with its last word, or when nobody answers to what is under way. */
	sip->host->timer_set(d->timer, d->expires ? d->expires * INT64_C(1000) : -1);
}

static void on_expired(void *arg)
{
	struct hg_sip_dialog *d = arg;
	/* [MS-SIP] com.microsoft.autoextend: it need not be refreshed as long as its client is registered. */
	if (d->extend && d->conn->registered) {
		lasts(d);
		return;
	}
	hg_log(HG_INFO, "sip-subscription-expired", "event=%s user=%s", hg_sip_event_name[d->event],
		d->conn->uri ? hg_log_text(hg_str(d->conn->uri)) : "-");
	hg_sip_notify_end(d, "timeout");
	hg_sip_dialog_end(d);
}

struct hg_sip_dialog *hg_sip_dialog_new(struct hg_sip_request *req, enum hg_sip_event event)
{
	struct hg_sip *sip = req->sip;
	const sip_t *in = req->in;
	struct hg_sip_dialog *d = hg_alloc(sizeof(*d));
	d->conn = req->conn;
	d->event = event;
	hg_sip_leg_answer(&d->leg, req);
	/* Asked for under either name; the second is what [MS-SIP] clients insist on. */
	d->benotify = !d->conn->datagram &&
		(hg_sip_offers(in->sip_supported, "ms-benotify") ||
			hg_sip_offers(in->sip_proxy_require, "ms-benotify"));
	d->piggyback = hg_sip_offers(in->sip_supported, "ms-piggyback-first-notify");
	d->handle = hg_sip_handle_new(&sip->handles, HG_SIP_HANDLE_DIALOG, d);
	d->timer = sip->host->timer_new(sip->core, on_expired, d);
	DL_APPEND(d->conn->dialog, d);
	d->conn->ndialogs++;
	return d;
}

void hg_sip_dialog_refresh(struct hg_sip_dialog *d, struct hg_sip_request *req, uint32_t expires)
{
	const sip_t *in = req->in;
	d->leg.remote_seq = in->sip_cseq->cs_seq;
	hg_sip_leg_retarget(&d->leg, in); /* RFC 3261 12.2.2 */
	d->expires = expires;
	d->extend = hg_sip_offers(in->sip_supported, "com.microsoft.autoextend");
	lasts(d);
}

uint32_t hg_sip_dialog_left(const struct hg_sip_dialog *d)
{
	int64_t left = d->until - d->conn->sip->host->now(d->conn->sip->core).mono;
	return left <= 0 ? 0 : (uint32_t)((left + 999) / 1000);
}

void hg_sip_dialog_end(struct hg_sip_dialog *d)
{
	struct hg_sip *sip = d->conn->sip;
	hg_sip_tell_nothing(d);
	while (d->outlet)
		hg_sip_outlet_shut(d->outlet);
	hg_sip_handle_free(&sip->handles, d->handle);
	sip->host->timer_free(d->timer);
	DL_DELETE(d->conn->dialog, d);
	d->conn->ndialogs--;
	hg_sip_leg_done(&d->leg);
	hg_sip_winfo_done(d);
	free(d);
}
