/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How somebody feels (XEP-0107). Nobody but XMPP clients has a list of moods, so what is known of one are words; those that a
 * name of the list stands for, alone or with a reason after it ("Happy: the sun shines"), are told as what they are. words.c
 * makes the words of a mood.
 */
#include "plugins/xmpp/iq.h"

#include <string.h>

/* XEP-0107 3, but for `undefined`, which says nothing. */
static const char *const moods[] = { "afraid", "amazed", "amorous", "angry", "annoyed", "anxious",
	"aroused", "ashamed", "bored", "brave", "calm", "cautious", "cold", "confident", "confused",
	"contemplative", "contented", "cranky", "crazy", "creative", "curious", "dejected",
	"depressed", "disappointed", "disgusted", "dismayed", "distracted", "embarrassed",
	"envious", "excited", "flirtatious", "frustrated", "grateful", "grieving", "grumpy",
	"guilty", "happy", "hopeful", "hot", "humbled", "humiliated", "hungry", "hurt", "impressed",
	"in_awe", "in_love", "indignant", "interested", "intoxicated", "invincible", "jealous",
	"lonely", "lost", "lucky", "mean", "moody", "nervous", "neutral", "offended", "outraged",
	"playful", "proud", "relaxed", "relieved", "remorseful", "restless", "sad", "sarcastic",
	"satisfied", "serious", "shocked", "shy", "sick", "sleepy", "spontaneous", "stressed",
	"strong", "surprised", "thankful", "thirsty", "tired", "weak", "worried" };

/* "In love" is in_love. */
static bool is_name(struct hg_str words, const char *name)
{
	for (size_t i = 0; i < words.n; i++) {
		char c = words.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!name[i] || c != (name[i] == '_' ? ' ' : name[i]))
			return false;
	}
	return !name[words.n];
}

const char *hg_xmpp_mood_of(struct hg_str words, struct hg_str *reason)
{
	const char *colon = words.n
		? memmem(words.p, words.n, HG_XMPP_REASON, strlen(HG_XMPP_REASON))
		: NULL;
	struct hg_str name = { words.p, colon ? (size_t)(colon - words.p) : words.n };

	*reason = HG_STR_NONE;
	for (size_t i = 0; i < sizeof(moods) / sizeof(moods[0]); i++) {
		if (!is_name(name, moods[i]))
			continue;
		if (colon)
			*reason = (struct hg_str){ colon + strlen(HG_XMPP_REASON),
				words.n - name.n - strlen(HG_XMPP_REASON) };
		return moods[i];
	}
	return NULL;
}

const char *hg_xmpp_mood(const struct hg_record *r)
{
	const char *mood = NULL;
	struct hg_str one, reason;

	for (uint32_t i = 0; i < r->n; i++) {
		struct hg_str rest = r->value[i].text;

		while (!mood && r->value[i].field == HG_XMPP_ACTIVITY_MOOD &&
			hg_words_next(&rest, &one))
			mood = hg_xmpp_mood_of(one, &reason);
	}
	return mood;
}

/* Why, in this language. */
static void add_reason(
	struct hg_buf *b, const struct hg_value *words, const char *mood, size_t most)
{
	struct hg_value v = *words;
	struct hg_str rest = words->text, one;

	while (hg_words_next(&rest, &one)) {
		if (hg_xmpp_mood_of(one, &v.text) == mood) {
			hg_xmpp_add_text(b, "text", &v, most);
			return;
		}
	}
}

bool hg_xmpp_write_mood(struct hg_buf *b, const struct hg_record *r)
{
	const char *mood = hg_xmpp_mood(r);
	size_t most = b->n + HG_XMPP_TEXTS_MAX;

	if (!mood)
		return false;
	hg_buf_addf(b, "<mood xmlns='" HG_XMPP_NS_MOOD "'><%s/>", mood);
	for (uint32_t i = 0; i < r->n; i++)
		if (r->value[i].field == HG_XMPP_ACTIVITY_MOOD)
			add_reason(b, &r->value[i], mood, most);
	hg_buf_adds(b, "</mood>");
	return true;
}
