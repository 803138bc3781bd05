/* SPDX-License-Identifier: Apache-2.0 */
/* The model of registrations: what begins and ends with them, and what ends by itself. */

#include "tests/sim/sim.h"

bool model_endpoint_lives(const struct model_person *m, hg_endpoint id)
{
	for (int e = 0; e < ENDPOINTS; e++)
		if (id && m->endpoint[e].id == id)
			return true;
	return false;
}

bool model_signed_in(const struct model_person *m)
{
	for (int e = 0; e < ENDPOINTS; e++)
		if (m->endpoint[e].id)
			return true;
	for (int a = 0; a <= DEVICES; a++)
		for (int k = 0; k < RESOURCES; k++)
			if (m->linked[a][k].on || m->linked[a][k].restored)
				return true;
	return false;
}

void model_end_user_bound(struct model_person *m)
{
	bool signed_in = model_signed_in(m);

	for (int i = 0; i < m->npubs; i++)
		if (m->pub[i].expiry == HG_USER && !signed_in)
			m->pub[i].live = false;
}

void model_end_endpoint(struct sim *s, struct model_person *m, int e)
{
	hg_endpoint id = m->endpoint[e].id;

	m->endpoint[e] = (struct model_endpoint){ 0 };
	for (int i = 0; i < m->npubs; i++)
		if (m->pub[i].expiry == HG_ENDPOINT && m->pub[i].origin == id)
			m->pub[i].live = false;
	model_unbind_abroad(s, id);
	model_end_user_bound(m);
}

void model_lane_closed(struct sim *s, hg_lane lane)
{
	for (int p = 0; p < s->nhome; p++) {
		for (int e = 0; e < ENDPOINTS; e++) {
			struct model_endpoint *ep = &s->person[p].endpoint[e];

			if (!ep->id || ep->lane != lane)
				continue;
			ep->lane = 0;
			if (ep->until > s->now.mono + sim_limits.grace)
				ep->until = s->now.mono + sim_limits.grace;
		}
	}
}

void model_due(struct sim *s)
{
	for (int p = 0; p < s->nhome; p++) {
		struct model_person *m = &s->person[p];

		for (int e = 0; e < ENDPOINTS; e++)
			if (m->endpoint[e].id && m->endpoint[e].until <= s->now.mono) {
				m->lapsed |= m->endpoint[e].restored;
				model_end_endpoint(s, m, e);
			}
		model_links_due(s, p);
		model_says_due(s, p);
		for (int i = 0; i < m->npubs; i++)
			if (m->pub[i].expiry == HG_TIME && m->pub[i].until <= s->now.mono)
				m->pub[i].live = false;
	}
	model_pairs_due(s);
}
