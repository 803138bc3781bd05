/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/plugin/registry.h"

extern const struct hg_adapter hg_sip_adapter, hg_xmpp_adapter;

const struct hg_adapter *const hg_adapters[] = { &hg_sip_adapter, &hg_xmpp_adapter };
const size_t hg_nadapters = sizeof(hg_adapters) / sizeof(hg_adapters[0]);

static bool seen_before(size_t adapter, size_t format)
{
	const struct hg_vocabulary *v = hg_adapters[adapter]->format[format].vocabulary;

	for (size_t a = 0; a <= adapter; a++)
		for (size_t f = 0; f < hg_adapters[a]->nformats && (a < adapter || f < format); f++)
			if (hg_adapters[a]->format[f].vocabulary == v)
				return true;
	return false;
}

void hg_each_vocabulary(void (*each)(void *arg, const struct hg_vocabulary *), void *arg)
{
	for (size_t a = 0; a < hg_nadapters; a++)
		for (size_t f = 0; f < hg_adapters[a]->nformats; f++)
			if (hg_adapters[a]->format[f].vocabulary && !seen_before(a, f))
				each(arg, hg_adapters[a]->format[f].vocabulary);
}
