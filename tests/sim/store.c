/* SPDX-License-Identifier: Apache-2.0 */
/* A store that keeps nothing: it answers when the schedule says so, alone or several at once, and fails when told to. */

#include "tests/sim/sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct sim *sim_of(struct hg_store *store)
{
	return (struct sim *)((char *)store - offsetof(struct sim, store));
}

/* Whose queue is it from? A watch's facts belong to its home end. */
static int queue_of(const struct sim *s, const struct hg_fact *f)
{
	int owner = sim_person(s, f->owner), about;
	const struct item *head;

	if (f->kind != HG_FACT_WATCH)
		return owner;
	about = sim_person(s, f->name);
	head = &s->person[about].queue[0];
	/* ... but for an acknowledgement, which is the presentity's own. */
	if (s->person[about].nqueue && !head->is_edge && head->state == WAITING &&
		head->req.kind == HG_REQ_ACK && head->req.other == owner)
		return about;
	return model_queue_of(s, owner, about);
}

static void commit(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct sim *s = sim_of(store);
	int queue = queue_of(s, &f[0]);

	hg_grow(&s->commit, &s->commits_cap, s->ncommits, sizeof(*s->commit));
	s->commit[s->ncommits++] = (struct commit){ queue, done, arg };
	model_staged(s, queue);
}

static const struct hg_store_ops ops = { commit };

void sim_store_init(struct sim *s)
{
	s->store.ops = &ops;
}

/* Turns before and after, so that nothing else is due in the turn in which the core learns of it. */
void sim_store_finish(struct sim *s, size_t n, int rc)
{
	sim_turn(s);
	while (n-- && s->ncommits) {
		struct commit c = s->commit[0];

		memmove(s->commit, s->commit + 1, --s->ncommits * sizeof(*s->commit));
		sim_note(s, "store: the commit of %s %s", s->name[c.queue],
			rc ? "fails" : "is durable");
		c.done(c.arg, rc ? -EIO : 0);
		model_committed(s, c.queue, rc);
	}
	sim_turn(s);
}

void sim_store_free(struct sim *s)
{
	free(s->commit);
}
