/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What publications say, where something computes with it: the decoder that read their bytes gives these typed facets also.
 */
#pragma once

#include <heliograph/base.h>

/* ---- availability (EP 2.1): smaller is more reachable; compare by band, write the canonical
 * number ---- */

enum hg_band {
	HG_BAND_UNKNOWN,
	HG_BAND_AVAILABLE,
	HG_BAND_AVAILABLE_IDLE,
	HG_BAND_BUSY,
	HG_BAND_BUSY_IDLE,
	HG_BAND_DND,
	HG_BAND_BRB,
	HG_BAND_AWAY,
	HG_BAND_OFFLINE,
	HG_BAND_COUNT
};

enum hg_band hg_band_of(uint32_t availability);
uint32_t hg_band_canonical(enum hg_band); /* 0 3500 5000 6500 7500 9500 12500 15500 18500 */
const char *hg_band_name(enum hg_band);   /* "unknown" "available" "available-idle" "busy" ... */
enum hg_band hg_band_find(struct hg_str); /* HG_BAND_COUNT: no such name */

/* The availabilities at which a standard activity holds (EP 1.4); 0 and UINT32_MAX for any other. */
void hg_token_bounds(struct hg_str token, uint32_t *ret_min, uint32_t *ret_max);
/* The standard activities, in their order; NULL: no more. */
const char *hg_token_standard(size_t index);
bool hg_token_is_standard(const char *token);

/* ---- category `state` ---- */

enum hg_state_kind {
	HG_STATE_OTHER, /* an xsi:type that nothing computes with */
	HG_STATE_MACHINE,
	HG_STATE_USER,
	HG_STATE_CALENDAR,
	HG_STATE_PHONE,
	HG_STATE_AGGREGATE,
	HG_STATE_AGGREGATE_MACHINE
};

#define HG_TOKEN_MAX 48
#define HG_DEVICE_MAX 16

#define HG_LANG_MAX 36

/* Whether it can be a language tag: letters, digits and "-", short enough. */
bool hg_lang_valid(struct hg_str lang);

/* One text in several languages. Immutable, shared by reference; equal if `hash` is. */
struct hg_text {
	/* Its language, as whoever wrote it says it: [MS-LCID], 0 not said; or an RFC 5646 tag, "" not said. */
	uint32_t lcid;
	char lang[HG_LANG_MAX];
	struct hg_bytes *text;
};

struct hg_texts {
	size_t refs, n;
	uint64_t hash;
	struct hg_text v[];
};

#define HG_TEXTS_MAX 32
struct hg_texts *hg_texts_new(const struct hg_text *, size_t n); /* NULL: there are none */
struct hg_texts *hg_texts_ref(struct hg_texts *);                /* NULL is fine here and below */
void hg_texts_unref(struct hg_texts *);
bool hg_texts_have(const struct hg_text *, size_t n, uint32_t lcid); /* is one in that language? */

/* Where a device stands, and what a meeting is about: what a state says beside the availability (EP 1.4, 2.7).
 * Immutable, shared by reference; equal if `hash` is. */
struct hg_details {
	size_t refs;
	uint64_t hash;
	struct hg_bytes *location; /* endpointLocation: "office", a building, ...; NULL none */
	struct hg_bytes *zone;     /* timeZoneName; NULL: no time zone */
	struct hg_bytes *zone_abbreviation;
	int32_t zone_bias;                /* timeZoneBias: minutes that UTC is ahead */
	char device[HG_DEVICE_MAX];       /* "computer", "mobile", ...; "" not said */
	struct hg_bytes *subject, *place; /* of a meeting; NULL none */
	struct hg_bytes *endpoint;        /* endpointId of an aggregateMachineState; NULL none */
};

struct hg_details *hg_details_new(const struct hg_details *like); /* NULL: there is nothing in it */
struct hg_details *hg_details_ref(struct hg_details *);           /* NULL is fine here and below */
void hg_details_unref(struct hg_details *);

/* Decoded payload of category `state` (EP 1.4). Plain data but for `custom` and `details`. */
struct hg_state {
	enum hg_state_kind kind;
	bool manual;
	uint32_t availability;    /* raw number; 0: none given */
	char token[HG_TOKEN_MAX]; /* activity token, "" none; matched without regard to case */
	uint32_t min,
		max; /* availabilities at which the activity holds; defaults 0 and UINT32_MAX */
	struct hg_texts *custom;    /* activity text of the user's own, NULL none; owned */
	int64_t start;              /* UTC ms, 0 none */
	int64_t last_active;        /* UTC ms, 0 none */
	struct hg_details *details; /* NULL none; owned */
};

void hg_state_copy(struct hg_state *to, const struct hg_state *from);
void hg_state_done(struct hg_state *);
bool hg_state_eq(const struct hg_state *, const struct hg_state *);

/* What a calendar says of one moment. */
enum hg_busy { HG_BUSY_UNKNOWN, HG_BUSY_FREE, HG_BUSY_TENTATIVE, HG_BUSY_BUSY, HG_BUSY_OOF };

/* Decoded payload of category `calendarData` (EP 1.7), if it says when its owner is free. Immutable, shared by reference. */
struct hg_calendar {
	size_t refs;
	int64_t start; /* UTC ms: when the first slot begins */
	int64_t slot;  /* ms, how long each is */
	struct hg_bytes *
		codes; /* two bits a slot, the lowest ones first: 0 free, 1 tentative, 2 busy, 3 out of office */
};

/* NULL: there is no slot in it. */
struct hg_calendar *hg_calendar_new(const struct hg_calendar *like);
struct hg_calendar *hg_calendar_ref(struct hg_calendar *); /* NULL is fine here and below */
void hg_calendar_unref(struct hg_calendar *);
enum hg_busy hg_calendar_at(const struct hg_calendar *, int64_t utc_ms);
/* When it says something else next; 0: never again. */
int64_t hg_calendar_next(const struct hg_calendar *, int64_t utc_ms);
/* Since when it has said what it says then; 0: for ever. */
int64_t hg_calendar_since(const struct hg_calendar *, int64_t utc_ms);

#define HG_TRANSLATIONS_MAX 7

/* Decoded payload of category `note` (EP 1.5). text NULL: an empty note, which clears. */
struct hg_note {
	bool oof; /* out-of-office, else personal */
	struct hg_bytes *text;
	char lang[HG_LANG_MAX]; /* RFC 5646 tag, "" not said */
	int64_t from, until;    /* UTC ms, 0 not said */
	/* The same in up to HG_TRANSLATIONS_MAX further languages, by their tags: of XMPP and PIDF; a category has one text.
	 * NULL none. Owned, as `text` is. */
	struct hg_texts *also;
};

void hg_note_copy(struct hg_note *to, const struct hg_note *from);
void hg_note_done(struct hg_note *);
bool hg_note_eq(const struct hg_note *, const struct hg_note *);

/* What a device, or a person by all of them together, can do (EP 1.8, 1.9). */
enum hg_capability {
	HG_CAN_CCCP,
	HG_CAN_CALENDAR,
	HG_CAN_REMOTE_CALL_CONTROL,
	HG_CAN_VOICE,
	HG_CAN_VIDEO,
	HG_CAN_TEXT,
	HG_CAN_GIF_INK,
	HG_CAN_ISF_INK,
	HG_CAN_BREAKTHROUGH,
	HG_CAN_APPLICATION_SHARING,
	HG_CAN_UCS,
	HG_CAN_CONTAINER_INTEGRITY,
	HG_CAN_WHITEBOARD,
	HG_CAN_POLL,
	HG_CAN_POWERPOINT,
	HG_CAN_NATIVE_FILE,
	HG_CAN_CONF_INVITE,
	HG_CAPABILITIES
};

/* Decoded payload of category `device`. Immutable, shared by reference. Masks of 1 << enum hg_capability. */
struct hg_device {
	size_t refs;
	struct hg_bytes *id; /* endpointId, lower case; NULL not said */
	uint32_t capture, render, publish, named;
};

struct hg_device *hg_device_new(const struct hg_device *like);
struct hg_device *hg_device_ref(struct hg_device *);
void hg_device_unref(struct hg_device *);

/* What category `services` says of a person. */
struct hg_services {
	uint32_t capture, render, publish, named;
	uint32_t availability[HG_CAPABILITIES]; /* of the most active device that can do it */
};

/* ---- the user record: what an administrator says of a person (EP 1.6) ---- */

enum hg_card_field {
	HG_CARD_DISPLAY_NAME,
	HG_CARD_MAIL,
	HG_CARD_TITLE,
	HG_CARD_COMPANY,
	HG_CARD_DEPARTMENT,
	HG_CARD_OFFICE,
	HG_CARD_PHONE_WORK, /* phones are tel: URIs */
	HG_CARD_PHONE_MOBILE,
	HG_CARD_PHONE_HOME,
	HG_CARD_PHONE_OTHER,
	HG_CARD_STREET,
	HG_CARD_CITY,
	HG_CARD_STATE,
	HG_CARD_POSTAL_CODE,
	HG_CARD_COUNTRY, /* ISO 3166, two letters */
	HG_CARD_PHOTO_URL,
	HG_CARD_PHOTO_HASH,
	HG_CARD_FIELDS
};

/* A set of fields. */
#define HG_CARD_BIT(field) (1u << (field))
#define HG_CARD_ALL (HG_CARD_BIT(HG_CARD_FIELDS) - 1)

/* NULL: not said. */
struct hg_card {
	struct hg_bytes *field[HG_CARD_FIELDS];
};

/* Those of these fields that are said; of the others nothing. */
void hg_card_copy(struct hg_card *to, const struct hg_card *from, uint32_t fields);
void hg_card_done(struct hg_card *);
uint32_t hg_card_has(const struct hg_card *); /* the set of fields that are said */
/* "display-name": as the command line, tables of users and the store call it. */
const char *hg_card_field_name(enum hg_card_field);
enum hg_card_field hg_card_field_find(struct hg_str name); /* HG_CARD_FIELDS: none of them */
