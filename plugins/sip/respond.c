/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: at once, or when the core has answered, over the connection that the request came by or not at all. */
#include "plugins/sip/sip.h"

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

/* ---- waiting for the core ---- */

void sip_request_ask(struct sip_request *req, const struct hg_request *ask)
{
	struct sip *sip = req->sip;
	struct hg_principal principal;
	req->kind = ask->kind;
	req->handle = sip_handle_new(&sip->handles, SIP_HANDLE_REQUEST, req);
	DL_APPEND(req->conn->request, req);
	req->conn->nrequests++;
	sip_conn_principal(req->conn, &principal);
	sip->host->request(sip->core, &principal, ask, req->handle);
}

static void stop_waiting(struct sip_request *req)
{
	if (!req->handle)
		return;
	sip_handle_free(&req->sip->handles, req->handle);
	req->handle = 0;
	DL_DELETE(req->conn->request, req);
	req->conn->nrequests--;
}

void sip_on_answer(struct sip *sip, uint64_t cookie, const struct hg_answer *answer)
{
	struct sip_request *req = sip_handle_get(&sip->handles, SIP_HANDLE_REQUEST, cookie);
	if (!req)
		return; /* the connection is gone, or nobody wanted to know */
	stop_waiting(req);
	if (req->kind == HG_REQ_REGISTER)
		sip_register_answer(req, answer);
	else
		sip_service_answer(req, answer);
}

static void request_free(struct sip_request *req)
{
	msg_destroy(req->msg);
	free(req);
}

void sip_request_drop(struct sip_request *req)
{
	stop_waiting(req);
	request_free(req);
}

/* ---- building and sending ---- */

/* RFC 3261 8.2.6.2 */
msg_t *sip_reply(struct sip_request *req, int status)
{
	struct sip *sip = req->sip;
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

void sip_reply_body(msg_t *msg, const char *type, struct hg_str body)
{
	sip_payload_t *payload = sip_payload_create(msg_home(msg), body.p, (isize_t)body.n);
	sip_add_tl(msg, sip_object(msg), SIPTAG_CONTENT_TYPE_STR(type), SIPTAG_PAYLOAD(payload),
		TAG_END());
}

void sip_reply_reason(msg_t *msg, const char *reason)
{
	char line[SIP_REASON_MAX + 32], *p = line;
	if (!reason || !*reason)
		return;
	p += sprintf(p, "Warning: 399 heliograph \"");
	for (size_t i = 0; reason[i] && i < SIP_REASON_MAX; i++)
		*p++ = reason[i] < ' ' || reason[i] > '~' || reason[i] == '"' || reason[i] == '\\'
			? '\''
			: reason[i];
	*p++ = '"';
	*p = '\0';
	sip_add_tl(msg, sip_object(msg), SIPTAG_UNKNOWN_STR(line), TAG_END());
}

void sip_reply_send(struct sip_request *req, msg_t *msg)
{
	struct sip_conn *conn = req->conn;
	struct sip *sip = req->sip;
	int status = sip_object(msg)->sip_status->st_status;
	if (!sip_conn_open(conn)) {
		msg_destroy(msg);
	} else {
		sip_finish(conn, msg);
		if (nta_msg_mreply(sip->agent, msg, sip_object(msg), status, NULL,
			    msg_ref_create(req->msg), NTATAG_TPORT(conn->tp), TAG_END()) < 0 &&
			!conn->lost)
			sip_conn_doom(conn, "unwritable");
		sip_kick(sip);
	}
	request_free(req);
}

void sip_refuse(struct sip_request *req, int status, const char *reason_fmt, ...)
{
	char reason[SIP_REASON_MAX + 1];
	va_list ap;
	va_start(ap, reason_fmt);
	vsnprintf(reason, sizeof(reason), reason_fmt, ap);
	va_end(ap);
	hg_log(HG_DEBUG, "sip-refused", "code=%d method=%s reason=%s", status,
		req->in->sip_request->rq_method_name, hg_log_text(hg_str(reason)));
	msg_t *msg = sip_reply(req, status);
	sip_reply_reason(msg, reason);
	sip_reply_send(req, msg);
}

void sip_refuse_verdict(struct sip_request *req, enum hg_verdict verdict, const char *reason)
{
	static const int status[] = { [HG_OK] = 500,
		[HG_BAD] = 400,
		[HG_FORBIDDEN] = 403,
		[HG_NOT_FOUND] = 404,
		[HG_CONFLICT] = 409,
		[HG_TOO_LARGE] = 413,
		[HG_LATER] = 503 };
	sip_refuse(req, status[verdict], "%s", reason ? reason : "");
}
