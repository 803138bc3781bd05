/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door for protocols. An adapter is a vtable; built-in ones and outside .so files use exactly
 * this.
 *
 * Calls go two ways. Up-calls (struct hg_host) hand in what peers said; they return at once, and no
 * down-call is made from within them but `render`. Down-calls (struct hg_adapter) are made at the
 * end of the loop's turn; up-calls made inside one take effect in the same turn, after it.
 * Everything runs on one thread.
 *
 * Hand-off is pull: an adapter says how much room a lane has (lane_room), the core renders then,
 * and only then.
 */
#pragma once

#include <heliograph/err.h>
#include <heliograph/errors.h>
#include <heliograph/grammar.h>
#include <heliograph/log.h>
#include <heliograph/mapping.h>
#include <heliograph/request.h>

#define HG_ABI 1

struct hg_core;
struct hg_host;
struct hg_conf; /* one adapter's part of the configuration: bridge/include/heliograph/conf.h */

/* Both ends of a watch, an edge or a face: canonical, and as written on the wire (bare). */
struct hg_pair {
	hg_addr watcher, presentity;
	struct hg_str wire_watcher, wire_presentity;
};

/* ---- fragments and parcels ---- */

/* Immutable shared bytes of one part of one view in one format; borrowed until the end of the call.
 */
struct hg_frag {
	hg_part part;
	uint16_t format;
	uint64_t hash; /* of the bytes */
	uint64_t revision;
	struct hg_bytes *bytes;
};

/* What one outlet gets in one message. */
struct hg_parcel {
	hg_outlet outlet;
	uint64_t cookie;   /* the adapter's, from outlet_open; 0 for standing outlets of a lane */
	uint64_t sequence; /* grows by one with each parcel of this outlet */
	enum hg_standing standing;
	struct hg_pair pair;               /* of the watch; all zeroes: the owner's own view */
	const struct hg_frag *const *frag; /* one a part that changed */
	size_t nfrags;
	/* HG_PART_WHOLE, said again and not because it changed (a probe, a new watcher, a link that is back): UTC ms since
	 * when it has been so; of somebody who is not there when he was. 0: it has just become so, or nobody may know. */
	int64_t since;
};

/* ---- the four subscription edges and the probe, RFC 6121 3 and 4.3 ---- */

enum hg_edge { HG_SUBSCRIBE, HG_SUBSCRIBED, HG_UNSUBSCRIBE, HG_UNSUBSCRIBED, HG_PROBE };

/* What somebody says of himself beside his presence, in a vocabulary of its own; read by the table of it, if there is one. */
struct hg_aspect {
	const struct hg_vocabulary *vocabulary; /* lives as long as the process */
	struct hg_record *said;                 /* taken; NULL: nothing any more */
	/* The same for people to read, each in another language, the field not counting: shown where no standard activity is, behind
	 * those of vocabularies whose name is before this one's. Borrowed; none: it is kept, and shown to nobody. */
	const struct hg_value *words;
	size_t nwords;
};

/* ---- formats: what `render` can write ---- */

struct hg_format {
	const char *name;
	/* NULL: native, the parts are categories and the owner's lists. Else: mapped, the only part
	 * is HG_PART_WHOLE, or HG_PART_ASPECT, and render gets a record of this vocabulary. */
	const struct hg_vocabulary *vocabulary;
	bool faces; /* a mapped one that also tells of each resource of a remote person */
};

struct hg_adapter {
	uint32_t abi, size; /* HG_ABI, sizeof(struct hg_adapter) */
	const char *name;   /* also its section in the configuration */
	const struct hg_format *format;
	size_t nformats;
	const struct hg_schema *schema; /* its section of the configuration (conf.h); may be NULL */
	int (*create)(const struct hg_host *, struct hg_core *, const struct hg_conf *,
		void **ret_self, struct hg_err *);
	int (*start)(void *self, struct hg_err *);
	void (*stop)(void *self);    /* says goodbye on the wire, closes its lanes, then
					host->stopped(); may be cut short */
	void (*destroy)(void *self); /* after stopped, or when time is up */
	/* Sends an edge. Idempotent; what comes back comes by host->edge. The core sends again what
	 * was lost with a lane. */
	void (*edge)(void *self, hg_lane, const struct hg_pair *, enum hg_edge);
	void (*answer)(void *self, uint64_t cookie, const struct hg_answer *);
	/* Pure: same view and record, same bytes. `record` is NULL in native formats. */
	void (*render)(void *self, uint16_t format, const struct hg_view *,
		const struct hg_record *, struct hg_buf *);
	/* Takes the first k of n parcels for one lane and returns k; the rest stays desire. */
	size_t (*deliver)(void *self, hg_lane, const struct hg_parcel *, size_t n);
	void (*outlet_ended)(
		void *self, uint64_t cookie); /* by the core: contact deleted, user gone */
	/* The other side was told so about the presentity, whom the watcher behind this lane has asked for. To pass it on, as far
	 * as the protocol has words for it; the watch stays. `instead`: where he is now, 0 not said. May be NULL: nothing is. */
	void (*error)(void *self, hg_lane, const struct hg_pair *, const struct hg_xmpp_error *,
		hg_addr instead);
	/* The person has blocked users, or does not block them any more (members of HG_C_BLOCKED; host->own has them), or the
	 * account has just become his. It is linked to him, and has agreed. May be NULL: it has no use for that. */
	void (*blocked)(void *self, hg_lane, hg_addr person, hg_addr account);
};

/* The one symbol that the .so of an adapter NAME, NAME.so, exports. What it gives lives as long as the process: code is
 * never unloaded. Everything that these headers declare is found in the executable. */
__attribute__((visibility("default"))) const struct hg_adapter *heliograph_adapter(void);

/* ---- up-calls ---- */

struct hg_totals {
	size_t users, online; /* all of them; those with a device that is signed in */
};

#define HG_LANE_PARTS 2

struct hg_lane_part {
	hg_part part;
	uint16_t format;
};

struct hg_lane_spec {
	const struct hg_adapter *adapter;
	void *self;
	/* A lane that carries a route's traffic for some local domains (a component stream): every
	 * granted watcher behind the route is shown on it, in `format`, without asking. */
	hg_route route; /* 0: a client's connection, which opens its own outlets */
	const hg_addr *
		domain; /* bare domains; none: for all of them, and all that other routes lead to */
	size_t ndomains;
	const hg_addr *
		beyond; /* whose traffic it carries: bare domains behind the route; none: of all of them */
	size_t nbeyond;
	/* Whom all presence is given to that was said to anybody behind the lane: a watcher behind it that stands for all of
	 * them; 0: nobody, and what was said to somebody who does not watch is dropped. */
	hg_addr directed;
	uint16_t format;
	/* What watchers on a route's lane are shown beside HG_PART_WHOLE, each a part of its own: a category, or HG_PART_ASPECT.
	 * Fewer: HG_CAT_NONE behind them. */
	struct hg_lane_part also[HG_LANE_PARTS];
	/* What is handed to it, answers included, arrives in this order, or it closes: a stream, not datagrams. */
	bool in_order;
	/* People behind the route may say something to a user who does not watch them (RFC 6121 4.6): it is kept for her. */
	bool unasked;
	/* What people behind it have shown may end without a word, a block among it: while the lane is up, those who are watched
	 * are asked now and then (limits.reprobe), and silence is an answer. Who is told of every change does not say so. */
	bool fades;
};

struct hg_outlet_spec {
	const struct hg_principal *principal; /* the watcher */
	hg_addr presentity; /* the watcher's own address: the self view, unless `watched` */
	bool watched;       /* even of himself what watchers are shown */
	struct hg_str wire_presentity; /* as the watcher wrote it */
	uint16_t format;
	const hg_part *part;
	size_t nparts;
	uint64_t cookie;
};

typedef struct hg_timer hg_timer;
typedef struct hg_poll hg_poll;
enum { HG_READABLE = 1, HG_WRITABLE = 2 };

struct hg_host {
	uint32_t abi, size;

	/* the loop */
	struct hg_now (*now)(struct hg_core *);
	hg_timer *(*timer_new)(struct hg_core *, void (*fire)(void *arg), void *arg);
	void (*timer_set)(hg_timer *, int64_t ms); /* once, from now; <0 stops */
	void (*timer_free)(hg_timer *);            /* NULL is fine; safe inside its own callback */
	hg_poll *(*poll_new)(
		struct hg_core *, int fd, void (*ready)(void *arg, int events), void *arg);
	void (*poll_set)(hg_poll *, int events); /* 0 stops */
	void (*poll_free)(hg_poll *); /* before the fd is closed; safe inside its own callback */
	void (*on_turn_end)(struct hg_core *, void (*flush)(void *arg),
		void *arg); /* after each turn's deliveries */
	uint32_t (*random)(struct hg_core *);
	int (*queue_work)(
		struct hg_core *, void (*work)(void *arg), void (*done)(void *arg), void *arg);

	/* addresses: canonical ids from wire forms and back. -EINVAL with a reason, -E2BIG */
	int (*addr_sip)(struct hg_core *, struct hg_str uri, hg_addr *ret, struct hg_str *ret_gr,
		const char **ret_reason);
	int (*addr_jid)(struct hg_core *, struct hg_str jid, hg_addr *ret,
		struct hg_str *ret_resource, const char **ret_reason);
	void (*write_sip)(struct hg_core *, hg_addr, struct hg_buf *); /* "sip:user@domain" */
	void (*write_jid)(struct hg_core *, hg_addr, struct hg_buf *); /* bare */
	hg_addr (*addr_domain)(struct hg_core *, hg_addr); /* the bare domain of an address */
	bool (*is_home)(
		struct hg_core *, hg_addr); /* lives here, whether or not such a user exists */
	hg_route (*route_of)(struct hg_core *, hg_addr); /* 0: home, or refused */
	hg_route (*route_named)(struct hg_core *, const char *adapter);

	/* lanes */
	hg_lane (*lane_open)(struct hg_core *, const struct hg_lane_spec *);
	void (*lane_up)(
		struct hg_core *, hg_lane, bool up); /* route lanes: the link came or went */
	void (*lane_room)(
		struct hg_core *, hg_lane, uint32_t parcels); /* how many it would take now */
	void (*lane_close)(struct hg_core *,
		hg_lane); /* its outlets end; registrations on it become unconfirmed */

	/* requests; answered by adapter->answer with the cookie, later in this turn or after the
	 * commit */
	void (*request)(struct hg_core *, const struct hg_principal *, const struct hg_request *,
		uint64_t cookie);

	/* outlets. outlet_open: HG_OK and an id; the outlet counts as not sent. */
	enum hg_verdict (*outlet_open)(
		struct hg_core *, const struct hg_outlet_spec *, hg_outlet *ret);
	/* Everything the outlet should be told now, for the answer that is being written: this is
	 * its delivery. The fragments are borrowed until the next up-call. Fewer than asked for, or
	 * none, while something of it is held. */
	size_t (*outlet_collect)(struct hg_core *, hg_outlet, const struct hg_frag **ret,
		size_t cap, struct hg_parcel *ret_head);
	void (*outlet_lost)(struct hg_core *,
		hg_outlet); /* a delivery failed: what was sent is not known, send again */
	void (*outlet_shut)(struct hg_core *, hg_outlet);

	/* what a route's peers say; the lane is the principal */
	void (*edge)(struct hg_core *, hg_lane, const struct hg_pair *, enum hg_edge);
	/* What one resource of the presentity says to the watcher; NULL: it is gone; name "" and
	 * NULL: all of them. A record by which nobody is there may have a note: last words, which are shown while none of
	 * the others is there. */
	void (*face)(struct hg_core *, hg_lane, const struct hg_pair *, struct hg_str name,
		struct hg_record *take);

	/* An error instead of what was asked about the presentity, if it is worth the watcher's while: it is passed on once for
	 * each call. Changes nothing that is held, so a face that it ends is to be ended as well. */
	void (*error)(struct hg_core *, hg_lane, const struct hg_pair *,
		const struct hg_xmpp_error *, hg_addr instead);

	void (*stopped)(struct hg_core *, void *self);
	void (*count)(struct hg_core *, const char *counter,
		uint64_t by); /* "sip_refused_total{code=\"403\"}" */

	/* The publication grammar that is in force, for clients that are told of it; borrowed for the turn. */
	size_t (*grammar)(struct hg_core *, const struct hg_grammar_rule **ret);

	/*
	 * For a question of somebody behind the lane: the part of the presentity's view that this watcher may have now, whether
	 * or not he watches; borrowed until the next up-call. false, and no reason: there is no such person, or he has not been
	 * let in, or he is blocked. These are not to be told apart.
	 */
	bool (*look)(
		struct hg_core *, hg_lane, const struct hg_pair *, hg_part, struct hg_view *ret);
	/* What the table of one of the adapter's vocabularies makes of that person's presence; one reference. NULL: there is no
	 * table. */
	struct hg_record *(*record)(struct hg_core *, const struct hg_vocabulary *,
		hg_addr presentity, const struct hg_presence *);
	/* A watcher behind a route's lane wants to be shown again what he is shown; nothing, if he is shown nothing. */
	void (*show_again)(struct hg_core *, hg_lane, const struct hg_pair *);
	/* Kept with what that watcher receives; shown to him as the presentity's activity, while there is a presence. Of an account
	 * of his own it is what its resources say. */
	void (*aspect)(struct hg_core *, hg_lane, const struct hg_pair *, const struct hg_aspect *);

	/* for what users and administrators ask; who may is for the adapter to see to */
	hg_addr (*linked_to)(
		struct hg_core *, hg_addr account); /* the person whose it is; 0 nobody's */
	size_t (*accounts)(struct hg_core *, hg_addr person, hg_addr *ret,
		size_t cap); /* how many there are */
	/* The part of the person that this watcher sees, or would; borrowed until the next up-call. false: no such user. */
	bool (*shown)(
		struct hg_core *, hg_addr watcher, hg_addr person, hg_part, struct hg_view *ret);
	/* What the person alone sees: his contact list, his containers. Borrowed until the next up-call. false: no such user. */
	bool (*own)(struct hg_core *, hg_addr person, struct hg_self *ret);
	struct hg_totals (*totals)(struct hg_core *);
	int (*reload)(struct hg_core
			*); /* negative: the configuration is faulty, and everything as it was */

	/* Of the adapter's own, for its next start, if that is soon; may be lost. Text; empty: there is none any more. */
	void (*keep)(struct hg_core *, const struct hg_adapter *, struct hg_str name,
		struct hg_str value, int64_t until_utc_ms);
	/* What the last process kept, in no order; to be asked once, in `start`. */
	void (*kept)(struct hg_core *, const struct hg_adapter *,
		void (*each)(void *arg, struct hg_str name, struct hg_str value, int64_t until),
		void *arg);
	/* ms that everybody is given to come back, after a start and after a link was away. */
	int64_t (*settle)(struct hg_core *);
	/* HG_REQ_MEMO; empty: there is none. Borrowed for the turn. */
	struct hg_str (*memo)(struct hg_core *, hg_addr account);
};
