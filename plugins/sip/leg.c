/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a dialog, RFC 3261 12: what its requests are made of. Ours; nta's own answer what must not be answered. */
#include "plugins/sip/remedy_service.h"
#include "plugins/sip/dialog.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_string.h>

/* RFC 3261 12.1.1: our From is their To and the other way round. There is a Contact. */
void hg_sip_leg_answer(struct hg_sip_leg *leg, const struct hg_sip_request *req)
{
	const sip_t *in = req->in;

	leg->home = su_home_new(sizeof(su_home_t));
	leg->local = sip_from_dup(leg->home, in->sip_to);
	leg->local->a_tag = NULL;
	sip_from_tag(leg->home, leg->local, req->tag);
	leg->remote = sip_to_dup(leg->home, in->sip_from);
	leg->call_id = sip_call_id_dup(leg->home, in->sip_call_id);
	leg->target = url_hdup(leg->home, in->sip_contact->m_url);
	leg->route = sip_route_fixdup(leg->home, in->sip_record_route);
	leg->remote_seq = in->sip_cseq->cs_seq;
}

/* RFC 3261 12.1.2, before anybody has answered. */
void hg_sip_leg_begin(struct hg_sip_leg *leg, struct hg_sip *sip, const char *from, const char *to)
{
	leg->home = su_home_new(sizeof(su_home_t));
	leg->local = sip_from_create(leg->home, (const url_string_t *)from);
	sip_from_tag(leg->home, leg->local, nta_agent_newtag(leg->home, NULL, sip->agent));
	leg->remote = sip_to_create(leg->home, (const url_string_t *)to);
	leg->call_id = sip_call_id_create(leg->home, NULL);
	leg->target = url_hdup(leg->home, leg->remote->a_url);
	leg->seq = sip->host->random(sip->core) & 0xffff;
}

void hg_sip_leg_done(struct hg_sip_leg *leg)
{
	if (leg->home)
		su_home_unref(leg->home);
	*leg = (struct hg_sip_leg){ 0 };
}

bool hg_sip_leg_is(const struct hg_sip_leg *leg, const sip_t *in)
{
	return su_strmatch(leg->call_id->i_id, in->sip_call_id->i_id) &&
		su_casematch(leg->local->a_tag, in->sip_to->a_tag) &&
		su_casematch(leg->remote->a_tag, in->sip_from->a_tag);
}

bool hg_sip_leg_contact(const sip_t *in)
{
	const sip_contact_t *m = in->sip_contact;

	return m && (m->m_url->url_type == url_sip || m->m_url->url_type == url_sips);
}

void hg_sip_leg_retarget(struct hg_sip_leg *leg, const sip_t *in)
{
	if (!hg_sip_leg_contact(in))
		return;
	su_free(leg->home, leg->target);
	leg->target = url_hdup(leg->home, in->sip_contact->m_url);
}

/* RFC 6665 4.4.1: the dialog and its route set are those of the first NOTIFY. */
void hg_sip_leg_establish(struct hg_sip_leg *leg, const sip_t *in)
{
	sip_to_tag(leg->home, leg->remote, in->sip_from->a_tag);
	leg->route = sip_route_fixdup(leg->home, in->sip_record_route);
	hg_sip_leg_retarget(leg, in);
}

/* RFC 3261 12.2.1.1 */
msg_t *hg_sip_leg_request(struct hg_sip_leg *leg, struct hg_sip *sip, const char *method)
{
	msg_t *msg = nta_msg_create(sip->agent, 0);
	su_home_t *home = msg_home(msg);

	sip_add_tl(msg, sip_object(msg),
		SIPTAG_REQUEST(hg_sip_request_create(home, method, (url_string_t *)leg->target)),
		SIPTAG_CSEQ(hg_sip_cseq_create(home, ++leg->seq, method)), SIPTAG_FROM(leg->local),
		SIPTAG_TO(leg->remote), SIPTAG_CALL_ID(leg->call_id), SIPTAG_MAX_FORWARDS_STR("70"),
		TAG_IF(leg->route, SIPTAG_ROUTE(leg->route)), TAG_END());
	return msg;
}

/* ---- kept over a restart ---- */

static void add_line(struct hg_buf *b, const char *text)
{
	hg_buf_adds(b, text ? text : "");
	hg_buf_addc(b, '\n');
}

void hg_sip_leg_write(const struct hg_sip_leg *leg, struct hg_buf *b)
{
	su_home_t *home = su_home_new(sizeof(su_home_t));

	add_line(b, sip_header_as_string(home, (const sip_header_t *)leg->local));
	add_line(b, sip_header_as_string(home, (const sip_header_t *)leg->remote));
	add_line(b, leg->call_id->i_id);
	add_line(b, url_as_string(home, leg->target));
	add_line(b, leg->route ? sip_header_as_string(home, (const sip_header_t *)leg->route) : "");
	hg_buf_addf(b, "%u\n%u\n", leg->seq, leg->remote_seq);
	su_home_unref(home);
}

char *hg_sip_line(su_home_t *home, struct hg_str *lines)
{
	struct hg_str line = HG_STR_NONE;

	hg_str_token(lines, '\n', &line);
	return su_strndup(home, line.p ? line.p : "", (isize_t)line.n);
}

bool hg_sip_leg_read(struct hg_sip_leg *leg, struct hg_str *lines)
{
	su_home_t *home = leg->home = su_home_new(sizeof(su_home_t));
	const char *route;

	leg->local = sip_from_make(home, hg_sip_line(home, lines));
	leg->remote = sip_to_make(home, hg_sip_line(home, lines));
	leg->call_id = sip_call_id_make(home, hg_sip_line(home, lines));
	leg->target = url_make(home, hg_sip_line(home, lines));
	route = hg_sip_line(home, lines);
	leg->route = *route ? sip_route_make(home, route) : NULL;
	return leg->local && leg->remote && leg->call_id && leg->target &&
		hg_str_u32(hg_str(hg_sip_line(home, lines)), &leg->seq) &&
		hg_str_u32(hg_str(hg_sip_line(home, lines)), &leg->remote_seq);
}
