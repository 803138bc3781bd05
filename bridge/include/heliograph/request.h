/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What adapters ask the core for in somebody's name, and what it answers.
 */
#pragma once

#include <heliograph/presence.h>

/* ---- who a request really comes from: made by an authenticator, never by a parser ---- */

enum hg_proof {
	HG_PROOF_NONE,
	HG_PROOF_LISTENER, /* `auth: none` on a listener: the first accepted REGISTER of the
			      connection names him */
	HG_PROOF_ROUTE     /* a lane that is trusted to speak for the addresses behind it */
};

struct hg_principal {
	enum hg_proof proof;
	hg_addr addr; /* the person, as proven; of HG_PROOF_ROUTE in whose name this request is */
	hg_lane lane;
	hg_endpoint endpoint; /* the registration it speaks through, 0 none */
};

/* A refusal is a value. */
enum hg_verdict {
	HG_OK,
	HG_BAD,       /* the request makes no sense: 400, bad-request; hg_answer.reason says why */
	HG_FORBIDDEN, /* 403 */
	HG_NOT_FOUND, /* 404 */
	HG_CONFLICT,  /* 409 and the fault document */
	HG_TOO_LARGE, /* 413: a limit was reached */
	HG_LATER,     /* 503: the store failed, a queue is full; nothing happened */
	HG_NOT_DELEGATE /* 403: it is somebody else's, who has not let the principal do this */
};

/* ---- requests: all or nothing each ---- */

struct hg_member_edit {
	uint16_t container;
	uint32_t version; /* of the container, as the client knows it */
	bool remove;
	struct hg_member member; /* a user's value may be NULL: "user@domain", as clients write it */
};

enum hg_contact_op {
	HG_SET_CONTACT,
	HG_DELETE_CONTACT,
	HG_ADD_GROUP,
	HG_MODIFY_GROUP,
	HG_DELETE_GROUP
};

struct hg_contact_edit {
	enum hg_contact_op op;
	uint32_t delta;       /* the list's number as the client knows it */
	struct hg_str uri;    /* "sip:user@domain" or "user@domain" */
	hg_addr addr;         /* of uri */
	struct hg_str name;   /* display name, or the group's name */
	struct hg_str groups; /* "1 3" */
	struct hg_str external;
	bool subscribed;
	uint32_t group; /* HG_MODIFY_GROUP, HG_DELETE_GROUP */
};

/* Of one delegate. */
struct hg_delegate_edit {
	uint32_t version; /* of the list, as the client knows it */
	bool remove;
	bool publish, redelegate; /* what he may do, unless he is taken away */
};

enum hg_request_kind {
	HG_REQ_REGISTER, /* a new registration, a refresh, or with expires 0 the end of one */
	HG_REQ_PUBLISH,  /* categories */
	HG_REQ_MEMBERS,  /* containers' members */
	HG_REQ_CONTACT,  /* contact list and groups */
	HG_REQ_WATCH,    /* a persistent wish to see `watched`: `<context/>` */
	HG_REQ_ACK, /* the watcher `watched` is acknowledged: the owner is not asked about him again */
	/* `watched` is an account of the same person; `remove`: not any more. Only for those who may ask anything
	 * (hg_core_ask): a link needs an administrator's word, or proof from both ends. */
	HG_REQ_LINK,
	HG_REQ_SEARCH,   /* the directory; changes nothing, so it waits for nothing */
	HG_REQ_DELEGATE, /* `watched` may act in the target's name, or not any more: `delegate` */
	HG_REQ_ACE, /* `watched` is let in, whatever was said of him; `remove`: blocked, [MS-SIP] setACE */
	/* What one device says in a vocabulary of its own, without naming containers, instead of what it said before: `said`
	 * for `expires` seconds; NULL: as before, so much longer; with expires 0 it says nothing any more. */
	HG_REQ_SAY,
	/* `memo` is what the adapter has to remember of `watched`, an account of the same person, for as long as it is one:
	 * durable, and had again with host->memo. */
	HG_REQ_MEMO
};

#define HG_MEMO_MAX (256 * 1024) /* octets of one */

/* ---- the directory ---- */

/* A term is of an enum hg_card_field, of the address, or of something that nobody has. */
enum { HG_SEARCH_ADDRESS = HG_CARD_FIELDS, HG_SEARCH_UNKNOWN };

/* Fits where a word of the field begins so, without regard to case. */
struct hg_search_term {
	int field;
	struct hg_str value; /* not empty */
};

/* Whom all terms fit; nobody, if there is none. */
struct hg_search {
	const struct hg_search_term *term;
	size_t n;
	uint32_t max; /* how many are wanted */
};

#define HG_SEARCH_TERMS_MAX 16
#define HG_SEARCH_FOUND_MAX 100 /* whatever is wanted */

struct hg_found {
	struct hg_bytes *address; /* "user@domain", written as in a SIP URI */
	struct hg_card card;      /* as far as the searcher may see it */
};

/* Everything in it is borrowed for the call and copied by it. */
struct hg_request {
	enum hg_request_kind kind;
	/* Whose data it is: the principal's own address, or of somebody who has made him a delegate for this. */
	hg_addr target;
	struct hg_str
		instance; /* HG_REQ_REGISTER, HG_REQ_SAY: names the endpoint (epid); stays the same over
				   connections */
	uint32_t expires;                       /* HG_REQ_REGISTER, HG_REQ_SAY: seconds */
	const struct hg_vocabulary *vocabulary; /* HG_REQ_SAY: lives as long as the process */
	const struct hg_record *said;           /* HG_REQ_SAY; may be NULL */
	const struct hg_change *change;         /* HG_REQ_PUBLISH */
	size_t nchanges;
	/* HG_REQ_PUBLISH: of somebody who knows no versions; those that hold are taken, and what says what is there already
	 * changes nothing. */
	bool any_version;
	const struct hg_member_edit *member; /* HG_REQ_MEMBERS */
	size_t nmembers;
	const struct hg_contact_edit *contact; /* HG_REQ_CONTACT */
	bool remove;                           /* HG_REQ_LINK, HG_REQ_ACE */
	hg_addr watched; /* HG_REQ_WATCH, HG_REQ_ACK, HG_REQ_DELEGATE, HG_REQ_ACE, HG_REQ_MEMO */
	struct hg_delegate_edit delegate; /* HG_REQ_DELEGATE */
	const struct hg_search *search;   /* HG_REQ_SEARCH */
	struct hg_str wire;               /* HG_REQ_WATCH: as the watcher wrote that address */
	struct hg_str memo;               /* HG_REQ_MEMO */
};

struct hg_frag;

struct hg_answer {
	enum hg_verdict verdict;
	const char *reason;                 /* for a header or a log line; "" none */
	const struct hg_conflict *conflict; /* HG_CONFLICT, but of HG_REQ_CONTACT */
	size_t nconflicts;
	hg_endpoint endpoint; /* HG_REQ_REGISTER */
	uint32_t group;       /* HG_ADD_GROUP: the new id */
	/* HG_REQ_CONTACT: the list's number now, also when refused; HG_REQ_ACE: that of the container of the blocked */
	uint32_t delta;
	/* HG_REQ_PUBLISH: the touched categories of the owner's view, whole, in the self format;
	 * HG_REQ_DELEGATE: his delegates. Nothing, for somebody who acted in his name.
	 * Handing this answer out is their delivery: the outlet it came from has nothing of them
	 * left to send. */
	const struct hg_frag *const *frag;
	size_t nfrags;
	const struct hg_found *found; /* HG_REQ_SEARCH */
	size_t nfound;
	bool more; /* there would have been more */
};
