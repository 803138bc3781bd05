/* SPDX-License-Identifier: Apache-2.0 */
/*
 * We as subscriber, RFC 6665 4.1 and RFC 8048 5: for each watcher of ours who wants to see somebody behind a peer, one
 * subscription in his name. The watch is the core's: it asks by edges (subscribe, unsubscribe, probe), and is told of consent
 * and of what the documents say, as faces.
 *
 * A dialog that ends is no end of the consent (IW T6): it is begun anew. Only a refusal is told to the watcher.
 */
#include "plugins/sip/simple.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EXPIRES_MAX 604800 /* more than a week nobody may ask us to ask for */
#define EXPIRES 3600       /* seconds that we ask for */
#define NOTIFY_WAIT 32     /* seconds, Timer N: 64 * T1 */
#define BACKOFF_MIN 5      /* seconds before what failed is tried again */
#define BACKOFF_MAX 600
#define REFRESH_MIN 5 /* seconds between two refreshes, whatever a peer grants */

enum state {
	NONE,    /* no dialog: it is begun when the timer says so */
	ASKED,   /* SUBSCRIBE is out, or its first NOTIFY is awaited */
	PENDING, /* the presentity has not agreed yet */
	ACTIVE,
	LEAVING /* SUBSCRIBE with Expires 0 is out */
};

struct face {
	struct hg_bytes *name;
	bool there; /* in the document that is being read */
};

struct hg_sip_sub {
	UT_hash_handle hh;
	struct hg_sip_pair pair;
	struct hg_sip_peer *peer;
	char *wire_watcher, *wire_presentity; /* as the watcher wrote them */
	struct hg_sip_leg leg;
	enum state state;
	bool granted; /* the core knows that he agreed */
	bool doubted; /* the peer was away: what was heard may be old */
	bool left;    /* Expires 0 was said */
	bool waiting; /* a SUBSCRIBE is not answered */
	int moved;    /* the status by which the watcher was told that he has; 0 he has not */
	uint64_t handle;
	uint32_t expires, wanted; /* seconds granted, and asked for */
	uint32_t backoff;         /* seconds */
	hg_timer *timer;
	struct face *face;
	size_t nfaces, faces_cap;
};

static void subscribe(struct hg_sip_sub *s, uint32_t expires);

/* ---- one subscription ---- */

static struct hg_sip_sub *find(const struct hg_sip_peer *p, const struct hg_pair *pair)
{
	struct hg_sip_pair key = { pair->watcher, pair->presentity };
	struct hg_sip_sub *s;
	HASH_FIND(hh, p->sub, &key, sizeof(key), s);
	return s;
}

static struct hg_pair pair_of(const struct hg_sip_sub *s)
{
	return (struct hg_pair){ s->pair.watcher, s->pair.presentity, hg_str(s->wire_watcher),
		hg_str(s->wire_presentity) };
}

static void tell(struct hg_sip_sub *s, enum hg_edge edge)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_pair pair = pair_of(s);
	p->sip->host->edge(p->sip->core, p->lane, &pair, edge);
}

static void face(struct hg_sip_sub *s, struct hg_str name, struct hg_record *take)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_pair pair = pair_of(s);
	p->sip->host->face(p->sip->core, p->lane, &pair, name, take);
}

static void drop_face(struct hg_sip_sub *s, size_t i)
{
	hg_bytes_unref(s->face[i].name);
	s->face[i] = s->face[--s->nfaces];
}

static void end(struct hg_sip_sub *s)
{
	struct hg_sip_peer *p = s->peer;
	HASH_DELETE(hh, p->sub, s);
	hg_sip_handle_free(&p->sip->handles, s->handle);
	p->sip->host->timer_free(s->timer);
	hg_sip_leg_done(&s->leg);
	while (s->nfaces)
		drop_face(s, 0);
	free(s->face);
	free(s->wire_watcher);
	free(s->wire_presentity);
	free(s);
}

/* ---- time ---- */

static void wait(struct hg_sip_sub *s, uint32_t seconds)
{
	s->peer->sip->host->timer_set(s->timer, seconds * INT64_C(1000));
}

/* Before it ends, and not all of them at once. */
static void wait_for_refresh(struct hg_sip_sub *s)
{
	uint32_t early = s->expires / 10 + 1;
	uint32_t by_chance = s->peer->sip->host->random(s->peer->sip->core) % (early + 1);
	uint32_t left = s->expires > early + by_chance ? s->expires - early - by_chance : 0;
	wait(s, left < REFRESH_MIN ? REFRESH_MIN : left);
}

static void no_dialog(struct hg_sip_sub *s)
{
	hg_sip_leg_done(&s->leg);
	s->state = NONE;
}

/* `after`: seconds that the peer asks for, 0 none. */
static void try_again(struct hg_sip_sub *s, uint32_t after)
{
	s->backoff = s->backoff ? s->backoff * 2 : BACKOFF_MIN;
	if (s->backoff > BACKOFF_MAX)
		s->backoff = BACKOFF_MAX;
	wait(s, after > s->backoff ? after : s->backoff);
}

static void on_timer(void *arg)
{
	struct hg_sip_sub *s = arg;
	if (s->waiting)
		return; /* the answer decides */
	if (s->state == LEAVING) {
		end(s);
		return;
	}
	if (s->state == ASKED) /* Timer N: no NOTIFY came */
		no_dialog(s);
	if (!s->peer->up)
		return; /* the core asks again when it is back */
	subscribe(s, s->wanted);
}

/* ---- SUBSCRIBE ---- */

static void refused(struct hg_sip_sub *s)
{
	tell(s, HG_UNSUBSCRIBED);
	end(s);
}

/* Where he is now, as the peer says; 0: it does not, or nobody here could ask for him there. */
static hg_addr new_address(struct hg_sip_sub *s, const sip_t *in)
{
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *reason = "";
	hg_addr addr = 0;
	if (in->sip_contact && in->sip_contact->m_url->url_host &&
		hg_sip_url_addr(s->peer->sip, home, in->sip_contact->m_url, &addr, NULL, &reason))
		addr = 0;
	su_home_unref(home);
	return addr != s->pair.presentity ? addr : 0;
}

/* RFC 7247 7.2: what the watcher is told in the words of RFC 6120, if he is; once. Who has gone for good shows nothing. */
static void tell_error(struct hg_sip_sub *s, const sip_t *in, int status)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_pair pair = pair_of(s);
	struct hg_xmpp_error e;
	hg_addr instead = 0;
	if (s->moved == status || !in || !hg_error_to_xmpp((unsigned)status, &e) ||
		(e.condition != HG_COND_GONE && e.condition != HG_COND_REDIRECT))
		return;
	s->moved = status;
	if (e.address != HG_NO_ADDRESS)
		instead = new_address(s, in);
	e.address = instead ? HG_HAS_ADDRESS : HG_NO_ADDRESS;
	if (e.condition == HG_COND_GONE)
		face(s, HG_STR_NONE, NULL);
	p->sip->host->error(p->sip->core, p->lane, &pair, &e, instead);
}

/* RFC 8048 5.2.2 and IW 1.5; with 481 and its like the dialog is gone, and nothing else (T6). */
static void failed(struct hg_sip_sub *s, const sip_t *in, int status)
{
	bool was_dialog = s->state == ACTIVE || s->state == PENDING;
	uint32_t after = in && in->sip_retry_after ? (uint32_t)in->sip_retry_after->af_delta : 0;
	if (status == 423 && in && in->sip_min_expires &&
		in->sip_min_expires->me_delta > s->wanted &&
		in->sip_min_expires->me_delta <= EXPIRES_MAX) {
		s->wanted = (uint32_t)in->sip_min_expires->me_delta;
		subscribe(s, s->wanted);
		return;
	}
	hg_log(HG_INFO, "sip-subscription-failed", "peer=%s status=%d", s->peer->name, status);
	s->peer->sip->host->count(s->peer->sip->core, "sip_subscriptions_failed_total", 1);
	if (status == 403 || status == 489 || status == 603) {
		refused(s);
		return;
	}
	tell_error(s, in, status);
	if (!was_dialog || !in || (status != 408 && status < 500 && status != 491)) {
		no_dialog(s);
		if (was_dialog && in) {
			subscribe(s, s->wanted);
			return;
		}
	}
	try_again(s, after);
}

static void on_answer(struct hg_sip_peer *p, uint64_t handle, const sip_t *in, int status)
{
	struct hg_sip_sub *s = hg_sip_handle_get(&p->sip->handles, HG_SIP_HANDLE_SUB, handle);
	if (!s)
		return;
	s->waiting = false;
	if (s->state == LEAVING && status < 300 && s->leg.remote->a_tag && !s->left) {
		s->left = true; /* it was accepted before it could be taken back */
		subscribe(s, 0);
		return;
	}
	if (s->state == LEAVING) {
		wait(s, status < 300 ? NOTIFY_WAIT : 0);
		return;
	}
	if (status >= 300) {
		failed(s, in, status);
		return;
	}
	if (in->sip_expires)
		s->expires = (uint32_t)in->sip_expires->ex_delta;
	if (s->state != NONE)
		s->backoff = 0;
	/* The dialog is that of the first NOTIFY, which may have been faster than this. */
	if (s->state == ASKED)
		wait(s, NOTIFY_WAIT);
	else if (s->state == NONE) /* it was faster, and ended what this would have begun */
		wait(s, s->backoff ? s->backoff : 1);
	else
		wait_for_refresh(s);
}

static void subscribe(struct hg_sip_sub *s, uint32_t expires)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_buf from = { 0 }, to = { 0 };
	char text[16];
	if (!s->leg.home) {
		p->sip->host->write_sip(p->sip->core, s->pair.watcher, &from);
		p->sip->host->write_sip(p->sip->core, s->pair.presentity, &to);
		hg_sip_leg_begin(&s->leg, p->sip, from.p, to.p);
		hg_buf_done(&from);
		hg_buf_done(&to);
		if (s->state != LEAVING)
			s->state = ASKED;
	}
	snprintf(text, sizeof(text), "%u", expires);
	msg_t *msg = hg_sip_leg_request(&s->leg, p->sip, "SUBSCRIBE");
	sip_add_tl(msg, sip_object(msg),
		SIPTAG_CONTACT_STR(hg_sip_peer_way(p, s->leg.target)->contact),
		SIPTAG_EVENT_STR("presence"), SIPTAG_EXPIRES_STR(text),
		SIPTAG_ACCEPT_STR(HG_SIP_TYPE_PIDF), TAG_END());
	s->waiting = hg_sip_peer_send(p, msg, s->handle, on_answer);
	if (s->waiting)
		p->sip->host->timer_set(s->timer, -1);
	else
		try_again(s, 0);
}

static void begin(struct hg_sip_peer *p, const struct hg_pair *pair, bool granted)
{
	struct hg_sip_sub *s = hg_alloc(sizeof(*s));
	s->pair = (struct hg_sip_pair){ pair->watcher, pair->presentity };
	s->peer = p;
	s->granted = granted;
	s->wanted = EXPIRES;
	s->wire_watcher = hg_str_dup(pair->wire_watcher);
	s->wire_presentity = hg_str_dup(pair->wire_presentity);
	s->handle = hg_sip_handle_new(&p->sip->handles, HG_SIP_HANDLE_SUB, s);
	s->timer = p->sip->host->timer_new(p->sip->core, on_timer, s);
	HASH_ADD(hh, p->sub, pair, sizeof(s->pair), s);
	subscribe(s, s->wanted);
}

static void leave(struct hg_sip_sub *s)
{
	bool established = s->state == ACTIVE || s->state == PENDING;
	s->state = LEAVING;
	s->left = established;
	if (established)
		subscribe(s, 0);
	else if (!s->waiting)
		end(s);
}

/* Is there something new to learn? What is active is told of every change. */
static void probe(struct hg_sip_sub *s)
{
	if (s->waiting || s->state == ASKED || (s->state == ACTIVE && !s->doubted))
		return;
	s->doubted = false;
	subscribe(s, s->wanted);
}

void hg_sip_subscriber_edge(struct hg_sip_peer *p, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_sip_sub *s = find(p, pair);
	if (edge == HG_UNSUBSCRIBE) {
		if (s && s->state != LEAVING)
			leave(s);
		return;
	}
	if (s && s->state == LEAVING) {
		end(s); /* he has changed his mind: a new dialog */
		s = NULL;
	}
	if (!s)
		begin(p, pair, edge == HG_PROBE);
	else
		probe(s);
}

void hg_sip_subscriber_down(struct hg_sip_peer *p)
{
	for (struct hg_sip_sub *s = p->sub; s; s = s->hh.next)
		s->doubted = true;
}

/* ---- NOTIFY ---- */

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
		s = find(p, &pair);
		if (s && is_of(s, req->in))
			return s;
	}
	return NULL;
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
	s->face[s->nfaces++] = (struct face){ hg_bytes_new(name), true };
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
		face(s, name, hg_pidf_record(doc, &doc->tuple[i], own, utc));
	}
	if (!doc->ntuples && doc->npersons) {
		there(s, HG_STR("person"));
		face(s, HG_STR("person"), hg_pidf_record(doc, NULL, own, utc));
	}
	for (size_t i = s->nfaces; i-- > 0;) {
		if (s->face[i].there)
			continue;
		face(s, hg_bytes_str(s->face[i].name), NULL);
		drop_face(s, i);
	}
	if (!s->nfaces)
		face(s, HG_STR_NONE, NULL);
	hg_buf_done(&room);
}

/* What cannot be used changes nothing, and is answered all the same. */
static void read_document(struct hg_sip_sub *s, const struct hg_sip_request *req)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_doc_err bad;
	struct hg_pidf doc;
	if (!hg_sip_type_is(req, HG_SIP_TYPE_PIDF) || hg_pidf_read(hg_sip_body(req), &doc, &bad)) {
		p->sip->host->count(p->sip->core, "sip_documents_unread_total", 1);
		hg_log(HG_INFO, "sip-document-unread", "peer=%s reason=%s", p->name,
			hg_sip_type_is(req, HG_SIP_TYPE_PIDF) ? hg_log_text(hg_str(bad.text))
							      : "type");
		return;
	}
	if (req->in->sip_content_language && req->in->sip_content_language->k_items &&
		req->in->sip_content_language->k_items[0])
		hg_pidf_set_language(&doc, hg_str(req->in->sip_content_language->k_items[0]));
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
		refused(s);
		return;
	}
	no_dialog(s);
	if (hg_str_ieq(reason, HG_STR("invariant")))
		return; /* what was said last is so for ever */
	if (!after &&
		(hg_str_ieq(reason, HG_STR("deactivated")) ||
			hg_str_ieq(reason, HG_STR("timeout")))) {
		s->backoff = 0;
		wait(s, 1);
		return;
	}
	try_again(s, after);
}

static void on_state(struct hg_sip_sub *s, const sip_subscription_state_t *ss)
{
	uint32_t left;
	if (ss->ss_expires && hg_str_u32(hg_str(ss->ss_expires), &left))
		s->expires = left;
	if (s->state == LEAVING)
		return;
	s->moved = 0;
	s->state = hg_str_ieq(hg_str(ss->ss_substate), HG_STR("pending")) ? PENDING : ACTIVE;
	if (s->state == ACTIVE && !s->granted) {
		s->granted = true;
		tell(s, HG_SUBSCRIBED);
	}
	if (!s->waiting)
		wait_for_refresh(s);
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
	if (hg_sip_body(req).n)
		read_document(s, req);
	else if (first && !over && s->state == ACTIVE && !s->nfaces)
		face(s, HG_STR_NONE, NULL); /* T7: he agreed, and nothing is known of him */
	if (over && s->state == LEAVING)
		end(s);
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

void hg_sip_subscriber_done(struct hg_sip_peer *p)
{
	while (p->sub)
		end(p->sub);
}
