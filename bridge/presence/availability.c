/* SPDX-License-Identifier: Apache-2.0 */
/* Bands of the availability number (EP 2.1). */

#include <heliograph/presence.h>

static const struct {
	uint32_t first, canonical;
	const char *name;
} bands[HG_BAND_COUNT] = {
	[HG_BAND_UNKNOWN] = { 0, 0, "unknown" },
	[HG_BAND_AVAILABLE] = { 3000, 3500, "available" },
	[HG_BAND_AVAILABLE_IDLE] = { 4500, 5000, "available-idle" },
	[HG_BAND_BUSY] = { 6000, 6500, "busy" },
	[HG_BAND_BUSY_IDLE] = { 7500, 7500, "busy-idle" },
	[HG_BAND_DND] = { 9000, 9500, "dnd" },
	[HG_BAND_BRB] = { 12000, 12500, "brb" },
	[HG_BAND_AWAY] = { 15000, 15500, "away" },
	[HG_BAND_OFFLINE] = { 18000, 18500, "offline" },
};

enum hg_band hg_band_of(uint32_t availability)
{
	enum hg_band b = HG_BAND_OFFLINE;

	while (availability < bands[b].first)
		b--;
	return b;
}

uint32_t hg_band_canonical(enum hg_band b)
{
	return bands[b].canonical;
}

const char *hg_band_name(enum hg_band b)
{
	return bands[b].name;
}

const char *hg_standing_name(enum hg_standing s)
{
	static const char *const names[] = { [HG_KNOWN] = "known",
		[HG_UNKNOWN] = "unknown",
		[HG_PENDING] = "pending",
		[HG_REFUSED] = "refused",
		[HG_NOBODY] = "nobody" };

	return names[s];
}

enum hg_band hg_band_find(struct hg_str name)
{
	int b = 0;

	while (b < HG_BAND_COUNT && !hg_str_is(name, bands[b].name))
		b++;
	return b;
}

/* EP 1.4.1. Away forms have no upper bound. */
static const struct {
	const char *token;
	uint32_t min, max;
} standard[] = {
	{ "on-the-phone", 6500, 8999 },
	{ "in-a-conference", 7000, 8999 },
	{ "in-a-meeting", 6500, 8999 },
	{ "urgent-interruptions-only", 6900, 8999 },
	{ "in-presentation", 9000, 11999 },
	{ "out-of-office", 12000, UINT32_MAX },
	{ "off-work", 15000, 17999 },
};

#define NSTANDARD (sizeof(standard) / sizeof(standard[0]))

void hg_token_bounds(struct hg_str token, uint32_t *ret_min, uint32_t *ret_max)
{
	*ret_min = 0;
	*ret_max = UINT32_MAX;
	for (size_t i = 0; i < NSTANDARD; i++) {
		if (!hg_str_ieq(token, hg_str(standard[i].token)))
			continue;
		*ret_min = standard[i].min;
		*ret_max = standard[i].max;
	}
}

const char *hg_token_standard(size_t index)
{
	return index < NSTANDARD ? standard[index].token : NULL;
}

bool hg_token_is_standard(const char *token)
{
	for (size_t i = 0; i < NSTANDARD; i++)
		if (hg_str_ieq(hg_str(token), hg_str(standard[i].token)))
			return true;
	return false;
}

static const char *const devices[] = { [HG_DEVICE_UNKNOWN] = "",
	[HG_DEVICE_COMPUTER] = "computer",
	[HG_DEVICE_DESKPHONE] = "deskphone",
	[HG_DEVICE_MOBILE] = "mobile",
	[HG_DEVICE_WEB] = "web",
	[HG_DEVICE_OTHER] = "other" };

const char *hg_device_kind_name(enum hg_device_kind kind)
{
	return devices[kind];
}

enum hg_device_kind hg_device_kind_of(struct hg_str name)
{
	enum hg_device_kind k = HG_DEVICE_COMPUTER;

	if (!name.n)
		return HG_DEVICE_UNKNOWN;
	while (k < HG_DEVICE_OTHER && !hg_str_ieq(name, hg_str(devices[k])))
		k++;
	return k;
}

enum hg_circle hg_circle_of(uint16_t container)
{
	switch (container) {
	case HG_C_EXTERNAL:
		return HG_CIRCLE_EXTERNAL;
	case HG_C_COLLEAGUES:
		return HG_CIRCLE_COLLEAGUES;
	case HG_C_WORKGROUP:
		return HG_CIRCLE_WORKGROUP;
	case HG_C_FRIENDS:
		return HG_CIRCLE_FRIENDS;
	case HG_C_BLOCKED:
		return HG_CIRCLE_BLOCKED;
	default:
		return HG_CIRCLE_CUSTOM;
	}
}
