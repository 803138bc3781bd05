/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a YAML file against a schema. One loader serves heliograph.yaml, mapping tables and the
 * grammar: a plain subset of YAML 1.1 (no anchors, aliases, tags or second documents), every fault
 * listed with its place and remedy, all at once.
 */
#pragma once

#include <heliograph/conf.h>

#define HG_CONF_SIZE_MAX (1024 * 1024) /* octets of a file */
#define HG_CONF_DEPTH_MAX 16
#define HG_CONF_NODES_MAX 100000
#define HG_CONF_KEYS_MAX 256 /* of one map */

/* 0 and the map at the top, to be ended with hg_conf_free; or the errno of reading the file,
 * -EINVAL for a fault in it. Then `errs` says why and *ret is NULL. */
int hg_conf_load(
	const char *path, const struct hg_schema *, struct hg_conf **ret, struct hg_errs *errs);
/* The same of text that is there already; `name` stands for the file in places. */
int hg_conf_load_text(const char *name, struct hg_str text, const struct hg_schema *,
	struct hg_conf **ret, struct hg_errs *errs);
void hg_conf_free(struct hg_conf *); /* NULL is fine */

/*
 * For those who look for more faults: with -EINVAL these still give the tree, unless the file is no
 * YAML at all. What is faulty in it may be missing or of another shape than the schema says; the
 * getters then find nothing.
 */
int hg_conf_read(
	const char *path, const struct hg_schema *, struct hg_conf **ret, struct hg_errs *errs);
int hg_conf_read_text(const char *name, struct hg_str text, const struct hg_schema *,
	struct hg_conf **ret, struct hg_errs *errs);
/* The same in two steps, for a file that says itself what else may stand in it. 0, or the errno of reading the file,
 * -EINVAL for a fault of its YAML; the tree is as it stands there, NULL if it is no map of keys. */
int hg_conf_parse(const char *path, struct hg_conf **ret, struct hg_errs *errs);
int hg_conf_parse_text(
	const char *name, struct hg_str text, struct hg_conf **ret, struct hg_errs *errs);
/* Before the second step: one value, should it be without fault. What is wrong with it the second step says. */
const struct hg_conf *hg_conf_peek(struct hg_conf *map, const struct hg_key *);
/* 0 or -EINVAL. */
int hg_conf_check(struct hg_conf *root, const struct hg_schema *, struct hg_errs *errs);
/* Nobody knows what may stand there: it is taken as it is, and no more is said about it. */
void hg_conf_pass(struct hg_conf *map, const char *key);
bool hg_conf_faulty(const struct hg_conf *); /* it, or something below; true for NULL */

int hg_conf_line(const struct hg_conf *); /* 0 for NULL */
/* In the file itself, not by default. */
bool hg_conf_said(const struct hg_conf *map, const char *key);

/*
 * What two files that were checked against the schema say differently: calls back with "limits.grace", or the name of a
 * whole list or of a map that only one of them has.
 */
void hg_conf_diff(const struct hg_conf *a, const struct hg_conf *b, const struct hg_schema *,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg);

/* For checks across keys: one more fault at the place of `value`. Returns -EINVAL. */
int hg_conf_fault(struct hg_errs *, const struct hg_conf *value, const char *hint, const char *fmt,
	...) HG_PRINTF(4, 5);
/* Puts the faults from `first` on, all of one file, in the order of their lines. */
void hg_conf_sort(struct hg_errs *, size_t first);
