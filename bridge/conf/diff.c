/* SPDX-License-Identifier: Apache-2.0 */
/* What two configurations say differently. */

#include "bridge/conf/tree.h"

#include <stdio.h>
#include <string.h>

enum { PATH_TEXT = 256 };

/* As written; "60s" and "1m" are the same where the schema made numbers of them. */
static bool scalar_eq(const struct hg_conf *a, const struct hg_conf *b, const struct hg_key *key)
{
	switch (key ? key->kind : HG_KEY_STRING) {
	case HG_KEY_BOOL:
	case HG_KEY_INTEGER:
	case HG_KEY_DURATION:
	case HG_KEY_SIZE:
		return a->number == b->number;
	default:
		return strcmp(a->text ? a->text : "", b->text ? b->text : "") == 0;
	}
}

/* `s`: of the entries of a map, or of the maps in a list. */
static bool value_eq(const struct hg_conf *a, const struct hg_conf *b, const struct hg_key *key,
	const struct hg_schema *s)
{
	if (!a || !b)
		return a == b;
	if (a->shape != b->shape || a->n != b->n)
		return false;
	if (a->shape == CONF_SCALAR)
		return scalar_eq(a, b, key);
	for (size_t i = 0; i < a->n; i++) {
		const struct conf_entry *x = &a->entry[i];
		const struct conf_entry *y = x->key ? conf_find(b, x->key) : &b->entry[i];
		struct hg_key below;
		bool known = s && x->key && conf_key_find(s, x->key, &below);

		if (!y ||
			!value_eq(x->value, y->value, known ? &below : NULL,
				x->key ? known ? below.sub : NULL : s))
			return false;
	}
	return true;
}

/* A map whose names are for whoever writes the file to choose is one thing. */
static bool open_to_any(const struct hg_schema *s)
{
	struct hg_key key;

	return conf_key_find(s, HG_KEY_ANY, &key);
}

static void diff(const struct hg_conf *a, const struct hg_conf *b, const struct hg_schema *s,
	const char *above, void (*each)(void *arg, const char *path, const struct hg_key *),
	void *arg)
{
	char path[PATH_TEXT];

	for (const struct hg_key *k = s->key; k->name; k++) {
		const struct hg_conf *x = hg_conf_get(a, k->name), *y = hg_conf_get(b, k->name);

		snprintf(path, sizeof(path), "%s%s", above, k->name);
		if (x && y && k->kind == HG_KEY_MAP && k->sub && !open_to_any(k->sub)) {
			strncat(path, ".", sizeof(path) - strlen(path) - 1);
			diff(x, y, k->sub, path, each, arg);
		} else if (!value_eq(x, y, k, k->sub)) {
			each(arg, path, k);
		}
	}
}

void hg_conf_diff(const struct hg_conf *a, const struct hg_conf *b, const struct hg_schema *s,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg)
{
	diff(a, b, s, "", each, arg);
}
