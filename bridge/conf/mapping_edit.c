/* SPDX-License-Identifier: Apache-2.0 */
/* What a site's file does to the rules of a table: it replaces, adds and removes single ones. */
#include "bridge/conf/mapping_site.h"

#include "bridge/mapping/suggest.h"

#include <string.h>

static size_t find(const struct rule_list *l, const char *name)
{
	size_t i = 0;

	while (i < l->n && (!l->v[i].name || strcmp(l->v[i].name, name) != 0))
		i++;
	return i;
}

static void take_out(struct rule_list *l, size_t at)
{
	l->n--;
	memmove(l->v + at, l->v + at + 1, (l->n - at) * sizeof(*l->v));
}

static void put_in(struct rule_list *l, size_t at, const struct hg_rule *rule)
{
	hg_grow(&l->v, &l->cap, l->n, sizeof(*l->v));
	memmove(l->v + at + 1, l->v + at, (l->n - at) * sizeof(*l->v));
	l->v[at] = *rule;
	l->n++;
}

static bool fault_name(const struct rule_list *l, const struct hg_conf *value, struct hg_errs *errs)
{
	const char *names[HG_RULES_MAX];
	char hint[HG_SUGGESTION];
	size_t n = 0;

	for (size_t i = 0; i < l->n && n < HG_RULES_MAX; i++)
		if (l->v[i].name)
			names[n++] = l->v[i].name;
	hg_suggest(hg_conf_text(value), names, n, hint);
	hg_conf_fault(errs, value, hint, "there is no rule '%.100s'", hg_conf_text(value).p);
	return false;
}

/* Where the item says that it goes; false: there is no such place. The rule itself is not in the list. */
static bool place_of(
	const struct hg_conf *item, const struct rule_list *l, size_t *ret, struct hg_errs *errs)
{
	const struct hg_conf *before = hg_conf_get(item, "before"),
			     *after = hg_conf_get(item, "after");
	const struct hg_conf *value = before ? before : after;

	if (before && after) {
		hg_conf_fault(errs, after, "keep one of them", "it says both before and after");
		return false;
	}
	*ret = find(l, hg_conf_text(value).p);
	if (*ret == l->n)
		return fault_name(l, value, errs);
	*ret += after != NULL;
	return true;
}

/* With nothing said of the place, it stands where the one stood that it replaces. */
static bool add(const struct hg_conf *item, const struct hg_rule *rule, struct rule_list *l,
	struct hg_errs *errs)
{
	bool placed = hg_conf_has(item, "before") || hg_conf_has(item, "after");
	size_t at = rule->name ? find(l, rule->name) : l->n;
	bool there = at < l->n;

	if (!there && !placed) {
		hg_conf_fault(errs, item,
			"say before: NAME or after: NAME, or give it the name of the rule whose place it takes",
			"rule '%.100s': where does it go?", rule->name ? rule->name : "");
		return false;
	}
	if (there)
		take_out(l, at);
	if (placed && !place_of(item, l, &at, errs))
		return false;
	put_in(l, at, rule);
	return true;
}

static bool is_twice(const struct hg_conf *rules, size_t i, struct hg_errs *errs)
{
	struct hg_str name = hg_conf_str(hg_conf_at(rules, i), "name");

	for (size_t k = 0; k < i; k++) {
		if (!name.n || !hg_str_eq(hg_conf_str(hg_conf_at(rules, k), "name"), name))
			continue;
		hg_conf_fault(errs, hg_conf_at(rules, i), "give one of them another name",
			"rule '%.100s': there is a rule of that name already, in line %d", name.p,
			hg_conf_line(hg_conf_at(rules, k)));
		return true;
	}
	return false;
}

bool site_file_edit(const struct site_file *f, const struct mapping_schemas *schemas,
	struct rule_list *l, struct hg_errs *errs)
{
	const struct hg_conf *gone = hg_conf_get(f->root, "remove"),
			     *rules = hg_conf_get(f->root, "rules");
	bool ok = true;

	for (size_t i = 0; i < hg_conf_count(gone); i++) {
		size_t at = find(l, hg_conf_text(hg_conf_at(gone, i)).p);

		if (at < l->n)
			take_out(l, at);
		else
			ok = fault_name(l, hg_conf_at(gone, i), errs);
	}
	for (size_t i = 0; i < hg_conf_count(rules); i++) {
		struct hg_rule rule = { 0 };

		mapping_fill_rule(hg_conf_at(rules, i), schemas, &rule, errs);
		ok &= !is_twice(rules, i, errs) && add(hg_conf_at(rules, i), &rule, l, errs);
	}
	return ok;
}
