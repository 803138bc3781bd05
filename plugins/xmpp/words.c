/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody tells by personal eventing, in words: for everybody whose protocol has no name for it. His own go before the
 * names of the lists, which are English, as the XEPs have them.
 */
#include "plugins/xmpp/iq.h"

#include <stdio.h>

static struct hg_str get(const struct hg_record *r, uint16_t field)
{
	const struct hg_value *v = hg_record_get(r, field);

	return v ? v->text : HG_STR_NONE;
}

void hg_xmpp_words_done(struct hg_xmpp_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		hg_buf_done(&w->text[i]);
}

static struct hg_buf *add(struct hg_xmpp_words *w, const char *lang)
{
	struct hg_value *v = &w->value[w->n];

	*v = (struct hg_value){ 0 };
	snprintf(v->lang, sizeof(v->lang), "%s", lang);
	w->text[w->n] = (struct hg_buf){ 0 };
	return &w->text[w->n++];
}

/* With the name before them, if `name` is one. Whether he has said any. */
static bool add_own(
	struct hg_xmpp_words *w, const struct hg_record *r, uint16_t text, struct hg_str name)
{
	for (uint32_t i = 0; i < r->n && w->n < HG_XMPP_LANGS_MAX; i++) {
		struct hg_buf *b;

		if (r->value[i].field != text)
			continue;
		b = add(w, r->value[i].lang);
		hg_buf_add_name(b, name);
		if (name.n)
			hg_buf_adds(b, HG_XMPP_REASON);
		hg_buf_add(b, r->value[i].text);
	}
	return w->n > 0;
}

static void add_name(struct hg_xmpp_words *w, struct hg_str name)
{
	if (name.n)
		hg_buf_add_name(add(w, "en"), name);
}

static bool says_nothing(struct hg_str name)
{
	return hg_str_is(name, "undefined") || hg_str_is(name, "other");
}

void hg_xmpp_activity_words(const struct hg_record *r, struct hg_xmpp_words *w)
{
	struct hg_str name = get(r, HG_XMPP_SPECIFIC);

	if (add_own(w, r, HG_XMPP_ACTIVITY_TEXT, HG_STR_NONE))
		return;
	if (!name.n || says_nothing(name))
		name = get(r, HG_XMPP_GENERAL);
	if (!says_nothing(name))
		add_name(w, name);
}

/* The text of a mood is a reason for it, which alone could be one for any. */
void hg_xmpp_mood_words(const struct hg_record *r, struct hg_xmpp_words *w)
{
	struct hg_str name = get(r, HG_XMPP_MOOD);

	if (says_nothing(name))
		name = HG_STR_NONE;
	if (!add_own(w, r, HG_XMPP_MOOD_TEXT, name))
		add_name(w, name);
}

/* Nobody reads coordinates, and they would tell of a place more than it is called. */
void hg_xmpp_place_words(const struct hg_record *r, struct hg_xmpp_words *w)
{
	static const uint16_t parts[] = { HG_XMPP_PLACE_BUILDING, HG_XMPP_PLACE_STREET,
		HG_XMPP_PLACE_LOCALITY, HG_XMPP_PLACE_REGION, HG_XMPP_PLACE_COUNTRY };
	struct hg_buf all = { 0 };

	if (add_own(w, r, HG_XMPP_PLACE_DESCRIPTION, HG_STR_NONE) ||
		add_own(w, r, HG_XMPP_PLACE_TEXT, HG_STR_NONE))
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct hg_str part = get(r, parts[i]);

		if (part.n && all.n)
			hg_buf_adds(&all, ", ");
		hg_buf_add(&all, part);
	}
	if (all.n)
		hg_buf_add(add(w, ""), hg_buf_str(&all));
	hg_buf_done(&all);
}
