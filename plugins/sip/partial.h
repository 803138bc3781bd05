/* SPDX-License-Identifier: Apache-2.0 */
/* Partial presence from a peer that is asked for it (RFC 5262, RFC 5263), of one subscription: begins as zeroes. */
#pragma once

#include "plugins/sip/simple.h"

#include "bridge/documents/pidf_diff.h"

#define HG_SIP_TYPE_PIDF_DIFF "application/pidf-diff+xml"

struct hg_sip_partial {
	struct hg_pidf_partial known;
	unsigned gaps; /* documents that could not be used, since one could */
	bool asks;     /* a refresh is due, as soon as none is under way */
};

enum hg_sip_partial_read {
	HG_SIP_PARTIAL_TAKE,  /* `ret` is what is known now */
	HG_SIP_PARTIAL_OLD,   /* nothing changes */
	HG_SIP_PARTIAL_GAP,   /* nothing changes, and the subscription is to be refreshed */
	HG_SIP_PARTIAL_UNREAD /* nothing changes, and `bad` says why */
};

const char *hg_sip_partial_accept(const struct hg_sip_peer *, const struct hg_sip_partial *);
/* The body of a NOTIFY, of whatever type. `ret` needs its hg_pidf_done when it is to be taken. */
enum hg_sip_partial_read hg_sip_partial_read(const struct hg_sip_peer *, struct hg_sip_partial *,
	const struct hg_sip_request *, struct hg_pidf *ret, struct hg_doc_err *bad);
void hg_sip_partial_done(struct hg_sip_partial *); /* the dialog is over */
