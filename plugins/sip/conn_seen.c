/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedy for libsofia-sip-ua 1.12.11 (Debian 12). It tells its user nothing of a connection before a whole message came over
 * it, so that silent ones could be held open for ever, without limit; nor of a message before it is whole, and its own
 * limit for that knows TCP only and begins anew with every octet. And it reads into one message whatever the kernel has: a
 * peer whose messages piled up for a moment was cut off, as if one of them were too large, without a word.
 *
 * What is defined here is called through the PLT, where the executable's definition comes first: tport_register_secondary
 * once for each connection, tport_recv_iovec before each read, tport_deliver for each message that is whole, over TCP and
 * TLS alike.
 */
#include "plugins/sip/sip.h"

#include <dlfcn.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>

int tport_register_secondary(tport_t *, su_wakeup_f, int events);
ssize_t tport_recv_iovec(
	const tport_t *, msg_t **gathered, msg_iovec_t *, size_t octets, int exact);
void tport_deliver(tport_t *, msg_t *, msg_t *next, struct tport_compressor *, su_time_t now);

/* Octets that one read takes from a stream; TLS has no longer records. */
#define READ_MAX 16384

static struct hg_sip *running;

void hg_sip_seen_start(struct hg_sip *sip)
{
	sip->next_running = running;
	running = sip;
}

void hg_sip_seen_stop(struct hg_sip *sip)
{
	for (struct hg_sip **p = &running; *p; p = &(*p)->next_running) {
		if (*p == sip) {
			*p = sip->next_running;
			return;
		}
	}
}

/* Do the library's own calls come here? Not in an executable that hides its symbols. */
bool hg_sip_seen_works(void)
{
	return dlsym(RTLD_DEFAULT, "tport_register_secondary") ==
		(void *)tport_register_secondary &&
		dlsym(RTLD_DEFAULT, "tport_recv_iovec") == (void *)tport_recv_iovec &&
		dlsym(RTLD_DEFAULT, "tport_deliver") == (void *)tport_deliver;
}

static struct hg_sip *owner_of(const tport_t *tp)
{
	const tport_t *parent = tport_parent(tp);
	for (struct hg_sip *sip = running; sip; sip = sip->next_running) {
		if (!sip->agent)
			continue;
		for (tport_t *p = tport_primaries(nta_agent_tports(sip->agent)); p;
			p = tport_next(p)) {
			if (p == parent)
				return sip;
		}
	}
	return NULL;
}

int tport_register_secondary(tport_t *tp, su_wakeup_f wakeup, int events)
{
	static int (*real)(tport_t *, su_wakeup_f, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_register_secondary");
	int rc = real(tp, wakeup, events);
	/* Those that are called, not accepted, begin by waiting for that. */
	struct hg_sip *sip = rc || events & SU_WAIT_CONNECT ? NULL : owner_of(tp);
	if (sip)
		hg_sip_conn_of(sip, tp);
	return rc;
}

struct hg_sip_conn *hg_sip_seen(const tport_t *tp)
{
	struct hg_sip *sip = owner_of(tp);
	struct hg_sip_conn *conn = NULL;
	if (sip)
		HASH_FIND_PTR(sip->conn, &tp, conn);
	return conn;
}

ssize_t tport_recv_iovec(
	const tport_t *tp, msg_t **gathered, msg_iovec_t *vec, size_t octets, int exact)
{
	static ssize_t (*real)(const tport_t *, msg_t **, msg_iovec_t *, size_t, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_recv_iovec");
	bool stream = !exact;
	if (stream && octets > READ_MAX)
		octets = READ_MAX;
	ssize_t rc = real(tp, gathered, vec, octets, exact);
	struct hg_sip_conn *conn = hg_sip_seen(tp);
	if (!conn)
		return rc;
	conn->gathered = gathered;
	/* The library's own limit is one for all; who is announced to be above his is answered 413 at once. What a read
	 * brought of the messages behind, and the library's rounding, count as well. */
	const struct hg_sip_limits *limit = &conn->sip->limit;
	size_t room = conn->registered ? limit->body : limit->body_stranger;
	if (room < 2 * READ_MAX)
		room = 2 * READ_MAX;
	if (*gathered)
		msg_maxsize(*gathered, HG_SIP_HEADER_MAX + room);
	return rc;
}

void tport_deliver(
	tport_t *tp, msg_t *msg, msg_t *next, struct tport_compressor *comp, su_time_t now)
{
	static void (*real)(tport_t *, msg_t *, msg_t *, struct tport_compressor *, su_time_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_deliver");
	struct hg_sip_conn *conn = hg_sip_seen(tp);
	if (conn) {
		conn->messages++;
		conn->too_large = msg_get_flags(msg, MSG_FLG_TOOLARGE) != 0;
	}
	real(tp, msg, next, comp, now);
}

/* Has it sent a part of a message, and not the rest? Keep-alives, empty lines in front of one, are none. */
bool hg_sip_seen_half(const struct hg_sip_conn *conn)
{
	msg_t *msg = conn->gathered && !conn->lost ? *conn->gathered : NULL;
	if (!msg)
		return false;
	if (*msg_chain_head(msg))
		return true;
	const char *p = msg_buf_committed_data(msg);
	size_t n = p ? msg_buf_committed(msg) : 0;
	while (n && (*p == '\r' || *p == '\n'))
		p++, n--;
	return n != 0;
}
