/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/domains.h"

#include <errno.h>
#include <stdlib.h>

#include "bridge/address/prep.h"
#include "bridge/base/intern.h"

/* The names of pair n have number n in either table. */
struct hg_domains {
	struct hg_intern *sip, *xmpp;
	struct hg_intern
		*literal; /* canonical names of those whose JIDs are escaped as RFC 7247 says */
};

struct hg_domains *hg_domains_new(void)
{
	struct hg_domains *d = hg_alloc(sizeof(*d));

	d->sip = hg_intern_new();
	d->xmpp = hg_intern_new();
	d->literal = hg_intern_new();
	return d;
}

void hg_domains_free(struct hg_domains *d)
{
	if (!d)
		return;
	hg_intern_free(d->sip);
	hg_intern_free(d->xmpp);
	hg_intern_free(d->literal);
	free(d);
}

int hg_domains_add(
	struct hg_domains *d, struct hg_str sip, struct hg_str xmpp, const char **ret_reason)
{
	char sip_name[HG_DOMAIN_MAX + 1], xmpp_name[HG_DOMAIN_MAX + 1];
	int rc = hg_domain_prep(sip, sip_name, ret_reason);

	if (rc == 0)
		rc = hg_domain_prep(xmpp, xmpp_name, ret_reason);
	if (rc < 0)
		return rc;
	if (hg_intern_find(d->sip, hg_str(sip_name)))
		return hg_refuse(ret_reason, -EEXIST, "the SIP name is already in another pair");
	if (hg_intern_find(d->xmpp, hg_str(xmpp_name)))
		return hg_refuse(ret_reason, -EEXIST, "the XMPP name is already in another pair");
	hg_intern(d->sip, hg_str(sip_name));
	hg_intern(d->xmpp, hg_str(xmpp_name));
	return 0;
}

/* `name` of the world `from` in the words of the world `to`; NULL if only `to` knows it. */
static const char *translate(
	const struct hg_intern *from, const struct hg_intern *to, struct hg_str name)
{
	uint32_t pair = hg_intern_find(from, name);

	if (pair)
		return hg_intern_text(to, pair).p;
	return hg_intern_find(to, name) ? NULL : name.p;
}

const char *hg_domains_from_xmpp(const struct hg_domains *d, struct hg_str name)
{
	return d ? translate(d->xmpp, d->sip, name) : name.p;
}

const char *hg_domains_from_sip(const struct hg_domains *d, struct hg_str name)
{
	/* the SIP name is the canonical one already */
	return d && !translate(d->sip, d->xmpp, name) ? NULL : name.p;
}

void hg_domains_set_literal(struct hg_domains *d, struct hg_str canonical)
{
	hg_intern(d->literal, canonical);
}

enum hg_escaping hg_domains_escaping(const struct hg_domains *d, struct hg_str canonical)
{
	return d && hg_intern_find(d->literal, canonical) ? HG_RFC7247 : HG_XEP0106;
}

const char *hg_domains_xmpp_name(const struct hg_domains *d, struct hg_str canonical)
{
	uint32_t pair = d ? hg_intern_find(d->sip, canonical) : 0;

	return pair ? hg_intern_text(d->xmpp, pair).p : canonical.p;
}
