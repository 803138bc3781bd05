/* SPDX-License-Identifier: Apache-2.0 */
/* Names of categories (EP 1.3). */

#include <heliograph/presence.h>

static const char *const names[HG_CAT_COUNT] = {
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

hg_part hg_category_find(struct hg_str name)
{
	for (hg_part i = HG_CAT_NONE + 1; i < HG_CAT_COUNT; i++)
		if (hg_str_is(name, names[i]))
			return i;
	return HG_CAT_NONE;
}

const char *hg_category_name(hg_part category)
{
	return category < HG_CAT_COUNT ? names[category] : "";
}
