/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for people, each in a language: <note> of PIDF and its relatives, RFC 3863 4.1.6. */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_NOTES_MAX 32       /* of one element */
#define HG_NOTE_TEXT_MAX 4096 /* bytes of one; a longer one is refused, not cut */

struct hg_lang_text {
	char lang[HG_LANG_MAX]; /* RFC 5646 tag, "" not said */
	struct hg_bytes *text;  /* never NULL; may be empty */
};

/* In the order of the document. */
struct hg_notes {
	struct hg_lang_text *v;
	size_t n;
};

void hg_notes_done(struct hg_notes *);
/* One more; nothing when there are HG_NOTES_MAX. A language that is no RFC 5646 tag is none. */
void hg_notes_add(struct hg_notes *, struct hg_str lang, struct hg_str text);
/* The first that is not empty, HG_STR_NONE when there is none. */
struct hg_str hg_notes_first(const struct hg_notes *);
/* Gives a language to those that say none. */
void hg_notes_set_lang(struct hg_notes *, struct hg_str lang);
