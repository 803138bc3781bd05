/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Presence documents as records of the vocabulary that mappings/pidf.yaml maps: what one tuple says, and the person with it;
 * and back, as a document of one tuple.
 *
 * A document can name several activities. Of those that hold now the record has the one that tells most (IW 4.7: calls first),
 * whether the person can be had (`reach`) beside it, and of the texts those of the person before those of the tuple.
 */
#pragma once

#include "bridge/documents/pidf.h"
#include <heliograph/mapping.h>

enum hg_pidf_field {
	HG_PIDF_BASIC,
	HG_PIDF_SHOW,
	HG_PIDF_ACTIVITY,
	HG_PIDF_REACH,
	HG_PIDF_INPUT,
	HG_PIDF_SINCE,
	HG_PIDF_NOTE,
	HG_PIDF_PRIORITY,
	HG_PIDF_WORDS, /* what he does, how he feels and where he is, as far as lists of RPID name it; is not written */
	HG_PIDF_FIELDS
};

extern const struct hg_vocabulary hg_pidf_vocabulary;

/* `tuple` NULL: the person alone. `own`: the domain where whoever reads it is at home, for whom extensions are taken
 * (hg_extension_may_pass); empty: none is. One reference to a new record. */
struct hg_record *hg_pidf_record(const struct hg_pidf *, const struct hg_pidf_tuple *tuple,
	struct hg_str own, int64_t utc_ms);
/* What a whole document says of a device that published it: all tuples as one, open if one of them is. */
struct hg_record *hg_pidf_record_whole(const struct hg_pidf *, struct hg_str own, int64_t utc_ms);
/* A document without an entity; ends with hg_pidf_done. `record` NULL: nothing is known, no basic. */
void hg_pidf_of_record(const struct hg_record *, struct hg_str resource, struct hg_pidf *ret);
/* Instead of the one tuple one for each resource (RFC 8048 6.1), with the entity as its contact if it has a priority; what is
 * said of the person stays. None: it stays as it is. */
void hg_pidf_set_faces(struct hg_pidf *, const struct hg_face *, size_t n);
/* The last thing to be said of a tuple: the extension for all else that it says. `home`: the domain of the presentity. */
void hg_pidf_set_extension(struct hg_pidf_tuple *, const struct hg_presence *, struct hg_str home);
/* The same of the tuples that hg_pidf_set_faces made, as far as their resources said theirs. */
void hg_pidf_set_extensions(struct hg_pidf *, const struct hg_face *, size_t n, struct hg_str home);

/* ---- of people who are at home here (pidf_home.c) ---- */

/* Name and picture, of the person. */
void hg_pidf_set_card(struct hg_pidf *, const struct hg_card *);
/* The next times at which somebody has something to do, or is out of office; behind the stretch of now, that began at `since`. A
 * document must stay short enough for a datagram, as far as it can. Once a tuple. */
#define HG_PIDF_AHEAD_MAX 4
void hg_pidf_set_calendar(struct hg_pidf_tuple *, const struct hg_calendar *, int64_t since);
