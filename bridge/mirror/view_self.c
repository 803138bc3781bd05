/* SPDX-License-Identifier: Apache-2.0 */
/* What a person alone sees of himself beside his publications: his lists. */

#include "bridge/mirror/core.h"

void hg_view_self(struct hg_core *c, struct hg_person *p, hg_part part, struct hg_self *ret)
{
	*ret = (struct hg_self){
		.container = p->container,
		.ncontainers = p->ncontainers,
		.contact = p->list.contact,
		.ncontacts = p->list.ncontacts,
		.group = p->list.group,
		.ngroups = p->list.ngroups,
		.delta = p->list.delta,
		.delegate = p->delegates.v,
		.ndelegates = p->delegates.n,
		.delegates_version = p->delegates.version,
	};
	if (part == HG_PART_SUBSCRIBERS) {
		ret->nwaiting = hg_prompts_list(c, p);
		ret->waiting = c->waiting;
	} else if (part == HG_PART_WATCHERS) {
		ret->nby = hg_watchers_list(c, p);
		ret->by = c->by;
	}
}

bool hg_core_own(struct hg_core *c, hg_addr person, struct hg_self *ret)
{
	struct hg_person *p = hg_person_find(c, person);

	if (!p || !p->exists)
		return false;
	hg_view_self(c, p, HG_PART_CONTACTS, ret);
	return true;
}
