/* SPDX-License-Identifier: Apache-2.0 */
/* The core's side of a rule: inward what is said, outward which presence it is for. */
#include "bridge/mapping/internal.h"
#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <string.h>

enum { STATE, AVAILABILITY, ACTIVITY, FACTS };

const char *const hg_canonical_keys[HG_CANONICAL_MAX] = { "state", "availability", "activity",
	"idle", "text", "note", "manual", "calendar", "device", "container" };

_Static_assert(HG_CANONICAL_MAX == FACTS + HG_FACTS, "each fact has a key");

#define BANDS_ALL ((1u << HG_BAND_COUNT) - 1)

static bool fault_word(const struct hg_table *t, const struct hg_row *row,
	const struct hg_term *term, const char *value, const char *const *words, size_t n,
	struct hg_errs *errs)
{
	char hint[HG_SUGGESTION];

	hg_suggest(hg_str(value), words, n, hint);
	hg_fault(errs, t, row, term->line, hint, "%s is never '%s'", term->key, value);
	return false;
}

static bool set_state(const struct hg_table *t, struct hg_row *row, const struct hg_term *term,
	struct hg_errs *errs)
{
	static const char *const words[] = {
		[HG_SAID_NONE] = "none",
		[HG_SAID_MACHINE] = "machine",
		[HG_SAID_USER] = "user",
		[HG_SAID_PHONE] = "phone",
		[HG_SAID_CALENDAR] = "calendar",
	};
	enum { WORDS = sizeof(words) / sizeof(words[0]) };

	if (!row->in) {
		hg_fault(errs, t, row, term->line, "leave it out, or let the rule go both ways",
			"a state is only said inward");
		return false;
	}
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i], term->value[0]) == 0) {
			row->state = (enum hg_said)i;
			return true;
		}
	}
	return fault_word(t, row, term, term->value[0], words, WORDS, errs);
}

/* The availability that an inward rule says. */
static bool say(const struct hg_table *t, struct hg_row *row, const struct hg_term *term,
	uint32_t number, struct hg_errs *errs)
{
	row->availability = number;
	if (!row->in || row->state == HG_SAID_NONE || hg_band_of(number) != HG_BAND_UNKNOWN)
		return true;
	hg_fault(errs, t, row, term->line, "say state: none, or put another availability first",
		"availability '%s' cannot be said inward", term->value[0]);
	return false;
}

static bool add_availability(struct hg_table *t, struct hg_row *row, const struct hg_term *term,
	size_t i, struct hg_errs *errs)
{
	struct hg_str value = hg_str(term->value[i]);
	enum hg_band band = hg_band_find(value);
	const char *names[HG_BAND_COUNT];
	struct hg_range range;

	if (band != HG_BAND_COUNT) {
		row->bands |= 1u << band;
		return i || say(t, row, term, hg_band_canonical(band), errs);
	}
	if (!hg_range_read(value, &range) || range.low < 0 || range.high > UINT32_MAX ||
		range.low > range.high) {
		for (size_t b = 0; b < HG_BAND_COUNT; b++)
			names[b] = hg_band_name((enum hg_band)b);
		return fault_word(t, row, term, term->value[i], names, HG_BAND_COUNT, errs);
	}
	hg_range_add(t, range);
	row->nranges++;
	if (i || !row->in || row->state == HG_SAID_NONE)
		return true;
	if (range.low != range.high) {
		hg_fault(errs, t, row, term->line,
			"put a name or one number first, or say direction: out",
			"availability '%s' cannot be said inward", term->value[0]);
		return false;
	}
	return say(t, row, term, (uint32_t)range.low, errs);
}

static bool set_availability(
	struct hg_table *t, struct hg_row *row, const struct hg_term *term, struct hg_errs *errs)
{
	bool ok = true;

	if (!row->out && term->value[1]) {
		hg_fault(errs, t, row, term->line, "leave one",
			"a rule with direction: in says one availability");
		return false;
	}
	row->bands = 0;
	row->range = t->nranges;
	for (size_t i = 0; term->value[i]; i++)
		ok &= add_availability(t, row, term, i, errs);
	return ok;
}

static bool set_fact(const struct hg_table *t, struct hg_row *row, const struct hg_term *term,
	enum hg_fact f, struct hg_errs *errs)
{
	const char *words[HG_FACT_VALUES + 1];
	size_t n = hg_fact_values(f), nwords = 0;

	for (size_t v = 1; v < n && n > 2; v++)
		words[nwords++] = hg_fact_word(f, v);
	words[nwords++] = "yes";
	words[nwords++] = "no";
	row->fact[f] = 0;
	for (size_t i = 0; term->value[i]; i++) {
		uint8_t bits = hg_fact_read(f, term->value[i]);

		if (!bits)
			return fault_word(t, row, term, term->value[i], words, nwords, errs);
		row->fact[f] |= bits;
	}
	return true;
}

static bool is_said_by_people(const struct hg_row *row)
{
	return row->in && row->state != HG_SAID_NONE && row->state != HG_SAID_MACHINE;
}

static bool set_activity(
	struct hg_table *t, struct hg_row *row, const struct hg_term *term, struct hg_errs *errs)
{
	row->activity = t->nstrings;
	for (; term->value[row->nactivities]; row->nactivities++) {
		const char *token = hg_table_string(t, term->value[row->nactivities]);

		if (strlen(token) >= HG_TOKEN_MAX) {
			hg_fault(errs, t, row, term->line, "shorten it",
				"activity '%.60s' is longer than any may be", token);
			return false;
		}
	}
	if (is_said_by_people(row))
		row->token = t->string[row->activity];
	return true;
}

/* A condition on what only the core knows: of no use inward, but for what a state of a person says beside. */
static bool set_condition(struct hg_table *t, struct hg_row *row, const struct hg_term *term,
	int key, struct hg_errs *errs)
{
	bool said = (key == ACTIVITY && is_said_by_people(row)) ||
		(key == FACTS + HG_FACT_MANUAL && row->in && row->state == HG_SAID_USER);

	if (!row->out && !said) {
		hg_fault(errs, t, row, term->line, "leave it out, or let the rule go both ways",
			"%s is only asked for outward", term->key);
		return false;
	}
	if (key == ACTIVITY)
		return set_activity(t, row, term, errs);
	if (!set_fact(t, row, term, (enum hg_fact)(key - FACTS), errs))
		return false;
	if (said)
		row->automatic = row->fact[HG_FACT_MANUAL] == 1;
	return true;
}

static int key_of(const struct hg_table *t, const struct hg_row *row, const struct hg_term *term,
	struct hg_errs *errs)
{
	char hint[HG_SUGGESTION];

	if (!term->value[0]) {
		hg_fault(errs, t, row, term->line, "give it one, or leave it out",
			"%s has no value", term->key);
		return -1;
	}
	for (int i = 0; i < HG_CANONICAL_MAX; i++) {
		if (strcmp(hg_canonical_keys[i], term->key) == 0)
			return i;
	}
	hg_suggest(hg_str(term->key), hg_canonical_keys, HG_CANONICAL_MAX, hint);
	hg_fault(errs, t, row, term->line, hint, "unknown key '%s'", term->key);
	return -1;
}

static bool set(struct hg_table *t, struct hg_row *row, const struct hg_term *term, int key,
	struct hg_errs *errs)
{
	if (key == STATE)
		return set_state(t, row, term, errs);
	if (key == AVAILABILITY)
		return set_availability(t, row, term, errs);
	return set_condition(t, row, term, key, errs);
}

bool hg_canonical_compile(
	struct hg_table *t, struct hg_row *row, const struct hg_rule *rule, struct hg_errs *errs)
{
	const struct hg_term *term[HG_CANONICAL_MAX] = { NULL };
	bool ok = true;

	for (size_t i = 0; i < HG_CANONICAL_MAX && rule->canonical[i].key; i++) {
		int key = key_of(t, row, &rule->canonical[i], errs);

		if (key >= 0)
			term[key] = &rule->canonical[i];
		ok &= key >= 0;
	}
	row->bands = BANDS_ALL;
	memset(row->fact, HG_FACT_ANY, sizeof(row->fact));
	/* in the order of the keys: what may stand under availability depends on the state */
	for (int key = 0; key < HG_CANONICAL_MAX; key++)
		ok &= !term[key] || set(t, row, term[key], key, errs);
	if (ok && row->in && !term[STATE]) {
		hg_fault(errs, t, row, 0,
			"add state: machine, user, phone, calendar or none under canonical:",
			"it does not say which state it makes");
		return false;
	}
	if (ok && row->in && row->state != HG_SAID_NONE && !term[AVAILABILITY]) {
		hg_fault(errs, t, row, 0, "add availability: ... under canonical:",
			"it does not say which availability it makes");
		return false;
	}
	return ok;
}
