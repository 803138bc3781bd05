/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libstrophe 0.12 on the host's loop.
 *
 * It has a loop of its own, xmpp_run_once: write what is queued, select() with no time-out, read
 * 4096 octets. This file calls it when its socket is ready, or when there is something to write.
 * What has to be known:
 *   - it must not be called from within one of its own callbacks, and a connection must not be
 *     released there;
 *   - every attempt gets a context and a connection of its own, so that nothing of the last one
 *     can come through;
 *   - it closes its descriptor before it says so, hence the loop watches a duplicate;
 *   - its own timed handlers are not needed: all deadlines are in stream.c.
 */
#include "plugins/xmpp/xmpp.h"

#include "plugins/xmpp/remedy_strophe.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	READ_SIZE = 4096, /* of one xmpp_run_once */
	READS_A_TURN = 16
};

static size_t readable(int fd)
{
	int n = 0;

	return ioctl(fd, FIONREAD, &n) == 0 && n > 0 ? (size_t)n : 0;
}

/* A batch is followed by one octet of white space as an item of its own (RFC 6120 4.6.1 allows it
 * between stanzas): the queue's length leaves out an item that is partly written, so only the
 * second one tells that the first is out. */
static void settle(struct hg_xmpp_stream *s)
{
	if (s->in_flight && xmpp_conn_send_queue_len(s->conn) == 0)
		s->in_flight = 0;
}

static void watch(struct hg_xmpp_stream *s)
{
	int events = HG_READABLE;

	if (s->state == HG_XMPP_DIALING)
		events = HG_WRITABLE;
	else if (s->in_flight)
		/* A peer that sends requests and does not read our answers is not listened to. */
		events = HG_WRITABLE |
			(hg_xmpp_outstanding(s) < 2 * HG_XMPP_WINDOW ? HG_READABLE : 0);
	s->xmpp->host->poll_set(s->poll, events);
}

/* Returns how much there was to read. The handlers set `unfinished` to zero. */
static size_t run(struct hg_xmpp_stream *s)
{
	size_t n = readable(s->fd);

	s->unfinished += n < READ_SIZE ? n : READ_SIZE;
	xmpp_run_once(s->ctx, 0);
	if (!s->ended)
		settle(s);
	return n;
}

/* Everything that follows a visit to libstrophe. */
static void after(struct hg_xmpp_stream *s)
{
	if (s->ended)
		hg_xmpp_stream_end(s, s->outage);
	else if (s->unfinished > s->xmpp->stanza_limit)
		hg_xmpp_stream_end(s, HG_XMPP_TOO_LONG);
	else
		watch(s);
}

static void read_some(struct hg_xmpp_stream *s)
{
	/* At least once: the end of a stream is readable, and nothing is there. */
	for (int i = 0; i < READS_A_TURN; i++) {
		if (run(s) <= READ_SIZE || s->ended || s->unfinished > s->xmpp->stanza_limit)
			break;
	}
}

static void on_ready(void *arg, int events)
{
	struct hg_xmpp_stream *s = arg;

	if (s->state == HG_XMPP_DIALING) {
		run(s);
		if (!s->ended)
			hg_xmpp_stream_dialed(s);
	} else if (events & HG_READABLE) {
		read_some(s);
	}
	/* Each stage of the handshake queues the next. */
	if (!s->ended && s->state == HG_XMPP_OPENING)
		run(s);
	if (!s->ended && s->in_flight && (events & HG_WRITABLE))
		run(s);
	after(s);
}

void hg_xmpp_visit(struct hg_xmpp_stream *s)
{
	run(s);
	after(s);
}

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
	xmpp_stream_error_t *stream_error, void *arg)
{
	struct hg_xmpp_stream *s = arg;

	if (event == XMPP_CONN_CONNECT) {
		hg_xmpp_stream_opened(s);
		return;
	}
	s->ended = true;
	if (stream_error)
		s->outage = hg_xmpp_outage_of(stream_error, s->condition);
}

/* Not one of the low numbers, of which libstrophe needs those that there are. */
static int duplicate(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_SETSIZE);

	return high >= 0 ? high : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

bool hg_xmpp_connect(struct hg_xmpp_stream *s, const char *address)
{
	const struct hg_xmpp *x = s->xmpp;
	int on = 1, fd;

	s->ended = false;
	s->unfinished = 0;
	s->ctx = xmpp_ctx_new(NULL, NULL);
	s->conn = xmpp_conn_new(s->ctx);
	xmpp_conn_set_jid(s->conn, s->domain);
	xmpp_conn_set_pass(s->conn, s->secret);
	hg_xmpp_handlers_add(s, s->conn);
	fd = hg_strophe_connect(s->conn, address, s->port, on_connection, s);
	if (fd < 0)
		return false;
	s->fd = duplicate(fd);
	if (s->fd < 0)
		return false;
	/* We batch ourselves. */
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	s->poll = x->host->poll_new(x->core, s->fd, on_ready, s);
	watch(s);
	return true;
}

void hg_xmpp_disconnect(struct hg_xmpp_stream *s)
{
	s->xmpp->host->poll_free(s->poll);
	s->poll = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->in_flight = 0;
	if (!s->ctx)
		return;
	xmpp_conn_release(s->conn);
	xmpp_ctx_free(s->ctx);
	s->conn = NULL;
	s->ctx = NULL;
	hg_strophe_reserve((unsigned)s->xmpp->nstreams);
}

void hg_xmpp_write(struct hg_xmpp_stream *s)
{
	if (s->in_flight || !s->out.n)
		return;
	xmpp_send_raw(s->conn, s->out.p, s->out.n);
	xmpp_send_raw(s->conn, "\n", 1);
	s->in_flight = s->out.n;
	hg_buf_reset(&s->out);
	run(s);
	after(s);
}
