/* SPDX-License-Identifier: Apache-2.0 */
/* What a restart need not lose: peers' dialogs, what they were told by PUBLISH, and what was published here. */
#include "plugins/sip/simple.h"

#include <stdio.h>

static const struct {
	const char *name;
	void (*restore)(struct hg_sip *, struct hg_str value, uint32_t seconds);
} kinds[HG_SIP_KEPT] = {
	[HG_SIP_KEPT_WATCHER] = { "watcher/", hg_sip_notifier_restore },
	[HG_SIP_KEPT_TOLD] = { "told/", hg_sip_publisher_restore },
	[HG_SIP_KEPT_ENTITY] = { "entity/", hg_sip_entity_restore },
};

void hg_sip_keep(struct hg_sip *sip, enum hg_sip_kept kind, const char *name, struct hg_str value,
	uint32_t seconds)
{
	struct hg_buf key = { 0 };
	if (sip->stopping)
		return; /* what ends with the process is what it is kept for */
	hg_buf_adds(&key, kinds[kind].name);
	hg_buf_adds(&key, name);
	sip->host->keep(sip->core, &hg_sip_adapter, hg_buf_str(&key), value,
		sip->host->now(sip->core).utc + seconds * INT64_C(1000));
	hg_buf_done(&key);
}

static void restore(void *arg, struct hg_str name, struct hg_str value, int64_t until)
{
	struct hg_sip *sip = arg;
	int64_t left = (until - sip->host->now(sip->core).utc) / 1000;
	for (size_t i = 0; i < HG_SIP_KEPT && left > 0; i++)
		if (hg_str_starts(name, hg_str(kinds[i].name)))
			kinds[i].restore(sip, value, (uint32_t)left);
}

void hg_sip_kept_read(struct hg_sip *sip)
{
	sip->host->kept(sip->core, &hg_sip_adapter, restore, sip);
}
