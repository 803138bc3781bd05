/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: at once, or when the core has answered, over the connection that the request came by or not at all. */
#include "plugins/sip/simple.h"

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define RETRY_AFTER "5" /* seconds: a commit, or a queue of them, takes less */

/* ---- waiting for the core ---- */

void hg_sip_request_ask(struct hg_sip_request *req, const struct hg_request *ask)
{
	struct hg_principal principal;
	hg_sip_conn_principal(req->conn, &principal);
	hg_sip_request_ask_as(req, &principal, ask);
}

void hg_sip_request_ask_as(
	struct hg_sip_request *req, const struct hg_principal *by, const struct hg_request *ask)
{
	struct hg_sip *sip = req->sip;
	req->kind = ask->kind;
	req->handle = hg_sip_handle_new(&sip->handles, HG_SIP_HANDLE_REQUEST, req);
	DL_APPEND(req->conn->request, req);
	req->conn->nrequests++;
	sip->host->request(sip->core, by, ask, req->handle);
}

static void stop_waiting(struct hg_sip_request *req)
{
	if (!req->handle)
		return;
	hg_sip_handle_free(&req->sip->handles, req->handle);
	req->handle = 0;
	DL_DELETE(req->conn->request, req);
	req->conn->nrequests--;
}

void hg_sip_on_answer(struct hg_sip *sip, uint64_t cookie, const struct hg_answer *answer)
{
	struct hg_sip_request *req = hg_sip_handle_get(
		&sip->handles, HG_SIP_HANDLE_REQUEST, cookie);
	struct hg_sip_outlet *o = hg_sip_handle_get(&sip->handles, HG_SIP_HANDLE_OUTLET, cookie);
	if (o)
		hg_sip_wished(o, answer->verdict);
	if (!req)
		return; /* the connection is gone, or nobody wanted to know */
	stop_waiting(req);
	if (req->kind == HG_REQ_REGISTER)
		hg_sip_register_answer(req, answer);
	else if (req->kind == HG_REQ_SAY)
		hg_sip_publish_answer(req, answer);
	else
		hg_sip_service_answer(req, answer);
}

static void request_free(struct hg_sip_request *req)
{
	if (req->irq)
		nta_incoming_destroy(req->irq);
	msg_destroy(req->msg);
	free(req);
}

void hg_sip_request_drop(struct hg_sip_request *req)
{
	stop_waiting(req);
	hg_sip_publish_dropped(req);
	request_free(req);
}

/* ---- building and sending ---- */

/* RFC 3261 8.2.6.2 */
msg_t *hg_sip_reply(struct hg_sip_request *req, int status)
{
	struct hg_sip *sip = req->sip;
	const sip_t *in = req->in;
	msg_t *msg = nta_msg_create(sip->agent, 0);
	sip_t *out = sip_object(msg);
	su_home_t *home = msg_home(msg);
	sip_add_tl(msg, out, SIPTAG_STATUS(sip_status_create(home, (unsigned)status, NULL, NULL)),
		SIPTAG_VIA(in->sip_via), SIPTAG_FROM(in->sip_from), SIPTAG_TO(in->sip_to),
		SIPTAG_CALL_ID(in->sip_call_id), SIPTAG_CSEQ(in->sip_cseq), TAG_END());
	if (!in->sip_to->a_tag)
		sip_to_tag(home, out->sip_to, req->tag);
	if (status != 200) {
		char counter[48];
		snprintf(counter, sizeof(counter), "sip_refused_total{code=\"%d\"}", status);
		sip->host->count(sip->core, counter, 1);
	}
	return msg;
}

void hg_sip_reply_body(msg_t *msg, const char *type, struct hg_str body)
{
	sip_payload_t *payload = sip_payload_create(msg_home(msg), body.p, (isize_t)body.n);
	sip_add_tl(msg, sip_object(msg), SIPTAG_CONTENT_TYPE_STR(type), SIPTAG_PAYLOAD(payload),
		TAG_END());
}

void hg_sip_reply_diagnosis(msg_t *msg, unsigned id, const char *reason)
{
	char line[HG_SIP_REASON_MAX + 64];
	snprintf(line, sizeof(line), "ms-diagnostics: %u;reason=\"%s\";source=\"heliograph\"", id,
		reason);
	sip_add_tl(msg, sip_object(msg), SIPTAG_UNKNOWN_STR(line), TAG_END());
}

void hg_sip_reply_reason(msg_t *msg, const char *reason)
{
	char line[HG_SIP_REASON_MAX + 32], *p = line;
	if (!reason || !*reason)
		return;
	p += sprintf(p, "Warning: 399 heliograph \"");
	for (size_t i = 0; reason[i] && i < HG_SIP_REASON_MAX; i++)
		*p++ = reason[i] < ' ' || reason[i] > '~' || reason[i] == '"' || reason[i] == '\\'
			? '\''
			: reason[i];
	*p++ = '"';
	*p = '\0';
	sip_add_tl(msg, sip_object(msg), SIPTAG_UNKNOWN_STR(line), TAG_END());
}

void hg_sip_reply_send(struct hg_sip_request *req, msg_t *msg)
{
	struct hg_sip_conn *conn = req->conn;
	struct hg_sip *sip = req->sip;
	int status = sip_object(msg)->sip_status->st_status;
	if (!hg_sip_conn_open(conn)) {
		msg_destroy(msg);
	} else {
		hg_sip_finish(conn, msg);
		if (req->irq)
			nta_incoming_mreply(req->irq, msg);
		else if (nta_msg_mreply(sip->agent, msg, sip_object(msg), status, NULL,
				 msg_ref_create(req->msg), NTATAG_TPORT(conn->tp), TAG_END()) < 0 &&
			!conn->lost && !conn->datagram)
			hg_sip_conn_doom(conn, "unwritable");
		hg_sip_kick(sip);
	}
	request_free(req);
}

void hg_sip_refuse(struct hg_sip_request *req, int status, const char *reason_fmt, ...)
{
	char reason[HG_SIP_REASON_MAX + 1];
	va_list ap;
	va_start(ap, reason_fmt);
	vsnprintf(reason, sizeof(reason), reason_fmt, ap);
	va_end(ap);
	hg_log(HG_DEBUG, "sip-refused", "code=%d method=%s reason=%s", status,
		req->in->sip_request->rq_method_name, hg_log_text(hg_str(reason)));
	msg_t *msg = hg_sip_reply(req, status);
	hg_sip_reply_reason(msg, reason);
	/* Without it a 503 means as much as a 500 (RFC 3261 21.5.4). */
	if (status == 503)
		sip_add_tl(msg, sip_object(msg), SIPTAG_RETRY_AFTER_STR(RETRY_AFTER), TAG_END());
	hg_sip_reply_send(req, msg);
}

void hg_sip_refuse_verdict(struct hg_sip_request *req, enum hg_verdict verdict, const char *reason)
{
	static const int status[] = { [HG_OK] = 500,
		[HG_BAD] = 400,
		[HG_FORBIDDEN] = 403,
		[HG_NOT_FOUND] = 404,
		[HG_CONFLICT] = 409,
		[HG_TOO_LARGE] = 413,
		[HG_LATER] = 503,
		[HG_NOT_DELEGATE] = 403 };
	hg_sip_refuse(req, status[verdict], "%s", reason ? reason : "");
}
