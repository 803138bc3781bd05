/* SPDX-License-Identifier: Apache-2.0 */
/* The server's end of a component stream (XEP-0114). */
#include "gwbench.h"

#include <stdarg.h>
#include <string.h>

static struct span attribute(const char *p, const char *end, const char *name)
{
	size_t len = strlen(name);
	for (const char *q = p; q + len + 2 < end; q++) {
		q = memmem(q, (size_t)(end - q), name, len);
		if (!q || q + len + 2 >= end)
			break;
		if (!strchr(" \n\t", q[-1]) || q[len] != '=' || !strchr("\"'", q[len + 1]))
			continue;
		const char *value = q + len + 2;
		const char *stop = memchr(value, q[len + 1], (size_t)(end - value));
		if (stop)
			return (struct span){ value, (size_t)(stop - value) };
	}
	return (struct span){ 0 };
}

static bool is(struct span s, const char *word)
{
	return s.p && s.n == strlen(word) && !memcmp(s.p, word, s.n);
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char text[8192];
	va_list values;
	if (!component || !component->xmpp_open) {
		counts.x_not_sent++;
		return;
	}
	va_start(values, format);
	int len = vsnprintf(text, sizeof text, format, values);
	va_end(values);
	conn_put(component, text, (size_t)len);
}

void xmpp_subscribe(int user)
{
	char from[URI_MOST], to[URI_MOST];
	name_of(from, sizeof from, opt.xmpp_jid, user);
	name_of(to, sizeof to, opt.sip_jid, user);
	say("<presence from='%s' to='%s' type='subscribe'/>", from, to);
}

void xmpp_presence(int user, long seq)
{
	char from[URI_MOST], to[URI_MOST], mark[MARK_MOST], text[4096];
	const struct blank blanks[] = { { "@FROM@", from }, { "@TO@", to }, { "@MARK@", mark },
		{ 0 } };
	name_of(from, sizeof from, opt.xmpp_jid, user);
	name_of(to, sizeof to, opt.sip_jid, user);
	mark_of(mark, seq);
	if (opt.stanza && seq >= 0) {
		fill(text, sizeof text, opt.stanza, blanks);
		say("%s", text);
		return;
	}
	const char *show = !strcmp(opt.marker, "show") ? mark : seq % 2 ? "away" : "dnd";
	say("<presence from='%s/r' to='%s'><show>%s</show><status>%s</status>"
	    "<priority>5</priority></presence>",
		from, to, show, mark);
}

/* -1: nobody of ours; in another domain may be somebody of the same number. */
static int sip_user_of(struct span address)
{
	char name[URI_MOST];
	int user = user_of(address);
	name_of(name, sizeof name, opt.sip_jid, user);
	size_t len = strlen(name);
	bool is = user >= 0 && address.n >= len && !memcmp(address.p, name, len) &&
		(address.n == len || address.p[len] == '/');
	return is ? user : -1;
}

static void is_asked(int user)
{
	if (user < 0)
		return;
	load.users[user].xmpp_ok = true;
	xmpp_presence(user, last_of(user));
	load_ready(user);
}

static void take_presence(struct span all, struct span from, struct span to, struct span type)
{
	int user = sip_user_of(from);
	if (is(type, "subscribe")) {
		counts.x_subscribe++;
		say("<presence from='%.*s' to='%.*s' type='subscribed'/>", (int)to.n, to.p,
			(int)from.n, from.p);
		is_asked(user);
	} else if (is(type, "probe"))
		is_asked(user);
	else if (is(type, "subscribed"))
		counts.x_subscribed++;
	else if (is(type, "unsubscribed") || is(type, "unsubscribe"))
		counts.x_unsubscribe++;
	else if (is(type, "error"))
		counts.x_error++;
	else {
		counts.x_unavailable += is(type, "unavailable");
		counts.x_presence++;
		if (user >= 0) {
			load.users[user].xmpp_ok = true;
			load_ready(user);
		}
		if (opt.mode == S2X_NOTIFY || opt.mode == S2X_PUBLISH)
			load_arrived(all.p, all.n);
	}
}

/* Pings of the server are answered, whatever else is asked there is nothing of. */
static void take_iq(struct span all, struct span from, struct span to, struct span type)
{
	struct span id = attribute(all.p, memchr(all.p, '>', all.n), "id");
	if (!is(type, "get") && !is(type, "set"))
		return;
	bool ping = is(type, "get") && memmem(all.p, all.n, "urn:xmpp:ping", 13);
	say("<iq type='%s' id='%.*s' from='%.*s' to='%.*s'>%s</iq>", ping ? "result" : "error",
		(int)id.n, id.p ? id.p : "", (int)to.n, to.p ? to.p : "", (int)from.n,
		from.p ? from.p : "",
		ping ? ""
		     : "<error type='cancel'><service-unavailable"
		       " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
}

static void take_stanza(struct conn *c, const char *p, size_t n)
{
	const char *end = memchr(p, '>', n);
	if (!strncmp(p, "<handshake", 10)) {
		conn_put(c, "<handshake/>", 12);
		c->xmpp_open = true;
		return;
	}
	if (!c->xmpp_open) { /* a server drops who talks before that was accepted */
		counts.x_early++;
		return;
	}
	struct span all = { p, n }, from = attribute(p, end, "from"), to = attribute(p, end, "to"),
		    type = attribute(p, end, "type");
	if (!strncmp(p, "<presence", 9))
		take_presence(all, from, to, type);
	else if (!strncmp(p, "<iq", 3))
		take_iq(all, from, to, type);
}

static void open_stream(struct conn *c)
{
	static const char head[] = "<?xml version='1.0'?><stream:stream"
				   " xmlns='jabber:component:accept'"
				   " xmlns:stream='http://etherx.jabber.org/streams'"
				   " from='bench' id='bench1'>";
	conn_put(c, head, sizeof head - 1);
	c->depth = 1;
}

/* The tag that ends at `end`: false if the stream is over. */
static bool take_tag(struct conn *c, size_t end)
{
	const char *tag = c->in + c->tag_start;
	bool closes = tag[1] == '/', empty = c->in[end - 1] == '/';
	if (tag[1] == '?' || tag[1] == '!')
		return true;
	if (c->depth == 0) {
		open_stream(c);
		return true;
	}
	if (c->depth == 1 && !closes)
		c->stanza_start = c->tag_start;
	c->depth += closes ? -1 : !empty;
	if (c->depth == 0) {
		conn_close(c);
		return false;
	}
	if (c->depth == 1)
		take_stanza(c, c->in + c->stanza_start, end + 1 - c->stanza_start);
	return c->fd >= 0;
}

/* Drops what is done: all before the stanza, or the tag, that has begun. */
static void forget_done(struct conn *c)
{
	size_t keep = c->depth > 1 ? c->stanza_start : c->in_tag ? c->tag_start : c->scan;
	memmove(c->in, c->in + keep, c->in_len - keep);
	c->in_len -= keep;
	c->scan -= keep;
	c->tag_start -= keep < c->tag_start ? keep : c->tag_start;
	c->stanza_start -= keep < c->stanza_start ? keep : c->stanza_start;
}

void xmpp_eat(struct conn *c)
{
	for (; c->scan < c->in_len; c->scan++) {
		char ch = c->in[c->scan];
		if (!c->in_tag) {
			const char *open = memchr(c->in + c->scan, '<', c->in_len - c->scan);
			c->scan = open ? (size_t)(open - c->in) : c->in_len - 1;
			c->in_tag = open != NULL;
			c->tag_start = c->scan;
		} else if (c->quote)
			c->quote = ch == c->quote ? 0 : c->quote;
		else if (ch == '"' || ch == '\'')
			c->quote = ch;
		else if (ch == '>') {
			c->in_tag = false;
			if (!take_tag(c, c->scan))
				return;
		}
	}
	forget_done(c);
}
