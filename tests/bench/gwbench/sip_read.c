/* SPDX-License-Identifier: Apache-2.0 */
#include "gwbench.h"

#include <stdlib.h>
#include <string.h>

struct message {
	const struct origin *from;
	const char *head, *end, *body;
	size_t body_len;
};

static struct span header(const struct message *m, const char *name, char compact)
{
	return sip_header(m->head, m->end, name, compact, NULL);
}

static bool holds(struct span s, const char *word)
{
	return s.p && memmem(s.p, s.n, word, strlen(word));
}

static void take_published(struct user *u, const struct message *m, int code)
{
	u->busy = false;
	replace(&u->etag, code == 200 ? span_dup(header(m, "SIP-ETag", 0)) : NULL);
	counts.refused_412 += code == 412;
}

static void take_response(const struct message *m)
{
	int code = atoi(m->head + 8), user = user_of(header(m, "From", 'f'));
	struct span cseq = header(m, "CSeq", 0);
	if (code < 200 || user < 0)
		return;
	struct user *u = &load.users[user];
	counts.refused += code >= 300;
	counts.refused_503 += code == 503;
	if (holds(cseq, "PUBLISH"))
		take_published(u, m, code);
	else if (holds(cseq, "SUBSCRIBE") && code < 300) {
		u->sub_ok = true;
		replace(&u->dialog_to, span_dup(sip_tag(header(m, "To", 't'))));
	} else if (holds(cseq, "NOTIFY") && code < 300)
		u->note_ok = true;
	load_ready(user);
}

static void take_notify(const struct message *m)
{
	int user = user_of(header(m, "To", 't'));
	counts.notify_rx++;
	sip_answer(m->from, m->head, m->end, "n", "");
	if (user >= 0) {
		load.users[user].note_ok = true;
		load_ready(user);
	}
	if (opt.mode == X2S_WATCH)
		load_arrived(m->body, m->body_len);
}

static void take_publish(const struct message *m)
{
	char more[128];
	counts.publish_rx++;
	snprintf(more, sizeof more, "SIP-ETag: e%ld\r\nExpires: 3600\r\n", counts.publish_rx);
	sip_answer(m->from, m->head, m->end, "p", more);
	if (opt.mode == X2S_PUBLISH)
		load_arrived(m->body, m->body_len);
}

/* From now on this dialog is the one that the user's state is told in. */
static void adopt(struct user *u, const struct message *m, const char *tag)
{
	struct span to = header(m, "To", 't');
	char *tagged = NULL;
	if (!sip_tag(to).p && asprintf(&tagged, "%.*s;tag=%s", (int)to.n, to.p, tag) < 0)
		die("memory");
	replace(&u->dialog_to, tagged ? tagged : span_dup(to));
	replace(&u->dialog_from, span_dup(header(m, "From", 'f')));
	replace(&u->call_id, span_dup(header(m, "Call-ID", 'i')));
	replace(&u->contact, span_dup(sip_uri(header(m, "Contact", 'm'))));
	replace(&u->route, span_dup(header(m, "Record-Route", 0)));
	u->sub_ok = true;
	if (!u->cseq)
		u->cseq = 1;
}

static void take_subscribe(const struct message *m)
{
	int user = user_of(header(m, "To", 't'));
	struct span asked = header(m, "Expires", 0);
	int expires = asked.p ? atoi(asked.p) : opt.expires;
	char tag[32], more[256];
	if (expires > opt.expires)
		expires = opt.expires;
	counts.subscribe_rx++;
	snprintf(tag, sizeof tag, "st%d", user);
	snprintf(more, sizeof more, "Expires: %d\r\nContact: <sip:u%d@%s%s>\r\n", expires, user,
		opt.sip_host, m->from->conn ? ";transport=tcp" : "");
	sip_answer(m->from, m->head, m->end, tag, more);
	if (user < 0)
		return;
	adopt(&load.users[user], m, tag);
	if (opt.mode == S2X_NOTIFY && expires > 0)
		sip_notify(user, last_of(user));
}

void sip_take(const struct origin *from, const char *m, size_t len)
{
	const char *end = memmem(m, len, "\r\n\r\n", 4);
	if (load.sip_muted || !end)
		return;
	struct message message = { .from = from, .head = m, .end = end + 2, .body = end + 4 };
	message.body_len = (size_t)(m + len - message.body);
	if (!strncmp(m, "SIP/2.0 ", 8))
		take_response(&message);
	else if (!strncmp(m, "NOTIFY ", 7))
		take_notify(&message);
	else if (!strncmp(m, "PUBLISH ", 8))
		take_publish(&message);
	else if (!strncmp(m, "SUBSCRIBE ", 10))
		take_subscribe(&message);
	else if (!strncmp(m, "OPTIONS ", 8) || !strncmp(m, "MESSAGE ", 8))
		sip_answer(from, m, message.end, "o", "");
}

void sip_eat(struct conn *c)
{
	size_t off = 0;
	for (;;) {
		while (off < c->in_len && (c->in[off] == '\r' || c->in[off] == '\n'))
			off++;
		char *m = c->in + off, *end = memmem(m, c->in_len - off, "\r\n\r\n", 4);
		if (!end)
			break;
		struct span length = sip_header(m, end + 2, "Content-Length", 'l', NULL);
		size_t total = (size_t)(end + 4 - m) + (length.p ? (size_t)atol(length.p) : 0);
		if (c->in_len - off < total)
			break;
		sip_take(&(struct origin){ .conn = c }, m, total);
		off += total;
		if (c->fd < 0)
			return;
	}
	memmove(c->in, c->in + off, c->in_len - off);
	c->in_len -= off;
}
