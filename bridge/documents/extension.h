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
#define HG_EXTENSION_CUT_MIN 32   /* octets: fewer may stand at the end of a text by chance */
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
	uint32_t hops; /* gateways that it came through before the one that wrote it */
	/* The domain where the presentity is at home, for the one who wrote it: letters, digits, ".", "-"; "" not said */
	char origin[HG_EXTENSION_ORIGIN_MAX + 1];
};

/* What the protocol itself says beside it, as it stands on the wire. */
enum hg_extension_type { HG_CORE_UNKNOWN, HG_CORE_AVAILABLE, HG_CORE_UNAVAILABLE };

struct hg_extension_core {
	enum hg_extension_type type; /* of the stanza; of a tuple its basic */
	struct hg_str show;          /* "away", ...; empty none */
	int priority;       /* of the stanza; of a tuple what its contact's priority comes to */
	struct hg_str text; /* the first status or note, empty none */
	const char *lang;   /* of it, for who reads; NULL: not said */
};

/* What a watcher is shown, and of what is written beside it the part that is the note; `home`: the
 * domain where the presentity is at home. false: there is to be none, since he is not there, and how he is not there is nobody's
 * business; or since it has come too far. */
bool hg_extension_of(const struct hg_presence *, struct hg_str home,
	const struct hg_extension_core *, struct hg_extension *ret);
/* The same back; the circle is the reader's to know. `ret` to be ended with hg_presence_done. */
void hg_extension_presence(
	const struct hg_extension *, const struct hg_extension_core *, struct hg_presence *ret);

/* false: it is none. */
bool hg_extension_read_origin(struct hg_str, struct hg_extension *);

/* One element; `core` as it is written beside it. */
void hg_extension_write(
	struct hg_buf *, const struct hg_extension *, const struct hg_extension_core *);

struct hg_attr {
	struct hg_str name, value; /* unescaped */
};

#define HG_EXTENSION_ATTRS_MAX 32

/* Of the attributes of an element HG_EXTENSION_NAME in HG_NS_EXTENSION, which each protocol's parser knows: true if it is whole,
 * of this core, and of somebody who is there. Else it is as if it were not there, and *ret is undefined. Attributes of others are
 * passed over. */
bool hg_extension_read(const struct hg_attr *, size_t n, const struct hg_extension_core *,
	struct hg_extension *ret);

/* The domain of "user@domain", with a scheme or without. */
struct hg_str hg_extension_domain(struct hg_str address);

/* Whether somebody at home in `own` may take it: it is not what was said there, come back, and it did not come too far. */
bool hg_extension_may_pass(const struct hg_extension *, struct hg_str own);
