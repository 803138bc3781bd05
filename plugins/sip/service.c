/* SPDX-License-Identifier: Apache-2.0 */
/* SERVICE: what a client says about its own user, or asks the directory, told apart by the body's type (EP 4.0). */
#include "plugins/sip/dialog.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/delegates.h"
#include "bridge/documents/members.h"
#include "bridge/documents/publish.h"
#include "bridge/documents/search.h"

#include <errno.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>
#include <utlist.h>

static void refuse_document(struct hg_sip_request *req, int rc, const struct hg_doc_err *bad)
{
	hg_sip_refuse(req, rc == -E2BIG ? 413 : 400, "%s", bad->text);
}

bool hg_sip_bad_uri(struct hg_sip_request *req, const char *what, struct hg_str uri, hg_addr *ret)
{
	const char *reason = "";
	struct hg_str gr;
	if (!req->sip->host->addr_sip(req->sip->core, uri, ret, &gr, &reason))
		return false;
	hg_sip_refuse(req, 400, "%s: %s", what, reason);
	return true;
}

bool hg_sip_owns(const struct hg_sip_request *req, struct hg_str uri)
{
	const char *reason;
	struct hg_str gr;
	hg_addr addr;
	return !req->sip->host->addr_sip(req->sip->core, uri, &addr, &gr, &reason) &&
		addr == req->owner;
}

/* ---- publications (EP 4.3) ---- */

static void publish(struct hg_sip_request *req)
{
	struct hg_publish doc = { 0 };
	struct hg_doc_err bad;
	int rc = hg_publish_read(hg_sip_body(req), &doc, &bad);
	if (rc)
		refuse_document(req, rc, &bad);
	else if (!hg_sip_owns(req, hg_str(doc.uri)))
		hg_sip_refuse(req, 403, "publications: uri is not whose name it is in");
	else
		hg_sip_request_ask(req,
			&(struct hg_request){ .kind = HG_REQ_PUBLISH,
				.target = req->owner,
				.change = doc.change,
				.nchanges = doc.n });
	hg_publish_done(&doc);
}

/* ---- who may see what (EP 3.3) ---- */

/* -EINVAL: not an address */
static int resolve_member(struct hg_sip_request *req, struct hg_member *m)
{
	const char *reason;
	struct hg_str gr;
	if (m->type != HG_MEMBER_USER && m->type != HG_MEMBER_DOMAIN)
		return 0;
	return req->sip->host->addr_sip(
		req->sip->core, hg_bytes_str(m->value), &m->addr, &gr, &reason);
}

static void members(struct hg_sip_request *req)
{
	struct hg_members doc = { 0 };
	struct hg_doc_err bad;
	int rc = hg_members_read(hg_sip_body(req), &doc, &bad);
	size_t i = 0;
	while (!rc && i < doc.n && !resolve_member(req, &doc.edit[i].member))
		i++;
	if (rc)
		refuse_document(req, rc, &bad);
	else if (i < doc.n)
		hg_sip_refuse(req, 400, "member[%zu]: value is no address", i + 1);
	else
		hg_sip_request_ask(req,
			&(struct hg_request){ .kind = HG_REQ_MEMBERS,
				.target = req->owner,
				.member = doc.edit,
				.nmembers = doc.n });
	hg_members_done(&doc);
}

/* Whether he may watch is decided by containers and contacts; this ends the question (EP 4.2.1). */
static void subscriber(struct hg_sip_request *req)
{
	struct hg_subscriber doc = { 0 };
	struct hg_doc_err bad;
	hg_addr addr;
	int rc = hg_subscriber_read(hg_sip_body(req), &doc, &bad);
	if (rc)
		refuse_document(req, rc, &bad);
	else if (!hg_sip_bad_uri(req, "subscriber", hg_str(doc.user), &addr)) {
		if (doc.acknowledged)
			hg_sip_request_ask(req,
				&(struct hg_request){ .kind = HG_REQ_ACK,
					.target = req->owner,
					.watched = addr });
		else
			hg_sip_reply_send(req, hg_sip_reply(req, 200));
	}
	hg_subscriber_done(&doc);
}

/* ---- who may act in his name (EP 4.2.3) ---- */

static void delegate(struct hg_sip_request *req)
{
	struct hg_set_delegate doc = { 0 };
	struct hg_doc_err bad;
	hg_addr addr;
	int rc = hg_set_delegate_read(hg_sip_body(req), &doc, &bad);
	if (rc)
		refuse_document(req, rc, &bad);
	else if (!hg_sip_bad_uri(req, "delegate", hg_str(doc.uri), &addr))
		hg_sip_request_ask(req,
			&(struct hg_request){ .kind = HG_REQ_DELEGATE,
				.target = req->owner,
				.watched = addr,
				.delegate = doc.edit });
	hg_set_delegate_done(&doc);
}

/* ---- the contact list (EP 4.5.4), the directory (EP 4.6) ---- */

static void of_2005(struct hg_sip_request *req, const struct hg_soap *doc)
{
	if (req->conn->dialect != HG_SIP_2005)
		hg_sip_refuse(req, 400, "a method of clients from before categories");
	else if (doc->kind == HG_SOAP_PRESENCE)
		hg_sip_lcs_presence(req, &doc->presence);
	else
		hg_sip_lcs_ace(req, &doc->ace);
}

static void contact(struct hg_sip_request *req, bool self)
{
	struct hg_soap doc = { 0 };
	struct hg_doc_err bad;
	int rc = hg_soap_read(hg_sip_body(req), &doc, &bad);
	struct hg_contact_edit *e = &doc.edit;
	bool named = e->op == HG_SET_CONTACT || e->op == HG_DELETE_CONTACT;
	req->soap = doc.kind;
	if (rc)
		refuse_document(req, rc, &bad);
	else if (doc.kind == HG_SOAP_SEARCH)
		hg_sip_request_ask(req,
			&(struct hg_request){ .kind = HG_REQ_SEARCH,
				.target = req->conn->addr,
				.search = &doc.find });
	else if (!self)
		hg_sip_refuse(req, 403, "this is nobody's but its owner's");
	else if (doc.kind != HG_SOAP_CONTACT)
		of_2005(req, &doc);
	else if (!named || !hg_sip_bad_uri(req, "URI", e->uri, &e->addr)) {
		req->op = e->op;
		hg_sip_request_ask(req,
			&(struct hg_request){
				.kind = HG_REQ_CONTACT, .target = req->owner, .contact = e });
	}
	hg_soap_done(&doc);
}

/* ---- by type ---- */

/* Of what is in somebody's own name; what a delegate may say in another's. */
static const struct {
	const char *type;
	void (*take)(struct hg_sip_request *);
	bool behalf;
} documents[] = {
	{ HG_TYPE_PUBLISH, publish, true },
	{ HG_TYPE_MEMBERS, members, false },
	{ HG_TYPE_SUBSCRIBER, subscriber, false },
	{ HG_TYPE_DELEGATE, delegate, true },
};

/* Clients from before categories publish none. */
static size_t documents_of(const struct hg_sip_request *req)
{
	return req->conn->dialect == HG_SIP_2005 ? 0 : sizeof(documents) / sizeof(*documents);
}

void hg_sip_service_bodies(const struct hg_sip_request *req, struct hg_buf *buf)
{
	hg_buf_adds(buf, HG_TYPE_SOAP);
	for (size_t i = 0; i < documents_of(req); i++)
		hg_buf_addf(buf, ", %s", documents[i].type);
}

static void refuse_type(struct hg_sip_request *req)
{
	struct hg_buf types = { 0 };
	msg_t *out = hg_sip_reply(req, 415);
	hg_sip_service_bodies(req, &types);
	sip_add_tl(out, sip_object(out), SIPTAG_ACCEPT_STR(types.p), TAG_END());
	hg_buf_done(&types);
	hg_sip_reply_send(req, out);
}

void hg_sip_service(struct hg_sip_request *req)
{
	hg_addr uri, to;
	const char *reason = "";
	bool soap = hg_sip_type_is(req, HG_TYPE_SOAP);
	size_t i = 0, n = documents_of(req);
	while (!soap && i < n && !hg_sip_type_is(req, documents[i].type))
		i++;
	if (!soap && i == n) {
		refuse_type(req);
		return;
	}
	if (req->behalf && (soap || !documents[i].behalf)) {
		hg_sip_refuse_delegate(
			req, "a delegate may publish, and change the list of delegates");
		return;
	}
	if (hg_sip_addr(req, req->in->sip_request->rq_url, &uri, NULL, &reason)) {
		hg_sip_refuse(req, 400, "Request-URI: %s", reason);
		return;
	}
	if (hg_sip_addr(req, req->in->sip_to->a_url, &to, NULL, &reason)) {
		hg_sip_refuse(req, 400, "To: %s", reason);
		return;
	}
	bool self = uri == req->owner && to == req->owner;
	if (soap)
		contact(req, self);
	else if (!self)
		hg_sip_refuse(req, 403, "this is nobody's but its owner's");
	else
		documents[i].take(req);
}

/* ---- answers ---- */

static void answer_conflict(struct hg_sip_request *req, const struct hg_answer *answer)
{
	struct hg_buf doc = { 0 };
	hg_fault_write(&doc, answer->conflict, answer->nconflicts);
	msg_t *out = hg_sip_reply(req, 409);
	if (req->kind == HG_REQ_DELEGATE)
		hg_sip_reply_diagnosis(out, 2141, "Delegate version is out of date");
	hg_sip_reply_reason(out, answer->reason);
	hg_sip_reply_body(out, HG_TYPE_FAULT, hg_buf_str(&doc));
	hg_buf_done(&doc);
	hg_sip_reply_send(req, out);
}

static void answer_ok(struct hg_sip_request *req, const struct hg_answer *answer)
{
	struct hg_buf doc = { 0 }, uri = { 0 };
	msg_t *out = hg_sip_reply(req, 200);
	if (req->kind == HG_REQ_PUBLISH || req->kind == HG_REQ_DELEGATE) {
		/* Who acts in another's name is shown nothing; a version that he does not know a 409 tells him. */
		const struct hg_roaming blank = { .categories = true };
		req->sip->host->write_sip(req->sip->core, req->owner, &uri);
		hg_roaming_write(&doc, hg_buf_str(&uri), req->behalf ? &blank : NULL, answer->frag,
			answer->nfrags);
		hg_sip_reply_body(out, HG_TYPE_ROAMING_SELF, hg_buf_str(&doc));
	} else if (req->kind == HG_REQ_CONTACT) {
		hg_soap_write(&doc, req->op, answer->group, answer->delta);
		hg_sip_reply_body(out, HG_TYPE_SOAP, hg_buf_str(&doc));
	} else if (req->kind == HG_REQ_SEARCH) {
		hg_search_write(&doc, answer->found, answer->nfound, answer->more);
		hg_sip_reply_body(out, HG_TYPE_SOAP, hg_buf_str(&doc));
	}
	hg_buf_done(&uri);
	hg_buf_done(&doc);
	hg_sip_reply_send(req, out);
}

void hg_sip_service_answer(struct hg_sip_request *req, const struct hg_answer *answer)
{
	if (answer->verdict == HG_OK && (req->soap == HG_SOAP_PRESENCE || req->soap == HG_SOAP_ACE))
		hg_sip_lcs_answer(req, answer);
	else if (answer->verdict == HG_OK)
		answer_ok(req, answer);
	else if (answer->verdict == HG_CONFLICT)
		answer_conflict(req, answer);
	else if (answer->verdict == HG_NOT_DELEGATE)
		hg_sip_refuse_delegate(req, answer->reason);
	else
		hg_sip_refuse_verdict(req, answer->verdict, answer->reason);
}
