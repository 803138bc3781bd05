/* SPDX-License-Identifier: Apache-2.0 */
/* Stanzas in: who speaks to whom, presence, and what is not for us. */
#include "plugins/xmpp/linked.h"

#include <string.h>

struct hg_str hg_xmpp_bare(struct hg_str jid)
{
	const char *slash = jid.n ? memchr(jid.p, '/', jid.n) : NULL;

	return slash ? (struct hg_str){ jid.p, (size_t)(slash - jid.p) } : jid;
}

struct hg_str hg_xmpp_resource(struct hg_str jid)
{
	size_t bare = hg_xmpp_bare(jid).n;

	return bare < jid.n ? (struct hg_str){ jid.p + bare + 1, jid.n - bare - 1 } : HG_STR_NONE;
}

struct hg_str hg_xmpp_attribute(xmpp_stanza_t *e, const char *name)
{
	return hg_str(xmpp_stanza_get_attribute(e, name));
}

bool hg_xmpp_is(xmpp_stanza_t *e, const char *ns, const char *name)
{
	const char *its_ns = xmpp_stanza_get_ns(e), *its_name = xmpp_stanza_get_name(e);

	return its_ns && its_name && !strcmp(its_ns, ns) && !strcmp(its_name, name);
}

hg_addr hg_xmpp_address(struct hg_xmpp *x, struct hg_str jid)
{
	struct hg_str resource;
	const char *reason;
	hg_addr addr = 0;

	return x->host->addr_jid(x->core, jid, &addr, &resource, &reason) < 0 ? 0 : addr;
}

static bool read_address(struct hg_xmpp *x, struct hg_str jid, hg_addr *ret)
{
	struct hg_str prepared =
		HG_STR_NONE; /* the resource is taken as the server wrote it: it has prepared it */
	const char *reason = "";

	return jid.n && hg_xmpp_bare(jid).n <= HG_XMPP_BARE_MAX &&
		hg_xmpp_resource(jid).n <= HG_XMPP_RESOURCE_MAX &&
		x->host->addr_jid(x->core, jid, ret, &prepared, &reason) == 0;
}

/* A server writes `from` itself, so one that is ours is either a loop or a forgery (XEP-0114
 * leaves it to us). */
static bool read_ends(struct hg_xmpp_stream *s, xmpp_stanza_t *stanza, struct hg_xmpp_ends *ret)
{
	struct hg_xmpp *x = s->xmpp;
	const char *wrong = NULL;

	*ret = (struct hg_xmpp_ends){
		.from = hg_xmpp_attribute(stanza, "from"),
		.to = hg_xmpp_attribute(stanza, "to"),
	};
	if (!read_address(x, ret->from, &ret->from_addr))
		wrong = "xmpp_dropped_total{reason=\"bad-from\"}";
	else if (!read_address(x, ret->to, &ret->to_addr))
		wrong = "xmpp_dropped_total{reason=\"bad-to\"}";
	else if (!hg_xmpp_carries(s, x->host->addr_domain(x->core, ret->to_addr)))
		wrong = "xmpp_dropped_total{reason=\"foreign-to\"}";
	else if (x->host->is_home(x->core, ret->from_addr) ||
		hg_xmpp_carries(s, x->host->addr_domain(x->core, ret->from_addr)))
		wrong = "xmpp_dropped_total{reason=\"own-from\"}";
	if (wrong) {
		hg_xmpp_count(x, wrong, 1);
		return false;
	}
	ret->from_resource = hg_xmpp_resource(ret->from);
	ret->to_resource = hg_xmpp_resource(ret->to);
	return true;
}

/* ---- presence ---- */

struct hg_pair hg_xmpp_pair(const struct hg_xmpp_ends *e, bool from_watches)
{
	struct hg_pair p = {
		.watcher = from_watches ? e->from_addr : e->to_addr,
		.presentity = from_watches ? e->to_addr : e->from_addr,
		.wire_watcher = hg_xmpp_bare(from_watches ? e->from : e->to),
		.wire_presentity = hg_xmpp_bare(from_watches ? e->to : e->from),
	};

	return p;
}

/* RFC 6121 3, 4.3: all of these are between bare addresses, whatever resource somebody wrote. */
static bool on_edge(struct hg_xmpp_stream *s, struct hg_str type, const struct hg_xmpp_ends *e)
{
	static const struct {
		const char *type;
		enum hg_edge edge;
		bool from_watches;
	} edges[] = {
		{ "subscribe", HG_SUBSCRIBE, true },
		{ "subscribed", HG_SUBSCRIBED, false },
		{ "unsubscribe", HG_UNSUBSCRIBE, true },
		{ "unsubscribed", HG_UNSUBSCRIBED, false },
		{ "probe", HG_PROBE, true },
	};

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		if (!hg_str_is(type, edges[i].type))
			continue;
		struct hg_pair p = hg_xmpp_pair(e, edges[i].from_watches);

		s->xmpp->host->edge(s->xmpp->core, s->lane, &p, edges[i].edge);
		if (edges[i].edge == HG_UNSUBSCRIBE)
			hg_xmpp_leave(s, p.wire_presentity, p.wire_watcher);
		return true;
	}
	return false;
}

static void on_face(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e, struct hg_record *take)
{
	struct hg_pair p = hg_xmpp_pair(e, false);

	s->xmpp->host->face(s->xmpp->core, s->lane, &p, e->from_resource, take);
}

/* What somebody is now, or his last words. */
static void on_said(struct hg_xmpp_stream *s, xmpp_stanza_t *stanza, const struct hg_xmpp_ends *e)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_xmpp_losses losses = { 0 };
	struct hg_record *r;
	struct hg_buf own = { 0 };

	if (x->extension)
		x->host->write_sip(x->core, e->to_addr, &own);
	r = hg_xmpp_record(
		stanza, hg_extension_domain(hg_buf_str(&own)), x->host->now(x->core).utc, &losses);
	hg_buf_done(&own);
	hg_xmpp_count(x, "xmpp_illegal_total{element=\"show\"}", losses.show);
	hg_xmpp_count(x, "xmpp_illegal_total{element=\"priority\"}", losses.priority);
	hg_xmpp_count(x, "xmpp_illegal_total{element=\"idle\"}", losses.idle);
	hg_xmpp_count(x, "xmpp_status_cut_total", losses.status_cut);
	hg_xmpp_count(x, "xmpp_status_dropped_total", losses.status_dropped);
	on_face(s, e, r);
}

static void on_available(
	struct hg_xmpp_stream *s, xmpp_stanza_t *stanza, const struct hg_xmpp_ends *e)
{
	on_said(s, stanza, e);
	hg_xmpp_interest_seen(s, stanza, e);
	hg_xmpp_blocks_seen(s, e);
}

/* An error, or with his last words. */
static void on_unavailable(
	struct hg_xmpp_stream *s, xmpp_stanza_t *stanza, const struct hg_xmpp_ends *e)
{
	if (hg_str_is(hg_xmpp_attribute(stanza, "type"), "unavailable"))
		on_said(s, stanza, e);
	else
		on_face(s, e, NULL);
	hg_xmpp_interest_gone(s, e);
	hg_xmpp_blocks_gone(s, e);
}

/* RFC 6121 3: an error changes no subscription. One that says that there is nobody ends what that
 * address has shown; one that may pass (`remote-server-timeout`, a block) says nothing about
 * anybody's presence. Never answered. */
static void on_error(struct hg_xmpp_stream *s, xmpp_stanza_t *stanza, const struct hg_xmpp_ends *e)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_pair pair = hg_xmpp_pair(e, false);
	struct hg_xmpp_error error;
	hg_addr instead = hg_xmpp_read_error(x, stanza, e->from_resource.n > 0, &error);

	hg_xmpp_count(x, "xmpp_presence_errors_total", 1);
	hg_log(HG_DEBUG, "presence-error", "domain=%s condition=%s", s->domain,
		hg_condition_name(error.condition));
	if (hg_error_is_nobody(&error))
		on_unavailable(s, stanza, e);
	x->host->error(x->core, s->lane, &pair, &error, instead);
}

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	struct hg_xmpp_stream *s = arg;
	struct hg_str type = hg_xmpp_attribute(stanza, "type");
	struct hg_xmpp_ends e;

	hg_xmpp_heard(s);
	if (!read_ends(s, stanza, &e))
		return 1;
	hg_xmpp_count(s->xmpp, "xmpp_presence_received_total", 1);
	if (!type.n)
		on_available(s, stanza, &e);
	else if (hg_str_is(type, "unavailable"))
		on_unavailable(s, stanza, &e);
	else if (hg_str_is(type, "error"))
		on_error(s, stanza, &e);
	else if (!on_edge(s, type, &e))
		hg_xmpp_count(s->xmpp, "xmpp_dropped_total{reason=\"bad-presence\"}", 1);
	return 1;
}

/* ---- the rest ---- */

/* We carry presence. Chat gets the error that a user without a session gives; what must not be
 * answered is not. */
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	struct hg_xmpp_stream *s = arg;
	struct hg_str type = hg_xmpp_attribute(stanza, "type");
	struct hg_xmpp_ends e;

	hg_xmpp_heard(s);
	if (!read_ends(s, stanza, &e))
		return 1;
	hg_xmpp_count(s->xmpp, "xmpp_messages_received_total", 1);
	if (hg_str_is(type, "headline"))
		hg_xmpp_event(s, stanza, &e);
	if (!hg_str_is(type, "error") && hg_xmpp_privileges(s, stanza, &e))
		return 1;
	if (!hg_str_is(type, "error") && !hg_str_is(type, "groupchat") &&
		!hg_str_is(type, "headline"))
		hg_xmpp_refuse(s, "message", hg_xmpp_attribute(stanza, "id"), &e,
			HG_COND_SERVICE_UNAVAILABLE);
	return 1;
}

static int on_iq(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *arg)
{
	struct hg_xmpp_stream *s = arg;
	struct hg_xmpp_ends e;

	hg_xmpp_heard(s);
	if (hg_xmpp_pong(s, stanza) || !read_ends(s, stanza, &e))
		return 1;
	hg_xmpp_iq(s, stanza, &e);
	return 1;
}

void hg_xmpp_heard(struct hg_xmpp_stream *s)
{
	s->heard = s->xmpp->host->now(s->xmpp->core).mono;
	s->unfinished = 0;
}

void hg_xmpp_handlers_add(struct hg_xmpp_stream *s, xmpp_conn_t *conn)
{
	xmpp_handler_add(conn, on_presence, NULL, "presence", NULL, s);
	xmpp_handler_add(conn, on_message, NULL, "message", NULL, s);
	xmpp_handler_add(conn, on_iq, NULL, "iq", NULL, s);
}
