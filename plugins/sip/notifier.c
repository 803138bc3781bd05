/* SPDX-License-Identifier: Apache-2.0 */
/*
 * We as notifier, RFC 6665 4.2: people behind a peer watch people here, or behind another route. The watch is the core's, and
 * outlives the dialogs: a dialog that ends only means that nobody is told at the moment.
 *
 * One notification of a dialog is under way at a time, and no sooner than the peer's pace allows. What comes meanwhile is not
 * kept: when it can go out, the core is asked for what holds then.
 */
#include "plugins/sip/notifier.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <utlist.h>

#define RETRY_MS 10000 /* before what was refused for now is said again */

/* ---- what is due ---- */

void hg_sip_watcher_owe(struct hg_sip_watcher *d)
{
	if (!d->owed)
		DL_APPEND2(d->of->peer->sip->owed, d, oprev, onext);
	d->owed = true;
}

void hg_sip_watcher_owes_nothing(struct hg_sip_watcher *d)
{
	if (d->owed)
		DL_DELETE2(d->of->peer->sip->owed, d, oprev, onext);
	d->owed = false;
}

/* ---- notifications ---- */

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

void hg_sip_watcher_on_pace(void *arg)
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
		hg_sip_watcher_end(d);
	} else if (status >= 300) { /* refused for now: it is said once more, as it is then */
		d->told = 0;
		d->outlet = d->outlet ? d->outlet : d->sent;
		d->not_before = hg_sip_watcher_mono(p) + RETRY_MS;
		p->sip->host->timer_set(d->pace, RETRY_MS);
	} else if (d->due && !d->outlet) {
		d->due = false;
		hg_sip_watcher_notify(d, NULL, HG_STR_NONE);
	} else if (hg_sip_watcher_mono(p) >= d->not_before) {
		again(d);
	}
}

static void write_state(const struct hg_sip_watcher *d, const char *ends, char *ret, size_t size)
{
	int64_t left = (d->until - hg_sip_watcher_mono(d->of->peer) + 999) / 1000;
	if (ends || d->once)
		snprintf(ret, size, "terminated;reason=%s", ends ? ends : "timeout");
	else
		snprintf(ret, size, "%s;expires=%lld", d->of->granted ? "active" : "pending",
			(long long)(left > 0 ? left : 0));
}

/*
 * Each notification about calls has a document, and so its number: also over a restart it only grows. Where one is due and there
 * is no news, of somebody elsewhere whose link is broken, the lamp is as it was.
 */
static void add_body(
	const struct hg_sip_watcher *d, uint32_t version, struct hg_str said, msg_t *msg)
{
	struct hg_buf doc = { 0 };
	if (d->event == HG_SIP_EVENT_DIALOG) {
		hg_sip_calls_write(d->of->peer->sip, d->of->pair.presentity, version, d->lit, &doc);
		hg_sip_reply_body(msg, HG_SIP_TYPE_DIALOG, hg_buf_str(&doc));
	} else if (said.n) {
		hg_sip_reply_body(msg, HG_SIP_TYPE_PIDF, said);
	}
	hg_buf_done(&doc);
}

bool hg_sip_watcher_notify(struct hg_sip_watcher *d, const char *ends, struct hg_str said)
{
	struct hg_sip_peer *p = d->of->peer;
	char state[64], event[192];
	uint32_t version = d->leg.seq;
	write_state(d, ends, state, sizeof(state));
	snprintf(event, sizeof(event), "%s%s%s", hg_sip_event_name[d->event],
		d->event_id ? ";id=" : "", d->event_id ? d->event_id : "");
	if (d->kept && d->leg.seq + 1 >= d->kept)
		hg_sip_watcher_keep(d, (uint32_t)((d->until - hg_sip_watcher_mono(p)) / 1000 + 1));
	msg_t *msg = hg_sip_leg_request(&d->leg, p->sip, "NOTIFY");
	sip_add_tl(msg, sip_object(msg),
		SIPTAG_CONTACT_STR(hg_sip_peer_way(p, d->leg.target)->contact),
		SIPTAG_EVENT_STR(event), SIPTAG_SUBSCRIPTION_STATE_STR(state), TAG_END());
	add_body(d, version, said, msg);
	hg_sip_watcher_owes_nothing(d);
	d->ended = ends || d->once;
	d->not_before = hg_sip_watcher_mono(p) + p->pace;
	if (!hg_sip_peer_send(p, msg, d->handle, on_notified)) {
		hg_sip_watcher_end(d);
		return false;
	}
	d->busy = true;
	p->sip->host->count(p->sip->core, "sip_notifications_total", 1);
	return true;
}

void hg_sip_watcher_on_expiry(void *arg)
{
	struct hg_sip_watcher *d = arg;
	if (!d->ended)
		hg_sip_watcher_notify(d, "timeout", HG_STR_NONE);
}

/* It cannot go out now. */
static bool waits(struct hg_sip_watcher *d, hg_outlet outlet)
{
	struct hg_sip_peer *p = d->of->peer;
	int64_t left = d->not_before - hg_sip_watcher_mono(p);
	if (!d->busy && (left <= 0 || d->owed))
		return false;
	d->outlet = outlet;
	if (left > 0)
		p->sip->host->timer_set(d->pace, left);
	return true;
}

void hg_sip_notifier_parcel(struct hg_sip_peer *p, const struct hg_parcel *parcel)
{
	struct hg_sip_watched *w = hg_sip_watched_find(
		p, parcel->pair.watcher, parcel->pair.presentity);
	struct hg_sip_watcher *d, *next;
	const struct hg_frag *f;
	if (!w)
		return; /* he will be told when he comes back */
	w->granted = true;
	DL_FOREACH_SAFE (w->dialog, d, next) {
		f = hg_sip_parcel_part(parcel, hg_sip_watcher_part(d));
		if (!f || d->ended || (d->told == f->hash && !d->owed) || waits(d, parcel->outlet))
			continue;
		d->told = f->hash;
		d->lit = f->bytes->n > 0;
		d->due = false;
		d->sent = parcel->outlet;
		if (!hg_sip_watcher_notify(d, NULL, hg_bytes_str(f->bytes)) && !next)
			return; /* the pair went with its last dialog */
	}
}

void hg_sip_notifier_edge(struct hg_sip_peer *p, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_sip_watched *w = hg_sip_watched_find(p, pair->watcher, pair->presentity);
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
		d->lit = d->lit && w->granted;
		if (w->granted && d->told)
			continue; /* it is another one's wish that is answered */
		if (w->granted)
			hg_sip_watcher_owe(d);
		else if (d->once) /* not even who is there: he may ask for more */
			hg_sip_watcher_notify(d, "timeout", HG_STR_NONE);
		else
			hg_sip_watcher_notify(d, nobody ? "noresource" : "rejected", HG_STR_NONE);
	}
}

/* What a SUBSCRIBE or consent makes due, if no document has come in this turn: RFC 6665 4.2.1.2, RFC 8048 5.2.1. */
void hg_sip_notifier_flush(struct hg_sip *sip)
{
	while (sip->owed) {
		struct hg_sip_watcher *d = sip->owed;
		if (d->busy) {
			hg_sip_watcher_owes_nothing(d);
			d->due = true; /* as soon as the one under way is answered */
		} else {
			hg_sip_watcher_notify(d, NULL, HG_STR_NONE);
		}
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
