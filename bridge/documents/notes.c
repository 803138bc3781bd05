/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/notes.h"

#include <stdlib.h>
#include <string.h>

static void set_lang(struct hg_lang_text *note, struct hg_str lang)
{
	if (hg_lang_valid(lang))
		memcpy(note->lang, lang.p, lang.n);
}

void hg_notes_add(struct hg_notes *notes, struct hg_str lang, struct hg_str text)
{
	if (notes->n == HG_NOTES_MAX)
		return;
	notes->v = hg_realloc(notes->v, (notes->n + 1) * sizeof(*notes->v));
	notes->v[notes->n] = (struct hg_lang_text){ .text = hg_bytes_new(text) };
	set_lang(&notes->v[notes->n++], lang);
}

void hg_notes_set_lang(struct hg_notes *notes, struct hg_str lang)
{
	for (size_t i = 0; i < notes->n; i++) {
		if (!notes->v[i].lang[0])
			set_lang(&notes->v[i], lang);
	}
}

struct hg_str hg_notes_first(const struct hg_notes *notes)
{
	for (size_t i = 0; i < notes->n; i++) {
		if (notes->v[i].text->n)
			return hg_bytes_str(notes->v[i].text);
	}
	return HG_STR_NONE;
}

void hg_notes_done(struct hg_notes *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		hg_bytes_unref(notes->v[i].text);
	free(notes->v);
	*notes = (struct hg_notes){ 0 };
}
