/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hosted enhanced-presence server over sofia-sip's nta: what all files of this folder share, and connections.
 * Requests and answers are in request.h, dialogs in dialog.h; what is for peers without enhanced presence in simple.h.
 *
 * Who owns what: a connection (conn.c) owns its lane, its subscription dialogs and the requests that wait for
 * the core's answer; a dialog owns its outlets. sofia-sip may close a connection inside any call that sends, so
 * closing only marks it; the sweep, in a timer of its own, frees it and all that hangs on it.
 * Only handles (handle.c) of these objects are given to the core, never pointers.
 */
#pragma once

struct hg_sip;
struct hg_sip_conn;

#define NTA_AGENT_MAGIC_T struct hg_sip
#define TP_CLIENT_T struct hg_sip_conn

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/tport.h>

#include <heliograph/adapter.h>
#include <heliograph/conf.h>

#include <netinet/in.h>
#include <uthash.h>

/* A lane takes no more parcels while this many messages wait behind the kernel's buffer. */
#define HG_SIP_QUEUE_MAX 8

#define HG_SIP_HEADER_MAX \
	16384 /* octets of all headers of a message: what bridge/compat lets through */
#define HG_SIP_REASON_MAX 200 /* octets of a reason that is told to a peer */

/* ---- configuration (config.c) ---- */

extern const struct hg_adapter hg_sip_adapter;

struct hg_sip_limits {
	uint32_t body, body_stranger; /* octets */
	uint32_t connections, requests, dialogs, resources, answers;
	uint32_t reg_min, reg_max, reg_default; /* seconds */
	uint32_t sub_min, sub_max, sub_default;
	uint32_t stall;   /* ms: a message half here, a queue that does not empty */
	uint32_t sign_in; /* ms: nobody registers over a connection */
};

/* What clients are spoken to in (docs/decisions/0015): enhanced presence, or what was before it. */
enum hg_sip_dialect { HG_SIP_ENHANCED, HG_SIP_2005, HG_SIP_DIALECTS };

enum hg_sip_transport { HG_SIP_UDP, HG_SIP_TCP, HG_SIP_TLS, HG_SIP_TRANSPORTS };

struct hg_sip_listener {
	enum hg_sip_transport transport;
	enum hg_sip_dialect dialect; /* of those who offer both */
	char *address, *certificate;
	uint16_t port; /* 0: any that is free */
	const struct hg_conf *conf;
};

extern const char *const *const hg_sip_transport_name; /* by enum hg_sip_transport */
extern const struct hg_schema hg_sip_schema;
int hg_sip_config_read(struct hg_sip *, const struct hg_conf *, struct hg_err *);
void hg_sip_config_done(struct hg_sip *);
extern const struct hg_schema hg_sip_provisioning_schema; /* config_provisioning.c */
int hg_sip_provisioning_read(struct hg_sip *, const struct hg_conf *, struct hg_err *);
void hg_sip_provisioning_done(struct hg_sip *);
int hg_sip_certificate_check(
	const char *path, const char *where, struct hg_err *); /* certificate.c */

/* ---- handles (handle.c): numbers that stand for objects which may be gone ---- */

enum hg_sip_handle_kind {
	HG_SIP_HANDLE_FREE,
	HG_SIP_HANDLE_REQUEST,
	HG_SIP_HANDLE_OUTLET,
	HG_SIP_HANDLE_DIALOG,
	HG_SIP_HANDLE_WATCHER, /* a dialog of somebody behind a peer */
	HG_SIP_HANDLE_SUB,     /* a subscription of ours at a peer */
	HG_SIP_HANDLE_TOLD     /* a publication of ours at a peer */
};

struct hg_sip_handles {
	struct hg_sip_handle {
		void *object;
		uint32_t generation, next_free;
		enum hg_sip_handle_kind kind;
	} * slot;
	size_t n, cap;
	uint32_t free; /* index + 1; 0 none */
};

uint64_t hg_sip_handle_new(
	struct hg_sip_handles *, enum hg_sip_handle_kind, void *object); /* never 0 */
void *hg_sip_handle_get(
	const struct hg_sip_handles *, enum hg_sip_handle_kind, uint64_t); /* NULL: gone */
void hg_sip_handle_free(struct hg_sip_handles *, uint64_t);                /* 0 is fine */
void hg_sip_handles_done(struct hg_sip_handles *);

/* ---- the adapter itself ---- */

#define HG_SIP_KEPT_S 32 /* Timer J, RFC 3261 17.2.2: 64 * T1 */

/* How many answers to datagrams are kept, by the second that they were asked for in. */
struct hg_sip_answers {
	uint32_t in[HG_SIP_KEPT_S + 1], n;
	int64_t second; /* the newest */
};

struct hg_sip {
	const struct hg_host *host;
	struct hg_core *core;
	struct hg_sip_limits limit;
	struct hg_sip_listener *listener;
	size_t nlisteners, listener_cap;
	struct hg_sip_peer **peer; /* of the route (simple.h) */
	size_t npeers, peer_cap;
	struct hg_provision_group *group; /* what clients are given of their own */
	size_t ngroups, group_cap;
	bool extension; /* documents have it, and what is read in them counts */
	bool started, stopping;

	su_root_t *root;
	nta_agent_t *agent;
	char mark[32]; /* what the branches of our requests begin with, in this process (hops.c) */
	hg_poll *poll;
	hg_timer *step_timer, *sweep_timer;
	bool stepping;

	struct hg_sip_conn *conn;        /* hash by transport */
	struct hg_sip_conn *flow;        /* hash by whom datagrams came from */
	struct hg_sip_entity *entity;    /* hash by entity tag (entity.c) */
	struct hg_sip_entity *published; /* of these each machine's newest; hash by origin */
	struct hg_sip_watcher
		*owed; /* those that are to be notified at the end of the turn (notifier.c) */
	struct hg_sip_dialog *owing; /* the same of clients' (tell.c) */
	struct hg_sip_handles handles;
	struct hg_sip_answers kept; /* request.c */
	struct hg_sip *next_running;
};

enum {
	HG_SIP_FORMAT_CATEGORIES,
	HG_SIP_FORMAT_SELF,
	HG_SIP_FORMAT_CONTACTS,
	HG_SIP_FORMAT_LCS, /* all that the 2005 dialect has of its own */
	HG_SIP_FORMAT_PIDF,
	HG_SIP_FORMAT_DIALOG, /* how far somebody's calls are, in a word */
	HG_SIP_FORMAT_WINFO,
	HG_SIP_FORMATS
};

/* ---- agent.c: sofia-sip on the host's loop ---- */

int hg_sip_agent_start(struct hg_sip *, struct hg_err *);
void hg_sip_agent_stop(struct hg_sip *);
void hg_sip_remedy_tls(void);   /* remedy_tls.c */
void hg_sip_remedy_reset(void); /* remedy_reset.c */
void hg_sip_kick(
	struct hg_sip *); /* after nta was called from outside of it: it may have set a timer */

/* ---- ip.c: of a machine ---- */

struct hg_sip_ip {
	uint8_t octet[16];
};

bool hg_sip_ip_read(const char *text, struct hg_sip_ip *ret);
void hg_sip_ip_of(const su_sockaddr_t *, struct hg_sip_ip *ret);
bool hg_sip_ip_loopback(const struct hg_sip_ip *);
bool hg_sip_ip_write(
	const struct hg_sip_ip *, char ret[INET6_ADDRSTRLEN]); /* true: it is an IPv4 address */

/* ---- conn.c: a connection, or whoever sends datagrams from one address and port ---- */

struct hg_sip_flow {
	tport_t *tp;
	struct hg_sip_ip ip;
	uint32_t port;
	uint32_t pad; /* zero: it is compared whole */
};

struct hg_sip_conn {
	UT_hash_handle hh;
	struct hg_sip *sip;
	tport_t *tp;             /* referenced; of datagrams the listener's */
	struct hg_sip_flow from; /* of what came last; the key of a flow */
	bool datagram;
	bool peers; /* from a peer's address: nobody need sign in there */
	bool lost;  /* closed or about to be */
	int pend;
	const char *doomed; /* why the next sweep closes it; NULL */
	hg_lane lane;
	int64_t opened;     /* mono ms; also when the last registration over it ended */
	int64_t full_since; /* mono ms since when its queue did not empty, 0 it did */
	int64_t shut_since; /* mono ms since when sofia-sip reads no more from it, 0 it does */

	/* what is half here (conn_seen.c) */
	msg_t **gathered; /* sofia-sip's message that it gathers, a part of `tp`; NULL nothing came yet */
	bool too_large;    /* the last that came was; sofia-sip closes, now or when the peer does */
	uint64_t messages; /* that came whole */
	int64_t half_since; /* mono ms since when the one after these is half here, 0 it is not */
	uint64_t half_after;

	/* the principal: set by the first REGISTER, given up when that is refused */
	hg_addr addr;
	char *uri;      /* "sip:user@domain", canonical */
	char *instance; /* what names its endpoint */
	hg_endpoint endpoint;
	enum hg_sip_dialect dialect;
	bool registered;
	uint32_t registering; /* REGISTERs that wait for an answer */
	int64_t until;        /* mono ms, end of the registration */

	struct hg_sip_dialog *dialog;
	uint32_t ndialogs;
	bool wishes; /* some of theirs wait, and no answer will set them going (wish.c) */
	struct hg_sip_request *request; /* those that wait for the core */
	uint32_t nrequests;
};

/* Makes one for a connection not seen before; NULL: it is closed already. */
struct hg_sip_conn *hg_sip_conn_of(struct hg_sip *, tport_t *);
/* What a message came over; NULL: it is closed already, or there are too many. */
struct hg_sip_conn *hg_sip_conn_from(struct hg_sip *, tport_t *, const msg_t *);
/* The next sweep closes it; `why` ("stalled", ...) is for log and counter. */
void hg_sip_conn_doom(struct hg_sip_conn *, const char *why);
/* conn_seen.c: what sofia-sip does not tell: connections from when they open, messages from their first octet. */
bool hg_sip_seen_works(void);
void hg_sip_seen_start(struct hg_sip *);
void hg_sip_seen_stop(struct hg_sip *);
bool hg_sip_seen_half(const struct hg_sip_conn *);
struct hg_sip_conn *hg_sip_seen(const tport_t *); /* NULL: not one that was accepted */
bool hg_sip_conn_open(const struct hg_sip_conn *);
static inline bool hg_sip_conn_of_peer(const struct hg_sip_conn *conn) /* and of no client */
{
	return conn->peers && !conn->registered;
}
void hg_sip_conn_lane(struct hg_sip_conn *); /* opens its lane, once */
uint32_t hg_sip_conn_room(const struct hg_sip_conn *);
const struct hg_sip_listener *hg_sip_conn_listener(const struct hg_sip_conn *);
void hg_sip_conn_principal(const struct hg_sip_conn *, struct hg_principal *ret);
void hg_sip_conn_forget(struct hg_sip_conn *); /* it speaks for nobody any more; ends its dialogs */
void hg_sip_wishes_again(struct hg_sip_conn *); /* those that wait so (wish.c) */
void hg_sip_conns_sweep(struct hg_sip *);
void hg_sip_conns_sweep_soon(struct hg_sip *);
void hg_sip_conns_done(struct hg_sip *); /* closes and frees all */
/* "<sip:host:port;transport=x>", where in-dialog requests are to be sent. */
void hg_sip_conn_contact(const struct hg_sip_conn *, struct hg_buf *);
void hg_sip_contact(const tport_t *listener, struct hg_buf *);
/* Where datagrams came from, whatever their Contact says: requests of ours go back there. */
const url_string_t *hg_sip_conn_route(const struct hg_sip_conn *, su_home_t *);
