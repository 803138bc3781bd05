/* SPDX-License-Identifier: Apache-2.0 */
/* What the administrator does. */

#include "tests/sim/steps.h"

#include <string.h>

static int account(struct sim *s)
{
	return s->nhome + (int)sim_random(s, (uint32_t)(s->n - s->nhome));
}

/* Now and then one that is another's already, and now and then two people's at once. */
bool step_link_account(struct sim *s)
{
	int a = account(s), p = (int)sim_random(s, (uint32_t)s->nhome);

	if (model_account_of(s, a) >= 0 && sim_chance(s, 70))
		return false;
	admin_link(s, p, a, false);
	if (sim_chance(s, 15))
		admin_link(s, (int)sim_random(s, (uint32_t)s->nhome), a, false);
	return true;
}

bool step_unlink_account(struct sim *s)
{
	int a = account(s), p = model_account_of(s, a);

	if (p < 0 && sim_chance(s, 90))
		return false;
	admin_link(s, p < 0 ? 0 : p, a, true);
	return true;
}

/* He does not know yet, and what his clients ask for comes behind it; or somebody else gets his name at once. */
bool step_remove_user(struct sim *s)
{
	int p = (int)sim_random(s, (uint32_t)s->nhome);
	struct client *c = &s->client[p][sim_random(s, ENDPOINTS)];

	if (!s->person[p].exists && sim_chance(s, 80))
		return false;
	admin_user(s, p, true);
	if (sim_chance(s, 40))
		admin_user(s, p, false);
	if (sim_chance(s, 30) && !c->busy)
		home_register(s, p, (int)(c - s->client[p]), 600);
	return true;
}

bool step_make_user(struct sim *s)
{
	int p = (int)sim_random(s, (uint32_t)s->nhome);

	if (s->person[p].exists && sim_chance(s, 90))
		return false;
	admin_user(s, p, false);
	return true;
}

bool step_policy(struct sim *s)
{
	bool explicit[HG_PUBLIC_CLOUD + 1];

	memcpy(explicit, s->explicit, sizeof(explicit));
	for (int t = HG_FEDERATED; t <= HG_PUBLIC_CLOUD; t++)
		explicit[t] ^= sim_chance(s, 40);
	s->hide ^= sim_chance(s, 20);
	s->c3 ^= sim_chance(s, 30);
	if (sim_chance(s, 20))
		s->limits.queue = sim_chance(s, 50) ? sim_limits.queue : 1 + sim_random(s, 3);
	if (sim_chance(s, 20))
		s->limits.faces = sim_chance(s, 50) ? sim_limits.faces : 1;
	admin_policy(s, explicit);
	return true;
}
