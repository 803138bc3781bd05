/* SPDX-License-Identifier: Apache-2.0 */
/* The 2005 dialect has one document a person: the parts that did not change are kept for the next one. */
#include "plugins/sip/dialog.h"

#include <stdlib.h>

void hg_sip_lcs_keep(struct hg_sip_outlet *o, const struct hg_frag *frag)
{
	if (!o->kept)
		o->kept = hg_alloc(HG_LCS_PARTS * sizeof(*o->kept));
	for (size_t k = 0; k < HG_LCS_PARTS; k++) {
		if (frag->part != hg_lcs_part[k])
			continue;
		hg_bytes_unref(o->kept[k].bytes);
		o->kept[k] = *frag;
		hg_bytes_ref(o->kept[k].bytes);
	}
}

size_t hg_sip_lcs_kept(const struct hg_sip_outlet *o, const struct hg_frag *ret[HG_LCS_PARTS])
{
	size_t n = 0;
	for (size_t k = 0; o->kept && k < HG_LCS_PARTS; k++) {
		if (o->kept[k].bytes)
			ret[n++] = &o->kept[k];
	}
	return n;
}

void hg_sip_lcs_drop(struct hg_sip_outlet *o)
{
	for (size_t k = 0; o->kept && k < HG_LCS_PARTS; k++)
		hg_bytes_unref(o->kept[k].bytes);
	free(o->kept);
	o->kept = NULL;
}
