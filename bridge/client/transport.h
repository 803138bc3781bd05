/* SPDX-License-Identifier: Apache-2.0 */
/* The asking side of the control socket (bridge/ctl/ctl_socket.h): for the command line and the client library. */
#pragma once

#include <heliograph/err.h>

#include <jansson.h>
#include <stdio.h>

/* An array of so many texts, as requests have them. NULL: one of them is missing, or not UTF-8. */
json_t *hg_ctl_texts(const char *const *text, size_t n);

/* Asks, copies the answer to `out`, waits for it. Returns the exit code, or a negative errno: nobody
 * there, no permission, no whole answer in 30 s. */
int hg_ctl_ask(const char *path, const json_t *request, FILE *out, struct hg_err *ret_err);

struct hg_ctl_feed;

/* Likewise for a stream: 0 and *ret, or what is said instead of one is copied to `refused`: its exit code, or a negative
 * errno. */
int hg_ctl_follow(const char *path, const json_t *request, FILE *refused, struct hg_ctl_feed **ret,
	struct hg_err *ret_err);
int hg_ctl_feed_fd(
	const struct hg_ctl_feed *); /* readable when something came; to be polled only */
/* The next line, without its end and borrowed until the next call. Waits so many ms, -1: for ever. 1; 0: none in that time;
 * -EPIPE: the stream has ended, which is the daemon's doing; another negative errno. */
int hg_ctl_feed_next(struct hg_ctl_feed *, int timeout, char **ret_line);
void hg_ctl_feed_free(struct hg_ctl_feed *); /* NULL is fine */
