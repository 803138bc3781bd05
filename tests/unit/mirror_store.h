/* SPDX-License-Identifier: Apache-2.0 */
/* A store that answers when it is told to, and whose facts another core can be started from. */
#pragma once

#include "tests/unit/mirror_paper.h"

/* ---- the store ---- */

static inline void rig_copy_fact(struct kept_fact *to, const struct hg_fact *f)
{
	struct hg_str *part[6];

	to->f = *f;
	part[0] = &to->f.owner;
	part[1] = &to->f.name;
	part[2] = &to->f.value;
	part[3] = &to->f.extra;
	part[4] = &to->f.more;
	part[5] = &to->f.groups;
	for (int i = 0; i < 6; i++) {
		to->text[i] = hg_str_dup(*part[i]);
		part[i]->p = to->text[i];
	}
}

static inline void rig_free_fact(struct kept_fact *k)
{
	for (int i = 0; i < 6; i++)
		free(k->text[i]);
}

static inline bool rig_same_key(const struct hg_fact *a, const struct hg_fact *b)
{
	bool by_name = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_MEMBER ||
		a->kind == HG_FACT_CONTACT || a->kind == HG_FACT_WATCH || a->kind == HG_FACT_CARD ||
		a->kind == HG_FACT_DELEGATE;
	bool by_number = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_CONTAINER ||
		a->kind == HG_FACT_MEMBER || a->kind == HG_FACT_GROUP;
	bool by_second = a->kind == HG_FACT_PUBLICATION || a->kind == HG_FACT_MEMBER;

	return a->kind == b->kind && hg_str_eq(a->owner, b->owner) &&
		(!by_name || hg_str_eq(a->name, b->name)) &&
		(!by_number || a->number[0] == b->number[0]) &&
		(!by_second || a->number[1] == b->number[1]);
}

static inline void rig_write_fact(struct rig *r, const struct hg_fact *f)
{
	hg_buf_addf(&r->log, "fact %s%s ", f->gone ? "-" : "", rig_facts[f->kind]);
	rig_who(&r->log, f->owner);
	if (f->name.n)
		hg_buf_addc(&r->log, ' ');
	rig_who(&r->log, f->name);
	if (f->kind == HG_FACT_WATCH && !f->gone)
		hg_buf_addf(&r->log, " %u/%u", f->number[0], f->number[1]);
	else if (f->kind != HG_FACT_USER && f->kind != HG_FACT_WATCH)
		hg_buf_addf(&r->log, " %u.%u.%u", f->number[0], f->number[1], f->number[2]);
	hg_buf_addc(&r->log, '\n');
}

/* With a user goes all that is his. */
static inline bool rig_goes(const struct hg_fact *old, const struct hg_fact *f)
{
	bool all = f->kind == HG_FACT_USER && f->gone;

	return all ? hg_str_eq(old->owner, f->owner) : rig_same_key(old, f);
}

static inline void rig_apply_fact(struct rig *r, const struct hg_fact *f)
{
	struct paper_store *s = &r->store;

	for (size_t i = s->n; i-- > 0;) {
		if (!rig_goes(&s->fact[i].f, f))
			continue;
		rig_free_fact(&s->fact[i]);
		memmove(&s->fact[i], &s->fact[i + 1], (s->n - i - 1) * sizeof(*s->fact));
		s->n--;
	}
	if (f->gone)
		return;
	hg_grow(&s->fact, &s->cap, s->n, sizeof(*s->fact));
	rig_copy_fact(&s->fact[s->n++], f);
}

static inline void rig_commit_call(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	struct paper_store *s = (struct paper_store *)store;

	assert_true(s->ncommits < 64);
	for (size_t i = 0; i < n; i++) {
		hg_grow(&s->waiting, &s->waiting_cap, s->nwaiting, sizeof(*s->waiting));
		rig_copy_fact(&s->waiting[s->nwaiting++], &f[i]);
	}
	s->commit[s->ncommits].done = done;
	s->commit[s->ncommits].arg = arg;
	s->commit[s->ncommits++].facts = n;
}

/* Answers the commit that has waited longest. */
static inline void rig_commit(struct rig *r, int rc)
{
	struct paper_store *s = &r->store;
	size_t n = s->commit[0].facts;
	void (*done)(void *arg, int rc) = s->commit[0].done;
	void *arg = s->commit[0].arg;

	assert_true(s->ncommits > 0);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0) {
			if (r->facts)
				rig_write_fact(r, &s->waiting[i].f);
			rig_apply_fact(r, &s->waiting[i].f);
		}
		rig_free_fact(&s->waiting[i]);
	}
	memmove(s->waiting, s->waiting + n, (s->nwaiting - n) * sizeof(*s->waiting));
	s->nwaiting -= n;
	memmove(&s->commit[0], &s->commit[1], --s->ncommits * sizeof(s->commit[0]));
	done(arg, rc);
}

static const struct hg_store_ops rig_store_ops = { rig_commit_call };
