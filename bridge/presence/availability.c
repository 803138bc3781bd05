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
