/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage of what may have to be shown. Rules may look at so many things that not every combination can be tried: so one
 * thing after the other is decided, and wherever the same rules are left, what follows is the same, and looked at once.
 */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { AVAILABILITY, ACTIVITY, FACTS, THINGS = FACTS + HG_FACTS };

/* What comes of the rules that are left, when the things before `thing` are decided. */
struct node {
	struct node_key {
		uint64_t thing;
		struct hg_rows rows;
	} key;
	bool open, closed; /* something is taken by no rule; something by one */
	UT_hash_handle hh;
};

struct walk {
	struct hg_cover *cover;
	const struct hg_column *column[THINGS];
	struct node *nodes;
	bool too_many;
	size_t at[THINGS]; /* a gap, as values */
};

static void walk_init(struct walk *w, struct hg_cover *cover)
{
	const struct hg_index *x = &cover->table->index;

	*w = (struct walk){ .cover = cover };
	w->column[AVAILABILITY] = &x->availability;
	w->column[ACTIVITY] = &x->activity;
	for (int f = 0; f < HG_FACTS; f++)
		w->column[FACTS + f] = &x->fact[f];
}

static void walk_done(struct walk *w)
{
	struct node *n, *tmp;

	HASH_ITER (hh, w->nodes, n, tmp) {
		HASH_DELETE(hh, w->nodes, n);
		free(n);
	}
}

static struct node *node_of(struct walk *w, size_t thing, const struct hg_rows *rows, bool *ret_new)
{
	struct node_key key = { thing, *rows };
	struct node *n;

	HASH_FIND(hh, w->nodes, &key, sizeof(key), n);
	*ret_new = !n;
	if (n)
		return n;
	n = hg_alloc(sizeof(*n));
	n->key = key;
	HASH_ADD(hh, w->nodes, key, sizeof(n->key), n);
	w->too_many |= HASH_COUNT(w->nodes) > HG_CASES_MAX;
	return n;
}

static struct hg_rows narrowed(
	const struct walk *w, size_t thing, size_t value, const struct hg_rows *rows)
{
	struct hg_rows left = *rows;

	hg_rows_and(&left, &w->column[thing]->rows[value]);
	return left;
}

/* Deep at most as there are things. */
static const struct node *visit(struct walk *w, size_t thing, const struct hg_rows *rows)
{
	bool fresh;
	struct node *n = node_of(w, thing, rows, &fresh);

	if (!fresh || w->too_many)
		return n;
	if (thing == THINGS) {
		n->closed = hg_cover_case(w->cover, rows);
		n->open = !n->closed;
		return n;
	}
	for (size_t v = 0; v < w->column[thing]->n; v++) {
		struct hg_rows left = narrowed(w, thing, v, rows);
		const struct node *below = visit(w, thing + 1, &left);

		n->open |= below->open;
		n->closed |= below->closed;
	}
	return n;
}

/* The first gap below, of rules that have one. */
static void find_gap(struct walk *w, size_t thing, const struct hg_rows *rows)
{
	for (size_t v = 0; thing < THINGS && v < w->column[thing]->n; v++) {
		struct hg_rows left = narrowed(w, thing, v, rows);

		if (!visit(w, thing + 1, &left)->open)
			continue;
		w->at[thing] = v;
		find_gap(w, thing + 1, &left);
		return;
	}
}

/* Whether some rule tells values of it apart. */
static bool told_apart(const struct walk *w, size_t thing)
{
	const struct hg_column *c = w->column[thing];

	for (size_t v = 1; v < c->n; v++)
		if (memcmp(&c->rows[v], &c->rows[0], sizeof(c->rows[0])) != 0)
			return true;
	return false;
}

static void report(const struct walk *w, enum hg_band band, bool wholly)
{
	const struct hg_index *x = &w->cover->table->index;
	char detail[200] = "";
	size_t used = 0;

	if (!wholly) {
		used = (size_t)snprintf(detail, sizeof(detail), " at %lld",
			(long long)x->availability.from[w->at[AVAILABILITY]]);
		if (x->activity.n > 1)
			used += (size_t)snprintf(detail + used, sizeof(detail) - used,
				" with activity '%.48s'",
				w->at[ACTIVITY] ? x->token[w->at[ACTIVITY]] : "none");
		for (size_t i = FACTS; i < THINGS; i++)
			if (told_apart(w, i))
				used += (size_t)snprintf(detail + used, sizeof(detail) - used,
					", %s: %s", hg_fact_name((enum hg_fact)(i - FACTS)),
					hg_fact_word((enum hg_fact)(i - FACTS), w->at[i]));
	}
	hg_fault(w->cover->errs, w->cover->table, NULL, 0,
		"add it to a rule, or add a rule with direction: out",
		"no rule outward for availability '%s'%s", hg_band_name(band), detail);
}

/* The availability is decided first, so that each band can be spoken of by itself. */
static void walk_band(struct walk *w, enum hg_band band, bool gaps)
{
	const struct hg_index *x = &w->cover->table->index;
	bool open = false, closed = false;

	for (size_t v = 0; v < x->availability.n; v++) {
		struct hg_rows left = narrowed(w, AVAILABILITY, v, &x->out);
		const struct node *n;

		if (hg_band_of((uint32_t)x->availability.from[v]) != band)
			continue;
		n = visit(w, ACTIVITY, &left);
		if (n->open && !open && !w->too_many) {
			w->at[AVAILABILITY] = v;
			find_gap(w, ACTIVITY, &left);
		}
		open |= n->open;
		closed |= n->closed;
	}
	if (open && gaps && !w->too_many)
		report(w, band, !closed);
}

void hg_cover_out(struct hg_cover *cover, bool gaps)
{
	struct walk w;

	walk_init(&w, cover);
	for (int b = 0; b < HG_BAND_COUNT; b++)
		walk_band(&w, (enum hg_band)b, gaps);
	if (w.too_many)
		hg_cover_too_many(cover);
	walk_done(&w);
}
