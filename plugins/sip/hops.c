/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a request may go, and where it has been. We forward none: what is asked about somebody elsewhere is asked anew, with
 * all its hops. So loops end where a request meets the watch that it has made; but one of ours that a peer sends back need not
 * go so far, and one to a single person elsewhere is refused if it has no hop left. In a dialog nothing goes further.
 */
#include "plugins/sip/request.h"

#include <strings.h>

void hg_sip_mark(struct hg_sip *sip)
{
	uint32_t high = sip->host->random(sip->core), low = sip->host->random(sip->core);
	snprintf(sip->mark, sizeof(sip->mark), "z9hG4bK%08x%08x", high, low);
}

const char *hg_sip_branch(const struct hg_sip *sip, msg_t *msg)
{
	uint32_t high = sip->host->random(sip->core), low = sip->host->random(sip->core);
	return su_sprintf(msg_home(msg), "%s.%08x%08x", sip->mark, high, low);
}

/* RFC 3261 16.3, RFC 5393. An address in a Via says nothing: many networks have the same ones. */
bool hg_sip_loop_refused(struct hg_sip_request *req)
{
	const char *mark = req->sip->mark;
	for (const sip_via_t *via = req->in->sip_via; via; via = via->v_next) {
		if (!via->v_branch || strncasecmp(via->v_branch, mark, strlen(mark)))
			continue;
		hg_log(HG_INFO, "sip-loop", "method=%s", req->in->sip_request->rq_method_name);
		hg_sip_refuse(req, 482, "it was sent from here");
		return true;
	}
	return false;
}

bool hg_sip_beyond_refused(struct hg_sip_request *req, const url_t *whom, hg_addr addr)
{
	const sip_max_forwards_t *hops = req->in->sip_max_forwards;
	if (req->sip->host->is_home(req->sip->core, addr))
		return false;
	/* RFC 7247 8: who says sips: wants every hop secured, and beyond us nobody can promise that. */
	if (whom->url_type == url_sips) {
		hg_log(HG_INFO, "sip-sips-refused", "method=%s",
			req->in->sip_request->rq_method_name);
		hg_sip_refuse(req, 416, "sips: cannot be kept on the way there");
		return true;
	}
	if (!hops || hops->mf_count || req->in->sip_to->a_tag)
		return false;
	hg_sip_refuse(req, 483, "it may go no further than here");
	return true;
}
