/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications: one BENOTIFY a parcel on the dialog's own connection, NOTIFY for those who did not ask for it. */
#include "plugins/sip/remedy_service.h"
#include "plugins/sip/simple.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/contacts.h"
#include "bridge/documents/rlmi.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <stdio.h>
#include <utlist.h>

/* ---- one notification ---- */

/* Lives in the NOTIFY's own memory. */
struct tracked {
	struct hg_sip *sip;
	uint64_t dialog;
};

/* What came meanwhile was not kept: the core says what holds now. */
static void tell_again(struct hg_sip_dialog *d)
{
	struct hg_sip *sip = d->conn->sip;
	struct hg_sip_outlet *o;
	DL_FOREACH (d->outlet, o) {
		if (o->again)
			sip->host->outlet_lost(sip->core, o->id);
		o->again = false;
	}
}

/* The subscriber does not know the dialog, or does not answer: it is over (RFC 6665 4.2.2). */
static int on_response(nta_outgoing_magic_t *magic, nta_outgoing_t *orq, sip_t const *in)
{
	const struct tracked *t = (const struct tracked *)magic;
	int status = in ? in->sip_status->st_status : 408;
	if (status < 200)
		return 0;
	struct hg_sip_dialog *d = hg_sip_handle_get(
		&t->sip->handles, HG_SIP_HANDLE_DIALOG, t->dialog);
	if (d)
		d->busy = false;
	if (d && (status == 481 || status == 408 || status == 503))
		hg_sip_dialog_end(d);
	else if (d && d->event >= HG_SIP_EVENT_SIMPLE)
		hg_sip_tell(d);
	else if (d)
		tell_again(d);
	nta_outgoing_destroy(orq);
	return 0;
}

static msg_t *build(
	struct hg_sip_dialog *d, const char *state, const char *type, struct hg_str body)
{
	const char *name = d->benotify ? "BENOTIFY" : "NOTIFY";
	msg_t *msg = hg_sip_leg_request(&d->leg, d->conn->sip, name);
	struct hg_buf contact = { 0 };
	hg_sip_conn_contact(d->conn, &contact);
	sip_add_tl(msg, sip_object(msg), SIPTAG_CONTACT_STR(contact.p),
		SIPTAG_EVENT_STR(hg_sip_event_name[d->event]), SIPTAG_SUBSCRIPTION_STATE_STR(state),
		TAG_IF(d->event == HG_SIP_EVENT_PRESENCE || d->list,
			SIPTAG_REQUIRE_STR("eventlist")),
		TAG_END());
	if (body.n)
		hg_sip_reply_body(msg, type, body);
	hg_buf_done(&contact);
	return msg;
}

bool hg_sip_dialog_notify(
	struct hg_sip_dialog *d, const char *state, const char *type, struct hg_str body)
{
	struct hg_sip *sip = d->conn->sip;
	nta_outgoing_t *orq;
	if (!hg_sip_conn_open(d->conn))
		return false;
	msg_t *msg = build(d, state, type, body);
	const char *branch = hg_sip_branch(sip, msg);
	hg_sip_finish(d->conn, msg);
	if (d->benotify) {
		/* A stateless request must have no callback: nta asserts that. */
		orq = nta_outgoing_mcreate(sip->agent, NULL, NULL, NULL, msg, NTATAG_STATELESS(1),
			NTATAG_BRANCH_KEY(branch), NTATAG_TPORT(d->conn->tp), TAG_END());
	} else {
		struct tracked *t = su_alloc(msg_home(msg), sizeof(*t));
		*t = (struct tracked){ sip, d->handle };
		orq = nta_outgoing_mcreate(sip->agent, on_response, (nta_outgoing_magic_t *)t,
			d->conn->datagram ? hg_sip_conn_route(d->conn, msg_home(msg)) : NULL, msg,
			NTATAG_BRANCH_KEY(branch),
			TAG_IF(!d->conn->datagram, NTATAG_TPORT(d->conn->tp)), TAG_END());
		d->busy = d->conn->datagram || d->event >= HG_SIP_EVENT_SIMPLE;
	}
	hg_sip_kick(sip);
	if (!orq) {
		/* It was neither sent nor queued, and is still ours. What the subscriber missed it gets after it has
		 * come again. */
		msg_destroy(msg);
		if (!d->conn->lost)
			hg_sip_conn_doom(d->conn, "unwritable");
		return false;
	}
	sip->host->count(sip->core, "sip_notifications_total", 1);
	return true;
}

void hg_sip_notify_end(struct hg_sip_dialog *d, const char *reason)
{
	char state[64];
	snprintf(state, sizeof(state), "terminated;reason=%s", reason);
	hg_sip_dialog_notify(d, state, NULL, HG_STR_NONE);
}

/* ---- what a parcel says ---- */

static bool deliver_self(struct hg_sip_dialog *d, const struct hg_parcel *p, const char *state)
{
	static const struct hg_roaming all = { true, true, true, false };
	struct hg_buf doc = { 0 };
	hg_roaming_write(&doc, hg_str(d->conn->uri), d->told ? NULL : &all, p->frag, p->nfrags);
	bool sent = hg_sip_dialog_notify(d, state, HG_TYPE_ROAMING_SELF, hg_buf_str(&doc));
	d->told |= sent;
	hg_buf_done(&doc);
	return sent;
}

/* Of one part, which is the document. */
static bool deliver_list(
	struct hg_sip_dialog *d, const struct hg_parcel *p, const char *state, const char *type)
{
	return !p->nfrags || hg_sip_dialog_notify(d, state, type, hg_bytes_str(p->frag[0]->bytes));
}

/* Neither known nor refused: the list says why. A document goes along only to take an earlier one back, since
 * clients show the last document, whatever the list says (SC 8.1). */
static bool deliver_standing(struct hg_sip_outlet *o, const struct hg_parcel *p, const char *state)
{
	struct hg_sip_dialog *d = o->dialog;
	struct hg_rlmi_resource resource = { .uri = hg_str(o->wire),
		.standing = p->standing,
		.frag = o->documented ? p->frag : NULL,
		.nfrags = o->documented ? p->nfrags : 0 };
	struct hg_buf type = { 0 }, doc = { 0 };
	char boundary[33];
	hg_sip_boundary(d->conn->sip, boundary);
	struct hg_rlmi list = { .uri = hg_str(d->conn->uri),
		.version = d->rlmi_version++,
		.resource = &resource,
		.n = 1,
		.type = hg_sip_manner_of(d->event)->type,
		.write = hg_sip_manner_of(d->event)->write };
	hg_multipart_write(&doc, &list, hg_str(boundary));
	hg_multipart_write_type(&type, &list, hg_str(boundary));
	bool sent = hg_sip_dialog_notify(d, state, type.p, hg_buf_str(&doc));
	o->documented &= !sent;
	hg_buf_done(&type);
	hg_buf_done(&doc);
	return sent;
}

static bool deliver_presence(
	struct hg_sip_outlet *o, const struct hg_parcel *news, const char *state)
{
	const struct hg_sip_manner *manner = hg_sip_manner_of(o->dialog->event);
	const struct hg_frag *kept[HG_LCS_PARTS];
	struct hg_parcel p = *news;
	struct hg_buf doc = { 0 };
	if (o->dialog->event == HG_SIP_EVENT_LCS_PRESENCE && news->nfrags) {
		for (size_t i = 0; i < news->nfrags; i++)
			hg_sip_lcs_keep(o, news->frag[i]);
		p.nfrags = hg_sip_lcs_kept(o, kept);
		p.frag = kept;
	}
	if (p.standing == HG_PENDING || p.standing == HG_NOBODY)
		return deliver_standing(o, &p, state);
	if (!p.nfrags)
		return true;
	manner->write(&doc, hg_str(o->wire), p.frag, p.nfrags);
	bool sent = hg_sip_dialog_notify(o->dialog, state, manner->type, hg_buf_str(&doc));
	o->documented |= sent;
	hg_buf_done(&doc);
	return sent;
}

static bool deliver_one(struct hg_sip_outlet *o, const struct hg_parcel *p)
{
	struct hg_sip_dialog *d = o->dialog;
	char state[48];
	if (d->event >= HG_SIP_EVENT_SIMPLE) {
		hg_sip_tell_news(o);
		return true;
	}
	if (d->busy) {
		o->again = true;
		return true;
	}
	snprintf(state, sizeof(state), "active;expires=%u", hg_sip_dialog_left(d));
	switch (d->event) {
	case HG_SIP_EVENT_SELF:
		return deliver_self(d, p, state);
	case HG_SIP_EVENT_CONTACTS:
		return deliver_list(d, p, state, HG_TYPE_ROAMING_CONTACTS);
	case HG_SIP_EVENT_LCS_ACL:
		return deliver_list(d, p, state, HG_TYPE_LCS_ACL);
	case HG_SIP_EVENT_LCS_WATCHERS:
		return deliver_list(d, p, state, HG_TYPE_LCS_WATCHERS);
	default:
		return deliver_presence(o, p, state);
	}
}

size_t hg_sip_deliver(struct hg_sip *sip, const struct hg_parcel *parcel, size_t n)
{
	struct hg_sip_conn *conn = NULL;
	size_t taken = 0;
	while (taken < n) {
		struct hg_sip_outlet *o = hg_sip_handle_get(
			&sip->handles, HG_SIP_HANDLE_OUTLET, parcel[taken].cookie);
		if (o) { /* else it ended, and nobody misses it */
			conn = o->dialog->conn;
			if (!hg_sip_conn_room(conn) || !deliver_one(o, &parcel[taken]))
				break;
		}
		taken++;
	}
	/* The kernel takes most of it at once; what does not go away the sweep watches, and says when there is room. */
	if (conn && hg_sip_conn_open(conn)) {
		sip->host->lane_room(sip->core, conn->lane, hg_sip_conn_room(conn));
		if (!conn->datagram && tport_queuelen(conn->tp))
			hg_sip_conns_sweep_soon(sip);
	}
	return taken;
}
