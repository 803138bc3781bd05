/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of presence: publications, aggregates, views (docs/architecture.md).
 *
 * A publication is opaque bytes with a key, a version and an expiry. Where something computes with
 * its content (category `state`, category `note`) the decoder that read the bytes also gives a
 * typed facet (facets.h).
 */
#pragma once

#include <heliograph/facets.h>

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

/* RFC 6121 4.7.2.1, and RFC 8048 6.2 in PIDF: how somebody is there, in a word that both protocols have. The availability says
 * more to everybody else, but not whether he is free for chat, or extended away. */
enum hg_show { HG_SHOW_NONE, HG_SHOW_AWAY, HG_SHOW_CHAT, HG_SHOW_DND, HG_SHOW_XA };

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
	enum hg_show show;   /* as the peer said it; NONE: it did not, or another word than these */
	int64_t idle_since;  /* UTC ms, 0 not idle */
	struct hg_note note; /* text NULL: none */
	/* The same and what else he said of himself, for who has no name for it; NULL none, owned. It goes with the token, but a
	 * standard one is shown alone. */
	struct hg_texts *words;
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
	/* Of a remote person: what the resource that decides has said; of others NONE and 0. */
	enum hg_show show;
	int8_t priority;
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
