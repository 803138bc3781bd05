/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of servers. libstrophe looks names up itself, but while it does the whole process stands
 * still, and it tries the first address only. So it gets literals, and names are looked up on a
 * worker thread.
 */
#include "plugins/xmpp/xmpp.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ADDRESSES_MAX = 8 };

/* Outlives its stream when that goes first. */
struct hg_xmpp_lookup {
	struct hg_xmpp_stream *stream; /* NULL: nobody waits any more */
	unsigned pick;                 /* which address is next: another one with each attempt */
	char *name;
	char address[ADDRESSES_MAX][NI_MAXHOST];
	unsigned n;
};

static int look_up(const char *name, int flags, struct addrinfo **ret)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP, .ai_flags = flags
	};

	return getaddrinfo(name, NULL, &hints, ret);
}

bool hg_xmpp_is_literal(const char *server)
{
	struct addrinfo *found = NULL;

	if (look_up(server, AI_NUMERICHOST, &found))
		return false;
	freeaddrinfo(found);
	return true;
}

/* On the worker thread: touches nothing but its own job. */
static void work(void *arg)
{
	struct hg_xmpp_lookup *l = arg;
	struct addrinfo *found = NULL;

	if (look_up(l->name, 0, &found))
		return;
	for (struct addrinfo *a = found; a && l->n < ADDRESSES_MAX; a = a->ai_next) {
		if (!getnameinfo(a->ai_addr, a->ai_addrlen, l->address[l->n], NI_MAXHOST, NULL, 0,
			    NI_NUMERICHOST))
			l->n++;
	}
	freeaddrinfo(found);
}

static void done(void *arg)
{
	struct hg_xmpp_lookup *l = arg;
	struct hg_xmpp_stream *s = l->stream;

	if (s) {
		s->lookup = NULL;
		hg_xmpp_stream_dial(s, l->n ? l->address[l->pick % l->n] : NULL);
	}
	free(l->name);
	free(l);
}

void hg_xmpp_lookup(struct hg_xmpp_stream *s)
{
	struct hg_xmpp_lookup *l = hg_alloc(sizeof(*l));

	l->stream = s;
	l->pick = s->attempts;
	l->name = hg_str_dup(hg_str(s->server));
	s->lookup = l;
	if (s->xmpp->host->queue_work(s->xmpp->core, work, done, l) < 0)
		done(l);
}

void hg_xmpp_lookup_forget(struct hg_xmpp_stream *s)
{
	if (s->lookup)
		s->lookup->stream = NULL;
	s->lookup = NULL;
}
