/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/presence/grammar.h"

#include "bridge/presence/aggregate.h"

#include <stdlib.h>
#include <string.h>

#define INSTANCE_BITS 28 /* an instance is a nibble that says what it is, and a hash (EP 1.12) */

const char *hg_source_name(enum hg_source source)
{
	static const char *const name[HG_SOURCE_COUNT] = { "linked", "remote", "simple",
		"application" };

	return name[source];
}

/* Whether two rules are about the same thing in the same place, so that one would hide the
 * other. */
static bool collide(const struct hg_grammar_rule *a, const struct hg_grammar_rule *b)
{
	if (!(a->sources & b->sources) || a->category != b->category || a->kind != b->kind)
		return false;
	for (size_t i = 0; i < a->ncontainers; i++) {
		for (size_t j = 0; j < b->ncontainers; j++) {
			if (a->container[i] == b->container[j] && (a != b || i != j))
				return true;
		}
	}
	return false;
}

static const char *fault_of(const struct hg_grammar *g, const struct hg_grammar_rule *rule)
{
	bool state = rule->category == HG_CAT_STATE, user = state && rule->kind == HG_STATE_USER;

	if (!state && rule->category != HG_CAT_NOTE)
		return "only state and note can be expanded";
	if (state && (rule->kind < HG_STATE_MACHINE || rule->kind > HG_STATE_PHONE))
		return "a state must be a machine's, a user's, a calendar's or a phone's";
	if (rule->transform == HG_TRANSFORM_EMPTY && state)
		return "only a note can be empty";
	if (rule->transform == HG_TRANSFORM_URGENT && !user)
		return "only a user's state can become urgent-interruptions-only";
	if (!rule->sources)
		return "it is for nobody";
	if (!rule->ncontainers)
		return "it names no container";
	if (rule->ncontainers > HG_GRAMMAR_CONTAINERS)
		return "it names too many containers";
	if (rule->expiry == HG_TIME)
		return "a time limit cannot be known";
	if (g->changes + rule->ncontainers > HG_GRAMMAR_CHANGES)
		return "all rules together name too many containers";
	if (collide(rule, rule))
		return "it names a container twice";
	for (size_t i = 0; i < g->nrules; i++) {
		if (collide(&g->rule[i], rule))
			return "another rule puts the same into one of its containers";
	}
	return NULL;
}

const char *hg_grammar_add(struct hg_grammar *g, const struct hg_grammar_rule *rule)
{
	const char *fault = fault_of(g, rule);

	if (fault)
		return fault;
	hg_grow(&g->rule, &g->cap, g->nrules, sizeof(*g->rule));
	g->rule[g->nrules++] = *rule;
	g->changes += rule->ncontainers;
	return NULL;
}

void hg_grammar_done(struct hg_grammar *g)
{
	free(g->rule);
	*g = (struct hg_grammar){ 0 };
}

static uint32_t instance_of(const struct hg_grammar_rule *rule, hg_endpoint endpoint)
{
	uint32_t mask = (UINT32_C(1) << INSTANCE_BITS) - 1;

	if (rule->instance == HG_INSTANCE_CONSTANT)
		return rule->number;
	return (rule->number & ~mask) | (endpoint & mask);
}

/* By what the token comes, or by the device where nothing says more. A standard token has words of each reader's own, and what
 * was said whole has all of its own. */
static struct hg_texts *words_of(const struct hg_state *state, const struct hg_statement *said)
{
	bool alone = !said->user && !said->phone && !said->calendar;

	if (said->exact || hg_token_is_standard(state->token))
		return NULL;
	return state->kind != HG_STATE_MACHINE || alone ? hg_texts_ref(said->words) : NULL;
}

/* The state that a rule is about; false if the statement has none of that kind. */
static bool state_of(
	const struct hg_grammar_rule *rule, const struct hg_statement *said, struct hg_state *ret)
{
	*ret = (struct hg_state){ .kind = rule->kind, .max = UINT32_MAX };
	if (rule->kind == HG_STATE_MACHINE) {
		ret->availability = said->machine
			? said->machine
			: hg_band_canonical(
				  said->idle_since ? HG_BAND_AVAILABLE_IDLE : HG_BAND_AVAILABLE);
		ret->last_active = said->idle_since;
		if (!said->beside)
			ret->custom = words_of(ret, said);
		return !said->beside;
	}
	ret->manual = rule->kind == HG_STATE_USER && !said->automatic;
	ret->availability = rule->kind == HG_STATE_USER ? said->user
		: rule->kind == HG_STATE_PHONE          ? said->phone
							: said->calendar;
	memcpy(ret->token, said->token, sizeof(ret->token));
	if (ret->token[0])
		hg_token_bounds(hg_str(ret->token), &ret->min, &ret->max);
	if (rule->transform == HG_TRANSFORM_URGENT)
		hg_aggregate_urgent(ret);
	if (ret->availability)
		ret->custom = words_of(ret, said);
	return ret->availability != 0;
}

static bool content_of(
	const struct hg_grammar_rule *rule, const struct hg_statement *said, struct hg_change *ret)
{
	if (rule->category == HG_CAT_STATE)
		return state_of(rule, said, &ret->state);
	if (!said->note.text)
		return false;
	if (rule->transform == HG_TRANSFORM_COPY)
		hg_note_copy(&ret->note, &said->note);
	return true;
}

size_t hg_grammar_expand(const struct hg_grammar *g, enum hg_source source,
	const struct hg_statement *said, hg_endpoint endpoint,
	struct hg_change ret[HG_GRAMMAR_CHANGES])
{
	size_t n = 0;

	if (!hg_statement_says(said))
		return 0;
	for (size_t r = 0; r < g->nrules; r++) {
		const struct hg_grammar_rule *rule = &g->rule[r];

		if (!(rule->sources & 1u << source))
			continue;
		for (size_t i = 0; i < rule->ncontainers; i++) {
			struct hg_change change = { .key = { rule->category, rule->container[i],
							    instance_of(rule, endpoint) },
				.expiry = rule->expiry,
				.expires = -1 };

			if (content_of(rule, said, &change))
				ret[n++] = change;
		}
	}
	return n;
}

static bool rule_eq(const struct hg_grammar_rule *a, const struct hg_grammar_rule *b)
{
	if (a->ncontainers != b->ncontainers)
		return false;
	for (size_t i = 0; i < a->ncontainers; i++)
		if (a->container[i] != b->container[i])
			return false;
	return a->category == b->category && a->kind == b->kind && a->sources == b->sources &&
		a->instance == b->instance && a->number == b->number && a->expiry == b->expiry &&
		a->transform == b->transform;
}

bool hg_grammar_eq(const struct hg_grammar *a, const struct hg_grammar *b)
{
	if (a->nrules != b->nrules)
		return false;
	for (size_t i = 0; i < a->nrules; i++)
		if (!rule_eq(&a->rule[i], &b->rule[i]))
			return false;
	return true;
}
