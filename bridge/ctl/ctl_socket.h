/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: how `heliograph show` and its like ask the daemon. A Unix stream socket, one
 * request a connection:
 *
 *     -> {"verb":"show","person":"alice@corp.example","json":true}\n
 *     <- {"exit":0,"length":1234}\n   and so many octets for the asker's standard output
 *     <- {"exit":0,"stream":true}\n   and lines until one of them has enough
 *
 * The other side is bridge/client/transport.h.
 *
 * Its mode is 0660; besides, who asks must be root, the daemon's own user, or in the socket's
 * group.
 */
#pragma once

#include <heliograph/err.h>

#include <jansson.h>
#include <uv.h>

/* Exit codes that the socket itself gives; a verb's own are 0 (done), 1 (not done) and up. */
enum { HG_CTL_REFUSED = 1, HG_CTL_USAGE = 2 };

struct hg_ctl_client;

/* Somebody whose answer is still to come. */
struct hg_ctl_asker {
	struct hg_buf out; /* what he will read */
	/* the socket's own */
	struct hg_ctl_client *client; /* NULL: he has left */
	void (*gone)(void *arg);
	void (*taken)(void *arg);
	void *arg;
};

/* One of the two; `request` is borrowed, and holds whatever the asker wrote: to be checked. */
struct hg_ctl_verb {
	const char *name;
	/* Answers at once. Returns the exit code. */
	int (*run)(void *ctx, const json_t *request, struct hg_buf *ret_out);
	/* Answers when it can, with one hg_ctl_answer, or becomes a stream. */
	void (*begin)(void *ctx, const json_t *request, struct hg_ctl_asker *take);
};

/* Hands out what is in `out`, if he is still there and within his patience. The asker is no more. */
void hg_ctl_answer(struct hg_ctl_asker *, int code);

/*
 * From within `begin`: he will be told things, first what is in `out`, until he leaves, is too slow
 * to read them, or the socket is closed; then `gone` is called, once, and the asker is no more. That
 * may be within any of these calls. `taken`, if not NULL: all that was sent is on its way.
 */
void hg_ctl_stream(
	struct hg_ctl_asker *, void (*gone)(void *arg), void (*taken)(void *arg), void *arg);
void hg_ctl_flush(struct hg_ctl_asker *); /* sends what is in `out` */
/* There is nothing more to tell: sends what is in `out`, and the end of the stream. `gone` is called within. */
void hg_ctl_end(struct hg_ctl_asker *);

struct hg_ctl;

/*
 * `verb` ends with name NULL; it and `ctx` outlive the socket. To be called when the store is open:
 * its lock keeps two daemons from taking each other's socket for a dead one's. -EADDRINUSE: a live
 * daemon answers there; -EEXIST: what is there is no socket; others: ret_err says what.
 */
int hg_ctl_open(uv_loop_t *, const char *path, const struct hg_ctl_verb *verb, void *ctx,
	struct hg_ctl **ret, struct hg_err *ret_err);
/* How long a connection may take for its request, a verb for its answer, and again the connection
 * to read it; 10 s if not said. */
void hg_ctl_patience(struct hg_ctl *, uint64_t ms);
/* Removes the socket and cuts connections off; memory goes when the loop has closed the handles.
 * NULL is fine. */
void hg_ctl_close(struct hg_ctl *);
