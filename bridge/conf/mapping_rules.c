/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/mapping_rules.h"

#include "bridge/conf/mapping_vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what may stand in such a file ---- */

static const struct hg_schema column = { (const struct hg_key[]){
	{ .name = "carries",
		.kind = HG_KEY_ENUM,
		.values = (const char *const[]){ "note", "priority", "idle", "show", "words", NULL },
		.help = "what the field holds whichever rule matches" },
	{ .name = "write",
		.kind = HG_KEY_STRING,
		.help = "what is written into it if no rule says" },
	{ 0 },
} };

/* In the order of enum hg_direction. */
static const char *const directions[] = { "both", "in", "out", NULL };

static const char *const states[] = { "machine", "user", "phone", "calendar", "none", NULL };

/* A rule without a name is a fault that the table finds. */
static void make_rules(struct mapping_schemas *s)
{
	static const struct hg_key named[] = {
		{ .name = "name", .kind = HG_KEY_STRING },
		{ .name = "direction", .kind = HG_KEY_ENUM, .values = directions, .dflt = "both" },
	};
	static const struct hg_key placed[] = {
		{ .name = "before", .kind = HG_KEY_STRING },
		{ .name = "after", .kind = HG_KEY_STRING },
	};
	struct hg_key *k = s->rule_key;

	/* those of a site's file first: the table's own begin behind them */
	memcpy(k, placed, sizeof(placed));
	k += sizeof(placed) / sizeof(placed[0]);
	s->rule.key = k;
	s->site_rule.key = s->rule_key;
	memcpy(k, named, sizeof(named));
	k += sizeof(named) / sizeof(named[0]);
	*k++ = (struct hg_key){ .name = "native", .kind = HG_KEY_MAP, .sub = &s->native };
	*k++ = (struct hg_key){ .name = "canonical", .kind = HG_KEY_MAP, .sub = &s->canonical };
	*k++ = (struct hg_key){ .name = "write", .kind = HG_KEY_MAP, .sub = &s->write };
	*k++ = (struct hg_key){ .name = "languages", .kind = HG_KEY_MAP, .sub = &s->languages };
}

static const struct hg_schema people = { (const struct hg_key[]){
	{ .name = "domains", .kind = HG_KEY_LIST, .help = "like [corp.example]" },
	{ .name = "people", .kind = HG_KEY_LIST, .help = "like [alice@corp.example]" },
	{ .name = "groups", .kind = HG_KEY_LIST, .help = "names of groups: in heliograph.yaml" },
	{ 0 },
} };

static void make_tops(struct mapping_schemas *s)
{
	s->top_key[0] = vocabulary_key;
	s->top_key[1] = (struct hg_key){ .name = "fields", .kind = HG_KEY_MAP, .sub = &s->columns };
	s->top_key[2] = (struct hg_key){ .name = "rules",
		.kind = HG_KEY_LIST,
		.required = true,
		.sub = &s->rule,
		.help = "rules: and a list of rules" };
	s->top.key = s->top_key;
	s->site_key[0] = (struct hg_key){ .name = "table",
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "table: NAME, of the table that it changes" };
	s->site_key[1] = (struct hg_key){ .name = "for", .kind = HG_KEY_MAP, .sub = &people };
	s->site_key[2] = (struct hg_key){ .name = "remove", .kind = HG_KEY_LIST };
	s->site_key[3] = (struct hg_key){
		.name = "rules", .kind = HG_KEY_LIST, .sub = &s->site_rule
	};
	s->site.key = s->site_key;
}

void mapping_schemas_make(const struct hg_vocabulary *v, struct mapping_schemas *ret)
{
	*ret = (struct mapping_schemas){ 0 };
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
	ret->language_key[0] = (struct hg_key){
		.name = HG_KEY_ANY, .kind = HG_KEY_MAP, .sub = &ret->write
	};
	ret->languages.key = ret->language_key;
	make_rules(ret);
	make_tops(ret);
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

/* Under each language what is written in it. */
static void fill_wordings(const struct hg_conf *languages, const struct hg_schema *write,
	struct hg_wording ret[HG_WORDINGS_MAX], struct hg_errs *errs)
{
	size_t n = 0;

	for (size_t i = 0; languages && i < languages->n; i++)
		for (const struct hg_key *key = write->key; key->name; key++) {
			const struct hg_conf *map = languages->entry[i].value;
			const struct hg_conf *value = hg_conf_faulty(map)
				? NULL
				: hg_conf_get(map, key->name);

			if (!value || hg_conf_faulty(value) || !value->text)
				continue;
			if (n == HG_WORDINGS_MAX) {
				hg_conf_fault(errs, value, "leave some of them out",
					"more than %d texts in languages", HG_WORDINGS_MAX);
				return;
			}
			ret[n++] = (struct hg_wording){ languages->entry[i].key, key->name,
				value->text, hg_conf_line(value) };
		}
}

void mapping_fill_rule(const struct hg_conf *item, const struct mapping_schemas *schemas,
	struct hg_rule *ret, struct hg_errs *errs)
{
	ret->name = hg_conf_str(item, "name").p;
	ret->file = item->file->name;
	ret->line = hg_conf_line(item);
	ret->faulty = hg_conf_faulty(item);
	ret->direction = (enum hg_direction)hg_conf_int(item, "direction");
	fill_terms(hg_conf_get(item, "native"), &schemas->native, ret->native, errs);
	fill_terms(hg_conf_get(item, "write"), &schemas->write, ret->write, errs);
	fill_wordings(hg_conf_get(item, "languages"), &schemas->write, ret->wording, errs);
	fill_terms(hg_conf_get(item, "canonical"), &schemas->canonical, ret->canonical, errs);
}

size_t mapping_fill_columns(const struct hg_conf *map, const struct hg_vocabulary *v,
	struct hg_binding ret[HG_FIELDS_MAX])
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

void mapping_name_rules(const struct hg_conf *rules, struct hg_errs *errs, size_t first)
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
