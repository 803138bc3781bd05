/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of presence: publications, typed facets, aggregates, views (docs/architecture.md).
 *
 * A publication is opaque bytes with a key, a version and an expiry. Where something computes with
 * its content (category `state`, category `note`) the decoder that read the bytes also gives a
 * typed facet.
 */
#pragma once

#include <heliograph/base.h>

/* ---- names of things: interned, 0 = none, valid for the life of the process, never on disk or
 * wire ---- */

typedef uint32_t hg_addr;     /* an address of a person or a domain, canonical */
typedef uint32_t hg_endpoint; /* one device of a home person: a registration */
typedef uint32_t hg_watch;    /* one watcher's durable wish to see one presentity */
typedef uint32_t hg_outlet;   /* one place where a watch is shown */
typedef uint32_t
	hg_lane; /* one ordered way to and from peers: a SIP connection, a component stream */
typedef uint16_t hg_route; /* where foreign domains live: an adapter's way out */

/* Network class of a watcher, [MS-PRES] container members `sameEnterprise`, `federated`,
 * `publicCloud`. */
enum hg_trust { HG_TRUST_NONE, HG_SAME_ENTERPRISE, HG_FEDERATED, HG_PUBLIC_CLOUD };

/* ---- categories (EP 1.3) and the other parts that a document is made of ---- */

#define HG_CATEGORIES_CUSTOM 16
#define HG_CATEGORY_NAME_MAX 64 /* bytes */

typedef uint16_t hg_part; /* a category, or one of the HG_PART_ values */

enum {
	HG_CAT_NONE,
	HG_CAT_STATE,
	HG_CAT_NOTE,
	HG_CAT_NOTE_HISTORY,
	HG_CAT_CONTACT_CARD,
	HG_CAT_CALENDAR_DATA,
	HG_CAT_SERVICES,
	HG_CAT_LEGACY_INTEROP,
	HG_CAT_DEVICE,
	HG_CAT_DND_STATE,
	HG_CAT_ROUTING,
	HG_CAT_RCC_OPTIONS,
	HG_CAT_OTHER_OPTIONS,
	HG_CAT_ALERTS,
	HG_CAT_USER_INFORMATION,
	HG_CAT_USER_PROPERTIES,
	HG_CAT_WORKING_HOURS,
	HG_CAT_MWI,
	HG_CAT_CUSTOM, /* the first of those that applications define: hg_category_define */
	HG_CAT_COUNT = HG_CAT_CUSTOM + HG_CATEGORIES_CUSTOM,
	HG_PART_WHOLE = 0x100, /* all that one stanza or PIDF document says */
	HG_PART_ASPECT,        /* what another vocabulary says of the same: what somebody does */
	HG_PART_CONTAINERS,    /* the owner's containers and their members */
	HG_PART_SUBSCRIBERS,   /* watchers that wait for the owner's word */
	HG_PART_DELEGATES,     /* who may act in the owner's name */
	HG_PART_CONTACTS,      /* the owner's contact list, as a delta since the last one */
	HG_PART_WATCHERS,      /* who watches the owner, or would */
	HG_PART_END
};

hg_part hg_category_find(
	struct hg_str name); /* HG_CAT_NONE: not a category we know; case-sensitive */
const char *hg_category_name(hg_part category); /* "" for what is no category, or not defined */
/*
 * A category of an application's own, from now on: published, kept and shown like any that nothing computes with. -EEXIST: it
 * is one already, -EINVAL: not a name (letters, digits, '.', '_', '-'; a letter first), -ENOSPC: there are HG_CATEGORIES_CUSTOM.
 */
int hg_category_define(struct hg_str name);
bool hg_category_is_name(struct hg_str);

/* ---- well-known containers (EP 3.1) ---- */

enum {
	HG_C_DEFAULT = 0,
	HG_C_SELF = 1,
	HG_C_AGGREGATION = 2,
	HG_C_AGGREGATION_URGENT = 3,
	HG_C_EXTERNAL = 100,
	HG_C_COLLEAGUES = 200,
	HG_C_WORKGROUP = 300,
	HG_C_FRIENDS = 400,
	HG_C_BLOCKED = 32000,
	HG_C_MAX = 32767
};

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

/* ---- typed facets ---- */

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

/* One text in several languages. Immutable, shared by reference; equal if `hash` is. */
struct hg_text {
	uint32_t lcid; /* the language, [MS-LCID]; 0 not said */
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

#define HG_LANG_MAX 36

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

/* The same in further languages. Immutable, shared by reference; equal if `hash` is. */
struct hg_translation {
	char lang[HG_LANG_MAX]; /* RFC 5646 tag, never "" */
	struct hg_bytes *text;
};

struct hg_translations {
	size_t refs, n;
	uint64_t hash;
	struct hg_translation v[];
};

#define HG_TRANSLATIONS_MAX 7
struct hg_translations *hg_translations_new(
	const struct hg_translation *, size_t n); /* NULL: there are none */
struct hg_translations *hg_translations_ref(
	struct hg_translations *); /* NULL is fine here and below */
void hg_translations_unref(struct hg_translations *);

/* Decoded payload of category `note` (EP 1.5). text NULL: an empty note, which clears. */
struct hg_note {
	bool oof; /* out-of-office, else personal */
	struct hg_bytes *text;
	char lang[HG_LANG_MAX]; /* RFC 5646 tag, "" not said */
	int64_t from, until;    /* UTC ms, 0 not said */
	/* Of XMPP and PIDF; a category has one text. NULL none. Owned, as `text` is. */
	struct hg_translations *also;
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

/* ---- publications (EP 1.2) ---- */

enum hg_expiry { HG_STATIC, HG_ENDPOINT, HG_USER, HG_TIME };

const char *hg_expiry_name(enum hg_expiry); /* as expireType has it */
bool hg_expiry_find(struct hg_str name, enum hg_expiry *ret);

struct hg_pubkey {
	hg_part category;
	uint16_t container;
	uint32_t instance;
};

struct hg_pub {
	struct hg_pubkey key;
	uint32_t version; /* 1 for the first one stored */
	enum hg_expiry expiry;
	int64_t until;            /* monotonic ms, HG_TIME only */
	int64_t published;        /* UTC ms, strictly growing within a person */
	hg_endpoint origin;       /* who published it; 0 the server */
	bool live;                /* else a tombstone */
	struct hg_bytes *payload; /* the element as it came; NULL: to be written from the facet */
	struct hg_state
		state; /* category HG_CAT_STATE; without a payload also HG_CAT_LEGACY_INTEROP */
	struct hg_note note;          /* category HG_CAT_NOTE */
	struct hg_device *device;     /* category HG_CAT_DEVICE; owned */
	struct hg_calendar *calendar; /* category HG_CAT_CALENDAR_DATA; owned */
	const struct hg_services
		*services; /* category HG_CAT_SERVICES, of the server's own; borrowed */
	/* Made by the server of the user record: which of its fields it holds. NULL: all else.
	 * Borrowed. */
	const struct hg_card *card;
	uint32_t card_fields;
	int64_t ended; /* of a tombstone: UTC ms */
};

/* One publication of a request. Borrowed by whoever it is passed to, unless that says `take`. */
struct hg_change {
	struct hg_pubkey key;
	uint32_t version; /* the version that the publisher believes in; 0: none there yet */
	enum hg_expiry expiry;
	int64_t expires; /* seconds; 0 deletes; -1 not said */
	struct hg_bytes *payload;
	struct hg_state state;
	struct hg_note note;
	struct hg_device *device;
	struct hg_calendar *calendar;
};

void hg_change_copy(struct hg_change *to, const struct hg_change *from);
void hg_change_done(struct hg_change *);

struct hg_conflict {
	uint32_t index; /* from 1, as the fault document counts */
	uint32_t version, current;
};

/* ---- what a mapping table makes of what one remote resource, or one linked device, says ---- */

struct hg_presence;

struct hg_statement {
	uint32_t machine;  /* availability of the device, 0 nothing said */
	uint32_t user;     /* availability that the person chose, 0 nothing said */
	bool automatic;    /* not he chose `user`, but a program did in his name */
	uint32_t phone;    /* availability in a call, 0 nothing said */
	uint32_t calendar; /* availability in a meeting, 0 nothing said */
	/* What he is doing, by the user, phone or calendar that is said; "" none. It holds at the availabilities of
	 * hg_token_bounds. */
	char token[HG_TOKEN_MAX];
	int priority;        /* -128..127; a negative one takes no part at person level */
	int64_t idle_since;  /* UTC ms, 0 not idle */
	struct hg_note note; /* text NULL: none */
	bool beside; /* said beside a presence: nothing of a device, and nothing without one */
	/* The whole of it, where it was said beside the protocol's own words; borrowed from the record that was read. NULL: it
	 * was not. */
	const struct hg_presence *exact;
};

void hg_statement_done(struct hg_statement *);
bool hg_statement_eq(const struct hg_statement *, const struct hg_statement *);
bool hg_statement_says(const struct hg_statement *); /* a state, of whatever kind */

/* ---- person level of a view: what a mapping table makes native fields from ---- */

/* What a device is, by what it calls itself (EP 1.4). */
enum hg_device_kind {
	HG_DEVICE_UNKNOWN,
	HG_DEVICE_COMPUTER,
	HG_DEVICE_DESKPHONE,
	HG_DEVICE_MOBILE,
	HG_DEVICE_WEB,
	HG_DEVICE_OTHER
};

enum hg_device_kind hg_device_kind_of(struct hg_str name); /* upper and lower case are the same */
const char *hg_device_kind_name(enum hg_device_kind);      /* "" for HG_DEVICE_UNKNOWN */

/* Whose circle a view is: a container by what it is for. */
enum hg_circle {
	HG_CIRCLE_NONE, /* a received view */
	HG_CIRCLE_EXTERNAL,
	HG_CIRCLE_COLLEAGUES,
	HG_CIRCLE_WORKGROUP,
	HG_CIRCLE_FRIENDS,
	HG_CIRCLE_BLOCKED,
	HG_CIRCLE_CUSTOM
};

enum hg_circle hg_circle_of(uint16_t container);

struct hg_presence {
	uint32_t availability;    /* raw; 0 unknown */
	struct hg_state activity; /* only token, custom, min, max count; no details */
	int64_t last_active;      /* UTC ms, 0 while active or not known */
	struct hg_note note;
	bool manual;                /* he chose this availability himself */
	enum hg_busy busy;          /* what his calendar says of now */
	enum hg_device_kind device; /* where he was active last */
	enum hg_circle circle;
	uint8_t hops; /* gateways that it came through; what no gateway passed on has none */
};

void hg_presence_copy(struct hg_presence *to, const struct hg_presence *from);
void hg_presence_done(struct hg_presence *);
bool hg_presence_eq(const struct hg_presence *, const struct hg_presence *);

/* ---- views ---- */

typedef uint64_t hg_viewid; /* opaque: home(person, container), received(watch), self(person) */

enum hg_standing {
	HG_KNOWN,
	HG_UNKNOWN, /* nothing is known: the way there is broken, longer than the grace time */
	HG_PENDING, /* the presentity has not agreed (yet) */
	HG_REFUSED, /* it said no: shown as offline */
	HG_NOBODY   /* no such presentity: 404, RLMI noresource */
};

const char *hg_standing_name(enum hg_standing); /* "known" "unknown" "pending" "refused" "nobody" */

/* [MS-PRES] container members, EP 3.2.1 */
enum hg_member_type {
	HG_MEMBER_EVERYONE = 1,
	HG_MEMBER_FEDERATED,
	HG_MEMBER_PUBLIC_CLOUD,
	HG_MEMBER_SAME_ENTERPRISE,
	HG_MEMBER_DOMAIN,
	HG_MEMBER_USER
};

const char *hg_member_type_name(enum hg_member_type);        /* as on the wire */
enum hg_member_type hg_member_type_find(struct hg_str name); /* 0: no such type */

struct hg_member {
	enum hg_member_type type;
	struct hg_bytes *value; /* "user@domain" or "domain", as it came; NULL for the classes */
	hg_addr addr;           /* the user or the bare domain, 0 for the classes */
};

struct hg_container {
	uint16_t id;
	uint32_t version;
	struct hg_member *member;
	size_t n, cap;
};

enum {
	HG_GROUP_OTHER = 1
}; /* "Other Contacts", always there: whoever is in no other group (EP 4.5.2) */

struct hg_group {
	uint32_t id; /* 1..64 */
	struct hg_bytes *name, *external;
	uint32_t added, changed; /* as for contacts */
	bool gone;
};

struct hg_contact {
	hg_addr addr;
	struct hg_bytes *uri;    /* "user@domain" as the owner wrote it, without scheme */
	struct hg_bytes *name;   /* may be empty */
	struct hg_bytes *groups; /* group ids, blank-separated */
	struct hg_bytes *external;
	bool subscribed;
	uint32_t added, changed; /* deltaNum at which it came into being, and changed last */
	bool gone;               /* deleted at `changed`; kept until every outlet was told */
};

/* How far somebody is who wants to see the owner (RFC 3857 3.7.1). */
enum hg_watch_state {
	HG_WATCH_PENDING, /* not let in yet */
	HG_WATCH_ACTIVE,  /* he sees what he may see, and be it nothing */
	HG_WATCH_WAITING  /* not let in yet, and he has stopped looking */
};

struct hg_watched_by {
	hg_watch id;
	struct hg_str user; /* "user@domain", written as in a SIP URI */
	struct hg_str name; /* may be empty */
	enum hg_watch_state how;
};

/* A watcher whom the owner has not acknowledged, [MS-PRES] subscribers. */
struct hg_waiting {
	struct hg_str user; /* "user@domain", written as in a SIP URI */
	enum hg_trust trust;
	struct hg_str name; /* by which he is known here; "": by none */
};

/* Somebody who may act in the owner's name, [MS-PRES] delegates. */
struct hg_delegate {
	hg_addr addr;
	struct hg_bytes *uri; /* "user@domain", written as in a SIP URI */
	bool publish;         /* may publish in his name */
	bool redelegate;      /* may change his delegates in his name */
};

/* What the owner alone sees beside his publications. Borrowed until the end of the call. */
struct hg_self {
	const struct hg_container *container;
	size_t ncontainers;
	const struct hg_contact *contact;
	size_t ncontacts;
	const struct hg_group *group;
	size_t ngroups;
	uint32_t delta;                   /* number of the contact list */
	const struct hg_waiting *waiting; /* HG_PART_SUBSCRIBERS */
	size_t nwaiting;
	const struct hg_watched_by *by; /* HG_PART_WATCHERS; those who are not let in first */
	size_t nby;
	const struct hg_delegate *delegate; /* HG_PART_DELEGATES */
	size_t ndelegates;
	uint32_t delegates_version; /* 0: there never were any */
};

struct hg_record;

/* What one resource of a remote person says, in the words of the format that it is rendered in. */
struct hg_face {
	struct hg_str name; /* may be empty */
	int priority;       /* -128..127 */
	struct hg_record *record;
	const struct hg_presence *exact; /* as of struct hg_statement */
};

/* One part of a view, ready to be rendered. Borrowed until the end of the call. */
struct hg_view {
	hg_viewid id;
	hg_part part;
	uint64_t revision; /* minted anew only when the digest changes */
	enum hg_standing standing;
	hg_addr address;                 /* of the presentity */
	struct hg_str presentity;        /* canonical "user@domain" */
	struct hg_presence person;       /* HG_PART_WHOLE, HG_PART_ASPECT */
	const struct hg_face *face;      /* HG_PART_WHOLE of a received view, for a mapped format */
	size_t nfaces;
	/* A category: what of it this view holds, in no order. HG_PART_WHOLE: the contact cards. */
	const struct hg_pub *const *pub;
	size_t npubs;
	/* HG_PART_WHOLE of somebody who is there: his calendar, and since when it has said what it says of now; NULL none */
	const struct hg_calendar *calendar;
	int64_t calendar_since;
	const struct hg_self *self; /* the owner's own parts */
	uint32_t
		since; /* HG_PART_CONTACTS: the delta known there already, 0 none: the whole list */
};
