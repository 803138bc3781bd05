/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/presence/digest.h"

/* The finaliser of MurmurHash3, public domain: every bit of the input moves every bit of the
 * result. */
uint64_t hg_digest_number(uint64_t h, uint64_t n)
{
	h = (h ^ n) + UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

uint64_t hg_digest_text(uint64_t h, struct hg_str s)
{
	return hg_digest_number(hg_digest_number(h, s.n), hg_str_hash(s));
}

static uint64_t bytes(uint64_t h, const struct hg_bytes *b)
{
	return hg_digest_number(h, b ? b->hash : 0);
}

uint64_t hg_digest_details(uint64_t h, const struct hg_details *d)
{
	h = bytes(h, d->location);
	h = bytes(h, d->zone);
	h = bytes(h, d->zone_abbreviation);
	h = hg_digest_number(h, (uint32_t)d->zone_bias);
	h = hg_digest_text(h, hg_str(d->device));
	h = bytes(h, d->subject);
	h = bytes(h, d->place);
	return bytes(h, d->endpoint);
}

uint64_t hg_digest_services(uint64_t h, const struct hg_services *s)
{
	h = hg_digest_number(h, (uint64_t)s->capture << 32 | s->render);
	h = hg_digest_number(h, (uint64_t)s->publish << 32 | s->named);
	for (int i = 0; i < HG_CAPABILITIES; i++)
		h = hg_digest_number(h, s->availability[i]);
	return h;
}

uint64_t hg_digest_state(uint64_t h, const struct hg_state *s)
{
	h = hg_digest_number(h, (uint64_t)s->kind << 1 | s->manual);
	h = hg_digest_number(h, s->availability);
	h = hg_digest_text(h, hg_str(s->token));
	h = hg_digest_number(h, (uint64_t)s->min << 32 | s->max);
	h = hg_digest_number(h, s->custom ? s->custom->hash : 0);
	h = hg_digest_number(h, (uint64_t)s->start);
	h = hg_digest_number(h, s->details ? s->details->hash : 0);
	return hg_digest_number(h, (uint64_t)s->last_active);
}

uint64_t hg_digest_calendar(uint64_t h, const struct hg_calendar *c, int64_t since)
{
	h = hg_digest_number(h, (uint64_t)c->start);
	h = hg_digest_number(h, (uint64_t)c->slot);
	h = bytes(h, c->codes);
	return hg_digest_number(h, (uint64_t)since);
}

uint64_t hg_digest_note(uint64_t h, const struct hg_note *n)
{
	if (!n->text)
		return hg_digest_number(h, 0);
	h = hg_digest_number(h, n->text->hash);
	h = hg_digest_text(h, hg_str(n->lang));
	h = hg_digest_number(h, n->also ? n->also->hash : 0);
	h = hg_digest_number(h, n->oof);
	h = hg_digest_number(h, (uint64_t)n->from);
	return hg_digest_number(h, (uint64_t)n->until);
}

uint64_t hg_digest_presence(uint64_t h, const struct hg_presence *p)
{
	h = hg_digest_number(h, p->availability);
	h = hg_digest_state(h, &p->activity);
	h = hg_digest_number(h, (uint64_t)p->last_active);
	h = hg_digest_number(h,
		(uint64_t)p->hops << 32 | (uint64_t)p->manual << 24 | (uint64_t)p->busy << 16 |
			(uint64_t)p->device << 8 | p->circle);
	h = hg_digest_number(h, (uint64_t)p->show << 8 | (uint8_t)p->priority);
	return hg_digest_note(h, &p->note);
}
