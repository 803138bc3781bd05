/* SPDX-License-Identifier: Apache-2.0 */
/* JID -> address, RFC 7247 6.5: part it, enforce the profiles, undo XEP-0106. */
#include <errno.h>
#include <string.h>

#include "bridge/address/domains.h"
#include "bridge/address/escape.h"
#include "bridge/address/parse.h"

static int jid_domain(struct hg_str domain, const struct hg_domains *domains,
	struct hg_address *ret, const char **ret_reason)
{
	const char *canonical;
	int rc = hg_domain_prep(domain, ret->domain, ret_reason);

	if (rc < 0)
		return rc;
	canonical = hg_domains_from_xmpp(domains, hg_str(ret->domain));
	if (!canonical)
		return hg_refuse(ret_reason, -EINVAL, "domain has another name on XMPP");
	if (canonical != ret->domain)
		strcpy(ret->domain, canonical);
	return 0;
}

int hg_address_from_jid(struct hg_str jid, const struct hg_domains *domains, struct hg_address *ret,
	const char **ret_reason)
{
	struct hg_str bare, resource, local, domain;
	bool has_local;
	int rc;

	ret->local[0] = ret->resource[0] = '\0';
	ret->sips = false;
	/* the resource goes first, for it may hold an `@`: RFC 7622 3.1 */
	if (hg_cut(jid, '/', &bare, &resource)) {
		rc = hg_resource_prep(resource, ret->resource, ret_reason);
		if (rc < 0)
			return rc;
	}
	has_local = hg_cut(bare, '@', &local, &domain);
	/* the domain first: it says how localparts are escaped there */
	rc = jid_domain(has_local ? domain : bare, domains, ret, ret_reason);
	if (rc == 0 && has_local)
		rc = hg_local_prep(local, ret->local, ret_reason);
	if (rc < 0)
		return rc;
	hg_jid_unescape(ret->local, hg_domains_escaping(domains, hg_str(ret->domain)));
	return hg_address_check(ret, ret_reason);
}
