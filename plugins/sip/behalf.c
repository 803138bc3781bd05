/* SPDX-License-Identifier: Apache-2.0 */
/* p-session-on-behalf-of: a delegate's request in the name of somebody else. Whether he may is for the core to say. */
#include "plugins/sip/request.h"

#include "bridge/documents/publish.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define NOT_AUTHORIZED 4268 /* [MS-PRES] ms-diagnostics */

void hg_sip_refuse_delegate(struct hg_sip_request *req, const char *reason)
{
	struct hg_buf doc = { 0 };
	msg_t *out = hg_sip_reply(req, 403);
	hg_fault_code_write(&doc, "Client.Delegate.Operation.NotAuthorized");
	hg_sip_reply_diagnosis(out, NOT_AUTHORIZED, "The operation on behalf is not authorized");
	hg_sip_reply_reason(out, reason);
	hg_sip_reply_body(out, HG_TYPE_FAULT, hg_buf_str(&doc));
	hg_buf_done(&doc);
	hg_sip_reply_send(req, out);
}

/* The value, and how many there are. */
static const char *header_of(const struct hg_sip_request *req, size_t *ret_n)
{
	const char *value = NULL;
	*ret_n = 0;
	for (const sip_unknown_t *h = req->in->sip_unknown; h; h = h->un_next) {
		if (!h->un_name || strcasecmp(h->un_name, "p-session-on-behalf-of"))
			continue;
		value = h->un_value ? h->un_value : "";
		++*ret_n;
	}
	return value;
}

/* "Boss" <sip:boss@corp.example>;x=y, or only the URI. */
static int read_owner(struct hg_sip_request *req, const char *value, const char **ret_reason)
{
	sip_from_t *named = sip_from_make(msg_home(req->msg), value);
	*ret_reason = "it is no address";
	if (!named || hg_sip_addr(req, named->a_url, &req->owner, NULL, ret_reason))
		return -EINVAL;
	req->behalf = req->owner != req->conn->addr;
	return 0;
}

bool hg_sip_behalf_refused(struct hg_sip_request *req)
{
	const char *reason = "there are two of them", *value;
	size_t n;
	req->owner = req->conn->addr;
	value = header_of(req, &n);
	if (!n)
		return false;
	if (n > 1 || read_owner(req, value, &reason)) {
		hg_sip_refuse(req, 400, "p-session-on-behalf-of: %s", reason);
		return true;
	}
	if (!req->behalf || !strcmp(req->in->sip_request->rq_method_name, "SERVICE"))
		return false;
	hg_sip_refuse_delegate(req, "a delegate is shown nothing that is its owner's alone");
	return true;
}
