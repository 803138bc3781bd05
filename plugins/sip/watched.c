/* SPDX-License-Identifier: Apache-2.0 */
/* Dialogs of people behind a peer, by watcher and presentity, and what the next start need not lose of them. */
#include "plugins/sip/notifier.h"

#include <stdlib.h>
#include <utlist.h>

/* ---- pairs ---- */

struct hg_sip_watched *hg_sip_watched_find(
	const struct hg_sip_peer *p, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_pair key = { watcher, presentity };
	struct hg_sip_watched *w;
	HASH_FIND(hh, p->watched, &key, sizeof(key), w);
	return w;
}

static struct hg_sip_watched *get_pair(struct hg_sip_peer *p, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = hg_sip_watched_find(p, watcher, presentity);
	if (w)
		return w;
	w = hg_alloc(sizeof(*w));
	w->pair = (struct hg_sip_pair){ watcher, presentity };
	w->peer = p;
	HASH_ADD(hh, p->watched, pair, sizeof(w->pair), w);
	return w;
}

/* ---- dialogs ---- */

struct hg_sip_watcher *hg_sip_watcher_find(const struct hg_sip_peer *p,
	const struct hg_sip_request *req, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = hg_sip_watched_find(p, watcher, presentity);
	struct hg_sip_watcher *d = NULL;
	if (w)
		DL_FOREACH (w->dialog, d)
			if (!d->ended && hg_sip_leg_is(&d->leg, req->in))
				break;
	return d;
}

struct hg_sip_watcher *hg_sip_watcher_new(struct hg_sip_peer *p, const struct hg_sip_leg *leg,
	enum hg_sip_event event, const char *id, hg_addr watcher, hg_addr presentity)
{
	struct hg_sip_watched *w = get_pair(p, watcher, presentity);
	struct hg_sip_watcher *d = hg_alloc(sizeof(*d));
	struct hg_buf name = { 0 };
	d->of = w;
	d->leg = *leg;
	d->event = event;
	d->event_id = id && *id ? hg_str_dup(hg_str(id)) : NULL;
	hg_buf_addf(&name, "%s/%s", leg->call_id->i_id, leg->local->a_tag);
	d->name = hg_str_dup(hg_buf_str(&name));
	hg_buf_done(&name);
	d->handle = hg_sip_handle_new(&p->sip->handles, HG_SIP_HANDLE_WATCHER, d);
	d->expiry = p->sip->host->timer_new(p->sip->core, hg_sip_watcher_on_expiry, d);
	d->pace = p->sip->host->timer_new(p->sip->core, hg_sip_watcher_on_pace, d);
	DL_APPEND(w->dialog, d);
	w->ndialogs++;
	p->dialogs++;
	return d;
}

void hg_sip_watcher_end(struct hg_sip_watcher *d)
{
	struct hg_sip_watched *w = d->of;
	struct hg_sip_peer *p = w->peer;
	const struct hg_host *host = p->sip->host;
	hg_sip_watcher_owes_nothing(d);
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

/* ---- kept over a restart ---- */

#define CSEQS 1000 /* written once for so many notifications */

/* Its state is not kept: what holds is told anew. */
void hg_sip_watcher_keep(struct hg_sip_watcher *d, uint32_t seconds)
{
	struct hg_sip_leg leg = d->leg;
	struct hg_buf b = { 0 };
	struct hg_sip *sip = d->of->peer->sip;
	if (d->once)
		return;
	leg.seq = d->kept = d->leg.seq + CSEQS;
	hg_buf_addf(&b, "%s\n%s\n%s\n", d->of->peer->name, hg_sip_event_name[d->event],
		d->event_id ? d->event_id : "");
	hg_sip_leg_write(&leg, &b);
	hg_sip_keep(sip, HG_SIP_KEPT_WATCHER, d->name, hg_buf_str(&b), seconds);
	hg_buf_done(&b);
}

void hg_sip_watcher_lasts(struct hg_sip_watcher *d, uint32_t seconds)
{
	struct hg_sip_peer *p = d->of->peer;
	d->until = hg_sip_watcher_mono(p) + seconds * INT64_C(1000);
	if (!seconds)
		return;
	p->sip->host->timer_set(d->expiry, seconds * INT64_C(1000));
	hg_sip_watcher_keep(d, seconds);
}

/* As it was; whether its watcher may watch is what the core knows, who tells all watchers of a link that comes up. */
void hg_sip_notifier_restore(struct hg_sip *sip, struct hg_str value, uint32_t seconds)
{
	struct hg_sip_leg leg = { 0 };
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *name = hg_sip_line(home, &value), *what = hg_sip_line(home, &value), *reason = "";
	enum hg_sip_event event = hg_sip_peer_event(what);
	/* Before there were lamps the id stood in the event's place. */
	const char *id = event == HG_SIP_EVENTS ? what : hg_sip_line(home, &value);
	struct hg_sip_peer *p = hg_sip_peer_named(sip, name);
	hg_addr watcher, presentity;
	struct hg_str gr;
	if (event == HG_SIP_EVENTS)
		event = HG_SIP_EVENT_SIMPLE;
	if (p && hg_sip_leg_read(&leg, &value) &&
		!sip->host->addr_sip(sip->core, hg_str(url_as_string(home, leg.remote->a_url)),
			&watcher, &gr, &reason) &&
		!sip->host->addr_sip(sip->core, hg_str(url_as_string(home, leg.local->a_url)),
			&presentity, &gr, &reason) &&
		hg_sip_peer_leads_to(p, watcher))
		hg_sip_watcher_lasts(
			hg_sip_watcher_new(p, &leg, event, id, watcher, presentity), seconds);
	else
		hg_sip_leg_done(&leg);
	su_home_unref(home);
}

void hg_sip_notifier_done(struct hg_sip_peer *p)
{
	while (p->watched)
		hg_sip_watcher_end(p->watched->dialog);
}
