/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate file tried out before sofia-sip gets it, which would only log that it is unusable. */
#include "plugins/sip/sip.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

int hg_sip_certificate_check(const char *path, const char *where, struct hg_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	const char *bad = NULL;
	if (!ctx)
		bad = "OpenSSL does not start";
	else if (SSL_CTX_use_certificate_file(ctx, path, SSL_FILETYPE_PEM) != 1)
		bad = "no readable certificate in";
	else if (SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) != 1)
		bad = "no readable private key in";
	else if (SSL_CTX_check_private_key(ctx) != 1)
		bad = "key and certificate do not belong together in";
	SSL_CTX_free(ctx);
	ERR_clear_error();
	if (!bad)
		return 0;
	return hg_err_set(err, -EINVAL, where,
		"agent.pem holds the certificate and its key in PEM, readable by this user",
		"%s %.200s", bad, path);
}
