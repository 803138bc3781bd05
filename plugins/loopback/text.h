/* SPDX-License-Identifier: Apache-2.0 */
/* Private to plugins/loopback: words and lines of its document, and the driver that it has in the daemon. */
#pragma once

#include "plugins/loopback/loopback.h"

/* A blank, then the text as one word; nothing at all is "-". */
void loopback_add_word(struct hg_buf *, struct hg_str);

struct hg_record *loopback_record(struct hg_str lines); /* one reference */
void loopback_render(void *self, uint16_t format, const struct hg_view *, const struct hg_record *,
	struct hg_buf *);

/* ---- message.c: what a peer and we say to each other ---- */

enum { LOOPBACK_MESSAGE_MAX = 8192 };

void loopback_message_write(const struct hg_loopback_message *, struct hg_buf *);
/* One that came over the lane, without the empty line that ended it. NULL, or what is wrong with it. */
const char *loopback_message_hear(
	void *self, const struct hg_host *, struct hg_core *, hg_lane, struct hg_str message);

/* ---- peer.c: the socket ---- */

struct loopback_peer;

extern const struct hg_schema loopback_schema;

/* Becomes the driver of `self`. */
int loopback_peer_new(void *self, const struct hg_host *, struct hg_core *, const struct hg_conf *,
	struct loopback_peer **ret, struct hg_err *);
int loopback_peer_start(struct loopback_peer *, struct hg_err *);
void loopback_peer_stop(struct loopback_peer *); /* what waits for the peer is written first */
void loopback_peer_free(struct loopback_peer *);
