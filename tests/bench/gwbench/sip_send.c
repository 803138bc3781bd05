/* SPDX-License-Identifier: Apache-2.0 */
#include "gwbench.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MOST = MESSAGE_MOST / 16, SIP_MOST = MESSAGE_MOST / 8 };

static unsigned long long branch;

const char *transport_name(void)
{
	return opt.tcp ? "TCP" : "UDP";
}

static const char *contact_end(void)
{
	return opt.tcp ? ";transport=tcp" : "";
}

static void say(int user, const char *m, int len)
{
	if (load.sip_muted)
		return;
	if (opt.tcp)
		conn_put(gateway_conn(user), m, (size_t)len);
	else
		udp_put(&opt.gw_sip, m, (size_t)len);
}

static size_t body_of(char *to, size_t size, int user, long seq)
{
	char uri[URI_MOST], mark[MARK_MOST];
	const struct blank blanks[] = { { "@URI@", uri }, { "@MARK@", mark }, { 0 } };
	name_of(uri, sizeof uri, opt.sip_uri, user);
	mark_of(mark, seq);
	return fill(to, size, opt.body, blanks);
}

void sip_notify(int user, long seq)
{
	struct user *u = &load.users[user];
	char body[BODY_MOST], m[SIP_MOST];
	size_t size = body_of(body, sizeof body, user, seq);
	say(user, m,
		snprintf(m, sizeof m,
			"NOTIFY %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bKn%llx;rport\r\n"
			"Max-Forwards: 70\r\n%s%s%sFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\n"
			"CSeq: %u NOTIFY\r\nContact: <sip:u%d@%s%s>\r\nEvent: presence\r\n"
			"Subscription-State: active;expires=%d\r\n"
			"Content-Type: application/pidf+xml\r\nContent-Length: %zu\r\n\r\n%s",
			u->contact, transport_name(), opt.sip_host, ++branch,
			u->route ? "Route: " : "", u->route ? u->route : "", u->route ? "\r\n" : "",
			u->dialog_to, u->dialog_from, u->call_id, ++u->cseq, user, opt.sip_host,
			contact_end(), opt.expires, size, body));
}

void sip_publish(int user, long seq)
{
	struct user *u = &load.users[user];
	char body[BODY_MOST], m[SIP_MOST], uri[URI_MOST];
	size_t size = body_of(body, sizeof body, user, seq);
	name_of(uri, sizeof uri, opt.sip_uri, user);
	u->busy = true;
	u->busy_since = now_ns();
	say(user, m,
		snprintf(m, sizeof m,
			"PUBLISH %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bKp%llx;rport\r\n"
			"Max-Forwards: 70\r\nFrom: <%s>;tag=pf%d\r\nTo: <%s>\r\n"
			"Call-ID: pub-%d-%d@bench\r\nCSeq: %u PUBLISH\r\nEvent: presence\r\n"
			"Expires: %d\r\n%s%s%sContent-Type: application/pidf+xml\r\n"
			"Content-Length: %zu\r\n\r\n%s",
			uri, transport_name(), opt.sip_host, ++branch, uri, user, uri, user,
			(int)getpid(), ++u->cseq, opt.expires, u->etag ? "SIP-If-Match: " : "",
			u->etag ? u->etag : "", u->etag ? "\r\n" : "", size, body));
}

void sip_subscribe(int user, int expires)
{
	struct user *u = &load.users[user];
	char m[4096], uri[URI_MOST], me[URI_MOST];
	name_of(uri, sizeof uri, opt.xmpp_uri, user);
	name_of(me, sizeof me, opt.sip_uri, user);
	say(user, m,
		snprintf(m, sizeof m,
			"SUBSCRIBE %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bKs%llx;rport\r\n"
			"Max-Forwards: 70\r\nFrom: <%s>;tag=sf%d\r\nTo: <%s>%s%s\r\n"
			"Call-ID: sub-%d-%d@bench\r\nCSeq: %u SUBSCRIBE\r\n"
			"Contact: <sip:u%d@%s%s>\r\nEvent: presence\r\n"
			"Accept: application/pidf+xml\r\nExpires: %d\r\nContent-Length: 0\r\n\r\n",
			u->contact ? u->contact : uri, transport_name(), opt.sip_host, ++branch, me,
			user, uri, u->dialog_to ? ";tag=" : "", u->dialog_to ? u->dialog_to : "",
			user, (int)getpid(), ++u->cseq, user, opt.sip_host, contact_end(),
			expires));
}

static size_t copied(char *to, size_t size, const char *name, struct span value, const char *tail)
{
	return (size_t)snprintf(
		to, size, "%s: %.*s%s\r\n", name, (int)value.n, value.p ? value.p : "", tail);
}

/* 200 to a request; `tag` for its To if that has none, `more` are header lines. */
void sip_answer(
	const struct origin *to, const char *m, const char *end, const char *tag, const char *more)
{
	char r[8192], own_tag[64] = "";
	size_t n = (size_t)snprintf(r, sizeof r, "SIP/2.0 200 OK\r\n");
	struct span value;
	static const struct {
		const char *name;
		char compact;
	} all[] = { { "Via", 'v' }, { "Record-Route", 0 } };
	for (int i = 0; i < 2; i++) {
		const char *pos = NULL;
		while ((value = sip_header(m, end, all[i].name, all[i].compact, &pos)).p &&
			n + value.n + 1024 < sizeof r)
			n += copied(r + n, sizeof r - n, all[i].name, value, "");
	}
	value = sip_header(m, end, "To", 't', NULL);
	if (!sip_tag(value).p)
		snprintf(own_tag, sizeof own_tag, ";tag=%s", tag);
	struct span from = sip_header(m, end, "From", 'f', NULL),
		    call = sip_header(m, end, "Call-ID", 'i', NULL),
		    cseq = sip_header(m, end, "CSeq", 0, NULL);
	if (n + value.n + from.n + call.n + cseq.n + strlen(more) + 256 > sizeof r)
		return;
	n += copied(r + n, sizeof r - n, "From", from, "");
	n += copied(r + n, sizeof r - n, "To", value, own_tag);
	n += copied(r + n, sizeof r - n, "Call-ID", call, "");
	n += copied(r + n, sizeof r - n, "CSeq", cseq, "");
	n += (size_t)snprintf(r + n, sizeof r - n, "%sContent-Length: 0\r\n\r\n", more);
	if (to->conn) {
		conn_put(to->conn, r, n);
		conn_flush(to->conn);
	} else
		udp_put(&to->address, r, n);
}
