/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change fits only the document before it. After a gap the subscription is refreshed, to which a whole document is the answer
 * (RFC 5263 4.4); a peer whose next one does not fit either is asked for whole documents alone in that dialog, so that two
 * that do not understand each other do not go on asking.
 */
#include "plugins/sip/partial.h"

#define GAPS_MAX 2

static bool is_asked(const struct hg_sip_peer *p, const struct hg_sip_partial *partial)
{
	return p->partial && partial->gaps < GAPS_MAX;
}

const char *hg_sip_partial_accept(const struct hg_sip_peer *p, const struct hg_sip_partial *partial)
{
	return is_asked(p, partial) ? HG_SIP_TYPE_PIDF ";q=0.5, " HG_SIP_TYPE_PIDF_DIFF
				    : HG_SIP_TYPE_PIDF;
}

static enum hg_sip_partial_read read_whole(struct hg_sip_partial *partial,
	const struct hg_sip_request *req, struct hg_pidf *ret, struct hg_doc_err *bad)
{
	if (hg_pidf_read(hg_sip_body(req), ret, bad)) {
		hg_pidf_done(ret);
		return HG_SIP_PARTIAL_UNREAD;
	}
	hg_pidf_partial_done(
		&partial->known); /* what changes come next are none of what was before */
	return HG_SIP_PARTIAL_TAKE;
}

enum hg_sip_partial_read hg_sip_partial_read(const struct hg_sip_peer *p,
	struct hg_sip_partial *partial, const struct hg_sip_request *req, struct hg_pidf *ret,
	struct hg_doc_err *bad)
{
	enum hg_coherent coherent;
	if (hg_sip_type_is(req, HG_SIP_TYPE_PIDF))
		return read_whole(partial, req, ret, bad);
	if (!is_asked(p, partial) || !hg_sip_type_is(req, HG_SIP_TYPE_PIDF_DIFF)) {
		*bad = (struct hg_doc_err){ "type" };
		return HG_SIP_PARTIAL_UNREAD;
	}
	int rc = hg_pidf_partial_take(&partial->known, hg_sip_body(req), &coherent, ret, bad);
	if (!rc && (coherent == HG_COHERENT_APPLY || coherent == HG_COHERENT_APPLY_ASK)) {
		partial->gaps = 0;
		partial->asks = false;
		return HG_SIP_PARTIAL_TAKE;
	}
	hg_pidf_done(ret);
	if (!rc && coherent == HG_COHERENT_DISCARD)
		return HG_SIP_PARTIAL_OLD;
	/* To what is asked for next the answer may be numbered as it likes. */
	hg_pidf_partial_done(&partial->known);
	partial->gaps++;
	partial->asks = true;
	return HG_SIP_PARTIAL_GAP;
}

void hg_sip_partial_done(struct hg_sip_partial *partial)
{
	hg_pidf_partial_done(&partial->known);
	partial->gaps = 0;
	partial->asks = false;
}
