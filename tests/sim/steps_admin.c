/* SPDX-License-Identifier: Apache-2.0 */
/* What the administrator does. */

#include "tests/sim/steps.h"

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
