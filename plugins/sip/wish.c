/* SPDX-License-Identifier: Apache-2.0 */
/*
 * That a client subscribes to somebody is, where it says so, also his user's lasting wish to see him. A person's requests have
 * a queue, through which other things of his go too: so those of one dialog go a few at a time, and what the core could not
 * take is wished for again.
 */
#include "plugins/sip/dialog.h"

#include <utlist.h>

#define AT_A_TIME 16

static void ask(struct hg_sip_outlet *o)
{
	struct hg_sip_dialog *d = o->dialog;
	struct hg_sip *sip = d->conn->sip;
	struct hg_principal principal;

	o->wish = HG_SIP_WISH_ASKED;
	d->wishes++;
	hg_sip_conn_principal(d->conn, &principal);
	/* Whether it is granted shows in what the outlet gets. */
	sip->host->request(sip->core, &principal,
		&(struct hg_request){ .kind = HG_REQ_WATCH,
			.target = d->conn->addr,
			.watched = o->addr,
			.wire = hg_str(o->wire) },
		o->handle);
}

static void go_on(struct hg_sip_dialog *d)
{
	struct hg_sip_outlet *o;

	DL_FOREACH (d->outlet, o) {
		if (d->wishes == AT_A_TIME)
			return;
		if (o->wish == HG_SIP_WISH_WAITS)
			ask(o);
	}
}

void hg_sip_wish(struct hg_sip_outlet *o)
{
	struct hg_sip_dialog *d = o->dialog;

	if (o->wish)
		return;
	o->wish = HG_SIP_WISH_WAITS;
	if (d->wishes < AT_A_TIME)
		ask(o);
}

void hg_sip_wished(struct hg_sip_outlet *o, enum hg_verdict verdict)
{
	struct hg_sip_dialog *d = o->dialog;

	d->wishes--;
	o->wish = HG_SIP_NO_WISH;
	if (verdict == HG_LATER) {
		o->wish = HG_SIP_WISH_WAITS;
		d->conn->wishes = true;
		return;
	}
	go_on(d);
}

void hg_sip_wishes_again(struct hg_sip_conn *conn)
{
	struct hg_sip_dialog *d;

	if (!conn->wishes)
		return;
	conn->wishes = false;
	DL_FOREACH (conn->dialog, d)
		go_on(d);
}
