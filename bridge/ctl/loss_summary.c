/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/loss_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of what matters to who looks at a person. */
enum thing { AVAILABILITY, ACTIVITY, NOTE, CHOSEN, IDLE, THINGS };

static const char *const thing_name[THINGS] = { "availability", "activity", "note", "chosen",
	"idle" };
static const char *const notes[] = { "none", "personal", "oof" };
static const char *const yes[] = { "no", "yes" };
static const char *const since[] = { "unknown", "known" };

enum { WIDTH = 100, INDENT = 45 }; /* of a line; of its last column */

/* So many states lose this. */
struct change {
	enum thing thing;
	const char *back, *was;
	size_t states;  /* with this one */
	size_t of_back; /* with all that come back as this one */
};

struct changes {
	struct change *v;
	size_t n, cap;
	size_t only_how; /* states that lose nothing but who chose it and since when he is idle */
};

static size_t bits(unsigned mask)
{
	return (size_t)__builtin_popcount(mask);
}

static void add(struct changes *c, enum thing t, const char *was, const char *back, size_t states)
{
	size_t i = 0;

	if (!states || strcmp(was, back) == 0)
		return;
	while (i < c->n &&
		(c->v[i].thing != t || strcmp(c->v[i].was, was) != 0 ||
			strcmp(c->v[i].back, back) != 0))
		i++;
	if (i == c->n) {
		hg_grow(&c->v, &c->cap, c->n, sizeof(*c->v));
		c->v[c->n++] = (struct change){ .thing = t, .back = back, .was = was };
	}
	c->v[i].states += states;
}

static const char *or_none(const char *token)
{
	return token[0] ? token : "none";
}

/* A line of the list stands for every combination of what is in its masks. */
static void take(struct changes *c, const struct hg_loss *l)
{
	size_t all = bits(l->notes) * bits(l->manual) * bits(l->idle) * bits(l->circles);

	add(c, AVAILABILITY, hg_band_name(l->band), hg_band_name(l->back_band), all);
	add(c, ACTIVITY, or_none(l->token), or_none(l->back_token), all);
	for (int i = 0; i < 3 && l->back_note >= 0; i++)
		if (l->notes >> i & 1)
			add(c, NOTE, notes[i], notes[l->back_note], all / bits(l->notes));
	for (int i = 0; i < 2; i++) {
		if (l->manual >> i & 1)
			add(c, CHOSEN, yes[i], yes[l->back_manual], all / bits(l->manual));
		if (l->back_idle >= 0 && l->idle >> i & 1)
			add(c, IDLE, since[i], since[l->back_idle], all / bits(l->idle));
	}
	if (l->band == l->back_band && strcmp(l->token, l->back_token) == 0 && l->back_note < 0)
		c->only_how += all;
}

/* Together what comes back alike, the most of it first. */
static int compare(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->thing != b->thing)
		return a->thing < b->thing ? -1 : 1;
	if (a->of_back != b->of_back)
		return a->of_back > b->of_back ? -1 : 1;
	if (strcmp(a->back, b->back) != 0)
		return strcmp(a->back, b->back);
	if (a->states != b->states)
		return a->states > b->states ? -1 : 1;
	return strcmp(a->was, b->was);
}

static bool same_line(const struct change *a, const struct change *b)
{
	return a->thing == b->thing && strcmp(a->back, b->back) == 0;
}

static void sort(struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->n; k++)
			if (same_line(&c->v[i], &c->v[k]))
				c->v[i].of_back += c->v[k].states;
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), compare);
}

/* "was 12, other 3", in as many lines as it needs. */
static void print_was(const struct change *v, size_t n)
{
	char item[96];
	size_t at = INDENT;

	for (size_t i = 0; i < n; i++) {
		size_t wide = (size_t)snprintf(item, sizeof(item), "%s%s %zu%s", i ? " " : "",
			v[i].was, v[i].states, i + 1 < n ? "," : "");

		if (i && at + wide > WIDTH) {
			printf("\n%*s%s", INDENT, "", item + 1);
			at = INDENT + wide - 1;
		} else {
			fputs(item, stdout);
			at += wide;
		}
	}
	putchar('\n');
}

void hg_loss_summary_print(const struct hg_loss *l, size_t n)
{
	struct changes c = { 0 };

	for (size_t i = 0; i < n; i++)
		take(&c, &l[i]);
	sort(&c);
	if (c.only_how)
		printf("%zu of them lose nothing but who chose it, or since when he is idle.\n",
			c.only_how);
	if (c.n)
		printf("\n  %-12s  %6s  %-19s  %s\n", "what", "states", "comes back as", "was");
	for (size_t i = 0, k; i < c.n; i = k) {
		bool first = i == 0 || c.v[i].thing != c.v[i - 1].thing;

		for (k = i; k < c.n && same_line(&c.v[i], &c.v[k]);)
			k++;
		printf("  %-12s  %6zu  %-19s  ", first ? thing_name[c.v[i].thing] : "",
			c.v[i].of_back, c.v[i].back);
		print_was(&c.v[i], k - i);
	}
	free(c.v);
}
