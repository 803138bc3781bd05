/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store of the simulation: it answers when the schedule says so, alone or several at once, and fails when told to. A
 * commit that is under way when the process dies is on the disk whole or not at all. And the store of hints beside it.
 */

#include "tests/sim/sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	struct sim *s = (struct sim *)((char *)store - offsetof(struct sim, store));
	struct commit c = { .queue = queue_of(s, &f[0]), .done = done, .arg = arg };

	for (size_t i = 0; i < n; i++)
		sim_facts_add(&c.facts, &f[i]);
	hg_grow(&s->commit, &s->commits_cap, s->ncommits, sizeof(*s->commit));
	s->commit[s->ncommits++] = c;
	model_staged(s, c.queue);
	if (!s->failed)
		model_list_staged(s, c.queue, f, n);
}

static void commit_hints(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct sim *s = (struct sim *)((char *)store - offsetof(struct sim, hints));

	struct commit *c = &s->hint[s->nhints];

	bool forgets = n == 1 && f[0].kind == HG_FACT_USER;

	for (int i = 0; i < s->nhints && !forgets; i++)
		if (!s->hint[i].forgets)
			sim_bad(s, BOUNDED,
				"hints are written while others are still being written");
	if (s->nhints == HINTS) {
		sim_bad(s, BOUNDED, "so many deleted users are to be forgotten at once");
		return;
	}
	judge_hints(s, f, n);
	*c = (struct commit){ .done = done, .arg = arg, .forgets = forgets };
	for (size_t i = 0; i < n; i++)
		sim_facts_add(&c->facts, &f[i]);
	c->queue = sim_person(s, f[0].owner);
	c->making = forgets && !s->person[c->queue].exists && !model_is_going(s, c->queue);
	if (c->making)
		model_forgetting(s, c->queue);
	for (int p = 0; p < s->nhome; p++)
		c->life[p] = s->person[p].life;
	s->nhints++;
}

static const struct hg_store_ops ops = { commit }, hint_ops = { commit_hints };

void sim_store_init(struct sim *s)
{
	s->store.ops = &ops;
	s->hints.ops = &hint_ops;
}

static struct commit take(struct sim *s)
{
	struct commit c = s->commit[0];

	memmove(s->commit, s->commit + 1, --s->ncommits * sizeof(*s->commit));
	return c;
}

/* The core knows, and has not had a turn since. */
void sim_store_answer(struct sim *s, size_t n, int rc)
{
	while (n-- && s->ncommits) {
		struct commit c = take(s);

		sim_note(s, "store: the commit of %s %s", s->name[c.queue],
			rc ? "fails" : "is durable");
		if (!rc)
			sim_disk_write(&s->disk, &c.facts);
		c.done(c.arg, rc);
		model_committed(s, c.queue, rc);
		sim_facts_free(&c.facts);
	}
}

/* Turns before and after, so that nothing else is due in the turn in which the core learns of it. */
void sim_store_finish(struct sim *s, size_t n, int rc)
{
	sim_turn(s);
	sim_store_answer(s, n, rc);
	sim_turn(s);
}

static void write_hints(struct sim *s, const struct commit *c)
{
	sim_disk_write(&s->hints_disk, &c->facts);
	for (size_t i = 0; i < c->facts.n; i++)
		if (c->facts.v[i].kind == HG_FACT_USER) {
			int p = sim_person(s, c->facts.v[i].owner);

			s->hints_life[p] = c->life[p];
		} else if (c->facts.v[i].kind == HG_FACT_KEPT) {
			model_keep_written(s, &c->facts.v[i], true);
		}
}

static struct commit take_hints(struct sim *s)
{
	struct commit c = s->hint[0];

	memmove(s->hint, s->hint + 1, (size_t)--s->nhints * sizeof(*s->hint));
	return c;
}

void sim_hints_finish(struct sim *s, int rc)
{
	struct commit c;

	if (!s->nhints)
		return;
	c = take_hints(s);
	sim_note(s, "store: the hints %s", rc ? "are lost" : "are written");
	if (!rc)
		write_hints(s, &c);
	for (size_t i = 0; rc && i < c.facts.n; i++)
		if (c.facts.v[i].kind == HG_FACT_KEPT)
			model_keep_written(s, &c.facts.v[i], false);
	s->hints_at = s->now.mono;
	c.done(c.arg, rc);
	if (c.making && rc)
		model_not_forgotten(s, c.queue, rc);
	sim_facts_free(&c.facts);
}

/* The process dies: of what is under way some is on the disk, the first ones first, and nobody will ever be told. */
void sim_store_crash(struct sim *s)
{
	uint32_t done = sim_random(s, (uint32_t)s->ncommits + 1);

	for (uint32_t i = 0; s->ncommits; i++) {
		struct commit c = take(s);

		if (i < done && !s->failing) {
			sim_note(
				s, "store: the commit of %s was durable already", s->name[c.queue]);
			sim_disk_write(&s->disk, &c.facts);
			model_committed_unseen(s, c.queue);
		}
		sim_facts_free(&c.facts);
	}
	done = sim_random(s, (uint32_t)s->nhints + 1);
	for (uint32_t i = 0; s->nhints; i++) {
		struct commit c = take_hints(s);

		if (i < done)
			write_hints(s, &c);
		sim_facts_free(&c.facts);
	}
}

void sim_store_free(struct sim *s)
{
	while (s->ncommits)
		sim_facts_free(&s->commit[--s->ncommits].facts);
	free(s->commit);
	while (s->nhints)
		sim_facts_free(&s->hint[--s->nhints].facts);
	sim_facts_free(&s->disk);
	sim_facts_free(&s->hints_disk);
	sim_facts_free(&s->synced);
}
