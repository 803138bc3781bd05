/* SPDX-License-Identifier: Apache-2.0 */
/* SUBSCRIBE: what all events have in common (RFC 6665 4.2.1), and the 200 that carries the first document. */
#include "plugins/sip/simple.h"

#include "bridge/documents/doc.h"
#include "bridge/documents/resource_lists.h"

#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const hg_sip_event_name[HG_SIP_EVENTS] = {
	[HG_SIP_EVENT_PRESENCE] = "presence",
	[HG_SIP_EVENT_SELF] = "vnd-microsoft-roaming-self",
	[HG_SIP_EVENT_CONTACTS] = "vnd-microsoft-roaming-contacts",
	[HG_SIP_EVENT_PROVISIONING] = "vnd-microsoft-provisioning-v2",
	[HG_SIP_EVENT_LCS_PRESENCE] = "presence",
	[HG_SIP_EVENT_LCS_WATCHERS] = "presence.wpending",
	[HG_SIP_EVENT_LCS_ACL] = "vnd-microsoft-roaming-ACL",
	[HG_SIP_EVENT_LCS_PROVISIONING] = "vnd-microsoft-provisioning",
	[HG_SIP_EVENT_SIMPLE] = "presence",
	[HG_SIP_EVENT_DIALOG] = "dialog",
	[HG_SIP_EVENT_WINFO] = "presence.winfo",
};

/* What must be acceptable to the subscriber, if it says what is; and what its body must be, if it has one. */
static const struct {
	const char *accept, *body;
	void (*serve)(struct hg_sip_subscribe *);
} events[HG_SIP_EVENTS] = {
	[HG_SIP_EVENT_PRESENCE] = { HG_TYPE_CATEGORIES, HG_TYPE_BATCH, hg_sip_subscribe_presence },
	[HG_SIP_EVENT_SELF] = { HG_TYPE_ROAMING_SELF, HG_TYPE_ROAMING_SELF, hg_sip_subscribe_self },
	[HG_SIP_EVENT_CONTACTS] = { HG_TYPE_ROAMING_CONTACTS, HG_TYPE_ROAMING_CONTACTS,
		hg_sip_subscribe_contacts },
	[HG_SIP_EVENT_PROVISIONING] = { HG_TYPE_PROVISIONING, HG_TYPE_PROVISIONING,
		hg_sip_subscribe_provisioning },
	[HG_SIP_EVENT_LCS_PRESENCE] = { HG_TYPE_LCS_PRESENTITY, HG_TYPE_LCS_LIST,
		hg_sip_subscribe_presence },
	[HG_SIP_EVENT_LCS_WATCHERS] = { HG_TYPE_LCS_WATCHERS, HG_TYPE_LCS_WATCHERS,
		hg_sip_subscribe_lcs_watchers },
	[HG_SIP_EVENT_LCS_ACL] = { HG_TYPE_LCS_ACL, HG_TYPE_LCS_ACL, hg_sip_subscribe_lcs_acl },
	[HG_SIP_EVENT_LCS_PROVISIONING] = { HG_TYPE_LCS_PROVISIONING, HG_TYPE_LCS_PROVISIONING,
		hg_sip_subscribe_lcs_provisioning },
	[HG_SIP_EVENT_SIMPLE] = { HG_SIP_TYPE_PIDF, HG_SIP_TYPE_PIDF, hg_sip_subscribe_simple },
	[HG_SIP_EVENT_DIALOG] = { HG_SIP_TYPE_DIALOG, HG_SIP_TYPE_DIALOG,
		hg_sip_subscribe_dialogs },
	[HG_SIP_EVENT_WINFO] = { HG_SIP_TYPE_WINFO, HG_SIP_TYPE_WINFO, hg_sip_subscribe_winfo },
};

static bool is_served(enum hg_sip_event event, enum hg_sip_dialect dialect)
{
	return event == HG_SIP_EVENT_CONTACTS || event >= HG_SIP_EVENT_SIMPLE ||
		(event >= HG_SIP_EVENT_LCS_PRESENCE) == (dialect == HG_SIP_2005);
}

/* A peer is nobody's client: it has what its people may watch, and that as SIMPLE has it. */
static bool is_for_peers(enum hg_sip_event event)
{
	return event == HG_SIP_EVENT_SIMPLE || event == HG_SIP_EVENT_DIALOG;
}

static bool is_told(enum hg_sip_event event, const struct hg_sip_conn *conn)
{
	return hg_sip_conn_of_peer(conn) ? is_for_peers(event) : is_served(event, conn->dialect);
}

enum hg_sip_event hg_sip_peer_event(const char *name)
{
	enum hg_sip_event e = 0;
	while (e < HG_SIP_EVENTS && (!is_for_peers(e) || strcasecmp(name, hg_sip_event_name[e])))
		e++;
	return e;
}

void hg_sip_event_list(const struct hg_sip_conn *conn, struct hg_buf *buf)
{
	const char *comma = "", *presence = hg_sip_event_name[HG_SIP_EVENT_SIMPLE];
	bool named = false; /* which has several forms, and one name */
	for (enum hg_sip_event e = 0; e < HG_SIP_EVENTS; e++) {
		bool again = named && !strcmp(hg_sip_event_name[e], presence);
		if (!is_told(e, conn) || again)
			continue;
		hg_buf_addf(buf, "%s%s", comma, hg_sip_event_name[e]);
		named |= !strcmp(hg_sip_event_name[e], presence);
		comma = ",";
	}
}

void hg_sip_event_bodies(const struct hg_sip_conn *conn, struct hg_buf *buf)
{
	for (enum hg_sip_event e = 0; e < HG_SIP_EVENTS; e++) {
		if (is_told(e, conn))
			hg_buf_addf(buf, "%s%s", buf->n ? ", " : "", events[e].body);
	}
	if (!hg_sip_conn_of_peer(conn))
		hg_buf_addf(buf, ", %s", HG_TYPE_RESOURCE_LISTS);
}

/* ---- what is wrong with it ---- */

static bool is_presence(enum hg_sip_event event)
{
	return event == HG_SIP_EVENT_PRESENCE || event == HG_SIP_EVENT_LCS_PRESENCE ||
		event == HG_SIP_EVENT_SIMPLE;
}

/* About somebody else, as a rule. */
static bool is_of_others(enum hg_sip_event event)
{
	return is_presence(event) || event == HG_SIP_EVENT_DIALOG;
}

static bool acceptable(const sip_t *in, const char *type)
{
	if (!in->sip_accept)
		return true;
	size_t major = strcspn(type, "/") + 1;
	for (const sip_accept_t *a = in->sip_accept; a; a = a->ac_next) {
		if (a->ac_type &&
			(!strcasecmp(a->ac_type, type) || !strcmp(a->ac_type, "*/*") ||
				(!strncasecmp(a->ac_type, type, major) &&
					!strcmp(a->ac_type + major, "*"))))
			return true;
	}
	return false;
}

static enum hg_sip_event event_of(const struct hg_sip_request *req)
{
	const sip_event_t *event = req->in->sip_event;
	enum hg_sip_event e = 0;
	while (e < HG_SIP_EVENTS &&
		(!event || !is_served(e, req->conn->dialect) ||
			strcasecmp(event->o_type, hg_sip_event_name[e])))
		e++;
	/* Who takes PIDF and not what his dialect has instead; clients of both dialects name both. Who says nothing, and knows
	 * nothing of theirs, takes PIDF (RFC 3856 6.5). */
	if (e < HG_SIP_EVENTS && is_presence(e) && hg_sip_type_is(req, HG_TYPE_RESOURCE_LISTS))
		return HG_SIP_EVENT_SIMPLE;
	if (e < HG_SIP_EVENTS && is_presence(e) &&
		(req->in->sip_accept ? !acceptable(req->in, events[e].accept) &&
					acceptable(req->in, HG_SIP_TYPE_PIDF)
				     : !hg_sip_offers(req->in->sip_supported, "ms-benotify") &&
					!hg_sip_body(req).n))
		return HG_SIP_EVENT_SIMPLE;
	return e;
}

static void refuse_event(struct hg_sip_request *req)
{
	struct hg_buf line = { 0 };
	hg_buf_adds(&line, "Allow-Events: ");
	hg_sip_event_list(req->conn, &line);
	msg_t *out = hg_sip_reply(req, 489);
	sip_add_tl(out, sip_object(out), SIPTAG_UNKNOWN_STR(line.p), TAG_END());
	hg_buf_done(&line);
	hg_sip_reply_send(req, out);
}

static void refuse_type(struct hg_sip_request *req, int status, const char *type)
{
	msg_t *out = hg_sip_reply(req, status);
	sip_add_tl(out, sip_object(out), SIPTAG_ACCEPT_STR(type), TAG_END());
	hg_sip_reply_send(req, out);
}

/* true: refused, or ended as asked */
static bool wrong_dialog(struct hg_sip_subscribe *sub, enum hg_sip_event event)
{
	struct hg_sip_request *req = sub->req;
	struct hg_sip_dialog *d = hg_sip_dialog_find(req);
	if (!d || d->event != event)
		hg_sip_refuse(req, 481, "no such subscription");
	else if (req->in->sip_cseq->cs_seq <= d->leg.remote_seq)
		hg_sip_refuse(req, 500, "CSeq is out of order"); /* RFC 3261 12.2.2 */
	else if (!sub->expires && event < HG_SIP_EVENT_SIMPLE) { /* those tell once more */
		hg_sip_dialog_refresh(d, req, 0);
		sub->dialog = d;
		hg_sip_subscribe_ok(sub, NULL, HG_STR_NONE);
	} else {
		sub->dialog = d;
		return false;
	}
	return true;
}

/* The events about oneself go to oneself; presence looks at its own addressees. true: refused */
static bool not_to_self(struct hg_sip_request *req)
{
	hg_addr uri, to;
	const char *reason = "";
	if (hg_sip_addr(req, req->in->sip_request->rq_url, &uri, NULL, &reason))
		hg_sip_refuse(req, 400, "Request-URI: %s", reason);
	else if (hg_sip_addr(req, req->in->sip_to->a_url, &to, NULL, &reason))
		hg_sip_refuse(req, 400, "To: %s", reason);
	else if (uri != req->conn->addr || to != req->conn->addr)
		hg_sip_refuse(req, 403, "this is nobody's but its owner's");
	else
		return false;
	return true;
}

bool hg_sip_expires_refused(struct hg_sip_request *req, uint32_t *ret)
{
	const struct hg_sip_limits *limit = &req->sip->limit;
	*ret = limit->sub_default;
	if (req->in->sip_expires)
		*ret = (uint32_t)req->in->sip_expires->ex_delta;
	if (*ret > limit->sub_max)
		*ret = limit->sub_max;
	if (!*ret || *ret >= limit->sub_min)
		return false;
	char text[16];
	snprintf(text, sizeof(text), "%u", limit->sub_min);
	msg_t *out = hg_sip_reply(req, 423);
	sip_add_tl(out, sip_object(out), SIPTAG_MIN_EXPIRES_STR(text), TAG_END());
	hg_sip_reply_send(req, out);
	return true;
}

/* Where notifications are to go: a dialog has it from the beginning (RFC 6665 4.1.2.1). true: refused */
static bool no_contact(struct hg_sip_request *req)
{
	if (req->in->sip_to->a_tag || hg_sip_leg_contact(req->in))
		return false;
	hg_sip_refuse(
		req, 400, req->in->sip_contact ? "Contact is no SIP URI" : "Contact is missing");
	return true;
}

bool hg_sip_subscribe_refused(
	struct hg_sip_request *req, enum hg_sip_event *ret, uint32_t *ret_expires)
{
	const sip_event_t *event = req->in->sip_event;
	*ret = event ? hg_sip_peer_event(event->o_type) : HG_SIP_EVENTS;
	if (*ret == HG_SIP_EVENTS)
		refuse_event(req);
	else if (!acceptable(req->in, events[*ret].accept))
		refuse_type(req, 406, events[*ret].accept);
	else if (hg_sip_body(req).n)
		refuse_type(req, 415, events[*ret].body);
	else
		return no_contact(req) || hg_sip_expires_refused(req, ret_expires);
	return true;
}

void hg_sip_subscribe(struct hg_sip_request *req)
{
	struct hg_sip_subscribe sub = { .req = req };
	enum hg_sip_event event = event_of(req);
	bool in_dialog = req->in->sip_to->a_tag != NULL;
	if (event == HG_SIP_EVENTS) {
		refuse_event(req);
		return;
	}
	sub.list = event >= HG_SIP_EVENT_SIMPLE && is_of_others(event) && hg_sip_list_asked(req);
	const char *body = sub.list ? HG_TYPE_RESOURCE_LISTS : events[event].body;
	if (sub.list && hg_sip_list_refused(req))
		return;
	if (!acceptable(req->in, events[event].accept))
		refuse_type(req, 406, events[event].accept);
	else if (hg_sip_body(req).n && !hg_sip_type_is(req, body))
		refuse_type(req, 415, body);
	else if (no_contact(req) || hg_sip_expires_refused(req, &sub.expires))
		return;
	else if (in_dialog) {
		if (!wrong_dialog(&sub, event))
			events[event].serve(&sub);
	} else if (!is_of_others(event) && not_to_self(req))
		return;
	else if (req->conn->ndialogs >= req->sip->limit.dialogs)
		hg_sip_refuse(req, 503, "too many subscriptions over this connection");
	else
		events[event].serve(&sub);
}

/* ---- the 200 ---- */

void hg_sip_subscribe_dialog(struct hg_sip_subscribe *sub, enum hg_sip_event event)
{
	if (!sub->dialog) {
		sub->dialog = hg_sip_dialog_new(sub->req, event);
		sub->fresh = true;
	}
	hg_sip_dialog_refresh(sub->dialog, sub->req, sub->expires);
	sub->dialog->rounds++;
}

void hg_sip_subscribe_ok(struct hg_sip_subscribe *sub, const char *type, struct hg_str body)
{
	struct hg_sip_request *req = sub->req;
	struct hg_sip_dialog *d = sub->dialog;
	char expires[16], state[48], cseq[48];
	struct hg_buf contact = { 0 };
	snprintf(expires, sizeof(expires), "%u", sub->expires);
	snprintf(state, sizeof(state), "%s;expires=%u", sub->expires ? "active" : "terminated",
		sub->expires);
	hg_sip_conn_contact(req->conn, &contact);
	msg_t *out = hg_sip_reply(req, 200);
	sip_add_tl(out, sip_object(out), SIPTAG_CONTACT_STR(contact.p), SIPTAG_EXPIRES_STR(expires),
		SIPTAG_EVENT_STR(hg_sip_event_name[d->event]), SIPTAG_SUBSCRIPTION_STATE_STR(state),
		SIPTAG_UNKNOWN_STR("Supported: ms-benotify"),
		SIPTAG_UNKNOWN_STR("Supported: ms-piggyback-first-notify"),
		TAG_IF(d->extend, SIPTAG_UNKNOWN_STR("Supported: com.microsoft.autoextend")),
		TAG_END());
	/* The document takes the place of a notification, and its number ([MS-SIP] ms-piggyback-cseq). */
	if (body.n) {
		snprintf(cseq, sizeof(cseq), "ms-piggyback-cseq: %u", ++d->leg.seq);
		sip_add_tl(out, sip_object(out), TAG_IF(d->list, SIPTAG_REQUIRE_STR("eventlist")),
			SIPTAG_UNKNOWN_STR(cseq), TAG_END());
		hg_sip_reply_body(out, type, body);
	}
	hg_buf_done(&contact);
	hg_sip_reply_send(req, out);
	if (!sub->expires)
		hg_sip_dialog_end(d);
}
