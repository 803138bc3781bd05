/* SPDX-License-Identifier: Apache-2.0 */
/* Private to bridge/mirror: the structures that its files share. mirror.h is the door. */
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
struct hg_tx;

enum { HG_PASSES = 2 }; /* aggregations: container 2 and container 3 */
enum { CORE_MADE_UP = 8 };

/* ---- persons: everything whose home is here. Remote people exist only as addresses in watches
 * ---- */

struct hg_contacts {
	uint32_t delta;
	struct hg_contact *contact;
	size_t ncontacts, contacts_cap;
	struct hg_group *group;
	size_t ngroups, groups_cap;
};

/* The aggregated state of one pass, and the instances made of it for each container that shows it.
 */
struct hg_agg {
	struct hg_state state;
	uint32_t version;
	int64_t published;
};

struct hg_person {
	hg_addr addr;
	bool exists; /* durable; false while the commit that makes him a user is under way */
	struct hg_pubs pubs;
	struct hg_container *container;
	size_t ncontainers, containers_cap;
	struct hg_contacts list;
	struct hg_agg agg[HG_PASSES];
	int64_t last_active;            /* UTC ms; 0 while active */
	int64_t last_published;         /* publishTime is monotone */
	uint64_t changed[HG_CAT_COUNT]; /* stamps of hg_core_change */
	uint64_t containers_changed, list_changed, waiting_changed;
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
	UT_hash_handle hh;
};

struct hg_endpoint_obj {
	hg_endpoint id;
	struct hg_person *person;
	struct hg_bytes *instance;
	struct hg_link_obj *link; /* a resource of a linked account; NULL: a registration */
	struct hg_lane_obj *lane; /* NULL: its connection is gone; it stands until `until` */
	int64_t until; /* monotonic: the registration's end, or the end of the grace time */
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
	bool unknown;             /* stale for longer than the grace time, or never heard */
	struct hg_face_obj *face;
	size_t nfaces, faces_cap;
	uint64_t changed;
	struct hg_presence shown; /* of the faces, valid while shown_at == changed */
	uint64_t shown_at;
	int64_t state_since, note_since; /* UTC ms: when what is shown became as it is */
	bool is_out, is_in;              /* the presentity, the watcher is behind a route */
	struct hg_asker asker;           /* the watcher, as members of containers are matched */
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
	hg_addr *domain;
	size_t ndomains;
	uint16_t format;
	bool up, settled;
	uint32_t generation;
	uint32_t room;
	int64_t grace_at, settle_at, pace_at; /* monotonic, 0 not armed */
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

/* ---- the whole ---- */

struct hg_core {
	struct hg_core_env env;
	struct hg_person *persons;
	struct hg_link_obj *links;
	struct hg_endpoint_obj *endpoints;
	struct hg_watch_obj *watches, *watches_by_id;
	struct hg_outlet_obj *outlets;
	struct hg_lane_obj *lanes, *route_lanes, *pump;
	struct hg_cell *cells, *cells_lru;
	struct hg_deadlines deadlines;
	const struct hg_table **table;
	size_t ntables, tables_cap;
	const char *route_name[16];
	uint32_t last_id;
	uint64_t last_revision, last_change;
	struct hg_tx *ready, *ready_tail; /* persons' heads to look at in this turn */
	size_t commits;
	struct hg_person *hinted; /* list */
	bool hinting;             /* hints are being written */
	int64_t hint_at;          /* monotonic, 0 not armed */
	bool in_turn, farewell, quiet;
	unsigned down;               /* inside a down-call */
	struct hg_later_call *later; /* up-calls made inside one */
	size_t nlater, later_cap;
	char resource[HG_PART_MAX + 1]; /* of the address read last */
	int64_t started;                /* monotonic */
	struct hg_self self;            /* of the view made last */
	struct hg_waiting *waiting;
	size_t waiting_cap;
	struct hg_buf waiting_text;          /* that they borrow */
	struct hg_pub made_up[CORE_MADE_UP]; /* publications made up for that view */
	const struct hg_pub **view_pub;      /* all that it holds of the part */
	size_t view_pub_cap;
	const struct hg_frag **parcel_frag;
	size_t nparcel_frags, parcel_frag_cap;
	struct hg_core_stats stats;
};

static inline struct hg_now core_now(struct hg_core *c)
{
	return c->env.now(c->env.ctx);
}

void hg_core_count(struct hg_core *, const char *counter);
uint32_t hg_core_new_id(struct hg_core *);
uint64_t hg_core_change(struct hg_core *); /* a stamp that never came before */
void hg_core_wake(struct hg_core *);

/* event.c */
void hg_core_event(struct hg_core *, const struct hg_event *);
void hg_core_edge_event(struct hg_core *, enum hg_event_kind, const struct hg_lane_obj *,
	const struct hg_pair *, enum hg_edge);

/* person.c */
struct hg_person *hg_person_find(struct hg_core *, hg_addr); /* also one that does not exist yet */
struct hg_person *hg_person_get(struct hg_core *, hg_addr);  /* makes him, not existing */
void hg_person_free(struct hg_core *, struct hg_person *);
void hg_person_forget(struct hg_core *, struct hg_person *); /* all that he has; as a new one */
bool hg_person_exists(struct hg_core *, hg_addr);
int64_t hg_person_stamp(struct hg_core *, struct hg_person *); /* publishTime: UTC ms, grows */
/* Something of the category changed: aggregates, and lets everybody who is shown him be looked at.
 */
void hg_person_changed(struct hg_core *, struct hg_person *, const bool category[HG_CAT_COUNT]);
void hg_person_containers_changed(struct hg_core *, struct hg_person *);
void hg_person_list_changed(struct hg_core *, struct hg_person *);
void hg_person_self_dirty(struct hg_core *, struct hg_person *);
struct hg_where hg_core_where(struct hg_core *, hg_addr);
bool hg_core_is_home(struct hg_core *, hg_addr);

/* endpoint.c */
struct hg_endpoint_obj *hg_endpoint_find(struct hg_core *, hg_endpoint);
struct hg_endpoint_obj *hg_endpoint_of(struct hg_person *, struct hg_str instance);
struct hg_endpoint_obj *hg_endpoint_register(struct hg_core *, struct hg_person *,
	struct hg_str instance, struct hg_lane_obj *, uint32_t expires);
/* From a hint: without a connection, for so many ms. NULL: there are too many. */
struct hg_endpoint_obj *hg_endpoint_restore(
	struct hg_core *, struct hg_person *, struct hg_str instance, int64_t ms);
void hg_endpoint_end(struct hg_core *, struct hg_endpoint_obj *, const char *why);
void hg_endpoint_lost(struct hg_core *, struct hg_endpoint_obj *); /* its connection is gone */
void hg_endpoint_due(struct hg_core *, hg_endpoint, int64_t now);

/* watch.c */
struct hg_watch_obj *hg_watch_find(struct hg_core *, hg_addr watcher, hg_addr presentity);
struct hg_watch_obj *hg_watch_get(struct hg_core *, hg_addr watcher, hg_addr presentity,
	struct hg_str wire_watcher, struct hg_str wire_presentity); /* NULL: too many */
bool hg_watch_full(struct hg_core *);                               /* and counts it */
void hg_watch_release(
	struct hg_core *, struct hg_watch_obj *); /* frees one that nothing needs any more */
void hg_watch_free(struct hg_core *, struct hg_watch_obj *);
uint16_t hg_watch_container(const struct hg_watch_obj *);
enum hg_standing hg_watch_standing(struct hg_core *, const struct hg_watch_obj *);
void hg_watch_dirty(struct hg_core *, struct hg_watch_obj *);
struct hg_asker hg_core_asker(struct hg_core *, hg_addr watcher);
bool hg_watch_held(const struct hg_watch_obj *);
struct hg_halves hg_watch_no_halves(
	struct hg_core *, hg_addr watcher, hg_addr presentity); /* as they are before any edge */
void hg_watch_set_halves(struct hg_core *, struct hg_watch_obj *, struct hg_halves);
void hg_watch_owe(struct hg_core *, struct hg_watch_obj *, enum hg_edge);
void hg_watch_forget_faces(struct hg_core *, struct hg_watch_obj *);
struct hg_lane_obj *hg_watch_out_lane(
	struct hg_core *, const struct hg_watch_obj *); /* to the presentity; NULL */
struct hg_lane_obj *hg_watch_in_lane(
	struct hg_core *, const struct hg_watch_obj *); /* to the watcher; NULL */
struct hg_pair hg_watch_pair(const struct hg_watch_obj *);
void hg_watch_ask(struct hg_core *, struct hg_watch_obj *); /* probes; silence settles it */
void hg_watch_due(struct hg_core *, hg_watch, int64_t now);
void hg_watch_send_owed(struct hg_core *, struct hg_watch_obj *);

/* link.c */
struct hg_link_obj *hg_link_find(struct hg_core *, hg_addr); /* NULL: it is nobody's */
struct hg_link_obj *hg_link_add(struct hg_core *, struct hg_person *, hg_addr);
void hg_link_remove(struct hg_core *, struct hg_link_obj *);
void hg_link_sync(struct hg_core *, struct hg_watch_obj *); /* what its resources say has changed */
struct hg_endpoint_obj *hg_endpoint_linked(
	struct hg_core *, struct hg_link_obj *, struct hg_str instance); /* endpoint.c */

/* hints.c */
void hg_hint(struct hg_core *, struct hg_person *); /* something soft of his has changed */
void hg_hints_due(struct hg_core *);
void hg_hint_forget(struct hg_core *, struct hg_person *); /* nothing is to come back of him */
void hg_hint_forget_then(
	struct hg_core *, struct hg_person *, void (*done)(void *arg, int rc), void *arg);

/* consent.c */
/* May he watch, as things are now? */
bool hg_consent_given(struct hg_core *, struct hg_person *, const struct hg_asker *);
/* What becomes of the prompt when this watcher begins to watch. */
enum hg_prompt hg_prompt_for(
	struct hg_core *, struct hg_person *, hg_addr watcher, enum hg_prompt now);
void hg_prompt_set(struct hg_core *, struct hg_watch_obj *, enum hg_prompt);
size_t hg_prompts_list(struct hg_core *, struct hg_person *); /* into c->waiting */

/* faces.c */
void hg_faces_set(struct hg_core *, struct hg_watch_obj *, struct hg_str name,
	struct hg_record *take, uint32_t generation);
void hg_faces_gone(struct hg_core *, struct hg_watch_obj *, struct hg_str name); /* "": all */
void hg_faces_settle(struct hg_core *, struct hg_watch_obj *, uint32_t generation);
void hg_faces_remap(struct hg_core *, struct hg_watch_obj *, const struct hg_table *);
void hg_faces_reread(struct hg_core *, struct hg_watch_obj *); /* by another grammar */
const struct hg_presence *hg_watch_shown(struct hg_core *, struct hg_watch_obj *);
void hg_face_free(struct hg_face_obj *);

/* outlet.c */
struct hg_outlet_obj *hg_outlet_find(struct hg_core *, hg_outlet);
struct hg_outlet_obj *hg_outlet_new(struct hg_core *, struct hg_lane_obj *, struct hg_watch_obj *,
	struct hg_person *self, uint16_t format, const hg_part *, size_t nparts);
void hg_outlet_free(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_end(struct hg_core *, struct hg_outlet_obj *);  /* tells its adapter, then frees */
void hg_outlet_shut(struct hg_core *, struct hg_outlet_obj *); /* its adapter knows */
void hg_outlet_dirty(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_unqueue(struct hg_core *, struct hg_outlet_obj *);
void hg_outlet_void(
	struct hg_core *, struct hg_outlet_obj *); /* what was sent is not known any more */
void hg_outlet_keep_bytes(struct hg_core *, struct hg_outlet_obj *); /* planted defect only */

/* downcall.c */
void hg_down_edge(struct hg_core *, struct hg_lane_obj *, const struct hg_pair *, enum hg_edge);
void hg_down_answer(
	struct hg_core *, struct hg_lane_obj *, uint64_t cookie, const struct hg_answer *);
size_t hg_down_deliver(struct hg_core *, struct hg_lane_obj *, const struct hg_parcel *, size_t n);
void hg_down_outlet_ended(struct hg_core *, struct hg_lane_obj *, uint64_t cookie);
bool hg_up_later(struct hg_core *, enum hg_later, uint32_t id,
	uint32_t value);             /* false: not inside a down-call */
bool hg_later_run(struct hg_core *); /* false: there were none */
void hg_up_now(struct hg_core *, enum hg_later, uint32_t id, uint32_t value); /* upcall.c */

/* lane.c */
struct hg_lane_obj *hg_lane_find(struct hg_core *, hg_lane);
struct hg_lane_obj *hg_lane_between(struct hg_core *, hg_addr local, hg_addr remote);
void hg_lane_adopt(struct hg_core *,
	struct hg_watch_obj *); /* a granted watcher behind a route gets his standing outlet */
void hg_lane_close(struct hg_core *, struct hg_lane_obj *);
void hg_lane_due(struct hg_core *, hg_lane, int64_t now);
void hg_lane_set_up(struct hg_core *, struct hg_lane_obj *, bool up);
hg_lane hg_core_lane_open(struct hg_core *, const struct hg_lane_spec *);
const struct hg_table *hg_core_table(struct hg_core *, const struct hg_vocabulary *);

/* view.c: one part of what an outlet is to be shown */
hg_viewid hg_view_id(struct hg_core *, const struct hg_outlet_obj *, enum hg_standing *ret);
uint64_t hg_view_changed(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, hg_part);
void hg_view_make(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing,
	hg_part, struct hg_view *ret);
void hg_view_presence(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing,
	struct hg_presence *ret);
uint64_t hg_view_digest(const struct hg_view *, uint64_t changed);
bool hg_view_offline(struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing);

/* fragment.c */
struct hg_cell *hg_cell_get(
	struct hg_core *, const struct hg_outlet_obj *, hg_viewid, enum hg_standing, hg_part);
const struct hg_frag_obj *hg_fragment_get(struct hg_core *, const struct hg_outlet_obj *,
	struct hg_cell *, enum hg_standing, uint32_t since);
void hg_fragments_trim(struct hg_core *);
void hg_fragments_free(struct hg_core *);

/* reconcile.c */
void hg_frags_reset(
	struct hg_core *); /* c->parcel_frag holds what hg_outlet_render found, until then */
size_t hg_outlet_render(
	struct hg_core *, struct hg_outlet_obj *, bool asked, enum hg_standing *ret);
/* Only these parts, whether or not they changed: for an answer. */
size_t hg_outlet_render_parts(
	struct hg_core *, struct hg_outlet_obj *, const bool part[HG_CAT_COUNT]);
void hg_outlet_told(
	struct hg_core *, struct hg_outlet_obj *, const struct hg_frag *const *, size_t n);
void hg_lanes_pump(struct hg_core *);

/* tx_arrival.c, tx.c: transactions */
void hg_core_request(
	struct hg_core *, const struct hg_principal *, const struct hg_request *, uint64_t cookie);
enum hg_txkind { HG_TX_REQUEST, HG_TX_EDGE, HG_TX_USER, HG_TX_USER_GONE, HG_TX_CONSENT };
void hg_tx_edge(struct hg_core *, struct hg_lane_obj *, const struct hg_pair *, enum hg_edge);
void hg_tx_user(struct hg_core *, struct hg_person *);
/* Who waits for consent is looked at again: other things may give it now. */
void hg_tx_consent_again(struct hg_core *, struct hg_person *);
bool hg_txs_run(struct hg_core *);  /* false: there was nothing to do */
void hg_txs_drop(struct hg_core *); /* the process ends: those of nobody, which wait for a turn */
void hg_tx_free_all(struct hg_core *, struct hg_person *);
