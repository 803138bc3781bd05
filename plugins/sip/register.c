/* SPDX-License-Identifier: Apache-2.0 */
/* REGISTER: with `auth: none`, the first that is accepted makes the connection's principal ([MS-SIPREGE]). */
#include "plugins/sip/dialog.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>

#define INSTANCE_MAX 128

/* ---- what it says ---- */

static bool token(struct hg_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._",
			    s.p[i]))
			return false;
	}
	return s.n > 0 && s.n <= INSTANCE_MAX;
}

/* Phones that have no name of their own are told apart by where they are. */
static struct hg_str contact_of(const struct hg_sip_request *req)
{
	const sip_contact_t *m = req->in->sip_contact;
	if (!m || !m->m_url->url_host)
		return HG_STR_NONE;
	return hg_str(su_sprintf(msg_home(req->msg), "at-%s-%s", m->m_url->url_host,
		m->m_url->url_port ? m->m_url->url_port : "5060"));
}

/* epid of From, else the UUID of Contact's +sip.instance: it names the endpoint, over connections. */
static struct hg_str instance_of(const struct hg_sip_request *req)
{
	const sip_t *in = req->in;
	struct hg_str epid = hg_str(msg_header_find_param(in->sip_from->a_common, "epid"));
	if (epid.n)
		return epid;
	struct hg_str urn = HG_STR_NONE;
	if (in->sip_contact)
		urn = hg_str(msg_header_find_param(in->sip_contact->m_common, "+sip.instance"));
	static const char head[] = "\"<urn:uuid:";
	const size_t before = sizeof(head) - 1;
	if (urn.n > before + 2 && hg_str_istarts(urn, HG_STR("\"<urn:uuid:")))
		return (struct hg_str){ urn.p + before, urn.n - before - 2 };
	/* Clients of [MS-SIPREGE] are told that they lack one. */
	return hg_sip_offers(in->sip_supported, "gruu-10") ? HG_STR_NONE : contact_of(req);
}

/* Contact's own parameter, else the header, else the default (RFC 3261 10.3). */
static uint32_t expires_of(const struct hg_sip_request *req)
{
	const sip_t *in = req->in;
	uint32_t seconds = req->sip->limit.reg_default;
	if (in->sip_expires)
		seconds = (uint32_t)in->sip_expires->ex_delta;
	if (in->sip_contact && in->sip_contact->m_expires)
		hg_str_u32(hg_str(in->sip_contact->m_expires), &seconds);
	return seconds > req->sip->limit.reg_max ? req->sip->limit.reg_max : seconds;
}

/* ---- the request ---- */

/* By ms-diagnostics a client tells one refusal from another. `extension`: what it would have to offer, or NULL. */
static void refuse_diagnosed(struct hg_sip_request *req, int status, unsigned id,
	const char *extension, const char *reason)
{
	msg_t *out = hg_sip_reply(req, status);
	hg_sip_reply_diagnosis(out, id, reason);
	sip_add_tl(
		out, sip_object(out), TAG_IF(extension, SIPTAG_REQUIRE_STR(extension)), TAG_END());
	hg_sip_reply_reason(out, reason);
	hg_sip_reply_send(req, out);
}

/* [MS-SIPREGE]: who wants categories has to know GRUUs, by which a person's devices are told apart. */
static bool lacks_gruu(const sip_t *in)
{
	return hg_sip_offers(in->sip_supported, "msrtc-event-categories") &&
		!hg_sip_offers(in->sip_supported, "gruu-10");
}

static enum hg_sip_dialect dialect_of(const struct hg_sip_request *req)
{
	if (!hg_sip_offers(req->in->sip_supported, "msrtc-event-categories"))
		return HG_SIP_2005;
	return hg_sip_conn_listener(req->conn)->dialect;
}

/* true: refused */
static bool wrong_registration(struct hg_sip_request *req, hg_addr addr, struct hg_str instance)
{
	const sip_t *in = req->in;
	struct hg_sip_conn *conn = req->conn;
	hg_addr to;
	const char *reason = "";
	if (hg_sip_addr(req, in->sip_to->a_url, &to, NULL, &reason))
		hg_sip_refuse(req, 400, "To: %s", reason);
	else if (to != addr)
		hg_sip_refuse(
			req, 403, "To and From are not the same: nobody registers somebody else");
	else if (!req->sip->host->is_home(req->sip->core, addr))
		hg_sip_refuse(req, 403, "this domain is not served here");
	else if (in->sip_event && strcasecmp(in->sip_event->o_type, "registration"))
		refuse_diagnosed(req, 489, 4055, NULL, "the event of a REGISTER is registration");
	else if (lacks_gruu(in))
		refuse_diagnosed(req, 421, 2057, "gruu-10",
			"msrtc-event-categories without gruu-10 in Supported");
	else if (!token(instance))
		refuse_diagnosed(
			req, 400, 4010, NULL, "neither epid in From nor +sip.instance in Contact");
	else if (conn->addr && conn->addr != addr)
		hg_sip_refuse(req, 403, "this connection is another user's");
	else if (conn->addr && !hg_str_eq(hg_str(conn->instance), instance))
		hg_sip_refuse(req, 403, "this connection is another endpoint's");
	else
		return false;
	return true;
}

static bool too_brief(struct hg_sip_request *req, uint32_t expires)
{
	if (!expires || expires >= req->sip->limit.reg_min)
		return false;
	char text[16];
	snprintf(text, sizeof(text), "%u", req->sip->limit.reg_min);
	msg_t *out = hg_sip_reply(req, 423);
	sip_add_tl(out, sip_object(out), SIPTAG_MIN_EXPIRES_STR(text), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

void hg_sip_register(struct hg_sip_request *req)
{
	struct hg_sip *sip = req->sip;
	struct hg_sip_conn *conn = req->conn;
	struct hg_str instance = instance_of(req);
	hg_addr addr;
	const char *reason = "";
	if (conn->datagram && !hg_sip_ip_loopback(&conn->from.ip)) {
		hg_sip_refuse(req, 403,
			"anybody can claim to be anybody by UDP: register over TCP or TLS");
		return;
	}
	if (hg_sip_addr(req, req->in->sip_from->a_url, &addr, NULL, &reason)) {
		hg_sip_refuse(req, 400, "From: %s", reason);
		return;
	}
	req->expires = expires_of(req);
	if (wrong_registration(req, addr, instance) || too_brief(req, req->expires))
		return;
	if (!conn->addr) {
		struct hg_buf uri = { 0 };
		sip->host->write_sip(sip->core, addr, &uri);
		conn->addr = addr;
		conn->uri = hg_str_dup(hg_buf_str(&uri));
		conn->instance = hg_str_dup(instance);
		conn->dialect = dialect_of(req);
		hg_buf_done(&uri);
	}
	hg_sip_conn_lane(conn);
	req->refresh = conn->registered;
	conn->registering++;
	hg_sip_request_ask(req,
		&(struct hg_request){ .kind = HG_REQ_REGISTER,
			.target = addr,
			.instance = hg_str(conn->instance),
			.expires = req->expires });
}

/* ---- the answer ---- */

static void write_contact(const struct hg_sip_request *req, struct hg_buf *buf)
{
	const sip_contact_t *m = req->in->sip_contact;
	struct hg_sip_conn *conn = req->conn;
	if (!m || m->m_url->url_type == url_any)
		return;
	hg_buf_addf(
		buf, "<%s>;expires=%u", url_as_string(msg_home(req->msg), m->m_url), req->expires);
	const char *urn = msg_header_find_param(m->m_common, "+sip.instance");
	if (urn)
		hg_buf_addf(buf, ";+sip.instance=%s", urn);
	hg_buf_addf(buf, ";gruu=\"%s;opaque=user:epid:%s;gruu\"", conn->uri, conn->instance);
}

/* By msrtc-event-categories a client is told its dialect. pidgin-sipe wants the Expires header, compares each Supported line whole, and does not trim Allow-Events. */
static void accept_registration(struct hg_sip_request *req)
{
	char expires[16];
	struct hg_buf contact = { 0 }, events = { 0 };
	snprintf(expires, sizeof(expires), "%u", req->expires);
	write_contact(req, &contact);
	hg_buf_adds(&events, "Allow-Events: ");
	hg_sip_event_list(req->conn, &events);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_EXPIRES_STR(expires),
		TAG_IF(contact.n, SIPTAG_CONTACT_STR(contact.p)),
		SIPTAG_UNKNOWN_STR(
			"ms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300"),
		SIPTAG_UNKNOWN_STR(req->refresh ? "presence-state: register-action=\"refreshed\""
						: "presence-state: register-action=\"added\""),
		SIPTAG_UNKNOWN_STR(events.p), SIPTAG_UNKNOWN_STR("Supported: gruu-10"),
		SIPTAG_UNKNOWN_STR("Supported: adhoclist"),
		TAG_IF(req->conn->dialect == HG_SIP_ENHANCED,
			SIPTAG_UNKNOWN_STR("Supported: msrtc-event-categories")),
		TAG_END());
	hg_buf_done(&contact);
	hg_buf_done(&events);
	hg_sip_reply_send(req, out);
}

void hg_sip_register_answer(struct hg_sip_request *req, const struct hg_answer *answer)
{
	struct hg_sip_conn *conn = req->conn;
	struct hg_sip *sip = req->sip;
	conn->registering--;
	if (answer->verdict != HG_OK) {
		if (!conn->registered && !conn->registering)
			hg_sip_conn_forget(conn);
		/* A 413 would be about this message. Of 503 pidgin-sipe tells its user (SC 8.5). */
		hg_sip_refuse_verdict(req,
			answer->verdict == HG_TOO_LARGE ? HG_LATER : answer->verdict,
			answer->reason);
		return;
	}
	if (!req->expires) {
		hg_log(HG_INFO, "sip-unregistered", "user=%s", hg_log_text(hg_str(conn->uri)));
		msg_t *out = hg_sip_reply(req, 200);
		sip_add_tl(out, sip_object(out), SIPTAG_EXPIRES_STR("0"), TAG_END());
		hg_sip_reply_send(req, out);
		hg_sip_conn_forget(conn);
		return;
	}
	if (!conn->registered)
		hg_log(HG_INFO, "sip-registered", "user=%s endpoint=%s peer=%s:%s",
			hg_log_text(hg_str(conn->uri)), hg_log_text(hg_str(conn->instance)),
			tport_name(conn->tp)->tpn_host, tport_name(conn->tp)->tpn_port);
	conn->registered = true;
	conn->endpoint = answer->endpoint;
	conn->until = sip->host->now(sip->core).mono + req->expires * INT64_C(1000);
	accept_registration(req);
}
