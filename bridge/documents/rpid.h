/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rich presence, RFC 4480, with place types of RFC 4589: what a person, a tuple or a device says beside being open or closed.
 *
 * Names of the lists below are known by number; one of somebody else's is kept as the text of `other`.
 */
#pragma once

#include "bridge/documents/notes.h"

#define HG_RPID_SPANS_MAX 16 /* elements of one kind in one component: each for a time of its own */
#define HG_RPID_TEXT_MAX 1024 /* bytes of one value */

/* Where it is said; what RFC 4480's table allows there is written, what others send there is read. */
enum hg_rpid_place { HG_RPID_PERSON = 1, HG_RPID_TUPLE = 2, HG_RPID_DEVICE = 4 };

/* Lists of names. The order is that of RFC 4480's text, and of hg_rpid_name. */
enum hg_rpid_list {
	HG_RPID_ACTIVITIES,
	HG_RPID_MOOD,
	HG_RPID_PLACE_TYPE,
	HG_RPID_PRIVACY,
	HG_RPID_RELATIONSHIP,
	HG_RPID_SERVICE_CLASS,
	HG_RPID_LISTS
};

extern const char *const hg_rpid_element[HG_RPID_LISTS];
const char *hg_rpid_name(enum hg_rpid_list, unsigned value); /* NULL: there are not so many */
/* Of exactly this name, -1 none; "_" and "-" are the same there: moods are written with either. */
int hg_rpid_find(enum hg_rpid_list, struct hg_str name);
/* 1 << value, 0 none of that name. */
uint64_t hg_rpid_bit(enum hg_rpid_list, const char *name);

/* One <activities>, <mood>, ... */
struct hg_rpid_values {
	uint64_t set;           /* of 1 << value */
	struct hg_bytes *other; /* what <other> says, or a name that we do not know; NULL none */
	int64_t from, until;    /* UTC ms, 0 not said */
	struct hg_notes notes;
};

struct hg_rpid_spans {
	struct hg_rpid_values *v;
	size_t n;
};

/* place-is: how it is there for each kind of talk. 0 not said. */
enum hg_rpid_medium { HG_RPID_AUDIO, HG_RPID_VIDEO, HG_RPID_TEXT, HG_RPID_MEDIA };

struct hg_rpid_place_is {
	uint8_t is[HG_RPID_MEDIA]; /* index + 1 of hg_rpid_place_is_name */
	int64_t from, until;
};

const char *hg_rpid_place_is_name(enum hg_rpid_medium, unsigned is); /* from 1; NULL none */

enum hg_rpid_input { HG_INPUT_NOT_SAID, HG_INPUT_ACTIVE, HG_INPUT_IDLE };

struct hg_rpid {
	struct hg_rpid_spans list[HG_RPID_LISTS];
	struct hg_rpid_place_is place_is;
	struct hg_bytes *class;       /* NULL none, here and below */
	struct hg_bytes *device;      /* deviceID: of which device (RFC 4479) */
	struct hg_bytes *sphere;      /* "work", "home", or anything else */
	struct hg_bytes *status_icon; /* URI; never to be fetched for anybody */
	bool has_offset;
	int32_t offset; /* minutes east of UTC */
	enum hg_rpid_input input;
	uint32_t idle_threshold; /* seconds, 0 not said */
	int64_t last_input;      /* UTC ms, 0 not said: not everybody may know it */
};

void hg_rpid_done(struct hg_rpid *);
/* Those of a list that hold at `utc_ms`, all spans together: those that say no time hold always. */
uint64_t hg_rpid_now(const struct hg_rpid *, enum hg_rpid_list, int64_t utc_ms);
