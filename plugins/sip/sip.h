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

struct sip;
struct sip_conn;

#define NTA_AGENT_MAGIC_T struct sip
#define TP_CLIENT_T struct sip_conn

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/tport.h>

#include <heliograph/adapter.h>
#include <heliograph/conf.h>

#include <uthash.h>

/* What a stalled or silent connection is given before it is closed, ms. */
#define SIP_STALLED_MS 10000  /* the send queue does not empty */
#define SIP_HALF_MS 30000     /* a message stays half sent */
#define SIP_STRANGER_MS 60000 /* nobody registered over it */

/* A lane takes no more parcels while this many messages wait behind the kernel's buffer. */
#define SIP_QUEUE_MAX 8

#define SIP_HEADER_MAX \
	16384              /* octets of all headers of a message: what bridge/compat lets through */
#define SIP_REASON_MAX 200 /* octets of a reason that is told to a peer */

/* ---- configuration (config.c) ---- */

extern const struct hg_adapter hg_sip_adapter;

struct sip_limits {
	uint32_t body, body_stranger; /* octets */
	uint32_t connections, requests, dialogs, resources;
	uint32_t reg_min, reg_max, reg_default; /* seconds */
	uint32_t sub_min, sub_max, sub_default;
};

struct sip_listener {
	bool tls;
	char *address, *certificate;
	uint16_t port; /* 0: any that is free */
	const struct hg_conf *conf;
};

extern const struct hg_schema sip_schema;
int sip_config_read(struct sip *, const struct hg_conf *, struct hg_err *);
void sip_config_done(struct sip *);
int sip_certificate_check(const char *path, const char *where, struct hg_err *); /* certificate.c */

/* ---- handles (handle.c): numbers that stand for objects which may be gone ---- */

enum sip_handle_kind { SIP_HANDLE_FREE, SIP_HANDLE_REQUEST, SIP_HANDLE_OUTLET, SIP_HANDLE_DIALOG };

struct sip_handles {
	struct sip_handle {
		void *object;
		uint32_t generation, next_free;
		enum sip_handle_kind kind;
	} * slot;
	size_t n, cap;
	uint32_t free; /* index + 1; 0 none */
};

uint64_t sip_handle_new(struct sip_handles *, enum sip_handle_kind, void *object); /* never 0 */
void *sip_handle_get(const struct sip_handles *, enum sip_handle_kind, uint64_t);  /* NULL: gone */
void sip_handle_free(struct sip_handles *, uint64_t);                              /* 0 is fine */
void sip_handles_done(struct sip_handles *);

/* ---- the adapter itself ---- */

struct sip {
	const struct hg_host *host;
	struct hg_core *core;
	struct sip_limits limit;
	struct sip_listener *listener;
	size_t nlisteners, listener_cap;
	bool started, stopping;

	su_root_t *root;
	nta_agent_t *agent;
	hg_poll *poll;
	hg_timer *step_timer, *sweep_timer;
	bool stepping;

	struct sip_conn *conn; /* hash by transport */
	struct sip_handles handles;
	struct sip *next_running;
};

enum { SIP_FORMAT_CATEGORIES, SIP_FORMAT_SELF, SIP_FORMAT_CONTACTS, SIP_FORMATS };

/* ---- agent.c: sofia-sip on the host's loop ---- */

int sip_agent_start(struct sip *, struct hg_err *);
void sip_agent_stop(struct sip *);
void sip_remedy_tls(void);   /* remedy_tls.c */
void sip_kick(struct sip *); /* after nta was called from outside of it: it may have set a timer */

/* ---- conn.c ---- */

struct sip_conn {
	UT_hash_handle hh;
	struct sip *sip;
	tport_t *tp; /* referenced */
	bool lost;   /* closed or about to be */
	int pend;
	const char *doomed; /* why the next sweep closes it; NULL */
	hg_lane lane;
	int64_t opened;     /* mono ms; also when the last registration over it ended */
	int64_t full_since; /* mono ms since when its queue did not empty, 0 it did */

	/* the principal: set by the first REGISTER, given up when that is refused */
	hg_addr addr;
	char *uri;      /* "sip:user@domain", canonical */
	char *instance; /* what names its endpoint */
	hg_endpoint endpoint;
	bool registered;
	uint32_t registering; /* REGISTERs that wait for an answer */
	int64_t until;        /* mono ms, end of the registration */

	struct sip_dialog *dialog;
	uint32_t ndialogs;
	struct sip_request *request; /* those that wait for the core */
	uint32_t nrequests;
};

/* Makes one for a connection not seen before; NULL: it is closed already. */
struct sip_conn *sip_conn_of(struct sip *, tport_t *);
/* The next sweep closes it; `why` ("stalled", ...) is for log and counter. */
void sip_conn_doom(struct sip_conn *, const char *why);
void sip_seen_start(struct sip *); /* conn_seen.c: connections are known from when they open */
void sip_seen_stop(struct sip *);
bool sip_conn_open(const struct sip_conn *);
void sip_conn_lane(struct sip_conn *); /* opens its lane, once */
uint32_t sip_conn_room(const struct sip_conn *);
void sip_conn_principal(const struct sip_conn *, struct hg_principal *ret);
void sip_conn_forget(struct sip_conn *); /* it speaks for nobody any more; ends its dialogs */
void sip_conns_sweep(struct sip *);
void sip_conns_sweep_soon(struct sip *);
void sip_conns_done(struct sip *); /* closes and frees all */
/* "<sip:host:port;transport=x>", where in-dialog requests are to be sent. */
void sip_conn_contact(const struct sip_conn *, struct hg_buf *);

/* ---- requests and answers (request.c, respond.c) ---- */

struct sip_request {
	struct sip_request *prev, *next; /* on conn->request while it waits */
	struct sip *sip;
	struct sip_conn *conn;
	msg_t *msg;
	const sip_t *in;
	const char *tag; /* of To in the answer, if the request has none */
	uint64_t handle;
	enum hg_request_kind kind; /* while it waits: what the core was asked */
	enum hg_contact_op op;     /* HG_REQ_CONTACT */
	uint32_t expires;          /* HG_REQ_REGISTER */
	bool refresh;              /* HG_REQ_REGISTER */
};

/* nta's message callback; owns `msg`. */
int sip_on_message(struct sip *, nta_agent_t *, msg_t *msg, sip_t *);
struct hg_str sip_body(const struct sip_request *);
bool sip_type_is(const struct sip_request *, const char *type); /* of the body, parameters aside */
bool sip_offers(const sip_supported_t *, const char *token);
/* A URI of a header as the core knows it; `ret_text` is valid as long as the request. */
int sip_addr(const struct sip_request *, const url_t *, hg_addr *ret, struct hg_str *ret_text,
	const char **ret_reason);

/* Hands it to the core; `ask` is borrowed. The request lives on until sip_on_answer or the connection's end. */
void sip_request_ask(struct sip_request *, const struct hg_request *ask);
void sip_on_answer(struct sip *, uint64_t cookie, const struct hg_answer *);
void sip_request_drop(struct sip_request *); /* its connection is gone: answers nobody */

/* An answer is begun, gets headers with sip_add_tl, and is sent; sending ends and frees the request. */
msg_t *sip_reply(struct sip_request *, int status);
void sip_reply_body(msg_t *, const char *type, struct hg_str body);
void sip_reply_reason(msg_t *, const char *reason); /* Warning; "" and NULL add nothing */
void sip_reply_send(struct sip_request *, msg_t *);
void sip_refuse(struct sip_request *, int status, const char *reason_fmt, ...) HG_PRINTF(3, 4);
void sip_refuse_verdict(struct sip_request *, enum hg_verdict, const char *reason);

/* The one place that every message of ours passes when it is complete (finish.c). */
void sip_finish(struct sip_conn *, msg_t *);

/* ---- what the methods do ---- */

void sip_register(struct sip_request *); /* register.c */
void sip_register_answer(struct sip_request *, const struct hg_answer *);
void sip_service(struct sip_request *); /* service.c */
void sip_service_answer(struct sip_request *, const struct hg_answer *);
void sip_subscribe(struct sip_request *); /* subscribe.c */

/* ---- dialogs (dialog.c) ---- */

enum sip_event {
	SIP_EVENT_PRESENCE,
	SIP_EVENT_SELF,
	SIP_EVENT_CONTACTS,
	SIP_EVENT_PROVISIONING,
	SIP_EVENTS /* none of them */
};

extern const char *const sip_event_name[SIP_EVENTS];
extern const char
	sip_event_list[]; /* for Allow-Events: without blanks, pidgin-sipe does not trim */

struct sip_outlet {
	struct sip_outlet *prev, *next;
	struct sip_dialog *dialog;
	hg_outlet id;
	hg_addr addr;
	char *wire; /* the presentity as the watcher wrote it */
	uint64_t handle;
	uint32_t round;  /* the SUBSCRIBE that named it last */
	bool documented; /* a category document of it was sent */
};

struct sip_dialog {
	struct sip_dialog *prev, *next;
	struct sip_conn *conn;
	enum sip_event event;
	su_home_t *home; /* of the headers */
	sip_from_t *local;
	sip_to_t *remote;
	sip_call_id_t *call_id;
	url_t *target;
	uint32_t seq, remote_seq;
	bool benotify, piggyback;
	bool list; /* presence: of many resources, its answers are multipart */
	bool told; /* self: the first document was sent */
	uint32_t rounds, rlmi_version;
	int64_t until; /* mono ms */
	hg_timer *timer;
	uint64_t handle;
	struct sip_outlet *outlet;
	uint32_t noutlets;
};

struct sip_dialog *sip_dialog_find(const struct sip_request *);
struct sip_dialog *sip_dialog_new(struct sip_request *, enum sip_event);
void sip_dialog_end(struct sip_dialog *); /* shuts its outlets; nothing is sent */
void sip_dialog_refresh(struct sip_dialog *, struct sip_request *, uint32_t expires);
uint32_t sip_dialog_left(const struct sip_dialog *); /* seconds */

enum hg_verdict sip_outlet_open(struct sip_dialog *, hg_addr, struct hg_str wire, uint16_t format,
	const hg_part *, size_t nparts, struct sip_outlet **ret);
struct sip_outlet *sip_outlet_find(const struct sip_dialog *, hg_addr);
void sip_outlet_shut(struct sip_outlet *);
void sip_on_outlet_ended(struct sip *, uint64_t cookie);

/* ---- SUBSCRIBE (subscribe.c, subscribe_self.c, subscribe_presence.c) ---- */

struct sip_subscribe {
	struct sip_request *req;
	struct sip_dialog
		*dialog; /* set for one that refreshes or adds; else the handlers make it */
	bool fresh;      /* the dialog began with this request */
	uint32_t expires;
};

/* The 200: ends the dialog again when it was only asked for once. */
void sip_subscribe_ok(struct sip_subscribe *, const char *type, struct hg_str body);
/* Makes the dialog if there is none yet. */
void sip_subscribe_dialog(struct sip_subscribe *, enum sip_event);

void sip_subscribe_self(struct sip_subscribe *);
void sip_subscribe_contacts(struct sip_subscribe *);
void sip_subscribe_provisioning(struct sip_subscribe *);
void sip_subscribe_presence(struct sip_subscribe *);

/* Fragments kept over further calls to the core. */
struct sip_frags {
	struct hg_frag *frag;
	const struct hg_frag **ptr;
	size_t n, cap, ptr_cap;
};

/* Adds what the outlet is to be told now; returns how many fragments that is. */
size_t sip_frags_collect(struct sip_frags *, struct sip_outlet *, enum hg_standing *ret);
const struct hg_frag *const *sip_frags_array(struct sip_frags *);
void sip_frags_done(struct sip_frags *);
void sip_boundary(struct sip *, char ret[33]);

/* ---- deliver.c ---- */

size_t sip_deliver(struct sip *, const struct hg_parcel *, size_t n);
void sip_notify_end(struct sip_dialog *, const char *reason); /* RFC 6665 4.2.2: "timeout", ... */
