/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core: persons, watches, outlets, and what keeps every client's picture equal to the truth. A
 * state machine without I/O; time, randomness, the store and the loop come from outside.
 * docs/architecture.md has the map.
 *
 * The embedder's loop: adapters make up-calls through hg_core_host(); after each batch of them
 * hg_core_turn() does what follows from them (stages and answers requests, sends edges, renders and
 * hands off); hg_core_deadline() says when it must be called at the latest.
 */
#pragma once

#include <heliograph/adapter.h>

#include "bridge/address/domains.h"
#include "bridge/address/routes.h"
#include "bridge/presence/grammar.h"
#include "bridge/store/store.h"

/* `limits:` of the configuration. Times are milliseconds. */
struct hg_limits {
	int64_t grace;  /* an input whose link is gone stands for so long */
	int64_t settle; /* after a link is back and everybody was asked, faces nobody confirmed end
			 */
	uint32_t pace;  /* probes a second after a link came back */
	int64_t reprobe; /* between two rounds of probes over a lane that fades; 0 none */
	uint32_t users, addresses, watches, endpoints; /* endpoints: of one person */
	uint32_t publications, containers, members; /* of one person; members: of one container */
	uint32_t contacts, groups;
	uint32_t delegates; /* of one person */
	uint32_t prompts;   /* watchers that one person is asked about at a time */
	uint32_t watchers;  /* that one person is told of */
	uint32_t faces;     /* of one watch */
	uint32_t queue;     /* requests of one person that wait */
	uint32_t cells;     /* renderings kept, all together */
};

extern const struct hg_limits hg_limits_default;

/* What happens, for those who look on. */
enum hg_event_kind {
	HG_EVENT_USER_ADDED,
	HG_EVENT_USER_REMOVED,
	HG_EVENT_SIGNED_IN,   /* detail: the device */
	HG_EVENT_UNCONFIRMED, /* likewise: its connection is gone */
	HG_EVENT_ENDED,       /* likewise */
	HG_EVENT_STATE,       /* of the person, or as `other` is shown him over a border */
	HG_EVENT_EDGE_IN,     /* detail: which; `other` watches */
	HG_EVENT_EDGE_OUT,
	HG_EVENT_LINK_UP,
	HG_EVENT_LINK_DOWN
};

struct hg_event {
	enum hg_event_kind kind;
	hg_addr person, other; /* 0: nobody */
	struct hg_str detail;  /* borrowed for the call */
	const char *adapter;   /* NULL: of none */
	uint32_t availability; /* HG_EVENT_STATE */
};

const char *hg_event_name(enum hg_event_kind);

/* What the configuration may change while the core runs. */
struct hg_policy {
	const struct hg_grammar *grammar; /* borrowed until the next hg_core_set_policy */
	struct hg_limits limits;
	bool provision_open; /* the first REGISTER of an address of a home domain makes it a user */
	/* Who has to be let in by the user (a member of a container, or a contact) before he may
	 * watch; by enum hg_trust. */
	bool approve_explicit[HG_PUBLIC_CLOUD + 1];
	bool hide_users;   /* who asks for nobody gets no other answer than who waits for consent */
	bool c3_transform; /* EP 2.9: Do Not Disturb is urgent-interruptions-only in container 3 */
};

/*
 * Where people are looked for. The core's own answers from the records of its users; another one, that asks an LDAP server,
 * say, may stand in its place. Searches of who may not search do not come so far.
 */
struct hg_directory {
	/* `done` once, in this call or later, on the loop's thread; what it is given, like the search, is borrowed for
	 * the call. HG_LATER: it cannot say now. Not after the core has been freed. */
	void (*search)(struct hg_directory *, hg_addr by, const struct hg_search *,
		void (*done)(
			void *arg, enum hg_verdict, const struct hg_found *, size_t n, bool more),
		void *arg);
};

/* All borrowed and longer-lived than the core. */
struct hg_core_env {
	void *ctx;
	struct hg_now (*now)(void *ctx);
	uint32_t (*random)(void *ctx);
	void (*count)(void *ctx, const char *counter, uint64_t by); /* may be NULL */
	void (*wake)(void *ctx);                        /* hg_core_turn is wanted; may be NULL */
	void (*stopped)(void *ctx, void *adapter_self); /* may be NULL */
	int (*reload)(void *ctx); /* the configuration; may be NULL, and calls hg_core_set_policy */
	void (*event)(void *ctx, const struct hg_event *); /* calls nothing here; may be NULL */
	/* Fills in the typed facets of a payload that comes from the store; may be NULL. */
	void (*decode)(void *ctx, struct hg_change *);
	struct hg_store *store;
	struct hg_directory *directory; /* NULL: the core's own */
	struct hg_store *hints; /* soft facts for the next start; NULL: they go with the process */
	const struct hg_routes *routes;
	const struct hg_domains *domains;
	struct hg_intern *ids;
	struct hg_policy policy;
};

struct hg_core *hg_core_new(const struct hg_core_env *);
void hg_core_free(struct hg_core *);
void *hg_core_context(const struct hg_core *); /* env.ctx */

/* Fills in everything but "the loop". */
void hg_core_host(struct hg_host *);

/* The presence of a person, or of everybody in a domain, is read and written with a table of its own. */
struct hg_override {
	hg_addr who;
	const struct hg_table *table;
};

/* Before the start. The tables of one vocabulary: the general one, and those in its place for some; a person's goes before
 * his domain's. Later calls replace all of them, re-map what is kept, and send what changed. Tables must outlive that. */
void hg_core_set_tables(
	struct hg_core *, const struct hg_table *general, const struct hg_override *, size_t n);
/*
 * From now on. States are aggregated again, what was heard is read again, and who waits and need not any more is let in
 * (durably, so that takes a commit). A lower limit takes nothing away from anybody; nobody gets more.
 */
void hg_core_set_policy(struct hg_core *, const struct hg_policy *);
#define HG_ROUTES_MAX 16
/* A route's number, as in hg_routes and up to HG_ROUTES_MAX, is given the name of its adapter. */
void hg_core_name_route(struct hg_core *, hg_route, const char *adapter);
/* One fact from the store. -EINVAL: it makes no sense; it is then left out. */
int hg_core_load(struct hg_core *, const struct hg_fact *);
/* A hint of the last run, after all facts: endpoints first. -EINVAL: it does not hold any more. What it brings is
 * unconfirmed until the device registers again, and ends after the grace time. */
int hg_core_restore(struct hg_core *, const struct hg_fact *);
/* A user of the configuration's list; made durable with the next turn. 1: new, 0: he is one, or is being made one.
 * -EINVAL: not of a home domain. */
int hg_core_add_user(struct hg_core *, hg_addr);

/*
 * A request in a user's name from somebody who may make any (an administrator, an application on the control socket):
 * checked, committed and answered like those of his clients. `done` is called once, from a later turn; the answer is
 * borrowed for the call and has no fragments; hg_core_free answers HG_LATER to what waits. Publications that are bound to an endpoint are refused.
 */
void hg_core_ask(struct hg_core *, const struct hg_request *,
	void (*done)(void *arg, const struct hg_answer *), void *arg);

/* Makes a user, or takes him away with all that is his; answered like a request. HG_OK for one who
 * is there already, HG_NOT_FOUND for one to be taken away who is not. */
void hg_core_ask_user(struct hg_core *, hg_addr, bool remove,
	void (*done)(void *arg, const struct hg_answer *), void *arg);
bool hg_core_has_user(struct hg_core *, hg_addr);
/* Changes what is said of a user: fields that are NULL stay, empty ones are taken away; checked by the caller
 * (hg_card_check). `make`: who is no user becomes one, in the same commit. */
void hg_core_ask_card(struct hg_core *, hg_addr, const struct hg_card *change, bool make,
	void (*done)(void *arg, const struct hg_answer *), void *arg);

/*
 * Likewise, with the versions that hold now; something under way may come between (HG_CONFLICT).
 * hg_core_set_relationship: by himself the watcher is in this container and no other; HG_C_DEFAULT:
 * in none. hg_core_edit_contact: `delta` is filled in; HG_SET_CONTACT of one who is there keeps the
 * name or groups whose text is NULL.
 */
void hg_core_set_relationship(struct hg_core *, hg_addr watcher, hg_addr person, uint16_t container,
	void (*done)(void *arg, const struct hg_answer *), void *arg);
void hg_core_edit_contact(struct hg_core *, hg_addr owner, struct hg_contact_edit *,
	void (*done)(void *arg, const struct hg_answer *), void *arg);
bool hg_core_has_contact(struct hg_core *, hg_addr owner, hg_addr);
/* The edits' versions are filled in. */
void hg_core_edit_members(struct hg_core *, hg_addr owner, struct hg_member_edit *, size_t n,
	void (*done)(void *arg, const struct hg_answer *), void *arg);

/* The version is filled in. HG_FORBIDDEN: to remove somebody who is none. */
void hg_core_edit_delegate(struct hg_core *, hg_addr owner, hg_addr delegate,
	struct hg_delegate_edit, void (*done)(void *arg, const struct hg_answer *), void *arg);

/* Instances of publications that an application made in a user's name: this in the lower 28 bits. */
#define HG_APPLICATION 0x0a991ca7u
bool hg_is_application(uint32_t instance);
/* `endpoint`: the device of his, by its instance, to which those of HG_ENDPOINT are bound. HG_BAD: there is none. */
void hg_core_publish(struct hg_core *, hg_addr, struct hg_str endpoint, struct hg_change *,
	size_t n, void (*done)(void *arg, const struct hg_answer *), void *arg);
bool hg_core_has_publication(struct hg_core *, hg_addr, struct hg_pubkey);
/* Of those the ones of a category and instance, 0: of any. Returns how many there are. */
size_t hg_core_unpublish(struct hg_core *, hg_addr, hg_part category, uint32_t instance,
	void (*done)(void *arg, const struct hg_answer *), void *arg);

void hg_core_turn(struct hg_core *);
int64_t hg_core_deadline(const struct hg_core *); /* monotonic ms; INT64_MAX: none */
bool hg_core_busy(const struct hg_core *);        /* a commit is under way */

/* Before adapters are stopped: everybody who was shown somebody on a route lane is told that he is
 * unavailable. */
void hg_core_farewell(struct hg_core *);
size_t hg_core_waiting(
	const struct hg_core *); /* outlets that wait for room on a lane that is up */

/* The whole mirror of one person as JSON, for `heliograph show`. -ENOENT */
int hg_core_show(struct hg_core *, hg_addr, struct hg_buf *);

/*
 * What a watcher is shown of a person, or would be, part by part: `each` writes it, behind what is there of the JSON object.
 * -ENOENT: no such user, or somebody elsewhere whom he does not watch.
 */
int hg_core_view(struct hg_core *, hg_addr watcher, hg_addr person, const hg_part *, size_t nparts,
	void (*each)(void *arg, const struct hg_view *, struct hg_buf *), void *arg,
	struct hg_buf *);
/* As JSON. A contact list, containers and their members, linked accounts, delegates: -ENOENT. All users: an array. */
int hg_core_contacts(struct hg_core *, hg_addr owner, struct hg_buf *);
int hg_core_containers(struct hg_core *, hg_addr owner, struct hg_buf *);
int hg_core_links(struct hg_core *, hg_addr person, struct hg_buf *);
int hg_core_delegates(struct hg_core *, hg_addr person, struct hg_buf *);
void hg_core_users(struct hg_core *, struct hg_buf *);

struct hg_core_stats {
	uint64_t persons, endpoints, watches, outlets, publications, lanes;
	/* fragments rendered, taken from the cache, left as they are by another table; parcels handed off */
	uint64_t renders, shared, kept, handed;
};
struct hg_core_stats hg_core_stats(const struct hg_core *);
