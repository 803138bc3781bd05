/* SPDX-License-Identifier: Apache-2.0 */
/* The activities that can be told apart: the standard ones, and those that the rules of a table know. */
#include "bridge/mapping/internal.h"

static void add(struct hg_activities *all, const char *token)
{
	if (token && token[0] && !hg_activities_find(all, hg_str(token)))
		all->token[all->n++] = token;
}

struct hg_activities hg_table_activities(const struct hg_table *t)
{
	struct hg_activities all = { 0 };
	size_t standard = 0;

	while (hg_token_standard(standard))
		standard++;
	all.token = hg_alloc((standard + t->index.activity.n + t->nrows) * sizeof(*all.token));
	for (size_t i = 0; i < standard; i++)
		add(&all, hg_token_standard(i));
	for (size_t i = 0; i < t->index.activity.n; i++)
		add(&all, t->index.token[i]);
	for (size_t i = 0; i < t->nrows; i++)
		add(&all, t->row[i].token);
	return all;
}

const char *hg_activities_find(const struct hg_activities *all, struct hg_str token)
{
	for (size_t i = 0; i < all->n; i++)
		if (hg_str_ieq(hg_str(all->token[i]), token))
			return all->token[i];
	return NULL;
}
