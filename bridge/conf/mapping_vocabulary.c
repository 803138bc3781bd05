/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/mapping_vocabulary.h"

#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 127 };

static const struct hg_schema fields = { (const struct hg_key[]){
	{ .name = HG_KEY_ANY,
		.kind = HG_KEY_LIST,
		.required = true,
		.help = "text, time, a range such as -128..127, or a list of words" },
	{ 0 },
} };

static const struct hg_schema vocabulary = { (const struct hg_key[]){
	{ .name = "name",
		.kind = HG_KEY_STRING,
		.required = true,
		.help = "the same as the file's" },
	{ .name = "fields",
		.kind = HG_KEY_MAP,
		.sub = &fields,
		.help = "what may be said in it, if no adapter says so" },
	{ 0 },
} };

const struct hg_key vocabulary_key = { .name = "vocabulary",
	.kind = HG_KEY_MAP,
	.required = true,
	.sub = &vocabulary,
	.alone = "name",
	.help = "vocabulary: NAME, the same as the file's" };

/* ---- one field ---- */

static bool read_range(struct hg_str s, struct hg_field_def *ret)
{
	const char *dots = memmem(s.p, s.n, "..", 2);
	int64_t low, high;

	if (!dots || !hg_str_i64((struct hg_str){ s.p, (size_t)(dots - s.p) }, &low) ||
		!hg_str_i64(hg_str(dots + 2), &high))
		return false;
	ret->kind = HG_FIELD_INTEGER;
	ret->min = (int)low;
	ret->max = (int)high;
	return low <= high && low >= INT16_MIN && high <= INT16_MAX;
}

static bool is_twice(const struct hg_conf *list, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (hg_str_eq(hg_conf_text(hg_conf_at(list, i)), hg_conf_text(hg_conf_at(list, k))))
			return true;
	return false;
}

static bool read_words(const struct hg_conf *list, struct hg_field_def *ret, struct hg_errs *errs)
{
	size_t n = hg_conf_count(list);
	char **words;
	bool ok = n <= WORDS_MAX;

	if (!ok)
		hg_conf_fault(errs, list, "make two fields of it", "%zu words; %d are the most", n,
			WORDS_MAX);
	for (size_t i = 0; ok && i < n; i++)
		if (is_twice(list, i)) {
			hg_conf_fault(errs, hg_conf_at(list, i), "let every word stand there once",
				"'%.60s' stands there already",
				hg_conf_text(hg_conf_at(list, i)).p);
			ok = false;
		}
	words = hg_alloc(((ok ? n : 0) + 1) * sizeof(*words));
	for (size_t i = 0; ok && i < n; i++)
		words[i] = hg_str_dup(hg_conf_text(hg_conf_at(list, i)));
	ret->kind = HG_FIELD_TOKEN;
	ret->tokens = (const char *const *)words;
	return ok;
}

static bool read_field(const struct hg_conf *list, struct hg_field_def *ret, struct hg_errs *errs)
{
	struct hg_str only = hg_conf_count(list) == 1 ? hg_conf_text(hg_conf_at(list, 0))
						      : HG_STR_NONE;

	if (hg_str_is(only, "text"))
		ret->kind = HG_FIELD_TEXT;
	else if (hg_str_is(only, "time"))
		ret->kind = HG_FIELD_TIME;
	else if (!only.n || !memmem(only.p, only.n, "..", 2))
		return read_words(list, ret, errs);
	else if (!read_range(only, ret)) {
		hg_conf_fault(errs, list, "like -128..127", "'%.60s' is no range", only.p);
		return false;
	}
	return true;
}

/* ---- all of it ---- */

static bool read_fields(const struct hg_conf *map, struct hg_vocabulary *v, struct hg_errs *errs)
{
	struct hg_field_def *def = hg_alloc(HG_FIELDS_MAX * sizeof(*def));
	bool ok = true;

	v->field = def;
	for (size_t i = 0; hg_conf_key(map, i); i++) {
		const struct hg_conf *list = hg_conf_get(map, hg_conf_key(map, i));

		if (v->nfields == HG_FIELDS_MAX) {
			hg_conf_fault(
				errs, list, "leave some out", "more than %d fields", HG_FIELDS_MAX);
			return false;
		}
		def[v->nfields].name = hg_str_dup(hg_str(hg_conf_key(map, i)));
		ok &= read_field(list, &def[v->nfields++], errs);
	}
	if (!v->nfields)
		hg_conf_fault(errs, map, "like fields: { state: [on, off], note: text }",
			"a vocabulary without fields");
	return ok && v->nfields;
}

struct hg_vocabulary *vocabulary_read(struct hg_conf *root, struct hg_errs *errs)
{
	const struct hg_conf *said = hg_conf_peek(root, &vocabulary_key);
	const struct hg_conf *map = hg_conf_get(said, "fields");
	struct hg_vocabulary *v;

	if (!map)
		return NULL;
	v = hg_alloc(sizeof(*v));
	v->name = hg_str_dup(hg_conf_str(said, "name"));
	if (read_fields(map, v, errs))
		return v;
	vocabulary_free(v);
	return NULL;
}

void vocabulary_free(struct hg_vocabulary *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->nfields; i++) {
		for (size_t k = 0; v->field[i].tokens && v->field[i].tokens[k]; k++)
			free((void *)v->field[i].tokens[k]);
		free((void *)v->field[i].tokens);
		free((void *)v->field[i].name);
	}
	free((void *)v->field);
	free((void *)v->name);
	free(v);
}
