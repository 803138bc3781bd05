/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUBLISH to us, RFC 3903: a device says how its owner is. Each publication is a device of its own to the core, which maps
 * and places it; what entity tags stand for is in entity.c.
 */
#include "plugins/sip/entity.h"

#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <string.h>

#define EXPIRES_MIN 60 /* seconds; shorter ones are refused with 423 */

/* ---- RFC 3903 6, in its order ---- */

static bool refused_event(struct hg_sip_request *req)
{
	const sip_event_t *event = req->in->sip_event;
	if (event && !strcmp(event->o_type, "presence"))
		return false;
	msg_t *out = hg_sip_reply(req, 489);
	sip_add_tl(out, sip_object(out), SIPTAG_UNKNOWN_STR("Allow-Events: presence"), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

static bool refused_expires(struct hg_sip_request *req)
{
	const struct hg_sip_limits *limit = &req->sip->limit;
	char text[16];
	req->expires = limit->sub_default;
	if (req->in->sip_expires)
		req->expires = (uint32_t)req->in->sip_expires->ex_delta;
	if (req->expires > limit->sub_max)
		req->expires = limit->sub_max;
	if (!req->expires || req->expires >= EXPIRES_MIN)
		return false;
	snprintf(text, sizeof(text), "%d", EXPIRES_MIN);
	msg_t *out = hg_sip_reply(req, 423);
	sip_add_tl(out, sip_object(out), SIPTAG_MIN_EXPIRES_STR(text), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

/* Its own tag, or none: then *ret is NULL. */
static bool refused_tag(struct hg_sip_request *req, hg_addr person, struct hg_sip_entity **ret)
{
	const sip_if_match_t *m = req->in->sip_if_match;
	*ret = NULL;
	if (!m)
		return false;
	*ret = m->g_string ? hg_sip_entity_find(req->sip, m->g_string) : NULL;
	if (m->g_next || (m->g_string && strpbrk(m->g_string, ", \t")))
		hg_sip_refuse(req, 400, "SIP-If-Match names more than one");
	else if (!*ret || (*ret)->person != person)
		hg_sip_refuse(req, 412, "there is no such publication (any more)");
	else if ((*ret)->request)
		hg_sip_refuse(req, 500, "another request about this publication is under way");
	else
		return false;
	return true;
}

/* NULL: he speaks for himself. */
static struct hg_sip_peer *speaker(const struct hg_sip *sip, const struct hg_principal *by)
{
	return by->proof == HG_PROOF_ROUTE ? hg_sip_peer_of_lane(sip, by->lane) : NULL;
}

/* Why it is not what a device of his says of him; NULL: it may be. */
static const char *not_his(
	struct hg_sip_request *req, const struct hg_pidf *doc, const struct hg_principal *by)
{
	struct hg_sip *sip = req->sip;
	struct hg_buf room = { 0 };
	bool ours = hg_sip_about_is_ours(doc, hg_sip_believes(sip, by->addr, &room));
	hg_buf_done(&room);
	return ours ? "these words were said here, and have come back"
		    : hg_sip_about_another(
			      sip, doc, &(struct hg_sip_pair){ 0, by->addr }, speaker(sip, by));
}

static bool refused_type(struct hg_sip_request *req)
{
	if (hg_sip_type_is(req, HG_SIP_TYPE_PIDF))
		return false;
	msg_t *out = hg_sip_reply(req, 415);
	sip_add_tl(out, sip_object(out), SIPTAG_ACCEPT_STR(HG_SIP_TYPE_PIDF), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

static bool refused_body(struct hg_sip_request *req, const struct hg_principal *by, bool modifies,
	struct hg_record **ret)
{
	struct hg_doc_err bad;
	struct hg_pidf doc;
	*ret = NULL;
	if (!hg_sip_body(req).n && modifies)
		return false;
	if (!hg_sip_body(req).n) {
		hg_sip_refuse(req, 400, "a first publication has a document");
		return true;
	}
	if (refused_type(req))
		return true;
	const char *why = hg_pidf_read(hg_sip_body(req), &doc, &bad) ? bad.text
								     : not_his(req, &doc, by);
	if (why)
		hg_sip_refuse(req, 400, "%s", why);
	else
		*ret = hg_sip_entity_record(req->sip, &doc, by->addr);
	hg_pidf_done(&doc);
	return why != NULL;
}

/* ---- the request and its answer ---- */

/* The machine that it began at. Behind a proxy the last Via is the machine's own. */
static struct hg_sip_entity *begin(struct hg_sip_request *req, const struct hg_principal *by)
{
	const sip_via_t *v = req->in->sip_via;
	struct hg_buf origin = { 0 };
	struct hg_sip_entity *e;
	char ip[INET6_ADDRSTRLEN];
	while (v && v->v_next)
		v = v->v_next;
	if (v && !speaker(req->sip, by)) { /* a server has many publications of one person */
		hg_sip_ip_write(&req->conn->from.ip, ip);
		req->sip->host->write_sip(req->sip->core, by->addr, &origin);
		hg_buf_addf(&origin, " %s %s:%s", ip, v->v_host, v->v_port ? v->v_port : "");
	}
	e = hg_sip_entity_begin(req->sip, by->addr, hg_buf_str(&origin));
	hg_buf_done(&origin);
	return e;
}

static void ask(struct hg_sip_request *req, struct hg_sip_entity *e, const struct hg_principal *by,
	const struct hg_record *said)
{
	e->request = req;
	req->entity = e;
	e->by = speaker(req->sip, by);
	e->asked = said ? hg_bytes_new(hg_sip_body(req)) : NULL;
	hg_sip_request_ask_as(req, by,
		&(struct hg_request){ .kind = HG_REQ_SAY,
			.target = e->person,
			.instance = hg_sip_entity_device(e),
			.expires = req->expires,
			.vocabulary = &hg_pidf_vocabulary,
			.said = said });
}

void hg_sip_publish(struct hg_sip_request *req, const struct hg_principal *by)
{
	struct hg_sip *sip = req->sip;
	const char *reason = "";
	struct hg_sip_entity *e;
	struct hg_record *said;
	hg_addr person;
	if (hg_sip_addr(req, req->in->sip_request->rq_url, &person, NULL, &reason))
		hg_sip_refuse(req, 400, "Request-URI: %s", reason);
	else if (!sip->host->is_home(sip->core, person))
		hg_sip_refuse(req, 404, "this domain is not served here");
	else if (person != by->addr)
		hg_sip_refuse(req, 403, "nobody publishes for somebody else");
	else if (refused_event(req) || refused_tag(req, person, &e) || refused_expires(req) ||
		refused_body(req, by, e != NULL, &said))
		return;
	else {
		if (!e && !req->expires) {
			hg_record_unref(said);
			hg_sip_refuse(req, 400, "a first publication lasts for a while");
			return;
		}
		ask(req, e ? e : begin(req, by), by, said);
		hg_record_unref(said);
	}
}

static void waits_no_more(struct hg_sip_entity *e)
{
	e->request->entity = NULL;
	e->request = NULL;
	hg_bytes_unref(e->asked);
	e->asked = NULL;
}

void hg_sip_publish_dropped(struct hg_sip_request *req)
{
	struct hg_sip_entity *e = req->entity;
	if (!e)
		return;
	waits_no_more(e);
	/* Nobody learns its tag, so nobody could change it. One that he has a tag of he finds as he left it, unless it would
	 * have ended by now. */
	if (e->known && !e->expired)
		return;
	hg_sip_entity_forget(e);
}

static void answered(struct hg_sip_request *req, struct hg_sip_entity *e)
{
	char expires[16];
	snprintf(expires, sizeof(expires), "%u", req->expires);
	hg_sip_entity_retag(e);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_ETAG_STR(e->tag), SIPTAG_EXPIRES_STR(expires),
		TAG_END());
	if (req->expires) {
		hg_sip_entity_stands(e, req->expires);
		hg_sip_entity_keep(e, req->expires);
	} else {
		hg_sip_entity_end(e);
	}
	hg_sip_reply_send(req, out);
}

void hg_sip_publish_answer(struct hg_sip_request *req, const struct hg_answer *a)
{
	struct hg_sip_entity *e = req->entity;
	if (!e) {
		hg_sip_refuse(req, 412, "there is no such publication any more");
		return;
	}
	if (a->verdict == HG_OK && e->asked) {
		hg_bytes_unref(e->body);
		e->body = hg_bytes_ref(e->asked);
	}
	waits_no_more(e);
	if (a->verdict == HG_OK) {
		answered(req, e);
		return;
	}
	/* The core does not know its device any more, nor whose it would be. */
	bool gone = a->verdict == HG_NOT_FOUND && e->known;
	if (gone || !e->known || e->expired)
		hg_sip_entity_end(e);
	if (gone)
		hg_sip_refuse(req, 412, "there is no such publication any more");
	else
		hg_sip_refuse_verdict(req, a->verdict, a->reason);
}
