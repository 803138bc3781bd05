/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/coherence.h"

enum hg_coherent hg_coherence_take(
	struct hg_coherence *c, enum hg_wholeness wholeness, uint32_t version)
{
	bool next = c->begun && c->version != UINT32_MAX && version == c->version + 1;

	if (c->begun && version <= c->version)
		return HG_COHERENT_DISCARD;
	if (wholeness == HG_PATCH && !next)
		return HG_COHERENT_ASK;
	c->begun = true;
	c->version = version;
	return next || wholeness == HG_WHOLE ? HG_COHERENT_APPLY : HG_COHERENT_APPLY_ASK;
}
