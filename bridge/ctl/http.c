/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/http.h"

#include <heliograph/log.h>

#include <arpa/inet.h>
#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADERS_MOST = 4096,
	PIECE = 16384,     /* octets of a body written at a time */
	CLOSING_ROUNDS = 8 /* it takes three */
};

struct hg_http {
	struct hg_http_spec spec;
	uv_loop_t *loop;
	struct lws_context *lws; /* becomes NULL when it is gone */
};

/* One request and its answer; libwebsockets allots it, zeroed, for each connection. */
struct exchange {
	struct hg_buf body;
	size_t sent;
};

/* ---- one exchange ---- */

static int write_head(struct lws *wsi, int status, const char *type, size_t length)
{
	unsigned char head[LWS_PRE + 1024], *start = head + LWS_PRE, *p = start,
					    *end = head + sizeof(head) - 1;

	if (lws_add_http_common_headers(wsi, (unsigned)status, type, length, &p, end))
		return -1;
	if (status == HTTP_STATUS_METHOD_NOT_ALLOWED &&
		lws_add_http_header_by_name(wsi, (const unsigned char *)"allow:",
			(const unsigned char *)"GET, HEAD", 9, &p, end))
		return -1;
	return lws_finalize_write_http_header(wsi, start, &p, end);
}

static int answer(struct hg_http *http, struct lws *wsi, struct exchange *x, struct hg_str path)
{
	const char *type = "text/plain";
	bool get = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0,
	     head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
	int status = HTTP_STATUS_METHOD_NOT_ALLOWED;

	hg_buf_reset(&x->body);
	x->sent = 0;
	if (get || head)
		status = http->spec.get(http->spec.ctx, path, &x->body, &type);
	if (write_head(wsi, status, type, x->body.n))
		return -1;
	if (get) {
		lws_callback_on_writable(wsi);
		return 0;
	}
	hg_buf_done(&x->body);
	if (!head)
		return -1; /* a body may follow, which is no request */
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int write_piece(struct lws *wsi, struct exchange *x)
{
	unsigned char piece[LWS_PRE + PIECE];
	size_t n = x->body.n - x->sent;
	bool last = n <= PIECE;

	if (!last)
		n = PIECE;
	memcpy(piece + LWS_PRE, x->body.p + x->sent, n);
	x->sent += n;
	if (lws_write(wsi, piece + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
		(int)n)
		return -1;
	if (!last) {
		lws_callback_on_writable(wsi);
		return 0;
	}
	hg_buf_done(&x->body);
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int on_http(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
	struct exchange *x = user;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return answer(
			lws_context_user(lws_get_context(wsi)), wsi, x, (struct hg_str){ in, n });
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return x && x->body.n ? write_piece(wsi, x) : 0;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL: /* `x` goes */
		if (x)
			hg_buf_done(&x->body);
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return -1;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, n);
	}
}

/* ---- the server ---- */

static void on_log(int level, const char *line)
{
	(void)level;
	hg_log(HG_DEBUG, "http-library", "text=%s", hg_log_text(hg_str_trim(hg_str(line))));
}

/* libwebsockets does not tell why it cannot listen: somebody who tries it beforehand does. */
static int try_listen(const struct hg_http_spec *spec)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(spec->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(spec->port) };
	struct sockaddr *to = (struct sockaddr *)&v4;
	socklen_t length = sizeof(v4);
	int on = 1, rc = 0, fd;

	if (inet_pton(AF_INET6, spec->address, &v6.sin6_addr) == 1) {
		to = (struct sockaddr *)&v6;
		length = sizeof(v6);
	} else if (inet_pton(AF_INET, spec->address, &v4.sin_addr) != 1) {
		return -EINVAL;
	}
	fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, to, length) < 0 || listen(fd, 1) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

static struct lws_context *make_context(struct hg_http *http)
{
	void *loops[] = { http->loop };
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.foreign_loops = loops,
		.pcontext = &http->lws,
		.user = http,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.max_http_header_data = HEADERS_MOST,
		.max_http_header_pool = (unsigned short)http->spec.connections,
		/* and the listener, and its own event pipe */
		.fd_limit_per_thread = http->spec.connections + 2,
	};

	lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
	return lws_create_context(&info);
}

static struct lws_vhost *make_vhost(struct hg_http *http)
{
	static const struct lws_protocols protocols[] = {
		{ "http", on_http, sizeof(struct exchange), 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
		.port = http->spec.port,
		.iface = http->spec.address,
		.vhost_name = "http",
		.protocols = protocols,
		.keepalive_timeout = (int)http->spec.patience_s,
		.timeout_secs = http->spec.patience_s,
		.timeout_secs_ah_idle = http->spec.patience_s,
	};

	return lws_create_vhost(http->lws, &info);
}

int hg_http_open(
	uv_loop_t *loop, const struct hg_http_spec *spec, struct hg_http **ret, struct hg_err *err)
{
	struct hg_http *http = hg_alloc(sizeof(*http));
	char where[96];
	int rc = try_listen(spec);

	snprintf(where, sizeof(where), "http %.64s port %u", spec->address, spec->port);
	http->spec = *spec;
	http->loop = loop;
	*ret = NULL;
	if (rc < 0) {
		free(http);
		return hg_err_set(err, rc, where, "choose another port, or end who has it",
			"cannot listen: %s", strerror(-rc));
	}
	http->lws = make_context(http);
	if (!http->lws) {
		free(http);
		return hg_err_set(err, -ENOSYS, where, "install libwebsockets-evlib-uv",
			"libwebsockets cannot run on the event loop libuv");
	}
	if (!make_vhost(http)) {
		hg_http_close(http);
		return hg_err_set(err, -EADDRNOTAVAIL, where, "choose another address or port",
			"cannot listen");
	}
	*ret = http;
	return 0;
}

/* libwebsockets closes its handles in two steps, connections first, and each needs a round of the
 * loop until libuv lets them go. The second call then frees. */
void hg_http_close(struct hg_http *http)
{
	if (!http)
		return;
	lws_context_destroy(http->lws);
	for (int i = 0; http->lws && i < CLOSING_ROUNDS; i++)
		uv_run(http->loop, UV_RUN_NOWAIT);
	if (http->lws)
		lws_context_destroy(http->lws);
	lws_set_log_level(0, NULL);
	free(http);
}
