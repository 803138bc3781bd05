/* SPDX-License-Identifier: Apache-2.0 */
/* Handles: a slot and how often it was used, so that a number outlives its object harmlessly. */
#include "plugins/sip/sip.h"

#include <stdlib.h>

static struct hg_sip_handle *slot_of(const struct hg_sip_handles *h, uint64_t handle)
{
	uint32_t index = (uint32_t)handle - 1;
	if ((uint32_t)handle == 0 || index >= h->n)
		return NULL;
	struct hg_sip_handle *s = &h->slot[index];
	return s->kind != HG_SIP_HANDLE_FREE && s->generation == handle >> 32 ? s : NULL;
}

uint64_t hg_sip_handle_new(struct hg_sip_handles *h, enum hg_sip_handle_kind kind, void *object)
{
	uint32_t index;
	if (h->free) {
		index = h->free - 1;
		h->free = h->slot[index].next_free;
	} else {
		index = (uint32_t)h->n++;
		hg_grow(&h->slot, &h->cap, index, sizeof(*h->slot));
		h->slot[index].generation = 0;
	}
	struct hg_sip_handle *s = &h->slot[index];
	s->object = object;
	s->kind = kind;
	return (uint64_t)s->generation << 32 | (index + 1);
}

void *hg_sip_handle_get(
	const struct hg_sip_handles *h, enum hg_sip_handle_kind kind, uint64_t handle)
{
	const struct hg_sip_handle *s = slot_of(h, handle);
	return s && s->kind == kind ? s->object : NULL;
}

void hg_sip_handle_free(struct hg_sip_handles *h, uint64_t handle)
{
	struct hg_sip_handle *s = slot_of(h, handle);
	if (!s)
		return;
	*s = (struct hg_sip_handle){ .generation = s->generation + 1, .next_free = h->free };
	h->free = (uint32_t)handle;
}

void hg_sip_handles_done(struct hg_sip_handles *h)
{
	free(h->slot);
	*h = (struct hg_sip_handles){ 0 };
}
