/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remedy for libsofia-sip-ua 1.12.11 (Debian 12): its tls_free() ends a connection with SSL_shutdown() and never calls
 * SSL_free(), so that whoever connects and leaves takes 48 kB for good. The executable's SSL_shutdown() comes before the
 * library's; called from tls_free, which looks at the connection no more after it, it frees it as well. All other callers
 * get what they asked for.
 */
#include "plugins/sip/sip.h"

#include <dlfcn.h>
#include <openssl/ssl.h>

#define TLS_FREE_SIZE 0x60 /* octets of its code */

static bool from_tls_free(const char *caller)
{
	static const char *start;
	if (!start)
		start = dlsym(RTLD_DEFAULT, "tls_free");
	return start && caller > start && caller < start + TLS_FREE_SIZE;
}

int SSL_shutdown(SSL *con)
{
	static int (*real)(SSL *);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "SSL_shutdown");
	int rc = real(con);
	if (from_tls_free(__builtin_return_address(0))) {
		/* tls_free goes on to free the BIO, which it gave away with SSL_set_bio, and the context, of which it
		 * holds no reference but the one that the connection has. */
		BIO *bio = SSL_get_rbio(con);
		if (bio)
			BIO_up_ref(bio);
		SSL_CTX_up_ref(SSL_get_SSL_CTX(con));
		SSL_free(con);
	}
	return rc;
}

/* Makes the linker take this file along. */
void hg_sip_remedy_tls(void)
{
}
