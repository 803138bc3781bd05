/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/conf/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hg_conf *conf_node(struct conf_file *file, enum conf_shape shape, int line)
{
	struct hg_conf *node = hg_alloc(sizeof(*node));

	node->shape = shape;
	node->line = line;
	node->file = file;
	return node;
}

void conf_add_take(struct hg_conf *to, const char *key, int line, struct hg_conf *value)
{
	hg_grow(&to->entry, &to->cap, to->n, sizeof(*to->entry));
	to->entry[to->n++] = (struct conf_entry){
		.key = key ? hg_str_dup(hg_str(key)) : NULL, .line = line, .value = value
	};
}

const struct conf_entry *conf_find(const struct hg_conf *map, const char *key)
{
	for (size_t i = 0; map && map->shape == CONF_MAP && i < map->n; i++) {
		if (strcmp(map->entry[i].key, key) == 0)
			return &map->entry[i];
	}
	return NULL;
}

void conf_node_free(struct hg_conf *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->n; i++) {
		free(node->entry[i].key);
		conf_node_free(node->entry[i].value);
	}
	free(node->entry);
	if (node->text)
		explicit_bzero(node->text, strlen(node->text)); /* it may be a secret */
	free(node->text);
	free(node);
}

static int fault(struct hg_errs *errs, const struct conf_file *file, int line, const char *hint,
	const char *fmt, va_list args)
{
	struct hg_err *err = hg_errs_add(errs);
	char where[sizeof(err->where)], what[2 * sizeof(err->what)]; /* hg_err_set cuts */

	snprintf(where, sizeof(where), "%.170s:%d", file->name, line);
	vsnprintf(what, sizeof(what), fmt, args);
	return hg_err_set(err, -EINVAL, where, hint, "%s", what);
}

int conf_fault_at(struct hg_errs *errs, const struct conf_file *file, int line, const char *hint,
	const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fault(errs, file, line, hint, fmt, args);
	va_end(args);
	return -EINVAL;
}

int hg_conf_fault(
	struct hg_errs *errs, const struct hg_conf *value, const char *hint, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fault(errs, value->file, value->line, hint, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* ---- <heliograph/conf.h> ---- */

bool hg_conf_has(const struct hg_conf *map, const char *key)
{
	return conf_find(map, key) != NULL;
}

bool hg_conf_said(const struct hg_conf *map, const char *key)
{
	const struct conf_entry *entry = conf_find(map, key);

	return entry && !entry->value->dflt;
}

const struct hg_conf *hg_conf_get(const struct hg_conf *map, const char *key)
{
	const struct conf_entry *entry = conf_find(map, key);

	return entry ? entry->value : NULL;
}

struct hg_str hg_conf_str(const struct hg_conf *map, const char *key)
{
	return hg_conf_text(hg_conf_get(map, key));
}

int64_t hg_conf_int(const struct hg_conf *map, const char *key)
{
	const struct hg_conf *value = hg_conf_get(map, key);

	return value ? value->number : 0;
}

bool hg_conf_bool(const struct hg_conf *map, const char *key)
{
	return hg_conf_int(map, key) != 0;
}

size_t hg_conf_count(const struct hg_conf *list)
{
	return list && list->shape == CONF_LIST ? list->n : 0;
}

const struct hg_conf *hg_conf_at(const struct hg_conf *list, size_t index)
{
	return index < hg_conf_count(list) ? list->entry[index].value : NULL;
}

const char *hg_conf_key(const struct hg_conf *map, size_t index)
{
	return map && map->shape == CONF_MAP && index < map->n ? map->entry[index].key : NULL;
}

struct hg_str hg_conf_text(const struct hg_conf *value)
{
	return value ? hg_str(value->text) : HG_STR_NONE;
}

bool hg_conf_faulty(const struct hg_conf *value)
{
	return !value || value->faulty || value->unread;
}

int hg_conf_line(const struct hg_conf *value)
{
	return value ? value->line : 0;
}

const char *hg_conf_where(const struct hg_conf *value)
{
	static char text[4][192];
	static unsigned at;

	if (!value)
		return "";
	at = (at + 1) % 4;
	snprintf(text[at], sizeof(text[at]), "%.170s:%d", value->file->name, value->line);
	return text[at];
}
