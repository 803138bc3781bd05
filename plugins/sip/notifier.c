/* SPDX-License-Identifier: Apache-2.0 */
/*
 * We as notifier, RFC 6665 4.2: people behind a peer watch people here, or behind another route. The watch is the core's, and
 * outlives the dialogs: a dialog that ends only means that nobody is told at the moment.
 *
 * One notification of a dialog is under way at a time, and no sooner than the peer's pace allows. What comes meanwhile is not
 * kept: when it can go out, the core is asked for what holds then.
 */
#include "plugins/sip/simple.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

#define RETRY_MS 10000 /* before what was refused for now is said again */

/* One dialog. */
struct hg_sip_watcher {
	struct hg_sip_watcher *prev, *next;   /* of the pair */
	struct hg_sip_watcher *oprev, *onext; /* in sip->owed */
	struct hg_sip_watched *of;
	struct hg_sip_leg leg;
	char *event_id; /* to be repeated, RFC 6665 7.2.1; NULL none */
	uint64_t handle;
	int64_t until;      /* mono ms */
	int64_t not_before; /* mono ms: the peer's pace */
	hg_timer *expiry, *pace;
	hg_outlet sent;   /* whose news was sent last */
	hg_outlet outlet; /* that has news for it which could not go out; 0 none */
	char *name;       /* by which it is kept over a restart */
	uint32_t kept; /* of the leg's CSeq: those up to here are not to be used again after one */
	uint64_t told; /* hash of what was sent last; 0 nothing yet */
	bool owed;     /* something is due at the end of the turn, document or not */
	bool once;     /* asked for once: it ends with what it is told */
	bool busy, ended;
	bool due; /* something was owed while it was busy */
};

/* A watcher and a presentity. */
struct hg_sip_watched {
	UT_hash_handle hh;
	struct hg_sip_pair pair;
	struct hg_sip_peer *peer;
	struct hg_sip_watcher *dialog;
	size_t ndialogs;
	bool granted;
};

static int64_t mono(const struct hg_sip_peer *p)
{
	return p->sip->host->now(p->sip->core).mono;
}

/* ---- pairs and dialogs ---- */

static struct hg_sip_watched *find_pair(
	const struct hg_sip_peer *p, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_pair key = { watcher, presentity };
	struct hg_sip_watched *w;
	HASH_FIND(hh, p->watched, &key, sizeof(key), w);
	return w;
}

static struct hg_sip_watched *get_pair(struct hg_sip_peer *p, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = find_pair(p, watcher, presentity);
	if (w)
		return w;
	w = hg_alloc(sizeof(*w));
	w->pair = (struct hg_sip_pair){ watcher, presentity };
	w->peer = p;
	HASH_ADD(hh, p->watched, pair, sizeof(w->pair), w);
	return w;
}

static void owe(struct hg_sip_watcher *d)
{
	if (!d->owed)
		DL_APPEND2(d->of->peer->sip->owed, d, oprev, onext);
	d->owed = true;
}

static void owes_nothing(struct hg_sip_watcher *d)
{
	if (d->owed)
		DL_DELETE2(d->of->peer->sip->owed, d, oprev, onext);
	d->owed = false;
}

/* ---- kept over a restart ---- */

#define CSEQS 1000 /* written once for so many notifications */

/* Its state is not kept: what holds is told anew. */
static void keep(struct hg_sip_watcher *d, uint32_t seconds)
{
	struct hg_sip_leg leg = d->leg;
	struct hg_buf b = { 0 };
	struct hg_sip *sip = d->of->peer->sip;
	if (d->once)
		return;
	leg.seq = d->kept = d->leg.seq + CSEQS;
	hg_buf_addf(&b, "%s\n%s\n", d->of->peer->name, d->event_id ? d->event_id : "");
	hg_sip_leg_write(&leg, &b);
	hg_sip_keep(sip, HG_SIP_KEPT_WATCHER, d->name, hg_buf_str(&b), seconds);
	hg_buf_done(&b);
}

/* Frees the pair with its last dialog. */
static void end(struct hg_sip_watcher *d)
{
	struct hg_sip_watched *w = d->of;
	struct hg_sip_peer *p = w->peer;
	const struct hg_host *host = p->sip->host;
	owes_nothing(d);
	if (d->kept)
		hg_sip_keep(p->sip, HG_SIP_KEPT_WATCHER, d->name, HG_STR_NONE, 0);
	free(d->name);
	hg_sip_handle_free(&p->sip->handles, d->handle);
	host->timer_free(d->expiry);
	host->timer_free(d->pace);
	hg_sip_leg_done(&d->leg);
	free(d->event_id);
	DL_DELETE(w->dialog, d);
	w->ndialogs--;
	p->dialogs--;
	free(d);
	if (w->dialog)
		return;
	HASH_DELETE(hh, p->watched, w);
	free(w);
}

/* ---- notifications ---- */

static bool notify(struct hg_sip_watcher *, const char *ends, struct hg_str body);

/* RFC 6665 4.2.2: these, and no answer, end the dialog; the watch stays. */
static bool ends_dialog(const sip_t *in, int status)
{
	static const int fatal[] = { 404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489,
		501, 604 };
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		if (status == fatal[i])
			return true;
	return !in;
}

/* Now what waited can go out, as it is now. */
static void again(struct hg_sip_watcher *d)
{
	struct hg_sip *sip = d->of->peer->sip;
	hg_outlet outlet = d->outlet;
	d->outlet = 0;
	if (outlet)
		sip->host->outlet_lost(sip->core, outlet);
}

static void on_pace(void *arg)
{
	struct hg_sip_watcher *d = arg;
	if (!d->busy)
		again(d);
}

static void on_notified(struct hg_sip_peer *p, uint64_t handle, const sip_t *in, int status)
{
	struct hg_sip_watcher *d = hg_sip_handle_get(
		&p->sip->handles, HG_SIP_HANDLE_WATCHER, handle);
	if (!d)
		return;
	d->busy = false;
	if (d->ended || ends_dialog(in, status)) {
		if (!d->ended)
			hg_log(HG_INFO, "sip-watcher-lost", "peer=%s status=%d", p->name, status);
		end(d);
	} else if (status >= 300) { /* refused for now: it is said once more, as it is then */
		d->told = 0;
		d->outlet = d->outlet ? d->outlet : d->sent;
		d->not_before = mono(p) + RETRY_MS;
		p->sip->host->timer_set(d->pace, RETRY_MS);
	} else if (d->due && !d->outlet) {
		d->due = false;
		notify(d, NULL, HG_STR_NONE);
	} else if (mono(p) >= d->not_before) {
		again(d);
	}
}

static void write_state(const struct hg_sip_watcher *d, const char *ends, char *ret, size_t size)
{
	int64_t left = (d->until - mono(d->of->peer) + 999) / 1000;
	if (ends || d->once)
		snprintf(ret, size, "terminated;reason=%s", ends ? ends : "timeout");
	else
		snprintf(ret, size, "%s;expires=%lld", d->of->granted ? "active" : "pending",
			(long long)(left > 0 ? left : 0));
}

/* `ends`: why it is the last one; NULL: it is not, unless it was asked for once. false: not sent, and the dialog is gone. */
static bool notify(struct hg_sip_watcher *d, const char *ends, struct hg_str body)
{
	struct hg_sip_peer *p = d->of->peer;
	char state[64], event[192] = "presence";
	write_state(d, ends, state, sizeof(state));
	if (d->event_id)
		snprintf(event, sizeof(event), "presence;id=%s", d->event_id);
	if (d->kept && d->leg.seq + 1 >= d->kept)
		keep(d, (uint32_t)((d->until - mono(p)) / 1000 + 1));
	msg_t *msg = hg_sip_leg_request(&d->leg, p->sip, "NOTIFY");
	sip_add_tl(msg, sip_object(msg),
		SIPTAG_CONTACT_STR(hg_sip_peer_way(p, d->leg.target)->contact),
		SIPTAG_EVENT_STR(event), SIPTAG_SUBSCRIPTION_STATE_STR(state), TAG_END());
	if (body.n)
		hg_sip_reply_body(msg, HG_SIP_TYPE_PIDF, body);
	owes_nothing(d);
	d->ended = ends || d->once;
	d->not_before = mono(p) + p->pace;
	if (!hg_sip_peer_send(p, msg, d->handle, on_notified)) {
		end(d);
		return false;
	}
	d->busy = true;
	p->sip->host->count(p->sip->core, "sip_notifications_total", 1);
	return true;
}

static void on_expiry(void *arg)
{
	struct hg_sip_watcher *d = arg;
	if (!d->ended)
		notify(d, "timeout", HG_STR_NONE);
}

/* It cannot go out now. */
static bool waits(struct hg_sip_watcher *d, hg_outlet outlet)
{
	struct hg_sip_peer *p = d->of->peer;
	int64_t left = d->not_before - mono(p);
	if (!d->busy && (left <= 0 || d->owed))
		return false;
	d->outlet = outlet;
	if (left > 0)
		p->sip->host->timer_set(d->pace, left);
	return true;
}

void hg_sip_notifier_parcel(struct hg_sip_peer *p, const struct hg_parcel *parcel)
{
	struct hg_sip_watched *w = find_pair(p, parcel->pair.watcher, parcel->pair.presentity);
	struct hg_sip_watcher *d, *next;
	const struct hg_frag *f = parcel->nfrags ? parcel->frag[0] : NULL;
	if (!w || !f)
		return; /* he will be told when he comes back */
	w->granted = true;
	DL_FOREACH_SAFE (w->dialog, d, next) {
		if (d->ended || (d->told == f->hash && !d->owed) || waits(d, parcel->outlet))
			continue;
		d->told = f->hash;
		d->due = false;
		d->sent = parcel->outlet;
		if (!notify(d, NULL, hg_bytes_str(f->bytes)) && !next)
			return; /* the pair went with its last dialog */
	}
}

void hg_sip_notifier_edge(struct hg_sip_peer *p, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_sip_watched *w = find_pair(p, pair->watcher, pair->presentity);
	struct hg_sip_watcher *d, *next;
	struct hg_view view;
	if (!w)
		return;
	w->granted = edge == HG_SUBSCRIBED;
	bool nobody = !w->granted && p->sip->host->is_home(p->sip->core, pair->presentity) &&
		!p->sip->host->shown(
			p->sip->core, pair->watcher, pair->presentity, HG_PART_WHOLE, &view);
	DL_FOREACH_SAFE (w->dialog, d, next) {
		if (d->ended)
			continue;
		if (w->granted)
			owe(d);
		else if (nobody)
			notify(d, "noresource", HG_STR_NONE);
		else /* who only looks is told nothing, and may ask for more (RFC 8048 7.2) */
			notify(d, d->once ? "timeout" : "rejected", HG_STR_NONE);
	}
}

/* What a SUBSCRIBE or consent makes due, if no document has come in this turn: RFC 6665 4.2.1.2, RFC 8048 5.2.1. */
void hg_sip_notifier_flush(struct hg_sip *sip)
{
	while (sip->owed) {
		struct hg_sip_watcher *d = sip->owed;
		if (d->busy) {
			owes_nothing(d);
			d->due = true; /* as soon as the one under way is answered */
		} else {
			notify(d, NULL, HG_STR_NONE);
		}
	}
}

/* ---- SUBSCRIBE ---- */

static struct hg_sip_watcher *find_dialog(const struct hg_sip_peer *p,
	const struct hg_sip_request *req, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = find_pair(p, watcher, presentity);
	struct hg_sip_watcher *d = NULL;
	if (w)
		DL_FOREACH (w->dialog, d)
			if (!d->ended && hg_sip_leg_is(&d->leg, req->in))
				break;
	return d;
}

static struct hg_sip_watcher *new_dialog(struct hg_sip_peer *p, const struct hg_sip_leg *leg,
	const char *id, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = get_pair(p, watcher, presentity);
	struct hg_sip_watcher *d = hg_alloc(sizeof(*d));
	struct hg_buf name = { 0 };
	d->of = w;
	d->leg = *leg;
	d->event_id = id && *id ? hg_str_dup(hg_str(id)) : NULL;
	hg_buf_addf(&name, "%s/%s", leg->call_id->i_id, leg->local->a_tag);
	d->name = hg_str_dup(hg_buf_str(&name));
	hg_buf_done(&name);
	d->handle = hg_sip_handle_new(&p->sip->handles, HG_SIP_HANDLE_WATCHER, d);
	d->expiry = p->sip->host->timer_new(p->sip->core, on_expiry, d);
	d->pace = p->sip->host->timer_new(p->sip->core, on_pace, d);
	DL_APPEND(w->dialog, d);
	w->ndialogs++;
	p->dialogs++;
	return d;
}

static void lasts(struct hg_sip_watcher *d, uint32_t seconds)
{
	struct hg_sip_peer *p = d->of->peer;
	d->until = mono(p) + seconds * INT64_C(1000);
	if (!seconds)
		return;
	p->sip->host->timer_set(d->expiry, seconds * INT64_C(1000));
	keep(d, seconds);
}

static void accepted(struct hg_sip_watcher *d, struct hg_sip_request *req, uint32_t expires)
{
	struct hg_sip_peer *p = d->of->peer;
	char text[16];
	d->leg.remote_seq = req->in->sip_cseq->cs_seq;
	hg_sip_leg_retarget(&d->leg, req->in);
	lasts(d, expires);
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
	owe(d);
	p->sip->host->edge(p->sip->core, p->lane, pair, edge);
	accepted(d, req, expires);
}

/* RFC 8048 6.3: who ends his subscription is told that it is over, not how the other is. */
static void leave(struct hg_sip_watcher *d, struct hg_sip_request *req)
{
	struct hg_sip *sip = d->of->peer->sip;
	struct hg_buf uri = { 0 }, body = { 0 };
	struct hg_pidf doc;
	hg_pidf_of_record(NULL, HG_STR(HG_SIP_RESOURCE), &doc);
	doc.tuple->basic = HG_PIDF_CLOSED;
	sip->host->write_sip(sip->core, d->of->pair.presentity, &uri);
	doc.entity = hg_bytes_new(hg_buf_str(&uri));
	hg_pidf_write(&body, &doc);
	accepted(d, req, 0);
	notify(d, "timeout", hg_buf_str(&body));
	hg_pidf_done(&doc);
	hg_buf_done(&uri);
	hg_buf_done(&body);
}

static void in_dialog(struct hg_sip_peer *p, struct hg_sip_request *req, const struct hg_pair *pair,
	uint32_t expires)
{
	struct hg_sip_watcher *d = find_dialog(p, req, pair->watcher, pair->presentity);
	if (!d) {
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
	struct hg_sip_watched *w = find_pair(p, pair->watcher, pair->presentity);
	if (p->dialogs < p->dialogs_max && (!w || w->ndialogs < p->sip->limit.dialogs))
		return false;
	hg_sip_refuse(req, 503, "too many subscriptions");
	return true;
}

void hg_sip_notifier_subscribe(struct hg_sip_request *req, struct hg_sip_peer *p, hg_addr from)
{
	const char *reason = "";
	struct hg_pair pair = { .watcher = from };
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
	if (hg_sip_sips_refused(req, whom, pair.presentity) ||
		hg_sip_subscribe_refused(req, &expires))
		return;
	if (req->in->sip_to->a_tag) {
		in_dialog(p, req, &pair, expires);
	} else if (hg_sip_peer_leads_to(p, pair.presentity) ||
		(!p->sip->host->is_home(p->sip->core, pair.presentity) &&
			!p->sip->host->route_of(p->sip->core, pair.presentity))) {
		hg_sip_refuse(req, 404, "nobody of that domain is to be found through here");
	} else if (!too_many(p, req, &pair)) {
		struct hg_sip_leg leg = { 0 };
		struct hg_sip_watcher *d;
		hg_sip_leg_answer(&leg, req);
		d = new_dialog(p, &leg, req->in->sip_event->o_id, pair.watcher, pair.presentity);
		bool home = p->sip->host->is_home(p->sip->core, pair.presentity);
		d->once = !expires;
		/* To be asked once is no reason to ask somebody elsewhere for his consent (RFC 8048 7.2). */
		ask(d, req, &pair, expires || home ? HG_SUBSCRIBE : HG_PROBE, expires);
	}
}

void hg_sip_notifier_up(struct hg_sip_peer *p)
{
	struct hg_sip_watched *w, *tmp;
	HASH_ITER (hh, p->watched, w, tmp) {
		struct hg_buf watcher = { 0 }, presentity = { 0 };
		if (!w->granted) { /* in this process nobody has said so yet */
			p->sip->host->write_sip(p->sip->core, w->pair.watcher, &watcher);
			p->sip->host->write_sip(p->sip->core, w->pair.presentity, &presentity);
			p->sip->host->edge(p->sip->core, p->lane,
				&(struct hg_pair){ w->pair.watcher, w->pair.presentity,
					hg_buf_str(&watcher), hg_buf_str(&presentity) },
				HG_PROBE);
		}
		hg_buf_done(&watcher);
		hg_buf_done(&presentity);
	}
}

/* As it was; whether its watcher may watch is what the core knows, who tells all watchers of a link that comes up. */
void hg_sip_notifier_restore(struct hg_sip *sip, struct hg_str value, uint32_t seconds)
{
	struct hg_sip_leg leg = { 0 };
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *name = hg_sip_line(home, &value), *id = hg_sip_line(home, &value);
	const char *reason = "";
	struct hg_sip_peer *p = hg_sip_peer_named(sip, name);
	hg_addr watcher, presentity;
	struct hg_str gr;
	if (p && hg_sip_leg_read(&leg, &value) &&
		!sip->host->addr_sip(sip->core, hg_str(url_as_string(home, leg.remote->a_url)),
			&watcher, &gr, &reason) &&
		!sip->host->addr_sip(sip->core, hg_str(url_as_string(home, leg.local->a_url)),
			&presentity, &gr, &reason) &&
		hg_sip_peer_leads_to(p, watcher))
		lasts(new_dialog(p, &leg, id, watcher, presentity), seconds);
	else
		hg_sip_leg_done(&leg);
	su_home_unref(home);
}

void hg_sip_notifier_done(struct hg_sip_peer *p)
{
	while (p->watched)
		end(p->watched->dialog);
}
