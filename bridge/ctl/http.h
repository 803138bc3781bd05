/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small HTTP/1.1 server for machines: GET and HEAD of a few paths, answers made whole in memory.
 * libwebsockets does the protocol, on our loop. A request's header section is limited to 4 KB, it
 * has no body, nothing is upgraded.
 */
#pragma once

#include <heliograph/err.h>

#include <uv.h>

struct hg_http;

struct hg_http_spec {
	const char *address; /* an IP address */
	uint16_t port;
	unsigned connections; /* at a time; who comes then waits in the kernel's queue */
	unsigned patience_s;  /* for a request to be whole, and for the answer to be taken */
	/* Writes the answer to a GET of `path` (without what follows a '?') and returns its status;
	 * *ret_type is "text/plain" if it is not set. The text is plain words for other statuses
	 * than 200. */
	int (*get)(void *ctx, struct hg_str path, struct hg_buf *ret_body, const char **ret_type);
	void *ctx;
};

/* -EADDRINUSE or another errno that binding gives; -ENOSYS: libwebsockets' part for libuv is not
 * installed. */
int hg_http_open(uv_loop_t *, const struct hg_http_spec *, struct hg_http **ret, struct hg_err *);
/* Cuts connections off. Runs the loop, without waiting, until libwebsockets' handles are closed:
 * what the loop calls must still be there. NULL is fine. */
void hg_http_close(struct hg_http *);
