/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's own documents: lines in any order. Versions of aggregates are the server's business, and of the instance under
 * which a linked account's resource speaks only the kind is known.
 */

#include "tests/sim/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 128 };

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_members(char *line)
{
	char *word[LINES], copy[1024];
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w && n < LINES; w = strtok(NULL, " "))
		word[n++] = w;
	if (n > 3)
		qsort(word + 3, (size_t)n - 3, sizeof(*word), by_text);
	line[0] = '\0';
	for (int i = 0; i < n; i++)
		line += sprintf(line, "%s%s", i ? " " : "", word[i]);
}

static void hide_unknown(char *line)
{
	unsigned container, instance, version;
	char category[24], rest[256];

	if (sscanf(line, "%23s %u %u %u aggregate %200[^\n]", category, &container, &instance,
		    &version, rest) != 5)
		return;
	if (instance == 0x10000000)
		sprintf(line, "%s %u machine aggregate %s", category, container, rest);
	else if (instance >> 28)
		sprintf(line, "%s %u linked%u %u aggregate %s", category, container, instance >> 28,
			version, rest);
	else
		sprintf(line, "%s %u %u * aggregate %s", category, container, instance, rest);
}

struct hg_bytes *judge_in_order(struct hg_str text)
{
	struct hg_buf b = { 0 };
	struct hg_str line;
	struct hg_bytes *r;
	char *v[LINES];
	int n = 0;

	while (n < LINES && hg_str_token(&text, '\n', &line)) {
		v[n] = hg_alloc(line.n + 16);
		memcpy(v[n], line.p, line.n);
		hide_unknown(v[n]);
		if (strncmp(v[n], "container", 9) == 0)
			sort_members(v[n]);
		n++;
	}
	qsort(v, (size_t)n, sizeof(*v), by_text);
	for (int i = 0; i < n; i++) {
		hg_buf_addf(&b, "%s\n", v[i]);
		free(v[i]);
	}
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

void judge_own(struct sim *s, int p, hg_part part, struct hg_bytes *text)
{
	struct hg_bytes *seen = judge_in_order(hg_bytes_str(text)), *want;
	struct hg_buf b = { 0 };

	model_own(s, p, part, &b);
	want = judge_in_order(hg_buf_str(&b));
	sim_comparisons[DURABILITY]++;
	sim_comparisons[NO_ECHO]++;
	if (!hg_bytes_eq(seen, want))
		sim_bad(s, strchr(seen->p, '>') ? NO_ECHO : DURABILITY,
			"what %s is told of himself\n  expected %s\n  seen     %s", s->name[p],
			sim_show(want), sim_show(seen));
	hg_bytes_unref(seen);
	hg_bytes_unref(want);
	hg_buf_done(&b);
}

void judge_list(struct sim *s, int p, const struct hg_bytes *text)
{
	unsigned since, delta;

	sim_comparisons[DURABILITY]++;
	if (sscanf(text->p, "list %u %u", &since, &delta) != 2 || delta != s->person[p].delta ||
		since > delta)
		sim_bad(s, DURABILITY,
			"the contact list of %s\n  expected number %u\n  seen     %s", s->name[p],
			s->person[p].delta, sim_show(text));
}

void judge_own_answer(struct sim *s, int p, const struct hg_answer *a)
{
	for (size_t i = 0; i < a->nfrags && !s->failed; i++)
		judge_own(s, p, a->frag[i]->part, a->frag[i]->bytes);
}

/* The number of the container of the blocked. */
void judge_ace_answer(struct sim *s, int p, const struct hg_answer *a)
{
	sim_comparisons[DURABILITY]++;
	if (a->delta != s->person[p].level_version[LEVELS - 1])
		sim_bad(s, DURABILITY,
			"%s let somebody in or blocked him\n  expected %u\n  seen     %u",
			s->name[p], s->person[p].level_version[LEVELS - 1], a->delta);
}

/* Who acts in another's name is shown nothing of him; a server that does knows no versions, and reads no categories. */
void judge_nothing_shown(struct sim *s, const struct item *i, const struct hg_answer *a)
{
	sim_comparisons[PRIVACY]++;
	if (a->nfrags)
		sim_bad(s, PRIVACY, "%s acts in the name of %s, and is shown: %s",
			i->req.route ? "a server" : s->name[model_asker(&i->req)],
			s->name[i->req.person], sim_show(a->frag[0]->bytes));
}
