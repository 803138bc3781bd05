/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server lets us do in the name of its users (XEP-0356). It says so by itself when the stream is up, and only its own
 * accounts are meant: whoever grants us something for others grants nothing.
 */
#include "plugins/xmpp/linked.h"

#include <stdlib.h>
#include <string.h>

enum { GRANTS_MAX = 16, NESTED_MAX = 32 };

#define NS_PRIVILEGE "urn:xmpp:privilege:2"

static const char *const namespaces[] = { NS_PRIVILEGE, "urn:xmpp:privilege:1" };

struct hg_xmpp_grant {
	hg_addr host;
	unsigned may; /* bits of enum hg_xmpp_may */
};

static struct hg_xmpp_grant *find(const struct hg_xmpp_stream *s, hg_addr host)
{
	for (size_t i = 0; i < s->ngrants; i++)
		if (s->grant[i].host == host)
			return &s->grant[i];
	return NULL;
}

static unsigned access_of(struct hg_str type, unsigned get, unsigned set)
{
	bool both = hg_str_is(type, "both");

	return (both || hg_str_is(type, "get") ? get : 0) |
		(both || hg_str_is(type, "set") ? set : 0);
}

static bool is_named(xmpp_stanza_t *e, const char *name)
{
	return xmpp_stanza_is_tag(e) && !strcmp(xmpp_stanza_get_name(e), name);
}

/* Of a permission for requests. Prosody's module writes the second namespace into the first, and so on. */
static unsigned read_namespaces(xmpp_stanza_t *within, int depth)
{
	unsigned may = 0;

	if (depth > NESTED_MAX)
		return 0;
	for (xmpp_stanza_t *n = xmpp_stanza_get_children(within); n; n = xmpp_stanza_get_next(n)) {
		if (!is_named(n, "namespace"))
			continue;
		if (hg_str_is(hg_xmpp_attribute(n, "ns"), HG_XMPP_NS_BLOCKING))
			may |= access_of(hg_xmpp_attribute(n, "type"), HG_XMPP_MAY_GET_BLOCKED,
				HG_XMPP_MAY_SET_BLOCKED);
		may |= read_namespaces(n, depth + 1);
	}
	return may;
}

static unsigned read_perms(xmpp_stanza_t *privilege)
{
	unsigned may = 0;

	for (xmpp_stanza_t *p = xmpp_stanza_get_children(privilege); p;
		p = xmpp_stanza_get_next(p)) {
		struct hg_str access = is_named(p, "perm") ? hg_xmpp_attribute(p, "access")
							   : HG_STR_NONE;

		if (hg_str_is(access, "roster"))
			may |= access_of(hg_xmpp_attribute(p, "type"), HG_XMPP_MAY_GET_ROSTER,
				HG_XMPP_MAY_SET_ROSTER);
		else if (hg_str_is(access, "iq"))
			may |= read_namespaces(p, 0);
	}
	return may;
}

static void grant(struct hg_xmpp_stream *s, hg_addr host, struct hg_str name, unsigned may)
{
	static const char *const words[] = { "none", "get", "set", "both" };
	struct hg_xmpp_grant *g = find(s, host);

	if (!g && s->ngrants >= GRANTS_MAX)
		return;
	if (!g) {
		hg_grow(&s->grant, &s->grants_cap, s->ngrants, sizeof(*s->grant));
		g = &s->grant[s->ngrants++];
		*g = (struct hg_xmpp_grant){ .host = host };
	}
	g->may = may; /* the whole, each time: XEP-0356 4.2 */
	hg_xmpp_count(s->xmpp, "xmpp_privileges_total", 1);
	hg_log(HG_INFO, "privileges-granted", "domain=%s server=%s roster=%s blocking=%s",
		s->domain, hg_log_text(name),
		words[may & (HG_XMPP_MAY_GET_ROSTER | HG_XMPP_MAY_SET_ROSTER)],
		words[may / HG_XMPP_MAY_GET_BLOCKED]);
	hg_xmpp_blocks_granted(s);
}

bool hg_xmpp_privileges(
	struct hg_xmpp_stream *s, xmpp_stanza_t *message, const struct hg_xmpp_ends *e)
{
	xmpp_stanza_t *privilege = NULL;

	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]) && !privilege; i++)
		privilege = xmpp_stanza_get_child_by_ns(message, namespaces[i]);
	if (!privilege || e->from_resource.n || memchr(e->from.p, '@', e->from.n) ||
		e->to_resource.n || !hg_xmpp_carries(s, e->to_addr))
		return false;
	grant(s, e->from_addr, e->from, read_perms(privilege));
	return true;
}

unsigned hg_xmpp_may(struct hg_xmpp_stream *s, hg_addr account)
{
	struct hg_xmpp_grant *g = find(s, s->xmpp->host->addr_domain(s->xmpp->core, account));

	return g ? g->may : 0;
}

void hg_xmpp_privileges_forget(struct hg_xmpp_stream *s)
{
	free(s->grant);
	s->grant = NULL;
	s->ngrants = s->grants_cap = 0;
}

/* ---- XEP-0356 6: requests in the name of an account ---- */

void hg_xmpp_ask_as(
	struct hg_xmpp_stream *s, const char *type, struct hg_str account, struct hg_str id)
{
	hg_xmpp_ask(&s->out, type, hg_str(s->domain), account, id);
	hg_buf_addf(&s->out,
		"<privileged_iq xmlns='" NS_PRIVILEGE "'><iq xmlns='jabber:client' type='%s'",
		type);
	hg_xmpp_attr(&s->out, "from", account);
	hg_xmpp_attr(&s->out, "to", account);
	hg_xmpp_attr(&s->out, "id", id);
	hg_buf_addc(&s->out, '>');
}

void hg_xmpp_ask_as_end(struct hg_xmpp_stream *s)
{
	hg_buf_adds(&s->out, "</iq></privileged_iq></iq>");
}

xmpp_stanza_t *hg_xmpp_answered_as(xmpp_stanza_t *iq)
{
	xmpp_stanza_t *e = hg_str_is(hg_xmpp_attribute(iq, "type"), "result")
		? xmpp_stanza_get_child_by_ns(iq, NS_PRIVILEGE)
		: NULL;

	e = e ? xmpp_stanza_get_child_by_ns(e, "urn:xmpp:forward:0") : NULL;
	e = e ? xmpp_stanza_get_child_by_name(e, "iq") : NULL;
	return e && hg_str_is(hg_xmpp_attribute(e, "type"), "result") ? e : NULL;
}

/* "hg-KIND-NUMBER-" */
static void add_head(struct hg_buf *b, const char *kind, uint32_t number)
{
	hg_buf_addf(b, "hg-%s-%08x-", kind, number);
}

void hg_xmpp_add_id(struct hg_buf *b, const char *kind, uint32_t number, size_t i)
{
	add_head(b, kind, number);
	hg_buf_addf(b, "%zu", i);
}

bool hg_xmpp_read_id(struct hg_str id, const char *kind, uint32_t number, uint32_t *ret_i)
{
	struct hg_buf head = { 0 };
	bool is;

	add_head(&head, kind, number);
	is = hg_str_starts(id, hg_buf_str(&head)) &&
		hg_str_u32((struct hg_str){ id.p + head.n, id.n - head.n }, ret_i);
	hg_buf_done(&head);
	return is;
}
