/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: how `heliograph show` and its like ask the daemon. A Unix stream socket, one
 * request a connection:
 *
 *     -> {"verb":"show","person":"alice@corp.example","json":true}\n
 *     <- {"exit":0,"length":1234}\n   and so many octets for the asker's standard output
 *
 * Its mode is 0660; besides, who asks must be root, the daemon's own user, or in the socket's
 * group.
 */
#pragma once

#include <heliograph/err.h>

#include <jansson.h>
#include <stdio.h>
#include <uv.h>

/* Exit codes that the socket itself gives; a verb's own are 0 (done), 1 (not done) and up. */
enum { HG_CTL_REFUSED = 1, HG_CTL_USAGE = 2 };

struct hg_ctl_verb {
	const char *name;
	/* Answers at once; `request` is borrowed, and holds whatever the asker wrote: to be
	 * checked. Returns the exit code. */
	int (*run)(void *ctx, const json_t *request, struct hg_buf *ret_out);
};

struct hg_ctl;

/*
 * `verb` ends with name NULL; it and `ctx` outlive the socket. To be called when the store is open:
 * its lock keeps two daemons from taking each other's socket for a dead one's. -EADDRINUSE: a live
 * daemon answers there; -EEXIST: what is there is no socket; others: ret_err says what.
 */
int hg_ctl_open(uv_loop_t *, const char *path, const struct hg_ctl_verb *verb, void *ctx,
	struct hg_ctl **ret, struct hg_err *ret_err);
/* How long a connection may take for its request, and again to read the answer; 10 s if not said.
 */
void hg_ctl_patience(struct hg_ctl *, uint64_t ms);
/* Removes the socket and cuts connections off; memory goes when the loop has closed the handles.
 * NULL is fine. */
void hg_ctl_close(struct hg_ctl *);

/* The other side (ctl_socket_client.c): asks, copies the answer to `out`, waits for it. Returns the
 * exit code, or a negative errno: nobody there, no permission, no whole answer in 30 s. */
int hg_ctl_ask(const char *path, const json_t *request, FILE *out, struct hg_err *ret_err);
