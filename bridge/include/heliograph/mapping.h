/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vocabularies, records and mapping tables (mappings/README.md).
 *
 * An adapter speaks a vocabulary: a fixed list of named fields. What a peer said is a record of
 * that vocabulary; the core keeps it, and a mapping table turns it into a statement. Outward the
 * same table turns the person level of a view into a record, which the adapter writes. No mapping
 * rule lives in C.
 */
#pragma once

#include <heliograph/presence.h>

enum hg_field_kind { HG_FIELD_TOKEN, HG_FIELD_INTEGER, HG_FIELD_TEXT, HG_FIELD_TIME };

struct hg_field_def {
	const char *name;
	enum hg_field_kind kind;
	const char *const *tokens; /* HG_FIELD_TOKEN: what it may be, NULL-terminated */
	int min, max;              /* HG_FIELD_INTEGER */
};

struct hg_vocabulary {
	const char *name; /* "xmpp": the table is mappings/xmpp.yaml */
	const struct hg_field_def *field;
	size_t nfields; /* at most HG_FIELDS_MAX */
};

#define HG_FIELDS_MAX 16

struct hg_value {
	uint16_t field; /* index in the vocabulary */
	struct hg_str text;
	char lang[HG_LANG_MAX]; /* HG_FIELD_TEXT */
};

/* Immutable, counted. A field that is absent is not there; several values of a text field differ in
 * language. */
struct hg_record {
	uint32_t refs;
	uint32_t n;
	uint64_t hash;
	/* What was said beside the fields that the vocabulary has no words for (bridge/documents/extension.h), the whole
	 * state; NULL: nothing. Owned. */
	struct hg_presence *exact;
	struct hg_value value[]; /* texts point into the same block */
};

struct hg_record *hg_record_new(const struct hg_value *, size_t n); /* copies; one reference */
/* With a whole state beside them, which is copied. */
struct hg_record *hg_record_new_exact(
	const struct hg_value *, size_t n, const struct hg_presence *exact);
struct hg_record *hg_record_ref(struct hg_record *);
void hg_record_unref(struct hg_record *);
bool hg_record_eq(const struct hg_record *, const struct hg_record *);
const struct hg_value *hg_record_get(
	const struct hg_record *, uint16_t field); /* first value, NULL none */

#define HG_FIELD_ANY UINT16_MAX

/* The texts of a field, or of all, as an activity's own words: in each language the first, English where it is not said. NULL: none. */
struct hg_texts *hg_words_of(const struct hg_value *, size_t n, uint16_t field);

/* A compiled table: immutable, counted by nobody, owned by the core's table set. */
struct hg_table;

const struct hg_vocabulary *hg_table_vocabulary(const struct hg_table *);
uint32_t hg_table_id(const struct hg_table *); /* differs for every table ever loaded */
/* Inward: what the record says. Total: a record that no rule matches gives an all-zero statement.
 */
void hg_table_in(const struct hg_table *, const struct hg_record *, struct hg_statement *ret);
/* Outward: one reference to the record of what a watcher is shown. Total: every availability has a
 * rule, or loading the table failed. HG_UNKNOWN etc. are given as availability 0. */
struct hg_record *hg_table_out(const struct hg_table *, const struct hg_presence *);
