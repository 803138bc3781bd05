/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of devices that name no containers: what each says in a vocabulary of its own goes by the grammar into
 * containers 2 and 3, as what the resources of linked accounts say, and ends with its time. Of a restart it says nothing.
 */

#include "tests/sim/sim.h"

static struct model_linked *device(struct sim *s, const struct request *r)
{
	return &s->person[r->person].linked[DEVICES][r->endpoint];
}

/* Who says something is there from then on; who has said nothing cannot go on saying it. */
enum hg_verdict model_predict_say(const struct sim *s, const struct request *r, bool *durable)
{
	const struct model_person *m = &s->person[r->person];

	if (r->expires && !r->says && !m->linked[DEVICES][r->endpoint].on)
		return HG_NOT_FOUND;
	*durable = r->expires && !m->exists;
	return HG_OK;
}

void model_apply_say(struct sim *s, const struct request *r)
{
	struct model_linked *l = device(s, r);

	if (!r->expires) {
		if (l->on)
			model_linked_ends(&s->person[r->person], l);
		return;
	}
	s->person[r->person].exists = true;
	if (r->says) {
		model_linked_says(s, r->person, l, r->says - 1, 0);
		l->show = r->says - 1;
	}
	l->until = s->now.mono + (int64_t)r->expires * 1000;
}

void model_says_again(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		for (int k = 0; k < RESOURCES; k++) {
			struct model_linked *l = &s->person[p].linked[DEVICES][k];

			if (l->on)
				model_linked_says(s, p, l, l->show, 0);
		}
	}
}

void model_says_due(struct sim *s, int p)
{
	for (int k = 0; k < RESOURCES; k++) {
		struct model_linked *l = &s->person[p].linked[DEVICES][k];

		if (l->on && l->until <= s->now.mono)
			model_linked_ends(&s->person[p], l);
	}
}
