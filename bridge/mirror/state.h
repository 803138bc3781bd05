/* SPDX-License-Identifier: Apache-2.0 */
/* Private to bridge/mirror: what the core holds. Who may touch what says core.h. */
#pragma once

#include "bridge/base/intern.h"
#include "bridge/mirror/deadline.h"
#include "bridge/mirror/mirror.h"
#include "bridge/mirror/planted.h"
#include "bridge/mirror/reconcile.h"
#include "bridge/presence/member.h"
#include "bridge/presence/pubs.h"

#include <uthash.h>

struct hg_outlet_obj;
struct hg_directed_obj;
struct hg_tx;

enum { HG_PASSES = 2 }; /* aggregations: container 2 and container 3 */
enum { CORE_MADE_UP = 16 };

/* ---- persons: everything whose home is here. Remote people exist only as addresses in watches
 * ---- */

struct hg_contacts {
	uint32_t delta;
	struct hg_contact *contact;
	size_t ncontacts, contacts_cap;
	struct hg_group *group;
	size_t ngroups, groups_cap;
};

/* What the server publishes in a person's name, made of what his devices say (EP 2.3): one value each, from which the
 * instances in the containers that show it are made up when somebody looks (view_pubs.c). */
struct hg_agg {
	struct hg_state state; /* availability 0: there is none */
	uint32_t version;
	int64_t published;
	uint32_t moves; /* the same of the availability alone, which is all that some are shown */
	int64_t moved;
	bool manual; /* the availability is what he chose himself */
};

struct hg_agg_services {
	struct hg_services services; /* `named` 0: there are none */
	uint32_t version;
	int64_t published;
};

/* The user record, and of each field when it was said, or taken away, last. */
struct hg_user_card {
	struct hg_card said;
	uint32_t version[HG_CARD_FIELDS];
	int64_t at[HG_CARD_FIELDS]; /* UTC ms */
};

struct hg_delegates {
	uint32_t version, staged; /* of the list; the highest that a commit was given */
	struct hg_delegate *v;
	size_t n, cap;
};

struct hg_person {
	hg_addr addr;
	bool exists;  /* durable; false while the commit that makes him a user is under way */
	bool privacy; /* classes of watchers stand for those of them who are his contacts (EP 3.6) */
	struct hg_pubs pubs;
	struct hg_container *container;
	size_t ncontainers, containers_cap;
	struct hg_contacts list;
	struct hg_delegates delegates;
	struct hg_user_card *card; /* NULL: nothing was ever said of him */
	size_t listed;             /* his entry of the directory, from 1; 0: none */
	bool unlisted;             /* his entry is to be made again */
	struct hg_agg agg[HG_PASSES];
	struct hg_agg machine; /* aggregateMachineState */
	struct hg_agg_services services;
	int64_t last_active;    /* UTC ms; 0 while active */
	int64_t calendar_at;    /* monotonic: when his calendar says something else; 0 never */
	int64_t last_published; /* publishTime is monotone */
	uint64_t changed[HG_CAT_COUNT]; /* stamps of hg_core_change */
	uint64_t containers_changed, list_changed, waiting_changed, delegates_changed,
		watchers_changed;
	struct hg_endpoint_obj *endpoint; /* list */
	size_t nendpoints;
	struct hg_watch_obj *watcher; /* watches of which he is the presentity */
	struct hg_watch_obj *watched; /* watches of which he is the watcher */
	struct hg_outlet_obj *self;   /* where he is shown himself */
	struct hg_tx *txq, *txq_tail; /* the head is being worked on */
	size_t ntx;
	bool hinted; /* his soft facts are to be written */
	struct hg_person *hint_next;
	unsigned
		held; /* commits under way that may take something away from some of his watchers */
	UT_hash_handle hh;
};

/* An account elsewhere that is the same person. */
struct hg_link_obj {
	hg_addr addr;
	struct hg_person *person;
	struct hg_bytes *memo; /* durable; its adapter's. NULL none */
	UT_hash_handle hh;
};

struct hg_endpoint_obj {
	hg_endpoint id;
	struct hg_person *person;
	struct hg_bytes *instance;
	struct hg_link_obj *link; /* a resource of a linked account; NULL: a registration */
	struct hg_lane_obj *lane; /* NULL: its connection is gone; it stands until `until` */
	int64_t until; /* monotonic: the registration's end, or the end of the grace time */
	bool abroad;   /* something of somebody else's may be bound to it: it is a delegate's */
	/* a device that names no containers: what it said last, in which vocabulary; NULL: all others */
	struct hg_record *said;
	const struct hg_vocabulary *vocabulary;
	struct hg_endpoint_obj *next, *prev;   /* of the person */
	struct hg_endpoint_obj *lnext, *lprev; /* of the lane */
	UT_hash_handle hh;
};

/* ---- watches ---- */

enum hg_auth { HG_AUTH_NONE, HG_AUTH_PENDING, HG_AUTH_GRANTED, HG_AUTH_REFUSED };

/* Has the owner been asked about this watcher? Durable. */
enum hg_prompt { HG_PROMPT_NONE, HG_PROMPT_OPEN, HG_PROMPT_DONE };

struct hg_face_obj {
	struct hg_bytes *name;
	struct hg_record *said; /* kept, so that another table can read it again */
	struct hg_statement statement;
	uint32_t generation; /* of the lane when it was last heard */
	int64_t at;          /* UTC ms */
	bool directed;       /* to this watcher alone: ends with his word for this resource */
	bool doubted;        /* he is being asked whether it is still so */
};

struct hg_aspect_obj {
	const struct hg_vocabulary *vocabulary;
	struct hg_record *said;
	struct hg_texts *words; /* NULL none */
	struct hg_statement statement; /* by the table of the vocabulary, if there is one */
	uint32_t table;         /* that it was read with; 0 none */
	uint32_t generation;    /* of the lane when it was said */
};

/*
 * The two durable halves (design: Across the border). `out`: may we see the presentity, whose truth
 * is at a route. `in`: may the watcher, who is behind a route, see him through us. The half of an
 * end that is at home counts as granted: its consent is by container. Both ends behind routes is
 * transit, where `in` follows `out`.
 */
struct hg_halves {
	enum hg_auth out, in;
};

struct hg_watch_obj {
	hg_watch id;
	struct {
		hg_addr watcher, presentity;
	} key;
	struct hg_bytes *wire_watcher, *wire_presentity;
	struct hg_halves auth;
	enum hg_prompt prompt;    /* presentity at home */
	struct hg_link_obj *link; /* the presentity is an account of the watcher's own */
	unsigned owed;            /* edges (1 << enum hg_edge) to send when the lane is up */
	int64_t settle_at;        /* monotonic: silence until then is an answer; 0 not armed */
	bool stale;               /* the link is gone, or back and nothing was heard yet: no news */
	bool dismissed;           /* the presentity was taken away */
	bool directed; /* nobody has asked: what was said to others is given to this watcher */
	bool unknown;  /* stale for longer than the grace time, or never heard */
	struct hg_face_obj *face;
	size_t nfaces, faces_cap;
	uint32_t table; /* that they were read with */
	struct hg_aspect_obj *aspect;
	size_t naspects;
	uint64_t changed;
	struct hg_presence shown; /* of the faces, valid while shown_at == changed */
	uint64_t shown_at;
	/* UTC ms: when something was heard that may have changed it; when what is shown became as it is */
	int64_t changed_at, state_since, note_since;
	bool is_out, is_in;    /* the presentity, the watcher is behind a route */
	struct hg_asker asker; /* the watcher, as members of containers are matched */
	struct hg_person *watcher,
		*presentity; /* NULL for a remote end, or a home one that does not exist */
	struct hg_watch_obj *wnext, *wprev; /* in watcher->watched */
	struct hg_watch_obj *pnext, *pprev; /* in presentity->watcher */
	struct hg_outlet_obj *outlet;       /* list */
	UT_hash_handle hh, hh_id;
};

/* ---- outlets ---- */

struct hg_outlet_obj {
	hg_outlet id;
	struct hg_watch_obj *watch; /* NULL: the self view of `self` */
	struct hg_person *self;
	struct hg_lane_obj *lane;
	struct hg_endpoint_obj *endpoint; /* whose it is; NULL for standing outlets */
	uint16_t format;
	uint64_t cookie, sequence;
	bool standing; /* made by the core for a granted watcher behind the lane's route */
	bool queued;
	bool told; /* something was handed to it since it counts as not sent */
	bool sees; /* standing: somebody who is there, and he may know when he was */
	int64_t seen; /* standing: UTC ms when who is not there was; 0 he may not know */
	struct hg_bytes *planted_bytes;
	struct hg_outlet_obj *next, *prev;   /* of the watch or the person */
	struct hg_outlet_obj *lnext, *lprev; /* of the lane */
	struct hg_outlet_obj *qnext, *qprev; /* waiting for the lane's room */
	UT_hash_handle hh;
	size_t nparts;
	struct hg_projection part[];
};

/* ---- lanes ---- */

struct hg_lane_obj {
	hg_lane id;
	const struct hg_adapter *adapter;
	void *self;
	hg_route route;
	hg_addr *domain, *beyond, directed; /* as of struct hg_lane_spec */
	size_t ndomains, nbeyond;
	uint16_t format;
	struct hg_lane_part also[HG_LANE_PARTS]; /* of its standing outlets, beside HG_PART_WHOLE */
	bool up, settled, in_order, unasked, fades;
	bool again; /* the round of questions that is under way is not the link's first */
	uint32_t generation;
	uint32_t room;
	int64_t grace_at, settle_at, pace_at, again_at; /* monotonic, 0 not armed */
	hg_watch *ask; /* watches to probe or ask, in the order of the queue */
	size_t nask, ask_cap, asked;
	struct hg_outlet_obj *outlet;     /* list */
	struct hg_endpoint_obj *endpoint; /* list: registered over it */
	struct hg_outlet_obj *queue;      /* those that something is to be looked at for */
	size_t nqueued;
	struct hg_lane_obj *qnext, *qprev; /* lanes with a queue */
	struct hg_lane_obj *rnext, *rprev; /* route lanes only */
	UT_hash_handle hh;
};

/* ---- renderings ---- */

struct hg_frag_obj {
	struct hg_frag frag; /* first: a parcel points at this */
	const struct hg_adapter *adapter;
	uint32_t table;
	struct hg_record *record; /* what it was written from; NULL: of no vocabulary */
	uint32_t since, list; /* the owner's contact list: from which number it leads to which */
	hg_viewid view;
	struct hg_frag_obj *next;
};

struct hg_cellkey {
	hg_viewid view;
	uint64_t part;
};

/* One part of one view: its digest, the revision minted from it, and its renderings. */
struct hg_cell {
	struct hg_cellkey key;
	uint64_t changed; /* of the person or watch when the digest was made */
	bool fresh;
	uint64_t digest, revision;
	struct hg_frag_obj *frag;
	struct hg_cell *next, *prev; /* least recently used first */
	UT_hash_handle hh;
};

/* ---- up-calls that wait for the end of a down-call ---- */

enum hg_later {
	LATER_LANE_UP,
	LATER_LANE_ROOM,
	LATER_LANE_CLOSE,
	LATER_OUTLET_LOST,
	LATER_OUTLET_SHUT
};

struct hg_later_call {
	enum hg_later kind;
	uint32_t id, value;
};

/* An error on its way to whoever watches. */
struct hg_error_call {
	hg_watch watch;
	struct hg_xmpp_error error;
	hg_addr instead;
};

/* ---- the directory: what is searched, as text in one piece (directory_index.c) ---- */

struct hg_listing {
	hg_addr addr; /* 0: he is gone */
	size_t from, to;
};

struct hg_index {
	struct hg_buf text;
	struct hg_listing *entry; /* in the order of the text */
	size_t n, cap;
	size_t dead;   /* bytes of the text that are nobody's any more */
	hg_addr *late; /* whose entries are to be made */
	size_t nlate, late_cap;
};

struct hg_search_obj;

/* ---- mapping tables ---- */

struct hg_core_tables {
	const struct hg_table *general;
	struct hg_override *of; /* by address */
	size_t n;
};

/* ---- the whole ---- */

struct hg_core {
	struct hg_core_env env;
	struct hg_person *persons;
	struct hg_link_obj *links;
	struct hg_endpoint_obj *endpoints;
	struct hg_watch_obj *watches, *watches_by_id;
	struct hg_directed_obj *directed;
	uint32_t ndirected; /* watches that are */
	struct hg_outlet_obj *outlets;
	struct hg_lane_obj *lanes, *route_lanes, *pump;
	struct hg_cell *cells, *cells_lru;
	struct hg_frag_obj
		*replaced; /* fragments of tables that are gone; until the end of the turn */
	struct hg_deadlines deadlines;
	struct hg_core_tables *tables; /* of each vocabulary */
	size_t ntables, tables_cap;
	const char *route_name[HG_ROUTES_MAX + 1];
	uint32_t last_id;
	uint64_t last_revision, last_change;
	struct hg_tx *ready, *ready_tail; /* persons' heads to look at in this turn */
	size_t commits;
	struct hg_person *hinted; /* list */
	bool hinting;             /* hints are being written */
	hg_addr *hinting_of;      /* of these persons */
	size_t nhinting_of, hinting_of_cap;
	int64_t hint_at;          /* monotonic, 0 not armed */
	struct hg_kept *keeping;  /* hash: of adapters, to be written */
	struct hg_kept *writing;  /* hash: likewise, being written */
	struct hg_kept *kept;     /* hash: of the last process, not asked for yet */
	bool in_turn, farewell, quiet;
	unsigned down;               /* inside a down-call */
	struct hg_later_call *later; /* up-calls made inside one */
	size_t nlater, later_cap;
	struct hg_error_call *error; /* to be passed on at the end of the turn */
	size_t nerrors, errors_cap;
	char resource[HG_PART_MAX + 1]; /* of the address read last */
	int64_t started;                /* monotonic */
	struct hg_self self;            /* of the view made last */
	struct hg_waiting *waiting;
	size_t waiting_cap;
	struct hg_buf waiting_text;          /* that they borrow */
	struct hg_watched_by *by;
	size_t by_cap;
	struct hg_buf by_text;               /* likewise */
	struct hg_pub made_up[CORE_MADE_UP]; /* publications made up for that view */
	const struct hg_pub **view_pub;      /* all that it holds of the part */
	size_t view_pub_cap;
	struct hg_face *view_face; /* of the view that is being rendered; their records are owned */
	size_t view_face_cap;
	struct hg_index index;
	struct hg_search_obj *search; /* list: those that are not answered */
	const struct hg_frag **parcel_frag;
	size_t nparcel_frags, parcel_frag_cap;
	struct hg_core_stats stats;
};
