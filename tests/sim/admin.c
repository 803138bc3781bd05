/* SPDX-License-Identifier: Apache-2.0 */
/* The administrator: requests in anybody's name, which no connection carries and the core itself answers. */

#include "tests/sim/sim.h"

#include <stdlib.h>

/* One a request; its answer comes once, at the end of the process at the latest. */
struct ticket {
	struct sim *sim;
	uint64_t cookie;
	bool answered;
	struct ticket *next;
};

static void answered(void *arg, const struct hg_answer *a)
{
	struct ticket *t = arg;
	struct sim *s = t->sim;
	enum hg_verdict want;
	struct item item;

	if (t->answered)
		sim_bad(s, DURABILITY, "an administrator is answered twice");
	t->answered = true;
	if (s->failed)
		return;
	if (s->ending) {
		if (a->verdict != HG_LATER)
			sim_bad(s, DURABILITY,
				"at the end of the process an administrator is told %d",
				(int)a->verdict);
		return;
	}
	want = model_answered(s, t->cookie, &item);
	sim_note(s, "core -> administrator, about %s: verdict %d %s", s->name[item.req.person],
		(int)a->verdict, a->reason);
	judge_verdict(s, &item, want, a);
	if (item.req.kind == HG_REQ_LINK && a->verdict == HG_OK)
		carry_others(s, item.req.person, item.req.other);
	model_go_on(s, item.req.person);
}

static struct ticket *ticket(struct sim *s, struct item item)
{
	struct ticket *t = hg_alloc(sizeof(*t));

	item.admin = true;
	item.cookie = ++s->last_cookie;
	*t = (struct ticket){ s, item.cookie, false, s->tickets };
	s->tickets = t;
	model_push(s, item.req.person, &item);
	return t;
}

void admin_link(struct sim *s, int p, int account, bool remove)
{
	struct item item = {
		.req = { .kind = HG_REQ_LINK, .person = p, .other = account, .remove = remove }
	};

	sim_note(s, "administrator -> core: %s is %s %s", s->name[account],
		remove ? "not any more" : "the same as", s->name[p]);
	hg_core_ask(s->core,
		&(struct hg_request){ .kind = HG_REQ_LINK,
			.target = s->addr[p],
			.watched = s->addr[account],
			.wire = hg_str(s->name[account]),
			.remove = remove },
		answered, ticket(s, item));
}

void admin_policy(struct sim *s, const bool explicit[HG_PUBLIC_CLOUD + 1])
{
	struct hg_policy now;
	bool more = false;

	for (int t = 0; t <= HG_PUBLIC_CLOUD; t++) {
		more |= s->explicit[t] && !explicit[t];
		s->explicit[t] = explicit[t];
	}
	now = sim_policy(s);
	sim_note(s,
		"administrator -> core: federated %s, public %s, %s users, %s c3, queue %u, faces %u",
		explicit[HG_FEDERATED] ? "wait" : "come in",
		explicit[HG_PUBLIC_CLOUD] ? "wait" : "come in", s->hide ? "hidden" : "known",
		s->c3 ? "with" : "without", s->limits.queue, s->limits.faces);
	if (s->limits.queue > s->most_queue)
		s->most_queue = s->limits.queue;
	if (more)
		model_consent_again(s);
	hg_core_set_policy(s->core, &now);
}

void admin_user(struct sim *s, int p, bool remove)
{
	struct item item = { .made = !remove, .removed = remove, .req = { .person = p } };

	sim_note(s, "administrator -> core: %s %s", s->name[p], remove ? "goes" : "comes");
	hg_core_ask_user(s->core, s->addr[p], remove, answered, ticket(s, item));
}

void admin_free(struct sim *s)
{
	while (s->tickets) {
		struct ticket *t = s->tickets;

		s->tickets = t->next;
		free(t);
	}
}
