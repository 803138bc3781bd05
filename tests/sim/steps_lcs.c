/* SPDX-License-Identifier: Apache-2.0 */
/* What a client from before categories does (docs/decisions/0015): it knows of no versions and of no containers. */

#include "tests/sim/steps.h"

/* All that it has to say, whatever of it was said before. */
bool step_lcs_publish(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_PUBLISH))
		return false;
	r.any_version = true;
	steps_add_anything(s, &r);
	home_request(s, &r);
	if (sim_chance(s, 40)) /* and once more, word for word */
		home_request(s, &r);
	return true;
}

bool step_ace(struct sim *s)
{
	struct request r;

	if (!steps_begin(s, &r, HG_REQ_ACE))
		return false;
	r.other = steps_other_than(s, r.person);
	r.remove = sim_chance(s, 50);
	home_request(s, &r);
	return true;
}
