/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration as data: a schema says which keys there may be, the loader checks a YAML file
 * against it and keeps the place of every value. An adapter declares the schema of its section and
 * gets a checked tree: what the schema says is required is there, what has a default is there too,
 * so the getters below cannot fail on a key that the schema names.
 */
#pragma once

#include <heliograph/err.h>

enum hg_key_kind {
	HG_KEY_STRING,
	HG_KEY_SECRET, /* a string that is never printed */
	HG_KEY_BOOL,   /* on, off, true, false, yes, no */
	HG_KEY_INTEGER,
	HG_KEY_DURATION, /* "60", "10s", "500ms", "5m", "2h": milliseconds; a bare number is seconds
			  */
	HG_KEY_SIZE,     /* "16384", "16k", "1M": octets */
	HG_KEY_ENUM,     /* one of `values` */
	HG_KEY_PATH,     /* relative to the working directory */
	HG_KEY_MAP,      /* one map of the keys in `sub` */
	HG_KEY_LIST      /* of maps with the keys in `sub`; without `sub`: of strings */
};

struct hg_schema;

/* As the name of a schema's last key: stands for every name that is not among the others, like the
 * languages of a text. `required`: its value must not be empty. */
#define HG_KEY_ANY "*"

struct hg_key {
	const char *name;
	enum hg_key_kind kind;
	bool required;
	bool live;                 /* a reload brings it into force; else it waits for a restart */
	const char *dflt;          /* as it would stand in the file; NULL none */
	int64_t min, max;          /* INTEGER, DURATION, SIZE; both 0: any */
	const char *const *values; /* ENUM, NULL-terminated */
	const struct hg_schema *sub;
	const char *
		alone; /* MAP: the key that a value which stands there in its place is for; NULL none */
	const char *help; /* one line for the manual and for error hints */
};

struct hg_schema {
	const struct hg_key *key; /* ends with name NULL */
};

struct hg_conf; /* a map, a list or a value; owned by the loaded file */

bool hg_conf_has(
	const struct hg_conf *map, const char *key); /* said in the file, or has a default */
const struct hg_conf *hg_conf_get(
	const struct hg_conf *map, const char *key); /* NULL: not said and no default */
struct hg_str hg_conf_str(
	const struct hg_conf *map, const char *key);             /* HG_STR_NONE if not there */
int64_t hg_conf_int(const struct hg_conf *map, const char *key); /* also duration (ms) and size */
bool hg_conf_bool(const struct hg_conf *map, const char *key);
size_t hg_conf_count(const struct hg_conf *list); /* NULL: 0 */
const struct hg_conf *hg_conf_at(const struct hg_conf *list, size_t index);
struct hg_str hg_conf_text(const struct hg_conf *value); /* of a list of strings */
/* The names that a map has, in the order of the file, then those with a default; NULL: no more. */
const char *hg_conf_key(const struct hg_conf *map, size_t index);
/* "heliograph.yaml:12", of the value itself; one of four rotating static buffers. For errors found
 * after loading. */
const char *hg_conf_where(const struct hg_conf *);
