/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One subscription to many people, for whoever lives here (RFC 4662): to those whom its body names (RFC 5367), or, addressed to
 * the subscriber himself, to his contacts. Each of them is an outlet of the dialog; one that the core does not show stays in
 * the list, with a reason. What they are told is in tell.c.
 */
#include "plugins/sip/simple.h"

#include "bridge/documents/resource_lists.h"

#include <errno.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

/* So many can be named in one datagram that is a notification. */
#define RESOURCES_DATAGRAM 128

/* ---- what is asked for ---- */

static bool names(const sip_accept_t *a, const char *type)
{
	for (; a; a = a->ac_next)
		if (a->ac_type && !strcasecmp(a->ac_type, type))
			return true;
	return false;
}

static bool takes_lists(const struct hg_sip_request *req)
{
	return names(req->in->sip_accept, "multipart/related") &&
		names(req->in->sip_accept, HG_TYPE_RLMI);
}

bool hg_sip_list_asked(const struct hg_sip_request *req)
{
	const struct hg_sip_dialog *d = req->in->sip_to->a_tag ? hg_sip_dialog_find(req) : NULL;
	const char *reason;
	hg_addr uri;
	if (hg_sip_type_is(req, HG_TYPE_RESOURCE_LISTS) || d)
		return !d || d->list || hg_sip_type_is(req, HG_TYPE_RESOURCE_LISTS);
	return hg_sip_offers(req->in->sip_supported, "eventlist") && takes_lists(req) &&
		!hg_sip_addr(req, req->in->sip_request->rq_url, &uri, NULL, &reason) &&
		uri == req->conn->addr;
}

/* In a dialog it has been said. */
bool hg_sip_list_refused(struct hg_sip_request *req)
{
	msg_t *out;
	if (req->in->sip_to->a_tag)
		return false;
	if (!hg_sip_offers(req->in->sip_supported, "eventlist")) {
		out = hg_sip_reply(req, 421);
		sip_add_tl(out, sip_object(out), SIPTAG_REQUIRE_STR("eventlist"), TAG_END());
	} else if (!takes_lists(req)) {
		out = hg_sip_reply(req, 406);
		sip_add_tl(out, sip_object(out),
			SIPTAG_ACCEPT_STR("multipart/related, " HG_TYPE_RLMI), TAG_END());
	} else
		return false;
	hg_sip_reply_send(req, out);
	return true;
}

/* A list has no address of its own: any of a domain that is served here will do. true: refused */
static bool elsewhere(struct hg_sip_request *req)
{
	const char *reason = "";
	hg_addr uri;
	if (hg_sip_addr(req, req->in->sip_request->rq_url, &uri, NULL, &reason))
		hg_sip_refuse(req, 400, "Request-URI: %s", reason);
	else if (!req->sip->host->is_home(req->sip->core, uri))
		hg_sip_refuse(req, 404, "lists are served for the domains that are at home here");
	else
		return false;
	return true;
}

static size_t room(const struct hg_sip_conn *conn)
{
	size_t max = conn->sip->limit.resources;
	return conn->datagram && max > RESOURCES_DATAGRAM ? RESOURCES_DATAGRAM : max;
}

/* ---- who is in it ---- */

static uint16_t format_of(const struct hg_sip_dialog *d)
{
	return d->event == HG_SIP_EVENT_DIALOG ? HG_SIP_FORMAT_DIALOG : HG_SIP_FORMAT_PIDF;
}

/* Shows him, if that is possible now; else it says so. */
static void open_one(struct hg_sip_outlet *o, bool wish)
{
	const hg_part part[] = { HG_PART_WHOLE };
	struct hg_sip_dialog *d = o->dialog;
	struct hg_sip *sip = d->conn->sip;
	bool secure = !strncasecmp(o->wire, "sips:", 5); /* RFC 7247 8 */
	o->again = true;
	if (!o->addr || (secure && !sip->host->is_home(sip->core, o->addr))) {
		o->over = "noresource";
		return;
	}
	o->over = hg_sip_outlet_link(o, format_of(d), part, 1) == HG_OK ? NULL : "noresource";
	if (wish)
		hg_sip_wish(o);
}

/* Adds him, or finds that he is there. */
static void name_one(struct hg_sip_dialog *d, hg_addr addr, struct hg_str uri, bool wish)
{
	struct hg_sip_outlet *o = addr ? hg_sip_outlet_find(d, addr) : NULL;
	if (!o) {
		o = hg_sip_outlet_add(d, addr, uri);
		open_one(o, wish);
	}
	o->round = d->rounds;
}

/* Those who were not named in this round are not in it any more. A list cannot say so but as a whole (RFC 4662 5.2). */
static void drop_others(struct hg_sip_dialog *d)
{
	struct hg_sip_outlet *o, *next;
	DL_FOREACH_SAFE (d->outlet, o, next) {
		if (o == d->roster || o->round == d->rounds)
			continue;
		hg_sip_outlet_shut(o);
		d->full = true;
	}
}

static void take(struct hg_sip_dialog *d, const struct hg_resource_lists *named, bool wish)
{
	struct hg_sip *sip = d->conn->sip;
	for (size_t i = 0; i < named->n; i++) {
		struct hg_str uri = hg_str(named->uri[i]), gr;
		const char *reason;
		hg_addr addr;
		if (sip->host->addr_sip(sip->core, uri, &addr, &gr, &reason))
			addr = 0;
		name_one(d, addr, uri, wish);
	}
	drop_others(d);
}

/* ---- his contacts ---- */

struct contacts {
	hg_addr *addr;
	size_t n, cap;
};

/* false: there are more than are told of */
static bool read_contacts(const struct hg_sip_conn *conn, struct contacts *ret)
{
	struct hg_sip *sip = conn->sip;
	struct hg_self self;
	*ret = (struct contacts){ 0 };
	if (!sip->host->own(sip->core, conn->addr, &self))
		return true;
	for (size_t i = 0; i < self.ncontacts; i++) {
		if (self.contact[i].gone)
			continue;
		if (ret->n == room(conn))
			return false;
		hg_grow(&ret->addr, &ret->cap, ret->n, sizeof(*ret->addr));
		ret->addr[ret->n++] = self.contact[i].addr;
	}
	return true;
}

/* Who is a contact has been asked for already, as far as he is to be. */
static void take_contacts(struct hg_sip_dialog *d, const struct contacts *c)
{
	struct hg_sip *sip = d->conn->sip;
	struct hg_buf uri = { 0 };
	for (size_t i = 0; i < c->n; i++) {
		hg_buf_reset(&uri);
		sip->host->write_sip(sip->core, c->addr[i], &uri);
		name_one(d, c->addr[i], hg_buf_str(&uri), false);
	}
	hg_buf_done(&uri);
	drop_others(d);
}

void hg_sip_list_follow(struct hg_sip_dialog *d)
{
	struct contacts c;
	if (!d->roster->again)
		return;
	d->roster->again = false;
	d->rounds++;
	if (!read_contacts(d->conn, &c))
		hg_log(HG_WARN, "sip-list-cut", "user=%s contacts=%zu",
			hg_log_text(hg_str(d->conn->uri)), c.n);
	take_contacts(d, &c);
	free(c.addr);
}

static void follow_contacts(struct hg_sip_dialog *d, struct contacts *c)
{
	const hg_part part[] = { HG_PART_CONTACTS };
	struct hg_sip_conn *conn = d->conn;
	d->roster = hg_sip_outlet_add(d, conn->addr, hg_str(conn->uri));
	hg_sip_outlet_link(d->roster, HG_SIP_FORMAT_CONTACTS, part, 1);
	take_contacts(d, c);
}

/* ---- SUBSCRIBE ---- */

/* As it was; of whom nothing could be shown is tried once more. */
static void refresh(struct hg_sip_dialog *d)
{
	struct hg_sip_outlet *o;
	DL_FOREACH (d->outlet, o)
		if (o->over)
			open_one(o, !d->roster);
}

static void many(struct hg_sip_subscribe *sub, enum hg_sip_event event,
	const struct hg_resource_lists *named)
{
	struct hg_sip_conn *conn = sub->req->conn;
	struct contacts c = { 0 };
	bool fits = named->n <= room(conn);
	if (!sub->dialog && !named->n)
		fits = read_contacts(conn, &c);
	if (!fits)
		hg_sip_refuse(sub->req, 413, "more than %zu resources", room(conn));
	else if (sub->dialog && named->n && sub->dialog->roster)
		hg_sip_refuse(sub->req, 400, "this subscription is to the contact list");
	else {
		hg_sip_subscribe_dialog(sub, event);
		sub->dialog->list = true;
		if (named->n)
			take(sub->dialog, named, sub->expires != 0);
		else if (sub->fresh)
			follow_contacts(sub->dialog, &c);
		else
			refresh(sub->dialog);
		hg_sip_subscribe_simple_ok(sub);
	}
	free(c.addr);
}

void hg_sip_subscribe_many(struct hg_sip_subscribe *sub, enum hg_sip_event event)
{
	struct hg_resource_lists named = { 0 };
	struct hg_doc_err bad = { "" };
	struct hg_str body = hg_sip_body(sub->req);
	int rc = body.n ? hg_resource_lists_read(body, &named, &bad) : 0;
	if (rc)
		hg_sip_refuse(sub->req, rc == -E2BIG ? 413 : 400, "%s", bad.text);
	else if (sub->dialog && !sub->dialog->list)
		hg_sip_refuse(sub->req, 400, "this subscription is to one person");
	else if (sub->dialog || !elsewhere(sub->req))
		many(sub, event, &named);
	hg_resource_lists_done(&named);
}
