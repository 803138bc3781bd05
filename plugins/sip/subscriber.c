/* SPDX-License-Identifier: Apache-2.0 */
/*
 * We as subscriber, RFC 6665 4.1 and RFC 8048 5: for each watcher of ours who wants to see somebody behind a peer, one
 * subscription in his name. The watch is the core's: it asks by edges (subscribe, unsubscribe, probe), and is told of consent
 * and of what the documents say, as faces.
 *
 * A dialog that ends is no end of the consent (IW T6): it is begun anew. Only a refusal is told to the watcher.
 */
#include "plugins/sip/subscriber.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPIRES 3600   /* seconds that we ask for */
#define NOTIFY_WAIT 32 /* seconds, Timer N: 64 * T1 */
#define AT_ONCE 1      /* seconds: no peer makes us ask faster */
#define BACKOFF_MIN 5  /* seconds before what failed is tried again */
#define BACKOFF_MAX 600
#define REFRESH_MIN 5 /* seconds between two refreshes, whatever a peer grants */

static void subscribe(struct hg_sip_sub *s, uint32_t expires);

/* ---- one subscription ---- */

struct hg_sip_sub *hg_sip_sub_find(const struct hg_sip_peer *p, const struct hg_pair *pair)
{
	struct hg_sip_pair key = { pair->watcher, pair->presentity };
	struct hg_sip_sub *s;
	HASH_FIND(hh, p->sub, &key, sizeof(key), s);
	return s;
}

struct hg_pair hg_sip_sub_pair(const struct hg_sip_sub *s)
{
	return (struct hg_pair){ s->pair.watcher, s->pair.presentity, hg_str(s->wire_watcher),
		hg_str(s->wire_presentity) };
}

void hg_sip_sub_tell(struct hg_sip_sub *s, enum hg_edge edge)
{
	struct hg_sip_peer *p = s->peer;
	struct hg_pair pair = hg_sip_sub_pair(s);
	p->sip->host->edge(p->sip->core, p->lane, &pair, edge);
}

void hg_sip_sub_drop_face(struct hg_sip_sub *s, size_t i)
{
	hg_bytes_unref(s->face[i].name);
	s->face[i] = s->face[--s->nfaces];
}

void hg_sip_sub_end(struct hg_sip_sub *s)
{
	struct hg_sip_peer *p = s->peer;
	HASH_DELETE(hh, p->sub, s);
	hg_sip_handle_free(&p->sip->handles, s->handle);
	p->sip->host->timer_free(s->timer);
	hg_sip_leg_done(&s->leg);
	hg_sip_partial_done(&s->partial);
	while (s->nfaces)
		hg_sip_sub_drop_face(s, 0);
	free(s->face);
	free(s->wire_watcher);
	free(s->wire_presentity);
	free(s);
}

/* ---- time ---- */

void hg_sip_sub_wait(struct hg_sip_sub *s, uint32_t seconds)
{
	s->peer->sip->host->timer_set(s->timer, seconds * INT64_C(1000));
}

void hg_sip_sub_rest(struct hg_sip_sub *s)
{
	s->backoff = 0;
	s->peer->sip->host->timer_set(s->timer, -1);
}

/* Before it ends, and not all of them at once; or now, if something was lost. */
void hg_sip_sub_wait_for_refresh(struct hg_sip_sub *s)
{
	uint32_t early = s->expires / 10 + 1;
	uint32_t by_chance = s->peer->sip->host->random(s->peer->sip->core) % (early + 1);
	uint32_t left = s->expires > early + by_chance ? s->expires - early - by_chance : 0;
	left = left < REFRESH_MIN ? REFRESH_MIN : left;
	hg_sip_sub_wait(s, s->partial.asks ? 0 : left);
}

void hg_sip_sub_no_dialog(struct hg_sip_sub *s)
{
	hg_sip_leg_done(&s->leg);
	hg_sip_partial_done(&s->partial);
	s->state = HG_SIP_SUB_NONE;
}

void hg_sip_sub_at_once(struct hg_sip_sub *s)
{
	if (s->backoff) {
		hg_sip_sub_try_again(s, 0);
		return;
	}
	s->backoff = AT_ONCE;
	hg_sip_sub_wait(s, AT_ONCE);
}

/* `after`: seconds that the peer asks for, 0 none. */
void hg_sip_sub_try_again(struct hg_sip_sub *s, uint32_t after)
{
	s->backoff = s->backoff >= BACKOFF_MIN ? s->backoff * 2 : BACKOFF_MIN;
	if (s->backoff > BACKOFF_MAX)
		s->backoff = BACKOFF_MAX;
	hg_sip_sub_wait(s, after > s->backoff ? after : s->backoff);
}

static void on_timer(void *arg)
{
	struct hg_sip_sub *s = arg;
	if (s->waiting)
		return; /* the answer decides */
	if (s->state == HG_SIP_SUB_LEAVING) {
		hg_sip_sub_end(s);
		return;
	}
	if (s->state == HG_SIP_SUB_ASKED) /* Timer N: no NOTIFY came */
		hg_sip_sub_no_dialog(s);
	else if (s->state != HG_SIP_SUB_NONE) /* it has lasted as long as it was to */
		s->backoff = 0;
	if (!s->peer->up)
		return; /* the core asks again when it is back */
	subscribe(s, s->wanted);
}

/* ---- SUBSCRIBE ---- */

void hg_sip_sub_refused(struct hg_sip_sub *s)
{
	hg_sip_sub_tell(s, HG_UNSUBSCRIBED);
	hg_sip_sub_end(s);
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
	struct hg_pair pair = hg_sip_sub_pair(s);
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
		hg_sip_sub_show(s, HG_STR_NONE, NULL);
	p->sip->host->error(p->sip->core, p->lane, &pair, &e, instead);
}

/* RFC 8048 5.2.2 and IW 1.5; with 481 and its like the dialog is gone, and nothing else (T6). */
static void failed(struct hg_sip_sub *s, const sip_t *in, int status)
{
	bool was_dialog = s->state == HG_SIP_SUB_ACTIVE || s->state == HG_SIP_SUB_PENDING;
	uint32_t after = in && in->sip_retry_after ? (uint32_t)in->sip_retry_after->af_delta : 0;
	if (hg_sip_wants_longer(in, status, &s->wanted)) {
		subscribe(s, s->wanted);
		return;
	}
	hg_log(HG_INFO, "sip-subscription-failed", "peer=%s status=%d", s->peer->name, status);
	s->peer->sip->host->count(s->peer->sip->core, "sip_subscriptions_failed_total", 1);
	if (status == 403 || status == 489 || status == 603) {
		hg_sip_sub_refused(s);
		return;
	}
	tell_error(s, in, status);
	if (!was_dialog || !in || (status != 408 && status < 500 && status != 491)) {
		hg_sip_sub_no_dialog(s);
		if (was_dialog && in) {
			subscribe(s, s->wanted);
			return;
		}
	}
	hg_sip_sub_try_again(s, after);
}

static void on_answer(struct hg_sip_peer *p, uint64_t handle, const sip_t *in, int status)
{
	struct hg_sip_sub *s = hg_sip_handle_get(&p->sip->handles, HG_SIP_HANDLE_SUB, handle);
	if (!s)
		return;
	s->waiting = false;
	if (s->state == HG_SIP_SUB_LEAVING && status < 300 && s->leg.remote->a_tag && !s->left) {
		s->left = true; /* it was accepted before it could be taken back */
		subscribe(s, 0);
		return;
	}
	if (s->state == HG_SIP_SUB_LEAVING) {
		hg_sip_sub_wait(s, status < 300 ? NOTIFY_WAIT : 0);
		return;
	}
	if (status >= 300) {
		failed(s, in, status);
		return;
	}
	if (in->sip_expires)
		s->expires = (uint32_t)in->sip_expires->ex_delta;
	/* The dialog is that of the first NOTIFY, which may have been faster than this. */
	if (s->state == HG_SIP_SUB_ASKED)
		hg_sip_sub_wait(s, NOTIFY_WAIT);
	else if (s->state == HG_SIP_SUB_NONE &&
		s->backoff) /* it ended what this would have begun */
		hg_sip_sub_wait(s, s->backoff);
	else if (s->state == HG_SIP_SUB_NONE)
		hg_sip_sub_rest(s);
	else
		hg_sip_sub_wait_for_refresh(s);
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
		if (s->state != HG_SIP_SUB_LEAVING)
			s->state = HG_SIP_SUB_ASKED;
	}
	snprintf(text, sizeof(text), "%u", expires);
	msg_t *msg = hg_sip_leg_request(&s->leg, p->sip, "SUBSCRIBE");
	sip_add_tl(msg, sip_object(msg),
		SIPTAG_CONTACT_STR(hg_sip_peer_way(p, s->leg.target)->contact),
		SIPTAG_EVENT_STR("presence"), SIPTAG_EXPIRES_STR(text),
		SIPTAG_ACCEPT_STR(hg_sip_partial_accept(p, &s->partial)), TAG_END());
	s->partial.asks = false;
	s->waiting = hg_sip_peer_send(p, msg, s->handle, on_answer);
	if (s->waiting)
		p->sip->host->timer_set(s->timer, -1);
	else
		hg_sip_sub_try_again(s, 0);
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
	bool established = s->state == HG_SIP_SUB_ACTIVE || s->state == HG_SIP_SUB_PENDING;
	s->state = HG_SIP_SUB_LEAVING;
	s->left = established;
	if (established)
		subscribe(s, 0);
	else if (!s->waiting)
		hg_sip_sub_end(s);
}

/* Is there something new to learn? What is active is told of every change. */
static void probe(struct hg_sip_sub *s)
{
	if (s->waiting || s->state == HG_SIP_SUB_ASKED ||
		(s->state == HG_SIP_SUB_ACTIVE && !s->doubted))
		return;
	s->doubted = false;
	subscribe(s, s->wanted);
}

void hg_sip_subscriber_edge(struct hg_sip_peer *p, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_sip_sub *s = hg_sip_sub_find(p, pair);
	if (edge == HG_UNSUBSCRIBE) {
		if (s && s->state != HG_SIP_SUB_LEAVING)
			leave(s);
		return;
	}
	if (s && s->state == HG_SIP_SUB_LEAVING) {
		hg_sip_sub_end(s); /* he has changed his mind: a new dialog */
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

void hg_sip_subscriber_done(struct hg_sip_peer *p)
{
	while (p->sub)
		hg_sip_sub_end(p->sub);
}
