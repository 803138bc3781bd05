/* SPDX-License-Identifier: Apache-2.0 */
/* NOTIFY to us: what a peer says of a subscription, and of the presentity. */
#include "plugins/sip/subscriber.h"

#include <sofia-sip/su_string.h>
#include <string.h>

static bool is_of(const struct hg_sip_sub *s, const sip_t *in)
{
	if (!s->leg.home || !su_strmatch(s->leg.call_id->i_id, in->sip_call_id->i_id) ||
		!su_casematch(s->leg.local->a_tag, in->sip_to->a_tag))
		return false;
	/* One dialog for presence (RFC 3856 6.9): of forks the first that speaks. */
	return !s->leg.remote->a_tag || su_casematch(s->leg.remote->a_tag, in->sip_from->a_tag);
}

/* The pair is in the message, so that nothing has to be searched for. */
static struct hg_sip_sub *find_notified(const struct hg_sip_request *req)
{
	struct hg_sip *sip = req->sip;
	struct hg_pair pair = { 0 };
	const char *reason = "";
	struct hg_sip_sub *s;
	if (hg_sip_addr(req, req->in->sip_from->a_url, &pair.presentity, NULL, &reason) ||
		hg_sip_addr(req, req->in->sip_to->a_url, &pair.watcher, NULL, &reason))
		return NULL;
	for (size_t i = 0; i < sip->npeers; i++) {
		struct hg_sip_peer *p = sip->peer[i];
		if (!hg_sip_peer_is(p, &req->conn->from.ip))
			continue;
		s = hg_sip_sub_find(p, &pair);
		if (s && is_of(s, req->in))
			return s;
	}
	return NULL;
}

void hg_sip_sub_show(struct hg_sip_sub *s, struct hg_str name, struct hg_record *take)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_pair pair = hg_sip_sub_pair(s);
	p->sip->host->face(p->sip->core, p->lane, &pair, name, take);
}

static void there(struct hg_sip_sub *s, struct hg_str name)
{
	for (size_t i = 0; i < s->nfaces; i++) {
		if (hg_str_eq(hg_bytes_str(s->face[i].name), name)) {
			s->face[i].there = true;
			return;
		}
	}
	hg_grow(&s->face, &s->faces_cap, s->nfaces, sizeof(*s->face));
	s->face[s->nfaces++] = (struct hg_sip_sub_face){ hg_bytes_new(name), true };
}

/* A document says all there is (RFC 3856 6.8): what is not in it any more is gone. */
static void take(struct hg_sip_sub *s, const struct hg_pidf *doc)
{
	struct hg_sip *sip = s->peer->sip;
	int64_t utc = sip->host->now(sip->core).utc;
	struct hg_buf room = { 0 };
	struct hg_str own = hg_sip_believes(sip, s->pair.watcher, &room);
	for (size_t i = 0; i < s->nfaces; i++)
		s->face[i].there = false;
	for (size_t i = 0; i < doc->ntuples; i++) {
		struct hg_str name = hg_bytes_str(doc->tuple[i].resource);
		there(s, name);
		hg_sip_sub_show(s, name, hg_pidf_record(doc, &doc->tuple[i], own, utc));
	}
	if (!doc->ntuples && doc->npersons) {
		there(s, HG_STR("person"));
		hg_sip_sub_show(s, HG_STR("person"), hg_pidf_record(doc, NULL, own, utc));
	}
	for (size_t i = s->nfaces; i-- > 0;) {
		if (s->face[i].there)
			continue;
		hg_sip_sub_show(s, hg_bytes_str(s->face[i].name), NULL);
		hg_sip_sub_drop_face(s, i);
	}
	if (!s->nfaces)
		hg_sip_sub_show(s, HG_STR_NONE, NULL);
	hg_buf_done(&room);
}

/* A peer that does so does it with each of them: of the first it is told. */
static bool about_another(const struct hg_sip_sub *s, const struct hg_pidf *doc)
{
	struct hg_sip_peer *p = s->peer;
	const char *why = hg_sip_about_another(p->sip, doc, &s->pair, p);
	if (!why)
		return false;
	p->sip->host->count(p->sip->core, "sip_documents_of_others_total", 1);
	if (!p->of_others)
		hg_log(HG_WARN, "sip-document-of-another", "peer=%s reason=\"%s\"", p->name, why);
	p->of_others = true;
	return true;
}

/* What cannot be used changes nothing, and is answered all the same. */
static void read_document(struct hg_sip_sub *s, const struct hg_sip_request *req)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_doc_err bad = { "" };
	struct hg_pidf doc;
	enum hg_sip_partial_read read = hg_sip_partial_read(p, &s->partial, req, &doc, &bad);
	if (read == HG_SIP_PARTIAL_GAP && !s->waiting && s->state == HG_SIP_SUB_ACTIVE)
		hg_sip_sub_wait_for_refresh(s);
	if (read == HG_SIP_PARTIAL_UNREAD) {
		p->sip->host->count(p->sip->core, "sip_documents_unread_total", 1);
		hg_log(HG_INFO, "sip-document-unread", "peer=%s reason=%s", p->name,
			hg_log_text(hg_str(bad.text)));
	}
	if (read != HG_SIP_PARTIAL_TAKE)
		return;
	if (req->in->sip_content_language && req->in->sip_content_language->k_items &&
		req->in->sip_content_language->k_items[0])
		hg_pidf_set_language(&doc, hg_str(req->in->sip_content_language->k_items[0]));
	if (!about_another(s, &doc))
		take(s, &doc);
	hg_pidf_done(&doc);
}

/* RFC 6665 4.1.3; what is not known may be tried again. */
static void terminated(struct hg_sip_sub *s, const sip_subscription_state_t *ss)
{
	struct hg_str reason = hg_str(ss->ss_reason);
	uint32_t after = 0;
	if (ss->ss_retry_after)
		hg_str_u32(hg_str(ss->ss_retry_after), &after);
	hg_log(HG_DEBUG, "sip-subscription-terminated", "peer=%s reason=%s", s->peer->name,
		hg_log_text(reason));
	if (hg_str_ieq(reason, HG_STR("rejected")) || hg_str_ieq(reason, HG_STR("noresource"))) {
		hg_sip_sub_refused(s);
		return;
	}
	hg_sip_sub_no_dialog(s);
	if (hg_str_ieq(reason, HG_STR("invariant")))
		hg_sip_sub_rest(s); /* what was said last is so for ever */
	else if (!after &&
		(hg_str_ieq(reason, HG_STR("deactivated")) ||
			hg_str_ieq(reason, HG_STR("timeout"))))
		hg_sip_sub_at_once(s);
	else
		hg_sip_sub_try_again(s, after);
}

static void on_state(struct hg_sip_sub *s, const sip_subscription_state_t *ss)
{
	uint32_t left;
	if (ss->ss_expires && hg_str_u32(hg_str(ss->ss_expires), &left))
		s->expires = left;
	if (s->state == HG_SIP_SUB_LEAVING)
		return;
	s->moved = 0;
	s->state = hg_str_ieq(hg_str(ss->ss_substate), HG_STR("pending")) ? HG_SIP_SUB_PENDING
									  : HG_SIP_SUB_ACTIVE;
	if (s->state == HG_SIP_SUB_ACTIVE && !s->granted) {
		s->granted = true;
		hg_sip_sub_tell(s, HG_SUBSCRIBED);
	}
	if (!s->waiting)
		hg_sip_sub_wait_for_refresh(s);
}

static void take_notify(struct hg_sip_sub *s, struct hg_sip_request *req)
{
	const sip_subscription_state_t *ss = req->in->sip_subscription_state;
	bool over = hg_str_ieq(hg_str(ss->ss_substate), HG_STR("terminated"));
	bool first = !s->leg.remote->a_tag;
	if (first)
		hg_sip_leg_establish(&s->leg, req->in);
	else
		hg_sip_leg_retarget(&s->leg, req->in);
	s->leg.remote_seq = req->in->sip_cseq->cs_seq;
	hg_sip_peer_heard(s->peer);
	if (!over)
		on_state(s, ss);
	/* The first of a dialog says only that it was begun. */
	if (hg_sip_body(req).n && !first && !over && s->state == HG_SIP_SUB_ACTIVE)
		s->backoff = 0;
	if (hg_sip_body(req).n)
		read_document(s, req);
	else if (first && !over && s->state == HG_SIP_SUB_ACTIVE && !s->nfaces)
		hg_sip_sub_show(
			s, HG_STR_NONE, NULL); /* T7: he agreed, and nothing is known of him */
	if (over && s->state == HG_SIP_SUB_LEAVING)
		hg_sip_sub_end(s);
	else if (over)
		terminated(s, ss);
}

void hg_sip_notify(struct hg_sip_request *req)
{
	/* Strangers name nobody to us. */
	struct hg_sip_sub *s = hg_sip_peer_at(req->sip, &req->conn->from.ip) ? find_notified(req)
									     : NULL;
	const sip_t *in = req->in;
	if (!in->sip_event || strcmp(in->sip_event->o_type, "presence"))
		hg_sip_refuse(req, 489, "nothing but presence was subscribed to");
	else if (!s)
		hg_sip_refuse(req, 481, "no such subscription");
	else if (!in->sip_subscription_state || !in->sip_subscription_state->ss_substate)
		hg_sip_refuse(req, 400, "Subscription-State is missing");
	else if (s->leg.remote->a_tag && in->sip_cseq->cs_seq <= s->leg.remote_seq)
		hg_sip_refuse(req, 500, "CSeq is out of order");
	else {
		take_notify(s, req);
		hg_sip_reply_send(req, hg_sip_reply(req, 200));
	}
}
