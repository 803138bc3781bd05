/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/presence/pubs.h"

#include "bridge/presence/digest.h"

#include <stdlib.h>
#include <string.h>

static void forget_content(struct hg_pub *p)
{
	hg_bytes_unref(p->payload);
	p->payload = NULL;
	hg_state_done(&p->state);
	hg_note_done(&p->note);
	hg_device_unref(p->device);
	p->device = NULL;
	hg_calendar_unref(p->calendar);
	p->calendar = NULL;
}

void hg_pubs_done(struct hg_pubs *s)
{
	for (size_t i = 0; i < s->n; i++) {
		forget_content(s->v[i]);
		free(s->v[i]);
	}
	free(s->v);
	*s = (struct hg_pubs){ 0 };
}

static int compare(struct hg_pubkey a, struct hg_pubkey b)
{
	if (a.category != b.category)
		return a.category < b.category ? -1 : 1;
	if (a.container != b.container)
		return a.container < b.container ? -1 : 1;
	return a.instance < b.instance ? -1 : a.instance > b.instance;
}

/* Index of the first that is not before the key. */
static size_t lower_bound(const struct hg_pubs *s, struct hg_pubkey key)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare(s->v[mid]->key, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool hg_pub_live(const struct hg_pub *p)
{
	return p->live;
}

struct hg_pub *hg_pubs_find(const struct hg_pubs *s, struct hg_pubkey key)
{
	size_t i = lower_bound(s, key);

	return i < s->n && compare(s->v[i]->key, key) == 0 ? s->v[i] : NULL;
}

void hg_pubs_range(const struct hg_pubs *s, hg_part category, size_t *ret_first, size_t *ret_end)
{
	*ret_first = lower_bound(s, (struct hg_pubkey){ category, 0, 0 });
	*ret_end = lower_bound(s, (struct hg_pubkey){ category + 1, 0, 0 });
}

size_t hg_pubs_live(const struct hg_pubs *s)
{
	size_t live = 0;

	for (size_t i = 0; i < s->n; i++)
		live += hg_pub_live(s->v[i]);
	return live;
}

void hg_pubs_bury(struct hg_pubs *s)
{
	size_t live = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (hg_pub_live(s->v[i]))
			s->v[live++] = s->v[i];
		else
			free(s->v[i]);
	}
	s->n = live;
}

bool hg_change_deletes(const struct hg_change *c)
{
	return c->expires == 0;
}

enum hg_pubs_verdict hg_pubs_check(const struct hg_pubs *s, const struct hg_change *c, size_t n,
	struct hg_conflict *ret, size_t *ret_conflicts)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++) {
		const struct hg_pub *p = hg_pubs_find(s, c[i].key);
		uint32_t current = p && hg_pub_live(p) ? p->version : 0;

		for (size_t k = 0; k < i; k++) {
			if (compare(c[k].key, c[i].key) == 0) {
				*ret_conflicts = i + 1;
				return HG_PUBS_TWICE;
			}
		}
		if (c[i].version == current || (hg_change_deletes(&c[i]) && c[i].version == 0))
			continue;
		ret[bad++] = (struct hg_conflict){ (uint32_t)i + 1, c[i].version, current };
	}
	*ret_conflicts = bad;
	return bad ? HG_PUBS_CONFLICT : HG_PUBS_OK;
}

uint32_t hg_pubs_next_version(const struct hg_pubs *s, const struct hg_change *c)
{
	const struct hg_pub *p = hg_pubs_find(s, c->key);

	return p ? p->version + 1 : 1;
}

static struct hg_pub *insert(struct hg_pubs *s, struct hg_pubkey key)
{
	size_t i = lower_bound(s, key);
	struct hg_pub *p;

	if (i < s->n && compare(s->v[i]->key, key) == 0)
		return s->v[i];
	p = hg_alloc(sizeof(*p));
	p->key = key;
	hg_grow(&s->v, &s->cap, s->n, sizeof(*s->v));
	memmove(&s->v[i + 1], &s->v[i], (s->n - i) * sizeof(*s->v));
	s->v[i] = p;
	s->n++;
	return p;
}

struct hg_pub *hg_pubs_apply(struct hg_pubs *s, const struct hg_change *c, uint32_t version,
	hg_endpoint by, struct hg_now now, int64_t published)
{
	struct hg_pub *p;

	if (hg_change_deletes(c)) {
		p = hg_pubs_find(s, c->key);
		if (p)
			hg_pubs_kill(p, now);
		return NULL;
	}
	p = insert(s, c->key);
	forget_content(p);
	p->version = version;
	p->expiry = c->expiry;
	p->until = c->expiry == HG_TIME ? now.mono + c->expires * 1000 : 0;
	p->published = published;
	p->origin = by;
	p->live = true;
	p->payload = hg_bytes_ref(c->payload);
	hg_state_copy(&p->state, &c->state);
	hg_note_copy(&p->note, &c->note);
	p->device = hg_device_ref(c->device);
	p->calendar = hg_calendar_ref(c->calendar);
	return p;
}

void hg_pubs_kill(struct hg_pub *p, struct hg_now now)
{
	if (p->live)
		p->ended = now.utc;
	p->live = false;
	forget_content(p);
}

uint64_t hg_pub_digest(const struct hg_pub *p, bool owner)
{
	uint64_t h = HG_DIGEST_START;

	h = hg_digest_number(h, p->key.instance);
	h = hg_digest_number(h, (uint64_t)p->published);
	if (owner) {
		h = hg_digest_number(h, p->key.container);
		h = hg_digest_number(h, p->version);
		h = hg_digest_number(h, p->expiry);
	}
	if (p->payload)
		return hg_digest_number(h, p->payload->hash);
	if (p->card)
		return hg_digest_card(h, p->card, p->card_fields);
	if (p->services)
		h = hg_digest_services(h, p->services);
	h = hg_digest_state(h, &p->state);
	return hg_digest_note(h, &p->note);
}
