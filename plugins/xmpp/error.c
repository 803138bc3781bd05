/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of stanzas (RFC 6120 8.3), read and written. What they mean on the other side is in heliograph/errors.h. */
#include "plugins/xmpp/xmpp.h"

#include <string.h>

/* ---- the address in <gone/> and <redirect/>: an XMPP URI, RFC 5122 ---- */

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void unescape(struct hg_str uri, struct hg_buf *b)
{
	for (size_t i = 0; i < uri.n; i++) {
		int high = uri.p[i] == '%' && i + 2 < uri.n ? hex(uri.p[i + 1]) : -1;
		int low = high >= 0 ? hex(uri.p[i + 2]) : -1;

		hg_buf_addc(b, low >= 0 ? (char)(high << 4 | low) : uri.p[i]);
		i += low >= 0 ? 2 : 0;
	}
}

/* 0: it is none that we could name. */
static hg_addr read_uri(struct hg_xmpp *x, struct hg_str uri)
{
	const struct hg_str scheme = HG_STR("xmpp:");
	const char *query = uri.n ? memchr(uri.p, '?', uri.n) : NULL;
	struct hg_buf jid = { 0 };
	hg_addr addr = 0;

	if (query)
		uri.n = (size_t)(query - uri.p);
	if (!hg_str_istarts(uri, scheme) || uri.n > 3 * HG_XMPP_BARE_MAX)
		return 0;
	unescape((struct hg_str){ uri.p + scheme.n, uri.n - scheme.n }, &jid);
	if (jid.n && jid.n <= HG_XMPP_BARE_MAX && !memchr(jid.p, '\0', jid.n))
		addr = hg_xmpp_address(x, hg_buf_str(&jid));
	hg_buf_done(&jid);
	return addr;
}

static void write_uri(struct hg_xmpp *x, hg_addr addr, struct hg_buf *b)
{
	struct hg_buf jid = { 0 };

	x->host->write_jid(x->core, addr, &jid);
	hg_buf_adds(b, "xmpp:");
	for (size_t i = 0; i < jid.n; i++) {
		if ((unsigned char)jid.p[i] <= ' ' || strchr("\"#%/<>?[\\]^`{|}", jid.p[i]))
			hg_buf_addf(b, "%%%02X", (unsigned char)jid.p[i]);
		else
			hg_buf_addc(b, jid.p[i]);
	}
	hg_buf_done(&jid);
}

/* ---- reading ---- */

static enum hg_error_type type_of(xmpp_stanza_t *error, enum hg_condition condition)
{
	struct hg_str type = hg_xmpp_attribute(error, "type");

	for (enum hg_error_type t = HG_ERROR_AUTH; t <= HG_ERROR_WAIT; t++)
		if (hg_str_is(type, hg_error_type_name(t)))
			return t;
	return hg_condition_type(condition);
}

/* The defined condition; NULL none. */
static xmpp_stanza_t *condition_of(xmpp_stanza_t *error)
{
	for (xmpp_stanza_t *c = error ? xmpp_stanza_get_children(error) : NULL; c;
		c = xmpp_stanza_get_next(c)) {
		const char *ns = xmpp_stanza_get_ns(c), *name = xmpp_stanza_get_name(c);

		if (ns && name && !strcmp(ns, XMPP_NS_STANZAS_IETF) && strcmp(name, "text"))
			return c;
	}
	return NULL;
}

hg_addr hg_xmpp_read_error(
	struct hg_xmpp *x, xmpp_stanza_t *stanza, bool full, struct hg_xmpp_error *ret)
{
	xmpp_stanza_t *error = xmpp_stanza_get_child_by_name(stanza, "error");
	xmpp_stanza_t *c = condition_of(error);
	hg_addr instead = 0;
	char *text;

	*ret = (struct hg_xmpp_error){ .condition = HG_COND_UNDEFINED_CONDITION,
		.type = hg_condition_type(HG_COND_UNDEFINED_CONDITION),
		.full = full };
	if (!c)
		return 0;
	ret->condition = hg_condition_find(hg_str(xmpp_stanza_get_name(c)));
	ret->type = type_of(error, ret->condition);
	if (ret->condition != HG_COND_GONE && ret->condition != HG_COND_REDIRECT)
		return 0;
	text = xmpp_stanza_get_text(c);
	if (text) {
		instead = read_uri(x, hg_str_trim(hg_str(text)));
		xmpp_free(xmpp_stanza_get_context(c), text);
	}
	ret->address = instead ? HG_HAS_ADDRESS : HG_NO_ADDRESS;
	return instead;
}

/* ---- writing ---- */

void hg_xmpp_write_error(struct hg_xmpp_stream *s, enum hg_condition condition,
	enum hg_error_type type, hg_addr instead)
{
	const char *name = hg_condition_name(condition);
	struct hg_buf *b = &s->out, uri = { 0 };

	hg_buf_addf(b, "<error type='%s'><%s xmlns='" XMPP_NS_STANZAS_IETF "'",
		hg_error_type_name(type), name);
	if (instead) {
		write_uri(s->xmpp, instead, &uri);
		hg_buf_addc(b, '>');
		hg_buf_add_xml(b, hg_buf_str(&uri));
		hg_buf_addf(b, "</%s>", name);
		hg_buf_done(&uri);
	} else {
		hg_buf_adds(b, "/>");
	}
	hg_buf_adds(b, "</error>");
}
