/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/ids.h"

#include <assert.h>
#include <string.h>

hg_addr hg_addr_of(struct hg_intern *ids, const struct hg_address *a)
{
	char key[HG_ADDRESS_KEY_MAX + 1];

	return hg_intern(ids, hg_address_key(a, key));
}

hg_addr hg_addr_find(const struct hg_intern *ids, const struct hg_address *a)
{
	char key[HG_ADDRESS_KEY_MAX + 1];

	return hg_intern_find(ids, hg_address_key(a, key));
}

void hg_addr_address(const struct hg_intern *ids, hg_addr id, struct hg_address *ret)
{
	int rc = hg_address_from_key(hg_intern_text(ids, id), ret);

	/* only keys are interned here, and every key reads */
	assert(rc == 0);
	(void)rc;
}

hg_addr hg_addr_domain(struct hg_intern *ids, hg_addr id)
{
	struct hg_str key = hg_intern_text(ids, id);
	const char *at = key.n ? memrchr(key.p, '@', key.n) : NULL;

	if (!at)
		return id;
	return hg_intern(ids, (struct hg_str){ at + 1, key.n - (size_t)(at + 1 - key.p) });
}
