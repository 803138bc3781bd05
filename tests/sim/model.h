/* SPDX-License-Identifier: Apache-2.0 */
/* The model's shapes: what has to be true, from the driver's inputs and the answers it read, never from the core. */
#pragma once

#include "bridge/address/ids.h"
#include "bridge/mapping/table.h"
#include "bridge/mirror/mirror.h"
#include "plugins/loopback/loopback.h"

struct dialog;
struct sim;

enum {
	PERSONS = 8,   /* at most; home people first, then those behind routes */
	ENDPOINTS = 2, /* of a home person */
	RESOURCES = 2, /* of a remote person */
	ROUTES = 3,    /* 1 and 2; 0 is home */
	PUBS = 16,     /* of a home person */
	QUEUE = 32,    /* requests and edges of a person that wait */
	PARTS = 7,
	ASPECTS = 5,      /* kinds of what a remote person says beside his presence, */
	ASPECTS_KEPT = 4, /* of which so many are kept; the first is shown */
	KEEPERS = 2,      /* adapters that keep something for their next start, */
	KEYS = 3,         /* under so many names each */
	GROUPS = 64,
	TEXT = 64,
	MADE_UP_ENDPOINT = 0x40000000 /* from here on: of those that hints brought back */
};

/* ---- requests as the driver made them ---- */

struct change {
	struct hg_pubkey key;
	uint32_t version;
	enum hg_expiry expiry;
	uint32_t expires; /* s, HG_TIME */
	bool gone;
	char content[TEXT];
	uint32_t next;  /* the version it gets; fixed when it is staged, */
	uint64_t order; /* likewise, among all that anybody published */
	int64_t said;   /* likewise: UTC ms */
};

struct request {
	enum hg_request_kind kind;
	int person, endpoint; /* who, and through which of his clients */
	int route;            /* whose servers ask in his name; 0: a client of his */
	int behalf;           /* from 1: whose client it is that asks in his name; 0: his own */
	hg_endpoint by;
	hg_lane lane;
	uint32_t expires; /* REGISTER, s */
	struct change change[4];
	int nchanges;
	struct {
		int level; /* index of levels[] */
		uint32_t version;
		bool remove;
		int user; /* -1: the class */
		enum hg_trust trust;
	} member[PERSONS];
	int nmembers;
	int says;                    /* HG_REQ_SAY: a show, from 1; 0: as before */
	bool any_version;            /* of publications: by a client that knows none */
	int other; /* contact, wish, account (of MEMBERS too, over a route), or who is let in or blocked */
	bool remove;                 /* of an account, or a delegate; of who is let in: blocked */
	uint32_t version;            /* of the list of delegates */
	bool publishes, redelegates; /* of a delegate */
	enum hg_contact_op op;
	bool subscribed;
	uint32_t delta;
	uint32_t
		group; /* HG_MODIFY_GROUP, HG_DELETE_GROUP; of one that is added: as it was staged */
	uint64_t groups; /* of a contact */
	char name[TEXT]; /* of a contact or a group */
	char memo[TEXT]; /* HG_REQ_MEMO; */
	bool too_much;   /* or more than may be remembered */
};

enum item_state { WAITING, STAGED, COMMITTED };

/* A request, or an edge that a peer sent, in the order in which it must take effect for one person. */
struct item {
	bool is_edge, orphan;    /* orphan: nobody will be answered */
	bool admin;              /* no client's: an administrator waits for the answer */
	bool consent;            /* who waits is looked at again, as the policy has changed */
	unsigned let_in;         /* by it, when it was staged: a bit each */
	bool forgetting;         /* it is staged, and waits for hints of that name to be gone */
	bool made, removed;      /* the user, by him: then it is no request */
	enum hg_verdict refused; /* at once, before anything is looked at */
	uint64_t cookie;
	enum item_state state;
	int rc;
	uint64_t durable; /* in which order commits became so */
	struct request req;
	int w, p;
	enum hg_edge edge;
	int out, in; /* of an edge: the halves as it makes them, by the policy when it was staged */
	int prompt;  /* of a wish to see somebody at home: as it was when it was staged */
	uint32_t list_number[PERSONS]; /* that it gave to lists of delegates, when it was staged */
};

/* ---- the model ---- */

enum { LEVELS = 5 };
extern const uint16_t
	levels[LEVELS]; /* containers whose members are edited: 100 200 300 400 32000 */

struct model_pub {
	struct hg_pubkey key;
	uint32_t version;
	bool live;
	enum hg_expiry expiry;
	int64_t until; /* HG_TIME */
	hg_endpoint origin;
	char content[TEXT];
	uint64_t order;
	int64_t said; /* UTC ms: when it was staged */
};

struct model_endpoint {
	hg_endpoint id; /* 0: not registered */
	hg_lane lane;   /* 0: its connection is gone */
	bool restored;  /* from a hint, and has not come back */
	int64_t until;
};

/* A resource of a linked account, as an endpoint of the person whose it is. */
struct model_linked {
	bool on;       /* it speaks, and counts */
	bool restored; /* from a hint, and it has not spoken yet: it only stands, until then */
	int64_t until;
	uint32_t machine, user; /* what it says; 0: nothing of the kind */
	uint32_t machine_version, user_version;
	uint64_t order; /* of the choice */
	int show;       /* of a device that says it itself */
};

enum {
	DEVICES = PERSONS
}; /* in the place of an account: devices that say it themselves (HG_REQ_SAY) */

struct model_contact {
	bool in, subscribed;
	char name[TEXT];
	uint64_t groups; /* a bit each */
};

/* Since when something is as it is, UTC ms: not before `from`, and not after `to`. */
struct model_since {
	uint64_t is, note; /* a digest; the order of the note that is in it */
	int64_t from, to;
	unsigned active; /* of the workgroup: bits */
	uint64_t before; /* what it was before, */
	int64_t before_from;
};

struct model_person {
	bool exists;
	uint32_t life; /* how many had the name before */
	struct model_pub pub[PUBS];
	int npubs;
	uint32_t level_version[LEVELS];
	unsigned class_of[LEVELS]; /* bit of each trust class */
	unsigned users[LEVELS];    /* bit of each person */
	struct model_contact contact[PERSONS];
	char group[GROUPS][TEXT]; /* "": there is none. 1 is always there */
	uint32_t delta;
	unsigned delegates, publishes, redelegates; /* a bit each */
	uint32_t delegates_version, delegates_staged;
	struct model_endpoint endpoint[ENDPOINTS];
	struct model_linked linked[PERSONS + 1][RESOURCES];
	struct item queue[QUEUE];
	int nqueue;
	int64_t unseen_at; /* something took effect that the core learns of in its next turn */
	bool lapsed;       /* a device that was restored did not come back */
	struct model_since since[LEVELS]; /* what each container shows */
	bool active;
	int64_t left; /* UTC ms: when he ceased to be active; 0: he is, or it is not known */
};

enum { PROMPT_NONE, PROMPT_OPEN, PROMPT_DONE };
enum { AUTH_NONE, AUTH_PENDING, AUTH_GRANTED, AUTH_REFUSED };

enum { OFFLINE = 18500 };

struct model_face {
	bool on, gone; /* gone: nobody is there by it, these are last words */
	int show, priority;
	uint32_t exact;
	char status[TEXT];
	uint32_t generation;
	int64_t at;
	bool directed; /* said to this watcher alone, before he watched */
	bool doubted; /* it was asked about again */
};

struct model_aspect {
	bool on;
	char words[TEXT];
	uint32_t generation;
};

/* One watcher, one presentity. */
struct model_pair {
	int out, in;
	struct model_face face[RESOURCES];
	struct model_face kept
		[RESOURCES]; /* what was said to him who does not watch, in case he begins to; */
	bool deaf;           /* or nothing of it, as he did until now */
	struct model_aspect aspect[ASPECTS];
	int prompt;   /* PROMPT_*: was the home presentity asked about him? */
	bool unsaid;  /* that he is given nothing any more is to be told */
	bool for_all; /* he has not asked: what is said to others behind his route is given to him */
	bool parted;  /* the presentity was taken away, and the watcher is to be told */
	bool dismissed; /* the presentity was taken away, and the watcher was looking */
	bool linked;    /* the presentity is an account of the watcher's own, */
	char memo[TEXT]; /* of which an adapter remembers this */
	bool stale, unknown;
	bool probed;     /* since the link came up, or he agreed */
	bool asked;      /* since the link came up, for what is pending */
	bool unheard;    /* an edge was dropped for want of room: the peer has to ask again */
	bool overflowed; /* somebody of his was refused for want of room */
	int64_t settle_at;
	struct model_since since; /* what is received */
	int64_t heard;            /* UTC ms of the last that may have changed it */
};

struct model_kept {
	char value[TEXT]; /* "": nothing */
	int64_t until;    /* UTC ms */
};

/* What an adapter keeps under one name, and what of it is on the disk. */
struct model_keep {
	struct model_kept now, disk;
	bool waits; /* to be written, since `at` (monotonic) */
	int64_t at;
};

/* What somebody is to be shown of somebody, level by level. */
struct shown {
	enum hg_standing standing;
	uint32_t availability;
	char token[TEXT], note[TEXT], words[TEXT];
};

/* model.c */
void model_init(struct sim *);
void model_push(struct sim *, int queue, const struct item *);
struct item *model_find(struct sim *, uint64_t cookie, int *ret_queue);
void model_consent_again(struct sim *); /* the policy has changed */
enum hg_verdict model_answered(
	struct sim *, uint64_t cookie, struct item *ret); /* what it must say; takes effect */
void model_go_on(struct sim *, int queue); /* after the answer was judged: what stood behind it */
void model_staged(struct sim *, int queue);
void model_committed(struct sim *, int queue, int rc);
void model_forgetting(struct sim *, int queue);
void model_not_forgotten(struct sim *, int queue, int rc); /* so nobody can be made */
void model_orphan(struct sim *, hg_lane); /* nobody waits there for answers any more */
int model_queue_of(const struct sim *, int w, int p);
struct model_pub *model_pub_find(struct model_pub *, int n, struct hg_pubkey);

/* model_effect.c */
enum hg_verdict model_predict(struct sim *, const struct item *, bool *durable);
void model_fix_versions(struct sim *, struct request *); /* it is staged now */
void model_apply(struct sim *, struct item *);

/* model_lcs.c */
void model_fill_in(struct sim *, struct request *); /* what it leaves to the server */

/* model_list.c */
enum hg_verdict model_predict_list(const struct sim *, const struct request *);
void model_apply_list(struct sim *, const struct request *);
void model_list_staged(struct sim *, int queue, const struct hg_fact *, size_t n);
const char *model_groups_text(uint64_t groups, const char *between); /* until the next call */

/* model_user.c */
void model_blank(struct model_person *);
void model_user_gone(struct sim *, int p);
bool model_is_known(const struct sim *, int p);
bool model_is_leaving(const struct sim *, int p); /* the commit is under way */
bool model_is_going(const struct sim *, int p);   /* durably; the core has not said so yet */
bool model_looks(const struct sim *, int w, int p); /* somewhere */
void model_looks_away(struct sim *, int w, int p);

/* model_restart.c */
void model_committed_unseen(struct sim *, int queue); /* durable, and nobody was told */
void model_restart(struct sim *);                     /* what is soft is gone */
void model_restore(struct sim *, const struct hg_fact *);
void model_named(
	struct model_person *, int endpoint, hg_endpoint id); /* a restored one, by its answer */

/* model_endpoint.c */
bool model_endpoint_lives(const struct model_person *, hg_endpoint);
bool model_signed_in(const struct model_person *);
void model_end_user_bound(struct model_person *); /* if nothing of his is there any more */
void model_end_endpoint(struct sim *, struct model_person *, int endpoint);
void model_lane_closed(struct sim *, hg_lane);
void model_due(struct sim *);

/* model_pair.c */
void model_edge(struct sim *, const struct item *);
void model_edge_staged(struct sim *, struct item *);
int model_after_want(const struct sim *, int w, int p, bool wanted, bool added);
void model_forget(struct sim *, int w, int p); /* what was received */
void model_set_out(struct sim *, int w, int p, int out);
void model_set_in(struct sim *, int w, int p, int in);
bool model_consents(const struct sim *, int w, int p); /* as things are now */
bool model_edge_changes(struct sim *, int w, int p, enum hg_edge);
unsigned model_waits_no_more(const struct sim *, int p); /* a bit each */
void model_want(struct sim *, int w, int p, bool wanted, bool added);
bool model_waits(const struct sim *, int w);   /* unless the owner has said something of him */
void model_let_in(struct sim *, int w, int p); /* the owner has named him */
bool model_settled(const struct model_person *, int w); /* the owner need not be asked about him */
int model_prompt_for(const struct sim *, int w, int p);
int model_in_soon(struct sim *, int w, int p);
enum hg_trust model_trust(const struct sim *, int w);
int model_out_soon(struct sim *, int w, int p);
bool model_want_changes(struct sim *, int w, int p, bool wanted, bool added);
void model_face(struct sim *, int w, int p, int resource, const struct model_face *);
void model_link(struct sim *, int route, bool up);
void model_pairs_due(struct sim *);
void model_probed(struct sim *, int w, int p);

/* model_direct.c */
void model_said(struct sim *, int w, int p, int resource, const struct model_face *);
void model_not_for_all(struct sim *, int w, int p); /* his halves move */
void model_for_all_over(struct sim *, int w, int p); /* unless something is left of what he was given */
void model_directed(struct sim *, int w, int p, int resource, const struct model_face *);
bool model_is_directed(const struct sim *, int w, int p); /* what is said now */
void model_directed_take(struct sim *, int w, int p);     /* he begins to watch */
void model_directed_deaf(struct sim *, int w, int p);     /* he has ceased to */
void model_directed_drop(struct model_pair *);

/* model_ask.c */
void model_aspect(
	struct sim *, int w, int p, int which, const char *words); /* NULL: not any more */
void model_aspects_settle(struct model_pair *, uint32_t generation);
bool model_may_look(struct sim *, int w, int p);
/* What he is shown who asks, whether or not he watches. */
void model_as_if(struct sim *, int w, int p, hg_part, struct shown *, struct hg_buf *);

/* model_link.c */
int model_account_of(const struct sim *, int account); /* whose it is; -1: nobody's */
enum hg_verdict model_predict_link(const struct sim *, const struct request *, bool *durable);
int model_out_linked(const struct sim *, const struct request *); /* when it has taken effect */
void model_link_account(struct sim *, const struct request *);
void model_link_sync(struct sim *, int w, int p); /* what was heard has changed */
void model_links_again(struct sim *);             /* another table: it is read anew */
bool model_links_tie(const struct sim *);         /* then the driver does not do it */
void model_links_due(struct sim *, int p);
void model_linked_name(const struct sim *, int account, int resource, char to[TEXT]);
void model_restore_linked(struct sim *, struct model_person *, const struct hg_fact *);
void model_add_linked(struct sim *, int p, struct hg_buf *); /* lines of his own document */

/* model_say.c: devices that name no containers */
enum hg_verdict model_predict_say(const struct sim *, const struct request *, bool *durable);
void model_apply_say(struct sim *, const struct request *);
void model_says_again(struct sim *); /* another table */
void model_says_due(struct sim *, int p);
void model_linked_says(struct sim *, int whose, struct model_linked *, int show,
	uint32_t exact); /* by whose table */
void model_linked_ends(struct model_person *, struct model_linked *);

/* model_delegate.c */
int model_asker(const struct request *); /* whose client it is that asks */
bool model_may(const struct sim *, const struct request *);
enum hg_verdict model_predict_delegate(const struct sim *, const struct request *, bool *durable);
bool model_owner_leaves(const struct sim *, int who); /* somebody whose delegate he is */
void model_delegates_staged(struct sim *, struct item *);
void model_apply_delegate(struct sim *, const struct item *);
void model_delegate_gone(struct sim *, const struct item *); /* the user was taken away */
void model_unbind_abroad(struct sim *, hg_endpoint);
void model_add_delegates(const struct sim *, int p, struct hg_buf *);

/* model_keep.c */
const struct hg_adapter *model_keeper(int adapter);
struct model_keep *model_keep_find(struct sim *, struct hg_str adapter, struct hg_str name);
void model_keep(struct sim *, struct model_keep *, const char *value, int64_t until);
void model_keep_written(struct sim *, const struct hg_fact *, bool good);
void model_keep_lost(struct sim *); /* the disk */
void model_keep_restart(struct sim *);

/* model_since.c */
void model_since_look(struct sim *, int p); /* something has just changed of him */
void model_since_all(struct sim *);
void model_since_restart(struct sim *);

/* model_view.c */
void model_aggregate(struct model_person *, uint16_t container, bool c3, struct shown *);
int model_level(struct sim *, int w, int p,
	const struct request *edit); /* container; `edit` as if it were done */
void model_shown(struct sim *, int w, int p, struct shown *);
bool model_is_away(const struct shown *); /* offline or unknown */
int model_best_machine(struct model_person *m, uint16_t container); /* 0 active, 1 inactive, 2 away, 3 none */
void model_part(struct sim *, const struct dialog *, hg_part, struct hg_buf *);
void model_own(struct sim *, int p, hg_part, struct hg_buf *); /* sorted lines */
void model_truth(
	struct sim *, int w, int p, struct shown *); /* what the server itself would say now */
