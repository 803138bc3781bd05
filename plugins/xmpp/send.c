/* SPDX-License-Identifier: Apache-2.0 */
/* Stanzas out: written by hand into one buffer a stream, which goes to libstrophe once a turn. */
#include "plugins/xmpp/linked.h"

#include <string.h>

static const char *const edge_types[] = {
	[HG_SUBSCRIBE] = "subscribe",
	[HG_SUBSCRIBED] = "subscribed",
	[HG_UNSUBSCRIBE] = "unsubscribe",
	[HG_UNSUBSCRIBED] = "unsubscribed",
	[HG_PROBE] = "probe",
};

void hg_xmpp_attr(struct hg_buf *b, const char *name, struct hg_str value)
{
	hg_buf_addc(b, ' ');
	hg_buf_adds(b, name);
	hg_buf_adds(b, "='");
	hg_buf_add_xml(b, value);
	hg_buf_addc(b, '\'');
}

void hg_xmpp_ask(
	struct hg_buf *b, const char *type, struct hg_str from, struct hg_str to, struct hg_str id)
{
	hg_buf_addf(b, "<iq type='%s'", type);
	hg_xmpp_attr(b, "from", from);
	hg_xmpp_attr(b, "to", to);
	hg_xmpp_attr(b, "id", id);
	hg_buf_addc(b, '>');
}

struct hg_xmpp_stream *hg_xmpp_stream_of(struct hg_xmpp *x, hg_lane lane)
{
	for (size_t i = 0; i < x->nstreams; i++) {
		if (x->stream[i]->lane == lane && lane)
			return x->stream[i];
	}
	return NULL;
}

size_t hg_xmpp_outstanding(const struct hg_xmpp_stream *s)
{
	return s->in_flight + s->out.n;
}

void hg_xmpp_forget_output(struct hg_xmpp_stream *s)
{
	hg_buf_reset(&s->out);
	s->in_flight = 0;
	s->told_room = 0;
}

static uint32_t room(const struct hg_xmpp_stream *s)
{
	size_t n = hg_xmpp_outstanding(s);

	return n < HG_XMPP_WINDOW
		? (uint32_t)((HG_XMPP_WINDOW - n + HG_XMPP_PARCEL - 1) / HG_XMPP_PARCEL)
		: 0;
}

void hg_xmpp_tell_room(struct hg_xmpp_stream *s)
{
	uint32_t n = room(s);

	if (s->state != HG_XMPP_UP || n == s->told_room)
		return;
	s->told_room = n;
	s->xmpp->host->lane_room(s->xmpp->core, s->lane, n);
}

void hg_xmpp_flush(void *self)
{
	struct hg_xmpp *x = self;

	for (size_t i = 0; i < x->nstreams; i++) {
		struct hg_xmpp_stream *s = x->stream[i];

		if (s->state == HG_XMPP_UP || s->state == HG_XMPP_LEAVING)
			hg_xmpp_write(s);
		hg_xmpp_tell_room(s);
	}
}

/* A `from` outside of the component's own domain ends the stream for everybody: `invalid-from`. */
static bool is_ours(const struct hg_xmpp_stream *s, struct hg_str jid)
{
	const char *at = jid.n ? memchr(jid.p, '@', jid.n) : NULL;
	struct hg_str domain = jid;

	if (at) {
		domain.p = at + 1;
		domain.n = jid.n - (size_t)(domain.p - jid.p);
	}
	if (jid.n > HG_XMPP_BARE_MAX)
		return false;
	for (size_t i = 0; i < s->ndomains; i++)
		if (hg_str_ieq(domain, hg_str(s->name[i])))
			return true;
	return false;
}

/* What one side wrote, if that is a JID of this address: a SIP URI as its user wrote it is none. */
static struct hg_str jid_of(
	struct hg_xmpp *x, struct hg_str wire, hg_addr addr, struct hg_buf *scratch)
{
	struct hg_str resource = HG_STR_NONE;
	const char *reason = "";
	hg_addr found = 0;

	if (wire.n && x->host->addr_jid(x->core, wire, &found, &resource, &reason) == 0 &&
		found == addr && !resource.n)
		return wire;
	x->host->write_jid(x->core, addr, scratch);
	return hg_buf_str(scratch);
}

/* Servers do not end what was shown when a subscription ends (RFC 6121 3.2.2, 3.3.3 leave that to the
 * presentity's side), so the watcher's client would go on showing it. */
void hg_xmpp_leave(struct hg_xmpp_stream *s, struct hg_str presentity, struct hg_str watcher)
{
	hg_buf_adds(&s->out, "<presence type='unavailable' from='");
	hg_buf_add_xml(&s->out, presentity);
	hg_buf_adds(&s->out, "/" HG_XMPP_RESOURCE "'");
	hg_xmpp_attr(&s->out, "to", watcher);
	hg_buf_adds(&s->out, "/>");
}

/* XEP-0172 4.1: who asks says how he is called, as far as whom he asks may know. */
static void add_nick(struct hg_xmpp_stream *s, const struct hg_pair *asked)
{
	struct hg_pair back = { asked->presentity, asked->watcher, asked->wire_presentity,
		asked->wire_watcher };
	struct hg_card card;

	if (hg_xmpp_look(s, &back, &card) && card.field[HG_CARD_DISPLAY_NAME]) {
		hg_buf_adds(&s->out, "><nick xmlns='" HG_XMPP_NS_NICK "'>");
		hg_buf_add_xml(&s->out, hg_bytes_str(card.field[HG_CARD_DISPLAY_NAME]));
		hg_buf_adds(&s->out, "</nick></presence>");
	} else {
		hg_buf_adds(&s->out, "/>");
	}
	hg_card_done(&card);
}

/* RFC 6121 4.3.2: who watches is told that somebody has moved. Of everything else that ails him there (RFC 6121 8.5.1, RFC 8048
 * 5.2.2), nothing. */
void hg_xmpp_error(void *self, hg_lane lane, const struct hg_pair *pair,
	const struct hg_xmpp_error *e, hg_addr instead)
{
	struct hg_xmpp *x = self;
	struct hg_xmpp_stream *s = hg_xmpp_stream_of(x, lane);
	struct hg_buf w = { 0 }, p = { 0 };

	if (!s || s->state != HG_XMPP_UP ||
		(e->condition != HG_COND_GONE && (e->condition != HG_COND_REDIRECT || !instead)))
		return;

	struct hg_str watcher = jid_of(x, pair->wire_watcher, pair->watcher, &w);
	struct hg_str presentity = jid_of(x, pair->wire_presentity, pair->presentity, &p);

	if (is_ours(s, presentity)) {
		hg_buf_adds(&s->out, "<presence type='error'");
		hg_xmpp_attr(&s->out, "from", presentity);
		hg_xmpp_attr(&s->out, "to", watcher);
		hg_buf_addc(&s->out, '>');
		hg_xmpp_write_error(s, e->condition, e->type, instead);
		hg_buf_adds(&s->out, "</presence>");
		hg_xmpp_count(x, "xmpp_presence_errors_sent_total", 1);
	}
	hg_buf_done(&w);
	hg_buf_done(&p);
}

void hg_xmpp_edge(void *self, hg_lane lane, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_xmpp *x = self;
	struct hg_xmpp_stream *s = hg_xmpp_stream_of(x, lane);
	struct hg_buf w = { 0 }, p = { 0 };

	if (!s || s->state != HG_XMPP_UP)
		return; /* the core sends again what a lane that is down has lost */

	struct hg_str watcher = jid_of(x, pair->wire_watcher, pair->watcher, &w);
	struct hg_str presentity = jid_of(x, pair->wire_presentity, pair->presentity, &p);
	bool by_watcher = edge == HG_SUBSCRIBE || edge == HG_UNSUBSCRIBE || edge == HG_PROBE;
	struct hg_str from = by_watcher ? watcher : presentity;

	if (is_ours(s, from)) {
		if (edge == HG_UNSUBSCRIBED)
			hg_xmpp_leave(s, from, watcher);
		hg_buf_adds(&s->out, "<presence");
		hg_xmpp_attr(&s->out, "type", hg_str(edge_types[edge]));
		hg_xmpp_attr(&s->out, "from", from);
		hg_xmpp_attr(&s->out, "to", by_watcher ? presentity : watcher);
		if (edge == HG_SUBSCRIBE)
			add_nick(s, pair);
		else
			hg_buf_adds(&s->out, "/>");
	} else {
		hg_log(HG_ERROR, "component-foreign-from", "domain=%s edge=%s from=%s", s->domain,
			edge_types[edge], hg_log_text(from));
	}
	hg_buf_done(&w);
	hg_buf_done(&p);
	if (edge == HG_PROBE) /* after a pause, for the first time, or once again after a while */
		hg_xmpp_blocks_look(s, pair->watcher, pair->presentity);
}

/* XEP-0203: an old state that is said again, to somebody who asked, is not news; who is not there was there then (RFC 6121
 * 4.3.2). A table may have said so already. */
static void write_stamp(struct hg_buf *b, struct hg_str presence, int64_t since)
{
	const struct hg_str end = HG_STR("</presence>"), empty = HG_STR("/>"),
			    there = HG_STR("<delay ");
	char stamp[HG_UTC_TEXT];

	if (!since || memmem(presence.p, presence.n, there.p, there.n))
		return;
	if (presence.p[presence.n - 2] == '/') {
		b->n -= empty.n;
		hg_buf_addc(b, '>');
	} else {
		b->n -= end.n;
	}
	hg_utc_write(since, stamp);
	hg_buf_adds(b, "<delay xmlns='urn:xmpp:delay'");
	hg_xmpp_attr(b, "stamp", hg_str(stamp));
	hg_buf_adds(b, "/></presence>");
}

static void write_presence(
	struct hg_xmpp_stream *s, const struct hg_parcel *parcel, struct hg_str presence)
{
	hg_buf_adds(&s->out, "<presence from='");
	hg_buf_add_xml(&s->out, parcel->pair.wire_presentity);
	hg_buf_adds(&s->out, "/" HG_XMPP_RESOURCE "'");
	hg_xmpp_attr(&s->out, "to", parcel->pair.wire_watcher);
	hg_buf_add(&s->out, presence);
	write_stamp(&s->out, presence, parcel->since);
}

static void write_parcel(struct hg_xmpp_stream *s, const struct hg_parcel *parcel)
{
	if (!is_ours(s, parcel->pair.wire_presentity)) {
		hg_log(HG_ERROR, "component-foreign-from", "domain=%s from=%s", s->domain,
			hg_log_text(parcel->pair.wire_presentity));
		return;
	}
	for (size_t i = 0; i < parcel->nfrags; i++) {
		struct hg_str bytes = hg_bytes_str(parcel->frag[i]->bytes);

		if (parcel->frag[i]->part == HG_PART_WHOLE)
			write_presence(s, parcel, bytes);
		else if (parcel->frag[i]->part == HG_PART_ASPECT)
			hg_xmpp_interest_tell(
				s, parcel, HG_XMPP_CARD_NODES, HG_XMPP_ASPECT_NODES, bytes);
		else
			hg_xmpp_interest_tell(s, parcel, 0, HG_XMPP_CARD_NODES, bytes);
	}
}

size_t hg_xmpp_deliver(void *self, hg_lane lane, const struct hg_parcel *parcel, size_t n)
{
	struct hg_xmpp_stream *s = hg_xmpp_stream_of(self, lane);
	size_t taken = 0;

	if (!s || s->state != HG_XMPP_UP)
		return 0;
	while (taken < n && hg_xmpp_outstanding(s) < HG_XMPP_WINDOW)
		write_parcel(s, &parcel[taken++]);
	/* Told anew at the end of the turn: how much of this the socket takes decides. */
	s->told_room = UINT32_MAX;
	hg_xmpp_count(self, "xmpp_presence_sent_total", taken);
	return taken;
}

/* ---- the keep-alive's ping, which comes back to us ---- */

static void write_ping_id(struct hg_buf *b, uint32_t number)
{
	hg_buf_addf(b, "hg-ping-%08x", number);
}

void hg_xmpp_ping(struct hg_xmpp_stream *s)
{
	struct hg_buf id = { 0 };

	s->ping = s->xmpp->host->random(s->xmpp->core);
	s->pinged = true;
	write_ping_id(&id, s->ping);
	hg_xmpp_ask(&s->out, "get", hg_str(s->domain), hg_str(s->domain), hg_buf_str(&id));
	hg_buf_adds(&s->out, "<ping xmlns='urn:xmpp:ping'/></iq>");
	hg_buf_done(&id);
	hg_xmpp_write(s);
}

bool hg_xmpp_pong(struct hg_xmpp_stream *s, xmpp_stanza_t *iq)
{
	struct hg_buf id = { 0 };

	if (!s->pinged)
		return false;
	write_ping_id(&id, s->ping);
	bool ours = hg_str_eq(hg_xmpp_attribute(iq, "id"), hg_buf_str(&id));
	hg_buf_done(&id);
	if (ours)
		s->pinged = false;
	return ours;
}
