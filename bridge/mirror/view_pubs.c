/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publications that a view holds: those that were published into its container, and those of the server's own, made up
 * when somebody looks (EP 1.13, 2.3).
 */

#include "bridge/mirror/core.h"

#include <assert.h>
#include <string.h>

enum {
	INSTANCE_BOOTSTRAP = 0,
	INSTANCE_AGGREGATE = 1,
	INSTANCE_MACHINE = 0x10000000,
	INSTANCE_LEGACY = 1
};

struct hg_pub *hg_make_up(
	struct hg_core *c, size_t *n, hg_part category, uint16_t container, uint32_t instance)
{
	struct hg_pub *b = &c->made_up[*n];

	assert(*n < CORE_MADE_UP);
	memset(b, 0, sizeof(*b));
	b->key = (struct hg_pubkey){ category, container, instance };
	(*n)++;
	return b;
}

static size_t add_pub(struct hg_core *c, size_t n, const struct hg_pub *b)
{
	hg_grow(&c->view_pub, &c->view_pub_cap, n, sizeof(*c->view_pub));
	c->view_pub[n] = b;
	return n + 1;
}

static size_t add_made_up(struct hg_core *c, size_t made)
{
	size_t n = 0;

	while (n < made)
		n = add_pub(c, n, &c->made_up[n]);
	return n;
}

bool hg_shows_aggregate(uint16_t container)
{
	return container == HG_C_EXTERNAL || container == HG_C_COLLEAGUES ||
		container == HG_C_WORKGROUP || container == HG_C_FRIENDS ||
		container == HG_C_BLOCKED;
}

static const struct hg_agg *aggregate_of(const struct hg_person *p, uint16_t container)
{
	return &p->agg[container == HG_C_WORKGROUP || container == HG_C_AGGREGATION_URGENT];
}

/* The aggregate as the container shows it (EP 2.3): 300 the second pass, 100 availability only, and as new as that. */
static void aggregate(struct hg_core *c, const struct hg_person *p, hg_part category,
	uint32_t instance, uint16_t container, size_t *n)
{
	const struct hg_agg *a = aggregate_of(p, container);
	struct hg_pub *b = hg_make_up(c, n, category, container, instance);

	b->version = a->version;
	b->published = a->published;
	b->expiry = HG_USER;
	b->state = a->state;
	if (container == HG_C_EXTERNAL) {
		b->version = a->moves;
		b->published = a->moved;
		b->state = (struct hg_state){ .kind = HG_STATE_AGGREGATE,
			.availability = a->state.availability };
	}
	if (container == HG_C_BLOCKED) {
		b->expiry = HG_STATIC;
		b->version = 1;
		b->published = 0;
		b->state = (struct hg_state){ .kind = HG_STATE_AGGREGATE,
			.availability = hg_band_canonical(HG_BAND_OFFLINE) };
	}
}

static void made_state(struct hg_core *c, const struct hg_person *p, uint16_t container, size_t *n)
{
	aggregate(c, p, HG_CAT_STATE,
		container == HG_C_BLOCKED ? INSTANCE_BOOTSTRAP : INSTANCE_AGGREGATE, container, n);
}

/* EP 2.4: for the owner, which of his devices is in use. */
static void made_machine(struct hg_core *c, const struct hg_person *p, size_t *n)
{
	struct hg_pub *b;

	if (!p->machine.state.availability)
		return;
	b = hg_make_up(c, n, HG_CAT_STATE, HG_C_AGGREGATION, INSTANCE_MACHINE);
	b->version = p->machine.version;
	b->published = p->machine.published;
	b->expiry = HG_USER;
	b->state = p->machine.state;
}

static void made_services(
	struct hg_core *c, const struct hg_person *p, uint16_t container, size_t *n)
{
	struct hg_pub *b;

	if (!p->services.services.named)
		return;
	b = hg_make_up(c, n, HG_CAT_SERVICES, container, 0);
	b->version = p->services.version;
	b->published = p->services.published;
	b->expiry = HG_USER;
	b->services = &p->services.services;
}

/* What the server publishes of a category into a container that watchers are in (EP 1.13). */
static void made_for_watchers(struct hg_core *c, const struct hg_person *p, uint16_t container,
	hg_part category, size_t *n)
{
	if (!hg_shows_aggregate(container))
		return;
	if (category == HG_CAT_STATE)
		made_state(c, p, container, n);
	else if (category == HG_CAT_LEGACY_INTEROP)
		aggregate(c, p, category, INSTANCE_LEGACY, container, n);
	else if (category == HG_CAT_SERVICES && container != HG_C_BLOCKED)
		made_services(c, p, container, n);
}

/* Behind what was made up so far: what the user record gives, and what was published. */
static size_t published_in(
	struct hg_core *c, struct hg_person *p, hg_part category, int container, size_t made)
{
	size_t first, end, n;

	hg_card_pubs(c, p, category, container, &made);
	n = add_made_up(c, made);
	hg_pubs_range(&p->pubs, category, &first, &end);
	for (size_t i = first; i < end; i++) {
		if (!hg_pub_live(p->pubs.v[i]) || hg_card_makes(p, p->pubs.v[i]->key) ||
			(container >= 0 && p->pubs.v[i]->key.container != container))
			continue;
		n = add_pub(c, n, p->pubs.v[i]);
	}
	return n;
}

size_t hg_pubs_of_home(struct hg_core *c, struct hg_person *p, uint16_t container, hg_part category)
{
	size_t made = 0;

	made_for_watchers(c, p, container, category, &made);
	return published_in(c, p, category, container, made);
}

size_t hg_pubs_of_self(struct hg_core *c, struct hg_person *p, hg_part category)
{
	static const uint16_t shown_in[] = { HG_C_EXTERNAL, HG_C_COLLEAGUES, HG_C_WORKGROUP,
		HG_C_FRIENDS, HG_C_BLOCKED };
	size_t made = 0;

	if (category == HG_CAT_STATE) {
		made_state(c, p, HG_C_AGGREGATION, &made);
		made_machine(c, p, &made);
		made_state(c, p, HG_C_AGGREGATION_URGENT, &made);
	} else if (category == HG_CAT_SERVICES) {
		made_services(c, p, HG_C_AGGREGATION, &made);
	}
	for (size_t i = 0; i < sizeof(shown_in) / sizeof(shown_in[0]); i++)
		made_for_watchers(c, p, shown_in[i], category, &made);
	return published_in(c, p, category, -1, made);
}

/* State and note of a presence that did not come as publications. */
size_t hg_pubs_of_presence(struct hg_core *c, const struct hg_presence *presence, int64_t state_at,
	int64_t note_at, hg_part category)
{
	size_t made = 0;

	if (category == HG_CAT_STATE || category == HG_CAT_LEGACY_INTEROP) {
		struct hg_pub *b = hg_make_up(c, &made, category, 0, INSTANCE_AGGREGATE);

		b->published = state_at;
		b->state = presence->activity;
		b->state.kind = HG_STATE_AGGREGATE;
		b->state.availability = presence->availability;
		b->state.last_active = presence->last_active;
	} else if (category == HG_CAT_NOTE && presence->note.text) {
		struct hg_pub *b = hg_make_up(c, &made, category, 0, 0);

		b->published = note_at;
		b->note = presence->note;
	}
	return add_made_up(c, made);
}
