/* SPDX-License-Identifier: Apache-2.0 */
/* SUBSCRIBE from behind a peer: what is wrong with it, the 200, and what the core is asked. */
#include "plugins/sip/notifier.h"

#include <sofia-sip/sip_tag.h>
#include <stdio.h>

static void accepted(struct hg_sip_watcher *d, struct hg_sip_request *req, uint32_t expires)
{
	struct hg_sip_peer *p = d->of->peer;
	char text[16];
	d->leg.remote_seq = req->in->sip_cseq->cs_seq;
	hg_sip_leg_retarget(&d->leg, req->in);
	hg_sip_watcher_lasts(d, expires);
	snprintf(text, sizeof(text), "%u", expires);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out),
		SIPTAG_CONTACT_STR(hg_sip_peer_way(p, d->leg.target)->contact),
		SIPTAG_EXPIRES_STR(text), SIPTAG_RECORD_ROUTE(req->in->sip_record_route),
		TAG_END());
	hg_sip_reply_send(req, out);
}

/*
 * The 200, and what the core has to say to it: what was told before counts no more, and a notification is due in any case. It
 * goes out at the end of the turn, so after the 200.
 */
static void ask(struct hg_sip_watcher *d, struct hg_sip_request *req, const struct hg_pair *pair,
	enum hg_edge edge, uint32_t expires)
{
	struct hg_sip_peer *p = d->of->peer;
	d->told = 0;
	hg_sip_watcher_owe(d);
	p->sip->host->edge(p->sip->core, p->lane, pair, edge);
	accepted(d, req, expires);
}

/*
 * RFC 6665 4.4.3: what he may see now, and no wish to see more of it, so nobody is asked for consent (RFC 8048 7.2). Whoever
 * may be looked at is. Else the core tells him what he is shown as a watcher, if he is one, and nothing of anybody else: whether
 * there is such a person is not seen by it.
 */
static void fetch(struct hg_sip_watcher *d, struct hg_sip_request *req, const struct hg_pair *pair)
{
	struct hg_sip_peer *p = d->of->peer;
	const struct hg_host *host = p->sip->host;
	bool calls = d->event == HG_SIP_EVENT_DIALOG;
	struct hg_buf said = { 0 };
	struct hg_record *record;
	struct hg_view view;
	d->once = true;
	if (!host->look(p->sip->core, p->lane, pair, hg_sip_watcher_part(d), &view)) {
		ask(d, req, pair, HG_PROBE, 0);
		return;
	}
	record = host->record(p->sip->core, calls ? &hg_sip_calls_vocabulary : &hg_pidf_vocabulary,
		pair->presentity, &view.person);
	if (calls)
		hg_sip_calls_render(&view, record, &said);
	else
		hg_sip_render_pidf(p->sip, &view, record, &said);
	d->lit = said.n > 0;
	accepted(d, req, 0);
	hg_sip_watcher_notify(d, NULL, hg_buf_str(&said));
	hg_record_unref(record);
	hg_buf_done(&said);
}

/* RFC 8048 6.3: who ends his subscription is told that it is over, not how the other is. */
static void leave(struct hg_sip_watcher *d, struct hg_sip_request *req)
{
	struct hg_sip *sip = d->of->peer->sip;
	struct hg_buf uri = { 0 }, body = { 0 };
	struct hg_pidf doc;
	if (d->event == HG_SIP_EVENT_DIALOG) {
		d->lit = false;
		accepted(d, req, 0);
		hg_sip_watcher_notify(d, "timeout", HG_STR_NONE);
		return;
	}
	hg_pidf_of_record(NULL, HG_STR(HG_SIP_RESOURCE), &doc);
	doc.tuple->basic = HG_PIDF_CLOSED;
	sip->host->write_sip(sip->core, d->of->pair.presentity, &uri);
	doc.entity = hg_bytes_new(hg_buf_str(&uri));
	hg_pidf_write(&body, &doc);
	accepted(d, req, 0);
	hg_sip_watcher_notify(d, "timeout", hg_buf_str(&body));
	hg_pidf_done(&doc);
	hg_buf_done(&uri);
	hg_buf_done(&body);
}

static void in_dialog(struct hg_sip_peer *p, struct hg_sip_request *req, const struct hg_pair *pair,
	enum hg_sip_event event, uint32_t expires)
{
	struct hg_sip_watcher *d = hg_sip_watcher_find(p, req, pair->watcher, pair->presentity);
	if (!d || d->event != event) {
		hg_sip_refuse(req, 481, "no such subscription");
	} else if (req->in->sip_cseq->cs_seq <= d->leg.remote_seq) {
		hg_sip_refuse(req, 500, "CSeq is out of order"); /* RFC 3261 12.2.2 */
	} else if (!expires) {
		leave(d, req);
	} else {
		ask(d, req, pair, HG_PROBE, expires);
	}
}

/* true: refused */
static bool too_many(struct hg_sip_peer *p, struct hg_sip_request *req, const struct hg_pair *pair)
{
	struct hg_sip_watched *w = hg_sip_watched_find(p, pair->watcher, pair->presentity);
	if (p->dialogs < p->dialogs_max && (!w || w->ndialogs < p->sip->limit.dialogs))
		return false;
	hg_sip_refuse(req, 503, "too many subscriptions");
	return true;
}

void hg_sip_notifier_subscribe(struct hg_sip_request *req, struct hg_sip_peer *p, hg_addr from)
{
	const char *reason = "";
	struct hg_pair pair = { .watcher = from };
	enum hg_sip_event event;
	uint32_t expires;
	if (!hg_sip_peer_leads_to(p, from)) {
		hg_sip_refuse(req, 403, "who lives here subscribes over a connection of his own");
		return;
	}
	/* In a dialog the Request-URI is our own contact, and To is still whom he asked for. */
	const url_t *whom = req->in->sip_to->a_tag ? req->in->sip_to->a_url
						   : req->in->sip_request->rq_url;
	if (hg_sip_addr(req, req->in->sip_from->a_url, &from, &pair.wire_watcher, &reason) ||
		hg_sip_addr(req, whom, &pair.presentity, &pair.wire_presentity, &reason)) {
		hg_sip_refuse(req, 400, "whom it is about: %s", reason);
		return;
	}
	if (from == p->publisher) {
		hg_sip_refuse(req, 403, "that address is ours, for what is published here");
		return;
	}
	if (hg_sip_beyond_refused(req, whom, pair.presentity) ||
		hg_sip_subscribe_refused(req, &event, &expires))
		return;
	if (req->in->sip_to->a_tag) {
		in_dialog(p, req, &pair, event, expires);
	} else if (hg_sip_peer_leads_to(p, pair.presentity) ||
		(!p->sip->host->is_home(p->sip->core, pair.presentity) &&
			!p->sip->host->route_of(p->sip->core, pair.presentity))) {
		hg_sip_refuse(req, 404, "nobody of that domain is to be found through here");
	} else if (!too_many(p, req, &pair)) {
		struct hg_sip_leg leg = { 0 };
		struct hg_sip_watcher *d;
		hg_sip_leg_answer(&leg, req);
		d = hg_sip_watcher_new(
			p, &leg, event, req->in->sip_event->o_id, pair.watcher, pair.presentity);
		if (expires)
			ask(d, req, &pair, HG_SUBSCRIBE, expires);
		else
			fetch(d, req, &pair);
	}
}
