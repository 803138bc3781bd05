/* SPDX-License-Identifier: Apache-2.0 */
/* mappings/loss/TABLE.json: what is declared to come back otherwise, and whether all of it occurs. */
#pragma once

#include <heliograph/presence.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/support.h"

enum { LOSS_TOKENS = 24, LOSS_CIRCLES = HG_CIRCLE_CUSTOM + 1 };

struct loss_back {
	enum hg_band band;
	const char *token; /* one of struct loss, so that pointers are compared */
	int note;
	bool manual, idle;
};

struct loss_entry {
	bool declared, seen;
	struct loss_back back;
};

struct loss {
	char token[LOSS_TOKENS][HG_TOKEN_MAX]; /* that the table knows; [0] none */
	size_t ntokens;
	struct loss_entry entry[HG_BAND_COUNT][LOSS_TOKENS][3][2][2][LOSS_CIRCLES];
};

/* "" for one that the table does not know. */
static const char *loss_token(const struct loss *l, const char *token)
{
	for (size_t i = 1; i < l->ntokens; i++)
		if (hg_str_ieq(hg_str(l->token[i]), hg_str(token)))
			return l->token[i];
	return l->token[0];
}

static size_t loss_token_add(struct loss *l, const char *token)
{
	const char *known = loss_token(l, token);

	if (token[0] && !known[0]) {
		assert_true(l->ntokens < LOSS_TOKENS);
		snprintf(l->token[l->ntokens], HG_TOKEN_MAX, "%s", token);
		known = l->token[l->ntokens++];
	}
	return (size_t)(known - l->token[0]) / HG_TOKEN_MAX;
}

/* What is declared, else what went out. */
static struct loss_back loss_find(struct loss *l, enum hg_band band, const char *token, int note,
	bool manual, bool idle, enum hg_circle circle)
{
	size_t at = (size_t)(token - l->token[0]) / HG_TOKEN_MAX;
	struct loss_entry *e = &l->entry[band][at][note][manual][idle][circle];

	e->seen = true;
	return e->declared ? e->back : (struct loss_back){ band, token, note, manual, idle };
}

static bool loss_has(const json_t *of, const char *key, const char *word)
{
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(of, key), i, v)
		if (!strcmp(json_string_value(v), word))
			return true;
	return false;
}

static const char *loss_word(const json_t *of, const char *key)
{
	const char *word = json_string_value(json_object_get(of, key));

	return word ? word : "";
}

static void loss_declare(struct loss *l, const json_t *of, const json_t *back)
{
	static const char *const notes[] = { "none", "personal", "oof" },
				 *const yes[] = { "no", "yes" };
	static const char *const circles[LOSS_CIRCLES] = { "elsewhere", "external", "colleagues",
		"workgroup", "friends", "blocked", "custom" };
	enum hg_band band = hg_band_find(hg_str(loss_word(of, "availability")));
	size_t token = loss_token_add(l, loss_word(of, "activity"));

	assert_true(band < HG_BAND_COUNT);
	for (int i = 0; i < 3 * 2 * 2 * LOSS_CIRCLES; i++) {
		int note = i / (4 * LOSS_CIRCLES), manual = i / (2 * LOSS_CIRCLES) % 2;
		int idle = i / LOSS_CIRCLES % 2, circle = i % LOSS_CIRCLES;
		struct loss_entry *e = &l->entry[band][token][note][manual][idle][circle];
		const char *b = loss_word(back, "note");

		if (!loss_has(of, "note", notes[note]) || !loss_has(of, "manual", yes[manual]) ||
			!loss_has(of, "idle", yes[idle]) ||
			!loss_has(of, "container", circles[circle]))
			continue;
		assert_false(e->declared); /* twice */
		e->declared = true;
		e->back = (struct loss_back){ hg_band_find(hg_str(loss_word(back, "availability"))),
			l->token[loss_token_add(l, loss_word(back, "activity"))],
			!b[0]                 ? note
				: b[0] == 'o' ? 2
					      : b[0] == 'p',
			json_is_true(json_object_get(back, "manual")),
			loss_word(back, "idle")[0] ? loss_word(back, "idle")[0] == 'y' : idle };
	}
}

/* `ret` is large: on the heap. */
static void loss_read(const char *path, struct loss *ret)
{
	json_t *all = json_load_file(path, 0, NULL), *group, *of;
	size_t i, k;

	if (!all)
		fail_msg("%s is not there, or no JSON", path);
	memset(ret, 0, sizeof(*ret));
	ret->ntokens = 1;
	for (i = 0; hg_token_standard(i); i++)
		loss_token_add(ret, hg_token_standard(i));
	json_array_foreach (json_object_get(json_array_get(all, 0), "groups"), i, group)
		json_array_foreach (json_object_get(group, "of"), k, of)
			loss_declare(ret, of, json_object_get(group, "back"));
	json_decref(all);
}

/* How many states are declared that nobody came across. */
static size_t loss_stale(const struct loss *l)
{
	const struct loss_entry *e = &l->entry[0][0][0][0][0][0];
	size_t stale = 0;

	for (size_t i = 0; i < sizeof(l->entry) / sizeof(*e); i++)
		stale += e[i].declared && !e[i].seen;
	return stale;
}
