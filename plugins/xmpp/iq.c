/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests: who answers which, and a refusal for everything else (RFC 6120 8.2.3).
 *
 * What is refused is refused alike for every address of the domain, bare or full (RFC 6120
 * 13.10.2), so that nobody can find out who exists.
 */
#include "plugins/xmpp/linked.h"

#include <string.h>

static void pong(const struct hg_xmpp_iq *);

#define BIT(asked) (1u << (asked))
#define ALL (BIT(HG_XMPP_COMPONENT) | BIT(HG_XMPP_PERSON) | BIT(HG_XMPP_CLIENT))
#define PROGRAMS (BIT(HG_XMPP_COMPONENT) | BIT(HG_XMPP_CLIENT))

/* What `by` answers. */
static const struct service {
	const char *ns, *name;
	unsigned by;
	/* NULL: nobody may */
	void (*get)(const struct hg_xmpp_iq *);
	void (*set)(const struct hg_xmpp_iq *);
} services[] = {
	{ XMPP_NS_DISCO_INFO, "query", ALL, hg_xmpp_disco_info, NULL },
	{ XMPP_NS_DISCO_ITEMS, "query", ALL, hg_xmpp_disco_items, NULL },
	{ "urn:xmpp:ping", "ping", ALL, pong, NULL },
	{ "vcard-temp", "vCard", BIT(HG_XMPP_PERSON), hg_xmpp_vcard_temp, NULL },
	{ HG_XMPP_NS_VCARD4, "vcard", BIT(HG_XMPP_PERSON), hg_xmpp_vcard4, NULL },
	{ HG_XMPP_NS_PUBSUB, "pubsub", BIT(HG_XMPP_PERSON), hg_xmpp_items, NULL },
	{ "jabber:iq:register", "query", BIT(HG_XMPP_COMPONENT), hg_xmpp_registration,
		hg_xmpp_register },
	{ "jabber:iq:gateway", "query", BIT(HG_XMPP_COMPONENT), hg_xmpp_prompt, hg_xmpp_prompted },
	{ HG_XMPP_NS_COMMANDS, "command", BIT(HG_XMPP_COMPONENT), NULL, hg_xmpp_command },
	{ "jabber:iq:version", "query", PROGRAMS, hg_xmpp_version, NULL },
};

static enum hg_xmpp_asked asked_of(const struct hg_xmpp_ends *e)
{
	struct hg_str bare = hg_xmpp_bare(e->to);

	if (!memchr(bare.p, '@', bare.n))
		return e->to_resource.n ? HG_XMPP_NOBODY : HG_XMPP_COMPONENT;
	if (!e->to_resource.n)
		return HG_XMPP_PERSON;
	return hg_str_is(e->to_resource, HG_XMPP_RESOURCE) ? HG_XMPP_CLIENT : HG_XMPP_NOBODY;
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

void hg_xmpp_reply_open(const struct hg_xmpp_iq *q)
{
	reply_head(&q->s->out, "iq", "result", q->id, q->ends);
}

void hg_xmpp_reply_close(const struct hg_xmpp_iq *q)
{
	hg_buf_adds(&q->s->out, "</iq>");
}

void hg_xmpp_refuse(struct hg_xmpp_stream *s, const char *kind, struct hg_str id,
	const struct hg_xmpp_ends *e, enum hg_condition condition)
{
	hg_xmpp_count(s->xmpp, "xmpp_refused_total", 1);
	if (id.n > HG_XMPP_ID_MAX)
		return;
	reply_head(&s->out, kind, "error", id, e);
	hg_xmpp_write_error(s, condition, hg_condition_type(condition), 0);
	hg_buf_addf(&s->out, "</%s>", kind);
}

void hg_xmpp_deny(const struct hg_xmpp_iq *q, enum hg_condition condition)
{
	hg_xmpp_refuse(q->s, "iq", q->id, q->ends, condition);
}

static void pong(const struct hg_xmpp_iq *q)
{
	hg_xmpp_reply_open(q);
	hg_xmpp_reply_close(q);
}

/* Who asks faster than the server takes what we answer, pictures among it, is put off: all that waits is in memory. */
static bool is_full(const struct hg_xmpp_stream *s)
{
	return hg_xmpp_outstanding(s) >= 4 * HG_XMPP_WINDOW;
}

static void answer(const struct hg_xmpp_iq *q, bool set)
{
	if (is_full(q->s)) {
		hg_xmpp_deny(q, HG_COND_RESOURCE_CONSTRAINT);
		return;
	}
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		const struct service *v = &services[i];
		void (*serve)(const struct hg_xmpp_iq *) = set ? v->set : v->get;

		if (serve && v->by & BIT(q->asked) && hg_xmpp_is(q->child, v->ns, v->name)) {
			serve(q);
			return;
		}
	}
	hg_xmpp_deny(q, HG_COND_SERVICE_UNAVAILABLE);
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
	struct hg_str type = hg_xmpp_attribute(iq, "type");
	struct hg_xmpp_iq q = {
		.s = s,
		.child = only_child(iq),
		.id = hg_xmpp_attribute(iq, "id"),
		.ends = e,
		.asked = asked_of(e),
	};
	bool get = hg_str_is(type, "get"), set = hg_str_is(type, "set");

	if (hg_str_is(type, "result") || hg_str_is(type, "error")) {
		if (!hg_xmpp_interest_answer(s, iq, e) && !hg_xmpp_events_answer(s, iq, e) &&
			!hg_xmpp_roster_answer(s, iq, e) && !hg_xmpp_blocks_answer(s, iq, e))
			hg_xmpp_count(s->xmpp, "xmpp_dropped_total{reason=\"stray-answer\"}", 1);
		return;
	}
	hg_xmpp_count(s->xmpp, "xmpp_iq_received_total", 1);
	if ((!get && !set) || !q.child || !q.id.n || q.id.n > HG_XMPP_ID_MAX)
		hg_xmpp_deny(&q, HG_COND_BAD_REQUEST);
	else
		answer(&q, set);
}
