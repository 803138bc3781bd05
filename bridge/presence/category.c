/* SPDX-License-Identifier: Apache-2.0 */
/* Names of categories (EP 1.3). */

#include <heliograph/presence.h>

#include <errno.h>
#include <string.h>

static const char *const names[HG_CAT_CUSTOM] = {
	[HG_CAT_NONE] = "",
	[HG_CAT_STATE] = "state",
	[HG_CAT_NOTE] = "note",
	[HG_CAT_NOTE_HISTORY] = "noteHistory",
	[HG_CAT_CONTACT_CARD] = "contactCard",
	[HG_CAT_CALENDAR_DATA] = "calendarData",
	[HG_CAT_SERVICES] = "services",
	[HG_CAT_LEGACY_INTEROP] = "legacyInterop",
	[HG_CAT_DEVICE] = "device",
	[HG_CAT_DND_STATE] = "dndState",
	[HG_CAT_ROUTING] = "routing",
	[HG_CAT_RCC_OPTIONS] = "rccOptions",
	[HG_CAT_OTHER_OPTIONS] = "otherOptions",
	[HG_CAT_ALERTS] = "alerts",
	[HG_CAT_USER_INFORMATION] = "userInformation",
	[HG_CAT_USER_PROPERTIES] = "userProperties",
	[HG_CAT_WORKING_HOURS] = "workingHours",
	[HG_CAT_MWI] = "mwi",
};

/* Of those from HG_CAT_CUSTOM on. Like the standard ones they are the same for all, and stay. */
static char defined[HG_CATEGORIES_CUSTOM][HG_CATEGORY_NAME_MAX + 1];

const char *hg_category_name(hg_part category)
{
	if (category >= HG_CAT_COUNT)
		return "";
	return category < HG_CAT_CUSTOM ? names[category] : defined[category - HG_CAT_CUSTOM];
}

hg_part hg_category_find(struct hg_str name)
{
	for (hg_part i = HG_CAT_NONE + 1; name.n && i < HG_CAT_COUNT; i++)
		if (hg_str_is(name, hg_category_name(i)))
			return i;
	return HG_CAT_NONE;
}

bool hg_category_is_name(struct hg_str s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			  others[] = "0123456789._-";

	if (!s.n || s.n > HG_CATEGORY_NAME_MAX || !memchr(letters, s.p[0], sizeof(letters) - 1))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!memchr(letters, s.p[i], sizeof(letters) - 1) &&
			!memchr(others, s.p[i], sizeof(others) - 1))
			return false;
	return true;
}

int hg_category_define(struct hg_str name)
{
	if (!hg_category_is_name(name))
		return -EINVAL;
	if (hg_category_find(name))
		return -EEXIST;
	for (int i = 0; i < HG_CATEGORIES_CUSTOM; i++) {
		if (!defined[i][0]) {
			memcpy(defined[i], name.p, name.n);
			return 0;
		}
	}
	return -ENOSPC;
}

/* ---- how long a publication lasts ---- */

static const char *const expiries[] = {
	[HG_STATIC] = "static", [HG_ENDPOINT] = "endpoint", [HG_USER] = "user", [HG_TIME] = "time"
};

const char *hg_expiry_name(enum hg_expiry expiry)
{
	return expiries[expiry];
}

bool hg_expiry_find(struct hg_str name, enum hg_expiry *ret)
{
	for (int i = HG_STATIC; i <= HG_TIME; i++) {
		if (!hg_str_is(name, expiries[i]))
			continue;
		*ret = (enum hg_expiry)i;
		return true;
	}
	return false;
}
