/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody does (XEP-0108): the vocabulary, and a record of it as the payload of personal eventing. What the words mean
 * is for mappings/xmpp-activity.yaml to say; events.c reads them.
 */
#include "plugins/xmpp/iq.h"

/* XEP-0108 3.3.1 */
static const char *const general[] = { "doing_chores", "drinking", "eating", "exercising",
	"grooming", "having_appointment", "inactive", "relaxing", "talking", "traveling",
	"undefined", "working", NULL };
static const char *const specific[] = { "at_the_spa", "brushing_teeth", "buying_groceries",
	"cleaning", "coding", "commuting", "cooking", "cycling", "dancing", "day_off",
	"doing_maintenance", "doing_the_dishes", "doing_the_laundry", "driving", "fishing",
	"gaming", "gardening", "getting_a_haircut", "going_out", "hanging_out", "having_a_beer",
	"having_a_snack", "having_breakfast", "having_coffee", "having_dinner", "having_lunch",
	"having_tea", "hiding", "hiking", "in_a_car", "in_a_meeting", "in_real_life", "jogging",
	"on_a_bus", "on_a_plane", "on_a_train", "on_a_trip", "on_the_phone", "on_vacation",
	"on_video_phone", "other", "partying", "playing_sports", "praying", "reading", "rehearsing",
	"running", "running_an_errand", "scheduled_holiday", "shaving", "shopping", "skiing",
	"sleeping", "smoking", "socializing", "studying", "sunbathing", "swimming", "taking_a_bath",
	"taking_a_shower", "thinking", "walking", "walking_the_dog", "watching_a_movie",
	"watching_tv", "working_out", "writing", NULL };

static const struct hg_field_def fields[HG_XMPP_ACTIVITY_FIELDS] = {
	[HG_XMPP_GENERAL] = { .name = "general", .kind = HG_FIELD_TOKEN, .tokens = general },
	[HG_XMPP_SPECIFIC] = { .name = "specific", .kind = HG_FIELD_TOKEN, .tokens = specific },
	[HG_XMPP_ACTIVITY_TEXT] = { .name = "text", .kind = HG_FIELD_TEXT },
	[HG_XMPP_ACTIVITY_MOOD] = { .name = "mood", .kind = HG_FIELD_TEXT },
};

const struct hg_vocabulary hg_xmpp_activity_vocabulary = { "xmpp-activity", fields,
	HG_XMPP_ACTIVITY_FIELDS };

/* But for what is told as his mood. */
static bool add_text(struct hg_buf *b, const struct hg_value *text, const char *mood, size_t most)
{
	struct hg_str rest = text->text, one, reason;
	struct hg_value left = *text;
	struct hg_buf words = { 0 };
	size_t n;

	while (hg_words_next(&rest, &one))
		if (!mood || hg_xmpp_mood_of(one, &reason) != mood)
			hg_buf_add_also(&words, one);
	left.text = hg_buf_str(&words);
	n = hg_xmpp_add_text(b, "text", &left, most);
	hg_buf_done(&words);
	return n > 0;
}

bool hg_xmpp_write_activity(struct hg_buf *b, const struct hg_record *r)
{
	const struct hg_value *is = hg_record_get(r, HG_XMPP_GENERAL);
	const struct hg_value *more = hg_record_get(r, HG_XMPP_SPECIFIC);
	const char *mood = hg_xmpp_mood(r);
	size_t before = b->n, most = before + HG_XMPP_TEXTS_MAX;
	bool says;

	if (!is)
		return false;
	says = !hg_str_is(is->text, "undefined"); /* else the words alone do */
	hg_buf_adds(b, "<activity xmlns='" HG_XMPP_NS_ACTIVITY "'>");
	hg_buf_addf(b, "<%.*s>", HG_STR_ARG(is->text));
	if (more)
		hg_buf_addf(b, "<%.*s/>", HG_STR_ARG(more->text));
	hg_buf_addf(b, "</%.*s>", HG_STR_ARG(is->text));
	for (uint32_t i = 0; i < r->n; i++)
		if (r->value[i].field == HG_XMPP_ACTIVITY_TEXT)
			says |= add_text(b, &r->value[i], mood, most);
	hg_buf_adds(b, "</activity>");
	if (!says)
		b->n = before;
	return says;
}
