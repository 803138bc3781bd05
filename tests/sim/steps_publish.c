/* SPDX-License-Identifier: Apache-2.0 */
/* What clients publish. */

#include "tests/sim/steps.h"

#include <stdio.h>
#include <string.h>

static uint32_t known_version(const struct client *c, struct hg_pubkey key)
{
	for (int i = 0; i < c->nknown; i++)
		if (memcmp(&c->known[i].key, &key, sizeof(key)) == 0)
			return c->known[i].live ? c->known[i].version : 0;
	return 0;
}

/* Somebody who acts in another's name was told by him. */
static uint32_t stored_version(struct model_person *m, struct hg_pubkey key)
{
	const struct model_pub *x = model_pub_find(m->pub, m->npubs, key);

	return x && x->live ? x->version : 0;
}

static void add_change(struct sim *s, struct request *r, struct hg_pubkey key,
	enum hg_expiry expiry, const char *content)
{
	struct change *c = &r->change[r->nchanges++];

	c->key = key;
	c->expiry = expiry;
	c->gone = !content;
	c->version = r->behalf ? stored_version(&s->person[r->person], key)
			       : known_version(&s->client[r->person][r->endpoint], key);
	snprintf(c->content, sizeof(c->content), "%s", content ? content : "");
}

void steps_add_machine(struct sim *s, struct request *r)
{
	static const unsigned says[] = { 3500, 3500, 5000, 15500 };
	uint32_t instance = 0x30000000u | (uint32_t)r->endpoint;
	unsigned n = says[sim_random(s, 4)];
	char content[TEXT];

	snprintf(content, sizeof(content), "machine %u -", n);
	add_change(s, r, (struct hg_pubkey){ HG_CAT_STATE, 2, instance }, HG_ENDPOINT, content);
	add_change(s, r, (struct hg_pubkey){ HG_CAT_STATE, 3, instance }, HG_ENDPOINT, content);
}

/* In container 3 what the client made of it himself (EP 2.9), or the same as in container 2. */
void steps_add_user(struct sim *s, struct request *r, bool gone)
{
	static const unsigned says[] = { 3500, 6500, 9500, 12500, 15500, 18500 };
	unsigned n = says[sim_random(s, 6)], other = sim_chance(s, 80) ? n : 6500;
	char content[2][TEXT];

	s->token++;
	snprintf(content[0], TEXT, "user %u u%d-%u", n, r->person, s->token);
	snprintf(content[1], TEXT, "user %u u%d-%u", other, r->person, s->token);
	for (uint16_t k = 0; k < 2; k++)
		add_change(s, r, (struct hg_pubkey){ HG_CAT_STATE, k + 2, 0x20000000 }, HG_STATIC,
			gone ? NULL : content[k]);
}

void steps_add_note(struct sim *s, struct request *r, bool gone)
{
	char content[TEXT];
	uint16_t level = levels[1 + sim_random(s, 3)];

	if (sim_chance(s, 15))
		snprintf(content, sizeof(content), "note -");
	else
		snprintf(content, sizeof(content), "note n%d-%u", r->person, ++s->token);
	add_change(s, r, (struct hg_pubkey){ HG_CAT_NOTE, level, 0 }, HG_STATIC,
		gone ? NULL : content);
	if (!gone && sim_chance(s, 20)) {
		r->change[r->nchanges - 1].expiry = HG_TIME;
		r->change[r->nchanges - 1].expires = 1 + sim_random(s, 60);
	} else if (!gone && sim_chance(s, 20)) {
		r->change[r->nchanges - 1].expiry = HG_USER;
	}
}

/* For a while, or for good. */
void steps_add_note_at(struct sim *s, struct request *r, uint16_t container, uint32_t expires)
{
	char content[TEXT];

	snprintf(content, sizeof(content), "note n%d-%u", r->person, ++s->token);
	add_change(s, r, (struct hg_pubkey){ HG_CAT_NOTE, container, 0 },
		expires ? HG_TIME : HG_STATIC, content);
	r->change[r->nchanges - 1].expires = expires;
}

bool step_machine(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	steps_add_machine(s, &r);
	if (sim_chance(s, 20))
		steps_add_user(s, &r, false);
	home_request(s, &r);
	return true;
}

bool step_user(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	steps_add_user(s, &r, false);
	home_request(s, &r);
	return true;
}

bool step_note(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	steps_add_note(s, &r, false);
	home_request(s, &r);
	return true;
}

bool step_unpublish(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	if (sim_chance(s, 50))
		steps_add_user(s, &r, true);
	else
		steps_add_note(s, &r, true);
	home_request(s, &r);
	return true;
}

void steps_add_anything(struct sim *s, struct request *r)
{
	uint32_t kind = sim_random(s, 10);

	if (kind < 5)
		steps_add_machine(s, r);
	else if (kind < 7)
		steps_add_user(s, r, kind == 5);
	else
		steps_add_note(s, r, kind == 7);
	if (sim_chance(s, 5))
		r->change[0].version++;
}

/* One version of several is a lie: nothing of the request may be stored. */
bool step_lie(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	steps_add_user(s, &r, false);
	steps_add_note(s, &r, false);
	r.change[sim_random(s, (uint32_t)r.nchanges)].version += 1 + sim_random(s, 3);
	home_request(s, &r);
	return true;
}
