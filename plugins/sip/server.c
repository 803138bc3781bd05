/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUBLISH to us, RFC 3903: a device says how its owner is. Each publication is a device of its own to the core, which maps
 * and places it; what is kept here is what its entity tag stands for.
 */
#include "plugins/sip/simple.h"

#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAG_MAX 64
#define EXPIRES_MIN 60 /* seconds; shorter ones are refused with 423 */

struct hg_sip_entity {
	UT_hash_handle hh;
	char tag[TAG_MAX]; /* "<who>.<how often>": the first part names the device */
	struct hg_sip *sip;
	hg_addr person;
	const struct hg_sip_peer *by; /* who spoke for him; NULL: a device of his own */
	uint32_t changes;
	bool known;                     /* the core has it */
	struct hg_bytes *body;          /* the document that it was said with last */
	struct hg_bytes *asked;         /* what it is to be instead; NULL: as it is */
	struct hg_sip_request *request; /* that waits for the core */
	bool expired;                   /* while that waited */
	hg_timer *expiry;
};

/* ---- entities ---- */

static struct hg_sip_entity *find(struct hg_sip *sip, const char *tag)
{
	struct hg_sip_entity *e;
	HASH_FIND_STR(sip->entity, tag, e);
	return e;
}

static struct hg_str device_of(const struct hg_sip_entity *e)
{
	return (struct hg_str){ e->tag, strcspn(e->tag, ".") };
}

/* With its document, so that the next process can say it again. */
static void keep(struct hg_sip_entity *e, uint32_t seconds)
{
	struct hg_sip *sip = e->sip;
	struct hg_buf b = { 0 };
	char device[TAG_MAX];
	snprintf(device, sizeof(device), "%.*s", HG_STR_ARG(device_of(e)));
	if (seconds) {
		hg_buf_addf(&b, "%s\n%s\n", e->tag, e->by ? e->by->name : "");
		sip->host->write_sip(sip->core, e->person, &b);
		hg_buf_addc(&b, '\n');
		hg_buf_add(&b, hg_bytes_str(e->body));
	}
	hg_sip_keep(sip, HG_SIP_KEPT_ENTITY, device, hg_buf_str(&b), seconds);
	hg_buf_done(&b);
}

static void end(struct hg_sip_entity *e)
{
	if (e->request)
		e->request->entity = NULL;
	if (e->known)
		keep(e, 0);
	hg_bytes_unref(e->body);
	hg_bytes_unref(e->asked);
	HASH_DEL(e->sip->entity, e);
	e->sip->host->timer_free(e->expiry);
	free(e);
}

static void on_expiry(void *arg)
{
	struct hg_sip_entity *e = arg;
	if (e->request)
		e->expired = true; /* unless the core says that it goes on */
	else
		end(e); /* the core's clock is the same */
}

static struct hg_sip_entity *begin(struct hg_sip *sip, hg_addr person)
{
	const struct hg_host *host = sip->host;
	struct hg_sip_entity *e = hg_alloc(sizeof(*e));
	e->sip = sip;
	e->person = person;
	snprintf(e->tag, sizeof(e->tag), "%08x%08x.0", host->random(sip->core),
		host->random(sip->core));
	e->expiry = host->timer_new(sip->core, on_expiry, e);
	HASH_ADD_STR(sip->entity, tag, e);
	return e;
}

/* A new one each time (RFC 3903 6); those of before are not known any more. */
static void retag(struct hg_sip_entity *e)
{
	char device[TAG_MAX];
	HASH_DEL(e->sip->entity, e);
	snprintf(device, sizeof(device), "%.*s", HG_STR_ARG(device_of(e)));
	snprintf(e->tag, sizeof(e->tag), "%.32s.%u", device, ++e->changes);
	HASH_ADD_STR(e->sip->entity, tag, e);
}

void hg_sip_entities_done(struct hg_sip *sip)
{
	while (sip->entity)
		end(sip->entity);
}

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
	*ret = m->g_string ? find(req->sip, m->g_string) : NULL;
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

/* What a device of that person said. */
static struct hg_record *record_of(struct hg_sip *sip, const struct hg_pidf *doc, hg_addr person)
{
	struct hg_buf room = { 0 };
	struct hg_record *r = hg_pidf_record_whole(
		doc, hg_sip_believes(sip, person, &room), sip->host->now(sip->core).utc);
	hg_buf_done(&room);
	return r;
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
		*ret = record_of(req->sip, &doc, by->addr);
	hg_pidf_done(&doc);
	return why != NULL;
}

/* ---- the request and its answer ---- */

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
			.instance = device_of(e),
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
		ask(req, e ? e : begin(sip, person), by, said);
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
	req->sip->host->request(req->sip->core, &(struct hg_principal){ .addr = e->person },
		&(struct hg_request){
			.kind = HG_REQ_SAY, .target = e->person, .instance = device_of(e) },
		0);
	end(e);
}

static void answered(struct hg_sip_request *req, struct hg_sip_entity *e)
{
	char expires[16];
	snprintf(expires, sizeof(expires), "%u", req->expires);
	retag(e);
	e->expired = false;
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_ETAG_STR(e->tag), SIPTAG_EXPIRES_STR(expires),
		TAG_END());
	e->known = true;
	if (req->expires) {
		e->sip->host->timer_set(e->expiry, req->expires * INT64_C(1000));
		keep(e, req->expires);
	} else {
		end(e);
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
		end(e);
	if (gone)
		hg_sip_refuse(req, 412, "there is no such publication any more");
	else
		hg_sip_refuse_verdict(req, a->verdict, a->reason);
}

/* ---- after a restart ---- */

/* Said again by the device that it comes from: nobody waits for the answer. */
void hg_sip_entity_restore(struct hg_sip *sip, struct hg_str value, uint32_t seconds)
{
	su_home_t *home = su_home_new(sizeof(su_home_t));
	const char *tag = hg_sip_line(home, &value), *name = hg_sip_line(home, &value);
	const char *uri = hg_sip_line(home, &value), *reason = "";
	const struct hg_sip_peer *by = hg_sip_peer_named(sip, name);
	const char *dot = strchr(tag, '.');
	struct hg_str gr;
	struct hg_doc_err bad;
	struct hg_pidf doc;
	hg_addr person;
	if (dot && strlen(tag) < TAG_MAX && !find(sip, tag) &&
		!sip->host->addr_sip(sip->core, hg_str(uri), &person, &gr, &reason) &&
		sip->host->is_home(sip->core, person) &&
		(!*name || (by && hg_sip_peer_speaks_for(by, person))) && /* and may still do so */
		!hg_pidf_read(value, &doc, &bad)) {
		struct hg_sip_entity *e = begin(sip, person);
		struct hg_record *said = record_of(sip, &doc, person);
		HASH_DEL(sip->entity, e);
		snprintf(e->tag, sizeof(e->tag), "%s", tag);
		hg_str_u32(hg_str(dot + 1), &e->changes);
		HASH_ADD_STR(sip->entity, tag, e);
		e->known = true;
		e->by = by;
		e->body = hg_bytes_new(value);
		sip->host->timer_set(e->expiry, seconds * INT64_C(1000));
		sip->host->request(sip->core, &(struct hg_principal){ .addr = person },
			&(struct hg_request){ .kind = HG_REQ_SAY,
				.target = person,
				.instance = device_of(e),
				.expires = seconds,
				.vocabulary = &hg_pidf_vocabulary,
				.said = said },
			0);
		hg_record_unref(said);
		hg_pidf_done(&doc);
	}
	su_home_unref(home);
}
