/* SPDX-License-Identifier: Apache-2.0 */
/* From files to tables: one for everybody, and one for each set of a site's files that is for some people alone. */
#include "bridge/conf/mapping_site.h"
#include "bridge/conf/mapping_vocabulary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loading {
	const struct hg_vocabulary *vocabulary;
	const struct hg_conf *root; /* of the table's own file */
	struct hg_site_files *site;
	struct mapping_schemas schemas;
	uint32_t files;                       /* of the site, that are for this table */
	uint32_t made[HG_SITE_FILES_MAX * 8]; /* of each table, by which of them */
	struct hg_tables *tables;
	struct hg_errs *errs;
};

/* ---- one table ---- */

static void add_rules(struct loading *l, struct rule_list *ret)
{
	const struct hg_conf *rules = hg_conf_get(l->root, "rules");

	/* what is too many is not looked at */
	for (size_t i = 0; i < hg_conf_count(rules) && i <= HG_RULES_MAX; i++) {
		hg_grow(&ret->v, &ret->cap, ret->n, sizeof(*ret->v));
		ret->v[ret->n] = (struct hg_rule){ 0 };
		mapping_fill_rule(hg_conf_at(rules, i), &l->schemas, &ret->v[ret->n++], l->errs);
	}
}

/* "mappings/xmpp.yaml with a.yaml, b.yaml" */
static char *name_of(const struct loading *l, uint32_t files)
{
	const char *between = " with ";
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, l->root->file->name);
	for (size_t i = 0; files >> i; i++) {
		if (!(files >> i & 1))
			continue;
		hg_buf_addf(&b, "%s%s", between, l->site->v[i].root->file->name);
		between = ", ";
	}
	return b.p;
}

static struct hg_table *compile(struct loading *l, uint32_t files)
{
	struct hg_binding binding[HG_FIELDS_MAX];
	struct rule_list rules = { 0 };
	char *name = name_of(l, files);
	struct hg_table_source source = { .vocabulary = l->vocabulary,
		.file = name,
		.binding = binding,
		.faulty = hg_conf_faulty(l->root) };
	struct hg_table *t;

	add_rules(l, &rules);
	for (size_t i = 0; files >> i; i++)
		if (files >> i & 1 && !site_file_edit(&l->site->v[i], &l->schemas, &rules, l->errs))
			source.faulty = true;
	source.rule = rules.v;
	source.nrules = rules.n;
	source.nbindings = mapping_fill_columns(
		hg_conf_get(l->root, "fields"), l->vocabulary, binding);
	t = hg_table_new(&source, l->errs);
	free(rules.v);
	free(name);
	return t;
}

/* ---- all of them ---- */

/* What is wrong with a rule is wrong with it in each table that it is in. */
static void drop_repeated(struct hg_errs *errs, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < errs->n; i++) {
		size_t k = first;

		while (k < kept &&
			(strcmp(errs->e[k].where, errs->e[i].where) != 0 ||
				strcmp(errs->e[k].what, errs->e[i].what) != 0))
			k++;
		if (k == kept)
			errs->e[kept++] = errs->e[i];
	}
	errs->n = kept;
}

/* The table of these files; its index, or -1. */
static int table_for(struct loading *l, uint32_t files)
{
	struct hg_tables *t = l->tables;
	size_t cap = t->n;
	size_t i = 0;

	while (i < t->n && l->made[i] != files)
		i++;
	if (i < t->n)
		return (int)i;
	if (i == sizeof(l->made) / sizeof(l->made[0])) {
		hg_err_set(hg_errs_add(l->errs), -E2BIG, l->root->file->name,
			"name the same people in fewer files",
			"the site's files make more than %zu tables of it", i);
		return -1;
	}
	hg_grow(&t->v, &cap, t->n, sizeof(*t->v));
	t->v[t->n] = compile(l, files);
	if (!t->v[t->n])
		return -1;
	l->made[t->n] = files;
	return (int)t->n++;
}

static int add_person(struct loading *l, const char *who)
{
	struct hg_tables *t = l->tables;
	uint32_t general = site_files_general(l->site, l->files);
	int table = table_for(l, general | site_files_for(l->site, l->files, who));
	size_t cap = t->nof;

	if (table < 0)
		return -EINVAL;
	for (size_t i = 0; i < t->nof; i++)
		if (strcmp(t->of[i].who, who) == 0)
			return 0;
	hg_grow(&t->of, &cap, t->nof, sizeof(*t->of));
	t->of[t->nof++] = (struct hg_table_of){ hg_str_dup(hg_str(who)), (size_t)table };
	return 0;
}

/* Takes the one that no site's file has a part in. */
static int make_all(struct loading *l, struct hg_table *take)
{
	size_t cap = 0;
	int rc;

	hg_grow(&l->tables->v, &cap, 0, sizeof(*l->tables->v));
	if (site_files_general(l->site, l->files))
		hg_table_free(take);
	else
		l->tables->v[l->tables->n++] = take;
	rc = table_for(l, site_files_general(l->site, l->files)) < 0 ? -EINVAL : 0;

	for (size_t i = 0; l->files >> i; i++)
		for (size_t k = 0; l->files >> i & 1 && k < l->site->v[i].nwho; k++)
			if (add_person(l, l->site->v[i].who[k]) < 0)
				rc = -EINVAL;
	return rc;
}

/* `rc`: how reading the table's own file went. Its faults are told alone: others may follow from them. */
static int finish(struct loading *l, int rc, struct hg_conf *root, size_t first)
{
	const struct hg_conf *name = hg_conf_get(hg_conf_get(root, "vocabulary"), "name");
	struct hg_table *alone;

	if (!root)
		return rc;
	l->root = root;
	mapping_name_rules(hg_conf_get(root, "rules"), l->errs, first);
	if (!hg_conf_faulty(name) && !hg_str_is(hg_conf_text(name), l->vocabulary->name))
		rc = hg_conf_fault(l->errs, name, "is it the right file?",
			"this is no table for vocabulary '%s'", l->vocabulary->name);
	alone = compile(l, 0);
	hg_conf_sort(l->errs, first);
	if (rc == 0 && alone)
		rc = site_files_take(l->site, l->vocabulary, &l->schemas, &l->files, l->errs);
	if (rc == 0 && alone)
		rc = make_all(l, alone);
	else
		hg_table_free(alone);
	rc = alone ? rc : -EINVAL;
	drop_repeated(l->errs, first);
	hg_conf_free(root);
	if (rc < 0)
		hg_tables_done(l->tables);
	return rc < 0 ? -EINVAL : 0;
}

static void begin(struct loading *l, const struct hg_vocabulary *v, struct hg_site_files *site,
	struct hg_tables *ret, struct hg_errs *errs)
{
	*ret = (struct hg_tables){ 0 };
	*l = (struct loading){ .vocabulary = v, .site = site, .tables = ret, .errs = errs };
	mapping_schemas_make(v, &l->schemas);
}

int hg_mapping_load(const char *path, const struct hg_vocabulary *v, struct hg_site_files *site,
	struct hg_tables *ret, struct hg_errs *errs)
{
	struct loading l;
	struct hg_conf *root;
	size_t first = errs->n;
	int rc;

	begin(&l, v, site, ret, errs);
	rc = hg_conf_read(path, &l.schemas.top, &root, errs);
	return finish(&l, rc, root, first);
}

int hg_mapping_load_own(
	const char *path, struct hg_site_files *site, struct hg_tables *ret, struct hg_errs *errs)
{
	struct loading l;
	struct hg_vocabulary *v;
	struct hg_conf *root;
	size_t first = errs->n;
	int rc = hg_conf_parse(path, &root, errs);

	*ret = (struct hg_tables){ 0 };
	if (!root)
		return rc;
	v = vocabulary_read(root, errs);
	if (!v) {
		hg_conf_free(root);
		return rc < 0 || errs->n > first ? -EINVAL : 1;
	}
	begin(&l, v, site, ret, errs);
	if (hg_conf_check(root, &l.schemas.top, errs) < 0)
		rc = -EINVAL;
	rc = finish(&l, rc, root, first);
	if (rc < 0)
		vocabulary_free(v);
	else
		ret->own = v;
	return rc;
}

int hg_mapping_load_text(const char *name, struct hg_str text, const struct hg_vocabulary *v,
	struct hg_site_files *site, struct hg_tables *ret, struct hg_errs *errs)
{
	struct loading l;
	struct hg_conf *root;
	size_t first = errs->n;
	int rc;

	begin(&l, v, site, ret, errs);
	rc = hg_conf_read_text(name, text, &l.schemas.top, &root, errs);
	return finish(&l, rc, root, first);
}

void hg_tables_done(struct hg_tables *t)
{
	for (size_t i = 0; i < t->n; i++)
		hg_table_free(t->v[i]);
	for (size_t i = 0; i < t->nof; i++)
		free(t->of[i].who);
	free(t->v);
	free(t->of);
	vocabulary_free(t->own);
	*t = (struct hg_tables){ 0 };
}

const struct hg_table *hg_tables_find(const struct hg_tables *t, const char *who)
{
	const char *at = strrchr(who, '@');
	const struct hg_table *found = t->v[0];

	for (size_t i = 0; i < t->nof; i++) {
		if (strcmp(t->of[i].who, who) == 0)
			return t->v[t->of[i].table];
		if (at && strcmp(t->of[i].who, at + 1) == 0)
			found = t->v[t->of[i].table];
	}
	return found;
}
