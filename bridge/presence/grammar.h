/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publication grammar: what its rules make of a statement. Lync clients name their containers,
 * and are stored as sent.
 *
 * [MS-PRES] knows this as categoryPublicationManifest; the default table is the one of EP 1.13.
 */
#pragma once

#include <heliograph/grammar.h>

const char *hg_source_name(enum hg_source); /* "linked" ... */

struct hg_grammar {
	struct hg_grammar_rule *rule;
	size_t nrules, cap;
	size_t changes; /* what all rules together could make of one statement */
};

/* hg_grammar_expand never makes more. */
#define HG_GRAMMAR_CHANGES 64

/* All zeroes is an empty grammar. NULL: added; else what is wrong with the rule, static text. No
 * two rules put the same category and kind of one source into one container. */
const char *hg_grammar_add(struct hg_grammar *, const struct hg_grammar_rule *);
void hg_grammar_done(struct hg_grammar *);
bool hg_grammar_eq(const struct hg_grammar *,
	const struct hg_grammar *); /* the same rules in the same order */

/*
 * What is to be published of a statement, and nothing else: what the same endpoint had published
 * before and is not among it is to be deleted. `user` without `machine` gets a machineState of its
 * own, since aggregation counts nobody as present without one (EP 2.8). A statement that says
 * neither gives nothing.
 *
 * Returns how many of `ret` are filled; each is to be ended with hg_change_done. Their version is
 * 0.
 */
size_t hg_grammar_expand(const struct hg_grammar *, enum hg_source, const struct hg_statement *,
	hg_endpoint, struct hg_change ret[HG_GRAMMAR_CHANGES]);
