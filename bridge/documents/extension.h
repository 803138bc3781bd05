/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a state neither XMPP nor PIDF can say, in one small element that rides along in both (IW 4.9): in a <presence/>
 * stanza as its child, in a PIDF tuple inside <status>. Others pass over it.
 *
 * It says for which core it was written: a checksum over what the stanza or tuple says in its protocol's own words. Who has
 * changed those, a user's other client or a server between, has made it void: the core wins. The checksum finds changes by
 * those who do not know it; it is no proof of who wrote it. What watchers may not know (last active, device) must not be put
 * in by whoever writes it.
 */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_NS_EXTENSION "urn:uuid:35d73933-47dc-43eb-a41c-5307dbdf0b91"
#define HG_EXTENSION_NAME "lp"
#define HG_EXTENSION_ORIGIN_MAX 64 /* bytes */
#define HG_EXTENSION_HOPS_MAX 4    /* farther than that nothing is carried (IW 5.6) */

enum hg_extension_note { HG_EXTENSION_NO_NOTE, HG_EXTENSION_PERSONAL, HG_EXTENSION_OOF };

struct hg_extension {
	uint32_t availability;
	char token[HG_TOKEN_MAX]; /* "" none */
	uint32_t min, max;        /* as of struct hg_state: 0 and UINT32_MAX when not said */
	bool manual;
	char device[HG_DEVICE_MAX]; /* "mobile", ...; "" not said */
	int64_t last_active;        /* UTC ms, 0 not said */
	/* Which octets of the core's text are the note: before and behind it may stand what a mapping table wrote. */
	enum hg_extension_note note;
	uint32_t note_at, note_size;
	uint32_t version;
	uint32_t hops;                            /* gateways that it came through */
	char origin[HG_EXTENSION_ORIGIN_MAX + 1]; /* of which gateway; letters, digits, ".", "-" */
};

/* What the protocol itself says beside it, as it stands on the wire. */
enum hg_extension_type { HG_CORE_UNKNOWN, HG_CORE_AVAILABLE, HG_CORE_UNAVAILABLE };

struct hg_extension_core {
	enum hg_extension_type type; /* of the stanza; of a tuple its basic */
	struct hg_str show;          /* "away", ...; empty none */
	int priority;       /* of the stanza; of a tuple what its contact's priority comes to */
	struct hg_str text; /* the first status or note, empty none */
};

/* What a watcher is shown, and of what is written beside it the part that is the note; version, origin and hops are not filled
 * in. */
void hg_extension_of(
	const struct hg_presence *, const struct hg_extension_core *, struct hg_extension *ret);
/* The same back; the note is without a language, and the circle is the reader's to know. `ret` to be ended with
 * hg_presence_done. */
void hg_extension_presence(
	const struct hg_extension *, const struct hg_extension_core *, struct hg_presence *ret);

/* One element; `core` as it is written beside it. */
void hg_extension_write(
	struct hg_buf *, const struct hg_extension *, const struct hg_extension_core *);

struct hg_attr {
	struct hg_str name, value; /* unescaped */
};

#define HG_EXTENSION_ATTRS_MAX 32

/* Of the attributes of an element HG_EXTENSION_NAME in HG_NS_EXTENSION, which each protocol's parser knows: true if it is whole
 * and of this core. Else it is as if it were not there, and *ret is undefined. Attributes of others are passed over. */
bool hg_extension_read(const struct hg_attr *, size_t n, const struct hg_extension_core *,
	struct hg_extension *ret);

/* Whether it may be carried on by gateway `own`: it did not come from there, and not too far. */
bool hg_extension_may_pass(const struct hg_extension *, struct hg_str own);
