/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedy for libsofia-sip-ua 1.12.11 (Debian 12): a client that signs out and closes at once, before it has read all that it
 * was sent, resets the connection, and the library throws away what arrived before the reset: its own closing REGISTER
 * among it, so that the user seemed to be there until the grace time was over. It does so when it is told of the error, and
 * when it tries to send. What is defined here is called through the PLT and vtables, where the executable's definition comes
 * first, and leaves both for later: a reset is also the end of the stream, which the library finds once it has read the rest.
 */
#include "plugins/sip/sip.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>

typedef struct tls_s tls_t;

int tport_error_event(tport_t *);
ssize_t tport_send_stream(const tport_t *, msg_t *, msg_iovec_t *, size_t iovused);
ssize_t tls_write(tls_t *, void *, size_t octets);

int tport_error_event(tport_t *tp)
{
	static int (*real)(tport_t *);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_error_event");
	/* Those that are called, not accepted, may have an error before they have a stream. */
	return hg_sip_seen(tp) ? 0 : real(tp);
}

static bool peer_is_gone(void)
{
	return errno == EPIPE || errno == ECONNRESET;
}

/* To him who is gone all can be said; as to him who goes before he has read it. */
ssize_t tport_send_stream(const tport_t *tp, msg_t *msg, msg_iovec_t *iov, size_t iovused)
{
	static ssize_t (*real)(const tport_t *, msg_t *, msg_iovec_t *, size_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tport_send_stream");
	ssize_t rc = real(tp, msg, iov, iovused);
	if (rc == -1 && peer_is_gone() && hg_sip_seen(tp)) {
		rc = 0;
		for (size_t i = 0; i < iovused; i++)
			rc += (ssize_t)iov[i].mv_len;
	}
	return rc;
}

/* ---- the same over TLS: after a write that failed OpenSSL lets nothing but the same be written, or gives up reading ---- */

static bool is_reset(int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);
	return !getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) && info.tcpi_state == TCP_CLOSE;
}

static bool of_sofia; /* is it that writes */

ssize_t tls_write(tls_t *tls, void *octets, size_t n)
{
	static ssize_t (*real)(tls_t *, void *, size_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "tls_write");
	of_sofia = true;
	ssize_t rc = real(tls, octets, n);
	of_sofia = false;
	return rc;
}

int SSL_write(SSL *con, const void *octets, int n)
{
	static int (*real)(SSL *, const void *, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "SSL_write");
	if (of_sofia && is_reset(SSL_get_fd(con)))
		return n;
	int rc = real(con, octets, n);
	if (rc > 0 || !of_sofia || !is_reset(SSL_get_fd(con)))
		return rc;
	ERR_clear_error();
	return n;
}

/* Makes the linker take this file along. */
void hg_sip_remedy_reset(void)
{
}
