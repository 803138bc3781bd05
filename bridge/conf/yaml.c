/* SPDX-License-Identifier: Apache-2.0 */
/* From YAML to a tree, by libyaml's events: they carry places, and leave nothing to expand. */
#include "bridge/conf/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	struct conf_file *file;
	struct hg_str text;
	struct hg_errs *errs;
	size_t nodes;
	bool stopped; /* nothing more can be made of it; a fault was listed */
};

static int line_of(yaml_mark_t mark)
{
	return (int)mark.line + 1;
}

/* libyaml gives no line for octets that are no text at all. */
static int line_at(struct hg_str text, size_t offset)
{
	int line = 1;

	for (size_t i = 0; i < offset && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

static void stop(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "it cannot be read";
	char hint[320];

	r->stopped = true;
	if (p->error == YAML_READER_ERROR) {
		conf_fault_at(r->errs, r->file, line_at(r->text, p->problem_offset),
			"save it as plain UTF-8 text", "this is no text: %s", problem);
		return;
	}
	snprintf(hint, sizeof(hint),
		"%s%slook at indentation, colons and quotes near column %d, and in the line before",
		p->context ? p->context : "", p->context ? ": " : "",
		(int)p->problem_mark.column + 1);
	conf_fault_at(
		r->errs, r->file, line_of(p->problem_mark), hint, "this is not YAML: %s", problem);
}

/* false: there is none; the reader has stopped. */
static bool next(struct reader *r, yaml_event_t *ret)
{
	if (r->stopped)
		return false;
	if (yaml_parser_parse(&r->parser, ret))
		return true;
	stop(r);
	return false;
}

static bool limit(struct reader *r, int line, bool ok, const char *what, int most)
{
	if (ok || r->stopped)
		return !r->stopped;
	conf_fault_at(r->errs, r->file, line, "make it smaller", "%s; %d are the most", what, most);
	r->stopped = true;
	return false;
}

/* What YAML can do and we do not: names for parts of the file, and types. */
static void refuse_decoration(
	struct reader *r, int line, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		conf_fault_at(r->errs, r->file, line, "write the part out wherever it is needed",
			"anchors are not supported: '&%.60s'", (const char *)anchor);
	if (tag)
		conf_fault_at(r->errs, r->file, line,
			"leave it out; the key says what its value is",
			"tags are not supported: '%.60s'", (const char *)tag);
}

/* NULL, and a fault: it cannot be kept. */
static char *scalar_text(struct reader *r, const yaml_event_t *e)
{
	struct hg_str text = { (const char *)e->data.scalar.value, e->data.scalar.length };

	if (!memchr(text.p, '\0', text.n))
		return hg_str_dup(text);
	conf_fault_at(r->errs, r->file, line_of(e->start_mark), "leave it out",
		"there is a NUL in this text");
	return NULL;
}

static struct hg_conf *read_node(struct reader *r, const yaml_event_t *first, int depth);

static struct hg_conf *read_scalar(struct reader *r, const yaml_event_t *e)
{
	struct hg_conf *node = conf_node(r->file, CONF_SCALAR, line_of(e->start_mark));

	refuse_decoration(r, node->line, e->data.scalar.anchor, e->data.scalar.tag);
	node->text = scalar_text(r, e);
	if (!node->text) {
		node->text = hg_str_dup(HG_STR(""));
		node->unread = true;
	}
	node->empty = !node->text[0] && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return node;
}

static struct hg_conf *read_list(struct reader *r, const yaml_event_t *first, int depth)
{
	struct hg_conf *list = conf_node(r->file, CONF_LIST, line_of(first->start_mark));
	yaml_event_t e;

	refuse_decoration(
		r, list->line, first->data.sequence_start.anchor, first->data.sequence_start.tag);
	while (next(r, &e)) {
		bool end = e.type == YAML_SEQUENCE_END_EVENT;

		if (!end)
			conf_add_take(
				list, NULL, line_of(e.start_mark), read_node(r, &e, depth + 1));
		yaml_event_delete(&e);
		if (end)
			break;
	}
	return list;
}

/* The key of an entry; NULL, and a fault, if it cannot be one. */
static char *read_key(struct reader *r, const struct hg_conf *map, const yaml_event_t *e, int depth)
{
	int line = line_of(e->start_mark);
	const struct conf_entry *before;
	char *key = NULL;

	if (e->type != YAML_SCALAR_EVENT) {
		conf_fault_at(
			r->errs, r->file, line, "write it as KEY: VALUE", "a key must be a word");
		conf_node_free(read_node(r, e, depth));
		return NULL;
	}
	refuse_decoration(r, line, e->data.scalar.anchor, e->data.scalar.tag);
	key = scalar_text(r, e);
	before = key ? conf_find(map, key) : NULL;
	if (before) {
		conf_fault_at(r->errs, r->file, line, "remove one of them",
			"key '%.60s' stands in line %d already", key, before->line);
		free(key);
		key = NULL;
	}
	return key;
}

static struct hg_conf *read_map(struct reader *r, const yaml_event_t *first, int depth)
{
	struct hg_conf *map = conf_node(r->file, CONF_MAP, line_of(first->start_mark));
	yaml_event_t e;

	refuse_decoration(
		r, map->line, first->data.mapping_start.anchor, first->data.mapping_start.tag);
	while (next(r, &e)) {
		bool end = e.type == YAML_MAPPING_END_EVENT;
		int line = line_of(e.start_mark);
		char *key = end ? NULL : read_key(r, map, &e, depth + 1);

		yaml_event_delete(&e);
		if (end)
			break;
		if (limit(r, line, map->n < HG_CONF_KEYS_MAX, "too many keys", HG_CONF_KEYS_MAX) &&
			next(r, &e)) {
			struct hg_conf *value = read_node(r, &e, depth + 1);

			yaml_event_delete(&e);
			if (key)
				conf_add_take(map, key, line, value);
			else
				conf_node_free(value);
			map->faulty |= !key;
		}
		free(key);
	}
	return map;
}

/* Never NULL. */
static struct hg_conf *read_node(struct reader *r, const yaml_event_t *first, int depth)
{
	int line = line_of(first->start_mark);
	struct hg_conf *node;

	if (limit(r, line, depth < HG_CONF_DEPTH_MAX, "too deep", HG_CONF_DEPTH_MAX) &&
		limit(r, line, r->nodes++ < HG_CONF_NODES_MAX, "too many values",
			HG_CONF_NODES_MAX)) {
		switch (first->type) {
		case YAML_SCALAR_EVENT:
			return read_scalar(r, first);
		case YAML_SEQUENCE_START_EVENT:
			return read_list(r, first, depth);
		case YAML_MAPPING_START_EVENT:
			return read_map(r, first, depth);
		default:
			conf_fault_at(r->errs, r->file, line,
				"write the part out wherever it is needed",
				"aliases are not supported: '*%.60s'",
				(const char *)first->data.alias.anchor);
		}
	}
	node = conf_node(r->file, CONF_SCALAR, line);
	node->text = hg_str_dup(HG_STR(""));
	node->unread = true;
	return node;
}

static struct hg_conf *read_stream(struct reader *r)
{
	struct hg_conf *root = NULL;
	bool done = false;
	yaml_event_t e;

	while (!done && next(r, &e)) {
		done = e.type == YAML_STREAM_END_EVENT;
		if (e.type == YAML_DOCUMENT_START_EVENT && root) {
			conf_fault_at(r->errs, r->file, line_of(e.start_mark),
				"make it one: remove the line ---",
				"a second document begins here");
			done = true;
		} else if (e.type != YAML_STREAM_START_EVENT && e.type != YAML_STREAM_END_EVENT &&
			e.type != YAML_DOCUMENT_START_EVENT && e.type != YAML_DOCUMENT_END_EVENT) {
			root = read_node(r, &e, 0);
		}
		yaml_event_delete(&e);
	}
	return root;
}

struct hg_conf *conf_parse(struct conf_file *file, struct hg_str text, struct hg_errs *errs)
{
	struct reader r = { .file = file, .text = text, .errs = errs };
	struct hg_conf *root;

	if (!yaml_parser_initialize(&r.parser))
		abort(); /* out of memory */
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	root = read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (r.stopped) {
		conf_node_free(root);
		return NULL;
	}
	if (!root) {
		root = conf_node(file, CONF_MAP, 1);
	} else if (root->empty) {
		conf_node_free(root);
		root = conf_node(file, CONF_MAP, 1);
	}
	return root;
}
