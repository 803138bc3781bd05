/* SPDX-License-Identifier: Apache-2.0 */
/* Every request on its way in: what is wrong with any request is found here, then its method takes over. */
#include "plugins/sip/simple.h"

#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PEER_REQUESTS \
	64 /* for so many clients a peer counts, where requests that wait are limited */

static const char allowed[] = "Allow: REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, SERVICE, OPTIONS";

/* ---- looking into a request ---- */

struct hg_str hg_sip_body(const struct hg_sip_request *req)
{
	const sip_payload_t *p = req->in->sip_payload;
	if (req->inflated.p)
		return req->inflated;
	return p ? (struct hg_str){ p->pl_data, p->pl_len } : HG_STR_NONE;
}

bool hg_sip_type_is(const struct hg_sip_request *req, const char *type)
{
	const sip_content_type_t *c = req->in->sip_content_type;
	return c && c->c_type && !strcasecmp(c->c_type, type);
}

bool hg_sip_offers(const sip_supported_t *s, const char *token)
{
	for (size_t i = 0; s && s->k_items && s->k_items[i]; i++) {
		if (!strcasecmp(s->k_items[i], token))
			return true;
	}
	return false;
}

int hg_sip_url_addr(struct hg_sip *sip, su_home_t *home, const url_t *url, hg_addr *ret,
	struct hg_str *ret_text, const char **ret_reason)
{
	url_t plain = *url;
	plain.url_password = NULL;
	plain.url_port = NULL;
	plain.url_params = plain.url_headers = plain.url_fragment = NULL;
	struct hg_str text = hg_str(url_as_string(home, &plain)), gr;
	if (ret_text)
		*ret_text = text;
	return sip->host->addr_sip(sip->core, text, ret, &gr, ret_reason);
}

int hg_sip_addr(const struct hg_sip_request *req, const url_t *url, hg_addr *ret,
	struct hg_str *ret_text, const char **ret_reason)
{
	return hg_sip_url_addr(req->sip, msg_home(req->msg), url, ret, ret_text, ret_reason);
}

/* ---- what is wrong with it ---- */

static const char *const extensions[] = { "adhoclist", "categoryList", "eventlist",
	"recipient-list-subscribe", "ms-benotify", "ms-piggyback-first-notify", "gruu-10",
	"msrtc-event-categories", "com.microsoft.autoextend" };

static bool known_extension(const char *token)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++) {
		if (!strcasecmp(extensions[i], token))
			return true;
	}
	return false;
}

/* RFC 3261 8.2.2.3: all that is not known. Proxy-Require is not ours to judge: we are no proxy. true: refused. */
static bool unknown_extension(struct hg_sip_request *req)
{
	const sip_require_t *r = req->in->sip_require;
	struct hg_buf unknown = { 0 };
	for (size_t i = 0; r && r->k_items && r->k_items[i]; i++) {
		if (!known_extension(r->k_items[i]))
			hg_buf_addf(&unknown, "%s%s", unknown.n ? ", " : "", r->k_items[i]);
	}
	if (!unknown.n)
		return false;
	msg_t *out = hg_sip_reply(req, 420);
	sip_add_tl(out, sip_object(out), SIPTAG_UNSUPPORTED_STR(unknown.p), TAG_END());
	hg_buf_done(&unknown);
	hg_sip_reply_send(req, out);
	return true;
}

static bool unserved_method(struct hg_sip_request *req)
{
	sip_method_t method = req->in->sip_request->rq_method;
	const char *name = req->in->sip_request->rq_method_name;
	if (method == sip_method_register || method == sip_method_subscribe ||
		method == sip_method_notify || method == sip_method_publish ||
		method == sip_method_options || !strcmp(name, "SERVICE"))
		return false;
	if (method == sip_method_cancel) {
		hg_sip_refuse(req, 481, "no such transaction");
		return true;
	}
	bool known = method != sip_method_unknown && method != sip_method_invite;
	msg_t *out = hg_sip_reply(req, known ? 405 : 501);
	sip_add_tl(out, sip_object(out), SIPTAG_HEADER_STR(allowed), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

/* true: refused */
static bool malformed(struct hg_sip_request *req)
{
	const sip_t *in = req->in;
	const url_t *to = in->sip_request->rq_url;
	size_t body = hg_sip_body(req).n;
	size_t max = req->conn->registered ? req->sip->limit.body : req->sip->limit.body_stranger;
	if (!in->sip_from->a_tag || !*in->sip_from->a_tag)
		hg_sip_refuse(req, 400, "From has no tag");
	else if (to->url_type != url_sip && to->url_type != url_sips)
		hg_sip_refuse(req, 416, "the Request-URI is no sip: URI");
	else if (body > max)
		hg_sip_refuse(req, 413, "the body is too large");
	else if (body && !in->sip_content_type)
		hg_sip_refuse(req, 400, "the body has no Content-Type");
	else
		return hg_sip_encoding_refused(req, max);
	return true;
}

/* Only a registered client may ask, and in its own name (its From). true: refused. */
static bool not_the_principal(struct hg_sip_request *req)
{
	struct hg_sip_conn *conn = req->conn;
	hg_addr from;
	const char *reason = "";
	if (!conn->registered)
		hg_sip_refuse(req, 403, "register first, over this connection");
	else if (hg_sip_addr(req, req->in->sip_from->a_url, &from, NULL, &reason))
		hg_sip_refuse(req, 400, "From: %s", reason);
	else if (from != conn->addr)
		hg_sip_refuse(req, 403, "From is not who registered over this connection");
	else
		return false;
	return true;
}

/* RFC 3261 11.2: that we are there, and what we know. */
static void options(struct hg_sip_request *req)
{
	bool client = !hg_sip_conn_of_peer(req->conn);
	struct hg_buf events = { 0 }, types = { 0 }, tokens = { 0 };
	hg_buf_adds(&events, "Allow-Events: ");
	hg_sip_event_list(req->conn, &events);
	if (client)
		hg_sip_service_bodies(req, &types);
	hg_sip_event_bodies(req->conn, &types);
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		hg_buf_addf(&tokens, "%s%s", i ? ", " : "", extensions[i]);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_HEADER_STR(allowed), SIPTAG_UNKNOWN_STR(events.p),
		SIPTAG_ACCEPT_STR(types.p), SIPTAG_ACCEPT_ENCODING_STR("deflate, identity"),
		SIPTAG_SUPPORTED_STR(tokens.p), TAG_END());
	hg_buf_done(&events);
	hg_buf_done(&types);
	hg_buf_done(&tokens);
	hg_sip_reply_send(req, out);
}

/* From somebody who lives behind the peer at that address, or whom it speaks for. true: it was dealt with. */
static bool from_peer(struct hg_sip_request *req)
{
	struct hg_sip *sip = req->sip;
	sip_method_t method = req->in->sip_request->rq_method;
	struct hg_sip_peer *peer;
	const char *reason = "";
	hg_addr from;
	if (method == sip_method_register || !req->conn->peers ||
		hg_sip_addr(req, req->in->sip_from->a_url, &from, NULL, &reason))
		return false;
	if (req->conn->registered && from == req->conn->addr)
		return false; /* he is here himself */
	peer = hg_sip_peer_for(sip, &req->conn->from.ip, from);
	if (!peer)
		return false;
	hg_sip_peer_heard(peer);
	if (method == sip_method_publish)
		hg_sip_publish(req, &(struct hg_principal){ HG_PROOF_ROUTE, from, peer->lane, 0 });
	else if (method == sip_method_subscribe)
		hg_sip_notifier_subscribe(req, peer, from);
	else
		return false;
	return true;
}

static void dispatch(struct hg_sip_request *req)
{
	if (unserved_method(req) || malformed(req) || hg_sip_loop_refused(req) ||
		unknown_extension(req))
		return;
	sip_method_t method = req->in->sip_request->rq_method;
	if (req->conn->nrequests >= req->sip->limit.requests && !req->conn->peers)
		hg_sip_refuse(req, 503, "too many requests wait for an answer");
	else if (req->conn->nrequests >= PEER_REQUESTS * (size_t)req->sip->limit.requests)
		hg_sip_refuse(req, 503, "too many requests of a peer wait for an answer");
	else if (method == sip_method_options)
		options(req);
	else if (method == sip_method_notify)
		hg_sip_notify(req);
	else if (from_peer(req))
		return;
	else if (method == sip_method_register)
		hg_sip_register(req);
	else if (not_the_principal(req) || hg_sip_behalf_refused(req))
		return;
	else if (method == sip_method_subscribe)
		hg_sip_subscribe(req);
	else if (method == sip_method_publish) {
		struct hg_principal by;
		hg_sip_conn_principal(req->conn, &by);
		hg_sip_publish(req, &by);
	} else
		hg_sip_service(req);
}

/* ---- in ---- */

/*
 * The answer to a datagram is kept, so that whoever did not get it and asks again is answered the same and not taken for another.
 * sofia-sip needs 10 kB for each. Beyond the limit there are none, and what is asked again is done again.
 */
static bool may_keep(const struct hg_sip_conn *conn)
{
	struct hg_sip *sip = conn->sip;
	struct hg_sip_answers *kept = &sip->kept;
	bool stranger = !conn->peers && !conn->registered;
	int64_t second = sip->host->now(sip->core).mono / 1000;
	size_t slots = sizeof(kept->in) / sizeof(kept->in[0]);

	if (second - kept->second > HG_SIP_KEPT_S)
		kept->second = second - HG_SIP_KEPT_S - 1;
	while (kept->second < second) {
		uint32_t *over = &kept->in[++kept->second % (int64_t)slots];

		kept->n -= *over;
		*over = 0;
	}
	/* Strangers do not use up what peers and users need. */
	if (kept->n >= sip->limit.answers / (stranger ? 2 : 1))
		return false;
	kept->in[second % (int64_t)slots]++;
	kept->n++;
	return true;
}

/*
 * Over TCP and TLS without nta's server transactions: nothing is retransmitted there, and they would answer what must not be
 * answered, and call the address in Via when the connection is gone. Datagrams need them.
 */
int hg_sip_on_message(struct hg_sip *sip, nta_agent_t *agent, msg_t *msg, sip_t *in)
{
	const sip_request_t *rq = in ? in->sip_request : NULL;
	tport_t *tp = tport_delivered_by(nta_agent_tports(agent), msg);
	struct hg_sip_conn *conn = rq && tp ? hg_sip_conn_from(sip, tp, msg) : NULL;
	if (conn)
		conn->peers = hg_sip_peer_at(sip, &conn->from.ip);
	/* ACK and BENOTIFY are never answered; responses that no transaction waits for, neither. A connection that was just lost
	 * is still listened to: pidgin-sipe signs off and closes without waiting for answers. */
	if (!conn || conn->doomed || rq->rq_method == sip_method_ack ||
		!strcmp(rq->rq_method_name, "BENOTIFY")) {
		msg_destroy(msg);
		return 0;
	}
	struct hg_sip_request *req = hg_alloc(sizeof(*req));
	req->sip = sip;
	req->conn = conn;
	req->msg = msg;
	req->in = in;
	req->tag = nta_agent_newtag(msg_home(msg), NULL, agent);
	if (conn->datagram && may_keep(conn))
		req->irq = nta_incoming_create(agent, NULL, msg_ref_create(msg), in, TAG_END());
	else if (conn->datagram)
		sip->host->count(sip->core, "sip_answers_not_kept_total", 1);
	sip->host->count(sip->core, "sip_requests_total", 1);
	dispatch(req);
	return 0;
}
