/* SPDX-License-Identifier: Apache-2.0 */
/* Names of RPID's values, RFC 4480 3 and RFC 4589 3. */
#include "bridge/documents/rpid.h"

#include <stdlib.h>
#include <string.h>

/* The text of the RFC has `lunch`, its schema forgot it. */
static const char *const activities[] = { "appointment", "away", "breakfast", "busy", "dinner",
	"holiday", "in-transit", "looking-for-work", "lunch", "meal", "meeting", "on-the-phone",
	"performance", "permanent-absence", "playing", "presentation", "shopping", "sleeping",
	"spectator", "steering", "travel", "tv", "unknown", "vacation", "working", "worship",
	NULL };

static const char *const moods[] = { "afraid", "amazed", "angry", "annoyed", "anxious", "ashamed",
	"bored", "brave", "calm", "cold", "confused", "contented", "cranky", "curious", "depressed",
	"disappointed", "disgusted", "distracted", "embarrassed", "excited", "flirtatious",
	"frustrated", "grumpy", "guilty", "happy", "hot", "humbled", "humiliated", "hungry", "hurt",
	"impressed", "in_awe", "in_love", "indignant", "interested", "invincible", "jealous",
	"lonely", "mean", "moody", "nervous", "neutral", "offended", "playful", "proud", "relieved",
	"remorseful", "restless", "sad", "sarcastic", "serious", "shocked", "shy", "sick", "sleepy",
	"stressed", "surprised", "thirsty", "unknown", "worried", NULL };

static const char *const place_types[] = { "aircraft", "airport", "arena", "automobile", "bank",
	"bar", "bicycle", "bus", "bus-station", "cafe", "classroom", "club", "construction",
	"convention-center", "government", "hospital", "hotel", "industrial", "library",
	"motorcycle", "office", "outdoors", "parking", "place-of-worship", "prison", "public",
	"public-transport", "residence", "restaurant", "school", "shopping-area", "stadium",
	"store", "street", "theater", "train", "train-station", "truck", "underway", "unknown",
	"warehouse", "water", "watercraft", NULL };

static const char *const privacies[] = { "audio", "text", "unknown", "video", NULL };
static const char *const relationships[] = { "assistant", "associate", "family", "friend", "self",
	"supervisor", "unknown", NULL };
static const char *const service_classes[] = { "courier", "electronic", "freight", "in-person",
	"postal", "unknown", NULL };

static const char *const *const lists[HG_RPID_LISTS] = {
	[HG_RPID_ACTIVITIES] = activities,
	[HG_RPID_MOOD] = moods,
	[HG_RPID_PLACE_TYPE] = place_types,
	[HG_RPID_PRIVACY] = privacies,
	[HG_RPID_RELATIONSHIP] = relationships,
	[HG_RPID_SERVICE_CLASS] = service_classes,
};

const char *const hg_rpid_element[HG_RPID_LISTS] = { [HG_RPID_ACTIVITIES] = "activities",
	[HG_RPID_MOOD] = "mood",
	[HG_RPID_PLACE_TYPE] = "place-type",
	[HG_RPID_PRIVACY] = "privacy",
	[HG_RPID_RELATIONSHIP] = "relationship",
	[HG_RPID_SERVICE_CLASS] = "service-class" };

const char *hg_rpid_name(enum hg_rpid_list list, unsigned value)
{
	for (unsigned i = 0; lists[list][i]; i++) {
		if (i == value)
			return lists[list][i];
	}
	return NULL;
}

static bool joint(char c)
{
	return c == '_' || c == '-';
}

static bool same(const char *name, struct hg_str s)
{
	if (strlen(name) != s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (name[i] != s.p[i] && !(joint(name[i]) && joint(s.p[i])))
			return false;
	}
	return true;
}

int hg_rpid_find(enum hg_rpid_list list, struct hg_str name)
{
	for (int i = 0; lists[list][i]; i++) {
		if (same(lists[list][i], name))
			return i;
	}
	return -1;
}

uint64_t hg_rpid_bit(enum hg_rpid_list list, const char *name)
{
	int value = hg_rpid_find(list, hg_str(name));

	return value < 0 ? 0 : UINT64_C(1) << value;
}

static const char *const place_is[HG_RPID_MEDIA][4] = {
	[HG_RPID_AUDIO] = { "noisy", "ok", "quiet", "unknown" },
	[HG_RPID_VIDEO] = { "toobright", "ok", "dark", "unknown" },
	[HG_RPID_TEXT] = { "uncomfortable", "inappropriate", "ok", "unknown" },
};

const char *hg_rpid_place_is_name(enum hg_rpid_medium medium, unsigned is)
{
	return is >= 1 && is <= 4 ? place_is[medium][is - 1] : NULL;
}

uint64_t hg_rpid_now(const struct hg_rpid *rpid, enum hg_rpid_list list, int64_t utc_ms)
{
	const struct hg_rpid_spans *spans = &rpid->list[list];
	uint64_t set = 0;

	for (size_t i = 0; i < spans->n; i++) {
		const struct hg_rpid_values *v = &spans->v[i];

		if ((!v->from || v->from <= utc_ms) && (!v->until || v->until > utc_ms))
			set |= v->set;
	}
	return set;
}

void hg_rpid_done(struct hg_rpid *rpid)
{
	for (int list = 0; list < HG_RPID_LISTS; list++) {
		struct hg_rpid_spans *spans = &rpid->list[list];

		for (size_t i = 0; i < spans->n; i++) {
			hg_bytes_unref(spans->v[i].other);
			hg_notes_done(&spans->v[i].notes);
		}
		free(spans->v);
	}
	hg_bytes_unref(rpid->class);
	hg_bytes_unref(rpid->device);
	hg_bytes_unref(rpid->sphere);
	hg_bytes_unref(rpid->status_icon);
	*rpid = (struct hg_rpid){ 0 };
}
