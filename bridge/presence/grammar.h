/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publication grammar (mappings/grammar.yaml): into which containers, under which instance and
 * for how long goes what somebody says who names no containers himself. Lync clients name theirs,
 * and are stored as sent.
 *
 * [MS-PRES] knows this as categoryPublicationManifest; the default table is the one of EP 1.13.
 */
#pragma once

#include <heliograph/presence.h>

/* Who says it. */
enum hg_source {
	HG_SOURCE_LINKED,      /* a resource of an address that is linked to a home person */
	HG_SOURCE_REMOTE,      /* a face of a remote person */
	HG_SOURCE_SIMPLE,      /* a SIP device that publishes PIDF */
	HG_SOURCE_APPLICATION, /* MQTT, HTTP, a command */
	HG_SOURCE_COUNT
};

const char *hg_source_name(enum hg_source); /* "linked" ... */

enum hg_grammar_instance {
	HG_INSTANCE_CONSTANT, /* `number` itself */
	HG_INSTANCE_ENDPOINT  /* the top four bits of `number`, the rest from the endpoint */
};

enum hg_grammar_transform {
	HG_TRANSFORM_COPY,
	HG_TRANSFORM_EMPTY, /* the category is there, but says nothing: of notes only */
	HG_TRANSFORM_URGENT /* hg_aggregate_urgent, EP 2.9: of user states only */
};

#define HG_GRAMMAR_CONTAINERS 8

struct hg_grammar_rule {
	hg_part category;        /* HG_CAT_STATE or HG_CAT_NOTE */
	enum hg_state_kind kind; /* HG_CAT_STATE: HG_STATE_MACHINE or HG_STATE_USER */
	uint32_t sources;        /* bit of each enum hg_source */
	uint16_t container[HG_GRAMMAR_CONTAINERS];
	size_t ncontainers;
	enum hg_grammar_instance instance;
	uint32_t number;
	enum hg_expiry expiry; /* not HG_TIME */
	enum hg_grammar_transform transform;
};

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
