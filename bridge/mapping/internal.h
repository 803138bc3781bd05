/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled table: names are indexes, values are bits, ranges and finished texts. */
#pragma once

#include "bridge/mapping/table.h"

/*
 * What a record holds of a field is a number: 0 it is absent; of a token field 1 + i that it is token i; of any other 1 that
 * it is there. A condition is the set of those that it takes. An integer that is there must also lie in one of the ranges.
 */
#define HG_TOKENS_MAX 127

struct hg_bits {
	uint64_t w[(HG_TOKENS_MAX + 1) / 64];
};

struct hg_range {
	int64_t low, high;
};

struct hg_condition {
	uint16_t field;
	struct hg_bits bits;
	size_t range, nranges; /* in hg_table.range; INTEGER only */
};

enum hg_emit_kind {
	HG_EMIT_NOTHING,
	HG_EMIT_LITERAL, /* a token or a number */
	HG_EMIT_TEXT,    /* `text` with {note} and {text} */
	HG_EMIT_IDLE,    /* the time since when idle */
	HG_EMIT_PRIORITY /* of the resource that decides, 0 none */
};

struct hg_emit {
	enum hg_emit_kind kind;
	struct hg_str text;
};

enum hg_said { HG_SAID_NONE, HG_SAID_MACHINE, HG_SAID_USER, HG_SAID_PHONE, HG_SAID_CALENDAR };

/* What may be asked beside availability and activity (facts.c). */
enum hg_fact {
	HG_FACT_IDLE,
	HG_FACT_TEXT,
	HG_FACT_NOTE,
	HG_FACT_MANUAL,
	HG_FACT_CALENDAR,
	HG_FACT_DEVICE,
	HG_FACT_CONTAINER,
	HG_FACTS
};

#define HG_FACT_VALUES 7
#define HG_FACT_ANY UINT8_MAX

/* In one language instead of what the emission of the field says. */
struct hg_phrase {
	uint16_t field;
	char lang[HG_LANG_MAX];
	struct hg_str text; /* with {note} */
};

struct hg_row {
	const char *name;
	const char *file; /* where it stands */
	int line;
	bool in, out; /* which ways it is used */
	bool bad;     /* has faults of its own: takes part in no further check */
	/* inward */
	struct hg_condition condition[HG_FIELDS_MAX];
	size_t nconditions;
	enum hg_said state;
	uint32_t availability;
	const char *token; /* what he is doing; NULL: not said */
	bool automatic;    /* of a user's state: not the person chose it */
	/* outward */
	uint32_t bands;               /* bit of each enum hg_band */
	size_t range, nranges;        /* of availability, beside the bands */
	size_t activity, nactivities; /* in hg_table.string; none: any activity or none */
	uint8_t fact[HG_FACTS];       /* bit of each value that is taken */
	struct hg_emit emit[HG_FIELDS_MAX];
	size_t phrase, nphrases; /* in hg_table.phrase */
};

#define HG_NO_FIELD UINT16_MAX

/* A set of rules. */
#define HG_ROWS_WORDS (HG_RULES_MAX / 64)

struct hg_rows {
	uint64_t w[HG_ROWS_WORDS];
};

/* Which rules take each value of something. */
struct hg_column {
	int64_t *from; /* of numbers: where each value begins; NULL: values are counted */
	struct hg_rows *rows;
	size_t n;
};

struct hg_index {
	struct hg_rows in, out; /* all rules of that direction */
	struct hg_column field[HG_FIELDS_MAX];
	struct hg_column availability, activity, fact[HG_FACTS];
	const char *
		*token; /* of each value of the activity; [0]: none of those that rules ask for */
	uint16_t *slot; /* a hash table of them: the value, 0 empty */
	size_t nslots;
};

struct hg_table {
	const struct hg_vocabulary *vocabulary;
	uint32_t id;
	uint64_t digest; /* of what the source says, not of where */
	char *file;
	struct hg_row *row;
	size_t nrows;
	uint16_t note, priority, idle, show,
		words;                      /* the fields that carry them, HG_NO_FIELD none */
	struct hg_emit emit[HG_FIELDS_MAX]; /* of fields that the rule leaves open */
	struct hg_range *range;
	size_t nranges, range_cap;
	struct hg_phrase *phrase;
	size_t nphrases, phrase_cap;
	char **string;
	size_t nstrings, string_cap;
	struct hg_index index;
};

/* What matching looks at, of a record and of a person's presence. */
struct hg_heard_value {
	uint16_t at;
	int64_t number; /* of an integer or a time that is there */
};

struct hg_heard {
	struct hg_heard_value value[HG_FIELDS_MAX];
};

struct hg_shown {
	uint32_t availability;
	struct hg_str activity; /* empty: none that holds at this availability */
	uint8_t fact[HG_FACTS];
};

/* match.c */
/* A word of RFC 6121's among a field's tokens: its place, from 1 on; 0 none. And what the word there is. */
uint16_t hg_show_token(const struct hg_field_def *, enum hg_show);
enum hg_show hg_show_of(const struct hg_field_def *, uint16_t at);
bool hg_row_takes_field(const struct hg_table *, const struct hg_row *, uint16_t field,
	const struct hg_heard_value *);
bool hg_row_takes_availability(
	const struct hg_table *, const struct hg_row *, uint32_t availability);
bool hg_row_takes_activity(const struct hg_table *, const struct hg_row *, struct hg_str token);
/* What keeps the row from matching: the name of a field, "availability", "activity" or of a fact; NULL: it matches. */
const char *hg_row_deaf(const struct hg_table *, const struct hg_row *, const struct hg_heard *);
const char *hg_row_blind(const struct hg_table *, const struct hg_row *, const struct hg_shown *);
void hg_hear(const struct hg_vocabulary *, const struct hg_record *, struct hg_heard *ret);

/* facts.c */
const char *hg_fact_name(enum hg_fact);
size_t hg_fact_values(enum hg_fact);                  /* how many values it has */
const char *hg_fact_word(enum hg_fact, size_t value); /* "no" for 0 */
uint8_t hg_fact_read(enum hg_fact, const char *word); /* bits of values; 0: it is never that */
struct hg_shown hg_shown_of(const struct hg_presence *);

/* Who is said to be at his device is not, whatever is kept of when he last was. */
bool hg_may_be_idle(enum hg_band);
/* UTC ms since when he is idle, 0: he is not, or nothing is known. */
int64_t hg_idle_of(const struct hg_presence *);

/* index.c */
void hg_index_build(struct hg_table *); /* of a table whose rows are ready */
void hg_index_done(struct hg_index *);
/* The first row that matches, NULL none: what a search through all rows finds too. */
const struct hg_row *hg_row_in(const struct hg_table *, const struct hg_heard *);
const struct hg_row *hg_row_out(const struct hg_table *, const struct hg_shown *);
size_t hg_column_value(const struct hg_column *, int64_t number);
size_t hg_activity_value(const struct hg_index *, struct hg_str token);
void hg_rows_and(struct hg_rows *, const struct hg_rows *with);
size_t hg_rows_first(const struct hg_rows *); /* HG_RULES_MAX: there is none */
bool hg_rows_has(const struct hg_rows *, size_t row);

/* exact.c: what was said whole, as a statement that others' are put together with; the priority stays. */
void hg_statement_exact(const struct hg_presence *, struct hg_statement *);

/* faults.c: one more fault. `row` NULL: of the whole table. `line` 0: the row's. */
void hg_fault(struct hg_errs *, const struct hg_table *, const struct hg_row *, int line,
	const char *hint, const char *fmt, ...) HG_PRINTF(6, 7);

/* row.c: fills the row; marks it bad and lists what is wrong. */
void hg_row_compile(struct hg_table *, struct hg_row *, const struct hg_rule *, struct hg_errs *);

/* native.c: a rule's side of the vocabulary. false: faults were listed. */
bool hg_native_compile(
	struct hg_table *, struct hg_row *, const struct hg_term *, struct hg_errs *);
bool hg_write_compile(struct hg_table *, struct hg_row *, const struct hg_term *, struct hg_errs *);
bool hg_wordings_compile(
	struct hg_table *, struct hg_row *, const struct hg_wording *, struct hg_errs *);

/* canonical.c: the core's side. false: faults were listed. */
bool hg_canonical_compile(
	struct hg_table *, struct hg_row *, const struct hg_rule *, struct hg_errs *);

/* field.c */
void hg_bindings_compile(struct hg_table *, const struct hg_table_source *, struct hg_errs *);
/* HG_NO_FIELD and a fault if there is none of that name. */
uint16_t hg_field_find(const struct hg_table *, const struct hg_row *, const char *name, int line,
	struct hg_errs *);
/* "5" or "-128..-1"; false if it is neither. */
bool hg_range_read(struct hg_str, struct hg_range *ret);
void hg_range_add(struct hg_table *, struct hg_range);
/* 1 and the index of a token; 0 and a fault if the field has no such token. */
uint16_t hg_token_find(const struct hg_table *, const struct hg_row *, uint16_t field,
	const char *value, int line, struct hg_errs *);
/* What is to be written into a field. false: a fault was listed. */
bool hg_emit_compile(struct hg_table *, const struct hg_row *, uint16_t field, const char *value,
	int line, struct hg_emit *ret, struct hg_errs *);

/* table.c: a copy that lives as long as the table. */
const char *hg_table_string(struct hg_table *, const char *);

/* cover.c: rules that nothing reaches; `gaps`: also values and availabilities without a rule. */
void hg_table_cover(const struct hg_table *, bool gaps, struct hg_errs *);

/*
 * Coverage is found by trying every case that the rules tell apart. An axis is one thing that they
 * look at, with the values of it that they tell apart; a case is one value of each.
 */
struct hg_axis {
	size_t n, at;
};

#define HG_CASES_MAX 65536

struct hg_cover {
	const struct hg_table *table;
	struct hg_errs *errs;
	const char *way;             /* "inward", "outward" */
	bool *reached;               /* of each rule: a case came to it */
	const struct hg_row **taker; /* of each rule: the first one that took a case away from it */
};

/* cover.c: the next case; false after the last one. */
bool hg_axes_next(struct hg_axis *, size_t n);
/* Whether there are few enough; else a fault. */
bool hg_axes_ok(const struct hg_axis *, size_t n, const struct hg_cover *);
/* Notes who takes the case that these rules match. Whether anybody does. */
bool hg_cover_case(struct hg_cover *, const struct hg_rows *);
/* There are more cases than can be looked at: a fault. */
void hg_cover_too_many(const struct hg_cover *);

/* cover_in.c, cover_out.c: `gaps`: also list what has no rule. */
void hg_cover_in(struct hg_cover *, bool gaps);
void hg_cover_out(struct hg_cover *, bool gaps);
