/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests: disco (XEP-0030), ping (XEP-0199), and a refusal for everything else (RFC 6120
 * 8.2.3).
 *
 * Nothing here looks at who exists: every bare address of the domain answers alike, so that
 * nobody can find out.
 */
#include "plugins/xmpp/xmpp.h"

#include <string.h>

/* Who is asked: the component, a represented person, or that person's one resource. */
enum asked { COMPONENT, PERSON, RESOURCE, NOBODY };

static enum asked asked_of(const struct hg_xmpp_ends *e)
{
	struct hg_str bare = hg_xmpp_bare(e->to);

	if (!memchr(bare.p, '@', bare.n))
		return e->to_resource.n ? NOBODY : COMPONENT;
	if (!e->to_resource.n)
		return PERSON;
	return hg_str_is(e->to_resource, HG_XMPP_RESOURCE) ? RESOURCE : NOBODY;
}

static void reply_head(struct hg_buf *b, const char *kind, const char *type, struct hg_str id,
	const struct hg_xmpp_ends *e)
{
	hg_buf_addc(b, '<');
	hg_buf_adds(b, kind);
	hg_xmpp_attr(b, "type", hg_str(type));
	hg_xmpp_attr(b, "from", e->to);
	hg_xmpp_attr(b, "to", e->from);
	if (id.n)
		hg_xmpp_attr(b, "id", id);
	hg_buf_addc(b, '>');
}

void hg_xmpp_refuse(struct hg_xmpp_stream *s, const char *kind, struct hg_str id,
	const struct hg_xmpp_ends *e, const char *type, const char *condition)
{
	hg_xmpp_count(s->xmpp, "xmpp_refused_total", 1);
	if (id.n > HG_XMPP_ID_MAX)
		return;
	reply_head(&s->out, kind, "error", id, e);
	hg_buf_adds(&s->out, "<error");
	hg_xmpp_attr(&s->out, "type", hg_str(type));
	hg_buf_addf(
		&s->out, "><%s xmlns='" XMPP_NS_STANZAS_IETF "'/></error></%s>", condition, kind);
}

/* The component is a gateway. A bare address answers as its account does (XEP-0030 registry: "to
 * be used by a server when responding to a disco request sent to the bare JID"): for these
 * accounts we are the server. The resource is the client that stands for all of that person's
 * devices. */
static const char *identity_of(enum asked asked)
{
	switch (asked) {
	case COMPONENT:
		return "<identity category='gateway' type='sip' name='Heliograph'/>";
	case PERSON:
		return "<identity category='account' type='registered'/>";
	default:
		return "<identity category='client' type='pc' name='Heliograph'/>";
	}
}

static void disco_info(struct hg_xmpp_stream *s, struct hg_str id, const struct hg_xmpp_ends *e)
{
	reply_head(&s->out, "iq", "result", id, e);
	hg_buf_adds(&s->out, "<query xmlns='" XMPP_NS_DISCO_INFO "'>");
	hg_buf_adds(&s->out, identity_of(asked_of(e)));
	hg_buf_adds(&s->out,
		"<feature var='" XMPP_NS_DISCO_INFO "'/><feature var='" XMPP_NS_DISCO_ITEMS "'/>"
		"<feature var='jid\\20escaping'/><feature var='urn:xmpp:ping'/></query></iq>");
}

static void disco_items(struct hg_xmpp_stream *s, struct hg_str id, const struct hg_xmpp_ends *e)
{
	reply_head(&s->out, "iq", "result", id, e);
	hg_buf_adds(&s->out, "<query xmlns='" XMPP_NS_DISCO_ITEMS "'/></iq>");
}

static void get(struct hg_xmpp_stream *s, xmpp_stanza_t *query, struct hg_str id,
	const struct hg_xmpp_ends *e)
{
	bool info = hg_xmpp_is(query, XMPP_NS_DISCO_INFO, "query");
	bool items = hg_xmpp_is(query, XMPP_NS_DISCO_ITEMS, "query");

	if (asked_of(e) == NOBODY) {
		hg_xmpp_refuse(s, "iq", id, e, "cancel", "service-unavailable");
	} else if (info || items) {
		/* XEP-0030 3.2: a node that is not there. We send no caps, so there is none. */
		if (hg_xmpp_attribute(query, "node").n)
			hg_xmpp_refuse(s, "iq", id, e, "cancel", "item-not-found");
		else if (info)
			disco_info(s, id, e);
		else
			disco_items(s, id, e);
	} else if (hg_xmpp_is(query, "urn:xmpp:ping", "ping")) {
		reply_head(&s->out, "iq", "result", id, e);
		hg_buf_adds(&s->out, "</iq>");
	} else {
		hg_xmpp_refuse(s, "iq", id, e, "cancel", "service-unavailable");
	}
}

/* RFC 6120 8.2.3: a request has exactly one child. NULL if not. */
static xmpp_stanza_t *only_child(xmpp_stanza_t *iq)
{
	xmpp_stanza_t *found = NULL;

	for (xmpp_stanza_t *c = xmpp_stanza_get_children(iq); c; c = xmpp_stanza_get_next(c)) {
		if (!xmpp_stanza_is_tag(c))
			continue;
		if (found)
			return NULL;
		found = c;
	}
	return found;
}

void hg_xmpp_iq(struct hg_xmpp_stream *s, xmpp_stanza_t *iq, const struct hg_xmpp_ends *e)
{
	struct hg_str type = hg_xmpp_attribute(iq, "type"), id = hg_xmpp_attribute(iq, "id");
	xmpp_stanza_t *child = only_child(iq);

	/* We ask nobody but ourselves, so every answer is stray. */
	if (hg_str_is(type, "result") || hg_str_is(type, "error"))
		return;
	hg_xmpp_count(s->xmpp, "xmpp_iq_received_total", 1);
	if ((!hg_str_is(type, "get") && !hg_str_is(type, "set")) || !child || !id.n ||
		id.n > HG_XMPP_ID_MAX)
		hg_xmpp_refuse(s, "iq", id, e, "modify", "bad-request");
	else if (hg_str_is(type, "get"))
		get(s, child, id, e);
	else
		hg_xmpp_refuse(s, "iq", id, e, "cancel", "service-unavailable");
}
