/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/plugin/registry.h"

#include <stdlib.h>

extern const struct hg_adapter hg_sip_adapter, hg_xmpp_adapter;

static const struct hg_adapter *const built_in[] = { &hg_sip_adapter, &hg_xmpp_adapter };

void hg_registry_init(struct hg_registry *r)
{
	*r = (struct hg_registry){ 0 };
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		r->adapter[r->n++] = built_in[i];
}

void hg_registry_copy(struct hg_registry *r, const struct hg_registry *from)
{
	*r = *from;
	for (size_t i = 0; i < r->n; i++)
		r->file[i] = from->file[i] ? hg_str_dup(hg_str(from->file[i])) : NULL;
}

void hg_registry_done(struct hg_registry *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->file[i]);
	*r = (struct hg_registry){ 0 };
}

static bool seen_before(const struct hg_registry *r, size_t adapter, size_t format)
{
	const struct hg_vocabulary *v = r->adapter[adapter]->format[format].vocabulary;

	for (size_t a = 0; a <= adapter; a++)
		for (size_t f = 0; f < r->adapter[a]->nformats && (a < adapter || f < format); f++)
			if (r->adapter[a]->format[f].vocabulary == v)
				return true;
	return false;
}

void hg_each_vocabulary(const struct hg_registry *r,
	void (*each)(void *arg, const struct hg_adapter *, const struct hg_vocabulary *), void *arg)
{
	for (size_t a = 0; a < r->n; a++) {
		const struct hg_adapter *adapter = r->adapter[a];

		for (size_t f = 0; f < adapter->nformats; f++)
			if (adapter->format[f].vocabulary && !seen_before(r, a, f))
				each(arg, adapter, adapter->format[f].vocabulary);
	}
}
