/* SPDX-License-Identifier: Apache-2.0 */
/* A mapping table: its schema is made of the vocabulary, so that fields are keys like any other. */
#include "bridge/conf/mapping_file.h"

#include "bridge/conf/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what may stand in such a file ---- */

static const struct hg_schema column = { (const struct hg_key[]){
	{ .name = "carries",
		.kind = HG_KEY_ENUM,
		.values = (const char *const[]){ "note", "priority", "idle", NULL },
		.help = "what the field holds whichever rule matches" },
	{ .name = "write",
		.kind = HG_KEY_STRING,
		.help = "what is written into it if no rule says" },
	{ 0 },
} };

struct schemas {
	struct hg_key column_key[HG_FIELDS_MAX + 1], native_key[HG_FIELDS_MAX + 1],
		write_key[HG_FIELDS_MAX + 1], canonical_key[HG_CANONICAL_MAX + 1];
	struct hg_schema columns, native, write, canonical;
	struct hg_key rule_key[6], top_key[4];
	struct hg_schema rule, top;
};

/* In the order of enum hg_direction. */
static const char *const directions[] = { "both", "in", "out", NULL };

static const char *const states[] = { "machine", "user", "phone", "calendar", "none", NULL };

static void make_schemas(const struct hg_vocabulary *v, struct schemas *ret)
{
	*ret = (struct schemas){ 0 };
	for (size_t i = 0; i < v->nfields; i++) {
		const char *name = v->field[i].name;

		ret->column_key[i] = (struct hg_key){
			.name = name, .kind = HG_KEY_MAP, .sub = &column
		};
		ret->native_key[i] = (struct hg_key){ .name = name, .kind = HG_KEY_LIST };
		ret->write_key[i] = (struct hg_key){ .name = name, .kind = HG_KEY_STRING };
	}
	for (size_t i = 0; i < HG_CANONICAL_MAX; i++)
		ret->canonical_key[i] = (struct hg_key){ .name = hg_canonical_keys[i],
			.kind = i ? HG_KEY_LIST : HG_KEY_ENUM };
	ret->canonical_key[0].values = states;
	ret->canonical.key = ret->canonical_key;
	ret->columns.key = ret->column_key;
	ret->native.key = ret->native_key;
	ret->write.key = ret->write_key;
	/* a rule without a name is a fault that the table finds */
	ret->rule_key[0] = (struct hg_key){ .name = "name", .kind = HG_KEY_STRING };
	ret->rule_key[1] = (struct hg_key){
		.name = "direction", .kind = HG_KEY_ENUM, .values = directions, .dflt = "both"
	};
	ret->rule_key[2] = (struct hg_key){
		.name = "native", .kind = HG_KEY_MAP, .sub = &ret->native
	};
	ret->rule_key[3] = (struct hg_key){
		.name = "canonical", .kind = HG_KEY_MAP, .sub = &ret->canonical
	};
	ret->rule_key[4] = (struct hg_key){
		.name = "write", .kind = HG_KEY_MAP, .sub = &ret->write
	};
	ret->rule.key = ret->rule_key;
	ret->top_key[0] = (struct hg_key){ .name = "vocabulary",
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "vocabulary: NAME, the same as the file's" };
	ret->top_key[1] = (struct hg_key){
		.name = "fields", .kind = HG_KEY_MAP, .sub = &ret->columns
	};
	ret->top_key[2] = (struct hg_key){ .name = "rules",
		.kind = HG_KEY_LIST,
		.required = true,
		.sub = &ret->rule,
		.help = "rules: and a list of rules" };
	ret->top.key = ret->top_key;
}

/* ---- from the tree to rules ---- */

static void fill_term(const struct hg_conf *value, struct hg_term *ret, struct hg_errs *errs)
{
	size_t n = hg_conf_count(value);

	ret->line = hg_conf_line(value);
	if (n > HG_TERM_VALUES) {
		hg_conf_fault(errs, value, "make two rules of it", "%zu values; %d are the most", n,
			HG_TERM_VALUES);
		n = HG_TERM_VALUES;
	}
	for (size_t i = 0; i < n; i++)
		ret->value[i] = hg_conf_text(hg_conf_at(value, i)).p;
	if (value->shape == CONF_SCALAR)
		ret->value[0] = value->text;
}

/* What a map says under the keys of its schema, as far as it is good. */
static void fill_terms(const struct hg_conf *map, const struct hg_schema *schema,
	struct hg_term *ret, struct hg_errs *errs)
{
	size_t n = 0;

	for (const struct hg_key *key = schema->key; key->name; key++) {
		const struct hg_conf *value = hg_conf_get(map, key->name);

		if (hg_conf_faulty(value))
			continue;
		ret[n].key = key->name;
		fill_term(value, &ret[n++], errs);
	}
}

static void fill_rule(const struct hg_conf *item, const struct schemas *schemas,
	struct hg_rule *ret, struct hg_errs *errs)
{
	ret->name = hg_conf_str(item, "name").p;
	ret->line = hg_conf_line(item);
	ret->faulty = hg_conf_faulty(item);
	ret->direction = (enum hg_direction)hg_conf_int(item, "direction");
	fill_terms(hg_conf_get(item, "native"), &schemas->native, ret->native, errs);
	fill_terms(hg_conf_get(item, "write"), &schemas->write, ret->write, errs);
	fill_terms(hg_conf_get(item, "canonical"), &schemas->canonical, ret->canonical, errs);
}

static size_t fill_columns(
	const struct hg_conf *map, const struct hg_vocabulary *v, struct hg_binding *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < v->nfields; i++) {
		const struct hg_conf *value = hg_conf_get(map, v->field[i].name);

		if (hg_conf_faulty(value))
			continue;
		ret[n++] = (struct hg_binding){ .field = v->field[i].name,
			.carries = hg_conf_str(value, "carries").p,
			.write = hg_conf_str(value, "write").p,
			.line = hg_conf_line(value) };
	}
	return n;
}

/* ---- whose fault it is ---- */

static int last_line(const struct hg_conf *node)
{
	int last = node->line;

	for (size_t i = 0; i < node->n; i++) {
		int line = last_line(node->entry[i].value);

		if (line > last)
			last = line;
	}
	return last;
}

/* What the reader found knows no rules: their names are put in front. */
static void name_rules(const struct hg_conf *rules, struct hg_errs *errs, size_t first)
{
	for (size_t i = 0; i < hg_conf_count(rules); i++) {
		const struct hg_conf *item = hg_conf_at(rules, i);
		const char *name = hg_conf_str(item, "name").p;

		for (size_t e = first; name && e < errs->n; e++) {
			struct hg_err *err = &errs->e[e];
			const char *colon = strrchr(err->where, ':');
			int line = colon ? atoi(colon + 1) : 0;

			if (line >= item->line && line <= last_line(item) &&
				strncmp(err->what, "rule '", 6) != 0)
				hg_err_set(err, 0, err->where, err->hint, "rule '%.100s': %s", name,
					err->what);
		}
	}
}

/* ---- the whole ---- */

static struct hg_table *compile(const struct hg_conf *root, const struct hg_vocabulary *v,
	const struct schemas *schemas, struct hg_errs *errs)
{
	const struct hg_conf *rules = hg_conf_get(root, "rules");
	size_t n = hg_conf_count(rules);
	size_t room = n <= HG_RULES_MAX ? n : HG_RULES_MAX + 1; /* further ones are not looked at */
	struct hg_rule *rule = hg_alloc(room * sizeof(*rule));
	struct hg_binding binding[HG_FIELDS_MAX];
	struct hg_table_source source = { .vocabulary = v,
		.file = root->file->name,
		.binding = binding,
		.rule = rule,
		.nrules = n,
		.faulty = hg_conf_faulty(root) };
	struct hg_table *table;

	source.nbindings = fill_columns(hg_conf_get(root, "fields"), v, binding);
	for (size_t i = 0; i < room; i++)
		fill_rule(hg_conf_at(rules, i), schemas, &rule[i], errs);
	table = hg_table_new(&source, errs);
	free(rule);
	return table;
}

/* `rc`: how reading went. */
static int finish(int rc, struct hg_conf *root, const struct hg_vocabulary *v,
	const struct schemas *schemas, struct hg_table **ret, struct hg_errs *errs, size_t first)
{
	const struct hg_conf *name = hg_conf_get(root, "vocabulary");

	*ret = NULL;
	if (!root)
		return rc;
	name_rules(hg_conf_get(root, "rules"), errs, first);
	if (!hg_conf_faulty(name) && !hg_str_is(hg_conf_text(name), v->name)) {
		hg_conf_fault(errs, name, "is it the right file?",
			"this is no table for vocabulary '%s'", v->name);
		rc = -EINVAL;
	}
	*ret = compile(root, v, schemas, errs);
	hg_conf_sort(errs, first);
	hg_conf_free(root);
	if (rc == 0 && *ret)
		return 0;
	hg_table_free(*ret);
	*ret = NULL;
	return -EINVAL;
}

int hg_mapping_load(const char *path, const struct hg_vocabulary *v, struct hg_table **ret,
	struct hg_errs *errs)
{
	struct schemas schemas;
	struct hg_conf *root;
	size_t first = errs->n;

	make_schemas(v, &schemas);
	int rc = hg_conf_read(path, &schemas.top, &root, errs);
	return finish(rc, root, v, &schemas, ret, errs, first);
}

int hg_mapping_load_text(const char *name, struct hg_str text, const struct hg_vocabulary *v,
	struct hg_table **ret, struct hg_errs *errs)
{
	struct schemas schemas;
	struct hg_conf *root;
	size_t first = errs->n;

	make_schemas(v, &schemas);
	int rc = hg_conf_read_text(name, text, &schemas.top, &root, errs);
	return finish(rc, root, v, &schemas, ret, errs, first);
}
