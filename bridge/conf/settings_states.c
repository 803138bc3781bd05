/* SPDX-License-Identifier: Apache-2.0 */
/* `custom-states:` of heliograph.yaml, EP 5: what clients make of more, or of longer texts, is their own affair, so there
 * is none of it. */
#include "bridge/conf/settings_check.h"
#include "bridge/base/lcid.h"

#include <string.h>

enum { STATES_MAX = 4, TEXT_MAX = 64 };

/* Characters, as UTF-8 that is known to be good. */
static size_t length_of(struct hg_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += (text.p[i] & 0xc0) != 0x80;
	return n;
}

/* A language alone, or one with the country that it has in the table: of "en-XX" nobody knows whom it is for. */
static uint32_t language_of(const char *tag)
{
	uint32_t lcid = hg_lcid_of(hg_str(tag));
	bool exact = lcid && hg_str_ieq(hg_str(hg_lcid_lang(lcid)), hg_str(tag));

	return exact || !strchr(tag, '-') ? lcid : 0;
}

/* Of two tags that are one number to Lync the second would never be seen. */
static const char *same_language(const struct hg_conf *texts, size_t before, uint32_t lcid)
{
	for (size_t i = 0; i < before; i++)
		if (language_of(hg_conf_key(texts, i)) == lcid)
			return hg_conf_key(texts, i);
	return NULL;
}

static void check_text(const struct hg_conf *texts, size_t index, struct hg_errs *errs)
{
	const char *tag = hg_conf_key(texts, index), *other;
	const struct hg_conf *value = hg_conf_get(texts, tag);
	struct hg_str text = hg_conf_text(value);
	uint32_t lcid = language_of(tag);

	if (!lcid)
		hg_conf_fault(errs, value, "write it like en, de or pt-BR",
			"texts: '%.40s' is no language that Lync has a number for", tag);
	else if ((other = same_language(texts, index, lcid)))
		hg_conf_fault(errs, value, "remove one of them",
			"texts: '%.40s' and '%.40s' are the same language to Lync", other, tag);
	if (length_of(text) > TEXT_MAX)
		hg_conf_fault(errs, value, "shorten it",
			"%.40s: a text of %zu characters; %d are the most", tag, length_of(text),
			TEXT_MAX);
	else if (hg_str_has_control(text))
		hg_conf_fault(errs, value, "write it in one line",
			"%.40s: a control character in the text", tag);
}

static void check_state(const struct hg_conf *state, struct hg_errs *errs)
{
	const struct hg_conf *texts = hg_conf_get(state, "texts");

	if (!hg_conf_key(texts, 0))
		hg_conf_fault(errs, texts, "add one, like texts: { en: Working from home }",
			"a state without text");
	for (size_t i = 0; hg_conf_key(texts, i); i++)
		check_text(texts, i, errs);
}

void settings_check_states(const struct hg_settings *s, struct hg_errs *errs)
{
	const struct hg_conf *list = s->custom_states;

	if (hg_conf_count(list) && !hg_conf_has(s->conf, "http"))
		hg_conf_fault(errs, list, "add a section http: at the top level",
			"custom-states: nobody can fetch them without an HTTP port");
	if (hg_conf_count(list) > STATES_MAX)
		hg_conf_fault(errs, hg_conf_at(list, STATES_MAX), "remove it, or another",
			"custom-states: clients take %d and no more", STATES_MAX);
	for (size_t i = 0; i < hg_conf_count(list); i++)
		if (!hg_conf_faulty(hg_conf_at(list, i)))
			check_state(hg_conf_at(list, i), errs);
}
