/* SPDX-License-Identifier: Apache-2.0 */
/* One request of somebody's, and how it is answered. */
#pragma once

#include "plugins/sip/sip.h"

/* ---- requests and answers (request.c, respond.c) ---- */

struct hg_sip_request {
	struct hg_sip_request *prev, *next; /* on conn->request while it waits */
	struct hg_sip *sip;
	struct hg_sip_conn *conn;
	msg_t *msg;
	const sip_t *in;
	nta_incoming_t *
		irq; /* of a datagram: sends the answer again to whom the first one did not reach */
	const char *tag;        /* of To in the answer, if the request has none */
	struct hg_str inflated; /* its body, if that came compressed (encoding.c) */
	hg_addr owner;          /* in whose name it is: his who asks, or p-session-on-behalf-of */
	bool behalf;            /* that is somebody else than him who asks */
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
int hg_sip_url_addr(struct hg_sip *, su_home_t *, const url_t *, hg_addr *ret,
	struct hg_str *ret_text,
	const char **ret_reason); /* of no request; the text is the home's */
int hg_sip_addr(const struct hg_sip_request *, const url_t *, hg_addr *ret, struct hg_str *ret_text,
	const char **ret_reason);

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

/* ---- hops.c ---- */

void hg_sip_mark(struct hg_sip *);
/* Of a request of ours, so that it is known again. */
const char *hg_sip_branch(const struct hg_sip *, msg_t *);
/* It is a request of ours that comes back. true: refused */
bool hg_sip_loop_refused(struct hg_sip_request *);
/* It would have to go further than it may. true: refused */
bool hg_sip_beyond_refused(struct hg_sip_request *, const url_t *whom, hg_addr);

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
