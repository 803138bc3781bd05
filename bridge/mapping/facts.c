/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule may ask of a person's presence beside availability and activity: each has few values. */
#include "bridge/mapping/internal.h"

#include <string.h>

/* In the order of their enumerations in presence.h; value 0 is that there is none, or that nothing is known. */
static const struct fact {
	const char *name;
	const char *word[HG_FACT_VALUES];
} facts[HG_FACTS] = {
	[HG_FACT_IDLE] = { "idle", { "no", "yes" } },
	[HG_FACT_TEXT] = { "text", { "no", "yes" } },
	[HG_FACT_NOTE] = { "note", { "no", "personal", "oof" } },
	[HG_FACT_MANUAL] = { "manual", { "no", "yes" } },
	[HG_FACT_CALENDAR] = { "calendar", { "no", "free", "tentative", "busy", "oof" } },
	[HG_FACT_DEVICE] = { "device",
		{ "no", "computer", "deskphone", "mobile", "web", "other" } },
	[HG_FACT_CONTAINER] = { "container",
		{ "no", "external", "colleagues", "workgroup", "friends", "blocked", "custom" } },
};

const char *hg_fact_name(enum hg_fact f)
{
	return facts[f].name;
}

size_t hg_fact_values(enum hg_fact f)
{
	size_t n = 0;

	while (n < HG_FACT_VALUES && facts[f].word[n])
		n++;
	return n;
}

const char *hg_fact_word(enum hg_fact f, size_t value)
{
	return facts[f].word[value];
}

static bool is_one_of(const char *word, const char *const *of, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, of[i]) == 0)
			return true;
	return false;
}

/* As YAML spells them. */
static bool means_yes(const char *word)
{
	return is_one_of(word, (const char *const[]){ "yes", "on", "true" }, 3);
}

static bool means_no(const char *word)
{
	return is_one_of(word, (const char *const[]){ "no", "off", "false" }, 3);
}

uint8_t hg_fact_read(enum hg_fact f, const char *word)
{
	size_t n = hg_fact_values(f);

	if (means_no(word))
		return 1;
	if (means_yes(word))
		return (uint8_t)((1u << n) - 2);
	for (size_t v = 1; v < n; v++)
		if (strcmp(word, facts[f].word[v]) == 0)
			return (uint8_t)(1u << v);
	return 0;
}

/* An activity counts only while the availability lies between its bounds (EP 1.4). */
static bool activity_holds(const struct hg_presence *p)
{
	uint32_t max = p->activity.max ? p->activity.max : UINT32_MAX;

	return p->availability >= p->activity.min && p->availability <= max;
}

static uint8_t note_kind(const struct hg_note *n)
{
	if (!hg_str_trim(hg_bytes_str(n->text)).n)
		return 0;
	return n->oof ? 2 : 1;
}

bool hg_may_be_idle(enum hg_band band)
{
	return band != HG_BAND_AVAILABLE && band != HG_BAND_BUSY;
}

int64_t hg_idle_of(const struct hg_presence *p)
{
	return hg_may_be_idle(hg_band_of(p->availability)) ? p->last_active : 0;
}

struct hg_shown hg_shown_of(const struct hg_presence *p)
{
	bool holds = activity_holds(p);

	return (struct hg_shown){ .availability = p->availability,
		.activity = holds ? hg_str(p->activity.token) : HG_STR_NONE,
		.fact = { [HG_FACT_IDLE] = hg_idle_of(p) > 0,
			[HG_FACT_TEXT] = holds && p->activity.custom,
			[HG_FACT_NOTE] = note_kind(&p->note),
			[HG_FACT_MANUAL] = p->manual,
			[HG_FACT_CALENDAR] = (uint8_t)p->busy,
			[HG_FACT_DEVICE] = (uint8_t)p->device,
			[HG_FACT_CONTAINER] = (uint8_t)p->circle } };
}
