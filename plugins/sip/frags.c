/* SPDX-License-Identifier: Apache-2.0 */
/* Fragments held on to while one answer is put together of several outlets. */
#include "plugins/sip/dialog.h"

#include <stdlib.h>

size_t hg_sip_frags_collect(struct hg_sip_frags *f, struct hg_sip_outlet *o, enum hg_standing *ret)
{
	struct hg_sip *sip = o->dialog->conn->sip;
	const struct hg_frag *now[HG_CAT_COUNT + 3];
	struct hg_parcel head = { 0 };
	size_t n = sip->host->outlet_collect(
		sip->core, o->id, now, sizeof(now) / sizeof(*now), &head);
	*ret = head.standing;
	for (size_t i = 0; i < n; i++) {
		hg_grow(&f->frag, &f->cap, f->n, sizeof(*f->frag));
		f->frag[f->n] = *now[i];
		f->frag[f->n++].bytes = hg_bytes_ref(now[i]->bytes);
	}
	return n;
}

const struct hg_frag *const *hg_sip_frags_array(struct hg_sip_frags *f)
{
	for (size_t i = 0; i < f->n; i++) {
		hg_grow(&f->ptr, &f->ptr_cap, i, sizeof(*f->ptr));
		f->ptr[i] = &f->frag[i];
	}
	return f->ptr;
}

void hg_sip_frags_done(struct hg_sip_frags *f)
{
	for (size_t i = 0; i < f->n; i++)
		hg_bytes_unref(f->frag[i].bytes);
	free(f->frag);
	free(f->ptr);
	*f = (struct hg_sip_frags){ 0 };
}

/* RFC 2046 5.1.1: must not be in any part, so it is not to be foreseen. */
void hg_sip_boundary(struct hg_sip *sip, char ret[33])
{
	for (int i = 0; i < 4; i++)
		snprintf(ret + 8 * i, 9, "%08x", sip->host->random(sip->core));
}
