/* SPDX-License-Identifier: Apache-2.0 */
/* What a file says, as a tree that remembers where it says it. Private to this folder. */
#pragma once

#include "bridge/conf/conf.h"

enum conf_shape { CONF_SCALAR, CONF_MAP, CONF_LIST };

struct conf_file {
	char *name;
};

struct conf_entry {
	char *key; /* NULL in lists */
	int line;  /* of the key */
	struct hg_conf *value;
};

struct hg_conf {
	enum conf_shape shape;
	int line;
	bool dflt;   /* not said in the file */
	bool empty;  /* a scalar that is not there: "path:" and nothing behind it */
	bool unread; /* stands for what could not be read: say no more about it */
	bool faulty; /* a fault was found in it or below */
	bool passed; /* nobody here knows its keys: it is as good as it stands */
	struct conf_file *file;
	char *text;     /* of a scalar; holds no NUL */
	int64_t number; /* of an integer, duration, size or bool, once checked */
	struct conf_entry *entry;
	size_t n, cap;
};

struct hg_conf *conf_node(struct conf_file *, enum conf_shape, int line);
/* Takes the value. `key` NULL: an item of a list. */
void conf_add_take(struct hg_conf *to, const char *key, int line, struct hg_conf *value);
const struct conf_entry *conf_find(const struct hg_conf *map, const char *key);
void conf_node_free(struct hg_conf *); /* without its file */

/* One more fault at a line. Returns -EINVAL. */
int conf_fault_at(struct hg_errs *, const struct conf_file *, int line, const char *hint,
	const char *fmt, ...) HG_PRINTF(5, 6);

/* yaml.c: NULL: `errs` says why. A tree that comes with faults is good for finding more. */
struct hg_conf *conf_parse(struct conf_file *, struct hg_str text, struct hg_errs *errs);
/* check.c: the key that a name stands for, under that name; false: none. */
bool conf_key_find(const struct hg_schema *, const char *name, struct hg_key *ret);
/* check.c: checks and completes the map; whether it is without fault. */
bool conf_check(struct hg_conf *map, const struct hg_schema *, struct hg_errs *errs);
/* value.c: fills in `number`; false: a fault was listed. */
bool conf_check_scalar(struct hg_conf *, const struct hg_key *, struct hg_errs *errs);
