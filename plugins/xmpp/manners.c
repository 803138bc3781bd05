/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clients expect of a gateway (XEP-0100): registration (XEP-0077), which is answered with what is true, and how an
 * address of its people is written (jabber:iq:gateway).
 */
#include "plugins/xmpp/iq.h"

#include <string.h>

/* ---- registration: who is whose account is for an administrator to say ---- */

/* Nobody but the account itself is told whose it is. */
void hg_xmpp_registration(const struct hg_xmpp_iq *q)
{
	struct hg_xmpp *x = q->s->xmpp;
	hg_addr person = x->host->linked_to(x->core, q->ends->from_addr);
	struct hg_buf text = { 0 };

	if (person) {
		hg_buf_adds(&text, "This account counts as a device of ");
		x->host->write_jid(x->core, person, &text);
		hg_buf_adds(&text,
			". An administrator ends that; whoever owns this account can do so at any time by no longer "
			"letting that contact see its status.");
	} else {
		hg_buf_adds(&text,
			"There is nothing to register: add people by their addresses, and they are asked. If you are one "
			"of them, an administrator can link this account to you, so that it counts as one of your "
			"devices.");
	}
	hg_xmpp_reply_open(q);
	hg_buf_adds(&q->s->out, "<query xmlns='jabber:iq:register'>");
	if (person)
		hg_buf_adds(&q->s->out, "<registered/>");
	hg_buf_adds(&q->s->out, "<instructions>");
	hg_buf_add_xml(&q->s->out, hg_buf_str(&text));
	hg_buf_adds(&q->s->out, "</instructions></query>");
	hg_xmpp_reply_close(q);
	hg_buf_done(&text);
}

/* XEP-0077 3.1.1, 3.2.1 */
void hg_xmpp_register(const struct hg_xmpp_iq *q)
{
	hg_xmpp_deny(q, HG_COND_NOT_ALLOWED);
}

/* ---- addresses ---- */

void hg_xmpp_prompt(const struct hg_xmpp_iq *q)
{
	hg_xmpp_reply_open(q);
	hg_buf_adds(&q->s->out,
		"<query xmlns='jabber:iq:gateway'><desc>The SIP address of the person, like alice@");
	hg_buf_add_xml(&q->s->out, hg_str(q->s->domain));
	hg_buf_adds(&q->s->out, "</desc><prompt>SIP address</prompt></query>");
	hg_xmpp_reply_close(q);
}

/* "sip:user@domain", or without "sip:". 0: not of the people behind this stream. */
static hg_addr read_sip(struct hg_xmpp_stream *s, struct hg_str text)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_buf uri = { 0 };
	struct hg_str gr;
	const char *reason;
	hg_addr addr = 0;

	text = hg_str_trim(text);
	if (!hg_str_istarts(text, HG_STR("sip:")))
		hg_buf_adds(&uri, "sip:");
	hg_buf_add(&uri, text);
	if (!memchr(uri.p, '@', uri.n) || uri.n > HG_XMPP_BARE_MAX ||
		x->host->addr_sip(x->core, hg_buf_str(&uri), &addr, &gr, &reason) < 0 ||
		!hg_xmpp_carries(s, x->host->addr_domain(x->core, addr)))
		addr = 0;
	hg_buf_done(&uri);
	return addr;
}

/* Of what somebody typed the JID, whether or not there is such a person. */
void hg_xmpp_prompted(const struct hg_xmpp_iq *q)
{
	xmpp_stanza_t *prompt = xmpp_stanza_get_child_by_name(q->child, "prompt");
	char *text = prompt ? xmpp_stanza_get_text(prompt) : NULL;
	hg_addr addr = text ? read_sip(q->s, hg_str(text)) : 0;
	struct hg_buf jid = { 0 };

	if (text)
		xmpp_free(q->s->ctx, text);
	if (!addr) {
		hg_xmpp_deny(q, HG_COND_NOT_ACCEPTABLE);
		return;
	}
	q->s->xmpp->host->write_jid(q->s->xmpp->core, addr, &jid);
	hg_xmpp_reply_open(q);
	hg_buf_adds(&q->s->out, "<query xmlns='jabber:iq:gateway'><jid>");
	hg_buf_add_xml(&q->s->out, hg_buf_str(&jid));
	hg_buf_adds(&q->s->out, "</jid></query>");
	hg_xmpp_reply_close(q);
	hg_buf_done(&jid);
}
