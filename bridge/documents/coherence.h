/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of one subscription that follow each other, numbered, some of them whole and some not: what to do with the next one
 * (RFC 3858 4.2, RFC 4235 4.3, RFC 4662 5.1, RFC 5263 4.3). The same rule for all of them; state is begun anew, as zeroes, with
 * each subscription.
 */
#pragma once

#include <heliograph/base.h>

struct hg_coherence {
	bool begun;
	uint32_t version; /* of the last one that was applied */
};

enum hg_coherent {
	HG_COHERENT_DISCARD, /* old, or here already */
	HG_COHERENT_APPLY,
	HG_COHERENT_APPLY_ASK, /* apply it, and refresh the subscription: something was lost before it */
	HG_COHERENT_ASK        /* it cannot be applied: refresh the subscription */
};

enum hg_wholeness {
	HG_WHOLE,   /* what was known before is forgotten */
	HG_PARTIAL, /* some of it, each by itself whole */
	HG_PATCH    /* changes of exactly the document before it */
};

enum hg_coherent hg_coherence_take(struct hg_coherence *, enum hg_wholeness, uint32_t version);
