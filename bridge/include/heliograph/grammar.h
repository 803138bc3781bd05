/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of the publication grammar (mappings/grammar.yaml): into which containers, under which
 * instance and for how long goes what somebody says who names no containers himself.
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

enum hg_grammar_instance {
	HG_INSTANCE_CONSTANT, /* `number` itself */
	HG_INSTANCE_ENDPOINT  /* the top four bits of `number`, the rest from the endpoint */
};

enum hg_grammar_transform {
	HG_TRANSFORM_COPY,
	HG_TRANSFORM_EMPTY, /* the category is there, but says nothing: of notes only */
	HG_TRANSFORM_URGENT /* Do Not Disturb becomes urgent interruptions only, EP 2.9: of user
			       states only */
};

#define HG_GRAMMAR_CONTAINERS 8

struct hg_grammar_rule {
	hg_part category;        /* HG_CAT_STATE or HG_CAT_NOTE */
	enum hg_state_kind kind; /* HG_CAT_STATE: from HG_STATE_MACHINE to HG_STATE_PHONE */
	uint32_t sources;        /* bit of each enum hg_source */
	uint16_t container[HG_GRAMMAR_CONTAINERS];
	size_t ncontainers;
	enum hg_grammar_instance instance;
	uint32_t number;
	enum hg_expiry expiry; /* not HG_TIME */
	enum hg_grammar_transform transform;
};
