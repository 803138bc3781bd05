/* SPDX-License-Identifier: Apache-2.0 */
/* Handles: a slot and how often it was used, so that a number outlives its object harmlessly. */
#include "plugins/sip/sip.h"

#include <stdlib.h>

static struct sip_handle *slot_of(const struct sip_handles *h, uint64_t handle)
{
	uint32_t index = (uint32_t)handle - 1;
	if ((uint32_t)handle == 0 || index >= h->n)
		return NULL;
	struct sip_handle *s = &h->slot[index];
	return s->kind != SIP_HANDLE_FREE && s->generation == handle >> 32 ? s : NULL;
}

uint64_t sip_handle_new(struct sip_handles *h, enum sip_handle_kind kind, void *object)
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
	struct sip_handle *s = &h->slot[index];
	s->object = object;
	s->kind = kind;
	return (uint64_t)s->generation << 32 | (index + 1);
}

void *sip_handle_get(const struct sip_handles *h, enum sip_handle_kind kind, uint64_t handle)
{
	const struct sip_handle *s = slot_of(h, handle);
	return s && s->kind == kind ? s->object : NULL;
}

void sip_handle_free(struct sip_handles *h, uint64_t handle)
{
	struct sip_handle *s = slot_of(h, handle);
	if (!s)
		return;
	*s = (struct sip_handle){ .generation = s->generation + 1, .next_free = h->free };
	h->free = (uint32_t)handle;
}

void sip_handles_done(struct sip_handles *h)
{
	free(h->slot);
	*h = (struct sip_handles){ 0 };
}
