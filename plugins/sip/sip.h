/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hosted enhanced-presence server over sofia-sip's nta: what the files of this folder share.
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

#include "bridge/documents/lcs.h"

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
	uint32_t connections, requests, dialogs, resources;
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
	hg_poll *poll;
	hg_timer *step_timer, *sweep_timer;
	bool stepping;

	struct hg_sip_conn *conn;     /* hash by transport */
	struct hg_sip_conn *flow;     /* hash by whom datagrams came from */
	struct hg_sip_entity *entity; /* hash by entity tag (server.c) */
	struct hg_sip_watcher
		*owed; /* those that are to be notified at the end of the turn (notifier.c) */
	struct hg_sip_dialog *owing; /* the same of clients' (tell.c) */
	struct hg_sip_handles handles;
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
void hg_sip_conn_lane(struct hg_sip_conn *); /* opens its lane, once */
uint32_t hg_sip_conn_room(const struct hg_sip_conn *);
const struct hg_sip_listener *hg_sip_conn_listener(const struct hg_sip_conn *);
void hg_sip_conn_principal(const struct hg_sip_conn *, struct hg_principal *ret);
void hg_sip_conn_forget(struct hg_sip_conn *); /* it speaks for nobody any more; ends its dialogs */
void hg_sip_conns_sweep(struct hg_sip *);
void hg_sip_conns_sweep_soon(struct hg_sip *);
void hg_sip_conns_done(struct hg_sip *); /* closes and frees all */
/* "<sip:host:port;transport=x>", where in-dialog requests are to be sent. */
void hg_sip_conn_contact(const struct hg_sip_conn *, struct hg_buf *);
void hg_sip_contact(const tport_t *listener, struct hg_buf *);
/* Where datagrams came from, whatever their Contact says: requests of ours go back there. */
const url_string_t *hg_sip_conn_route(const struct hg_sip_conn *, su_home_t *);

/* ---- requests and answers (request.c, respond.c) ---- */

struct hg_sip_request {
	struct hg_sip_request *prev, *next; /* on conn->request while it waits */
	struct hg_sip *sip;
	struct hg_sip_conn *conn;
	msg_t *msg;
	const sip_t *in;
	nta_incoming_t *
		irq; /* of a datagram: sends the answer again to whom the first one did not reach */
	const char *tag; /* of To in the answer, if the request has none */
	struct hg_str inflated; /* its body, if that came compressed (encoding.c) */
	hg_addr owner;   /* in whose name it is: his who asks, or p-session-on-behalf-of */
	bool behalf;     /* that is somebody else than him who asks */
	uint64_t handle;
	enum hg_request_kind kind;    /* while it waits: what the core was asked */
	enum hg_contact_op op;        /* HG_REQ_CONTACT */
	int soap;                     /* enum hg_soap_kind of a SERVICE */
	uint32_t expires;             /* HG_REQ_REGISTER, HG_REQ_SAY */
	bool refresh;                 /* HG_REQ_REGISTER */
	struct hg_sip_entity *entity; /* HG_REQ_SAY: what it is about; NULL: it is gone */
};

/* nta's message callback; owns `msg`. */
int hg_sip_on_message(struct hg_sip *, nta_agent_t *, msg_t *msg, sip_t *);
struct hg_str hg_sip_body(const struct hg_sip_request *);
/* A body that is compressed is read, and may be `max` octets then. true: refused */
bool hg_sip_encoding_refused(struct hg_sip_request *, size_t max);
bool hg_sip_type_is(
	const struct hg_sip_request *, const char *type); /* of the body, parameters aside */
bool hg_sip_offers(const sip_supported_t *, const char *token);
/* A URI of a header as the core knows it; `ret_text` is valid as long as the request. */
int hg_sip_url_addr(struct hg_sip *, su_home_t *, const url_t *, hg_addr *ret, struct hg_str *ret_text,
	const char **ret_reason); /* of no request; the text is the home's */
int hg_sip_addr(const struct hg_sip_request *, const url_t *, hg_addr *ret, struct hg_str *ret_text,
	const char **ret_reason);

/* RFC 7247 8: who says sips: wants every hop secured, and beyond us nobody can promise that. true: refused */
bool hg_sip_sips_refused(struct hg_sip_request *, const url_t *whom, hg_addr);

/* Hands it to the core; `ask` is borrowed. The request lives on until hg_sip_on_answer or the connection's end. */
void hg_sip_request_ask(struct hg_sip_request *, const struct hg_request *ask);
/* In the name of somebody whom it was found out by other means than the connection that it comes from. */
void hg_sip_request_ask_as(
	struct hg_sip_request *, const struct hg_principal *by, const struct hg_request *ask);
void hg_sip_on_answer(struct hg_sip *, uint64_t cookie, const struct hg_answer *);
void hg_sip_request_drop(struct hg_sip_request *); /* its connection is gone: answers nobody */

/* An answer is begun, gets headers with sip_add_tl, and is sent; sending ends and frees the request. */
msg_t *hg_sip_reply(struct hg_sip_request *, int status);
void hg_sip_reply_body(msg_t *, const char *type, struct hg_str body);
void hg_sip_reply_reason(msg_t *, const char *reason); /* Warning; "" and NULL add nothing */
/* ms-diagnostics; `reason` is ours, and short. */
void hg_sip_reply_diagnosis(msg_t *, unsigned id, const char *reason);
void hg_sip_reply_send(struct hg_sip_request *, msg_t *);
void hg_sip_refuse(struct hg_sip_request *, int status, const char *reason_fmt, ...)
	HG_PRINTF(3, 4);
void hg_sip_refuse_verdict(struct hg_sip_request *, enum hg_verdict, const char *reason);

/* The one place that every message of ours passes when it is complete (finish.c). */
void hg_sip_finish(struct hg_sip_conn *, msg_t *);
void hg_sip_count_sent(struct hg_sip *, msg_t *);

/* ---- what the methods do ---- */

void hg_sip_register(struct hg_sip_request *); /* register.c */
void hg_sip_register_answer(struct hg_sip_request *, const struct hg_answer *);
void hg_sip_service(struct hg_sip_request *); /* service.c */
void hg_sip_service_answer(struct hg_sip_request *, const struct hg_answer *);
/* An address in a document; true: it is none, and the request was refused. */
bool hg_sip_bad_uri(struct hg_sip_request *, const char *what, struct hg_str uri, hg_addr *ret);
bool hg_sip_owns(const struct hg_sip_request *, struct hg_str uri); /* in whose name it is */
void hg_sip_subscribe(struct hg_sip_request *);                     /* subscribe.c */
/* behalf.c */
bool hg_sip_behalf_refused(struct hg_sip_request *); /* reads the header; true: it was refused */
void hg_sip_refuse_delegate(struct hg_sip_request *, const char *reason);

/* lcs_service.c: of the 2005 dialect */
struct hg_lcs_presence;
struct hg_lcs_ace;
void hg_sip_lcs_presence(struct hg_sip_request *, const struct hg_lcs_presence *);
void hg_sip_lcs_ace(struct hg_sip_request *, const struct hg_lcs_ace *);
void hg_sip_lcs_answer(struct hg_sip_request *, const struct hg_answer *);

/* ---- one side of a dialog (leg.c) ---- */

struct hg_sip_leg {
	su_home_t *home; /* of the headers; NULL: there is none */
	sip_from_t *local;
	sip_to_t *remote;
	sip_call_id_t *call_id;
	url_t *target;
	sip_route_t *route;
	uint32_t seq, remote_seq;
};

void hg_sip_leg_answer(struct hg_sip_leg *, const struct hg_sip_request *); /* that begins it */
void hg_sip_leg_begin(struct hg_sip_leg *, struct hg_sip *, const char *from, const char *to);
void hg_sip_leg_done(struct hg_sip_leg *);
bool hg_sip_leg_contact(const sip_t *); /* it says where requests of the dialog are to go */
bool hg_sip_leg_is(const struct hg_sip_leg *, const sip_t *request); /* belongs to it */
void hg_sip_leg_establish(struct hg_sip_leg *, const sip_t *notify);
void hg_sip_leg_retarget(struct hg_sip_leg *, const sip_t *request);
/* As lines of text, and back; false: that is none. */
void hg_sip_leg_write(const struct hg_sip_leg *, struct hg_buf *);
bool hg_sip_leg_read(struct hg_sip_leg *, struct hg_str *lines);
char *hg_sip_line(su_home_t *, struct hg_str *lines); /* the next one; "" if there is none */
msg_t *hg_sip_leg_request(
	struct hg_sip_leg *, struct hg_sip *, const char *method); /* the next one */

/* ---- dialogs (dialog.c) ---- */

enum hg_sip_event {
	HG_SIP_EVENT_PRESENCE,
	HG_SIP_EVENT_SELF,
	HG_SIP_EVENT_CONTACTS,
	HG_SIP_EVENT_PROVISIONING,
	/* of the 2005 dialect, which shares the contact list */
	HG_SIP_EVENT_LCS_PRESENCE,
	HG_SIP_EVENT_LCS_WATCHERS,
	HG_SIP_EVENT_LCS_ACL,
	HG_SIP_EVENT_LCS_PROVISIONING,
	/* of both dialects */
	HG_SIP_EVENT_SIMPLE, /* presence, as PIDF */
	HG_SIP_EVENT_DIALOG, /* lamps of telephones, RFC 4235 */
	HG_SIP_EVENT_WINFO,  /* who watches the subscriber, RFC 3857 */
	HG_SIP_EVENTS        /* none of them */
};

extern const char *const hg_sip_event_name[HG_SIP_EVENTS];
/* For Allow-Events, of a dialect: without blanks, pidgin-sipe does not trim. */
void hg_sip_event_list(enum hg_sip_dialect, struct hg_buf *);
/* For Accept: the types of bodies that come with SUBSCRIBE, and with SERVICE. */
void hg_sip_event_bodies(enum hg_sip_dialect, struct hg_buf *);
void hg_sip_service_bodies(const struct hg_sip_request *, struct hg_buf *);

struct hg_sip_outlet {
	struct hg_sip_outlet *prev, *next;
	struct hg_sip_dialog *dialog;
	hg_outlet id;
	hg_addr addr;
	char *wire; /* the presentity as the watcher wrote it */
	uint64_t handle;
	uint32_t round;  /* the SUBSCRIBE that named it last */
	bool documented; /* a document of it was sent */
	bool again;      /* it has news that could not go out yet */
	/* from HG_SIP_EVENT_SIMPLE on */
	uint64_t said;    /* stands for what was told of it last; 0 nothing */
	uint32_t version; /* HG_SIP_EVENT_DIALOG: of the next document */
	enum { HG_SIP_NO_WISH, HG_SIP_WISH_WAITS, HG_SIP_WISH_ASKED } wish; /* in a list */
	const char *over; /* in a list: why the core does not show it; NULL it does */
	/* HG_SIP_EVENT_LCS_PRESENCE: HG_LCS_PARTS of them, as a document is whole, and a parcel what changed; NULL none yet */
	struct hg_frag *kept;
};

struct hg_sip_dialog {
	struct hg_sip_dialog *prev, *next;
	struct hg_sip_conn *conn;
	enum hg_sip_event event;
	struct hg_sip_leg leg;
	bool benotify, piggyback;
	bool extend;      /* it need not be refreshed while the client is registered */
	uint32_t expires; /* seconds that it lasts from a refresh on */
	bool list;        /* of many resources, what it is told is multipart */
	bool told;        /* self: the first document was sent */
	/* A notification is not answered, and the next one waits for that: by datagrams, and from HG_SIP_EVENT_SIMPLE on */
	bool busy;
	/* from HG_SIP_EVENT_SIMPLE on (tell.c) */
	struct hg_sip_dialog *oprev, *onext; /* in sip->owing */
	bool owed;
	bool full;                    /* all is due, not only what changed */
	const char *ends;             /* why the next notification is the last one; NULL it is not */
	struct hg_winfo *watchers;    /* HG_SIP_EVENT_WINFO: who was told of last; NULL nothing was */
	unsigned wishes;              /* of a list: that are not answered */
	struct hg_sip_outlet *roster; /* tells when the contact list that it is about changes */
	uint32_t rounds, rlmi_version;
	int64_t until; /* mono ms */
	hg_timer *timer;
	uint64_t handle;
	struct hg_sip_outlet *outlet;
	uint32_t noutlets;
};

struct hg_sip_dialog *hg_sip_dialog_find(const struct hg_sip_request *);
struct hg_sip_dialog *hg_sip_dialog_new(struct hg_sip_request *, enum hg_sip_event);
void hg_sip_dialog_end(struct hg_sip_dialog *); /* shuts its outlets; nothing is sent */
void hg_sip_dialog_refresh(struct hg_sip_dialog *, struct hg_sip_request *, uint32_t expires);
uint32_t hg_sip_dialog_left(const struct hg_sip_dialog *); /* seconds */

enum hg_verdict hg_sip_outlet_open(struct hg_sip_dialog *, hg_addr, struct hg_str wire,
	uint16_t format, const hg_part *, size_t nparts, struct hg_sip_outlet **ret);
/* The same in two steps: one that the core does not know of; what was asked of it may be tried again. */
struct hg_sip_outlet *hg_sip_outlet_add(struct hg_sip_dialog *, hg_addr, struct hg_str wire);
enum hg_verdict hg_sip_outlet_link(
	struct hg_sip_outlet *, uint16_t format, const hg_part *, size_t nparts);
struct hg_sip_outlet *hg_sip_outlet_find(const struct hg_sip_dialog *, hg_addr);
void hg_sip_outlet_shut(struct hg_sip_outlet *);
void hg_sip_on_outlet_ended(struct hg_sip *, uint64_t cookie);
/* That the client wants to see him is the core's wish as well, and lasts longer than the dialog. `cookie`: of the answer; 0:
 * nobody waits for it. */
void hg_sip_dialog_wish(struct hg_sip_dialog *, hg_addr, struct hg_str uri, uint64_t cookie);

/* ---- SUBSCRIBE (subscribe.c, subscribe_self.c, subscribe_presence.c, lcs_subscribe.c) ---- */

struct hg_sip_subscribe {
	struct hg_sip_request *req;
	struct hg_sip_dialog
		*dialog; /* set for one that refreshes or adds; else the handlers make it */
	bool fresh;      /* the dialog began with this request */
	bool list;       /* RFC 4662: to several people at once */
	uint32_t expires;
};

/* Expires as wished for, within bounds. true: refused */
bool hg_sip_expires_refused(struct hg_sip_request *, uint32_t *ret);
/* What is wrong with one for presence as a PIDF document. true: refused */
bool hg_sip_subscribe_refused(struct hg_sip_request *, uint32_t *ret_expires);
/* The 200: ends the dialog again when it was only asked for once. */
void hg_sip_subscribe_ok(struct hg_sip_subscribe *, const char *type, struct hg_str body);
/* Makes the dialog if there is none yet. */
void hg_sip_subscribe_dialog(struct hg_sip_subscribe *, enum hg_sip_event);

/* One outlet carries all of it; the owner is the presentity. true: refused */
bool hg_sip_subscribe_own(struct hg_sip_subscribe *, enum hg_sip_event, uint16_t format,
	const hg_part *, size_t nparts);
/* A document that is one part of the owner's own. */
void hg_sip_subscribe_list(
	struct hg_sip_subscribe *, enum hg_sip_event, uint16_t format, hg_part, const char *type);
void hg_sip_subscribe_self(struct hg_sip_subscribe *);
void hg_sip_subscribe_contacts(struct hg_sip_subscribe *);
void hg_sip_subscribe_provisioning(struct hg_sip_subscribe *);
void hg_sip_subscribe_presence(struct hg_sip_subscribe *); /* both dialects */
void hg_sip_subscribe_lcs_watchers(struct hg_sip_subscribe *);
void hg_sip_subscribe_lcs_acl(struct hg_sip_subscribe *);
void hg_sip_subscribe_lcs_provisioning(struct hg_sip_subscribe *);

/* How others' presence is asked for and written, by dialect (subscribe_presence.c). */
struct hg_sip_manner {
	uint16_t format;
	int (*read)(struct hg_str body, struct hg_batch *, struct hg_doc_err *);
	const hg_part *part; /* unless the request says which */
	size_t nparts;
	const char *type;
	void (*write)(struct hg_buf *, struct hg_str uri, const struct hg_frag *const *, size_t n);
};

const struct hg_sip_manner *hg_sip_manner_of(enum hg_sip_event);

/* lcs_deliver.c: a fragment that is new of the outlet; then all of them. */
void hg_sip_lcs_keep(struct hg_sip_outlet *, const struct hg_frag *);
size_t hg_sip_lcs_kept(const struct hg_sip_outlet *, const struct hg_frag *ret[HG_LCS_PARTS]);
void hg_sip_lcs_drop(struct hg_sip_outlet *);

/* Fragments kept over further calls to the core. */
struct hg_sip_frags {
	struct hg_frag *frag;
	const struct hg_frag **ptr;
	size_t n, cap, ptr_cap;
};

/* Adds what the outlet is to be told now; returns how many fragments that is. */
size_t hg_sip_frags_collect(struct hg_sip_frags *, struct hg_sip_outlet *, enum hg_standing *ret);
const struct hg_frag *const *hg_sip_frags_array(struct hg_sip_frags *);
void hg_sip_frags_done(struct hg_sip_frags *);
void hg_sip_boundary(struct hg_sip *, char ret[33]);

/* ---- deliver.c ---- */

size_t hg_sip_deliver(struct hg_sip *, const struct hg_parcel *, size_t n);
/* One notification. false: not sent, and the connection is closed, or will be. */
bool hg_sip_dialog_notify(
	struct hg_sip_dialog *, const char *state, const char *type, struct hg_str body);
void hg_sip_notify_end(
	struct hg_sip_dialog *, const char *reason); /* RFC 6665 4.2.2: "timeout", ... */
