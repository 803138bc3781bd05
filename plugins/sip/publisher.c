/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUBLISH from us, RFC 3903: a peer that is a presence server is told how people are, so that it can tell its own. To the core
 * it is a watcher like any other, presence@ and its domain, with whatever that watcher may see. One request of a person is
 * under way at a time; what comes meanwhile is asked for again when it is answered.
 */
#include "plugins/sip/simple.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPIRES 3600 /* seconds */
#define BACKOFF_MIN 5
#define BACKOFF_MAX 600

struct hg_sip_told {
	UT_hash_handle hh;
	hg_addr presentity;
	struct hg_sip_peer *peer;
	struct hg_sip_leg leg;
	char *tag; /* the peer's; NULL: it has none of it */
	uint32_t wanted, backoff;
	bool busy;
	bool again;       /* the document has changed, or has to be said whole */
	bool over;        /* it is taken back, and then gone */
	hg_outlet outlet; /* 0: the last process told the peer, and its watch has not come again */
	uint64_t handle;
	hg_timer *timer;
};

static void publish(struct hg_sip_told *t, struct hg_str body);

static void end(struct hg_sip_told *t)
{
	struct hg_sip_peer *p = t->peer;
	HASH_DEL(p->told, t);
	hg_sip_handle_free(&p->sip->handles, t->handle);
	p->sip->host->timer_free(t->timer);
	hg_sip_leg_done(&t->leg);
	free(t->tag);
	free(t);
}

/* What it has of him for so long, so that after a restart it is changed and not said once more. */
static void keep(struct hg_sip_told *t, uint32_t seconds)
{
	struct hg_sip *sip = t->peer->sip;
	struct hg_buf uri = { 0 }, name = { 0 }, value = { 0 };
	sip->host->write_sip(sip->core, t->presentity, &uri);
	hg_buf_addf(&name, "%s/%s", t->peer->name, uri.p);
	if (t->tag)
		hg_buf_addf(&value, "%s\n%s\n%s\n", t->peer->name, uri.p, t->tag);
	hg_sip_keep(sip, HG_SIP_KEPT_TOLD, name.p, hg_buf_str(&value), seconds);
	hg_buf_done(&uri);
	hg_buf_done(&name);
	hg_buf_done(&value);
}

static void forget_tag(struct hg_sip_told *t)
{
	free(t->tag);
	t->tag = NULL;
}

/* The core says what holds now. */
static void ask_again(struct hg_sip_told *t)
{
	t->again = false;
	t->peer->sip->host->outlet_lost(t->peer->sip->core, t->outlet);
}

/* As the watcher that the peer is to the core. */
static void say(struct hg_sip_peer *p, hg_addr presentity, enum hg_edge edge)
{
	const struct hg_host *host = p->sip->host;
	struct hg_buf own = { 0 }, whom = { 0 };
	host->write_sip(p->sip->core, p->publisher, &own);
	host->write_sip(p->sip->core, presentity, &whom);
	struct hg_pair pair = { p->publisher, presentity, hg_buf_str(&own), hg_buf_str(&whom) };
	host->edge(p->sip->core, p->lane, &pair, edge);
	hg_buf_done(&own);
	hg_buf_done(&whom);
}

static void on_timer(void *arg)
{
	struct hg_sip_told *t = arg;
	if (t->busy || t->over)
		return;
	if (!t->outlet) /* what holds comes, or that there is no such watch: then it is taken back */
		say(t->peer, t->presentity, HG_PROBE);
	else if (t->tag && !t->again)
		publish(t, HG_STR_NONE); /* RFC 3903 4.1: a refresh */
	else
		ask_again(t);
}

static void failed(struct hg_sip_told *t, const sip_t *in, int status)
{
	struct hg_sip *sip = t->peer->sip;
	if (hg_sip_wants_longer(in, status, &t->wanted)) {
		ask_again(t);
		return;
	}
	if (status == 412 && t->tag) { /* it has forgotten: from the beginning */
		forget_tag(t);
		keep(t, 0);
		ask_again(t);
		return;
	}
	sip->host->count(sip->core, "sip_publications_failed_total", 1);
	hg_log(HG_INFO, "sip-publication-failed", "peer=%s status=%d", t->peer->name, status);
	t->backoff = t->backoff ? t->backoff * 2 : BACKOFF_MIN;
	if (t->backoff > BACKOFF_MAX)
		t->backoff = BACKOFF_MAX;
	t->again = true; /* with the tag that it has: whether it still counts a 412 says */
	uint32_t after = in && in->sip_retry_after ? (uint32_t)in->sip_retry_after->af_delta : 0;
	sip->host->timer_set(t->timer,
		(after > t->backoff && after < BACKOFF_MAX ? after : t->backoff) * INT64_C(1000));
}

/* What it has is to be there no longer, by the tag that it gave last; without one there is nothing. */
static void take_back(struct hg_sip_told *t, const sip_t *in)
{
	if (in && in->sip_etag && in->sip_etag->g_string) {
		forget_tag(t);
		t->tag = hg_str_dup(hg_str(in->sip_etag->g_string));
	}
	if (!t->tag || !t->wanted) {
		forget_tag(t);
		keep(t, 0);
		end(t);
		return;
	}
	t->wanted = 0;
	publish(t, HG_STR_NONE);
}

void hg_sip_publisher_end(struct hg_sip_peer *p, hg_addr presentity)
{
	struct hg_sip_told *t;
	HASH_FIND(hh, p->told, &presentity, sizeof(presentity), t);
	if (!t || t->over)
		return;
	t->over = true;
	if (!t->busy)
		take_back(t, NULL);
}

/* Before the peer forgets it, however soon that is. */
static uint32_t refresh_after(uint32_t expires)
{
	uint32_t early = expires / 10 + 1;
	return expires > early ? expires - early : BACKOFF_MIN;
}

static void on_answer(struct hg_sip_peer *p, uint64_t handle, const sip_t *in, int status)
{
	struct hg_sip_told *t = hg_sip_handle_get(&p->sip->handles, HG_SIP_HANDLE_TOLD, handle);
	uint32_t expires;
	if (!t)
		return;
	t->busy = false;
	if (t->over) {
		take_back(t, status < 300 && in ? in : NULL);
		return;
	}
	if (status >= 300 || !in) {
		failed(t, in, status);
		return;
	}
	t->backoff = 0;
	forget_tag(t);
	if (in->sip_etag && in->sip_etag->g_string)
		t->tag = hg_str_dup(hg_str(in->sip_etag->g_string));
	expires = in->sip_expires ? (uint32_t)in->sip_expires->ex_delta : t->wanted;
	keep(t, expires);
	if (t->again)
		ask_again(t);
	p->sip->host->timer_set(t->timer, refresh_after(expires) * INT64_C(1000));
}

static void publish(struct hg_sip_told *t, struct hg_str body)
{
	struct hg_sip_peer *p = t->peer;
	char expires[16];
	snprintf(expires, sizeof(expires), "%u", t->wanted);
	msg_t *msg = hg_sip_leg_request(&t->leg, p->sip, "PUBLISH");
	sip_add_tl(msg, sip_object(msg), SIPTAG_EVENT_STR("presence"), SIPTAG_EXPIRES_STR(expires),
		TAG_IF(t->tag, SIPTAG_IF_MATCH_STR(t->tag)), TAG_END());
	if (body.n)
		hg_sip_reply_body(msg, HG_SIP_TYPE_PIDF, body);
	t->busy = hg_sip_peer_send(p, msg, t->handle, on_answer);
	if (t->busy) {
		p->sip->host->count(p->sip->core, "sip_publications_sent_total", 1);
		return;
	}
	if (t->over) { /* nobody takes it back; it ends by itself */
		end(t);
		return;
	}
	t->again = true;
	p->sip->host->timer_set(t->timer, BACKOFF_MIN * INT64_C(1000));
}

static struct hg_sip_told *get(struct hg_sip_peer *p, hg_addr presentity)
{
	struct hg_sip_told *t;
	struct hg_buf uri = { 0 };
	HASH_FIND(hh, p->told, &presentity, sizeof(presentity), t);
	if (t)
		return t;
	t = hg_alloc(sizeof(*t));
	t->presentity = presentity;
	t->peer = p;
	t->wanted = EXPIRES;
	p->sip->host->write_sip(p->sip->core, presentity, &uri);
	hg_sip_leg_begin(&t->leg, p->sip, uri.p, uri.p); /* RFC 3903 4: To and From are the same */
	hg_buf_done(&uri);
	t->handle = hg_sip_handle_new(&p->sip->handles, HG_SIP_HANDLE_TOLD, t);
	t->timer = p->sip->host->timer_new(p->sip->core, on_timer, t);
	HASH_ADD(hh, p->told, presentity, sizeof(presentity), t);
	return t;
}

void hg_sip_publisher_parcel(struct hg_sip_peer *p, const struct hg_parcel *parcel)
{
	const struct hg_frag *f = hg_sip_parcel_part(parcel, HG_PART_WHOLE);
	struct hg_sip_told *t;
	if (!f)
		return;
	t = get(p, parcel->pair.presentity);
	t->outlet = parcel->outlet;
	if (t->over)
		t->over = false; /* he has agreed again meanwhile */
	if (!t->wanted)
		t->wanted = EXPIRES;
	if (t->busy)
		t->again = true;
	else
		publish(t, hg_bytes_str(f->bytes));
}

/* Everybody is given the time to come back. */
static void await_watch(struct hg_sip_told *t)
{
	const struct hg_sip *sip = t->peer->sip;
	if (!t->outlet)
		sip->host->timer_set(t->timer, sip->host->settle(sip->core));
}

void hg_sip_publisher_restore(struct hg_sip *sip, struct hg_str value, uint32_t seconds)
{
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *name = hg_sip_line(home, &value), *uri = hg_sip_line(home, &value);
	const char *tag = hg_sip_line(home, &value), *reason = "";
	struct hg_sip_told *t;
	struct hg_str gr;
	hg_addr addr;
	for (size_t i = 0; i < sip->npeers; i++) {
		struct hg_sip_peer *p = sip->peer[i];
		if (strcmp(p->name, name) || !*tag ||
			sip->host->addr_sip(sip->core, hg_str(uri), &addr, &gr, &reason))
			continue;
		t = get(p, addr);
		forget_tag(t);
		t->tag = hg_str_dup(hg_str(tag));
		await_watch(t);
	}
	su_home_unref(home);
}

/* ---- those whom the configuration names ---- */

/* Nobody tells that somebody is a user now, or is no more: then he is asked when he is one again. */
static bool can_be_asked(const struct hg_sip_peer *p, hg_addr presentity)
{
	const struct hg_host *host = p->sip->host;
	struct hg_self self;
	return !host->is_home(p->sip->core, presentity) ||
		host->own(p->sip->core, presentity, &self);
}

static void ask_them(struct hg_sip_peer *p)
{
	for (size_t i = 0; i < p->npublish; i++) {
		bool can = can_be_asked(p, p->publish[i]);
		if (can && !p->asked[i])
			say(p, p->publish[i],
				HG_SUBSCRIBE); /* for his consent, as any watcher asks */
		p->asked[i] = can;
	}
}

void hg_sip_publisher_up(struct hg_sip_peer *p)
{
	for (struct hg_sip_told *t = p->told; t; t = t->hh.next)
		await_watch(t);
	memset(p->asked, 0, p->npublish * sizeof(*p->asked));
	ask_them(p);
}

void hg_sip_publisher_flush(struct hg_sip *sip)
{
	for (size_t i = 0; i < sip->npeers; i++)
		if (sip->peer[i]->up)
			ask_them(sip->peer[i]);
}

void hg_sip_publisher_done(struct hg_sip_peer *p)
{
	while (p->told)
		end(p->told);
}
