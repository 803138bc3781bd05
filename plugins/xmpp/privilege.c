/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server lets us do in the name of its users (XEP-0356). It says so by itself when the stream is up, and only its own
 * accounts are meant: whoever grants us something for others grants nothing.
 */
#include "plugins/xmpp/xmpp.h"

#include <stdlib.h>
#include <string.h>

enum { GRANTS_MAX = 16 };

static const char *const namespaces[] = { "urn:xmpp:privilege:2", "urn:xmpp:privilege:1" };

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

static unsigned access_of(struct hg_str type)
{
	bool both = hg_str_is(type, "both");

	return (both || hg_str_is(type, "get") ? HG_XMPP_MAY_GET_ROSTER : 0) |
		(both || hg_str_is(type, "set") ? HG_XMPP_MAY_SET_ROSTER : 0);
}

static unsigned read_perms(xmpp_stanza_t *privilege)
{
	unsigned may = 0;

	for (xmpp_stanza_t *p = xmpp_stanza_get_children(privilege); p; p = xmpp_stanza_get_next(p))
		if (xmpp_stanza_is_tag(p) && !strcmp(xmpp_stanza_get_name(p), "perm") &&
			hg_str_is(hg_xmpp_attribute(p, "access"), "roster"))
			may |= access_of(hg_xmpp_attribute(p, "type"));
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
	hg_log(HG_INFO, "privileges-granted", "domain=%s server=%s roster=%s", s->domain,
		hg_log_text(name), words[may]);
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
