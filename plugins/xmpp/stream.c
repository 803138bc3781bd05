/* SPDX-License-Identifier: Apache-2.0 */
/* One component stream's life: look up, dial, open, up, and again; or leave. */
#include "plugins/xmpp/linked.h"

#include <stdlib.h>
#include <string.h>

enum { /* ms */
	DIAL_MS = 10000,
	OPEN_MS = 15000,
	OPEN_TICK_MS = 50,
	LEAVE_MS = 2000,
	/* A stream that was up for as long, and for four times the wait before it, starts again
	 * from the shortest wait. Less would let two gateways that throw each other out
	 * (`conflict`) do so for ever at full speed. */
	LASTING_MS = 5000
};

static int64_t mono(const struct hg_xmpp_stream *s)
{
	return s->xmpp->host->now(s->xmpp->core).mono;
}

static void set_timer(struct hg_xmpp_stream *s, int64_t ms)
{
	s->xmpp->host->timer_set(s->timer, ms);
}

static void attempt(struct hg_xmpp_stream *s)
{
	if (hg_xmpp_is_literal(s->server)) {
		hg_xmpp_stream_dial(s, s->server);
		return;
	}
	s->state = HG_XMPP_NAMING;
	hg_xmpp_lookup(s);
}

void hg_xmpp_stream_dial(struct hg_xmpp_stream *s, const char *address)
{
	if (!address) {
		hg_xmpp_stream_end(s, HG_XMPP_NAME);
		return;
	}
	s->state = HG_XMPP_DIALING;
	s->outage = HG_XMPP_UNREACHED;
	set_timer(s, DIAL_MS);
	if (!hg_xmpp_connect(s, address))
		hg_xmpp_stream_end(s, HG_XMPP_UNREACHED);
}

void hg_xmpp_stream_dialed(struct hg_xmpp_stream *s)
{
	s->state = HG_XMPP_OPENING;
	s->outage = HG_XMPP_UNOPENED;
	s->deadline = mono(s) + OPEN_MS;
	set_timer(s, OPEN_TICK_MS);
}

/* libstrophe may read the server's header in the same visit in which it wrote its own, and then
 * has an answer to write that no event of the socket will ask for. */
static void open_tick(struct hg_xmpp_stream *s)
{
	if (mono(s) >= s->deadline) {
		hg_xmpp_stream_end(s, s->outage);
		return;
	}
	set_timer(s, OPEN_TICK_MS);
	hg_xmpp_visit(s);
}

void hg_xmpp_stream_opened(struct hg_xmpp_stream *s)
{
	struct hg_xmpp *x = s->xmpp;

	s->state = HG_XMPP_UP;
	s->outage = HG_XMPP_CLOSED;
	s->heard = s->up_since = mono(s);
	s->pinged = false;
	s->told = HG_XMPP_NONE;
	hg_log(HG_INFO, "component-up", "domain=%s server=%s port=%u", s->domain, s->server,
		s->port);
	hg_xmpp_count(x, "xmpp_connects_total", 1);
	set_timer(s, x->times.keep_alive);
	x->host->lane_up(x->core, s->lane, true);
	hg_xmpp_tell_room(s);
}

/* A component does not know which hosts its server serves; the one address that surely answers is
 * its own. The server routes that ping (XEP-0199) back to us, which proves both directions and
 * the server's router between them. Prosody and ejabberd both do so. Whole stanzas count as life,
 * octets do not: a stream whose parser is stuck still receives octets. */
static void keep_alive(struct hg_xmpp_stream *s)
{
	const struct hg_xmpp_times *t = &s->xmpp->times;
	int64_t silence = mono(s) - s->heard;

	if (s->pinged && silence >= t->answer) {
		hg_xmpp_stream_end(s, HG_XMPP_SILENT);
		return;
	}
	if (silence < t->keep_alive) {
		s->pinged = false;
		set_timer(s, t->keep_alive - silence);
		return;
	}
	set_timer(s, t->answer);
	hg_xmpp_ping(s);
}

static void on_timer(void *arg)
{
	struct hg_xmpp_stream *s = arg;

	switch (s->state) {
	case HG_XMPP_DOWN:
		attempt(s);
		break;
	case HG_XMPP_OPENING:
		open_tick(s);
		break;
	case HG_XMPP_DIALING:
	case HG_XMPP_LEAVING:
		hg_xmpp_stream_end(s, s->outage);
		break;
	case HG_XMPP_UP:
		hg_xmpp_blocks_tick(s);
		keep_alive(s);
		break;
	case HG_XMPP_NAMING:
	case HG_XMPP_GONE:
		break;
	}
}

static void gone(struct hg_xmpp_stream *s)
{
	struct hg_xmpp *x = s->xmpp;

	s->state = HG_XMPP_GONE;
	set_timer(s, -1);
	hg_xmpp_lookup_forget(s);
	x->host->lane_close(x->core, s->lane);
	hg_log(HG_INFO, "component-stopped", "domain=%s", s->domain);
	hg_xmpp_closed(x);
}

void hg_xmpp_stream_end(struct hg_xmpp_stream *s, enum hg_xmpp_outage outage)
{
	struct hg_xmpp *x = s->xmpp;
	enum hg_xmpp_state was = s->state;

	hg_xmpp_disconnect(s);
	hg_xmpp_forget_output(s);
	hg_xmpp_interest_forget(s->interest);
	hg_xmpp_rosters_forget(s);
	hg_xmpp_blocks_down(s, outage == HG_XMPP_TOO_LONG);
	hg_xmpp_privileges_forget(s);
	if (was == HG_XMPP_UP)
		x->host->lane_up(x->core, s->lane, false);
	if (was == HG_XMPP_LEAVING) {
		gone(s);
		return;
	}
	if (was == HG_XMPP_UP && mono(s) - s->up_since >= LASTING_MS &&
		mono(s) - s->up_since >= 4 * s->waited)
		s->attempts = 0;
	s->state = HG_XMPP_DOWN;
	s->waited = hg_xmpp_backoff(s, outage, x->host->random(x->core));
	set_timer(s, s->waited);
	hg_xmpp_outage_log(s, outage, s->waited);
}

void hg_xmpp_stream_carry(struct hg_xmpp_stream *s, struct hg_str name, hg_addr domain)
{
	size_t n = s->ndomains++;

	s->name = hg_realloc(s->name, s->ndomains * sizeof(*s->name));
	s->addr = hg_realloc(s->addr, s->ndomains * sizeof(*s->addr));
	s->name[n] = hg_str_dup(name);
	s->addr[n] = domain;
}

bool hg_xmpp_carries(const struct hg_xmpp_stream *s, hg_addr domain)
{
	for (size_t i = 0; i < s->ndomains; i++)
		if (s->addr[i] == domain)
			return true;
	return false;
}

struct hg_xmpp_stream *hg_xmpp_stream_new(
	struct hg_xmpp *x, const struct hg_xmpp_component *c, hg_addr domain)
{
	struct hg_xmpp_stream *s = hg_alloc(sizeof(*s));

	s->xmpp = x;
	hg_xmpp_stream_carry(s, c->domain, domain);
	s->domain = s->name[0];
	s->server = hg_str_dup(c->server);
	s->port = c->port;
	s->secret = hg_str_dup(c->secret);
	s->fd = -1;
	s->interest = hg_xmpp_interest_new();
	s->timer = x->host->timer_new(x->core, on_timer, s);
	return s;
}

void hg_xmpp_stream_free(struct hg_xmpp_stream *s)
{
	if (!s)
		return;
	hg_xmpp_lookup_forget(s);
	hg_xmpp_disconnect(s);
	s->xmpp->host->timer_free(s->timer);
	hg_xmpp_interest_free(s->interest);
	hg_xmpp_rosters_forget(s);
	hg_xmpp_blocks_forget(s);
	hg_xmpp_privileges_forget(s);
	hg_buf_done(&s->out);
	if (s->secret)
		explicit_bzero(s->secret, strlen(s->secret));
	free(s->secret);
	free(s->server);
	for (size_t i = 0; i < s->ndomains; i++)
		free(s->name[i]);
	free(s->name);
	free(s->addr);
	free(s);
}

void hg_xmpp_stream_start(struct hg_xmpp_stream *s)
{
	struct hg_xmpp *x = s->xmpp;

	s->lane = x->host->lane_open(x->core,
		&(struct hg_lane_spec){
			.adapter = &hg_xmpp_adapter,
			.self = x,
			.route = x->host->route_named(x->core, hg_xmpp_adapter.name),
			.domain = s->addr,
			.ndomains = s->ndomains,
			.format = 0,
			.unasked = true,
			.fades = true,
			.also = { { HG_CAT_CONTACT_CARD, HG_XMPP_FORMAT_PRESENCE },
				{ HG_PART_ASPECT, HG_XMPP_FORMAT_ACTIVITY } },
		});
	x->open++;
	attempt(s);
}

void hg_xmpp_stream_stop(struct hg_xmpp_stream *s)
{
	if (s->state == HG_XMPP_UP) {
		s->xmpp->host->lane_up(s->xmpp->core, s->lane, false);
		s->state = HG_XMPP_LEAVING;
		set_timer(s, LEAVE_MS);
		hg_buf_adds(&s->out, "</stream:stream>");
		hg_xmpp_write(s);
		return;
	}
	if (s->state == HG_XMPP_GONE || !s->lane)
		return;
	hg_xmpp_disconnect(s);
	gone(s);
}
