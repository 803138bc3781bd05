/* SPDX-License-Identifier: Apache-2.0 */
/* What both spellings have in common: the check that ends every parse, the writers, the key. */
#include "bridge/address/address.h"

#include <errno.h>
#include <string.h>

#include "bridge/address/domains.h"
#include "bridge/address/escape.h"
#include "bridge/address/parse.h"

/* RFC 3261 25.1: mark and user-unreserved */
const char hg_sip_user_chars[] = "-_.!~*'()&=+$,;?/";

/* RFC 3261 25.1: mark and param-unreserved, but for the brackets, which some parsers take for
 * a host's */
static const char sip_param_chars[] = "-_.!~*'()/:&+$";

int hg_address_check(struct hg_address *a, const char **ret_reason)
{
	struct hg_str local = hg_str(a->local);
	size_t size = strlen("sips:@;gr=") + strlen(a->domain);

	/* XEP-0106: `\20` neither first nor last. Refused from either side, else it would
	 * not lead back. */
	if (local.n && (local.p[0] == ' ' || local.p[local.n - 1] == ' '))
		return hg_refuse(ret_reason, -EINVAL, "user part begins or ends with a blank");
	size += hg_percent_encoded_size(local, hg_sip_user_chars);
	size += hg_percent_encoded_size(hg_str(a->resource), sip_param_chars);
	if (size > HG_SIP_URI_MAX)
		return hg_refuse(ret_reason, -E2BIG, "address is too long");
	return 0;
}

int hg_address_from_key(struct hg_str key, struct hg_address *ret)
{
	const char *at = key.n ? memrchr(key.p, '@', key.n) : NULL;
	size_t local = at ? (size_t)(at - key.p) : 0;
	size_t domain = at ? key.n - local - 1 : key.n;

	if (!domain || (at && !local))
		return -EINVAL;
	if (local > HG_PART_MAX || domain > HG_DOMAIN_MAX)
		return -E2BIG;
	memcpy(ret->local, key.p, local);
	ret->local[local] = '\0';
	memcpy(ret->domain, key.p + key.n - domain, domain);
	ret->domain[domain] = '\0';
	ret->resource[0] = '\0';
	ret->sips = false;
	return 0;
}

void hg_address_write_jid(const struct hg_address *a, const struct hg_domains *domains,
	enum hg_address_form form, struct hg_buf *ret)
{
	enum hg_escaping how = hg_domains_escaping(domains, hg_str(a->domain));
	char escaped[3 * HG_PART_MAX + 1];

	if (a->local[0]) {
		size_t n = hg_jid_escape(hg_str(a->local), how, escaped);

		hg_buf_add(ret, (struct hg_str){ escaped, n });
		hg_buf_addc(ret, '@');
	}
	hg_domain_write_unicode(hg_domains_xmpp_name(domains, hg_str(a->domain)), ret);
	if (form == HG_FULL && a->resource[0]) {
		hg_buf_addc(ret, '/');
		hg_buf_adds(ret, a->resource);
	}
}

void hg_address_write_sip(const struct hg_address *a, enum hg_address_form form, struct hg_buf *ret)
{
	hg_buf_adds(ret, a->sips ? "sips:" : "sip:");
	if (a->local[0]) {
		hg_percent_encode(hg_str(a->local), hg_sip_user_chars, ret);
		hg_buf_addc(ret, '@');
	}
	hg_buf_adds(ret, a->domain);
	if (form == HG_FULL && a->resource[0]) {
		hg_buf_adds(ret, ";gr=");
		hg_percent_encode(hg_str(a->resource), sip_param_chars, ret);
	}
}

struct hg_str hg_address_key(const struct hg_address *a, char ret[HG_ADDRESS_KEY_MAX + 1])
{
	char *end = ret;

	if (a->local[0]) {
		end = stpcpy(end, a->local);
		*end++ = '@';
	}
	end = stpcpy(end, a->domain);
	return (struct hg_str){ ret, (size_t)(end - ret) };
}

bool hg_address_eq(const struct hg_address *a, const struct hg_address *b)
{
	return strcmp(a->local, b->local) == 0 && strcmp(a->domain, b->domain) == 0;
}
