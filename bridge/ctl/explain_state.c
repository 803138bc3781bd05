/* SPDX-License-Identifier: Apache-2.0 */
/* A word that is understood as something else than it was meant makes an answer that is wrong and looks right. So each is
 * known, each thing is said once, and there is an availability among them. */

#include "bridge/ctl/explain_state.h"

#include "bridge/base/lcid.h"
#include "bridge/mapping/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct reading {
	const struct hg_command *command;
	struct hg_activities activity; /* those that the table knows */
	struct hg_presence *state;
	bool has_availability;
};

/* What may stand in --state, for who misspells it. */
static bool refuse_word(const struct reading *r, const char *word)
{
	const char **name = hg_alloc((HG_BAND_COUNT + r->activity.n + 1) * sizeof(*name));
	size_t n = 0;

	while (n < HG_BAND_COUNT) {
		name[n] = hg_band_name((enum hg_band)n);
		n++;
	}
	for (size_t i = 0; i < r->activity.n; i++)
		name[n++] = r->activity.token[i];
	name[n++] = "idle";
	hg_misuse_word(r->command, "of a state there is no ", word, name, n);
	free(name);
	return false;
}

static bool refuse_second(const struct reading *r, const char *what, const char *word)
{
	char said[64];

	snprintf(said, sizeof(said), "there is %s already before ", what);
	hg_misuse_word(r->command, said, word, NULL, 0);
	return false;
}

static bool set_availability(struct reading *r, const char *word, uint32_t number)
{
	if (r->has_availability)
		return refuse_second(r, "an availability", word);
	r->has_availability = true;
	r->state->availability = number;
	return true;
}

static bool set_activity(struct reading *r, const char *word, const char *token)
{
	if (r->state->activity.token[0])
		return refuse_second(r, "an activity", word);
	snprintf(r->state->activity.token, sizeof(r->state->activity.token), "%s", token);
	return true;
}

static bool set_text(struct reading *r, const char *word, const char *text)
{
	struct hg_text said = { .lcid = HG_LCID_ENGLISH };

	if (r->state->activity.custom)
		return refuse_second(r, "a text", word);
	said.text = hg_bytes_new(hg_str(text));
	r->state->activity.custom = hg_texts_new(&said, 1);
	hg_bytes_unref(said.text);
	return true;
}

static bool read_number(struct reading *r, const char *word)
{
	int64_t number;

	if (hg_str_i64(hg_str(word), &number) && number >= 0 && number <= UINT32_MAX)
		return set_availability(r, word, (uint32_t)number);
	hg_misuse_word(r->command, "an availability is a number from 0 to 4294967295, not ", word,
		NULL, 0);
	return false;
}

static bool read_word(struct reading *r, const char *word)
{
	enum hg_band band = hg_band_find(hg_str(word));
	const char *token = hg_activities_find(&r->activity, hg_str(word));

	if (band != HG_BAND_COUNT)
		return set_availability(r, word, hg_band_canonical(band));
	if (isdigit((unsigned char)word[word[0] == '-']))
		return read_number(r, word);
	if (token)
		return set_activity(r, word, token);
	if (strncmp(word, "text=", 5) == 0)
		return set_text(r, word, word + 5);
	if (strncmp(word, "note=", 5) == 0)
		r->state->note.text = hg_bytes_new(hg_str(word + 5));
	else if (strcmp(word, "idle") == 0)
		r->state->last_active = (int64_t)time(NULL) * 1000;
	else
		return refuse_word(r, word);
	return true;
}

static bool read_words(struct reading *r, const char *state)
{
	char *words = hg_str_dup(hg_str(state)), *rest = words, *word;
	bool ok = true;

	while (ok && rest) {
		/* A note comes last: it may hold commas. */
		word = strsep(&rest, strncmp(rest, "note=", 5) ? "," : "");
		ok = !word[0] || read_word(r, word);
	}
	free(words);
	return ok;
}

/* Any may be asked about: clients have activities of their own. Whether a rule is for it is told. */
static bool read_token(struct reading *r, const char *token)
{
	char hint[HG_SUGGESTION];

	if (!token[0] || strlen(token) >= HG_TOKEN_MAX) {
		hg_misuse_word(r->command, "--token needs an activity of 1 to 47 octets, not ",
			token, NULL, 0);
		return false;
	}
	if (!hg_activities_find(&r->activity, hg_str(token))) {
		hg_suggest(hg_str(token), r->activity.token, r->activity.n, hint);
		fprintf(stderr,
			"heliograph %s: no rule is for the activity '%s', nor is it a standard one (%s)\n",
			r->command->name, token, hint);
	}
	return set_activity(r, token, token);
}

/* One that has a few words: its place among them into `ret`, 0 where nothing was said. */
static bool one_of(const struct reading *r, const struct hg_option *o, const char *const *word,
	size_t n, size_t *ret)
{
	char what[64];

	*ret = 0;
	while (o->value && *ret < n && strcmp(word[*ret], o->value) != 0)
		(*ret)++;
	if (*ret < n)
		return true;
	snprintf(what, sizeof(what), "--%s is never ", o->name);
	hg_misuse_word(r->command, what, o->value, word, n);
	return false;
}

#define ONE_OF(r, o, words, ret) one_of(r, o, words, sizeof(words) / sizeof((words)[0]), ret)

/* What the rules may ask for beside, each as an option of its own; in the order of their enumerations. */
static bool read_options(struct reading *r, const struct hg_option *own)
{
	static const char *const yes[] = { "no", "yes" },
				 *const note[] = { "no", "personal", "oof" },
				 *const busy[] = { "no", "free", "tentative", "busy", "oof" },
				 *const device[] = { "no", "computer", "deskphone", "mobile", "web",
					 "other" },
				 *const circle[] = { "no", "external", "colleagues", "workgroup",
					 "friends", "blocked", "custom" };
	size_t is_manual, of_note, of_busy, of_device, of_circle;
	struct hg_presence *p = r->state;

	if (!ONE_OF(r, &own[HG_EXPLAIN_MANUAL], yes, &is_manual) ||
		!ONE_OF(r, &own[HG_EXPLAIN_NOTE], note, &of_note) ||
		!ONE_OF(r, &own[HG_EXPLAIN_CALENDAR], busy, &of_busy) ||
		!ONE_OF(r, &own[HG_EXPLAIN_DEVICE], device, &of_device) ||
		!ONE_OF(r, &own[HG_EXPLAIN_CONTAINER], circle, &of_circle))
		return false;
	if (own[HG_EXPLAIN_NOTE].value && !of_note && p->note.text) {
		hg_misuse(r->command, "--note no, and note=TEXT in --state: leave one out", "");
		return false;
	}
	p->manual = is_manual;
	p->busy = (enum hg_busy)of_busy;
	p->device = (enum hg_device_kind)of_device;
	p->circle = (enum hg_circle)of_circle;
	p->note.oof = of_note == 2;
	if (of_note && !p->note.text)
		p->note.text = hg_bytes_new(hg_str("(a note)"));
	return !own[HG_EXPLAIN_TOKEN].value || read_token(r, own[HG_EXPLAIN_TOKEN].value);
}

static bool has_availability(const struct reading *r, const char *state)
{
	const char *name[HG_BAND_COUNT];

	for (int b = 0; b < HG_BAND_COUNT; b++)
		name[b] = hg_band_name((enum hg_band)b);
	if (!r->has_availability)
		hg_misuse_word(r->command, "an availability or its number is missing in --state ",
			state, name, HG_BAND_COUNT);
	return r->has_availability;
}

int hg_explain_state(const struct hg_command *cmd, const struct hg_table *t,
	const struct hg_option *own, struct hg_presence *ret)
{
	struct reading r = { cmd, hg_table_activities(t), ret, false };
	const char *state = own[HG_EXPLAIN_STATE].value;
	bool ok;

	*ret = (struct hg_presence){ 0 };
	ok = read_words(&r, state) && has_availability(&r, state) && read_options(&r, own);
	free(r.activity.token);
	return ok ? HG_DONE : HG_WRONG;
}
