/* SPDX-License-Identifier: Apache-2.0 */
/* When somebody is free: two bits for each slot of time (EP 1.7). */

#include <heliograph/presence.h>

#include <stdlib.h>

enum { SLOTS_IN_OCTET = 4 };

struct hg_calendar *hg_calendar_new(const struct hg_calendar *like)
{
	struct hg_calendar *c;

	if (!like->codes || !like->codes->n || like->slot <= 0)
		return NULL;
	c = hg_alloc(sizeof(*c));
	*c = *like;
	c->refs = 1;
	hg_bytes_ref(c->codes);
	return c;
}

struct hg_calendar *hg_calendar_ref(struct hg_calendar *c)
{
	if (c)
		c->refs++;
	return c;
}

void hg_calendar_unref(struct hg_calendar *c)
{
	if (!c || --c->refs)
		return;
	hg_bytes_unref(c->codes);
	free(c);
}

static enum hg_busy busy_in(const struct hg_calendar *c, int64_t slot)
{
	unsigned octet = (unsigned char)c->codes->p[slot / SLOTS_IN_OCTET];

	return (enum hg_busy)(HG_BUSY_FREE + (octet >> 2 * (slot % SLOTS_IN_OCTET) & 3));
}

static int64_t slots(const struct hg_calendar *c)
{
	return (int64_t)c->codes->n * SLOTS_IN_OCTET;
}

enum hg_busy hg_calendar_at(const struct hg_calendar *c, int64_t utc_ms)
{
	if (!c || utc_ms < c->start || (utc_ms - c->start) / c->slot >= slots(c))
		return HG_BUSY_UNKNOWN;
	return busy_in(c, (utc_ms - c->start) / c->slot);
}

int64_t hg_calendar_next(const struct hg_calendar *c, int64_t utc_ms)
{
	enum hg_busy now = hg_calendar_at(c, utc_ms);
	int64_t slot;

	if (!c)
		return 0;
	if (utc_ms < c->start)
		return c->start;
	slot = (utc_ms - c->start) / c->slot;
	if (slot >= slots(c))
		return 0;
	while (slot < slots(c) && busy_in(c, slot) == now)
		slot++;
	return c->start + slot * c->slot;
}

int64_t hg_calendar_since(const struct hg_calendar *c, int64_t utc_ms)
{
	enum hg_busy now = hg_calendar_at(c, utc_ms);
	int64_t slot;

	if (!c || utc_ms < c->start)
		return 0;
	slot = (utc_ms - c->start) / c->slot;
	if (slot >= slots(c))
		return c->start + slots(c) * c->slot;
	while (slot > 0 && busy_in(c, slot - 1) == now)
		slot--;
	return c->start + slot * c->slot;
}
