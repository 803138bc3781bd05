/* SPDX-License-Identifier: Apache-2.0 */
/* A tree against its schema: every fault is listed, what has a default is put in. */
#include "bridge/conf/tree.h"
#include "bridge/mapping/suggest.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool conf_key_find(const struct hg_schema *schema, const char *name, struct hg_key *ret)
{
	const struct hg_key *key = schema->key;

	while (key->name && strcmp(key->name, name) != 0 && strcmp(key->name, HG_KEY_ANY) != 0)
		key++;
	if (!key->name)
		return false;
	*ret = *key;
	ret->name = name;
	return true;
}

static void fault_unknown(const struct hg_conf *map, const struct conf_entry *entry,
	const struct hg_schema *schema, struct hg_errs *errs)
{
	const char *names[64];
	char hint[HG_SUGGESTION];
	size_t n = 0;

	for (const struct hg_key *key = schema->key; key->name && n < 64; key++)
		names[n++] = key->name;
	hg_suggest(hg_str(entry->key), names, n, hint);
	conf_fault_at(errs, map->file, entry->line, hint, "unknown key '%.60s'", entry->key);
}

static void fault_missing(const struct hg_conf *map, const struct hg_key *key, struct hg_errs *errs)
{
	char hint[320];

	snprintf(hint, sizeof(hint), "add it%s%s", key->help ? ": " : "",
		key->help ? key->help : "");
	conf_fault_at(errs, map->file, map->line, hint, "'%s' is missing", key->name);
}

static const char *example_of(const struct hg_schema *schema)
{
	const char *first = schema->key[0].name;

	return first && strcmp(first, HG_KEY_ANY) != 0 ? first : "KEY";
}

static void fault_shape(const struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	char hint[200];

	if (key->kind == HG_KEY_MAP && key->alone) {
		snprintf(hint, sizeof(hint), "like %s: VALUE, or %s: { %s: VALUE }", key->name,
			key->name, key->alone);
		hg_conf_fault(
			errs, node, hint, "'%s' takes one value, or keys of its own", key->name);
	} else if (key->kind == HG_KEY_MAP) {
		snprintf(hint, sizeof(hint), "like %s: { %s: ... }", key->name,
			example_of(key->sub));
		hg_conf_fault(errs, node, hint, "'%s' takes keys of its own", key->name);
	} else if (key->kind == HG_KEY_LIST && key->sub) {
		snprintf(hint, sizeof(hint), "begin each item with '- ', like - %s: ...",
			example_of(key->sub));
		hg_conf_fault(errs, node, hint, "'%s' takes a list of items with keys of their own",
			key->name);
	} else if (key->kind == HG_KEY_LIST) {
		snprintf(hint, sizeof(hint), "like %s: [one, another]", key->name);
		hg_conf_fault(errs, node, hint, "'%s' takes a list of words", key->name);
	} else {
		snprintf(hint, sizeof(hint), "like %s: VALUE", key->name);
		hg_conf_fault(errs, node, hint, "'%s' takes one value", key->name);
	}
}

static void fault_empty(const struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	hg_conf_fault(errs, node, "write one, or remove the key", "'%s' has no value", key->name);
}

/* ---- lists ---- */

/* A single word stands for a list of one. */
static void wrap(struct hg_conf *node)
{
	struct hg_conf *item = conf_node(node->file, CONF_SCALAR, node->line);

	item->text = node->text;
	node->text = NULL;
	node->shape = CONF_LIST;
	conf_add_take(node, NULL, node->line, item);
}

/* A single value stands for a map that has it under one key. */
static void wrap_as(struct hg_conf *node, const char *key)
{
	struct hg_conf *item = conf_node(node->file, CONF_SCALAR, node->line);

	item->text = node->text;
	node->text = NULL;
	node->shape = CONF_MAP;
	conf_add_take(node, key, node->line, item);
}

static bool check_item(struct hg_conf *item, const struct hg_key *key, struct hg_errs *errs)
{
	if (item->unread)
		return false;
	if (item->shape != (key->sub ? CONF_MAP : CONF_SCALAR))
		fault_shape(item, key, errs);
	else if (key->sub)
		return conf_check(item, key->sub, errs);
	else if (item->text[0])
		return true;
	else
		fault_empty(item, key, errs);
	item->faulty = true;
	return false;
}

static bool check_list(struct hg_conf *list, const struct hg_key *key, struct hg_errs *errs)
{
	bool ok = list->n || !key->required;

	if (!ok)
		hg_conf_fault(errs, list, key->help, "'%s' is empty", key->name);
	for (size_t i = 0; i < list->n; i++)
		ok &= check_item(list->entry[i].value, key, errs);
	return ok;
}

/* ---- any value ---- */

/* A value of the right shape. */
static bool check_content(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	if (node->shape == CONF_MAP)
		return conf_check(node, key->sub, errs);
	if (node->shape == CONF_LIST)
		return check_list(node, key, errs);
	if (!node->empty)
		return conf_check_scalar(node, key, errs);
	fault_empty(node, key, errs);
	return false;
}

static bool check_value(struct hg_conf *node, const struct hg_key *key, struct hg_errs *errs)
{
	enum conf_shape shape = key->kind == HG_KEY_MAP ? CONF_MAP
		: key->kind == HG_KEY_LIST              ? CONF_LIST
							: CONF_SCALAR;
	bool ok = false;

	if (node->unread)
		return false;
	if (node->passed)
		return true;
	if (node->empty) /* "listen:" and all its items commented out */
		node->shape = shape;
	else if (shape == CONF_LIST && !key->sub && node->shape == CONF_SCALAR)
		wrap(node);
	else if (shape == CONF_MAP && key->alone && node->shape == CONF_SCALAR)
		wrap_as(node, key->alone);
	if (node->shape == shape)
		ok = check_content(node, key, errs);
	else
		fault_shape(node, key, errs);
	node->faulty |= !ok;
	return ok;
}

/* Puts in what the file leaves open. Of a map, any default means: as if it were there and empty. */
static void add_default(struct hg_conf *map, const struct hg_key *key)
{
	bool is_map = key->kind == HG_KEY_MAP;
	struct hg_conf *node = conf_node(map->file, is_map ? CONF_MAP : CONF_SCALAR, map->line);
	struct hg_errs errs = { 0 };

	node->dflt = true;
	if (!is_map)
		node->text = hg_str_dup(hg_str(key->dflt));
	check_value(node, key, &errs);
	assert(!errs.n); /* a schema's own defaults are good */
	hg_errs_done(&errs);
	conf_add_take(map, key->name, map->line, node);
}

const struct hg_conf *hg_conf_peek(struct hg_conf *map, const struct hg_key *key)
{
	const struct conf_entry *entry = conf_find(map, key->name);
	struct hg_errs errs = { 0 };
	bool ok = entry && check_value(entry->value, key, &errs);

	hg_errs_done(&errs);
	return ok ? entry->value : NULL;
}

void hg_conf_pass(struct hg_conf *map, const char *key)
{
	const struct conf_entry *entry = conf_find(map, key);

	if (entry)
		entry->value->passed = true;
}

bool conf_check(struct hg_conf *map, const struct hg_schema *schema, struct hg_errs *errs)
{
	bool ok = true;

	for (size_t i = 0; i < map->n; i++) {
		struct hg_key key;

		if (conf_key_find(schema, map->entry[i].key, &key)) {
			ok &= check_value(map->entry[i].value, &key, errs);
			continue;
		}
		fault_unknown(map, &map->entry[i], schema, errs);
		ok = false;
	}
	for (const struct hg_key *key = schema->key; key->name; key++) {
		if (conf_find(map, key->name) || strcmp(key->name, HG_KEY_ANY) == 0)
			continue;
		if (key->required) {
			fault_missing(map, key, errs);
			ok = false;
		} else if (key->dflt) {
			add_default(map, key);
		}
	}
	map->faulty |= !ok;
	return !map->faulty;
}
