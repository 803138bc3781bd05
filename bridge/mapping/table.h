/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making mapping tables. What a table says is data: this is the form in which the loader of
 * mappings/NAME.yaml, tests and the simulation hand it in; the words are those of the file
 * (mappings/README.md).
 *
 * A table has columns (`binding`: what a field carries whatever the rule, and what is written into
 * it if no rule says otherwise) and rows (`rule`: native fields on one side, what the core knows on
 * the other; the first that matches wins).
 *
 *	static const struct hg_binding bindings[] = { { .field = "status", .carries = "note" } };
 *	static const struct hg_rule rules[] = {
 *		{ .name = "gone", .native = { HG_TERM("type", "unavailable") },
 *			.canonical = { HG_TERM("state", "none"),
 *				HG_TERM("availability", "offline", "unknown") } },
 *		...
 *	};
 *	struct hg_table_source source = { .vocabulary = &vocabulary, .binding = bindings,
 *		.nbindings = 1, .rule = rules, .nrules = ... };
 *	struct hg_table *table = hg_table_new(&source, &errs);
 */
#pragma once

#include <heliograph/err.h>
#include <heliograph/mapping.h>

#define HG_TERM_VALUES 16 /* values of one term */
#define HG_RULES_MAX 256
#define HG_CANONICAL_MAX 10
#define HG_NOTE_MAX 1024 /* octets of text that a table lets through, either way */

/* "show: [absent, chat]". Any of the values matches; the first one is written. Ends with a NULL
 * value. */
struct hg_term {
	const char *key;
	const char *value[HG_TERM_VALUES + 1];
	int line; /* for errors, 0 none */
};

#define HG_TERM(key_, ...) \
	{ \
		.key = (key_), .value = { __VA_ARGS__ } \
	}

/* What may stand on the canonical side of a rule, in the order in which it is looked at. */
extern const char *const hg_canonical_keys[HG_CANONICAL_MAX];

/* One column. */
struct hg_binding {
	const char *field;
	const char *carries; /* "note", "priority", "idle", "show", "words"; NULL nothing */
	const char *write;   /* outward, unless a rule says otherwise; NULL: what it carries */
	int line;
};

enum hg_direction { HG_BOTH_WAYS, HG_IN_ONLY, HG_OUT_ONLY };

/* One row. Terms end with a NULL key or the end of the array. */
/* What a rule writes into a text in one language; what it writes else is for all others. */
struct hg_wording {
	const char *lang, *field, *text;
	int line; /* for errors, 0 none */
};

#define HG_WORDINGS_MAX 32 /* of one rule */

struct hg_rule {
	const char *name;
	enum hg_direction direction;
	/* Inward the conditions, outward what is written. TOKEN: a token; INTEGER: "5", "-128..-1";
	 * all: "absent", "present", "any". */
	struct hg_term native[HG_FIELDS_MAX];
	/* Outward the conditions, inward what is said. "state": machine, user, phone, calendar, none;
	 * "availability": band names, "6900", "9000..9499"; "activity": tokens; and what
	 * hg_canonical_keys names further. */
	struct hg_term canonical[HG_CANONICAL_MAX];
	/* Outward only, beside `native`: also texts with {note} and {text}, times {idle}, "absent". */
	struct hg_term write[HG_FIELDS_MAX];
	struct hg_wording wording[HG_WORDINGS_MAX]; /* up to the first without a language */
	bool faulty;      /* faults of it are listed already: look only for more of its own */
	const char *file; /* where it stands, NULL: in the table's own */
	int line;
};

struct hg_table_source {
	const struct hg_vocabulary
		*vocabulary; /* must outlive the table; up to 63 tokens a field */
	const char *file;    /* for errors; NULL none */
	const struct hg_binding *binding;
	size_t nbindings;
	const struct hg_rule *rule;
	size_t nrules;
	bool faulty; /* faults are listed already: look for more, but make no table */
};

/* Everything in the source but the vocabulary is copied. NULL: `errs` lists all that is wrong with
 * it, statically found faults included: rules that nothing reaches, availabilities and native
 * values without a rule. */
struct hg_table *hg_table_new(const struct hg_table_source *, struct hg_errs *errs);
void hg_table_free(struct hg_table *); /* NULL is fine */
/*
 * How a table comes to what it makes of something: calls back for each rule of that direction, down to the one that
 * matches.
 */
struct hg_explained {
	const char *rule;
	const char *file;
	int line;
	const char *
		because; /* what it asks for and is not so: a field, "availability" ...; NULL: it matches */
};

void hg_table_explain_in(const struct hg_table *, const struct hg_record *,
	void (*each)(void *arg, const struct hg_explained *), void *arg);
void hg_table_explain_out(const struct hg_table *, const struct hg_presence *,
	void (*each)(void *arg, const struct hg_explained *), void *arg);
/* Whether it is a value of its field; one that is not counts as absent. */
bool hg_value_counts(const struct hg_vocabulary *, const struct hg_value *);
const char *hg_table_file(const struct hg_table *);

/* The standard activities, then others that rules of the table know. */
struct hg_activities {
	const char **token; /* of the table; free() the list */
	size_t n;
};

struct hg_activities hg_table_activities(const struct hg_table *);
/* As it is written there, whatever its case; NULL: it is none of them. */
const char *hg_activities_find(const struct hg_activities *, struct hg_str token);

/* They say the same, wherever in their files. */
bool hg_table_eq(const struct hg_table *, const struct hg_table *);
