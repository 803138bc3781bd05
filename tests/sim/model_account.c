/* SPDX-License-Identifier: Apache-2.0 */
/* The model of what an adapter needs for block lists of linked accounts: what it remembers of each, and when it is called. */

#include "tests/sim/sim.h"

#include <string.h>

enum hg_verdict model_predict_memo(const struct sim *s, const struct request *r, bool *durable)
{
	const struct model_pair *m = &s->pair[r->person][r->other];

	if (!m->linked)
		return HG_NOT_FOUND;
	if (r->too_much)
		return HG_TOO_LARGE;
	*durable = strcmp(m->memo, r->memo) != 0;
	return HG_OK;
}

void model_apply_memo(struct sim *s, const struct request *r)
{
	memcpy(s->pair[r->person][r->other].memo, r->memo, sizeof(r->memo));
}

/* Who has not agreed, or cannot be reached, is not told. */
void model_blocks_account(struct sim *s, int p, int a)
{
	const struct model_pair *m = &s->pair[p][a];

	if (m->linked && m->out == AUTH_GRANTED && s->route[s->route_of[a]].up)
		s->carry[a].due++;
}

void model_blocks(struct sim *s, const struct request *r)
{
	bool any = false;

	for (int k = 0; k < r->nmembers; k++)
		any |= r->member[k].level == BLOCKED_LEVEL && r->member[k].user >= 0;
	for (int a = s->nhome; any && a < s->n; a++)
		model_blocks_account(s, r->person, a);
}
