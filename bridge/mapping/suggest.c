/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 64 /* longer words are not compared */

static bool same(char a, char b)
{
	return hg_str_ieq((struct hg_str){ &a, 1 }, (struct hg_str){ &b, 1 });
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string
 * alignment). Upper and lower case are the same: who writes XMPP means xmpp. */
static size_t distance(struct hg_str a, struct hg_str b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.n; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = same(a.p[i - 1], b.p[j - 1]) ? 0 : 1;

			row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) &&
				same(a.p[i - 2], b.p[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *oldest = before;
		before = last;
		last = row;
		row = oldest;
	}
	return last[b.n];
}

static const char *nearest(struct hg_str word, const char *const *name, size_t n)
{
	size_t best = word.n / 3 + 1; /* a third of the letters may be wrong */
	const char *found = NULL;

	if (word.n > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct hg_str s = hg_str(name[i]);

		if (s.n > WORD_MAX)
			continue;
		size_t d = distance(word, s);
		if (d < best || (d == best && !found && d < s.n)) {
			best = d;
			found = name[i];
		}
	}
	return found;
}

void hg_suggest(struct hg_str word, const char *const *name, size_t n, char ret[HG_SUGGESTION])
{
	const char *found = nearest(word, name, n);
	size_t used;

	ret[0] = '\0';
	if (found) {
		snprintf(ret, HG_SUGGESTION, "did you mean '%s'?", found);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		used = strlen(ret);
		if (used + strlen(name[i]) + 8 > HG_SUGGESTION) {
			snprintf(ret + used, HG_SUGGESTION - used, ", ...");
			return;
		}
		snprintf(ret + used, HG_SUGGESTION - used, "%s%s", i ? ", " : "one of: ", name[i]);
	}
}
