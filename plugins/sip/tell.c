/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clients that speak PIDF are told, in dialogs about one person and about many (RFC 3856, RFC 4235, RFC 4662). One
 * notification of a dialog is under way at a time. A parcel only says that there is news: what holds is asked for when it can
 * go out, so all that one turn brought for a list goes out together, and what changed back meanwhile not at all.
 */
#include "plugins/sip/simple.h"

#include "bridge/documents/rlmi.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

/* Octets of documents in one notification of a list; what does not go in follows in the next one. */
#define OCTETS 262144
#define OCTETS_DATAGRAM 32768 /* beside as much of the list itself, a datagram holds them */

/* What one presentity's share of a notification is made of. */
struct share {
	struct hg_sip_outlet *outlet;
	enum hg_standing standing;
	size_t frag, nfrags; /* of `frags` */
	uint64_t said;       /* stands for all that is told of him */
};

struct telling {
	struct hg_sip_dialog *d;
	struct hg_sip_frags frags;
	struct share *share;
	size_t n, cap, octets;
};

static const char *type_of(const struct hg_sip_dialog *d)
{
	return d->event == HG_SIP_EVENT_DIALOG ? HG_SIP_TYPE_DIALOG : HG_SIP_TYPE_PIDF;
}

/* ---- what is due ---- */

void hg_sip_tell_owe(struct hg_sip_dialog *d)
{
	if (!d->owed)
		DL_APPEND2(d->conn->sip->owing, d, oprev, onext);
	d->owed = true;
}

void hg_sip_tell_nothing(struct hg_sip_dialog *d)
{
	if (d->owed)
		DL_DELETE2(d->conn->sip->owing, d, oprev, onext);
	d->owed = false;
}

void hg_sip_tell_news(struct hg_sip_outlet *o)
{
	o->again = true;
	hg_sip_tell_owe(o->dialog);
}

static bool is_due(const struct hg_sip_dialog *d)
{
	const struct hg_sip_outlet *o;
	if (d->full || d->ends)
		return true;
	DL_FOREACH (d->outlet, o)
		if (o->again)
			return true;
	return false;
}

/* ---- what holds ---- */

static void add_calls(struct hg_sip_outlet *o, struct hg_buf *doc)
{
	hg_sip_calls_write(o->dialog->conn->sip, o->addr, o->version++, o->lit, doc);
}

static void write_calls(struct hg_sip_outlet *o, struct hg_frag *f)
{
	struct hg_buf doc = { 0 };
	o->lit = f->bytes->n > 0;
	add_calls(o, &doc);
	hg_bytes_unref(f->bytes);
	f->bytes = hg_buf_bytes(&doc);
	hg_buf_done(&doc);
}

static bool waits(enum hg_standing standing)
{
	return standing == HG_PENDING || standing == HG_NOBODY;
}

/* Adds him, unless `fresh_only`, and he was told last what holds now. */
static void look(struct telling *t, struct hg_sip_outlet *o, bool fresh_only)
{
	hg_grow(&t->share, &t->cap, t->n, sizeof(*t->share));
	struct share *s = &t->share[t->n];
	*s = (struct share){ .outlet = o, .standing = HG_NOBODY, .frag = t->frags.n };
	if (o->id)
		s->nfrags = hg_sip_frags_collect(&t->frags, o, &s->standing);
	o->again = false;
	s->said = waits(s->standing) ? (uint64_t)s->standing + 1
		: s->nfrags          ? t->frags.frag[s->frag].hash
				     : 0; /* it is held, and comes when it is not */
	if (waits(s->standing))
		s->nfrags = 0;
	if (fresh_only && (!s->said || s->said == o->said))
		return;
	o->said = s->said;
	for (size_t i = 0; i < s->nfrags; i++) {
		if (t->d->event == HG_SIP_EVENT_DIALOG)
			write_calls(o, &t->frags.frag[s->frag + i]);
		t->octets += t->frags.frag[s->frag + i].bytes->n;
	}
	t->n++;
}

/* ---- one person ---- */

/* true: it went out, and the dialog is still there */
static bool send_one(struct telling *t)
{
	struct hg_sip_dialog *d = t->d;
	const struct share *s = t->share;
	const char *ends = d->ends ? d->ends : s->standing == HG_NOBODY ? "noresource" : NULL;
	struct hg_buf calls = { 0 };
	struct hg_str body = HG_STR_NONE;
	char state[64];
	if (ends)
		snprintf(state, sizeof(state), "terminated;reason=%s", ends);
	else
		snprintf(state, sizeof(state), "%s;expires=%u",
			waits(s->standing) ? "pending" : "active", hg_sip_dialog_left(d));
	if (s->nfrags)
		body = hg_bytes_str(t->frags.frag[s->frag].bytes);
	else if (d->event == HG_SIP_EVENT_DIALOG) {
		/* A lamp has no third state. Who is held for a while is as he was. */
		s->outlet->lit = s->outlet->lit && !waits(s->standing);
		add_calls(s->outlet, &calls);
		body = hg_buf_str(&calls);
	}
	bool sent = hg_sip_dialog_notify(d, state, type_of(d), body);
	hg_buf_done(&calls);
	if (ends)
		hg_sip_dialog_end(d);
	return sent && !ends;
}

/* ---- many ---- */

static void copy_document(
	struct hg_buf *out, struct hg_str uri, const struct hg_frag *const *frag, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hg_buf_add(out, hg_bytes_str(frag[i]->bytes));
}

static bool send_many(struct telling *t, bool full)
{
	struct hg_sip_dialog *d = t->d;
	const struct hg_frag *const *frag = hg_sip_frags_array(&t->frags);
	struct hg_rlmi_resource *resource = hg_alloc((t->n + 1) * sizeof(*resource));
	su_home_t *home = su_home_new(sizeof(su_home_t));
	struct hg_buf type = { 0 }, doc = { 0 };
	char boundary[33], state[64];
	bool ends = d->ends != NULL;
	for (size_t i = 0; i < t->n; i++) {
		const struct share *s = &t->share[i];
		resource[i] = (struct hg_rlmi_resource){ .uri = hg_str(s->outlet->wire),
			.standing = s->standing,
			.frag = s->nfrags ? frag + s->frag : NULL,
			.nfrags = s->nfrags,
			.reason = s->outlet->over };
	}
	hg_sip_boundary(d->conn->sip, boundary);
	struct hg_rlmi list = { .uri = hg_str(url_as_string(home, d->leg.local->a_url)),
		.version = d->rlmi_version++,
		.full = full,
		.resource = resource,
		.n = t->n,
		.type = type_of(d),
		.write = copy_document,
		.exact = true };
	hg_multipart_write(&doc, &list, hg_str(boundary));
	hg_multipart_write_type(&type, &list, hg_str(boundary));
	if (ends)
		snprintf(state, sizeof(state), "terminated;reason=%s", d->ends);
	else
		snprintf(state, sizeof(state), "active;expires=%u", hg_sip_dialog_left(d));
	bool sent = hg_sip_dialog_notify(d, state, type.p, hg_buf_str(&doc));
	if (ends)
		hg_sip_dialog_end(d);
	free(resource);
	su_home_unref(home);
	hg_buf_done(&type);
	hg_buf_done(&doc);
	return sent && !ends;
}

/* ---- when it can go out ---- */

/* He is named, and has news then. */
static void put_off(struct telling *t, struct hg_sip_outlet *o)
{
	hg_grow(&t->share, &t->cap, t->n, sizeof(*t->share));
	t->share[t->n++] = (struct share){ .outlet = o, .standing = HG_UNKNOWN };
	o->said = 0;
	o->again = true;
}

/* All of them, or those with news, as many as go into one notification: the others have news then. */
static void gather(struct telling *t, bool full)
{
	struct hg_sip_dialog *d = t->d;
	size_t room = d->conn->datagram ? OCTETS_DATAGRAM : OCTETS;
	struct hg_sip_outlet *o;
	DL_FOREACH (d->outlet, o) {
		if (o == d->roster || (!full && !o->again))
			continue;
		/* One without a document must be in the list, and may be there without a state (RFC 4662 5.3). */
		if (t->octets < room || !o->id)
			look(t, o, !full);
		else if (full)
			put_off(t, o);
	}
}

/* true: there may be more */
static bool tell_once(struct hg_sip_dialog *d)
{
	struct telling t = { .d = d };
	bool full = d->full || d->ends, more = false;
	d->full = false;
	if (d->event == HG_SIP_EVENT_WINFO)
		return d->outlet && hg_sip_winfo_tell(d, full);
	gather(&t, full);
	if (d->list && (t.n || full))
		more = send_many(&t, full);
	else if (t.n)
		more = send_one(&t);
	free(t.share);
	hg_sip_frags_done(&t.frags);
	return more;
}

void hg_sip_tell(struct hg_sip_dialog *d)
{
	hg_sip_tell_nothing(d);
	if (d->roster)
		hg_sip_list_follow(d);
	while (is_due(d) && !d->busy && hg_sip_conn_open(d->conn)) {
		if (!hg_sip_conn_room(d->conn)) {
			hg_sip_tell_owe(d);
			return;
		}
		if (!tell_once(d))
			return;
	}
}

void hg_sip_tell_flush(struct hg_sip *sip)
{
	const struct hg_sip_dialog *d;
	size_t n;
	DL_COUNT2(sip->owing, d, n, onext);
	while (n-- && sip->owing) /* each once: one without room stands at the end again */
		hg_sip_tell(sip->owing);
}
