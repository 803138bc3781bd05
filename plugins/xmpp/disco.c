/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we are, for those who ask (XEP-0030), and the hash of it that goes with every presence
 * (XEP-0115).
 *
 * Nothing here looks at who exists: every bare address of the domain answers alike, so that
 * nobody can find out.
 */
#include "plugins/xmpp/iq.h"

#include <stdlib.h>
#include <string.h>

#define NODE "urn:x-heliograph:gateway"

struct identity {
	const char *category, *type, *name; /* name "": none */
};

/* In the order of their octets, as XEP-0115 5.1 hashes them. */
struct face {
	struct identity identity[3];
	const char *const *feature;
};

#define FEATURES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/*
 * The component is a gateway. A bare address answers as its account does (XEP-0030 registry: "to
 * be used by a server when responding to a disco request sent to the bare JID"): for these
 * accounts we are the server. The resource is the client that stands for all of that person's
 * devices.
 */
static const struct face faces[] = {
	[HG_XMPP_COMPONENT] = { { { "gateway", "sip", "Heliograph" } },
		FEATURES(HG_XMPP_NS_COMMANDS, XMPP_NS_DISCO_INFO, XMPP_NS_DISCO_ITEMS,
			"jabber:iq:gateway", "jabber:iq:register", "jabber:iq:version",
			"jid\\20escaping", "urn:xmpp:ping") },
	[HG_XMPP_PERSON] = { { { "account", "registered", "" }, { "pubsub", "pep", "" } },
		FEATURES(XMPP_NS_DISCO_INFO, XMPP_NS_DISCO_ITEMS,
			"http://jabber.org/protocol/pubsub#retrieve-items", HG_XMPP_NS_VCARD4,
			"urn:xmpp:ping", "vcard-temp") },
	[HG_XMPP_CLIENT] = { { { "client", "pc", "Heliograph" } },
		FEATURES(HG_XMPP_NS_ACTIVITY "+notify", HG_XMPP_NS_CAPS, XMPP_NS_DISCO_INFO,
			XMPP_NS_DISCO_ITEMS, "http://jabber.org/protocol/geoloc+notify",
			HG_XMPP_NS_MOOD "+notify", "jabber:iq:version", "urn:xmpp:ping") },
};

static void hash_face(const struct face *f, struct hg_buf *b)
{
	for (const struct identity *i = f->identity; i->category; i++)
		hg_buf_addf(b, "%s/%s//%s<", i->category, i->type, i->name);
	for (const char *const *feature = f->feature; *feature; feature++)
		hg_buf_addf(b, "%s<", *feature);
}

const char *hg_xmpp_caps(void)
{
	static char ver[HG_XMPP_VER_MAX];
	struct hg_buf b = { 0 };

	if (!ver[0]) {
		hash_face(&faces[HG_XMPP_CLIENT], &b);
		hg_xmpp_ver(hg_buf_str(&b), ver);
		hg_buf_done(&b);
	}
	return ver;
}

void hg_xmpp_ver(struct hg_str hashed, char ret[HG_XMPP_VER_MAX])
{
	unsigned char digest[XMPP_SHA1_DIGEST_SIZE];

	xmpp_sha1_digest((const unsigned char *)(hashed.n ? hashed.p : ""), hashed.n, digest);
	hg_xmpp_base64((struct hg_str){ (const char *)digest, sizeof(digest) }, ret);
}

void hg_xmpp_base64(struct hg_str octets, char *ret)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)octets.p;

	for (size_t i = 0; i < octets.n; i += 3) {
		size_t left = octets.n - i;
		unsigned v = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) |
			(left > 2 ? p[i + 2] : 0);

		*ret++ = digits[v >> 18];
		*ret++ = digits[v >> 12 & 63];
		*ret++ = left > 1 ? digits[v >> 6 & 63] : '=';
		*ret++ = left > 2 ? digits[v & 63] : '=';
	}
	*ret = '\0';
}

void hg_xmpp_add_caps(struct hg_buf *b)
{
	hg_buf_adds(b, "<c xmlns='" HG_XMPP_NS_CAPS "' hash='sha-1' node='" NODE "' ver='");
	hg_buf_adds(b, hg_xmpp_caps());
	hg_buf_adds(b, "'/>");
}

/* XEP-0115 6.2: who has seen the hash asks its resource for node#ver. */
static bool is_caps_node(struct hg_str node)
{
	size_t n = strlen(NODE "#");

	return hg_str_starts(node, HG_STR(NODE "#")) &&
		hg_str_is((struct hg_str){ node.p + n, node.n - n }, hg_xmpp_caps());
}

static void open_query(const struct hg_xmpp_iq *q, const char *ns, struct hg_str node)
{
	hg_xmpp_reply_open(q);
	hg_buf_addf(&q->s->out, "<query xmlns='%s'", ns);
	if (node.n)
		hg_xmpp_attr(&q->s->out, "node", node);
	hg_buf_addc(&q->s->out, '>');
}

static void close_query(const struct hg_xmpp_iq *q)
{
	hg_buf_adds(&q->s->out, "</query>");
	hg_xmpp_reply_close(q);
}

static void add_face(struct hg_buf *b, const struct face *f)
{
	for (const struct identity *i = f->identity; i->category; i++) {
		hg_buf_adds(b, "<identity");
		hg_xmpp_attr(b, "category", hg_str(i->category));
		hg_xmpp_attr(b, "type", hg_str(i->type));
		if (i->name[0])
			hg_xmpp_attr(b, "name", hg_str(i->name));
		hg_buf_adds(b, "/>");
	}
	for (const char *const *feature = f->feature; *feature; feature++) {
		hg_buf_adds(b, "<feature");
		hg_xmpp_attr(b, "var", hg_str(*feature));
		hg_buf_adds(b, "/>");
	}
}

/* XEP-0050 2: the list of commands, and each of those that the asker may give. */
static bool command_face(const struct hg_xmpp_iq *q, struct hg_str node, struct face *ret)
{
	static const char *const list[] = { NULL };
	static const char *const one[] = { HG_XMPP_NS_COMMANDS, "jabber:x:data", NULL };
	bool is_list = hg_str_is(node, HG_XMPP_NS_COMMANDS);
	const char *name = is_list ? "Commands" : hg_xmpp_command_name(q, node);

	if (q->asked != HG_XMPP_COMPONENT || !name)
		return false;
	*ret = (struct face){ { { "automation", is_list ? "command-list" : "command-node", name } },
		is_list ? list : one };
	return true;
}

void hg_xmpp_disco_info(const struct hg_xmpp_iq *q)
{
	struct hg_str node = hg_xmpp_attribute(q->child, "node");
	struct face f = faces[q->asked];

	/* XEP-0030 3.2: a node that is not there. */
	if (node.n && !(q->asked == HG_XMPP_CLIENT && is_caps_node(node)) &&
		!command_face(q, node, &f)) {
		hg_xmpp_deny(q, HG_COND_ITEM_NOT_FOUND);
		return;
	}
	open_query(q, XMPP_NS_DISCO_INFO, node);
	add_face(&q->s->out, &f);
	close_query(q);
}

void hg_xmpp_disco_items(const struct hg_xmpp_iq *q)
{
	struct hg_str node = hg_xmpp_attribute(q->child, "node");
	struct face f;
	bool list = hg_str_is(node, HG_XMPP_NS_COMMANDS) && q->asked == HG_XMPP_COMPONENT;

	if (node.n && !list && !command_face(q, node, &f)) {
		hg_xmpp_deny(q, HG_COND_ITEM_NOT_FOUND);
		return;
	}
	open_query(q, XMPP_NS_DISCO_ITEMS, node);
	if (list)
		hg_xmpp_commands_list(q);
	close_query(q);
}

/* XEP-0092; on which system we run is nobody's business. */
void hg_xmpp_version(const struct hg_xmpp_iq *q)
{
	hg_xmpp_reply_open(q);
	hg_buf_adds(&q->s->out,
		"<query xmlns='jabber:iq:version'><name>Heliograph</name><version>" HG_VERSION
		"</version></query>");
	hg_xmpp_reply_close(q);
}
